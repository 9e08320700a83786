"""Two looks at once, a look during a change, a disk that fills up, a second window, closing at any moment."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.actions import NextAction
from launchready_tui.checks import Check
from launchready_tui.desk import Desk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.engine import Context, Event, Finished, Started
from launchready_tui.fixes.model import Change, ChangeState, State, Step
from launchready_tui.fixes.written import encode
from launchready_tui.model import Finding, Fix, Stage, Status, failed, passed
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.owners import Owner
from launchready_tui.project import Clock
from launchready_tui.secret import Secret
from launchready_tui.session import Outcome, Session, known
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.test_session import FIX, WWW, opened
from tests.world import NOW

FAIL, PASS = failed("www has no address.", FIX), passed("www answers.")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def session(workspace: Workspace) -> Iterator[Session]:
    one = opened(workspace)
    yield one
    one.store.close()


class Stages:
    """Looks whose every finding is handed out by the test: `gates` are opened one after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gates: list[asyncio.Future[Finding]] = []
        monkeypatch.setattr(known, "run", self._run)

    async def _run(self, checks: Iterable[Check], context: Context) -> AsyncGenerator[Event, None]:
        gate: asyncio.Future[Finding] = asyncio.get_running_loop().create_future()
        self.gates.append(gate)
        for check in checks:
            yield Started(check)
        for check in checks:
            yield Finished(check, await gate)


async def look(session: Session) -> list[Finding]:
    async with aclosing(session.look([session.check(WWW)])) as events:
        return [event.finding async for event in events if isinstance(event, Finished)]


async def begun(stages: Stages, count: int) -> None:
    async with asyncio.timeout(5):
        while len(stages.gates) < count:  # noqa: ASYNC110  a look opens its sources first, which tells nobody
            await asyncio.sleep(0)


async def test_an_earlier_look_never_takes_the_place_of_a_later_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow look began before the fix and ends after the look that saw the fix."""
    stages = Stages(monkeypatch)
    slow = asyncio.create_task(look(session))
    await begun(stages, 1)
    quick = asyncio.create_task(look(session))
    await begun(stages, 2)
    assert session.running == {WWW}
    stages.gates[1].set_result(PASS)
    assert await quick == [PASS]
    assert session.running == {WWW}  # the slow one is still at it
    stages.gates[0].set_result(FAIL)
    assert await slow == [PASS]  # what is told is what is known
    assert session.findings[WWW] == PASS
    assert session.running == set()


async def test_a_finding_is_as_old_as_its_look(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change made while a look was under way: what that look says is stale, and is looked at again."""
    stages = Stages(monkeypatch)
    task = asyncio.create_task(look(session))
    await begun(stages, 1)
    session.clock = Clock(NOW + dt.timedelta(seconds=5))
    step = Step("setting", "x", "", State(), State(("on",)))
    change = Change(1, session.clock.now(), "Ada", WWW, "www", "x", (step,), ChangeState.APPLIED, arrived=True)
    session.write("change-applied", encode(change))
    session.clock = Clock(NOW + dt.timedelta(seconds=9))
    stages.gates[0].set_result(FAIL)
    await task
    session.store.save_findings({})
    again = Session(session.store, Vault(kind="session"), clock=session.clock)
    again.outcomes = dict(session.outcomes)
    assert [check.id for check in again.stale()] == [WWW]


# ---- the disk ----


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[Session], None]:
    def fill(session: Session) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise WorkspaceProblem("The disk is full.")

        for name in ("save_findings", "save_summary", "save_project"):
            monkeypatch.setattr(session.store, name, refuse)
        monkeypatch.setattr(session.store.journal, "append", refuse)

    return fill


async def test_a_full_disk_does_not_stop_a_look_and_is_said_at_its_end(
    workspace: Workspace, full: Callable[[Session], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(workspace)
    full(session)
    ticks = iter(range(0, 10_000, 2))
    monkeypatch.setattr(session.clock, "now", lambda: NOW + dt.timedelta(seconds=next(ticks)))
    chosen = session.stage_checks(Stage.DNS)
    with pytest.raises(WorkspaceProblem, match="full"):
        _ = [event async for event in session.look(chosen)]
    assert set(session.outcomes) == {check.id for check in chosen}
    assert session.running == set()
    session.store.close()


async def test_a_full_disk_at_opening_leaves_owners_and_vault_ready(
    session: Session, full: Callable[[Session], None]
) -> None:
    """A change that a kill cut off cannot be settled on disk now; everything else of the opening goes on."""
    step = Step("setting", "x", "", State(), State(("on",)))
    change = Change(1, NOW, "Ada", WWW, "www", "somewhere", (step,))
    session.write("change-intended", encode(change))
    again = Session(session.store, Vault(kind="session"), clock=session.clock)
    full(again)
    await again.prepare()
    assert again.vault_say
    assert again.changes[0].state is ChangeState.INTENDED


# ---- a second window ----


async def test_a_second_window_changes_nothing_anywhere(
    workspace: Workspace, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a file of the project, not the keyring, not the exports: each is refused before anything is written."""
    session.outcomes[WWW] = Outcome(FAIL, NOW)
    session.ask_someone(WWW, "Ada")
    await session.export()
    session._save()
    second = opened(workspace)
    assert second.read_only
    before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}
    stored: list[str] = []

    async def put(self: Vault, name: str, value: Secret) -> None:
        stored.append(name)

    monkeypatch.setattr(Vault, "put", put)  # a keyring that tells
    for write in (
        lambda: second.ask_someone(WWW, "Eve"),
        lambda: second.accept(WWW, "Eve", "x", NOW.date()),
        lambda: second.answer("access.dns", "yes", "Eve"),
        lambda: second.keep_action(NextAction("look-again", "x", "Eve", NOW.date())),
        lambda: second.save_addresses({"api": ""}, ()),
    ):
        with pytest.raises(WorkspaceProblem):
            write()
    with pytest.raises(WorkspaceProblem):
        await second.save_owner(Owner("dns", owner="Eve"))
    with pytest.raises(WorkspaceProblem):
        await second.export()
    async with aclosing(second.look(second.stage_checks(Stage.HANDOVER))) as events:
        async for _ in events:
            pass
    second.visit(Stage.EMAIL)
    await second.aclose()
    assert {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()} == before
    assert stored == []


async def test_closing_while_a_look_runs_writes_no_more(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = Stages(monkeypatch)
    events = session.look([session.check(WWW)])
    await anext(events)
    await session.aclose()
    entries = len(session.store.journal.entries)
    await events.aclose()
    assert len(session.store.journal.entries) == entries
    assert session.running == set()
    assert stages.gates


# ---- what opens sessions ----


async def test_a_launch_that_does_not_open_is_not_held(tmp_path: Path) -> None:
    """The first try fails on its options; the second must not find the launch held, by us."""
    workspace = Workspace(tmp_path)
    workspace.open("good.example", create=True).close()
    desk = Desk(workspace, options=LookOptions(repo=str(tmp_path / "gone")))
    with pytest.raises(BadOption):
        await desk.open("good.example")
    with workspace.open("good.example") as store:
        assert not store.read_only
    with pytest.raises(BadOption):
        await desk.new("other.example", str(tmp_path / "gone"))
    assert not workspace.has("other.example")
    await desk.aclose()


async def test_a_code_folder_given_for_a_known_launch_is_kept(tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    desk = Desk(Workspace(tmp_path / "home"))
    first = await desk.new("good.example")
    assert first.project.repo is None
    await first.aclose()
    second = await desk.new("good.example", str(code))
    assert second.project.repo == str(code)
    await desk.aclose()
    with Workspace(tmp_path / "home").open("good.example") as store:
        assert store.project.repo == str(code)


async def test_one_launch_whose_disk_refuses_keeps_no_other_from_closing(
    tmp_path: Path, full: Callable[[Session], None]
) -> None:
    desk = Desk(Workspace(tmp_path))
    first, second = await desk.new("good.example"), await desk.new("other.example")
    second.outcomes[WWW] = Outcome(replace(FAIL, fix=Fix("steps", "x")), NOW)
    full(first)
    full(second)
    with pytest.raises(WorkspaceProblem):
        await desk.aclose()
    for name in ("good.example", "other.example"):
        with Workspace(tmp_path).open(name) as store:
            assert not store.read_only
    assert second.findings[WWW].status is Status.FAIL
