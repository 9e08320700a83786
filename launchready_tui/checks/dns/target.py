"""The domain leads where its host asks for: the records that stand there against what the host's own page shows.

What a host asks for is typed by the founder, or known (`targets.toml`). Behind a shield the record cannot be seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from launchready_tui import known
from launchready_tui.answers import Answer as Said
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.dns._expected import Expected, expected
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, NoData, is_fact, tell, values
from launchready_tui.sources.web import Page, Reply, Web
from launchready_tui.text import listed
from launchready_tui.zonelook import ZoneLook

QUESTION = "host.target"


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the domain leads: its addresses, the names on the way, and what answered. `flat` are the addresses of the
    names that are expected: an ALIAS shows as these."""

    four: Answer
    six: Answer
    reply: Reply
    flat: frozenset[str] = frozenset()

    @property
    def records(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (type, value) for type, answer in (("A", self.four), ("AAAA", self.six)) for value in values(answer)
        )

    @property
    def aliases(self) -> tuple[str, ...]:
        return next((each.aliases for each in (self.four, self.six) if isinstance(each, Fact) and each.aliases), ())

    @property
    def page(self) -> Page | None:
        return self.reply if isinstance(self.reply, Page) else None

    @property
    def host(self) -> str:
        """The host behind every address, as far as headers, names and addresses tell; "" where unknown."""
        return known.web_host(self.page, self.aliases, [value for _, value in self.records])

    @property
    def shield(self) -> str:
        return known.cdn(None, [value for _, value in self.records], self.aliases)


@check(
    "dns.apex.target",
    severity=Severity.HIGH,
    title="Your domain leads to your host",
    why="Visitors are sent to the wrong server, or to the old one.",
    minutes=10,
    question=QUESTION,
)
async def apex_target(project: Project, dns: Dns, web: Web, answers: Answers, zone: ZoneLook | None) -> Finding:
    domain, said = project.domain, answers.get(QUESTION)
    wanted = expected(said)
    names = wanted.names if wanted is not None else ()
    four, six, reply, flat = await asyncio.gather(
        dns.ask(domain, "A"),
        dns.ask(domain, "AAAA"),
        web.get(f"https://{domain}/"),
        asyncio.gather(*(dns.addresses(name) for name in names[:2])),
    )
    seen = Seen(four, six, reply, frozenset(address for some in flat for address in some))
    if seen.shield and wanted is not None and zone is not None:
        seen = behind(domain, seen, (await zone.zone()).sets)
    return judge(project, seen, said, wanted, await keeper(project, dns))


def behind(domain: str, seen: Seen, sets: Iterable[RecordSet] | None) -> Seen:
    """The records that stand behind a shield, as the place that keeps them lists them; `seen` where it lists none."""
    mine = {one.type: one for one in sets or () if one.name == domain}
    if not mine.keys() & {"A", "AAAA", "CNAME"}:
        return seen
    alias = mine.get("CNAME")

    def answer(type: str) -> Answer:
        if type in mine:
            return Found(domain, type, mine[type].values, mine[type].ttl or 0, (), True)
        return NoData(domain, type, (alias.values[0].rstrip("."),) if alias is not None else (), True)

    return replace(seen, four=answer("A"), six=answer("AAAA"))


def judge(project: Project, seen: Seen, said: Said | None, wanted: Expected | None, kept: Keeper) -> Finding:
    domain = project.domain
    evidence = [Evidence(f"A {domain}", tell(seen.four)), Evidence(f"AAAA {domain}", tell(seen.six))]
    if said is not None and said.choice == "own":
        return info(
            f"{said.who} said that {domain} runs on a server of your own, with no page that asks for records.",
            evidence=evidence,
            subject=domain,
        )
    if wanted is None:
        return _ask(domain, seen, said, evidence)
    evidence.append(Evidence(f"asked for by {wanted.host}", _asked(wanted)))
    if not seen.records and not (is_fact(seen.four) and is_fact(seen.six)):
        return unknown(
            f"We could not tell where {domain} leads: {tell(seen.four)}.", needs=LOOK, evidence=evidence, subject=domain
        )
    right, extra = _sorted(seen, wanted)
    shown = listed([value for _, value in seen.records] or list(seen.aliases[-1:]) or ["nowhere"])
    if right and not extra:
        missing = _missing(seen, wanted)
        if missing:
            return warned(
                f"{domain} leads to {wanted.host}, and lacks {listed(missing)}, which it asks for too.",
                target_fix(project, seen, wanted, kept),
                evidence=evidence,
                subject=domain,
            )
        return passed(f"{domain} leads to {shown}, as {wanted.host} asks.", evidence=evidence, subject=domain)
    if right and not wanted.complete and any(_whose(value) in ("", wanted.host) for value in extra):
        return unknown(
            f"{domain} leads to {wanted.host}, and to {listed(extra)} too. {wanted.host} has addresses that we do not "
            "know, so we could not tell whether that is one.",
            needs="the values that your host's page shows",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    if right:
        return warned(
            f"{domain} leads to {wanted.host}, and to {listed(extra)} too, which {wanted.host} does not ask for.",
            target_fix(project, seen, wanted, kept),
            evidence=evidence,
            subject=domain,
            cause=f"stale:{domain}",
        )
    if seen.shield:
        return unknown(
            f"{domain} leads to {seen.shield}, which stands before the site. The record behind it shows in its own "
            "settings only.",
            needs=f"a connection to {seen.shield}, or a look at the record of {domain} there",
            evidence=evidence,
            subject=domain,
        )
    host = seen.host
    if seen.records and not wanted.complete and host in ("", wanted.host):
        return unknown(
            f"{domain} leads to {shown}. {wanted.host} gives some sites addresses of their own, so we could not tell "
            "whether that is one.",
            needs="the values that your host's page shows",
            evidence=evidence,
            subject=domain,
            question=QUESTION,
        )
    if seen.records and wanted.names and not wanted.addresses and host in ("", wanted.host):
        return unknown(
            f"{domain} leads to {shown}, and {listed(list(wanted.names))} leads elsewhere from here. Such a name may "
            "have other addresses elsewhere, so we could not tell.",
            needs=f"a look at the record of {domain} {kept.at}",
            evidence=evidence,
            subject=domain,
        )
    at = f" ({host})" if host else ""
    return failed(
        f"{domain} leads to {shown}{at}. {wanted.host} asks for {_asked(wanted)}."
        if seen.records or seen.aliases
        else f"{domain} has no address. {wanted.host} asks for {_asked(wanted)}.",
        target_fix(project, seen, wanted, kept),
        evidence=evidence,
        subject=domain,
        question=QUESTION,
        cause="" if seen.records or seen.aliases else f"no-address:{domain}",
    )


def _whose(address: str) -> str:
    """The known host or network that an address belongs to, "" where unknown."""
    return known.web_host(None, addresses=(address,)) or known.cdn(None, (address,))


def _ask(domain: str, seen: Seen, said: Said | None, evidence: list[Evidence]) -> Finding:
    """Nobody has said what the host asks for: say what we see, so that the answer is a matter of comparing."""
    host = seen.host if seen.page is not None else ""
    shown = f"{domain} leads to {listed([value for _, value in seen.records])}" if seen.records else f"{domain}"
    facts = [("proposed host", host)] if host else []
    if said is not None and said.choice == "looked":
        saw = f"{shown}. We do not know which records {said.fields.get('host') or 'your host'} asks for."
        needs = "the values that your host's page shows"
    else:
        saw = f"{shown}{', where we see ' + host if host else ''}. Nobody has said yet what your host asks for."
        needs = f"your answer: is it {host}?" if host else "your answer"
    return unknown(saw, needs=needs, evidence=evidence, subject=domain, question=QUESTION, facts=facts)


def _sorted(seen: Seen, wanted: Expected) -> tuple[list[str], list[str]]:
    """The values that lead to the host, and those that do not."""
    if any(wanted.takes("CNAME", alias) for alias in seen.aliases):
        return [value for _, value in seen.records] or list(seen.aliases[-1:]), []
    found = [(type, value) for type, value in seen.records]
    right = [value for type, value in found if wanted.takes(type, value) or value in seen.flat]
    return right, [value for _, value in found if value not in right]


def _missing(seen: Seen, wanted: Expected) -> list[str]:
    """Addresses that are asked for and are not there. The host's IPv6 counts where there is some IPv6."""
    if wanted.names or any(wanted.takes("CNAME", alias) for alias in seen.aliases):
        return []
    here = {value for _, value in seen.records}
    if not here & set(wanted.addresses):  # other addresses of the host's, which it gave to this site
        return []
    with_six = wanted.typed or bool(values(seen.six))
    return [value for value in wanted.addresses if value not in here and (with_six or ":" not in value)]


def _asked(wanted: Expected) -> str:
    if wanted.addresses or wanted.names:
        return listed([*wanted.addresses, *wanted.names])
    return "values of its own for each site"


def target_fix(project: Project, seen: Seen, wanted: Expected, kept: Keeper) -> Fix:
    """The set that the host asks for, where it is made of addresses; an alias at the apex is a step for a person."""
    domain = project.domain
    right, _ = _sorted(seen, wanted)
    sets: list[RecordSet] = []
    for type, answer in (("A", seen.four), ("AAAA", seen.six)):
        of_type = tuple(value for value in wanted.addresses if (":" in value) == (type == "AAAA"))
        stays = tuple(value for value in values(answer) if value in right and value not in of_type)
        # Addresses that the host gave to this site alone stay, and its general ones are not put beside them.
        new = stays if stays and not (set(values(answer)) & set(of_type)) else (*of_type, *stays)
        if new != values(answer) and (new or values(answer)):
            sets.append(RecordSet(domain, type, new))
    page = wanted.known.page if wanted.known is not None else ""
    if not wanted.addresses and not right:
        name = wanted.names[0] if wanted.names else "the value that its page shows"
        return Fix(
            "steps",
            f"Delete the A and AAAA records of {domain} {kept.at}, and add one that {wanted.host} asks for: type ALIAS "
            f"(some call it ANAME, or CNAME), name @, value {name}. It takes up to 30 minutes to spread.",
            minutes=10,
            who=kept.who,
            copy=wanted.names[0] if wanted.names else "",
            page=page,
        )
    if seen.aliases:
        return Fix(
            "steps",
            f"Take out the alias of {domain} {kept.at}, and add what {wanted.host} asks for: {_asked(wanted)}. "
            "It takes up to 30 minutes to spread.",
            minutes=10,
            who=kept.who,
            copy="\n".join(wanted.addresses),
            page=page,
        )
    lines = [
        f"type {each.type}, name @, {'value ' + listed(list(each.values)) if each.values else 'no record at all'}"
        for each in sets
    ]
    return Fix(
        "records",
        f"Set this {kept.at}, and delete other addresses of {domain}: {listed(lines)}. It takes up to 30 minutes to "
        "spread.",
        minutes=10,
        who=kept.who,
        records=tuple(sets),
        copy="\n".join(value for each in sets for value in each.values),
        page=page,
    )
