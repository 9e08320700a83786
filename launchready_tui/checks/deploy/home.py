"""The front door: does the home page open, quickly, and is it the founder's own page?"""

from __future__ import annotations

import re

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.deploy.visit import Visit, unreached, unread, visit
from launchready_tui.model import Finding, Fix, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import clean

_HOST = "Whoever runs your web host"

# Pages that stand where nobody has put one. In a title any of these settles it; in the text only where little else is.
_PLACEHOLDER = re.compile(
    r"welcome to nginx|apache2? .{0,20}default page|test page for the (?:apache|nginx)|^it works!?$|"
    r"iis windows server|caddy works|plesk.{0,30}default|default web ?site page|"
    r"heroku \| welcome|welcome to your new app|site not found ?· ?github|there isn't a github pages site here|"
    r"deployment_not_found|this deployment (?:cannot be found|is temporarily paused)|"
    r"no such app|application error|fastly error: unknown domain|domain not (?:claimed|connected)|"
    r"site is not published|account suspended",
    re.IGNORECASE,
)
_PARKED = re.compile(
    r"(?:this|the) domain (?:name )?(?:is|may be) (?:for sale|parked)|buy this domain|domain parking|"
    r"parked (?:free|domain)|"
    r"parked by|courtesy of (?:godaddy|namecheap|hostinger)|"
    r"future home of something|this (?:web)?site is under construction|sedo(?:parking)?\b.{0,40}domain",
    re.IGNORECASE,
)
_LITTLE = 1_500  # characters: a page with more text of its own is no placeholder


def stand_in(document: Document) -> str:
    """The words that give a placeholder or a parked page away; "" for a page of its own."""
    short = document.text if len(document.text) <= _LITTLE else ""
    for pattern in (_PLACEHOLDER, _PARKED):
        for text in (document.title, short):
            found = pattern.search(text)
            if found:
                return clean(found[0], limit=80)
    return ""


@check(
    "deploy.smoke.home",
    severity=Severity.CRITICAL,
    title="The home page opens",
    why="It is the front door. Whoever you invite sees it first, or sees an error.",
    minutes=30,
)
async def smoke_home(project: Project, web: Web) -> Finding:
    url = project.url("home")
    if not url:
        return info("You said that there is no home page.")
    seen = await visit(web, url, slow=limits.HOME_SECONDS)
    return unreached(project, seen, "The home page") or judge(project, seen)


def _steps(say: str, minutes: int = 30) -> Fix:
    return Fix("steps", say, minutes=minutes, who=_HOST)


def judge(project: Project, seen: Visit) -> Finding:
    """Pure: the page that came, against the rule."""
    page = seen.last
    assert isinstance(page, Page)  # unreached() dealt with everything else
    host = host_of(page.url)
    if page.status != 200:
        tries = f" in {len(seen.tries)} tries" if len(seen.tries) > 1 else ""
        return failed(
            f"The home page {page.url} answers {page.status} instead of a page{tries}.",
            _steps(f"At your web host, open the logs of the newest deployment and look for what {host} runs into."),
            evidence=seen.evidence,
            subject=host,
            cause=f"site-down:{host}" if page.status >= 500 else "",
        )
    if (unclear := unread(page, "The home page", seen)) is not None:
        return unclear
    marker = project.marker.strip()
    text = page.text
    document = parse(text, page.url)
    if marker and not _holds(marker, text, document):
        return failed(
            f"The page at {page.url} does not contain “{clean(marker, limit=60)}”, the words you said it would.",
            _steps(
                "Open the address in a browser. If it is not your page, look at your web host which site the domain "
                "belongs to. If it is, tell us other words that stand on it."
            ),
            evidence=seen.evidence,
            subject=host,
        )
    placeholder = "" if marker else stand_in(document)
    if placeholder:
        return failed(
            f"At {page.url} there is only a placeholder: “{placeholder}”.",
            _steps(
                f"At your web host, add {host} to the domains of your site and deploy it. If you have done that, see "
                "that the DNS records point where the host says."
            ),
            evidence=seen.evidence,
            subject=host,
        )
    if page.seconds > limits.HOME_SECONDS:
        if not all(isinstance(each, Page) and each.seconds > limits.HOME_SECONDS for each in seen.tries):
            return unknown(
                f"The home page took {page.seconds:.1f} seconds once, and then did not answer.",
                needs="another look",
                evidence=seen.evidence,
                subject=host,
            )
        return failed(
            f"The home page takes {page.seconds:.1f} seconds to come, each time (aim: {limits.HOME_SECONDS:g}).",
            _steps(
                "Look why it is slow: an app that sleeps when idle, a page built anew for each visitor, a server far "
                "away. Most hosts show the time of each request in their logs.",
                60,
            ),
            evidence=seen.evidence,
            subject=host,
        )
    ask = "" if marker else " Tell us a few words that stand on it, and we check that it is yours each time."
    return passed(f"The home page opens in {page.seconds:.2f} seconds.{ask}", evidence=seen.evidence, subject=host)


def _holds(marker: str, html: str, document: Document) -> bool:
    """The words as a person sees them, blanks and case aside; or as they stand in the source (a script shell)."""
    wanted = " ".join(marker.split()).casefold()
    return wanted in f"{document.title}\n{document.text}".casefold() or marker.casefold() in html.casefold()
