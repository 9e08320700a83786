"""The ways in: the signup and login pages open on the site's own host and show a form or a sign-in button."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, canonical_host, host_of, is_web_fact, walked
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed, plural

Kind = Literal["login", "signup"]
KINDS: tuple[Kind, ...] = ("signup", "login")
_QUESTIONS: dict[Kind, str] = {"login": "login.seen", "signup": "signup.seen"}

# Services whose business is to show the login page for somebody else; each from its own documentation, November 2026.
_SIGN_IN_HOSTS = (
    "auth0.com",
    "okta.com",
    "oktapreview.com",
    "clerk.accounts.dev",
    "accounts.dev",
    "amazoncognito.com",
    "authkit.app",
    "workos.com",
    "accounts.google.com",
    "login.microsoftonline.com",
    "b2clogin.com",
    "appleid.apple.com",
    "onelogin.com",
    "kinde.com",
    "memberstack.com",
    "shopify.com",
)
_OAUTH_URL = re.compile(
    r"//(?:accounts\.google\.com|appleid\.apple\.com|login\.microsoftonline\.com|github\.com/login/oauth|"
    r"www\.facebook\.com/[^/]*/?dialog/oauth|discord\.com/(?:api/)?oauth2)|/oauth2?(?:/|\?|$)|/auth/[a-z0-9_-]+(?:/|\?|$)|"
    r"/(?:saml|sso)(?:/|\?|$)",
    re.IGNORECASE,
)
_OAUTH_WORDS = re.compile(
    r"\b(?:continue|sign (?:in|up)|log ?in|register|weiter|anmelden|continuer|continuar)\s+"
    r"(?:with|using|via|mit|avec|con)\b",
    re.IGNORECASE,
)
_FIELDS = frozenset({"email", "password", "tel"})


def way_in(page: Document) -> bool:
    """A form that asks who you are, or a link or button of a sign-in provider."""
    if page.has_password or any(_FIELDS & set(form.inputs) for form in page.forms):
        return True
    # A form of one field that says "username" is a text field; a search box is its own type or goes by GET.
    if any("text" in form.inputs and form.method == "post" for form in page.forms):
        return True
    links = [*(link.href for link in page.links), *(form.action for form in page.forms)]
    words = [*page.buttons, *(link.text for link in page.links)]
    return any(_OAUTH_URL.search(href) for href in links) or any(_OAUTH_WORDS.search(text) for text in words)


State = Literal["sound", "long", "broken", "unseen", "unclear"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in, judged. `said` reads on after "The login page"."""

    kind: Kind
    url: str
    state: State
    said: str
    evidence: tuple[Evidence, ...]
    cause: str = ""
    status: int = 0


def judge_entry(kind: Kind, url: str, chain: Chain, hosts: frozenset[str], canonical: str, domain: str) -> Entry:
    """Judge one page by where its URL led. `hosts` are the project's own besides apex and www."""
    lines = (Evidence(f"GET {url}", walked(chain)),)
    last = chain.last
    if chain.end in ("loop", "too-long", "bad-location"):
        how = "redirects in a circle" if chain.end == "loop" else "redirects and never arrives"
        return Entry(kind, url, "broken", f"{how}", lines, f"canonical:{domain}")
    if isinstance(last, NoPage):
        host = host_of(last.url)
        if last.kind == "shield":
            return Entry(kind, url, "unseen", last.say, lines)
        if not is_web_fact(last):
            return Entry(kind, url, "unclear", f"could not be opened: {host} {last.say}", lines)
        cause = {"tls": "certificate", "no-address": "no-address"}.get(last.kind, "site-down")
        return Entry(kind, url, "broken", f"does not open: {host} {last.say}", lines, f"{cause}:{host}")
    host = host_of(last.url)
    if last.status != 200:
        cause = f"site-down:{host}" if last.status >= 500 else ""
        return Entry(kind, url, "broken", f"answers {last.status}", lines, cause, last.status)
    if not (host == canonical or host in hosts or _signs_in(host)):
        twin = host.removeprefix("www.") == domain
        document = parse(last.text, last.url)
        if not twin and (way_in(document) or document.root_empty):
            said = f"leads to a sign-in page at {host}, a service that we do not know"
            return Entry(kind, url, "unseen", said, lines)
        cause = f"canonical:{domain}" if twin else ""
        return Entry(kind, url, "broken", f"ends on {host} and not on {canonical}", lines, cause)
    return _judge_page(kind, url, chain, last, lines)


def _signs_in(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in _SIGN_IN_HOSTS)


def _judge_page(kind: Kind, url: str, chain: Chain, last: Page, lines: tuple[Evidence, ...]) -> Entry:
    page = parse(last.text, last.url)
    if not way_in(page):
        why = "is drawn by script" if page.root_empty else "opens, and we see no form and no sign-in button in it"
        return Entry(kind, url, "unseen", why, lines)
    if chain.redirects > limits.ENTRY_REDIRECTS:
        said = f"takes {plural(chain.redirects, 'redirect')} (aim: {limits.ENTRY_REDIRECTS} at most)"
        return Entry(kind, url, "long", said, lines)
    return Entry(kind, url, "sound", "opens and shows a way in", lines)


@check(
    "dns.entry.reachable",
    severity=Severity.CRITICAL,
    title="Signup and login open",
    why="People who want to join cannot, and those who have joined are locked out.",
    minutes=20,
    question="login.seen",
)
async def entry_reachable(project: Project, web: Web, answers: Answers) -> Finding:
    urls = {kind: project.url(kind) for kind in KINDS}
    known = {kind: url for kind, url in urls.items() if url and kind not in project.absent}
    unasked = [kind for kind in KINDS if urls[kind] is None and kind not in project.absent]
    if not known and not unasked:
        return info("You said that the product has no signup and no login.", subject=project.domain)
    own = frozenset({host for host in project.hosts if host not in (project.domain, project.www)})
    # The founder's own word on where the page is counts, unless it is the twin of the site's host.
    named = frozenset(host_of(url) for url in known.values()) - {project.domain, project.www}
    canonical, chains = await asyncio.gather(
        canonical_host(project, web), asyncio.gather(*(web.follow(url) for url in known.values()))
    )
    entries = [
        judge_entry(kind, url, chain, own | named, canonical, project.domain)
        for (kind, url), chain in zip(known.items(), chains, strict=True)
    ]
    return judge(project, entries, unasked, {kind: answers.get(_QUESTIONS[kind]) for kind in KINDS})


def judge(project: Project, entries: list[Entry], unasked: list[Kind], said: dict[Kind, Answer | None]) -> Finding:
    """One finding over both pages; a person's word settles what only a browser can see."""
    evidence = [line for entry in entries for line in entry.evidence]
    settled = [_settled(entry, said[entry.kind]) for entry in entries]
    evidence += [
        Evidence("said", f"{answer.who}, {answer.at:%Y-%m-%d}: {answer.choice}")
        for entry in entries
        if entry.state == "unseen" and (answer := said[entry.kind])
    ]
    broken = [entry for entry in settled if entry.state == "broken"]
    if broken:
        causes = {entry.cause for entry in broken}
        return failed(
            " ".join(f"The {entry.kind} page ({entry.url}) {entry.said}." for entry in broken),
            entry_fix(broken[0]),
            evidence=evidence,
            subject=host_of(broken[0].url),
            question=_QUESTIONS[broken[0].kind] if said[broken[0].kind] and not broken[0].cause else None,
            cause=causes.pop() if len(causes) == 1 else "",
        )
    unclear = [entry for entry in settled if entry.state == "unclear"]
    unseen = [entry for entry in settled if entry.state == "unseen"]
    if unclear:
        return unknown(
            f"The {unclear[0].kind} page ({unclear[0].url}) {unclear[0].said}.",
            needs=LOOK,
            evidence=evidence,
            subject=host_of(unclear[0].url),
        )
    if unseen:
        first = unseen[0]
        ask = "We cannot see this page without a browser: open it and tell us."
        if first.said.startswith("leads to"):
            ask = "If it is yours, open it, see that one can sign in there, and tell us."
        return unknown(
            f"The {first.kind} page ({first.url}) {first.said}. {ask}",
            needs="your answer",
            evidence=evidence,
            subject=host_of(first.url),
            question=_QUESTIONS[first.kind],
        )
    if unasked:
        pages = listed([*unasked])
        return unknown(
            f"Nobody has said yet where the {pages} page is.",
            needs=f"the address of your {pages} page, or “we have none” (page “Your addresses”)",
            evidence=evidence,
            subject=project.domain,
        )
    long = [entry for entry in settled if entry.state == "long"]
    if long:
        return warned(
            f"The {long[0].kind} page ({long[0].url}) {long[0].said}.",
            Fix(
                "steps",
                f"Link to the address on which it ends, everywhere on your site: {walked_to(long[0])}.",
                minutes=15,
                who="Whoever builds your site",
            ),
            evidence=evidence,
            subject=host_of(long[0].url),
        )
    return passed(
        " ".join(f"The {entry.kind} page {entry.said}." for entry in settled),
        evidence=evidence,
        subject=project.domain,
    )


def walked_to(entry: Entry) -> str:
    """The way of an entry as its evidence has it."""
    return entry.evidence[0].text


def _settled(entry: Entry, answer: Answer | None) -> Entry:
    if entry.state != "unseen" or answer is None:
        return entry
    if answer.choice == "yes":
        return Entry(entry.kind, entry.url, "sound", f"was seen by {answer.who}, with a way in", entry.evidence)
    return Entry(entry.kind, entry.url, "broken", f"stays empty, says {answer.who}", entry.evidence)


def entry_fix(entry: Entry) -> Fix:
    """What to do about a page that nobody can enter through."""
    host, kind = host_of(entry.url), entry.kind
    if entry.cause.startswith("certificate:"):
        return Fix(
            "setting",
            f"At your web host, open the page of the domain {host} and renew its certificate. It must cover {host}.",
            minutes=20,
            who="Whoever runs your web host",
            settings=(Setting("certificate.renew", "on"),),
        )
    if entry.cause.startswith("no-address:"):
        return Fix(
            "steps",
            f"Where your DNS records are kept, add the record for {entry.cause.partition(':')[2]} that your web host "
            "shows on its page for the domain.",
            minutes=10,
            who="Whoever can change the DNS records",
        )
    if entry.cause.startswith("canonical:") or "ends on" in entry.said:
        return Fix(
            "steps",
            f"At your web host, look at the redirect rules for {entry.url}. Keep one that leads to the {kind} page on "
            "the site's own address, and take out the others.",
            minutes=20,
            who="Whoever runs your web host",
            copy=entry.url,
        )
    up = (Setting("site.login", "up"),) if kind == "login" and entry.status >= 500 else ()
    return Fix(
        "setting" if up else "steps",
        f"Open {entry.url} in a private window. If it fails there too, look into the logs of your app for the error, "
        "and put it right or go back to the version before. If the page lives elsewhere, tell us its address.",
        minutes=30,
        who="Whoever builds your app",
        settings=up,
        page=entry.url,
    )
