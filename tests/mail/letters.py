"""Messages for the tests: written, signed by the real dkimpy, carried by servers that write their lines on top."""

from __future__ import annotations

import base64
import datetime as dt
import email.utils
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Proof, StoredMessage
from launchready_tui.proving import prove_bytes
from launchready_tui.sources.dns import Answer
from launchready_tui.sources.message import Messages
from tests.world import CannedDns, found

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
SENT = NOW - dt.timedelta(hours=2)
OURS, THEIRS, IP = "good.example", "mailer.example", "93.184.215.14"
FROM = f"Good <hello@{OURS}>"


@dataclass(frozen=True)
class Key:
    """A signing key: its private part as dkimpy takes it, and its record."""

    private: bytes
    record: str
    algorithm: bytes


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> Key:
    key = rsa.generate_private_key(65_537, bits)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return Key(private, f"v=DKIM1; k=rsa; p={public}", b"rsa-sha256")


def short_record() -> str:
    """The record of an RSA key of 512 bits, which no library makes any more."""
    modulus = b"\x00" + b"\xc1" * 64
    inside = b"\x02\x41" + modulus + b"\x02\x03\x01\x00\x01"
    return f"v=DKIM1; k=rsa; p={base64.b64encode(b'0' + bytes([len(inside)]) + inside).decode()}"


@cache
def ed_key() -> Key:
    key = ed25519.Ed25519PrivateKey.generate()
    seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Key(base64.b64encode(seed), f"v=DKIM1; k=ed25519; p={base64.b64encode(public).decode()}", b"ed25519-sha256")


def written(
    body: str = "Set a new one: https://good.example/reset?t=1\r\n",
    *,
    sender: str = FROM,
    subject: str = "Reset your password",
    sent: dt.datetime | None = SENT,
    more: str = "",
    type: str = "text/plain; charset=utf-8",
) -> bytes:
    date = f"Date: {email.utils.format_datetime(sent)}\r\n" if sent is not None else ""
    return (
        f"From: {sender}\r\nTo: ada@inbox.example\r\nSubject: {subject}\r\n{date}Message-ID: <1@{OURS}>\r\n{more}"
        f"MIME-Version: 1.0\r\nContent-Type: {type}\r\n\r\n{body}"
    ).encode()


def signed(
    message: bytes,
    key: Key | None = None,
    *,
    domain: str = OURS,
    selector: str = "s1",
    tags: bytes = b"t=%d" % int(SENT.timestamp()),
    length: bool = False,
    forms: tuple[bytes, bytes] = (b"relaxed", b"relaxed"),
    headers: tuple[bytes, ...] | None = None,
) -> bytes:
    """The message with a signature on top; `tags` are put in before it is made ("x=1700000000; ")."""
    key = key or rsa_key()
    signer = dkim.DKIM(message, signature_algorithm=key.algorithm)
    if tags:
        made = signer.gen_header

        def with_tags(fields: list[tuple[bytes, bytes]], *args: object, **named: object) -> bytes:
            parts = [tag.strip().partition(b"=") for tag in tags.split(b";") if tag.strip()]
            pairs = [(name, value) for name, _, value in parts]
            kept = [one for one in fields if one[0] not in {name for name, _ in pairs}]
            fields[:] = [*kept[:-1], *pairs, kept[-1]]
            return bytes(made(fields, *args, **named))

        signer.gen_header = with_tags
    field = signer.sign(
        selector.encode(),
        domain.encode(),
        key.private,
        canonicalize=forms,
        length=length,
        include_headers=headers,
    )
    return bytes(field) + message


def carried(
    message: bytes,
    *,
    ip: str = IP,
    helo: str = f"out.{OURS}",
    path: str = f"bounce@{OURS}",
    seconds: float = 4,
    by: str = "mx.inbox.example",
    results: str = "",
    sent: dt.datetime = SENT,
) -> bytes:
    """As the receiver stores it: its Received line, what it recorded above that, and the return path."""
    at = email.utils.format_datetime(sent + dt.timedelta(seconds=seconds))
    recorded = f"Authentication-Results: {by}; {results}\r\n" if results else ""
    return (
        f"Return-Path: <{path}>\r\n{recorded}Received: from {helo} ({helo} [{ip}])\r\n\tby {by} (Postfix) with ESMTPS "
        f"id 4X\r\n\tfor <ada@inbox.example>; {at}\r\n"
    ).encode() + message


def on_file(records: Mapping[tuple[str, str], Answer], project: Project, at: str) -> Messages:
    """A reset on file, signed by `at` with key s1, judged against these records."""
    letter = carried(
        signed(written(f"https://{project.domain}/reset?t=1\r\n", sender=f"Good <hello@{at}>"), domain=at),
        path=f"bounce@{at}",
    )

    async def prove(message: StoredMessage) -> Proof:
        return await prove_bytes(letter, "reset", project, CannedDns(records, {}, None), Clock(NOW))

    return Messages((StoredMessage("reset", "reset", Path("none"), ((at, "s1"),)),), prove)


def fresh(domain: str) -> tuple[bytes, str]:
    """A reset that came a moment ago, signed by `domain` with key s1, and that key as a line of a zone file."""
    sent = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=1)
    letter = written(f"https://{domain}/reset?t=1\r\n", sender=f"Good <hello@{domain}>", sent=sent)
    whole = carried(
        signed(letter, domain=domain, tags=b"t=%d" % int(sent.timestamp())), path=f"bounce@{domain}", sent=sent
    )
    record = rsa_key().record
    return whole, f's1._domainkey 60 IN TXT "{record[:200]}" "{record[200:]}"\n'


@dataclass
class Zone:
    """What the DNS says in a test."""

    keys: dict[str, str] = field(default_factory=lambda: {f"s1._domainkey.{OURS}": rsa_key().record})
    spf: dict[str, str] = field(default_factory=lambda: {OURS: f"v=spf1 ip4:{IP} -all"})
    dmarc: dict[str, str] = field(default_factory=lambda: {OURS: "v=DMARC1; p=none"})
    more: dict[tuple[str, str], Answer] = field(default_factory=dict)

    def answers(self) -> dict[tuple[str, str], Answer]:
        made: dict[tuple[str, str], Answer] = {
            (name, "TXT"): found(name, "TXT", text) for name, text in self.keys.items()
        }
        made |= {(name, "TXT"): found(name, "TXT", text) for name, text in self.spf.items()}
        made |= {(f"_dmarc.{name}", "TXT"): found(f"_dmarc.{name}", "TXT", text) for name, text in self.dmarc.items()}
        return made | self.more
