"""The mails that the practice product sends: a password reset and an invite, signed with its own key (RFC 6376)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Literal

from launchready_tui.disk import read_capped, write_private
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.pages import PRODUCT

Kind = Literal["reset", "invite"]
KINDS: tuple[Kind, ...] = ("reset", "invite")
SELECTOR = "maple"
KEY_NAME = f"{SELECTOR}._domainkey.{DOMAIN}"
SENDER = f"bounces@{DOMAIN}"  # the return path
DEVELOPER = "http://localhost:3000"  # where links lead as long as nobody told the product its own address

_BITS = 2_048  # RFC 8301 section 3.2
_SIGNED = (b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type")
_WORDS: dict[Kind, tuple[str, str, str]] = {
    "reset": (
        f"Reset your {PRODUCT} password",
        "Somebody, we hope you, asked for a new password. This link works once, within an hour:",
        "Choose a new password",
    ),
    "invite": (
        f"You are invited to {PRODUCT}",
        "A neighbour would like to plan the tapping season with you. This link opens your account:",
        "Join the sugarhouse",
    ),
}


@dataclass(frozen=True, slots=True)
class Key:
    """An RSA key for signing: `pem` is the private half, `record` what the DNS says of it."""

    pem: bytes
    record: str


def read_key(path: Path) -> Key:
    """The key in `path`, made there where there is none. Takes up to a tenth of a second. Raises WorkspaceProblem."""
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        private = serialization.load_pem_private_key(read_capped(path), None)
    except (FileNotFoundError, ValueError):
        private = rsa.generate_private_key(65_537, _BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    if not path.exists() or path.read_bytes() != pem:
        write_private(path, pem)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


def letter(kind: Kind, to: str, token: str, settings: Mapping[str, str], at: dt.datetime) -> bytes:
    """The mail as it leaves the product, not yet signed. Its link is as right as the site's settings are."""
    subject, words, button = _WORDS[kind]
    host = settings.get("mail.links", "")
    base = f"https://{host}" if host == DOMAIN else DEVELOPER
    link = f"{base}/{kind}/{token}"
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"{PRODUCT} <hello@{DOMAIN}>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(token[:12], DOMAIN)
    mail.set_content(f"Hello,\n\n{words}\n\n{link}\n\n{PRODUCT}\n")
    mail.add_alternative(
        f'<p>Hello,</p>\n<p>{words}</p>\n<p><a href="{link}">{button}</a></p>\n<p>{PRODUCT}</p>\n', subtype="html"
    )
    return mail.as_bytes()


def signed(mail: bytes, key: Key) -> bytes:
    """The mail with its DKIM-Signature before it."""
    import dkim

    signature: bytes = dkim.sign(
        mail,
        SELECTOR.encode(),
        DOMAIN.encode(),
        key.pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(_SIGNED),
    )
    return signature + mail
