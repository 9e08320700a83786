"""What was done on a project, from its journal: who, when, what and how long, for the client's invoice. Pure.

Nothing is told but what the journal holds, which has no secret and no owner's value; notes and typed fields of answers
stay out, since they may be about people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from launchready_tui import limits
from launchready_tui.checks import REGISTRY
from launchready_tui.journal_lines import Entry
from launchready_tui.leaks import redact
from launchready_tui.owners import SYSTEMS
from launchready_tui.questions import QUESTIONS
from launchready_tui.text import clean, day, listed, plural

Words = Callable[[Mapping[str, Any]], str]
_LABELS = {system: label for system, label, _ in SYSTEMS}
# Not for a client: what stands in the journal for a crash, and what only repeats another line.
_QUIET = ("change-intended", "change-undoing", "change-arrived")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was done. `at` is when it was done, `seconds` how long it took where that is known, `number` that
    of a change. `who` may be empty."""

    at: dt.datetime
    kind: str
    who: str
    what: str
    number: int | None = None
    seconds: float = 0.0

    @property
    def began(self) -> dt.datetime:
        return self.at - dt.timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Work without a pause of limits.SITTING_GAP_MINUTES."""

    items: tuple[Item, ...]

    @property
    def began(self) -> dt.datetime:
        return min(item.began for item in self.items)

    @property
    def ended(self) -> dt.datetime:
        return self.items[-1].at

    @property
    def minutes(self) -> int:
        """Rounded up: the first line of a sitting took a while as well."""
        return max(1, -int(-(self.ended - self.began).total_seconds() // 60))

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.who for item in self.items if item.who))

    @property
    def changes(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(item.number for item in self.items if item.number is not None))


def sittings(entries: Iterable[Entry], since: dt.datetime | None = None) -> tuple[Sitting, ...]:
    """What was done since a moment, the oldest first."""
    out: list[list[Item]] = []
    gap = dt.timedelta(minutes=limits.SITTING_GAP_MINUTES)
    for item in _items(entry for entry in entries if since is None or entry.at >= since):
        if out and item.began - out[-1][-1].at < gap:
            out[-1].append(item)
        else:
            out.append([item])
    return tuple(Sitting(tuple(_joined(items))) for items in out)


def masked(sitting: Sitting, hide: Callable[[str], str]) -> Sitting:
    """The same with every text through `hide`."""
    return Sitting(tuple(replace(item, who=hide(item.who), what=hide(item.what)) for item in sitting.items))


def _items(entries: Iterable[Entry]) -> Iterable[Item]:
    for entry in entries:
        if entry.kind in _QUIET:
            continue
        data: Mapping[str, Any] = entry.data
        try:
            what = _words(entry.kind, data)
        except (KeyError, TypeError, ValueError, AttributeError):
            what = _named(entry.kind)  # written by a newer version: its name says what it can
        number = data.get("number") if entry.kind.startswith("change-") else None
        seconds = data.get("seconds", 0.0)
        yield Item(
            entry.at,
            entry.kind,
            _who(entry.kind, data),
            clean(redact(what), limit=400),
            number if isinstance(number, int) else None,
            float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 1e6 else 0.0,
        )


def _joined(items: Sequence[Item]) -> Iterable[Item]:
    """Looks of one person one after another become one line: a client pays for work, not for keys."""
    held: list[Item] = []
    for item in items:
        if held and (item.kind != "looked" or item.who != held[0].who):
            yield _looks(held)
            held = []
        if item.kind == "looked":
            held.append(item)
        else:
            yield item
    if held:
        yield _looks(held)


def _looks(looks: Sequence[Item]) -> Item:
    last = looks[-1]
    if len(looks) == 1:
        return last
    seconds = (last.at - min(look.began for look in looks)).total_seconds()
    return replace(
        last, what=f"Looked {len(looks)} times. The last: {last.what[:1].lower()}{last.what[1:]}", seconds=seconds
    )


def _who(kind: str, data: Mapping[str, Any]) -> str:
    """Whoever said it; of somebody who was asked, the one who asked is not known."""
    said = data.get("by") or ("" if kind == "asked" else data.get("who"))
    return clean(said, limit=120) if isinstance(said, str) else ""


def _words(kind: str, data: Mapping[str, Any]) -> str:
    if kind.startswith("change-"):
        return _change(kind, data)
    words = _WORDS.get(kind)
    return words(data) if words else _named(kind)


def _named(kind: str) -> str:
    words = clean(kind.replace("-", " "), limit=60)
    return f"{words[:1].upper()}{words[1:]}"


def _title(check: str) -> str:
    return REGISTRY[check].title if check in REGISTRY else check


def _change(kind: str, data: Mapping[str, Any]) -> str:
    done = {
        "change-applied": "made",
        "change-by-hand": "made by hand",
        "change-failed": "not made",
        "change-undone": "taken back",
    }.get(kind, kind.removeprefix("change-"))
    steps = listed([f"{step['type']} {step['name']}".strip() for step in data["steps"]], most=3)
    place = f" at {data['place']}" if data["place"] else ""
    return f"Change {data['number']} {done}{place}: {data['title']} ({steps})"


def _looked(data: Mapping[str, Any]) -> str:
    counts = data.get("faults") or data.get("counts", {})  # one fault that several checks see counts once
    open_ = listed([f"{counts[each]} {each}" for each in ("critical", "high") if counts.get(each)])
    end = "ready" if data["ready"] else f"not ready ({open_})" if open_ else "not ready yet"
    return f"Looked at {plural(int(data['checks']), 'check')}: {end}"


def _answer(data: Mapping[str, Any]) -> str:
    question = QUESTIONS.get(data["question"])
    if question is None:
        return f"Answered {data['question']}"
    said = {**dict(question.choices), "unknown": "I do not know"}.get(data["choice"], data["choice"])
    return f"Answered “{question.text}” with “{said}”"


def _action(data: Mapping[str, Any]) -> str:
    if data["done"]:
        return f"Done: {data['what']}"
    due = f" by {day(dt.date.fromisoformat(data['due']))}" if data["due"] else ""
    return f"Agreed{due}: {data['what']}"


def _accepted(data: Mapping[str, Any]) -> str:
    until = day(dt.date.fromisoformat(data["until"]))
    return f"Accepted a risk until {until}: “{_title(data['check'])}” ({data['reason']})"


def _system(data: Mapping[str, Any]) -> str:
    return _LABELS.get(data["system"], str(data["system"]))


_WORDS: Mapping[str, Words] = {
    "looked": _looked,
    "answer": _answer,
    "asked": lambda data: f"Asked {data['who']} about “{_title(data['check'])}”",
    "accepted": _accepted,
    "owner-stored": lambda data: f"Named who owns: {_system(data)}",
    "owner-forgotten": lambda data: f"Took away who owns: {_system(data)}",
    "action": _action,
    "purpose": lambda data: (
        f"Wrote down what {data['type']} at {data['name']} is for"
        if data["text"]
        else f"Took back what {data['type']} at {data['name']} is for"
    ),
    "secret": lambda data: f"Wrote down the secret {data['name']}, by name and place",
    "secret-removed": lambda data: f"Took {data['name']} off the list of secrets",
    "secrets-none": lambda data: "Wrote down that the product has no secrets",
    "secret-marked": lambda data: (
        f"Wrote down that a key was made new on {data['day']}"
        if data["day"]
        else "Wrote down that a found value is no key"
    ),
    "secret-unmarked": lambda data: "Took back what was said of a key that was found",
    "subdomain": lambda data: f"Planned {data['host']}: {data['when']}",
    "addresses": lambda data: "Wrote down the addresses and subdomains",
    "old-paths": lambda data: f"Wrote down {plural(int(data['count']), 'old address', 'old addresses')}",
    "message-kept": lambda data: f"Put a message on file ({data['kind']})",
    "message-removed": lambda data: "Took a message off file",
    "exported": lambda data: f"Exported the handover: {listed(list(data['files']), most=4)}",
    "verified": lambda data: f"Took in that {data['who']} verified the handover",
    "connected": lambda data: f"Connected {data['kind']} for {data['zone']}",
    "disconnected": lambda data: f"Disconnected {data['kind']} for {data['zone']}",
    "received": lambda data: "Took the project over from a handover file",
    "template": lambda data: "Started from another project as a template",
    "archived": lambda data: "Archived the project",
    "restored": lambda data: "Brought the project back",
    "journal-damaged": lambda data: (
        f"Found {plural(int(data['lines']), 'damaged line')} in the journal, and set them aside"
    ),
}
