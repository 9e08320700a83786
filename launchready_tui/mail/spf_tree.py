"""The tree of an SPF record's look-ups as typed nodes, and as text: each term's cost, and whose it is. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.text import clean, plural

_TERM_WIDTH = 46  # a longer term is cut, so that the costs stand in one column at 80
_TERMS_SHOWN = 60  # lines of one tree; a walk looks at fewer terms than that

Kind = Literal["record", "include", "redirect", "a", "mx", "exists", "ptr"]


@dataclass(frozen=True, slots=True)
class Node:
    """One term that needs a look-up, or the record itself (kind "record", its term is the domain).

    `target` is the name it asks for, "" where each message makes its own; `sender` whose that is, "" where not known.
    `record` is the SPF record found there. `voids` are its own look-ups that came back empty ("A gone.example"),
    `addresses` and `hosts` (mail servers) what a and mx found. `fault` is why receivers give up the whole list there
    (permerror), `unsure` what we could not see. `dead` means that it stands for nobody: its name has nothing to offer.
    `left_out` counts terms of its record that were not walked.
    """

    kind: Kind
    term: str
    target: str = ""
    sender: str = ""
    record: str = ""
    voids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    fault: str = ""
    unsure: str = ""
    dead: bool = False
    left_out: int = 0
    children: tuple[Node, ...] = ()

    @property
    def own(self) -> int:
        """1; the record that the receiver starts with costs nothing (section 4.6.4)."""
        return 0 if self.kind == "record" else 1

    @property
    def total(self) -> int:
        """Its own look-up and all below it."""
        return self.own + self.left_out + sum(child.total for child in self.children)

    def walk(self) -> Iterator[Node]:
        """Itself and everything below, in the order in which a receiver meets it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def empty(self) -> tuple[str, ...]:
        """Look-ups of this branch that came back empty, in order."""
        return tuple(void for node in self.walk() for void in node.voids)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a domain's record costs. `size` in bytes."""

    domain: str
    root: Node

    @property
    def lookups(self) -> int:
        return self.root.total

    @property
    def voids(self) -> tuple[str, ...]:
        """Look-ups that come back empty, each once: a receiver remembers what it asked."""
        return tuple(dict.fromkeys(self.root.empty))

    @property
    def size(self) -> int:
        return len(self.root.record.encode("utf-8", "replace"))

    @property
    def faults(self) -> tuple[Node, ...]:
        """Where receivers give up, but for the counts."""
        return tuple(node for node in self.root.walk() if node.fault)

    @property
    def unsure(self) -> tuple[Node, ...]:
        return tuple(node for node in self.root.walk() if node.unsure)

    @property
    def at_least(self) -> bool:
        """True where there is more than was counted: a part that was not seen, or that each message makes up."""
        return any(
            node.unsure or node.left_out or (node.kind in ("include", "redirect") and not node.target)
            for node in self.root.walk()
        )

    def said(self) -> str:
        """ "7 of 10 look-ups", "at least 12 look-ups (receivers stop at 10)"."""
        least = "at least " if self.at_least else ""
        if self.lookups <= limits.SPF_LOOKUPS:
            return f"{least}{self.lookups} of {limits.SPF_LOOKUPS} look-ups"
        return f"{least}{self.lookups} look-ups (receivers stop at {limits.SPF_LOOKUPS})"


def lines(cost: Cost, note: Callable[[Node], str] = lambda node: "") -> tuple[str, ...]:
    """The tree as text, safe to show: each term with what it costs in all, whose it is and what is odd about it.

    `note` may say more about a node ("you did not name it"). The widest line has about 110 characters.
    """
    rows = [(clean(cost.domain, limit=_TERM_WIDTH), "", _head(cost))]
    rows += list(_rows(cost.root, "", note))
    rows = rows[:_TERMS_SHOWN]
    wide = max((len(left) for left, count, _ in rows if count), default=0)
    return tuple(
        f"{left}: {right}" if not count else f"{left.ljust(wide)}  {count:>2}{'  ' if right else ''}{right}"
        for left, count, right in rows
    )


def _head(cost: Cost) -> str:
    empty = f", {plural(len(cost.voids), 'look-up comes', 'look-ups come')} back empty" if cost.voids else ""
    return f"{cost.said()}{empty}, {plural(cost.size, 'byte')}"


def _rows(node: Node, before: str, note: Callable[[Node], str]) -> Iterator[tuple[str, str, str]]:
    for child in node.children:
        last = child is node.children[-1] and not node.left_out
        left = f"{before}{'└' if last else '├'} {clean(child.term, limit=max(12, _TERM_WIDTH - len(before)))}"
        yield left, str(child.total), "; ".join(filter(None, (*_remarks(child), note(child))))
        yield from _rows(child, before + ("  " if last else "│ "), note)
    if node.left_out:
        yield f"{before}└ …", str(node.left_out), "more that we did not look at"


def _remarks(node: Node) -> Iterator[str]:
    yield clean(node.sender)
    if node.fault:
        yield clean(node.fault, limit=120)
    elif node.voids:
        yield "comes back empty" if node.dead else f"{len(node.voids)} of its look-ups come back empty"
    if node.unsure:
        yield f"could not be told ({clean(node.unsure, limit=120)})"
    if not node.target and node.kind != "ptr" and not node.fault:
        yield "a name of its own for each message"
    if node.kind == "ptr":
        yield "depends on who sends; RFC 7208 advises against it"
