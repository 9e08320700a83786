"""edge.https.mixed: what browsers block, what they mark, and what is no mixed content."""

from __future__ import annotations

import pytest

from launchready_tui.checks.edge.mixed import is_insecure
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import Page, Reply
from tests.checks.edge.world import EVIL, HOME, PLAIN, nowhere, page, silent, to, world
from tests.world import NAME, Row, World, hold

LOGIN = f"https://{NAME}/login"
TWO = Project(NAME, urls={"login": LOGIN})


def html(body: str, *more: Reply, **headers: str) -> World:
    return world(page(HOME, body, **headers), *more)


def sheet(css: str) -> Reply:
    return page(f"https://{NAME}/a.css", css, content_type="text/css")


STYLED = '<link rel=stylesheet href="/a.css">'
CUT = Page(HOME, 200, (("content-type", "text/html"),), b"<p>", cut=True)
TABLE: dict[str, list[Row]] = {
    "edge.https.mixed": [
        Row("nothing over http", html('<script src="/a.js"></script><img src=//cdn.example/x.png>'), Status.PASS),
        Row("a link is no part", html('<a href="http://x.example/">x</a>'), Status.PASS),
        Row("a namespace is no part", html('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), Status.PASS),
        Row(
            "this machine is safe",
            html('<img src="http://127.0.0.1/x"><img src="http://localhost:3000/">'),
            Status.PASS,
        ),
        Row("a script", html('<script src="http://x.example/a.js"></script>'), Status.FAIL, "http://x.example/a.js"),
        Row("a style sheet", html('<link rel="stylesheet" href="http://x.example/a.css">'), Status.FAIL, "style sheet"),
        Row("a frame", html('<iframe src="http://x.example/"></iframe>'), Status.FAIL, "frame"),
        Row("an object", html('<object data="http://x.example/"></object>'), Status.FAIL, "frame"),
        Row("a form", html('<form action="http://x.example/join"><input></form>'), Status.FAIL, "form target"),
        Row("fetch", html('<script>fetch("http://x.example/api")</script>'), Status.FAIL, "fetched address"),
        Row("a web socket", html("<script>new WebSocket('ws://x.example/')</script>"), Status.FAIL, "ws://x.example/"),
        Row("XMLHttpRequest", html("<script>r.open('GET', 'http://x.example/')</script>"), Status.FAIL, "fetched"),
        Row("a window that opens", html("<script>window.open('http://x.example/')</script>"), Status.PASS),
        Row("a base of http", html('<base href="http://x.example/"><script src=a.js></script>'), Status.FAIL, "a.js"),
        Row("an import", html("<style>@import url(http://x.example/a.css);</style>"), Status.FAIL, "style sheet"),
        Row("a font", html("<style>@font-face{src:url(http://x.example/f.woff2)}</style>"), Status.FAIL, "font"),
        Row("a font in a sheet", html(STYLED, sheet("@font-face{src:url(http://x.example/f)}")), Status.FAIL, "font"),
        Row(
            "a picture in a sheet",
            html(STYLED, sheet("a{background:url(http://x.example/p.png)}")),
            Status.WARN,
            "p.png",
        ),
        Row("a sheet that did not come", html(STYLED), Status.PASS),
        Row("a picture", html('<img src="http://x.example/p.png">'), Status.WARN, "picture from http"),
        Row("a srcset", html('<img src=/a.png srcset="/b.png 1x, http://x.example/c.png 2x">'), Status.WARN, "c.png"),
        Row("a background", html('<p style="background:url(http://x.example/b.png)">'), Status.WARN, "b.png"),
        Row("a video", html('<video><source src="http://x.example/v.mp4"></video>'), Status.WARN, "video"),
        Row(
            "two pictures",
            html('<img src="http://x.example/1"><img src="http://x.example/2">'),
            Status.WARN,
            "1 more is",
        ),
        Row(
            "the header lifts it",
            html('<script src="http://x.example/a"></script>', content_security_policy="upgrade-insecure-requests"),
            Status.PASS,
            "use https instead",
        ),
        Row(
            "report-only lifts nothing",
            html(
                '<script src="http://x.example/a"></script>',
                content_security_policy_report_only="upgrade-insecure-requests",
            ),
            Status.FAIL,
        ),
        Row(
            "a meta lifts it",
            html(
                '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests">'
                '<img src="http://x.example/a">'
            ),
            Status.PASS,
        ),
        Row(
            "on the login page",
            world(page(), page(LOGIN, '<script src="http://x.example/a"></script>'), project=TWO),
            Status.FAIL,
            LOGIN,
        ),
        Row("the login page is silent", world(page(), silent(LOGIN), project=TWO), Status.UNKNOWN, "another look"),
        Row("the login page is not there", world(page(), nowhere(LOGIN), project=TWO), Status.UNKNOWN, "a login page"),
        Row("the login page answers 500", world(page(), page(LOGIN, "", 500), project=TWO), Status.UNKNOWN, "500"),
        Row("all of it over http", world(to(HOME, PLAIN), page(PLAIN)), Status.UNKNOWN, "a home page over https"),
        Row("brotli", html("", content_encoding="br"), Status.UNKNOWN, "(br)"),
        Row("no HTML", html("{}", content_type="application/json"), Status.UNKNOWN, "application/json"),
        Row("cut", world(CUT), Status.UNKNOWN, "longer than we read"),
        Row("silence", world(silent(HOME)), Status.UNKNOWN, "another look"),
        Row("no page at all", World(project=Project(NAME, urls={"home": ""})), Status.INFO),
        Row("escapes", html(f'<script src="http://x.example/{EVIL}"></script>'), Status.FAIL, hostile=True),
        Row("a page of nothing but tags", html("<div>" * 50_000 + "<a " * 50_000), Status.PASS, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("url", "insecure"),
    [
        ("http://x.example/", True),
        ("ws://x.example/", True),
        ("https://x.example/", False),
        ("http://app.localhost:3000/", False),
        ("http://[::1]/", False),
        ("http://127.9.9.9/", False),
        ("http://192.168.1.1/", True),
        ("http://[", False),
    ],
)
def test_is_insecure(url: str, insecure: bool) -> None:
    assert is_insecure(url) is insecure
