"""Steps as one update message: the old values as prerequisites, then what goes, then what comes. RFC 2136."""

from __future__ import annotations

from collections.abc import Sequence

import dns.name
import dns.rdataset
import dns.update

from launchready_tui import limits
from launchready_tui.fixes.legal import refuse_together
from launchready_tui.fixes.model import FixProblem, Step
from launchready_tui.fixes.records import name_of, rdataset, said

# What can stand at a name; asked for one by one where the server shows no whole zone.
TYPES = (
    "CNAME",
    "NS",
    "DS",
    "A",
    "AAAA",
    "MX",
    "TXT",
    "CAA",
    "SRV",
    "HTTPS",
    "SVCB",
    "PTR",
    "NAPTR",
    "TLSA",
    "SSHFP",
    "DNAME",
    "SPF",
    "LOC",
    "URI",
)

# Of 65,535 bytes of a message, what is left for records beside the name of the zone and the signature; ours.
_MESSAGE_BYTES = 64_000
_RECORD_BYTES = 12  # type, class, TTL, length and a compressed name (RFC 1035 section 4.1.3)


def filled(update: dns.update.UpdateMessage, steps: Sequence[Step], zone: str) -> dns.update.UpdateMessage:
    """`update` with all that `steps` ask for. Raises FixProblem for a value that cannot be written."""
    refuse_together(steps)
    for step in steps:
        before = rdataset(step.type, step.before.values, 0, step.before.beside)
        if before:
            update.present(name_of(step.name), before)
        else:
            update.absent(name_of(step.name), step.type)
    for name in {step.name for step in steps if step.type == "CNAME" and step.after.values}:
        _make_room(update, name, {step.type for step in steps if step.name == name})
    for step in sorted(steps, key=lambda step: bool(step.after.values)):  # deletions first: a CNAME needs the room
        _set(update, step, zone)
    return update


def _set(update: dns.update.UpdateMessage, step: Step, zone: str) -> None:
    name, type = name_of(step.name), step.type
    ttl = step.after.ttl if step.after.ttl is not None else limits.DNS_TTL
    after = rdataset(type, step.after.values, ttl, step.after.beside)
    if type == "NS" and name == name_of(zone):
        _replace_top(update, name, rdataset(type, step.before.values, 0), after)
        return
    if type != "CNAME" or not after:  # a CNAME takes the place of the one before it (RFC 2136 section 3.4.2.2)
        update.delete(name, type)
    if after:
        update.add(name, after)


def _make_room(update: dns.update.UpdateMessage, name: str, types: set[str]) -> None:
    """A CNAME is passed over in silence where anything stands at its name, the signatures of what goes with the same
    message included. So what is there goes as one, and only where nothing else is there."""
    if len(types) > 1:
        for type in TYPES:
            if type not in types:
                update.absent(name_of(name), type)
        update.delete(name_of(name))


def _replace_top(
    update: dns.update.UpdateMessage, name: dns.name.Name, before: dns.rdataset.Rdataset, after: dns.rdataset.Rdataset
) -> None:
    """The NS set of a zone never goes at once: a server passes over that without a word (RFC 2136 section 3.4.2.4). So
    new ones come first, and then the old ones go one by one."""
    gone = [rdata for rdata in before if rdata not in after]
    update.add(name, after)
    if gone:
        update.delete(name, dns.rdataset.from_rdata_list(0, gone))


def refuse_unsendable(step: Step) -> None:
    """Raises FixProblem for a step that no update could make, or take back."""
    _refuse_large(step)
    _refuse_cases(step)


def _refuse_large(step: Step) -> None:
    """The old values and the new ones go in one message, there and back."""
    sets = [rdataset(step.type, state.values, 0, state.beside) for state in (step.before, step.after)]
    size = sum(len(rdata.to_wire() or b"") + _RECORD_BYTES for one in sets for rdata in one)
    if size > _MESSAGE_BYTES:
        raise FixProblem(
            f"The {step.type} records of {said(step.name)} are {size // 1024} KB, before and after together, and a "
            f"name server takes {_MESSAGE_BYTES // 1024} KB at once. Change them by hand."
        )


def _refuse_cases(step: Step) -> None:
    """PowerDNS takes two texts that differ in case alone for one when it compares, so an undo would fail."""
    for state in (step.before, step.after):
        first: dict[str, str] = {}
        for value in state.values:
            if (other := first.setdefault(value.lower(), value)) != value:
                raise FixProblem(
                    f"Two {step.type} values of {said(step.name)} differ in upper and lower case alone: {said(other)} "
                    f"and {said(value)}. Not every name server tells them apart, so change this one by hand."
                )
