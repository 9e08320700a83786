"""Name servers that misbehave as told, on loopback, for the tests of the DNS source."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone

from launchready_tui.practice.nameserver import Nameserver
from tests.real.servers import free_port

Reply = Callable[[bytes], Iterable[bytes]]


@dataclass
class Rogue:
    """`udp` and `tcp` make the datagrams and messages that answer one request; `tcp` None closes every connection.

    `requests` are the requests so far, over both; `arrived` is set by each.
    """

    udp: Reply
    tcp: Reply | None = None
    requests: list[bytes] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def heard(self, data: bytes) -> None:
        self.requests.append(data)
        self.arrived.set()

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Rogue]:
        rogue = self

        class Udp(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = cast("asyncio.DatagramTransport", transport)

            def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
                rogue.heard(data)
                for wire in rogue.udp(data):
                    self.transport.sendto(wire, addr)

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                data = await reader.readexactly(struct.unpack("!H", await reader.readexactly(2))[0])
                rogue.heard(data)
                for wire in rogue.tcp(data) if rogue.tcp else ():
                    writer.write(struct.pack("!H", len(wire)) + wire)
                await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        self.port = port or free_port(host)
        tcp = await asyncio.start_server(talk, host, self.port)
        udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(Udp, (host, self.port))
        try:
            yield self
        finally:
            udp.close()
            tcp.close()
            await tcp.wait_closed()


def answering(*records: str, rcode: str = "NOERROR", aa: bool = False) -> Reply:
    """A reply with these records ("name. 300 IN A 192.0.2.1") in its answer section, whatever was asked."""

    def reply(data: bytes) -> Iterable[bytes]:
        response = dns.message.make_response(dns.message.from_wire(data))
        response.set_rcode(dns.rcode.from_text(rcode))
        if aa:
            response.flags |= dns.flags.AA
        for record in records:
            name, ttl, _, rdtype, rest = record.split(" ", 4)
            response.answer.append(dns.rrset.from_text(name, int(ttl), "IN", rdtype, rest))
        return [response.to_wire(max_size=65535)]

    return reply


def referring(zone: str, servers: Iterable[str], glue: Iterable[tuple[str, str]] = ()) -> Reply:
    """A referral: NS of `zone` in the authority section, addresses in the additional one."""

    def reply(data: bytes) -> Iterable[bytes]:
        response = dns.message.make_response(dns.message.from_wire(data))
        response.authority.append(dns.rrset.from_text(zone, 300, "IN", "NS", *servers))
        for name, address in glue:
            response.additional.append(dns.rrset.from_text(name, 300, "IN", "AAAA" if ":" in address else "A", address))
        return [response.to_wire()]

    return reply


def silent(data: bytes) -> Iterable[bytes]:
    return ()


def asked(data: bytes) -> tuple[str, str]:
    """The (name, type) of a request."""
    question = dns.message.from_wire(data).question[0]
    return question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)


@asynccontextmanager
async def zones(*texts: str, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """A sound name server for zones in master file form; the first line of each is "$ORIGIN zone."."""
    held: dict[dns.name.Name, dns.zone.Zone] = {}
    for text in texts:
        origin = dns.name.from_text(text.strip().splitlines()[0].split()[1])
        held[origin] = dns.zone.from_text(text, origin=origin, relativize=False, check_origin=False)
    server = Nameserver(held, {})
    try:
        yield await server.start(host, port)
    finally:
        await server.aclose()
