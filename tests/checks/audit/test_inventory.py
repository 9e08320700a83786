"""The records that a launch needs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Malformed, NoData, NxDomain, ServerFailed, TimedOut
from tests.world import NAME, Row, World, found, hold

WWW = f"www.{NAME}"
APP = f"app.{NAME}"
HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
SOUND: Mapping[tuple[str, str], Answer] = {
    (NAME, "A"): found(NAME, "A", "93.184.215.14"),
    (NAME, "NS"): found(NAME, "NS", "dns1.registrar-servers.com."),
    (NAME, "MX"): found(NAME, "MX", "1 smtp.google.com."),
    (NAME, "TXT"): found(NAME, "TXT", "hello", "v=spf1 include:_spf.google.com ~all"),
    (WWW, "AAAA"): found(WWW, "AAAA", "2606:2800:21f::1"),
}
NO_MX, NO_TXT = {(NAME, "MX"): NoData(NAME, "MX")}, {(NAME, "TXT"): NoData(NAME, "TXT")}


def world(*changes: Mapping[tuple[str, str], Answer]) -> World:
    dns = dict(SOUND)
    for change in changes:
        dns |= change
    return World(dns=dns)


def without(*keys: tuple[str, str]) -> World:
    return World(dns={key: answer for key, answer in SOUND.items() if key not in keys})


TABLE: dict[str, list[Row]] = {
    "audit.dns.inventory": [
        Row(
            "a part of a larger name needs neither www nor mail",
            World(project=Project(APP), dns={**SOUND, (APP, "A"): found(APP, "A", "93.184.215.15")}),
            Status.PASS,
        ),
        Row("all there", world(), Status.PASS, "addresses, MX and SPF"),
        Row("null MX counts as MX", world({(NAME, "MX"): found(NAME, "MX", "0 .")}), Status.PASS),
        Row(
            "a declared sub is read too",
            World(
                dns={**SOUND, (f"app.{NAME}", "A"): found(f"app.{NAME}", "A", "93.184.215.15")},
                project=Project(NAME, subs=("app",)),
            ),
            Status.PASS,
            "3 names",
        ),
        Row("no MX", world(NO_MX), Status.WARN, "no MX record"),
        Row("no TXT", world(NO_TXT), Status.WARN, "at Namecheap"),
        Row("a TXT, but no SPF", world({(NAME, "TXT"): found(NAME, "TXT", "hello")}), Status.WARN, "v=spf1"),
        Row("neither MX nor SPF", world(NO_MX, NO_TXT), Status.WARN, "no MX record, so no mail arrives and no TXT"),
        Row("www has none", without((WWW, "AAAA")), Status.WARN, f"{WWW} has no address"),
        Row("no MX, and a silent AAAA", world(NO_MX, {(NAME, "AAAA"): TimedOut(NAME, "AAAA", 4)}), Status.WARN),
        Row("apex has none", without((NAME, "A")), Status.FAIL, "has no address"),
        Row("nothing at all", World(), Status.FAIL, "has no address"),
        Row("apex could not be asked", world({(NAME, "A"): ServerFailed(NAME, "A")}), Status.UNKNOWN, "another look"),
        Row("apex: one silent, one empty", world({(NAME, "A"): TimedOut(NAME, "A", 4.0)}), Status.UNKNOWN),
        Row("MX could not be asked", world({(NAME, "MX"): ServerFailed(NAME, "MX")}), Status.UNKNOWN, f"MX {NAME}"),
        Row("TXT malformed", world({(NAME, "TXT"): Malformed(NAME, "TXT", HOSTILE)}), Status.UNKNOWN, hostile=True),
        Row(
            "hostile records",
            world({(NAME, "TXT"): found(NAME, "TXT", HOSTILE, "v=spf1 include:" + HOSTILE)}),
            Status.PASS,
            hostile=True,
        ),
        Row(
            "hostile MX", world({(NAME, "MX"): found(NAME, "MX", "", " ", HOSTILE)}, NO_TXT), Status.WARN, hostile=True
        ),
    ]
}


@pytest.mark.parametrize(
    ("dns", "cause"),
    [
        ({**SOUND, **NO_MX}, f"mx:{NAME}"),
        ({**SOUND, **NO_TXT}, f"spf:{NAME}"),
        ({**SOUND, **NO_MX, **NO_TXT}, f"dns-inventory:{NAME}"),
        ({(NAME, "A"): NxDomain(NAME, "A")}, f"no-address:{NAME}"),
    ],
)
async def test_causes(dns: Mapping[tuple[str, str], Answer], cause: str) -> None:
    status = Status.FAIL if cause.startswith("no-address") else Status.WARN
    finding = await hold("audit.dns.inventory", Row("", World(dns=dns), status))
    assert finding.cause == cause


async def test_facts() -> None:
    finding = await hold("audit.dns.inventory", Row("", world(), Status.PASS))
    assert dict(finding.facts) == {
        "ns": "dns1.registrar-servers.com",
        "dns-host": "Namecheap",
        "mail-host": "Google Workspace",
        "senders": "Google Workspace",
    }


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
