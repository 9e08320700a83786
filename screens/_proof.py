"""What a message proves, in words: the one sentence first, then signature, sender list, name, links, way, receiver."""

from __future__ import annotations

from textual.content import Content

from launchready_tui.proofs import Delivery, Hop, Kind, Proof, Recorded, Signature
from launchready_tui.text import listed, plural
from screens._detail import Lines
from screens._words import ago
from screens.widgets.rows import Row

MARKS = {"yours": ("✓", "good"), "not-yours": ("✗", "bad"), "unknown": ("?", "ask")}
STYLES = {"good": "$text-success", "bad": "$text-error", "ask": "$text-accent"}
WORDS = {"yours": "yours", "not-yours": "no proof", "unknown": "unclear"}
KINDS: dict[Kind, str] = {"reset": "Password reset", "invite": "Invite", "other": "Another mail"}
_LINKS = {
    "here": "leads to a developer's machine",
    "preview": "leads to a preview of the site",
    "http": "is not encrypted (http)",
    "tracking": "goes by a counter of your sender first",
    "other": "leads to another site",
}
_LINKS_SHOWN, _HOPS_SHOWN = 12, 20
HIDDEN = "••••••"


def took(seconds: float | None) -> str:
    """ "4 s", "2:05 min", "1 h 20 min"; "" where it is not known."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 0:
        return "clocks differ"
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3_600} h {whole % 3_600 // 60} min"


def proof_row(proof: Proof, *, masked: bool = False) -> Row:
    """One message on file as a row."""
    glyph, tone = MARKS[proof.verdict]
    at = proof.at or proof.came
    subject = HIDDEN if masked else f"“{proof.subject}”" if proof.subject else "no subject"
    return Row(proof.name, glyph, WORDS[proof.verdict], tone, KINDS[proof.kind], subject, ago(at) if at else "no date")


def describe_proof(proof: Proof, width: int, *, masked: bool = False) -> Content:
    """All of it, folded to `width` cells. `masked` leaves out the subject."""
    lines = Lines(width)
    glyph, tone = MARKS[proof.verdict]
    lines.text(f"{glyph} {proof.sentence}", f"bold {STYLES[tone]}")
    for fault in proof.faults:
        lines.text(f"✗ {fault}")
    for note in proof.notes:
        lines.text(f"· {note}", "$foreground-muted")
    lines.gap()
    at = proof.at or proof.came
    lines.item("Message", f"{KINDS[proof.kind]}: {HIDDEN if masked else proof.subject or 'no subject'}")
    lines.item("From", proof.from_address or "nobody could be read")
    lines.item("Sent", f"{at.astimezone():%d %b %Y %H:%M}, {ago(at)}" if at else "it does not say when")
    lines.item("Signed (DKIM)", "\n".join(_signature(one) for one in proof.dkim) or "✗ no signature")
    lines.item("List (SPF)", _delivery(proof.spf))
    lines.item("Your name", _name(proof))
    lines.item("Links", _links(proof))
    if proof.bulk:
        button = "✓ one click is enough" if proof.one_click else "✗ there is no button for it (List-Unsubscribe-Post)"
        lines.item("Unsubscribe", button)
    lines.item("On its way", _way(proof))
    lines.item("They wrote", _recorded(proof))
    lines.item("Forwarded", proof.arc or ("Somebody forwarded it." if proof.forwarded else ""))
    return lines.content()


def _signature(one: Signature) -> str:
    sign = {"pass": "✓", "temperror": "?"}.get(one.result, "?" if one.key_gone else "✗")
    algorithm = f", {one.algorithm}{f' {one.bits:,} bits' if one.bits else ''}" if one.algorithm else ""
    return f"{sign} by {one.domain}, selector {one.selector}{algorithm}. {one.reason}"


def _delivery(spf: Delivery) -> str:
    if not spf.result:
        return f"? {spf.reason or 'nobody could tell which server handed it over'}"
    sign = {"pass": "✓", "fail": "✗", "softfail": "✗", "permerror": "✗"}.get(spf.result, "?")
    by = {"us": "asked by us now", "receiver": "as the receiver wrote when it came"}.get(spf.by, "")
    what = f"{spf.ip} for {spf.domain}" if spf.ip else spf.domain
    told = f" ({by})" if by else ""
    return f"{sign} {spf.result}: {what}{told}. {spf.reason}".strip()


def _name(proof: Proof) -> str:
    """Alignment: does a pass carry the name that stands in From?"""
    if proof.aligned is None:
        return "? we could not tell whether it carries your name"
    carried = [f"the signature of {one.domain}" for one in proof.dkim if one.result == "pass" and one.aligned]
    carried += [f"the sender list of {proof.spf.domain}"] if proof.spf.result == "pass" and proof.spf.aligned else []
    if proof.aligned:
        return f"✓ {listed(carried)} {'carry' if len(carried) > 1 else 'carries'} the name in From" if carried else "✓"
    return f"✗ nothing that passed carries the name {proof.from_domain}"


def _links(proof: Proof) -> str:
    if not proof.links:
        return "none"
    bad = [link for link in proof.links if link.fault]
    lines = [
        f"{'!' if link.fault == 'tracking' else '✗'} {link.url} {_LINKS[link.fault]}" for link in bad if link.fault
    ]
    good = len(proof.links) - len(bad)
    hosts = listed(sorted({link.host for link in proof.links if not link.fault}))
    if good:
        lines.append(f"✓ {plural(good, 'link')} to {hosts}")
    if len(lines) > _LINKS_SHOWN:
        lines = [*lines[:_LINKS_SHOWN], f"and {len(lines) - _LINKS_SHOWN} more"]
    return "\n".join(lines)


def _way(proof: Proof) -> str:
    lines = [_hop(hop) for hop in proof.hops[:_HOPS_SHOWN]]
    if proof.delay is not None:
        lines.insert(0, f"{took(proof.delay)} from its Date to {proof.receiver or 'the inbox'}")
    elif proof.skewed:
        lines.insert(0, "The clocks on its way disagree, so we could not tell how long it took.")
    return "\n".join(lines)


def _hop(hop: Hop) -> str:
    wait = f"  {'+' if (hop.seconds or 0) >= 0 else ''}{took(hop.seconds)}" if hop.seconds is not None else ""
    source = hop.from_name or hop.ip
    here = " (the receiver)" if hop.inside else ""
    return f"→ {hop.by or '?'}{f' from {source}' if source else ''}{here}{wait}"


def _recorded(proof: Proof) -> str:
    """What the receiver itself wrote (RFC 8601): believed where it is the receiver's own line."""
    return "\n".join(_result(one) for one in proof.recorded)


def _result(one: Recorded) -> str:
    of = f" {one.domain}" if one.domain else ""
    selector = f" (selector {one.selector})" if one.selector else ""
    return f"{one.method}: {one.result}{of}{selector}"
