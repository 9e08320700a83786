"""One project as the template of another: what is common to launches of one kind, nothing that is only the first's.

Taken over: subdomains, kinds of addresses as paths at the new domain, the marker, senders, the wording of purposes,
what was declared absent, next actions. Never: the product's name, owners, answers, connections, the network, a code
folder, a secret. Nor is the first domain named in the second: it may be another client's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from launchready_tui.actions import NextAction
from launchready_tui.journal_lines import Entry
from launchready_tui.leaks import redact
from launchready_tui.mask import mask
from launchready_tui.project import Project
from launchready_tui.purposes import Purpose
from launchready_tui.text import day, listed, plural

_OWN_ACTIONS = ("renew-", "certificate")  # ids of next actions that are about one domain's own dates


@dataclass(frozen=True, slots=True)
class Template:
    """What a new project starts with. `say` counts it, for a person."""

    project: Project
    purposes: tuple[Purpose, ...] = ()
    actions: tuple[NextAction, ...] = ()

    @property
    def say(self) -> str:
        urls, subs = len(self.project.urls), len(self.project.subs or ())
        counts = (
            (subs, "subdomain", None),
            (urls, "kind of address", "kinds of address"),
            (len(self.project.senders), "sender", None),
            (len(self.purposes), "purpose", None),
            (len(self.project.absent), "part that does not exist", "parts that do not exist"),
            (len(self.actions), "next action", None),
        )
        told = [plural(*each) for each in counts if each[0]]
        told += ["the marker"] if self.project.marker else []
        if not told:
            return "There was nothing to take over."
        return f"Taken over: {listed(told, most=9)}. No owner, answer, connection or secret."


def based_on(source: Project, entries: Iterable[Entry], domain: str, who: str, now: dt.datetime) -> Template:
    """A project for `domain` as `source` and its journal have it. `who` starts it: what is declared absent, and what
    records are for, is theirs to say again."""
    move = _Move(source.domain, domain)
    said = f"{who or 'the founder'}, {day(now.astimezone().date())}"
    purposes, actions = _said(entries)
    project = Project(
        domain,
        urls={kind: moved for kind, url in source.urls.items() if (moved := move.url(url)) is not None},
        subs=source.subs,
        marker=move.words(source.marker) or "",
        senders=tuple(name for one in source.senders if (name := move.words(one))),
        absent=dict.fromkeys(source.absent, said),
    )
    kept = [
        Purpose(name, one.type, text, who, now)
        for one in purposes
        if one.text and (name := move.name(one.name)) and (text := move.words(one.text))
    ]
    return Template(project, tuple(kept), tuple(_next(actions, move, now.date())))


class _Move:
    """From one domain to another; None where something must stay behind."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        self._mention = re.compile(rf"(?<![\w.-])((?:[\w-]+\.)*){re.escape(old)}(?![\w-]|\.\w)", re.IGNORECASE)

    def name(self, name: str) -> str | None:
        """The same name under the new domain; None for a name outside the old one."""
        if name == self._old:
            return self._new
        return name.removesuffix(self._old) + self._new if name.endswith(f".{self._old}") else None

    def url(self, url: str) -> str | None:
        """The same path at the new domain, without query, account and port. "" ("we have none") stays; an address on
        somebody else's host, or one that holds a secret, is left out."""
        if not url:
            return ""
        try:
            parts = urlsplit(url)
            host = self.name((parts.hostname or "").rstrip("."))
        except ValueError:
            return None
        if host is None:
            return None
        path = parts.path or "/"
        moved = urlunsplit((parts.scheme, host, path, "", ""))
        return moved if redact(moved) == moved and self._old not in path.lower() else None

    def words(self, text: str) -> str | None:
        """The text about the new domain; None where it holds a mail address, an IP address or a secret, or still names
        the old domain."""
        moved = self._mention.sub(lambda found: found[1] + self._new, text)
        if mask(text) != text or redact(moved) != moved or self._old in moved.lower().replace(self._new, ""):
            return None
        return moved


def _said(entries: Iterable[Entry]) -> tuple[list[Purpose], list[tuple[NextAction, dt.date]]]:
    """The purposes and next actions that stand, each action with the day on which it was agreed to."""
    purposes: dict[tuple[str, str], Purpose] = {}
    actions: dict[str, tuple[NextAction, dt.date]] = {}
    for entry in entries:
        try:
            if entry.kind == "purpose":
                purpose = _purpose(entry.data)
                purposes[purpose.key] = purpose
            elif entry.kind == "action":
                action = _action(entry.data)
                actions[action.id] = (action, entry.at.date())
        except (KeyError, TypeError, ValueError):
            continue  # an entry of a newer version, as in the ledger
    return list(purposes.values()), list(actions.values())


def _purpose(data: Mapping[str, object]) -> Purpose:
    return Purpose(str(data["name"]), str(data["type"]), str(data["text"]))


def _action(data: Mapping[str, object]) -> NextAction:
    due = dt.date.fromisoformat(str(data["due"])) if data["due"] else None
    return NextAction(str(data["id"]), str(data["what"]), "", due, False)


def _next(actions: Iterable[tuple[NextAction, dt.date]], move: _Move, today: dt.date) -> Iterable[NextAction]:
    """As many days from today as each was from the day on which it was agreed to; nobody's name on it, nothing done."""
    for action, agreed in actions:
        what = move.words(action.what)
        if what is None or action.id.startswith(_OWN_ACTIONS) or ":" in action.id:
            continue
        due = today + max(dt.timedelta(0), action.due - agreed) if action.due else None
        yield replace(action, what=what, due=due)
