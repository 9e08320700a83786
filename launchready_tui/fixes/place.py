"""A place that can be changed: read one thing, write some things by compare-and-set. One protocol for all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from launchready_tui.fixes.model import Kind, State, Step


class Place(Protocol):
    """`name` stands in "At …": "the name server 127.0.0.1, zone good.example"."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def zone(self) -> str:
        """The zone of records, without the trailing dot: what is typed before much of it goes. "" for other kinds."""
        ...

    async def read(self, name: str, type: str) -> State:
        """What is there now. Raises FixProblem where the place cannot be read."""
        ...

    async def count(self) -> int | None:
        """How many things of this kind the place holds, None where it cannot tell."""
        ...

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        """Further steps without which `step` cannot be (other records beside a new CNAME).

        Raises FixProblem where `step` could not be written, or taken back, exactly as shown.
        """
        ...

    async def write(self, steps: Sequence[Step]) -> None:
        """Bring every step from `before` to `after`, or change nothing.

        Raises Moved where the live state is not `before`, FixProblem for anything else, and then says in its sentence
        whether something may have been written.
        """
        ...
