"""What an SPF record costs its receivers, walked to its leaves (RFC 7208 section 4.6.4): a tree of its look-ups.

A receiver stops at ten terms that need the DNS, and at two look-ups that come back empty. The walk counts what a mail
from a stranger costs, since nothing ends it early; it asks level by level, in the record's order, and stops at
limits.SPF_TERMS_WALKED. What it could not see is said on the node, and is no fault.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spftrace import SpfPermError
from spftrace.evaluator import valid_domain
from spftrace.macros import MacroContext, expand, truncate_domain

from launchready_tui import limits, senders
from launchready_tui.known import senders as known_senders
from launchready_tui.mail.spf import SpfRecord, SpfTerm, is_spf, parse
from launchready_tui.mail.spf_tree import Cost, Kind, Node
from launchready_tui.sources.dns import Dns, Fact, NoData, NxDomain, tell, values

_COUNTED: tuple[Kind, ...] = ("include", "redirect", "a", "mx", "exists", "ptr")
_MACRO_LETTER = re.compile(r"%\{([A-Za-z])")
_KNOWN_LETTERS = frozenset("dDoO")  # the domain itself: the same in every message
_ANYBODY = ipaddress.IPv4Address("192.0.2.1")  # the macros that are left take no address


@dataclass(slots=True)
class _Open:
    """A node while it is being looked at."""

    kind: Kind
    term: str
    domain: str  # whose record holds it: what %{d} stands for
    parent: _Open | None = None
    target: str = ""
    record: str = ""
    voids: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    fault: str = ""
    unsure: str = ""
    dead: bool = False
    left_out: int = 0
    children: list[_Open] = field(default_factory=list)

    def ancestors(self) -> Iterator[str]:
        """The domains whose records lead here, its own holder first."""
        node: _Open | None = self
        while node is not None:
            yield node.domain
            node = node.parent

    def closed(self) -> Node:
        return Node(
            self.kind,
            self.term,
            self.target,
            sender_of(self.target) if self.kind in ("include", "redirect", "exists") else "",
            self.record,
            tuple(self.voids),
            tuple(self.addresses),
            tuple(self.hosts),
            self.fault,
            self.unsure,
            self.dead,
            self.left_out,
            tuple(child.closed() for child in self.children),
        )


def sender_of(host: str) -> str:
    """Which service an SPF name stands for ("Mailchimp"); "" where it is not known."""
    if not host:
        return ""
    guide = senders.by_spf(host)
    if guide is not None:
        return guide.name
    name = known_senders(f"include:{host}")[0]
    return name if name != host else ""


async def walk(dns: Dns, domain: str, record: str) -> Cost:
    """What `record` costs as the record of `domain`, whether it is published already or not."""
    root = _Open("record", domain, domain, target=domain, record=record)
    look = _Walk(dns, domain)
    level = [root]
    while level:
        found = [child for holder in level for child in look.terms_of(holder)]
        await asyncio.gather(*(look.at(child) for child in found))
        level = [child for child in found if child.record]
    return Cost(domain, root.closed())


class _Walk:
    """One walk: how much it has looked at, and how it asks."""

    def __init__(self, dns: Dns, domain: str) -> None:
        self._dns, self._sender = dns, domain
        self._terms = 0
        self._questions: set[tuple[str, str]] = set()

    def terms_of(self, holder: _Open) -> list[_Open]:
        """The terms of its record that cost a look-up, hung below it; past our bound they are only counted."""
        domain = holder.target
        for term in counted(parse(holder.record)):
            if self._terms >= limits.SPF_TERMS_WALKED:
                holder.left_out += 1
                continue
            self._terms += 1
            # The holder is the parent, so that a loop is seen by the names of those above.
            holder.children.append(_Open(_kind(term), term.text, domain, holder))
        return holder.children

    async def at(self, node: _Open) -> None:
        term = parse(f"v=spf1 {node.term}").terms[0]
        spec = re.sub(r"(?<!/)(?:/\d+)?(?://\d+)?\Z", "", term.value) if node.kind in ("a", "mx") else term.value
        try:
            node.target = await self._name(spec, node.domain) if spec else node.domain
        except SpfPermError as error:
            node.fault = str(error)
            return
        if not node.target or node.kind == "ptr":
            return  # made up for each message: it costs its one, and nobody can look it up beforehand
        if not valid_domain(node.target):
            if node.kind in ("include", "redirect"):
                node.fault = f"{node.target} is no name"
            return
        if node.kind in ("include", "redirect"):
            await self._record(node)
        elif node.kind == "mx":
            await self._servers(node)
        elif node.kind == "a":
            await self._address(node, node.target)
        else:
            await self._exists(node)

    async def _name(self, spec: str, domain: str) -> str:
        """The target of a domain-spec; "" where its macros differ from message to message (section 7.2)."""
        if set(_MACRO_LETTER.findall(spec)) <= _KNOWN_LETTERS:
            sender = f"postmaster@{self._sender}"
            context = MacroContext(ip=_ANYBODY, sender=sender, helo=self._sender, domain=domain)
            return str(truncate_domain(await expand(spec, context))).lower()
        return ""

    async def _ask(self, node: _Open, name: str, type: str) -> Fact | None:
        """What there is; None where that cannot be told, and then the node says why."""
        self._questions.add((name, type))
        if len(self._questions) > limits.SPF_QUESTIONS:
            node.unsure = f"not looked at any more, after {limits.SPF_QUESTIONS} questions"
            return None
        answer = await self._dns.ask(name, type)
        if isinstance(answer, Fact):
            return answer
        node.unsure = f"{type} {name}: {tell(answer)}"
        return None

    async def _record(self, node: _Open) -> None:
        if node.target in {name.rstrip(".").lower() for name in node.ancestors()}:
            node.fault = f"{node.target} leads back to itself"
            return
        answer = await self._ask(node, node.target, "TXT")
        if answer is None:
            return
        found = [value for value in values(answer) if is_spf(value)]
        if isinstance(answer, NxDomain | NoData):
            node.voids.append(f"TXT {node.target}")
        if not found:
            node.fault, node.dead = f"{node.target} has no SPF record", True
        elif len(found) > 1:
            node.fault = f"{node.target} has {len(found)} SPF records"
        elif errors := parse(found[0]).errors:
            node.fault = f"the record of {node.target} has a mistake ({errors[0]})"
        else:
            node.record = found[0]

    async def _address(self, node: _Open, name: str) -> None:
        """A look-up is empty for every sender only where the name has neither kind of address."""
        four = await self._ask(node, name, "A")
        if four is None:
            return
        node.addresses += values(four)
        six = await self._ask(node, name, "AAAA") if isinstance(four, NoData) else four
        if six is None:
            return
        if six is not four:
            node.addresses += values(six)
        if isinstance(six, NxDomain | NoData):
            node.voids.append(f"A {name}")
            node.dead = node.kind == "a"

    async def _servers(self, node: _Open) -> None:
        answer = await self._ask(node, node.target, "MX")
        if answer is None:
            return
        pairs = sorted((len(value.split()[0]), value.split()) for value in values(answer) if value.count(" ") == 1)
        node.hosts += [pair[1].rstrip(".").lower() for _, pair in pairs if pair[1].rstrip(".")]
        if isinstance(answer, NxDomain | NoData):
            node.voids.append(f"MX {node.target}")
            node.dead = True
        elif not node.hosts:
            node.voids.append(f"A of the mail server of {node.target}, which takes no mail")  # RFC 7505: it is "."
            node.dead = True
        elif len(pairs) > limits.SPF_HOSTS:
            node.fault = f"{node.target} has {len(pairs)} mail servers, more than {limits.SPF_HOSTS}"
        else:
            await asyncio.gather(*(self._address(node, host) for host in node.hosts))
            node.voids.sort()  # in an order that no slow answer decides
            node.addresses.sort()
            node.dead = len(node.voids) == len(node.hosts)

    async def _exists(self, node: _Open) -> None:
        answer = await self._ask(node, node.target, "A")
        if answer is not None:
            node.addresses += values(answer)
            if isinstance(answer, NxDomain | NoData):
                node.voids.append(f"A {node.target}")
                node.dead = True


def counted(record: SpfRecord) -> tuple[SpfTerm, ...]:
    """The terms of a record that cost a look-up, in order: those before the first `all`, and a redirect without one."""
    found: list[SpfTerm] = []
    redirect: SpfTerm | None = None
    for term in record.terms:
        if term.name == "all":
            return tuple(found)
        if term.name == "redirect" and not term.qualifier:
            redirect = redirect or term
        elif term.qualifier and term.name in _COUNTED:
            found.append(term)
    return (*found, redirect) if redirect is not None else tuple(found)


def _kind(term: SpfTerm) -> Kind:
    return next(kind for kind in _COUNTED if kind == term.name)
