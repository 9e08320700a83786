"""Adding a sender and taking one away, as a change of records: pure, from what was seen. Nothing here writes.

Adding: its include goes into the one SPF record (several become one), its fixed records are published, and what only
their page knows is named. Taking away: the include goes; keys and return paths of theirs are named, and go only where
that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from launchready_tui.mail.spf import is_spf, joined, parse
from launchready_tui.mail.spf_edit import term_for, with_sender, without_sender
from launchready_tui.model import Fix, RecordSet
from launchready_tui.senders import SenderGuide, by_mx, by_spf
from launchready_tui.sendersight import Seen, included, theirs_at
from launchready_tui.text import clean, listed, plural

MINUTES = 10  # for a person at two panels, the sender's and the DNS host's; ours
_WHO = "Whoever can change the DNS records"
_NEW_END = "~all"


@dataclass(frozen=True, slots=True)
class ToCopy:
    """What only the sender's page shows whole. `name` is "" where the page names it too, `where` the clicks."""

    type: str
    name: str
    where: str

    @property
    def line(self) -> str:
        """To read on after “copy from their page”."""
        return f"{self.type} {self.name or '(the name stands there too)'}: {self.where}"


@dataclass(frozen=True, slots=True)
class SenderChange:
    """What adding or taking away comes to. `fix` is None where no record changes. `record` is the SPF record as it
    would be, "" where it stays. `left` are records of theirs that stay. `notes` are sentences to show beside it."""

    title: str
    fix: Fix | None
    record: str = ""
    copy: tuple[ToCopy, ...] = ()
    left: tuple[RecordSet, ...] = ()
    notes: tuple[str, ...] = ()


class CannotTell(Exception):
    """The records could not be read, so no change of them can be planned. `sentence` says which, and why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def name_of(sender: SenderGuide | str) -> str:
    return sender.name if isinstance(sender, SenderGuide) else clean(sender, limit=120)


def _one_record(seen: Seen) -> str:
    """The domain's SPF record; several as the one that allows whom all of them allow. Raises CannotTell."""
    if not seen.sure(seen.domain, "TXT"):
        raise CannotTell(
            f"We could not read the SPF record of {seen.domain}: {seen.why(seen.domain, 'TXT')}. Look again."
        )
    return joined(*seen.spf) if len(seen.spf) > 1 else "".join(seen.spf)


def adding(sender: SenderGuide | str, seen: Seen) -> SenderChange:
    """What to publish so that `sender` (a guide, a host to include, or an address) may send. Raises CannotTell where
    the records could not be read, ValueError for a word that no SPF record can hold."""
    old = _one_record(seen)
    records: list[RecordSet] = []
    notes: list[str] = []
    terms = _terms(sender, old, seen)
    new = with_sender(old, terms) if terms else ""
    if new and (new != old or len(seen.spf) > 1):
        records.append(RecordSet(seen.domain, "TXT", (new,)))
        if not old:
            notes.append(
                f"{seen.domain} has no SPF record yet. Add your other senders too: who is not in it looks forged."
            )
    else:
        new = ""
    copy: tuple[ToCopy, ...] = ()
    if isinstance(sender, SenderGuide):
        records += _fixed(sender, seen)
        copy = _to_copy(sender, seen)
        if not sender.includes:
            notes.append(f"{sender.name} asks for nothing in the SPF record of {seen.domain} itself.")
        notes.append(sender.dmarc_say)
    title = f"Let {name_of(sender)} send mail for {seen.domain}"
    return SenderChange(title, _add_fix(sender, seen, records, copy), new, copy, (), tuple(notes))


def _terms(sender: SenderGuide | str, record: str, seen: Seen) -> list[str]:
    if isinstance(sender, str):
        return [term_for(sender)]
    if not sender.includes or any(by_spf(host) is sender for host in included(record)):
        return []  # one that serves another region is theirs too
    servers = [value.split()[-1] for value in seen.at(seen.domain, "MX") if value.split()]
    return [f"include:{sender.include_for(servers)}"]


def _fixed(sender: SenderGuide, seen: Seen) -> list[RecordSet]:
    """The records whose name and value are the same for every customer, where they are not there yet."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for record in sender.records:
        name, value = record.named(seen.domain), record.filled(seen.domain)
        if record.part in ("dkim", "return-path") and record.needed and name and value:
            wanted.setdefault((name, record.type), []).append(value)
    found: list[RecordSet] = []
    for (name, type), values in wanted.items():
        if type == "CNAME" and _leads(seen, name) == values[0].rstrip("."):
            continue
        if type == "TXT" and is_spf(values[0]):
            there = next((value for value in seen.at(name, "TXT") if is_spf(value)), "")
            terms = [term.text for term in parse(values[0]).terms if term.name != "all"]
            values = [with_sender(there, terms) if there else values[0]]
            if values[0] == there:
                continue
        found.append(RecordSet(name, type, tuple(values)))
    return found


def _leads(seen: Seen, name: str) -> str:
    return seen.alias(name) or next((value.rstrip(".") for value in seen.at(name, "CNAME")), "")


def _to_copy(sender: SenderGuide, seen: Seen) -> tuple[ToCopy, ...]:
    """What their page alone shows, but for what is there already."""
    out = []
    for record in sender.records:
        name = record.named(seen.domain)
        if record.value or record.part not in ("dkim", "return-path", "verify") or not record.needed:
            continue
        if record.part != "verify" and theirs_at(sender, record, seen):
            continue
        out.append(ToCopy(record.type, name, record.shown))
    return tuple(out)


def _add_fix(sender: SenderGuide | str, seen: Seen, records: list[RecordSet], copy: tuple[ToCopy, ...]) -> Fix | None:
    if not records and not copy:
        return None
    rows = [f"{one.type} for {one.name}: {value}" for one in records for value in one.values]
    say = ""
    if rows:
        say = f"Where your DNS records are kept, put in {listed(rows, most=12)}."
        if any(one.name == seen.domain for one in records) and seen.spf:
            say += " The first takes the place of the TXT record that starts with “v=spf1”."
    if copy and isinstance(sender, SenderGuide):
        say += f" At {sender.name} ({sender.page}: {sender.path}) copy these and add them too: "
        say += f"{listed([one.line for one in copy], most=12)}."
    page = sender.page if isinstance(sender, SenderGuide) else ""
    return Fix(
        "records" if records else "steps",
        say.strip(),
        minutes=MINUTES,
        who=_WHO,
        records=tuple(records),
        copy="\n".join(value for one in records for value in one.values),
        page=page,
    )


def removing(sender: SenderGuide | str, seen: Seen, *, with_keys: bool = False) -> SenderChange:
    """What to take away so that `sender` may no longer send. `with_keys`: their DKIM keys and return paths too.
    Raises CannotTell where the records could not be read, ValueError for a word that no SPF record can hold."""
    old = _one_record(seen)
    new = without_sender(old, _theirs(sender)) if old else ""
    records: list[RecordSet] = []
    notes: list[str] = []
    if new == old:
        new = ""
    elif parse(old).redirect and not parse(new).redirect:
        notes.append(f"A redirect to {name_of(sender)} decided about everybody: the record ends in {_NEW_END} now.")
    if new:
        records.append(RecordSet(seen.domain, "TXT", (new,), drops=seen.spf))
    left: tuple[RecordSet, ...] = ()
    if isinstance(sender, SenderGuide):
        left = their_records(sender, seen)
        if with_keys:
            records, left = [*records, *(_gone(one) for one in left)], ()
        elif left:
            names = listed([f"{one.type} {one.name}" for one in left], most=12)
            notes.append(f"Also theirs: {names}. {'They stay' if len(left) > 1 else 'It stays'} until you say so.")
        if any(by_mx(value) is sender for value in seen.at(seen.domain, "MX")):
            notes.append(f"Your MX records still lead to {sender.name}: mail for {seen.domain} goes on arriving there.")
    title = f"{name_of(sender)} no longer sends mail for {seen.domain}"
    return SenderChange(title, _remove_fix(sender, seen, new, records), new, (), left, tuple(notes))


def _theirs(sender: SenderGuide | str) -> Callable[[str], bool]:
    if isinstance(sender, SenderGuide):
        return lambda host: by_spf(host) is sender
    wanted = term_for(sender).partition(":")[2]
    return lambda value: value.lower().rstrip(".") == wanted


def their_records(sender: SenderGuide, seen: Seen) -> tuple[RecordSet, ...]:
    """Keys and return paths that are there and surely theirs, with their values."""
    found: dict[tuple[str, str], RecordSet] = {}
    for record in sender.records:
        name = record.named(seen.domain)
        if not name or record.part not in ("dkim", "return-path") or not theirs_at(sender, record, seen):
            continue
        target = seen.alias(name) if record.part == "dkim" else ""
        type = "CNAME" if target else "TXT" if record.part == "dkim" else record.type
        values = (f"{target}.",) if target else seen.at(name, type)
        if type == "TXT" and record.part == "return-path":
            values = tuple(value for value in values if is_spf(value))
        found[name, type] = RecordSet(name, type, values)
    return tuple(found.values())


def _gone(one: RecordSet) -> RecordSet:
    """The set taken away; of a TXT set only these values, others that stand there stay."""
    return RecordSet(one.name, one.type, (), drops=one.values)


def _remove_fix(sender: SenderGuide | str, seen: Seen, record: str, records: list[RecordSet]) -> Fix | None:
    if not records:
        return None
    parts = []
    if record:
        parts.append(f"change the TXT record of {seen.domain} that starts with “v=spf1” to: {record}")
    gone = [f"{one.type} {one.name}" for one in records if not one.values]
    if gone:
        parts.append(f"delete {plural(len(gone), 'record')}: {listed(gone, most=12)}")
    return Fix(
        "records",
        f"Where your DNS records are kept, {listed(parts)}.",
        minutes=MINUTES,
        who=_WHO,
        records=tuple(records),
        copy=record,
    )
