"""Redirects keep the rest of the link: path and query arrive on the site's own host (RFC 9110 section 15.4)."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from launchready_tui.checks import check
from launchready_tui.checks.dns._words import (
    LOOK,
    canonical_host,
    follow_all,
    host_of,
    is_web_fact,
    variants,
    walked,
)
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed

PROBE = "/launchready-probe"
PROBE_QUERY = "x=1"


@check(
    "dns.redirect.path",
    severity=Severity.HIGH,
    title="Redirects keep the rest of the link",
    why="Where the rest is lost, every invite link that you ever sent lands on the front page.",
    minutes=15,
)
async def redirect_path(project: Project, web: Web) -> Finding:
    # The canonical variant is asked with the others, since theirs end there anyway, and left out of the verdict.
    probes = {f"{url.rstrip('/')}{PROBE}?{PROBE_QUERY}": url for url in variants(project)}
    chains, canonical = await asyncio.gather(follow_all(web, probes), canonical_host(project, web))
    others = {probe: chain for probe, chain in chains.items() if probes[probe] != f"https://{canonical}/"}
    old = await follow_all(web, [f"https://{canonical}{path}" for path in project.old_paths])
    return judge_path(project, others, canonical, old)


def judge_path(
    project: Project, chains: dict[str, Chain], canonical: str, old: dict[str, Chain] | None = None
) -> Finding:
    """`old` are the old addresses that the founder named: each leads to a page that is not the front page."""
    domain, old = project.domain, old or {}
    evidence = [
        Evidence(f"GET {url}", f"{walked(chain)} ({chain.last.url})") for url, chain in (*chains.items(), *old.items())
    ]
    sent_on = {url: chain for url, chain in chains.items() if chain.redirects}
    ended = {url: chain for url, chain in sent_on.items() if chain.end not in ("loop", "too-long")}
    dropped = next((url for url, chain in ended.items() if not kept(chain, canonical)), None)
    if dropped is not None:
        return failed(
            f"A link to {dropped} ends on {ended[dropped].last.url}: the rest of the link is lost.",
            Fix(
                "setting",
                "At your web host, open the redirect rules. Let each one carry the path and the query along: many "
                "hosts write it as “/*” to “/:splat”, others have a box “preserve path”.",
                minutes=15,
                who="Whoever runs your web host",
                settings=(Setting("redirects.path", "keep"),),
            ),
            evidence=evidence,
            subject=domain,
        )
    lost = next((url for url, chain in old.items() if _lost(url, chain)), None)
    if lost is not None:
        return failed(
            f"The old address {lost} {_lost(lost, old[lost])}, and you said that it must still lead somewhere.",
            Fix(
                "steps",
                f"At your web host, open the redirect rules. Add one from {urlsplit(lost).path} to the page that took "
                "its place, with status 301 (permanent).",
                minutes=15,
                who="Whoever runs your web host",
                copy=lost,
            ),
            evidence=evidence,
            subject=domain,
        )
    unclear = [
        f"{chain.last.url} {chain.last.say}"
        for chain in (*chains.values(), *old.values())
        if isinstance(chain.last, NoPage) and not is_web_fact(chain.last) and not chain.redirects
    ]
    unclear += [f"{url} goes in a circle" for url in sent_on if url not in ended]
    if unclear:
        return unknown(
            f"We could not tell whether every redirect of {domain} keeps the path: {listed(unclear)}.",
            needs=LOOK,
            evidence=evidence,
            subject=domain,
        )
    if not sent_on:
        return info(
            f"No other address of {domain} redirects, so there is no path to keep.", evidence=evidence, subject=domain
        )
    return passed(
        f"Path and query are kept from {listed(list(dict.fromkeys(host_of(url) for url in sent_on)))}.",
        evidence=evidence,
        subject=domain,
    )


def _lost(url: str, chain: Chain) -> str:
    """How an old address is lost, as a clause; "" where it leads to a page, or where we could not tell."""
    last = chain.last
    if not isinstance(last, Page):
        return ""
    if last.status in (404, 410):
        return f"answers {last.status}"
    front = chain.redirects > 0 and chain.end == "ok" and urlsplit(last.url).path in ("", "/")
    return "ends on the front page" if front and last.url != url else ""


def kept(chain: Chain, canonical: str) -> bool:
    """True when the first address on the site's own host (else on the last one) still has the probe's path and query.

    Where the site itself sends the visitor after that, a login page for one, is no loss of the redirect.
    """
    arrived = [url for url in chain.urls[1:] if url.startswith(f"https://{canonical}/")]
    if not arrived:
        end = (urlsplit(chain.last.url).scheme, urlsplit(chain.last.url).netloc)
        arrived = [url for url in chain.urls[1:] if (urlsplit(url).scheme, urlsplit(url).netloc) == end]
    if not arrived:
        return chain.end == "bad-location"  # it redirects to nowhere: `redirect.canonical` says so
    parts = urlsplit(arrived[0])
    return parts.path.rstrip("/") == PROBE and PROBE_QUERY in parts.query.split("&")
