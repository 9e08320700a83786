"""Home of a consultant: many launches in order, a template, the archive, the work log; at 80x24 and at 140x40."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.desk import Desk
from launchready_tui.due import Due
from launchready_tui.journal_lines import Entry
from launchready_tui.project import Project
from launchready_tui.workspace import Summary, Workspace
from screens.app import LaunchReady
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.new import NewDialog
from screens.dialogs.worklog import WorklogDialog
from screens.home import HomeScreen
from screens.widgets.rows import Rows
from tests.screens.desk import FakeDesk, summaries
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, opened, said, screen_text, until

SIZES = [(80, 24), (140, 40)]
NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.astimezone().date()


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


LOOKED = NOW - dt.timedelta(hours=2)


def ready(letter: str, *due: Due, exported: dt.datetime | None = None) -> Summary:
    line = "Ready: nothing that blocks a launch is open. Next: export the handover."
    name = f"{letter}.example"
    return Summary(name, name, LOOKED, line, "export the handover", exported, status=0, due=due)


def not_ready(letter: str, critical: int) -> Summary:
    line = f"Not ready: {critical} critical. Next: point www at your host (5 min)."
    name = f"{letter}.example"
    return Summary(name, name, LOOKED, line, "point www at your host", status=1, faults={"critical": critical})


def many() -> tuple[Summary, ...]:
    """Named as they should be listed; the last is archived."""
    return (
        ready("g", Due("domain", "domain", day(90))),
        ready("h"),
        ready("b", Due("certificate", "certificate", day(6)), exported=NOW),
        ready("a", Due("risk", "accepted risk “HSTS”", day(-2)), exported=NOW),
        not_ready("d", 1),
        not_ready("c", 3),
        Summary("f.example", "f.example"),
        Summary("e.example", "e.example", problem="Its file was made by a newer launchready."),
        replace(ready("z"), archived=NOW),
    )


def shows(pilot: Pilot[None], words: str) -> bool:
    """Do these words stand on the screen, however they are broken into lines?"""
    return words in " ".join(screen_text(pilot).replace("│", " ").split())


def listed(pilot: Pilot[None]) -> list[str]:
    return [row.id for row in pilot.app.screen.query_one("#projects", Rows).rows]


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_due_stands_first_then_the_worst(size: tuple[int, int]) -> None:
    async with opened(desk=FakeDesk(*many()), size=size) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 10)
        assert listed(pilot) == [*(f"{letter}.example" for letter in "abcdefgh"), "+new", "+practice"]
        words = screen_text(pilot)
        for part in ("ran out 2 days ago", "certificate in 6 days", "Not ready: 3 critical", "2 due, 2 not ready"):
            assert part in words
        assert "z.example" not in words
        wide = size[0] > 100
        for part in ("handed over", "domain in 90 days", "next: point www at your host"):
            assert (part in words) or not wide


@pytest.mark.parametrize("size", SIZES)
async def test_all_of_a_launch_stands_under_the_list(size: tuple[int, int]) -> None:
    async with opened(desk=FakeDesk(*many()), size=size) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 10)
        await pilot.press("end", "up", "up", "up")
        await until(pilot, lambda: "Domain in 90 days." in screen_text(pilot))
        assert "Ready · looked 2 h ago." in screen_text(pilot)
        assert "Next: export the handover." in screen_text(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_archived_and_back(size: tuple[int, int]) -> None:
    desk = FakeDesk(*many())
    async with opened(desk=desk, size=size) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 10)
        await pilot.press("z")
        await until(pilot, lambda: "a.example" not in listed(pilot))
        assert "Nothing was deleted" in said(pilot)
        await pilot.press("v")
        await until(pilot, lambda: listed(pilot) == ["a.example", "z.example"])
        assert "Archived: 2 launches" in screen_text(pilot)
        assert "z Bring back" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "It is archived" in said(pilot))
        assert desk.made == []
        await pilot.press("home", "z")
        await until(pilot, lambda: listed(pilot) == ["z.example"])
        await pilot.press("escape")
        await until(pilot, lambda: listed(pilot)[0] == "a.example")


async def test_the_launch_that_is_open_is_closed_before_it_is_archived() -> None:
    desk = FakeDesk(*summaries())
    async with opened(desk=desk) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        await pilot.press("0")
        await until(pilot, lambda: pilot.app.current_mode == "home")
        await pilot.press("home", "z")
        await until(pilot, lambda: NAME not in listed(pilot))
        assert desk.made[0].closed
        assert app_of(pilot).session is None


async def test_doors_and_an_empty_archive_are_said() -> None:
    async with opened(desk=FakeDesk()) as pilot:
        await pilot.press("z")
        await until(pilot, lambda: "Only a launch of yours" in said(pilot))
        await pilot.press("b")
        await until(pilot, lambda: "go to one of them first" in said(pilot))
        await pilot.press("v")
        await until(pilot, lambda: "Nothing is archived" in screen_text(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_launch_starts_from_another(size: tuple[int, int]) -> None:
    desk = FakeDesk(*many())
    async with opened(desk=desk, size=size) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 10)
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewDialog))
        await until(pilot, lambda: shows(pilot, "Never: owners, answers, connections, secrets"))
        assert "Not now" in screen_text(pilot)
        pilot.app.screen.query_one("#domain", Input).value = "new.example"
        for like, problem in (
            ("nobody.example", "not one of your launches"),
            ("new.example", "cannot start from itself"),
        ):
            pilot.app.screen.query_one("#like", Input).value = like
            await pilot.press("ctrl+s")
            await until(pilot, partial(shows, pilot, problem))
        assert desk.typed == []
        pilot.app.screen.query_one("#like", Input).value = "C.example"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressesDialog))
        assert (desk.typed, desk.likes) == ([("new.example", None)], ["c.example"])


def entries() -> list[Entry]:
    looked = {"checks": 68, "ready": False, "counts": {"critical": 2}, "seconds": 12.0, "by": "grace"}
    answer = {"question": "access.dns", "choice": "yes", "who": "Ada", "note": "login is ada@hub.example"}
    return [
        Entry(1, NOW - dt.timedelta(days=3), "owner-stored", {"system": "dns", "by": "grace"}),
        Entry(2, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), "looked", looked),
        Entry(3, dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2), "answer", answer),
    ]


@pytest.mark.parametrize("size", SIZES)
async def test_the_work_log_of_this_sitting_and_of_all(size: tuple[int, int]) -> None:
    desk = FakeDesk(*many())
    desk.entries = entries()
    async with opened(desk=desk, size=size) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 10)
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, WorklogDialog))
        await until(pilot, lambda: "Looked at 68 checks" in screen_text(pilot))
        words = screen_text(pilot)
        for part in ("a.example", "grace", "Ada", "12 s", "1 sitting", "▸This sitting", "Write it down"):
            assert part in words
        assert "Named who owns" not in words
        assert "ada@hub.example" not in words
        await pilot.press("left")
        await until(pilot, lambda: "▸Everything" in screen_text(pilot) and "Named who owns: DNS" in screen_text(pilot))
        await pilot.press("w")
        await until(pilot, lambda: "Written: /somewhere/work-log.md" in said(pilot))
        assert desk.written[0] == "a.example"
        assert "Named who owns: DNS" in desk.written[1]


async def test_the_work_log_of_the_open_launch() -> None:
    desk = FakeDesk(*summaries())
    async with opened(desk=desk) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        await pilot.press("b")
        await until(pilot, lambda: isinstance(pilot.app.screen, WorklogDialog))
        await until(pilot, lambda: "Nothing was done" in screen_text(pilot))
        assert NAME in screen_text(pilot)


class Slow(FakeDesk):
    """A disk that takes its time: every launch costs `each` seconds, measured as they are read."""

    def reading(self, *, archived: bool = False) -> Iterator[Summary]:
        for one in super().reading(archived=archived):
            time.sleep(0.004)
            yield one


async def test_a_long_list_is_read_in_slices_and_keys_are_heard_in_between() -> None:
    every = tuple(Summary(f"n{number:03}.example", f"n{number:03}.example") for number in range(200))
    async with opened(desk=Slow(*every)) as pilot:
        home = pilot.app.screen
        assert isinstance(home, HomeScreen)
        assert "Reading your launches" in screen_text(pilot)
        await pilot.press("question_mark")
        assert pilot.app.screen is not home  # before the list was there
        await pilot.press("escape")
        await until(pilot, lambda: len(listed(pilot)) == 202, tries=600)


async def test_200_launches_on_disk_hold_up_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(tmp_path)
    for number in range(200):
        name = f"n{number:03}.example"
        with workspace.open(name, create=True) as store:
            store.save_project(Project(name, subs=("app",)))
            store.save_summary("Ready: nothing that blocks a launch is open.", "", looked=NOW, status=0)
            (store.path / "findings.json").mkdir()  # read by nobody: it could not be
    took: list[float] = []
    slice_ = HomeScreen._read_on

    def timed(home: HomeScreen, reading: Iterator[Summary]) -> None:
        began = time.perf_counter()
        slice_(home, reading)
        took.append(time.perf_counter() - began)

    monkeypatch.setattr(HomeScreen, "_read_on", timed)
    app = LaunchReady(Desk(Workspace(tmp_path)))
    async with app.run_test(size=(140, 40)) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == 202)
        assert max(took) < 0.1  # the promise of the screens: never blocked for longer
        home = pilot.app.screen
        assert isinstance(home, HomeScreen)
        await pilot.press("end", "up", "up")
        assert home.current is not None
        assert home.current.domain == "n199.example"


def test_a_list_is_read_once_and_again_only_where_a_file_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, read = Workspace(tmp_path), list[str]()
    for name in ("a.example", "b.example"):
        with workspace.open(name, create=True) as store:
            store.save_project(Project(name))
    summary = Workspace._summary

    def noted(self: Workspace, name: str) -> Summary:
        read.append(name)
        return summary(self, name)

    monkeypatch.setattr(Workspace, "_summary", noted)
    for _ in range(3):
        assert [one.domain for one in workspace.reading()] == ["a.example", "b.example"]
    assert read == ["a.example", "b.example"]
    with workspace.open("b.example") as store:
        store.save_summary("Ready: all is well.", "", status=0)
    assert [one.status for one in workspace.reading()] == [None, 0]
    assert read == ["a.example", "b.example", "b.example"]
