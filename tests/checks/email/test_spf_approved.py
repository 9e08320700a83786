"""email.spf.approved: the record against the founder's own list of senders."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.answers import Answer
from launchready_tui.engine import judge
from launchready_tui.model import Finding, Status
from launchready_tui.senders import guides
from launchready_tui.sources import dns
from tests.checks.email.test_spf_limits import CHIMP, FAILED, GOOGLE, GRID, TIMED_OUT, TOKEN, texts
from tests.checks.email.test_spf_limits import world as limits_world
from tests.world import NAME, Row, World, by_id, found, hold, said

ID = "email.spf.approved"


def named(*ticks: str, other: str = "") -> Answer:
    return said("email.senders", "listed", *ticks, other=other)


NOBODY = said("email.senders", "none")
GOOGLE_NAMED = named("google-workspace")


def world(
    record: str,
    answer: Answer | None = GOOGLE_NAMED,
    *others: str,
    more: Mapping[tuple[str, str], dns.Answer] | None = None,
    project: str = NAME,
    **names: str,
) -> World:
    base = limits_world(record, *others, more={**texts(names), **(more or {})}, project=project)
    return World(project=base.project, dns=base.dns, answers=(answer,) if answer else ())


GOOGLE_MX: dict[tuple[str, str], dns.Answer] = {(NAME, "MX"): found(NAME, "MX", "1 smtp.google.com.")}
FOREIGN_MX: dict[tuple[str, str], dns.Answer] = {
    (NAME, "MX"): found(NAME, "MX", "10 in.elsewhere.example."),
    ("in.elsewhere.example", "A"): found("in.elsewhere.example", "A", "93.184.215.20"),
}


def own(record: str) -> dict[tuple[str, str], dns.Answer]:
    """A record at another name of the founder's."""
    return {(f"_spf.{NAME}", "TXT"): found(f"_spf.{NAME}", "TXT", record)}


GOOGLE_LIST = {
    ("_spf.google.com", "TXT"): found("_spf.google.com", "TXT", "v=spf1 ip4:74.125.0.0/16 ip6:2001:4860:4000::/36 ~all")
}
WRITTEN_OUT = "v=spf1 ip4:74.125.0.0/16 ip6:2001:4860:4000::/36 ~all"
FULL = f"v=spf1 a mx {CHIMP} {GRID} ~all"  # 8 look-ups, and none of them is Google's

TABLE: dict[str, list[Row]] = {
    ID: [
        Row("equal", world(f"v=spf1 {GOOGLE} ~all"), Status.PASS, "whom you named, and nobody else"),
        Row("own mail servers need no naming", world(f"v=spf1 mx {GOOGLE} ~all"), Status.PASS),
        Row("the named inbox's mail servers", world(f"v=spf1 mx {GOOGLE} ~all", more=GOOGLE_MX), Status.PASS),
        Row("mail servers of somebody else", world(f"v=spf1 mx {GOOGLE} ~all", more=FOREIGN_MX), Status.WARN, "mx"),
        Row("an extra service", world(f"v=spf1 {GOOGLE} {CHIMP} ~all"), Status.WARN, "lets Mailchimp send as you"),
        Row(
            "an extra host", world(f"v=spf1 {GOOGLE} include:spf.old.example ~all", spf_old="v=spf1 ~all"), Status.WARN
        ),
        Row("an extra address", world(f"v=spf1 {GOOGLE} ip4:93.184.215.14 ~all"), Status.WARN, "93.184.215.14"),
        Row("the web server", world(f"v=spf1 a {GOOGLE} ~all"), Status.WARN, "the server at good.example"),
        Row(
            "behind a record of one's own",
            world("v=spf1 include:_spf.good.example ~all", more=own(f"v=spf1 {GOOGLE} {CHIMP} ~all")),
            Status.WARN,
            "in the record of _spf.good.example",
        ),
        Row(
            "a redirect to a record of one's own",
            world("v=spf1 redirect=_spf.good.example", more=own(f"v=spf1 {GOOGLE} ~all")),
            Status.PASS,
        ),
        Row(
            "a redirect to somebody",
            world("v=spf1 redirect=servers.mcsv.net", named()),
            Status.WARN,
            "redirect=servers.mcsv.net",
        ),
        Row("what stands for nobody is not extra", world(f"v=spf1 {GOOGLE} a:gone.example ~all"), Status.PASS),
        Row("what refuses is not extra", world(f"v=spf1 -ip4:93.184.215.14 {GOOGLE} ~all"), Status.PASS),
        Row("behind the all nobody sends", world(f"v=spf1 {GOOGLE} ~all {CHIMP}"), Status.PASS),
        Row(
            "a typed host",
            world(
                f"v=spf1 {GOOGLE} include:spf.old.example ~all",
                named("google-workspace", other="old.example"),
                spf_old="v=spf1 ~all",
            ),
            Status.PASS,
        ),
        Row(
            "a typed address",
            world(f"v=spf1 {GOOGLE} ip4:93.184.215.14 ~all", named("google-workspace", other="93.184.215.0/24")),
            Status.PASS,
        ),
        Row(
            "the web server by its address",
            world(f"v=spf1 a {GOOGLE} ~all", named("google-workspace", other="93.184.215.14")),
            Status.PASS,
        ),
        Row(
            "the web server by its name",
            world(f"v=spf1 a {GOOGLE} ~all", named("google-workspace", other=NAME)),
            Status.PASS,
        ),
        Row(
            "a list for each message, by its owner",
            world(
                f"v=spf1 {GOOGLE} include:%{{i}}._spf.vali.example ~all",
                named("google-workspace", other="vali.example"),
            ),
            Status.PASS,
        ),
        Row(
            "a list for each message, of nobody known",
            world(f"v=spf1 {GOOGLE} include:%{{i}}._spf.vali.example ~all"),
            Status.WARN,
            "_spf.vali.example",
        ),
        Row("missing, and bounces come here", world("v=spf1 mx ~all"), Status.FAIL, "You named Google Workspace"),
        Row(
            "a missing host",
            world("v=spf1 mx ~all", named(other="spf.old.example"), spf_old="v=spf1 ~all"),
            Status.FAIL,
            "include:spf.old.example",
        ),
        Row("a missing address", world("v=spf1 mx ~all", named(other="203.0.113.7")), Status.FAIL, "ip4:203.0.113.7"),
        Row(
            "an address that a network holds",
            world("v=spf1 mx ip4:203.0.113.0/24 ~all", named(other="203.0.113.7")),
            Status.WARN,
        ),
        Row(
            "asks for no entry",
            world(f"v=spf1 {GOOGLE} ~all", named("google-workspace", "mailchimp", "resend")),
            Status.INFO,
            "It does not list Resend and Mailchimp",
        ),
        Row("nobody sends, and nobody may", world("v=spf1 -all", NOBODY), Status.PASS, "nobody, as you said"),
        Row("nobody sends, and somebody may", world(f"v=spf1 {GOOGLE} ~all", NOBODY), Status.WARN, "v=spf1 -all"),
        Row(
            "no answer yet",
            world(f"v=spf1 {GOOGLE} {CHIMP} ~all", None),
            Status.UNKNOWN,
            "lets send: Google Workspace and Mailchimp",
        ),
        Row("does not know", world(f"v=spf1 {GOOGLE} ~all", said("email.senders", "unknown")), Status.UNKNOWN),
        Row(
            "missing, or behind what is silent",
            world(f"v=spf1 {CHIMP} ~all", more=TIMED_OUT),
            Status.UNKNOWN,
            "another look",
        ),
        Row("missing, or behind what fails", world(f"v=spf1 {CHIMP} ~all", more=FAILED), Status.UNKNOWN),
        Row("everybody", world(f"v=spf1 {GOOGLE} +all"), Status.WARN, f"v=spf1 {GOOGLE} ~all"),
        Row(
            "a record of one's own in silence",
            world(
                f"v=spf1 {GOOGLE} include:_spf.good.example ~all",
                more={(f"_spf.{NAME}", "TXT"): dns.TimedOut(f"_spf.{NAME}", "TXT", 4.0)},
            ),
            Status.UNKNOWN,
            "include:_spf.good.example could not be told",
        ),
        Row(
            "mail servers in silence",
            world(f"v=spf1 mx {GOOGLE} ~all", more={(NAME, "MX"): dns.TimedOut(NAME, "MX", 4.0)}),
            Status.UNKNOWN,
            "mx could not be told",
        ),
        Row(
            "a named service in silence is named all the same",
            world(
                f"v=spf1 {GOOGLE} ~all", more={("_spf.google.com", "TXT"): dns.ServerFailed("_spf.google.com", "TXT")}
            ),
            Status.PASS,
        ),
        Row(
            "silence",
            World(dns={(NAME, "TXT"): dns.TimedOut(NAME, "TXT", 4.0)}, answers=(GOOGLE_NAMED,)),
            Status.UNKNOWN,
        ),
        Row("no record", World(dns={(NAME, "TXT"): found(NAME, "TXT", TOKEN)}, answers=(GOOGLE_NAMED,)), Status.INFO),
        Row("two records", world("v=spf1 mx ~all", GOOGLE_NAMED, "v=spf1 -all"), Status.INFO),
        Row(
            "of the name above", world(f"v=spf1 {GOOGLE} ~all", project=f"app.{NAME}"), Status.PASS, f"record of {NAME}"
        ),
        Row(
            "a list that makes up a name for each message",
            world("v=spf1 include:%{i}._ip.%{d}._spf.keeper.example ~all"),
            Status.UNKNOWN,
            "Whether it lets Google Workspace send, only that list can tell",
        ),
        Row(
            "such a list behind an include",
            world("v=spf1 include:spf.keeper.example ~all", spf_keeper="v=spf1 exists:%{i}.keeper.example ~all"),
            Status.UNKNOWN,
            "exists:%{i}.keeper.example",
        ),
        Row("a service's addresses written out", world(WRITTEN_OUT, more=GOOGLE_LIST), Status.PASS),
        Row(
            "some of a service's addresses",
            world("v=spf1 ip4:74.125.0.0/16 ~all", more=GOOGLE_LIST),
            Status.FAIL,
            "does not let it send",
        ),
        Row(
            "escapes in an answer",
            world(f"v=spf1 {GOOGLE} ~all", named("google-workspace", other="\x1b[2J\u202e")),
            Status.PASS,
            hostile=True,
        ),
        Row(
            "a name that is all markup",
            world(
                f"v=spf1 {GOOGLE} include:[@click=app.quit].x.example ~all",
                more={("[@click=app.quit].x.example", "TXT"): found("x", "TXT", "v=spf1 ~all")},
            ),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


async def finding(world: World, status: Status) -> Finding:
    return await hold(ID, Row("here", world, status))


def proposed(finding: Finding) -> str:
    assert finding.fix is not None
    assert [(each.name, each.type, each.values[0]) for each in finding.fix.records] == [(NAME, "TXT", TOKEN)]
    return finding.fix.records[0].values[1]


async def test_who_was_not_named_goes_and_the_order_stays() -> None:
    seen = await finding(world(f"v=spf1 {CHIMP} mx {GOOGLE} ip4:93.184.215.14 -all"), Status.WARN)
    assert proposed(seen) == f"v=spf1 mx {GOOGLE} -all"
    assert seen.fix is not None
    assert (
        "It leaves out include:servers.mcsv.net (Mailchimp, 4 look-ups: you did not name it as a sender)"
        in seen.fix.say
    )
    assert "It then needs 5 of 10 look-ups." in seen.fix.say
    assert "add it to your list of senders instead" in seen.fix.say


async def test_who_is_missing_is_added_before_the_end_and_counted() -> None:
    seen = await finding(world("v=spf1 mx -all exp=why.good.example"), Status.FAIL)
    assert proposed(seen) == f"v=spf1 mx {GOOGLE} -all exp=why.good.example"
    assert seen.fix is not None
    assert "It adds include:_spf.google.com. It then needs 5 of 10 look-ups." in seen.fix.say


async def test_where_there_is_no_room_who_was_not_named_makes_it() -> None:
    seen = await finding(world(FULL), Status.FAIL)
    assert proposed(seen) == f"v=spf1 mx {GOOGLE} ~all"
    assert seen.fix is not None
    assert "It then needs 5 of 10 look-ups." in seen.fix.say


async def test_addresses_of_a_named_service_are_nobody_else() -> None:
    seen = await finding(world(f"{WRITTEN_OUT[:-5]} {CHIMP} ~all", more=GOOGLE_LIST), Status.WARN)
    assert proposed(seen) == WRITTEN_OUT
    seen = await finding(world("v=spf1 ip4:74.125.0.0/16 ~all", more=GOOGLE_LIST), Status.FAIL)
    assert proposed(seen) == f"v=spf1 ip4:74.125.0.0/16 {GOOGLE} ~all"


async def test_nobody_stands_twice_among_those_who_may_send() -> None:
    seen = await finding(world(f"v=spf1 mx {GOOGLE} ~all", None, more=GOOGLE_MX), Status.UNKNOWN)
    assert "lets send: Google Workspace. Nobody" in seen.saw


async def test_where_there_is_no_room_at_all_a_person_decides() -> None:
    full = f"v=spf1 {' '.join(f'a:h{n}.{NAME}' for n in range(8))} ~all"
    more: dict[tuple[str, str], dns.Answer] = {
        (f"h{n}.{NAME}", "A"): found(f"h{n}.{NAME}", "A", "93.184.215.14") for n in range(8)
    }
    seen = await finding(world(full, named("google-workspace", other="93.184.215.14"), more=more), Status.FAIL)
    assert seen.fix is not None
    assert seen.fix.kind == "steps"
    assert "would need 12 look-ups, and receivers stop at 10" in seen.fix.say


async def test_a_service_with_a_bounce_address_of_its_own_is_not_missed() -> None:
    """Every guide whose list may stand in the founder's record, and whose bounces may go to its own address."""
    for guide in guides():
        seen = (await finding_of(world(f"v=spf1 {GOOGLE} ~all", named("google-workspace", guide.id)))).status
        here = guide.return_path == "yours" and not guide.return_path_sub
        expected = Status.FAIL if here and guide.include else Status.INFO
        assert seen is (Status.PASS if guide.id == "google-workspace" else expected), guide.id


async def finding_of(world: World) -> Finding:
    return await judge(by_id(ID), world.context())
