"""What went wrong, in one sentence: what carries it, and how every command says it on stderr."""

from __future__ import annotations

import sys

from launchready_tui.text import clean


class Problem(Exception):
    """What a person must know. `sentence` says what it is and what to do, and holds no secret."""

    def __init__(self, sentence: str) -> None:
        self.sentence = clean(sentence, limit=2_000)  # it may name what a server or a file said
        super().__init__(self.sentence)


def say_problem(sentence: str) -> None:
    """Cleaned, since it may name what was typed or what a server said."""
    print(clean(sentence, limit=2_000), file=sys.stderr)
