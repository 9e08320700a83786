"""Certificates: every host of the site has one that browsers trust, and it is renewed in time.

RFC 5280 and RFC 9525 for what makes one valid. Lifetimes get shorter (90, 64, 45 days), so what is left is judged by
its share of the lifetime and not by fixed days.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.edge._words import HOST, LOOK
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, passed, unknown, warned
from launchready_tui.project import Clock, Project
from launchready_tui.sources.tls import Fault, Handshake, NoHandshake, Tls
from launchready_tui.sources.urls import BadUrl, normal, origin
from launchready_tui.sources.web import Web
from launchready_tui.text import day, listed, plural

Look = Handshake | NoHandshake
_DAY = dt.timedelta(days=1)


async def looks(project: Project, web: Web, tls: Tls) -> list[Look]:
    """One look at every declared host and every host that redirects on the way to the home page."""

    async def looked(places: Iterable[tuple[str, int]]) -> list[Look]:
        return await asyncio.gather(*(tls.look(host, port) for host, port in places))

    asked = (f"{scheme}://{host}/" for host in (project.domain, project.www) for scheme in ("https", "http"))
    known = [*((host, 443) for host in project.hosts), *_places(url for url in project.urls.values() if url)]
    # What is known beforehand is looked at beside the redirects, whose hosts come after.
    chains, _ = await asyncio.gather(asyncio.gather(*(web.follow(url) for url in asked)), looked(dict.fromkeys(known)))
    hops = _places(hop.url for chain in chains for hop in chain.hops)
    return await looked(dict.fromkeys((*known, *hops)))


def _places(urls: Iterable[str]) -> list[tuple[str, int]]:
    """Host and port of each address that is https."""
    found: list[tuple[str, int]] = []
    for url in urls:
        try:
            scheme, host, port = origin(normal(url))
        except BadUrl:
            continue
        if scheme == "https":
            found.append((host, port))
    return found


@check(
    "edge.tls.valid",
    severity=Severity.CRITICAL,
    title="Browsers trust the certificates",
    why="With a bad certificate browsers show a full-page warning instead of your site.",
    minutes=20,
)
async def tls_valid(project: Project, web: Web, tls: Tls, clock: Clock) -> Finding:
    return judge_valid(project, await looks(project, web, tls), clock.now())


def judge_valid(project: Project, seen: Sequence[Look], now: dt.datetime) -> Finding:
    evidence = [_evidence(look) for look in seen]
    bad = sorted((look for look in seen if _is_bad(project, look)), key=_rank)
    if bad:
        worst = bad[0]
        others = [look.host for look in bad[1:]]
        also = f" There is a fault at {listed(others)} too." if others else ""
        return failed(
            _says(worst, now) + also,
            _repair(worst),
            evidence=evidence,
            subject=worst.host,
            cause=f"{'site-down' if _is_down(worst) else 'certificate'}:{worst.host}",
        )
    unclear = _unclear(seen)
    if unclear is not None:
        return unclear
    sound = list(dict.fromkeys(look.host for look in seen if isinstance(look, Handshake)))
    if not sound:
        return _none(project, evidence)
    return passed(
        f"Browsers trust {'the certificate' if len(sound) == 1 else 'the certificates'} of {listed(sound)}.",
        evidence=evidence,
        subject=project.domain,
    )


@check(
    "edge.tls.expiry",
    severity=Severity.HIGH,
    title="The certificates are renewed in time",
    why="A certificate near its end means that auto-renewal has stopped; the warning page is days away.",
    minutes=20,
)
async def tls_expiry(project: Project, web: Web, tls: Tls, clock: Clock) -> Finding:
    return judge_expiry(project, await looks(project, web, tls), clock.now())


def judge_expiry(project: Project, seen: Sequence[Look], now: dt.datetime) -> Finding:
    evidence = [_evidence(look) for look in seen]
    shaken = [look for look in seen if isinstance(look, Handshake)]
    if not shaken:
        return _unclear(seen) or _none(project, evidence)
    worst = min(shaken, key=lambda look: (-_level(look, now), look.verdict.leaf.not_after))
    level, leaf = _level(worst, now), worst.verdict.leaf
    left = leaf.not_after - now
    until = f"({day(leaf.not_after)})"
    late = [look.host for look in shaken if look is not worst and _level(look, now)]
    also = f" {listed(late)} {'is' if len(late) == 1 else 'are'} late as well." if late else ""
    facts = [("not after", leaf.not_after.date().isoformat())]
    whole = plural(round((leaf.not_after - leaf.not_before) / _DAY), "day")
    if left < dt.timedelta(0):
        saw = f"The certificate of {worst.host} expired {_length(-left)} ago {until}.{also}"
    elif level:
        saw = f"The certificate of {worst.host} expires in {_length(left)} {until}, of {whole} in all."
        saw += f" By now a new one should be in place.{also}"
    else:
        unclear = _unclear(seen)
        if unclear is not None:
            return unclear
        saw = f"The certificate of {worst.host} is good for {_length(left)} more {until}, of {whole} in all."
        return passed(saw, evidence=evidence, subject=worst.host, facts=facts)
    fix, cause = _renewal(worst.host), f"certificate:{worst.host}"
    if level == 1:
        return warned(saw, fix, evidence=evidence, subject=worst.host, cause=cause, facts=facts)
    severity = Severity.CRITICAL if left < dt.timedelta(0) else None
    return failed(saw, fix, evidence=evidence, subject=worst.host, severity=severity, cause=cause, facts=facts)


def _level(look: Handshake, now: dt.datetime) -> int:
    """0 in time, 1 late, 2 too late, 3 expired."""
    leaf = look.verdict.leaf
    left, whole = leaf.not_after - now, leaf.not_after - leaf.not_before
    if left < dt.timedelta(0):
        return 3
    short = whole <= dt.timedelta(days=limits.CERT_SHORT_LIVED_DAYS)
    least = dt.timedelta(hours=limits.CERT_SHORT_HOURS_FAIL if short else limits.CERT_HOURS_FAIL)
    if left < whole * limits.CERT_SHARE_FAIL or left < least:
        return 2
    return 1 if left < whole * limits.CERT_SHARE_SOUND else 0


def _length(span: dt.timedelta) -> str:
    return plural(span // _DAY, "day") if span >= 3 * _DAY else plural(span // dt.timedelta(hours=1), "hour")


# ---- what is told ----

_FAULTS: tuple[Fault, ...] = (
    "expired",
    "not-yet-valid",
    "name-mismatch",
    "self-signed",
    "untrusted",
    "incomplete-chain",
    "weak-signature",
    "weak-key",
)


def _rank(look: Look) -> int:
    if isinstance(look, Handshake):
        return _FAULTS.index(_first(look))
    return len(_FAULTS) + _is_down(look)


def _first(look: Handshake) -> Fault:
    """The fault that a visitor would meet first."""
    return min(look.verdict.faults, key=_FAULTS.index)


def _is_down(look: Look) -> bool:
    return isinstance(look, NoHandshake) and look.kind == "refused"


def _is_bad(project: Project, look: Look) -> bool:
    """Only what was seen. That nothing listens for https is a fault of the apex and of www: browsers ask there."""
    if isinstance(look, Handshake):
        return bool(look.verdict.faults)
    return look.kind == "tls" or (_is_down(look) and look.host in (project.domain, project.www))


def _unclear(seen: Iterable[Look]) -> Finding | None:
    silent = [look for look in seen if isinstance(look, NoHandshake) and not _is_fact(look)]
    if not silent:
        return None
    said = listed([f"{look.host} {look.say}" for look in silent], most=3)
    return unknown(
        f"We could not tell: {said}.",
        needs=LOOK,
        evidence=[_evidence(look) for look in seen],
        subject=silent[0].host,
    )


def _is_fact(look: NoHandshake) -> bool:
    return look.fact or look.kind in ("refused", "tls")


def _none(project: Project, evidence: list[Evidence]) -> Finding:
    return unknown(
        f"No host of {project.domain} showed us a certificate, so we could not look at one.",
        needs="a host that answers over https",
        evidence=evidence,
        subject=project.domain,
    )


def _evidence(look: Look) -> Evidence:
    source = f"certificate of {look.host}" + (f":{look.port}" if look.port != 443 else "")
    if isinstance(look, NoHandshake):
        return Evidence(source, look.say)
    leaf = look.verdict.leaf
    said = ", ".join(look.verdict.faults) or "trusted"
    names = listed(leaf.sans, most=4) or "no name"
    dates = f"{leaf.not_before.date().isoformat()} to {leaf.not_after.date().isoformat()}"
    return Evidence(source, f"{said}; for {names}; from {leaf.issuer}; {dates}; {leaf.key}, {leaf.signature}")


def _says(look: Look, now: dt.datetime) -> str:
    host = look.host
    if isinstance(look, NoHandshake):
        if _is_down(look):
            return f"{host} does not answer over https: nothing listens on port {look.port}."
        return f"{host} {look.say}."
    leaf, missing = look.verdict.leaf, look.verdict.missing
    match _first(look):
        case "expired":
            if leaf.not_after < now:
                return f"The certificate of {host} expired on {day(leaf.not_after)}."
            return f"A certificate that {host} sends along with its own has expired."
        case "not-yet-valid":
            return f"The certificate of {host} counts only from {day(leaf.not_before)}."
        case "name-mismatch":
            made = listed(leaf.sans, most=3) or leaf.subject
            return f"The certificate that {host} shows is made for {made}, not for {host}."
        case "self-signed":
            return f"{host} signed its certificate itself, so no browser trusts it."
        case "incomplete-chain":
            named = f" ({missing})" if missing else ""
            return (
                f"The server of {host} leaves out a certificate{named} that links its own to a trusted name. Chrome "
                "copes, phones and payment services often do not."
            )
        case "untrusted":
            return f"The certificate of {host} comes from {leaf.issuer}, which browsers do not trust."
        case "weak-key":
            return f"The certificate of {host} has a key that browsers no longer take ({leaf.key})."
        case "weak-signature":
            return f"The certificate of {host} is signed in a way that browsers no longer take ({leaf.signature})."


def _renewal(host: str, say: str | None = None) -> Fix:
    return Fix(
        "setting",
        say
        or f"At your web host, open the page of the domain {host} and renew its certificate. Then look why it did not "
        "renew by itself: mostly a DNS record that no longer points there, or a switched-off auto-renewal.",
        minutes=20,
        who=HOST,
        settings=(Setting("certificate.renew", "on"),),
    )


def _repair(look: Look) -> Fix:
    host = look.host
    if isinstance(look, NoHandshake):
        if _is_down(look):
            return Fix(
                "steps",
                f"At your web host, see that {host} is among the domains of the site and switch https on for it. On a "
                "server of your own, let the web server listen on port 443 and open that port in the firewall.",
                minutes=30,
                who=HOST,
            )
        return _renewal(host, f"At your web host, switch https on for {host} with a certificate of its own.")
    match _first(look):
        case "expired" | "not-yet-valid":
            return _renewal(host)
        case "name-mismatch":
            return _renewal(
                host, f"At your web host, add {host} to the domains of the site, so that it gets a certificate for it."
            )
        case "incomplete-chain":
            missing = look.verdict.missing or "the one above it"
            return _renewal(
                host,
                f"On the server of {host}, let the certificate file hold the whole chain: your own certificate first, "
                f"then {missing}. Let's Encrypt calls this file fullchain.pem. At a web host, renew the certificate.",
            )
        case "weak-key" | "weak-signature":
            return _renewal(host, f"At your web host, renew the certificate of {host} with a new key (ECDSA P-256).")
        case _:
            return _renewal(
                host,
                f"At your web host, switch on the certificate that it offers for {host} (usually free, from Let's "
                "Encrypt), in place of the one that is there.",
            )
