"""A place that can be changed: read one thing, write some things by compare-and-set. One protocol for all kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from launchready_tui.fixes.model import Kind, State, Step
from launchready_tui.model import RecordSet


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

    async def complete(self, step: Step) -> Step:
        """`step`, read, as this place would keep it: a TTL rounded, what is kept beside the values carried over.

        Raises FixProblem where `step` could not be written, or taken back, exactly as shown.
        """
        ...

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        """Further steps without which `step` cannot be (other records beside a new CNAME)."""
        ...

    @property
    def atomic(self) -> bool:
        """True where `write` does all its steps or none. Else it is handed one step at a time, in order."""
        ...

    async def write(self, steps: Sequence[Step]) -> None:
        """Bring every step from `before` to `after`; where `atomic`, all of them or none.

        Raises Moved where the live state is not `before`, FixProblem for anything else, and then says in its sentence
        whether something may have been written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """What a token may do, as far as could be seen. None is "could not tell".

    `missing` names what to tick where the token is made ("Zone, DNS, Edit for good.example"); `say` is one sentence.
    """

    read: bool | None
    write: bool | None
    say: str
    missing: tuple[str, ...] = ()


@runtime_checkable
class DnsPlace(Place, Protocol):
    """A place that keeps the records of a zone."""

    async def reach(self) -> Reach:
        """Find out what our token may do, without changing anything. Raises nothing."""
        ...

    async def records(self) -> tuple[RecordSet, ...] | None:
        """Every record set of the zone but its SOA, None where the place cannot list them."""
        ...
