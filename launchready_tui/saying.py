"""One sentence on stderr: how every command says what went wrong."""

from __future__ import annotations

import sys

from launchready_tui.text import clean


def say_problem(sentence: str) -> None:
    """Cleaned, since it may name what was typed or what a server said."""
    print(clean(sentence, limit=2_000), file=sys.stderr)
