"""The DNS records of a launch, each with what it is for: the record set of the handover (roadmap, stage 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from launchready_tui.handover.document import Records
from launchready_tui.model import Finding, RecordSet
from launchready_tui.project import Project
from launchready_tui.purposes import suggest
from launchready_tui.recordlist import Noted, annotate
from launchready_tui.text import clean

_SOURCE = re.compile(r"^(NS|A|AAAA|CNAME|MX|TXT|CAA|SRV|DS) (\S+?)\.?$")
_TOLD = re.compile(r"^(?:alias of \S+, )*(?P<values>.+) \(TTL (?P<ttl>\d{1,10})\)$")


def purpose(name: str, type: str, values: Iterable[str], domain: str) -> str:
    """What a record set is for, in a few words; what cannot be told says so rather than guess."""
    return suggest(RecordSet(name, type, tuple(values)), domain).text


def noted(each: Noted) -> Records:
    """One record set as the handover says it. Values are kept whole but for what nobody could read."""
    return Records(
        name=clean(each.set.name.rstrip("."), limit=260),
        type=clean(each.set.type, limit=20),
        values=[clean(value, limit=4_000) for value in each.set.values],
        purpose=each.text,
        ttl=each.set.ttl,
        purpose_by={"person": each.who or "a person", "record": "the record itself", "ask": "nobody yet"}[each.by],
    )


def from_sets(sets: Iterable[RecordSet], domain: str) -> tuple[Records, ...]:
    """Record sets that are known already, each with what it says by itself."""
    return tuple(noted(each) for each in annotate(sets, Project(domain), {}))


def sets_from_findings(outcomes: Mapping[str, Finding]) -> tuple[RecordSet, ...]:
    """What the checks' evidence says of the records, where nobody asks again.

    Evidence about DNS is named "TXT good.example", and a whole answer ends in "(TTL 300)".
    """
    found: dict[tuple[str, str], RecordSet] = {}
    for finding in outcomes.values():
        for evidence in finding.evidence:
            source = _SOURCE.match(evidence.source)
            told = _TOLD.match(evidence.text)
            if source is None or told is None or evidence.text.startswith("alias of"):
                continue
            name, type = source[2].lower(), source[1]
            # A TXT may hold ", " itself: only a list of names, addresses or several quoted values is taken apart.
            whole = [told["values"]] if type == "TXT" else told["values"].split(", ")
            found.setdefault((name, type), RecordSet(name, type, tuple(whole), int(told["ttl"])))
    return tuple(found.values())


def from_findings(outcomes: Mapping[str, Finding], domain: str) -> tuple[Records, ...]:
    """The same as the handover says it."""
    return from_sets(sets_from_findings(outcomes), domain)
