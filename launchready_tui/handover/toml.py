"""The handover as TOML: stable order, a comment above each section, no nulls, and nothing in it that a terminal obeys.

Every value round-trips exactly. What could act on a terminal that prints the file (C1 controls, bidi overrides, hidden
characters) is written as \\uXXXX: such characters can only stand inside quoted strings, where TOML reads them back.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import tomli_w

from launchready_tui.handover.document import SECTIONS, Handover
from launchready_tui.text import clean

SCHEMA_FILE = "handover.schema.json"
_SCHEMA = Path(__file__).with_name("schema.json")
_QUIET = {"Cc", "Cf", "Cn", "Co", "Zl", "Zp"}


def without_nulls(value: object) -> object:
    """The value without what is None, in tables and in lists. A lone surrogate, which no file can hold, is U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, Mapping):
        return {str(without_nulls(str(key))): without_nulls(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [without_nulls(each) for each in value if each is not None]
    return value


def _quiet(text: str) -> str:
    """TOML text with every tab, control, bidi and hidden character escaped. Line ends and what tomli_w escaped stay."""
    text = text.replace("\t", "\\t")
    if text.isascii():
        return text
    out = []
    for char in text:
        code = ord(char)
        loud = code > 0x7E and (unicodedata.category(char) in _QUIET or clean(char) != char)
        out.append(char if not loud else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")
    return "".join(out)


def dump(table: Mapping[str, object]) -> str:
    """One table as TOML. Values are str, int, float, bool, list and dict; nulls are dropped."""
    plain = without_nulls(table)
    assert isinstance(plain, dict)
    return _quiet(tomli_w.dumps(plain))


def _tables(path: str, header: str, table: Mapping[str, object]) -> Iterator[str]:
    """A table and what is in it, each list of tables as [[tables]]: tomli_w would write short ones in one line, and the
    layout of the file would then depend on how long a name is."""
    flat = {key: each for key, each in table.items() if not _nested(each)}
    yield f"{header}\n{dump(flat)}"
    for key, each in table.items():
        if each and _nested(each):
            yield from _section(f"{path}.{key}", each)


def _nested(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _section(path: str, value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _tables(path, f"[{path}]", value)
    elif isinstance(value, list):
        for each in value:
            yield from _tables(path, f"[[{path}]]", each)


def to_toml(handover: Handover) -> str:
    """The whole file."""
    plain = without_nulls(msgspec.to_builtins(handover))
    assert isinstance(plain, dict)
    parts = [
        f"#:schema ./{SCHEMA_FILE}",
        f"# Handover of {clean(handover.product.domain)}, written by launchready. The end says how to check it.",
        "",
        dump({"schema_version": plain["schema_version"]}).rstrip(),
    ]
    # An empty list is a plain value, and TOML wants those before the first table.
    for section, comment in SECTIONS.items():
        if not _nested(plain[section]):
            parts += ["", f"# {comment}", dump({section: plain[section]}).rstrip()]
    for section, comment in SECTIONS.items():
        if _nested(plain[section]):
            parts += ["", f"# {comment}", "\n".join(_section(section, plain[section])).rstrip()]
    return "\n".join(parts) + "\n"


def from_toml(text: str) -> Handover:
    """Read a handover back. Raises ValueError with a sentence for what is not one."""
    from launchready_tui.disk import parse_toml

    try:
        return msgspec.convert(parse_toml(text.encode()), Handover)
    except msgspec.ValidationError as error:
        raise ValueError(f"It is not a handover: {clean(str(error))}.") from error


def schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of the file, made from the types."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "launchready handover",
        **msgspec.json.schema(Handover),
    }


def schema_text() -> str:
    """`schema.json` as it is published and laid beside an export; a test holds it against the types."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def published_schema() -> bytes:
    """The published file, as installed."""
    return _SCHEMA.read_bytes()
