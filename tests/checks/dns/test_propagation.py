from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from launchready_tui.changed import Changed, ChangedSet
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Delegation, NameServer, NoData, NxDomain, ServerFailed, TimedOut
from tests.world import NAME, NOW, Row, World, found, hold, said

WWW = f"www.{NAME}"
NEW, OLD, OTHER = "93.184.215.20", "93.184.215.14", "93.184.215.99"
ONE, TWO = "198.51.100.1", "198.51.100.2"
SERVERS = Delegation(
    NAME,
    found(NAME, "NS", f"ns1.{NAME}.", f"ns2.{NAME}."),
    "a.gtld (192.5.6.30)",
    (NameServer(f"ns1.{NAME}", (ONE,)), NameServer(f"ns2.{NAME}", (TWO,))),
)


def change(minutes_ago: float, *, ttl: int | None = 600, was: str = OLD, by_hand: bool = False) -> ChangedSet:
    at = NOW - dt.timedelta(minutes=minutes_ago)
    return ChangedSet(WWW, "A", (NEW,), (was,) if was else (), ttl, at, 3, by_hand=by_hand)


def world(
    one: ChangedSet | None,
    at_one: str | Answer = NEW,
    at_two: str | Answer = NEW,
    each: Mapping[str, str | Answer] | None = None,
    answers: tuple[object, ...] = (),
    more: Mapping[tuple[str, str], Answer] | None = None,
) -> World:
    def answer(value: str | Answer) -> Answer:
        return found(WWW, "A", value) if isinstance(value, str) else value

    return World(
        project=Project(NAME),
        dns={(WWW, "A"): answer(NEW), (NAME, "A"): found(NAME, "A", NEW), **(more or {})},
        at={(ONE, WWW, "A"): answer(at_one), (TWO, WWW, "A"): answer(at_two)},
        each={(resolver, WWW, "A"): answer(value) for resolver, value in (each or {}).items()},
        delegation=SERVERS,
        answers=answers,  # type: ignore[arg-type]  # Answer objects of answers.py; the name is taken here
        more=(Changed([one] if one else []),),
    )


SLOW = {(NAME, "MX"): found(NAME, "MX", f"10 mail.{NAME}.", ttl=86_400)}
SILENT = TimedOut(WWW, "A", 4.0)
EVIL = "\x1b]52;c;aGk=\x07"
TABLE: dict[str, list[Row]] = {
    "dns.change.propagation": [
        Row("everywhere", world(change(30)), Status.PASS, "1 changed record set is live"),
        Row("a case of its own", world(change(30), each={"9.9.9.9": SILENT}), Status.PASS),
        Row("nothing was changed", world(None), Status.INFO, "nothing is on its way"),
        Row("on its way", world(change(4), each={"9.9.9.9": OLD}), Status.WAITING, "9.9.9.9 still gives the old"),
        Row("how long", world(change(4), each={"9.9.9.9": OLD}), Status.WAITING, "Wait 6 min at most"),
        Row(
            "past its time, but not by much",
            world(change(15), each={"9.9.9.9": OLD}),
            Status.WAITING,
            "Wait 1 min at most",
        ),
        Row("held for far too long", world(change(21), each={"9.9.9.9": OLD}), Status.FAIL, "after twice its TTL"),
        Row("the servers differ for a moment", world(change(3), at_two=OLD), Status.WAITING, f"ns2.{NAME}"),
        Row("the servers differ for long", world(change(11), at_two=OLD), Status.FAIL, f"ns2.{NAME} still answers"),
        Row("it never arrived", world(change(11), OLD, OLD), Status.FAIL, "more than 10 minutes ago"),
        Row("changed again by somebody", world(change(11), OTHER, OTHER), Status.INFO, "changed again since"),
        Row("taken away and still there", world(change(11, was=""), NxDomain(WWW, "A", (), True), NEW), Status.FAIL),
        Row("one server is silent", world(change(30), at_two=SILENT), Status.PASS),
        Row("both are silent", world(change(30), SILENT, SILENT), Status.UNKNOWN, "could not tell"),
        Row("both are broken", world(change(30), ServerFailed(WWW, "A", "SERVFAIL"), SILENT), Status.UNKNOWN),
        Row(
            "no resolver answers",
            world(change(30), each=dict.fromkeys(("1.1.1.1", "8.8.8.8", "9.9.9.9", "208.67.222.222"), SILENT)),
            Status.UNKNOWN,
        ),
        Row(
            "it was not there before: how long the zone lets people remember that",
            world(
                change(1, ttl=None, was=""),
                each={"8.8.8.8": NoData(WWW, "A")},
                more={(NAME, "SOA"): found(NAME, "SOA", f"ns1.{NAME}. x.{NAME}. 1 2 3 4 300", ttl=900)},
            ),
            Status.WAITING,
            "Wait 4 min at most",
        ),
        Row("by hand, not put in yet", world(change(50, by_hand=True), OLD, OLD), Status.WAITING, "put it in by hand"),
        Row("by hand, never put in", world(change(121, by_hand=True), OLD, OLD), Status.INFO),
        Row("by hand, and live", world(change(121, by_hand=True)), Status.INFO),
        Row(
            "a change is planned and records are held for a day",
            world(None, answers=(said("dns.planned", "yes"),), more=SLOW),
            Status.WARN,
            f"MX {NAME} (86,400 s)",
        ),
        Row("no change is planned", world(None, answers=(said("dns.planned", "no"),), more=SLOW), Status.INFO),
        Row("hostile answers", world(change(4), at_one=EVIL, at_two=EVIL), Status.INFO, hostile=True),
    ],
}


def at_cloudflare(*sets: ChangedSet, a: Answer, cname: Answer | None = None, there: Delegation = SERVERS) -> World:
    """Behind a shield the zone's servers answer with its addresses, and know no alias (Cloudflare, "Proxy status")."""
    none = NoData(WWW, "CNAME", (), True)
    answers = {(WWW, "A"): a, (WWW, "CNAME"): cname or none}
    return World(
        project=Project(NAME),
        dns=answers,
        at={(server, *key): answer for server in (ONE, TWO) for key, answer in answers.items()},
        delegation=there,
        more=(Changed(sets),),
    )


SHIELD = found(WWW, "A", "104.21.3.4", "172.67.1.2")
AT = NOW - dt.timedelta(minutes=20)
ALIAS = ChangedSet(WWW, "CNAME", (f"{NAME}.",), (), None, AT, 3, shielded=True)
BARE = ChangedSet(WWW, "A", (NEW,), (OLD,), 600, AT, 3, shielded=True, bare=(OLD,))


CLOUDFLARE = Delegation(NAME, SERVERS.parent, SERVERS.asked, (NameServer("ada.ns.cloudflare.com", (ONE,)),))
TYPED = ChangedSet(WWW, "CNAME", (f"{NAME}.",), (), None, NOW - dt.timedelta(minutes=5), 3, by_hand=True)
MOVED = ChangedSet(WWW, "A", (NEW,), ("172.67.1.2", "104.21.3.4"), 300, NOW - dt.timedelta(minutes=5), 3, by_hand=True)


@pytest.mark.parametrize(
    ("there", "status"),
    [
        (at_cloudflare(ALIAS, a=SHIELD), Status.PASS),
        (at_cloudflare(ALIAS, ChangedSet(WWW, "A", (), (OLD,), 600, AT, 3), a=SHIELD), Status.PASS),
        (at_cloudflare(ALIAS, a=NoData(WWW, "A", (), True)), Status.FAIL),
        (at_cloudflare(BARE, a=SHIELD), Status.PASS),
        (at_cloudflare(BARE, a=found(WWW, "A", OLD)), Status.FAIL),
        (at_cloudflare(TYPED, a=SHIELD, there=CLOUDFLARE), Status.PASS),
        (at_cloudflare(TYPED, a=NoData(WWW, "A", (), True), there=CLOUDFLARE), Status.WAITING),
        (at_cloudflare(TYPED, a=SHIELD), Status.WAITING),
        (at_cloudflare(MOVED, a=SHIELD, there=CLOUDFLARE), Status.UNKNOWN),
    ],
    ids=[
        "an alias",
        "instead of an address",
        "not there",
        "an address",
        "what stood there without a shield",
        "typed in, and shielded by itself",
        "not typed in yet",
        "the shield of another host",
        "changed behind a shield",
    ],
)
async def test_behind_a_shield(there: World, status: Status) -> None:
    await hold("dns.change.propagation", Row("behind a shield", there, status))


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_a_long_ttl_is_set_without_changing_what_stands_there() -> None:
    row = next(row for row in TABLE["dns.change.propagation"] if row.status is Status.WARN)
    fix = (await hold("dns.change.propagation", row)).fix
    assert fix is not None
    assert [(r.name, r.type, r.values, r.ttl, r.retime) for r in fix.records] == [
        (NAME, "MX", (f"10 mail.{NAME}.",), 300, True)
    ]
