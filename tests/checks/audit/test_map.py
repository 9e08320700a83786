"""The deployment map as a check: every part named, with its owner."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import Status
from launchready_tui.nodes import KINDS
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.web import Page
from tests.world import NAME, Row, World, found, hold

HOME = f"https://{NAME}/"
HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
ALL = {kind: Owner(kind, provider=f"{kind} inc", owner="Ada") for kind in KINDS}


def owners(**changes: Owner | None) -> Mapping[str, Owner]:
    return {kind: owner for kind, owner in {**ALL, **changes}.items() if owner is not None}


def named(kind: str) -> Owner:
    return Owner(kind, provider="Somebody")


TABLE: dict[str, list[Row]] = {
    "audit.map.complete": [
        Row("all named", World(owners=owners()), Status.PASS, "All 9 parts"),
        Row("a part that is not there", World(owners=owners(cdn=Owner("cdn", absent=True))), Status.PASS),
        Row(
            "absent by the project",
            World(owners=owners(database=None), project=Project(NAME, absent={"database": "Ada, 3 Nov 2026"})),
            Status.PASS,
        ),
        Row(
            "one without an owner", World(owners=owners(dns=named("dns"))), Status.WARN, "DNS host (owner of Somebody)"
        ),
        Row("two", World(owners=owners(dns=None, database=named("database"))), Status.WARN, "2 parts"),
        Row("host without an owner", World(owners=owners(hosting=named("hosting"))), Status.WARN, "web host"),
        Row("three", World(owners=owners(dns=None, database=None, monitoring=None)), Status.FAIL, "3 parts"),
        Row("web host unknown", World(owners=owners(hosting=None)), Status.FAIL, "web host (neither name nor owner)"),
        Row(
            "web host has an owner, but no name",
            World(owners=owners(hosting=Owner("hosting", owner="Ada"))),
            Status.FAIL,
            "web host (not known)",
        ),
        Row(
            "web host found by its headers",
            World(
                owners=owners(hosting=Owner("hosting", owner="Ada")),
                web={HOME: Page(HOME, 200, (("server", "Vercel"),), b"x", address="76.76.21.21")},
            ),
            Status.PASS,
        ),
        Row("nobody told", World(), Status.UNKNOWN, "who owns each system"),
        Row(
            "nobody told, some found",
            World(dns={(NAME, "MX"): found(NAME, "MX", "1 smtp.google.com.")}),
            Status.UNKNOWN,
            "Google Workspace (email inbox)",
        ),
        Row(
            "hostile names",
            World(
                owners=owners(dns=Owner("dns", provider=HOSTILE), cdn=Owner("cdn", provider=HOSTILE * 40)),
                dns={(NAME, "MX"): found(NAME, "MX", f"1 {HOSTILE}.")},
            ),
            Status.WARN,
            hostile=True,
        ),
    ]
}


async def test_facts_for_the_handover() -> None:
    finding = await hold("audit.map.complete", Row("", World(owners=owners()), Status.PASS))
    assert dict(finding.facts)["web-host"] == "hosting inc"
    assert set(dict(finding.facts)) == {"registrar", "dns-host", "cdn", "web-host", "mail-host", "senders"}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
