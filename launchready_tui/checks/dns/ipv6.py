"""IPv6: where the domain has an address of that kind, the same site answers there (Internet.nl, IPv6 similarity)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from launchready_tui import known, limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._places import Shape, shape, told
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dial import NO_WAY
from launchready_tui.sources.dns import Answer, Dns, Fact, is_fact, tell, values
from launchready_tui.sources.web import NoPage, Page, Reply, Web
from launchready_tui.text import listed
from launchready_tui.zone import is_part

State = Literal["sound", "fails", "differs", "ours", "unclear"]


@dataclass(frozen=True, slots=True)
class Six:
    """One IPv6 address of a host, judged. `said` reads on after it."""

    host: str
    address: str
    state: State
    said: str
    evidence: tuple[Evidence, ...] = ()
    own: bool = True  # the record is the host's own, not an alias's or a shield's


def judge_six(host: str, address: str, six: Reply, four: Reply | None, *, met: bool, own: bool = True) -> Six:
    """Judge one address by what it answers and what an IPv4 address of the same host does (None where there is none).

    `met` says that this machine met somebody else over IPv6 in this look, so that silence is this address's.
    """
    lines = [Evidence(f"https://{host}/ at {address}", told(six))]
    if four is not None:
        lines.append(Evidence(f"https://{host}/ over IPv4", told(four)))
    evidence = tuple(lines)

    def found(state: State, said: str) -> Six:
        return Six(host, address, state, said, evidence, own)

    if isinstance(six, NoPage):
        if six.kind == "broken" and six.say == NO_WAY:
            return found("ours", six.say)
        if six.kind == "refused" or (six.kind == "timeout" and met):
            if isinstance(four, NoPage) and four.kind in ("refused", "timeout"):
                return found("unclear", f"{six.say}, and neither does IPv4 work")
            return found("fails", six.say)
        if six.kind == "tls":
            same = isinstance(four, NoPage) and four.kind == "tls" and four.reason == six.reason
            return found("sound", "fails as over IPv4") if same else found("fails", told(six))
        if six.kind == "policy" and not is_public(address):
            return found("fails", "only works inside a private network")
        return found("unclear", six.say)
    if four is None or (isinstance(four, Page) and ":" in four.address):
        return found("sound", "answers")
    if isinstance(four, NoPage):
        return found("unclear", f"answers, and over IPv4 the host {four.say}, so we could not compare")
    here, there = shape(six), shape(four)
    if _alike(here, there):
        return found("sound", "answers as IPv4 does")
    unseen = "unclear" in (here.kind, there.kind)  # a shield may turn one of us away
    return found("unclear" if unseen else "differs", _difference(here, there))


def _alike(one: Shape, other: Shape) -> bool:
    return (one.kind, one.status, one.to, one.title) == (other.kind, other.status, other.to, other.title)


def _difference(six: Shape, four: Shape) -> str:
    if (six.status, six.to) != (four.status, four.to):
        return f"answers {six.words}, and IPv4 {four.words}"
    return f"shows “{six.title}”, and IPv4 “{four.title}”"


@check(
    "dns.ipv6.works",
    severity=Severity.MEDIUM,
    title="IPv6 works where it is on",
    why="People on modern mobile networks come over IPv6. They wait, or see an error.",
    minutes=15,
)
async def ipv6_works(project: Project, dns: Dns, web: Web) -> Finding:
    hosts = (project.domain,) if is_part(project.domain) else (project.domain, project.www)
    answers = dict(zip(hosts, await asyncio.gather(*(dns.ask(host, "AAAA") for host in hosts)), strict=True))
    looked = await asyncio.gather(*(_look(host, answers[host], dns, web) for host in hosts))
    # Whether anybody was met over IPv6 is known when all have answered or fallen silent.
    sixes = [
        judge_six(host, address, six, four, met=bool(web.met_ipv6 - {address}), own=own)
        for host, address, six, four, own in (each for some in looked for each in some)
    ]
    return judge(project, answers, sixes, await keeper(project, dns))


async def _look(host: str, answer: Answer, dns: Dns, web: Web) -> list[tuple[str, str, Reply, Reply | None, bool]]:
    addresses = values(answer)[: limits.DIAL_ADDRESSES]
    if not addresses:
        return []
    url = f"https://{host}/"
    four, *sixes = await asyncio.gather(
        _over_ipv4(host, dns, web, url), *(web.get_at(url, address) for address in addresses)
    )
    own = not (isinstance(answer, Fact) and answer.aliases) and known.cdn(None, addresses) != "Cloudflare"
    return [(host, address, six, four, own) for address, six in zip(addresses, sixes, strict=True) if six is not None]


async def _over_ipv4(host: str, dns: Dns, web: Web, url: str) -> Reply | None:
    """The host as most see it: web.get goes to IPv4 first, and is asked by others anyway."""
    return await web.get(url) if values(await dns.ask(host, "A")) else None


def judge(project: Project, answers: dict[str, Answer], sixes: list[Six], kept: Keeper) -> Finding:
    evidence = [Evidence(f"AAAA {host}", tell(answer)) for host, answer in answers.items()]
    evidence += [line for six in sixes for line in six.evidence]
    domain = project.domain
    bad = [six for six in sixes if six.state in ("fails", "differs")]
    if bad:
        said = listed([f"{six.host} at {six.address} {six.said}" for six in bad])
        return failed(f"{said}.", _fix(bad, sixes, kept), evidence=evidence, subject=bad[0].host)
    unclear = [six for six in sixes if six.state == "unclear"]
    if unclear:
        said = listed([f"{six.host} at {six.address} {six.said}" for six in unclear])
        return unknown(f"We could not tell: {said}.", needs=LOOK, evidence=evidence, subject=unclear[0].host)
    ours = [six for six in sixes if six.state == "ours"]
    if ours:
        return unknown(
            f"{ours[0].host} has the IPv6 address {ours[0].address}. This machine has no IPv6, so we could not try it.",
            needs="a look from a machine or a network with IPv6",
            evidence=evidence,
            subject=ours[0].host,
        )
    silent = [host for host, answer in answers.items() if not is_fact(answer)]
    if silent:
        return unknown(
            f"We could not tell whether {listed(silent)} has an IPv6 address: {tell(answers[silent[0]])}.",
            needs=LOOK,
            evidence=evidence,
            subject=silent[0],
        )
    if not sixes:
        return info(
            f"{listed(list(answers))} {'has' if len(answers) == 1 else 'have'} no IPv6 address (AAAA). Visitors come "
            "over IPv4, which is fine.",
            evidence=evidence,
            subject=domain,
        )
    return passed(
        f"Over IPv6 the same site answers: {listed([f'{six.host} at {six.address}' for six in sixes])}.",
        evidence=evidence,
        subject=domain,
    )


def _fix(bad: list[Six], sixes: list[Six], kept: Keeper) -> Fix:
    """Take away the addresses that do not work, where the record is the host's own."""
    own = list(dict.fromkeys(six.host for six in bad if six.own))
    addresses = {host: [six.address for six in bad if six.host == host] for host in own}
    steps = [f"delete the AAAA record of {host} with {listed(addresses[host])}" for host in own]
    if not steps:
        return Fix(
            "steps",
            f"{_whose(bad[0])}. Tell them that {bad[0].address} does not answer as IPv4 does, or switch IPv6 off on "
            "their page for the domain.",
            minutes=15,
            who="Whoever runs your web host",
        )
    return Fix(
        "records",
        f"If your web host gave you no IPv6 address, {listed(steps)} {kept.at}: visitors then come over IPv4. "
        "If it did, put the address that its page for domains shows there instead.",
        minutes=15,
        who=kept.who,
        records=tuple(
            RecordSet(
                host,
                "AAAA",
                tuple(six.address for six in sixes if six.host == host and six.address not in addresses[host]),
            )
            for host in own
        ),
    )


def _whose(six: Six) -> str:
    """Who gave a host an address that its own records do not hold: a shield, or the keeper of the alias."""
    if shield := known.cdn(None, (six.address,)):
        return f"{six.host} has its IPv6 address from {shield}, which stands before it"
    return f"{six.host} is an alias, so its IPv6 address is your web host's"
