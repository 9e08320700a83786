"""The subdomain plan: every name under the domain that we know of, needed now, later, or to be removed, with why.

Roadmap, stage 2: subdomains are set up only if they are needed now. What nobody decided is said to be undecided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.purposes import record_name
from launchready_tui.recordlist import Noted
from launchready_tui.text import clean

When = Literal["now", "later", "remove"]
WHENS: tuple[When, ...] = ("now", "later", "remove")
_HOSTS = ("A", "AAAA", "CNAME")
# Checks that name hosts in their facts or as their subject.
_DANGLING, _UNDECLARED, _DECLARED = "dns.cname.dangling", "dns.sub.undeclared", "dns.sub.declared"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person planned for a subdomain."""

    host: str
    when: When
    why: str
    who: str = ""

    def __post_init__(self) -> None:
        if self.when not in WHENS:
            raise ValueError("a subdomain is needed now, later, or removed")
        object.__setattr__(self, "host", record_name(self.host))
        object.__setattr__(self, "why", clean(self.why))
        object.__setattr__(self, "who", clean(self.who, limit=120))


@dataclass(frozen=True, slots=True)
class Planned:
    """One subdomain of the plan. `when` "" is undecided; `who` "" where the plan says so by itself."""

    host: str
    when: When | Literal[""]
    why: str
    who: str = ""


def plan(
    project: Project, records: Iterable[Noted], findings: Mapping[str, Finding], decided: Mapping[str, Decided]
) -> tuple[Planned, ...]:
    """Declared, found and recorded subdomains, by name; what a person decided counts before what we read off."""
    domain, out = project.domain, dict[str, Planned]()
    noted = {each.key: each for each in records if each.set.type in _HOSTS}
    answers = dict(findings[_DECLARED].facts) if _DECLARED in findings else {}
    for host in (f"{sub}.{domain}" for sub in project.subs or ()):
        seen = f"; it {answers[host]}" if host in answers else ""
        out[host] = Planned(host, "now", f"you named it as a part of the product{seen}")
    for (host, _), each in noted.items():
        if _is_sub(host, project) and host not in out:
            why = each.text if each.noted else f"nobody named it as a part of the product: {each.text}"
            out[host] = Planned(host, "now" if each.noted else "", why)
    for found in _undeclared(findings.get(_UNDECLARED)):
        if _is_sub(found.host, project) and (found.host not in out or out[found.host].when != "now"):
            out[found.host] = found
    dangling = findings.get(_DANGLING)
    if dangling is not None and dangling.status is Status.FAIL:
        host = record_name(dangling.subject)
        if _is_sub(host, project) and host.removesuffix(f".{domain}") not in (project.subs or ()):
            out[host] = Planned(host, "remove", dangling.saw)
    for host, said in decided.items():
        if _is_sub(host, project):
            out[host] = Planned(host, said.when, said.why or "decided", said.who)
    return tuple(out[host] for host in sorted(out, key=lambda host: host.split(".")[::-1]))


def _is_sub(host: str, project: Project) -> bool:
    """A name of a host under the domain: not www, and no technical name with an underscore."""
    inside = host.endswith(f".{project.domain}") and host != project.www
    return inside and not any(label.startswith("_") for label in host.split("."))


def _undeclared(finding: Finding | None) -> list[Planned]:
    """The names that the check of undeclared ones found, with what it says that a person said of them: all of them stay
    where it is content, and what its fix takes away is to be removed."""
    if finding is None:
        return []
    found = [record_name(name) for key, said in finding.facts if key == "undeclared" for name in said.split(", ")]
    gone = {record_name(each.name) for each in finding.fix.records if not each.values} if finding.fix else set()
    out: list[Planned] = []
    for host in found:
        if finding.status is Status.PASS:
            out.append(Planned(host, "now", "nobody named it as a part of the product, and somebody said to keep it"))
        elif host in gone:
            out.append(Planned(host, "remove", "it still leads somewhere, and somebody said to remove it"))
        else:
            out.append(Planned(host, "", "it still leads somewhere, and nobody named it as a part of the product"))
    return out
