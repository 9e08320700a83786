"""http leads to https, and browsers are told to stay there (RFC 6797; Internet.nl's https tests).

A browser learns HSTS only from the very host that it asked, so the first step must be https on the same host.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.edge._words import HOST, LOOK, no_home, no_page, shown, told, visited
from launchready_tui.hsts import Hsts, parse_hsts
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.urls import BadUrl, host_of, normal
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed, plural

State = Literal["sound", "late", "open", "unclear", "absent"]
_FOREVER = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Opening:
    """How one host answers over http: its state, and a clause about it."""

    host: str
    state: State
    said: str
    chain: Chain


def hosts(project: Project) -> tuple[str, ...]:
    """Every host of ours that a browser may ask over http: the declared ones, and those of the given addresses."""
    found = list(project.hosts)
    for url in project.urls.values():
        try:
            host = host_of(normal(url)) if url else ""
        except BadUrl:
            continue
        if host == project.domain or host.endswith(f".{project.domain}"):
            found.append(host)
    return tuple(dict.fromkeys(found))


@check(
    "edge.https.forced",
    severity=Severity.HIGH,
    title="http leads to https",
    why="Without it, passwords can travel unprotected on café wifi.",
    minutes=10,
)
async def https_forced(project: Project, web: Web) -> Finding:
    names = hosts(project)
    chains = await asyncio.gather(*(web.follow(f"http://{host}/") for host in names))
    return judge_forced(project, [opening(host, chain) for host, chain in zip(names, chains, strict=True)])


def opening(host: str, chain: Chain) -> Opening:
    """What the first steps of a visit over http come to."""
    first, last = chain.hops[0], chain.last
    if isinstance(first, NoPage):
        if first.kind == "refused":
            return Opening(host, "sound", "does not answer over http at all", chain)
        if first.kind == "no-address" and first.fact:
            return Opening(host, "absent", first.say, chain)
        return Opening(host, "unclear", first.say, chain)
    if isinstance(last, Page) and urlsplit(last.url).scheme == "http" and 200 <= last.status < 300:
        return Opening(host, "open", f"shows {last.url} over http, unprotected", chain)
    if not first.is_redirect:
        return Opening(host, "late", f"answers {first.status} over http and does not lead to https", chain)
    to = first.location
    if to is None:
        return Opening(host, "late", "redirects from http to an address that leads nowhere", chain)
    if host_of(to) != host:
        return Opening(host, "late", f"leads from http straight to another host, {host_of(to)}", chain)
    if urlsplit(to).scheme != "https":
        if isinstance(last, NoPage) and not last.fact:
            return Opening(host, "unclear", f"leads to {last.url}, which {last.say}", chain)
        return Opening(host, "late", f"leads to {to} first, still over http", chain)
    if first.status not in _FOREVER:
        return Opening(host, "late", f"leads to https for now only ({first.status}, not 301)", chain)
    return Opening(host, "sound", "leads to https", chain)


def judge_forced(project: Project, seen: list[Opening]) -> Finding:
    evidence = [line for each in seen for line in told(each.chain)]
    by: dict[State, list[Opening]] = {}
    for each in seen:
        by.setdefault(each.state, []).append(each)
    subject, cause = project.domain, f"http:{project.domain}"
    if "open" in by:
        names = [each.host for each in by["open"]]
        if len(names) == 1:
            saw = f"{names[0]} {by['open'][0].said}."
        else:
            saw = f"{listed(names)} show their pages over http, unprotected."
        return failed(saw, forced_fix(names), evidence=evidence, subject=subject, cause=cause)
    if "unclear" in by:
        said = listed([f"{each.host} {each.said}" for each in by["unclear"]], most=3)
        return unknown(f"We could not tell: {said}.", needs=LOOK, evidence=evidence, subject=subject)
    if "late" in by:
        said = listed([f"{each.host} {each.said}" for each in by["late"]], most=3)
        names = [each.host for each in by["late"]]
        return warned(f"{said}.", forced_fix(names), evidence=evidence, subject=subject, cause=cause)
    if "sound" not in by:
        return unknown(
            f"No host of {project.domain} has an address yet, so there was nothing to ask over http.",
            needs="a host that answers",
            evidence=evidence,
            subject=subject,
        )
    leading = [each.host for each in by["sound"] if isinstance(each.chain.hops[0], Page)]
    closed = [each.host for each in by["sound"] if each.host not in leading]
    words = (
        [f"{listed(leading)} {'leads' if len(leading) == 1 else 'lead'} from http to https first"] if leading else []
    )
    words += [f"{listed(closed)} {'does' if len(closed) == 1 else 'do'} not answer over http"] if closed else []
    return passed("; ".join(words) + ".", evidence=evidence, subject=subject)


def forced_fix(names: list[str]) -> Fix:
    return Fix(
        "setting",
        f"At your web host or CDN, switch on “force https” (Cloudflare: “Always Use HTTPS”) for {listed(names)}. On a "
        "server of your own, let port 80 answer every address with a 301 to the same address with https.",
        minutes=10,
        who=HOST,
        settings=(Setting("https.redirect", "301"),),
    )


@check(
    "edge.https.hsts",
    severity=Severity.MEDIUM,
    title="Browsers stay on https",
    why="Without it, a returning visitor can still be tricked onto the insecure page.",
    minutes=10,
)
async def https_hsts(project: Project, web: Web) -> Finding:
    chain = await visited(project, web)
    return no_home() if chain is None else judge_hsts(project, chain)


def judge_hsts(project: Project, chain: Chain) -> Finding:
    page = shown(chain)
    if page is None:
        return no_page(project, chain)
    host = host_of(page.url)
    if urlsplit(page.url).scheme != "https":
        return failed(
            f"The home page of {host} is shown over http, where browsers take no such promise.",
            forced_fix([host]),
            evidence=told(chain),
            subject=host,
            cause=f"http:{project.domain}",
        )
    values = page.values("strict-transport-security")
    evidence = [*told(chain), Evidence(f"strict-transport-security of {page.url}", "; ".join(values) or "not there")]
    hsts = parse_hsts(values)
    if hsts is None:
        saw = f"{host} does not tell browsers to stay on https (there is no Strict-Transport-Security header)."
        return failed(saw, _hsts_fix(host), evidence=evidence, subject=host)
    if not hsts.valid:
        saw = f"{host} tells browsers to stay on https in a way that they do not understand, so they drop it."
        return failed(saw, _hsts_fix(host), evidence=evidence, subject=host)
    if hsts.max_age == 0:
        saw = f"{host} tells browsers to forget about staying on https (max-age=0)."
        return failed(saw, _hsts_fix(host), evidence=evidence, subject=host)
    length = _length(hsts)
    if hsts.max_age < limits.HSTS_SOUND:
        saw = f"{host} tells browsers to stay on https for {length}. The aim is a year."
        return warned(saw, _longer_fix(host, hsts), evidence=evidence, subject=host)
    if hsts.preload and project.subs is None:
        saw = (
            f"{host} asks for the browsers' built-in list (preload), and you have not told us which subdomains you use."
        )
        return warned(saw, _preload_fix(project), evidence=evidence, subject=host)
    return passed(f"{host} tells browsers to stay on https for {length}.", evidence=evidence, subject=host)


def _length(hsts: Hsts) -> str:
    for seconds, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if hsts.max_age >= seconds:
            return plural(hsts.max_age // seconds, unit)
    return plural(hsts.max_age, "second")


def _hsts_fix(host: str) -> Fix:
    return Fix(
        "setting",
        f"At your web host or CDN, switch on HSTS for {host}, or send this header with every https answer: "
        f"Strict-Transport-Security: max-age={limits.HSTS_SOUND}. To be careful, start with "
        f"max-age={limits.HSTS_RAMP} and raise it after a day without trouble. Leave “preload” off.",
        minutes=10,
        who=HOST,
        settings=(Setting("https.hsts", f"max-age={limits.HSTS_SOUND}"),),
        copy=f"Strict-Transport-Security: max-age={limits.HSTS_SOUND}",
    )


def _longer_fix(host: str, hsts: Hsts) -> Fix:
    value = f"max-age={limits.HSTS_SOUND}" + ("; includeSubDomains" if hsts.include_subdomains else "")
    return Fix(
        "setting",
        f"When https has run without trouble, raise the value at your web host or CDN for {host} to {value}.",
        minutes=5,
        who=HOST,
        settings=(Setting("https.hsts", value),),
        copy=f"Strict-Transport-Security: {value}",
    )


def _preload_fix(project: Project) -> Fix:
    return Fix(
        "steps",
        f"The list binds every subdomain of {project.domain} to https, and leaving it takes months. Tell us your "
        "subdomains on the page “Your addresses”, and see that each has https. Otherwise take “preload” out of the "
        "header at your web host or CDN.",
        minutes=10,
        who=HOST,
    )
