"""What an SPF record can do without, and what it costs then. Pure: it reads a walked record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from launchready_tui import senders
from launchready_tui.mail.spf import parse
from launchready_tui.mail.spf_named import paired
from launchready_tui.mail.spf_tree import Cost, Node


@dataclass(frozen=True, slots=True)
class Drop:
    """A word that can go, why ("it leads to nothing"), and the look-ups that it saves."""

    term: str
    why: str
    saves: int
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Lean:
    """The record without its drops, order kept. `lookups` is what is left of them."""

    record: str
    drops: tuple[Drop, ...]
    lookups: int

    @property
    def lets_somebody(self) -> bool:
        """False where what is left lets nobody send."""
        return any(
            term.name == "redirect" or (term.qualifier == "+" and term.name != "all")
            for term in parse(self.record).terms
        )


def lean(cost: Cost, unwanted: Callable[[str], str], *, spare: bool = False) -> Lean:
    """The record without words that stand for nobody, stand twice, break the list, or that `unwanted` (from the word to
    a reason) does not want. A redirect stays: it decides about everybody. `spare`: look-ups are short, so an mx also
    goes where it leads to a service whose own list is there.
    """
    written = parse(cost.root.record)
    nodes = paired(written, cost.root)
    kept: list[str] = []
    drops: list[Drop] = []
    seen: set[str] = set()
    ended = False
    for term in written.terms:
        node = nodes.get(id(term))
        key = term.text.lower().removeprefix("+")
        mechanism = bool(term.qualifier) and term.name != "all"
        why = ""
        if mechanism and not ended:
            why = "it stands twice" if key in seen else _broken(node) or unwanted(term.text)
            why = why or (_covered(node, cost.root) if spare else "")
            seen.add(key)
        ended = ended or term.name == "all"
        if not why:
            kept.append(term.text)
            continue
        drops.append(Drop(term.text, why, node.total if node else 0, node.sender if node else ""))
    record = " ".join([cost.root.record[:6], *kept])
    return Lean(record, tuple(drops), cost.lookups - sum(drop.saves for drop in drops))


def _broken(node: Node | None) -> str:
    if node is None:
        return ""
    if node.dead:
        return "it leads to nothing"
    fault = next((one.fault for one in node.walk() if one.fault), "")
    return f"it breaks the list, since {fault}" if fault else ""


def _covered(node: Node | None, root: Node) -> str:
    """An inbox service receives at other servers than it sends from, and names those in a list of its own."""
    if node is None or node.kind != "mx" or not node.hosts:
        return ""
    services = {guide.id if (guide := senders.by_mx(host)) is not None else "" for host in node.hosts}
    for child in root.children:
        guide = senders.by_spf(child.target) if child.kind == "include" and child.target else None
        if guide is not None and services == {guide.id}:
            return f"{child.term} names the servers that {guide.name} sends from"
    return ""
