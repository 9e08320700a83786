"""What an open project can change: plan, apply, watch, undo."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from launchready_tui.checks import Check
from launchready_tui.fixes.model import Change, Kind, Plan, Progress, Sight
from launchready_tui.fixes.place import Place
from launchready_tui.fixes.watch import watch
from launchready_tui.model import Stage, Status
from launchready_tui.session.connecting import Connecting, Level, Standing


class Changing(Connecting):
    """The cycle of a change, bound to one project."""

    def things(self) -> tuple[object, ...]:
        from launchready_tui.session.lookers import ChangeSight, RiskSight, TokenSight

        return (*super().things(), TokenSight(self), ChangeSight(self), RiskSight(self))

    # ---- changing ----
    def can_fix(self, check: str) -> bool:
        """True where the finding's fix can be applied from here: a place is connected that takes it."""
        outcome = self.outcomes.get(check)
        return outcome is not None and not self.read_only and self._cycle.can(outcome.finding.fix)

    async def plan(self, check: str, *, by_hand: bool = False) -> Plan:
        """What the fix of a check would change; `by_hand` at the zone's own host, for a person to make. Raises
        FixProblem with a sentence."""
        from launchready_tui.fixes.model import FixProblem

        outcome = self.outcomes.get(check)
        if outcome is None:
            raise FixProblem(f"We have not looked at {check} yet. Look first.")
        if outcome.finding.fix is None:
            if outcome.finding.status is Status.UNKNOWN:
                raise FixProblem(f"{outcome.finding.saw} Until we can tell, we know nothing to change.")
            raise FixProblem(f"There is nothing to fix about {check}. {outcome.finding.saw}")
        fix = outcome.finding.fix
        if by_hand:
            if fix.kind != "records" or not fix.records:
                raise FixProblem("There is no record to put in by hand here. What to do stands beside it.")
            return await self._cycle.plan(check, self.check(check).title, fix, places=await self._hand())
        return await self._cycle.plan(check, self.check(check).title, fix)

    async def plan_down(self, check: str, *, by_hand: bool = False) -> Plan:
        """One step back on a way that goes in steps (the DMARC policy), as the last look found it. Raises FixProblem
        where there is none."""
        from launchready_tui.fixes.model import FixProblem
        from launchready_tui.mail.dmarc_plan import stepping_down

        outcome = self.outcomes.get(check)
        fix = stepping_down(outcome.finding) if outcome is not None else None
        if fix is None:
            raise FixProblem(f"There is no step back for {check}: look first, or it is at its mildest already.")
        places = await self._hand() if by_hand else None
        return await self._cycle.plan(check, self.check(check).title, fix, places=places)

    async def _hand(self) -> Callable[[Kind, str], Place | None]:
        """The place that a person changes, by the name of the domain's DNS host."""
        from launchready_tui.fixes.providers.hand import HandPlace

        place = HandPlace(self.project, await self.dns_host() or "your DNS host")
        return lambda kind, name: place if kind == "records" else None

    async def dns_host(self) -> str:
        """The name of the host that keeps the domain's records, "" where it is not known to us."""
        from launchready_tui.dnshost import DnsHost
        from launchready_tui.sources.dns import Dns
        from launchready_tui.sources.gate import Gate
        from launchready_tui.sources.web import Web

        gate = Gate(self.project)
        dns = Dns(self.project, gate)
        web = Web(self.project, dns, gate)
        host = DnsHost(self.project, dns, web)
        try:
            return (await host.find())[1].name
        finally:
            for source in (host, web, dns):
                await source.aclose()

    def stands(self, check: str) -> Standing:
        """How far we can go with a check's fix: show it, connected, may write, ready to apply."""
        standing = self.standing()
        outcome = self.outcomes.get(check)
        fix = outcome.finding.fix if outcome is not None else None
        if fix is None or not fix.records:
            return Standing(Level.SHOW, "There is no record to change here.")
        if standing.level is Level.MAY_WRITE and self.can_fix(check):
            return Standing(Level.READY, f"Ready: the change is shown before it is made. {standing.say}")
        return standing

    def by_hand(self, plan: Plan, who: str) -> Change:
        """Write down that a person makes this change at their provider, so that it is watched until it is there."""
        self.may_write()
        return self._cycle.by_hand(plan, self.told(who))

    async def undo_plan(self, number: int) -> Plan:
        """What taking a change back would change, with the name to type where it takes much away. Raises FixProblem."""
        return await self._cycle.undo_plan(number)

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
        async with aclosing(watch(change, self.project, self.clock, self._places, self.changes)) as sights:
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
        return tuple(
            check
            for check in self.checks
            if check.stage in stages
            and (check.consent is None or (check.consent == "build" and "build" not in self.project.allowed))
        )
