"""expiries.ics: what runs out, in a form that every calendar reads (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from launchready_tui.handover.blocks import harmless
from launchready_tui.handover.calendar import entries, escaped, folded, to_calendar, uid
from launchready_tui.handover.document import (
    Action,
    Baseline,
    CertificateSeen,
    Handover,
    Product,
    SecretLine,
    Stated,
    System,
)
from launchready_tui.handover.export import build
from launchready_tui.text import clean
from tests.handover.documents import HANDOVERS, TEXT
from tests.handover.worlds import facts

WHOLE = build(facts())
ANY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=40)
_LINE = re.compile(r"([A-Z][A-Z-]*)((?:;[A-Z-]+=[A-Za-z0-9-]+)*):(.*)")
_ONCE = ("UID", "DTSTAMP", "DTSTART", "SUMMARY")


def unescaped(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), "a bare comma or semicolon would end the value"
    return re.sub(r"\\(.)", r"\1", value)


def read(text: str) -> list[dict[str, list[str]]]:
    """A parser of its own, as strict as the grammar: the events, each property with its values as written."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in lines)
    for line in lines:
        assert clean(line, limit=len(line) + 1) == line
    events: list[dict[str, list[str]]] = []
    inside: list[str] = []
    for line in "\r\n".join(lines).replace("\r\n ", "").split("\r\n"):
        match = _LINE.fullmatch(line)
        assert match, line
        name, _, value = match.groups()
        if name == "BEGIN":
            assert (inside[-1] if inside else "") == {"VCALENDAR": "", "VEVENT": "VCALENDAR", "VALARM": "VEVENT"}[value]
            inside.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            events[-1].setdefault(name, []).append(value)
    assert inside == []
    assert all(len(event[name]) == 1 for event in events for name in _ONCE)
    return events


def check(whole: Handover) -> None:
    text = to_calendar(whole)
    events, listed = read(text), entries(whole)
    assert len({event["UID"][0] for event in events}) == len(events) == len(listed) >= 1
    for event, entry in zip(events, listed, strict=True):
        assert event["DTSTART"] == [f"{entry.on.year:04d}{entry.on:%m%d}"]
        assert unescaped(event["SUMMARY"][0]) == harmless(clean(entry.what, limit=2_000).strip())
        assert unescaped(event.get("DESCRIPTION", [""])[0]) == harmless(clean(entry.note, limit=2_000).strip())
        assert re.fullmatch(r"[a-z0-9.-]+@launchready", event["UID"][0])


def by_library(text: str) -> list[tuple[str, dt.date, str]]:
    """The same by a library that knows nothing of ours: uid, day, summary."""
    calendar = icalendar.Calendar.from_ical(text)
    assert not calendar.errors
    out = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        out.append((str(event["UID"]), event.decoded("DTSTART"), str(event["SUMMARY"])))
    return out


def test_everything_that_runs_out_has_its_day() -> None:
    whole = Handover(
        product=Product(domain="good.example", written_at=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)),
        systems=[
            System(
                system="registrar",
                label="Registrar",
                critical=True,
                provider="Namecheap",
                renews=dt.date(2027, 3, 3),
                renewal="auto-renew is on",
                last_proved=dt.date(2026, 11, 20),
                proved_by="Ada",
            ),
            System(system="payments", label="Payments", critical=False, absent=True, renews=dt.date(2027, 1, 1)),
        ],
        baseline=Baseline(
            certificates=[
                CertificateSeen(host="www.good.example", issuer="R11", ends=dt.datetime(2027, 1, 20, 8, tzinfo=dt.UTC))
            ]
        ),
        accepted_risks=WHOLE.accepted_risks,
        next_actions=[
            Action(id="restore-test", what="Restore the newest backup.", due=dt.date(2026, 12, 24)),
            Action(id="done", what="x", due=dt.date(2026, 12, 1), done=True),
            Action(id="undated", what="y"),
        ],
        secrets=[
            SecretLine(name="STRIPE_KEY", system="Stripe", location="1Password", rotate_by=dt.date(2027, 5, 1)),
            SecretLine(name="UNDATED"),
        ],
    )
    check(whole)
    said = [(day, summary) for _, day, summary in by_library(to_calendar(whole))]
    assert said == [
        (dt.date(2026, 12, 20), "Sign in at Namecheap once more (good.example)"),
        (dt.date(2026, 12, 24), "good.example: Restore the newest backup."),
        (dt.date(2027, 1, 20), "The certificate of www.good.example ends today"),
        (dt.date(2027, 2, 22), "Look whether the handover of good.example still holds"),
        (dt.date(2027, 3, 3), "good.example is paid until today (Namecheap)"),
        (dt.date(2027, 3, 3), "Taken-on risk runs out: Your server stands alone."),
        (dt.date(2027, 5, 1), "Make a new key for Stripe: STRIPE_KEY"),
    ]


def test_a_certificate_is_read_off_the_checks_where_nothing_else_says_it() -> None:
    told = Stated(
        check="edge.tls.valid",
        what="x",
        state="pass",
        seen="",
        subject="a.example",
        details={"not-after": "2027-01-20"},
    )
    bad = Stated(check="edge.tls.expiry", what="x", state="pass", seen="", details={"not-after": "soon"})
    whole = Handover(product=Product(domain="good.example"), edge=[told, bad])
    assert [each.on for each in entries(whole) if each.id == "certificate:a.example"] == [dt.date(2027, 1, 20)]
    assert len(entries(whole)) == 2


def test_a_later_export_moves_the_entries_that_are_there() -> None:
    """UIDs say what runs out, never when; two domains never share one."""
    later = structs.replace(
        WHOLE,
        product=structs.replace(WHOLE.product, written_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)),
        next_actions=[structs.replace(each, due=dt.date(2027, 6, 1)) for each in WHOLE.next_actions],
    )
    before, after = by_library(to_calendar(WHOLE)), by_library(to_calendar(later))
    assert {uid for uid, *_ in before} == {uid for uid, *_ in after}
    assert uid("action:x", "a.example") != uid("action:x", "b.example")
    assert uid("action:x", "a.example") == uid("action:x", "a.example")


def test_reminders_come_before_it() -> None:
    calendar = icalendar.Calendar.from_ical(to_calendar(WHOLE))
    triggers = [alarm.decoded("TRIGGER") for alarm in calendar.walk("VALARM")]
    assert triggers
    assert all(trigger < dt.timedelta() for trigger in triggers)


def test_ours_is_read_by_a_library() -> None:
    check(WHOLE)
    assert len(by_library(to_calendar(WHOLE))) == len(entries(WHOLE))


@ANY
@given(HANDOVERS)
def test_any_document_makes_a_calendar(whole: Handover) -> None:
    check(whole)
    read_back = by_library(to_calendar(whole))
    assert [day for _, day, _ in read_back] == [entry.on for entry in entries(whole)]


@given(TEXT)
def test_any_text_survives_escaping_and_folding(text: str) -> None:
    line = folded(f"SUMMARY:{escaped(text)}")
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    assert unescaped(line.replace("\r\n ", "").removesuffix("\r\n").removeprefix("SUMMARY:")) == harmless(
        clean(text, limit=2_000).strip()
    )


@pytest.mark.parametrize("size", [*range(60, 80), 200])
@pytest.mark.parametrize("char", ["a", "ü", "€", "𝔘"])
def test_a_fold_is_never_inside_a_character(size: int, char: str) -> None:
    line = folded(char * size)
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    assert line.replace("\r\n ", "") == char * size + "\r\n"
