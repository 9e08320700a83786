"""How a probe reaches a host: our resolver, the address policy, the checked address, and a quick second try.

The web, TLS and mail sources all open their connections here, so no look-up and no address escapes the policy.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Literal, TypeVar

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources import dns as d
from launchready_tui.sources.address import is_public

Route = tuple[str, int]
T = TypeVar("T")
Why = Literal["refused", "no-address", "timeout", "broken", "policy"]
NO_WAY = "could not be reached from this machine"  # says nothing of the host: without IPv6 no machine reaches any


class Unreachable(Exception):
    """No connection. `kind` and `fact` as NoPage's, `say` a plain clause."""

    def __init__(self, kind: Why, say: str, *, fact: bool = False) -> None:
        super().__init__(say)
        self.kind: Why = kind
        self.say = say
        self.fact = fact


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that it came from."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        each = todo.pop(0)
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, each.__context__]


async def routes(project: Project, dns: d.Dns, host: str, port: int) -> tuple[Route, ...]:
    """Where to connect for `host` and `port`: checked (address, port) pairs, IPv4 first. Raises Unreachable.

    A pair of the project's `connect_to` is used as it stands, as curl's --connect-to does; but where the DNS knows the
    site and says that this host of it has no address, visitors meet nobody there, and neither do we.
    """
    mapped = project.network.connect_to.get((host, port))
    if mapped is not None:
        if await _known_absent(project, dns, host):
            raise await _no_address(dns, host)
        found: tuple[Route, ...] = (mapped,)
    else:
        addresses = (host,) if is_ip(host) else await dns.addresses(host)
        if not addresses:
            raise await _no_address(dns, host)
        found = tuple((address, port) for address in addresses)
    allowed = tuple(route for route in found if project.network.private or is_public(route[0]))
    if not allowed:
        raise Unreachable("policy", f"has the address {found[0][0]}, which is not on the public internet")
    return tuple(sorted(allowed, key=lambda route: ":" in route[0]))[: limits.DIAL_ADDRESSES]


async def route_to(project: Project, dns: d.Dns, host: str, port: int, address: str) -> Route:
    """Where to connect to meet `host` at one of its addresses and nowhere else. Raises Unreachable.

    A pair of the project's `connect_to` gives the port where it leads to one of the host's own addresses. Where it
    leads elsewhere, it stands for all of them, so none can be met by itself.
    """
    mapped = project.network.connect_to.get((host, port))
    if mapped is not None:
        if mapped[0] != address and mapped[0] not in await dns.addresses(host):
            raise Unreachable("policy", "is met where --connect-to says, so we could not ask this address by itself")
        port = mapped[1]
    if not (project.network.private or is_public(address)):
        raise Unreachable("policy", "is not an address on the public internet")
    return address, port


async def _known_absent(project: Project, dns: d.Dns, host: str) -> bool:
    """Does the DNS give the site's own name an address, and say as a fact that `host` has none?"""
    if is_ip(host) or not await _absent(dns, host):
        return False
    for name in (project.domain, project.www):
        if name != host and await dns.addresses(name):
            return True
    return False


async def _absent(dns: d.Dns, host: str) -> bool:
    if await dns.addresses(host):
        return False
    return (await _no_address(dns, host)).fact


async def _no_address(dns: d.Dns, host: str) -> Unreachable:
    """Why there is no address: what servers said is a fact, their silence is not. Both questions are remembered."""
    answers = [await dns.ask(host, "A"), await dns.ask(host, "AAAA")]
    if any(isinstance(answer, d.NxDomain) for answer in answers):
        return Unreachable("no-address", "does not exist in the DNS", fact=True)
    if all(isinstance(answer, d.NoData) for answer in answers):
        return Unreachable("no-address", "has no address in the DNS", fact=True)
    return Unreachable("no-address", "could not be looked up: the DNS gave no clear answer")


async def dial(
    found: Sequence[Route], open: Callable[[str, int], Awaitable[T]], close: Callable[[T], Awaitable[None]]
) -> tuple[T, str]:
    """Open the first route that answers; the next is tried beside it after limits.FALLBACK_SECONDS (RFC 8305).

    Gives the connection and its address. Raises Unreachable; when cancelled, nothing stays open.
    """
    running: dict[asyncio.Task[T], str] = {}
    failures: list[BaseException] = []
    waiting = list(found)
    won: asyncio.Task[T] | None = None
    try:
        async with asyncio.timeout(limits.CONNECT_SECONDS):
            while won is None and (running or waiting):
                if waiting:
                    address, port = waiting.pop(0)
                    running[asyncio.ensure_future(open(address, port))] = address
                done, _ = await asyncio.wait(
                    running, timeout=limits.FALLBACK_SECONDS if waiting else None, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    error = task.exception()
                    if error is None:
                        won = won or task
                    else:
                        failures.append(error)
                        del running[task]
    except asyncio.CancelledError:
        won = None  # nobody is left to take it
        raise
    except TimeoutError:
        seconds = f"{limits.CONNECT_SECONDS:g} seconds"
        raise Unreachable("timeout", f"did not take our connection within {seconds}") from None
    finally:
        for task in running:
            task.cancel()
        others = [task for task in running if task is not won]
        for other in await asyncio.gather(*others, return_exceptions=True):
            if not isinstance(other, BaseException):
                await close(other)
    if won is None:
        raise _why(failures)
    return won.result(), running[won]


def _why(failures: Sequence[BaseException]) -> Unreachable:
    """All routes failed. Refused is a fact; that this machine has no way to an address (no IPv6) says nothing."""
    codes: list[int] = []
    for failure in failures:
        known = [cause.errno for cause in causes(failure) if isinstance(cause, OSError) and cause.errno]
        codes.append(known[-1] if known else 0)
    no_way = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
    told = [code for code in codes if code not in no_way]
    if told and all(code == errno.ECONNREFUSED for code in told):
        return Unreachable("refused", "refused our connection", fact=True)
    if not told:
        return Unreachable("broken", NO_WAY)
    return Unreachable("broken", "broke off our connection")


async def open_socket(address: str, port: int) -> socket.socket:
    """A connected TCP socket. Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the end of a handshake and a request go together
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException:
        sock.close()
        raise
    return sock


async def close_socket(sock: socket.socket) -> None:
    sock.close()
