"""Hostile web servers: every request ends by its deadline, in bounded memory, with a reply and no exception."""

from __future__ import annotations

import asyncio
import gc
import gzip
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.model import Evidence
from launchready_tui.sources.web import NoPage, Page
from tests.certs import Authority
from tests.sources.serving import Asked, Talk, answer, browsing, network, raw, visiting
from tests.world import NAME

HOME = f"http://{NAME}/"
OK = b"HTTP/1.1 200 OK\r\n"


def endless(head: bytes, part: bytes) -> Talk:
    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()

    return talk


def trickle(data: bytes) -> Talk:
    """A byte at a time, as slowly as a deadline of `limits.WEB_SECONDS` must end."""

    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        for byte in data:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)  # slowness is what is tested here

    return talk


async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def reset(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_SECONDS", 0.6)
    monkeypatch.setattr(limits, "CONNECT_SECONDS", 0.5)


ENDS: list[tuple[str, Talk, str, str]] = [
    ("says nothing", silent, "timeout", "said nothing"),
    ("a byte at a time, head", trickle(OK + b"x: y\r\n" * 500), "timeout", "said nothing complete"),
    ("a byte at a time, body", trickle(OK + b"\r\n" + b"x" * 5000), "timeout", "did not finish"),
    ("endless headers", endless(OK, b"x-a: " + b"b" * 1000 + b"\r\n"), "broken", ""),
    ("one endless header", endless(OK + b"x-a: ", b"b" * 10_000), "broken", ""),
    ("endless 1xx", endless(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), "broken", ""),
    ("garbage", raw(b"\x00\xff\x16\x03garbage\r\n\r\n" * 50), "broken", "not HTTP"),
    ("a status that is none", raw(b"HTTP/1.1 abc OK\r\n\r\n"), "broken", "not HTTP"),
    ("NUL in a header", raw(OK + b"x: a\x00b\r\n\r\n"), "broken", "not HTTP"),
    ("a header without a name", raw(OK + b": x\r\n\r\n"), "broken", "not HTTP"),
    ("two lengths", raw(OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\nab"), "broken", ""),
    ("a length that is none", raw(OK + b"content-length: -5\r\n\r\nab"), "broken", ""),
    ("hangs up at once", raw(b""), "broken", "closed the connection"),
    ("resets", reset, "broken", ""),
    ("hangs up in the body", raw(OK + b"content-length: 100\r\n\r\nabc"), "broken", "in the middle"),
    ("chunks of garbage", raw(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n\r\n"), "broken", "in the middle"),
    ("a chunk without end", raw(OK + b"transfer-encoding: chunked\r\n\r\nfffffff\r\nabc"), "broken", "in the middle"),
    ("a chunk as long as the world", raw(OK + b"transfer-encoding: chunked\r\n\r\n" + b"f" * 400), "broken", ""),
    ("gzip that is none", answer(body=b"not gzip", content_encoding="gzip"), "broken", "does not unpack"),
    ("deflate that is none", answer(body=b"\xff" * 50, content_encoding="deflate"), "broken", "does not unpack"),
]


@pytest.mark.parametrize(("talk", "kind", "say"), [e[1:] for e in ENDS], ids=[e[0] for e in ENDS])
async def test_no_page_in_time_and_no_exception(talk: Talk, kind: str, say: str) -> None:
    async with visiting(talk) as (web, server):
        began = time.perf_counter()
        got = await web.get(HOME)
        seconds = time.perf_counter() - began
        async with asyncio.timeout(5):
            await server.closed.wait()  # the connection does not outlive the request
    assert isinstance(got, NoPage), got
    assert (got.kind, got.fact) == (kind, False)
    assert say in got.say
    assert seconds < limits.WEB_SECONDS + 1


async def test_an_endless_body_is_cut() -> None:
    async with visiting(endless(OK + b"\r\n", b"x" * 65_536)) as (web, server):
        got = await web.get(HOME)
        async with asyncio.timeout(5):
            await server.closed.wait()
    assert isinstance(got, Page)
    assert (len(got.body), got.cut) == (limits.BODY_BYTES, True)


async def test_a_flood_of_tiny_chunks_does_not_hold_the_loop() -> None:
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    watcher = asyncio.create_task(watch())
    async with visiting(endless(OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000)) as (web, _):
        got = await web.get(HOME)
    watcher.cancel()
    assert isinstance(got, NoPage | Page)
    assert longest < 0.5  # 0.1 s on a quiet machine; the tests share theirs


def bomb() -> bytes:
    """About 300 KB that unpack to 300 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    zeros = bytes(1_000_000)
    return b"".join([*(packer.compress(zeros) for _ in range(300)), packer.flush()])


@pytest.mark.parametrize("make", [bomb, lambda: gzip.compress(bytes(10_000_000)) * 30], ids=["one", "members"])
async def test_a_gzip_bomb_is_cut_in_bounded_memory(make: Callable[[], bytes]) -> None:
    packed = make()
    async with visiting(answer(body=packed, content_encoding="gzip")) as (web, _):
        tracemalloc.start()
        try:
            got = await web.get(HOME)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert isinstance(got, Page)
    assert (len(got.body), got.cut) == (limits.BODY_BYTES, True)
    assert peak < 6 * limits.BODY_BYTES


async def test_the_bodies_of_a_run_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RUN_BODY_BYTES", 1500)
    async with visiting(answer(body=b"x" * 1000)) as (web, _):
        got = [await web.get(f"{HOME}{number}") for number in range(3)]
    assert [(len(page.body), page.cut) for page in got if isinstance(page, Page)] == [
        (1000, False),
        (500, True),
        (0, True),
    ]


async def test_escapes_in_headers_do_not_reach_the_screen() -> None:
    head = b"HTTP/1.1 301 \x1b]0;owned\x07\r\nlocation: /\x1b[2J\r\nserver: \x1b[31mred\xe2\x80\xae\r\n"
    head += b"content-length: 0\r\n\r\n"
    async with visiting(raw(head)) as (web, _):
        chain = await web.follow(HOME)
    told = [hop.say if isinstance(hop, NoPage) else str(hop.headers) for hop in chain.hops]
    shown = [Evidence(hop.url, text).text for hop, text in zip(chain.hops, told, strict=True)]
    assert not any(mark in text for text in shown for mark in ("\x1b", "\x07", "\u202e"))
    assert "\x1b" not in "".join(chain.urls)


async def test_a_truncated_gzip_is_cut_not_broken() -> None:
    packed = gzip.compress(bytes(range(256)) * 50)
    async with visiting(answer(body=packed[:-20], content_encoding="gzip")) as (web, _):
        got = await web.get(HOME)
    assert isinstance(got, Page)
    assert got.cut


async def test_silence_while_tls_begins(tmp_path: Path) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()
        writer.close()
        gone.set()

    heard, gone = asyncio.Event(), asyncio.Event()
    listener = await asyncio.start_server(mute, "127.0.0.1", 0)
    async with listener, browsing(network(https=listener.sockets[0].getsockname()[1])) as web:
        got = await web.get(f"https://{NAME}/")
        assert heard.is_set()
        async with asyncio.timeout(5):
            await gone.wait()
    assert isinstance(got, NoPage)
    assert (got.kind, got.fact) == ("timeout", False)
    assert "securing" in got.say


@pytest.mark.parametrize("secure", [False, True])
async def test_closing_leaves_no_task_and_no_socket(
    secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WEB_SECONDS", 30.0)
    arrived = asyncio.Event()

    async def hold(asked: Asked, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    authority = Authority()
    tls = authority.server_context(authority.leaf(NAME)) if secure else None
    before = asyncio.all_tasks()
    async with visiting(hold, tls, authority.write(tmp_path / "ca.pem")) as (web, _):
        waiter = asyncio.create_task(web.get(f"{'https' if secure else 'http'}://{NAME}/"))
        async with asyncio.timeout(5):
            await arrived.wait()
        began = time.perf_counter()
        waiter.cancel()
        await web.aclose()
        assert time.perf_counter() - began < limits.CANCEL_SECONDS
        ours = [t for t in asyncio.all_tasks() - before if "Once" in str(t) or t.get_name().startswith("once")]
        assert [task for task in ours if not task.done()] == []
        gc.collect()
        held = [o for o in gc.get_objects() if type(o).__name__ == "_SelectorSocketTransport" and not o.is_closing()]
        assert len(held) <= 1  # the server's own side, until it sees that we left


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_whole_bomb_costs_the_process_little() -> None:
    """The peak of a fresh process that fetches a bomb, against one that fetches a small page.

    VmHWM and not ru_maxrss: the latter is inherited from whoever started the process.
    """
    code = (
        "import asyncio, pathlib, sys\n"
        "from tests.sources.test_hostile_web import bomb\n"
        "from tests.sources.serving import answer, visiting\n"
        "async def main(body):\n"
        "    async with visiting(answer(body=body, content_encoding='gzip')) as (web, _):\n"
        "        await web.get('http://good.example/')\n"
        "    print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])\n"
        "import gzip\n"
        "asyncio.run(main(bomb() if sys.argv[1] == 'bomb' else gzip.compress(b'x')))\n"
    )
    root = Path(__file__).parents[2]
    kilobytes = [
        int(subprocess.run([sys.executable, "-c", code, what], cwd=root, capture_output=True, check=True).stdout)
        for what in ("page", "bomb")
    ]
    assert kilobytes[1] < 200_000
    assert kilobytes[1] - kilobytes[0] < 30_000
