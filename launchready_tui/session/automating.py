"""The six automations of one project: which are on, and the change that switches some of them on."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.automations import NAMES, Automation, State, all_of, setup_of, switch_on
from launchready_tui.automations.model import FORGES, Forge, Setup
from launchready_tui.automations.seen import Seen, seen
from launchready_tui.automations.words import TITLES
from launchready_tui.automations.write import path_of
from launchready_tui.checks.code import no_code
from launchready_tui.codefacts import CodeFacts
from launchready_tui.fixes.model import Change, FixProblem, Plan
from launchready_tui.session.changing import Changing
from launchready_tui.sources.repo import NoRepo, Repo

# The row that a change stands beside: the secret scan has its own, all others ask the site.
_BESIDE = {"secrets": "deploy.secrets.ci_scan"}
_SMOKE = "deploy.smoke.auto"
_GOES_ON = (State.OFF, State.CHANGED)


class Automating(Changing):
    """`forge` is what a person chose where the repository does not say it; None goes by the repository."""

    forge: Forge | None = None

    async def automations(self) -> tuple[Automation, ...]:
        """The six, looked at now. Nothing is sent anywhere."""
        setup, found = await self._look_at_repository()
        absent = no_code(self.project, self.owners, "") is not None
        return all_of(setup, found, self.answers, absent=absent)

    async def _look_at_repository(self) -> tuple[Setup, Seen | NoRepo | None]:
        if not self.project.repo:
            return Setup(None, "There is no code folder to write it into."), None
        repo = Repo(self.project)
        code = CodeFacts(repo)
        try:
            found = await seen(repo)
            if isinstance(found, NoRepo):
                return Setup(None, f"We could not read your code folder: {found.say}."), found
            kinds = await code.recognised()
            hosts = () if isinstance(kinds, NoRepo) else kinds.hosts
            return setup_of(self.project, found, hosts, self.answers, self.forge), found
        finally:
            await code.aclose()
            await repo.aclose()

    async def plan_automations(self, names: Iterable[str]) -> Plan:
        """What switching some on would write; those that are on already are left out. Raises FixProblem."""
        wanted = tuple(names)
        setup, found = await self._look_at_repository()
        if found is None or isinstance(found, NoRepo) or setup.forge is None:
            raise FixProblem(setup.why or "There is no code folder to write it into. Give it with d.")
        states = {each.name: each for each in all_of(setup, found, self.answers)}
        missing = [name for name in wanted if name != "logs" and states[name].state in _GOES_ON]
        if not missing:
            one = states[wanted[0]] if len(wanted) == 1 else None
            raise FixProblem(f"There is nothing to write. {one.say}" if one else "Everything that we can write is on.")
        fix = switch_on(missing, setup, found)
        if fix is None:
            raise FixProblem(next(each.say for each in states.values() if each.name in missing))
        check = _BESIDE.get(missing[0], _SMOKE) if len(missing) == 1 else _SMOKE
        title = TITLES[missing[0]] if len(missing) == 1 else f"{len(missing)} automations"
        return await self._cycle.plan(check, f"{title}, by {FORGES[setup.forge]}", fix)

    def automation_change(self, name: str) -> Change | None:
        """The newest change that stands and wrote the file of an automation; None where it was not us."""
        paths = {path_of(name, forge) for forge in FORGES} if name != "logs" else set()
        for change in reversed(self.changes):
            if change.stands and any(step.kind == "file" and step.name in paths for step in change.steps):
                return change
        return None


def named(word: str) -> tuple[str, ...]:
    """ "all", or one of NAMES. Raises KeyError."""
    if word == "all":
        return NAMES
    if word not in NAMES:
        raise KeyError(word)
    return (word,)
