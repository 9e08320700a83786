"""One name server on the wire: questions, signed updates and transfers, each failure as one sentence.

RFC 2136 (updates), RFC 5936 (transfers), RFC 8945 (TSIG).
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataset
import dns.tsig
import dns.update
import dns.xfr
import dns.zone

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, Moved
from launchready_tui.fixes.records import name_of
from launchready_tui.secret import Secret

# How a key signs, by the name that servers use in their settings (RFC 8945 section 6).
ALGORITHMS = {
    "hmac-sha256": dns.tsig.HMAC_SHA256,
    "hmac-sha512": dns.tsig.HMAC_SHA512,
    "hmac-sha384": dns.tsig.HMAC_SHA384,
    "hmac-sha224": dns.tsig.HMAC_SHA224,
    "hmac-sha1": dns.tsig.HMAC_SHA1,
    "hmac-md5": dns.tsig.HMAC_MD5,
}
# The server says that a prerequisite does not hold: somebody else changed it since (RFC 2136 section 2.2).
_MOVED = frozenset((dns.rcode.NXRRSET, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.YXDOMAIN))
_UNSURE = " Whether it made the change is not known yet."


@dataclass(frozen=True, slots=True)
class Server:
    """`zone` without the trailing dot; `key` the TSIG key's name, `secret` its base64 value."""

    address: str
    port: int
    zone: str
    key: str
    secret: Secret
    algorithm: str

    def _keyring(self) -> dict[dns.name.Name, dns.tsig.Key]:
        name = name_of(self.key)
        try:
            return {name: dns.tsig.Key(name, self.secret.reveal(), ALGORITHMS[self.algorithm])}
        except ValueError:  # without its cause, which may quote the key
            raise FixProblem(f"The key {self.key} for {self.address} is not in base64. Store it anew.") from None

    async def ask(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.message.Message:
        """One question; each record of the answer stands alone, with its own TTL. Raises FixProblem."""
        return await self._send(dns.message.make_query(name, rdtype, flags=0))

    def update(self) -> dns.update.UpdateMessage:
        """An empty update of the zone, which will be signed. Raises FixProblem for a key that is none."""
        return dns.update.UpdateMessage(name_of(self.zone), keyring=self._keyring())

    async def tell(self, update: dns.update.UpdateMessage) -> dns.rcode.Rcode:
        """Send an update that changes nothing, for what the server says of its prerequisites. Raises FixProblem."""
        return (await self._send(update)).rcode()

    async def change(self, update: dns.update.UpdateMessage) -> None:
        """Raises Moved where a prerequisite does not hold, FixProblem for anything else: its sentence says what is
        known of whether something was written."""
        code = (await self._send(update, unsure=_UNSURE)).rcode()
        if code == dns.rcode.NOERROR:
            return
        if code in _MOVED:
            raise Moved("Somebody changed these records since the plan was made. Nothing was changed; look again.")
        raise FixProblem(self.refusal(code))

    def refusal(self, code: dns.rcode.Rcode) -> str:
        """What an answer other than NOERROR to an update means."""
        word = dns.rcode.to_text(code)
        if code == dns.rcode.NOTAUTH:
            return f"{self.address} is not the primary server of {self.zone} ({word}). Nothing was changed."
        if code == dns.rcode.NOTIMP:
            return f"{self.address} does not take changes over the network ({word}). Nothing was changed."
        if code == dns.rcode.REFUSED:
            return (
                f"{self.address} refused the change ({word}): the key {self.key} may not change {self.zone} there, or "
                "it is a secondary server. Nothing was changed."
            )
        if code in (dns.rcode.FORMERR, dns.rcode.NOTZONE):
            return f"{self.address} refused the change ({word}). Nothing was changed."
        return f"{self.address} could not make the change ({word})."

    async def transfer(self) -> dns.zone.Zone:
        """The whole zone. Raises FixProblem."""
        zone = _Bounded(name_of(self.zone), relativize=False)
        query, _ = dns.xfr.make_query(zone)
        query.use_tsig(self._keyring())
        seconds = limits.DNS_SECONDS
        try:
            await dns.asyncquery.inbound_xfr(
                self.address, zone, query, port=self.port, timeout=seconds, lifetime=seconds * 2
            )
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise FixProblem(f"{self.address} did not show us the whole zone {self.zone}.") from error
        return zone

    async def _send(self, message: dns.message.Message, *, unsure: str = "") -> dns.message.Message:
        """`unsure` is added to a sentence after which the message may have been heard all the same."""
        here, seconds = self.address, limits.DNS_SECONDS
        try:
            answer = _read(message, await self._exchange(message.to_wire()))
        except dns.exception.TooBig as error:
            raise FixProblem("That is more than fits into one message to a name server (64 KB).") from error
        except TimeoutError as error:
            raise FixProblem(f"{here} did not answer within {seconds:.0f} seconds.{unsure}") from error
        except ConnectionRefusedError as error:
            raise FixProblem(f"{here} did not take our connection.") from error
        except (OSError, EOFError) as error:
            raise FixProblem(f"{here} broke off our connection.{unsure}") from error
        except dns.tsig.PeerError as error:
            raise FixProblem(self._not_signed(error)) from error
        except dns.exception.DNSException as error:
            raise FixProblem(f"{here} gave an answer that we cannot trust or read.{unsure}") from error
        if answer.flags & dns.flags.TC:
            raise FixProblem(f"{here} cut its answer short.{unsure}")
        return answer

    async def _exchange(self, wire: bytes) -> bytes:
        """One message there and one back over TCP. Raises TimeoutError, OSError and EOFError."""
        async with asyncio.timeout(limits.DNS_SECONDS):
            reader, writer = await asyncio.open_connection(self.address, self.port)
            try:
                writer.write(struct.pack("!H", len(wire)) + wire)
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                return await reader.readexactly(length)
            finally:
                writer.close()

    def _not_signed(self, error: dns.tsig.PeerError) -> str:
        """What the server says of our signature (RFC 8945 section 5.2)."""
        if isinstance(error, dns.tsig.PeerBadKey):
            return (
                f"{self.address} does not know the key {self.key} with {self.algorithm}, or does not let it change "
                f"{self.zone} (BADKEY). Nothing was changed. Look up both in the server's settings."
            )
        if isinstance(error, dns.tsig.PeerBadTime):
            return (
                f"The clock of {self.address} and the clock of this computer are more than 5 minutes apart (BADTIME). "
                "Nothing was changed. Set the wrong one right."
            )
        if isinstance(error, dns.tsig.PeerBadSignature):
            return (
                f"{self.address} knows the key {self.key} with another secret (BADSIG). Nothing was changed. Store the "
                "secret anew."
            )
        return f"{self.address} did not take the signature of the key {self.key}. Nothing was changed."


class _Version(dns.zone.WritableVersion):
    """What a transfer has brought so far. Raises DNSException where it does not end."""

    brought = 0

    def put_rdataset(self, name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> None:
        self.brought += 1
        if self.brought > limits.ZONE_SETS:
            raise dns.exception.DNSException
        super().put_rdataset(name, rdataset)


class _Bounded(dns.zone.Zone):
    writable_version_factory = _Version


def _read(asked: dns.message.Message, wire: bytes) -> dns.message.Message:
    """The answer to `asked`, its signature checked; each record stands alone, with its own TTL.

    A refusal need not be signed: a server that will not talk to us cannot be made to. Raises DNSException.
    """
    plain = dns.message.from_wire(wire, keyring=False, one_rr_per_rrset=True)
    if not asked.is_response(plain):
        raise dns.exception.FormError  # it answers another question
    if not asked.had_tsig or (not plain.had_tsig and plain.rcode() not in (dns.rcode.NOERROR, *_MOVED)):
        return plain
    return dns.message.from_wire(wire, keyring=asked.keyring, request_mac=asked.mac, one_rr_per_rrset=True)
