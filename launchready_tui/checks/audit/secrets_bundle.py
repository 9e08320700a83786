"""Keys in what every visitor's browser gets: the pages and scripts of the site itself (Supabase: API keys)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.audit import _keys_found as words
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned, SecretScan
from launchready_tui.sources import html
from launchready_tui.sources.repo import NoRepo
from launchready_tui.sources.web import NoPage, Page, Reply, Web
from launchready_tui.text import clean, listed, plural

_QUESTION = "google.referrer"
_BROWSER = "gzip, br, zstd"  # as the files of the home page are asked for elsewhere, so that each is asked for once
_KINDS = ("home", "login", "signup")
_OPEN = ("supabase-service-role",)  # opens everything, whatever the rules of the tables say


@dataclass(slots=True)
class Seen:
    """What browsers get: (address, text) of pages and scripts, and what could not be read."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    pages: int = 0
    silent: list[str] = field(default_factory=list)
    left: int = 0


@check(
    "audit.secrets.bundle",
    severity=Severity.CRITICAL,
    title="No secret key is in what browsers get",
    why="Any visitor can open your whole database from their browser.",
    minutes=60,
    question=_QUESTION,
    seconds=limits.SECRETS_SECONDS,
)
async def secrets_bundle(
    project: Project, web: Web, scan: SecretScan, answers: Answers, marks: SecretMarks | None
) -> Finding:
    seen = await look(project, web)
    if not seen.texts:
        silent = seen.silent
        if not silent:
            return info("There is no page of yours to look at yet.", subject=project.domain)
        return unknown(
            f"We could not read your pages: {listed(silent, most=2)}.",
            needs="a home page that opens",
            subject=project.domain,
        )
    answer = answers.get(_QUESTION)
    scanned = await scan.texts(seen.texts)
    return judge(project.domain, seen, scanned, marks or SecretMarks(), limited=answer.choice if answer else "")


async def look(project: Project, web: Web) -> Seen:
    """The pages (home, login, signup) and at most limits.BUNDLE_SCRIPTS scripts of the site itself."""
    urls = list(dict.fromkeys(url for url in (project.url(kind) for kind in _KINDS) if url))
    seen, scripts = Seen(), dict[str, None]()
    for chain in await asyncio.gather(*(web.follow(url) for url in urls)):
        page = chain.last
        if not isinstance(page, Page) or page.unread:
            seen.silent.append(_why(page))
            continue
        if not _own(project, page.url):
            continue
        seen.pages += 1
        seen.texts.append((page.url, page.text))
        document = html.parse(page.text, page.url)
        found = [script.src for script in document.scripts if script.src]
        found += [href for rel, href in document.linked if rel == "modulepreload"]
        scripts.update(dict.fromkeys(src for src in found if _own(project, src)))
    chosen = list(scripts)[: limits.BUNDLE_SCRIPTS]
    seen.left = len(scripts) - len(chosen)
    for reply in await asyncio.gather(*(_script(web, src) for src in chosen)):
        if isinstance(reply, Page) and reply.status == 200 and not reply.unread:
            seen.texts.append((reply.url, reply.text))
            seen.left += reply.cut
        elif not isinstance(reply, Page) or reply.status == 200:
            seen.silent.append(_why(reply))
    return seen


async def _script(web: Web, src: str) -> Reply:
    reply = await web.get(src, accept_encoding=_BROWSER)
    return await web.get(src) if isinstance(reply, Page) and reply.unread else reply


def _own(project: Project, url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == project.domain or host.endswith(f".{project.domain}") or host in project.hosts


def _why(reply: Reply) -> str:
    if isinstance(reply, NoPage):
        return f"{clean(reply.url, limit=120)} {reply.say}"
    return f"{clean(reply.url, limit=120)} came in a form that we cannot read"


def judge(domain: str, seen: Seen, scanned: Scanned | NoRepo, marks: SecretMarks, *, limited: str) -> Finding:
    """`limited` is what was said about the limit of the Google key: "limited", "no" or ""."""
    if isinstance(scanned, NoRepo):
        return unknown(f"We could not look through your scripts: {scanned.say}.", needs="another look", subject=domain)
    google = [one for one in scanned.found if one.rule == "google-api-key"]
    secret = [one for one in scanned.found if one.what == "secret" and one not in google]
    still = words.worst_first(one for one in secret if marks.open(one))
    lines = [Evidence("scan", words.engine_said(scanned)), *(_line(one) for one in scanned.found[:12])]
    if still:
        return _leaked(domain, still, lines)
    doubtful = words.worst_first(one for one in scanned.found if one.what == "debatable" and marks.open(one))
    if google and limited != "limited" and any(marks.open(one) for one in google):
        return warned(
            f"A Google key is in {_address(google[0])}. That is where one for maps or sign-in belongs, but nobody has "
            "told "
            "us that it only works from your own site.",
            _limit(),
            evidence=lines,
            subject=domain,
            question=_QUESTION,
        )
    if doubtful:
        return warned(
            f"{words.article(doubtful[0].name)[0].upper()}{words.article(doubtful[0].name)[1:]} is in "
            f"{_address(doubtful[0])}, and every visitor gets it.",
            words.look_at(doubtful),
            evidence=lines,
            subject=domain,
        )
    if seen.silent or seen.left:
        more = listed(seen.silent, most=2) or plural(seen.left, "script") + " past our cap"
        return unknown(
            f"In {plural(len(seen.texts), 'page or script', 'pages and scripts')} no secret key stands; not read: "
            f"{more}.",
            needs="another look",
            evidence=lines,
            subject=domain,
        )
    public = sorted({one.name for one in scanned.found if one.what == "public"})
    meant = f" {listed([words.article(name) for name in public])} is meant to be there." if public else ""
    return passed(
        f"No secret key is in the {plural(len(seen.texts), 'page or script', 'pages and scripts')} that browsers get "
        "from "
        f"you.{meant}",
        evidence=lines,
        subject=domain,
    )


def _address(found: Found) -> str:
    return clean(found.path.partition("?")[0], limit=120)


def _line(found: Found) -> Evidence:
    return Evidence(f"{_address(found)}:{found.line}", f"{found.name} {found.shown}, fingerprint {found.print[:8]}")


def _leaked(domain: str, still: list[Found], lines: list[Evidence]) -> Finding:
    first = still[0]
    name = words.article(first.name)
    opens = " With it anyone opens your whole database, whatever its rules say." if first.rule in _OPEN else ""
    more = f", and {plural(len(still) - 1, 'more')}" if len(still) > 1 else ""
    steps, page = words.rotation(still)
    return failed(
        f"{name[0].upper()}{name[1:]} is in {_address(first)}{more}: every visitor has it.{opens}",
        Fix(
            "steps",
            f"1. Make a new key: {steps}. 2. Use it on your server only: a name that begins with NEXT_PUBLIC_, VITE_ "
            "or "
            "the like goes to every browser, so give it another name. 3. Deploy, delete the old key, and look again "
            "here.",
            minutes=60,
            who=words.WHO,
            page=page,
        ),
        evidence=lines,
        subject=domain,
        cause=f"key:{first.print[:12]}" if len(still) == 1 else "",
    )


def _limit() -> Fix:
    return Fix(
        "steps",
        "In Google Cloud open APIs & Services > Credentials, choose the key, and under Application restrictions choose "
        "Websites and add your own addresses. Under API restrictions choose only what the page uses. Then press a here "
        "and tell us.",
        minutes=10,
        who=words.WHO,
        page="https://console.cloud.google.com/apis/credentials",
    )
