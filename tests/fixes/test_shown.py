"""What is applied is what was shown: every value, TTL and place, what wants a name typed, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import dns.name
import dns.rdata
import dns.rdataset
import pytest

from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.model import Change, FixProblem, Moved, Plan, Progress, Sight, State, Step
from launchready_tui.fixes.place import Place
from launchready_tui.fixes.providers.settings_file import SettingsFile
from launchready_tui.model import Fix, RecordSet, Setting
from launchready_tui.project import Project
from launchready_tui.secret import Secret
from tests.fixes.test_cycle import KEY, NOW, SPF, ZONE, World, done, records, world
from tests.test_hostile_check import acts

__all__ = ["world"]  # the fixture
EVIL = "\x1b]52;c;aGk=\x07\x9b31m\u202e[@click=app.quit]x[/]"


def held(world: World) -> dict[tuple[str, str], tuple[int, frozenset[str]]]:
    """The whole zone but its SOA: (name, type) -> TTL and values."""
    zone = world.server.zones[dns.name.from_text(ZONE)]
    return {
        (name.to_text(), rdataset.rdtype.name): (rdataset.ttl, frozenset(rdata.to_text() for rdata in rdataset))
        for name, rdataset in zone.iterate_rdatasets()
        if rdataset.rdtype.name != "SOA"
    }


def _held_at(world: World) -> Place:
    place = world.places.find("records", ZONE)
    assert place is not None
    return place


@pytest.mark.parametrize(
    "wanted",
    [
        SPF,
        RecordSet("www.good.example", "CNAME", ("good.example.",), 60),
        RecordSet("old.good.example", "CNAME", ("good.example.",)),
        RecordSet("old.good.example", "A", ()),
        RecordSet(ZONE, "MX", ("10 a.mail.example.", "20 b.mail.example."), 900),
    ],
    ids=lambda wanted: f"{wanted.type} {wanted.name}",
)
async def test_a_zone_changes_by_the_steps_shown_and_nothing_else(world: World, wanted: RecordSet) -> None:
    before = held(world)
    plan = await world.cycle.plan("x", "x", records(wanted))
    assert held(world) == before
    await done(world.cycle, plan)
    after = held(world)
    named = {(f"{step.name}.", step.type): step for step in plan.steps}
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == set(named)
    for key, step in named.items():
        ttl, values = after.get(key, (None, frozenset()))
        assert {value.strip('"') for value in values} == set(step.after.values)
        assert ttl == step.after.ttl
    assert world.cycle.changes[0].steps == plan.steps
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert held(world) == before  # their TTLs too


async def test_a_ttl_that_changes_is_shown(world: World) -> None:
    plan = await world.cycle.plan("x", "x", records(RecordSet(ZONE, "TXT", ("verify=1", "v=spf1 -all"), 60)))
    assert (" ", "TXT good.example   verify=1   TTL 300, then 60") in plan.lines()


@pytest.mark.parametrize(
    ("wanted", "typed"),
    [
        (RecordSet(ZONE, "MX", ()), ZONE),
        (RecordSet(ZONE, "A", ()), ZONE),
        (RecordSet(ZONE, "NS", ("ns1.good.example.", "ns.other.example.")), ZONE),
        (RecordSet("old.good.example", "A", ()), ""),
        (SPF, ""),
        (RecordSet(ZONE, "A", ("93.184.215.16",)), ""),
    ],
    ids=["mail", "apex", "name servers", "one name", "merged", "replaced"],
)
async def test_what_takes_much_away_wants_the_zone_typed(world: World, wanted: RecordSet, typed: str) -> None:
    assert (await world.cycle.plan("x", "x", records(wanted))).guard == typed


async def test_a_third_of_a_zone_wants_the_zone_typed(world: World) -> None:
    gone = records(RecordSet("old.good.example", "TXT", ()), RecordSet("old.good.example", "A", ()))
    assert (await world.cycle.plan("x", "x", gone)).guard == ""
    more = (*gone.records, RecordSet("ns1.good.example", "A", ()))
    assert (await world.cycle.plan("x", "x", records(*more))).guard == ZONE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r'"a" "b"', "ab   pieces: 1+1"),
        (r'"" "ab" ""', "ab   pieces: 0+2+0"),
        (r'"\255\254"', r"\255\254   bytes: fffe"),
        (r'"\\255"', r"\255"),
        (r'"back\\slash"', r"back\slash"),
        (r'"\000\127\195\188"', "␀␡ü"),
    ],
)
async def test_a_text_beside_the_one_that_is_changed_is_put_back_byte_by_byte(
    world: World, text: str, shown: str
) -> None:
    zone = world.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:
        txn.replace(dns.name.from_text(ZONE), dns.rdataset.from_text("IN", "TXT", 300, text, '"v=spf1 -all"'))
    before = held(world)
    stays = dns.rdata.from_text("IN", "TXT", text).to_text()
    plan = await world.cycle.plan("x", "x", records(RecordSet(ZONE, "TXT", ("v=spf1 mx -all",))))
    assert (" ", f"TXT {ZONE}   {shown}") in plan.lines()
    await done(world.cycle, plan)
    assert held(world)[f"{ZONE}.", "TXT"] == (300, frozenset((stays, '"v=spf1 mx -all"')))
    taken = records(RecordSet(ZONE, "TXT", ("v=spf1 mx -all",), drops=(plan.steps[0].after.values[1],)))
    await done(world.cycle, await world.cycle.plan("x", "x", taken))
    assert held(world)[f"{ZONE}.", "TXT"] == (300, frozenset(('"v=spf1 mx -all"',)))
    for number in (2, 1):
        _ = [step async for step in world.again().undo(number, "Ada")]
    assert held(world) == before


async def test_two_texts_that_differ_in_their_pieces_alone_could_not_be_put_back(world: World) -> None:
    zone = world.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:
        txn.replace(dns.name.from_text(ZONE), dns.rdataset.from_text("IN", "TXT", 300, '"a" "b"', '"ab"'))
    before = held(world)
    with pytest.raises(FixProblem, match="by hand"):
        await world.cycle.plan("x", "x", records(RecordSet(ZONE, "TXT", ("v=spf1 -all",))))
    assert held(world) == before


@pytest.mark.parametrize(
    "wanted",
    [
        RecordSet("a" * 64 + ".good.example", "A", ("93.184.215.14",)),
        RecordSet("a..good.example", "A", ("93.184.215.14",)),
        RecordSet("a.good.example", "NOSUCH", ("x",)),
        RecordSet("a.good.example", "A", ("not an address",)),
        RecordSet("a.good.example", "MX", ("10 " + "b" * 70,)),
        RecordSet(ZONE, "NS", ()),
    ],
    ids=["long label", "empty label", "no type", "no address", "no name", "no name servers"],
)
async def test_what_no_name_server_takes_is_a_sentence(world: World, wanted: RecordSet) -> None:
    with pytest.raises(FixProblem) as caught:
        await world.cycle.plan("x", "x", records(wanted))
    assert caught.value.sentence.endswith(".")


async def test_a_key_that_is_no_key_is_said_and_not_shown(world: World) -> None:
    wrong = "not base64 at all!"
    cycle = type(world.cycle)(Places(lambda: world.project, {"tsig": Secret(wrong)}).find, world.book, lambda: NOW, {})
    plan = await world.cycle.plan("x", "x", records(SPF))
    last = (await done(cycle, plan))[-1]
    assert not last.ok
    assert "not in base64" in last.text
    assert wrong not in last.text
    assert wrong not in repr(world.book.lines)
    assert KEY not in repr(world.book.lines)


@pytest.mark.parametrize(
    "connection",
    [
        {"kind": "rfc2136"},
        {"kind": "rfc2136", "server": "ns.example", "port": "53", "zone": ZONE, "key": "k", "secret": "tsig"},
        {"kind": "rfc2136", "server": "127.0.0.1", "port": "many", "zone": ZONE, "key": "k", "secret": "tsig"},
        {"kind": "settings-file"},
        {},
    ],
)
def test_half_a_connection_is_none(connection: dict[str, str]) -> None:
    project = Project(ZONE, connections=(connection,))
    places = Places(lambda: project, {"tsig": Secret(KEY)})
    assert places.find("records", ZONE) is None
    assert places.find("setting", "https.redirect") is None


# ---- settings ----


async def set_to(path: Path, name: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    await SettingsFile(path).write([Step("setting", name, "", State(before), State(after))])


async def test_settings_that_no_step_names_keep_their_types_and_the_file_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"https.redirect": "off", "debug": true, "limits": {"a": [1, 2.5, null]}}')
    path.chmod(0o644)
    await set_to(path, "https.redirect", ("off",), ("301",))
    assert json.loads(path.read_text()) == {
        "https.redirect": "301",
        "debug": True,
        "limits": {"a": [1, 2.5, None]},
    }
    assert path.stat().st_mode & 0o777 == 0o644  # the server that reads it may be somebody else's
    with pytest.raises(FixProblem, match="by hand"):
        await set_to(path, "debug", (), ("on",))
    with pytest.raises(Moved, match="now 301"):
        await set_to(path, "https.redirect", ("off",), ("x",))


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "[]", "\x00", '{"a": "b"}' + " " * 2_100_000])
async def test_settings_that_cannot_be_read_are_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(FixProblem) as caught:
        await SettingsFile(path).read("a", "")
    assert caught.value.sentence.endswith(".")
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with pytest.raises(FixProblem, match="link"):
        await SettingsFile(link).read("a", "")


async def test_a_setting_that_was_not_there_goes_again(world: World) -> None:
    path = Path(world.project.connections[1]["path"])
    before = json.loads(path.read_text())
    await done(
        world.cycle,
        await world.cycle.plan("x", "x", Fix("setting", "Do.", settings=(Setting("headers.security", "on"),))),
    )
    assert json.loads(path.read_text()) == {**before, "headers.security": "on"}
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert json.loads(path.read_text()) == before


# ---- nothing in it acts ----


async def test_hostile_values_are_shown_as_stand_ins_and_put_back_as_they_were(world: World) -> None:
    zone = world.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:
        txn.replace(
            dns.name.from_text(ZONE),
            dns.rdataset.from_text("IN", "TXT", 300, r'"\027]52;c;aGk=\007[/]"', '"v=spf1 -all"'),
        )
    before = held(world)
    evil = (await _held_at(world).read(ZONE, "TXT")).values
    fix = records(RecordSet(ZONE, "TXT", ("v=spf1 -all",), drops=tuple(v for v in evil if v != "v=spf1 -all")))
    plan = await world.cycle.plan("x", EVIL, fix)
    assert acts("\n".join(line for _, line in plan.lines())) == []
    assert any("␛]52;c;aGk=␇[/]" in line for _, line in plan.lines())
    await done(world.cycle, plan)
    _ = [step async for step in world.cycle.undo(1, "Ada")]
    assert held(world) == before


def test_whatever_is_told_of_a_change_is_clean() -> None:
    step = Step("file", f"a{EVIL}", "text", State((EVIL,)), State((f"{EVIL}\n{EVIL}",)))
    change = Change(1, NOW, EVIL, EVIL, EVIL, EVIL, (step,), say=EVIL)
    plan = Plan(change.check, change.title, change.place, change.steps)
    told = [change.who, change.check, change.title, change.place, change.say, step.label, plan.summary]
    told += [text for _, text in plan.lines()]
    told += [Progress(EVIL).text, Sight("wrong", EVIL, servers=((EVIL, EVIL),)).text, FixProblem(EVIL).sentence]
    assert [text for text in told if acts(text)] == []
    assert change.steps[0].before.values == (EVIL,)  # what is put back is what was there
