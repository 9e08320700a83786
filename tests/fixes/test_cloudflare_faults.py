"""What can go wrong between us and Cloudflare, at every step: what the journal says of it, and how it goes on.

Whatever happens, the journal agrees with the zone once it can be read, going on makes nothing twice, and an undo leaves
the zone as it was, comments and tags included.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from launchready_tui import limits
from launchready_tui.fixes.connect import Places, open_place
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState, FixProblem
from launchready_tui.fixes.written import decode
from launchready_tui.model import Fix, RecordSet
from launchready_tui.secret import Secret
from tests.fakes.cloudflare import BASE, RIGHTS, TOKEN, Fault
from tests.fixes.cloudflare_world import NOW, ZONE, World, project
from tests.fixes.cloudflare_world import world as made
from tests.fixes.test_cycle import Notebook

ROOT = Path(__file__).parents[2]
# A value changed in place, one gone, a new set: each kind of thing that a batch does.
WISH = (
    RecordSet(ZONE, "TXT", ("v=spf1 include:mail.example -all",), drops=("verify=1",)),
    RecordSet("new.good.example", "A", ("93.184.215.30",)),
    RecordSet("old.good.example", "A", ()),
)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same course, in less time."""
    monkeypatch.setattr(limits, "PROVIDER_TRY_SECONDS", 0.4)
    monkeypatch.setattr(limits, "PROVIDER_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(limits, "PROVIDER_STALE_SECONDS", 0.2)


@pytest.fixture
def world() -> Iterator[World]:
    with made() as one:
        yield one


@dataclass(frozen=True)
class Row:
    """`made`: whether the zone has the change afterwards. `state`: what the journal calls it."""

    fault: Fault
    made: bool
    state: ChangeState
    words: str = ""


B = "POST"
FAULTS: dict[str, Row] = {
    "401": Row(Fault("status", B, status=401, code=1000), False, ChangeState.FAILED, "unknown, expired or taken back"),
    "403": Row(Fault("status", B, status=403), False, ChangeState.FAILED, "Tick Zone / DNS / Edit for good.example"),
    "400": Row(
        Fault("status", B, status=400, code=9005), False, ChangeState.FAILED, "Set by a test. Nothing was changed"
    ),
    "429, a long wait": Row(
        Fault("status", B, status=429, retry_after="300"), False, ChangeState.FAILED, "wait for 300 seconds"
    ),
    "429, a short wait": Row(Fault("status", B, status=429, retry_after="0"), True, ChangeState.APPLIED),
    "500": Row(Fault("status", B, status=500), False, ChangeState.FAILED, "trouble of its own"),
    "no answer, not made": Row(Fault("before", B), False, ChangeState.FAILED, "no answer"),
    "no answer, but made": Row(Fault("hang", B), True, ChangeState.APPLIED),
    "cut off after it was made": Row(Fault("cut", B), True, ChangeState.APPLIED),
    "an answer that nobody can read": Row(Fault("garbage", B), True, ChangeState.APPLIED),
    "a list that runs behind": Row(Fault("stale", B, times=3), True, ChangeState.APPLIED),
    "a read that fails twice": Row(Fault("status", "GET", "dns_records", times=2), True, ChangeState.APPLIED),
    "a read that is throttled": Row(
        Fault("status", "GET", "dns_records", status=429, retry_after="0", times=2), True, ChangeState.APPLIED
    ),
    "a read that is cut off": Row(Fault("cut", "GET", "dns_records", times=2), True, ChangeState.APPLIED),
}


def twice(world: World) -> list[tuple[str, str, str]]:
    records = [(r["type"], r["name"], r["content"]) for r in next(iter(world.fake.zones.values())).records.values()]
    return [one for one in records if records.count(one) > 1]


def has_it(world: World) -> bool:
    found = (
        world.fake.contents("TXT", ZONE),
        world.fake.contents("A", "new.good.example"),
        world.fake.contents("A", "old.good.example"),
    )
    return found == (['"v=spf1 include:mail.example -all"'], ["93.184.215.30"], [])


@pytest.mark.parametrize("what", FAULTS)
async def test_the_journal_and_the_zone_agree(world: World, what: str) -> None:
    row = FAULTS[what]
    before = world.fake.shown()
    world.fake.faults = [row.fault]
    progress = await world.apply(*WISH)
    change = world.change()
    assert change.state is row.state, progress[-1].text
    assert row.words in change.say
    assert has_it(world) is row.made
    if not row.made:
        assert world.fake.shown() == before  # all of it or nothing
    assert {change.state_of(at) for at in range(3)} == {"written" if row.made else "not written"}
    world.fake.faults = []
    world.again()
    if not row.made:  # going on is doing it again
        with pytest.raises(FixProblem):
            await world.undo()
        await world.apply(*WISH)
        assert world.change(2).state is ChangeState.APPLIED
    assert has_it(world)
    assert twice(world) == []
    with pytest.raises(FixProblem, match="already as it should be"):
        await world.apply(*WISH)
    await world.undo(1 if row.made else 2)
    assert world.fake.shown() == before


@pytest.mark.parametrize("what", FAULTS)
async def test_an_undo_that_meets_a_fault_can_be_tried_again(world: World, what: str) -> None:
    row = FAULTS[what]
    before = world.fake.shown()
    await world.apply(*WISH)
    world.fake.faults = [row.fault]
    await world.undo()
    assert world.change().state is (ChangeState.UNDONE if row.made else ChangeState.APPLIED)
    assert (world.fake.shown() == before) is row.made
    world.fake.faults = []
    world.again()
    if not row.made:
        await world.undo()
    assert world.fake.shown() == before


@pytest.mark.parametrize("kind", ["drop", "alter"])
async def test_what_is_kept_otherwise_than_it_was_sent_is_seen(world: World, kind: str) -> None:
    before = world.fake.shown()
    world.fake.faults = [Fault(kind, B)]  # type: ignore[arg-type]
    progress = await world.apply(*WISH)
    change = world.change()
    assert change.state is ChangeState.FAILED
    assert "reading it back shows something else for A new.good.example" in progress[-1].text
    second = {"drop": "not written", "alter": "altered"}[kind]
    assert [change.state_of(at) for at in range(3)] == ["written", second, "written"]
    world.again()
    if kind == "drop":
        await world.apply(*WISH)  # the rest of it, as the same change
        assert world.change().state is ChangeState.APPLIED
        assert set(world.book.changes()) == {1}
        assert has_it(world)
        assert twice(world) == []
        await world.undo()
        assert world.fake.shown() == before
    else:  # what the place made of it is known, and what was there before comes back
        assert world.fake.contents("A", "new.good.example") == ["93.184.215.99"]
        await world.undo()
        assert world.fake.shown() == before


async def test_a_zone_that_cannot_be_read_back_stays_open_until_it_can(world: World) -> None:
    before = world.fake.shown()
    plan = await world.cycle.plan("dns.x", "x", Fix("records", "Do it.", records=WISH))
    async for progress in world.cycle.apply(plan, "Ada"):
        if "written down" in progress.text:  # from here on: the batch is made, no answer comes, and no list either
            world.fake.faults = [Fault("cut", B)]
            world.fake.after_write = [Fault("status", "GET", "dns_records", times=99)]
        last = progress
    assert "could not read back" in last.text
    assert world.change().state is ChangeState.INTENDED
    assert has_it(world)
    world.fake.faults = []
    assert await world.again().settle()
    assert world.change().state is ChangeState.APPLIED
    await world.undo()
    assert world.fake.shown() == before


async def test_reads_that_are_refused_plan_nothing(world: World) -> None:
    world.fake.rights = RIGHTS[:1]
    with pytest.raises(FixProblem, match="Tick Zone / DNS / Edit"):
        await world.apply(*WISH)
    assert world.book.lines == []
    assert world.writes() == 0


async def test_nobody_there_is_not_a_wait_of_a_minute(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}/client/v4"
    connection = {**world.project.connections[0], "api": nobody}
    place = open_place(connection, Secret(TOKEN), private=True)
    with pytest.raises(FixProblem, match=r"could not reach Cloudflare .* Nothing was changed\."):
        await place.read("www.good.example", "A")


# ---- kill -9 ----

CHILD = """
import asyncio, json, os, signal, sys
from pathlib import Path
from launchready_tui.fixes.connect import Places, open_place
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.model import Fix
from launchready_tui.secret import Secret
from tests.fakes.cloudflare import TOKEN
from tests.fixes.cloudflare_world import NOW, project
from tests.fixes.test_cloudflare_faults import WISH, read_book

path, api, what, stop = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])

class Book:
    lines = 0
    def write(self, kind, data):
        with path.open("a") as file:
            file.write(json.dumps([kind, data]) + chr(10))
            file.flush()
            os.fsync(file.fileno())
        self.lines += 1
        if self.lines == stop:
            os.kill(os.getpid(), signal.SIGKILL)

async def main():
    one = project(api)
    places = Places(lambda: one, {"token": Secret(TOKEN)})
    cycle = Cycle(places.find, Book(), lambda: NOW, read_book(path))
    if what == "apply":
        plan = await cycle.plan("dns.x", "x", Fix("records", "Do it.", records=WISH))
        events = cycle.apply(plan, "Ada")
    else:
        events = cycle.undo(1, "Ada")
    async for _ in events:
        pass

asyncio.run(main())
"""


def read_book(path: Path) -> dict[int, Change]:
    """The changes as a journal on disk tells them."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {change.number: change for change in (decode(data) for _, data in lines)}


def _child(path: Path, api: str, what: str, stop: int) -> int:
    argv = [sys.executable, "-c", CHILD, str(path), api, what, str(stop)]
    return subprocess.run(argv, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60).returncode


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
@pytest.mark.parametrize(("what", "stop"), [("apply", 1), ("apply", 2), ("undo", 1), ("undo", 2)])
async def test_a_kill_at_each_line_of_the_journal_ends_the_same(
    world: World, tmp_path: Path, what: str, stop: int
) -> None:
    before = world.fake.shown()
    path = tmp_path / "journal"
    if what == "undo":
        assert _child(path, world.fake.api, "apply", 0) == 0
        assert has_it(world)
    assert _child(path, world.fake.api, what, stop) == -signal.SIGKILL
    book = Notebook([(f"change-{change.state}", _data(path)) for change in read_book(path).values()])
    one = project(world.fake.api)
    cycle = Cycle(Places(lambda: one, {"token": Secret(TOKEN)}).find, book, lambda: NOW, read_book(path))
    await cycle.settle()
    state = cycle.change(1).state
    written = has_it(world)
    assert state in ((ChangeState.APPLIED,) if written else (ChangeState.FAILED, ChangeState.UNDONE))
    assert written or world.fake.shown() == before
    if written:
        _ = [progress async for progress in cycle.undo(1, "Ada")]
    assert world.fake.shown() == before
    assert twice(world) == []


def _data(path: Path) -> Any:
    return json.loads(path.read_text().splitlines()[-1])[1]


def test_the_fake_runs_as_a_process_of_its_own() -> None:
    argv = [sys.executable, "-m", "tests.fakes.cloudflare", "--port", "0"]
    with subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            api = child.stdout.readline().strip()
            asked = urllib.request.Request(f"{api}/zones", headers={"Authorization": f"Bearer {TOKEN}"})
            with urllib.request.urlopen(asked, timeout=10) as answer:
                assert json.load(answer)["result"][0]["name"] == ZONE
            with urllib.request.urlopen(f"{api.removesuffix(BASE)}/requests", timeout=10) as answer:
                assert json.load(answer)["requests"] == [["GET", "/zones"]]
        finally:
            child.kill()
