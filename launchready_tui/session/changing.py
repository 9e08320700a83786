"""What an open project can change: plan, apply, watch, undo."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from launchready_tui.checks import Check
from launchready_tui.fixes.model import Change, Plan, Progress, Sight
from launchready_tui.fixes.watch import watch
from launchready_tui.model import Stage
from launchready_tui.session.known import Known


class Changing(Known):
    """The cycle of a change, bound to one project."""

    # ---- changing ----
    def can_fix(self, check: str) -> bool:
        """True where the finding's fix can be applied from here: a place is connected that takes it."""
        outcome = self.outcomes.get(check)
        return outcome is not None and not self.read_only and self._cycle.can(outcome.finding.fix)

    async def plan(self, check: str) -> Plan:
        """What the fix of a check would change. Raises FixProblem with a sentence."""
        from launchready_tui.fixes.model import FixProblem

        outcome = self.outcomes.get(check)
        if outcome is None:
            raise FixProblem(f"We have not looked at {check} yet. Look first.")
        if outcome.finding.fix is None:
            raise FixProblem(f"There is nothing to fix about {check}: it is {outcome.finding.status}.")
        return await self._cycle.plan(check, self.check(check).title, outcome.finding.fix)

    async def apply(self, plan: Plan, who: str) -> AsyncGenerator[Progress, None]:
        """Journal the intent and the old state, write, read back. The last Progress carries the Change."""
        async with aclosing(self._cycle.apply(plan, self.told(who))) as steps:
            async for step in steps:
                yield step

    async def undo(self, number: int, who: str) -> AsyncGenerator[Progress, None]:
        """Compare and restore. Raises FixProblem (Moved where the live state is not what the change left)."""
        async with aclosing(self._cycle.undo(number, self.told(who))) as steps:
            async for step in steps:
                yield step

    async def watch(self, change: Change) -> AsyncGenerator[Sight, None]:
        """Look at every authoritative server, then at the resolvers, until done or limits.WATCH_SECONDS."""
        async with aclosing(watch(change, self.project, self.clock, self._places)) as sights:
            async for sight in sights:
                if sight.verdict == "done" and not change.arrived and not self.read_only:
                    change = self._cycle.arrived(change)
                yield sight

    def stale(self) -> tuple[Check, ...]:
        """Checks that were last looked at before a change for them was made: a kill came between."""
        newest = {change.check: change.at for change in self.changes}
        return tuple(
            check
            for check in self.checks
            if check.id in newest and check.id in self.outcomes and self.outcomes[check.id].at <= newest[check.id]
        )

    def checks_of(self, change: Change) -> tuple[Check, ...]:
        """The checks to look at again after a change or its undo: those of its kind, and all that are not sound."""
        kinds = {step.kind for step in change.steps}
        stages = set(Stage) if "records" in kinds or "setting" in kinds else {Stage.AUDIT, Stage.DEPLOY}
        return tuple(check for check in self.checks if check.stage in stages and check.consent is None)
