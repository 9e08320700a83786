"""A .env text read as python-dotenv reads it: export, quotes, escapes, several lines, comments, any line ends, a BOM.

Interpolation (`${OTHER}`) is left as text. A name without "=" is no variable.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

MOST = 1_000_000  # characters read of one text; a real one has a few thousand
_BLANKS = re.compile(r"[^\S\r\n]{1000,}+")  # as many in a row would make the parser slow, and say nothing


def bindings(text: str) -> Iterator[tuple[str, str, int]]:
    """(name, value, line) of each variable, in order; lines that are no variable are left out."""
    from dotenv.parser import parse_stream

    text = _BLANKS.sub(" ", text[:MOST].removeprefix("\ufeff"))
    for binding in parse_stream(io.StringIO(text, newline=None)):
        if binding.key and binding.value is not None and not binding.error:
            ahead = len(binding.original.string) - len(binding.original.string.lstrip())
            yield binding.key, binding.value, binding.original.line + binding.original.string.count("\n", 0, ahead)


def read(text: str) -> dict[str, str]:
    """Name -> value; of a name that stands there twice the last counts."""
    return {name: value for name, value, _ in bindings(text)}
