"""Whether the API answers and can reach its database: its health page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.deploy.visit import Visit, unreached, unread, visit
from launchready_tui.model import Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Page, Web

_STATUS = re.compile(r"status|state|health|healthy|ok|alive|up", re.IGNORECASE)
_STORE = re.compile(
    r"db|database|databases|datastore|datasource|store|storage|postgres(?:ql)?|pg|mysql|mariadb|sqlite|mongo(?:db)?|"
    r"redis|sql|supabase|firestore|dynamo(?:db)?|planetscale|prisma|neon|turso|d1",
    re.IGNORECASE,
)
_BAD = {"down", "error", "errors", "fail", "failed", "failing", "failure", "unhealthy", "unavailable", "critical"}
_BAD |= {"disconnected", "timeout", "false", "dead", "offline", "outage", "degraded", "not ok", "nok", "ko"}
_DEPTH = 6
_ENTRIES = 400


def _settings(url: str, say: str, minutes: int = 30) -> Fix:
    return Fix(
        "setting",
        say,
        minutes=minutes,
        who="Whoever writes your app",
        settings=(Setting("site.api", "up"),),
        page=url,
    )


@dataclass(frozen=True, slots=True)
class Health:
    """What a health page says: is there a status, is there a look at a database, and what of it is bad."""

    status: bool
    store: bool
    bad: tuple[str, ...]


def _entries(thing: object, depth: int = 0, under: str = "") -> Iterator[tuple[str, object]]:
    """Names and plain values of a JSON document, a check in a list by its "name"; bounded."""
    if depth > _DEPTH:
        return
    if isinstance(thing, dict):
        named = thing.get("name") or thing.get("componentName")
        under = named if isinstance(named, str) else under
        for key, value in list(thing.items())[:_ENTRIES]:
            if isinstance(value, dict | list):
                yield str(key), None
                yield from _entries(value, depth + 1, str(key))
            else:
                yield str(key), value
                if under and _STATUS.fullmatch(str(key)):
                    yield under, value
    elif isinstance(thing, list):
        for each in thing[:_ENTRIES]:
            yield from _entries(each, depth + 1, under)


def _is_store(name: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name[:100])
    return any(_STORE.fullmatch(word) for word in (name, *words))


def read(text: str) -> Health | None:
    """Read a health page; None where it is no JSON object."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    status = store = False
    bad: list[str] = []
    for number, (name, value) in enumerate(_entries(document)):
        if number > _ENTRIES:
            break
        is_store = _is_store(name)
        is_status = _STATUS.fullmatch(name) is not None
        status = status or is_status
        store = store or is_store
        said = str(value).strip().lower()
        if (is_store or is_status) and value is not None and said in _BAD:
            bad.append(f"{name}: {said}")
    return Health(status, store, tuple(dict.fromkeys(bad)))


@check(
    "deploy.smoke.api",
    severity=Severity.CRITICAL,
    title="The API answers and reaches its database",
    why="When the API fails, the app looks alive but cannot save anything.",
    minutes=30,
)
async def smoke_api(project: Project, web: Web) -> Finding:
    url = project.url("api")
    if url is None:
        return unknown(
            "We do not know the address of your API's health page.",
            needs="the address of your API's health page, or “we have none”",
        )
    if not url or "api" in project.absent:
        return info("You said that there is no API of its own.")
    seen = await visit(web, url, slow=limits.API_SECONDS)
    lost = unreached(project, seen, "The API's health page")
    return lost or judge(url, seen)


def judge(url: str, seen: Visit) -> Finding:
    """Pure: the answer of a health page, against the rule."""
    page = seen.last
    assert isinstance(page, Page)  # unreached() dealt with everything else
    host = host_of(page.url)
    ask = f'Let {url} look at its database and answer 200 with JSON such as {{"status": "ok", "db": "ok"}}.'
    if not 200 <= page.status < 300:
        often = f" in {len(seen.tries)} tries" if len(seen.tries) > 1 else ""
        return failed(
            f"The API's health page {url} answers {page.status}{often}.",
            _settings(url, f"Look into the logs of your API for what goes wrong at that address. {ask}"),
            evidence=seen.evidence,
            subject=host,
            cause=f"site-down:{host}" if page.status >= 500 else "",
        )
    if (unclear := unread(page, "The API's health page", seen)) is not None:
        return unclear
    html = page.content_type in ("text/html", "application/xhtml+xml")
    if html or page.body[:1_000].lstrip().lower().startswith((b"<!doctype", b"<html")):
        return failed(
            f"The API's health page {url} answers with a web page. Your site seems to answer there, not your API.",
            _settings(url, f"Check the address, and which part of your site it leads to. {ask}"),
            evidence=seen.evidence,
            subject=host,
        )
    health = read(page.text)
    if health is not None and health.bad:
        return failed(
            f"The API's health page {url} itself reports trouble: {health.bad[0]}.",
            _settings(
                url, "Look into the logs of your API and its database. The page should say “ok” again after that."
            ),
            evidence=seen.evidence,
            subject=host,
        )
    if health is None or not health.store:
        what = "answers, but does not look at its database" if health else "answers, but not with JSON"
        return warned(
            f"The API's health page {url} {what}. It stays green while nothing can be saved.",
            _settings(url, ask, minutes=60),
            evidence=seen.evidence,
            subject=host,
        )
    if not health.status:
        return warned(
            f"The API's health page {url} has no status field, so a monitor cannot tell good from bad.",
            _settings(url, ask),
            evidence=seen.evidence,
            subject=host,
        )
    if page.seconds > limits.API_SECONDS:
        return warned(
            f"The API's health page took {page.seconds:.1f} seconds (aim: {limits.API_SECONDS:g}).",
            _settings(url, "Look why it is slow: an app that sleeps when idle, or a slow question to the database."),
            evidence=seen.evidence,
            subject=host,
        )
    return passed(
        f"The API's health page answers in {page.seconds:.2f} seconds and looks at its database.",
        evidence=seen.evidence,
        subject=host,
    )
