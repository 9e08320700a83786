"""`launchready senders` as a user types it: real processes, a real name server, changes that are taken back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import dns.name
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui.practice.nameserver import Nameserver
from tests.fixes.test_cycle import KEY, ZONE
from tests.test_change_commands import Shop

HEAD = """
@ 300 IN SOA ns1 hostmaster 1 3600 600 86400 60
@ 300 IN NS ns1
@ 300 IN A 93.184.215.14
@ 300 IN MX 1 smtp.google.com.
@ 300 IN TXT "verify=1"
ns1 300 IN A 127.0.0.1
"""
ONE = '@ 300 IN TXT "v=spf1 include:_spf.google.com -all"\n'
TWO = '@ 300 IN TXT "v=spf1 include:_spf.google.com ~all"\n@ 300 IN TXT "v=spf1 include:spf.mtasv.net ~all"\n'
MANY = (
    '@ 300 IN TXT "v=spf1 include:_spf.google.com include:servers.mcsv.net -all"\n'
    "k2._domainkey 300 IN CNAME dkim2.mcsv.net.\n"
)


def _zone(origin: str, records: str) -> dns.zone.Zone:
    name = dns.name.from_text(origin)
    return dns.zone.from_text(records, name, relativize=False, zone_factory=dns.versioned.Zone)


async def _shop(tmp_path: Path, records: str) -> tuple[Shop, Nameserver]:
    head = "@ 300 IN SOA ns h 1 1 1 1 60\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n"
    spf = '300 IN TXT "v=spf1 ip4:93.184.216.0/24 ~all"\n'
    key = f'dkim2 300 IN TXT "v=DKIM1; k=rsa; p={_key()}"\n'
    texts = {ZONE: HEAD + records, "google.com": f"{head}_spf {spf}", "mcsv.net": f"{head}servers {spf}{key}"}
    zones = {dns.name.from_text(origin): _zone(origin, text) for origin, text in texts.items()}
    name = dns.name.from_text("test-key")
    server = Nameserver(zones, {name: dns.tsig.Key(name, KEY, dns.tsig.HMAC_SHA256)})
    return Shop(tmp_path, server, await server.start()), server


def _key() -> str:
    """A real RSA key of 1,024 bits: it fits one string of a TXT."""
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    public = rsa.generate_private_key(65537, 1024).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.fixture
async def shop(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    made, server = await _shop(tmp_path, getattr(request, "param", ONE))
    await made.connect()
    yield made
    await server.aclose()


async def _json(shop: Shop, *args: str) -> dict[str, Any]:
    status, out, err = await shop.run("senders", "--project", ZONE, *args, "--json")
    assert status == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def _texts(shop: Shop) -> list[str]:
    return shop.values(ZONE, "TXT")


async def test_the_list_says_what_is_there_and_what_nobody_named(shop: Shop) -> None:
    found = await _json(shop)
    assert (found["domain"], found["declared"]) == (ZONE, None)
    assert found["spf"] == {"record": "v=spf1 include:_spf.google.com -all", "lookups": 1, "limit": 10}
    (google,) = found["senders"]
    assert (google["id"], google["declared"], google["state"]) == ("google-workspace", False, "missing")
    assert google["seen"] == ["include:_spf.google.com in your SPF record", "your MX records"]
    states = {need["part"]: need["state"] for need in google["needs"]}
    assert states == {"spf": "there", "dkim": "missing"}
    status, out, _ = await shop.run("senders", "--project", ZONE)
    assert status == 0
    assert "You have not said yet who may send" in out
    assert "Google Workspace (google-workspace), missing: you did not name it" in out


async def test_adding_shows_first_then_applies_and_can_be_taken_back(shop: Shop) -> None:
    before = _texts(shop)
    shown = await _json(shop, "--add", "mailchimp", "--who", "Ada")
    assert [(step["type"], step["name"], step["after"]) for step in shown["plan"]["steps"]] == [
        ("CNAME", f"k2._domainkey.{ZONE}", ["dkim2.mcsv.net."]),
        ("CNAME", f"k3._domainkey.{ZONE}", ["dkim3.mcsv.net."]),
    ]
    assert (shown["record"], shown["copy"]) == ("", [])
    assert (
        "Your records also name Google Workspace, and your list does not. Add who still sends for you."
        in (shown["notes"])
    )
    assert shop.values(f"k2._domainkey.{ZONE}", "CNAME") == []
    found = await _json(shop)
    assert found["declared"]["senders"] == ["mailchimp"]
    assert found["declared"]["who"] == "Ada"

    status, _, err = await shop.run("senders", "--project", ZONE, "--add", "mailchimp", "--apply", "--who", "Ada")
    assert (status, "Read back: it is there as shown" in err) == (0, True)
    assert shop.values(f"k2._domainkey.{ZONE}", "CNAME") == ["dkim2.mcsv.net."]
    assert shop.values(f"k3._domainkey.{ZONE}", "CNAME") == ["dkim3.mcsv.net."]
    found = await _json(shop)
    mailchimp = next(one for one in found["senders"] if one["id"] == "mailchimp")
    states = [need["state"] for need in mailchimp["needs"]]
    assert states == ["there", "missing"]  # dkim3 leads to nothing on this small internet
    assert (await shop.run("undo", "--project", ZONE))[0] == 0
    assert shop.values(f"k2._domainkey.{ZONE}", "CNAME") == []
    assert _texts(shop) == before


async def test_a_host_goes_before_the_all_and_an_undo_brings_the_record_back(shop: Shop) -> None:
    before = _texts(shop)
    shown = await _json(shop, "--add", "servers.shop.example", "--who", "Ada")
    assert shown["record"] == "v=spf1 include:_spf.google.com include:servers.shop.example -all"
    status, _, _ = await shop.run("senders", "--project", ZONE, "--add", "servers.shop.example", "--apply")
    assert status == 0
    assert _texts(shop) == sorted(['"verify=1"', f'"{shown["record"]}"'])
    assert (await shop.run("undo", "--project", ZONE))[0] == 0
    assert _texts(shop) == before


async def test_an_address_is_taken_for_one(shop: Shop) -> None:
    shown = await _json(shop, "--add", "93.184.215.20")
    assert shown["record"] == "v=spf1 include:_spf.google.com ip4:93.184.215.20 -all"
    assert (shown["lookups"], shown["limit"]) == (1, 10)
    found = await _json(shop)
    assert found["declared"]["other"] == ["93.184.215.20"]
    typed = next(one for one in found["senders"] if one["id"] == "93.184.215.20")
    assert (typed["declared"], typed["state"]) == (True, "missing")


async def test_what_only_their_page_shows_is_named(shop: Shop) -> None:
    shown = await _json(shop, "--add", "resend")
    assert [(one["type"], one["name"]) for one in shown["copy"]] == [
        ("TXT", f"resend._domainkey.{ZONE}"),
        ("MX", f"send.{ZONE}"),
    ]
    assert [step["after"] for step in shown["plan"]["steps"]] == [["v=spf1 include:amazonses.com ~all"]]
    assert shown["record"] == "", "Resend asks for nothing at the domain itself"
    status, out, _ = await shop.run("senders", "--project", ZONE, "--add", "resend")
    assert status == 0
    assert f"Copy from their page: TXT resend._domainkey.{ZONE}" in out


async def test_removing_takes_the_include_and_an_undo_brings_it_back(shop: Shop) -> None:
    before = _texts(shop)
    shown = await _json(shop, "--remove", "google-workspace")
    assert shown["record"] == "v=spf1 -all"
    assert any("Your MX records still lead to Google Workspace" in note for note in shown["notes"])
    status, _, _ = await shop.run("senders", "--project", ZONE, "--remove", "google-workspace", "--apply")
    assert status == 0
    assert _texts(shop) == sorted(['"verify=1"', '"v=spf1 -all"'])
    assert (await shop.run("undo", "--project", ZONE))[0] == 0
    assert _texts(shop) == before
    assert (await _json(shop))["declared"] is None, "who else may send was not said by taking one away"


@pytest.mark.parametrize("shop", [MANY], indirect=True)
async def test_their_keys_go_only_where_that_is_asked_for(shop: Shop) -> None:
    before = _texts(shop)
    shown = await _json(shop, "--remove", "mailchimp")
    assert [step["name"] for step in shown["plan"]["steps"]] == [ZONE]
    assert [(one["type"], one["name"]) for one in shown["left"]] == [("CNAME", f"k2._domainkey.{ZONE}")]
    args = ("senders", "--project", ZONE, "--remove", "mailchimp", "--with-keys", "--apply")
    status, _, err = await shop.run(*args)
    assert (status, "Read back" in err) == (0, True)
    assert shop.values(f"k2._domainkey.{ZONE}", "CNAME") == []
    assert _texts(shop) == sorted(['"verify=1"', '"v=spf1 include:_spf.google.com -all"'])
    assert (await shop.run("undo", "--project", ZONE))[0] == 0
    assert shop.values(f"k2._domainkey.{ZONE}", "CNAME") == ["dkim2.mcsv.net."]
    assert _texts(shop) == before


@pytest.mark.parametrize("shop", [TWO], indirect=True)
async def test_two_spf_records_become_one_with_the_new_sender(shop: Shop) -> None:
    before = _texts(shop)
    status, out, _ = await shop.run("senders", "--project", ZONE, "--add", "fastmail", "--apply")
    assert status == 0
    assert "become one" in out
    wanted = "v=spf1 include:_spf.google.com include:spf.mtasv.net include:spf.messagingengine.com ~all"
    assert _texts(shop) == sorted(['"verify=1"', f'"{wanted}"'])
    assert shop.values(f"fm1._domainkey.{ZONE}", "CNAME") == [f"fm1.{ZONE}.dkim.fmhosted.com."]
    assert (await shop.run("undo", "--project", ZONE))[0] == 2  # much of this small zone goes: its name is asked for
    assert (await shop.run("undo", "--project", ZONE, "--confirm", ZONE))[0] == 0
    assert _texts(shop) == before
    assert shop.values(f"fm1._domainkey.{ZONE}", "CNAME") == []


async def test_without_a_connection_it_is_shown_to_be_typed(shop: Shop) -> None:
    await shop.run("connect", "--forget", "--project", ZONE)
    status, out, err = await shop.run("senders", "--project", ZONE, "--add", "fastmail")
    assert (status, "by hand" in out, "No DNS host is connected" in err) == (0, True, True)
    status, _, err = await shop.run("senders", "--project", ZONE, "--add", "fastmail", "--apply")
    assert (status, "No place that we may change is connected" in err) == (1, True)


async def test_adding_what_is_there_changes_nothing(shop: Shop) -> None:
    shown = await _json(shop, "--add", "google-workspace")
    assert (shown["plan"], shown["record"]) == (None, "")
    assert [one["name"] for one in shown["copy"]] == [f"google._domainkey.{ZONE}"]
    status, out, _ = await shop.run("senders", "--project", ZONE, "--add", "google-workspace", "--apply")
    assert (status, "No record of yours changes." in out) == (0, True)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[bold red]x[/]",
        "\x1b]52;c;eA==\x07",
        "a" * 10_000,
        "evil.example -all",
        "%{i}.evil.example",
        "x\u202egpj.example",
    ],
)
async def test_a_hostile_name_is_refused_and_nothing_is_written(shop: Shop, hostile: str) -> None:
    before = _texts(shop)
    status, out, err = await shop.run("senders", "--project", ZONE, "--add", hostile, "--apply")
    assert status == 2
    assert "neither a sender that we know" in err
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert len(err) < 1_000
    assert _texts(shop) == before
    assert (await _json(shop))["declared"] is None


@pytest.mark.parametrize(
    "args",
    [("--apply",), ("--with-keys",), ("--add", "resend", "--remove", "brevo"), ("--add", "brevo", "--with-keys")],
)
async def test_wrong_usage(shop: Shop, args: tuple[str, ...]) -> None:
    assert (await shop.run("senders", "--project", ZONE, *args))[0] == 2
