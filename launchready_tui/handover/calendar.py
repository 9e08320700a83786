"""expiries.ics: a day in the calendar for everything that runs out or is due, with a reminder before it (RFC 5545).

Whole days only. A UID is made of what runs out and of which domain, never of when: a later export moves the entry that
is there (RFC 5545 section 3.8.4.7). What was done already has no day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.handover.blocks import harmless
from launchready_tui.handover.document import Handover, Stated
from launchready_tui.text import clean, day

CALENDAR_FILE = "expiries.ics"
_LINE = 75  # octets of a content line without its end (RFC 5545 section 3.1)
_ENDS = ("not-after", "certificate-expires")  # facts in which a check says when a certificate ends
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One day. `id` stays the same from export to export; `before` are the days of the reminders."""

    id: str
    on: dt.date
    what: str
    note: str = ""
    before: tuple[int, ...] = (7,)


def entries(whole: Handover) -> tuple[Entry, ...]:
    """Everything in the document that has a day to come, by day; the same id is listed once, with its first day."""
    found: dict[str, Entry] = {}
    for entry in sorted(_all(whole), key=lambda each: (each.on, each.id)):
        found.setdefault(entry.id, entry)
    return tuple(found.values())


def _all(whole: Handover) -> Iterator[Entry]:
    domain = whole.product.domain
    yield Entry(
        "verify",
        _later(_written(whole).date(), limits.ANSWER_DAYS),
        f"Look whether the handover of {domain} still holds",
        "launchready verify handover.toml lists what has changed since.",
        (1,),
    )
    for system in whole.systems:
        if system.absent:
            continue
        if system.renews is not None:
            what = (
                f"{domain} is paid until today"
                if system.system == "registrar"
                else f"{system.label} is paid until today"
            )
            how = f"{system.renewal}." if system.renewal else "Renew it, or see that it was renewed."
            yield Entry(
                f"renewal:{system.system}", system.renews, f"{what} ({system.provider or domain})", how, (30, 7)
            )
        if system.last_proved is not None:
            yield Entry(
                f"access:{system.system}",
                _later(system.last_proved, limits.ACCESS_DAYS),
                f"Sign in at {system.provider or system.label} once more ({domain})",
                f"{system.proved_by or 'Somebody'} last proved it on {day(system.last_proved)}; that counts for "
                f"{limits.ACCESS_DAYS} days.",
                (1,),
            )
    yield from _certificates(whole)
    for risk in whole.accepted_risks:
        id = f"risk:{risk.checks[0] if risk.checks else risk.what}"
        note = f"{risk.who or 'Somebody'} took it on until today: {risk.reason}"
        yield Entry(id, risk.until, f"Taken-on risk runs out: {risk.what}", note)
    for action in whole.next_actions:
        if action.due is not None and not action.done:
            yield Entry(f"action:{action.id}", action.due, f"{domain}: {action.what}", action.who)
    for secret in whole.secrets:
        if secret.rotate_by is not None:
            note = f"Kept: {secret.location}. Owner: {secret.owner or 'nobody yet'}."
            name = f"{secret.system}: {secret.name}" if secret.system else secret.name
            yield Entry(f"secret:{secret.system}/{secret.name}", secret.rotate_by, f"Make a new key for {name}", note)


def _written(whole: Handover) -> dt.datetime:
    """When the document was written, in UTC; a fixed moment where it does not say."""
    at = whole.product.written_at or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return at.astimezone(dt.UTC) if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def _certificates(whole: Handover) -> Iterator[Entry]:
    """Each certificate, as what the world was answered says it; as the checks say it where that is not there."""
    note = "It should have renewed itself by then; if not, renew it."
    seen = [(each.host, each.ends.date()) for each in whole.baseline.certificates if each.ends is not None]
    for host, ends in seen or [told for each in whole.edge for told in _told(each)]:
        yield Entry(f"certificate:{host}", ends, f"The certificate of {host} ends today", note)


def _told(stated: Stated) -> Iterator[tuple[str, dt.date]]:
    for name in _ENDS:
        try:
            yield stated.subject or stated.check, dt.date.fromisoformat(stated.details[name][:10])
        except (KeyError, ValueError):
            continue


def _later(date: dt.date, days: int) -> dt.date:
    try:
        return date + dt.timedelta(days=days)
    except OverflowError:
        return date


# ---- the file ----
def uid(id: str, domain: str) -> str:
    """The same for the same thing. What could not stand in an address is a digest of it (RFC 7986 section 5.3)."""
    name = f"{id}.{domain}".lower().replace(":", ".").replace("/", ".")
    digest = hashlib.sha256(f"{id}\n{domain}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{name if _PLAIN.fullmatch(name) else 'entry'}-{digest}@launchready"


def escaped(text: str) -> str:
    """A TEXT value on one line (RFC 5545 section 3.3.11), cleaned of controls."""
    return harmless(clean(text, limit=2_000).strip()).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def folded(line: str) -> str:
    """A content line with its end, folded at 75 octets and never inside a character (RFC 5545 section 3.1)."""
    out, room = [], _LINE
    for char in line:
        size = len(char.encode("utf-8", "replace"))
        if size > room:
            out.append("\r\n ")
            room = _LINE - 1
        out.append(char)
        room -= size
    return "".join(out) + "\r\n"


def _event(entry: Entry, domain: str, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(entry.id, domain)}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{_day(entry.on)}"
    yield f"SUMMARY:{escaped(entry.what)}"
    if note := escaped(entry.note):
        yield f"DESCRIPTION:{note}"
    yield "TRANSP:TRANSPARENT"
    for days in entry.before:
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escaped(entry.what)}",
            f"TRIGGER:-P{days}D",
            "END:VALARM",
        )
    yield "END:VEVENT"


def _day(date: dt.date) -> str:
    return f"{date.year:04d}{date.month:02d}{date.day:02d}"


def to_calendar(whole: Handover) -> str:
    """The whole file, its lines ended by CRLF. The same document always makes the same file."""
    domain = whole.product.domain
    at = _written(whole)
    stamp = f"{_day(at)}T{at:%H%M%S}Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//launchready//handover 1//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(f'Launch of {domain}')}",
        *(line for entry in entries(whole) for line in _event(entry, domain, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(map(folded, lines))
