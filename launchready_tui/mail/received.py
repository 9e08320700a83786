"""The way a message came: its Received lines read, and who handed it to the receiver (RFC 5321 section 4.4). Pure.

Only what the receiver itself wrote can be believed. It wrote the topmost lines; the lowest of these names the address
that delivered the message.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.domain import is_name, registrable
from launchready_tui.mail.message import Message, address_of, decoded, host_of, when
from launchready_tui.proofs import Hop
from launchready_tui.sources.address import is_public

_TOKEN = re.compile(r"\\.|[()]|[^()\\]+|\\", re.DOTALL)
_BY = re.compile(r"(?:\A|[\s)])by\s+(\S{1,255})", re.IGNORECASE)
_FROM = re.compile(r"\A\s*from\s+(\S{1,255})", re.IGNORECASE)
_BRACKETED = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})(?:%[^\]]{0,20})?\]", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w.:-])(?:IPv6:)?((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:-])"
)
_NAMED = re.compile(r"(?:\A|[\s(])(?:helo|ehlo)[=\s]\s*([^\s()]{1,255})", re.IGNORECASE)
# Microsoft's servers hand a message on among themselves under these names too (seen November 2026).
_SAME_HOUSE = {"office365.com": "outlook.com", "exchangelabs.com": "outlook.com"}
_NOT_OF_THE_WORLD = ("local", "lan", "internal", "localdomain", "localhost", "home", "corp", "intranet", "invalid")


@dataclass(frozen=True, slots=True)
class Delivered:
    """Who handed the message over. `receiver` is the organisation that took it, "" where no line names it.

    `place` is the index of the receiver's own lowest Received field among all header fields (-1: none), so that what
    stands above it was written by the receiver; `end` that of the first Received which it did not write. `ip` "" with
    `why` where the address cannot be told.
    """

    receiver: str = ""
    ip: str = ""
    helo: str = ""
    sender: str = ""
    bounce: bool = False
    place: int = -1
    end: int = -1
    why: str = ""


def hops(message: Message) -> tuple[Hop, ...]:
    """The Received lines in the order of the way, the first server first, with the time between them."""
    read = [_hop(one.text) for one in message.all("received")[: limits.MESSAGE_HOPS]]
    receiver = _receiver(read)
    inside = True
    marked = []
    for hop in read:  # from the top: the receiver's own lines come first
        inside = inside and _is_inside(hop, receiver)
        marked.append(replace(hop, inside=inside))
    out: list[Hop] = []
    before = message.date
    for hop in reversed(marked):
        gap = (hop.at - before).total_seconds() if hop.at is not None and before is not None else None
        out.append(replace(hop, seconds=gap))
        before = hop.at or before
    return tuple(out)


def delivered(message: Message, *, private: bool = False) -> Delivered:
    """Who handed the message to its receiver. `private`: addresses that are not public count (one's own network)."""
    fields = [(place, one) for place, one in enumerate(message.fields) if one.name == "received"][: limits.MESSAGE_HOPS]
    read = [_hop(one.text) for _, one in fields]
    if not read:
        return Delivered(why="it has no Received line, so it never went through a mail server")
    receiver = _receiver(read)
    if not receiver:
        return Delivered(why="no Received line names the server that took it")
    own = [(place, hop) for (place, _), hop in zip(fields, read, strict=True)]
    foreign = next((at for at, (_, hop) in enumerate(own) if not _is_inside(hop, receiver)), len(own))
    end = own[foreign][0] if foreign < len(own) else len(message.fields)
    place = own[foreign - 1][0] if foreign else -1
    sender, bounce = _return_path(message, place)
    said = Delivered(receiver, sender=sender, bounce=bounce, place=place, end=end)
    for _, hop in own[:foreign]:
        if not hop.ip or _is_of(hop.from_name, receiver) or hop.from_name == "localhost":
            continue
        if is_public(hop.ip) or (private and _is_address(hop.ip)):
            return replace(said, ip=hop.ip, helo=hop.from_name)
    return replace(said, why=f"{receiver} does not say which address brought it")


def _hop(text: str) -> Hop:
    line, _, date = text[: limits.MESSAGE_FIELD_BYTES].rpartition(";")
    if not line:
        line, date = text, ""
    line = decoded(line[:4_000])[:2_000]
    plain, _ = _comments(line)
    by = _BY.search(plain)
    unplaced = len(line) if _FROM.match(line) else 0
    place = by.start() if by is not None else unplaced
    return Hop(
        by=_host(by[1]) if by else "",
        from_name=_from_name(line[:place]),
        ip=_address(line[:place]),
        at=when(_comments(date[:300])[0]),
    )


def _comments(text: str) -> tuple[str, str]:
    """The text with its comments (RFC 5322 section 3.2.2, they nest) blanked, and these alone; in linear time.

    One that is never closed is no comment.
    """
    plain: list[str] = []
    inside: list[str] = []
    depth = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        depth += token == "("
        (inside if depth else plain).append(token)
        if depth:
            plain.append(" " * len(token))
        if token == ")" and depth:
            depth -= 1
    return (text, "") if depth else ("".join(plain), "".join(inside))


def _from_name(part: str) -> str:
    """The name in the greeting: after “from”, or as “helo=” in the comment where an address stands first (exim)."""
    found = _FROM.match(part)
    if found is None:
        return ""
    name = found[1].strip("[]")
    if _is_address(name) or name.lower() == "unknown":
        helo = _NAMED.search(part)
        return _host(helo[1]) if helo else ""
    return _host(name)


def _address(part: str) -> str:
    """The address that connected: in brackets (postfix, Gmail, exim), else bare in parentheses (Microsoft, qmail)."""
    _, inside = _comments(part)
    for pattern, text in ((_BRACKETED, inside), (_BARE, inside), (_BRACKETED, part), (_BARE, part)):
        for found in pattern.finditer(text):
            if _is_address(found[1]):
                return found[1]
    return ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _host(text: str) -> str:
    """A host name in lower case; a name of no dot or in no form stays what it is."""
    text = text.strip("();,<>").rstrip(".").lower()
    return host_of(text) or text[:255]


def _public(host: str) -> bool:
    return is_name(host) and host.rpartition(".")[2] not in _NOT_OF_THE_WORLD and not _is_address(host)


def _receiver(read: list[Hop]) -> str:
    """The organisation of the topmost server that has a name in the world."""
    return next((_house(hop.by) for hop in read if _public(hop.by)), "")


def _house(host: str) -> str:
    home = registrable(host)
    return _SAME_HOUSE.get(home, home)


def _is_inside(hop: Hop, receiver: str) -> bool:
    """Did the receiver write this line? Its inner servers often have no name in the world."""
    return not _public(hop.by) or _is_of(hop.by, receiver)


def _is_of(host: str, receiver: str) -> bool:
    return bool(receiver) and (host == receiver or host.endswith(f".{receiver}") or _house(host) == receiver)


def _return_path(message: Message, place: int) -> tuple[str, bool]:
    """The envelope's sender as the receiver wrote it down, and whether it is a bounce (RFC 5321 section 4.5.5)."""
    text = next((one.text for one in message.fields[: max(0, place)] if one.name == "return-path"), "")
    if text.strip() == "<>":
        return "", True
    return address_of(text)[0] if text else "", False


def delay(message: Message, way: tuple[Hop, ...]) -> tuple[float | None, bool]:
    """(seconds from Date to the last Received, whether the clocks disagree). None where it cannot be told.

    A small step back is two clocks that differ a little (limits.MAIL_SKEW_SECONDS) and counts as none.
    """
    came = next((hop.at for hop in reversed(way) if hop.at is not None), None)
    skewed = any(hop.seconds is not None and hop.seconds < -limits.MAIL_SKEW_SECONDS for hop in way)
    if came is None or message.date is None:
        return None, skewed
    total = (came - message.date).total_seconds()
    if total < -limits.MAIL_SKEW_SECONDS:
        return None, True
    return max(0.0, total), skewed


def came(way: tuple[Hop, ...]) -> dt.datetime | None:
    """When the receiver took it: its own last line."""
    return next((hop.at for hop in reversed(way) if hop.at is not None), None)
