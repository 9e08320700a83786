"""What a fix comes to at a place, as pure functions: the steps it asks for, what stays, what is dangerous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from launchready_tui.fixes.model import State, Step
from launchready_tui.model import Fix
from launchready_tui.text import clean, listed, plural

# More than this share of a zone deleted wants its name typed (design: 30 %).
GUARD_SHARE = 0.3
# TXT values of one of these kinds stand for one thing: a new one takes the place of the old ones of its kind.
_KINDS = ("v=spf1", "v=dmarc1", "v=dkim1", "v=tlsrptv1", "v=stsv1", "v=bimi1")
AS_IT_LIES = "as it lies there"  # a file that git is to track: its place knows what that is
_SHOWN = 80  # characters of one value in a note; ours


def wanted(fix: Fix) -> list[Step]:
    """What a fix asks for, as steps whose `before` is not read yet."""
    empty = State()
    steps: list[Step] = []
    for record in fix.records:
        flag = {True: "yes", False: "no"}.get(record.proxied) if record.proxied is not None else None
        beside = tuple((value, "proxied", flag) for value in record.values) if flag else ()
        after = State(record.values, record.ttl if record.values else None, beside)
        steps.append(Step("records", record.name, record.type, empty, after, record.drops, record.retime))
    steps += [Step("setting", s.name, "", empty, State((s.value,))) for s in fix.settings]
    for file in fix.files:
        kind, state = ("tracked", empty) if file.text is None else ("text", State((file.text,)))
        state = State((AS_IT_LIES,)) if file.track else state
        steps.append(Step("file", file.path, kind, empty, state))
    return steps


def kind_of(value: str) -> str:
    """Which kind of TXT value this is: one of _KINDS, or the value itself, which stands for nothing but itself."""
    start = value.strip().lower()
    return next((kind for kind in _KINDS if start.startswith(kind)), value)


def merged(step: Step) -> tuple[Step, tuple[str, ...]]:
    """A TXT step with what stands there now kept, and notes that explain it; other steps as they are.

    A name has one TXT set for everything that services ask for. A fix knows the values that it is about; what was added
    since the look, or is not its business, stays. Two values of one kind (a second SPF record) become the wanted one.
    """
    if step.type != "TXT" or not (step.after.values or step.drops):
        return step, ()
    kinds = {kind_of(value) for value in step.after.values}
    stay = [
        value
        for value in step.before.values
        if value not in step.drops and value not in step.after.values and kind_of(value) not in kinds
    ]
    notes: list[str] = []
    for kind in sorted(kinds & set(_KINDS)):
        olds = [value for value in step.before.values if kind_of(value) == kind and value not in step.after.values]
        if len([value for value in step.before.values if kind_of(value) == kind]) > 1:
            notes.append(f"The {kind} records at {step.name} become one: receivers count none where there are several.")
        elif olds:
            notes.append(f"The {kind} record at {step.name} is replaced: {_values(olds)}.")
    if stay:
        beside = f"{plural(len(stay), 'other TXT record')} at {step.name}"
        notes.append(f"{beside} {'stays' if len(stay) == 1 else 'stay'}: {_values(stay)}.")
    after = replace(step.after, values=(*step.after.values, *stay))
    if stay and not step.after.values:  # all that the fix knew of goes, and what it did not know of is left as it is
        after = State(tuple(stay), step.before.ttl)
    return replace(step, after=after), tuple(notes)


def explained(clashes: Sequence[Step]) -> tuple[str, ...]:
    """Why further steps are needed: nothing stands beside a CNAME (RFC 1034 section 3.6.2)."""
    return tuple(
        f"{clash.type} records cannot stand beside a CNAME at {clash.name}, so they go: {_values(clash.before.values)}."
        if clash.type != "CNAME"
        else f"A CNAME at {clash.name} allows no other record beside it, so it goes: {_values(clash.before.values)}."
        for clash in clashes
    )


def settled(step: Step) -> bool:
    """True where what should be is there already."""
    return step.made(step.before)


def guard(steps: Sequence[Step], total: int | None, zone: str) -> str:
    """The name to type before a change that takes much away: all of an apex, NS or MX set, or much of a zone."""
    records = [step for step in steps if step.kind == "records"]
    for step in records:
        if step.before.values and not step.after.values and (step.type in ("NS", "MX") or step.name == zone):
            return zone or step.name
        if step.type == "NS" and step.name == zone and not step.before.same(step.after):
            return zone
    gone = sum(max(0, len(step.before.values) - len(step.after.values)) for step in records)
    if total and gone > total * GUARD_SHARE:
        return zone or min((step.name for step in records), key=len)
    return ""


def _values(values: Sequence[str]) -> str:
    return listed([clean(value, limit=_SHOWN) for value in values])
