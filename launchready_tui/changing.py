"""fix, undo and changes from the command line: the same cycle as in the wizard, said line by line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from launchready_tui import limits
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Plan, Step
from launchready_tui.headless import told
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.saying import say_problem
from launchready_tui.session import Session, Standing
from launchready_tui.session.connecting import Level
from launchready_tui.system import user_name
from launchready_tui.text import clock_of
from launchready_tui.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command was told beside what to change. `who` says yes; `confirm` is a name that was typed."""

    do_apply: bool = False
    by_hand: bool = False
    who: str = ""
    confirm: str = ""
    as_json: bool = False
    down: bool = False

    @property
    def name(self) -> str:
        return self.who or user_name()


@asynccontextmanager
async def opened(
    project: str | None, workspace: str | None, options: LookOptions | None = None, *, new: bool = False
) -> AsyncIterator[Session]:
    """The session that a command acts on: --project, or the only project there is; `new` makes one of that name where
    there is none. Raises BadOption."""
    from launchready_tui.desk import Desk
    from launchready_tui.domain import parse_domain
    from launchready_tui.practice import DOMAIN as PRACTICE_DOMAIN

    desk = Desk(Workspace(Path(workspace) if workspace else None), options=options)
    named = parse_domain(project).domain if project else ""
    names = [one.domain for one in desk.workspace.projects() if one.archived is None or one.domain == named]
    domain = named or (names[0] if len(names) == 1 else "")
    if new and domain and domain not in (*names, PRACTICE_DOMAIN):
        names.append(domain)
    if not names and not domain:
        raise BadOption(
            "There is no project yet. `launchready open your-domain.com` makes one, and `launchready check "
            "your-domain.com` looks without."
        )
    if not domain:
        raise BadOption(f"Which project? Say --project with one of {', '.join(names)}.")
    if domain not in (*names, PRACTICE_DOMAIN):
        raise BadOption(f"There is no project {domain}. Known: {', '.join(names) or 'none'}.")
    if domain != PRACTICE_DOMAIN:
        from launchready_tui.unlocking import unlock

        unlock(desk.vaults)
    try:
        # The practice startup's servers live only while something has it open, so a command starts them too.
        session = await (
            desk.practice() if domain == PRACTICE_DOMAIN else desk.new(domain) if new else desk.open(domain)
        )
        await session.prepared(None)  # a change that a kill cut off is settled, and the owners are there
        if session.vault_trouble is not None and session.vault_matters:
            say_problem(session.vault_say)
        yield session
    finally:
        await desk.aclose()


def step_document(step: Step) -> dict[str, object]:
    """One step as JSON. `beside` are (value, key, text): what a provider keeps with a value."""
    return {
        "kind": step.kind,
        "name": step.name,
        "type": step.type,
        "before": list(step.before.values),
        "after": list(step.after.values),
        "ttl": step.after.ttl,
        "ttl_before": step.before.ttl,
        "beside": [list(each) for each in step.after.beside],
        "beside_before": [list(each) for each in step.before.beside],
    }


def plan_document(plan: Plan, standing: Standing) -> dict[str, object]:
    """A plan as JSON. `standing` is how far we can go: "can show", "provider connected", "may write", …"""
    return {
        "check": plan.check,
        "place": plan.place,
        "steps": [step_document(step) for step in plan.steps],
        "untouched": plan.untouched,
        "notes": list(plan.notes),
        "guard": plan.guard,
        "resumes": plan.resumes,
        "standing": standing.level.value,
        "standing_say": standing.say,
    }


def _print(plan: Plan, indent: str = "  ") -> None:
    for sign, line in plan.lines():
        print(f"{indent}{sign} {line}")
    for note in plan.notes:
        print(f"{indent}{note}")


def _confirmed(plan: Plan, wish: Wish) -> None:
    if plan.guard and wish.confirm.rstrip(".").lower() != plan.guard.rstrip(".").lower():
        raise BadOption(f"This takes away a lot. If you mean it, add --confirm {plan.guard}")


def run_fix(id: str, project: str | None, workspace: str | None, options: LookOptions, wish: Wish) -> int:
    """Show a plan, or make it. Exit status 1 where the change was not made."""

    async def fix() -> int:
        async with opened(project, workspace, options) as session:
            if all(check.id != id for check in session.checks):
                raise BadOption(f"There is no check {id[:80]}. `launchready check --list` names them all.")
            async with aclosing(session.look([session.check(id)])) as events:
                async for _ in events:
                    pass
            outcome = session.outcomes.get(id)
            found = outcome.finding.fix if outcome is not None else None
            if not wish.down and found is not None and not (found.records or found.settings or found.files):
                raise FixProblem(f"This is for a person to do: {found.say}")
            await session.check_reach()
            standing = session.standing() if wish.down else session.stands(id)
            can = standing.level is Level.MAY_WRITE if wish.down else session.can_fix(id)
            by_hand = wish.by_hand or (not can and not wish.do_apply)
            wanted = session.plan_down if wish.down else session.plan
            plan = await wanted(id, by_hand=by_hand)
            if wish.as_json:
                print(json.dumps(plan_document(plan, standing), ensure_ascii=True, indent=1))
            else:
                print(plan.summary)
                _print(plan)
                if by_hand and not wish.by_hand:
                    say_problem(standing.say)
            return await carry_out(session, plan, wish) if wish.do_apply else 0

    with told():
        try:
            return asyncio.run(fix())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


async def carry_out(session: Session, plan: Plan, wish: Wish) -> int:
    """Make a plan that was shown, and watch it: 0 where it is made. Raises BadOption where a name must be typed first,
    FixProblem."""
    _confirmed(plan, wish)
    if wish.by_hand:
        change = session.by_hand(plan, wish.name)
        say_problem(f"Change {change.number} is written down. Put it in at {plan.place}; we watch for it.")
        return await _watched(session, change)
    return await apply_plan(session, plan, wish.name, quiet=wish.as_json)


async def apply_plan(session: Session, plan: Plan, who: str, *, quiet: bool) -> int:
    """Make a plan that was shown, each step said, and watch it for a while. Exit status 1 where it was not made."""
    change = None
    async for progress in session.apply(plan, who):
        change = progress.change or change
        if not quiet or not progress.ok:
            say_problem(progress.text)
    if change is None or change.state is not ChangeState.APPLIED:
        return 1
    await _watched(session, change)
    say_problem(f"To take it back: launchready undo {change.number} --project {session.project.domain}")
    return 0


async def _watched(session: Session, change: Change) -> int:
    """Watch for a while, each new thing that is seen said once. 0 where it has arrived."""
    said, verdict = "", ""
    try:
        async with asyncio.timeout(limits.WATCH_COMMAND_SECONDS):
            async for sight in session.watch(change):
                verdict = sight.verdict
                if sight.text != said:
                    wait = f" Right, wait {clock_of(sight.seconds_left)}." if verdict == "wait" else ""
                    say_problem(f"{sight.text}{wait}")
                said = sight.text
    except TimeoutError:
        say_problem("It is still on its way. Look again later with `launchready check`.")
    return 0 if verdict == "done" else 1


def run_undo(number: int | None, project: str | None, workspace: str | None, options: LookOptions, wish: Wish) -> int:
    """Take a change back. Exit status 1 where that was not done."""

    async def undo() -> int:
        async with opened(project, workspace, options) as session:
            made = [change.number for change in session.changes if change.stands]
            if number is None and not made:
                raise FixProblem("There is no change to take back.")
            wanted, ok = number if number is not None else made[-1], True
            plan = await session.undo_plan(wanted)
            print(f"{plan.title}, at {plan.place}:")
            _print(plan)
            _confirmed(plan, wish)
            async for progress in session.undo(wanted, wish.name):
                ok = ok and progress.ok
                say_problem(progress.text)
            return 0 if ok else 1

    with told():
        try:
            return asyncio.run(undo())
        except FixProblem as problem:
            say_problem(problem.sentence)
            return 1


def _change_document(change: Change) -> dict[str, object]:
    return {
        "number": change.number,
        "at": change.at.isoformat(),
        "who": change.who,
        "check": change.check,
        "title": change.title,
        "place": change.place,
        "state": change.state.value,
        "arrived": change.arrived,
        "say": change.say,
        "steps": [
            {"label": step.label, "state": change.state_of(at), **step_document(step)}
            for at, step in enumerate(change.steps)
        ],
    }


def run_changes(project: str | None, workspace: str | None, *, as_json: bool) -> int:
    """List the changes."""

    async def changes() -> int:
        async with opened(project, workspace) as session:
            if as_json:
                rows = [_change_document(change) for change in session.changes]
                print(json.dumps({"schema_version": 1, "changes": rows}, ensure_ascii=True, indent=1))
                return 0
            if not session.changes:
                print("No change was made yet.")
            for change in session.changes:
                when = f"{change.at:%Y-%m-%d %H:%M}"
                state = "in part" if change.partial else change.state.value
                print(f"{change.number:4}  {when}  {state:9}  {change.title} ({change.who}, at {change.place})")
                for at, step in enumerate(change.steps):
                    shown = Plan(change.check, change.title, change.place, (step,)).lines()
                    for sign, line in shown:
                        print(f"        {sign} {line}{f'   ({change.state_of(at)})' if change.partial else ''}")
            return 0

    with told():
        return asyncio.run(changes())
