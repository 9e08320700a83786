"""fix, undo and changes from the command line: the same cycle as in the wizard, said line by line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from launchready_tui import limits
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Plan
from launchready_tui.headless import told
from launchready_tui.options import BadOption
from launchready_tui.saying import say_problem
from launchready_tui.session import Session
from launchready_tui.system import user_name
from launchready_tui.workspace import Workspace


@asynccontextmanager
async def opened(project: str | None, workspace: str | None) -> AsyncIterator[Session]:
    """The session that a command acts on: --project, or the only project there is. Raises BadOption."""
    from launchready_tui.desk import Desk
    from launchready_tui.domain import parse_domain
    from launchready_tui.practice import DOMAIN as PRACTICE_DOMAIN

    desk = Desk(Workspace(Path(workspace) if workspace else None))
    names = [one.domain for one in desk.workspace.projects()]
    domain = parse_domain(project).domain if project else names[0] if len(names) == 1 else ""
    if not names and not domain:
        raise BadOption("There is no project yet. `launchready check your-domain.com` looks without one.")
    if not domain:
        raise BadOption(f"Which project? Say --project with one of {', '.join(names)}.")
    if domain not in (*names, PRACTICE_DOMAIN):
        raise BadOption(f"There is no project {domain}. Known: {', '.join(names) or 'none'}.")
    try:
        # The practice startup's servers live only while something has it open, so a command starts them too.
        session = await (desk.practice() if domain == PRACTICE_DOMAIN else desk.open(domain))
        await session.prepared(None)  # a change that a kill cut off is settled, and the owners are there
        yield session
    finally:
        await desk.aclose()


def plan_document(plan: Plan) -> dict[str, object]:
    steps = [
        {
            "kind": step.kind,
            "name": step.name,
            "type": step.type,
            "before": list(step.before.values),
            "after": list(step.after.values),
            "ttl": step.after.ttl,
        }
        for step in plan.steps
    ]
    return {
        "check": plan.check,
        "place": plan.place,
        "steps": steps,
        "untouched": plan.untouched,
        "notes": list(plan.notes),
        "guard": plan.guard,
    }


def run_fix(
    id: str, project: str | None, workspace: str | None, *, do_apply: bool, who: str, confirm: str, as_json: bool
) -> int:
    """Show a plan, or make it. Exit status 1 where the change was not made."""

    async def fix() -> int:
        async with opened(project, workspace) as session:
            if all(check.id != id for check in session.checks):
                raise BadOption(f"There is no check {id[:80]}. `launchready check --list` names them all.")
            async with aclosing(session.look([session.check(id)])) as events:
                async for _ in events:
                    pass
            plan = await session.plan(id)
            if as_json:
                print(json.dumps(plan_document(plan), ensure_ascii=True, indent=1))
            else:
                print(plan.summary)
                for sign, line in plan.lines():
                    print(f"  {sign} {line}")
                for note in plan.notes:
                    print(f"  {note}")
            if not do_apply:
                return 0
            if plan.guard and confirm != plan.guard:
                raise BadOption(f"This takes away a lot. If you mean it, add --confirm {plan.guard}")
            return await _apply(session, plan, who or user_name(), quiet=as_json)

    with told():
        try:
            return asyncio.run(fix())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


async def _apply(session: Session, plan: Plan, who: str, *, quiet: bool) -> int:
    change = None
    async for progress in session.apply(plan, who):
        change = progress.change or change
        if not quiet or not progress.ok:
            say_problem(progress.text)
    if change is None or change.state is not ChangeState.APPLIED:
        return 1
    try:
        async with asyncio.timeout(limits.WATCH_COMMAND_SECONDS):
            async for sight in session.watch(change):
                say_problem(sight.text)
    except TimeoutError:
        say_problem("It is still on its way. Look again later with `launchready check`.")
    say_problem(f"To take it back: launchready undo {change.number} --project {session.project.domain}")
    return 0


def _show(change: Change) -> None:
    """What taking a change back writes, line by line, before it is written."""
    back = tuple(step.turned() for at, step in enumerate(change.steps) if at in change.done or not change.done)
    print(f"Change {change.number} ({change.title}), taken back, at {change.place}:")
    for sign, line in Plan(change.check, change.title, change.place, back).lines():
        print(f"  {sign} {line}")


def run_undo(number: int | None, project: str | None, workspace: str | None, *, who: str) -> int:
    """Take a change back. Exit status 1 where that was not done."""

    async def undo() -> int:
        async with opened(project, workspace) as session:
            made = [change.number for change in session.changes if change.state is ChangeState.APPLIED]
            if number is None and not made:
                raise FixProblem("There is no change to take back.")
            wanted, ok = number if number is not None else made[-1], True
            for change in session.changes:
                if change.number == wanted:
                    _show(change)
            async for progress in session.undo(wanted, who or user_name()):
                ok = ok and progress.ok
                say_problem(progress.text)
            return 0 if ok else 1

    with told():
        try:
            return asyncio.run(undo())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


def run_changes(project: str | None, workspace: str | None, *, as_json: bool) -> int:
    """List the changes."""

    async def changes() -> int:
        async with opened(project, workspace) as session:
            if as_json:
                rows = [
                    {
                        "number": change.number,
                        "at": change.at.isoformat(),
                        "who": change.who,
                        "check": change.check,
                        "place": change.place,
                        "state": change.state.value,
                        "steps": [
                            {"label": s.label, "before": list(s.before.values), "after": list(s.after.values)}
                            for s in change.steps
                        ],
                    }
                    for change in session.changes
                ]
                print(json.dumps({"schema_version": 1, "changes": rows}, ensure_ascii=True, indent=1))
                return 0
            if not session.changes:
                print("No change was made yet.")
            for change in session.changes:
                when = f"{change.at:%Y-%m-%d %H:%M}"
                print(f"{change.number:4}  {when}  {change.state.value:9}  {change.title} ({change.who})")
                for sign, line in Plan(change.check, change.title, change.place, change.steps).lines():
                    print(f"        {sign} {line}")
            return 0

    with told():
        return asyncio.run(changes())
