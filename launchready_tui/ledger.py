"""What the journal adds up to: answers, who was asked, risks taken on, changes. One fold, used at every opening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from launchready_tui import limits
from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.cleanbuild.model import Built
from launchready_tui.cleanbuild.model import decode as decode_built
from launchready_tui.driftlook import ExportNote, WordNote
from launchready_tui.fixes.model import Change
from launchready_tui.fixes.written import decode as decode_change
from launchready_tui.model import Severity
from launchready_tui.project import Clock
from launchready_tui.purposes import Purpose
from launchready_tui.secretlist import KeptSecret
from launchready_tui.secretmarks import Mark
from launchready_tui.secretmarks import decode as decode_mark
from launchready_tui.stored import decode_answer, decode_secret
from launchready_tui.subdomains import Decided
from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody was asked about a check. It comes back after limits.ASKED_DAYS. `path` is the saved message."""

    check: str
    who: str
    at: dt.datetime
    path: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", clean(self.who, limit=120))
        object.__setattr__(self, "path", clean(self.path, limit=1_000))

    def waiting(self, now: dt.datetime) -> bool:
        return now < self.at + dt.timedelta(days=limits.ASKED_DAYS)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A risk that somebody took on, by name, with a reason and a last day. It stays listed."""

    check: str
    who: str
    reason: str
    until: dt.date
    at: dt.datetime
    severity: Severity | None = None  # what it was then: a fault that became worse is open again

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", clean(self.who, limit=120))
        object.__setattr__(self, "reason", clean(self.reason))

    def counts(self, now: dt.datetime) -> bool:
        return now.date() <= self.until


@dataclass
class Ledger:
    """`owners` are the names of systems whose owner is in the vault; the values are never here."""

    answers: Answers
    asked: dict[str, Asked] = field(default_factory=dict)
    accepted: dict[str, Accepted] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)
    changes: dict[int, Change] = field(default_factory=dict)
    actions: dict[str, NextAction] = field(default_factory=dict)
    purposes: dict[tuple[str, str], Purpose] = field(default_factory=dict)
    subdomains: dict[str, Decided] = field(default_factory=dict)
    secrets: dict[str, KeptSecret] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)  # on keys that a scan found, by fingerprint
    no_secrets: str = ""  # who said that the product has none
    exported: dt.datetime | None = None
    exports: list[ExportNote] = field(default_factory=list)
    verified: list[WordNote] = field(default_factory=list)
    built: Built | None = None  # the last clean build
    unread: int = 0

    def add(self, kind: str, at: dt.datetime, data: Mapping[str, Any]) -> None:
        """One journal entry. Kinds that are only for reading back ("looked") change nothing."""
        if kind == "answer":
            self.answers.add(decode_answer(data))
        elif kind == "asked":
            self.asked[data["check"]] = Asked(data["check"], data["who"], at, data.get("path", ""))
        elif kind == "accepted":
            until = dt.date.fromisoformat(data["until"])
            self.accepted[data["check"]] = Accepted(
                data["check"], data["who"], data["reason"], until, at, Severity(data["severity"])
            )
        elif kind == "owner-stored":
            self.owners.add(data["system"])
        elif kind == "owner-forgotten":
            self.owners.discard(data["system"])
        elif kind.startswith("change-"):
            change = decode_change(data)
            self.changes[change.number] = change
        elif kind == "action":
            due = dt.date.fromisoformat(data["due"]) if data["due"] else None
            self.actions[data["id"]] = NextAction(data["id"], data["what"], data["who"], due, data["done"])
        elif kind == "purpose":
            said = Purpose(data["name"], data["type"], data["text"], data["who"], at)
            self.purposes[said.key] = said
        elif kind == "subdomain":
            decided = Decided(data["host"], data["when"], data["why"], data["who"])
            self.subdomains[decided.host] = decided
        elif kind == "secret":
            secret = decode_secret(data)
            self.secrets[secret.name] = secret
        elif kind == "secret-removed":
            self.secrets.pop(data["name"], None)
        elif kind == "secrets-none":
            self.no_secrets = clean(data["said"])
        elif kind == "secret-marked":
            mark = decode_mark(data, at)
            self._unmark(mark.print, mark.place)
            self.marks[mark.print] = mark
        elif kind == "secret-unmarked":
            self._unmark(data["print"], data["place"])
        elif kind == "built":
            self.built = decode_built(data)
        elif kind == "exported":
            self.exported = at
            self.exports.append(ExportNote(at, data["folder"], data.get("sha256", "")))
        elif kind == "verified":
            when = dt.datetime.fromisoformat(data["at"])
            self.verified.append(WordNote(data["who"], when, data["sha256"], data["result"], data["words"]))

    def _unmark(self, print: str, place: str) -> None:
        """What was said of a key counts no more, under the fingerprint of whichever sitting."""
        for known in [one for one in self.marks.values() if one.print == print or (place and one.place == place)]:
            del self.marks[known.print]


def fold(entries: Any, clock: Clock) -> Ledger:
    """Read a whole journal. An entry that cannot be read (from a newer version, say) is counted, never fatal."""
    ledger = Ledger(Answers(clock=clock))
    for entry in entries:
        try:
            ledger.add(entry.kind, entry.at, entry.data)
        except (KeyError, TypeError, ValueError):
            ledger.unread += 1
    return ledger
