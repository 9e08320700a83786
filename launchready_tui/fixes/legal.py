"""What a zone may hold, told before anything is written: one sentence for what could not be, or not be taken back.

RFC 1034 section 3.6.2 and RFC 2181 section 10.1 (nothing beside a CNAME), RFC 2181 sections 5 and 8 (sets and TTLs),
RFC 4592 (wildcards), RFC 4035 section 2.4 (DS only where a zone is handed on).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import dns.rdatatype

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.records import PIECES, canonical, name_of, name_text, said, type_of
from launchready_tui.text import listed

MOST_TTL = 2**31 - 1  # seconds (RFC 2181 section 8)
# What may stand beside a CNAME (RFC 2181 section 10.1, RFC 4034), and what the server makes by itself.
SIGNED = frozenset(("RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "KEY", "ZONEMD", "TYPE65534"))
# Beside the NS set that hands a name on: the rest would be hidden by it (RFC 1034 section 4.2.1).
_AT_A_CUT = frozenset(("NS", "DS", "A", "AAAA")) | SIGNED
_OWN = frozenset(("SOA", "DNSKEY", "TSIG", "OPT", "TKEY")) | SIGNED


def prepared(step: Step, zone: str, *, alias_at_top: bool = False) -> Step:
    """`step` with its name, type and wanted values in their one form, once all that the step alone tells is legal.

    `alias_at_top` is for a host that takes a CNAME at the top of a zone (Cloudflare). A TTL of None stays: what it
    means is the place's to say. Raises FixProblem with a sentence.
    """
    name, type = target(step.name, step.type, zone)
    values = tuple(canonical(type, value) for value in step.after.values)
    same = dict(zip(step.after.values, values, strict=True))
    beside = tuple((same.get(value, value), key, text) for value, key, text in step.after.beside)
    _refuse_twins(type, name, step.after.values, values)
    after = replace(step.after, values=values, ttl=_ttl(step), beside=beside)
    ready = replace(step, name=name, type=type, after=after)
    if values:
        _refuse_place(ready, zone, alias_at_top=alias_at_top)
    elif type == "NS" and name == zone:
        raise FixProblem(f"{zone} cannot be without its NS records: they say which servers hold it.")
    return ready


def target(name: str, type: str, zone: str) -> tuple[str, str]:
    """A name and a type in their one form. Raises FixProblem where this zone cannot have such a set."""
    kind = type_of(type)
    type, name = dns.rdatatype.to_text(kind), name_text(name)
    if dns.rdatatype.is_metatype(kind) or type in _OWN:
        raise FixProblem(f"{type} records are not set by hand: the name server makes them.")
    _refuse_name(name, type, zone)
    return name, type


def _ttl(step: Step) -> int | None:
    ttl = step.after.ttl if step.after.values else None
    if ttl is not None and not 0 <= ttl <= MOST_TTL:
        usual = f"{limits.DNS_TTL} is usual"
        raise FixProblem(f"A TTL of {ttl} seconds is not possible: it goes from 0 to {MOST_TTL:,}, and {usual}.")
    return ttl


def _refuse_name(name: str, type: str, zone: str) -> None:
    if not name_of(name).is_subdomain(name_of(zone)):
        raise FixProblem(f"{said(name)} does not lie inside the zone {zone}, so it is not kept here.")
    labels = name.split(".")
    if "*" in labels[1:]:
        raise FixProblem(f"In {said(name)} the * is not the first part, and only there it stands for any name.")
    if labels[0] == "*" and type in ("NS", "DNAME", "DS"):
        raise FixProblem(
            f"{type} records cannot stand at a * name ({said(name)}): name servers disagree on what it means."
        )


def _refuse_twins(type: str, name: str, typed: tuple[str, ...], values: tuple[str, ...]) -> None:
    """Two spellings of one value are one record (RFC 2181 section 5): which was meant is not ours to say."""
    first: dict[str, str] = {}
    for text, value in zip(typed, values, strict=True):
        if value in first:
            raise FixProblem(
                f"Two {type} values of {said(name)} are one and the same: {said(first[value])} and {said(text)}. "
                "Leave one of them out."
            )
        first[value] = text


def _refuse_place(step: Step, zone: str, *, alias_at_top: bool) -> None:
    type, name, values = step.type, step.name, step.after.values
    if type == "CAA" and any(value.endswith(' ""') for value in values):
        raise FixProblem(f'A CAA value of {said(name)} is empty. To let nobody issue certificates, write ";" in it.')
    if type in ("CNAME", "DNAME") and len(values) > 1:
        shown = listed([said(value) for value in values])
        raise FixProblem(f"{said(name)} can have one {type} only, and here are {len(values)}: {shown}.")
    if type == "CNAME" and values[0] == f"{name}.":
        raise FixProblem(f"A CNAME from {said(name)} to itself leads nowhere.")
    if name != zone:
        return
    if type == "CNAME" and not alias_at_top:
        raise FixProblem(
            f"{zone} is the top of its zone, and a CNAME cannot stand there: the zone's own records are beside it. Use "
            "the A and AAAA addresses of your host."
        )
    if type == "DS":
        raise FixProblem(f"The DS record of {zone} stands one level above, at your registrar: it is set there.")


def conflicts_at(step: Step, sets: Mapping[str, State], zone: str) -> tuple[Step, ...]:
    """What has to go so that `step` can be, out of all `sets` (by type) that its name has now.

    Raises FixProblem where nothing could go: what would be hidden, or hide, at a name that is handed on.
    """
    there = {type: state for type, state in sets.items() if state.values and type != step.type and type not in SIGNED}
    name, wanted = step.name, step.after.values
    gone: tuple[str, ...] = ()
    if not wanted:
        gone = ("DS",) if step.type == "NS" else ()
    elif step.type == "CNAME":
        gone = tuple(type for type in there if type != "SOA")
    else:
        gone = tuple(type for type in ("CNAME",) if type in there)
        if name != zone:
            _refuse_hidden(step, there)
    return tuple(Step("records", name, type, there[type], State()) for type in gone if type in there)


def _refuse_hidden(step: Step, there: Mapping[str, State]) -> None:
    name, type = step.name, step.type
    if type == "NS":
        hidden = sorted(set(there) - _AT_A_CUT - {"CNAME"})
        if hidden:
            raise FixProblem(
                f"NS records at {said(name)} hand it to other name servers, which would hide its {listed(hidden)} "
                "records. Take those away first."
            )
    elif "NS" in there and type not in _AT_A_CUT:
        to = listed([said(value.rstrip(".")) for value in there["NS"].values])
        raise FixProblem(f"{said(name)} is handed to other name servers ({to}). Its {type} records are set there.")
    elif type == "DS" and "NS" not in there:
        raise FixProblem(f"{said(name)} has no NS records, and a DS stands only where a name is handed on.")


def refuse_together(steps: Sequence[Step]) -> None:
    """Raises FixProblem where steps of one plan cannot all be: a CNAME and something else at one name."""
    there = [step for step in steps if step.kind == "records" and step.after.values]
    for alias in there:
        others = sorted({one.type for one in there if one.name == alias.name and one.type not in ("CNAME", *SIGNED)})
        if alias.type == "CNAME" and others:
            raise FixProblem(f"Nothing stands beside a CNAME, and {said(alias.name)} should have {listed(others)} too.")


def refuse_for_octodns(step: Step, zone: str) -> None:
    """octoDNS keeps a TXT as ASCII text with its own escapes, and drops the name servers of the zone from its plans.

    Raises FixProblem for what would come out of it other than it went in.
    """
    if step.type == "NS" and step.name == zone:
        raise FixProblem(
            f"The NS records of {zone} itself cannot be changed this way. Change them in your provider's panel."
        )
    for state in (step.before, step.after):
        for value in state.values:
            why = _beyond_octodns(step.type, value)
            if why:
                raise FixProblem(
                    f"{said(value)} at {said(step.name)} holds {why}, which would not arrive as it is written. Change "
                    "this one in your provider's panel."
                )
        if any(key == PIECES for _, key, _ in state.beside):
            raise FixProblem(
                f"A text at {said(step.name)} is kept in pieces of its own, which could not be put back. Change it in "
                "your provider's panel."
            )


def _beyond_octodns(type: str, value: str) -> str:
    if "\\" in value:
        return "a backslash"
    if any(not 0x20 <= ord(char) < 0x7F for char in value):
        return "a character beyond plain ASCII"
    if type in ("TXT", "SPF"):
        if value[:1] == '"' or '" "' in value:
            return "quotes at its beginning, or around a space"
        if not value:
            return "no text"
    return ""
