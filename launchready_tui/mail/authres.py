"""What the receiver recorded: Authentication-Results (RFC 8601) and Received-SPF (RFC 7208 section 9.1). Pure.

Anybody can write such a line into a message. Believed are only those that the receiver itself put on top: they bear its
name and stand above its own last Received line. Gmail and Microsoft write them below it, and take out those that others
wrote in their name (RFC 8601 section 5): there, all above the first Received of somebody else counts. The one library
for this (authres) had its last release in 2019, so these lines are read here, and held against it in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.mail.message import Field, Message
from launchready_tui.mail.received import Delivered
from launchready_tui.proofs import Recorded

_RESULT = re.compile(r"\A\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:/\s*\d+\s*)?=\s*([A-Za-z][A-Za-z0-9-]*)")
_PROPERTY = re.compile(r'(?:\A|\s)(smtp|header|policy|body)\s*\.\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)')
_REASON = re.compile(r'(?:\A|\s)reason\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)')
_SPF_PAIR = re.compile(r'([A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]+)')
_BELOW = frozenset({"google.com", "outlook.com"})  # seen in messages of November 2026
_LINES = 20  # of these read in one message
_METHODS = 40  # results read in one line


@dataclass(frozen=True, slots=True)
class Told:
    """One line. `server` is its authserv-id, "" where it leaves it out (as Microsoft does)."""

    server: str
    results: tuple[Recorded, ...]


def parse(text: str) -> Told | None:
    """One field's text, unfolded; None where it is in no form that servers write (RFC 8601 section 2.2)."""
    parts = _parts(text[: limits.MESSAGE_FIELD_BYTES])
    if not parts:
        return None
    head = parts[0].strip()
    first = [] if _RESULT.match(head) is None else [head]
    server = "" if first else head.partition(" ")[0].strip('"').lower().rstrip(".")
    if not first and not server:
        return None
    results = [made for part in (*first, *parts[1:])[:_METHODS] if (made := _recorded(part)) is not None]
    return Told(server, tuple(results))


def _parts(text: str) -> list[str]:
    """Comments taken out (they nest), cut at semicolons that stand in no quotes."""
    out: list[str] = [""]
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in text:
        if escaped:
            escaped = False
            if not depth:
                kept.append(char)
        elif char == "\\" and (depth or quoted):
            escaped = True
            if not depth:
                kept.append(char)
        elif char == '"' and not depth:
            quoted = not quoted
            kept.append(char)
        elif char == "(" and not quoted:
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            kept.append(" ")
        elif char == ";" and not quoted and not depth:
            out[-1] = "".join(kept)
            out.append("")
            kept = []
        elif not depth:
            kept.append(char)
    out[-1] = "".join(kept)
    return out


def _recorded(part: str) -> Recorded | None:
    found = _RESULT.match(part)
    if found is None:
        return None
    rest = part[found.end() :]
    said = {f"{one[1].lower()}.{one[2].lower()}": _plain(one[3]) for one in _PROPERTY.finditer(rest)}
    reason = _REASON.search(rest)
    method = found[1].lower()
    names = {
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.helo"),
        "dmarc": ("header.from",),
    }.get(method, ())
    domain = next((_domain(said[name]) for name in names if said.get(name)), "")
    return Recorded(
        method, found[2].lower(), domain, said.get("header.s", "").lower(), _plain(reason[1]) if reason else ""
    )


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') and len(value) > 1 else value


def _domain(value: str) -> str:
    return value.rpartition("@")[2].strip("<>").lower().rstrip(".")


def trusted(message: Message, way: Delivered) -> tuple[Recorded, ...]:
    """What the receiver wrote of this message, () where it wrote nothing that can be believed."""
    lines = [parse(one.text) for one in _own(message, way) if one.name == "authentication-results"][:_LINES]
    return tuple(
        one for line in lines if line is not None and _is_its(line.server, way.receiver) for one in line.results
    )


def _own(message: Message, way: Delivered) -> tuple[Field, ...]:
    """The header fields that the receiver wrote."""
    if not way.receiver or way.place < 0:
        return ()
    return message.fields[: way.end if way.receiver in _BELOW else way.place]


def _is_its(server: str, receiver: str) -> bool:
    """Does the name in the line belong to the receiver? Microsoft 365 leaves the name out (seen November 2026)."""
    if not server:
        return receiver == "outlook.com"
    return server == receiver or server.endswith(f".{receiver}")


def received_spf(message: Message, way: Delivered) -> tuple[str, str, str]:
    """(result, address, envelope sender) of the receiver's own Received-SPF line; "" for what it does not say."""
    for one in _own(message, way):
        if one.name == "received-spf":
            head, *rest = _parts(one.text[: limits.MESSAGE_FIELD_BYTES])
            said = {pair[1].lower(): _plain(pair[2]) for text in (head, *rest) for pair in _SPF_PAIR.finditer(text)}
            result = head.strip().partition(" ")[0].lower()
            if _is_its(said.get("receiver", way.receiver).lower().rstrip("."), way.receiver):
                return result, said.get("client-ip", ""), said.get("envelope-from", "").strip("<>")
    return "", "", ""
