"""What a web server says. The one module that imports httpx and httpcore.

Every request resolves through our own resolver, applies the address policy, ends by its deadline, and keeps a bounded
body. A refused connection and a failed certificate are facts; silence is not.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, suppress
from functools import partial
from importlib import import_module

import httpcore
import httpx

from launchready_tui import __version__, limits
from launchready_tui.project import Project
from launchready_tui.sources import trust, urls
from launchready_tui.sources.bodies import BadBody, Unpacker
from launchready_tui.sources.cookies import Jar
from launchready_tui.sources.dial import Unreachable, close_socket, dial, open_socket, route_to, routes
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import BudgetSpent, Gate
from launchready_tui.sources.once import Once
from launchready_tui.sources.replies import Chain, NoPage, Page, Reply
from launchready_tui.sources.shields import in_its_place
from launchready_tui.sources.trips import Trip, failure, silence
from launchready_tui.sources.wire import Wire

__all__ = ["Chain", "NoPage", "Page", "Reply", "Web"]

with suppress(ImportError):  # httpcore loads it with its first request otherwise, while the first answers wait
    import_module("anyio._backends._asyncio")

# TLS sessions by host and port, each with the context that verified its server: a second connection goes on from there,
# as browsers do, which spares both sides most of a handshake.
Sessions = dict[tuple[str, int], tuple[ssl.SSLContext, ssl.SSLSession]]

USER_AGENT = f"launchready/{__version__} (+launch check)"


class Web:
    """Fetches and remembers: nobody asks for the same URL twice in a run."""

    needs = "the network"

    def __init__(self, project: Project, dns: Dns, gate: Gate) -> None:
        self._project, self._dns, self._gate = project, dns, gate
        self._once: Once[tuple[object, ...], Reply] = Once()
        self._caps: dict[tuple[object, ...], int] = {}
        self._sessions: Sessions = {}
        self._asked: list[str] = []
        self._met: set[str] = set()
        self._kept = 0

    async def get(
        self,
        url: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        accept_encoding: str = "gzip",
        attempt: int = 1,
        most: int | None = None,
    ) -> Reply:
        """One GET, no redirect followed. `attempt` above 1 asks again on purpose. Never raises for what servers do.

        `most` caps the body below limits.BODY_BYTES; who wants more than a body was cut at has it fetched again.
        """
        try:
            url = urls.normal(url)
        except urls.BadUrl as bad:
            return NoPage(url, bad.kind, bad.say)
        cap = min(limits.BODY_BYTES if most is None else most, limits.BODY_BYTES)
        key: tuple[object, ...] = (url, headers, accept_encoding, attempt)
        asked_cap = self._caps.setdefault(key, cap)
        reply = await self._once.get(key, partial(self._ask, url, headers, accept_encoding, attempt, asked_cap))
        if isinstance(reply, Page) and reply.cut and asked_cap < cap:
            key = (*key, "whole")
            cap = self._caps.setdefault(key, limits.BODY_BYTES)
            reply = await self._once.get(key, partial(self._ask, url, headers, accept_encoding, attempt, cap))
        return reply

    async def get_at(self, url: str, address: str) -> Reply:
        """One GET of a URL at one address of its host, with the Host, SNI and certificate of the URL. Never raises.

        Where it meets another place than get() would is the point of it: a host's addresses may disagree.
        """
        try:
            url = urls.normal(url)
        except urls.BadUrl as bad:
            return NoPage(url, bad.kind, bad.say)
        work = partial(self._ask, url, (), "gzip", 1, limits.BODY_BYTES, address)
        return await self._once.get((url, "at", address), work)

    async def call(self, url: str, headers: tuple[tuple[str, str], ...], body: bytes | None = None) -> Reply:
        """One question to an interface, a POST where there is a body. Nothing of it is remembered: its headers hold a
        token, and its answer may hold secrets. No redirect is followed. Never raises for what servers do."""
        try:
            url = urls.normal(url)
        except urls.BadUrl as bad:
            return NoPage(url, bad.kind, bad.say)
        return await self._ask(url, headers, "gzip", 1, limits.BODY_BYTES, body=body, interface=True)

    @property
    def met_ipv6(self) -> frozenset[str]:
        """The IPv6 addresses that took our connection in this look: where there are some, this machine has IPv6."""
        return frozenset(address for address in self._met if ":" in address)

    async def follow(self, url: str) -> Chain:
        """GET and follow redirects by hand, at most limits.REDIRECTS, sharing every hop with get().

        A loop whose hops set cookies is walked once more with them, since some sites only loop for who has none.
        """
        chain = await self._walk(url, None)
        if chain.end == "loop" and any(isinstance(hop, Page) and hop.values("set-cookie") for hop in chain.hops):
            again = await self._walk(url, Jar())
            return chain if again.end == "loop" else again
        return chain

    async def _walk(self, url: str, jar: Jar | None) -> Chain:
        hops: list[Reply] = []
        seen: set[tuple[str, str]] = set()
        while True:
            host = urls.host_of(url)
            cookie = jar.header(host) if jar is not None else ""
            reply = await self.get(url, headers=(("cookie", cookie),) if cookie else ())
            hops.append(reply)
            if not isinstance(reply, Page):
                return Chain(tuple(hops), "no-answer")
            if not reply.is_redirect:
                return Chain(tuple(hops), "ok")
            if jar is not None:
                jar.take(host, reply.values("set-cookie"))
            seen.add((reply.url, cookie))
            to = reply.location
            if to is None:
                return Chain(tuple(hops), "bad-location")
            if (to, jar.header(urls.host_of(to)) if jar is not None else "") in seen:
                return Chain(tuple(hops), "loop")
            if len(hops) > limits.REDIRECTS:
                return Chain(tuple(hops), "too-long")
            url = to

    @property
    def asked(self) -> tuple[str, ...]:
        """Every URL requested so far, in order, for the test that none is asked twice.

        A request that differs on purpose (its headers, another attempt) says so behind the URL.
        """
        return tuple(self._asked)

    async def aclose(self) -> None:
        """Stop what still runs. Every client lives in its request, so nothing stays open."""
        await self._once.aclose()

    async def _ask(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        accept_encoding: str,
        attempt: int,
        cap: int,
        at: str = "",
        body: bytes | None = None,
        interface: bool = False,
    ) -> Reply:
        _, host, port = urls.origin(url)
        trip = Trip()
        # What another address gave to go on with is not this one's.
        sessions = {} if at else self._sessions
        try:
            async with asyncio.timeout(limits.WEB_SECONDS):
                if at:
                    trip.routes = (await route_to(self._project, self._dns, host, port, at),)
                else:
                    trip.routes = await routes(self._project, self._dns, host, port)
            async with self._gate.through(host):
                self._asked.append(_told(url, headers, accept_encoding, attempt, at))
                trip.stage = "connect"
                async with asyncio.timeout(limits.WEB_SECONDS):
                    page = await self._converse(trip, url, headers, accept_encoding, cap, sessions, body)
                    return page if interface else in_its_place(page) or page
        except BudgetSpent:
            return NoPage(url, "budget", "was asked as often as we ask one host in a look")
        except (TimeoutError, httpx.TimeoutException):
            return silence(url, trip)
        except trust.BadTrust as bad:
            return NoPage(url, "broken", f"was not asked: {bad}")
        except (Unreachable, BadBody, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            return failure(url, trip, error)
        finally:
            self._met.add(trip.address)

    async def _converse(
        self,
        trip: Trip,
        url: str,
        headers: tuple[tuple[str, str], ...],
        accept_encoding: str,
        cap: int,
        sessions: Sessions,
        body: bytes | None = None,
    ) -> Page:
        began = time.perf_counter()
        sent = [("user-agent", USER_AGENT), ("accept", "*/*"), ("accept-encoding", accept_encoding), *headers]
        method = "GET" if body is None else "POST"
        request = httpx.Request(method, url, headers=[*sent, ("connection", "close")], content=body)
        transport = _Transport(trip, trust.client_context(self._project.network.ca), sessions)
        # The transport is asked without a client: a client keeps cookies, reads proxies from the environment, and fails
        # on a Location that it cannot parse, which is the founder's to know.
        async with transport, aclosing(await transport.handle_async_request(request)) as response:
            found = tuple((_text(name).lower(), _text(value)) for name, value in response.headers.raw)
            encoding = ", ".join(value for name, value in found if name == "content-encoding").strip().lower()
            unpacker = Unpacker(encoding, min(cap, max(0, limits.RUN_BODY_BYTES - self._kept)))
            if response.status_code >= 200:
                async for part in response.aiter_raw():
                    if not unpacker.feed(part):
                        break
            unpacker.end()
            self._kept += len(unpacker.body)
            return Page(
                url=url,
                status=response.status_code,
                headers=found,
                body=bytes(unpacker.body),
                cut=unpacker.cut,
                wire_bytes=unpacker.wire,
                encoding=encoding,
                seconds=time.perf_counter() - began,
                http_version=response.http_version,
                address=trip.address,
            )


def _told(url: str, headers: tuple[tuple[str, str], ...], accept_encoding: str, attempt: int, at: str) -> str:
    more = [name for name, _ in headers]
    more += [f"at {at}"] if at else []
    more += [f"accept-encoding {accept_encoding}"] if accept_encoding != "gzip" else []
    more += [f"attempt {attempt}"] if attempt > 1 else []
    return f"{url} ({', '.join(more)})" if more else url


def _text(raw: bytes) -> str:
    """Header text: UTF-8 where it is that, else Latin-1 (RFC 9110 section 5.5)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


# ---- the transport: httpcore over our routes ----


class _Stream(httpcore.AsyncNetworkStream):
    """Counts what comes in until the headers are complete. Our own deadlines end it, so it keeps none (`timeout`)."""

    def __init__(self, wire: Wire, trip: Trip, place: tuple[str, int], sessions: Sessions) -> None:
        self._wire, self._trip, self._head = wire, trip, 0
        self._place, self._sessions = place, sessions

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            part = await self._wire.receive(min(max_bytes, limits.READ_BYTES))
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        if self._trip.stage == "wait":
            self._head += len(part)
            if self._head > limits.HEADER_BYTES + limits.READ_BYTES:
                raise httpcore.RemoteProtocolError("more headers than a browser reads")
        return part

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            await self._wire.send(buffer)
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._wire.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        self._trip.stage = "tls"
        context, session = self._sessions.get(self._place, (None, None))
        if context is not ssl_context:
            session = None
        try:
            await self._wire.secure(ssl_context, server_hostname or "", session)
        except OSError as error:
            self._wire.close()
            if session is None:
                raise httpcore.NetworkError(str(error)) from error
            # Only what a whole handshake says is a fact: a ConnectError has it tried anew, on a new connection.
            self._sessions.pop(self._place, None)
            raise httpcore.ConnectError(str(error)) from error
        self._trip.stage = "wait"
        return self


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens the one connection of a trip, and closes it."""

    def __init__(self, trip: Trip, sessions: Sessions) -> None:
        self._trip, self._sessions = trip, sessions
        self._wire: Wire | None = None
        self._place = ("", 0)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        sock, self._trip.address = await dial(self._trip.routes, open_socket, close_socket)
        self._wire, self._place = Wire(sock), (host, port)
        self._trip.stage = "wait"
        return _Stream(self._wire, self._trip, self._place, self._sessions)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def close(self, context: ssl.SSLContext) -> None:
        """Hang up, and keep what the next connection to the same place can go on with: read once for each place, since
        every reading of a session costs CPython 6 KB for ever."""
        if self._wire is not None:
            if self._sessions.get(self._place, (None, None))[0] is not context:
                session = self._wire.session
                if session is not None:
                    self._sessions[self._place] = (context, session)
            self._wire.close()


def _as_httpx(error: Exception, request: httpx.Request) -> httpx.TransportError:
    """httpcore's exceptions by their name in httpx; anything else that a connection raised is a TransportError."""
    for kind in type(error).__mro__:
        to = getattr(httpx, kind.__name__, None)
        if kind.__module__.startswith("httpcore") and isinstance(to, type) and issubclass(to, httpx.TransportError):
            return to(str(error), request=request)
    return httpx.TransportError(f"{type(error).__name__}: {error}", request=request)


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response, request: httpx.Request) -> None:
        self._response, self._request = response, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._response.aiter_stream():
                yield part
        except Exception as error:  # httpcore lets bare ssl, h11 and OS errors through in a body
            raise _as_httpx(error, self._request) from error

    async def aclose(self) -> None:
        await self._response.aclose()


class _Transport(httpx.AsyncBaseTransport):
    """One request over one connection."""

    def __init__(self, trip: Trip, context: ssl.SSLContext, sessions: Sessions) -> None:
        self._trip, self._context, self._backend = trip, context, _Backend(trip, sessions)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        where = request.url
        url = httpcore.URL(scheme=where.raw_scheme, host=where.raw_host, port=where.port, target=where.raw_path)
        connection = httpcore.AsyncHTTPConnection(url.origin, self._context, retries=1, network_backend=self._backend)
        try:
            response = await connection.handle_async_request(
                httpcore.Request(
                    request.method,
                    url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except Exception as error:  # whatever a server provokes below becomes one kind of exception
            raise _as_httpx(error, request) from error
        self._trip.stage = "body"
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response, request), extensions=response.extensions
        )

    async def aclose(self) -> None:
        self._backend.close(self._context)
