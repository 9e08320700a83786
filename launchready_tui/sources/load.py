"""A measurement that a founder agreed to: open-loop GETs on one URL, timed from the moment each was due.

Open loop: the next request starts when it is due, whether or not the last one was answered, so a slow answer cannot
hide the ones that would have waited behind it. Connections are kept, as a visitor's browser keeps them; the first two
requests open new ones, are dropped from the figures, and show where a first visit's time goes.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources import _h1
from launchready_tui.sources.dial import Route, Unreachable, routes
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.once import Once
from launchready_tui.sources.trust import BadTrust, client_context
from launchready_tui.sources.urls import BadUrl, normal, origin

_DROPPED = 2  # the first requests warm the server and the path; catalogue


@dataclass(frozen=True, slots=True)
class Sample:
    """One request, in milliseconds from its scheduled time; `wait` is to the first byte of the answer.

    `total` = `late` + `dns` + `connect` + `tls` + `wait` + `transfer`; the middle three are 0 on a kept connection.
    `status` is 0 where no HTTP answer came (`error` says why). `late` is how late our own generator started it.
    """

    total: float
    dns: float
    connect: float
    tls: float
    wait: float
    transfer: float
    status: int
    late: float
    error: str = ""

    @property
    def first_byte(self) -> float:
        """Milliseconds from the scheduled time to the first byte of the answer."""
        return self.total - self.transfer


@dataclass(frozen=True, slots=True)
class Series:
    """The samples kept (the first two dropped), in order of their schedule. `fresh` are those dropped: each opened its
    own connection. `say` is why nothing could be measured, "" otherwise; `stopped`: we ended it early, since too many
    requests in a row got no answer."""

    url: str
    samples: tuple[Sample, ...]
    address: str = ""
    fresh: tuple[Sample, ...] = ()
    stopped: bool = False
    say: str = ""


class Load:
    """There only after a yes ("measure" allowed)."""

    needs = "your yes to 62 requests"
    consent = "measure"

    def __init__(self, project: Project, dns: Dns) -> None:
        """Raises ValueError where the founder did not agree to a measurement."""
        if "measure" not in project.allowed:
            raise ValueError("a measurement needs the founder's yes")
        self._project, self._dns = project, dns
        self._measured: Once[str, Series] = Once()

    async def sample(self, url: str) -> Series:
        """limits.SAMPLES requests for `url`, once a run. Never raises for what servers do."""
        try:
            url = normal(url)
        except BadUrl as bad:
            return Series(url, (), say=bad.say)
        return await self._measured.get(url, lambda: self._measure(url))

    async def aclose(self) -> None:
        await self._measured.aclose()

    async def _measure(self, url: str) -> Series:
        scheme, host, port = origin(url)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            places = await routes(self._project, self._dns, host, port)
            context = client_context(self._project.network.ca) if scheme == "https" else None
        except Unreachable as away:
            return Series(url, (), say=away.say)
        except BadTrust as bad:
            return Series(url, (), say=str(bad))
        looked_up = (loop.time() - began) * 1000
        run = _Run(_Target(url, host, places[0], context), looked_up)
        private = self._project.network.private
        return await run.go(limits.PRIVATE_SAMPLES_PER_SECOND if private else limits.SAMPLES_PER_SECOND)


@dataclass(frozen=True, slots=True)
class _Target:
    url: str
    host: str
    route: Route
    context: ssl.SSLContext | None

    @property
    def request(self) -> bytes:
        parts = urlsplit(self.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _h1.request(path, parts.netloc)


class _Run:
    """One series: a schedule, the kept connections, and what came back."""

    def __init__(self, target: _Target, looked_up: float) -> None:
        self._target, self._looked_up = target, looked_up
        self._idle: list[_h1.Connection] = []
        self._open: set[_h1.Connection] = set()
        self._silent = 0

    async def go(self, per_second: float) -> Series:
        loop = asyncio.get_running_loop()
        start = loop.time()
        tasks: list[asyncio.Task[Sample]] = []
        try:
            for number in range(limits.SAMPLES):
                due = start + number / per_second
                await asyncio.sleep(max(0.0, due - loop.time()))
                if self._silent >= limits.SAMPLES_ABORT:
                    break
                tasks.append(asyncio.create_task(self._one(due, fresh=number < _DROPPED)))
            samples = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for connection in self._open:
                connection.abort()
        # The name was looked up once, before the first request; a visitor's first request waits for that.
        fresh = tuple(replace(s, dns=self._looked_up, total=s.total + self._looked_up) for s in samples[:_DROPPED])
        return Series(
            self._target.url,
            tuple(samples[_DROPPED:]),
            self._target.route[0],
            fresh,
            stopped=len(samples) < limits.SAMPLES,
        )

    async def _one(self, due: float, *, fresh: bool) -> Sample:
        loop = asyncio.get_running_loop()
        began = loop.time()
        late = max(0.0, began - due) * 1000
        connect = tls = 0.0
        try:
            async with asyncio.timeout(limits.WEB_SECONDS):
                connection = None if fresh else self._kept()
                if connection is None:
                    connection = await _h1.Connection.open(*self._target.route, self._target.host, self._target.context)
                    self._open.add(connection)
                    connect, tls = connection.connect_ms, connection.tls_ms
                sent = loop.time()
                answer = await connection.ask(self._target.request)
        except TimeoutError:
            return self._lost(due, late, f"no answer within {limits.WEB_SECONDS:g} seconds")
        except (OSError, _h1.NotHttp) as error:
            return self._lost(due, late, str(error) or type(error).__name__)
        self._silent = 0
        if answer.keep:
            self._idle.append(connection)
        else:
            connection.abort()
            self._open.discard(connection)
        ended = loop.time()
        transfer = (ended - answer.first_byte_at) * 1000
        wait = (answer.first_byte_at - sent) * 1000
        total = (ended - due) * 1000
        return Sample(total, 0.0, connect, tls, wait, transfer, answer.status, late)

    def _kept(self) -> _h1.Connection | None:
        """A connection that is idle and still open on the other side."""
        while self._idle:
            connection = self._idle.pop()
            if connection.alive:
                return connection
            connection.abort()
            self._open.discard(connection)
        return None

    def _lost(self, due: float, late: float, error: str) -> Sample:
        self._silent += 1
        total = (asyncio.get_running_loop().time() - due) * 1000
        return Sample(total, 0.0, 0.0, 0.0, 0.0, 0.0, 0, late, error)
