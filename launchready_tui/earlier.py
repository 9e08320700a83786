"""What the checks found at the look before this one: how a check knows since when it sees what it sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Earlier:
    """The facts of the last finding of each check, by check id."""

    needs = "an earlier look"

    def __init__(self, facts: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        self._facts = {id: dict(pairs) for id, pairs in facts.items()}

    def fact(self, check: str, name: str) -> str:
        """What a check last said under a name, "" where it never did."""
        return self._facts.get(check, {}).get(name, "")
