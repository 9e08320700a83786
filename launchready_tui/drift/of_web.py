"""What became of the addresses, certificates, headers and pages. Pure.

A certificate that was renewed by the same company is no change; silence is never drift.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from launchready_tui.checks.dns._words import FOREVER
from launchready_tui.csp import allows_anywhere, allows_inline, limits_frames, parse_csp
from launchready_tui.drift.baseline import header_value, page_of, plain_url
from launchready_tui.driftlook import Line, benign, drifted, unclear
from launchready_tui.handover.document import CertificateSeen, HeaderSeen, PageSeen, WaySeen
from launchready_tui.hsts import parse_hsts
from launchready_tui.model import Severity
from launchready_tui.sources.tls import Fault, Handshake, NoHandshake
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, NoPage, Page
from launchready_tui.text import clean, day, listed

_SITE = "Whoever runs the site puts it back; at the web host it is a setting. About 15 minutes."
_FACTS = ("refused", "tls")
_SPELT = {
    "strict-transport-security": "Strict-Transport-Security",
    "content-security-policy": "Content-Security-Policy",
    "x-content-type-options": "X-Content-Type-Options",
    "x-frame-options": "X-Frame-Options",
    "referrer-policy": "Referrer-Policy",
}
_CERTIFICATE: dict[Fault, str] = {
    "expired": "has expired",
    "not-yet-valid": "is not valid yet",
    "name-mismatch": "is made for another name",
    "self-signed": "vouches for itself, so that no browser trusts it",
    "incomplete-chain": "comes without the link to a trusted name",
    "untrusted": "comes from a company that browsers do not trust",
    "weak-key": "has a key that is too short",
    "weak-signature": "is signed in a way that browsers refuse",
}


def silent(reply: NoPage) -> bool:
    """True where no answer is no fact: time-outs, policy, what broke off."""
    return reply.kind not in _FACTS and not reply.fact


# ---- where an address leads ----
def judge_way(fact: WaySeen, chain: Chain | None) -> Line | None:
    """The end first, then the manner: a wrong end makes everything else beside the point."""
    url = clean(fact.url, limit=300)
    site = fact.kind == "site"
    grave = Severity.CRITICAL if site else Severity.HIGH
    was = f"{fact.status}, ends at {clean(fact.end, limit=300)}"
    lost = _no_end(fact, url, chain, grave, was)
    if lost is not None or chain is None:
        return lost
    last = chain.last
    assert isinstance(last, Page)
    first = chain.hops[0]
    end, now = plain_url(last.url), f"{_status(first)}, ends at {plain_url(last.url)}"
    old, new = urlsplit(fact.end), urlsplit(end)

    def drift(severity: Severity, topic: str, say: str) -> Line:
        return drifted(severity, topic, url, say, was=was, now=now, todo=_SITE)

    if old.scheme == "https" and new.scheme == "http":
        return drift(Severity.CRITICAL, "https", f"{url} ends on http, without protection. Before, it ended on https.")
    if old.hostname != new.hostname:
        say = f"{url} ends on {new.hostname}. Before, it ended on {old.hostname}."
        return drift(grave, "canonical", say)
    broken = 500 if fact.kind == "link" else 400
    if last.status >= broken > fact.end_status:
        return drift(grave, "page", f"{url} ends on {last.status}. Before, it ended on {fact.end_status}.")
    if (old.path.rstrip("/"), old.query) != (new.path.rstrip("/"), new.query):
        if fact.kind in ("link", "old"):
            say = f"{url} lands on {end}: the rest of the link is lost. Before, it was {clean(fact.end, limit=300)}."
            return drift(Severity.HIGH, "path", say)
        say = f"{url} lands on {end}. Before, it landed on {clean(fact.end, limit=300)}."
        return drift(Severity.MEDIUM, "redirect", say)
    return _manner(fact, chain, first, url, was, now)


def _no_end(fact: WaySeen, url: str, chain: Chain | None, grave: Severity, was: str) -> Line | None:
    """A way that shows no page."""
    topic = "canonical" if fact.kind == "site" else "redirect"
    if chain is None:
        return unclear(grave, topic, url, f"{url} was not asked.", was=was)
    last = chain.last
    if isinstance(last, NoPage):
        say = f"{host_of(last.url) or url} {last.say}"
        if silent(last):
            return unclear(grave, topic, url, f"We could not tell where {url} leads: {say}.", was=was)
        say = f"{url} shows nothing any more: {say}. Before, it ended at {clean(fact.end, limit=300)}."
        return drifted(grave, topic, url, say, was=was, now=last.say, todo=_SITE)
    if chain.end != "ok":
        say = f"{url} never shows a page: its redirects go in a circle, on and on, or nowhere."
        return drifted(grave, topic, url, say, was=was, now=chain.end, todo=_SITE)
    return None


def _manner(fact: WaySeen, chain: Chain, first: object, url: str, was: str, now: str) -> Line | None:
    status = first.status if isinstance(first, Page) else 0
    if chain.redirects > fact.hops:
        say = f"{url} takes {chain.redirects} redirects. Before, it took {fact.hops}."
        return drifted(Severity.LOW, "redirect", url, say, was=was, now=now, todo=_SITE)
    if status != fact.status and fact.status in FOREVER and status not in FOREVER and chain.redirects:
        say = f"{url} answers {status}, which is for a while only. Before, it was {fact.status}, for good."
        return drifted(Severity.LOW, "redirect", url, say, was=was, now=now, todo=_SITE)
    if status != fact.status or chain.redirects != fact.hops:
        say = f"{url} goes another way to the same end: {status} in place of {fact.status}."
        return benign("redirect", url, say, was=was, now=now)
    return None


def _status(reply: object) -> str:
    return str(reply.status) if isinstance(reply, Page) else "no answer"


# ---- certificates ----
def judge_certificate(fact: CertificateSeen, shake: Handshake | NoHandshake | None) -> Line | None:
    host, was = clean(fact.host, limit=260), _issuer(fact.issuer, fact.organisation)
    if shake is None or (isinstance(shake, NoHandshake) and shake.kind not in _FACTS and not shake.fact):
        why = f"{host} {shake.say}" if shake is not None else "it was not asked"
        return unclear(
            Severity.HIGH, "certificate", host, f"We could not see the certificate of {host}: {why}.", was=was
        )
    if isinstance(shake, NoHandshake):
        say = f"{host} shows no certificate any more: it {shake.say}."
        return drifted(Severity.CRITICAL, "certificate", host, say, was=was, now=shake.say, todo=_SITE)
    leaf, faults = shake.verdict.leaf, [_CERTIFICATE[fault] for fault in shake.verdict.faults]
    issuer = _issuer(leaf.issuer, leaf.issuer_organisation)
    now = f"{issuer}, until {day(leaf.not_after)}"
    if leaf.sha256 == fact.sha256 and not faults:
        return None
    if faults:
        say = f"The certificate of {host} {listed(faults)}. Browsers warn visitors away."
        return drifted(Severity.CRITICAL, "certificate", host, say, was=was, now=now, todo=_SITE)
    if fact.organisation != leaf.issuer_organisation or (not fact.organisation and fact.issuer != leaf.issuer):
        say = f"The certificate of {host} comes from another company: {issuer}. Before, it was {was}."
        todo = "If nobody of yours moved the site or its certificate, ask your web host today who had it issued."
        return drifted(Severity.HIGH, "certificate", host, say, was=was, now=now, todo=todo)
    say = (
        f"The certificate of {host} was renewed by the same company ({issuer}) and is good until {day(leaf.not_after)}."
    )
    until = f"{was}, until {day(fact.ends)}" if fact.ends else was
    return benign("certificate", host, say, was=until, now=now)


def _issuer(issuer: str, organisation: str) -> str:
    issuer, organisation = clean(issuer, limit=200), clean(organisation, limit=200)
    return f"{organisation} ({issuer})" if organisation and organisation != issuer else issuer or "nobody named"


# ---- headers ----
def judge_header(fact: HeaderSeen, chain: Chain | None) -> Line | None:
    """One header of a page. What the page itself lacks is told by judge_page."""
    name = _SPELT.get(fact.name, clean(fact.name, limit=80))
    host, topic = host_of(fact.url), "HSTS" if fact.name == "strict-transport-security" else "header"
    subject, was = f"{name} of {host}", clean(fact.value)
    severity = Severity.LOW if topic == "header" and "security-policy" not in fact.name else Severity.MEDIUM
    page = chain.last if chain is not None else None
    if (isinstance(page, Page) and page.status >= 500) or (isinstance(page, NoPage) and not silent(page)):
        return None  # there is no page to send it, which is told already
    if not isinstance(page, Page):
        return unclear(severity, topic, subject, f"We could not see {name}: {host} showed no page.", was=was)
    sent = page.header(fact.name)
    now = header_value(sent) if sent else ""
    if now == fact.value:
        return None
    weak = f"{host} sends no {name} any more." if not now else _weaker(fact.name, fact.value, now, host)
    if weak:
        todo = f"Send it again: {name}: {was}. {_SITE}"
        return drifted(severity, topic, subject, weak, was=was, now=now or "not sent", todo=todo)
    return benign(topic, subject, f"{name} of {host} reads differently and is not weaker.", was=was, now=now)


def _weaker(header: str, was: str, now: str, host: str) -> str:
    """A sentence where a header protects less than before; "" where it does not."""
    if header == "strict-transport-security":
        old, new = parse_hsts([was]), parse_hsts([now])
        if old is None or not old.valid:
            return ""
        if new is None or new.max_age < old.max_age:
            left = new.max_age if new else 0
            return f"Browsers stay on https with {host} for {left:,} seconds only. Before, it was {old.max_age:,}."
        less = old.include_subdomains and not new.include_subdomains
        return f"{host} no longer covers its subdomains with Strict-Transport-Security." if less else ""
    if header == "content-security-policy":
        before, after = parse_csp([was]), parse_csp([now])
        if allows_inline(after) and not allows_inline(before):
            return f"The Content-Security-Policy of {host} lets any script in the page run (unsafe-inline) now."
        if allows_anywhere(after) and not allows_anywhere(before):
            return f"The Content-Security-Policy of {host} lets scripts come from anywhere now."
        framed = limits_frames(before) and not limits_frames(after)
        return f"The Content-Security-Policy of {host} lets other sites show it inside theirs now." if framed else ""
    return f"{host} sends another {_SPELT.get(header, header)}: {now}. Before, it was {was}."


# ---- pages: the smoke test ----
def judge_page(fact: PageSeen, chain: Chain | None) -> Line | None:
    kind, url = clean(fact.kind, limit=40), clean(fact.url, limit=300)
    what = {"home": "The home page", "login": "The login page", "signup": "The signup page", "api": "The API's page"}
    name = f"{what.get(kind, 'The page')} ({url})"
    was = f"{fact.status} {fact.type}".strip()
    page = chain.last if chain is not None else None
    if page is None or (isinstance(page, NoPage) and silent(page)):
        why = f"{host_of(url)} {page.say}" if isinstance(page, NoPage) else "it was not asked"
        return unclear(Severity.CRITICAL, "page", url, f"{name} could not be seen: {why}.", was=was)

    def drift(severity: Severity, say: str, now: str) -> Line:
        return drifted(severity, "page", url, say, was=was, now=now, todo="Whoever writes your app looks into it now.")

    if isinstance(page, NoPage) or chain is None or chain.end != "ok":
        said = page.say if isinstance(page, NoPage) else "leads in a circle or nowhere"
        return drift(Severity.CRITICAL, f"{name} shows nothing any more: it {said}.", said)
    now = page_of(kind, url, chain)
    assert now is not None
    if page.status != fact.status and (page.status >= 400 or fact.status >= 400):
        if page.status < 400:
            say = f"{name} answers {page.status} again. Before, it was {fact.status}."
            return benign("page", url, say, was=was, now=str(page.status))
        return drift(
            Severity.CRITICAL, f"{name} answers {page.status}. Before, it was {fact.status}.", str(page.status)
        )
    if page.unread:
        say = f"{name} answers {page.status}, packed in a way that we do not read."
        return unclear(Severity.HIGH, "page", url, say, was=was)
    wrong = [
        f"{label} is “{now.says.get(label, 'not there')}”"
        for label in fact.says
        if now.says.get(label) != fact.says[label]
    ]
    if wrong:
        before = listed([f"{label} was “{clean(text)}”" for label, text in fact.says.items()])
        return drift(
            Severity.CRITICAL, f"{name} says something else: {listed(wrong)}. Before, {before}.", listed(wrong)
        )
    if fact.type and now.type != fact.type:
        return drift(Severity.HIGH, f"{name} is {now.type or 'of no type'} now. Before, it was {fact.type}.", now.type)
    if fact.sign_in and not now.sign_in:
        return drift(Severity.HIGH, f"{name} shows no way to sign in any more.", "no way to sign in")
    if fact.title and now.title != fact.title:
        titles = f"“{now.title}”" if now.title else "nothing"
        return drift(Severity.LOW, f"{name} is called {titles} now. Before, it was “{clean(fact.title)}”.", now.title)
    return None
