"""Whether browsers may keep the site's own scripts, styles and fonts (RFC 9111 section 4.2, RFC 8246)."""

from __future__ import annotations

import email.utils
import re
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.performance.assets import Asset, Looked, hashed, look
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import listed, plural

_LONG = "public, max-age=31536000, immutable"
_DIRECTIVE = re.compile(r"([A-Za-z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+)))?")


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a browser may use an answer without asking. `seconds` None: nothing says so."""

    seconds: int | None
    no_store: bool = False
    revalidates: bool = False
    validator: bool = False


def directives(header: str) -> dict[str, str]:
    """The directives of a Cache-Control header, names in lower case; of doubles the first counts (RFC 9111 4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(header[:4_000]):
        found.setdefault(name.lower(), quoted or plain)
    return found


def kept(page: Page) -> Kept:
    """Freshness in a browser (a private cache, so s-maxage does not count)."""
    header = page.header("cache-control")
    said = directives(header or "")
    validator = page.header("etag") is not None or page.header("last-modified") is not None
    no_cache = "no-cache" in said
    if "no-store" in said:
        return Kept(0, no_store=True, validator=validator)
    if "max-age" in said:
        digits = said["max-age"]
        seconds = min(int(digits), 2**31) if digits.isascii() and digits.isdigit() else 0  # RFC 9111: invalid is stale
        fresh = 0 if no_cache else seconds
        return Kept(fresh, revalidates=no_cache or fresh == 0 or "must-revalidate" in said, validator=validator)
    if no_cache:
        return Kept(0, revalidates=True, validator=validator)
    expires = page.header("expires")
    if expires is not None:
        return Kept(_until(expires, page.header("date")), validator=validator)
    return Kept(None, validator=validator)


def _until(expires: str, date: str | None) -> int:
    """Seconds between Date and Expires; 0 for what is no date ("0", "-1"), which means already expired."""
    try:
        end = email.utils.parsedate_to_datetime(expires)
        begin = email.utils.parsedate_to_datetime(date or "")
        return max(0, int((end - begin).total_seconds()))
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0


def grade(asset_url: str, page: Page) -> str:
    """ "pass", "warn" or "fail" for one file, by the rule."""
    how = kept(page)
    if hashed(asset_url):
        if how.seconds is None or how.no_store or how.seconds < limits.CACHE_WARN:
            return "fail"
        return "pass" if how.seconds >= limits.CACHE_HASHED_SOUND else "warn"
    if how.no_store:
        return "fail"
    if how.seconds is None and not how.validator:
        return "fail"
    return "warn"


@check(
    "performance.cache.static",
    severity=Severity.MEDIUM,
    title="Browsers keep what does not change",
    why="If they may not, every visit downloads the whole app again, and the site feels slow on each click.",
    minutes=20,
)
async def cache_static(project: Project, web: Web) -> Finding:
    looked = await look(project, web)
    return looked if isinstance(looked, Finding) else judge(looked)


def judge(looked: Looked) -> Finding:
    """Pure: the worst of the files decides."""
    files = looked.of("style", "script", "font")
    if not files:
        return info("The home page loads no script, style or font of its own, so there is nothing to keep.")
    answered = [(asset, asset.page) for asset in files if asset.page is not None]
    if not answered:
        return unknown(
            f"No script, style or font of the home page came back ({len(files)} asked for), so we could not tell.",
            needs="another look",
            evidence=[_missing(asset) for asset in files],
        )
    graded = [(asset, page, grade(asset.url, page)) for asset, page in answered]
    evidence = [
        Evidence(asset.url, f"cache-control: {page.header('cache-control') or 'none'}") for asset, page, _ in graded
    ]
    evidence += [_missing(asset) for asset in files if asset.page is None]
    bad = [asset for asset, _, how in graded if how == "fail"]
    weak = [asset for asset, _, how in graded if how == "warn"]
    total = len(graded)
    if bad:
        return failed(
            f"{len(bad)} of {plural(total, 'script, style or font', 'scripts, styles and fonts')} may not be kept by "
            f"browsers, such as {bad[0].name}.",
            _fix(bad),
            evidence=evidence,
        )
    if weak:
        loose = [asset for asset in weak if not hashed(asset.url)]
        what = "has no fingerprint in its name" if loose else "may be kept for less than a year"
        example = (loose or weak)[0].name
        return warned(
            f"{len(weak)} of {plural(total, 'script, style or font', 'scripts, styles and fonts')} could be kept "
            f"longer: {example} {what}.",
            _fix(weak),
            evidence=evidence,
        )
    return passed(f"Browsers may keep all {total} scripts, styles and fonts for a year.", evidence=evidence)


def _missing(asset: Asset) -> Evidence:
    reply = asset.reply
    return Evidence(asset.url, f"answered {reply.status}" if isinstance(reply, Page) else reply.say)


def _fix(assets: list[Asset]) -> Fix:
    names = listed([asset.name for asset in assets], most=3)
    return Fix(
        "setting",
        f"At your web host or CDN, send the header “Cache-Control: {_LONG}” with files whose name changes with their "
        "content. A file that keeps its name when it changes needs a fingerprint in it first, by your build tool: look "
        f"at {names}.",
        minutes=20,
        who="Whoever runs your web host",
        settings=(Setting("cache.static", _LONG),),
        copy=f"Cache-Control: {_LONG}",
    )
