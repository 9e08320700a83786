"""performance.compress.text: encodings as sent, and the protocol."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import Status
from launchready_tui.sources.tls import Certificate, Handshake, NoHandshake, Verdict
from launchready_tui.sources.web import NoPage, Page
from tests.checks.performance.test_cache import APP, HOME, STYLE, file
from tests.world import NAME, NOW, Row, World, hold

LEAF = Certificate(NAME, "R11", NOW, NOW + dt.timedelta(80), (NAME,), "ecdsa256", "sha256", "ab" * 32)


def sent(url: str, type: str, encoding: str, size: int, wire: int | None = None) -> Page:
    body = b"" if encoding in ("br", "zstd") else b"x" * size
    return replace(file(url, type, body), encoding=encoding, wire_bytes=size // 4 if wire is None else wire)


def world(*files: Page, home: int = 5_000, encoding: str = "gzip", alpn: str = "h2", more: str = "") -> World:
    tags = "".join(
        f"<link rel=stylesheet href={f.url}>" if ".css" in f.url else f"<script src={f.url}></script>" for f in files
    )
    html = f"<h1>Hello</h1>{tags}{more}".ljust(home).encode()
    page = Page(HOME, 200, (("content-type", "text/html"),), html, encoding=encoding, wire_bytes=len(html) // 3)
    hand = Handshake(NAME, 443, "93.184.215.14", Verdict(LEAF, ()), alpn=alpn)
    return World(web={HOME: page} | {f.url: f for f in files}, tls={NAME: hand})


def scripts(count: int) -> str:
    return "".join(f"<script src=https://cdn.example.net/{n}.js></script>" for n in range(count))


TABLE: dict[str, list[Row]] = {
    "performance.compress.text": [
        Row("brotli over HTTP/2", world(sent(APP, "text/javascript", "br", 90_000)), Status.PASS, "over HTTP/2"),
        Row("zstd", world(sent(APP, "text/javascript", "zstd", 90_000)), Status.PASS),
        Row("gzip, not large", world(sent(APP, "text/javascript", "gzip", 90_000)), Status.PASS),
        Row("gzip only, large", world(sent(APP, "text/javascript", "gzip", 110_000)), Status.WARN, "gzip only"),
        Row("a style sheet was asked for with gzip", world(sent(STYLE, "text/css", "gzip", 110_000)), Status.PASS),
        Row("HTTP/1.1 with 21 files", world(alpn="http/1.1", more=scripts(21)), Status.WARN, "21 files"),
        Row("HTTP/1.1 with 20 files", world(alpn="http/1.1", more=scripts(20)), Status.PASS),
        Row("small and plain", world(sent(APP, "text/javascript", "", 5_000, 5_000)), Status.WARN, "small"),
        Row("tiny and plain", world(sent(APP, "text/javascript", "", 1_000, 1_000)), Status.PASS),
        Row("large and plain", world(sent(APP, "text/javascript", "", 20_000, 20_000)), Status.FAIL, "19 KiB"),
        Row("the page itself is plain", world(home=20_000, encoding=""), Status.FAIL, "The home page"),
        Row("fonts are no text", world(sent(APP, "font/woff2", "", 90_000)), Status.PASS),
        Row("next to nothing", world(home=10), Status.INFO),
        Row("home is silent", World(web={HOME: NoPage(HOME, "timeout", "said nothing")}), Status.UNKNOWN),
        Row(
            "no handshake does not fail the texts",
            replace(world(), tls={NAME: NoHandshake(NAME, 443, "timeout", "said nothing")}),
            Status.PASS,
        ),
        Row("an encoding of escapes", world(encoding="\x1b[31m\u202egz", home=20_000), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
