"""Record sets as octoDNS holds them, and as we write them. Imported where it is used: octoDNS takes 200 ms."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import octodns.provider.plan
import octodns.record  # it registers every type
import octodns.zone
from octodns.record.base import Record
from octodns.record.rr import Rrset

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.records import rdataset
from launchready_tui.fixes.records import state_of as on_the_wire

# The name that every provider of ours has inside octoDNS: its loggers are found by it.
ID = "launchready"
_LOGGERS = ("Record", "Zone", "Plan", "DsValue", "_DynamicPool", "GeoCodes", "DesecAPI", "NS1Client")


def quiet(*kinds: str) -> None:
    """octoDNS logs what it does, with values; without this a warning lands on the founder's terminal. `kinds` are the
    providers about to be made: OVH's logs its key as it is made."""
    for kind in kinds:
        logging.getLogger(f"{kind}[{ID}]").disabled = True
    for name in list(logging.root.manager.loggerDict):
        if name in _LOGGERS or name.startswith(("octodns", "urllib3")) or f"[{ID}]" in name:
            logging.getLogger(name).disabled = True


def empty(zone: str) -> Any:
    """A zone of octoDNS without records."""
    return octodns.zone.Zone(f"{zone}.", [])


def text_inside(raw: bytes) -> str:
    """A TXT as octoDNS keeps it inside, in a form that it cannot mistake: quotes and other bytes as \\DDD."""
    out = []
    for byte in raw:
        kept = 0x20 <= byte < 0x7F and byte not in b'"\\'
        out.append(("\\;" if byte == 0x3B else chr(byte)) if kept else f"\\{byte:03d}")
    return "".join(out)


def record_of(zone: Any, name: str, type: str, state: State, *, exact: bool = False) -> Any:
    """A record of octoDNS. `exact` keeps a TXT in the form of text_inside. Raises FixProblem where it has no such."""
    ttl = state.ttl if state.ttl is not None else limits.DNS_TTL
    owner = zone.hostname_from_fqdn(f"{name}.")
    rdatas = list(rdataset(type, state.values, ttl, state.beside))
    try:
        if type == "TXT":
            texts = [text_inside(b"".join(one.strings)) for one in rdatas]
            texts = texts if exact else [value.replace(";", "\\;") for value in state.values]
            return Record.new(zone, owner, {"type": type, "ttl": ttl, "values": texts}, lenient=True)
        texts = [one.to_text() for one in rdatas]
        return Record.from_rrset(zone, Rrset(f"{name}.", type, ttl, texts), lenient=True)
    except Exception as error:  # octoDNS raises Exception itself for what it cannot hold
        raise FixProblem(f"octoDNS, which writes here, cannot hold {type} {name}. Change this one by hand.") from error


def state_of(record: Any) -> State:
    """What a record of octoDNS says, in our form; a value that dnspython cannot read is kept as octoDNS writes it."""
    if record._type in ("TXT", "SPF"):
        return State(tuple(str(value).replace("\\;", ";") for value in record.values), record.ttl)
    try:
        texts = record.to_rrset().rdatas
    except AttributeError:  # a type of a provider's own making
        texts = [str(value) for value in getattr(record, "values", None) or [record.value]]
    return presented(record._type, texts, record.ttl)


def presented(type: str, texts: Sequence[str], ttl: int) -> State:
    """A set from the presentation text of its values (RFC 1035 section 5.1)."""
    try:
        rdtype = dns.rdatatype.from_text(type)
        rdatas = [dns.rdata.from_text(dns.rdataclass.IN, rdtype, text, relativize=False) for text in texts]
    except (dns.exception.DNSException, ValueError):
        return State(tuple(texts), ttl)
    return on_the_wire(rdatas, ttl)


def name_of(record: Any) -> str:
    return str(record.fqdn).rstrip(".").lower()


def desired(existing: Any, steps: Sequence[Step], *, exact: bool = False) -> Any:
    """The whole zone as it should be: what is there, with only the sets of `steps` changed."""
    zone = existing.copy()
    for step in steps:
        old = found(zone, step.name, step.type)
        if old is not None:
            zone.remove_record(old)
    for step in steps:
        if step.after.values:
            new = record_of(zone, step.name, step.type, step.after, exact=exact)
            old = found(existing, step.name, step.type)
            if old is not None:
                new.octodns = dict(old.octodns)  # what a provider keeps with a record
            zone.add_record(new, lenient=True)
    return zone


def found(zone: Any, name: str, type: str) -> Any:
    """The record of a name and type in a zone of octoDNS, None where there is none."""
    return next((one for one in zone.records if one._type == type and name_of(one) == name), None)


def planned(provider: Any, existing: Any, wanted: Any) -> Any:
    """octoDNS' plan from `existing` to `wanted`, without asking the provider again; None where there is nothing."""

    def populate(zone: Any, target: bool = False, lenient: bool = False) -> bool:
        for record in existing.records:
            zone.add_record(record, lenient=True)
        return True

    provider.populate = populate
    try:
        return provider.plan(wanted)
    finally:
        del provider.populate


def agreed(plan: Any, steps: Sequence[Step], who: str) -> None:
    """Raises FixProblem unless `plan` does all of `steps` and nothing else.

    octoDNS leaves out silently what a provider's part does not support (the name servers of the zone itself), and
    `apply` checks nothing: its own guard is called here, with what was agreed to as its measure.
    """
    asked = {(step.name, step.type) for step in steps}
    made = {(name_of(change.record), change.record._type) for change in plan.changes} if plan is not None else set()
    if left := asked - made:
        name, type = min(left)
        raise FixProblem(
            f"octoDNS, which writes at {who} for us, leaves {type} {name} out. Change this one by hand in their panel."
        )
    if more := made - asked:
        name, type = min(more)
        raise FixProblem(f"octoDNS would also change {type} {name} at {who}, which you did not agree to.")
    counts = plan.change_counts
    total = max(len(plan.existing.records), 1)
    plan.update_pcent_threshold = max(plan.update_pcent_threshold, counts["Update"] / total)
    plan.delete_pcent_threshold = max(plan.delete_pcent_threshold, counts["Delete"] / total)
    try:
        plan.raise_if_unsafe()
    except octodns.provider.plan.RootNsChange:
        apex = str(plan.desired.name).rstrip(".").lower()
        if (apex, "NS") not in asked:
            raise FixProblem(f"octoDNS would change the name servers of {apex}, which you did not agree to.") from None
    except octodns.provider.plan.UnsafePlan:
        raise FixProblem(f"octoDNS would change more at {who} than you agreed to.") from None
