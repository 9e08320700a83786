"""Whom an SPF record lets send, held against the founder's own list of senders. Pure: it reads a walked record."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui import senders
from launchready_tui.domain import registrable
from launchready_tui.mail.spf import SpfRecord, SpfTerm, parse
from launchready_tui.mail.spf_edit import term_for
from launchready_tui.mail.spf_tree import Cost, Node
from launchready_tui.mail.spf_walk import counted

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """One word of the list that lets somebody send. `name` is who ("Mailchimp", a host, an address), `at` the domain
    whose record holds the word, `node` its look-up (None for an address)."""

    term: str
    name: str
    at: str
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """A sender that the founder named and the list lacks. `word` is what would let it in, "" where it asks for none;
    `needed` is False where its bounces do not come to the domain itself, so that this list is not asked."""

    name: str
    word: str
    needed: bool


def allowed(cost: Cost) -> tuple[Allowed, ...]:
    """Everybody whom the domain's own record lets send; a record at another name of the founder's is opened.

    Words that stand for nobody, that refuse, and that only say something of a stranger (~, ?) are left out.
    """
    return tuple(_allowed(cost.root, cost.domain))


def _allowed(holder: Node, domain: str) -> Iterator[Allowed]:
    record = parse(holder.record)
    nodes = paired(record, holder)
    for term in record.terms:
        if term.name == "all":
            if term.qualifier == "+":
                yield Allowed(term.text, "everybody", holder.target)
            return
        node = nodes.get(id(term))
        if term.name in ("ip4", "ip6") and term.qualifier == "+":
            yield Allowed(term.text, term.value, holder.target)
        elif node is None or node.dead or term.qualifier not in ("+", "") or node.kind == "ptr":
            continue
        elif node.kind in ("include", "redirect") and not node.sender and _is_own(node.target, domain):
            yield from _allowed(node, domain)
        else:
            yield Allowed(term.text, _who(term, node, domain), holder.target, node)


def unread(cost: Cost) -> tuple[Node, ...]:
    """Words of the founder's own records that could not be looked at, so that nobody can say whom they let send."""
    return tuple(_unread(cost.root, cost.domain))


def _unread(holder: Node, domain: str) -> Iterator[Node]:
    for node in holder.children:
        listed = node.kind in ("include", "redirect")
        own = listed and not node.sender and _is_own(node.target, domain)
        if node.unsure and (own or not listed):
            yield node
        elif own:
            yield from _unread(node, domain)


def closed_books(cost: Cost) -> tuple[Node, ...]:
    """Words of a list that make up a name for each message (section 7), as services do that keep a record for others:
    whom they let send, nobody can read from outside. A known sender's own list lets only that one send."""
    return tuple(_closed_books(cost.root))


def _closed_books(holder: Node) -> Iterator[Node]:
    for node in holder.children:
        if node.sender:
            continue
        if not node.target and node.kind in ("include", "redirect", "exists"):
            yield node
        yield from _closed_books(node)


def addresses_of(cost: Cost, guide: senders.SenderGuide) -> tuple[Network, ...]:
    """Every address that the service's own list lets send, where this record includes it."""
    theirs = (node for node in cost.root.walk() if node.target and senders.by_spf(node.target) is guide)
    return tuple(network for top in theirs for node in top.walk() for network in _listed(node))


def written_out(cost: Cost, theirs: tuple[Network, ...]) -> bool:
    """True where all these addresses stand in the list without the name that they belong to: some write them out to
    save look-ups ("flattening")."""
    here = [network for node in cost.root.walk() for network in _listed(node)]
    return bool(theirs) and all(any(_covers(one, network) for one in here) for network in theirs)


def is_among(one: Allowed, theirs: tuple[Network, ...]) -> bool:
    """True for an address that is one of these."""
    network = _network(one.name) if one.node is None else None
    return network is not None and any(_covers(wide, network) for wide in theirs)


def paired(record: SpfRecord, holder: Node) -> dict[int, Node]:
    """The node of each word of the holder's record that costs a look-up, by the word's id(), since a word may stand
    there twice; a word that was not walked has none."""
    return {id(term): node for term, node in zip(counted(record), holder.children, strict=False)}


def _who(term: SpfTerm, node: Node, domain: str) -> str:
    if node.sender:
        return node.sender
    if node.kind == "mx":
        guide = next(filter(None, map(senders.by_mx, node.hosts)), None)
        return guide.name if guide else f"the mail servers of {node.target}"
    if node.kind == "a":
        return f"the server at {node.target}"
    return node.target or _fixed_part(term.value) or term.text


def _fixed_part(spec: str) -> str:
    """The end of a name whose beginning each message makes up: "_spf.vali.example" of "%{i}._spf.vali.example"."""
    return re.sub(r"\A.*%(?:\{[^}]*\}|.)", "", spec).strip(".").lower()


def _is_own(host: str, domain: str) -> bool:
    return bool(host) and (host == domain or registrable(host) == registrable(domain))


def is_named(one: Allowed, cost: Cost, declared: senders.Declared) -> bool:
    """True where the founder named this sender. The founder's own mail servers (mx) need no naming."""
    if declared.nobody:
        return False
    if one.node is None:
        network = _network(one.name)
        return network is not None and any(_covers(known, network) for known in _networks(declared))
    host = one.node.target or _fixed_part(one.term.partition(":")[2])
    if one.node.kind == "mx":
        servers = one.node.hosts
        by_guide = any((guide := senders.by_mx(server)) and guide.id in declared.ids for server in servers)
        return by_guide or all(_is_own(server, cost.domain) or _is_typed(server, cost, declared) for server in servers)
    if one.node.kind == "exists" and _is_own(host, cost.domain):
        return True  # a list of the founder's own making, which nobody can read from outside
    guide = senders.by_spf(host)
    if (guide is not None and guide.id in declared.ids) or one.name in declared.names:
        return True
    found = [network for address in one.node.addresses if (network := _network(address)) is not None]
    if found and all(any(_covers(known, network) for known in _networks(declared)) for network in found):
        return True
    return _is_typed(host, cost, declared)


def _is_typed(host: str, cost: Cost, declared: senders.Declared) -> bool:
    """True for a host that the founder typed, one below it, or another name of the same company."""
    for typed in declared.hosts:
        if host == typed or host.endswith(f".{typed}"):
            return True
        if not _is_own(host, cost.domain) and registrable(host) == registrable(typed):
            return True
    return False


def extra(cost: Cost, declared: senders.Declared) -> tuple[Allowed, ...]:
    """Whom the list lets send and the founder did not name."""
    return tuple(one for one in allowed(cost) if not is_named(one, cost, declared))


def missing(cost: Cost, declared: senders.Declared) -> tuple[Missing, ...]:
    """Whom the founder named and the list lacks, anywhere in what it includes."""
    found: list[Missing] = []
    nodes = [node for node in cost.root.walk() if node.kind != "record"]
    for guide in declared.guides:
        there = any(node.target and senders.by_spf(node.target) is guide for node in nodes)
        if not there:
            needed = bool(guide.include) and guide.return_path == "yours" and not guide.return_path_sub
            found.append(Missing(guide.name, f"include:{guide.include}" if guide.include else "", needed))
    for host in declared.hosts:
        if not any(_is_typed(name, cost, senders.Declared(hosts=(host,))) for node in nodes for name in _names(node)):
            own = _is_own(host, cost.domain)
            found.append(Missing(host, f"a:{host}" if own else term_for(host), True))
    listed = [network for node in cost.root.walk() for network in _listed(node)]
    for address in declared.addresses:
        network = _network(address)
        if network is not None and not any(_covers(one, network) or _covers(network, one) for one in listed):
            found.append(Missing(address, term_for(address), True))
    return tuple(found)


def _names(node: Node) -> Iterator[str]:
    yield node.target or _fixed_part(node.term.partition(":")[2])
    yield from node.hosts


def _listed(node: Node) -> Iterator[Network]:
    """Addresses that a node lets send: those written in its record, and those of its a and mx."""
    for term in parse(node.record).terms if node.record else ():
        if term.name in ("ip4", "ip6") and term.qualifier == "+" and (network := _network(term.value)) is not None:
            yield network
    for address in node.addresses:
        if (network := _network(address)) is not None:
            yield network


def _networks(declared: senders.Declared) -> Iterator[Network]:
    for address in declared.addresses:
        if (network := _network(address)) is not None:
            yield network


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _covers(wide: Network, narrow: Network) -> bool:
    if isinstance(wide, ipaddress.IPv4Network):
        return isinstance(narrow, ipaddress.IPv4Network) and narrow.subnet_of(wide)
    return isinstance(narrow, ipaddress.IPv6Network) and narrow.subnet_of(wide)
