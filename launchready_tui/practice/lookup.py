"""What an authoritative server answers to one question: RFC 1034 section 4.3.2, wildcards as RFC 4592 has them."""

from __future__ import annotations

from collections.abc import Mapping

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.transaction
import dns.zone

Zones = Mapping[dns.name.Name, dns.zone.Zone]

ALIASES = 8  # CNAMEs followed in one answer; resolvers stop near there too
_POINTING = {dns.rdatatype.NS: "target", dns.rdatatype.MX: "exchange", dns.rdatatype.SRV: "target"}
_GLUE = (dns.rdatatype.A, dns.rdatatype.AAAA)


def zone_of(zones: Zones, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.zone.Zone | None:
    """The deepest zone that holds `name`. A DS record lives above the cut (RFC 4035 section 3.1.4.1)."""
    if rdtype == dns.rdatatype.DS and name in zones and name != dns.name.root:
        above = zone_of(zones, name.parent(), dns.rdatatype.NS)  # one cut up, and no further
        if above is not None:
            return above
    while name not in zones:
        if name == dns.name.root:
            return None
        name = name.parent()
    return zones[name]


def fill(response: dns.message.Message, zones: Zones) -> None:
    """Answer the response's one question out of `zones`, along CNAMEs from zone to zone; REFUSED where none fits."""
    question = response.question[0]
    name, rdtype = question.name, question.rdtype
    seen: set[dns.name.Name] = set()
    for step in range(ALIASES):
        zone = zone_of(zones, name, rdtype)
        if zone is None:
            if not step:
                response.set_rcode(dns.rcode.REFUSED)
            return
        if not step:
            response.flags |= dns.flags.AA
        seen.add(name)
        with zone.reader() as reader:
            target = _Look(reader, zone, response).one(name, rdtype)
        if target is None or target in seen:
            return
        name = target


class _Look:
    """One name looked up in one zone; puts what it finds into the response."""

    def __init__(self, reader: dns.transaction.Transaction, zone: dns.zone.Zone, response: dns.message.Message) -> None:
        self._reader, self._response = reader, response
        assert zone.origin is not None
        self._origin = zone.origin

    def one(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.name.Name | None:
        """Answer, refer or deny. Returns the CNAME's target that is to be looked up next."""
        cut = self._cut(name, rdtype)
        if cut is not None:
            self._refer(cut)
            return None
        source = self._source(name)
        if source is None:
            self._deny(dns.rcode.NXDOMAIN)
            return None
        if rdtype == dns.rdatatype.ANY:
            found = self._everything(source)
        else:
            found = [held] if (held := self._reader.get(source, rdtype)) else []
        if found:
            for rdataset in found:
                self._response.answer.append(_rrset(name, rdataset))
                self._add_addresses(rdataset)
            return None
        alias = self._reader.get(source, dns.rdatatype.CNAME)
        if alias:
            self._response.answer.append(_rrset(name, alias))
            target: dns.name.Name = alias[0].target
            return target
        self._deny(dns.rcode.NOERROR)
        return None

    def _cut(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.name.Name | None:
        """The highest delegation between the zone's top and `name`, if there is one."""
        for labels in range(len(self._origin) + 1, len(name) + 1):
            above = name.split(labels)[1]
            if self._reader.get(above, dns.rdatatype.NS):
                return None if above == name and rdtype == dns.rdatatype.DS else above
        return None

    def _source(self, name: dns.name.Name) -> dns.name.Name | None:
        """The name whose records answer: itself, or the wildcard under its closest encloser; None is NXDOMAIN."""
        names = set(self._reader.iterate_names())
        if _exists(name, names):
            return name
        encloser = name.parent()
        while not _exists(encloser, names):
            encloser = encloser.parent()
        wildcard = dns.name.Name((b"*", *encloser.labels)) if _fits(encloser) else None
        return wildcard if wildcard in names else None

    def _everything(self, name: dns.name.Name) -> list[dns.rdataset.Rdataset]:
        node = self._reader.get_node(name)
        return list(node) if node is not None else []

    def _refer(self, cut: dns.name.Name) -> None:
        servers = self._reader.get(cut, dns.rdatatype.NS)
        assert servers
        if not self._response.answer:
            self._response.flags &= ~dns.flags.AA
        self._response.authority.append(_rrset(cut, servers))
        self._add_addresses(servers)

    def _deny(self, code: dns.rcode.Rcode) -> None:
        """NXDOMAIN or no data, with the SOA that says for how long (RFC 2308 section 3)."""
        self._response.set_rcode(code)
        start = self._reader.get(self._origin, dns.rdatatype.SOA)
        assert start
        soa = _rrset(self._origin, start)
        soa.ttl = min(start.ttl, start[0].minimum)
        self._response.authority.append(soa)

    def _add_addresses(self, rdataset: dns.rdataset.Rdataset) -> None:
        """The addresses of the hosts that a set points to, glue included, as far as this zone holds them."""
        field = _POINTING.get(rdataset.rdtype)
        if field is None:
            return
        for rdata in rdataset:
            target = getattr(rdata, field)
            for rdtype in _GLUE if target.is_subdomain(self._origin) else ():
                addresses = self._reader.get(target, rdtype)
                if addresses:
                    self._response.additional.append(_rrset(target, addresses))


def _exists(name: dns.name.Name, names: set[dns.name.Name]) -> bool:
    """A name exists when it holds records or something below it does (RFC 4592 section 2.2.2)."""
    return name in names or any(held.is_subdomain(name) for held in names)


def _fits(name: dns.name.Name) -> bool:
    """Whether one more label of one byte keeps the name within 255 bytes."""
    return sum(len(label) + 1 for label in name.labels) + 2 <= 255


def _rrset(name: dns.name.Name, rdataset: dns.rdataset.Rdataset) -> dns.rrset.RRset:
    return dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))
