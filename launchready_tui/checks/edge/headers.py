"""The four security headers of the home page, by the rules of MDN HTTP Observatory and Internet.nl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from launchready_tui.checks import check
from launchready_tui.checks.edge._words import HOST, no_home, no_page, shown, told, visited
from launchready_tui.csp import Policy, allows_anywhere, allows_inline, has, limits_frames, parse_csp
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, passed, warned
from launchready_tui.project import Project
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, Page, Web
from launchready_tui.text import listed

_SAFE_REFERRERS = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_REFERRERS = _SAFE_REFERRERS | {"no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "unsafe-url"}
_MISSING_FAIL = 3
_GOOD = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


@dataclass(frozen=True, slots=True)
class Belt:
    """One of the four. `fault` says what is wrong, "" where it is sound; `missing`: not there, or without effect."""

    name: str
    fault: str = ""
    missing: bool = False


@check(
    "edge.headers.security",
    severity=Severity.MEDIUM,
    title="The security headers are on",
    why="These headers are seat-belts: without them one bug becomes a break-in.",
    minutes=20,
)
async def headers_security(project: Project, web: Web) -> Finding:
    chain = await visited(project, web)
    return no_home() if chain is None else judge_headers(project, chain)


def judge_headers(project: Project, chain: Chain) -> Finding:
    page = shown(chain)
    if page is None:
        return no_page(project, chain)
    host = host_of(page.url)
    found = belts(page)
    names = {belt.name for belt in found if belt.fault}
    evidence = [*told(chain), *(_evidence(page, name) for name in _GOOD)]
    if not names:
        return passed(f"{host} sends all four security headers.", evidence=evidence, subject=host)
    missing = [belt.name for belt in found if belt.missing]
    faults = ". ".join(belt.fault for belt in found if belt.fault)
    if len(missing) >= _MISSING_FAIL:
        saw = f"{host} sends {'none' if len(missing) == 4 else 'only one'} of the four security headers. "
        saw += f"Missing: {listed(missing)}."
        return failed(saw, _fix(host, names), evidence=evidence, subject=host)
    return warned(f"{host}: {faults}.", _fix(host, names), evidence=evidence, subject=host)


def belts(page: Page) -> tuple[Belt, ...]:
    """The four, judged as a browser would take them from this page. Report-only policies protect nobody."""
    document = parse(page.text, page.url)
    metas = [content for name, content in document.metas if name == "content-security-policy"]
    policies = parse_csp(page.values("content-security-policy"), metas)
    return (_csp(page, policies), _sniffing(page), _framing(page, policies), _referrer(page, document))


def _csp(page: Page, policies: Sequence[Policy]) -> Belt:
    name = "Content-Security-Policy"
    if not policies:
        if page.values("content-security-policy-report-only"):
            return Belt(name, "its Content-Security-Policy only reports and protects nobody", missing=True)
        return Belt(name, "there is no Content-Security-Policy", missing=True)
    if not any(policy.scripts is not None for policy in policies):
        return Belt(name, "its Content-Security-Policy does not say where scripts may come from")
    if allows_inline(policies):
        return Belt(name, "its Content-Security-Policy lets any script in the page run (unsafe-inline)")
    if allows_anywhere(policies):
        return Belt(name, "its Content-Security-Policy lets scripts come from anywhere")
    return Belt(name)


def _sniffing(page: Page) -> Belt:
    """Fetch standard, "determine nosniff": the first value counts."""
    name = "X-Content-Type-Options"
    first = (page.header("x-content-type-options") or "").split(",")[0].strip().lower()
    return (
        Belt(name) if first == "nosniff" else Belt(name, "X-Content-Type-Options is not set to nosniff", missing=True)
    )


def _framing(page: Page, policies: Sequence[Policy]) -> Belt:
    """frame-ancestors takes the place of X-Frame-Options where both are there (CSP section 6.4.2.1)."""
    name = "X-Frame-Options"
    sent = (page.header("x-frame-options") or "").split(",")
    values = {value.strip().lower() for value in sent if value.strip()}
    sound = limits_frames(policies) if has(policies, "frame-ancestors") else values in ({"deny"}, {"sameorigin"})
    return Belt(name) if sound else Belt(name, "other sites may show it inside theirs (frame-ancestors)", missing=True)


def _referrer(page: Page, document: Document) -> Belt:
    """The last value that a browser knows counts (W3C Referrer Policy section 8.1)."""
    name = "Referrer-Policy"
    words = [word.strip().lower() for word in (page.header("referrer-policy") or "").split(",")]
    words += [document.meta("referrer").strip().lower()]
    known = [word for word in words if word in _REFERRERS]
    if not known:
        return Belt(name, "there is no Referrer-Policy", missing=True)
    if known[-1] not in _SAFE_REFERRERS:
        return Belt(name, f"its Referrer-Policy ({known[-1]}) tells other sites too much", missing=True)
    return Belt(name)


def _evidence(page: Page, name: str) -> Evidence:
    values = page.values(name)
    return Evidence(f"{name} of {page.url}", " | ".join(values) if values else "not there")


def _fix(host: str, names: set[str]) -> Fix:
    wanted = [f"{name}: {value}" for name, value in _GOOD.items() if name in names]
    careful = ""
    if "Content-Security-Policy" in names:
        careful = (
            "\nA Content-Security-Policy can block parts of your own page: send it as "
            "Content-Security-Policy-Report-Only first, add the hosts that your pages need, then switch it on."
        )
    return Fix(
        "setting",
        f"At your web host or CDN, or in your app, send with every page of {host}:\n" + "\n".join(wanted) + careful,
        minutes=20,
        who=HOST,
        settings=(Setting("headers.security", "on"),),
        copy="\n".join(wanted),
    )
