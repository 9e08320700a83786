"""DMARC by RFC 9989: records read (parse), found (find), and the organisation's name (org_domain) by the tree walk."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui.mail._record import OBSOLETE, POLICIES, DmarcRecord, is_dmarc, parse, uri_host
from launchready_tui.mail.names import org_domain_of, plain
from launchready_tui.sources.dns import Answer, Dns, is_fact, values

__all__ = [
    "OBSOLETE",
    "POLICIES",
    "Discovery",
    "DmarcRecord",
    "Step",
    "aligned",
    "aligns",
    "find",
    "is_dmarc",
    "org_domain",
    "organisation",
    "parse",
    "targets",
    "uri_host",
    "walk",
]

QUERIES = 8  # of one walk (4.10 step 5)


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a walk: what `_dmarc.<name>` answered, and the DMARC records in it. Several count as none."""

    name: str
    answer: Answer
    records: tuple[str, ...]

    @property
    def record(self) -> DmarcRecord | None:
        return parse(self.records[0]) if len(self.records) == 1 else None

    @property
    def psd(self) -> str:
        record = self.record
        return record.tags.get("psd", "u") if record else ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The policy that applies to `domain`. `location` is the name that publishes it, "" where there is none.

    `first` is what the domain itself publishes. `unsure` is the first answer that could not tell, on the way to a
    record: with it, `record` None does not mean that there is none.
    """

    domain: str
    location: str
    record: DmarcRecord | None
    first: Step
    steps: tuple[Step, ...]
    unsure: Answer | None = None

    @property
    def own(self) -> bool:
        return self.location == self.domain


def targets(domain: str) -> tuple[str, ...]:
    """The names of a walk, longest first: the domain, then its parents from at most seven labels on."""
    domain = domain.rstrip(".").lower()
    labels = domain.split(".")
    shorter = labels[1:] if len(labels) <= QUERIES else labels[-(QUERIES - 1) :]
    return (domain, *(".".join(shorter[i:]) for i in range(len(shorter))))


async def _step(dns: Dns, name: str) -> Step:
    answer = await dns.ask(f"_dmarc.{name}", "TXT")
    return Step(name, answer, tuple(value for value in values(answer) if is_dmarc(value)))


async def walk(dns: Dns, domain: str) -> tuple[Step, ...]:
    """Ask upwards until a record says psd=n or psd=y (4.10 steps 2 and 6) or no label is left; at most 8 questions."""
    steps: list[Step] = []
    for name in targets(domain):
        step = await _step(dns, name)
        steps.append(step)
        if step.psd in ("n", "y"):
            break
    return tuple(steps)


def organisation(steps: tuple[Step, ...]) -> str:
    """The organisational domain that a walk leads to (4.10.2)."""
    start = steps[0].name
    with_record = [step for step in steps if step.record is not None and step.record.valid]
    for step in with_record:
        if step.psd == "n":
            return step.name
        if step.psd == "y" and step.name != start:
            depth = step.name.count(".") + 2
            return ".".join(start.split(".")[-depth:])
    return with_record[-1].name if with_record else start


async def org_domain(dns: Dns, name: str) -> str | None:
    """The organisational domain of `name` by the tree walk; None where a name server on the way could not tell."""
    steps = await walk(dns, name)
    return organisation(steps) if all(is_fact(step.answer) for step in steps) else None


async def find(dns: Dns, domain: str) -> Discovery:
    """Find the policy that applies to `domain`: its own, its organisation's, or its public suffix's (4.10.1)."""
    first = await _step(dns, domain.rstrip(".").lower())
    if first.record is not None:
        return Discovery(first.name, first.name, first.record, first, (first,))
    steps = await walk(dns, domain)
    by_name = {step.name: step for step in steps}
    unsure = next((step.answer for step in steps if not is_fact(step.answer)), None)
    candidates = [organisation(steps), *(step.name for step in steps if step.psd == "y")]
    for name in candidates:
        step = by_name.get(name)
        if step is not None and step.record is not None:
            return Discovery(first.name, name, step.record, first, steps, unsure)
    return Discovery(first.name, "", None, first, steps, unsure)


def aligned(from_domain: str, auth_domain: str, mode: str = "r") -> bool:
    """Whether two names line up (4.4) as the public suffix list sees it: without a question, and so without knowing
    of psd= tags. `mode` "s" wants the same name, "r" the same organisation. Two public suffixes only with themselves.
    """
    one, other = plain(from_domain), plain(auth_domain)
    if not one or not other:
        return False
    if one == other:
        return True
    return mode != "s" and (home := org_domain_of(one)) is not None and home == org_domain_of(other)


async def aligns(dns: Dns, from_domain: str, auth_domain: str, mode: str = "r") -> bool | None:
    """Whether two names line up by the tree walk, as receivers do (4.10.2). None where a name server could not tell."""
    one, other = plain(from_domain), plain(auth_domain)
    if not one or not other:
        return False
    if one == other or mode == "s":
        return one == other
    home, theirs = await asyncio.gather(org_domain(dns, one), org_domain(dns, other))
    return None if home is None or theirs is None else home == theirs
