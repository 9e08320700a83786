"""email.spf.limits: look-ups counted to the leaves, empty ones, loops, size, and what could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.sources import dns
from tests.world import NAME, Row, World, found, hold, said

ID = "email.spf.limits"
TOKEN = "google-site-verification=abc"
HERE: dict[tuple[str, str], dns.Answer] = {
    (NAME, "A"): found(NAME, "A", "93.184.215.14"),
    (NAME, "MX"): found(NAME, "MX", "10 mx.good.example."),
    ("mx.good.example", "A"): found("mx.good.example", "A", "93.184.215.15"),
}
# Services as they are laid out: their names, and what each costs with itself.
SERVICES = {
    "_spf.google.com": "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com "
    "include:_netblocks3.google.com ~all",
    "_netblocks.google.com": "v=spf1 ip4:35.190.247.0/24 ~all",
    "_netblocks2.google.com": "v=spf1 ip6:2001:4860:4000::/36 ~all",
    "_netblocks3.google.com": "v=spf1 ip4:172.217.0.0/19 ~all",
    "servers.mcsv.net": "v=spf1 include:m1.mcsv.net include:m2.mcsv.net include:m3.mcsv.net ?all",
    "m1.mcsv.net": "v=spf1 ip4:205.201.128.0/20 ?all",
    "m2.mcsv.net": "v=spf1 ip4:198.2.128.0/18 ?all",
    "m3.mcsv.net": "v=spf1 ip4:148.105.8.0/21 ?all",
    "sendgrid.net": "v=spf1 ip4:167.89.0.0/17 include:ab.sendgrid.net ~all",
    "ab.sendgrid.net": "v=spf1 ip4:149.72.0.0/16 ~all",
}


def texts(names: Mapping[str, str]) -> dict[tuple[str, str], dns.Answer]:
    """TXT records by key: "spf_old" is spf.old.example."""
    full = {f"{key.replace('_', '.')}.example": value for key, value in names.items()}
    return {(name, "TXT"): found(name, "TXT", value) for name, value in full.items()}


def world(
    record: str,
    *others: str,
    answers: bool = False,
    tcp: bool = False,
    project: str = NAME,
    more: Mapping[tuple[str, str], dns.Answer] | None = None,
    **names: str,
) -> World:
    """good.example with this record; `names` as texts() has them. `answers`: Google Workspace alone was named."""
    told: dict[tuple[str, str], dns.Answer] = {**HERE, (NAME, "TXT"): found(NAME, "TXT", TOKEN, record, *others)}
    for name, value in SERVICES.items():
        told[name, "TXT"] = found(name, "TXT", value)
    return World(
        project=Project(project),
        dns={**told, **texts(names), **(more or {})},
        tcp=frozenset({(NAME, "TXT")}) if tcp else frozenset(),
        answers=(said("email.senders", "listed", "google-workspace"),) if answers else (),
    )


GOOGLE, CHIMP, GRID = "include:_spf.google.com", "include:servers.mcsv.net", "include:sendgrid.net"
TWELVE = f"v=spf1 a mx {GOOGLE} {CHIMP} {GRID} ~all"
NINE = f"v=spf1 mx {GOOGLE} {CHIMP} ~all"
EIGHT = f"v=spf1 {GOOGLE} {CHIMP} ~all"
LONG = "v=spf1 " + " ".join(f"ip4:93.184.{n}.0/24" for n in range(100, 123)) + " ~all"
LONGER = "v=spf1 " + " ".join(f"ip4:93.184.{n}.0/24" for n in range(100, 127)) + " ~all"
TIMED_OUT = {("servers.mcsv.net", "TXT"): dns.TimedOut("servers.mcsv.net", "TXT", 4.0)}
FAILED = {("servers.mcsv.net", "TXT"): dns.ServerFailed("servers.mcsv.net", "TXT")}
CHAIN = {f"c{n}": f"v=spf1 include:c{n + 1}.example ~all" for n in range(60)}
ELEVEN_MX: dict[tuple[str, str], dns.Answer] = {
    ("many.example", "MX"): found("many.example", "MX", *(f"{n} m{n}.many.example." for n in range(10, 21)))
}

TABLE: dict[str, list[Row]] = {
    ID: [
        Row("few", world("v=spf1 mx ~all"), Status.PASS, "needs 1 of 10 look-ups"),
        Row("none at all", world("v=spf1 ip4:93.184.215.14 -all"), Status.PASS, "needs 0 of 10"),
        Row("eight", world(EIGHT), Status.PASS, "8 of 10"),
        Row("behind the all nothing counts", world(f"{EIGHT} a mx a:x.example"), Status.PASS, "8 of 10"),
        Row("a redirect beside an all", world(f"{EIGHT} redirect=loop.example"), Status.PASS, "8 of 10"),
        Row("nine", world(NINE), Status.WARN, "9 of 10"),
        Row("ten", world(f"v=spf1 a mx {GOOGLE} {CHIMP} ~all"), Status.WARN, "10 of 10"),
        Row("twelve", world(TWELVE), Status.FAIL, "needs 12 look-ups; receivers stop at 10"),
        Row("the dearest is named", world(TWELVE), Status.FAIL, "Google Workspace alone costs 4."),
        Row(
            "the dearest that nobody named",
            world(TWELVE, answers=True),
            Status.FAIL,
            "Mailchimp alone costs 4, and you did not name it as a sender.",
        ),
        Row("by a redirect", world("v=spf1 redirect=big.example", big=TWELVE), Status.FAIL, "needs 13 look-ups"),
        Row("eleven in a row", world(f"v=spf1 {' '.join(['a'] * 11)} ~all"), Status.FAIL, "needs 11"),
        Row(
            "two empty", world("v=spf1 a:x.example exists:y.example mx ~all"), Status.PASS, "2 of them come back empty"
        ),
        Row(
            "three empty",
            world("v=spf1 a:x.example exists:y.example mx:z.example ~all"),
            Status.FAIL,
            "3 names that have nothing to say (x.example, y.example and z.example)",
        ),
        Row(
            "an empty one with the other kind of address",
            world(
                "v=spf1 a:x.example a:y.example a:z.example ~all",
                more={(f"{one}.example", "AAAA"): found(f"{one}.example", "AAAA", "2606:2800:21f::1") for one in "xyz"},
            ),
            Status.PASS,
            "3 of 10",
        ),
        Row("a loop", world("v=spf1 include:a.example ~all", a=f"v=spf1 include:{NAME} ~all"), Status.FAIL, "itself"),
        Row("a loop of one", world(f"v=spf1 include:{NAME} ~all"), Status.FAIL, "leads back to itself"),
        Row("an include of nothing", world("v=spf1 include:gone.example ~all"), Status.FAIL, "has no SPF record"),
        Row(
            "an include with a mistake",
            world("v=spf1 include:bad.example ~all", bad="v=spf1 ip4:1.2.3 ~all"),
            Status.FAIL,
            "has a mistake",
        ),
        Row(
            "an include with two",
            world(
                "v=spf1 include:two.example ~all",
                more={("two.example", "TXT"): found("two.example", "TXT", "v=spf1 ~all", "v=spf1 -all")},
            ),
            Status.FAIL,
            "2 SPF records",
        ),
        Row(
            "eleven mail servers", world("v=spf1 mx:many.example ~all", more=ELEVEN_MX), Status.FAIL, "11 mail servers"
        ),
        Row("ptr costs one", world("v=spf1 ptr mx ~all"), Status.PASS, "2 of 10"),
        Row("names made by macros", world("v=spf1 exists:%{i}._spf.x.example mx ~all"), Status.PASS, "2 of 10"),
        Row(
            "a list for each message",
            world("v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.vali.example ~all"),
            Status.PASS,
            "at least 1 of 10",
        ),
        Row("a macro that is the domain", world("v=spf1 include:%{d}.x.example ~all"), Status.FAIL, "good.example.x"),
        Row("450 bytes", world(LONG), Status.WARN, "bytes long"),
        Row("more than 512 bytes, in one packet", world(LONGER), Status.WARN, "bytes long"),
        Row("more than 512 bytes, and cut", world(LONGER, tcp=True), Status.FAIL, "no longer fits one packet"),
        Row("short, and cut by its neighbours", world("v=spf1 mx ~all", tcp=True), Status.PASS),
        Row(
            "an include in silence", world(EIGHT, more=TIMED_OUT), Status.UNKNOWN, "servers.mcsv.net could not be told"
        ),
        Row("an include that fails", world(EIGHT, more=FAILED), Status.UNKNOWN, "SERVFAIL"),
        Row(
            "past the limit all the same",
            world(f"v=spf1 {' '.join(['a'] * 10)} {CHIMP} ~all", more=TIMED_OUT),
            Status.FAIL,
        ),
        Row(
            "silence itself",
            World(dns={(NAME, "TXT"): dns.TimedOut(NAME, "TXT", 4.0)}),
            Status.UNKNOWN,
            "another look",
        ),
        Row("no record", World(dns={(NAME, "TXT"): found(NAME, "TXT", TOKEN)}), Status.INFO, "nothing to count"),
        Row("two records", world("v=spf1 mx ~all", EIGHT), Status.INFO, "Merged into one they need 9 of 10"),
        Row("a mistake of its own", world("v=spf1 mx moo ~all"), Status.INFO, "has a mistake"),
        Row("of the name above", world(EIGHT, project=f"app.{NAME}"), Status.PASS, f"record of {NAME}"),
        Row(
            "escapes in names",
            world("v=spf1 include:a\\027[2J.example include:\u202e.example ~all"),
            Status.INFO,
            hostile=True,
        ),
        Row(
            "escapes behind an include",
            world("v=spf1 include:dark.example ~all", dark="v=spf1 include:\x1b]52;c;AAAA\x07.example ~all\u202e"),
            Status.FAIL,
            "has a mistake",
            hostile=True,
        ),
        Row(
            "a chain without end", world("v=spf1 include:c0.example ~all", more=texts(CHAIN)), Status.FAIL, hostile=True
        ),
        Row(
            "64 kilobytes of addresses",
            world("v=spf1 " + "ip4:93.184.215.14 " * 3_600 + "~all", tcp=True),
            Status.FAIL,
            "no longer fits one packet",
            hostile=True,
        ),
        Row(
            "four thousand includes",
            world("v=spf1 " + " ".join(f"include:i{n}.example" for n in range(4_000)) + " ~all"),
            Status.FAIL,
            "look-ups; receivers stop at 10",
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


async def finding(world: World, status: Status = Status.FAIL) -> Finding:
    return await hold(ID, Row("here", world, status))


def proposed(finding: Finding) -> str:
    assert finding.fix is not None
    assert [(each.name, each.type, each.values[0]) for each in finding.fix.records] == [(NAME, "TXT", TOKEN)]
    return finding.fix.records[0].values[1]


async def test_the_evidence_is_a_tree_with_costs_and_names() -> None:
    shown = "\n".join(each.text for each in (await finding(world(TWELVE, answers=True))).evidence)
    assert shown.splitlines()[:7] == [
        "good.example: 12 look-ups (receivers stop at 10), 86 bytes",
        "├ a                                  1  you did not name it",
        "├ mx                                 1",
        "├ include:_spf.google.com            4  Google Workspace",
        "│ ├ include:_netblocks.google.com    1",
        "│ ├ include:_netblocks2.google.com   1",
        "│ └ include:_netblocks3.google.com   1",
    ]
    assert "├ include:servers.mcsv.net           4  Mailchimp; you did not name it" in shown


async def test_who_was_not_named_goes_and_the_count_is_said() -> None:
    found = await finding(world(TWELVE, answers=True))
    assert proposed(found) == f"v=spf1 mx {GOOGLE} ~all"
    assert found.fix is not None
    assert "include:servers.mcsv.net (Mailchimp, 4 look-ups: you did not name it as a sender)" in found.fix.say
    assert "It then needs 5 of 10 look-ups." in found.fix.say
    assert found.question is None


async def test_where_nobody_was_asked_nothing_is_dropped_and_the_question_is_offered() -> None:
    found = await finding(world(TWELVE))
    assert found.fix is not None
    assert (found.fix.kind, found.question) == ("steps", "email.senders")
    assert f"{GOOGLE} (Google Workspace: 4), {CHIMP} (Mailchimp: 4) and {GRID} (SendGrid: 2)" in found.fix.say


async def test_what_leads_nowhere_goes_without_asking() -> None:
    dead = await finding(world("v=spf1 mx a:x.example a:y.example include:gone.example ip4:93.184.215.14 -all"))
    assert proposed(dead) == "v=spf1 mx ip4:93.184.215.14 -all"
    twice = await finding(world(f"v=spf1 {' '.join(['a'] * 11)} {GOOGLE} ~all"))
    assert proposed(twice) == f"v=spf1 a {GOOGLE} ~all"


async def test_an_mx_goes_where_the_inbox_service_has_its_list_there() -> None:
    at_google: dict[tuple[str, str], dns.Answer] = {(NAME, "MX"): found(NAME, "MX", "1 smtp.google.com.")}
    at_google["smtp.google.com", "A"] = found("smtp.google.com", "A", "142.250.27.26")
    seen = await finding(world(f"v=spf1 mx {GOOGLE} {CHIMP} ~all", more=at_google), Status.WARN)
    assert proposed(seen) == f"v=spf1 {GOOGLE} {CHIMP} ~all"
    assert seen.fix is not None
    assert "mx (1 look-up: include:_spf.google.com names the servers that Google Workspace sends from)" in seen.fix.say
    own = await finding(world(f"v=spf1 mx {GOOGLE} {CHIMP} ~all"), Status.WARN)
    assert own.fix is not None
    assert own.fix.kind == "steps"


async def test_a_redirect_is_never_dropped() -> None:
    found = await finding(world("v=spf1 redirect=gone.example"))
    assert found.fix is not None
    assert (found.fix.kind, found.fix.records) == ("steps", ())


async def test_a_fix_that_would_leave_nobody_is_no_fix() -> None:
    found = await finding(world(f"v=spf1 {CHIMP} include:gone.example ~all", answers=True))
    assert found.fix is not None
    assert found.fix.kind == "steps"
    assert "Put in who sends your mail, and take out include:servers.mcsv.net" in found.fix.say


async def test_what_may_be_the_founders_own_is_not_left_out_to_save_look_ups() -> None:
    """An address costs nothing; whom a list lets send that makes up a name for each message, nobody can read."""
    record = f"v=spf1 a mx ip4:93.184.215.99 include:%{{i}}.keeper.example {CHIMP} {GRID} ~all"
    here = replace(world(record), answers=(said("email.senders", "listed", "sendgrid"),))
    seen = await hold(ID, Row("here", here, Status.WARN))
    assert seen.fix is not None
    assert "servers.mcsv.net" not in seen.fix.copy
    assert "ip4:93.184.215.99" in seen.fix.copy
    assert "include:%{i}.keeper.example" in seen.fix.copy
