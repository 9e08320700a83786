"""The deployment map's nouns: what a visitor's request and the product's mail pass through, and who holds each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from launchready_tui.owners import SYSTEMS, Owners
from launchready_tui.project import Project
from launchready_tui.text import clean

# The parts that the map shows, in the order of a request; names are those of owners.SYSTEMS.
KINDS = ("registrar", "dns", "cdn", "hosting", "api", "database", "sender", "inbox", "monitoring")
LABELS = {
    "registrar": "registrar",
    "dns": "DNS host",
    "cdn": "CDN",
    "hosting": "web host",
    "api": "API host",
    "database": "database",
    "sender": "email sender",
    "inbox": "email inbox",
    "monitoring": "monitoring",
}
SAME_HOST = "on the web host"  # the note of an API that shares its host
assert set(KINDS) <= {system for system, _, _ in SYSTEMS}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found of one part: its name, "" where that did not show. `by` is where it showed ("MX good.example").

    `absent` True: a server that answered said that there is none. `note` is a clause for the drawing.
    """

    name: str = ""
    by: str = ""
    absent: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One part: its provider's name and owner, each "" while nobody knows, and by what it was found."""

    kind: str
    name: str = ""
    owner: str = ""
    found_by: str = ""
    absent: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        for part in ("name", "owner", "found_by", "note"):
            object.__setattr__(self, part, clean(getattr(self, part), limit=120).strip())

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def complete(self) -> bool:
        """True where name and owner are known, or the product has no such part."""
        return self.absent or bool(self.name and self.owner)


@dataclass(frozen=True, slots=True)
class Edge:
    """One step from part to part. `say` is what leads there ("MX"); `known` is False where either end has no name."""

    source: str
    target: str
    say: str
    known: bool


@dataclass(frozen=True, slots=True)
class DeploymentMap:
    """All parts in the order of KINDS, and how they lead to each other."""

    domain: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = field(default=())

    def node(self, kind: str) -> Node:
        return next((node for node in self.nodes if node.kind == kind), Node(kind))

    @property
    def incomplete(self) -> tuple[Node, ...]:
        """The parts that lack a name or an owner."""
        return tuple(node for node in self.nodes if not node.complete)


def build_map(seen: Mapping[str, Seen], owners: Owners, project: Project) -> DeploymentMap:
    """Put together what was found and what was told. What was found names a part before what was told. Pure."""
    nodes: list[Node] = []
    for kind in KINDS:
        told, look = owners.get(kind), seen.get(kind, Seen())
        if look.absent and not told.provider:
            nodes.append(Node(kind, absent=True, found_by=look.by))
        elif not look.name and (told.absent or kind in project.absent):
            nodes.append(Node(kind, absent=True, found_by="you"))
        else:
            name = look.name or told.provider
            by = look.by if look.name else "you" if told.provider else ""
            nodes.append(Node(kind, name, told.owner, by, note=look.note))
    by_kind = {node.kind: node for node in nodes}
    api, host = by_kind["api"], by_kind["hosting"]
    if api.note == SAME_HOST:
        by_kind["api"] = replace(api, name=host.name or api.name, owner=api.owner or host.owner)
    ordered = tuple(by_kind[kind] for kind in KINDS)
    return DeploymentMap(project.domain, ordered, _edges(by_kind))


def _edges(nodes: Mapping[str, Node]) -> tuple[Edge, ...]:
    through = [kind for kind in ("registrar", "dns", "cdn", "hosting") if not nodes[kind].absent]
    words = {"dns": "name servers", "cdn": "address", "hosting": "address"}
    steps = [(a, b, words[b]) for a, b in pairwise(through)]
    if not nodes["api"].absent:
        steps.append(("hosting", "api", "calls"))
    steps.append(("hosting" if nodes["api"].absent else "api", "database", "data"))
    steps += [("dns", "inbox", "MX"), ("hosting", "sender", "mail")]
    return tuple(Edge(a, b, say, bool(nodes[a].name and nodes[b].name)) for a, b, say in steps if not nodes[b].absent)
