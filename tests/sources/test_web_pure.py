"""The pure parts of the web source: addresses, bodies, charsets, cookies, and what a page says of itself."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import limits
from launchready_tui.sources.bodies import BadBody, Unpacker, as_text
from launchready_tui.sources.cookies import Jar
from launchready_tui.sources.urls import BadUrl, ascii_host, host_of, join, normal, origin
from launchready_tui.sources.web import Page

BASE = "https://good.example/a/b?c=d"


@pytest.mark.parametrize(
    ("typed", "one"),
    [
        ("https://good.example", "https://good.example/"),
        ("HTTPS://Good.Example.:443/#x", "https://good.example/"),
        ("http://good.example:8080?a=b", "http://good.example:8080/?a=b"),
        (" https://good.example/\t\n", "https://good.example/"),
        ("https:\\\\good.example\\a?b\\c", "https://good.example/a?b%5Cc"),
        ("https://good.example/ä b?ü=%20#no", "https://good.example/%C3%A4%20b?%C3%BC=%20"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("https://a_b.good.example/", "https://a_b.good.example/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("http://93.184.215.14/", "http://93.184.215.14/"),
    ],
)
def test_normal(typed: str, one: str) -> None:
    assert normal(typed) == one
    assert normal(one) == one


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "policy"),
        ("good.example", "policy"),
        ("ftp://good.example/", "policy"),
        ("javascript:alert(1)", "policy"),
        ("https://ada@good.example/", "policy"),
        ("https://:@good.example/", "policy"),
        ("https://good.example:25/", "policy"),
        ("https://good.example:0/", "policy"),
        ("https://good.example:99999/", "broken"),
        ("https:///a", "broken"),
        ("https://[::1/", "broken"),
        ("https://a..b/", "broken"),
        ("https://2130706433/", "broken"),
        ("https://0x7f.1/", "broken"),
        ("https://exa mple/", "broken"),
        ("https://good.example/" + "a" * limits.URL_CHARACTERS, "broken"),
    ],
)
def test_what_is_not_asked_for(typed: str, kind: str) -> None:
    with pytest.raises(BadUrl) as bad:
        normal(typed)
    assert bad.value.kind == kind


@pytest.mark.parametrize(
    ("reference", "whole"),
    [
        ("/x", "https://good.example/x"),
        ("x", "https://good.example/a/x"),
        ("?y", "https://good.example/a/b?y"),
        ("../../../x", "https://good.example/x"),
        ("//other.example", "https://other.example/"),
        ("\\\\other.example", "https://other.example/"),
        ("http://other.example", "http://other.example/"),
        ("", "https://good.example/a/b?c=d"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("https://good.example:99999/", None),
        ("https://ada@good.example/", "https://ada@good.example/"),
    ],
)
def test_join(reference: str, whole: str | None) -> None:
    assert join(BASE, reference) == whole


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    for whole in (text, f"https://{text}/", f"https://good.example/{text}"):
        try:
            one = normal(whole)
        except BadUrl:
            continue
        assert one.isascii()
        assert normal(one) == one
    joined = join(BASE, text)
    assert joined is None or joined.startswith(("http://", "https://"))


def test_origin_and_host() -> None:
    assert origin("https://good.example:8443/") == ("https", "good.example", 8443)
    assert origin("http://good.example/") == ("http", "good.example", 80)
    assert host_of("http://[") == ""
    assert ascii_host("GOOD.example.") == "good.example"


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("é".encode(), "text/html", "é"),
        (b"\xe9", "text/html; charset=ISO-8859-1", "é"),
        (b"\xe9", 'text/html; Charset="latin1"', "é"),
        (b"\xef\xbb\xbfa", "text/html; charset=latin1", "a"),
        (b"\xff\xfea\x00", None, "a"),
        (b"<meta charset='windows-1251'>\xe9", "text/html", "<meta charset='windows-1251'>й"),
        (b'<meta http-equiv=x content="text/html; charset=latin1">\xe9', None, None),
        (b"\xe9", "text/html; charset=rot13", "\ufffd"),
        (b"a", "text/html; charset=zlib", "a"),
        (b"a", "text/html; charset=unicode_escape", "a"),
        (b"\xe9", None, "\ufffd"),
    ],
)
def test_charsets(body: bytes, kind: str | None, text: str | None) -> None:
    read = as_text(body, kind)
    assert read == text if text is not None else read.endswith("é")


@given(st.binary(max_size=400), st.sampled_from(["gzip", "deflate", "", "br"]), st.integers(0, 100))
def test_no_body_breaks_the_unpacking(body: bytes, encoding: str, cap: int) -> None:
    unpacker = Unpacker(encoding, cap)
    try:
        for at in range(0, len(body), 7):
            if not unpacker.feed(body[at : at + 7]):
                break
        unpacker.end()
    except BadBody:
        pass
    assert len(unpacker.body) <= cap


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_unpacking_in_parts(step: int) -> None:
    packed = gzip.compress(b"hello") + gzip.compress(b" world") + b"trailing"
    unpacker = Unpacker("gzip", 100)
    for at in range(0, len(packed), step):
        assert unpacker.feed(packed[at : at + step])
    unpacker.end()
    assert bytes(unpacker.body) == b"hello world"
    assert (unpacker.cut, unpacker.wire) == (False, len(packed))


def test_cookies_stay_where_they_were_set() -> None:
    jar = Jar()
    jar.take(
        "www.good.example",
        ["a=1; Path=/", "b=2; Domain=good.example", "c=3; Domain=evil.example", "d=4; domain=example"],
    )
    assert jar.header("www.good.example") == "a=1; b=2; c=3; d=4"
    assert jar.header("good.example") == "b=2"
    assert jar.header("app.good.example") == "b=2"
    assert jar.header("evil.example") == ""
    assert jar.header("notgood.example") == ""
    jar.take("www.good.example", ["a=; Max-Age=0", "x", "=y", "e=a\x1bb", "f=" + "x" * 5_000])
    assert jar.header("www.good.example") == "b=2; c=3; d=4"
    jar.take("www.good.example", [f"n{i}=1" for i in range(100)])
    assert jar.header("www.good.example").count(";") < limits.COOKIES


def test_what_a_page_says_of_itself() -> None:
    page = Page(BASE, 301, (("location", "/x"), ("a", "1"), ("a", "2"), ("content-type", "Text/HTML; charset=x")))
    assert page.location == "https://good.example/x"
    assert page.header("A") == "1, 2"
    assert page.values("a") == ["1", "2"]
    assert page.header("b") is None
    assert page.content_type == "text/html"
    assert Page(BASE, 200, (("location", "/x"),)).location is None
    assert Page(BASE, 304, (("location", "/x"),)).location is None
    assert Page(BASE, 302, (("location", "/x"), ("location", "/y"))).location is None
    assert Page(BASE, 302, (("location", "/x"), ("location", "/x"))).location == "https://good.example/x"
