"""The DNS records of a launch, each with what it is for: the record set of the handover (roadmap, stage 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from launchready_tui.handover.document import Records
from launchready_tui.model import Finding, RecordSet
from launchready_tui.project import Project
from launchready_tui.sources import dns
from launchready_tui.text import clean

_TYPES = ("NS", "A", "AAAA", "CNAME", "MX", "TXT", "CAA")
_SOURCE = re.compile(r"^(NS|A|AAAA|CNAME|MX|TXT|CAA|SRV|DS) (\S+?)\.?$")
_TOLD = re.compile(r"^(?:alias of \S+, )*(?P<values>.+) \(TTL (?P<ttl>\d{1,10})\)$")
# What stands at the start of a TXT record -> what it is for.
_TXT = {
    "v=spf1": "says who may send mail as you (SPF)",
    "v=dmarc1": "says what receivers do with mail that is not yours (DMARC)",
    "v=dkim1": "the key that proves your mail (DKIM)",
    "v=stsv1": "says that mail to you must be encrypted (MTA-STS)",
    "v=tlsrptv1": "says where reports about encrypted mail go",
    "v=bimi1": "your logo beside your mail (BIMI)",
    "google-site-verification": "proves to Google that the domain is yours",
    "ms=": "proves to Microsoft that the domain is yours",
    "facebook-domain-verification": "proves to Meta that the domain is yours",
    "apple-domain-verification": "proves to Apple that the domain is yours",
    "stripe-verification": "proves to Stripe that the domain is yours",
}


def purpose(name: str, type: str, values: Iterable[str], domain: str) -> str:
    """What a record set is for, in a few words; what cannot be told says so rather than guess."""
    label = name.removesuffix(domain).rstrip(".")
    first = next(iter(values), "").lower()
    where = {"": "your domain", "www": "www"}.get(label, label or name)
    if type == "NS":
        return "the servers that answer for your domain" if not label else f"hands {where} to other name servers"
    if type == "MX":
        return "takes no mail, and says so" if first in ("0 .", ".") else "takes the mail for " + where
    if type == "CAA":
        return "says who may issue certificates for " + where
    if type == "DS":
        return "signs the domain (DNSSEC)"
    if label.startswith("_acme-challenge"):
        return "proves the domain to whoever issues the certificate"
    if "_domainkey" in label:
        return "the key that proves your mail (DKIM)"
    if label == "_dmarc":
        return _TXT["v=dmarc1"]
    if type == "TXT":
        known = [words for start, words in _TXT.items() if any(value.lower().startswith(start) for value in values)]
        return "; ".join(known) or "a note for a service; ask what it is before you delete it"
    if label == "www":
        return "leads people who type www to the site"
    if not label:
        return "leads people who type the domain to the site"
    return f"leads {where} to where it runs"


def record(name: str, type: str, values: Iterable[str], domain: str, ttl: int | None = None) -> Records:
    """One record set as the handover says it."""
    name, kept = clean(name.rstrip("."), limit=260), [clean(value, limit=4_000) for value in values]
    return Records(name=name, type=type, values=kept, purpose=purpose(name, type, kept, domain), ttl=ttl)


async def collect(project: Project, source: dns.Dns) -> tuple[Records, ...]:
    """The records as the world sees them now: apex, www, the declared subdomains, DMARC and the known DKIM selectors.

    Asks through the run's own source, so that what a check has asked costs nothing more. What could not be told is
    left out, and so is a host's own name server set.
    """
    domain = project.domain
    asked = [(domain, type) for type in _TYPES]
    asked += [(host, type) for host in project.hosts[1:] for type in ("CNAME", "A", "AAAA")]
    asked += [(f"_dmarc.{domain}", "TXT")]
    asked += [(f"{selector}._domainkey.{domain}", "TXT") for selector in project.dkim_selectors]
    out = []
    for name, type in asked:
        answer = await source.ask(name, type)
        # An address behind an alias is the alias's record, not this name's.
        if isinstance(answer, dns.Found) and (type == "CNAME" or not answer.aliases):
            out.append(record(name, type, answer.values, domain, answer.ttl))
    return tuple(out)


def from_sets(sets: Iterable[RecordSet], domain: str) -> tuple[Records, ...]:
    """Record sets that are known already."""
    return tuple(record(each.name, each.type, each.values, domain, each.ttl) for each in sets if each.values)


def from_findings(outcomes: Mapping[str, Finding], domain: str) -> tuple[Records, ...]:
    """What the checks' evidence says of the records, for a handover that is written without asking again.

    Evidence about DNS is named "TXT good.example", and a whole answer ends in "(TTL 300)".
    """
    seen: dict[tuple[str, str], tuple[list[str], int | None]] = {}
    for finding in outcomes.values():
        for evidence in finding.evidence:
            source = _SOURCE.match(evidence.source)
            told = _TOLD.match(evidence.text)
            if source is None or told is None or evidence.text.startswith("alias of"):
                continue
            key = (source[2].lower(), source[1])
            # A TXT may hold ", " itself: only a list of names, addresses or several quoted values is taken apart.
            whole = [told["values"]] if source[1] == "TXT" else told["values"].split(", ")
            seen.setdefault(key, (whole, int(told["ttl"])))
    order = {type: number for number, type in enumerate((*_TYPES, "SRV", "DS"))}
    return tuple(
        record(name, type, values, domain, ttl)
        for (name, type), (values, ttl) in sorted(
            seen.items(), key=lambda each: (len(each[0][0]), each[0][0], order[each[0][1]])
        )
    )
