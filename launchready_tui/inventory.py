"""`launchready secrets`: the product's keys and passwords by name and place, from the command line. Never a value."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

from launchready_tui.changing import opened
from launchready_tui.headless import told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.secretlist import KeptSecret, SecretList, Suggested
from launchready_tui.session import Session
from launchready_tui.system import user_name
from launchready_tui.text import clean, day, listed, plural


@dataclass(frozen=True, slots=True)
class SecretWish:
    """What a command was told. `do` is list, add, rotated, left, remove or none; days are ISO or "today", "" where
    nothing was said."""

    do: str = "list"
    name: str = ""
    system: str | None = None
    location: str | None = None
    owner: str | None = None
    created: str = ""
    rotate_by: str = ""
    on: str = ""
    had: tuple[str, ...] = ()
    exposed: str = ""
    how: str | None = None
    who: str = ""
    as_json: bool = False
    presenter: bool = False


def run_secrets(project: str | None, workspace: str | None, options: LookOptions, wish: SecretWish) -> int:
    """List, or write down and then list what it is now. Exit status 2 for what cannot be written down."""

    async def secrets() -> int:
        async with opened(project, workspace, options) as session:
            if wish.do != "list":
                say_problem(_write(session, wish))
            found = await session.suggested_secrets()
            if wish.as_json:
                document = secrets_document(session.project.domain, session.secret_list, found)
                print(json.dumps(document, ensure_ascii=True, indent=1))
                return 0
            hidden = names_of(session.owners)
            width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
            for line in text(session.secret_list, found, width):
                print(mask(line, hidden) if wish.presenter else line)
            return 0

    with told():
        return asyncio.run(secrets())


def parse_day(typed: str, today: dt.date) -> dt.date | None:
    """ "2026-11-24" or "today"; None for nothing. Raises BadOption."""
    word = typed.strip().lower()
    if not word:
        return None
    try:
        return today if word == "today" else dt.date.fromisoformat(word)
    except ValueError:
        raise BadOption("Write a day as year-month-day, such as 2026-11-24, or today.") from None


def _write(session: Session, wish: SecretWish) -> str:
    """Returns a sentence. Raises BadOption, WorkspaceProblem."""
    today = session.clock.now().astimezone().date()
    on = parse_day(wish.on, today) or today
    shown, who = clean(wish.name, limit=120), wish.who or user_name()
    if wish.do == "none":
        session.no_secrets(who)
        return "Written down: the product has no secrets."
    if not wish.name.strip():
        raise BadOption("Which one? Write its name.")
    if wish.do == "remove":
        session.remove_secret(wish.name, who=who)
        return f"Taken off the list: {shown}."
    if wish.do == "rotated":
        session.rotate_secret(wish.name, on, who=who)
        return f"Written down: {shown} was made new on {day(on)}."
    if wish.do == "left":
        names, _ = session.person_left(wish.name, on, who=who)
        if not names:
            return f"{shown} had no secret on the list."
        return f"{shown} had {plural(len(names), 'secret')} that now must be made new: {clean(listed(list(names)))}."
    known = {each.name: each for each in session.secret_list.kept}.get(wish.name, KeptSecret(wish.name))
    suggested = Suggested(wish.name, "").system
    session.keep_secret(
        replace(
            known,
            system=known.system or suggested if wish.system is None else wish.system,
            location=known.location if wish.location is None else wish.location,
            owner=known.owner if wish.owner is None else wish.owner,
            created=parse_day(wish.created, today) or known.created,
            rotate_by=parse_day(wish.rotate_by, today) or known.rotate_by,
            exposed=parse_day(wish.exposed, today) or known.exposed,
            how=known.how if wish.how is None else wish.how,
            had=wish.had or known.had,
        ),
        who=who,
    )
    return f"Written down: {shown}."


def secrets_document(domain: str, kept: SecretList, found: tuple[Suggested, ...]) -> dict[str, object]:
    """All of it for a script; days are ISO, or null where nobody said."""
    return {
        "schema_version": 1,
        "domain": domain,
        "none": kept.none,
        "secrets": [
            {
                "name": each.name,
                "system": each.system,
                "location": each.location,
                "owner": each.owner,
                "created": _day(each.created),
                "rotate_by": _day(each.rotate_by),
                "rotated_on": _day(each.rotated_on),
                "had": list(each.had),
                "exposed": _day(each.exposed),
                "how": each.how,
                "renew_now": each.seen_by_others,
                "lacking": list(each.lacking),
            }
            for each in kept.kept
        ],
        "not_listed": [
            {"name": each.name, "where": each.where, "system": each.system, "leaked": each.leaked} for each in found
        ],
    }


def _day(date: dt.date | None) -> str | None:
    return date.isoformat() if date is not None else None


def text(kept: SecretList, found: tuple[Suggested, ...], width: int) -> Iterator[str]:
    """Lines for a person."""
    if kept.kept:
        yield f"{plural(len(kept.kept), 'secret')} on the list. Names and places, never a value."
    else:
        said = f"{clean(kept.none)} said that the product has no secrets."
        yield said if kept.none else "No secret is written down."
    for each in kept.kept:
        sign = "✗" if each.seen_by_others else "?" if each.lacking else "✓"
        had = f"; had by {listed(list(each.had))}" if each.had else ""
        where = f"{each.system or 'no system'}, kept: {each.location or 'nobody said where'}"
        days = f"made {_said(each.created)}, renewed {_said(each.rotated_on)}, next {_said(each.rotate_by)}"
        yield from wrap(clean(f"  {sign} {each.name}: {where}; {each.owner or 'no owner'}; {days}{had}"), width, "    ")
        if each.seen_by_others and each.exposed:
            why = f" ({each.how})" if each.how else ""
            yield from wrap(
                clean(f"    Make it new: others may know it since {day(each.exposed)}{why}."), width, "    "
            )
    if found:
        yield "Not on the list yet:"
        for one in found:
            leaked = ", with its value in git" if one.leaked else ""
            yield from wrap(clean(f"  - {one.name} ({one.where}{leaked})"), width, "    ")


def _said(date: dt.date | None) -> str:
    return day(date) if date is not None else "?"
