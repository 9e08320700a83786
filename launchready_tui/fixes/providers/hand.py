"""Records that a person changes at their provider: we read what the zone's own servers answer, and never write."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from launchready_tui.domain import registrable
from launchready_tui.fixes.legal import conflicts_at, prepared
from launchready_tui.fixes.model import FixProblem, Kind, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.model import RecordSet
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, is_fact, values
from launchready_tui.sources.gate import Gate
from launchready_tui.zone import enclosing

_BESIDE = ("A", "AAAA", "CNAME", "MX", "TXT", "CAA", "SRV", "NS", "DS", "HTTPS")  # asked for at a name that changes


class HandPlace:
    """`host` is where the records are kept, in words: "Namecheap", "your DNS host"."""

    kind: Kind = "records"

    def __init__(self, project: Project, host: str) -> None:
        self._project, self.host = project, host
        self._seen: dict[tuple[str, str], State] = {}

    @property
    def name(self) -> str:
        return f"{self.host}, by hand"

    @property
    def zone(self) -> str:
        return registrable(self._project.domain)

    @property
    def atomic(self) -> bool:
        return False

    def fresh(self) -> None:
        self._seen = {}

    async def read(self, name: str, type: str) -> State:
        """What all of the zone's servers that answer agree on. Raises FixProblem where none answers, or they differ."""
        if (name, type) not in self._seen:
            self._seen[name, type] = await self._read(name, type)
        return self._seen[name, type]

    async def _read(self, name: str, type: str) -> State:
        dns = Dns(self._project, Gate(self._project))
        try:
            zone = await enclosing(dns, self._project.domain)
            if type == "NS" and name != zone.zone:
                told: list[Answer] = [(await dns.delegation(name)).parent]
            else:
                at = [address for server in zone.servers for address in server.addresses]
                told = list(await asyncio.gather(*(dns.ask_at(address, name, type) for address in at)))
        finally:
            await dns.aclose()
        states = [_state(answer, type) for answer in told if is_fact(answer)]
        if not states:
            raise FixProblem(f"None of your name servers told us what {type} {name} is now. Look again in a moment.")
        if any(not state.same(states[0]) for state in states):
            turning = ", or its addresses turn, as those of a content network do" if type in ("A", "AAAA") else ""
            raise FixProblem(
                f"Your name servers do not agree about {type} {name}: a change is still on its way{turning}. Look "
                "again in a few minutes, or make the change in your panel as the row says."
            )
        return states[0]

    async def count(self) -> int | None:
        return None

    async def complete(self, step: Step) -> Step:
        return prepared(step, self.zone)

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        if not step.after.values:
            return ()
        types = [type for type in _BESIDE if type != step.type]
        states = await asyncio.gather(*(self.read(step.name, type) for type in types))
        others = {type: state for type, state in zip(types, states, strict=True) if state.values}
        return conflicts_at(step, others, self.zone)

    async def reach(self) -> Reach:
        return Reach(True, False, f"Changes at {self.host} are made by a person.")

    async def records(self) -> tuple[RecordSet, ...] | None:
        return None

    async def write(self, steps: Sequence[Step]) -> None:
        raise FixProblem(f"This is changed by hand at {self.host}: nothing was written.")


def _state(answer: Answer, type: str) -> State:
    """A record behind an alias is the alias's, not this name's."""
    if not isinstance(answer, Fact):
        return State()
    if answer.aliases:
        own = State((f"{answer.aliases[0]}.",), getattr(answer, "ttl", None))
        return own if type == "CNAME" else State()
    return State(values(answer), answer.ttl) if isinstance(answer, Found) else State()
