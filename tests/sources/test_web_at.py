"""One address of a host at a time, on real sockets: the name stays the host's, and each address speaks for itself."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launchready_tui.practice.webserver import Request, Response, WebServer
from launchready_tui.project import Network, Project
from launchready_tui.sources.dial import NO_WAY
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.web import NoPage, Page, Web
from launchready_tui.system import loopback_addresses
from tests.certs import Authority
from tests.world import NAME, CannedDns, found

URL = f"https://{NAME}/"
HERE = "127.0.0.1"
pytestmark = pytest.mark.skipif(len(loopback_addresses(2)) < 2, reason="needs two loopback addresses")


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


class Place:
    """A server for the name at one address, which says who it is and remembers the names it was asked for."""

    def __init__(self, says: str, context: ssl.SSLContext) -> None:
        self.hosts: list[str] = []
        self.says = says
        self.server = WebServer(self.answer, context)

    def answer(self, request: Request) -> Response:
        self.hosts.append(request.host)
        return Response(200, (("Content-Type", "text/html"),), f"<title>{self.says}</title>".encode())


@asynccontextmanager
async def web_of(
    folder: Path, *addresses: str, mapped: str = HERE, listening: tuple[str, ...] | None = None
) -> AsyncIterator[tuple[Web, dict[str, Place]]]:
    """Servers at addresses on one port, and a Web for which the DNS has these addresses."""
    authority = Authority()
    context = authority.server_context(authority.leaf(NAME))
    places = {address: Place(f"at {address}", context) for address in (addresses if listening is None else listening)}
    port = 0
    try:
        for address, place in places.items():
            port = await place.server.start(address, port)
        network = Network(private=True, connect_to={(NAME, 443): (mapped, port)}, ca=authority.write(folder / "ca.pem"))
        project = Project(NAME, network=network)
        four = [address for address in addresses if ":" not in address]
        six = [address for address in addresses if ":" in address]
        dns = {(NAME, "A"): found(NAME, "A", *four), (NAME, "AAAA"): found(NAME, "AAAA", *six)}
        web = Web(project, CannedDns(dns, {}, None), Gate(project))
        try:
            yield web, places
        finally:
            await web.aclose()
    finally:
        for place in places.values():
            await place.server.aclose()


def title(reply: object) -> str:
    assert isinstance(reply, Page), reply
    return reply.text


async def test_each_address_answers_for_itself_with_the_host_name(tmp_path: Path) -> None:
    other = loopback_addresses(2)[1]
    async with web_of(tmp_path, HERE, other) as (web, places):
        first, second = await asyncio.gather(web.get_at(URL, HERE), web.get_at(URL, other))
        again = await web.get_at(URL, other)
    assert (title(first), title(second)) == (f"<title>at {HERE}</title>", f"<title>at {other}</title>")
    assert again is second
    assert [place.hosts for place in places.values()] == [[NAME], [NAME]]  # asked once, and by its name
    assert web.asked == (f"{URL} (at {HERE})", f"{URL} (at {other})")


async def test_an_address_where_nothing_listens_refuses(tmp_path: Path) -> None:
    other = loopback_addresses(2)[1]
    async with web_of(tmp_path, HERE, other, listening=(HERE,)) as (web, _):
        reply = await web.get_at(URL, other)
        assert isinstance(reply, NoPage)
        assert (reply.kind, reply.fact) == ("refused", True)
        assert title(await web.get(URL)) == f"<title>at {HERE}</title>"


async def test_where_the_map_leads_elsewhere_no_address_is_met_by_itself(tmp_path: Path) -> None:
    other = loopback_addresses(2)[1]
    async with web_of(tmp_path, other, listening=(HERE,)) as (web, places):
        reply = await web.get_at(URL, other)
    assert isinstance(reply, NoPage)
    assert reply.kind == "policy"
    assert places[HERE].hosts == []


async def test_an_address_that_is_not_public_is_not_asked() -> None:
    project = Project(NAME)
    web = Web(project, CannedDns({(NAME, "A"): found(NAME, "A", HERE)}, {}, None), Gate(project))
    reply = await web.get_at(URL, HERE)
    await web.aclose()
    assert isinstance(reply, NoPage)
    assert reply.kind == "policy"
    assert web.asked == ()


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
async def test_ipv6_is_met_and_remembered(tmp_path: Path) -> None:
    async with web_of(tmp_path, HERE, "::1") as (web, _):
        assert web.met_ipv6 == frozenset()
        assert title(await web.get_at(URL, "::1")) == "<title>at ::1</title>"
        assert web.met_ipv6 == {"::1"}


async def test_a_machine_without_a_way_says_nothing_of_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_way(address: str, port: int) -> socket.socket:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    async with web_of(tmp_path, HERE, "::1", listening=(HERE,)) as (web, _):
        monkeypatch.setattr("launchready_tui.sources.web.open_socket", no_way)
        reply = await web.get_at(URL, "::1")
    assert isinstance(reply, NoPage)
    assert (reply.kind, reply.say, reply.fact) == ("broken", NO_WAY, False)
    assert web.met_ipv6 == frozenset()
