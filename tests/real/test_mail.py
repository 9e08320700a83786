"""Must-show of the messages: signed by real dkimpy, delivered by a real postfix, verified against a real Knot.

postfix stores what it takes in a maildir, with its Received lines and the return path; what is judged is that file.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import os
import pwd
import shutil
import signal
import smtplib
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import dkim
import dns.asyncquery
import dns.exception
import dns.message
import pytest
import pytest_asyncio

from launchready_tui.project import Clock, Network, Project
from launchready_tui.proofs import Proof
from launchready_tui.proving import prove_bytes
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from tests.command import Ran, launchready
from tests.mail.letters import OURS, THEIRS, ed_key, rsa_key, signed, written
from tests.real.servers import free_port, require, running
from tests.real.test_postfix import LISTEN, MAIN, SERVICES

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postfix")]

BOX, RELAY = "mx.inbox.example", "mx.relay.example"
STORED = """virtual_transport = virtual
virtual_mailbox_domains = inbox.example
virtual_mailbox_base = {top}/box
virtual_mailbox_maps = static:ada/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
message_size_limit = 0
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
"""
VIRTUAL = "virtual unix - n n - - virtual\n"
KNOT = """server:
  rundir: "{folder}"
  user: root
  listen: 127.0.0.1@{port}
  udp-workers: 1
  tcp-workers: 1
database:
  storage: "{folder}"
zone:
{zones}"""


def txt(text: str) -> str:
    """A TXT value as a zone file has it: strings of at most 255 characters."""
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


ZONES = {
    OURS: [
        f"s1._domainkey 60 IN TXT {txt(rsa_key().record)}",
        f"e1._domainkey 60 IN TXT {txt(ed_key().record)}",
        '_dmarc 60 IN TXT "v=DMARC1; p=none"',
        '@ 60 IN TXT "v=spf1 ip4:127.0.0.7 -all"',
    ],
    THEIRS: [
        f"m1._domainkey 60 IN TXT {txt(rsa_key(2048, 1).record)}",
        '@ 60 IN TXT "v=spf1 ip4:127.0.0.8 -all"',
    ],
    "list.example": ['@ 60 IN TXT "v=spf1 -all"'],
    "relay.example": [f"a1._domainkey 60 IN TXT {txt(rsa_key(2048, 2).record)}", '@ 60 IN TXT "v=spf1 -all"'],
}


@dataclass(frozen=True)
class Post:
    """A postfix that stores, and the name server. `send` delivers and gives back the file that was stored."""

    smtp: int
    dns: int
    box: Path
    home: Path

    async def send(self, raw: bytes, *, path: str = f"bounce@{OURS}", ip: str = "127.0.0.7") -> Path:
        before = set(self.box.glob("new/*"))
        await asyncio.to_thread(self._hand_over, raw, path, ip)
        return await asyncio.to_thread(self._stored, before)

    def _stored(self, before: set[Path]) -> Path:
        """postfix stores when its queue gets to it, and tells nobody: look again soon."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if new := set(self.box.glob("new/*")) - before:
                return new.pop()
            time.sleep(0.02)
        raise AssertionError("postfix did not deliver")

    def _hand_over(self, raw: bytes, path: str, ip: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp, local_hostname=f"out.{OURS}", source_address=(ip, 0)) as client:
            client.sendmail(path, ["ada@inbox.example"], raw)

    async def proof(self, file: Path) -> Proof:
        """What the file proves, judged in this process."""
        project = Project(OURS, network=Network(resolvers=(("127.0.0.1", self.dns),), private=True))
        source = Dns(project, Gate(project))
        try:
            return await prove_bytes(file.read_bytes(), "reset", project, source, Clock())
        finally:
            await source.aclose()

    async def judged(self, file: Path, *more: str) -> Ran:
        """The same by the command line."""
        words = ["--resolver", f"127.0.0.1:{self.dns}", "--private-network", "--project", OURS, "--json", *more]
        return await launchready("mail", str(file), *words, home=self.home)


@pytest_asyncio.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    require("postfix", "knotd")
    if os.geteuid() != 0:
        pytest.skip("postfix is started by root: its master process gives its rights away itself")
    owner = pwd.getpwnam("postfix")
    smtp, port = free_port(), free_port()
    # postfix walks down to its folders as another user, whom pytest's folders shut out.
    top = Path(tempfile.mkdtemp(prefix="postfix-"))
    top.chmod(0o755)
    try:
        for folder in ("etc", "queue", "data", "log", "box"):
            (top / folder).mkdir(mode=0o755)
        for folder in ("data", "box"):
            os.chown(top / folder, owner.pw_uid, owner.pw_gid)
        stored = STORED.format(top=top, uid=owner.pw_uid, gid=owner.pw_gid)
        main = MAIN.format(host=BOX, top=top, level="none").replace("virtual_transport = discard:\n", stored)
        (top / "etc" / "main.cf").write_text(main)
        listen = LISTEN.format(port=smtp, level="none", more="")
        (top / "etc" / "master.cf").write_text(listen + SERVICES + VIRTUAL)
        knot = _knot(tmp_path, port)
        async with (
            running(["knotd", "-c", str(knot)], ready=_answers(port), cwd=tmp_path),
            running(["postfix", "-c", str(top / "etc"), "start-fg"], ready=smtp, cwd=top),
        ):
            try:
                yield Post(smtp, port, top / "box" / "ada", tmp_path / "home")
            finally:
                # postfix's master leaves the group it was started in, so it is ended by the pid that it wrote down.
                os.kill(int((top / "queue" / "pid" / "master.pid").read_text()), signal.SIGTERM)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _knot(folder: Path, port: int) -> Path:
    zones = ""
    for zone, lines in ZONES.items():
        start = [f"@ 60 IN SOA ns.{zone}. host.{zone}. 1 3600 600 604800 60", f"@ 60 IN NS ns.{zone}."]
        text = "\n".join([f"$ORIGIN {zone}.", *start, "ns 60 IN A 127.0.0.1", *lines])
        (folder / f"{zone}.zone").write_text(f"{text}\n")
        zones += f"  - domain: {zone}\n    file: {folder}/{zone}.zone\n"
    config = folder / "knot.conf"
    config.write_text(KNOT.format(folder=folder, port=port, zones=zones))
    return config


def _answers(port: int) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        try:
            await dns.asyncquery.udp(dns.message.make_query(OURS, "SOA"), "127.0.0.1", timeout=0.5, port=port)
        except (OSError, dns.exception.DNSException):
            return False
        return True

    return ready


NOW = {"tags": b"", "forms": (b"relaxed", b"simple")}
PLAIN = written(sent=None, more="")  # postfix adds the date that it took it


def own(raw: bytes = PLAIN, **more: object) -> bytes:
    return signed(raw, **{**NOW, **more})  # type: ignore[arg-type]


def stamped(body: str = "Set a new one: https://good.example/reset?t=1\r\n", **more: object) -> bytes:
    return written(body, sent=dt.datetime.now(dt.UTC).replace(microsecond=0), **more)  # type: ignore[arg-type]


def sealed(raw: bytes) -> bytes:
    """Taken and sealed by a relay before it comes here (RFC 8617)."""
    got = (
        f"Authentication-Results: {RELAY}; dkim=pass header.d={OURS}; arc=none\r\n"
        f"Received: from out.{OURS} (out.{OURS} [127.0.0.7]) by {RELAY} (Postfix); Tue, 24 Nov 2026 09:00:00 +0000\r\n"
    ).encode() + raw
    headers = [b"from", b"to", b"subject", b"date"]
    fields = dkim.arc_sign(got, b"a1", b"relay.example", rsa_key(2048, 2).private, RELAY.encode(), headers)
    return b"".join(fields) + got


NOT = "This message does not prove that it is yours: "
YOURS = "This message proves that it is yours."


async def test_what_postfix_delivered_and_what_it_proves(post: Post) -> None:
    """Each as it was stored: altered before it was handed over, forwarded, by a list, or not at all."""
    letter = stamped()
    good = own(letter)
    third = own(letter, key=rsa_key(2048, 1), domain=THEIRS, selector="m1")
    footer = good.replace(b"t=1\r\n", b"t=1\r\n-- \r\nThe footer of a list\r\n")
    listed = b"List-Id: <team.list.example>\r\nList-Post: <mailto:team@list.example>\r\n" + footer
    big = own(stamped("Hello\r\n" + ("A" * 76 + "\r\n") * 135_000))
    away, bounced, changed = "127.0.0.9", f"b@{THEIRS}", f"{NOT}it was changed after {OURS} signed it"
    broken = own(stamped("--Y\r\n\r\nno such part\r\n", type="multipart/mixed; boundary=X"))
    cases: dict[str, tuple[bytes, str, str, str, int]] = {
        "RSA": (good, away, f"bounce@{OURS}", YOURS, 0),
        "Ed25519": (own(letter, key=ed_key(), selector="e1"), away, f"bounce@{OURS}", YOURS, 0),
        "by its address": (letter, "127.0.0.7", f"bounce@{OURS}", YOURS, 0),
        "altered body": (good.replace(b"t=1\r\n", b"t=2\r\n"), away, f"bounce@{OURS}", changed, 1),
        "altered From": (good.replace(b"<hello@", b"<boss@"), away, f"bounce@{OURS}", changed, 1),
        "expired": (
            own(letter, tags=b"t=1600000000; x=1600000100"), away, f"bounce@{OURS}",
            f"{NOT}its signature by {OURS} had expired before it came", 1,
        ),
        "wrong alignment": (third, "127.0.0.8", bounced, f"{NOT}it is signed by {THEIRS}, and not by {OURS}", 1),
        "forwarded": (sealed(good), away, "srs0=x@relay.example", YOURS, 0),
        "forwarded and altered": (
            sealed(good.replace(b"t=1\r\n", b"t=3\r\n")), away, "srs0=x@relay.example", f"{NOT}it was changed", 1,
        ),
        "mailing list": (
            listed, away, "team@list.example", f"{NOT}it was changed on its way through team.list.example", 1,
        ),
        "no signature": (letter, away, f"bounce@{OURS}", f"{NOT}it carries no signature (DKIM)", 1),
        "two signatures": (own(third), away, f"bounce@{OURS}", YOURS, 0),
        "ten megabytes": (big, away, f"bounce@{OURS}", YOURS, 0),
        "broken MIME": (broken, away, f"bounce@{OURS}", YOURS, 0),
        "hostile headers": (
            own(stamped(subject="=?utf-8?b?" + "=?utf-8?q?" * 60, more="X: " + "(" * 700 + "\r\n")), away,
            f"bounce@{OURS}", YOURS, 0,
        ),
    }  # fmt: skip
    for name, (raw, ip, path, sentence, status) in cases.items():
        file = await post.send(raw, path=path, ip=ip)
        if name == "RSA":
            stored = file.read_bytes()
            assert stored.startswith(b"Return-Path: <bounce@good.example>")
            assert b"by mx.inbox.example (Postfix)" in stored
        made = await post.proof(file)
        assert made.sentence.startswith(sentence), (name, made)
        assert made.proves is (status == 0), name
        assert (made.receiver, made.spf.ip) == ("inbox.example", ip), name
        assert (made.delay or 0) < 120, name
        if name.startswith("forwarded"):
            assert (made.sealers, made.arc, made.forwarded) == (("relay.example",), "pass", True)
        if name in ("ten megabytes", "no signature"):
            ran = await post.judged(file)
            assert ran.status == status
            assert ran.document["sentence"] == made.sentence
            assert 0 <= ran.kilobytes < 160_000, f"{ran.kilobytes:,} KB for {name}"


async def test_a_whole_look_counts_what_was_delivered(post: Post) -> None:
    file = await post.send(own(stamped()), ip="127.0.0.9")
    words = ["--resolver", f"127.0.0.1:{post.dns}", "--private-network", "--no-registries", "--only", "email.eml"]
    ran = await launchready("check", OURS, *words, "--eml", str(file), "--json", home=post.home)
    assert {id: one["status"] for id, one in ran.findings.items()} == {
        "email.eml.dkim": "pass",
        "email.eml.aligned": "pass",
        "email.eml.content": "pass",
    }
    assert ran.status == 0


async def test_scripts_ask_for_every_signature(post: Post) -> None:
    both = own(own(stamped(), key=rsa_key(2048, 1), domain=THEIRS, selector="m1"), key=ed_key(), selector="e1")
    raw = (await post.send(both)).read_bytes()
    lines = [
        {
            "id": 1,
            "kind": "dkim-verify",
            "message_b64": base64.b64encode(raw).decode(),
            "resolver": f"127.0.0.1:{post.dns}",
        },
        {"id": 2, "kind": "dkim-verify", "message_b64": "!", "resolver": "127.0.0.1"},
    ]
    sent = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
    ran = await launchready("ask", home=post.home, stdin=sent)
    told = {answer["id"]: answer for answer in map(json.loads, ran.out.splitlines())}
    assert [(one["domain"], one["selector"], one["result"]) for one in told[1]["data"]["signatures"]] == [
        (OURS, "e1", "pass"),
        (THEIRS, "m1", "pass"),
    ]
    assert told[2]["error"]["code"] == "bad-argument"
