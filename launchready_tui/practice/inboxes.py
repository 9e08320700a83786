"""The two practice inboxes: each judges a message as a big receiver does, writes down what it saw, and keeps it.

SPF by the live records (RFC 7208), DKIM with dkimpy and the live key (RFC 6376), DMARC's alignment (RFC 9989), told in
an Authentication-Results header (RFC 8601) over a Received header (RFC 5321 section 4.4). What proves nothing lands in
spam.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import format_datetime, parseaddr
from pathlib import Path

from launchready_tui import system
from launchready_tui.disk import write_private
from launchready_tui.mail.spf import evaluate
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.mail import Envelope

NAMES = ("gmail", "outlook")  # stand-ins, on names that nobody owns (RFC 2606)
SPAM = "spam"
MESSAGES = 200  # kept in one inbox; the oldest goes
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def address(name: str) -> str:
    """The founder's practice address at one of NAMES."""
    return f"ada@{name}.example"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a receiver makes of a message. `spam` where neither SPF nor DKIM proves the name in From."""

    spf: str
    dkim: str
    signer: str
    selector: str
    dmarc: str
    spam: bool


class PracticeInbox:
    """Takes mail for one address and keeps it as .eml files in `folder`, what it distrusts in its folder "spam".

    `texts` gives the TXT values of a name as they are now, `resolver` is (IP, port) of a server that resolves.
    """

    def __init__(
        self, name: str, folder: Path, texts: Callable[[str], Sequence[str]], resolver: tuple[str, int]
    ) -> None:
        self.name, self.address = name, address(name)
        self.host = f"mx.{name}.example"
        self.folder = folder
        self._texts, self._resolver = texts, resolver

    def takes(self, address: str) -> bool:
        return address == self.address

    async def keep(self, envelope: Envelope) -> None:
        judged = await self._judge(envelope)
        at = dt.datetime.now(dt.UTC)
        how = "ESMTPS" if envelope.secure else "ESMTP"
        lines = [
            f"Delivered-To: {self.address}",
            f"Return-Path: <{envelope.sender}>",
            f"Authentication-Results: {self.host};",
            f" spf={judged.spf} smtp.mailfrom={envelope.sender};",
            f" dkim={judged.dkim}{self._signed(judged)};",
            f" dmarc={judged.dmarc} header.from={_from(envelope.data)}",
            f"Received: from {envelope.helo} ({envelope.helo} [{envelope.peer}])",
            f" by {self.host} with {how} id {at:%H%M%S%f};",
            f" {format_datetime(at)}",
        ]
        head = "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")
        folder = self.folder / SPAM if judged.spam else self.folder
        system.private_folder(folder)
        number = 1 + max((int(each.name[:3]) for each in self.files()), default=0)
        for old in self.files()[MESSAGES - 1 :]:
            old.unlink(missing_ok=True)
        write_private(folder / f"{number:03}-{_slug(envelope.data)}.eml", head + envelope.data)

    def files(self) -> list[Path]:
        """What was kept, the newest first, spam included."""
        found = [path for path in self.folder.glob("**/*.eml") if path.name[:3].isdigit()]
        return sorted(found, key=lambda path: path.name, reverse=True)

    async def _judge(self, envelope: Envelope) -> Judged:
        spf, _ = await evaluate(envelope.peer, envelope.helo, envelope.sender, self._resolver)
        await asyncio.to_thread(importlib.import_module, "dkim")  # the first time it takes longer than a key may wait
        dkim, signer, selector = self._verify(envelope.data)
        author = _from(envelope.data)
        sender = envelope.sender.rpartition("@")[2].lower()
        mine = (spf == "pass" and _aligned(author, sender)) or (dkim == "pass" and _aligned(author, signer))
        asked = any(text.lower().startswith("v=dmarc1") for text in self._texts(f"_dmarc.{DOMAIN}"))
        dmarc = ("pass" if mine else "fail") if asked else "none"
        return Judged(spf, dkim, signer, selector, dmarc, spam=not mine)

    def _verify(self, data: bytes) -> tuple[str, str, str]:
        """The first signature: its result, domain and selector."""
        import dkim

        mail = message_from_bytes(data, policy=policy.compat32)
        signature = mail.get("DKIM-Signature")
        if signature is None:
            return "none", "", ""
        tags = dict(re.findall(r"\b([a-z]+)=([^;\s]+)", str(signature)))
        signer, selector = tags.get("d", "").lower(), tags.get("s", "")

        def txt(name: bytes, timeout: float = 5) -> bytes | None:
            found = self._texts(name.decode("ascii", "replace").rstrip("."))
            return found[0].encode() if len(found) == 1 else None

        try:
            good = bool(dkim.verify(data, dnsfunc=txt))
        except dkim.DKIMException:
            return "permerror", signer, selector
        return ("pass" if good else "fail"), signer, selector

    @staticmethod
    def _signed(judged: Judged) -> str:
        return f" header.d={judged.signer} header.s={judged.selector}" if judged.signer else ""


def _from(data: bytes) -> str:
    mail = message_from_bytes(data, policy=policy.compat32)
    return parseaddr(str(mail.get("From", "")))[1].rpartition("@")[2].lower()


def _aligned(author: str, other: str) -> bool:
    """Relaxed: the practice domain and what is below it are one organisation."""
    return author == other or (author == DOMAIN and other.endswith(f".{DOMAIN}"))


def _slug(data: bytes) -> str:
    mail = message_from_bytes(data, policy=policy.compat32)
    words = _NOT_PLAIN.sub("-", str(mail.get("Subject", "")).lower()).strip("-")
    return words[:40].strip("-") or "message"
