"""Records at Cloudflare, on the stateful fake: every type, hostile edits, and what stands beside a value."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from launchready_tui import limits
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.model import ChangeState, FixProblem, Moved, State, Step
from launchready_tui.fixes.place import DnsPlace
from launchready_tui.fixes.providers import provider
from launchready_tui.model import RecordSet
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from tests.fakes.cloudflare import RIGHTS, TOKEN, Cloudflare
from tests.fixes.cloudflare_world import ZONE, World
from tests.fixes.cloudflare_world import world as made

LONG = "v=DKIM1; k=rsa; p=" + "A" * 380
IDNA = "b\u00fccher.good.example"


@pytest.fixture
def world() -> Iterator[World]:
    with made() as one:
        yield one


def sets(name: str, type: str, *values: str, ttl: int | None = 300) -> RecordSet:
    return RecordSet(name, type, values, ttl)


EVERY_TYPE = {
    "A": (sets("app.good.example", "A", "93.184.215.30", "93.184.215.31"), ["93.184.215.30", "93.184.215.31"]),
    "A, one of two": (sets(ZONE, "A", "93.184.215.14"), ["93.184.215.14"]),
    "AAAA": (sets(ZONE, "AAAA", "2606:2800:220:1:248:1893:25c8:1946"), ["2606:2800:220:1:248:1893:25c8:1946"]),
    "CNAME": (sets("www.good.example", "CNAME", "cname.host.example."), ["cname.host.example"]),
    "MX": (sets(ZONE, "MX", "1 mx1.mail.example.", "10 mx2.mail.example."), ["mx1.mail.example", "mx2.mail.example"]),
    "MX, none": (sets(ZONE, "MX", "0 ."), ["."]),
    "TXT over 255 bytes": (
        sets("k1._domainkey.good.example", "TXT", LONG),
        [f'"{LONG[:255]}" "{LONG[255:]}"'],
    ),
    "CAA": (sets(ZONE, "CAA", '0 issue "pki.goog"', '0 iodef "mailto:ada@good.example"'), None),
    "SRV": (sets("_sip._tcp.good.example", "SRV", "1 2 5060 sip.host.example."), ["2 5060 sip.host.example"]),
    "NS": (sets("shop.good.example", "NS", "ns1.shop.example.", "ns2.shop.example."), None),
    "HTTPS": (sets("www2.good.example", "HTTPS", '1 . alpn="h2,h3"'), ['1 . alpn="h2,h3"']),
    "TLSA": (sets("_25._tcp.good.example", "TLSA", "3 1 1 " + "ab" * 32), None),
    "quotes and semicolons": (
        sets("q.good.example", "TXT", 'say "hi"; or; "not" "so"', '"all of it"'),
        ['"\\"all of it\\""', '"say \\"hi\\"; or; \\"not\\" \\"so\\""'],
    ),
    "mixed case": (sets("Mixed.Good.Example", "CNAME", "Host.Example."), ["host.example"]),
    "mixed case of what is there": (sets("WWW.Good.example", "CNAME", "Host.Example."), ["host.example"]),
    "100 values": (sets("many.good.example", "TXT", *(f"value {at}" for at in range(100))), None),
    "the top": (sets(ZONE, "CNAME", "sites.host.example."), ["sites.host.example"]),
    "wildcard": (sets("*.good.example", "A", "93.184.215.30"), ["93.184.215.30"]),
    "IDNA": (sets(IDNA, "A", "93.184.215.30"), ["93.184.215.30"]),
    "a TTL that is automatic": (sets("auto.good.example", "A", "93.184.215.30", ttl=None), ["93.184.215.30"]),
    "gone": (sets("old.good.example", "A"), []),
}


@pytest.mark.parametrize("what", EVERY_TYPE)
async def test_fix_and_undo_leave_the_zone_as_it_was(world: World, what: str) -> None:
    wish, contents = EVERY_TYPE[what]
    before = world.fake.shown()
    ids = {record["id"] for record in next(iter(world.fake.zones.values())).records.values()}
    progress = await world.apply(wish)
    assert progress[-1].change is not None, progress
    assert progress[-1].change.state is ChangeState.APPLIED, progress[-1].text
    name = wish.name.encode("idna").decode().lower()
    kept = world.fake.contents(wish.type, name)
    assert len(kept) == len(wish.values)
    if contents is not None:
        assert kept == sorted(contents)
    assert world.writes() == 1  # one batch, whatever it holds
    world.again()
    undone = await world.undo()
    assert undone[-1].change is not None
    assert undone[-1].change.state is ChangeState.UNDONE
    assert world.fake.shown() == before
    still = {record["id"] for record in next(iter(world.fake.zones.values())).records.values()}
    assert len(ids & still) >= len(ids) - 2  # what a change did not name is the same record as before


@pytest.mark.parametrize(
    "wish",
    [
        sets("b.good.example", "TXT", "back\\slash"),
        sets("b.good.example", "TXT", "caf\u00e9"),
        sets("b.good.example", "TXT", "line\nbreak"),
        sets("b.good.example", "A", "93.184.215.300"),
        sets("b.good.example", "CNAME", "one.example.", "two.example."),
        sets("b.good.example", "CNAME", "nodot"),
        sets("elsewhere.example", "A", "93.184.215.30"),
        sets(ZONE, "NS", "ns1.other.example."),
        sets("b.good.example", "LOC", "51 30 12.748 N 0 7 39.612 W 0.00m 0.00m 0.00m 0.00m"),
        RecordSet("b.good.example", "A", ("192.168.0.1",), proxied=True),
    ],
)
async def test_what_could_not_be_as_shown_is_refused_before_anything(world: World, wish: RecordSet) -> None:
    before = world.fake.shown()
    with pytest.raises(FixProblem) as caught:
        await world.apply(wish)
    assert caught.value.sentence.endswith(".")
    assert world.writes() == 0
    assert world.fake.shown() == before
    assert world.book.lines == []


async def test_the_shield_comments_and_tags_of_what_stays_are_kept(world: World) -> None:
    await world.apply(sets(ZONE, "A", "93.184.215.14", "93.184.215.16"))
    records = next(iter(world.fake.zones.values())).records.values()
    told = {r["content"]: (r["proxied"], r["ttl"], r["comment"], r["tags"]) for r in records if r["type"] == "A"}
    assert told["93.184.215.14"] == (True, 1, 'the box; "old"', ["owner:ada", "made by hand"])
    assert told["93.184.215.16"] == (True, 1, None, [])  # a value of a proxied set is proxied: the address stays hidden
    assert "93.184.215.15" not in told


async def test_a_plan_shows_what_stands_beside(world: World) -> None:
    wish = RecordSet(ZONE, "A", ("93.184.215.14", "93.184.215.15"), proxied=False)
    place = provider("cloudflare").open({"zone": ZONE, "api": world.fake.api}, Secret(TOKEN))
    before = await place.read(ZONE, "A")
    assert before.ttl is None
    assert before.about("93.184.215.14")["comment"] == 'the box; "old"'
    await world.apply(wish)
    step = world.change().steps[0]
    assert {step.after.about(value)["proxied"] for value in step.after.values} == {"no"}
    assert step.after.about("93.184.215.14")["comment"] == 'the box; "old"'
    assert step.after.ttl == 300


async def test_an_address_in_the_place_of_a_shielded_alias_is_shielded(world: World) -> None:
    world.fake.add("CNAME", "shop", "shops.example", proxied=True)
    await world.apply(sets("shop.good.example", "A", "93.184.215.40"))
    records = next(iter(world.fake.zones.values())).records.values()
    assert [(r["type"], r["proxied"]) for r in records if r["name"] == "shop.good.example"] == [("A", True)]


async def test_a_txt_beside_an_alias_at_the_top_stays(world: World) -> None:
    await world.apply(sets(ZONE, "CNAME", "sites.host.example."))
    assert world.fake.contents("TXT", ZONE) == ['"v=spf1 -all"', '"verify=1"']
    assert world.fake.contents("A", ZONE) == []


@pytest.mark.parametrize(
    ("plan", "asked", "kept"), [("free", 30, 60), ("enterprise", 30, 30), ("pro", 604_800, 86_400)]
)
async def test_a_ttl_is_one_that_the_plan_takes(plan: str, asked: int, kept: int) -> None:
    with made(plan=plan) as world:
        await world.apply(sets("t.good.example", "A", "93.184.215.30", ttl=asked))
        assert world.change().state is ChangeState.APPLIED
        assert world.change().steps[0].after.ttl == kept


async def test_a_record_of_cloudflares_own_is_left_alone(world: World) -> None:
    world.fake.add("MX", "sub", "route1.mx.cloudflare.net", priority=1, meta={"email_routing": True, "read_only": True})
    with pytest.raises(FixProblem, match="Email Routing keeps it"):
        await world.apply(sets("sub.good.example", "MX", "10 mail.good.example."))
    assert world.writes() == 0


async def test_more_than_a_batch_takes_is_refused(world: World) -> None:
    with made(plan="free") as free:
        progress = await free.apply(sets("many.good.example", "TXT", *(f"value {at}" for at in range(201))))
        assert "takes 200 at once" in progress[-1].text
        assert free.change().state is ChangeState.FAILED
        assert free.writes() == 0


async def test_what_moved_since_the_plan_is_not_written(world: World) -> None:
    place = provider("cloudflare").open({"zone": ZONE, "api": world.fake.api}, Secret(TOKEN))
    live = await place.read("old.good.example", "A")
    step = await place.complete(Step("records", "old.good.example", "A", live, State(("93.184.215.21",), 300)))
    zone = next(iter(world.fake.zones.values()))
    record = next(one for one in zone.records.values() if one["name"] == "old.good.example")
    record["comment"] = "somebody else was here"
    with pytest.raises(Moved, match="Nothing was changed"):
        await place.write([step])
    assert world.writes() == 0


async def test_a_large_zone_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(limits, "CLOUDFLARE_PAGE", 5)
    place = provider("cloudflare").open({"zone": ZONE, "api": world.fake.api}, Secret(TOKEN))
    assert await place.count() == 8
    assert len(world.fake.requests) == 3  # the zone, two pages
    await place.read(ZONE, "TXT")
    assert len(world.fake.requests) == 3  # remembered for this plan


REACH: dict[str, tuple[dict[str, object], tuple[bool | None, bool | None], str, tuple[str, ...]]] = {
    "may write": ({}, (True, True), "read and change", ()),
    "may read": ({"rights": RIGHTS[:2]}, (True, False), "not change", ("Zone / DNS / Edit for good.example",)),
    "zone only": ({"rights": RIGHTS[:1]}, (False, False), "not its records", ("Zone / DNS / Edit for good.example",)),
    "no zone": (
        {"rights": ()},
        (False, False),
        "no zone good.example",
        ("Zone / Zone / Read for good.example", "Zone / DNS / Edit for good.example"),
    ),
    "expired": ({"status": "expired"}, (False, False), "expired", ()),
    "unknown": ({"token": "mistyped-token"}, (False, False), "does not know this token", ()),
}


@pytest.mark.parametrize("what", REACH)
async def test_how_far_a_token_reaches(world: World, what: str) -> None:
    given, (read, write), words, missing = REACH[what]
    world.fake.rights = given.get("rights", RIGHTS)  # type: ignore[assignment]
    world.fake.status = str(given.get("status", "active"))
    token = Secret(str(given.get("token", TOKEN)))
    reach = await provider("cloudflare").open({"zone": ZONE, "api": world.fake.api}, token).reach()
    assert (reach.read, reach.write) == (read, write)
    assert words in reach.say
    assert reach.missing == missing
    assert world.writes() == 0


async def test_a_provider_that_is_silent_is_neither_yes_nor_no() -> None:
    with Cloudflare(ZONE) as fake:
        api = fake.api
    reach = await provider("cloudflare").open({"zone": ZONE, "api": api}, Secret(TOKEN)).reach()
    assert (reach.read, reach.write) == (None, None)


async def test_the_token_is_nowhere_but_in_the_request(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.fake.echo = True  # refusals repeat the token
    world.fake.rights = RIGHTS[:2]
    place = provider("cloudflare").open({"zone": ZONE, "api": world.fake.api}, Secret(TOKEN))
    progress = await world.apply(sets("new.good.example", "A", "93.184.215.30"))
    said = caplog.text + repr(place) + repr(vars(place)) + " ".join(one.text for one in progress)
    assert "Zone / DNS / Edit for good.example" in progress[-1].text
    assert TOKEN not in said + repr(world.book.lines)


def test_another_address_counts_only_on_a_network_of_ones_own(world: World) -> None:
    """A founder's project.toml cannot send the token elsewhere."""
    connection = {"kind": "cloudflare", "zone": ZONE, "secret": "token", "api": world.fake.api}
    public = Project(ZONE, network=Network(private=False), connections=(connection,))
    place = Places(lambda: public, {"token": Secret(TOKEN)}).zone_of(ZONE)
    assert isinstance(place, DnsPlace)
    made = place._make(place._calm())  # type: ignore[attr-defined]
    assert made.api_url == "https://api.cloudflare.com/client/v4"
    assert made._sess.verify is True
    assert made._sess.trust_env is False
