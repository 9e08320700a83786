"""Plan, apply, read back, undo, settle: on a real name server on loopback, a settings file and a git repository."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import dns.name
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Moved, Plan, Progress, State, Step
from launchready_tui.fixes.watch import sight_place, sight_records
from launchready_tui.fixes.written import decode
from launchready_tui.model import FileChange, Fix, RecordSet, Setting
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate

ZONE = "good.example"
KEY = "bWFkZSBmb3IgYSB0ZXN0IG9ubHkh"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TEXT = """
@ 300 IN SOA ns1 hostmaster 1 3600 600 86400 300
@ 300 IN NS ns1
ns1 300 IN A 127.0.0.1
@ 300 IN A 93.184.215.14
@ 300 IN TXT "v=spf1 -all"
@ 300 IN TXT "v=spf1 include:mail.example -all"
@ 300 IN TXT "verify=1"
@ 300 IN MX 10 mail
old 300 IN A 93.184.215.15
old 300 IN TXT "note"
"""


@dataclass
class Notebook:
    """A journal in memory, in the order of writing."""

    lines: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    stop_after: str = ""

    def write(self, kind: str, data: Mapping[str, object]) -> None:
        self.lines.append((kind, json.loads(json.dumps(data))))
        if kind == self.stop_after:
            raise KeyboardInterrupt  # stands for a kill: nothing after this line happens

    def changes(self) -> dict[int, Change]:
        return {c.number: c for c in (decode(data) for kind, data in self.lines if kind.startswith("change-"))}


@dataclass
class World:
    server: Nameserver
    project: Project
    book: Notebook
    cycle: Cycle
    places: Places
    port: int

    def values(self, name: str, type: str) -> list[str]:
        zone = self.server.zones[dns.name.from_text(ZONE)]
        found = zone.get_rdataset(dns.name.from_text(name), type)
        return sorted(rdata.to_text() for rdata in found) if found else []

    def again(self) -> Cycle:
        """The same project opened anew, knowing what the journal says."""
        return Cycle(self.places.find, self.book, lambda: NOW, self.book.changes())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    origin = dns.name.from_text(ZONE)
    zone = dns.zone.from_text(TEXT, origin, relativize=False, zone_factory=dns.versioned.Zone)
    key = dns.name.from_text("test-key")
    server = Nameserver({origin: zone}, {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)})
    port = await server.start()
    settings = tmp_path / "settings.json"
    settings.write_text('{"https.redirect": "off", "kept": "1"}')
    repo = tmp_path / "code"
    repo.mkdir()
    (repo / ".env").write_text("A=1\n")
    (repo / ".gitignore").write_text("dist\n")
    for args in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", str(repo), *args], check=True)
    project = Project(
        ZONE,
        repo=str(repo),
        network=Network(resolvers=(("127.0.0.1", port),), dns_port=port, private=True),
        connections=(
            {
                "kind": "rfc2136",
                "server": "127.0.0.1",
                "port": str(port),
                "zone": ZONE,
                "key": "test-key",
                "secret": "tsig",
            },
            {"kind": "settings-file", "path": str(settings)},
        ),
    )
    book = Notebook()
    places = Places(lambda: project, {"tsig": Secret(KEY)})
    yield World(server, project, book, Cycle(places.find, book, lambda: NOW, {}), places, port)
    await server.aclose()


def records(*sets: RecordSet) -> Fix:
    return Fix("records", "Do it.", records=sets)


async def done(cycle: Cycle, plan: Plan) -> list[Progress]:
    return [progress async for progress in cycle.apply(plan, "Ada")]


WWW = RecordSet("www.good.example", "CNAME", ("good.example.",))
SPF = RecordSet(ZONE, "TXT", ("v=spf1 include:mail.example -all", "verify=1"))


async def test_a_record_is_added_read_back_and_taken_back(world: World) -> None:
    plan = await world.cycle.plan("dns.www.resolves", "www", records(WWW))
    assert plan.lines() == [("+", "CNAME www.good.example   good.example.   TTL 300")]
    assert plan.untouched == 9
    assert world.values("www.good.example", "CNAME") == []  # a plan changes nothing
    progress = await done(world.cycle, plan)
    assert progress[-1].change is not None
    assert progress[-1].change.state is ChangeState.APPLIED
    assert world.values("www.good.example", "CNAME") == ["good.example."]
    assert [kind for kind, _ in world.book.lines] == ["change-intended", "change-applied"]
    undone = [step async for step in world.again().undo(1, "Ada")]
    assert undone[-1].change is not None
    assert undone[-1].change.state is ChangeState.UNDONE
    assert world.values("www.good.example", "CNAME") == []


async def test_a_txt_set_keeps_its_neighbours(world: World) -> None:
    plan = await world.cycle.plan("email.spf.single", "one", records(SPF))
    assert ("-", "TXT good.example   v=spf1 -all") in plan.lines()
    await done(world.cycle, plan)
    assert world.values(ZONE, "TXT") == ['"v=spf1 include:mail.example -all"', '"verify=1"']
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert len(world.values(ZONE, "TXT")) == 3


async def test_what_moved_since_the_plan_is_not_written(world: World) -> None:
    plan = await world.cycle.plan("email.spf.single", "one", records(SPF))
    zone = world.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:
        txn.delete(dns.name.from_text(ZONE), "TXT")
    with pytest.raises(Moved, match="Nothing was changed"):
        await done(world.cycle, plan)
    assert world.values(ZONE, "TXT") == []
    assert world.book.lines == []


async def test_the_server_compares_too(world: World) -> None:
    """Between our comparing and our writing somebody else may write: the prerequisites catch that."""
    place = world.places.find("records", ZONE)
    assert place is not None
    stale = Step("records", ZONE, "TXT", State(("something else",)), State(("new",)))
    with pytest.raises(Moved):
        await place.write([stale])
    assert len(world.values(ZONE, "TXT")) == 3


async def test_undo_stops_when_somebody_changed_it_since(world: World) -> None:
    await done(world.cycle, await world.cycle.plan("dns.www.resolves", "www", records(WWW)))
    await done(
        world.cycle,
        await world.cycle.plan("x", "x", records(RecordSet("www.good.example", "CNAME", ("old.good.example.",)))),
    )
    with pytest.raises(Moved, match=r"old\.good\.example"):
        _ = [step async for step in world.cycle.undo(1, "Ada")]


async def test_what_stays_is_counted_for_an_undo_too(world: World) -> None:
    plan = await world.cycle.plan("dns.www.resolves", "www", records(WWW))
    await done(world.cycle, plan)
    back = await world.cycle.undo_plan(1)
    assert plan.untouched > 0
    assert (back.untouched, back.steps[0].before.values) == (plan.untouched, WWW.values)


async def test_a_cname_needs_the_name_for_itself_and_says_so(world: World) -> None:
    plan = await world.cycle.plan("x", "x", records(RecordSet("old.good.example", "CNAME", ("good.example.",))))
    assert any("cannot stand beside a CNAME" in note for note in plan.notes)
    await done(world.cycle, plan)
    assert world.values("old.good.example", "CNAME") == ["good.example."]
    assert world.values("old.good.example", "TXT") == []
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert world.values("old.good.example", "TXT") == ['"note"']
    assert world.values("old.good.example", "A") == ["93.184.215.15"]


async def test_taking_all_mail_away_wants_the_name_typed(world: World) -> None:
    plan = await world.cycle.plan("x", "x", records(RecordSet(ZONE, "MX", ())))
    assert plan.guard == ZONE


@pytest.mark.parametrize("value", ["back\\slash", 'a "quoted" ; value', "ü and 漢", "x" * 600, "", " lead"])
async def test_a_txt_is_right_on_the_wire(world: World, value: str) -> None:
    fix = records(RecordSet("t.good.example", "TXT", (value,)))
    await done(world.cycle, await world.cycle.plan("x", "x", fix))
    zone = world.server.zones[dns.name.from_text(ZONE)]
    found = zone.get_rdataset(dns.name.from_text("t.good.example"), "TXT")
    assert found is not None
    assert b"".join(found[0].strings) == value.encode()


async def test_a_silent_server_is_said_and_nothing_is_claimed(world: World) -> None:
    await world.server.aclose()
    with pytest.raises(FixProblem, match=r"127\.0\.0\.1"):
        await world.cycle.plan("dns.www.resolves", "www", records(WWW))


async def test_a_wrong_key_changes_nothing(world: World) -> None:
    places = Places(lambda: world.project, {"tsig": Secret("d3Jvbmcga2V5IHdyb25nIGtleQ==")})
    cycle = Cycle(places.find, world.book, lambda: NOW, {})
    progress = await done(cycle, await cycle.plan("dns.www.resolves", "www", records(WWW)))
    assert not progress[-1].ok
    assert progress[-1].change is not None
    assert progress[-1].change.state is ChangeState.FAILED
    assert world.values("www.good.example", "CNAME") == []


@pytest.mark.parametrize("stop", ["change-intended", "change-applied"])
async def test_a_kill_between_the_lines_is_settled_by_what_is_live(world: World, stop: str) -> None:
    plan = await world.cycle.plan("dns.www.resolves", "www", records(WWW))
    world.book.stop_after = stop
    with pytest.raises(KeyboardInterrupt):
        await done(world.cycle, plan)
    world.book.stop_after = ""
    again = world.again()
    said = await again.settle()
    (change,) = again.changes
    if stop == "change-intended":
        assert change.state is ChangeState.FAILED
        assert "had not been made" in said[0]
    else:
        assert change.state is ChangeState.APPLIED
        assert said == ()
    # Written, but killed before the line that says so: the live state tells.
    world.book.lines[:] = [line for line in world.book.lines if line[0] == "change-intended"]
    place = world.places.find("records", ZONE)
    assert place is not None
    if stop == "change-intended":
        await place.write(plan.steps)
    third = world.again()
    assert "had been made" in (await third.settle())[0]
    assert third.changes[0].state is ChangeState.APPLIED


async def test_a_kill_in_the_middle_of_an_undo_is_settled_too(world: World) -> None:
    plan = await world.cycle.plan("dns.www.resolves", "www", records(WWW))
    await done(world.cycle, plan)
    world.book.stop_after = "change-undoing"
    with pytest.raises(KeyboardInterrupt):
        _ = [step async for step in world.cycle.undo(1, "Ada")]
    world.book.stop_after = ""
    assert "had not been taken back" in (await world.again().settle())[0]
    world.book.lines = [line for line in world.book.lines if line[0] != "change-applied"]
    world.book.lines.append(("change-undoing", {**world.book.lines[0][1], "state": "undoing"}))
    place = world.places.find("records", ZONE)
    assert place is not None
    await place.write([step.turned() for step in plan.steps])
    again = world.again()
    assert "had been taken back" in (await again.settle())[0]
    assert again.changes[0].state is ChangeState.UNDONE


async def test_a_setting_and_its_undo(world: World) -> None:
    fix = Fix("setting", "Switch it on.", settings=(Setting("https.redirect", "301"),))
    await done(world.cycle, await world.cycle.plan("edge.https.forced", "http", fix))
    path = Path(world.project.connections[1]["path"])
    assert json.loads(path.read_text()) == {"https.redirect": "301", "kept": "1"}
    sight = await sight_place(world.cycle.changes[0].steps, lambda s: world.places.find(s.kind, s.name))
    assert sight.verdict == "done"
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert json.loads(path.read_text())["https.redirect"] == "off"
    sight = await sight_place(world.cycle.changes[0].steps, lambda s: world.places.find(s.kind, s.name))
    assert sight.verdict == "wrong"


async def test_files_git_stops_tracking_and_takes_back(world: World) -> None:
    repo = Path(world.project.repo or "")

    def tracked() -> list[str]:
        return subprocess.check_output(["git", "-C", str(repo), "ls-files"], text=True).split()

    fix = Fix("file", "Take it out.", files=(FileChange(".env", None), FileChange(".gitignore", "dist\n.env*\n")))
    plan = await world.cycle.plan("audit.env.tracked", "env", fix)
    assert ("+", ".env*") in plan.lines()
    await done(world.cycle, plan)
    assert tracked() == [".gitignore"]
    assert (repo / ".env").read_text() == "A=1\n"  # the founder's file stays
    assert (repo / ".gitignore").read_text() == "dist\n.env*\n"
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert tracked() == [".env", ".gitignore"]
    assert (repo / ".gitignore").read_text() == "dist\n"


@pytest.mark.parametrize("path", ["../outside", ".git/config", "/etc/hostname", "link"])
async def test_a_file_outside_the_folder_is_refused(world: World, path: str) -> None:
    (Path(world.project.repo or "") / "link").symlink_to("/etc/hostname")
    with pytest.raises(FixProblem):
        await world.cycle.plan("x", "x", Fix("file", "Do.", files=(FileChange(path, "x"),)))


async def test_watching_tells_wrong_from_wait_from_done(world: World) -> None:
    """The resolver is a second server that still holds the old answer."""
    old_zone = dns.zone.from_text(TEXT, dns.name.from_text(ZONE), relativize=False, zone_factory=dns.versioned.Zone)
    old = Nameserver({dns.name.from_text(ZONE): old_zone}, {})
    old_port = await old.start()
    try:
        plan = await world.cycle.plan("email.spf.single", "one", records(SPF))
        change = Change(1, NOW, "Ada", "x", "x", "x", plan.steps)

        async def look(resolver: int) -> str:
            network = replace(world.project.network, resolvers=(("127.0.0.1", resolver),))
            project = replace(world.project, network=network)
            source = Dns(project, Gate(project))
            try:
                sight = await sight_records(change, plan.steps, ZONE, source, NOW + dt.timedelta(seconds=60))
            finally:
                await source.aclose()
            if sight.verdict == "wait":
                assert sight.seconds_left == 240  # TTL 300, a minute gone
            return sight.verdict

        assert await look(world.port) == "wrong"
        await done(world.cycle, plan)
        assert await look(old_port) == "wait"
        assert await look(world.port) == "done"
        await world.server.aclose()
        assert await look(old_port) == "unknown"
    finally:
        await old.aclose()
