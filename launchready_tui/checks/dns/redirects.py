"""Redirects: every address a visitor may type ends on one https host, in few steps.

Internet.nl "https-forced", MDN HTTP Observatory's grading of redirects, RFC 9110 section 15.4.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import (
    LOOK,
    canonical_host,
    evidence_of,
    follow_all,
    host_of,
    is_web_fact,
    variants,
)
from launchready_tui.model import Finding, Fix, Setting, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed, plural

_TEMPORARY = frozenset({302, 303, 307})
_WHO = "Whoever runs your web host"


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the variants end: pages by host for https and http, what breaks on the way, and what we could not see."""

    https: dict[str, list[Page]]
    http: list[Page]
    broken: list[str]
    unclear: list[str]


def ends_of(chains: dict[str, Chain]) -> Ends:
    https: dict[str, list[Page]] = {}
    http: list[Page] = []
    broken: list[str] = []
    unclear: list[str] = []
    for url, chain in chains.items():
        last = chain.last
        if chain.end in ("loop", "too-long", "bad-location"):
            broken.append(url)
        elif isinstance(last, NoPage):
            if not is_web_fact(last):
                unclear.append(f"{last.url} {last.say}")
        elif urlsplit(last.url).scheme == "http":
            http.append(last)
        else:
            https.setdefault(host_of(last.url), []).append(last)
    return Ends(https, http, broken, unclear)


@check(
    "dns.redirect.canonical",
    severity=Severity.HIGH,
    title="Every address leads to one site",
    why="Two addresses for one site split its logins, its cookies and its place in search results.",
    minutes=15,
)
async def redirect_canonical(project: Project, web: Web) -> Finding:
    chains, canonical = await asyncio.gather(follow_all(web, variants(project)), canonical_host(project, web))
    return judge_canonical(project, chains, canonical)


def judge_canonical(project: Project, chains: dict[str, Chain], canonical: str) -> Finding:
    domain, ends, evidence = project.domain, ends_of(chains), evidence_of(chains)
    serving = sorted(host for host, pages in ends.https.items() if any(200 <= page.status < 300 for page in pages))
    fix = one_host_fix(canonical, force=bool(ends.http))
    if len(serving) > 1:
        return failed(
            f"{listed(serving)} each show the site by themselves. There should be one, and the others lead to it.",
            fix,
            evidence=evidence,
            subject=domain,
            cause=f"canonical:{domain}",
        )
    open_http = sorted({page.url for page in ends.http if page.status < 400})
    if open_http:
        return failed(
            f"{listed(open_http)} shows the site over http, without protection. It should lead to https://{canonical}/.",
            fix,
            evidence=evidence,
            subject=domain,
            cause=f"http:{domain}",
        )
    if ends.broken:
        url = ends.broken[0]
        return failed(
            f"{url} leads nowhere: {_trouble(chains[url])}.",
            _loop_fix(chains[url], canonical),
            evidence=evidence,
            subject=domain,
            cause=f"canonical:{domain}",
        )
    if ends.unclear:
        return unknown(
            f"We could not tell where every address of {domain} ends: {listed(ends.unclear)}.",
            needs=LOOK,
            evidence=evidence,
            subject=domain,
        )
    stray = sorted({page.url for pages in ends.https.values() for page in pages} | {page.url for page in ends.http})
    if len(ends.https) > 1 or ends.http:
        return failed(
            f"The addresses of the site end in different places: {listed(stray)}. Not all of them show a page.",
            fix,
            evidence=evidence,
            subject=domain,
            cause=f"canonical:{domain}",
        )
    if not ends.https:
        return unknown(
            f"None of the addresses of {domain} shows a page yet, so we could not tell which one is the site.",
            needs="a site that answers",
            evidence=evidence,
            subject=domain,
        )
    host = next(iter(ends.https))
    silent = [f"{url} {chain.last.say}" for url, chain in chains.items() if isinstance(chain.last, NoPage)]
    rest = f" No page yet: {listed(silent)}." if silent else ""
    return passed(
        f"Every address that answers ends on https://{host}/.{rest}",
        evidence=evidence,
        subject=domain,
        facts=[("canonical host", host)],
    )


def one_host_fix(canonical: str, *, force: bool) -> Fix:
    """One host as the site's own, all else redirected to it for good; with `force` http to https as well."""
    also = " Switch on “force https” there too." if force else ""
    settings = [Setting("redirects.canonical", canonical.partition(":")[0])]
    if force:
        settings.append(Setting("https.redirect", "301"))
    return Fix(
        "setting",
        f"At your web host, open the page for domains. Make {canonical} the main one, and let every other address "
        f"redirect (301, permanent) to https://{canonical}/ with the path kept.{also}",
        minutes=15,
        who=_WHO,
        settings=tuple(settings),
        copy=f"https://{canonical}/",
    )


def _trouble(chain: Chain) -> str:
    if chain.end == "loop":
        return f"its redirects go in a circle over {listed(list(dict.fromkeys(chain.urls)), most=3)}"
    if chain.end == "too-long":
        return f"it redirects more than {limits.REDIRECTS} times"
    return f"{chain.last.url} redirects without a usable address"


def _loop_fix(chain: Chain, canonical: str) -> Fix:
    shielded = any(isinstance(hop, Page) and hop.header("cf-ray") for hop in chain.hops)
    first = (
        "At Cloudflare, open SSL/TLS and set the mode to “Full (strict)”: “Flexible” asks your server over http, "
        "and your server sends it back to https. Then look again. If it still turns in circles, go on: "
        if shielded
        else ""
    )
    return Fix(
        "steps",
        f"{first}Look at the redirect rules in both places that may hold some, your web host and whatever stands "
        f"before it. Keep one rule only: everything to https://{canonical}/.",
        minutes=20,
        who=_WHO,
        copy=f"https://{canonical}/",
    )


@check(
    "dns.redirect.hops",
    severity=Severity.MEDIUM,
    title="Redirects are short",
    why="Each step costs a phone on a train half a second. A circle of redirects is a blank page.",
    minutes=20,
)
async def redirect_hops(project: Project, web: Web) -> Finding:
    chains, canonical = await asyncio.gather(follow_all(web, variants(project)), canonical_host(project, web))
    return judge_hops(project, chains, canonical)


def judge_hops(project: Project, chains: dict[str, Chain], canonical: str) -> Finding:
    domain, evidence = project.domain, evidence_of(chains)
    broken = [url for url, chain in chains.items() if chain.end in ("loop", "too-long")]
    if broken:
        return failed(
            f"{broken[0]} never shows a page: {_trouble(chains[broken[0]])}.",
            _loop_fix(chains[broken[0]], canonical),
            evidence=evidence,
            subject=domain,
            severity=Severity.CRITICAL,
            cause=f"canonical:{domain}",
        )
    longest = max(chains, key=lambda url: chains[url].redirects)
    steps, way = chains[longest].redirects, " → ".join(chains[longest].urls)
    aim = f"(aim: {limits.REDIRECT_HOPS_SOUND} at most)"
    if steps > limits.REDIRECT_HOPS_SOUND:
        make = failed if steps >= limits.REDIRECT_HOPS_FAIL else warned
        return make(
            f"{longest} takes {plural(steps, 'redirect')} to the page {aim}: {way}.",
            _shorter(canonical),
            evidence=evidence,
            subject=domain,
        )
    twins = frozenset({domain, project.www})
    temporary = sorted({said for chain in chains.values() for said in _temporary(chain, twins)})
    if temporary:
        return warned(
            f"A redirect that is meant for good is marked as temporary: {listed(temporary, most=2)}. "
            "Search engines keep the old address.",
            _shorter(canonical),
            evidence=evidence,
            subject=domain,
        )
    unclear = ends_of(chains).unclear
    if unclear:
        return unknown(
            f"We could not follow every address of {domain} to its end: {listed(unclear)}.",
            needs=LOOK,
            evidence=evidence,
            subject=domain,
        )
    if not any(isinstance(chain.last, Page) for chain in chains.values()):
        return unknown(
            f"None of the addresses of {domain} shows a page yet, so there was nothing to follow.",
            needs="a site that answers",
            evidence=evidence,
            subject=domain,
        )
    return passed(
        f"From any address it takes {plural(steps, 'redirect')} at most to the page."
        if steps
        else f"No address of {domain} redirects.",
        evidence=evidence,
        subject=domain,
    )


def _temporary(chain: Chain, twins: frozenset[str]) -> list[str]:
    """Temporary redirects to https, or between apex and www. One within the host ("/" to "/en") may well be meant so,
    and so may one that leaves the site, for a sign-in service."""
    said: list[str] = []
    for hop in chain.hops:
        if isinstance(hop, Page) and hop.status in _TEMPORARY and hop.location:
            here, there = urlsplit(hop.url), urlsplit(hop.location)
            if (here.scheme, here.netloc) != (there.scheme, there.netloc) and host_of(hop.location) in twins:
                said.append(f"{hop.url} answers {hop.status}")
    return said


def _shorter(canonical: str) -> Fix:
    return Fix(
        "setting",
        f"At your web host, let every other address redirect straight to https://{canonical}/ in one step, with status "
        "301 (permanent): http and www both at once, not one after the other.",
        minutes=20,
        who=_WHO,
        settings=(Setting("redirects.canonical", canonical.partition(":")[0]), Setting("https.redirect", "301")),
        copy=f"https://{canonical}/",
    )
