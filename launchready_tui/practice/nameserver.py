"""A small name server on dnspython: UDP and TCP, zone transfer and dynamic update with TSIG.

It is authoritative for its zones and follows CNAMEs between them, so that it can stand for a resolver of the small
world that it holds. RFC 1034, 1035, 2136 (update), 2308 (negative answers), 5936 (AXFR), 6891 (EDNS), 8945 (TSIG).
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.rrset
import dns.tsig
import dns.update
import dns.zone

from launchready_tui.practice import lookup, update
from launchready_tui.practice.connections import Listener

UDP_BYTES = 1_232  # what fits every path unfragmented (DNS flag day 2020)
PLAIN_UDP_BYTES = 512  # without EDNS (RFC 1035 section 4.2.1)
TCP_BYTES = 65_535
IDLE_SECONDS = 10.0  # a TCP connection that says nothing is closed
CONNECTIONS = 100  # TCP connections at a time
PORT_TRIES = 20
TRANSFER_CHARACTERS = 16_000  # of presentation form in one message of a transfer; on the wire it is always shorter

_TRANSFERS = (dns.rdatatype.AXFR, dns.rdatatype.IXFR)


class Nameserver:
    """Serves `zones` (absolute names: made with relativize=False); whoever signs with one of `keys` may read all of a
    zone and change it. `changed` is called with a zone after an update changed it, before the answer is sent; where it
    raises, the change is taken back and the answer is SERVFAIL.
    """

    def __init__(
        self,
        zones: dict[dns.name.Name, dns.zone.Zone],
        keys: dict[dns.name.Name, dns.tsig.Key],
        changed: Callable[[dns.zone.Zone], None] | None = None,
    ) -> None:
        for origin, zone in zones.items():
            if zone.relativize or zone.origin != origin:
                raise ValueError(f"zone {origin} must be made with its origin and relativize=False")
        self.zones, self.keys = zones, keys
        self._changed = changed
        self._tcp: Listener | None = None
        self._udp: asyncio.DatagramTransport | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on `host` with UDP and TCP on one number (0: any free one) and return it. Raises OSError if taken."""
        loop = asyncio.get_running_loop()
        for left in reversed(range(PORT_TRIES)):
            tcp = Listener(self._talk, most=CONNECTIONS)
            number = await tcp.start(host, port)
            try:
                udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), (host, number))
            except OSError:  # another program has this number for UDP: take another one
                await tcp.aclose()
                if port or not left:
                    raise
                continue
            self._tcp, self._udp = tcp, udp
            return number
        raise AssertionError("the last try returns or raises")

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            await self._tcp.aclose()

    def answer(self, data: bytes, *, udp: bool) -> Iterator[bytes]:
        """The messages that answer one request; none for what is not a request. Only a transfer has several."""
        try:
            unchecked = dns.message.from_wire(data, keyring=False)
        except dns.exception.DNSException:
            return _bare(data, dns.rcode.FORMERR)
        if unchecked.flags & dns.flags.QR:
            return iter(())
        try:
            request = dns.message.from_wire(data, keyring=self.keys) if unchecked.had_tsig else unchecked
        except dns.exception.DNSException as error:  # all that the first reading left to find wrong is the signature
            return iter([_not_signed(unchecked, error).to_wire()])
        if len(request.question) != 1:
            return _bare(data, dns.rcode.FORMERR)
        if isinstance(request, dns.update.UpdateMessage):
            return iter([self._update(request).to_wire()])
        if request.opcode() == dns.opcode.QUERY and request.question[0].rdtype in _TRANSFERS:
            return self._transfer(request, udp=udp)
        response = self._query(request)
        room = TCP_BYTES
        if udp:
            room = max(PLAIN_UDP_BYTES, min(request.payload, UDP_BYTES)) if request.edns >= 0 else PLAIN_UDP_BYTES
        return iter([response.to_wire(max_size=room, prefer_truncation=True)])

    def replies(self, data: bytes, *, udp: bool) -> list[bytes]:
        """answer(), as a list; whatever goes wrong in it becomes SERVFAIL, so that a server outlives any packet."""
        try:
            return list(self.answer(data, udp=udp))
        except Exception:  # noqa: BLE001  a server must outlive whatever bytes it is sent
            return list(_bare(data, dns.rcode.SERVFAIL))

    def _query(self, request: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(request, recursion_available=True, our_payload=UDP_BYTES)
        if request.edns > 0:
            response.set_rcode(dns.rcode.BADVERS)
        elif request.opcode() != dns.opcode.QUERY:
            response.set_rcode(dns.rcode.NOTIMP)
        elif request.question[0].rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            lookup.fill(response, self.zones)
        return response

    def _update(self, request: dns.update.UpdateMessage) -> dns.message.Message:
        response = dns.message.make_response(request, recursion_available=True)
        section = request.zone[0]
        zone = self.zones.get(section.name)
        if section.rdtype != dns.rdatatype.SOA:
            response.set_rcode(dns.rcode.FORMERR)
        elif zone is None:
            response.set_rcode(dns.rcode.NOTAUTH)
        elif not request.had_tsig:
            response.set_rcode(dns.rcode.REFUSED)
        else:
            response.set_rcode(self._apply(zone, request))
        return response

    def _apply(self, zone: dns.zone.Zone, request: dns.update.UpdateMessage) -> dns.rcode.Rcode:
        """Change the zone and tell `changed`. Where that fails (a full disk), nothing has changed."""
        before = zone.nodes
        code = update.apply(zone, request)
        if self._changed is not None and zone.nodes is not before:
            try:
                self._changed(zone)
            except Exception:  # noqa: BLE001  whatever kept the change from being kept: it must not be served either
                zone.nodes = before
                return dns.rcode.SERVFAIL
        return code

    def _transfer(self, request: dns.message.Message, *, udp: bool) -> Iterator[bytes]:
        """The whole zone between two SOA records, in as many messages as it takes (RFC 5936 section 2.2)."""
        zone = self.zones.get(request.question[0].name)
        if zone is None or not request.had_tsig or udp:
            refusal = dns.message.make_response(request, recursion_available=True)
            refusal.set_rcode(dns.rcode.NOTAUTH if zone is None else dns.rcode.REFUSED)
            yield refusal.to_wire()
            return
        context: object | None = None
        for batch in _batches(zone):
            message = dns.message.make_response(request, recursion_available=True)
            message.flags |= dns.flags.AA
            message.answer = batch
            yield message.to_wire(multi=True, tsig_ctx=context, max_size=TCP_BYTES)
            context = message.tsig_ctx

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                data = await reader.readexactly(length)
                for wire in self.replies(data, udp=False):
                    writer.write(struct.pack("!H", len(wire)) + wire)
                await writer.drain()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: Nameserver) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as asyncio calls it
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            for wire in self._server.replies(data, udp=True):
                self._transport.sendto(wire, addr)

    def error_received(self, exc: Exception) -> None:
        """An asker that left before its answer: nothing is owed."""


def _bare(data: bytes, code: dns.rcode.Rcode) -> Iterator[bytes]:
    """A header alone, for what could not be read further; nothing for less than a header or for an answer."""
    if len(data) < 12:
        return iter(())
    ident, flags = struct.unpack("!HH", data[:4])
    if flags & dns.flags.QR:
        return iter(())
    kept = flags & (0x7800 | dns.flags.RD)  # the opcode and the asker's wish
    return iter([struct.pack("!HHHHHH", ident, dns.flags.QR | kept | int(code), 0, 0, 0, 0)])


def _not_signed(request: dns.message.Message, error: dns.exception.DNSException) -> dns.message.Message:
    """NOTAUTH with an unsigned TSIG record that says why (RFC 8945 section 5.2)."""
    code = dns.rcode.BADKEY
    if isinstance(error, dns.tsig.BadSignature):
        code = dns.rcode.BADSIG
    elif isinstance(error, dns.tsig.BadTime):
        code = dns.rcode.BADTIME
    response = dns.message.make_response(request, recursion_available=True)
    response.set_rcode(dns.rcode.NOTAUTH)
    assert request.tsig is not None
    asked = request.tsig[0]
    now = int(time.time())
    other = now.to_bytes(6, "big") if code == dns.rcode.BADTIME else b""
    reason = dns.rdtypes.ANY.TSIG.TSIG(  # type: ignore[no-untyped-call]  # dnspython leaves it untyped
        dns.rdataclass.ANY, dns.rdatatype.TSIG, asked.algorithm, now, 300, b"", request.id, int(code), other
    )
    response.tsig = dns.rrset.from_rdata(request.tsig.name, 0, reason)
    return response


def _batches(zone: dns.zone.Zone) -> Iterator[list[dns.rrset.RRset]]:
    """The zone's record sets, SOA first and last, in lists that each fit one message."""
    with zone.reader() as reader:
        sets = [dns.rrset.from_rdata_list(n, held.ttl, held) for n, held in reader.iterate_rdatasets()]
    start = next(rrset for rrset in sets if rrset.rdtype == dns.rdatatype.SOA and rrset.name == zone.origin)
    batch: list[dns.rrset.RRset] = []
    size = 0
    for rrset in (start, *(rrset for rrset in sets if rrset is not start), start):
        length = len(rrset.to_text())
        if batch and size + length > TRANSFER_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(rrset)
        size += length
    yield batch
