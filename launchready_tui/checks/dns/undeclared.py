"""Names that once got a certificate, still lead somewhere, and that nobody listed: forgotten test sites, mostly.

The names come from the public certificate logs. A wildcard must not make every old name look alive, so what the zone
answers for names that nobody made does not count.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import answers as people
from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._made_up import address, alike, made_up, stands
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.known import cdn
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, NoData, is_fact, tell, values
from launchready_tui.sources.transparency import Log, Logged, NoLog, Transparency
from launchready_tui.text import day, listed, plural
from launchready_tui.zone import enclosing

QUESTION = "subs.undeclared"
Mark = Literal["keep", "remove", "open"]
# Names that mail programs and other mail servers look for by themselves (RFC 8461; Thunderbird, Outlook).
_SERVICES = ("mta-sts", "autoconfig", "autodiscover")


# What may stand at a name for which Cloudflare answers: it shows its own addresses for any of them.
_BEHIND = ("A", "AAAA", "CNAME")


@dataclass(frozen=True, slots=True)
class Name:
    """One name that leads somewhere. `mark` is what a person said of it, `types` are its records."""

    name: str
    answer: Answer
    mark: Mark = "open"
    types: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        if isinstance(self.answer, Fact) and self.answer.aliases:
            return f"{self.name} (alias of {self.answer.aliases[0]})"
        return f"{self.name} ({listed(values(self.answer), most=2)})"


@check(
    "dns.sub.undeclared",
    severity=Severity.MEDIUM,
    title="No forgotten names",
    why="Forgotten test sites are the easiest way in: nobody updates them, and they often reach the same data.",
    minutes=15,
    question=QUESTION,
)
async def sub_undeclared(project: Project, dns: Dns, transparency: Transparency, answers: people.Answers) -> Finding:
    domain = project.domain
    log, wild, known, places, kept = await asyncio.gather(
        transparency.look(domain),
        made_up(dns, domain),
        _known(project, dns),
        _places(dns, domain),
        keeper(project, dns),
    )
    if isinstance(log, NoLog):
        return unknown(
            f"We could not read the certificate logs for {domain}: the search {log.say}.",
            needs=LOOK,
            subject=domain,
            question=None,
        )
    every = [logged for logged in log.names if logged.name not in known]
    asked = every[: limits.CT_LOOKED_AT]
    heard = await asyncio.gather(*(_look(dns, logged.name, places, at) for at, logged in enumerate(asked)))
    found = dict(zip((logged.name for logged in asked), heard, strict=True))
    below = await _below(dns, domain, found)
    said = answers.get(QUESTION)
    names = [
        Name(logged.name, found[logged.name], mark(logged, domain, said))
        for logged in asked
        if stands(found[logged.name])
        and not any(alike(found[logged.name], other) for other in (*wild, *below.get(_parent(logged.name), ())))
    ]
    names = list(await asyncio.gather(*(_with_types(dns, name) for name in names)))
    return judge(domain, Heard(log, len(every), found, tuple(wild)), names, said, kept)


async def _known(project: Project, dns: Dns) -> frozenset[str]:
    """The names that have a purpose we know: those of the project, those of its mail and name servers, and every name
    that one of these is an alias of. Nobody should be asked whether these can go."""
    mx, ns = await asyncio.gather(dns.ask(project.domain, "MX"), dns.ask(project.domain, "NS"))
    servers = [value.split()[-1].rstrip(".") for value in (*values(mx), *values(ns)) if value.split()]
    urls = [urlsplit(url).hostname or "" for url in project.urls.values() if url]
    named = list(dict.fromkeys(host for host in (*project.hosts, *servers, *urls) if host))
    answers = await asyncio.gather(*(dns.ask(host, "A") for host in named))
    aliases = [alias for answer in answers if isinstance(answer, Fact) for alias in answer.aliases]
    services = [f"{label}.{project.domain}" for label in _SERVICES]
    return frozenset({*named, *aliases, *services, *(f"www.{host}" for host in project.hosts)})


async def _places(dns: Dns, domain: str) -> tuple[str, ...]:
    """Addresses of the zone's own servers: the questions are spread over them, and the resolvers spared."""
    found = await enclosing(dns, domain)
    return tuple(server.addresses[0] for server in found.servers if server.addresses)


async def _look(dns: Dns, name: str, places: Sequence[str], at: int) -> Answer:
    """What a name comes to, at one of the zone's servers; at the resolvers where that one does not say."""
    if places:
        place = places[at % len(places)]
        answer = await dns.ask_at(place, name, "A")
        if isinstance(answer, NoData):
            answer = await dns.ask_at(place, name, "AAAA")
        if is_fact(answer):
            return answer
    return await address(dns, name)


async def _below(dns: Dns, domain: str, found: Mapping[str, Answer]) -> dict[str, tuple[Answer, Answer]]:
    """What made-up names under the names above those found come to: a wildcard may stand further down."""
    parents = dict.fromkeys(_parent(name) for name, answer in found.items() if stands(answer))
    asked = [parent for parent in parents if parent != domain][: limits.CT_PARENTS]
    answers = await asyncio.gather(*(made_up(dns, parent) for parent in asked))
    return dict(zip(asked, answers, strict=True))


def _parent(name: str) -> str:
    return name.partition(".")[2]


async def _with_types(dns: Dns, name: Name) -> Name:
    """The records to delete, looked up for what is to go."""
    if name.mark != "remove":
        return name
    if isinstance(name.answer, Fact) and name.answer.aliases:
        return Name(name.name, name.answer, name.mark, ("CNAME",))
    four, six = await asyncio.gather(dns.ask(name.name, "A"), dns.ask(name.name, "AAAA"))
    types = tuple(answer.type for answer in (four, six) if values(answer))
    if cdn(None, values(four) or values(six)) == "Cloudflare":
        types = _BEHIND
    return Name(name.name, name.answer, name.mark, types or (name.answer.type,))


def mark(logged: Logged, domain: str, said: people.Answer | None) -> Mark:
    """What a person said of a name. A name whose first certificate is newer than the answer was not in question."""
    if said is None or (logged.since is not None and logged.since > said.at):
        return "open"
    if said.choice == "some":
        typed = said.fields.get("keep", "").lower().replace("https://", "")
        words = (word.strip("./") for word in re.split(r"[\s,;]+", typed))
        keep = {word if word.endswith(f".{domain}") else f"{word}.{domain}" for word in words if word}
        if not keep:
            return "open"
        return "keep" if logged.name in keep else "remove"
    return "keep" if said.choice == "keep" else "remove" if said.choice == "remove" else "open"


@dataclass(frozen=True, slots=True)
class Heard:
    """The log, how many of its names nobody listed, what those looked up came to, and what made-up names come to."""

    log: Log
    every: int
    found: Mapping[str, Answer]
    wild: tuple[Answer, ...] = ()

    @property
    def partly(self) -> str:
        """Why we did not see all; "" where we did."""
        if self.every > len(self.found):
            return f"we looked up the {len(self.found)} newest of {self.every:,} names"
        return "the log search has more than we can read" if self.log.cut else ""


def judge(domain: str, heard: Heard, names: list[Name], said: people.Answer | None, kept: Keeper) -> Finding:
    evidence = [Evidence(f"certificate logs ({heard.log.server or 'search'})", _counted(domain, heard))]
    evidence += [Evidence(f"{name.answer.type} {name.name}", tell(name.answer)) for name in names]
    evidence += [Evidence(f"{answer.type} {answer.name}", tell(answer)) for answer in heard.wild if stands(answer)]
    facts = [("undeclared", ", ".join(name.name for name in names))] if names else []
    still = [name for name in names if name.mark == "open"]
    gone = [name for name in names if name.mark == "remove"]
    if still or gone:
        parts = []
        if still:
            verb = "still leads" if len(still) == 1 else "still lead"
            parts.append(f"{listed([name.said for name in still])} {verb} somewhere, and nobody listed {_it(still)}.")
        if gone:
            who = said.who if said is not None and said.who else "Somebody"
            verb = "is" if len(gone) == 1 else "are"
            parts.append(
                f"{listed([name.said for name in gone])} {verb} still there; {who} said to remove {_it(gone)}."
            )
        return warned(
            " ".join(parts),
            _removal(domain, gone, kept) if gone else _decide(domain, still, kept),
            evidence=evidence,
            subject=(still or gone)[0].name,
            question=QUESTION,
            facts=facts,
        )
    unclear = [name for name, answer in heard.found.items() if not is_fact(answer)]
    if unclear or heard.partly:
        why = f"we could not look up {listed(unclear, most=3)}" if unclear else heard.partly
        return unknown(
            f"We found no forgotten name under {domain}, but we did not see all: {why}.",
            needs=LOOK if unclear else "a look through the records at your DNS host",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    if names and said is not None:
        who = f"{said.who or 'somebody'} said on {day(said.at)} to keep {_it(names)}"
        return passed(
            f"Nobody listed {listed([name.said for name in names])}, and {who}.",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    wild = (
        " Old names lead where your wildcard leads, and to nothing of their own."
        if any(map(stands, heard.wild))
        else ""
    )
    return passed(
        f"{_counted(domain, heard)}; none that nobody listed leads anywhere.{wild}", evidence=evidence, subject=domain
    )


def _counted(domain: str, heard: Heard) -> str:
    more = "more than " if heard.log.cut else ""
    return f"The certificate logs know {more}{plural(len(heard.log.names), 'name')} under {domain}"


def _it(names: Sequence[Name]) -> str:
    return "it" if len(names) == 1 else "them"


def _decide(domain: str, names: list[Name], kept: Keeper) -> Fix:
    return Fix(
        "steps",
        f"Open {listed([name.name for name in names])} and say which you need. What you need, add on the page “Your "
        f"addresses”. What nobody uses: switch its server off, and delete its records {kept.at}.",
        minutes=5 * len(names[:6]),
        who=kept.who,
        copy="\n".join(name.name for name in names),
    )


def _removal(domain: str, names: list[Name], kept: Keeper) -> Fix:
    lines: list[str] = []
    for name in names:
        label = name.name.removesuffix(f".{domain}")
        if name.types == _BEHIND:
            lines.append(f"what stands at the name {label} (type A, AAAA or CNAME)")
        else:
            lines += [f"type {type}, name {label}" for type in name.types]
    return Fix(
        "records",
        f"Delete {kept.at}: {listed(lines, most=20)}. Then switch off the server behind {_it(names)}, if it is yours.",
        minutes=5,
        who=kept.who,
        records=tuple(RecordSet(name.name, type, ()) for name in names for type in name.types),
    )
