"""The measurement against a loopback server with an injected delay: what it counts, and when it stops."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.quantiles import percentile
from launchready_tui.sources.load import Load, Series
from tests.certs import Authority
from tests.world import CannedDns

HOST = "good.example"
Answer = Callable[[int], Awaitable[bytes | None]]  # the request's number -> what is sent back; None closes


def page(body: bytes = b"x" * 2_000, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{more}\r\n".encode() + body


class Site:
    """An HTTP/1.1 server that counts requests and connections."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.connections = 0
        self.counts: Counter[str] = Counter()
        self.port = 0

    async def one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head)
                said = await self.answer(len(self.requests))
                if said is None:
                    return
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()


@asynccontextmanager
async def serving(answer: Answer, context: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site(answer)
    tasks: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await site.one(reader, writer)

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def load(port: int, ca: str | None = None, *, secure: bool = False) -> tuple[Load, str]:
    network = Network(private=True, ca=ca, connect_to={(HOST, 443 if secure else 80): ("127.0.0.1", port)})
    project = Project(HOST, network=network, allowed=frozenset({"measure"}))
    return Load(project, CannedDns({}, {}, None)), f"http{'s' if secure else ''}://{HOST}/pricing?plan=a"


async def measure(site: Site) -> Series:
    source, url = load(site.port)
    try:
        return await source.sample(url)
    finally:
        await source.aclose()


async def _now(number: int) -> bytes | None:
    return page()


def test_without_a_yes_there_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="yes"):
        Load(Project(HOST), CannedDns({}, {}, None))


async def test_it_sends_what_was_agreed_to_and_drops_the_first_two() -> None:
    async with serving(_now) as site:
        source, url = load(site.port)
        series, again = await asyncio.gather(source.sample(url), source.sample(url))
        await source.aclose()
    assert series is again
    assert len(site.requests) == limits.SAMPLES
    assert len(series.samples) == limits.SAMPLES - 2
    assert len(series.fresh) == 2
    assert all(sample.status == 200 for sample in series.samples)
    assert site.requests[0].startswith(b"GET /pricing?plan=a HTTP/1.1\r\nhost: good.example\r\n")
    assert site.connections < 10  # connections are kept


async def test_a_delay_is_seen_where_it_was_put() -> None:
    async def slow(number: int) -> bytes | None:
        await asyncio.sleep(0.05)  # the injected delay
        return page()

    async with serving(slow) as site:
        series = await measure(site)
    waits = [sample.wait for sample in series.samples]
    assert 50 <= percentile(waits, 0.5) < 120
    for sample in series.samples:
        parts = sample.late + sample.dns + sample.connect + sample.tls + sample.wait + sample.transfer
        assert sample.total == pytest.approx(parts, abs=5)
        assert sample.first_byte == pytest.approx(sample.total - sample.transfer)


async def test_one_stuck_answer_does_not_hold_the_others_back() -> None:
    """Open loop: while one request waits, the schedule goes on, on other connections."""
    stuck = asyncio.Event()

    async def answer(number: int) -> bytes | None:
        if number == 10:
            await stuck.wait()
        if number == 40:
            stuck.set()  # thirty requests later: a closed loop would never come here
        return page()

    async with serving(answer) as site:
        series = await measure(site)
    totals = sorted(sample.total for sample in series.samples)
    assert totals[-1] > 30 / limits.PRIVATE_SAMPLES_PER_SECOND * 1000 * 0.8
    assert percentile(totals, 0.5) < totals[-1] / 4


async def test_https_with_its_own_authority(tmp_path: Path) -> None:
    authority = Authority()
    async with serving(_now, authority.server_context(authority.leaf(HOST))) as site:
        source, url = load(site.port, authority.write(tmp_path / "ca.pem"), secure=True)
        series = await source.sample(url)
        await source.aclose()
    assert all(sample.status == 200 for sample in series.samples)
    assert all(sample.tls > 0 for sample in series.fresh)
    assert all(sample.tls == 0 for sample in series.samples if sample.connect == 0)


async def test_an_unknown_authority_is_no_figure() -> None:
    authority = Authority()
    async with serving(_now, authority.server_context(authority.leaf(HOST))) as site:
        source, url = load(site.port, secure=True)
        series = await source.sample(url)
        await source.aclose()
    assert series.stopped
    assert all(sample.status == 0 for sample in series.samples)
    assert site.requests == []


async def test_it_stops_when_nobody_answers() -> None:
    async def never(number: int) -> bytes | None:
        return None

    async with serving(never) as site:
        series = await measure(site)
    assert series.stopped
    assert limits.SAMPLES_ABORT <= len(site.requests) < limits.SAMPLES / 2
    assert all(sample.error for sample in series.samples)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
    ids=["chunked", "early hints", "no content"],
)
async def test_kinds_of_answers(said: bytes) -> None:
    async def answer(number: int) -> bytes | None:
        return said

    async with serving(answer) as site:
        series = await measure(site)
    assert {sample.status for sample in series.samples} <= {200, 204}
    assert not series.stopped
    assert site.connections < 10


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01 not http\r\n\r\n",
        b"HTTP/1.1 20x OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 40_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_what_is_not_http_is_no_answer(said: bytes) -> None:
    async def answer(number: int) -> bytes | None:
        return said

    async with serving(answer) as site:
        series = await measure(site)
    assert series.stopped
    assert all(sample.status == 0 and sample.error for sample in series.samples)


async def test_silence_ends_by_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WEB_SECONDS", 0.3)
    forever = asyncio.Event()

    async def answer(number: int) -> bytes | None:
        await forever.wait()
        return None

    loop = asyncio.get_running_loop()
    async with serving(answer) as site:
        began = loop.time()
        series = await measure(site)
        assert loop.time() - began < 3
    assert series.stopped
    assert "no answer within" in series.samples[0].error


async def test_stopping_ends_it_at_once() -> None:
    arrived = asyncio.Event()

    async def answer(number: int) -> bytes | None:
        arrived.set()
        return page()

    async with serving(answer) as site:
        source, url = load(site.port)
        task = asyncio.create_task(source.sample(url))
        await arrived.wait()
        async with asyncio.timeout(limits.CANCEL_SECONDS):
            await source.aclose()
            await asyncio.gather(task, return_exceptions=True)
        assert task.done()


@pytest.mark.parametrize("url", ["ftp://good.example/", "http://", "http://user:pw@good.example/"])
async def test_addresses_that_are_not_asked(url: str) -> None:
    source, _ = load(1)
    series = await source.sample(url)
    assert series.samples == ()
    assert series.say
