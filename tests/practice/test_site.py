from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import io
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import imagesize
import pytest

from launchready_tui.practice import DOMAIN, logs, pages
from launchready_tui.practice.faults import SOUND_SETTINGS
from launchready_tui.practice.site import API, APP, RDAP_HOST, WWW, SettingsFile, Site
from launchready_tui.practice.webserver import BODY_BYTES, HEAD_BYTES, Request, Response, WebServer
from launchready_tui.sources.transparency import parse


def get(
    url: str, settings: dict[str, str] | None = None, *, method: str = "GET", registry: bool = False, **headers: str
) -> Response:
    scheme, _, rest = url.partition("://")
    host, slash, target = rest.partition("/")
    site = Site(lambda: settings or {}, (lambda: {"ldhName": DOMAIN}) if registry else None)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.answer(Request(method, slash + target, host, scheme == "https", named))


def header(response: Response, name: str) -> str | None:
    return next((value for key, value in response.headers if key.lower() == name.lower()), None)


REDIRECTS = [
    (f"http://{DOMAIN}/", {}, None),
    (f"http://{WWW}/", {}, None),
    (f"https://{WWW}/", {}, None),
    (f"http://{DOMAIN}/old/link?x=1", {}, f"https://{DOMAIN}/"),
    (f"http://{DOMAIN}/old/link?x=1", {"redirects.path": "keep"}, f"https://{DOMAIN}/old/link?x=1"),
    (f"http://{DOMAIN}/", {"https.redirect": "301"}, f"https://{DOMAIN}/"),
    (f"http://{WWW}/a?b", {"https.redirect": "301", "redirects.path": "keep"}, f"https://{WWW}/a?b"),
    (f"https://{WWW}/a?b", {"redirects.canonical": DOMAIN}, f"https://{DOMAIN}/"),
    (f"https://{WWW}/a?b", {"redirects.canonical": DOMAIN, "redirects.path": "keep"}, f"https://{DOMAIN}/a?b"),
    (f"https://{DOMAIN}/a?b", {"redirects.canonical": WWW, "redirects.path": "keep"}, f"https://{WWW}/a?b"),
    (f"https://{APP}/", {"redirects.canonical": WWW}, None),
    (f"https://{DOMAIN}/", {"redirects.canonical": "elsewhere.example"}, None),
    (f"http://{DOMAIN}/", {"https.redirect": "teapot"}, None),
]


@pytest.mark.parametrize(("url", "settings", "where"), REDIRECTS)
def test_redirects(url: str, settings: dict[str, str], where: str | None) -> None:
    response = get(url, settings)
    assert header(response, "location") == where
    assert response.status == (200 if where is None else 301)


def test_the_front_page_is_broken_and_heals() -> None:
    faulty, sound = get(f"https://{DOMAIN}/"), get(f"https://{DOMAIN}/", SOUND_SETTINGS)
    assert pages.MARKER.encode() in faulty.body
    assert b'src="http://' in faulty.body
    assert b'src="http://' not in sound.body
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Served-By", "Vary"):
        assert header(faulty, name) is None
        assert header(sound, name) is not None
    assert header(get(f"http://{DOMAIN}/", {"https.hsts": "max-age=300"}), "Strict-Transport-Security") is None


def test_the_picture_shrinks() -> None:
    for small, least, most, width in ((False, 512_001, 900_000, 3_000), (True, 1, 50_000, 1_200)):
        page = get(f"https://{DOMAIN}/", {"images.optimise": "on"} if small else {})
        path = pages.cover(small=small).path
        assert path.encode() in page.body
        picture = get(f"https://{DOMAIN}{path}")
        assert least <= len(picture.body) <= most
        assert imagesize.get(io.BytesIO(picture.body))[0] == width


def test_files_are_cached_compressed_and_tagged_when_told() -> None:
    path = pages.script().path
    assert len(pages.script().body) > 10_240
    plain = get(f"https://{DOMAIN}{path}", accept_encoding="gzip")
    assert header(plain, "cache-control") is None
    assert header(plain, "content-encoding") is None
    told = {"cache.static": SOUND_SETTINGS["cache.static"], "compression.text": "on"}
    small = get(f"https://{DOMAIN}{path}", told, accept_encoding="gzip, br")
    assert header(small, "cache-control") == told["cache.static"]
    assert gzip.decompress(small.body) == pages.script().body
    assert header(get(f"https://{DOMAIN}{path}", told), "content-encoding") is None
    tag = header(plain, "etag")
    assert tag is not None
    assert get(f"https://{DOMAIN}{path}", if_none_match=tag).status == 304


@pytest.mark.parametrize(
    ("path", "setting", "broken", "sound"),
    [
        ("/login", "site.login", 500, 200),
        ("/api/health", "site.api", 503, 200),
        ("/.env", "files.exposed", 200, 404),
        ("/nothing", "site.login", 404, 404),
        ("/signup", "site.login", 200, 200),
    ],
)
def test_pages_that_break_and_heal(path: str, setting: str, broken: int, sound: int) -> None:
    assert get(f"https://{DOMAIN}{path}").status == broken
    assert get(f"https://{DOMAIN}{path}", {setting: SOUND_SETTINGS[setting]}).status == sound


def test_other_hosts_methods_and_the_registry() -> None:
    assert get("https://elsewhere.example/").status == 421
    assert get(f"https://{DOMAIN}/login", method="POST").status == 405
    assert get(f"https://{API}/").status == 200
    assert get(f"http://{RDAP_HOST}/rdap/domain/{DOMAIN}", registry=True).status == 200
    assert get(f"http://{RDAP_HOST}/rdap/domain/other.example", registry=True).status == 404
    assert get(f"http://{RDAP_HOST}/rdap/domain/{DOMAIN}").status == 404


def test_the_search_of_certificate_logs() -> None:
    site = Site(dict, None, lambda: logs.entries(dt.datetime(2026, 11, 24, tzinfo=dt.UTC)))

    def ask(query: str, host: str = RDAP_HOST) -> Response:
        return site.answer(Request("GET", f"/ct/?{query}", host, False, {}))

    log = parse(ask(f"q=%25.{DOMAIN}&output=json").body, DOMAIN)
    assert log is not None
    assert [logged.name for logged in log.names][-3:] == [f"old.{DOMAIN}", f"staging.{DOMAIN}", f"preview.{DOMAIN}"]
    assert (len(log.names), log.cut) == (8, False)
    assert ask("q=%25.other.example&output=json").body == b"[]"
    assert ask(f"q=%25.{DOMAIN}", "elsewhere.example").status == 421


def test_no_answer_holds_the_loop() -> None:
    """The wizard draws in the same loop: even the first answer, before anything is remembered, takes under 100 ms."""
    for remembered in (pages.assets, pages.cover, pages.script, pages.style):
        remembered.cache_clear()
    for path in ("/", pages.cover(small=False).path, pages.script().path, "/login", "/none"):
        for settings in ({}, SOUND_SETTINGS):
            began = time.process_time()
            get(f"https://{DOMAIN}{path}", settings, accept_encoding="gzip")
            assert time.process_time() - began < 0.1


def test_a_setting_cannot_add_a_header() -> None:
    for name in ("https.hsts", "cache.static"):
        response = get(f"https://{DOMAIN}{pages.style().path}", {name: "x\r\nSet-Cookie: evil"})
        assert all("\n" not in value for _, value in response.headers)


def test_settings_are_read_again_and_damage_leaves_the_last_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = SettingsFile(path)
    assert settings.now() == {}
    path.write_text(json.dumps({"site.login": "up"}))
    assert settings.now() == {"site.login": "up"}
    path.write_text('{"site.login": ')
    assert settings.now() == {"site.login": "up"}
    path.write_text("[1]")
    assert settings.now() == {"site.login": "up"}
    replaced = tmp_path / "new"
    replaced.write_text(json.dumps({"site.login": "no"}))
    os.replace(replaced, path)
    assert settings.now() == {"site.login": "no"}


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    server = WebServer(lambda request: Response(200, (("X-Seen", f"{request.host} {request.target}"),), b"hello"))
    port = await server.start()
    try:
        yield port
    finally:
        await server.aclose()


async def exchange(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.transport.abort()


async def test_http_keeps_a_connection_and_ends_it_when_asked() -> None:
    two = b"GET /1 HTTP/1.1\r\nHost: A:80\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"
    async with serving() as port:
        out = await exchange(port, two)
        old = await exchange(port, b"GET / HTTP/1.0\r\nHost: c\r\n\r\n")
    first, second = out.split(b"hello")
    assert b"X-Seen: a /1\r\n" in first
    assert b"Content-Length: 5\r\n" in first
    assert b"X-Seen: b /2\r\n" in second
    assert second.endswith(b"Connection: close\r\n\r\n")
    assert old.endswith(b"hello")


BAD = [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    (b"nonsense\r\n\r\n", 400),
    (b"\x16\x03\x01\x00\xff\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1), 413),
    (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
    (b"GET / HTTP/1.1\r\nX: " + b"x" * HEAD_BYTES * 2 + b"\r\n\r\n", 431),
]


@pytest.mark.parametrize(("sent", "status"), BAD)
async def test_http_refuses_what_is_not_a_request(sent: bytes, status: int) -> None:
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        async with asyncio.timeout(5):
            assert (await reader.readline()).split()[1] == str(status).encode()
        writer.transport.abort()
        assert (await exchange(port, b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")).endswith(b"hello")


async def test_http_reads_past_a_body() -> None:
    async with serving() as port:
        out = await exchange(
            port,
            b"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.0\r\nHost: a\r\n\r\n",
        )
    assert b"X-Seen: a /1" in out
    assert b"X-Seen: a /2" in out
