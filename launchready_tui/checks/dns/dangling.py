"""Aliases that point at nothing: the target is gone, or its host shows that nobody there has claimed the name.

The marks of unclaimed pages are data (`takeover.toml`), each with its source, date and examples.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, Keeper, is_web_fact, keeper, walked
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, NxDomain, is_fact, tell
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed


@dataclass(frozen=True, slots=True)
class Mark:
    """What an unclaimed page of one service looks like: its status (0: any error), and a text of its body or a header.

    `alone` marks count whatever the name points at; the words of others are a text on anybody's server.
    """

    service: str
    names: tuple[str, ...]
    status: int
    body: str
    header: tuple[str, str]
    alone: bool
    yes: str
    no: str
    source: str
    date: str

    def fits(self, page: Page, aliases: Iterable[str]) -> bool:
        """True for such a page, behind an alias that leads to this service where the words alone do not tell."""
        of_status = page.status == self.status if self.status else page.status >= 400
        if not of_status or not (self.alone or any(self._leads_here(alias) for alias in aliases)):
            return False
        if self.body:
            return self.body in page.text
        name, value = self.header
        return (page.header(name) or "").strip().lower() == value

    def _leads_here(self, alias: str) -> bool:
        return any(alias == name or alias.endswith(f".{name}") for name in self.names)


@cache
def marks() -> tuple[Mark, ...]:
    """All marks, from the file beside this module."""
    text = resources.files("launchready_tui.checks.dns").joinpath("takeover.toml").read_text("utf-8")
    read: list[Mark] = []
    for entry in tomllib.loads(text)["mark"]:
        name, _, value = str(entry.get("header", "")).partition(":")
        read.append(
            Mark(
                service=entry["service"],
                names=tuple(entry["names"]),
                status=entry["status"],
                body=entry.get("body", ""),
                header=(name.strip().lower(), value.strip().lower()),
                alone=entry.get("alone", False),
                yes=entry["yes"],
                no=entry["no"],
                source=entry["source"],
                date=str(entry["date"]),
            )
        )
    return tuple(read)


State = Literal["sound", "no-alias", "gone", "unclaimed", "missing-page", "unclear"]


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of the project, judged. `said` reads on after its name."""

    host: str
    state: State
    target: str = ""
    said: str = ""
    evidence: tuple[Evidence, ...] = ()


def judge_alias(host: str, domain: str, answer: Answer, chains: tuple[Chain, ...]) -> Alias:
    """Judge one name by its A answer and by what http and https show there (`chains`, () where it was not asked)."""
    lines = (Evidence(f"A {host}", tell(answer)), *(Evidence(f"GET {c.urls[0]}", walked(c)) for c in chains))
    if not is_fact(answer):
        return Alias(host, "unclear", "", tell(answer), lines)
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    target = aliases[-1] if aliases else ""
    if target and isinstance(answer, NxDomain):
        return Alias(host, "gone", target, f"points at {target}, which does not exist", lines)
    own_pages = [hop for chain in chains for hop in chain.hops if isinstance(hop, Page) and _is_at(hop, host)]
    for mark in marks():
        if any(mark.fits(page, aliases) for page in own_pages):
            said = f"points at {mark.service}{f' ({target})' if target else ''}, where nobody has claimed it"
            return Alias(host, "unclaimed", target, said, lines)
    if not target:
        return Alias(host, "no-alias", evidence=lines)
    if target == domain or target.endswith(f".{domain}"):
        return Alias(host, "sound", target, evidence=lines)  # within the zone nobody else can claim it
    if any(page.status == 404 for page in own_pages):
        return Alias(host, "missing-page", target, f"points at {target}, which answers 404 (not found)", lines)
    last = [chain.last for chain in chains if isinstance(chain.last, NoPage) and not is_web_fact(chain.last)]
    lost = [reply for reply in last if reply.kind != "shield"]  # a shield only stands before a name that is claimed
    if lost and not own_pages:
        return Alias(host, "unclear", target, f"points at {target}, which {lost[0].say}", lines)
    return Alias(host, "sound", target, evidence=lines)


def _is_at(page: Page, host: str) -> bool:
    return (urlsplit(page.url).hostname or "") == host


async def _look(host: str, project: Project, dns: Dns, web: Web) -> Alias:
    answer = await dns.ask(host, "A")
    chains: tuple[Chain, ...] = ()
    if is_fact(answer) and not isinstance(answer, NxDomain):
        chains = tuple(await asyncio.gather(*(web.follow(f"{scheme}://{host}/") for scheme in ("https", "http"))))
    return judge_alias(host, project.domain, answer, chains)


@check(
    "dns.cname.dangling",
    severity=Severity.CRITICAL,
    title="No name points at nothing",
    why="A stranger can claim the place that it points at, and publish a page on your own name.",
    minutes=10,
)
async def cname_dangling(project: Project, dns: Dns, web: Web) -> Finding:
    looked = await asyncio.gather(*(_look(host, project, dns, web) for host in project.hosts))
    return judge(project, list(looked), await keeper(project, dns))


def judge(project: Project, looked: list[Alias], kept: Keeper) -> Finding:
    """One finding over all names."""
    evidence = [line for alias in looked for line in alias.evidence]
    bad = [alias for alias in looked if alias.state in ("gone", "unclaimed")]
    if bad:
        return failed(
            f"{listed([f'{alias.host} {alias.said}' for alias in bad])}.",
            dangling_fix(project, bad, kept),
            evidence=evidence,
            subject=bad[0].host,
            cause=f"no-address:{bad[0].host}" if len(bad) == 1 and bad[0].state == "gone" else "",
        )
    unclear = [alias for alias in looked if alias.state == "unclear"]
    if unclear:
        return unknown(
            f"We could not tell about {listed([f'{alias.host} ({alias.said})' for alias in unclear])}.",
            needs=LOOK,
            evidence=evidence,
            subject=unclear[0].host,
        )
    empty = [alias for alias in looked if alias.state == "missing-page"]
    if empty:
        first = empty[0]
        return warned(
            f"{listed([f'{alias.host} {alias.said}' for alias in empty])}.",
            Fix(
                "steps",
                f"Sign in at the service behind {first.target} and see whether {first.host} is listed there as a "
                f"domain of yours. If it is, publish the page. If you no longer use it, delete the CNAME record of "
                f"{first.host} {kept.at}.",
                minutes=10,
                who=kept.who,
            ),
            evidence=evidence,
            subject=first.host,
        )
    aliases = [alias for alias in looked if alias.target]
    said = (
        f"What your aliases point at is there: {listed([alias.host for alias in aliases])}."
        if aliases
        else "None of your names is an alias, so none can point at nothing."
    )
    return passed(said, evidence=evidence, subject=project.domain)


def dangling_fix(project: Project, bad: list[Alias], kept: Keeper) -> Fix:
    """Delete the alias; www goes to the apex instead, since it must not be missing."""
    sets: list[RecordSet] = []
    steps: list[str] = []
    for alias in bad:
        if not alias.target:
            steps.append(f"claim {alias.host} at the service that it points at, or delete its A record")
        elif alias.host == project.www:
            sets.append(RecordSet(alias.host, "CNAME", (f"{project.domain}.",)))
            steps.append(f"change the CNAME of {alias.host} to {project.domain}")
        else:
            sets.append(RecordSet(alias.host, "CNAME", ()))
            steps.append(f"delete the CNAME of {alias.host}")
    return Fix(
        "records" if sets else "steps",
        f"Do this {kept.at}, today: {listed(steps)}. If you still need the page there, first create it at its host "
        f"again, claim the name, and only then add the record.",
        minutes=10,
        who=kept.who,
        records=tuple(sets),
        copy=f"{project.domain}." if bad[0].host == project.www else "",
    )
