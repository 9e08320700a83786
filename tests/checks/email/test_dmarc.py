"""email.dmarc.record: the record, and whether its reports have somewhere to go (policy: test_dmarc_policy.py)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.sources import dns
from tests.world import NAME, Row, World, found, hold, said

AT = f"_dmarc.{NAME}"
START = f"v=DMARC1; p=none; rua=mailto:dmarc@{NAME}"
STRICT = f"v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@{NAME}"


def dmarc(*values: str, **elsewhere: str) -> World:
    """TXT at _dmarc.good.example; `elsewhere` are TXT of <key with dots>."""
    answers: dict[tuple[str, str], dns.Answer] = {(NAME, "A"): found(NAME, "A", "93.184.215.14")}
    if values:
        answers[AT, "TXT"] = found(AT, "TXT", *values)
    for key, value in elsewhere.items():
        name = key.replace("__", "_").replace("0", ".")
        answers[name, "TXT"] = found(name, "TXT", value)
    return World(dns=answers)


def silent(*values: str) -> World:
    """A domain with a null MX."""
    return replace(dmarc(*values), dns={**dmarc(*values).dns, (NAME, "MX"): found(NAME, "MX", "0 .")})


def outside(report: dns.Answer) -> World:
    return World(
        dns={
            (AT, "TXT"): found(AT, "TXT", "v=DMARC1; p=none; rua=mailto:x@reports.example.net"),
            (f"{NAME}._report._dmarc.reports.example.net", "TXT"): report,
        }
    )


ASKED = f"{NAME}._report._dmarc.reports.example.net"
SILENT = World(dns={(AT, "TXT"): dns.TimedOut(AT, "TXT", 4.0)})
TABLE: dict[str, list[Row]] = {
    "email.dmarc.record": [
        Row("a good start", dmarc(START), Status.PASS, "one DMARC record"),
        Row("an outside host that takes reports", outside(found(ASKED, "TXT", "v=DMARC1")), Status.PASS),
        Row("an outside host that does not", outside(dns.NxDomain(ASKED, "TXT")), Status.WARN, "reports.example.net"),
        Row("an outside host that is silent", outside(dns.TimedOut(ASKED, "TXT", 4.0)), Status.UNKNOWN),
        Row("no address for reports", dmarc("v=DMARC1; p=none"), Status.WARN, "no address for reports"),
        Row("no address, and no mail either", silent("v=DMARC1; p=reject"), Status.WARN, "another domain of yours"),
        Row(
            "no address, and nothing sends mail",
            replace(silent("v=DMARC1; p=reject"), answers=(said("email.senders", "none"),)),
            Status.PASS,
            "by your word",
        ),
        Row("a domain that calls itself an ending", dmarc(f"{START}; psd=y"), Status.WARN, "psd=y"),
        Row("an address where no mail goes", silent(START), Status.WARN, "takes no mail"),
        Row(
            "an outside host that sends them on to another",
            outside(found(ASKED, "TXT", "v=DMARC1; rua=mailto:a@elsewhere.example")),
            Status.WARN,
            "reports.example.net",
        ),
        Row(
            "an outside host whose confirmation no name can hold",
            dmarc(f"v=DMARC1; p=none; rua=mailto:x@{'.'.join(['a' * 60] * 4)[:240]}.net"),
            Status.WARN,
            "None will arrive",
        ),
        Row(
            "a report was seen",
            replace(dmarc(START), answers=(said("email.dmarc", "new", "arrives"),)),
            Status.PASS,
            "Ada saw one arrive",
        ),
        Row("nobody saw one", dmarc(START), Status.PASS, "only you can see"),
        Row(
            "none, of a domain that sends nothing",
            replace(dmarc(), answers=(said("email.senders", "none"),)),
            Status.FAIL,
            "p=reject; sp=reject; np=reject",
        ),
        Row("none, of a domain that takes nothing", silent(), Status.FAIL, "another domain of yours"),
        Row("obsolete tags", dmarc(f"{START}; pct=50; ri=3600"), Status.WARN, "pct and ri"),
        Row("none", dmarc(), Status.FAIL, "no DMARC record"),
        Row("several", dmarc(START, STRICT), Status.FAIL, "2 DMARC records"),
        Row("at the apex", World(dns={(NAME, "TXT"): found(NAME, "TXT", START)}), Status.FAIL, "and not at"),
        Row("in small letters", dmarc("v=dmarc1; p=none"), Status.FAIL, "do not see"),
        Row("a policy nobody knows", dmarc("v=DMARC1; p=monitor"), Status.FAIL, "does not count"),
        Row("neither policy nor reports", dmarc("v=DMARC1;"), Status.FAIL, "does not count"),
        Row("silence", SILENT, Status.UNKNOWN, "another look"),
        Row(
            "silence of the ending matters to nobody",
            World(dns={(AT, "TXT"): dns.NxDomain(AT, "TXT"), ("_dmarc.example", "TXT"): dns.ServerFailed("", "TXT")}),
            Status.FAIL,
        ),
        Row(
            "a subdomain inherits",
            World(project=Project(f"app.{NAME}"), dns={(AT, "TXT"): found(AT, "TXT", START)}),
            Status.PASS,
            f"inherited from {NAME}",
        ),
        Row(
            "a subdomain whose parent is silent",
            World(project=Project(f"app.{NAME}"), dns={(AT, "TXT"): dns.TimedOut(AT, "TXT", 4.0)}),
            Status.UNKNOWN,
        ),
        Row("escapes", dmarc("v=DMARC1; p=\x1b[31mnone\u202e; rua=[@click=app.quit]x[/]"), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def finding(id: str, world: World, status: Status) -> Finding:
    return await hold(id, Row("here", world, status))


def proposed(finding: Finding) -> tuple[str, ...]:
    assert finding.fix is not None
    assert [(each.name, each.type) for each in finding.fix.records] == [(AT, "TXT")]
    return finding.fix.records[0].values


async def test_what_is_proposed_is_one_whole_record_that_passes() -> None:
    watching = f"v=DMARC1; p=none; np=reject; rua=mailto:dmarc@{NAME}"
    cases = [
        (dmarc(), Status.FAIL, START),
        # None of them counts today, so the mildest is taken: raising it waits for proof.
        (dmarc("v=DMARC1; p=none", STRICT), Status.FAIL, watching),
        (dmarc("v=DMARC1; p=none"), Status.WARN, START),
        (dmarc(f"{START}; pct=50; ri=3600; colour=red"), Status.WARN, START),
        (dmarc(f'"{START}"'), Status.FAIL, START),
        (dmarc("v=dmarc1; p=none; rua=mailto:me@good.example"), Status.FAIL, START.replace("dmarc@", "me@")),
        (
            dmarc("v=DMARC1; p=none; p=reject; rua=mailto:me@good.example"),
            Status.FAIL,
            START.replace("dmarc@", "me@"),
        ),
    ]
    for world, status, expected in cases:
        assert proposed(await finding("email.dmarc.record", world, status)) == (expected,)
        assert (await finding("email.dmarc.record", dmarc(expected), Status.PASS)).status is Status.PASS


async def test_an_address_that_we_made_up_must_exist_first() -> None:
    fix = (await finding("email.dmarc.record", dmarc(), Status.FAIL)).fix
    assert fix is not None
    assert f"dmarc@{NAME} exists" in fix.say


@pytest.mark.parametrize("world", [dmarc(), dmarc(START, STRICT), dmarc("v=DMARC1; p=monitor")])
async def test_both_checks_name_one_cause_for_one_fault(world: World) -> None:
    both = ("email.dmarc.record", "email.dmarc.policy")
    assert {(await finding(id, world, Status.FAIL)).cause for id in both} == {f"dmarc:{NAME}"}


async def test_beside_an_alias_no_record_is_added() -> None:
    kept = found(AT, "TXT", "v=DMARC1; p=none", aliases=("good.dmarc.example.net",))
    row = Row("an alias", World(dns={(AT, "TXT"): kept}), Status.WARN, "good.dmarc.example.net")
    fix = (await hold("email.dmarc.record", row)).fix
    assert fix is not None
    assert (fix.kind, fix.records) == ("steps", ())
