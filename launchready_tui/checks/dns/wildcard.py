"""A wildcard: does every made-up name under the domain lead somewhere? RFC 4592."""

from __future__ import annotations

import asyncio

from launchready_tui import answers as people
from launchready_tui.checks import check
from launchready_tui.checks.dns._made_up import address, alike, made_up, stands
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.model import (
    Evidence,
    Finding,
    Fix,
    RecordSet,
    Severity,
    failed,
    passed,
    unknown,
    warned,
)
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, NxDomain, is_fact, tell, values
from launchready_tui.text import listed
from launchready_tui.zone import enclosing
from launchready_tui.zonelook import ZoneLook

_TYPES = ("CNAME", "A", "AAAA")


@check(
    "dns.records.wildcard",
    severity=Severity.LOW,
    title="Made-up names lead nowhere",
    why="With a wildcard, anybody can make up an address under your name that shows your site, or something worse.",
    minutes=5,
    question="wildcard.intended",
)
async def records_wildcard(project: Project, dns: Dns, answers: people.Answers, zone: ZoneLook | None) -> Finding:
    domain = project.domain
    seen, found = await asyncio.gather(made_up(dns, domain), enclosing(dns, domain))
    if not any(stands(answer) for answer in seen):
        return judge(domain, seen)
    # A resolver may make up an answer itself, to show advertisements: the zone's own servers know.
    own: Answer | None = None
    for server in found.servers:
        if server.addresses and not (own is not None and is_fact(own)):
            own = await dns.ask_at(server.addresses[0], f"{dns.made_up[0]}.{domain}", seen[0].type)
    sets, kept = await asyncio.gather(
        asyncio.gather(*(dns.ask(f"*.{domain}", type) for type in _TYPES)), keeper(project, dns)
    )
    leaning = await _leaning(project, dns, seen[0], zone)
    return judge(domain, seen, own, sets, answers.get("wildcard.intended"), kept, leaning)


async def _leaning(project: Project, dns: Dns, wild: Answer, zone: ZoneLook | None) -> tuple[str, ...]:
    """The launch's own names that lead where the wildcard leads, and have, as far as we can tell, no record but that.

    Where the zone can be listed, it tells which have one of their own; from outside the two look alike.
    """
    below = [host for host in project.hosts if host != project.domain]
    answers = await asyncio.gather(*(address(dns, host) for host in below))
    leaning = tuple(host for host, answer in zip(below, answers, strict=True) if alike(answer, wild))
    listed_sets = (await zone.zone()).sets if zone is not None and leaning else None
    own = {each.name for each in listed_sets or () if each.type in _TYPES}
    return tuple(host for host in leaning if host not in own)


def judge(
    domain: str,
    seen: tuple[Answer, Answer],
    own: Answer | None = None,
    sets: list[Answer] | tuple[Answer, ...] = (),
    said: people.Answer | None = None,
    kept: Keeper | None = None,
    leaning: tuple[str, ...] = (),
) -> Finding:
    """`own` is what the zone's own server says of the first name, `sets` the wildcard's own records by type, `leaning`
    the names of the launch that may have no other record."""
    evidence = [Evidence(f"{answer.type} {answer.name}", tell(answer)) for answer in seen]
    if own is not None:
        evidence.append(Evidence(f"{own.type} {own.name} at a name server", tell(own)))
    if isinstance(own, NxDomain) and not own.aliases:
        return passed(
            f"The name servers of {domain} know no made-up names. The resolver that we asked makes up an answer of its "
            "own; that is nothing of yours.",
            evidence=evidence,
            subject=domain,
        )
    if not all(stands(answer) for answer in seen):
        if not all(is_fact(answer) for answer in seen) or any(stands(answer) for answer in seen):
            said_of = listed([f"{answer.name} ({tell(answer)})" for answer in seen])
            return unknown(
                f"We could not tell whether {domain} has a wildcard. We asked for two made-up names: {said_of}.",
                needs=LOOK,
                evidence=evidence,
                subject=domain,
            )
        return passed(
            f"Made-up names under {domain} lead nowhere: we asked for two, and neither has an address.",
            evidence=evidence,
            subject=domain,
        )
    kept = kept or Keeper()
    where = _leads(seen[0])
    facts = [("wildcard", where)]
    evidence += [Evidence(f"{answer.type} {answer.name}", tell(answer)) for answer in sets if values(answer)]
    saw = f"Every made-up name under {domain} leads to {where}: there is a wildcard record (*)."
    if said is not None and said.choice == "yes":
        return warned(
            f"{saw} {said.who or 'Somebody'} said that this is meant.",
            Fix(
                "steps",
                f"Make sure that what answers at {where} shows an error for a name that it does not know, and not your "
                "home page. If one day no customer needs a name of their own any more, delete the wildcard "
                f"{kept.at}.",
                minutes=15,
                who=kept.who,
            ),
            evidence=evidence,
            subject=f"*.{domain}",
            question="wildcard.intended",
            facts=facts,
        )
    return failed(
        saw,
        _fix(domain, sets, said, kept, leaning),
        evidence=evidence,
        subject=f"*.{domain}",
        question="wildcard.intended",
        facts=facts,
    )


def _leads(answer: Answer) -> str:
    if isinstance(answer, Fact) and answer.aliases:
        return answer.aliases[0]
    return listed(values(answer), most=3)


def _fix(
    domain: str,
    sets: list[Answer] | tuple[Answer, ...],
    said: people.Answer | None,
    kept: Keeper,
    leaning: tuple[str, ...],
) -> Fix:
    """Records only after a person said that the wildcard is not meant, and where no name of the launch leans on it."""
    own = [answer for answer in sets if isinstance(answer, Found) and not answer.aliases]
    if said is None or not own:
        return Fix(
            "steps",
            f"Say whether this is meant (some products give each customer a name of their own). If not, delete the "
            f"record with the name * {kept.at}. Names that you do use keep their own records.",
            minutes=5,
            who=kept.who,
        )
    if leaning:
        names = listed(list(leaning))
        return Fix(
            "steps",
            f"{names} {'leads' if len(leaning) == 1 else 'lead'} where the wildcard leads. Open your records "
            f"{kept.at}, and look for a row with the name of each. What has none, add with the type and value of the * "
            "row. Only then delete the row with the name *.",
            minutes=10,
            who=kept.who,
        )
    lines = listed([f"type {answer.type}, name *, value {value}" for answer in own for value in answer.values])
    return Fix(
        "records",
        f"Delete the wildcard {kept.at}: {lines}. Names with records of their own stay as they are.",
        minutes=5,
        who=kept.who,
        records=tuple(RecordSet(f"*.{domain}", answer.type, ()) for answer in own),
    )
