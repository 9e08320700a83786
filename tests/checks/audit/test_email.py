"""Is the mail set-up complete."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Malformed, NoData, ServerFailed, TimedOut
from tests.world import NAME, Row, World, found, hold

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
DMARC = f"_dmarc.{NAME}"
SPF = "v=spf1 include:_spf.google.com ~all"
SOUND: Mapping[tuple[str, str], Answer] = {
    (NAME, "MX"): found(NAME, "MX", "1 smtp.google.com."),
    (NAME, "TXT"): found(NAME, "TXT", "hello", SPF),
    (DMARC, "TXT"): found(DMARC, "TXT", "v=DMARC1; p=none"),
}
NO_MX = {(NAME, "MX"): NoData(NAME, "MX")}
NO_SPF = {(NAME, "TXT"): found(NAME, "TXT", "hello", "v=spf10 x")}
NO_DMARC = {(DMARC, "TXT"): NoData(DMARC, "TXT")}
TWO_SPF = {(NAME, "TXT"): found(NAME, "TXT", SPF, "v=spf1 -all")}


def world(*changes: Mapping[tuple[str, str], Answer]) -> World:
    dns = dict(SOUND)
    for change in changes:
        dns |= change
    return World(dns=dns)


TABLE: dict[str, list[Row]] = {
    "audit.email.ready": [
        Row(
            "of the name above", World(project=Project(f"app.{NAME}"), dns=SOUND), Status.PASS, "exactly one SPF record"
        ),
        Row("complete", world(), Status.PASS, "exactly one SPF record"),
        Row("null MX", world({(NAME, "MX"): found(NAME, "MX", "0 .")}), Status.PASS, "takes no mail"),
        Row("no MX", world(NO_MX), Status.WARN, "no MX record"),
        Row("no SPF", world(NO_SPF), Status.WARN, "v=spf1"),
        Row("two SPF", world(TWO_SPF), Status.WARN, "2 SPF records in place of one"),
        Row("no DMARC", world(NO_DMARC), Status.WARN, f"v=DMARC1; p=none; rua=mailto:dmarc@{NAME}"),
        Row("one missing, one silent", world(NO_MX, {(DMARC, "TXT"): TimedOut(DMARC, "TXT", 4)}), Status.WARN),
        Row("two missing", world(NO_MX, NO_DMARC), Status.FAIL, "no MX record and no DMARC record"),
        Row("two missing, one silent", world(NO_MX, NO_SPF, {(DMARC, "TXT"): ServerFailed(DMARC, "TXT")}), Status.FAIL),
        Row("all missing", World(dns={(NAME, "A"): found(NAME, "A", "93.184.215.14")}), Status.FAIL),
        Row("MX silent", world({(NAME, "MX"): TimedOut(NAME, "MX", 4.0)}), Status.UNKNOWN, "another look"),
        Row("TXT failed", world({(NAME, "TXT"): ServerFailed(NAME, "TXT")}), Status.UNKNOWN, f"TXT {NAME}"),
        Row("DMARC silent", world({(DMARC, "TXT"): TimedOut(DMARC, "TXT", 4.0)}), Status.UNKNOWN, DMARC),
        Row(
            "hostile records",
            world({(NAME, "TXT"): found(NAME, "TXT", HOSTILE, f"v=spf1 include:{HOSTILE}")}),
            Status.PASS,
            hostile=True,
        ),
        Row("hostile reason", world({(NAME, "MX"): Malformed(NAME, "MX", HOSTILE)}), Status.UNKNOWN, hostile=True),
    ]
}


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ((NO_MX,), f"mx:{NAME}"),
        ((NO_SPF,), f"spf:{NAME}"),
        ((TWO_SPF,), f"spf:{NAME}"),
        ((NO_DMARC,), f"dmarc:{NAME}"),
        ((NO_MX, NO_SPF), f"mail-setup:{NAME}"),
    ],
)
async def test_causes(changes: tuple[Mapping[tuple[str, str], Answer], ...], cause: str) -> None:
    status = Status.WARN if len(changes) == 1 else Status.FAIL
    assert (await hold("audit.email.ready", Row("", world(*changes), status))).cause == cause


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
