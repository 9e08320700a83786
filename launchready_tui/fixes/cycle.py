"""The cycle of a change: plan, yes, journal, apply, read back, undo. Watching stands in watch.py.

The journal line with the old state is on disk before the first write. A crash leaves a change INTENDED; settle() reads
the live state on the next start and says what became of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import replace
from typing import Protocol

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
from launchready_tui.model import Fix
from launchready_tui.text import clean, listed, plural

# More than this share of a zone deleted wants its name typed (design: 30 %).
GUARD_SHARE = 0.3


class Book(Protocol):
    """Where changes are written down: every call is on disk before it returns."""

    def write(self, kind: str, data: Mapping[str, object]) -> None: ...


def wanted(fix: Fix) -> list[Step]:
    """What a fix asks for, as steps whose `before` is not read yet."""
    empty = State()
    steps = [Step("records", r.name, r.type, empty, State(r.values, r.ttl if r.values else None)) for r in fix.records]
    steps += [Step("setting", s.name, "", empty, State((s.value,))) for s in fix.settings]
    for file in fix.files:
        kind, state = ("tracked", empty) if file.text is None else ("text", State((file.text,)))
        steps.append(Step("file", file.path, kind, empty, state))
    return steps


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
        place = self._places(step.kind, step.name)
        if place is None:
            raise FixProblem("No place that we may change is connected for this. Follow the steps by hand.")
        return place

    async def plan(self, check: str, title: str, fix: Fix) -> Plan:
        """Read what is there and lay it beside what should be. Raises FixProblem where that cannot be done."""
        steps: list[Step] = []
        notes: list[str] = []
        wants = wanted(fix)
        if not wants:
            raise FixProblem("This is for a person to do: there is nothing that we could write for you.")
        for want in wants:
            place = self._place(want)
            before = await place.read(want.name, want.type)
            step = replace(want, before=before)
            if before.same(step.after):
                continue
            clashes = await place.conflicts(step)
            for clash in clashes:
                notes.append(
                    f"{clash.type} records cannot stand beside a CNAME at {clash.name}, so they go: "
                    f"{listed([clean(value, limit=80) for value in clash.before.values])}."
                )
            steps += [clash for clash in clashes if clash.label not in {other.label for other in wants}]
            steps.append(step)
        if len({self._place(step).name for step in steps}) > 1:
            raise FixProblem("This would change two places at once. Make the changes by hand, one after the other.")
        if not steps:
            raise FixProblem("Everything is already as it should be at the place where it is kept. Look again.")
        place = self._place(steps[0])
        total = await place.count()
        before_count = sum(len(step.before.values) for step in steps)
        untouched = max(total - before_count, 0) if total is not None else 0
        return Plan(check, title, place.name, tuple(steps), untouched, tuple(notes), self._guard(steps, total))

    def _guard(self, steps: list[Step], total: int | None) -> str:
        for step in steps:
            if step.kind == "records" and step.before.values and not step.after.values and step.type in ("NS", "MX"):
                return step.name
        gone = sum(len(set(step.before.values) - set(step.after.values)) for step in steps if step.kind == "records")
        if total and total >= 10 and gone > total * GUARD_SHARE:
            return min((step.name for step in steps), key=len)
        return ""

    async def apply(self, plan: Plan, who: str) -> AsyncGenerator[Progress, None]:
        """Do what the plan showed. The last Progress carries the Change, whatever became of it."""
        number = max(self._changes, default=0) + 1
        change = Change(number, self._now(), who, plan.check, plan.title, plan.place, plan.steps)
        for step in plan.steps:
            live = await self._place(step).read(step.name, step.type)
            if not live.same(step.before):
                raise Moved(
                    f"{step.label} is no longer what the plan showed: it is now "
                    f"{listed([clean(v, limit=80) for v in live.values]) or 'not there'}. Nothing was changed."
                )
        self._keep(change, "change-intended")
        yield Progress(f"Change {number} is written down, with the old state, before anything is touched")
        async for progress in self._write(change, plan.steps, ChangeState.APPLIED):
            yield progress

    async def _write(
        self, change: Change, steps: tuple[Step, ...], goal: ChangeState
    ) -> AsyncGenerator[Progress, None]:
        """Write steps at their place and read them back; `goal` is what the change becomes.

        Where nothing was written, an undo leaves the change as it was made, and a new change has failed.
        """
        place = self._place(steps[0])
        trouble = ""
        try:
            await place.write(steps)
        except FixProblem as problem:
            trouble = problem.sentence
        else:
            yield Progress(f"Written at {place.name}")
        right = await self._matching(steps)
        if len(right) == len(steps):
            self._keep(done := replace(change, state=goal, done=frozenset(right), say=""), f"change-{goal}")
            yield Progress("Read back: it is there as shown", change=done)
            return
        wrong = listed([step.label for i, step in enumerate(steps) if i not in right])
        if not trouble:
            trouble = f"{place.name} took the change, but reading it back shows something else for {wrong}."
        elif right:
            trouble += f" A part of it is written; not written: {wrong}."
        state = ChangeState.APPLIED if goal is ChangeState.UNDONE and not right else ChangeState.FAILED
        kept = change.done if goal is ChangeState.UNDONE else frozenset(right)
        self._keep(failed := replace(change, state=state, done=kept, say=trouble), f"change-{state}")
        yield Progress(trouble, ok=False, change=failed)

    async def _matching(self, steps: tuple[Step, ...]) -> set[int]:
        """The indexes of the steps whose `after` is live. A place that cannot be read matches nothing."""
        right: set[int] = set()
        for index, step in enumerate(steps):
            try:
                live = await self._place(step).read(step.name, step.type)
            except FixProblem:
                continue
            if live.same(step.after):
                right.add(index)
        return right

    async def undo(self, number: int, who: str) -> AsyncGenerator[Progress, None]:
        """Bring back what was there before a change, if what the change left is still there."""
        change = self.change(number)
        if change.state is ChangeState.UNDONE:
            raise FixProblem(f"Change {number} has been taken back already.")
        if change.state is ChangeState.INTENDED or (change.state is ChangeState.FAILED and not change.done):
            raise FixProblem(f"Change {number} was never made, so there is nothing to take back.")
        steps = tuple(step.turned() for i, step in enumerate(change.steps) if not change.done or i in change.done)
        for step in steps:
            live = await self._place(step).read(step.name, step.type)
            if not live.same(step.before):
                raise Moved(
                    f"{step.label} was changed again after change {number}: it is now "
                    f"{listed([clean(v, limit=80) for v in live.values]) or 'not there'}. Nothing was changed; "
                    "put it right by hand."
                )
        self._keep(replace(change, state=ChangeState.UNDOING, say=f"{who} takes it back"), "change-undoing")
        yield Progress(f"Taking back change {number}: {plural(len(steps), 'thing')} as before")
        async for progress in self._write(change, steps, ChangeState.UNDONE):
            yield progress

    async def settle(self) -> tuple[str, ...]:
        """Find out what became of changes and undos that a crash left half said. Returns sentences to show."""
        said: list[str] = []
        for change in self.changes:
            if change.state not in (ChangeState.INTENDED, ChangeState.UNDOING):
                continue
            after = await self._matching(change.steps)
            before = await self._matching(tuple(step.turned() for step in change.steps))
            undoing = change.state is ChangeState.UNDOING
            if len(after) == len(change.steps):
                state, words = ChangeState.APPLIED, "had not been taken back" if undoing else "had been made"
            elif len(before) == len(change.steps):
                state = ChangeState.UNDONE if undoing else ChangeState.FAILED
                words = "had been taken back" if undoing else "had not been made"
            elif after or before:
                state, words = ChangeState.FAILED, "was made in part"
            else:
                continue  # the place cannot be read now: it stays as it is and is settled another time
            sentence = f"Change {change.number} ({change.title}) {words} when we were stopped."
            self._keep(replace(change, state=state, done=frozenset(after), say=sentence), f"change-{state}")
            said.append(sentence)
        return tuple(said)

    def arrived(self, change: Change) -> Change:
        done = replace(self.change(change.number), arrived=True)
        self._keep(done, "change-arrived")
        return done

    def _keep(self, change: Change, kind: str) -> None:
        from launchready_tui.fixes.written import encode

        self._book.write(kind, encode(change))
        self._changes[change.number] = change
