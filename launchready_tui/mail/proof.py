"""One message, judged: does it prove that it is the founder's own? (RFC 6376, 7208, 8601, 8617, 9989)

Asked are the DNS names that the message itself names: keys of its signatures, the SPF record of its envelope's sender,
the DMARC record of its From. Nothing in it is opened, followed or loaded.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import replace

from launchready_tui import limits
from launchready_tui.mail import arc, authres, dkim_verify, dmarc, parts, received, spf_dns, verdict
from launchready_tui.mail.message import Message, host_of, read
from launchready_tui.mail.received import Delivered
from launchready_tui.proofs import Delivery, Hop, Kind, Link, Proof, ProofKept, Recorded, Signature, kept
from launchready_tui.sources.dns import Answer, Dns

__all__ = [
    "Delivery",
    "Hop",
    "Link",
    "Proof",
    "ProofKept",
    "Recorded",
    "Signature",
    "kept",
    "prove",
]

_FORWARDED = ("x-forwarded-to", "x-forwarded-for", "resent-from", "resent-to")
_REWRITTEN = re.compile(r"(?:srs[01][=+-]|[^@]{0,200}\+caf_=)", re.IGNORECASE)  # SRS, and Gmail's own forwarding
_PLAIN_WORD = re.compile(r"(?:[a-z]{1,20}[._-]?){1,4}|[A-Z]?[a-z]{1,20}")  # of a path; a token has digits or mixed case
_MANY = ("bulk", "list")


async def prove(
    data: bytes, dns: Dns, at: dt.datetime, *, domain: str = "", kind: Kind = "other", private: bool = False
) -> Proof:
    """What this message proves about `domain`; without one, about the domain in its own From.

    `at` is the moment at which signatures are judged. `private`: a server on a network of one's own may have delivered
    it. Raises BadMessage where the bytes are no message; ends within limits.MAIL_SECONDS.
    """
    message = read(data)
    about = domain or message.author.domain
    try:
        async with asyncio.timeout(limits.MAIL_SECONDS):
            return await _proved(message, dns, at, about, kind, private=private)
    except TimeoutError:
        said = verdict.silent(f"the name servers did not answer within {limits.MAIL_SECONDS:.0f} seconds")
        return replace(_outline(message, kind), sentence=said, needs="another look")


async def _proved(message: Message, dns: Dns, at: dt.datetime, about: str, kind: Kind, *, private: bool) -> Proof:
    async def keys(name: str) -> Answer:
        return await dns.ask(name, "TXT")

    way = received.delivered(message, private=private)
    recorded = authres.trusted(message, way)
    author = message.author.domain
    mode, signatures, chain, spf, ours = await asyncio.gather(
        _modes(dns, author),
        dkim_verify.verify(message, keys, at),
        arc.chain(message, keys),
        _spf(message, way, recorded, dns),
        _lines_up(dns, about, author, "r"),
    )
    lined = await asyncio.gather(*(_lines_up(dns, author, one.domain, mode[0]) for one in signatures))
    signatures = tuple(replace(one, aligned=said) for one, said in zip(signatures, lined, strict=True))
    if spf.result == "pass":
        spf = replace(spf, aligned=await _lines_up(dns, author, spf.domain, mode[1]))
    outline = _outline(message, kind)
    outside = tuple(one for one in chain.sealers if one != way.receiver and not one.endswith(f".{way.receiver}"))
    proof = replace(
        outline,
        dkim=signatures,
        spf=spf,
        receiver=way.receiver,
        recorded=recorded,
        arc="" if chain.result == "none" else chain.result,
        sealers=chain.sealers,
        forwarded=outline.forwarded or bool(outside) or _REWRITTEN.match(way.sender) is not None,
    )
    urls = await asyncio.to_thread(parts.links, message)
    links = tuple(Link(_without_secrets(url), _host(url)) for url in urls)
    return verdict.judged(replace(proof, links=links), message.author.fault, about, ours)


def _outline(message: Message, kind: Kind) -> Proof:
    """What the message says by itself, before anybody is asked."""
    way = received.hops(message)
    late, skewed = received.delay(message, way)
    many = message.first("precedence").lower() in _MANY
    unsubscribe = "https://" in message.first("list-unsubscribe").lower()
    told = bool(message.all("list-unsubscribe"))
    post = "list-unsubscribe=one-click" in message.first("list-unsubscribe-post").lower().replace(" ", "")
    return Proof(
        kind,
        "unknown",
        "",
        from_domain=message.author.domain,
        from_address=message.author.address,
        subject=message.subject[: limits.TEXT_SHOWN],
        at=message.date,
        came=received.came(way),
        hops=way,
        delay=late,
        skewed=skewed,
        bulk=many or bool(message.all("list-id")) or (kind == "other" and told),
        list_unsubscribe=told,
        one_click=unsubscribe and post,
        forwarded=any(message.all(name) for name in _FORWARDED),
        mailing_list=_list(message),
        notes=message.faults,
    )


def _list(message: Message) -> str:
    """The name of a mailing list that people write to; newsletters have a List-Id as well, and no List-Post."""
    post = message.first("list-post")
    if not post or post.strip().upper() == "NO":
        return ""
    found = re.search(r"<([^<>\s]{1,200})>", message.first("list-id"))
    return found[1] if found else "a mailing list"


def _host(url: str) -> str:
    found = re.match(r"https?://(?:[^/?#@]*@)?(\[[^\]/?#]{1,60}\]|[^/?#:]{1,253})", url, re.IGNORECASE)
    return (host_of(found[1]) or found[1].lower()) if found else ""


def _without_secrets(url: str) -> str:
    """Where a link leads, without what opens the door there: the link of a reset is a key, and proofs are handed on.

    Its scheme, host and the plain words of its path stay; "https://good.example/reset/…?…".
    """
    found = re.match(r"(https?://)(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(.?)", url, re.IGNORECASE | re.DOTALL)
    if found is None:
        return url.partition(":")[0] + ":…"
    path = "/".join(part if not part or _PLAIN_WORD.fullmatch(part) else "…" for part in found[3].split("/"))
    return f"{found[1]}{found[2]}{path}{f'{found[4]}…' if found[4] else ''}"


async def _modes(dns: Dns, author: str) -> tuple[str, str]:
    """adkim and aspf as they apply: "r", "s", or "" where the record could not be read (RFC 9989 section 4.7)."""
    if not author:
        return "r", "r"
    found = await dmarc.find(dns, author)
    if found.record is None:
        return ("", "") if found.unsure is not None else ("r", "r")
    return found.record.tags.get("adkim", "r"), found.record.tags.get("aspf", "r")


async def _lines_up(dns: Dns, author: str, name: str, mode: str) -> bool | None:
    """Does `name` carry the name in From? None where the DNS could not tell. `mode` "" is not known."""
    if not author or not name:
        return False
    if author == name:
        return True
    if author.split(".")[-2:] != name.split(".")[-2:] or mode == "s":
        # Names that share their last label at most are of two organisations, whatever anybody publishes.
        return False
    said = await dmarc.aligns(dns, author, name, "r")
    return None if said and not mode else said


async def _spf(message: Message, way: Delivered, recorded: tuple[Recorded, ...], dns: Dns) -> Delivery:
    """SPF for the address that delivered it; where that or the sender is not told, what the receiver recorded."""
    theirs = next((one for one in recorded if one.method == "spf"), None)
    word, ip, envelope = authres.received_spf(message, way)
    ip = way.ip or ip
    sender = way.sender or envelope or (theirs.domain if theirs else "")
    domain = host_of(sender.rpartition("@")[2]) if sender else (host_of(way.helo) if way.bounce else "")
    said = Delivery(domain=domain, ip=ip, reason=way.why)
    if ip and domain:
        asked = sender if "@" in sender or not sender else f"postmaster@{sender}"
        result = await spf_dns.check_host(dns, ip, way.helo or domain, asked, limits.SPF_SECONDS)
        if result != "temperror":
            return replace(said, result=result, by="us", reason="")
        said = replace(said, reason=f"the name servers could not tell whether {ip} may send for {domain}")
    elif ip and not said.reason:
        said = replace(said, reason="it has no Return-Path line, which names where its bounces go")
    if theirs is not None and theirs.result and theirs.domain:
        return Delivery(theirs.result, theirs.domain, ip, "receiver")
    if word and domain:
        return replace(said, result=word, by="receiver", reason="")
    return said
