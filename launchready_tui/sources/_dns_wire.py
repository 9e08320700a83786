"""Questions and replies of the DNS as messages: build the one, read the other. Pure; RFC 1034, 1035, 2308, 6604."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.txtbase
import dns.rrset

from launchready_tui import limits
from launchready_tui.sources._dns_answers import Answer, Found, Malformed, NoData, NxDomain, ServerFailed

_NAMED = frozenset(
    dns.rdatatype.from_text(name) for name in ("NS", "CNAME", "DNAME", "PTR", "MX", "SRV", "SOA")
)  # their values are names, which compare without case (RFC 4343)
_SERVICES = (dns.rdatatype.SVCB, dns.rdatatype.HTTPS)  # a name, and parameters whose case counts (RFC 9460)
for _type in ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "TXT"):
    # dnspython loads each with its first answer otherwise, and leaves the function untyped.
    dns.rdata.get_rdata_class(dns.rdataclass.IN, dns.rdatatype.from_text(_type))  # type: ignore[no-untyped-call]
# RFC 8914 section 4: the extended errors that speak of signatures.
_SIGNATURE_ERRORS = {
    5: "DNSSEC indeterminate",
    6: "DNSSEC bogus",
    7: "signature expired",
    8: "signature not yet valid",
    9: "DNSKEY missing",
    10: "RRSIGs missing",
    11: "no zone key bit set",
    12: "NSEC missing",
}


class BadQuestion(Exception):
    """A name or type that nobody can ask for; str() is the reason."""


@dataclass(frozen=True, slots=True)
class Onward:
    """An alias whose target the reply says nothing about: ask for the last of `aliases`."""

    aliases: tuple[str, ...]
    ttl: int
    authoritative: bool


@lru_cache(maxsize=4_096)
def to_name(text: str) -> dns.name.Name:
    """An absolute name from its A-label text, trailing dot or not. Raises BadQuestion (RFC 1035 section 2.3.4)."""
    if not text.isascii():
        raise BadQuestion("the name is not in its ASCII form")
    if text in ("", "@"):
        raise BadQuestion("the name is empty")
    try:
        return dns.name.from_text(text.lower())
    except dns.name.LabelTooLong:
        raise BadQuestion("a part of the name is longer than 63 characters") from None
    except dns.name.NameTooLong:
        raise BadQuestion("the name is longer than 253 characters") from None
    except dns.name.EmptyLabel:
        raise BadQuestion("a part of the name is empty") from None
    except (dns.exception.DNSException, ValueError):
        raise BadQuestion("the name cannot be written in the DNS") from None


@lru_cache(maxsize=256)
def to_type(text: str) -> dns.rdatatype.RdataType:
    """A record type from its name. Raises BadQuestion."""
    try:
        return dns.rdatatype.from_text(text)
    except (dns.exception.DNSException, ValueError):
        raise BadQuestion("there is no such record type") from None


def query(
    name: dns.name.Name, rdtype: dns.rdatatype.RdataType, *, recurse: bool, edns: bool = True
) -> dns.message.QueryMessage:
    """A question with a random id, and with EDNS (RFC 6891) of a size that no path cuts to pieces."""
    asking = dns.message.make_query(name, rdtype, flags=dns.flags.RD if recurse else 0)
    if edns:
        asking.use_edns(0, payload=limits.DNS_PAYLOAD)
    return asking


def message_of(wire: bytes) -> dns.message.Message | None:
    """A reply as it came; None for what cannot be read. A TXT without a single string is no record (RFC 1035 section
    3.3.14) and is left out, so that it does not hide its neighbours.
    """
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True, continue_on_error=True)
    except (dns.exception.DNSException, ValueError):
        return None
    return message if all(_is_empty_txt(wire[: error.offset]) for error in message.errors) else None


def _is_empty_txt(until: bytes) -> bool:
    """True where a record's head ends here that says: TXT, length 0 (RFC 1035 section 3.2.1)."""
    return until[-10:-8] == b"\x00\x10" and until[-2:] == b"\x00\x00"


@lru_cache(maxsize=4_096)
def shown(name: dns.name.Name) -> str:
    """A name as we write it: lower case, without the trailing dot; the root is "."."""
    return name.to_text(omit_final_dot=True).lower()


def text_of(rdata: dns.rdata.Rdata) -> str:
    """One value in presentation form; a TXT as its joined string without quotes and escapes.

    A TXT that is not UTF-8 shows every byte that is not printable ASCII as \\DDD (RFC 1035 section 5.1).
    """
    if isinstance(rdata, dns.rdtypes.txtbase.TXTBase):
        joined = b"".join(rdata.strings)
        try:
            return joined.decode("utf-8")
        except UnicodeDecodeError:
            return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03d}" for byte in joined)
    said = rdata.to_text()
    if rdata.rdtype in _SERVICES:
        priority, target, *parameters = said.split(" ", 2)
        return " ".join((priority, target.lower(), *parameters))
    return said.lower() if rdata.rdtype in _NAMED else said


def texts_of(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    """Every value of a set, sorted, so that the same set from two servers is equal."""
    return tuple(sorted(text_of(rdata) for rdata in rrset))


def _soa_above(message: dns.message.Message, name: dns.name.Name) -> bool:
    """True when the reply speaks for `name`: a negative answer carries the SOA of its zone (RFC 2308 section 2)."""
    return any(rrset.rdtype == dns.rdatatype.SOA and name.is_subdomain(rrset.name) for rrset in message.authority)


def _is_referral(message: dns.message.Message) -> bool:
    kinds = {rrset.rdtype for rrset in message.authority}
    aa = bool(message.flags & dns.flags.AA)
    return not aa and not message.answer and dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds


def read(message: dns.message.Message, name: str, type: str) -> Answer | Onward:
    """What a reply says of `name` and `type`, following the CNAMEs that stand in it (RFC 1034 section 3.6.2)."""
    rcode = message.rcode()
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return ServerFailed(name, type, dns.rcode.to_text(rcode))
    sets = {(rrset.name, rrset.rdtype): rrset for rrset in message.answer if rrset.rdclass == dns.rdataclass.IN}
    rdtype, here = to_type(type), to_name(name)
    aa = bool(message.flags & dns.flags.AA)
    aliases: list[str] = []
    passed, ttls = {here}, []
    while (rrset := sets.get((here, rdtype))) is None:
        alias = sets.get((here, dns.rdatatype.CNAME))
        if alias is None:
            break
        here = min(rdata.target for rdata in alias)
        if here in passed or len(passed) > limits.DNS_ALIASES:
            return Malformed(name, type, "CNAME loop")
        passed.add(here)
        ttls.append(alias.ttl)
        aliases.append(shown(here))
    if rrset is not None:
        return Found(name, type, texts_of(rrset), min([*ttls, rrset.ttl]), tuple(aliases), aa)
    if rcode == dns.rcode.NXDOMAIN:
        return NxDomain(name, type, tuple(aliases), aa)
    if aliases and not _soa_above(message, here):
        return Onward(tuple(aliases), min(ttls), aa)
    if _is_referral(message):
        return ServerFailed(name, type, "REFERRAL")
    if message.answer and not aliases:
        return Malformed(name, type, "it is about another name")
    return NoData(name, type, tuple(aliases), aa)


def read_delegation(message: dns.message.Message, zone: str) -> Answer:
    """What a server of the parent zone says of `zone`'s name servers: by referral, or in its answer.

    A referral to anything but `zone` is no fact about it.
    """
    owner = to_name(zone)
    if message.rcode() == dns.rcode.NOERROR:
        for rrset in (*message.answer, *message.authority):
            if rrset.name == owner and rrset.rdtype == dns.rdatatype.NS:
                return Found(zone, "NS", texts_of(rrset), rrset.ttl, (), bool(message.flags & dns.flags.AA))
    said = read(message, zone, "NS")
    if isinstance(said, Onward):
        return NoData(zone, "NS", said.aliases, said.authoritative)
    return said


def is_authentic(message: dns.message.Message) -> bool:
    """The AD bit: the resolver checked the signatures of the whole answer (RFC 4035 section 3.2.3)."""
    return bool(message.flags & dns.flags.AD)


def extended(message: dns.message.Message) -> str:
    """What was wrong with the signatures, in the words of RFC 8914 section 4; "" where the server does not say."""
    for option in message.options:
        if isinstance(option, dns.edns.EDEOption) and int(option.code) in _SIGNATURE_ERRORS:
            return _SIGNATURE_ERRORS[int(option.code)]
    return ""


def glue(message: dns.message.Message) -> Mapping[str, tuple[str, ...]]:
    """The addresses that a referral hands over beside its names (RFC 1034 section 4.2.1), by name, IPv4 first."""
    found: dict[str, tuple[str, ...]] = {}
    for rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
        for rrset in message.additional:
            if rrset.rdtype == rdtype:
                name = shown(rrset.name)
                found[name] = (*found.get(name, ()), *texts_of(rrset))
    return found
