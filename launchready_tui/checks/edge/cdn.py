"""A content network or a platform stands between visitors and the server, so that one attack does not take it down."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from launchready_tui import known
from launchready_tui.checks import check
from launchready_tui.checks.edge._words import LOOK, told
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Found, NoData, NxDomain, tell, values
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, NoPage, Page, Reply, Web
from launchready_tui.text import listed

# Hosts that rent out single servers, plain storage or a balancer: nothing of theirs stands before the app.
_NO_SHIELD = frozenset({"Hetzner", "Amazon S3", "AWS Elastic Load Balancing"})
# Headers by which a platform's own network shows that it answered (catalogue).
_EDGE_HEADERS = ("x-vercel-id", "x-served-by", "x-amz-cf-id", "cf-ray")


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before one host. `by` names it; "direct" is a server without anything before it."""

    host: str
    kind: Literal["cdn", "platform", "direct", "several", "silent", "absent", "elsewhere"]
    by: str
    api: bool
    evidence: tuple[Evidence, ...]


@check(
    "edge.cdn.proxied",
    severity=Severity.HIGH,
    title="A shield stands before the server",
    why="Without a shield, one cheap attack takes your only server down.",
    minutes=60,
)
async def cdn_proxied(project: Project, dns: Dns, web: Web) -> Finding:
    asked: dict[str, bool] = {}
    for kind in ("home", "login", "signup", "api"):
        url = project.url(kind)
        if url:
            asked.setdefault(url, kind == "api")
    for url in (f"https://{project.domain}/", f"https://{project.www}/"):
        asked.setdefault(url, False)
    return judge_proxied(project, await asyncio.gather(*(_front(project, dns, web, url, asked[url]) for url in asked)))


async def _front(project: Project, dns: Dns, web: Web, url: str, api: bool) -> Front:
    chain = await web.follow(url)
    host = host_of(_end(project, chain).url)
    return front(project, chain, await dns.ask(host, "A") if host else None, api=api)


def _ours(project: Project, host: str) -> bool:
    return host == project.domain or host.endswith(f".{project.domain}")


def _end(project: Project, chain: Chain) -> Reply:
    """The last hop of a chain; where that is at another's host (a sign-in service), the last page of our own."""
    own = [hop for hop in chain.hops if isinstance(hop, Page) and _ours(project, host_of(hop.url))]
    return own[-1] if own and not _ours(project, host_of(chain.last.url)) else chain.last


def front(project: Project, chain: Chain, answer: Answer | None, *, api: bool = False) -> Front:
    """What the last hop of a chain on our own hosts, and the DNS of its host, show."""
    last = _end(project, chain)
    host = host_of(last.url)
    evidence = (*told(chain), *((Evidence(f"A {host}", tell(answer)),) if answer is not None else ()))
    if isinstance(last, NoPage):
        if last.kind == "shield":
            return Front(host, "cdn", last.reason, api, evidence)
        kind: Literal["absent", "silent"] = "absent" if last.fact or last.kind in ("refused", "tls") else "silent"
        return Front(host, kind, last.say, api, evidence)
    if chain.end not in ("ok", "no-answer"):
        return Front(host, "absent", "redirects in a way that leads to no page", api, evidence)
    if not _ours(project, host):
        return Front(host, "elsewhere", "", api, evidence)
    aliases = answer.aliases if isinstance(answer, Found | NoData | NxDomain) else ()
    addresses = tuple(dict.fromkeys((*values(answer), last.address))) if answer is not None else (last.address,)
    addresses = tuple(address for address in addresses if address)
    network, platform = known.cdn(last, addresses, aliases), known.web_host(last, aliases, addresses)
    if network or any(last.values(name) for name in _EDGE_HEADERS):
        return Front(host, "cdn", network or platform or "a content network", api, evidence)
    if platform and platform not in _NO_SHIELD:
        return Front(host, "platform", platform, api, evidence)
    shown = [address for address in addresses if ":" not in address] or list(addresses)
    return Front(host, "several" if len(shown) > 1 else "direct", listed(shown), api, evidence)


def judge_proxied(project: Project, fronts: list[Front] | tuple[Front, ...]) -> Finding:
    seen: dict[str, Front] = {}
    for each in fronts:  # a host that serves pages is judged as one, whatever else it serves
        if each.host not in seen or (seen[each.host].api and not each.api):
            seen[each.host] = each
    evidence = [line for each in seen.values() for line in each.evidence]
    here = list(seen.values())
    direct = [each for each in here if each.kind == "direct" and not each.api]
    if direct:
        first = direct[0]
        names = listed([each.host for each in direct])
        verb = "answers" if len(direct) == 1 else "answer"
        saw = f"{names} {verb} straight from a single server" + (f" ({first.by})" if first.by else "")
        saw += ", with no content network or shield before it that we know."
        return failed(saw, _fix(project, names), evidence=evidence, subject=first.host)
    several = [each for each in here if each.kind == "several" and not each.api]
    if several:
        return unknown(
            f"{several[0].host} answers from several addresses ({several[0].by}). We could not tell whether a shield "
            "stands there.",
            needs="a look at your web host's page: does it name a CDN or a DDoS shield?",
            evidence=evidence,
            subject=several[0].host,
        )
    silent = [each for each in here if each.kind == "silent"]
    if silent:
        said = listed([f"{each.host} {each.by}" for each in silent], most=3)
        return unknown(f"We could not tell: {said}.", needs=LOOK, evidence=evidence, subject=silent[0].host)
    pages = [each for each in here if each.kind in ("cdn", "platform") and not each.api]
    if not pages:
        return unknown(
            f"No public page of {project.domain} answered, so we could not see what stands before it.",
            needs="a home page that answers",
            evidence=evidence,
            subject=project.domain,
        )
    bare = [each for each in here if each.api and each.kind in ("direct", "several")]
    if bare:
        saw = (
            f"Your pages stand behind {listed(_names(pages))}, but the API at {bare[0].host} answers straight from its "
        )
        saw += f"server ({bare[0].by})."
        return warned(saw, _fix(project, bare[0].host), evidence=evidence, subject=bare[0].host)
    platforms = [each for each in pages if each.kind == "platform"]
    if platforms:
        who = listed(_names(platforms))
        saw = f"{who} hosts {listed([each.host for each in platforms])} and brings its own network in front."
        return info(saw, evidence=evidence, subject=platforms[0].host, facts=[("shield", who)])
    who = listed(_names(pages))
    saw = f"{listed([each.host for each in pages])} {'stands' if len(pages) == 1 else 'stand'} behind {who}."
    return passed(saw, evidence=evidence, subject=pages[0].host, facts=[("shield", who)])


def _names(fronts: list[Front]) -> list[str]:
    return list(dict.fromkeys(each.by for each in fronts))


def _fix(project: Project, names: str) -> Fix:
    return Fix(
        "setting",
        f"Put a content network before {names}. With Cloudflare (the free plan is enough): add {project.domain} there, "
        "check the records that it copies, set the cloud to orange for these names, choose the SSL mode “Full "
        "(strict)”, and change the name servers at your registrar. Many web hosts have a CDN switch of their own.",
        minutes=60,
        who="Whoever can change the DNS records",
        settings=(Setting("cdn.proxy", "on"),),
    )
