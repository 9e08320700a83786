"""A change that does not go as planned: a place that falls silent, a full disk, two at once, an undo made in part."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Kind, Moved, Plan, Progress, State, Step
from launchready_tui.fixes.written import decode
from launchready_tui.model import Fix, Setting

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@dataclass
class Shelf:
    """A place in memory. `after_write` is called once a write has been made; `silent` while it cannot be read."""

    held: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    name: str = "the shelf"
    kind: Kind = "setting"
    zone: str = ""
    most: int = 99  # steps that a write gets through before it breaks off
    refuse: FixProblem | None = None
    after_write: Callable[[], None] = lambda: None
    writes: int = 0

    async def read(self, name: str, type: str) -> State:
        await asyncio.sleep(0)
        if self.silent:
            raise FixProblem("The shelf did not answer within 4 seconds.")
        return State((self.held[name],)) if name in self.held else State()

    async def count(self) -> int | None:
        return len(self.held)

    @property
    def atomic(self) -> bool:
        return True

    async def complete(self, step: Step) -> Step:
        return step

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        return ()

    async def write(self, steps: Sequence[Step]) -> None:
        await asyncio.sleep(0)
        if self.refuse is not None:
            raise self.refuse
        for done, step in enumerate(steps):
            if done == self.most:
                raise FixProblem("The shelf broke.")
            self.held.pop(step.name, None)
            self.held |= {step.name: step.after.values[0]} if step.after.values else {}
        self.writes += 1
        self.after_write()


@dataclass
class Book:
    """A journal in memory; `full` names the kinds that the disk refuses."""

    lines: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    full: tuple[str, ...] = ()

    def write(self, kind: str, data: Mapping[str, object]) -> None:
        if kind in self.full:
            raise WorkspaceProblem("The disk is full.")
        self.lines.append((kind, json.loads(json.dumps(data))))

    def changes(self) -> dict[int, Change]:
        return {change.number: change for change in (decode(data) for _, data in self.lines)}


@dataclass
class World:
    shelf: Shelf = field(default_factory=lambda: Shelf({"a": "old", "b": "old"}))
    book: Book = field(default_factory=Book)

    def cycle(self) -> Cycle:
        """The launch opened anew, knowing what the journal says."""
        return Cycle(lambda kind, name: self.shelf, self.book, lambda: NOW, self.book.changes())


async def plan(cycle: Cycle, **settings: str) -> Plan:
    return await cycle.plan(
        "x.y.z", "Title", Fix("setting", "Do.", settings=tuple(map(Setting, *zip(*settings.items(), strict=True))))
    )


async def all_of(cycle: Cycle, **settings: str) -> list[Progress]:
    return [progress async for progress in cycle.apply(await plan(cycle, **settings), "Ada")]


async def undone(cycle: Cycle, number: int = 1) -> list[Progress]:
    return [progress async for progress in cycle.undo(number, "Ada")]


def state(cycle: Cycle, number: int = 1) -> ChangeState:
    return cycle.change(number).state


async def test_a_place_that_falls_silent_after_the_write_is_neither_done_nor_failed() -> None:
    world = World()
    cycle = world.cycle()
    world.shelf.after_write = lambda: setattr(world.shelf, "silent", True)
    last = (await all_of(cycle, a="new"))[-1]
    assert not last.ok
    assert "could not read back" in last.text
    assert state(cycle) is ChangeState.INTENDED
    with pytest.raises(FixProblem, match="Try again when it answers"):
        await undone(cycle)
    assert await world.cycle().settle() == ()  # nor does a new opening judge what it cannot read
    world.shelf.silent, world.shelf.after_write = False, lambda: None
    assert [progress.ok for progress in await undone(cycle)] == [True] * 4
    assert world.shelf.held["a"] == "old"
    assert world.book.changes()[1].state is ChangeState.UNDONE


async def test_a_place_that_falls_silent_in_an_undo_is_found_out_later() -> None:
    world = World()
    cycle = world.cycle()
    await all_of(cycle, a="new")
    world.shelf.after_write = lambda: setattr(world.shelf, "silent", True)
    assert not (await undone(cycle))[-1].ok
    assert state(cycle) is ChangeState.UNDOING
    world.shelf.silent = False
    again = world.cycle()
    assert "had been taken back" in (await again.settle())[0]
    assert state(again) is ChangeState.UNDONE


async def test_moved_is_known_not_to_be_written_even_in_silence() -> None:
    world = World()
    cycle = world.cycle()
    wanted = await plan(cycle, a="new")
    world.shelf.refuse = Moved("Somebody was faster.")
    steps = cycle.apply(wanted, "Ada")
    await anext(steps)
    world.shelf.silent = True
    assert [progress.text async for progress in steps] == ["Somebody was faster."]
    assert state(cycle) is ChangeState.FAILED


async def test_nothing_is_written_where_the_old_state_cannot_be_written_down() -> None:
    world = World()
    world.book.full = ("change-intended",)
    cycle = world.cycle()
    with pytest.raises(WorkspaceProblem, match="full"):
        await all_of(cycle, a="new")
    assert (world.shelf.writes, world.shelf.held["a"], cycle.changes) == (0, "old", ())


@pytest.mark.parametrize("reopened", [False, True])
async def test_a_disk_that_fills_up_in_the_middle_loses_no_undo(reopened: bool) -> None:
    """The place is changed and "it is done" cannot be written down: that is said, and the change can be taken back."""
    world = World()
    world.book.full = ("change-applied",)
    cycle = world.cycle()
    done, refused = (await all_of(cycle, a="new"))[-2:]
    assert done.ok
    assert not refused.ok
    assert "The disk is full." in refused.text
    assert refused.change is not None
    assert refused.change.state is ChangeState.APPLIED
    assert [kind for kind, _ in world.book.lines] == ["change-intended"]
    world.book.full = ("change-undoing",)
    with pytest.raises(WorkspaceProblem):  # an undo too is written down before it begins
        await undone(cycle)
    assert world.shelf.held["a"] == "new"
    world.book.full = ()
    if reopened:
        cycle = world.cycle()
        assert "had been made" in (await cycle.settle())[0]
    await undone(cycle)
    assert world.shelf.held == {"a": "old", "b": "old"}


async def test_two_at_once_get_numbers_of_their_own() -> None:
    world = World()
    cycle = world.cycle()
    await asyncio.gather(all_of(cycle, a="new"), all_of(cycle, b="new"))
    assert [change.number for change in cycle.changes] == [1, 2]
    assert set(world.book.changes()) == {1, 2}
    assert world.shelf.held == {"a": "new", "b": "new"}
    await asyncio.gather(undone(cycle, 1), undone(cycle, 2))
    assert world.shelf.held == {"a": "old", "b": "old"}


async def test_two_plans_of_one_thing_and_only_the_first_is_made() -> None:
    world = World()
    cycle = world.cycle()
    first, second = await plan(cycle, a="one"), await plan(cycle, a="two")

    async def make(wanted: Plan) -> str:
        try:
            return [progress async for progress in cycle.apply(wanted, "Ada")][-1].text
        except Moved as moved:
            return moved.sentence

    said = await asyncio.gather(make(first), make(second))
    assert world.shelf.held["a"] == "one"
    assert "no longer what the plan showed: it is now one. Nothing was changed." in said[1]
    assert len(cycle.changes) == 1


async def test_a_plan_for_one_place_is_not_made_at_another() -> None:
    world = World()
    cycle = world.cycle()
    wanted = await plan(cycle, a="new")
    world.shelf.name = "another shelf"
    with pytest.raises(Moved, match="The plan was for the shelf"):
        _ = [progress async for progress in cycle.apply(wanted, "Ada")]
    assert world.shelf.writes == 0
    assert world.book.lines == []


async def test_an_undo_made_in_part_can_be_finished() -> None:
    world = World()
    cycle = world.cycle()
    await all_of(cycle, a="new", b="new")
    world.shelf.most = 1
    last = (await undone(cycle))[-1]
    assert "A part of it is written; not written: b." in last.text
    assert world.shelf.held == {"a": "old", "b": "new"}
    assert cycle.change(1).done == frozenset({1})
    world.shelf.most = 99
    again = world.cycle()
    assert (await undone(again))[-1].ok
    assert world.shelf.held == {"a": "old", "b": "old"}
    assert state(again) is ChangeState.UNDONE


async def test_a_change_made_in_part_is_taken_back_in_that_part() -> None:
    world = World()
    world.shelf.most = 1
    cycle = world.cycle()
    await all_of(cycle, a="new", b="new")
    assert (state(cycle), cycle.change(1).done) == (ChangeState.FAILED, frozenset({0}))
    world.shelf.most = 99
    await undone(cycle)
    assert world.shelf.held == {"a": "old", "b": "old"}


async def test_what_somebody_changed_since_a_kill_is_said_once() -> None:
    world = World()
    cycle = world.cycle()
    steps = cycle.apply(await plan(cycle, a="new"), "Ada")
    await anext(steps)
    await steps.aclose()  # closed right after the intent was written down
    world.shelf.held["a"] = "third"
    again = world.cycle()
    assert "look at it by hand" in (await again.settle())[0]
    assert await world.cycle().settle() == ()
    with pytest.raises(FixProblem, match="nothing to take back"):
        await undone(again)
    assert world.shelf.held["a"] == "third"


async def test_closing_in_the_middle_lets_the_next_change_in() -> None:
    world = World()
    cycle = world.cycle()
    async with aclosing(cycle.apply(await plan(cycle, a="new"), "Ada")) as steps:
        async for _ in steps:
            break
    async with asyncio.timeout(5):
        await all_of(cycle, b="new")
    assert [change.number for change in cycle.changes] == [1, 2]
    assert await cycle.settle() == ("Change 1 (Title) had not been made when we were stopped.",)


async def test_what_a_place_made_into_something_else_is_put_back() -> None:
    world = World()
    cycle = world.cycle()
    world.shelf.after_write = lambda: world.shelf.held.update(b="something else")
    lines = await all_of(cycle, a="new", b="new")
    assert [cycle.change(1).state_of(at) for at in (0, 1)] == ["written", "altered"]
    assert lines[-1].text.endswith("Undo brings back what was there before.")
    world.shelf.after_write = lambda: None
    await undone(world.cycle())
    assert world.shelf.held == {"a": "old", "b": "old"}


async def test_what_was_altered_and_changed_again_since_stays() -> None:
    world = World()
    world.shelf.after_write = lambda: world.shelf.held.update(b="something else")
    await all_of(world.cycle(), a="new", b="new")
    world.shelf.after_write, world.shelf.held["b"] = lambda: None, "somebody's"
    with pytest.raises(Moved):
        await undone(world.cycle())
    assert world.shelf.held == {"a": "new", "b": "somebody's"}
