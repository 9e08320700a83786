"""Whose DNS panel it is, asked of real servers on loopback, and what a finding's fix becomes there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.dnshost import DnsHost, at_panel, read_settings
from launchready_tui.look import at_panel as shown_at
from launchready_tui.model import Finding, Fix, RecordSet, Status, failed, passed
from launchready_tui.panels import Panel, panel
from launchready_tui.project import Network, Project
from launchready_tui.report import fix_document
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.web import Web
from launchready_tui.stored import StoredFinding, decode_finding, encode_finding
from tests.certs import Authority
from tests.sources.rogue import zones
from tests.sources.serving import Server, answer, by_path, serving

NAME = "good.example"
SETTINGS_HOST = "connect.panel.example"
ZONE = """$ORIGIN good.example.
@ 300 IN SOA {soa} 1 3600 600 604800 60
@ 300 IN NS {ns}
@ 300 IN A 93.184.215.14
www 300 IN A 93.184.215.20
old 300 IN CNAME gone.example.
shop 300 IN CNAME @
*.wild 300 IN A 93.184.215.30
{more}
"""
TO_VERCEL = RecordSet("www.good.example", "CNAME", ("cname.vercel-dns-0.com.",))
SETTINGS = {
    "providerId": "small.example",
    "providerName": "Small Registrar",
    "urlControlPanel": "https://small.example/dns/%domain%",
    "urlSyncUX": "https://small.example/sync",
}


def finding(*records: RecordSet, page: str = "", copy: str = "") -> Finding:
    return failed("It is wrong.", Fix("records", "Put it right.", records=records, page=page, copy=copy))


@asynccontextmanager
async def hosted(
    *, ns: str = "dns1.registrar-servers.com.", soa: str = "ns1.good.example. host.good.example.", more: str = "",
    served: Server | None = None, ca: str | None = None, domain: str = NAME,
) -> AsyncIterator[tuple[DnsHost, Dns]]:  # fmt: skip
    async with zones(ZONE.format(ns=ns, soa=soa, more=more)) as port:
        to = {(SETTINGS_HOST, 443): ("127.0.0.1", served.port)} if served else {}
        network = Network((("127.0.0.1", port),), port, private=True, connect_to=to, ca=ca)
        project = Project(domain, network=network)
        gate = Gate(project)
        dns = Dns(project, gate)
        web = Web(project, dns, gate)
        host = DnsHost(project, dns, web)
        try:
            yield host, dns
        finally:
            await host.aclose()
            await web.aclose()
            await dns.aclose()


async def fix_of(host: DnsHost, found: Finding) -> Fix:
    shown = (await host.shown(found)).fix
    assert shown is not None
    return shown


async def test_a_record_as_the_founders_own_panel_takes_it() -> None:
    async with hosted() as (host, _):
        fix = await fix_of(host, finding(TO_VERCEL, RecordSet("www.good.example", "A", ())))
    assert fix.panel is not None
    assert fix.panel.where == "at Namecheap"
    assert fix.panel.path == ("Domain List", "Manage", "Advanced DNS")
    assert [(row.act, row.type, row.name, row.value, row.ttl) for row in fix.panel.rows] == [
        ("delete", "A", "www", "93.184.215.20", ""),  # first, since nothing may stand beside a CNAME
        ("add", "CNAME", "www", "cname.vercel-dns-0.com", "Automatic"),
    ]
    assert fix.page == "https://ap.www.namecheap.com/domains/domaincontrolpanel/good.example/advancedns"
    assert fix.copy == "cname.vercel-dns-0.com"
    assert fix.say == "Put it right."


async def test_what_a_check_said_itself_stays() -> None:
    async with hosted() as (host, _):
        fix = await fix_of(host, finding(TO_VERCEL, page="https://own.example/", copy="own"))
    assert (fix.page, fix.copy) == ("https://own.example/", "own")


async def test_findings_without_records_stay_as_they_are_and_ask_nothing() -> None:
    async with hosted() as (host, dns):
        sound, steps = passed("Sound."), failed("Wrong.", Fix("steps", "Ring them up."))
        assert await host.shown(sound) is sound
        assert await host.shown(steps) is steps
        assert not dns.asked


async def test_a_known_name_server_is_enough_to_ask() -> None:
    async with hosted() as (host, dns):
        await host.shown(finding(TO_VERCEL))
        assert not [asked for asked in dns.asked if "_domainconnect" in str(asked) or "SOA" in str(asked)]


async def test_name_servers_under_the_founders_own_name_are_told_by_the_soa() -> None:
    async with hosted(ns="ns1.good.example.", soa="ns1.good.example. dns.cloudflare.com.") as (host, _):
        fix = await fix_of(host, finding(TO_VERCEL))
    assert fix.panel is not None
    assert fix.panel.where == "at Cloudflare"


@pytest.mark.parametrize(
    ("settings", "status", "where", "page"),
    [
        (SETTINGS, "200 OK", "at Small Registrar", "https://small.example/dns/good.example"),
        (
            SETTINGS | {"providerName": "GoDaddy"},
            "200 OK",
            "at GoDaddy",
            "https://account.godaddy.com/products",
        ),
        (SETTINGS, "404 Not Found", "where your DNS records are kept", ""),
        ([], "200 OK", "where your DNS records are kept", ""),
        ({"providerName": 5}, "200 OK", "where your DNS records are kept", ""),
    ],
)
async def test_a_host_that_says_who_it_is(settings: object, status: str, where: str, page: str, tmp_path: Path) -> None:
    authority = Authority()
    told = answer(status, json.dumps(settings).encode())
    paths = by_path({"/api/v2/good.example/settings": told})
    ca = authority.write(tmp_path / "ca.pem")
    async with serving(paths, authority.server_context(authority.leaf(SETTINGS_HOST))) as served:
        named = f'_domainconnect 300 IN TXT "{SETTINGS_HOST}/api"'
        async with hosted(ns="ns1.good.example.", more=named, served=served, ca=ca) as (host, _):
            fix = await fix_of(host, finding(TO_VERCEL))
        assert fix.panel is not None
        assert (fix.panel.where, fix.page) == (where, page)
        assert [asked.target for asked in served.asked] == ["/api/v2/good.example/settings"]


@pytest.mark.parametrize(
    "text",
    ["", "not a host", "http://a.example/x", "user@a.example", "a.example:8443", "a.example/../../x y", "localhost"],
)
async def test_nothing_is_asked_where_the_text_names_no_host(text: str) -> None:
    more = f'_domainconnect 300 IN TXT "{text}"' if text else ""
    async with hosted(ns="ns1.good.example.", more=more) as (host, dns):
        fix = await fix_of(host, finding(TO_VERCEL))
        assert fix.panel is not None
        assert fix.panel.where == "where your DNS records are kept"
        assert any("_domainconnect.good.example" in str(asked) for asked in dns.asked)
        assert host._web.asked == ()


@pytest.mark.parametrize("record", [TO_VERCEL, RecordSet("good.example", "A", ("93.184.215.15",))])
async def test_a_host_that_nobody_knows_gets_general_words(record: RecordSet) -> None:
    async with hosted(ns="ns1.good.example.") as (host, _):
        fix = await fix_of(host, finding(record))
    assert fix.panel is not None
    assert fix.panel.where == "where your DNS records are kept"
    assert fix.panel.path == ()
    assert fix.panel.boxes == ("Name", "Value")


async def test_what_is_there_now_is_named_where_it_changes() -> None:
    async with hosted() as (host, _):
        fix = await fix_of(host, finding(RecordSet("www.good.example", "A", ("93.184.215.14",))))
        assert fix.panel is not None
        assert [(row.act, row.was) for row in fix.panel.rows] == [("change", "93.184.215.20")]
        fix = await fix_of(host, finding(RecordSet("old.good.example", "CNAME", ("new.example.",))))
        assert fix.panel is not None
        assert [(row.act, row.was) for row in fix.panel.rows] == [("change", "gone.example")]


async def test_what_stands_elsewhere_is_not_called_a_record_of_this_name() -> None:
    async with hosted() as (host, _):
        # Its address comes by an alias, and that of the other from a wildcard: there is nothing of their own to change.
        for name in ("shop.good.example", "a.wild.good.example"):
            fix = await fix_of(host, finding(RecordSet(name, "A", ("93.184.215.99",))))
            assert fix.panel is not None
            assert [row.act for row in fix.panel.rows] == ["add"]


async def test_a_shields_address_is_not_called_the_record() -> None:
    more = "app 300 IN A 104.16.1.1"
    async with hosted(ns="ada.ns.cloudflare.com.", more=more) as (host, _):
        fix = await fix_of(host, finding(RecordSet("app.good.example", "A", ("93.184.215.14",))))
    assert fix.panel is not None
    assert [(row.act, row.was) for row in fix.panel.rows] == [("add", "")]


async def test_nothing_to_type_is_nothing_to_show() -> None:
    async with hosted() as (host, _):
        fix = await fix_of(host, finding(RecordSet("www.good.example", "A", ("93.184.215.20",))))
    assert fix.panel is None


async def test_a_part_of_a_larger_name_is_typed_in_the_zone_that_holds_it() -> None:
    async with hosted(domain="app.good.example") as (host, _):
        fix = await fix_of(host, finding(RecordSet("app.good.example", "CNAME", ("x.example.",))))
    assert fix.panel is not None
    assert [row.name for row in fix.panel.rows] == ["app"]


async def test_silence_ends_in_general_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HOST_SECONDS", 0.05)
    project = Project(NAME, network=Network((("127.0.0.1", 9),), 9, private=True))
    gate = Gate(project)
    dns = Dns(project, gate, seconds=20, try_seconds=20)
    web = Web(project, dns, gate)
    host = DnsHost(project, dns, web)
    zone, found = await host._find()
    assert (zone, found) == (NAME, Panel(""))
    await host.aclose()
    await web.aclose()
    await dns.aclose()


def test_settings_of_a_hostile_host() -> None:
    assert read_settings(NAME, "[" * 100_000) is None
    assert read_settings(NAME, "{") is None
    assert read_settings(NAME, "{}") is None
    assert read_settings(NAME, '"GoDaddy"') is None
    for page in ("http://a.example/", "javascript:alert(1)", "https://a@b.example/", "https://a.example/\\x y", 7):
        said = read_settings(NAME, json.dumps({"providerName": "A", "urlControlPanel": page}))
        assert said is not None
        assert said.page == ""
    said = read_settings(NAME, json.dumps({"providerName": "A\x1b]0;x\x07" + "B" * 500}))
    assert said is not None
    assert "\x1b" not in said.names[0]
    assert len(said.names[0]) <= 61


def test_where_the_panel_cannot_hold_it_the_fix_says_what_to_do() -> None:
    fix = Fix("records", "Point it.", records=(RecordSet(NAME, "CNAME", ("cname.vercel-dns-0.com.",)),))
    shown = at_panel(fix, panel("GoDaddy"), NAME, {})
    assert shown.panel is not None
    assert shown.panel.rows == ()
    assert "A 76.76.21.21" in shown.panel.notes[0]
    assert shown.copy == ""


def test_a_fix_of_many_records_stays_short() -> None:
    records = tuple(RecordSet(f"a{n}.good.example", "A", ("93.184.215.14",)) for n in range(100))
    shown = at_panel(Fix("records", "All of them.", records=records), panel("Gandi"), NAME, {})
    assert shown.panel is not None
    assert len(shown.panel.rows) == limits.PANEL_ROWS


async def test_an_event_is_shown_only_where_a_host_can_be_asked() -> None:
    from launchready_tui.checks import all_checks
    from launchready_tui.engine import Context, Finished

    event = Finished(all_checks()[0], finding(TO_VERCEL))
    assert await shown_at(event, Context()) is event
    async with hosted() as (host, _):
        shown = await shown_at(event, Context(host))
    assert shown.finding.fix is not None
    assert shown.finding.fix.panel is not None
    assert shown.finding.status is Status.FAIL


def test_what_is_shown_is_kept_on_disk_and_told_in_json() -> None:
    existing = {TO_VERCEL: ("old.example.",)}
    found = finding(TO_VERCEL)
    assert found.fix is not None
    found = replace(found, fix=at_panel(found.fix, panel("Namecheap"), NAME, dict(existing)))
    kept = StoredFinding(found, 0.1, dt.datetime.now(dt.UTC))
    assert decode_finding(encode_finding(kept)).finding == found
    told = fix_document(found.fix)
    assert told is not None
    assert told["panel"] == {
        "at": "at Namecheap",
        "path": ["Domain List", "Manage", "Advanced DNS"],
        "boxes": ["Host", "Value"],
        "rows": [
            {
                "act": "change",
                "type": "CNAME",
                "name": "www",
                "value": "cname.vercel-dns-0.com",
                "ttl": "Automatic",
                "now": "old.example",
            }
        ],
        "notes": [],
    }
    assert told["records"] == [
        {"name": "www.good.example", "type": "CNAME", "ttl": 300, "values": ["cname.vercel-dns-0.com."]}
    ]
