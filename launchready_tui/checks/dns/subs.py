"""The subdomains that the founder declared: each has an address, a certificate that browsers take, and answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from launchready_tui import known
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import (
    LOOK,
    Keeper,
    heard,
    host_of,
    is_web_fact,
    keeper,
    says_none,
    standing,
    walked,
)
from launchready_tui.model import (
    Evidence,
    Finding,
    Fix,
    RecordSet,
    Setting,
    Severity,
    failed,
    info,
    passed,
    unknown,
    warned,
)
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, values
from launchready_tui.sources.web import Chain, NoPage, Web
from launchready_tui.text import listed

_CRITICAL = frozenset({"app", "api"})
# Where a closed door is as it should be: an API asks for a key at its root, the rest is for the team.
_CLOSED = frozenset({"api", "admin", "staging", "stage", "dev", "test", "preview", "internal", "vpn", "grafana", "db"})

State = Literal["sound", "closed", "no-address", "tls", "down", "error", "unclear"]
_WORST: tuple[State, ...] = ("no-address", "tls", "down", "error", "unclear", "closed", "sound")


@dataclass(frozen=True, slots=True)
class Sub:
    """One declared subdomain, judged. `said` reads on after its name."""

    label: str
    host: str
    state: State
    said: str
    evidence: tuple[Evidence, ...] = ()
    missing: bool = False  # nothing stands in the DNS yet, so a record can be added

    @property
    def bad(self) -> bool:
        return self.state in ("no-address", "tls", "down", "error")


def judge_sub(label: str, host: str, answers: tuple[Answer, Answer], chain: Chain | None, *, private: bool) -> Sub:
    """Judge one subdomain by its address and by where https leads; `chain` None where there was no address to ask."""
    lines = heard(host, answers, "the resolvers")
    match standing(answers, private=private):
        case "none":
            missing = not any(isinstance(answer, Fact) and answer.aliases for answer in answers)
            return Sub(label, host, "no-address", f"has no address: {says_none(answers)}", lines, missing)
        case "private":
            inside = listed([value for answer in answers for value in values(answer)])
            return Sub(label, host, "no-address", f"leads to {inside}, inside a private network only", lines)
        case "unclear" | "good" if chain is None:
            return Sub(label, host, "unclear", "could not be looked up", lines)
        case _:
            assert chain is not None
    lines = (*lines, Evidence(f"GET https://{host}/", walked(chain)))
    last = chain.last
    if isinstance(last, NoPage):
        if not is_web_fact(last) or (last.kind == "no-address" and last.url == f"https://{host}/"):
            return Sub(label, host, "unclear", last.say, lines)
        reason = f" ({last.reason})" if last.reason else ""
        where = "" if chain.redirects == 0 else f"leads to {host_of(last.url)}, which "
        return Sub(label, host, "tls" if last.kind == "tls" else "down", f"{where}{last.say}{reason}", lines)
    if chain.end in ("loop", "too-long", "bad-location"):
        return Sub(label, host, "error", "redirects without ever showing a page", lines)
    if last.status >= 500:
        return Sub(label, host, "error", f"answers {last.status}", lines)
    if last.status in (401, 403) and label not in _CLOSED:
        return Sub(label, host, "closed", f"answers {last.status}: visitors are turned away", lines)
    return Sub(label, host, "sound", f"answers {last.status}", lines)


async def _look(label: str, project: Project, dns: Dns, web: Web) -> Sub:
    host = f"{label}.{project.domain}"
    answers = await asyncio.gather(dns.ask(host, "A"), dns.ask(host, "AAAA"))
    private = project.network.private
    chain = await web.follow(f"https://{host}/") if standing(answers, private=private) == "good" else None
    return judge_sub(label, host, answers, chain, private=private)


@check(
    "dns.sub.declared",
    severity=Severity.HIGH,
    title="Your subdomains answer",
    why="Your site needs its subdomains. When one is missing, the app or the API behind it is missing too.",
    minutes=15,
)
async def sub_declared(project: Project, dns: Dns, web: Web) -> Finding:
    if project.subs is None:
        return unknown(
            "Nobody has said yet which subdomains belong to the product, so we have not looked at any.",
            needs="your list of subdomains (page “Your addresses”)",
            subject=project.domain,
        )
    if not project.subs:
        return info(f"You said that {project.domain} has no subdomains of its own.", subject=project.domain)
    subs = list(await asyncio.gather(*(_look(label, project, dns, web) for label in project.subs)))
    subs.sort(key=lambda sub: (_WORST.index(sub.state), sub.label not in _CRITICAL))
    worst = subs[0]
    if not worst.bad:
        return judge(project, subs, None)
    kept = await keeper(project, dns)
    missing = [sub for sub in subs if sub.missing]
    shared = await _shared_addresses(project, dns) if missing else ()
    return judge(project, subs, missing_fix(missing, kept, shared) if shared else sub_fix(worst, kept))


async def _shared_addresses(project: Project, dns: Dns) -> tuple[str, ...]:
    """The addresses that all other hosts of the project have in common; () where there is only one such host, and where
    these are a shield's or a platform's, whose addresses may change and are no value for a record."""
    found = await asyncio.gather(*(dns.addresses(host) for host in project.hosts))
    held = [frozenset(addresses) for addresses in found if addresses]
    shared = tuple(sorted(frozenset.intersection(*held))) if len(held) > 1 else ()
    four, www = await asyncio.gather(dns.ask(project.domain, "A"), dns.ask(project.www, "A"))
    ways = [alias for answer in (four, www) if isinstance(answer, Found) for alias in answer.aliases]
    elsewhere = any(alias != project.domain and not alias.endswith(f".{project.domain}") for alias in ways)
    return () if elsewhere or known.cdn(None, shared) else shared


def judge(project: Project, subs: list[Sub], fix: Fix | None) -> Finding:
    """One finding over all, worst first. `fix` is for the first of them."""
    evidence = [line for sub in subs for line in sub.evidence]
    facts = [(sub.host, sub.said) for sub in subs]
    bad = [sub for sub in subs if sub.bad]
    if bad and fix is not None:
        causes = {"no-address": "no-address", "tls": "certificate"}
        critical = any(sub.label in _CRITICAL for sub in bad)
        return failed(
            f"{listed([f'{sub.host} {sub.said}' for sub in bad])}.",
            fix,
            evidence=evidence,
            subject=bad[0].host,
            severity=Severity.CRITICAL if critical else None,
            cause=f"{causes.get(bad[0].state, 'site-down')}:{bad[0].host}" if len(bad) == 1 else "",
            facts=facts,
        )
    unclear = [sub for sub in subs if sub.state == "unclear"]
    if unclear:
        return unknown(
            f"We could not tell about {listed([f'{sub.host} ({sub.said})' for sub in unclear])}.",
            needs=LOOK,
            evidence=evidence,
            subject=unclear[0].host,
            facts=facts,
        )
    closed = [sub for sub in subs if sub.state == "closed"]
    if closed:
        host = closed[0].host
        return warned(
            f"{listed([f'{sub.host} {sub.said}' for sub in closed])}.",
            Fix(
                "steps",
                f"Open https://{host}/ in a private window. If members should get in there, look at your web host for "
                "a password or an access rule that was left on from testing, and take it off.",
                minutes=10,
                who="Whoever runs your web host",
                copy=f"https://{host}/",
            ),
            evidence=evidence,
            subject=host,
            facts=facts,
        )
    return passed(
        f"{listed([sub.host for sub in subs])}: each has an address, a valid certificate and answers.",
        evidence=evidence,
        subject=project.domain,
        facts=facts,
    )


def missing_fix(missing: list[Sub], kept: Keeper, shared: tuple[str, ...]) -> Fix:
    """Records for the names that do not exist, where all other hosts lead to one place (`shared`)."""
    labels = listed([sub.label for sub in missing])
    lines = [f"type {_kind(value)}, name {sub.label}, value {value}" for sub in missing for value in shared]
    kinds = tuple(dict.fromkeys(_kind(value) for value in shared))
    return Fix(
        "records",
        f"All your other names lead to {listed(shared)}. If {labels} runs there too, add {kept.at}: "
        f"{listed(lines)}. If not, add the record that its own host shows under “custom domain” instead.",
        minutes=10,
        who=kept.who,
        records=tuple(
            RecordSet(sub.host, kind, tuple(value for value in shared if _kind(value) == kind))
            for sub in missing
            for kind in kinds
        ),
        copy="\n".join(shared),
    )


def sub_fix(sub: Sub, kept: Keeper) -> Fix:
    """What to do for one subdomain where the right value is somewhere that we cannot see."""
    host, label = sub.host, sub.label
    match sub.state:
        case "no-address":
            return Fix(
                "steps",
                f"At the service that runs {label}, add {host} as a custom domain. It shows one record, mostly a "
                f"CNAME. Add that {kept.at}, with the name {label}. If you do not need {host}, take it off the list on "
                "the page “Your addresses”.",
                minutes=15,
                who=kept.who,
            )
        case "tls":
            return Fix(
                "setting",
                f"At the service that runs {host}, open its page for domains and ask for a new certificate.",
                minutes=15,
                who=f"Whoever runs {label}",
                settings=(Setting("certificate.renew", "on"),),
            )
        case _:
            up = (Setting("site.api", "up"),) if label == "api" else ()
            return Fix(
                "setting" if up else "steps",
                f"Open the logs of the service that runs {host}, find why it {sub.said}, and restart it or go back to "
                f"the version before.",
                minutes=30,
                who=f"Whoever runs {label}",
                settings=up,
            )


def _kind(address: str) -> str:
    return "AAAA" if ":" in address else "A"
