"""email.transport.policy: MTA-STS and TLS-RPT, absent, right, and wrong in every way that turns mail away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from launchready_tui.model import Severity, Status
from launchready_tui.project import Project
from launchready_tui.sources import dns, web
from launchready_tui.sources.smtp import Greeting, NoGreeting
from launchready_tui.sources.tls import Certificate, Fault, Verdict
from tests.world import NAME, NOW, Row, World, found, hold

MAIL, BACKUP = f"mail.{NAME}", f"mail2.{NAME}"
STS, RPT = f"_mta-sts.{NAME}", f"_smtp._tls.{NAME}"
URL = f"https://mta-sts.{NAME}/.well-known/mta-sts.txt"
TXT = found(STS, "TXT", "v=STSv1; id=20261124")
REPORTS = found(RPT, "TXT", f"v=TLSRPTv1; rua=mailto:tls@{NAME}")
MX = found(NAME, "MX", f"10 {MAIL}.", f"20 {BACKUP}.")
LEAF = Certificate(MAIL, "R11", NOW - dt.timedelta(9), NOW + dt.timedelta(80), (MAIL,), "ecdsa256", "sha256", "ab" * 32)
PLAIN = (("content-type", "text/plain; charset=utf-8"),)


def policy(mode: str = "enforce", *mx: str, age: str = "604800") -> str:
    lines = ["version: STSv1", f"mode: {mode}", *(f"mx: {each}" for each in mx or (f"*.{NAME}",)), f"max_age: {age}"]
    return "\r\n".join(lines) + "\r\n"


def page(text: str, status: int = 200, headers: tuple[tuple[str, str], ...] = PLAIN, cut: bool = False) -> web.Page:
    return web.Page(URL, status, headers, text.encode(), cut=cut)


def greeting(host: str, *faults: Fault, starttls: bool = True) -> Greeting:
    return Greeting(host, "93.184.215.14", "mail ESMTP", starttls, Verdict(LEAF, faults) if starttls else None)


def there(
    answer: web.Reply | str | None = None,
    *looks: Greeting | NoGreeting,
    txt: dns.Answer = TXT,
    reports: dns.Answer | None = None,
    mx: dns.Answer = MX,
) -> World:
    records: dict[tuple[str, str], dns.Answer] = {(NAME, "MX"): mx, (STS, "TXT"): txt}
    if reports is not None:
        records[RPT, "TXT"] = reports
    pages: Mapping[str, web.Reply] = {}
    if answer is not None:
        pages = {URL: page(answer) if isinstance(answer, str) else answer}
    seen = looks or (greeting(MAIL), greeting(BACKUP))
    return World(dns=records, web=pages, smtp={look.host: look for look in seen})


NONE = dns.NxDomain(STS, "TXT")
TABLE: dict[str, list[Row]] = {
    "email.transport.policy": [
        Row("both right", there(policy(), reports=REPORTS), Status.PASS, f"go to tls@{NAME}"),
        Row("a policy alone", there(policy()), Status.PASS, "There is no TLS-RPT"),
        Row("reports alone", there(txt=NONE, reports=REPORTS), Status.PASS, "There is no MTA-STS"),
        Row("testing", there(policy("testing", MAIL, BACKUP)), Status.PASS, "testing"),
        Row("switched off", there(policy("none")), Status.PASS, "switched off"),
        Row("a short age", there(policy(age="300")), Status.PASS),
        Row("port 25 is blocked", there(policy(), NoGreeting(MAIL, "timeout", "did not answer")), Status.PASS),
        Row("no mail at all", there(policy(), mx=found(NAME, "MX", "0 .")), Status.PASS),
        Row(
            "mail of the name above",
            World(project=Project(f"app.{NAME}"), dns={(NAME, "MX"): MX, (RPT, "TXT"): REPORTS}),
            Status.PASS,
            f"go to tls@{NAME}",
        ),
        Row("absent", there(txt=NONE), Status.INFO, "nobody has to"),
        Row("a wildcard's text", there(txt=found(STS, "TXT", "v=spf1 -all")), Status.INFO),
        Row(
            "enforce names another server",
            there(policy("enforce", "mx.old.example")),
            Status.FAIL,
            "turn mail for you away",
            Severity.HIGH,
        ),
        Row(
            "a wildcard is one label",
            there(policy(), mx=found(NAME, "MX", f"10 a.b.{NAME}.")),
            Status.FAIL,
            f"mail goes to a.b.{NAME}",
            Severity.HIGH,
        ),
        Row("enforce without MX", there(policy(), mx=dns.NoData(NAME, "MX")), Status.FAIL, NAME, Severity.HIGH),
        Row(
            "enforce leaves out one of two",
            there(policy("enforce", MAIL)),
            Status.FAIL,
            "tries it first is late",
            Severity.MEDIUM,
        ),
        Row("testing names another server", there(policy("testing", "mx.old.example")), Status.FAIL, "testing mode"),
        Row(
            "enforce, and no certificate fits",
            there(policy(), greeting(MAIL, "self-signed"), greeting(BACKUP, "expired")),
            Status.FAIL,
            "it signed its certificate itself",
            Severity.HIGH,
        ),
        Row(
            "enforce, and one offers no encryption",
            there(policy(), greeting(MAIL), greeting(BACKUP, starttls=False)),
            Status.FAIL,
            "it offers no encryption",
            Severity.MEDIUM,
        ),
        Row(
            "testing, and a wrong name", there(policy("testing"), greeting(MAIL, "name-mismatch")), Status.FAIL, "would"
        ),
        Row("two records", there(txt=found(STS, "TXT", "v=STSv1; id=1", "v=STSv1; id=2")), Status.FAIL, "There are 2"),
        Row("no id", there(txt=found(STS, "TXT", "v=STSv1;")), Status.FAIL, "202611241200"),
        Row(
            "an alias's record", there(txt=found(STS, "TXT", "v=STSv1;", aliases=("x.example",))), Status.FAIL, "alias"
        ),
        Row("a file that is none", there("<!doctype html>"), Status.FAIL, "Line 1 is no"),
        Row("no such mode", there(policy("strict")), Status.FAIL, f"mx: {MAIL}"),
        Row("no mail, and no policy that counts", there("x", mx=found(NAME, "MX", "0 .")), Status.FAIL, "mode: none"),
        Row("404", there(page("", 404)), Status.FAIL, "answers 404"),
        Row(
            "a redirect",
            there(page("", 301, (("location", f"https://www.{NAME}/mta-sts.txt"),))),
            Status.FAIL,
            "do not follow",
        ),
        Row("another type", there(page(policy(), headers=(("content-type", "text/html"),))), Status.FAIL, "text/html"),
        Row("no type", there(page(policy(), headers=())), Status.FAIL, "has no type"),
        Row("too large", there(page(policy(), cut=True)), Status.FAIL, "64 KB"),
        Row("refused", there(), Status.FAIL, "refused our connection"),
        Row(
            "no such host",
            there(web.NoPage(URL, "no-address", "does not exist in the DNS", fact=True)),
            Status.FAIL,
            f"point mta-sts.{NAME}",
        ),
        Row(
            "a certificate for another name",
            there(web.NoPage(URL, "tls", "shows a certificate for another name", "name-mismatch", fact=True)),
            Status.FAIL,
            f"certificate that names mta-sts.{NAME}",
        ),
        Row(
            "reports to nowhere",
            there(txt=NONE, reports=found(RPT, "TXT", "v=TLSRPTv1; rua=tls@good.example")),
            Status.FAIL,
            "mailto: or https:",
        ),
        Row("silence", there(txt=dns.TimedOut(STS, "TXT", 4.0)), Status.UNKNOWN, "another look"),
        Row("silence about reports", there(policy(), reports=dns.ServerFailed(RPT, "TXT")), Status.UNKNOWN, RPT),
        Row(
            "no answer from the host", there(web.NoPage(URL, "timeout", "said nothing")), Status.UNKNOWN, "said nothing"
        ),
        Row("the MX set is not to be had", there(policy(), mx=dns.TimedOut(NAME, "MX", 4.0)), Status.UNKNOWN, "MX"),
        Row(
            "what is broken outweighs what could not be told",
            there(txt=found(STS, "TXT", "v=STSv1;"), reports=dns.TimedOut(RPT, "TXT", 4.0)),
            Status.FAIL,
        ),
        Row(
            "a file full of escapes",
            there("version: STSv1\nmode: \x1b[2J\u202eenforce\nmx: [@click=app.quit]x[/]\nmax_age: 9e9\n"),
            Status.FAIL,
            hostile=True,
        ),
        Row(
            "a record full of escapes",
            there(txt=found(STS, "TXT", "v=STSv1; id=\x1b]0;x\x07")),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_the_one_key_fixes() -> None:
    """Absent: one record adds the reports. A broken record is replaced, and what else stands there stays."""
    row = next(row for row in TABLE["email.transport.policy"] if row.label == "absent")
    finding = await hold("email.transport.policy", row)
    assert finding.fix is not None
    assert [(r.name, r.type, r.values) for r in finding.fix.records] == [
        (RPT, "TXT", (f"v=TLSRPTv1; rua=mailto:tls-reports@{NAME}",))
    ]
    for world, offered in ((there(policy()), True), (there(policy(), reports=REPORTS), False)):
        finding = await hold("email.transport.policy", Row("sound", world, Status.PASS))
        assert (finding.fix is not None) is offered
    txt = found(STS, "TXT", "v=STSv1; id=a-b", "other=1")
    finding = await hold("email.transport.policy", Row("beside another", there(txt=txt), Status.FAIL))
    assert finding.fix is not None
    assert [(r.values, r.drops) for r in finding.fix.records] == [
        (("other=1", "v=STSv1; id=202611241200"), ("v=STSv1; id=a-b",))
    ]


async def test_the_file_is_given_whole() -> None:
    finding = await hold("email.transport.policy", Row("old", there(policy("enforce", "mx.old.example")), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.copy == f"version: STSv1\nmode: enforce\nmx: {MAIL}\nmx: {BACKUP}\nmax_age: 604800\n"
    assert finding.fix.copy in finding.fix.say + "\n"
