"""The practice site: which host answers what. Its settings file decides, and is read again whenever it changes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs

from launchready_tui.practice import DOMAIN, pages
from launchready_tui.practice.letters import KINDS, Kind
from launchready_tui.practice.webserver import Request, Response

WWW, APP, API = f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}"
HOSTS = (DOMAIN, WWW, APP, API)
RDAP_HOST = "127.0.0.1"  # the registry's stand-in is asked by its address

_COMPRESS_FROM = 1_024  # smaller bodies do not get smaller
_SECURITY = (
    ("Content-Security-Policy", "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
_HTML = "text/html; charset=utf-8"
_JSON = "application/json"


class Post(Protocol):
    """What sends the product's mails, and knows their links."""

    def ask(self, kind: Kind, address: str) -> None: ...

    def used(self, kind: Kind, token: str) -> bool: ...


class SettingsFile:
    """A JSON object of strings on disk. What cannot be read leaves the last good settings standing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._settings: Mapping[str, str] = {}

    def now(self) -> Mapping[str, str]:
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if stamp != self._stamp:
                read = json.loads(self._path.read_text("utf-8"))
                self._settings = {str(name): str(value) for name, value in read.items()}
                self._stamp = stamp
        except (OSError, ValueError, AttributeError):
            pass  # it is being replaced, or somebody edits it by hand: what was good stands
        return self._settings


class Site:
    """Answers requests for HOSTS, over http and https alike, the registry's look-ups (`registration`, RFC 9083), and
    the search of certificate logs (`logged`)."""

    def __init__(
        self,
        settings: Callable[[], Mapping[str, str]],
        registration: Callable[[], dict[str, object]] | None = None,
        logged: Callable[[], list[dict[str, object]]] | None = None,
        post: Post | None = None,
    ) -> None:
        self._settings, self._registration, self._logged, self._post = settings, registration, logged, post

    def answer(self, request: Request) -> Response:
        settings = self._settings()
        if request.host == RDAP_HOST and not request.secure:
            return self._registry(request)
        if request.host not in HOSTS:
            return Response(421, (("Content-Type", _HTML),), pages.error(421, "No such site here"))
        letter = self._letter(request) if request.secure and request.host in (DOMAIN, WWW, APP) else None
        if request.method not in ("GET", "HEAD") and letter is None:
            return Response(405, (("Allow", "GET, HEAD"),))
        response = letter or _redirect(request, settings) or _content(request, settings)
        return _finish(request, response, settings)

    def _letter(self, request: Request) -> Response | None:
        """The forms that send a mail, and the links that stand in one; None for every other page."""
        kind, _, token = request.path.removeprefix("/").partition("/")
        if self._post is None or kind not in KINDS:
            return None
        if token:
            if request.method != "GET":
                return None
            good = self._post.used(kind, token)
            return _html(200, pages.opened(kind)) if good else _html(410, pages.error(410, "This link was used"))
        if request.method == "POST":
            form = parse_qs(request.body.decode("ascii", "replace"))
            self._post.ask(kind, form.get("email", [""])[0])
            return _html(200, pages.on_its_way(kind))
        return _html(200, pages.asking(kind)) if request.method in ("GET", "HEAD") else None

    def _registry(self, request: Request) -> Response:
        if self._logged is not None and request.path == "/ct/":
            asked = parse_qs(request.target.partition("?")[2]).get("q", [""])[0]
            found = self._logged() if asked == f"%.{DOMAIN}" else []
            return Response(200, (("Content-Type", _JSON),), json.dumps(found).encode())
        kind = (("Content-Type", "application/rdap+json"),)
        name = request.path.removeprefix("/rdap/domain/").lower()
        if self._registration is not None and name == DOMAIN:
            return Response(200, kind, json.dumps(self._registration()).encode())
        return Response(404, kind, json.dumps({"errorCode": 404, "title": "Not found"}).encode())


def _redirect(request: Request, settings: Mapping[str, str]) -> Response | None:
    """Where a visitor is sent on; None where they are to stay."""
    target = request.target if settings.get("redirects.path") == "keep" else "/"
    canonical = settings.get("redirects.canonical", "")
    status = settings.get("https.redirect", "")
    if not request.secure and status in ("301", "302", "307", "308"):
        return _to(int(status), f"https://{request.host}{target}")
    if request.host in (DOMAIN, WWW) and canonical in (DOMAIN, WWW) and request.host != canonical:
        return _to(301, f"https://{canonical}{target}")
    if not request.secure and request.path not in _known_paths():
        return _to(301, f"https://{request.host}{target}")  # an old rule of the host: deep links on http leave it
    return None


def _to(status: int, where: str) -> Response:
    return Response(status, (("Location", where),))


def _known_paths() -> frozenset[str]:
    own = ("/", "/login", "/signup", "/.env", "/health", "/api/health", "/robots.txt", "/favicon.ico")
    return frozenset((*own, *(f"/{kind}" for kind in KINDS), *pages.assets()))


def _content(request: Request, settings: Mapping[str, str]) -> Response:
    path = request.path
    if path in ("/health", "/api/health"):
        return _health(settings)
    if request.host == API:
        return Response(200 if path == "/" else 404, (("Content-Type", _JSON),), b'{"service": "api"}')
    small = settings.get("images.optimise") == "on"
    asset = pages.assets().get(path)
    if asset is not None:
        kept = settings.get("cache.static")
        cache = (("Cache-Control", kept),) if kept and "\n" not in kept and "\r" not in kept else ()
        return Response(200, (("Content-Type", asset.type), *cache), asset.body)
    if path == "/":
        upgraded = settings.get("mixed.upgrade") == "on"
        body = pages.app() if request.host == APP else pages.home(small=small, upgraded=upgraded)
        return _html(200, body)
    if path == "/login":
        up = settings.get("site.login") == "up"
        return _html(200, pages.login()) if up else _html(500, pages.error(500, "Something went wrong"))
    if path == "/signup":
        return _html(200, pages.signup())
    if path == "/.env" and request.host in (DOMAIN, WWW) and settings.get("files.exposed") != "closed":
        return Response(200, (("Content-Type", "text/plain"),), left_behind().encode())
    return _html(404, pages.error(404, "Nothing here"))


def left_behind() -> str:
    """A .env file that somebody left in the web folder. Its values are put together here and open nothing."""
    fake = "practice" + "-not-a-key"
    return f"APP_ENV=production\nDB_PASSWORD={fake}-1\nSESSION_SECRET={fake}-2\nMAIL_API_KEY={fake}-3\n"


def _html(status: int, body: bytes) -> Response:
    return Response(status, (("Content-Type", _HTML), ("Cache-Control", "no-cache")), body)


def _health(settings: Mapping[str, str]) -> Response:
    up = settings.get("site.api") == "up"
    said = {"status": "ok", "database": "ok"} if up else {"status": "error", "database": "no connection"}
    head = (("Content-Type", _JSON), ("Cache-Control", "no-store"))
    return Response(200 if up else 503, head, json.dumps(said).encode())


def _finish(request: Request, response: Response, settings: Mapping[str, str]) -> Response:
    """What every answer gets: the server's name, security headers, a tag for the browser's cache, compression."""
    headers = [("Server", "practice"), *response.headers]
    if settings.get("cdn.proxy") == "on":
        headers.append(("X-Served-By", "practice-edge-1"))  # what content networks add; no real one is named
    hsts = settings.get("https.hsts", "")
    if request.secure and hsts and "\n" not in hsts and "\r" not in hsts:
        headers.append(("Strict-Transport-Security", hsts))
    if settings.get("headers.security") == "on":
        headers += _SECURITY
    body = response.body
    if response.status == 200:
        tag = _tag(body)
        headers.append(("ETag", tag))
        if request.headers.get("if-none-match") == tag:
            return Response(304, tuple(headers))
    if settings.get("compression.text") == "on" and len(body) >= _COMPRESS_FROM and _is_text(response):
        headers.append(("Vary", "Accept-Encoding"))
        if "gzip" in request.headers.get("accept-encoding", "").lower():
            headers.append(("Content-Encoding", "gzip"))
            body = _gzipped(body)
    return Response(response.status, tuple(headers), body)


def _is_text(response: Response) -> bool:
    kind = dict(response.headers).get("Content-Type", "")
    return kind.startswith("text/") or kind == _JSON


@lru_cache(maxsize=32)
def _tag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'


@lru_cache(maxsize=32)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)
