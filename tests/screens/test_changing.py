"""Plan, by hand, apply, watch, undo: in the wizard, on a real name server, in both sizes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from launchready_tui import limits
from launchready_tui.fixes.model import Change, ChangeState, Plan, State, Step
from launchready_tui.model import Stage, Status
from launchready_tui.secret import Secret
from launchready_tui.session import Level, Session
from screens._hub import Hub
from screens.dialogs.changes import ChangesDialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.hand import HandDialog
from screens.dialogs.plan import PlanDialog
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME as HUB
from tests.screens.pilot import app_of, detail_of, hints_of, opened, rows_of, said, screen_text, until
from tests.screens.zoned import ADDRESS, KEY, NAME, WWW, ZONE, Zoned, zoned

SIZES = [(80, 24), (140, 40)]
TRIES = 1_500
FIXABLE = "audit.topic.check01"


def hub_of(pilot: Pilot[None]) -> Hub:
    hub = app_of(pilot).hub
    assert hub is not None
    return hub


async def shows(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen), tries=TRIES)
    await pilot.pause()


async def press(pilot: Pilot[None], button: str) -> None:
    pilot.app.screen.query_one(button, Button).press()
    await pilot.pause()


async def quiet(pilot: Pilot[None]) -> None:
    hub = hub_of(pilot)
    await until(pilot, lambda: not hub.looking and not hub.writing and not hub.watching, tries=TRIES)


def word(pilot: Pilot[None]) -> str:
    return next(row for row in rows_of(pilot).rows if row.id == WWW).word


async def connected(world: Zoned) -> Session:
    session = world.session()
    await session.connect("rfc2136", world.typed, Secret(KEY))
    return session


# ---- by hand ----
@pytest.mark.parametrize("size", SIZES)
async def test_by_hand_from_the_row_to_type_until_it_is_there_and_back(tmp_path: Path, size: tuple[int, int]) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session, size=size) as pilot:
            assert session.stands(WWW).level is Level.SHOW
            assert "Can show only: f shows what to type" in " ".join(detail_of(pilot).split())
            assert hints_of(pilot)["enter"] == "Fix by hand"
            assert hints_of(pilot)["h"] == "Connect host"
            await pilot.press("enter")
            await shows(pilot, HandDialog)
            words = screen_text(pilot)
            assert "By hand: " in words
            assert ADDRESS in words
            assert "We write nothing ourselves" in words
            assert not session.changes
            await pilot.press("c")
            await shows(pilot, CopyScreen)
            assert pilot.app.clipboard == ADDRESS
            await pilot.press("escape")
            await shows(pilot, HandDialog)
            await press(pilot, "#open")
            await shows(pilot, CopyScreen)
            assert "https://panel.example/dns" in screen_text(pilot)
            await pilot.press("escape")
            await press(pilot, "#watch")
            await until(pilot, lambda: "Not there yet" in " ".join(detail_of(pilot).split()), tries=TRIES)
            assert session.changes[0].state is ChangeState.BY_HAND
            assert word(pilot) == "waiting"
            assert "Wrong" not in detail_of(pilot)
            # It is watched whichever stage is shown, and the rail says that something is on its way.
            await pilot.press("3")
            assert ("… 1 on its way" if size[0] > 100 else "✗1…") in screen_text(pilot)
            world.put(ADDRESS)
            await until(pilot, lambda: "Change 1" in said(pilot) and "has arrived" in said(pilot), tries=TRIES)
            await until(pilot, lambda: session.findings[WWW].status is Status.PASS, tries=TRIES)
            await quiet(pilot)
            assert said(pilot).count("has arrived") == 1
            # Taken back: what stood there before is what a person puts back, and that is watched too.
            app_of(pilot).go(Stage.DNS, WWW)
            await pilot.press("u")
            await shows(pilot, HandDialog)
            assert "I have put it back" in screen_text(pilot)
            assert "Delete" in screen_text(pilot)
            await press(pilot, "#watch")
            await until(pilot, lambda: WWW in hub_of(pilot).watching, tries=TRIES)
            assert [change.state for change in session.changes] == [ChangeState.UNDONE, ChangeState.BY_HAND]
            world.put()
            await until(pilot, lambda: session.findings[WWW].status is not Status.PASS, tries=TRIES)
            await quiet(pilot)
            assert session.changes[1].arrived
        await session.aclose()


async def test_by_hand_and_not_now_writes_nothing_down(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session) as pilot:
            for key in ("escape", "#cancel"):
                await pilot.press("f")
                await shows(pilot, HandDialog)
                await (press(pilot, key) if key[0] == "#" else pilot.press(key))
            assert not session.changes
            assert session.store.journal.entries == ()
        await session.aclose()


async def test_what_is_watched_shows_its_lines_again(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session) as pilot:
            await pilot.press("f")
            await shows(pilot, HandDialog)
            await press(pilot, "#watch")
            await until(pilot, lambda: hints_of(pilot)["enter"] == "What to type")
            await pilot.press("enter")
            await shows(pilot, HandDialog)
            assert "It is watched as change 1." in screen_text(pilot)
            assert not pilot.app.screen.query("#watch")
            await pilot.press("escape")
            assert len(session.changes) == 1
        await session.aclose()


async def test_by_hand_where_no_name_server_answers_is_said(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session) as pilot:
            await world.own.aclose()
            await pilot.press("f")
            await until(pilot, lambda: "None of your name servers" in said(pilot), tries=TRIES)
        await session.aclose()


# ---- applied, watched, taken back ----
@pytest.mark.parametrize("size", SIZES)
async def test_applied_counted_down_watched_again_after_a_restart(tmp_path: Path, size: tuple[int, int]) -> None:
    async with zoned(tmp_path) as world:
        session = await connected(world)
        async with opened(session, size=size) as pilot:
            assert "Ready to apply" in detail_of(pilot)
            assert "h" not in hints_of(pilot)
            await pilot.press("enter")
            await shows(pilot, PlanDialog)
            await pilot.press("enter")
            await until(pilot, lambda: "right, wait 0" in detail_of(pilot), tries=TRIES)
            words = detail_of(pilot)
            assert f"✓ ns1.{ZONE} answers it" in words
            assert "… 127.0.0.1 old answer" in words
            assert "─" * 10 in words
            first = hub_of(pilot).left(WWW)
            await until(pilot, lambda: hub_of(pilot).left(WWW) < first)  # it ticks between two looks
        await session.aclose()
        assert not session.changes[0].arrived
        again = world.session()
        await again.prepare()
        async with opened(again, size=size) as pilot:
            await until(pilot, lambda: "right, wait 0" in detail_of(pilot), tries=TRIES)
            world.put(ADDRESS, at=(world.resolver,))
            await until(pilot, lambda: "has arrived" in said(pilot), tries=TRIES)
            await quiet(pilot)
            assert again.changes[0].arrived
            await pilot.press("u")
            await shows(pilot, PlanDialog)
            assert f"- A {NAME}   {ADDRESS}" in screen_text(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: again.changes[0].state is ChangeState.UNDONE, tries=TRIES)
            await quiet(pilot)
        await again.aclose()


async def test_by_hand_is_watched_again_after_a_restart_for_two_hours(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        session.by_hand(await session.plan(WWW, by_hand=True), "Ada")
        async with opened(session) as pilot:
            await until(pilot, lambda: WWW in hub_of(pilot).watching)
        await session.aclose()


@pytest.mark.parametrize(("back", "watched"), [(limits.WATCH_SECONDS - 60, True), (limits.WATCH_SECONDS + 1, False)])
async def test_what_is_older_than_two_hours_is_not_watched(back: float, watched: bool) -> None:
    session = FakeSession()
    session._changes = [_change(1, ChangeState.BY_HAND, back=back)]
    async with opened(session) as pilot:
        assert (FIXABLE in hub_of(pilot).watching) is watched


async def test_the_end_of_two_hours_is_told_once() -> None:
    session = FakeSession()
    session._changes = [_change(1, ChangeState.APPLIED, back=limits.WATCH_SECONDS - 0.2)]
    async with opened(session) as pilot:
        await until(pilot, lambda: "has not arrived within two hours" in said(pilot))
        await quiet(pilot)
        assert said(pilot).count("two hours") == 1
        assert "Right at your name servers" in said(pilot)


# ---- guard, part, list ----
def _change(number: int, state: ChangeState, *, back: float = 60, steps: int = 1, done: tuple[int, ...] = ()) -> Change:
    made = tuple(
        Step("records", f"n{at}.{HUB}", "A", State(), State((f"93.184.215.{at}",), 300)) for at in range(steps)
    )
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=back)
    return Change(number, at, "Ada", FIXABLE, "www leads to the site", "Cloudflare", made, state, frozenset(done))


async def test_a_dangerous_undo_wants_the_name_typed() -> None:
    class Guarded(FakeSession):
        async def undo_plan(self, number: int) -> Plan:
            return replace(await super().undo_plan(number), guard=HUB)

    session = Guarded()
    session._changes = [_change(1, ChangeState.APPLIED, done=(0,))]
    session._changes[0] = replace(session._changes[0], arrived=True)
    async with opened(session) as pilot:
        await pilot.press("u")
        await shows(pilot, PlanDialog)
        await press(pilot, "#apply")
        assert f"Type {HUB} first" in screen_text(pilot)
        assert session.changes[0].state is ChangeState.APPLIED
        pilot.app.screen.query_one("#guard", Input).value = HUB
        await press(pilot, "#apply")
        await until(pilot, lambda: session.changes[0].state is ChangeState.UNDONE)


@pytest.mark.parametrize("size", SIZES)
async def test_a_change_made_in_part_says_so_and_goes_on_or_back(size: tuple[int, int]) -> None:
    class Halfway(FakeSession):
        async def plan(self, check: str, *, by_hand: bool = False) -> Plan:
            return replace(await super().plan(check), resumes=3)

        def last_change(self, check: str) -> Change | None:
            return self._changes[-1] if check == FIXABLE else None

    session = Halfway()
    session._changes = [
        replace(_change(1, ChangeState.APPLIED, done=(0,)), arrived=True),
        _change(2, ChangeState.UNDONE),
        _change(3, ChangeState.FAILED, steps=2, done=(0,)),
    ]
    async with opened(session, size=size) as pilot:
        assert "made in part: 1 of 2 are written" in " ".join(detail_of(pilot).split())
        assert next(row for row in rows_of(pilot).rows if row.id == FIXABLE).right == "made in part"
        await pilot.press("f")
        await shows(pilot, PlanDialog)
        assert "Change 3 was made in part" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.press("j")
        await shows(pilot, ChangesDialog)
        words = screen_text(pilot)
        for part in ("! made in part", "- taken back", "✓ arrived", "Ada", "✓ A n0.", "- A n1.", "not written"):
            assert part in words
        await pilot.press("f")
        await shows(pilot, PlanDialog)
        await pilot.press("escape", "j")
        await shows(pilot, ChangesDialog)
        await pilot.press("down")
        await pilot.press("u")
        assert "nothing to take back" in screen_text(pilot)
        await pilot.press("down", "u")
        await shows(pilot, PlanDialog)
        assert "Take back change 1" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: session.changes[0].state is ChangeState.UNDONE)


async def test_the_list_says_what_is_on_its_way_and_leads_to_its_row() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("j")
        await shows(pilot, ChangesDialog)
        assert "No change was made yet." in screen_text(pilot)
        await pilot.press("escape", "f")
        await shows(pilot, PlanDialog)
        await pilot.press("enter")
        await until(pilot, lambda: FIXABLE in hub_of(pilot).watching)
        await pilot.press("3", "j")
        await shows(pilot, ChangesDialog)
        assert "… on its way" in screen_text(pilot)
        session.watch_done.set()
        await until(pilot, lambda: "✓ written" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: rows_of(pilot).current == FIXABLE)


HOSTILE = "[@click=app.quit]x[/]\x1b]0;y\x07\u202e\\[red]"


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_words_in_a_change_stay_words(size: tuple[int, int]) -> None:
    class Hostile(FakeSession):
        def can_fix(self, check: str) -> bool:
            return False

        async def plan(self, check: str, *, by_hand: bool = False) -> Plan:
            step = Step("records", f"{HOSTILE}.{HUB}", "TXT", State((HOSTILE,)), State((f"{HOSTILE}2",), 300))
            return Plan(check, HOSTILE, f"{HOSTILE}, by hand", (step,), notes=(HOSTILE,), guard=HOSTILE)

    session = Hostile()
    change = replace(_change(1, ChangeState.FAILED, steps=2, done=(0,)), who=HOSTILE, title=HOSTILE, say=HOSTILE)
    steps = (replace(change.steps[0], name=HOSTILE, after=State((HOSTILE,))), change.steps[1])
    session._changes = [replace(change, steps=steps)]
    async with opened(session, size=size) as pilot:
        await pilot.press("f")
        await shows(pilot, HandDialog)
        words = screen_text(pilot)
        assert "[@click=app.quit]x[/]" in words
        await pilot.press("escape", "j")
        await shows(pilot, ChangesDialog)
        words += screen_text(pilot)
        assert words.count("[@click=app.quit]x[/]") > 3
        assert not {"\x1b", "\x07", "\u202e"} & set(words)


async def test_a_launch_for_reading_shows_what_to_type_and_writes_nothing(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        holder, reader = world.session(), world.session()
        async with opened(reader) as pilot:
            await pilot.press("f")
            await shows(pilot, HandDialog)
            await press(pilot, "#watch")
            await until(pilot, lambda: said(pilot))
            assert reader.changes == ()
        await reader.aclose()
        await holder.aclose()
