"""Files that anyone can download. A status of 200 alone is no sign."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.checks.audit._exposed_marks import FILES, debug_page, holds_source, is_html, leaked
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold

HOME, WWW = f"https://{NAME}/", f"https://www.{NAME}/"
HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
SHELL = b"<!doctype html><html><body><div id=app></div><script src=/app.js></script>"
PATHS = ("/.env", "/.git/HEAD", "/.git/config", "/.DS_Store", "/backup.zip", "/dump.sql", "/wp-config.php.bak")
PROBE = "/launchready-404-probe"
REAL: Mapping[str, bytes] = {
    "/.env": b"# settings\nDATABASE_URL=postgres://u:hunter2@db/x\nexport SECRET_KEY = abc\n",
    "/.git/HEAD": b"ref: refs/heads/main\n",
    "/.git/config": b"[core]\n\trepositoryformatversion = 0\n",
    "/.DS_Store": b"\x00\x00\x00\x01Bud1\x00\x00",
    "/backup.zip": b"PK\x03\x04\x14\x00",
    "/dump.sql": b"-- PostgreSQL database dump\n\nCREATE TABLE users (id int);\n",
    "/wp-config.php.bak": b"<?php\ndefine( 'DB_PASSWORD', 'hunter2' );\n",
}
TRACE = b"<h1>Error</h1><pre>Error: no\n    at next (/app/node_modules/express/lib/router.js:12:7)</pre>"


def site(base: str = HOME, *, status: int = 404, body: bytes = b"no", **files: bytes) -> dict[str, Page]:
    """A host that answers every path alike, but for `files` (underscore names are no paths: use `at`)."""
    pages: dict[str, Page] = {base: Page(base, 200, (("content-type", "text/html"),), SHELL)}
    for path in (*PATHS, PROBE, "/app.js.map"):
        pages[base.rstrip("/") + path] = Page(base.rstrip("/") + path, status, (), body)
    return pages


def at(path: str, body: bytes, status: int = 200, base: str = HOME, kind: str = "text/plain") -> dict[str, Reply]:
    url = base.rstrip("/") + path
    return {url: Page(url, status, (("content-type", kind),), body)}


def world(*parts: Mapping[str, Reply], project: Project | None = None) -> World:
    web: dict[str, Reply] = dict(site())
    for part in parts:
        web |= part
    return World(web=web, project=project or Project(NAME))


def silent(url: str, say: str = "did not answer within 10 seconds") -> dict[str, Reply]:
    return {url: NoPage(url, "timeout", say)}


SHIELD = ("cf-mitigated", "challenge")


def everywhere(body: bytes) -> dict[str, Reply]:
    """A server that answers 200 with the same text whatever it is asked."""
    return {url: replace(each, status=200, body=body) for url, each in site().items() if url != HOME}


def asked(path: str, status: int, *headers: tuple[str, str]) -> dict[str, Reply]:
    url = HOME.rstrip("/") + path
    return {url: Page(url, status, headers, b"Just a moment...")}


def packed(path: str) -> dict[str, Reply]:
    url = HOME.rstrip("/") + path
    return {url: Page(url, 200, encoding="br", wire_bytes=90)}


MAP = b'{"version":3,"file":"app.js","mappings":"AAAA","sources":["a.ts"],"sourcesContent":["const key = 1"]}'

TABLE: dict[str, list[Row]] = {
    "audit.exposed.files": [
        Row("a soft 404 in text", world(everywhere(b"page=missing\n")), Status.PASS),
        Row("a soft 404 in markup", world(everywhere(b"<?xml version='1.0'?>\n<p\nclass='x'>Gone</p>")), Status.PASS),
        Row("a shield guards the very address", world(asked("/.env", 403, SHIELD)), Status.PASS),
        Row("asked too often", world(asked("/.env", 429)), Status.UNKNOWN, "too often"),
        Row("packed unasked", world(packed("/.env")), Status.UNKNOWN, "cannot read"),
        Row("nothing there", world(), Status.PASS, "None of the 7 files"),
        Row("home page for every path", World(web=site(status=200, body=SHELL)), Status.PASS),
        Row("a comment, then the home page", World(web=site(status=200, body=b"<!-- A=1 -->\n" + SHELL)), Status.PASS),
        Row("empty 200", World(web=site(status=200, body=b"")), Status.PASS),
        Row("the text OK for every path", World(web=site(status=200, body=b"OK")), Status.PASS),
        Row("the real file, but forbidden", world(at("/.env", REAL["/.env"], 403)), Status.PASS),
        *(Row(f"open {path}", world(at(path, REAL[path])), Status.FAIL, f"https://{NAME}{path}") for path in PATHS),
        Row("open as text/html", world(at("/.env", REAL["/.env"], kind="text/html")), Status.FAIL),
        Row("open on www", world(site(WWW), at("/.env", REAL["/.env"], base=WWW)), Status.FAIL, f"{WWW}.env"),
        Row(
            "open on a declared sub",
            world(
                site(f"https://app.{NAME}/"),
                at("/.env", b"A=1", base=f"https://app.{NAME}/"),
                project=Project(NAME, subs=("app",)),
            ),
            Status.FAIL,
            "make a new key",
        ),
        Row(
            "open over http only",
            World(web=site(f"http://{NAME}/") | at("/.env", b"A=1", base=f"http://{NAME}/")),
            Status.FAIL,
        ),
        Row("stack trace", world(at(PROBE, TRACE, 404)), Status.WARN, "Node.js"),
        Row(
            "debug page",
            world(at(PROBE, b"you're seeing x <title>Werkzeug Debugger</title>", 500)),
            Status.WARN,
            "Flask",
        ),
        Row("map with its source", world(at("/app.js.map", MAP)), Status.WARN, "your app's source code"),
        Row("map without its source", world(at("/app.js.map", MAP.replace(b'["const key = 1"]', b"[]"))), Status.PASS),
        Row("nothing answers", World(), Status.UNKNOWN, "a site that answers"),
        Row("the host is silent", World(web=silent(HOME)), Status.UNKNOWN, "another look"),
        Row("one file is silent", world(silent(f"https://{NAME}/.env")), Status.UNKNOWN, f"https://{NAME}/.env"),
        Row(
            "one silent, one open", world(silent(f"https://{NAME}/.env"), at("/.git/HEAD", b"ref: refs/x")), Status.FAIL
        ),
        Row("hostile reason", world(silent(HOME, HOSTILE)), Status.UNKNOWN, hostile=True),
        Row("hostile type", world(at("/.env", HOSTILE.encode() + b"\nA=1", kind=HOSTILE)), Status.FAIL, hostile=True),
        Row("hostile page", world(at(PROBE, HOSTILE.encode() * 900, 404)), Status.PASS, hostile=True),
    ]
}


async def test_a_finding_never_holds_the_content() -> None:
    everything = world(*(at(path, body) for path, body in REAL.items()))
    finding = await hold("audit.exposed.files", Row("", everything, Status.FAIL))
    assert "hunter2" not in repr(finding)
    assert len(finding.evidence) == 7


@pytest.mark.parametrize("mark", FILES, ids=lambda mark: mark.path)
def test_marks(mark: object) -> None:
    assert mark in FILES
    for found in FILES:
        assert leaked(found, REAL[found.path])
        assert not leaked(found, SHELL)
        assert not leaked(found, b"Not found")


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("seeing this: You&#x27;re seeing this error because you have <code>DEBUG = True</code>", "Django"),
        ("Traceback (most recent call last):\n", "Python"),
        ("<h1>Routing Error</h1>", "Rails"),
        ("<b>Warning</b>: Undefined variable in <b>/var/www/html/index.php</b> on line 3", "PHP"),
        ("at org.apache.Foo.bar(Foo.java:12)", "Java"),
        ("Server Error in '/' Application.", "ASP.NET"),
        ("goroutine 1 [running]:", "Go"),
        ("look at this page: https://good.example/app.js", ""),
        ("Not found", ""),
    ],
)
def test_debug_pages(text: str, whose: str) -> None:
    assert debug_page(text) == whose


BOMBS = {
    "blanks": b" " * 64_000,
    "lines": b"\n" * 64_000,
    "comments": b"<!---->" * 9_000,
    "open php": b"<?php " * 10_000,
    "at": b"at " * 21_000,
    "at and a long path": b"at x /" + b"a/." * 21_000,
    "warnings": b"Warning: " * 7_000,
    "names": b"A" * 64_000,
    "copy": b"COPY a " * 9_000,
    "maps": b'{"sourcesContent" ' * 3_500,
    "server error": b"Server Error in '" * 3_700,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_no_text_makes_a_pattern_slow(bomb: bytes) -> None:
    began = time.process_time()
    is_html(bomb)
    holds_source(bomb)
    debug_page(bomb.decode())
    for mark in FILES:
        leaked(mark, bomb[:16_384])
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
