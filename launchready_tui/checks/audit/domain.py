"""The domain's registration: there, not about to run out, and nothing holds it (RFC 9083, RFC 8056, EPP codes)."""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Answer, Dns, NoData, NxDomain, tell, values
from launchready_tui.sources.registry import Answer as Record
from launchready_tui.sources.registry import NoRegistry, NotRegistered, Registration, Registry, registrable
from launchready_tui.text import day, listed, plural

_WHO = "Whoever can sign in where the domain is registered"
# EPP codes with which a name stops working or is about to be deleted (ICANN, "EPP status codes").
_HELD = {
    "serverHold": "the registry has suspended it",
    "clientHold": "the registrar has suspended it",
    "redemptionPeriod": "it has lapsed, and can be bought back only for a short while",
    "pendingDelete": "it is being deleted",
}
_LOCKS = ("clientTransferProhibited", "serverTransferProhibited")


def _at(record: Registration) -> str:
    return f"at {record.registrar}" if record.registrar else "at your registrar"


def told(record: Record | None) -> str:
    """What the registry said, as one clause for evidence."""
    if record is None:
        return "not asked"
    if isinstance(record, NotRegistered):
        return "no such domain (404)"
    if isinstance(record, NoRegistry):
        return record.say
    ends = f"until {record.expires.date().isoformat()}" if record.expires else "no date of expiry"
    return f"{record.registrar or 'no registrar named'}, {ends}, {', '.join(record.statuses) or 'no status'}"


def _evidence(name: str, record: Record | None) -> Evidence:
    server = record.server if isinstance(record, Registration | NotRegistered) else ""
    return Evidence(f"RDAP {name}" + (f" at {server}" if server else ""), told(record))


def _unsaid(name: str, record: NotRegistered | NoRegistry, what: str) -> Finding:
    """The registry did not tell; the date and the lock stand on the registrar's page for a person to see."""
    if isinstance(record, NotRegistered):
        saw = f"The registry that we asked does not know {name}, so we could not see {what}."
    else:
        saw = f"We could not see {what}: the registry's look-up told us nothing about {name} ({record.say})."
    needs = "a look at your registrar's page" if isinstance(record, NotRegistered) else "another look"
    if isinstance(record, NoRegistry) and record.kind in ("off", "no-server"):
        needs = "a look at your registrar's page"
    return unknown(saw, needs=needs, evidence=[_evidence(name, record)], subject=name)


@check(
    "audit.domain.registered",
    severity=Severity.CRITICAL,
    title="The domain is registered",
    why="Without a registration nobody can reach you, and anybody may buy the name.",
    minutes=15,
)
async def registered(project: Project, dns: Dns, registry: Registry | None) -> Finding:
    name = registrable(project.domain)
    record = await registry.look(name) if registry is not None else None
    parent = (await dns.delegation(name)).parent
    seen = await dns.ask(name, "NS") if not isinstance(parent, NxDomain) and not values(parent) else parent
    return judge_registered(name, parent, seen, record)


def judge_registered(name: str, parent: Answer, seen: Answer, record: Record | None) -> Finding:
    """`parent` is the parent zone's word on the name, `seen` what the resolvers say where that was not enough."""
    evidence = [Evidence(f"NS {name} at its parent", tell(parent)), _evidence(name, record)]
    servers = [server.rstrip(".") for server in values(parent) or values(seen)]
    facts: list[tuple[str, str]] = [("ns", ", ".join(servers))] if servers else []
    if isinstance(record, Registration) and record.registrar:
        facts.append(("registrar", record.registrar))
    if servers:
        return passed(
            f"{name} is registered and served by {listed(servers, most=4)}.",
            evidence=evidence,
            subject=name,
            facts=facts,
        )
    if isinstance(record, Registration):
        return passed(
            f"{name} is registered{f' at {record.registrar}' if record.registrar else ''}. No name server answers for "
            "it yet.",
            evidence=evidence,
            subject=name,
            facts=facts,
        )
    nobody = isinstance(parent, NxDomain)
    missing = isinstance(parent, NoData) or isinstance(seen, NxDomain | NoData)
    if nobody or (missing and isinstance(record, NotRegistered)):
        who = "the servers of its ending say that it does not exist" if nobody else "the registry does not know it"
        return failed(
            f"{name} is not registered: {who}.",
            Fix(
                "steps",
                f"Sign in where you bought {name} and look whether it has lapsed. If so, renew it today: most "
                "registrars still let you for some weeks. If you never bought it, register it now, and check the "
                "spelling here.",
                minutes=15,
                who="Whoever bought the domain",
            ),
            evidence=evidence,
            subject=name,
        )
    return unknown(
        f"We could not tell whether {name} is registered: we asked the servers of its ending ({tell(parent)}) and the "
        f"registry ({told(record)}).",
        needs="another look",
        evidence=evidence,
        subject=name,
    )


@check(
    "audit.domain.expiry",
    severity=Severity.HIGH,
    title="The domain does not run out soon",
    why="On that day site and mail go dark together, and somebody else can buy the name.",
    minutes=10,
    question="registrar.protection",
)
async def expiry(project: Project, registry: Registry, answers: Answers, clock: Clock) -> Finding:
    record = await registry.look(registrable(project.domain))
    answer = answers.get("registrar.protection")
    renews = answer is not None and answer.choice == "looked" and "auto-renew" in answer.ticks
    return judge_expiry(registrable(project.domain), record, clock.now(), renews=renews)


def judge_expiry(name: str, record: Record, now: dt.datetime, *, renews: bool) -> Finding:
    if not isinstance(record, Registration):
        return _unsaid(name, record, "when the domain runs out")
    evidence = [_evidence(name, record)]
    if record.expires is None:
        return unknown(
            f"The registry does not publish when {name} runs out. Your registrar's page for the domain shows it.",
            needs="a look at your registrar's page",
            evidence=evidence,
            subject=name,
        )
    left = record.expires - now
    facts = [("expires", record.expires.date().isoformat())]
    if record.registrar:
        facts.append(("registrar", record.registrar))
    date = day(record.expires)
    if left > dt.timedelta(days=limits.DOMAIN_DAYS_SOUND):
        return passed(
            f"{name} is paid until {date}, {left.days:,} days from now.", evidence=evidence, subject=name, facts=facts
        )
    renew = Fix(
        "steps",
        f"Sign in {_at(record)}, open {name} and choose “Renew”. Switch auto-renew on in the same place, and look that "
        "the card on file is valid beyond that date.",
        minutes=10,
        who=_WHO,
    )
    if left < dt.timedelta(days=limits.DOMAIN_DAYS_FAIL):
        soon = left < dt.timedelta(days=limits.DOMAIN_DAYS_CRITICAL)
        gone = left <= dt.timedelta()
        return failed(
            f"{name} ran out on {date}." if gone else f"{name} runs out in {plural(left.days, 'day')}, on {date}.",
            renew,
            evidence=evidence,
            subject=name,
            severity=Severity.CRITICAL if soon else None,
            facts=facts,
        )
    if renews:
        return passed(
            f"{name} runs out in {plural(left.days, 'day')}, on {date}; you confirmed that auto-renew is on.",
            evidence=evidence,
            subject=name,
            facts=facts,
        )
    return warned(
        f"{name} runs out in {plural(left.days, 'day')}, on {date}, and nobody confirmed that auto-renew is on.",
        renew,
        evidence=evidence,
        subject=name,
        question="registrar.protection",
        facts=facts,
    )


@check(
    "audit.domain.status",
    severity=Severity.HIGH,
    title="Nothing holds the domain, and it is locked",
    why="A held name shows nothing at all. Without the lock it can be moved away from you.",
    minutes=10,
)
async def status(project: Project, registry: Registry) -> Finding:
    return judge_status(registrable(project.domain), await registry.look(registrable(project.domain)))


def judge_status(name: str, record: Record) -> Finding:
    if not isinstance(record, Registration):
        return _unsaid(name, record, "whether anything holds the domain")
    evidence = [_evidence(name, record)]
    by_lower = {word.lower(): word for word in record.statuses}
    held = [(word, clause) for word, clause in _HELD.items() if word.lower() in by_lower]
    if held:
        words = " and ".join(clause for _, clause in held)
        return failed(
            f"{name} does not work, or soon will not: {words} ({listed([word for word, _ in held])}).",
            Fix(
                "steps",
                f"Write to the support of {record.registrar or 'your registrar'} today: ask why {name} has the status "
                f"{listed([word for word, _ in held])} and what lifts it. Often it is an unpaid renewal, or a mail "
                "asking to confirm your address.",
                minutes=30,
                who=_WHO,
            ),
            evidence=evidence,
            subject=name,
            severity=Severity.CRITICAL,
        )
    if not record.statuses:
        return unknown(
            f"The registry publishes no status for {name}. Your registrar's page shows whether it is locked.",
            needs="a look at your registrar's page",
            evidence=evidence,
            subject=name,
        )
    if not any(lock.lower() in by_lower for lock in _LOCKS):
        return warned(
            f"{name} is not locked against a transfer to another registrar.",
            Fix(
                "steps",
                f"Sign in {_at(record)}, open {name} and switch on “Transfer lock” (also called “Registrar lock” or "
                "“Domain lock”).",
                minutes=5,
                who=_WHO,
            ),
            evidence=evidence,
            subject=name,
        )
    return passed(
        f"Nothing holds {name}, and the transfer lock is on.", evidence=evidence, subject=name, facts=[("lock", "on")]
    )
