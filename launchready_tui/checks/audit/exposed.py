"""Files that anyone can download by typing an address: settings, source code, backups (after Nuclei's exposures)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from launchready_tui.checks import check
from launchready_tui.checks.audit._exposed_marks import FILES, PROBE, Mark, debug_page, holds_source, leaked
from launchready_tui.checks.audit._published import judge_paths
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, Status, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources import html
from launchready_tui.sources.repo import Repo, Tracked
from launchready_tui.sources.tls import Handshake, Tls
from launchready_tui.sources.web import NoPage, Page, Reply, Web
from launchready_tui.text import listed, plural

_WHO = "Whoever runs your web host"
_FILE_BYTES = 16_384  # a mark stands near the start
_PAGE_BYTES = 64_000
_MAP_BYTES = 1_000_000
_MAPS = 3  # scripts whose source map we ask for


@dataclass(slots=True)
class Host:
    """What one host let us see. `silent` are URLs that we could not tell of; `closed` says that nothing is served."""

    name: str
    closed: bool = False
    files: list[tuple[Mark, Page]] = field(default_factory=list)
    debug: list[tuple[str, str]] = field(default_factory=list)
    maps: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    asked: int = 0


@check(
    "audit.exposed.files",
    severity=Severity.CRITICAL,
    title="No private file can be downloaded",
    why="Whoever types the address has your source and your passwords; machines try it all day.",
    minutes=20,
)
async def exposed_files(project: Project, web: Web, tls: Tls, repo: Repo | None) -> Finding:
    ahead = [asyncio.create_task(_ahead(web, tls, name)) for name in project.hosts]
    try:
        hosts, tracked = await asyncio.gather(
            asyncio.gather(*(_look(project, web, name) for name in project.hosts)), _tracked(repo)
        )
        return _with_code(judge(project.domain, hosts), tracked)
    finally:
        for task in ahead:
            task.cancel()


async def _tracked(repo: Repo | None) -> tuple[str, ...]:
    tracked = await repo.tracked() if repo is not None else None
    return tracked.paths if isinstance(tracked, Tracked) else ()


def _with_code(finding: Finding, tracked: tuple[str, ...]) -> Finding:
    """What can be downloaded already comes first; then what the next deploy would publish."""
    return finding if finding.status is Status.FAIL else judge_paths(tracked) or finding


async def _ahead(web: Web, tls: Tls, name: str) -> None:
    """Ask for the files as soon as it is clear that https is there, beside the page; what comes is remembered."""
    shaken = await tls.look(name)
    if isinstance(shaken, Handshake) and not shaken.verdict.faults:
        await _files(web, f"https://{name}")


async def _files(web: Web, base: str) -> tuple[list[Reply], Reply]:
    return await asyncio.gather(
        asyncio.gather(*(web.get(base + mark.path, most=_FILE_BYTES) for mark in FILES)),
        web.get(base + PROBE, most=_PAGE_BYTES),
    )


async def _look(project: Project, web: Web, name: str) -> Host:
    """Ask one host for each file once, over https, or over http where https is not there."""
    host = Host(name)
    base = f"https://{name}"
    first = (await web.follow(f"{base}/")).hops[0]
    if _nothing(first):
        base = f"http://{name}"
        first = (await web.follow(f"{base}/")).hops[0]
    if isinstance(first, NoPage):
        host.closed = _nothing(first)
        if not host.closed:
            host.silent.append(f"{base}/ {first.say}")
        return host
    (replies, probed), _ = await asyncio.gather(_files(web, base), _maps(project, web, host))
    missing = _page(host, probed)
    anything = missing.body if missing is not None and missing.status == 200 else None  # what it says to any address
    for mark, reply in zip(FILES, replies, strict=True):
        page = _page(host, reply)
        if page is not None and page.status == 200 and page.body != anything and leaked(mark, page.body):
            host.files.append((mark, page))
    if missing is not None and (whose := debug_page(missing.text)):
        host.debug.append((whose, missing.url))
    return host


def _nothing(reply: Reply) -> bool:
    """True where it is a fact that nothing is served."""
    return isinstance(reply, NoPage) and (reply.fact or reply.kind in ("refused", "tls"))


def _page(host: Host, reply: Reply) -> Page | None:
    host.asked += 1
    if isinstance(reply, Page) and not (reply.status == 200 and reply.unread):
        return reply
    if isinstance(reply, Page):
        host.silent.append(f"{reply.url} came in a form that we cannot read")
        return None
    if reply.kind == "shield":  # the home page opened, so this very address is guarded, and no machine gets it
        return None
    host.silent.append(f"{reply.url} {reply.say}")
    return None


def _home_host(project: Project) -> str:
    return urlsplit(project.url("home") or "").hostname or ""


async def _maps(project: Project, web: Web, host: Host) -> None:
    """Ask beside the home page's own scripts for maps that hold the source; nothing on another host."""
    if host.name != _home_host(project):
        return
    home = (await web.follow(project.url("home") or "")).last
    if not isinstance(home, Page):
        return
    own = urlsplit(home.url).netloc
    scripts = [script.src.partition("?")[0] for script in html.parse(home.text, home.url).scripts if script.src]
    beside = [f"{src}.map" for src in dict.fromkeys(scripts) if urlsplit(src).netloc == own][:_MAPS]
    for reply in await asyncio.gather(*(web.get(url, most=_MAP_BYTES) for url in beside)):
        page = _page(host, reply)
        if page is not None and page.status == 200 and holds_source(page.body):
            host.maps.append(page.url)


def judge(domain: str, hosts: list[Host]) -> Finding:
    found = [(mark, page) for host in hosts for mark, page in host.files]
    if found:
        return _open(domain, found)
    debug = [(whose, url) for host in hosts for whose, url in host.debug]
    if debug:
        whose, url = debug[0]
        return warned(
            f"For a page that does not exist, {url} shows how your app works inside ({whose}'s debug page or an error "
            "with its source lines).",
            Fix(
                "steps",
                "Switch your app to production mode where its settings are kept at your host: DEBUG=False (Django), "
                "APP_DEBUG=false (Laravel), RAILS_ENV=production (Rails), NODE_ENV=production (Node.js). Then deploy "
                "again.",
                minutes=15,
                who="Whoever writes your app",
            ),
            evidence=[Evidence(f"GET {url}", f"{whose} debug page or stack trace") for whose, url in debug],
            subject=domain,
        )
    maps = [url for host in hosts for url in host.maps]
    if maps:
        return warned(
            f"{listed(maps, most=2)} {'holds' if len(maps) == 1 else 'hold'} your app's source code as you wrote it.",
            Fix(
                "steps",
                "Switch source maps off for production builds (Vite: build.sourcemap false; Next.js: "
                "productionBrowserSourceMaps false; webpack: devtool false), and deploy again.",
                minutes=15,
                who="Whoever writes your app",
            ),
            evidence=[Evidence(f"GET {url}", "200, sourcesContent is filled") for url in maps],
            subject=domain,
        )
    asked = sum(host.asked for host in hosts)
    evidence = [
        Evidence(host.name, "nothing is served" if host.closed else f"{plural(host.asked, 'address')} asked")
        for host in hosts
    ]
    silent = [line for host in hosts for line in host.silent]
    if silent or not asked:
        why = f"{listed(silent, most=2)}" if silent else f"nothing answers at {domain} yet"
        return unknown(
            f"We could not tell whether private files can be downloaded: {why}.",
            needs="another look" if silent else "a site that answers",
            evidence=evidence,
            subject=domain,
        )
    looked = listed([host.name for host in hosts if not host.closed])
    return passed(
        f"None of the {len(FILES)} files that leak most often can be downloaded from {looked}.",
        evidence=evidence,
        subject=domain,
    )


def _open(domain: str, found: list[tuple[Mark, Page]]) -> Finding:
    urls = [page.url for _, page in found]
    what = list(dict.fromkeys(mark.what for mark, _ in found))
    rotate = (
        " Whatever stood in there is known by now: make a new key for every value, at the service it is for."
        if any(mark.secret for mark, _ in found)
        else ""
    )
    paths = listed(list(dict.fromkeys(mark.path for mark, _ in found)), most=9)
    return failed(
        f"Anyone can download {listed(urls, most=4)}: {listed(what)}.",
        Fix(
            "setting",
            f"Take {paths} out of the folder that your web server publishes, and tell the server to answer 404 for "
            f"names that begin with a dot. Look again here.{rotate}",
            minutes=20,
            who=_WHO,
            settings=(Setting("files.exposed", "closed"),),
        ),
        # Never a line of the content: it holds the secrets themselves.
        evidence=[
            Evidence(f"GET {page.url}", f"{page.status}, {page.content_type or 'no type'}, {mark.what}")
            for mark, page in found
        ],
        subject=domain,
    )
