"""`launchready records`: what the wizard's page of records holds, listed and written down from the command line."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui.changing import opened
from launchready_tui.handover.redirects import VERDICTS, Leg, state_word
from launchready_tui.handover.written import WHEN
from launchready_tui.headless import told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.recordlist import Noted
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.session import RecordList, Session
from launchready_tui.subdomains import Planned, When
from launchready_tui.system import user_name
from launchready_tui.text import clean, plural

_BY = {"record": "the record says so", "ask": "nobody said yet"}


@dataclass(frozen=True, slots=True)
class Note:
    """What a command was told to write down. `purpose` None: only list; "" takes back what was said."""

    name: str = ""
    type: str = ""
    purpose: str | None = None
    when: When | None = None
    why: str = ""
    old_paths: tuple[str, ...] = ()
    take: bool = False
    who: str = ""
    as_json: bool = False
    presenter: bool = False


def run_records(project: str | None, workspace: str | None, options: LookOptions, note: Note) -> int:
    """List, or write down and then list what it is now. Exit status 2 for what cannot be written down."""

    async def records() -> int:
        async with opened(project, workspace, options) as session:
            await _write(session, note)
            listed = await session.record_list()
            planned = session.subdomain_plan(listed.records)
            legs = session.redirect_matrix()
            if note.as_json:
                print(json.dumps(document(session.project.domain, listed, planned, legs), ensure_ascii=True, indent=1))
                return 0
            hidden = names_of(session.owners)
            width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
            for line in text(listed, planned, legs, width):
                print(mask(line, hidden) if note.presenter else line)
            return 0

    with told():
        return asyncio.run(records())


async def _write(session: Session, note: Note) -> None:
    """Raises BadOption for a record that is not there, WorkspaceProblem where another window has the project."""
    who = note.who or user_name()
    if note.purpose is not None:
        if not note.name or not note.type:
            raise BadOption("Which record? Write its name and its type: `launchready records www CNAME --purpose …`.")
        key = (session.full_name(note.name), note.type.upper())
        known = [each.key for each in (await session.record_list()).records]
        if key not in known and key not in session.purposes:
            raise BadOption(f"There is no record {clean(key[1], limit=20)} at {clean(key[0], limit=120)} that we know.")
        session.set_purpose(*key, note.purpose, who)
        say_problem(f"Written down: {key[1]} {key[0]}." if note.purpose else f"Taken back: {key[1]} {key[0]}.")
    elif note.when is not None:
        if not note.name:
            raise BadOption("Which subdomain? Write its name: `launchready records beta --plan later`.")
        session.plan_subdomain(note.name, note.when, note.why, who)
        say_problem(f"Written down: {session.full_name(note.name)}, {WHEN[note.when]}.")
    elif note.name:
        raise BadOption("Say what to write down: --purpose for a record, --plan for a subdomain.")
    if note.take:
        before = len(session.purposes)
        await session.confirm_purposes(who)
        say_problem(f"{plural(len(session.purposes) - before, 'record')} taken as the record itself says.")
    if note.old_paths:
        session.set_old_paths((*session.project.old_paths, *note.old_paths))


def document(domain: str, listed: RecordList, planned: tuple[Planned, ...], legs: tuple[Leg, ...]) -> dict[str, object]:
    """All of it for a script. `state` is pass, warn, fail or unknown."""
    return {
        "schema_version": 1,
        "domain": domain,
        "place": listed.place,
        "whole": listed.whole,
        "records": [
            {
                "name": each.key[0],
                "type": each.set.type,
                "ttl": each.set.ttl,
                "values": list(each.set.values),
                "purpose": each.text,
                "by": each.by,
                "who": each.who,
                "noted": each.noted,
            }
            for each in listed.records
        ],
        "subdomains": [{"host": each.host, "when": each.when, "why": each.why, "who": each.who} for each in planned],
        "redirects": [
            {
                "url": leg.url,
                "expected": leg.expected,
                "seen": leg.seen,
                "status": leg.status,
                "location": leg.location,
                "hops": leg.hops,
                "state": state_word(leg.verdict),
                "why": leg.why,
                "curl": leg.curl,
            }
            for leg in legs
        ],
    }


def text(listed: RecordList, planned: tuple[Planned, ...], legs: tuple[Leg, ...], width: int) -> Iterator[str]:
    """Lines for a person."""
    noted = sum(each.noted for each in listed.records)
    yield f"Records: {noted} of {len(listed.records)} have a purpose. {clean(listed.say)}"
    for each in listed.records:
        yield from _record(each, width)
    yield ""
    yield "Subdomain plan" if planned else "Subdomain plan: no subdomain is known."
    for one in planned:
        who = f" ({one.who})" if one.who else ""
        yield from wrap(clean(f"  {one.host}: {WHEN[one.when]}; {one.why}{who}"), width, "    ")
    yield ""
    yield "Redirects, as the last look saw them"
    for leg in legs:
        why = f": {leg.why}" if leg.why else ""
        seen = f"; {leg.seen}" if leg.status else ""
        yield from wrap(clean(f"  {leg.url}  {VERDICTS[leg.verdict]}{why}{seen}"), width, "    ")
        yield f"    {clean(leg.curl, limit=8_000)}"  # on one line, to be copied


def _record(each: Noted, width: int) -> Iterator[str]:
    who = each.who or _BY.get(each.by, "a person")
    sign = "✓" if each.noted else "?"
    yield from wrap(clean(f"  {sign} {each.set.type} {each.key[0]}: {each.text} ({who})"), width, "    ")
