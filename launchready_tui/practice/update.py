"""Dynamic updates, RFC 2136: prerequisites and changes of one message, all or nothing."""

from __future__ import annotations

from typing import Any

import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.transaction
import dns.update
import dns.zone

_ANY, _NONE = dns.rdataclass.ANY, dns.rdataclass.NONE
_START = (dns.rdatatype.SOA, dns.rdatatype.NS)


def apply(zone: dns.zone.Zone, message: dns.update.UpdateMessage) -> dns.rcode.Rcode:
    """Carry out a message on `zone`; its serial rises when something changed. Any code but NOERROR changed nothing."""
    assert zone.origin is not None
    for rrset in (*message.prerequisite, *message.update):
        if not rrset.name.is_subdomain(zone.origin):
            return dns.rcode.NOTZONE
    if any(not _sound(change) for change in message.update):
        return dns.rcode.FORMERR
    with zone.writer() as writer:
        code = _prerequisites(writer, message.prerequisite)
        if code != dns.rcode.NOERROR:
            writer.rollback()
            return code
        serial = _serial(writer, zone.origin)
        before = _content(writer)
        for change in message.update:
            _change(writer, zone.origin, change)
        if _content(writer) == before:
            writer.rollback()
        elif _serial(writer, zone.origin) == serial:
            writer.update_serial(name=zone.origin)
    return dns.rcode.NOERROR


def _prerequisites(reader: dns.transaction.Transaction, wanted: list[dns.rrset.RRset]) -> dns.rcode.Rcode:
    """RFC 2136 section 3.2: which names and sets must, must not, or must exactly be there."""
    exact: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], set[Any]] = {}
    for want in wanted:
        whole_name = want.rdtype == dns.rdatatype.ANY
        if want.deleting is None:
            exact.setdefault((want.name, want.rdtype), set()).update(want)
            continue
        there = reader.name_exists(want.name) if whole_name else bool(reader.get(want.name, want.rdtype))
        if want.deleting == _ANY and not there:
            return dns.rcode.NXDOMAIN if whole_name else dns.rcode.NXRRSET
        if want.deleting == _NONE and there:
            return dns.rcode.YXDOMAIN if whole_name else dns.rcode.YXRRSET
    for (name, rdtype), rdatas in exact.items():
        if set(reader.get(name, rdtype) or ()) != rdatas:
            return dns.rcode.NXRRSET
    return dns.rcode.NOERROR


def _sound(change: dns.rrset.RRset) -> bool:
    """RFC 2136 section 3.4.1: types that only questions have are never added, ANY only deletes a whole name."""
    if change.rdtype == dns.rdatatype.ANY:
        return change.deleting == _ANY
    return not dns.rdatatype.is_metatype(change.rdtype)


def _change(writer: dns.transaction.Transaction, origin: dns.name.Name, change: dns.rrset.RRset) -> None:
    """RFC 2136 section 3.4.2, one record set of the update section."""
    if change.deleting is None:
        _add(writer, origin, change)
    elif change.deleting == _ANY:
        _delete_sets(writer, origin, change)
    else:
        _delete_records(writer, origin, change)


def _add(writer: dns.transaction.Transaction, origin: dns.name.Name, change: dns.rrset.RRset) -> None:
    held = {rdataset.rdtype for rdataset in writer.get_node(change.name) or ()}
    if change.rdtype == dns.rdatatype.CNAME:
        if held - {dns.rdatatype.CNAME}:
            return  # section 3.4.2.2: a CNAME never joins other data, nor other data a CNAME: passed over
        writer.replace(change.name, dns.rdataset.from_rdata_list(change.ttl, list(change)[-1:]))
    elif dns.rdatatype.CNAME in held:
        return
    elif change.rdtype == dns.rdatatype.SOA:
        if change.name == origin and change[0].serial > _serial(writer, origin):
            writer.replace(change.name, dns.rdataset.from_rdata_list(change.ttl, list(change)[:1]))
    else:
        old = writer.get(change.name, change.rdtype)
        together = dns.rdataset.from_rdata_list(change.ttl, [*(old or ()), *change])
        writer.replace(change.name, together)  # one TTL for the whole set, the new one (RFC 2181 section 5.2)


def _delete_sets(writer: dns.transaction.Transaction, origin: dns.name.Name, change: dns.rrset.RRset) -> None:
    types = [rdataset.rdtype for rdataset in writer.get_node(change.name) or ()]
    for rdtype in types:
        wanted = change.rdtype in (rdtype, dns.rdatatype.ANY)
        if wanted and not (change.name == origin and rdtype in _START):
            writer.delete(change.name, rdtype)


def _delete_records(writer: dns.transaction.Transaction, origin: dns.name.Name, change: dns.rrset.RRset) -> None:
    held = writer.get(change.name, change.rdtype)
    if not held or (change.name == origin and change.rdtype == dns.rdatatype.SOA):
        return
    left = [rdata for rdata in held if rdata not in change]
    if change.name == origin and change.rdtype == dns.rdatatype.NS and not left:
        return  # the last name server stays
    if left:
        writer.replace(change.name, dns.rdataset.from_rdata_list(held.ttl, left))
    else:
        writer.delete(change.name, change.rdtype)


def _serial(reader: dns.transaction.Transaction, origin: dns.name.Name) -> int:
    start = reader.get(origin, dns.rdatatype.SOA)
    assert start
    serial: int = start[0].serial
    return serial


def _content(reader: dns.transaction.Transaction) -> frozenset[tuple[object, ...]]:
    """Everything the zone holds, for telling whether anything changed."""
    return frozenset(
        (name, rdataset.rdtype, rdataset.covers, rdataset.ttl, frozenset(rdataset))
        for name, rdataset in reader.iterate_rdatasets()
    )
