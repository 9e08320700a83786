from __future__ import annotations

import pytest

from launchready_tui.model import RecordSet, Status
from launchready_tui.sources.dial import NO_WAY
from launchready_tui.sources.dns import Answer, NoData, TimedOut
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, found, hold

FOUR, SIX, MORE = "93.184.215.14", "2606:2800::1", "2606:2800::2"
URL, WWW = f"https://{NAME}/", f"https://www.{NAME}/"


def page(title: str = "Maple Club", status: int = 200, url: str = URL, address: str = FOUR) -> Page:
    return Page(url, status, (), f"<title>{title}</title>".encode(), address=address)


def no(kind: str, say: str, reason: str = "", fact: bool = False) -> NoPage:
    return NoPage(URL, kind, say, reason, fact)  # type: ignore[arg-type]


def world(
    *sixes: Reply,
    four: Reply | None = None,
    met: str = "",
    aliases: tuple[str, ...] = (),
    address: str = SIX,
    dns: dict[tuple[str, str], Answer] | None = None,
) -> World:
    """A host with an IPv4 address that answers with `four`, and one IPv6 address for each of `sixes`."""
    addresses = (address, MORE)[: len(sixes)]
    return World(
        dns={
            (NAME, "A"): found(NAME, "A", FOUR, aliases=aliases),
            (NAME, "AAAA"): found(NAME, "AAAA", *addresses, aliases=aliases) if sixes else NoData(NAME, "AAAA"),
            **(dns or {}),
        },
        web={URL: four or page()},
        web_at={(URL, each): reply for each, reply in zip(addresses, sixes, strict=True)},
        met_ipv6=met,
    )


REFUSED = no("refused", "refused our connection", fact=True)
SILENT = no("timeout", "did not take our connection within 6 seconds")
BAD_TLS = no("tls", "shows a certificate for another name", "hostname mismatch", fact=True)

TABLE: dict[str, list[Row]] = {
    "dns.ipv6.works": [
        Row("no AAAA", world(), Status.INFO, "no IPv6 address"),
        Row("the same page", world(page(address=SIX)), Status.PASS, f"{NAME} at {SIX}"),
        Row(
            "the same redirect",
            world(Page(URL, 301, (("location", WWW),)), four=Page(URL, 301, (("location", WWW),))),
            Status.PASS,
        ),
        Row("the same bad certificate is another check's", world(BAD_TLS, four=BAD_TLS), Status.PASS),
        Row("refused", world(REFUSED), Status.FAIL, f"at {SIX} refused our connection"),
        Row("its certificate is wrong there", world(BAD_TLS), Status.FAIL, "hostname mismatch"),
        Row("another page", world(page("Welcome to nginx!")), Status.FAIL, "shows “Welcome to nginx!”"),
        Row("another status", world(page(status=404)), Status.FAIL, "answers 404, and IPv4 200"),
        Row("silent, and others were met over IPv6", world(SILENT, met=MORE), Status.FAIL, "did not take"),
        Row(
            "a private address", world(no("policy", "is not public"), address="fd00::1"), Status.FAIL, "private network"
        ),
        Row("one of two", world(page(), REFUSED), Status.FAIL, MORE),
        Row("an alias", world(REFUSED, aliases=("edge.host.example",)), Status.FAIL, "is your web host's"),
        Row("this machine has none", world(no("broken", NO_WAY)), Status.UNKNOWN, "with IPv6"),
        Row("silence alone", world(SILENT), Status.UNKNOWN, "another look"),
        Row("silence, when only that address was met", world(SILENT, met=SIX), Status.UNKNOWN),
        Row("a shield", world(no("shield", "asks us to prove")), Status.UNKNOWN),
        Row("met where --connect-to says", world(no("policy", "is met where --connect-to says")), Status.UNKNOWN),
        Row("down on both", world(REFUSED, four=REFUSED), Status.UNKNOWN, "neither does IPv4"),
        Row("IPv4 down", world(page(), four=SILENT), Status.UNKNOWN, "could not compare"),
        Row("not looked up", world(dns={(NAME, "AAAA"): TimedOut(NAME, "AAAA", 4.0)}), Status.UNKNOWN),
        Row("a title full of escapes", world(page("\x1b[2J\u202e[@click=app.quit]x[/]")), Status.FAIL, hostile=True),
    ]
}


@pytest.mark.parametrize("row", TABLE["dns.ipv6.works"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("dns.ipv6.works", row)


async def test_only_the_addresses_that_fail_are_taken_out() -> None:
    finding = await hold("dns.ipv6.works", Row("", world(page(), REFUSED), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(NAME, "AAAA", (SIX,)),)
    finding = await hold("dns.ipv6.works", Row("", world(REFUSED), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(NAME, "AAAA", ()),)


async def test_the_address_of_a_shield_is_no_record_to_delete() -> None:
    finding = await hold("dns.ipv6.works", Row("", world(REFUSED, address="2606:4700::6810:84e5"), Status.FAIL))
    assert finding.fix is not None
    assert (finding.fix.records, "from Cloudflare" in finding.fix.say) == ((), True)
