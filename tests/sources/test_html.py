"""Pages, read: what stands on them, against which base, and hostile ones within their time."""

from __future__ import annotations

import time

import pytest

from launchready_tui import limits
from launchready_tui.sources.css import CssUrl, css_resources, css_urls
from launchready_tui.sources.html import Document, Form, Image, Link, parse, script_urls
from launchready_tui.sources.html_guard import bounded

BASE = "https://good.example/app/login"


def read(html: str) -> Document:
    return parse(html, BASE)


def test_links_are_absolute_and_lead_to_the_web() -> None:
    document = read(
        '<a href="../x?y=1#z">Go <b>on</b></a><a href="javascript:alert(1)">n</a><a href="mailto:a@b">m</a>'
    )
    assert document.links == (Link("https://good.example/x?y=1", "Go on"),)


def test_the_base_of_a_page_counts() -> None:
    document = read('<base href="/other/"><base href="/no/"><script src=a.js></script><a href=b>b</a>')
    assert document.scripts[0].src == "https://good.example/other/a.js"
    assert document.links[0].href == "https://good.example/other/b"
    assert read('<base href="javascript:x"><a href=b>b</a>').links[0].href == "https://good.example/app/b"


def test_forms_and_passwords() -> None:
    document = read(
        '<form action="/in" method=POST><input type=EMAIL><input type=password><select></select></form><form></form>'
    )
    assert document.forms == (
        Form("https://good.example/in", "post", True, ("email", "password", "select")),
        Form(BASE, "get", False, ()),
    )
    assert document.has_password
    assert read("<input type=PassWord>").has_password
    assert not read("<form><input></form>").has_password


def test_pictures() -> None:
    document = read(
        '<img src=a.png width=10px height=x srcset="b.png 1x, //c.example/d,e.png 2x" sizes=50vw loading=LAZY>'
    )
    assert document.images == (
        Image(
            "https://good.example/app/a.png",
            10,
            None,
            ("https://good.example/app/b.png", "https://c.example/d,e.png"),
            "50vw",
            "lazy",
        ),
    )
    assert read('<img src="data:image/png;base64,x">').images[0].src == ""


def test_everything_else_on_a_page() -> None:
    document = read(
        """<title> Join <b> </title><meta name=ROBOTS content="NoIndex"><meta http-equiv=Refresh content=5>
        <link rel="stylesheet preload" href=s.css><link rel="icon" href=/i.png><link rel=canonical href="/c">
        <script integrity=sha256-x type=Module src=//cdn.example/a.js></script><script>let a = 1</script>
        <style>@import "b.css"; p { background: url(p.png) }</style><p style="background:url('q.png')">
        <video poster=v.png><source src=v.mp4></video><iframe src="https://f.example/"></iframe><object data=o></object>
        <button> Sign <i>in</i> </button><input type=submit value=Go><div role=button aria-label=Menu></div>"""
    )
    assert document.title == "Join <b>"
    assert document.robots == "noindex"
    assert document.meta("refresh") == "5"
    assert document.styles == ("https://good.example/app/s.css",)
    assert document.canonical == "https://good.example/c"
    assert [(script.src, script.integrity, script.type) for script in document.scripts] == [
        ("https://cdn.example/a.js", "sha256-x", "module"),
        ("", "", ""),
    ]
    assert document.scripts[1].text == "let a = 1"
    assert document.css == (
        CssUrl("https://good.example/app/b.css", "style"),
        CssUrl("https://good.example/app/p.png", "image"),
        CssUrl("https://good.example/app/q.png", "image"),
    )
    assert document.media == ("https://good.example/app/v.png", "https://good.example/app/v.mp4")
    assert document.iframes == ("https://f.example/", "https://good.example/app/o")
    assert document.buttons == ("Sign in", "Go", "Menu")


@pytest.mark.parametrize(
    ("html", "empty"),
    [
        ("<div id=root></div><script src=/a.js></script>", True),
        ("<div id=root>Loading…</div><script>x</script><noscript>" + "Please enable scripts. " * 20, True),
        ("<div id=root></div>", False),
        ("<script src=/a.js></script><form><input></form>", False),
        ("<script src=/a.js></script><input type=password>", False),
        ("<script src=/a.js></script><p>" + "Words that a visitor reads. " * 5, False),
    ],
)
def test_a_page_that_scripts_draw(html: str, empty: bool) -> None:
    assert read(html).root_empty is empty


def test_visible_text() -> None:
    document = read(
        "<body>Hello <b>you</b><script>no</script><style>no</style><noscript>no</noscript><template>no</template>"
    )
    assert document.text == "Hello you"
    assert len(read("<p>" + "word " * 100_000).text) == limits.HTML_TEXT


@pytest.mark.parametrize(
    "text", ["", "\x00", "plain words", "<", "<a", "</p>", "\ud800<a href='\ud800'>", "\x1b]0;x\x07"]
)
def test_what_is_no_html_is_a_document_all_the_same(text: str) -> None:
    assert read(text).url == BASE


HOSTILE = {
    "deep": "<div>" * 600_000,
    "deep in small print": "<b>" * 300_000 + "</p>" * 100,
    "attributes": "<a " + " ".join(f"a{i}=1" for i in range(300_000)) + ">",
    "attributes behind a script": "<script>'<a x=\"'</script><a " + " ".join(f"a{i}=1" for i in range(300_000)) + ">",
    "unclosed quotes": '<a href="' * 200_000,
    "links": "<a href=x>" * 200_000,
    "tables": "<table>" * 200_000,
    "pictures": "<img src=x>" * 200_000,
    "forms": "<form><input></form>" * 100_000,
    "comments": "<!--" * 400_000,
    "style comments": "<style>" + "/*" * 1_000_000,
    "style urls": "<style>" + "url( " * 500_000,
    "style braces": "<style>" + "{}" * 1_000_000,
    "fetches": "<script>" + "fetch(    " * 200_000,
    "a long srcset": "<img srcset='" + "a 1x, " * 200_000 + "'>",
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_read_in_their_time(html: str) -> None:
    began = time.perf_counter()
    parse(html, BASE)
    assert time.perf_counter() - began < 5  # well under a second on a quiet machine, minutes without the guard


def test_a_page_is_cut_only_where_no_real_page_goes() -> None:
    page = "<ul>" + "<li><p>a<a href='x>y'>b</a><br><img src=x>" * 3_000 + "</ul>" + "<table><tr><td>x" * 100
    assert bounded(page) == page
    assert bounded("<p>a</p>" + "<div>" * 5_000) == "<p>a</p>" + "<div>" * limits.HTML_DEPTH
    many = "<p>a</p><a " + "b=1 " * 5_000 + ">"
    assert bounded(many) == "<p>a</p>"


def test_css() -> None:
    css = """@import "a.css"; @import url(b.css) screen; /* url(no.png) */
    @font-face { src: url("f.woff2") format("woff2"), url(g.woff) }
    @media print { p { background: URL( 'p.png' ) } } i { background: url(data:image/png;base64,xx) }
    u { cursor: url(c"""
    assert [(each.url, each.kind) for each in css_resources(css)] == [
        ("a.css", "style"),
        ("b.css", "style"),
        ("f.woff2", "font"),
        ("g.woff", "font"),
        ("p.png", "image"),
        ("c", "image"),
    ]
    assert css_urls("p{background:url(a)} q{background:url(a)}") == ("a",)


def test_script_urls() -> None:
    code = """fetch("https://a.example/x"); axios.post('http://b.example'); $.get(`http://c.example/`)
    r.open("POST", "http://d.example/"); new WebSocket("wss://e.example"); import("https://f.example/m.js")
    window.open("http://no.example"); location = "http://no.example"; fetch(url); "http://no.example" """
    assert script_urls(code) == (
        "https://a.example/x",
        "http://b.example",
        "http://c.example/",
        "http://d.example/",
        "wss://e.example",
        "https://f.example/m.js",
    )
