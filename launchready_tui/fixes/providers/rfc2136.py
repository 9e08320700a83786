"""Records at a name server that takes dynamic updates (RFC 2136) signed with TSIG (RFC 8945).

The old values go along as prerequisites (RFC 2136 section 2.4.2), so comparing and setting are one message: either
everything is as the plan showed and all of it changes, or nothing does.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.tsig
import dns.update
import dns.xfr
import dns.zone

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, Kind, Moved, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import Ask, Provider
from launchready_tui.model import RecordSet
from launchready_tui.secret import Secret
from launchready_tui.sources._dns_wire import text_of

# The server says that a prerequisite does not hold: somebody else changed it since (RFC 2136 section 2.2).
_MOVED = {dns.rcode.NXRRSET, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.YXDOMAIN}


def rdataset(type: str, values: Sequence[str], ttl: int) -> dns.rdataset.Rdataset:
    """Presentation values as wire data. Raises FixProblem for a value that could not be written as shown."""
    rdtype = _type(type)
    out: list[dns.rdata.Rdata] = []
    for value in values:
        try:
            if type == "TXT":
                if "\\" in value:
                    raise FixProblem(
                        f"A TXT record here holds a backslash ({value[:60]}). Not every name server gives that back "
                        "unchanged, so change this one by hand."
                    )
                raw = value.encode()
                parts = [raw[i : i + 255] for i in range(0, len(raw), 255)] or [b""]
                text = " ".join('"' + "".join(_txt_char(byte) for byte in part) + '"' for part in parts)
            else:
                text = value
            out.append(dns.rdata.from_text(dns.rdataclass.IN, rdtype, text, relativize=False))
        except (dns.exception.DNSException, ValueError) as error:
            raise FixProblem(f"{value[:80]} is not a {type} record that a name server would take.") from error
    return dns.rdataset.from_rdata_list(ttl, out)


def _name(text: str) -> dns.name.Name:
    try:
        return dns.name.from_text(text)
    except (dns.exception.DNSException, ValueError) as error:
        raise FixProblem(f"{text[:80]} is not a name that a name server would take.") from error


def _type(text: str) -> dns.rdatatype.RdataType:
    try:
        return dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError) as error:
        raise FixProblem(f"There is no record type {text[:20]}.") from error


def _txt_char(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03d}"


@dataclass(frozen=True, slots=True)
class NameServerPlace:
    """`zone` without the trailing dot; `key` the TSIG key's name, `secret` its base64 value (hmac-sha256)."""

    server: str
    port: int
    zone: str
    key: str
    secret: Secret

    @property
    def kind(self) -> Kind:
        return "records"

    @property
    def name(self) -> str:
        return f"the name server {self.server}, zone {self.zone}"

    def _keyring(self) -> dict[dns.name.Name, dns.tsig.Key]:
        name = _name(self.key)
        try:
            return {name: dns.tsig.Key(name, self.secret.reveal(), dns.tsig.HMAC_SHA256)}
        except ValueError:  # without its cause, which may quote the key
            raise FixProblem(f"The key {self.key} for {self.server} is not in base64. Store it anew.") from None

    async def _send(self, message: dns.message.Message) -> dns.message.Message:
        try:
            return await dns.asyncquery.tcp(message, self.server, timeout=limits.DNS_SECONDS, port=self.port)
        except dns.exception.Timeout as error:
            raise FixProblem(f"{self.server} did not answer within {limits.DNS_SECONDS:.0f} seconds.") from error
        except (OSError, EOFError) as error:
            raise FixProblem(f"{self.server} did not take our connection.") from error
        except dns.exception.DNSException as error:
            raise FixProblem(f"{self.server} gave an answer that we cannot trust or read.") from error

    async def read(self, name: str, type: str) -> State:
        found = await self._records(name, type)
        return State() if found is None else State(tuple(text_of(rdata) for rdata in found), found.ttl)

    async def _records(self, name: str, type: str) -> dns.rrset.RRset | None:
        """The set as it stands on the wire, None where there is none."""
        asked, rdtype = _name(name), _type(type)
        answer = await self._send(dns.message.make_query(asked, rdtype, flags=0))
        if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise FixProblem(f"{self.server} answered {dns.rcode.to_text(answer.rcode())} for {type} {name}.")
        return next((rrset for rrset in answer.answer if rrset.name == asked and rrset.rdtype == rdtype), None)

    async def _all(self) -> dns.zone.Zone:
        zone = dns.zone.Zone(_name(self.zone), relativize=False)
        query, _ = dns.xfr.make_query(zone)
        query.use_tsig(self._keyring())
        try:
            await dns.asyncquery.inbound_xfr(
                self.server, zone, query, port=self.port, timeout=limits.DNS_SECONDS, lifetime=limits.DNS_SECONDS * 2
            )
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise FixProblem(f"{self.server} did not show us the whole zone {self.zone}.") from error
        return zone

    async def count(self) -> int | None:
        try:
            zone = await self._all()
        except FixProblem:
            return None  # a server may take updates and still refuse transfers
        return sum(len(rdataset) for _, rdataset in zone.iterate_rdatasets() if rdataset.rdtype != dns.rdatatype.SOA)

    @property
    def atomic(self) -> bool:
        return True

    async def reach(self) -> Reach:
        """A signed transfer shows that the key is known; an update that changes nothing, that it may write."""
        try:
            update = dns.update.UpdateMessage(_name(self.zone), keyring=self._keyring())
            update.present(_name(self.zone), "SOA")
            answer = await self._send(update)
        except FixProblem as problem:
            return Reach(None, None, problem.sentence)
        if answer.rcode() == dns.rcode.NOERROR:
            return Reach(True, True, f"{self.server} takes our changes to {self.zone}.")
        code = dns.rcode.to_text(answer.rcode())
        missing = (f"the right to update {self.zone} for the key {self.key}",)
        return Reach(None, False, f"{self.server} refused an update of {self.zone} ({code}).", missing)

    async def records(self) -> tuple[RecordSet, ...] | None:
        try:
            zone = await self._all()
        except FixProblem:
            return None  # a server may take updates and still refuse transfers
        found = [
            RecordSet(
                str(name).rstrip(".").lower(),
                dns.rdatatype.to_text(rdataset.rdtype),
                tuple(text_of(one) for one in rdataset),
                rdataset.ttl,
            )
            for name, rdataset in zone.iterate_rdatasets()
            if rdataset.rdtype != dns.rdatatype.SOA
        ]
        return tuple(found)

    async def complete(self, step: Step) -> Step:
        """A set that could not go over the wire unchanged, there or back, is refused before anything."""
        if step.after.values:
            rdataset(step.type, step.after.values, limits.DNS_TTL)
        if step.before.values:
            as_shown = rdataset(step.type, step.before.values, limits.DNS_TTL)
            live = await self._records(step.name, step.type)
            if live is None or set(live) != set(as_shown):
                raise FixProblem(
                    f"{step.label} is kept in a form that we could not put back exactly (a long text in pieces of its "
                    "own, say), so change this one by hand."
                )
        return step

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        """RFC 1034 section 3.6.2: no other record stands beside a CNAME."""
        if not step.after.values:
            return ()
        others = ("A", "AAAA", "TXT", "MX", "CAA", "SRV") if step.type == "CNAME" else ("CNAME",)
        found: list[Step] = []
        for type in others:
            state = await self.read(step.name, type)
            if state.values:
                found.append(Step("records", step.name, type, state, State()))
        return tuple(found)

    async def write(self, steps: Sequence[Step]) -> None:
        update = dns.update.UpdateMessage(_name(self.zone), keyring=self._keyring())
        for step in sorted(steps, key=lambda step: bool(step.after.values)):  # deletions first: a CNAME needs the room
            name = _name(step.name)
            ttl = step.after.ttl or step.before.ttl or limits.DNS_TTL
            if step.before.values:
                update.present(name, rdataset(step.type, step.before.values, 0))
            else:
                update.absent(name, step.type)
            update.delete(name, step.type)
            if step.after.values:
                update.add(name, rdataset(step.type, step.after.values, ttl))
        answer = await self._send(update)
        code = answer.rcode()
        if code in _MOVED:
            raise Moved("Somebody changed these records since the plan was made. Nothing was changed; look again.")
        if code == dns.rcode.NOTAUTH:
            raise FixProblem(
                f"{self.server} does not know our key, or does not serve {self.zone}. Nothing was changed."
            )
        if code != dns.rcode.NOERROR:
            raise FixProblem(f"{self.server} refused the change ({dns.rcode.to_text(code)}). Nothing was changed.")


def _open(given: Mapping[str, str], secret: Secret) -> NameServerPlace:
    server = str(ipaddress.ip_address(given["server"]))
    return NameServerPlace(server, int(given.get("port") or 53), given["zone"], given["key"], secret)


PROVIDER = Provider(
    kind="rfc2136",
    name="a name server that takes dynamic updates",
    hosts=(),
    asks=(
        Ask("server", "Address of the primary name server", "192.0.2.53"),
        Ask("port", "Port", "53", "53"),
        Ask("key", "Name of the TSIG key", "launchready."),
    ),
    secret="The TSIG key, as base64",
    open=_open,
    scopes=("update and transfer of the zone for this key",),
)
