"""DMARC by RFC 9989: records read (parse), found (find), and the organisation's name (org_domain) by the tree walk."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.mail._record import OBSOLETE, POLICIES, DmarcRecord, is_dmarc, parse, uri_host
from launchready_tui.sources.dns import Answer, Dns, is_fact, values

__all__ = [
    "OBSOLETE",
    "POLICIES",
    "Discovery",
    "DmarcRecord",
    "Step",
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
    """Ask upwards until a record says psd=n (or, above the start, psd=y) or no label is left; at most 8 questions."""
    steps: list[Step] = []
    for name in targets(domain):
        step = await _step(dns, name)
        steps.append(step)
        if step.psd == "n" or (step.psd == "y" and len(steps) > 1):
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
