"""ARC (RFC 8617): what servers on the way recorded and sealed. Seen and told; it proves nothing about the founder.

dkimpy verifies the chain. Bodies are hashed by canonical.py and keys are fetched before, as for DKIM.
"""

from __future__ import annotations

import asyncio
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.mail.canonical import BodyHash, Wanted, body_hashes
from launchready_tui.mail.dkim import parse_key
from launchready_tui.mail.dkim_verify import Keys
from launchready_tui.mail.message import Message, host_of
from launchready_tui.sources.dns import is_fact, values

_NAMES = ("arc-seal", "arc-message-signature", "arc-authentication-results")
_TAG = re.compile(r"(?:\A|;)\s*([a-z]+)\s*=\s*([^;]*)")
_LONG_BLANK = re.compile(rb"\s{200}")
_BODY: Wanted = ("relaxed", None)


@dataclass(frozen=True, slots=True)
class Chain:
    """An ARC chain: who sealed it, from the first on, and whether all seals and the last signature hold.

    `result` "unknown" where a key could not be read; "none" where there is no chain.
    """

    result: Literal["none", "pass", "fail", "unknown"] = "none"
    sealers: tuple[str, ...] = ()
    reason: str = ""


async def chain(message: Message, keys: Keys) -> Chain:
    """Verify the ARC sets of a message, at most limits.MAIL_ARC_SETS of them."""
    fields = [one for one in message.fields if one.name in _NAMES]
    if not fields:
        return Chain()
    sealers = _sealers(message)
    if len(fields) > 3 * limits.MAIL_ARC_SETS:
        return Chain("fail", sealers, "it has more sets than any chain")
    if any(len(one.raw) > limits.DKIM_FIELD_BYTES or _LONG_BLANK.search(one.raw) for one in fields):
        return Chain("fail", sealers, "its lines are longer than any that servers write")
    tags = [_tags(one.text) for one in fields if one.name != "arc-authentication-results"]
    if any(one.get("l") is not None for one in tags):
        return Chain("fail", sealers, "it signs a part of the body only")
    names = list(dict.fromkeys(f"{one.get('s', '')}._domainkey.{one.get('d', '')}".lower() for one in tags))
    answers = dict(zip(names, await asyncio.gather(*(keys(name) for name in names)), strict=True))
    unread = next((name for name, answer in answers.items() if not is_fact(answer)), "")
    if unread:
        return Chain("unknown", sealers, f"the key at {unread} could not be read")
    found = {
        name: next((text for text in values(answer) if parse_key(text).valid), "") for name, answer in answers.items()
    }
    wanted = {_BODY, ("simple", None)}
    hashes = await body_hashes(message.raw, message.body_at, wanted)
    return _verified(message, sealers, found, hashes)


def _verified(
    message: Message, sealers: tuple[str, ...], keys: Mapping[str, str], hashes: Mapping[Wanted, BodyHash]
) -> Chain:
    import base64

    import dkim

    arc = dkim.ARC()
    arc.headers = [[one.written, one.raw] for one in message.fields]
    process = arc.verify_sig_process

    def without_body(sig: dict[bytes, bytes], include: list[bytes], header: list[bytes], dnsfunc: object) -> bool:
        """The body's hash was made already; dkimpy does the rest."""
        if b"bh" in sig:
            form = sig.get(b"c", b"simple/simple").lower().partition(b"/")[2] or b"simple"
            made = hashes.get((form.decode("ascii", "replace"), None))
            if made is None or base64.b64decode(re.sub(rb"\s+", b"", sig[b"bh"])) != made.digest:
                return False
            sig = {name: value for name, value in sig.items() if name != b"bh"}
        return bool(process(sig, include, header, dnsfunc))

    arc.verify_sig_process = without_body

    def key(name: bytes, timeout: int = 0) -> str:
        return keys.get(name.decode("ascii", "replace").rstrip(".").lower(), "")

    try:
        result, _, reason = arc.verify(dnsfunc=key)
    except (dkim.DKIMException, ValueError, IndexError, KeyError, binascii.Error) as error:
        # dkimpy meets a hostile chain with these; a chain that cannot be read does not hold.
        return Chain("fail", sealers, str(error))
    return Chain("pass" if result == dkim.CV_Pass else "fail", sealers, "" if result == dkim.CV_Pass else str(reason))


def _tags(text: str) -> dict[str, str]:
    return {name: re.sub(r"\s+", "", value) for name, value in _TAG.findall(text)}


def _sealers(message: Message) -> tuple[str, ...]:
    """The domains that sealed, in the order of their instance."""
    read = [_tags(one.text) for one in message.all("arc-seal")]
    numbered = [
        (int(one["i"]), host_of(one.get("d", ""))) for one in read if re.fullmatch(r"\d{1,3}", one.get("i", ""))
    ]
    return tuple(domain for _, domain in sorted(numbered)[: limits.MAIL_ARC_SETS] if domain)
