"""Manners: at most so many at a time, a second and a run to one host (looser on the founder's own network)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from launchready_tui import limits
from launchready_tui.project import Project


class BudgetSpent(Exception):
    """This run has asked one host as often as it may."""


class _Host:
    def __init__(self, at_once: int) -> None:
        self.room = asyncio.Semaphore(at_once)
        self.next = 0.0
        self.waiting = 0  # those that wait for a place or hold one


class Pace:
    """How many at a time and a second go to each host. One for all looks that run beside each other, so that projects
    which share a resolver are together as polite as one alone."""

    def __init__(self) -> None:
        self._hosts: dict[tuple[str, bool], _Host] = {}

    def of(self, host: str, private: bool) -> _Host:
        """The state of one host; those that rest are forgotten where there are many."""
        key = (host, private)
        if key not in self._hosts:
            if len(self._hosts) >= limits.PACED_HOSTS:
                now = asyncio.get_running_loop().time()
                busy = {at: one for at, one in self._hosts.items() if one.waiting or one.next > now}
                self._hosts = busy
            self._hosts[key] = _Host(limits.PRIVATE_HOST_AT_ONCE if private else limits.HOST_AT_ONCE)
        return self._hosts[key]


class Gate:
    """One for all sources of a run, so that DNS, web and TLS look-ups to one host are counted together.

    How often a run may ask one host is counted by itself; the `pace` may be shared with other runs.
    """

    def __init__(self, project: Project, pace: Pace | None = None) -> None:
        self._private = project.network.private
        self._gap = 1 / (limits.PRIVATE_HOST_PER_SECOND if self._private else limits.HOST_PER_SECOND)
        self._most = limits.PRIVATE_HOST_PER_RUN if self._private else limits.HOST_PER_RUN
        self._pace = pace or Pace()
        self._asked: Counter[str] = Counter()

    @asynccontextmanager
    async def through(self, host: str) -> AsyncIterator[None]:
        """Wait for a place and for the next moment. Raises BudgetSpent when the run's share for `host` is used up."""
        asked = self._asked[host]
        if asked >= self._most:
            raise BudgetSpent(f"{host} was asked {asked} times in this look, which is as often as we do")
        self._asked[host] += 1
        state = self._pace.of(host, self._private)
        state.waiting += 1
        try:
            async with state.room:
                loop = asyncio.get_running_loop()
                moment = max(state.next, loop.time())
                state.next = moment + self._gap
                if moment > loop.time():
                    await asyncio.sleep(moment - loop.time())
                yield
        finally:
            state.waiting -= 1
