"""The cycle of a change: plan, yes, journal, apply, read back, undo. Watching stands in watch.py.

The journal line with the old state is on disk before the first write. A crash, or a place that falls silent after the
write, leaves a change INTENDED or UNDOING; settle() reads the live state later and says what became of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.aftermath import aftermath, made_of, read_back
from launchready_tui.fixes.legal import refuse_together
from launchready_tui.fixes.model import (
    Change,
    ChangeState,
    FixProblem,
    Kind,
    Moved,
    Plan,
    Progress,
    State,
    Step,
)
from launchready_tui.fixes.place import Place
from launchready_tui.fixes.planning import explained, guard, merged, settled, wanted
from launchready_tui.fixes.writing import written
from launchready_tui.model import Fix
from launchready_tui.text import clean, listed, plural

_CUT_OFF = (ChangeState.INTENDED, ChangeState.UNDOING)


class Book(Protocol):
    """Where changes are written down: every call is on disk before it returns."""

    def write(self, kind: str, data: Mapping[str, object]) -> None: ...


class Cycle:
    """All changes of one project. `places` finds the place for a kind of step, None where none is connected."""

    def __init__(
        self,
        places: Callable[[Kind, str], Place | None],
        book: Book,
        now: Callable[[], dt.datetime],
        changes: Mapping[int, Change],
    ) -> None:
        self._places, self._book, self._now = places, book, now
        self._changes = dict(changes)
        self._lock = asyncio.Lock()  # one change after the other: they share numbers and places

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(self._changes[number] for number in sorted(self._changes))

    def change(self, number: int) -> Change:
        """Raises FixProblem for a number that was never given."""
        if number not in self._changes:
            raise FixProblem(f"There is no change number {number}. `launchready changes` lists them.")
        return self._changes[number]

    def can(self, fix: Fix | None) -> bool:
        if fix is None:
            return False
        steps = wanted(fix)
        return bool(steps) and all(self._places(step.kind, step.name) is not None for step in steps)

    def _place(self, step: Step) -> Place:
        return _at(self._places, step)

    async def plan(
        self, check: str, title: str, fix: Fix, *, places: Callable[[Kind, str], Place | None] | None = None
    ) -> Plan:
        """Read what is there and lay it beside what should be. Raises FixProblem where that cannot be done."""
        steps: list[Step] = []
        notes: list[str] = []
        wants = wanted(fix)
        if not wants:
            raise FixProblem("This is for a person to do: there is nothing that we could write for you.")
        asked = {(want.name.rstrip(".").lower(), want.type) for want in wants}
        find = places or self._places
        self._forget(wants, find)
        for want in wants:
            place = _at(find, want)
            step = replace(want, before=await place.read(want.name, want.type))
            step, kept = merged(step)
            step = await place.complete(step)
            if settled(step):
                continue
            clashes = [each for each in await place.conflicts(step) if (each.name, each.type) not in asked]
            notes += [*kept, *explained(clashes)]
            steps += [clash for clash in clashes if clash not in steps]
            steps.append(step)
        if len({_at(find, step).name for step in steps}) > 1:
            raise FixProblem("This would change two places at once. Make the changes by hand, one after the other.")
        if not steps:
            raise FixProblem("Everything is already as it should be at the place where it is kept. Look again.")
        refuse_together(steps)
        place = _at(find, steps[0])
        total = await place.count()
        untouched, danger = _untouched(steps, total), guard(steps, total, place.zone)
        plan = Plan(check, title, place.name, tuple(steps), untouched, tuple(notes), danger)
        return replace(plan, resumes=self._rest_of(plan))

    def _rest_of(self, plan: Plan) -> int | None:
        """The number of the change, made in part, that these steps are the rest of."""
        for change in reversed(self.changes):
            if change.check == plan.check and change.partial and change.place == plan.place:
                rest = {(s.name, s.type): s.after for at, s in enumerate(change.steps) if at not in change.done}
                mine = {(s.name, s.type): s.after for s in plan.steps}
                return change.number if mine == rest else None
        return None

    async def apply(self, plan: Plan, who: str) -> AsyncGenerator[Progress, None]:
        """Do what the plan showed. The last Progress carries the Change, whatever became of it."""
        async with self._lock:
            self._forget(plan.steps)
            for step in plan.steps:
                place = self._place(step)
                if place.name != plan.place:
                    raise Moved(
                        f"The plan was for {plan.place}, and this is kept at {place.name} now. Nothing was changed."
                    )
                live = await place.read(step.name, step.type)
                if not live.same(step.before) or (step.before.values and live.ttl != step.before.ttl):
                    raise Moved(
                        f"{step.label} is no longer what the plan showed: it is now {_said(live)}. Nothing was changed."
                    )
            change, indexes = self._begun(plan, who)
            self._keep(change, "change-intended")
            yield Progress(f"Change {change.number} is written down, with the old state, before anything is touched")
            steps = [change.steps[at] for at in indexes]
            async for progress in self._write(change, indexes, steps, ChangeState.APPLIED):
                yield progress

    def _begun(self, plan: Plan, who: str) -> tuple[Change, list[int]]:
        """The change that a plan begins, or goes on with, and the indexes of its steps in it."""
        if plan.resumes is not None and self.change(plan.resumes).partial:
            change = replace(self.change(plan.resumes), state=ChangeState.INTENDED, say=f"{who} goes on with it")
            return change, [at for at in range(len(change.steps)) if at not in change.done]
        number = max(self._changes, default=0) + 1
        change = Change(number, self._now(), who, plan.check, plan.title, plan.place, plan.steps)
        return change, list(range(len(plan.steps)))

    async def _write(
        self, change: Change, indexes: Sequence[int], steps: Sequence[Step], goal: ChangeState
    ) -> AsyncGenerator[Progress, None]:
        """Write steps at their place and read them back; `goal` is what the change becomes.

        `indexes` are where the steps stand in the change. Where the place fell silent, it is as it stands in the
        journal: cut off.
        """
        place = self._place(steps[0])
        trouble: FixProblem | None = None
        try:
            for at, step in () if place.atomic else tuple(zip(indexes, steps, strict=True)):
                self._keep(replace(self.change(change.number), unsure=frozenset({at})), f"change-{self._going(goal)}")
                async for progress in written(place, [step]):
                    yield progress
                yield Progress(f"Written at {place.name}: {step.label}")
                done = self.change(change.number).done
                done = done - {at} if goal is ChangeState.UNDONE else done | {at}
                kept = replace(self.change(change.number), done=done, unsure=frozenset())
                self._keep(kept, f"change-{self._going(goal)}")
            if place.atomic:
                async for progress in written(place, steps):
                    yield progress
                yield Progress(f"Written at {place.name}")
        except FixProblem as problem:
            trouble = problem
        self._forget(steps)
        live = await self._live(steps)
        if None in live and not isinstance(trouble, Moved):
            said = f"{trouble.sentence} " if trouble else f"{place.name} took the change and then fell silent. "
            unsure = f"{said}We could not read back whether it is made; undo looks again, and so does the next opening."
            yield Progress(unsure, ok=False, change=self.change(change.number))
            return
        seen = dict(zip(indexes, live, strict=True))
        ended = replace(read_back(change, goal, seen, trouble, place.name), ended=self._now())
        text, ok = ended.say or "Read back: it is there as shown", not ended.say
        for progress in self._settled(ended, text, ok=ok):
            yield progress

    @staticmethod
    def _going(goal: ChangeState) -> ChangeState:
        """What a change is called in the journal while it is on its way to `goal`."""
        return ChangeState.UNDOING if goal is ChangeState.UNDONE else ChangeState.INTENDED

    def _forget(self, steps: Iterable[Step], find: Callable[[Kind, str], Place | None] | None = None) -> None:
        """Let places read anew: what they remember of a zone was for one plan."""
        for step in steps:
            fresh = getattr((find or self._places)(step.kind, step.name), "fresh", None)
            if fresh is not None:
                fresh()

    def _settled(self, change: Change, text: str, *, ok: bool = True) -> list[Progress]:
        """Note what became of a change. A disk that refuses now loses nothing: the old state was written down before,
        and the next opening finds out by the live state."""
        refused = self._note(change, f"change-{change.state}")
        told = [Progress(text, ok, change)]
        if refused:
            told.append(Progress(f"How change {change.number} ended is not written down yet: {refused}", False, change))
        return told

    async def _live(self, steps: Iterable[Step]) -> list[State | None]:
        """What is there now for each step, None where the place cannot be read."""
        found: list[State | None] = []
        for step in steps:
            try:
                found.append(await self._place(step).read(step.name, step.type))
            except FixProblem:
                found.append(None)
        return found

    def by_hand(self, plan: Plan, who: str) -> Change:
        """Note a change that a person makes; nothing is written but the journal."""
        number = max(self._changes, default=0) + 1
        change = Change(number, self._now(), who, plan.check, plan.title, plan.place, plan.steps, ChangeState.BY_HAND)
        self._keep(change, "change-by-hand")
        return change

    async def undo_plan(self, number: int) -> Plan:
        """What taking a change back would do, from what was written down. Raises FixProblem."""
        change = self.change(number)
        steps = tuple(change.back(at) for at in made_of(change))
        title = f"Take back change {change.number}: {change.title}"
        if change.state is ChangeState.BY_HAND:
            return Plan(change.check, title, change.place, steps)
        place = self._place(steps[0])
        total = await place.count()
        return Plan(
            change.check, title, change.place, steps, _untouched(steps, total), guard=guard(steps, total, place.zone)
        )

    async def undo(self, number: int, who: str) -> AsyncGenerator[Progress, None]:
        """Bring back what was there before a change, if what the change left is still there."""
        async with self._lock:
            if self.change(number).state in _CUT_OFF and (said := await self._settle(self.change(number))):
                yield Progress(said)
            change = self.change(number)
            if change.state in _CUT_OFF:
                raise FixProblem(
                    f"Change {number} was cut off, and we cannot read at {change.place} what became of it. Try again "
                    "when it answers."
                )
            if change.state is ChangeState.BY_HAND:
                back = self._back_by_hand(change, who)
                yield Progress(f"Put these back by hand; it is watched as change {back.number}.", change=back)
                return
            if change.state is ChangeState.UNDONE:
                raise FixProblem(f"Change {number} has been taken back already.")
            if not change.stands:
                raise FixProblem(f"Change {number} was not made as shown, so there is nothing to take back.")
            made = made_of(change)
            steps = [change.back(at) for at in made]
            self._forget(steps)
            for step in steps:
                live = await self._place(step).read(step.name, step.type)
                if not live.same(step.before):
                    raise Moved(
                        f"{step.label} was changed again after change {number}: it is now {_said(live)}. Nothing was "
                        "changed; put it right by hand."
                    )
            self._keep(replace(change, state=ChangeState.UNDOING, say=f"{who} takes it back"), "change-undoing")
            yield Progress(f"Taking back change {number}: {plural(len(steps), 'thing')} as before")
            async for progress in self._write(change, made, steps, ChangeState.UNDONE):
                yield progress

    def _back_by_hand(self, change: Change, who: str) -> Change:
        plan = Plan(change.check, f"Taken back: {change.title}", change.place, tuple(s.turned() for s in change.steps))
        back = self.by_hand(plan, who)
        said = f"taken back by hand as change {back.number}"
        self._note(replace(change, state=ChangeState.UNDONE, done=frozenset(), say=said), "change-undone")
        return back

    async def settle(self) -> tuple[str, ...]:
        """Find out what became of changes and undos that were cut off. Returns sentences to show."""
        async with self._lock:
            said = [await self._settle(change) for change in self.changes if change.state in _CUT_OFF]
        return tuple(sentence for sentence in said if sentence)

    async def _settle(self, change: Change) -> str:
        """Judge a change by the live state; "" where it cannot be read now, and the change stays as it is."""
        made = made_of(change)
        self._forget(change.steps)
        lives = await self._live(change.steps[at] for at in made)
        if None in lives:
            return ""
        ended = aftermath(change, dict(zip(made, (live for live in lives if live is not None), strict=True)))
        self._note(ended, f"change-{ended.state}")
        return ended.say

    def arrived(self, change: Change) -> Change:
        done = replace(self.change(change.number), arrived=True)
        self._note(done, "change-arrived")  # not written down, it is watched once more at the next opening
        return done

    def _note(self, change: Change, kind: str) -> str:
        """Keep what became of a change, in memory at least; the disk's sentence where it refuses."""
        self._changes[change.number] = change
        try:
            self._keep(change, kind)
        except WorkspaceProblem as problem:
            return problem.sentence
        return ""

    def _keep(self, change: Change, kind: str) -> None:
        from launchready_tui.fixes.written import encode

        self._book.write(kind, encode(change))
        self._changes[change.number] = change


def _at(find: Callable[[Kind, str], Place | None], step: Step) -> Place:
    place = find(step.kind, step.name)
    if place is None:
        raise FixProblem("No place that we may change is connected for this. Follow the steps by hand.")
    return place


def _untouched(steps: Sequence[Step], total: int | None) -> int:
    """How many of all that a place keeps stay as they are; 0 where it does not count."""
    return max(total - sum(len(step.before.values) for step in steps), 0) if total is not None else 0


def _said(live: State) -> str:
    return listed([clean(value, limit=80) for value in live.values]) or "not there"
