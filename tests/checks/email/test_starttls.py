"""email.mx.starttls: what mail servers offer, and what their certificate is worth."""

from __future__ import annotations

import datetime as dt

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
            "refused says nothing either",
            mail(NoGreeting(MAIL, "refused", "refused our connection"), greeting(BACKUP)),
            Status.UNKNOWN,
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
