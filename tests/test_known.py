"""Every mark in known.toml carries a true and a false example; here they are all held against it."""

from __future__ import annotations

import datetime as dt
import ipaddress

import pytest

from launchready_tui import known
from launchready_tui.known import Mark, marks
from launchready_tui.sources.web import Page

ALL = [mark for kind in ("dns", "host", "cdn", "mail", "sender") for mark in marks(kind)]


def _holds(mark: Mark, example: str) -> bool:
    header, colon, value = example.partition(": ")
    if colon:
        return mark.has_header(header, value)
    try:
        ipaddress.ip_address(example)
    except ValueError:
        return mark.has_name(example)
    return mark.has_address(example)


@pytest.mark.parametrize("mark", ALL, ids=lambda mark: f"{mark.kind}-{mark.name}")
def test_examples_of_each_mark(mark: Mark) -> None:
    assert mark.yes
    assert mark.no
    for example in mark.yes:
        assert _holds(mark, example), f"{mark.name} should match {example}"
    for example in mark.no:
        assert not _holds(mark, example), f"{mark.name} should not match {example}"
    assert mark.source.startswith("https://")
    assert dt.date.fromisoformat(mark.date) >= dt.date(2026, 1, 1)


@pytest.mark.parametrize("mark", ALL, ids=lambda mark: f"{mark.kind}-{mark.name}")
def test_names_are_claimed_by_one_mark_only(mark: Mark) -> None:
    for example in mark.yes:
        if ": " in example or not mark.has_name(example):
            continue
        first = next(other for other in marks(mark.kind) if other.has_name(example))
        assert first.name == mark.name, f"{example} is claimed by {first.name} before {mark.name}"


def test_at_least_25_dns_hosts() -> None:
    assert len({mark.name for mark in marks("dns")}) >= 25


@pytest.mark.parametrize(
    ("servers", "host"),
    [
        (["dns1.registrar-servers.com.", "dns2.registrar-servers.com."], "Namecheap"),
        (["ADA.NS.CLOUDFLARE.COM."], "Cloudflare"),
        (["notcloudflare.com.evil.example."], ""),
        (["ns1.good.example."], ""),
        ([], ""),
        (["", ".", "\x1b]52;c;x\x07"], ""),
    ],
)
def test_dns_host(servers: list[str], host: str) -> None:
    assert known.dns_host(servers) == host


def _page(*headers: tuple[str, str], address: str = "") -> Page:
    return Page("https://good.example/", 200, headers, address=address)


def test_host_behind_a_shield_is_named_by_its_headers() -> None:
    page = _page(("server", "cloudflare"), ("cf-ray", "8a-FRA"), ("x-vercel-id", "fra1::x"), address="104.16.1.1")
    assert known.web_host(page, ()) == "Vercel"
    assert known.cdn(page, ("104.16.1.1",), ()) == "Cloudflare"


def test_own_server_is_nobody_known() -> None:
    page = _page(("server", "nginx/1.24.0"), address="93.184.215.14")
    assert known.web_host(page, ()) == ""
    assert known.cdn(page, ("93.184.215.14",), ()) == ""


def test_without_a_page_aliases_and_addresses_speak() -> None:
    assert known.web_host(None, ("cname.vercel-dns.com",)) == "Vercel"
    assert known.web_host(None, (), ("185.199.108.153",)) == "GitHub Pages"
    assert known.cdn(None, ("2606:4700::1",), ()) == "Cloudflare"
    assert known.cdn(None, ("not an address",), ()) == ""


def test_mail_host_takes_names_and_mx_values() -> None:
    assert known.mail_host(["1 smtp.google.com."]) == "Google Workspace"
    assert known.mail_host(["smtp.google.com"]) == "Google Workspace"
    assert known.mail_host(["0 ."]) == ""
    assert known.mail_host(["", "  "]) == ""


def test_senders_in_the_order_of_the_record() -> None:
    record = "v=spf1 ip4:192.0.2.1 include:_spf.google.com ?include:amazonses.com include:spf.own.example"
    record += " redirect=spf.x.example"
    assert known.senders(record) == ("Google Workspace", "Amazon SES", "spf.own.example", "spf.x.example")
    assert known.senders("v=spf1 mx -all") == ()
    assert known.senders("") == ()
