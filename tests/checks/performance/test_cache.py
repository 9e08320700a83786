"""performance.cache.static: what browsers are told about scripts, styles and fonts."""

from __future__ import annotations

import pytest

from launchready_tui.checks.performance.assets import hashed
from launchready_tui.checks.performance.cache import kept
from launchready_tui.model import Status
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold

HOME = f"https://{NAME}/"
APP, STYLE = f"{HOME}assets/app-3f2a91bc.js", f"{HOME}assets/site.4e8b1c2d.css"
YEAR = "public, max-age=31536000, immutable"


def file(url: str, type: str, body: bytes = b"x", status: int = 200, **headers: str) -> Page:
    named = (("content-type", type), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Page(url, status, named, body, wire_bytes=len(body))


def site(*replies: Reply, more: str = "") -> World:
    """A home page that loads every given script, style and image."""
    tags = "".join(
        f'<link rel=stylesheet href="{r.url}">' if ".css" in r.url else f'<script src="{r.url}"></script>'
        for r in replies
        if ".woff2" not in r.url
    )
    home = Page(HOME, 200, (("content-type", "text/html"),), f"<h1>Hello</h1>{tags}{more}".encode())
    return World(web={home.url: home} | {reply.url: reply for reply in replies})


def js(cache: str = "", url: str = APP, **headers: str) -> Page:
    if cache:
        headers["cache_control"] = cache
    return file(url, "text/javascript", b"x", 200, **headers)


FONT = f"{HOME}assets/sans-9c1de0aa.woff2"
CSS = f"@font-face {{ font-family: a; src: url('{FONT}') }}".encode()
TABLE: dict[str, list[Row]] = {
    "performance.cache.static": [
        Row("kept for a year", site(js(YEAR), file(STYLE, "text/css", cache_control=YEAR)), Status.PASS, "all 2"),
        Row(
            "a font in a style sheet",
            site(file(STYLE, "text/css", CSS, cache_control=YEAR), file(FONT, "font/woff2", cache_control="no-store")),
            Status.FAIL,
            "sans-9c1de0aa.woff2",
        ),
        Row("for a day", site(js("max-age=86400")), Status.WARN, "less than a year"),
        Row(
            "no fingerprint, asked each time",
            site(js("no-cache", f"{HOME}app.js", etag='"1"')),
            Status.WARN,
            "fingerprint",
        ),
        Row("no fingerprint, a validator alone", site(js("", f"{HOME}app.js", etag='"1"')), Status.WARN),
        Row("no fingerprint and nothing", site(js("", f"{HOME}app.js")), Status.FAIL, "app.js"),
        Row("no fingerprint, no-store", site(js("no-store", f"{HOME}app.js")), Status.FAIL),
        Row("for an hour", site(js("max-age=3600")), Status.FAIL, "app-3f2a91bc.js"),
        Row("nothing said", site(js()), Status.FAIL),
        Row("no-store", site(js("no-store, max-age=31536000")), Status.FAIL),
        Row("only the CDN may keep it", site(js("s-maxage=31536000, max-age=0")), Status.FAIL),
        Row(
            "by Expires",
            site(js(expires="Fri, 24 Nov 2028 12:00:00 GMT", date="Tue, 24 Nov 2026 12:00:00 GMT")),
            Status.PASS,
        ),
        Row("already expired", site(js(expires="0", date="Tue, 24 Nov 2026 12:00:00 GMT")), Status.FAIL),
        Row(
            "others' files are not judged", site(more="<script src=https://cdn.example.net/a.js></script>"), Status.INFO
        ),
        Row("no files", site(), Status.INFO),
        Row("files that do not come", site(file(APP, "text/html", status=404)), Status.UNKNOWN),
        Row("home is silent", World(web={HOME: NoPage(HOME, "timeout", "said nothing")}), Status.UNKNOWN, "opens"),
        Row("home is refused", World(), Status.UNKNOWN),
        Row(
            "nonsense and escapes",
            site(js("max-age=\x1b[31m9\u202e, =,,;; ,max-age=99999999")),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("cache", "seconds"),
    [
        ("max-age=10", 10),
        ("MAX-AGE=10", 10),
        ('max-age="10"', 10),
        ("max-age=10, max-age=99", 10),
        ("max-age=-5", 0),
        ("max-age=soon", 0),
        ("max-age=10, no-cache", 0),
        ("private, max-age=10", 10),
        ("max-age=" + "9" * 40, 2**31),
        ("public", None),
        ("", None),
    ],
)
def test_how_long_a_browser_keeps_it(cache: str, seconds: int | None) -> None:
    assert kept(js(cache)).seconds == seconds


@pytest.mark.parametrize(
    ("path", "yes"),
    [
        ("assets/index-DiwrgTda.js", True),
        ("assets/index-BH2kA91x.css", True),
        ("_next/static/chunks/main-app.js", True),
        ("static/js/main.8d2f9a1c.chunk.js", True),
        ("app.5f3e9b1a2c4d.js", True),
        ("a/3f2a91bc9e.woff2", True),
        ("app.js", False),
        ("jquery-3.7.1.min.js", False),
        ("bootstrap.bundle.min.js", False),
        ("my-components.js", False),
        ("style.css?v=12", False),
        ("dashboard-settings.js", False),
        ("20240101.js", True),
    ],
)
def test_fingerprints(path: str, yes: bool) -> None:
    assert hashed(f"{HOME}{path}") is yes
