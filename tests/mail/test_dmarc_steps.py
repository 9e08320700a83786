"""The DMARC policy raised step by step on a real name server, proved by a message of real dkimpy, and undone."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import dkim as dkimpy
import dns.name
import dns.rdataset
import dns.tsig
import dns.versioned
import dns.zone
import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import rsa

from launchready_tui.fixes.model import FixProblem
from launchready_tui.mail.dmarc_plan import told
from launchready_tui.model import Finding, Status
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Clock, Network, Project
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace

ZONE = "good.example"
TSIG = "bWFkZSBmb3IgYSB0ZXN0IG9ubHkh"
POLICY, RECORD = "email.dmarc.policy", "email.dmarc.record"
BEGIN = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TEXT = """
@ 300 IN SOA ns1 hostmaster 1 3600 600 86400 300
@ 300 IN NS ns1
@ 300 IN A 93.184.215.14
@ 300 IN MX 10 mail
@ 300 IN TXT "v=spf1 -all"
ns1 300 IN A 127.0.0.1
mail 300 IN A 93.184.215.15
mine._domainkey 300 IN TXT "v=DKIM1; k=rsa; p={key}"
"""


class Later(Clock):
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGIN

    def now(self) -> dt.datetime:
        return self.at

    def wait(self, days: int) -> None:
        self.at += dt.timedelta(days=days)


@dataclass
class Launch:
    session: Session
    clock: Later
    server: Nameserver
    private: bytes

    async def look(self, id: str = POLICY) -> Finding:
        async with aclosing(self.session.look([self.session.check(id)])) as events:
            async for _ in events:
                pass
        return self.session.outcomes[id].finding

    async def fix(self, id: str = POLICY) -> int:
        """Apply what the check offers; the number of the change."""
        plan = await self.session.plan(id)
        number = 0
        async with aclosing(self.session.apply(plan, "Ada")) as steps:
            async for step in steps:
                assert step.ok, step.text
                number = step.change.number if step.change is not None else number
        return number

    def live(self) -> list[str]:
        found = self.server.zones[dns.name.from_text(ZONE)].get_rdataset(dns.name.from_text(f"_dmarc.{ZONE}"), "TXT")
        return [rdata.to_text().strip('"') for rdata in found] if found else []

    def message(self, signer: str) -> bytes:
        at = self.clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
        text = f"From: Good <hello@{ZONE}>\r\nTo: ada@inbox.example\r\nSubject: Reset\r\nDate: {at}\r\n\r\nHere.\r\n"
        signature: bytes = dkimpy.sign(text.encode(), b"mine", signer.encode(), self.private)
        way = (
            f"Return-Path: <bounce@{signer}>\r\nReceived: from out.{signer} (out.{signer} [93.184.215.99])\r\n"
            f" by mx.inbox.example with ESMTP; {at}\r\n"
        )
        return way.encode() + signature + text.encode()


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Launch]:
    private = rsa.generate_private_key(65_537, 2_048)
    public = private.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    text = base64.b64encode(public).decode()
    origin = dns.name.from_text(ZONE)
    zone = dns.zone.from_text(
        TEXT.format(key=f'{text[:200]}" "{text[200:]}'), origin, relativize=False, zone_factory=dns.versioned.Zone
    )
    named = dns.name.from_text("test-key")
    other = dns.name.from_text("other.example")
    far = dns.zone.from_text(
        TEXT.format(key=f'{text[:200]}" "{text[200:]}'), other, relativize=False, zone_factory=dns.versioned.Zone
    )
    server = Nameserver({origin: zone, other: far}, {named: dns.tsig.Key(named, TSIG, dns.tsig.HMAC_SHA256)})
    port = await server.start()
    place = {"kind": "rfc2136", "server": "127.0.0.1", "port": str(port), "zone": ZONE, "key": "test-key"}
    project = Project(
        ZONE,
        network=Network(resolvers=(("127.0.0.1", port),), dns_port=port, private=True, registries=False),
        connections=({**place, "secret": "tsig"},),
    )
    store = Workspace(tmp_path).open(ZONE, create=True)
    store.save_project(project)
    clock = Later()
    session = Session(store, Vault(kind="session"), clock=clock, secrets={"tsig": Secret(TSIG)})
    pem = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption())
    yield Launch(session, clock, server, pem)
    await session.aclose()
    await server.aclose()


async def test_from_nothing_to_reject_and_back(launch: Launch) -> None:
    assert (await launch.look(RECORD)).status is Status.FAIL
    first = await launch.fix(RECORD)
    watching = f"v=DMARC1; p=none; rua=mailto:dmarc@{ZONE}"
    assert launch.live() == [watching]
    assert "since change 1 on 24 Nov 2026" in (await launch.look()).saw

    launch.clock.wait(31)
    held = await launch.look()
    assert held.status is Status.WARN
    assert "31 days" in held.saw
    assert held.fix is not None
    assert not held.fix.records  # no message on file: no step
    assert any(line.strip().startswith("Held: No message on file") for line in told(held))

    await launch.session.add_message(launch.message("other.example"), "reset")
    assert "does not pass as yours" in " ".join(told(await launch.look()))
    with pytest.raises(FixProblem):
        await launch.session.plan(POLICY)

    launch.clock.wait(1)
    proof = await launch.session.add_message(launch.message(ZONE), "reset")
    assert proof.aligned is True
    expected = [
        (0, f"v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:dmarc@{ZONE}"),
        (15, f"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{ZONE}"),
        (31, f"v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@{ZONE}"),
    ]
    numbers = [first]
    for days, record in expected:
        launch.clock.wait(days)
        await launch.look()
        numbers.append(await launch.fix())
        assert launch.live() == [record]
        assert (await launch.look()).status is Status.PASS
    assert (await launch.look()).fix is None
    assert numbers == [1, 2, 3, 4]

    async with aclosing(launch.session.undo(4, "Ada")) as steps:
        async for step in steps:
            assert step.ok, step.text
    assert launch.live() == [expected[1][1]]


async def test_mail_that_stops_passing_is_critical_and_one_key_goes_back(launch: Launch) -> None:
    await launch.look(RECORD)
    await launch.fix(RECORD)
    await launch.session.add_message(launch.message(ZONE), "reset")
    launch.clock.wait(31)
    await launch.look()
    await launch.fix()
    launch.clock.wait(15)
    await launch.look()
    await launch.fix()
    assert launch.live() == [f"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{ZONE}"]
    launch.clock.wait(1)
    await launch.session.add_message(launch.message("other.example"), "reset")
    blocked = await launch.look()
    assert blocked.status is Status.FAIL
    assert blocked.severity is not None
    assert blocked.severity.value == "critical"
    await launch.fix()
    assert launch.live() == [f"v=DMARC1; p=none; np=reject; rua=mailto:dmarc@{ZONE}"]
    assert (await launch.look()).status is Status.PASS


async def test_what_was_there_before_us_is_as_old_as_we_saw_it(launch: Launch, tmp_path: Path) -> None:
    text = f'"v=DMARC1; p=none; rua=mailto:dmarc@{ZONE}"'
    with launch.server.zones[dns.name.from_text(ZONE)].writer() as change:
        change.replace(dns.name.from_text(f"_dmarc.{ZONE}"), dns.rdataset.from_text("IN", "TXT", 300, text))
    assert "we cannot see" in (await launch.look()).saw
    await launch.session.aclose()
    launch.clock.wait(31)
    launch.session = Session(Workspace(tmp_path).open(ZONE), Vault(kind="session"), clock=launch.clock)
    again = await launch.look()
    assert again.status is Status.WARN
    assert "since 24 Nov 2026 at least" in again.saw
