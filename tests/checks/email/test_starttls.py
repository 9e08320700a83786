"""email.mx.starttls: what mail servers offer, and what their certificate is worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import Status
from launchready_tui.sources import dns
from launchready_tui.sources.smtp import Greeting, NoGreeting
from launchready_tui.sources.tls import Certificate, Fault, Verdict
from tests.world import NAME, NOW, Row, World, found, hold

MAIL, BACKUP = "mail.good.example", "mail2.good.example"
MX = found(NAME, "MX", f"10 {MAIL}.", f"20 {BACKUP}.")
LEAF = Certificate(MAIL, "R11", NOW - dt.timedelta(9), NOW + dt.timedelta(80), (MAIL,), "ecdsa256", "sha256", "ab" * 32)


def greeting(host: str, *faults: Fault, starttls: bool = True, banner: str = "mail ESMTP") -> Greeting:
    return Greeting(host, "93.184.215.14", banner, starttls, Verdict(LEAF, faults) if starttls else None)


def mail(*looks: Greeting | NoGreeting) -> World:
    return World(dns={(NAME, "MX"): MX}, smtp={look.host: look for look in looks})


def vouched(look: Greeting, *tlsa: str, signed: bool = True) -> World:
    """One server, and what TLSA says of it."""
    name = f"_25._tcp.{MAIL}"
    look = replace(look, key_sha256=KEY)
    return World(
        dns={(NAME, "MX"): found(NAME, "MX", f"10 {MAIL}."), (name, "TLSA"): found(name, "TLSA", *tlsa)},
        secured={"1.1.1.1": dns.Secured(found(name, "TLSA", *tlsa), authentic=signed)},
        smtp={MAIL: look},
    )


KEY = "12" * 32
STS = f"_mta-sts.{NAME}"
REFUSED = NoGreeting(MAIL, "refused", "refused our connection")
SILENT = NoGreeting(BACKUP, "timeout", "did not answer on port 25 within 6 seconds")
TABLE: dict[str, list[Row]] = {
    "email.mx.starttls": [
        Row("both sound", mail(greeting(MAIL), greeting(BACKUP)), Status.PASS, "offer encryption"),
        Row("wrong name", mail(greeting(MAIL, "name-mismatch"), greeting(BACKUP)), Status.WARN, "does not name"),
        Row("self-signed", mail(greeting(MAIL), greeting(BACKUP, "self-signed")), Status.WARN, "itself"),
        Row(
            "offered, and then not to be had",
            mail(Greeting(MAIL, "93.184.215.14", "mail", starttls=True), greeting(BACKUP)),
            Status.WARN,
            "could not be started",
        ),
        Row("not offered", mail(greeting(MAIL, starttls=False), greeting(BACKUP)), Status.FAIL, MAIL),
        Row("not offered by one, silence of the other", mail(greeting(MAIL, starttls=False), SILENT), Status.FAIL),
        Row(
            "port 25 is blocked", mail(NoGreeting(MAIL, "timeout", "did not answer"), SILENT), Status.UNKNOWN, "port 25"
        ),
        Row(
            "both refuse: that may be the line",
            mail(REFUSED, NoGreeting(BACKUP, "refused", "refused our connection")),
            Status.UNKNOWN,
            "We tried 2 servers",
        ),
        Row("one refuses, the other answers", mail(REFUSED, greeting(BACKUP)), Status.WARN, "refuses connections"),
        Row(
            "one refuses, the other turns us away",
            mail(REFUSED, NoGreeting(BACKUP, "broken", "does not want to talk to us: 554 no")),
            Status.WARN,
            "while mail2.good.example answers",
        ),
        Row("one is silent, the other answers", mail(greeting(MAIL), SILENT), Status.UNKNOWN, "open from here"),
        Row(
            "turned away",
            mail(NoGreeting(MAIL, "broken", "does not want to talk to us: 554 no"), SILENT),
            Status.UNKNOWN,
            "554",
        ),
        Row(
            "self-signed, and DANE names its key",
            vouched(greeting(MAIL, "self-signed"), f"3 1 1 {KEY.upper()}"),
            Status.PASS,
            "DANE names the key",
        ),
        Row(
            "self-signed, and DANE names its certificate",
            vouched(greeting(MAIL, "self-signed"), "1 0 1 00", f"3 0 1 {'ab' * 16} {'ab' * 16}"),
            Status.PASS,
        ),
        Row(
            "DANE without a signature",
            vouched(greeting(MAIL, "self-signed"), f"3 1 1 {KEY}", signed=False),
            Status.WARN,
        ),
        Row("DANE names another key", vouched(greeting(MAIL, "self-signed"), f"3 1 1 {'cd' * 32}"), Status.WARN),
        Row("DANE names an authority", vouched(greeting(MAIL, "untrusted"), f"2 1 1 {KEY}"), Status.UNKNOWN, "DANE"),
        Row(
            "a TLSA that is nonsense",
            vouched(greeting(MAIL, "self-signed"), "3 \x1b[31m 1", "", "3 1"),
            Status.UNKNOWN,
            hostile=True,
        ),
        Row(
            "a policy asks for a valid one",
            World(
                dns={(NAME, "MX"): MX, (STS, "TXT"): found(STS, "TXT", "v=STSv1; id=1")},
                smtp={MAIL: greeting(MAIL, "expired"), BACKUP: greeting(BACKUP)},
            ),
            Status.WARN,
            "MTA-STS record asks for a valid one",
        ),
        Row(
            "more in the clear",
            mail(
                Greeting(MAIL, "93.184.215.14", "mail", starttls=True, trouble="it sent more in the clear"),
                greeting(BACKUP),
            ),
            Status.WARN,
            "it sent more in the clear",
        ),
        Row("no MX", World(), Status.INFO),
        Row("null MX", World(dns={(NAME, "MX"): found(NAME, "MX", "0 .")}), Status.INFO),
        Row(
            "MX not to be had", World(dns={(NAME, "MX"): dns.ServerFailed(NAME, "MX")}), Status.UNKNOWN, "another look"
        ),
        Row(
            "a banner full of escapes",
            mail(greeting(MAIL, banner="\x1b]0;owned\x07\u202e[@click=app.quit]x[/]"), greeting(BACKUP)),
            Status.PASS,
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
