"""Questions to a web host: what its interface answers as JSON, or why not, in words. Never a fault of the founder."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from launchready_tui import limits
from launchready_tui.hosts.model import NoHost
from launchready_tui.secret import Secret
from launchready_tui.sources.web import NoPage, Page, Web
from launchready_tui.text import clean, minutes

Json = dict[str, Any]


class Trouble(Exception):
    """The host did not give what was asked. `status` is that of HTTP, 0 where there was none."""

    def __init__(self, told: NoHost, status: int = 0) -> None:
        super().__init__(told.say)
        self.told, self.status = told, status


class Asking:
    """One host's interface with one token. `name` is the host's ("Vercel"), `ticks` what its token must be allowed."""

    def __init__(self, web: Web, name: str, base: str, token: Secret, ticks: str = "") -> None:
        self.name = name
        self._web, self._base, self._token, self._ticks = web, base.rstrip("/"), token, ticks

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON that a path answers with. Raises Trouble."""
        asked = urlencode({key: value for key, value in (query or {}).items() if value})
        return await self._ask(f"{self._base}{path}{'?' if asked else ''}{asked}", None)

    async def graph(self, query: str, variables: Mapping[str, object]) -> Json:
        """What a GraphQL question answers with, its `data`. Raises Trouble."""
        body = json.dumps({"query": query, "variables": dict(variables)}).encode()
        told = await self._ask(f"{self._base}/graphql", body)
        if not isinstance(told, dict):
            raise self.changed()
        errors = told.get("errors")
        if isinstance(errors, list) and errors:
            first = errors[0] if isinstance(errors[0], dict) else {}
            code = str(
                (first.get("extensions") or {}).get("code", "") if isinstance(first.get("extensions"), dict) else ""
            )
            status = {"UNAUTHORIZED": 401, "FORBIDDEN": 403, "NOT_FOUND": 404}.get(code, 0)
            said = self._hide(clean(str(first.get("message", "")), limit=160))
            raise self._refused(status) if status else Trouble(NoHost(f"{self.name} could not answer: {said}"))
        data = told.get("data")
        if not isinstance(data, dict):
            raise self.changed()
        return data

    async def _ask(self, url: str, body: bytes | None) -> Any:
        headers = [("authorization", f"Bearer {self._token.reveal()}"), ("accept", "application/json")]
        if body is not None:
            headers.append(("content-type", "application/json"))
        page = await self._web.call(url, tuple(headers), body)
        if isinstance(page, NoPage):
            raise Trouble(NoHost(f"{self.name}'s interface {page.say}."))
        if page.status != 200:
            raise self._refused(page.status, page)
        if page.cut:
            raise Trouble(NoHost(f"{self.name}'s answer is longer than {limits.BODY_BYTES // 1_000_000} MB."))
        try:
            return json.loads(page.body)
        except (ValueError, RecursionError):
            kind = "a web page" if "html" in page.content_type else "no JSON"
            raise Trouble(NoHost(f"{self.name}'s interface answered with {kind}.")) from None

    def _refused(self, status: int, page: Page | None = None) -> Trouble:
        name = self.name
        if status == 401:
            told = NoHost(f"{name} refused our token: it is unknown, expired or taken back.", f"a new token for {name}")
        elif status == 403:
            tick = f" Tick {self._ticks} for it." if self._ticks else ""
            told = NoHost(f"{name} refused: our token may not see this.{tick}", f"a token for {name} that may read it")
        elif status == 404:
            told = NoHost(f"{name} shows this token no such project.", f"a token for {name} that sees the project")
        elif status == 429:
            wait = _seconds(page.header("retry-after") if page is not None else None)
            told = NoHost(
                f"{name} was asked too often and wants a pause{f' of {wait}' if wait else ''}.", "another look later"
            )
        elif status >= 500:
            told = NoHost(f"{name}'s interface is in trouble (HTTP {status}).")
        else:
            told = NoHost(f"{name}'s interface answered HTTP {status}, which we did not expect.")
        return Trouble(told, status)

    def changed(self) -> Trouble:
        """What to raise where an answer has another form than the one its documentation gives."""
        return Trouble(NoHost(f"{self.name}'s answer has another form than the one we know.", "a newer launchready"))

    def _hide(self, text: str) -> str:
        return text.replace(self._token.reveal(), "•••") if self._token else text

    # ---- the parts of an answer ----

    def rows(self, told: object, key: str = "") -> list[Json]:
        """A list of objects, that of `key` where one is named. Raises Trouble."""
        found = told.get(key) if key and isinstance(told, dict) else told
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self.changed()
        return found

    def text(self, told: Mapping[str, Any], *keys: str) -> str:
        """The first of some keys that is a text. Raises Trouble where none is."""
        found = maybe(told, *keys)
        if not found:
            raise self.changed()
        return found


def maybe(told: Mapping[str, Any], *keys: str) -> str:
    """The first of some keys that is a text, "" where none is."""
    return next((told[key] for key in keys if isinstance(told.get(key), str) and told[key]), "")


def part(told: Mapping[str, Any], key: str) -> Json:
    """An object within, {} where there is none."""
    found = told.get(key)
    return found if isinstance(found, dict) else {}


def moment(told: object) -> dt.datetime | None:
    """A time as hosts write it: ISO 8601 (RFC 3339), or milliseconds since 1970."""
    try:
        if isinstance(told, (int, float)) and not isinstance(told, bool):
            return dt.datetime.fromtimestamp(told / 1000, dt.UTC)
        if isinstance(told, str):
            at = dt.datetime.fromisoformat(told[:40])
            return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError, OSError):
        pass  # a time that is none is not known
    return None


def commit(told: str) -> str:
    """A commit id, "" for what is none."""
    return told.lower() if re.fullmatch(r"[0-9a-fA-F]{7,64}", told) else ""


def within(told: str) -> str:
    """A text as one part of a path."""
    return quote(told, safe="")


def _seconds(told: str | None) -> str:
    """Retry-After in words (RFC 9110 section 10.2.3: seconds, or a date)."""
    if told is None or not told.isascii() or not told.isdigit() or len(told) > 6:
        return ""
    seconds = int(told)
    return f"{seconds} seconds" if seconds < 120 else minutes(seconds // 60)
