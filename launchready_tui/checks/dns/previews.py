"""The platform's own address of the site, and previews: nobody finds there what should be found on the domain alone.

The addresses that platforms give to one site are data (`previews.toml`). Asked are only names that the founder's own
records lead to, and a preview that the founder named.
"""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, follow_all, host_of, is_web_fact, walked
from launchready_tui.known import NameMark, name_marks
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns, Fact, is_fact
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed

_HIDDEN = frozenset({"noindex", "none"})


@dataclass(frozen=True, slots=True)
class Platform:
    """How one platform names its sites. `redirect` is where the founder sends such a name to the domain, or ""."""

    name: str
    names: tuple[NameMark, ...]
    exact: frozenset[str]
    redirect: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    date: str

    def gives(self, host: str) -> bool:
        """True where `host` is the address of one site there."""
        host = host.rstrip(".").lower()
        return host not in self.exact and any(mark.fits(host) for mark in self.names)


@cache
def platforms() -> tuple[Platform, ...]:
    """All platforms, from the file beside this module."""
    text = resources.files("launchready_tui.checks.dns").joinpath("previews.toml").read_text("utf-8")
    return tuple(
        Platform(
            name=entry["name"],
            names=name_marks(entry["names"]),
            exact=frozenset((*entry["names"], *entry["shared"])),
            redirect=entry["redirect"],
            yes=tuple(entry["yes"]),
            no=tuple(entry["no"]),
            source=entry["source"],
            date=str(entry["date"]),
        )
        for entry in tomllib.loads(text)["platform"]
    )


def platform_of(host: str) -> Platform | None:
    return next((each for each in platforms() if each.gives(host)), None)


State = Literal["sound", "open", "tls", "unclear", "other"]


@dataclass(frozen=True, slots=True)
class Preview:
    """One such address, judged. `said` reads on after it."""

    url: str
    state: State
    said: str
    evidence: tuple[Evidence, ...] = ()


def hidden(page: Page, document: Document) -> bool:
    """Does the page ask search engines to leave it out (X-Robots-Tag or meta robots; Google's robots meta tag page)?"""
    words = f"{page.header('x-robots-tag') or ''},{document.robots},{document.meta('googlebot')}".lower()
    # "googlebot: noindex" names whom it is for; "unavailable_after: …" has no word of ours in it.
    return any(part.rpartition(":")[2].strip() in _HIDDEN for part in words.split(","))


def judge_preview(url: str, chain: Chain, ours: frozenset[str], title: str | None) -> Preview:
    """Judge one address by where it leads. `ours` are the site's hosts, `title` its home page's (None: not seen)."""
    lines = (Evidence(f"GET {url}", walked(chain)),)
    last = chain.last
    if isinstance(last, NoPage):
        if last.kind == "tls":
            return Preview(url, "tls", f"{last.say}{f' ({last.reason})' if last.reason else ''}", lines)
        if is_web_fact(last):
            return Preview(url, "sound", f"shows nothing: it {last.say}", lines)
        return Preview(url, "unclear", last.say, lines)
    host = host_of(last.url)
    if chain.end != "ok":
        return Preview(url, "sound", "shows no page, its redirects lead nowhere", lines)
    if host in ours:
        return Preview(url, "sound", f"leads on to {host}", lines)
    if host != host_of(url):
        return Preview(url, "sound", f"leads away to {host}", lines)
    if last.status in (401, 403):
        return Preview(url, "sound", f"is closed to visitors ({last.status})", lines)
    if last.status != 200:
        return Preview(url, "sound", f"shows no page ({last.status})", lines)
    if last.unread:
        return Preview(url, "unclear", "sent a page that we could not read", lines)
    document = parse(last.text, last.url)
    if hidden(last, document):
        return Preview(url, "sound", "asks search engines to leave it out", lines)
    if document.canonical is not None and host_of(document.canonical) in ours:
        return Preview(url, "sound", f"names {host_of(document.canonical)} as the page's real address", lines)
    if title is None:
        return Preview(url, "unclear", "shows a page, and your own home page did not, so we could not compare", lines)
    if document.title != title:
        return Preview(url, "other", f"shows another page than your site (“{document.title}”)", lines)
    return Preview(url, "open", f"shows the same page as your site (“{title}”), open to search engines", lines)


@check(
    "dns.preview.indexed",
    severity=Severity.MEDIUM,
    title="Only your own address is found",
    why="Search results show an address that you never meant to publish, and people sign in there.",
    minutes=15,
)
async def preview_indexed(project: Project, dns: Dns, web: Web) -> Finding:
    home = project.url("home")
    chain, (chains, silent) = await asyncio.gather(web.follow(home) if home else _nothing(), _follow(project, dns, web))
    ours = frozenset({*project.hosts, host_of(home or "")})
    title = title_of(chain) if chain is not None else None
    return judge(project, [judge_preview(url, each, ours, title) for url, each in chains.items()], silent)


async def _follow(project: Project, dns: Dns, web: Web) -> tuple[dict[str, Chain], list[str]]:
    """Where each such address leads, and the names of which we could not tell what they lead to."""
    answers = await asyncio.gather(*(dns.ask(host, "A") for host in project.hosts))
    aliases = [alias for answer in answers if isinstance(answer, Fact) for alias in answer.aliases]
    urls = [f"https://{alias}/" for alias in aliases if platform_of(alias)]
    if named := project.url("preview"):
        urls.append(named)
    silent = [host for host, answer in zip(project.hosts, answers, strict=True) if not is_fact(answer)]
    return await follow_all(web, list(dict.fromkeys(urls))[: limits.PREVIEWS]), silent


async def _nothing() -> Chain | None:
    return None


def title_of(chain: Chain) -> str | None:
    """The title of the page on which a chain ends; None where it ends on none that we could read."""
    last = chain.last
    if chain.end != "ok" or not isinstance(last, Page) or last.status != 200 or last.unread:
        return None
    return parse(last.text, last.url).title


def judge(project: Project, previews: list[Preview], silent: list[str]) -> Finding:
    """One finding over all. `silent` are the names of which we could not tell where they lead."""
    evidence = [line for each in previews for line in each.evidence]
    if silent and not any(each.state == "open" for each in previews):
        return unknown(
            f"We could not tell where {listed(silent)} leads: no resolver gave a usable answer.",
            needs=LOOK,
            evidence=evidence,
            subject=silent[0],
        )
    if not previews:
        return info(
            "None of your names leads to an address that a platform gave the site, such as yours.vercel.app, and you "
            "named no preview.",
            subject=project.domain,
        )
    for state in ("open", "unclear", "tls"):
        found = [each for each in previews if each.state == state]
        if not found:
            continue
        said = f"{listed([f'{each.url} {each.said}' for each in found])}."
        subject = host_of(found[0].url)
        if state == "open":
            return failed(said, _hide(project, found[0]), evidence=evidence, subject=subject)
        if state == "unclear":
            return unknown(f"We could not tell: {said}", needs=LOOK, evidence=evidence, subject=subject)
        return warned(said, _secure(found[0]), evidence=evidence, subject=subject)
    return passed(
        f"{listed([f'{each.url} {each.said}' for each in previews])}.", evidence=evidence, subject=project.domain
    )


def _hide(project: Project, preview: Preview) -> Fix:
    host = urlsplit(preview.url).hostname or ""
    platform = platform_of(host)
    canonical = f'<link rel="canonical" href="https://{project.domain}/…">'
    first = f"At {platform.name}, open {platform.redirect}. Or else, in" if platform and platform.redirect else "In"
    return Fix(
        "steps",
        f"{first} every page of the site, name its real address in the head: {canonical}, with the page's own path. "
        "For a preview that only the team needs, put a password before it instead.",
        minutes=15,
        who="Whoever builds your site",
        copy=canonical,
        page=preview.url,
    )


def _secure(preview: Preview) -> Fix:
    host = urlsplit(preview.url).hostname or ""
    return Fix(
        "steps",
        f"If you still need {host}, open the page for domains of the service that runs it and renew its certificate. "
        "If not, remove the address there.",
        minutes=15,
        who="Whoever runs your web host",
        page=preview.url,
    )
