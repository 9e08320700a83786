"""`launchready automate`: the six automations, listed and switched on, as the wizard's page of them does it."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass

from launchready_tui.automations import NAMES, Automation, State
from launchready_tui.automations.model import Forge
from launchready_tui.changing import apply_plan, opened, plan_document
from launchready_tui.fixes.model import FixProblem, Plan
from launchready_tui.headless import told
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.session import Session
from launchready_tui.session.automating import named
from launchready_tui.system import user_name

WORDS = {
    State.ON: "on",
    State.CHANGED: "on, changed",
    State.ELSEWHERE: "on elsewhere",
    State.OFF: "off",
    State.NOT_HERE: "not here",
    State.UNKNOWN: "?",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """What the command was told: which one ("" lists), whether to write it, for which forge, who says yes."""

    name: str = ""
    apply: bool = False
    forge: Forge | None = None
    who: str = ""
    as_json: bool = False


def run_automate(project: str | None, workspace: str | None, options: LookOptions, switch: Switch) -> int:
    """Exit status 1 where nothing could be written."""

    async def automate() -> int:
        async with opened(project, workspace, options) as session:
            session.forge = switch.forge
            if not switch.name:
                return await _list(session, switch)
            try:
                names = named(switch.name)
            except KeyError:
                raise BadOption(f"There is no automation {switch.name[:40]!r}: {', '.join(NAMES)}, or all.") from None
            if names == ("logs",):
                return await _list(session, switch, only="logs")
            plan = await session.plan_automations(names)
            if switch.as_json:
                print(json.dumps(plan_document(plan, session.stands(plan.check)), ensure_ascii=True, indent=1))
            else:
                _show(plan)
            if not switch.apply:
                return 0
            return await apply_plan(session, plan, switch.who or user_name(), quiet=switch.as_json)

    with told():
        try:
            return asyncio.run(automate())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


def _show(plan: Plan) -> None:
    print(f"{plan.title}. {plan.summary}")
    for sign, line in plan.lines():
        print(f"  {sign} {line}")


async def _list(session: Session, switch: Switch, only: str = "") -> int:
    listed = [each for each in await session.automations() if only in ("", each.name)]
    if switch.as_json:
        rows = [document(each) for each in listed]
        print(json.dumps({"schema_version": 1, "automations": rows}, ensure_ascii=True, indent=1))
        return 0
    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
    for each in listed:
        print(f"{each.name:8} {WORDS[each.state]:13} {each.title}")
        parts = (each.say, f"Costs: {each.cost}", f"Take it back: {each.back}", *each.steps)
        for part in parts:
            print("\n".join(f"         {line}" for line in wrap(part, width - 9)))
    return 0


def document(each: Automation) -> dict[str, object]:
    """One automation as JSON."""
    return {
        "name": each.name,
        "title": each.title,
        "state": each.state.value,
        "say": each.say,
        "cost": each.cost,
        "back": each.back,
        "path": each.path or None,
        "can_write": each.fix is not None,
        "steps": list(each.steps),
    }
