from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.checks.dns._expected import typed_values
from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, NoData, NxDomain, TimedOut
from launchready_tui.sources.web import Page
from launchready_tui.zonelook import ZoneView
from tests.checks.dns.test_purposes import CannedZone
from tests.world import NAME, Row, World, found, hold, said

GOOD, OTHER, OLD = "93.184.215.14", "93.184.215.15", "93.184.215.99"
VERCEL, SQUARE = "76.76.21.21", ("198.185.159.144", "198.185.159.145", "198.49.23.144", "198.49.23.145")
HUB = ("185.199.108.153", "185.199.109.153", "185.199.110.153", "185.199.111.153")
NOBODY = NxDomain(NAME, "A")


def world(
    *values: str,
    aliases: tuple[str, ...] = (),
    six: tuple[str, ...] = (),
    typed: str = "",
    host: str = "",
    headers: tuple[tuple[str, str], ...] = (),
    dns: Mapping[tuple[str, str], Answer] | None = None,
) -> World:
    """The apex with these addresses. `typed` and `host` are what was answered, `headers` the page's."""
    answers: dict[tuple[str, str], Answer] = {
        (NAME, "A"): found(NAME, "A", *values, aliases=aliases) if values else NoData(NAME, "A"),
        (NAME, "AAAA"): found(NAME, "AAAA", *six, aliases=aliases) if six else NoData(NAME, "AAAA"),
        (NAME, "NS"): found(NAME, "NS", "dns1.registrar-servers.com.", "dns2.registrar-servers.com."),
        **(dns or {}),
    }
    return World(
        project=Project(NAME),
        dns=answers,
        web={f"https://{NAME}/": Page(f"https://{NAME}/", 200, headers)},
        answers=(said("host.target", "looked", host=host, values=typed),) if typed or host else (),
    )


def behind(*sets: RecordSet) -> World:
    """Cloudflare answers for the apex; its list shows these records behind it."""
    return replace(world("104.16.132.229", typed=GOOD), more=(CannedZone(ZoneView("Cloudflare", sets)),))


AT_VERCEL = (("server", "Vercel"), ("x-vercel-id", "fra1::abc"))

TABLE: dict[str, list[Row]] = {
    "dns.apex.target": [
        Row("as typed", world(GOOD, typed=GOOD), Status.PASS, f"leads to {GOOD}, as your host asks"),
        Row("as pasted, with words", world(GOOD, typed=f"A  @  {GOOD}  (TTL 300)"), Status.PASS),
        Row("both addresses", world(GOOD, OTHER, typed=f"{OTHER}, {GOOD}"), Status.PASS),
        Row("a host that we know by name", world(VERCEL, host="vercel"), Status.PASS, "as Vercel asks"),
        Row("an address that the host gave to this site", world("216.198.79.65", host="Vercel"), Status.PASS),
        Row("all four of Squarespace", world(*SQUARE, host="Squarespace"), Status.PASS),
        Row("GitHub Pages without IPv6", world(*HUB, host="GitHub Pages"), Status.PASS),
        Row(
            "an alias at the apex, seen as one",
            world("75.2.60.5", aliases=("apex-loadbalancer.netlify.com",), host="Netlify"),
            Status.PASS,
        ),
        Row(
            "a flattened alias",
            world(
                GOOD,
                typed="ALIAS edge.host.example.",
                dns={("edge.host.example", "A"): found("edge.host.example", "A", GOOD)},
            ),
            Status.PASS,
        ),
        Row("a server of one's own", World(answers=(said("host.target", "own"),)), Status.INFO, "of your own"),
        Row("right, and one more", world(GOOD, OLD, typed=GOOD), Status.WARN, f"and to {OLD} too"),
        Row("an old AAAA", world(GOOD, six=("2606:2800::1",), typed=GOOD), Status.WARN, "2606:2800::1"),
        Row("one more that is another network's", world(VERCEL, "104.16.132.229", host="Vercel"), Status.WARN),
        Row("one more that may be the host's", world(VERCEL, OLD, host="Vercel"), Status.UNKNOWN, "do not know"),
        Row("three of four", world(*SQUARE[:3], host="Squarespace"), Status.WARN, f"lacks {SQUARE[3]}"),
        Row("another address", world(OLD, typed=GOOD), Status.FAIL, f"type A, name @, value {GOOD}"),
        Row("surely not that host's", world(OLD, host="Squarespace"), Status.FAIL, "at Namecheap"),
        Row(
            "another host that we know",
            world("76.76.21.22", host="Netlify", headers=AT_VERCEL),
            Status.FAIL,
            "(Vercel)",
        ),
        Row("nowhere", world(typed=GOOD, dns={(NAME, "A"): NOBODY}), Status.FAIL, "has no address"),
        Row("nobody said", world(GOOD), Status.UNKNOWN, "Nobody has said yet"),
        Row("nobody said, one host seen", world(VERCEL, headers=AT_VERCEL), Status.UNKNOWN, "is it Vercel?"),
        Row("a host that we do not know", world(GOOD, host="Corner Host"), Status.UNKNOWN, "Corner Host asks for"),
        Row("behind a shield", world("104.16.132.229", typed=GOOD), Status.UNKNOWN, "a connection to Cloudflare"),
        Row("behind a shield, and listed", behind(RecordSet(NAME, "A", (GOOD,))), Status.PASS, f"leads to {GOOD}"),
        Row("behind a shield, and elsewhere", behind(RecordSet(NAME, "A", (OLD,))), Status.FAIL, f"leads to {OLD}"),
        Row(
            "behind a shield, and an alias",
            behind(RecordSet(NAME, "CNAME", ("app.vercel-dns.com.",))),
            Status.FAIL,
            "leads to app.vercel-dns.com",
        ),
        Row("behind a shield, and not listed", behind(), Status.UNKNOWN, "a connection to Cloudflare"),
        Row("it may be a site's own address", world(OLD, host="Vercel"), Status.UNKNOWN, "addresses of their own"),
        Row(
            "an alias that leads elsewhere from here",
            world(
                OLD, typed="edge.host.example", dns={("edge.host.example", "A"): found("edge.host.example", "A", GOOD)}
            ),
            Status.UNKNOWN,
            "so we could not tell",
        ),
        Row("silent", world(typed=GOOD, dns={(NAME, "A"): TimedOut(NAME, "A", 4.0)}), Status.UNKNOWN, "another look"),
        Row(
            "typed and answered with escapes",
            world(GOOD, aliases=("\x1b]0;x\x07\u202eevil.example",), typed=f"{OLD} \x1b[2J\u202e[@click=app.quit]x[/]"),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["dns.apex.target"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("dns.apex.target", row)


async def records(world: World, status: Status) -> tuple[RecordSet, ...]:
    finding = await hold("dns.apex.target", Row("", world, status))
    assert finding.fix is not None
    return finding.fix.records


async def test_the_fix_is_the_set_that_the_host_asks_for() -> None:
    assert await records(world(OLD, typed=GOOD), Status.FAIL) == (RecordSet(NAME, "A", (GOOD,)),)
    assert await records(world(GOOD, OLD, typed=GOOD), Status.WARN) == (RecordSet(NAME, "A", (GOOD,)),)
    old_six = world(GOOD, six=("2606:2800::1",), typed=GOOD)
    assert await records(old_six, Status.WARN) == (RecordSet(NAME, "AAAA", ()),)
    assert await records(world(*SQUARE[:3], host="Squarespace"), Status.WARN) == (RecordSet(NAME, "A", SQUARE),)


async def test_an_address_of_this_site_alone_stays() -> None:
    assert await records(world("216.198.79.65", "104.16.132.229", host="Vercel"), Status.WARN) == (
        RecordSet(NAME, "A", ("216.198.79.65",)),
    )


async def test_an_alias_at_the_apex_is_a_step_for_a_person() -> None:
    wanted = world(OLD, typed="edge.host.example", headers=AT_VERCEL)
    finding = await hold("dns.apex.target", Row("", wanted, Status.FAIL, "type ALIAS"))
    assert finding.fix is not None
    assert finding.fix.kind == "steps"
    assert finding.fix.copy == "edge.host.example"


def test_what_is_typed_is_read() -> None:
    assert typed_values("A 76.76.21.21; AAAA 2606:50C0:8000:0::153") == (("76.76.21.21", "2606:50c0:8000::153"), ())
    assert typed_values("CNAME  www  cname.vercel-dns.com.") == ((), ("cname.vercel-dns.com",))
    assert typed_values("I do not know\x00 ??? 300.1.2.3 docs/deploy.md") == ((), ())
