"""The lock-out loop: no way back into an account may run through the domain that it controls."""

from __future__ import annotations

import pytest

from launchready_tui.checks.handover.loop import mail_domain
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from tests.world import NAME, Row, World, hold


def world(registrar: str = "", dns: str = "", *, domain: str = NAME, **more: object) -> World:
    """The login mails of both; `more` are further fields of the registrar."""
    owners = {
        "registrar": Owner("registrar", "Namecheap", login_mail=registrar, **more),  # type: ignore[arg-type]  # fields
        "dns": Owner("dns", "Cloudflare", login_mail=dns),
    }
    return World(project=Project(domain), owners=owners)


INDEPENDENT = ("ada@gmail.com", "ada@posteo.de")
TABLE: dict[str, list[Row]] = {
    "handover.owner.loop": [
        Row("both independent", world(*INDEPENDENT), Status.PASS, "gmail.com and posteo.de"),
        Row("registrar's on the domain", world(f"ada@{NAME}", "ada@posteo.de"), Status.FAIL, "(Registrar)"),
        Row("DNS's on the domain", world("ada@gmail.com", f"ada@{NAME}"), Status.FAIL, "(DNS)"),
        Row("on a name below it", world(f"ada@mail.{NAME}", "ada@posteo.de"), Status.FAIL, NAME),
        Row(
            "on the domain above the product's",
            world("a@good.example", "b@x.de", domain="app.good.example"),
            Status.FAIL,
        ),
        Row("in capitals and with a dot", world("Ada@GOOD.Example.", "ada@posteo.de"), Status.FAIL),
        Row(
            "only the recovery mail",
            world(*INDEPENDENT, recovery_mail=f"ada@{NAME}"),
            Status.FAIL,
            "goes to an address",
        ),
        Row(
            "an umlaut domain in either form",
            world("ada@münchen.example", "ada@posteo.de", domain="xn--mnchen-3ya.example"),
            Status.FAIL,
            "münchen.example",
        ),
        Row("a name that only ends alike", world(f"ada@not{NAME}", "ada@posteo.de"), Status.PASS),
        Row("a contractor's", world(*INDEPENDENT, contractor=True), Status.WARN, "a contractor's address"),
        Row("a loop is worse than a contractor", world(f"a@{NAME}", "b@x.de", contractor=True), Status.FAIL),
        Row("a loop counts though the other is not told", world(f"ada@{NAME}"), Status.FAIL),
        Row("only one told", world("ada@gmail.com"), Status.UNKNOWN, "(DNS)"),
        Row(
            "one account for both",
            World(owners={"registrar": Owner("registrar", "Gandi", login_mail="a@b.de"), "dns": Owner("dns", "gandi")}),
            Status.PASS,
            "b.de",
        ),
        Row("a user name says nothing", world("ada-hub", "ada@posteo.de"), Status.UNKNOWN, "(Registrar)"),
        Row("nobody told us", World(), Status.UNKNOWN, "the login mail"),
        Row("hostile", world("\x1b[2J\u202e@\x1b]0;x\x07.example", "@[/]"), Status.UNKNOWN, hostile=True),
    ]
}


@pytest.mark.parametrize("row", TABLE["handover.owner.loop"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    finding = await hold("handover.owner.loop", row)
    shown = " ".join([finding.saw, *(each.text for each in finding.evidence)])
    assert "@" not in shown, "whose address it is stays in the vault; its domain is enough here"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ada@good.example", "good.example"),
        (" Ada@Good.Example. ", "good.example"),
        ("ada@münchen.example", "xn--mnchen-3ya.example"),
        ('"a@b"@good.example', "good.example"),
        ("ada", ""),
        ("@good.example", ""),
        ("ada@", ""),
        ("ada@[192.0.2.1]", ""),
        ("ada@nowhere", ""),
        ("a@" + "x" * 70 + ".example", ""),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert mail_domain(address) == domain
