"""What runs on one launch, whichever screen is shown: looks, writes and watches. Screens are told 20 times a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any, Protocol, runtime_checkable

from textual.app import App

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.engine import Started
from launchready_tui.fixes.model import Change, ChangeState, Plan, Progress, Sight
from launchready_tui.model import Stage
from launchready_tui.readiness import Readiness
from launchready_tui.session import Session
from screens._problems import PROBLEMS, told
from screens._words import now

_JUDGE_SECONDS = 0.25  # while findings stream, the whole launch is judged at most this often


_STANDS = (ChangeState.APPLIED, ChangeState.BY_HAND)


def _watch_left(change: Change) -> float:
    """Seconds for which a change is still watched: two hours from when it was made."""
    return limits.WATCH_SECONDS - (now() - change.at).total_seconds()


@runtime_checkable
class Shows(Protocol):
    """A screen that shows findings. `changed` names the checks that are different, None: anything may be."""

    def show_changes(self, changed: frozenset[str] | None) -> None: ...


class Hub:
    """Owns the workers of one session. `looking` and `writing` are ids of checks, `watching` has the newest change on
    its way for each; `progress` is what an apply or an undo said."""

    def __init__(self, app: App[Any], session: Session) -> None:
        self.app, self.session = app, session
        self.stages = {stage: session.stage_checks(stage) for stage in Stage}
        self.looking: set[str] = set()
        self.writing: set[str] = set()
        self.watching: dict[str, Change] = {}
        self.progress: dict[str, list[Progress]] = {}
        self._sights: dict[str, tuple[Sight, float]] = {}
        self._touched: set[str] = set()
        self._flushing = self._ticking = False
        self._readiness: tuple[Readiness, float] | None = None
        self._stale = True

    # ---- looking ----
    def look(self, checks: Iterable[Check] | None = None, *, group: str = "look-some") -> None:
        """Look at all checks (None) or at some. A second look of one group takes the place of the first."""
        chosen = None if checks is None else tuple(checks)
        group = "look-all" if chosen is None else group
        self.app.run_worker(self._look(chosen), group=group, exclusive=True)

    def look_at(self, check: Check) -> None:
        self.app.run_worker(self._look_again(check), group=f"look-{check.id}", exclusive=True)

    async def _look_again(self, check: Check) -> None:
        """Look at one check, and say so where what is shown stays as it was: else the key would seem dead."""
        before = self.session.outcomes.get(check.id)
        await self._look((check,))
        after = self.session.outcomes.get(check.id)
        if before is None or after is None or after is before:
            return
        if (before.finding.status, before.finding.saw) == (after.finding.status, after.finding.saw):
            self.app.notify("Looked again: it is as before.", markup=False, timeout=3)

    async def _look(self, checks: tuple[Check, ...] | None) -> None:
        mine: set[str] = set()
        self._reach()
        try:
            async with aclosing(self.session.look(checks)) as events:
                async for event in events:
                    if isinstance(event, Started):
                        mine.add(event.check.id)
                        self.looking.add(event.check.id)
                    else:
                        mine.discard(event.check.id)
                        self.looking.discard(event.check.id)
                    self.touch(event.check.id)
        except PROBLEMS as problem:
            self.say(told(problem))
        finally:
            self.looking -= mine
            self.touch(*mine)

    def _reach(self) -> None:
        """Find out beside the first look what the connected token may do: nothing is sent before one."""
        if self.session.reach is None and self.session.connection is not None:
            self.app.run_worker(self._reached(), group="look-reach", exclusive=True)

    async def _reached(self) -> None:
        try:
            await self.session.check_reach()
        except PROBLEMS as problem:
            self.say(told(problem))
        self.touch_all()

    def stop(self) -> None:
        """Stop looking. Writes go on: a change is finished or told."""
        for worker in list(self.app.workers):
            if worker.group.startswith("look"):
                worker.cancel()

    async def close(self) -> None:
        """Cancel all that runs for this launch and wait for its end, within the second that stop may take."""
        mine = [worker for worker in self.app.workers if worker.group.startswith(("look", "watch", "write"))]
        for worker in mine:
            worker.cancel()
        ends = [asyncio.ensure_future(worker.wait()) for worker in mine]
        if ends:
            await asyncio.wait(ends, timeout=limits.CANCEL_SECONDS)
        for end in ends:
            end.cancel()

    # ---- changing ----
    def apply(self, plan: Plan, who: str) -> None:
        """Write a plan that was shown and agreed to, then watch it."""
        self.progress[plan.check] = []
        self._sights.pop(plan.check, None)
        self._write(plan.check, self.session.apply(plan, who), undoing=False)

    def undo(self, change: Change, who: str) -> None:
        self._unwatch(change.check)
        self.progress[change.check] = []
        self._write(change.check, self.session.undo(change.number, who), undoing=True)

    def _write(self, check: str, steps: AsyncGenerator[Progress, None], *, undoing: bool) -> None:
        self.writing.add(check)
        self.touch(check)
        self.app.run_worker(self._written(check, steps, undoing), group=f"write-{check}")

    async def _written(self, check: str, steps: AsyncGenerator[Progress, None], undoing: bool) -> None:
        change: Change | None = None
        try:
            async with aclosing(steps) as lines:
                async for line in lines:
                    self.progress[check].append(line)
                    change = line.change or change
                    self.touch(check)
        except PROBLEMS as problem:
            self.progress[check].append(Progress(told(problem), ok=False))
            self.say(told(problem))
        finally:
            self.writing.discard(check)
            self.touch(check)
        if change is None or change.state not in (*_STANDS, ChangeState.UNDONE):
            return
        if undoing and change.state is ChangeState.UNDONE:
            self.look(self.session.checks_of(change), group=f"look-change-{change.number}")
        else:
            self.watch(change)

    def resume(self) -> None:
        """Watch again what had not arrived when the launch was closed, for what is left of its two hours."""
        newest = {change.check: change for change in self.session.changes if change.state in _STANDS}
        for change in newest.values():
            if not change.arrived and _watch_left(change) > 0:
                self.watch(change, again=True)

    def watch(self, change: Change, *, again: bool = False) -> None:
        """Watch a change arrive, then look again at what it was made for. An older one for the same check is let go."""
        self._unwatch(change.check)
        self.watching[change.check] = change
        self.touch(change.check)
        self.app.run_worker(self._watch(change, again), group=f"watch-{change.number}", exclusive=True)

    def _unwatch(self, check: str) -> None:
        watched = self.watching.pop(check, None)
        if watched is not None:
            self.app.workers.cancel_group(self.app, f"watch-{watched.number}")
        self._sights.pop(check, None)

    async def _watch(self, change: Change, again: bool) -> None:
        sight: Sight | None = None
        waited = again
        try:
            async with asyncio.timeout(_watch_left(change)), aclosing(self.session.watch(change)) as sights:
                async for seen in sights:
                    waited = waited or sight is not None
                    sight = seen
                    self._sights[change.check] = (seen, time.monotonic())
                    self.touch(change.check)
        except TimeoutError:
            pass  # its two hours are over; what was seen last is told
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        finally:
            if self.watching.get(change.check) is change:
                del self.watching[change.check]
            self.touch(change.check)
        self._told_end(change, sight, waited=waited)
        self.look(self.session.checks_of(change), group=f"look-change-{change.number}")

    def _told_end(self, change: Change, sight: Sight | None, *, waited: bool) -> None:
        """Say once how a watch ended; what was there at the first look stands on the screen already."""
        what = f"Change {change.number} ({change.title})"
        if sight is not None and sight.verdict == "done":
            if waited:
                self.say(f"{what} has arrived.")
            return
        seen = f" {sight.text}" if sight is not None else ""
        self.say(f"{what} has not arrived within two hours.{seen} r looks again, u takes it back.")

    def sight(self, check: str) -> Sight | None:
        """How the change for a check looked last, None where none is being watched."""
        seen = self._sights.get(check)
        return seen[0] if seen else None

    def left(self, check: str) -> float:
        """Seconds left to wait for a change, counted down since it was last looked at."""
        if check not in self._sights:
            return 0.0
        sight, at = self._sights[check]
        return max(0.0, sight.seconds_left - (time.monotonic() - at))

    # ---- telling ----
    def readiness(self) -> Readiness:
        """The launch judged; while findings stream, at most four times a second."""
        if self._readiness is not None:
            said, at = self._readiness
            if not self._stale or (self.looking and time.monotonic() - at < _JUDGE_SECONDS):
                return said
        said = self.session.readiness()
        self._readiness, self._stale = (said, time.monotonic()), False
        return said

    def say(self, sentence: str) -> None:
        self.app.notify(sentence, markup=False, timeout=8)

    def touch_all(self) -> None:
        self.touch(*(check.id for check in self.session.checks))

    def touch(self, *checks: str) -> None:
        """Tell the screens, soon: changes within one twentieth of a second are shown together."""
        self._touched.update(checks)
        self._stale = True
        if not self._flushing:
            self._flushing = True
            self.app.set_timer(limits.SCREEN_FLUSH_SECONDS, self._flush)

    def _flush(self) -> None:
        changed, self._touched, self._flushing = frozenset(self._touched), set(), False
        with self.app.batch_update():
            for screen in self.app.screen_stack:
                if isinstance(screen, Shows):
                    screen.show_changes(changed)
        if not self._ticking and self.watching:
            self._ticking = True
            self.app.set_timer(1.0, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        self.touch(*self.watching)
