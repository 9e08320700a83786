"""One question to one server: UDP, a second try, TCP. Ends by its deadline and never raises for what servers do."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import Literal

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from launchready_tui.sources._dns_answers import Answer, Malformed, TimedOut
from launchready_tui.sources._dns_wire import message_of, query

_DATAGRAM_BYTES = 65_535  # the largest there is
_NO_EDNS = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)  # what servers without EDNS say (RFC 6891, 7)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom. `unchecked` asks a resolver not to check signatures (CD), `signatures` to check them
    and say so (DO, for which it takes EDNS)."""

    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType
    server: str
    port: int
    recurse: bool
    unchecked: bool = False
    signatures: bool = False

    def message(self, *, edns: bool) -> dns.message.QueryMessage:
        asking = query(self.name, self.rdtype, recurse=self.recurse, edns=edns)
        if self.unchecked:
            asking.flags |= dns.flags.CD
        if self.signatures and edns:
            asking.want_dnssec()
        return asking


@dataclass(frozen=True, slots=True)
class NoReply:
    """silent: nothing came in time. refused, unreachable: the network says so. broken: what came is not an answer.
    truncated: the answer does not fit UDP. kept: we did not ask (`reason` says why)."""

    kind: Literal["silent", "refused", "unreachable", "broken", "truncated", "kept"]
    reason: str = ""
    seconds: float = 0.0

    def answer(self, name: str, type: str) -> Answer:
        """The same as an answer to (name, type)."""
        if self.kind == "broken":
            return Malformed(name, type, self.reason)
        return TimedOut(name, type, self.seconds, self.reason or "no answer")


Reply = dns.message.Message | NoReply

_TRUNCATED = NoReply("truncated", "its answer does not fit UDP and it takes no TCP")


async def over_udp(question: Question, *, seconds: float, try_seconds: float) -> Reply:
    """Ask with EDNS, and once more without it where the server is silent or does not know it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    edns = True
    while (left := end - loop.time()) > 0:
        try:
            async with asyncio.timeout(min(try_seconds, left)):
                reply = await _one_datagram(question, edns=edns)
        except TimeoutError:
            edns = False
            continue
        except OSError as error:
            return _unreachable(error)
        if edns and isinstance(reply, dns.message.Message) and reply.rcode() in _NO_EDNS:
            edns = False
            continue
        return reply
    return NoReply("silent", seconds=seconds)


async def _one_datagram(question: Question, *, edns: bool) -> Reply:
    """Send once and read until the reply to this question comes; waits for ever, the caller sets the limit."""
    loop = asyncio.get_running_loop()
    asking = question.message(edns=edns)
    family = socket.AF_INET6 if ":" in question.server else socket.AF_INET
    # A connected socket has a fresh random port, takes datagrams from this server alone, and hears ICMP as an error.
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((question.server, question.port))
        sock.send(asking.to_wire())
        while True:
            arrived = await loop.sock_recv(sock, _DATAGRAM_BYTES)
            if int.from_bytes(arrived[:2], "big") != asking.id:
                await asyncio.sleep(
                    0
                )  # sock_recv does not wait while there is something to read: a flood may not hold us
                continue  # not to our question: forged or late (RFC 5452 section 9.1)
            if len(arrived) >= 12 and arrived[2] & 0x02:
                return _TRUNCATED
            reply = message_of(arrived)
            if reply is None:
                return NoReply("broken", "it is not a DNS message")
            if not asking.is_response(reply):
                return NoReply("broken", "it is not to our question")
            return reply


async def over_tcp(question: Question, *, seconds: float) -> Reply:
    """Ask over TCP (RFC 7766), without EDNS where the server does not know it."""
    asking = question.message(edns=True)
    plain = question.message(edns=False)
    try:
        async with asyncio.timeout(seconds):
            reply = await dns.asyncquery.tcp(asking, question.server, port=question.port)
            if reply.rcode() in _NO_EDNS:
                return await dns.asyncquery.tcp(plain, question.server, port=question.port)
            return reply
    except TimeoutError:
        return NoReply("silent", seconds=seconds)
    except OSError as error:
        return _unreachable(error)
    except EOFError:
        return NoReply("broken", "it closed the connection without an answer")
    except (dns.exception.DNSException, ValueError):
        return NoReply("broken", "it is not a DNS message to our question")


def _unreachable(error: OSError) -> NoReply:
    if isinstance(error, ConnectionRefusedError):
        return NoReply("refused", "nothing answers there")
    if isinstance(error, ConnectionError):
        return NoReply("broken", "it closed the connection without an answer")
    return NoReply("unreachable", "it cannot be reached from here")
