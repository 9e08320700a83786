"""`launchready senders`: the list of approved senders, and adding or removing one, from the command line."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from launchready_tui import limits
from launchready_tui.changing import Wish, carry_out, opened, plan_document
from launchready_tui.fixes.model import FixProblem
from launchready_tui.headless import told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.senders import Declared, guides
from launchready_tui.sendersight import Need, SenderState
from launchready_tui.session import SenderList, SenderPlan, Session, Standing
from launchready_tui.session.senders import Act
from launchready_tui.text import clean, listed

_OURS = ("project", "workspace", "add", "remove", "with_keys", "do_apply", "by_hand", "who", "confirm", "as_json")
SIGNS = {"there": "✓", "missing": "✗", "other": "✗", "unknown": "?", "page": "·"}
WORDS = {
    "there": "there",
    "missing": "missing",
    "other": "not as they ask",
    "unknown": "could not tell",
    "page": "on their page",
}
PARTS = {"spf": "SPF", "dkim": "DKIM", "return-path": "Return path"}


@dataclass(frozen=True, slots=True)
class Ask:
    """What the command was told beside how to reach the launch."""

    add: str = ""
    remove: str = ""
    with_keys: bool = False
    presenter: bool = False

    @property
    def act(self) -> Act:
        return "add" if self.add else "remove"


def run_senders(given: Mapping[str, Any]) -> int:
    """List, or add or remove one. Exit status 1 where a change was not made, 2 for a sender that nobody knows."""
    ask = Ask(given["add"], given["remove"], given["with_keys"], given["presenter"])
    wish = Wish(given["do_apply"], given["by_hand"], given["who"], given["confirm"], given["as_json"])

    async def run() -> int:
        _refuse_mixed(ask, wish)
        options = LookOptions(**{name: value for name, value in given.items() if name not in _OURS})
        async with opened(given["project"], given["workspace"], options) as session:
            if ask.add or ask.remove:
                return await _change(session, ask, wish)
            found = await session.sender_list()
            if wish.as_json:
                print(json.dumps(document(found), ensure_ascii=True, indent=1))
                return 0
            _print(session, text(found, _width()), ask.presenter)
            return 0

    with told():
        try:
            return asyncio.run(run())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


def _refuse_mixed(ask: Ask, wish: Wish) -> None:
    if ask.add and ask.remove:
        raise BadOption("--add or --remove: take one at a time.")
    if not ask.add and not ask.remove and (wish.do_apply or wish.by_hand or ask.with_keys):
        raise BadOption("--apply, --by-hand and --with-keys go with --add or --remove.")
    if ask.add and ask.with_keys:
        raise BadOption("--with-keys goes with --remove.")


async def _change(session: Session, ask: Ask, wish: Wish) -> int:
    sender = session.sender(ask.add or ask.remove)
    session.may_write()
    session.declare_sender(ask.act, sender, wish.name)
    await session.check_reach()
    by_hand = wish.by_hand or (not session.can_change_senders() and not wish.do_apply)
    planned = await session.plan_sender(ask.act, sender, with_keys=ask.with_keys, by_hand=by_hand)
    standing = session.standing()
    if wish.as_json:
        print(json.dumps(change_document(ask.act, planned, standing), ensure_ascii=True, indent=1))
    else:
        _print(session, change_text(planned, _width()), ask.presenter)
        if by_hand and not wish.by_hand and planned.plan is not None:
            say_problem(standing.say)
    if planned.plan is None or not wish.do_apply:
        return 0
    return await carry_out(session, planned.plan, wish)


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))


def _print(session: Session, lines: Iterator[str], presenter: bool) -> None:
    hidden = names_of(session.owners)
    for line in lines:
        print(mask(line, hidden) if presenter else line)


def _declared(said: Declared | None) -> dict[str, object] | None:
    if said is None:
        return None
    return {
        "nobody": said.nobody,
        "senders": list(said.ids),
        "other": [*said.hosts, *said.addresses],
        "unread": [clean(word, limit=120) for word in said.unread],
        "who": said.who,
    }


def document(found: SenderList) -> dict[str, object]:
    """The list for a script. `state` is there, missing, other, unknown or page (only their page knows the name)."""
    return {
        "schema_version": 1,
        "domain": found.domain,
        "declared": _declared(found.declared),
        "spf": {"record": found.record, "lookups": found.lookups, "limit": limits.SPF_LOOKUPS},
        "senders": [
            {
                "id": one.id,
                "name": one.name,
                "declared": one.declared,
                "seen": [clean(place) for place in one.seen],
                "state": one.state,
                "extra": list(one.extra),
                "needs": [
                    {
                        "part": need.part,
                        "type": need.type,
                        "name": need.name,
                        "value": need.value,
                        "state": need.state,
                        "needed": need.needed,
                        "say": clean(need.say),
                    }
                    for need in one.needs
                ],
            }
            for one in found.senders
        ],
    }


def change_document(act: Act, planned: SenderPlan, standing: Standing) -> dict[str, object]:
    """What adding or removing comes to, for a script. `plan` is null where no record changes."""
    change = planned.change
    return {
        "schema_version": 1,
        "act": act,
        "title": clean(change.title),
        "say": change.fix.say if change.fix is not None else "",
        "record": change.record,
        "lookups": planned.lookups,
        "limit": limits.SPF_LOOKUPS,
        "copy": [{"type": one.type, "name": one.name, "where": one.where} for one in change.copy],
        "left": [{"type": one.type, "name": one.name, "values": list(one.values)} for one in change.left],
        "notes": [clean(note) for note in planned.notes],
        "plan": plan_document(planned.plan, standing) if planned.plan is not None else None,
    }


def text(found: SenderList, width: int) -> Iterator[str]:
    """Lines for a person."""
    yield clean(f"Who may send mail for {found.domain}")
    yield from wrap(_head(found), width, "  ")
    for one in found.senders:
        yield from _sender(one, width)
    if not found.senders:
        yield "  Nobody was named, and the records name nobody."
    yield ""
    known = listed([one.id for one in guides()], most=len(guides()))
    yield from wrap(f"Add one with --add ID: {known}; or the name to include, or an address.", width, "  ")


def _head(found: SenderList) -> str:
    said = found.declared
    if said is None:
        who = "You have not said yet who may send; these are those that we saw."
    elif said.nobody:
        who = f"{said.who or 'Somebody'} said that this domain sends no mail."
    else:
        who = f"{said.who or 'Somebody'} named {listed(said.names, most=20) or 'nobody'}."
    cost = f" It costs {found.lookups} of {limits.SPF_LOOKUPS} look-ups." if found.lookups is not None else ""
    return clean(f"{who} SPF: {found.record}.{cost}" if found.record else who, limit=4_000)


def _sender(one: SenderState, width: int) -> Iterator[str]:
    named = "you named it" if one.declared else "you did not name it"
    seen = f"; seen: {listed(one.seen)}" if one.seen else "; not seen in your records"
    id = f" ({one.id})" if one.guide is not None else ""
    yield from wrap(clean(f"{SIGNS[one.state]} {one.name}{id}, {WORDS[one.state]}: {named}{seen}"), width, "    ")
    for need in one.needs:
        yield from wrap(_need(need), width, "        ")
    if one.guide is not None and not one.guide.includes:
        yield from wrap(f"    {one.name} asks for nothing in your own SPF record.", width, "        ")
    if one.extra_say:
        yield from wrap(clean(f"    ! {one.extra_say}"), width, "        ")


def _need(need: Need) -> str:
    part = PARTS[need.part] + ("" if need.needed else ", if you like")
    where = f"{need.type} {need.name}: " if need.state == "page" and need.name else ""
    return clean(f"    {SIGNS[need.state]} {part}, {WORDS[need.state]}: {where}{need.say}", limit=2_000)


def change_text(planned: SenderPlan, width: int) -> Iterator[str]:
    """Lines for a person: what changes, what is to be copied, what it comes to."""
    change = planned.change
    yield clean(change.title)
    if planned.plan is not None:
        yield planned.plan.summary
        for sign, line in planned.plan.lines():
            yield f"  {sign} {line}"
    else:
        yield "  No record of yours changes."
    for one in change.copy:
        yield from wrap(clean(f"  Copy from their page: {one.line}", limit=2_000), width, "    ")
    for note in planned.notes:
        yield from wrap(clean(f"  {note}", limit=2_000), width, "    ")
