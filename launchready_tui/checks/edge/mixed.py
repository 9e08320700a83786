"""Mixed content: an https page that loads parts over http (W3C Mixed Content).

Browsers block scripts, styles, frames and fetched addresses; pictures and media they load over https instead or mark
the page as not secure. Links to http are no mixed content.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.edge._words import LOOK, no_home, told
from launchready_tui.csp import has, parse_csp
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.css import css_resources
from launchready_tui.sources.html import Document, parse, script_urls
from launchready_tui.sources.urls import host_of, join
from launchready_tui.sources.web import Chain, NoPage, Page, Web
from launchready_tui.text import listed, plural

_PAGES = ("home", "login", "signup")
_HTML = ("text/html", "application/xhtml+xml", "")
_STYLES = 10  # style sheets of all pages together that we read; ours


@dataclass(frozen=True, slots=True)
class Part:
    """Something an https page asks for over http. `blocked`: browsers refuse it, the page breaks there."""

    page: str
    kind: str
    url: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style sheet that a page loads, as it came."""

    page: str
    reply: Page | NoPage


@check(
    "edge.https.mixed",
    severity=Severity.HIGH,
    title="Every part of a page comes over https",
    why="Browsers block parts that come over http, or show the page as not secure.",
    minutes=20,
)
async def https_mixed(project: Project, web: Web) -> Finding:
    asked = {kind: url for kind in _PAGES if (url := project.url(kind))}
    if not asked:
        return no_home()
    chains = dict(zip(asked, await asyncio.gather(*(web.follow(url) for url in asked.values())), strict=True))
    wanted: dict[str, str] = {}
    for page in _readable(chains):
        for url in parse(page.text, page.url).styles:
            if urlsplit(url).scheme == "https":
                wanted.setdefault(url, page.url)
    urls = list(wanted)[:_STYLES]
    replies = await asyncio.gather(*(web.get(url) for url in urls))
    return judge_mixed(project, chains, [Sheet(wanted[url], reply) for url, reply in zip(urls, replies, strict=True)])


def _readable(chains: dict[str, Chain]) -> list[Page]:
    """The https pages that came, each once."""
    found: dict[str, Page] = {}
    for chain in chains.values():
        last = chain.last
        if chain.end == "ok" and isinstance(last, Page) and last.url.startswith("https://") and _is_html(last):
            found.setdefault(last.url, last)
    return list(found.values())


def _is_html(page: Page) -> bool:
    return page.content_type in _HTML and page.encoding in ("", "identity", "gzip", "x-gzip", "deflate")


def judge_mixed(project: Project, chains: dict[str, Chain], sheets: Sequence[Sheet] = ()) -> Finding:
    pages = _readable(chains)
    evidence = [line for chain in chains.values() for line in told(chain)]
    parts: list[Part] = []
    lifted = 0
    for page in pages:
        document = parse(page.text, page.url)
        mine = [*parts_of(document), *(part for sheet in sheets if sheet.page == page.url for part in _in_sheet(sheet))]
        if has(parse_csp(page.values("content-security-policy"), _meta_csp(document)), "upgrade-insecure-requests"):
            lifted += len(mine)  # browsers ask for all of them over https
        else:
            parts += mine
    parts = list(dict.fromkeys(parts))
    evidence += [Evidence(f"{part.kind} on {part.page}", part.url) for part in parts]
    blocked = [part for part in parts if part.blocked]
    subject = host_of(pages[0].url) if pages else project.domain
    if blocked:
        first = blocked[0]
        more = f" {_others(blocked[1:], 'is blocked', 'are blocked')}." if len(blocked) > 1 else ""
        saw = f"{first.page} asks for a {first.kind} over http, and browsers block it: {first.url}.{more}"
        return failed(saw, _fix(blocked), evidence=evidence[-limits.EVIDENCE_LINES :], subject=subject)
    unclear = _unclear(project, chains, evidence)
    if unclear is not None:
        return unclear
    if parts:
        first = parts[0]
        more = f" {_others(parts[1:], 'is', 'are')} like it." if len(parts) > 1 else ""
        saw = f"{first.page} shows a {first.kind} from http, so the page can count as not secure: {first.url}.{more}"
        return warned(saw, _fix(parts), evidence=evidence[-limits.EVIDENCE_LINES :], subject=subject)
    names = listed([urlsplit(page.url).path if page.url != pages[0].url else page.url for page in pages])
    if lifted:
        saw = (
            f"{plural(lifted, 'address', 'addresses')} on {names} begin with http, and the page tells browsers to use "
        )
        saw += "https instead."
    else:
        saw = f"Nothing in the HTML and the styles of {names} comes over http."
    return passed(saw, evidence=evidence, subject=subject)


def _others(rest: Sequence[Part], one: str, many: str) -> str:
    return f"{len(rest)} more {one if len(rest) == 1 else many}"


def _meta_csp(document: Document) -> list[str]:
    return [content for name, content in document.metas if name == "content-security-policy"]


def _unclear(project: Project, chains: dict[str, Chain], evidence: list[Evidence]) -> Finding | None:
    """A page that did not come, or came in a way that we cannot read, keeps us from calling the rest sound."""
    for kind, chain in chains.items():
        last = chain.last
        if isinstance(last, NoPage):
            needs = f"a {kind} page that answers" if last.fact else LOOK
            said = f"{host_of(last.url)} {last.say}"
        elif chain.end != "ok":
            needs, said = f"a {kind} page that answers", f"the {kind} page redirects in a way that leads to no page"
        elif not last.url.startswith("https://"):
            needs, said = f"a {kind} page over https", f"the {kind} page comes over http as a whole"
        elif not _is_html(last):
            needs = "your answer"
            said = f"the {kind} page is no HTML that we can read ({last.encoding or last.content_type})"
        elif last.cut:
            needs, said = "your answer", f"the {kind} page is longer than we read"
        elif last.status >= 400:
            needs, said = f"a {kind} page that opens", f"the {kind} page answers {last.status}"
        else:
            continue
        return unknown(f"We could not tell: {said}.", needs=needs, evidence=evidence, subject=project.domain)
    return None


# ---- what a page loads ----


def is_insecure(url: str) -> bool:
    """http or ws to anywhere but this machine, which browsers take as safe (W3C Secure Contexts section 3.1)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "ws") or host == "localhost" or host.endswith(".localhost"):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def parts_of(document: Document) -> list[Part]:
    """Everything that an https page itself asks for over http."""
    if not document.url.startswith("https://"):
        return []
    css = {kind: [each.url for each in document.css if each.kind == kind] for kind in ("style", "font", "image")}
    loads = {"preload", "modulepreload", "manifest", "prefetch"}
    groups: tuple[tuple[str, bool, Sequence[str]], ...] = (
        ("script", True, [script.src for script in document.scripts]),
        ("style sheet", True, [*document.styles, *css["style"]]),
        ("font", True, css["font"]),
        ("frame", True, document.frames),
        ("form target", True, [form.action for form in document.forms]),
        ("preloaded file", True, [href for rel, href in document.linked if rel in loads]),
        ("fetched address", True, [url for script in document.scripts for url in script_urls(script.text)]),
        ("picture", False, [url for image in document.images for url in (image.src, *image.srcset)] + css["image"]),
        ("picture", False, [href for rel, href in document.linked if rel in ("icon", "apple-touch-icon")]),
        ("video or sound", False, document.media),
    )
    found = [
        Part(document.url, kind, url, blocked)
        for kind, blocked, urls in groups
        for url in urls
        if url and is_insecure(url)
    ]
    return list(dict.fromkeys(found))


def _in_sheet(sheet: Sheet) -> list[Part]:
    reply = sheet.reply
    if not isinstance(reply, Page) or reply.status != 200:
        return []
    names = {"style": "style sheet", "font": "font", "image": "picture"}
    found = []
    for each in css_resources(reply.text):
        url = join(reply.url, each.url)
        if url is not None and is_insecure(url):
            found.append(Part(sheet.page, names[each.kind], url, each.kind != "image"))
    return found


def _fix(parts: Sequence[Part]) -> Fix:
    first = parts[0]
    return Fix(
        "setting",
        f"In the code of {first.page}, write https:// instead of http:// in front of {first.url.partition('://')[2]}"
        + (f" and the {plural(len(parts) - 1, 'other address', 'other addresses')}" if len(parts) > 1 else "")
        + ". If that host has no https, serve the file from your own site. Until then, this header makes browsers ask "
        "over https: Content-Security-Policy: upgrade-insecure-requests.",
        minutes=20,
        who="Whoever builds your site",
        settings=(Setting("mixed.upgrade", "on"),),
        copy=f"https://{first.url.partition('://')[2]}",
    )
