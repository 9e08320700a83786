"""What the checks of SPF share: the record as it stands, the set it stands in, and its tree as evidence."""

from __future__ import annotations

from collections.abc import Callable

from launchready_tui import limits
from launchready_tui.mail.spf import is_spf
from launchready_tui.mail.spf_lean import Lean
from launchready_tui.mail.spf_tree import Cost, Node, lines
from launchready_tui.model import Evidence, Finding, RecordSet, unknown
from launchready_tui.sources.dns import Answer, tell, values
from launchready_tui.text import listed, plural

WHO = "Whoever can change the DNS records"


def spf_values(answer: Answer) -> tuple[str, ...]:
    return tuple(value for value in values(answer) if is_spf(value))


def the_set(domain: str, answer: Answer, *records: str) -> RecordSet:
    """The whole TXT set of the domain: what is not SPF stays as it is."""
    return RecordSet(domain, "TXT", (*(value for value in values(answer) if not is_spf(value)), *records))


def paste(domain: str, record: str) -> str:
    return f"TXT for {domain} (the name is often written @): {record}"


def could_not(domain: str, answer: Answer) -> Finding:
    return unknown(
        f"We could not read the SPF record of {domain}: {tell(answer)}.",
        needs="another look",
        evidence=[Evidence(f"TXT {domain}", tell(answer))],
        subject=domain,
    )


def tree(cost: Cost, note: Callable[[Node], str] = lambda node: "") -> list[Evidence]:
    """The tree as evidence, in pieces that a line of evidence holds."""
    out: list[Evidence] = []
    piece: list[str] = []
    for line in lines(cost, note):
        if piece and sum(map(len, piece)) + len(piece) + len(line) >= limits.TEXT_SHOWN:
            out.append(_piece(cost, piece, first=not out))
            piece = []
        piece.append(line)
    return [*out, _piece(cost, piece, first=not out)]


def _piece(cost: Cost, piece: list[str], *, first: bool) -> Evidence:
    more = "" if first else ", continued"
    return Evidence(f"Look-ups of the SPF record of {cost.domain}{more}", "\n".join(piece))


def changed_to(domain: str, record: str) -> str:
    return f"Where your DNS records are kept, change the “v=spf1” TXT record of {domain} to: {record}"


def left_out(lean: Lean) -> str:
    """ "It leaves out include:x (Mailchimp, 4 look-ups: it leads to nothing)."."""
    words = [
        f"{drop.term} ({', '.join(filter(None, (drop.sender, plural(drop.saves, 'look-up') if drop.saves else '')))}"
        f"{': ' if drop.sender or drop.saves else ''}{drop.why})"
        for drop in lean.drops
    ]
    return f"It leaves out {listed(words)}." if words else ""
