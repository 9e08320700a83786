"""What is written down of the DNS stage, as rows and as the words beside them: records, subdomains, redirects."""

from __future__ import annotations

from textual.content import Content

from launchready_tui.handover.redirects import VERDICTS, Leg, Verdict
from launchready_tui.handover.written import WHEN
from launchready_tui.recordlist import Noted
from launchready_tui.subdomains import Planned
from launchready_tui.text import listed, plural
from screens.widgets.rows import Row

_LEGS: dict[Verdict, tuple[str, str]] = {
    "right": ("✓", "good"),
    "long": ("!", "poor"),
    "wrong": ("✗", "bad"),
    "unclear": ("?", "ask"),
    "unseen": ("-", "quiet"),
}
_WHENS = {"now": ("✓", "good"), "later": ("-", "quiet"), "remove": ("✗", "poor"), "": ("?", "ask")}
_SAYS = {"record": "The record says so by itself.", "ask": "Nobody said yet what it is for."}
_VALUES = 3  # values shown of a set; the file has all of them


def short(name: str, domain: str) -> str:
    """A name as a panel writes it: "@" for the domain itself, "www" for what is below it."""
    return "@" if name == domain else name.removesuffix(f".{domain}")


def record_row(each: Noted, domain: str) -> Row:
    glyph, tone = ("✓", "good") if each.noted else ("?", "ask")
    name = short(each.key[0], domain)
    return Row("/".join(each.key), glyph, each.set.type, tone, name, each.text)


def record_words(each: Noted) -> Content:
    values = listed(each.set.values, most=_VALUES)
    says = _SAYS.get(each.by) or (f"{each.who} says so." if each.who else "A person says so.")
    return Content.assemble(
        (f"{each.set.type} {each.set.name}", "bold"), f"\n{values}\n{each.text}\n", (says, "$foreground-muted")
    )


def planned_row(each: Planned, domain: str) -> Row:
    glyph, tone = _WHENS[each.when]
    return Row(each.host, glyph, each.when or "decide", tone, short(each.host, domain), each.why)


def planned_words(each: Planned) -> Content:
    who = f"\n{each.who} decided that." if each.who else ""
    return Content.assemble((f"{each.host}: {WHEN[each.when]}", "bold"), f"\n{each.why}", (who, "$foreground-muted"))


def leg_row(leg: Leg) -> Row:
    glyph, tone = _LEGS[leg.verdict]
    said = leg.why or (f"→ {leg.location}" if leg.location else "")
    hops = plural(leg.hops, "hop") if leg.hops else ""
    return Row(leg.url, glyph, str(leg.status or "-"), tone, leg.url, said, hops)


def leg_words(leg: Leg) -> Content:
    verdict = VERDICTS[leg.verdict]
    said = f"{verdict}: {leg.why}" if leg.why else verdict
    return Content.assemble(
        (f"{said[:1].upper()}{said[1:]}. ", "bold"),
        f"Expected {leg.expected}.\nSeen: {leg.seen}.\n",
        (leg.curl, "$foreground-muted"),
    )
