"""What the world is answered on the day of an export, written down as it is compared later."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from launchready_tui import known, limits
from launchready_tui.checks.deploy.login import way_in
from launchready_tui.checks.dns._made_up import stands
from launchready_tui.checks.dns._words import variants
from launchready_tui.checks.dns.paths import PROBE, PROBE_QUERY
from launchready_tui.drift.look import Key, Questions, Seen
from launchready_tui.handover.document import (
    Answered,
    Baseline,
    CertificateSeen,
    HeaderSeen,
    PageSeen,
    Records,
    WaySeen,
)
from launchready_tui.leaks import redact
from launchready_tui.project import Project
from launchready_tui.recordlist import APEX_TYPES
from launchready_tui.sources.dns import Answer, Fact, NoData, NxDomain, values
from launchready_tui.sources.html import parse
from launchready_tui.sources.tls import Handshake
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, Page
from launchready_tui.text import clean

HEADERS = (
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
)
PAGES = ("home", "login", "signup", "api")
_SHIELD_HEADERS = ("x-vercel-id", "x-served-by", "x-amz-cf-id", "cf-ray")
_NONCE = re.compile(r"'nonce-[^']*'")
_SAYS = 12  # words of a health page that are kept
_HEALTH_BYTES = 20_000  # a health page is short; what is longer is a page for people


# ---- what to ask ----
def questions_of(project: Project, records: Iterable[Records], texts: Iterable[str] = ()) -> Questions:
    """All that a handover of this project may state, the domain's own first. Of `texts` the alias is asked for too:
    what stands behind one is the service's, and may change with it."""
    domain = project.domain
    keys: dict[Key, None] = {(domain, type): None for type in APEX_TYPES}
    hosts = project.hosts[1:]
    keys |= {(host, type): None for host in hosts for type in ("CNAME", "A", "AAAA")}
    keys[f"_dmarc.{domain}", "TXT"] = None
    keys |= {(name.rstrip(".").lower(), type): None for name in texts for type in ("TXT", "CNAME")}
    for record in records:
        keys[record.name.rstrip(".").lower(), record.type] = None
    wanted = [key for key in keys if key[1] in {*APEX_TYPES, "SRV", "DS"}]
    pages = [url for kind in PAGES if (url := project.url(kind))]
    urls = [*_ways(project), *pages]
    return Questions(domain, tuple(wanted[: limits.VERIFY_SETS]), tuple(dict.fromkeys(urls)), _shaken(project, pages))


def _ways(project: Project) -> dict[str, str]:
    """Every address whose way is written down, with its kind."""
    out = dict.fromkeys(variants(project), "site")
    out |= {f"{url.rstrip('/')}{PROBE}?{PROBE_QUERY}": "link" for url in variants(project)}
    for host in project.hosts[2:]:
        out |= {f"{scheme}://{host}/": "subdomain" for scheme in ("https", "http")}
    out |= {f"https://{project.domain}{path}": "old" for path in project.old_paths}
    return dict(list(out.items())[: limits.VERIFY_WAYS])


def _shaken(project: Project, urls: Iterable[str]) -> tuple[str, ...]:
    hosts = [*project.hosts, *(host_of(url) for url in urls if urlsplit(url).scheme == "https")]
    own = [host for host in hosts if host == project.domain or host.endswith(f".{project.domain}")]
    return tuple(dict.fromkeys(own))[: limits.VERIFY_CERTIFICATES]


# ---- what was answered ----
def baseline(project: Project, seen: Seen, at: dt.datetime) -> Baseline:
    """What is stated. Where nobody answered, nothing is: what could not be told then cannot have changed."""
    ways = [way for url, kind in _ways(project).items() if (way := way_of(url, kind, seen.chains[url])) is not None]
    pages = [
        page
        for kind in PAGES
        if (url := project.url(kind)) and (page := page_of(kind, url, seen.chains[url])) is not None
    ]
    return Baseline(
        taken_at=at,
        name_servers=sorted(values(seen.delegation.parent)) if seen.delegation.zone == project.domain else [],
        serial=seen.serial,
        made_up_names=made_up_of(seen.made_up),
        answers=[each for key, answer in seen.sets.items() if (each := _answered(key, answer, seen)) is not None],
        ways=ways,
        certificates=[
            CertificateSeen(
                host=host,
                issuer=clean(shake.verdict.leaf.issuer, limit=200),
                organisation=clean(shake.verdict.leaf.issuer_organisation, limit=200),
                ends=shake.verdict.leaf.not_after,
                sha256=shake.verdict.leaf.sha256,
            )
            for host, shake in seen.shakes.items()
            if isinstance(shake, Handshake)
        ],
        headers=[each for page in pages[:1] for each in headers_of(page.url, seen.chains[page.url])],
        pages=pages,
        shields=dict(sorted(_shields(seen).items())),
    )


def _answered(key: Key, answer: Answer, seen: Seen) -> Answered | None:
    """An address behind an alias is the alias's record, not this name's: then it says nothing of this one."""
    if not isinstance(answer, Fact) or (key[1] != "CNAME" and answer.aliases):
        return None
    told = [clean(value, limit=4_000) for value in sorted(values(answer))]
    return Answered(name=key[0], type=key[1], values=told, ttl=seen.ttls.get(key))


def made_up_of(answers: tuple[Answer, ...]) -> str:
    """Do made-up names lead somewhere: "yes", "no", "" where that could not be told."""
    if answers and all(stands(answer) for answer in answers):
        return "yes"
    none = all(isinstance(answer, NoData | NxDomain) and not answer.aliases for answer in answers)
    return "no" if answers and none else ""


def way_of(url: str, kind: str, chain: Chain) -> WaySeen | None:
    first, last = chain.hops[0], chain.last
    if chain.end != "ok" or not isinstance(first, Page) or not isinstance(last, Page):
        return None
    return WaySeen(
        url=clean(url, limit=2_000),
        kind=kind,
        status=first.status,
        end=plain_url(last.url),
        end_status=last.status,
        hops=chain.redirects,
    )


def plain_url(url: str) -> str:
    """An address as it is written down: without a secret that a redirect may carry."""
    return clean(redact(url), limit=2_000).replace(" ", "%20")


def page_of(kind: str, url: str, chain: Chain) -> PageSeen | None:
    """What a page showed; None where no page was seen."""
    page = chain.last
    if chain.end != "ok" or not isinstance(page, Page):
        return None
    document = parse(page.text, page.url) if page.content_type in ("text/html", "application/xhtml+xml") else None
    return PageSeen(
        kind=kind,
        url=clean(url, limit=2_000),
        status=page.status,
        type=clean(page.content_type, limit=80),
        title=title_of(document.title if document else ""),
        sign_in=bool(kind == "login" and document is not None and way_in(document)),
        says=says_of(page) if kind == "api" else {},
    )


def title_of(text: str) -> str:
    """A title without the numbers in it: how many messages wait is no change."""
    return clean(" ".join(re.sub(r"\(?\d+\)?", "", text).split()), limit=200)


def says_of(page: Page) -> dict[str, str]:
    """What a health page says that stays the same from look to look: words and yes or no, never numbers or times."""
    if len(page.body) > _HEALTH_BYTES:
        return {}
    try:
        thing = json.loads(page.text)
    except (ValueError, RecursionError):
        text = " ".join(page.text.split())
        plain = page.content_type == "text/plain" and len(text) <= 80 and not any(char.isdigit() for char in text)
        return {"text": clean(text)} if plain and text else {}
    found: dict[str, str] = {}
    if isinstance(thing, dict):
        for name, value in list(thing.items())[:_SAYS]:
            told = str(value).lower() if isinstance(value, bool) else value
            if isinstance(told, str) and len(told) <= 40 and not any(char.isdigit() for char in told):
                found[clean(str(name), limit=60)] = clean(told, limit=60)
    return found


def headers_of(url: str, chain: Chain) -> list[HeaderSeen]:
    """The security headers that a page sends; what changes with every answer (a nonce) is taken out."""
    page = chain.last
    if not isinstance(page, Page):
        return []
    found = ((name, page.header(name)) for name in HEADERS)
    return [
        HeaderSeen(url=clean(url, limit=2_000), name=name, value=header_value(value)) for name, value in found if value
    ]


def header_value(value: str) -> str:
    return clean(_NONCE.sub("'nonce'", value), limit=4_000)


def _shields(seen: Seen) -> dict[str, str]:
    """Hosts that a content network answers for, with its name where we know it."""
    out: dict[str, str] = {}
    for chain in seen.chains.values():
        for hop in chain.hops:
            if not isinstance(hop, Page) or host_of(hop.url) in out:
                continue
            named = known.cdn(hop, [hop.address] if hop.address else [])
            if named or any(hop.header(name) for name in _SHIELD_HEADERS):
                out[host_of(hop.url)] = named or "a content network"
    return out


__all__ = ["HEADERS", "PAGES", "baseline", "headers_of", "page_of", "questions_of", "way_of"]
