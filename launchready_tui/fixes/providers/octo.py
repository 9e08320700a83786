"""A place that is written through octoDNS: the whole zone is read, only the sets agreed to are changed.

octoDNS and requests block, so each reading and writing runs on a thread of ours that can be given up on (never
`asyncio.to_thread`: exit would wait for it), and ends by its own deadline before we stop waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from launchready_tui import limits
from launchready_tui.fixes.legal import conflicts_at, prepared, refuse_for_octodns
from launchready_tui.fixes.model import FixProblem, Kind, Moved, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.records import name_text
from launchready_tui.model import RecordSet
from launchready_tui.text import listed
from launchready_tui.vault.aside import Aside, Slow

T = TypeVar("T")
Key = tuple[str, str]  # name, type
_SLACK = 2.0  # seconds that the thread has to hand back what it found after its own deadline; ours


@dataclass(frozen=True, slots=True)
class Seen:
    """A zone as it was read: octoDNS' own form, and ours."""

    zone: Any
    states: dict[Key, State]


class OctoPlace:
    """`who` is the provider's name, as in "At DigitalOcean, zone good.example". `make` builds octoDNS' provider over a
    session; the secret is inside it and nowhere else. `least` is the shortest TTL that this provider takes.

    `told` hears a sentence when the provider makes us wait.
    """

    exact = False  # True where a TXT with any text comes out as it went in
    alias_at_top = False  # True where a CNAME may stand at the top of the zone

    def __init__(self, who: str, zone: str, make: Callable[[Any], Any], *, least: int = 1, **session: str) -> None:
        self._who, self._zone, self._make, self._least, self._session_of = who, zone, make, least, session
        self._seen: Seen | None = None
        self._wrote: Sequence[Step] = ()  # what the next reading should show
        self._aside = Aside()
        self.told: Callable[[str], None] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._who}, {self._zone})"

    @property
    def name(self) -> str:
        return f"{self._who}, zone {self._zone}"

    @property
    def kind(self) -> Kind:
        return "records"

    @property
    def zone(self) -> str:
        return self._zone

    @property
    def atomic(self) -> bool:
        """octoDNS sends most providers one request a record."""
        return False

    def fresh(self) -> None:
        """Forget what was read: the next reading asks the provider again."""
        self._seen = None

    async def read(self, name: str, type: str) -> State:
        return (await self._now()).states.get((name_text(name), type), State())

    async def count(self) -> int | None:
        return sum(len(state.values) for state in (await self._now()).states.values())

    async def records(self) -> tuple[RecordSet, ...] | None:
        try:
            seen = await self._now()
        except FixProblem:
            return None
        return tuple(RecordSet(name, type, state.values, state.ttl) for (name, type), state in seen.states.items())

    async def reach(self) -> Reach:
        """Reading shows that the token is known; whether it may write, nobody tells beforehand."""
        self.fresh()
        try:
            await self._now(limits.REACH_SECONDS)
        except FixProblem as problem:
            return Reach(False if "refused" in problem.sentence else None, None, problem.sentence)
        return Reach(
            True, None, f"{self._who} shows us {self._zone}. Whether we may change it shows at the first change."
        )

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        return conflicts_at(step, self._clashing(step, await self._now()), self._zone)

    def _clashing(self, step: Step, seen: Seen) -> dict[str, State]:
        """The sets at a step's name that may be in its way, by type."""
        return {type: state for (name, type), state in seen.states.items() if name == step.name}

    async def complete(self, step: Step) -> Step:
        """The values in the form that reading gives back, the TTL that is taken; refused what could not be written, or
        taken back, as shown. octoDNS is asked for its plan of both, which costs no request."""
        seen = await self._now()
        step = self._carried(prepared(step, self._zone, alias_at_top=self.alias_at_top))
        if step.made(step.before):
            return step
        if not self.exact:
            refuse_for_octodns(step, self._zone)
            self._refuse_alias(step, seen)
        self._rehearse(seen, step)
        return step

    def _carried(self, step: Step) -> Step:
        """`step` with what this place keeps beside the values, and the TTL that it takes."""
        if not step.after.values:
            return replace(step, after=State())
        ttl = step.after.ttl if step.after.ttl is not None else step.before.ttl or limits.DNS_TTL
        return replace(step, after=replace(step.after, ttl=max(ttl, self._least), beside=()))

    def _refuse_alias(self, step: Step, seen: Seen) -> None:
        """An alias of a host's own making (ALIAS, Amazon's) holds the place of addresses, and cannot be put back."""
        own = [type for (name, type) in seen.states if name == step.name and type.split("/")[-1] == "ALIAS"]
        if own and step.type in ("A", "AAAA", "CNAME"):
            raise FixProblem(
                f"{self._who} keeps an alias of its own kind at {step.name}, which we could not put back. Take it away "
                "in their panel first."
            )

    def _rehearse(self, seen: Seen, step: Step) -> None:
        """Let octoDNS plan the step and its undoing, on what was read."""
        from launchready_tui.fixes.providers.octo_records import agreed, desired, planned, quiet

        provider = self._make(self._calm())
        quiet()
        if step.type not in provider.SUPPORTS:
            raise FixProblem(f"octoDNS, which writes at {self._who} for us, does not write {step.type} records.")
        after = desired(seen.zone, [step], exact=self.exact)
        self._prepare(provider, [step])
        agreed(planned(provider, seen.zone, after), [step], self._who)
        self._prepare(provider, [step.turned()])
        agreed(planned(provider, after, desired(after, [step.turned()], exact=self.exact)), [step], self._who)

    async def write(self, steps: Sequence[Step]) -> None:
        self.fresh()

        used: list[Any] = []

        def work(session: Any) -> None:
            used.append(session)
            self._change(session, steps)

        try:
            await self._run(work)
        finally:
            sent = [one for session in used for one in session.sent]
            if any(one.writes and one.reached and not 400 <= (one.status or 0) < 500 for one in sent):
                self._wrote = steps

    def _change(self, session: Any, steps: Sequence[Step]) -> None:
        """Compare, plan, apply, on our thread."""
        from launchready_tui.fixes.providers.octo_records import agreed, desired, planned, quiet

        provider = self._make(session)
        quiet()
        seen = self._look(provider)
        self._compare(seen, steps)
        self._prepare(provider, steps)
        plan = planned(provider, seen.zone, desired(seen.zone, steps, exact=self.exact))
        agreed(plan, steps, self._who)
        provider.apply(plan)

    @staticmethod
    def _compare(seen: Seen, steps: Sequence[Step]) -> None:
        for step, live in _pairs(steps, seen):
            if not live.same(step.before):
                said = listed(list(live.values)) or "not there"
                raise Moved(f"{step.label} was changed since the plan was made: it is now {said}. Nothing was changed.")

    def _prepare(self, provider: Any, steps: Sequence[Step]) -> None:
        """Hand a provider's part what octoDNS' own records cannot carry."""

    def _look(self, provider: Any) -> Seen:
        from launchready_tui.fixes.providers.octo_records import empty

        zone = empty(self._zone)
        if provider.populate(zone, lenient=True) is False:
            raise FixProblem(f"{self._who} keeps no zone {self._zone} for this token. Nothing was changed.")
        return Seen(zone, self._states(provider, zone))

    def _states(self, provider: Any, zone: Any) -> dict[Key, State]:
        from launchready_tui.fixes.providers.octo_records import name_of, state_of

        return {(name_of(record), record._type): state_of(record) for record in zone.records}

    async def _now(self, seconds: float = limits.PROVIDER_SECONDS) -> Seen:
        """The zone, asked for once until `fresh`."""
        if self._seen is None:
            self._seen = await self._run(self._first_look, seconds)
        return self._seen

    def _first_look(self, session: Any) -> Seen:
        """The zone. Lists run behind for a moment: one that shows all as before our writing is asked for again."""
        from launchready_tui.fixes.providers.octo_records import quiet

        wrote, self._wrote = self._wrote, ()
        patience = limits.PROVIDER_STALE_SECONDS
        pause = limits.PROVIDER_PAUSE_SECONDS
        while True:
            provider = self._make(session)
            quiet()
            seen = self._look(provider)
            behind = any(not step.made(live) and live.same(step.before) for step, live in _pairs(wrote, seen))
            if not behind or patience <= 0 or not session.pause_for(pause):
                return seen
            patience -= pause
            pause = min(pause * 2, 0.9)  # a longer one is told as the provider's wish

    def _calm(self, tell: Callable[[str], None] | None = None) -> Any:
        from launchready_tui.fixes.providers.calm import CalmSession

        return CalmSession(tell=tell, **self._session_of)

    async def _run(self, work: Callable[[Any], T], seconds: float = limits.PROVIDER_SECONDS) -> T:
        """`work` over a new session, on our thread. Raises FixProblem with a sentence for whatever goes wrong."""
        loop = asyncio.get_running_loop()

        def tell(said: str) -> None:
            loop.call_soon_threadsafe(self._say, said)

        session = self._calm(tell)

        def call() -> T:
            session.until(seconds)
            try:
                return work(session)
            except FixProblem:
                raise
            except Exception:  # noqa: BLE001  what a provider's library raises may hold the request: not even its cause
                raise FixProblem(self._sentence(session)) from None
            finally:
                session.close()

        try:
            return await self._aside.run(call, seconds + _SLACK)
        except Slow:
            raise FixProblem(self._sentence(session)) from None
        finally:
            session.stopped.set()  # no further request goes out where we were told to stop

    def _say(self, said: str) -> None:
        if self.told is not None:
            self.told(said)

    def _sentence(self, session: Any) -> str:
        """What went wrong, from what was sent and what came back: never from the text of an exception."""
        sent = list(session.sent)
        last = sent[-1] if sent else None
        return f"{self._what(last)} {_written(sent)}"

    def _what(self, last: Any) -> str:
        if last is not None and not last.reached:
            return f"We could not reach {self._who} from here: no connection came about. Is this machine online?"
        if last is None or last.status is None:
            return f"{self._who} gave no answer that we can use within {limits.PROVIDER_SECONDS:.0f} seconds."
        if last.status == 401:
            return f"{self._who} refused our token: it is unknown, expired or taken back."
        if last.status == 403:
            return f"{self._who} refused: our token may not do this."
        if last.status == 404:
            return f"{self._who} keeps no zone {self._zone} for this token."
        if last.status == 429:
            wait = f" for {last.retry_after:.0f} seconds" if last.retry_after else ""
            return f"{self._who} asks us to wait{wait}, which is longer than we do. Try again then."
        if last.status >= 500:
            return f"{self._who} has trouble of its own (status {last.status})."
        if last.status >= 400:
            words = f": {last.reason.rstrip('.')}" if last.reason else f" (status {last.status})"
            return f"{self._who} refused the request{words}."
        return f"{self._who} gave an answer that we cannot read."


def _pairs(steps: Sequence[Step], seen: Seen) -> list[tuple[Step, State]]:
    return [(step, seen.states.get((step.name, step.type), State())) for step in steps]


def _written(sent: Sequence[Any]) -> str:
    """Whether something may have been written, from the requests that went out."""
    writes = [one for one in sent if one.writes and one.reached]
    if all(one.status is not None and 400 <= one.status < 500 for one in writes):
        return "Nothing was changed."
    if writes[-1].status is None or writes[-1].status >= 500:
        return "The change may have been made all the same."
    return "A part of the change may have been made."
