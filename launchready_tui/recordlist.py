"""The record list of a launch: every record set that is known, with what it is for and who says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from launchready_tui.model import RecordSet
from launchready_tui.project import Project
from launchready_tui.purposes import Purposes, enough, record_name, roles, suggest
from launchready_tui.sources.dns import Answer, Dns, Found, is_fact

APEX_TYPES = ("NS", "A", "AAAA", "CNAME", "MX", "TXT", "CAA")
_ORDER = {type: at for at, type in enumerate((*APEX_TYPES, "SRV", "DS"))}
# What a zone holds about itself, written by its server: nobody has to say what it is for.
_ITS_OWN = frozenset({"SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY", "ZONEMD"})


@dataclass(frozen=True, slots=True)
class Noted:
    """One record set with what it is for. `by`: a person said it, the record itself says it, or somebody must ask."""

    set: RecordSet
    text: str
    by: Literal["person", "record", "ask"]
    who: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (record_name(self.set.name), self.set.type)

    @property
    def noted(self) -> bool:
        """Is it written down what this is for, in words enough?"""
        return self.by != "ask" and enough(self.text)


def of_domain(sets: Iterable[RecordSet], domain: str) -> tuple[RecordSet, ...]:
    """The record sets at the domain and below it, in the order in which a person reads them, each once."""
    kept: dict[tuple[str, str], RecordSet] = {}
    for each in sets:
        name = record_name(each.name)
        if each.values and each.type not in _ITS_OWN and (name == domain or name.endswith(f".{domain}")):
            kept.setdefault((name, each.type), replace(each, values=tuple(sorted(each.values, key=_rank))))
    return tuple(kept[key] for key in sorted(kept, key=_place))


def _rank(value: str) -> tuple[int, str]:
    """Values in one order, whichever way a server turned them: by a number that leads (MX), then as text."""
    number = value.partition(" ")[0]
    return (int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0, value)


def _place(key: tuple[str, str]) -> tuple[int, list[str], int, str]:
    name, type = key
    return (len(name.split(".")), name.split(".")[::-1], _ORDER.get(type, len(_ORDER)), type)


def annotate(sets: Iterable[RecordSet], project: Project, purposes: Purposes) -> tuple[Noted, ...]:
    """Every record set with its purpose: what a person said, else what the record itself says."""
    mine = of_domain(sets, project.domain)
    needed = roles(mine, project.domain)
    out = []
    for each in mine:
        said = purposes.get((record_name(each.name), each.type))
        if said is not None and said.text:
            out.append(Noted(each, said.text, "person", said.who))
            continue
        suggestion = suggest(each, project.domain, project.subs or (), needed)
        out.append(Noted(each, suggestion.text, "record" if suggestion.certain else "ask"))
    return tuple(out)


async def seen(project: Project, source: Dns) -> tuple[tuple[RecordSet, ...], tuple[Answer, ...]]:
    """The records as the world sees them now, and the answers that told us nothing.

    Apex, www, the declared subdomains, DMARC and the known DKIM selectors, through the run's own source: what a check
    has asked costs nothing more. An address behind an alias is the alias's record, not this name's.
    """
    domain = project.domain
    asked = [(domain, type) for type in APEX_TYPES]
    asked += [(host, type) for host in project.hosts[1:] for type in ("CNAME", "A", "AAAA")]
    asked += [(f"_dmarc.{domain}", "TXT")]
    asked += [(f"{selector}._domainkey.{domain}", "TXT") for selector in project.dkim_selectors]
    answers = await asyncio.gather(*(source.ask(name, type) for name, type in asked))
    sets = tuple(
        RecordSet(name, type, answer.values, answer.ttl)
        for (name, type), answer in zip(asked, answers, strict=True)
        if isinstance(answer, Found) and (type == "CNAME" or not answer.aliases)
    )
    return sets, tuple(answer for answer in answers if not is_fact(answer))
