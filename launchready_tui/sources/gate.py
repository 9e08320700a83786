"""Manners: at most so many at a time, a second and a run to one host (looser on the founder's own network)."""

from __future__ import annotations

import asyncio
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
        self.asked = 0


class Gate:
    """One for all sources of a run, so that DNS, web and TLS look-ups to one host are counted together."""

    def __init__(self, project: Project) -> None:
        private = project.network.private
        self._at_once = limits.PRIVATE_HOST_AT_ONCE if private else limits.HOST_AT_ONCE
        self._gap = 1 / (limits.PRIVATE_HOST_PER_SECOND if private else limits.HOST_PER_SECOND)
        self._most = limits.PRIVATE_HOST_PER_RUN if private else limits.HOST_PER_RUN
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def through(self, host: str) -> AsyncIterator[None]:
        """Wait for a place and for the next moment. Raises BudgetSpent when the run's share for `host` is used up."""
        state = self._hosts.setdefault(host, _Host(self._at_once))
        if state.asked >= self._most:
            raise BudgetSpent(f"{host} was asked {state.asked} times in this look, which is as often as we do")
        state.asked += 1
        async with state.room:
            loop = asyncio.get_running_loop()
            moment = max(state.next, loop.time())
            state.next = moment + self._gap
            if moment > loop.time():
                await asyncio.sleep(moment - loop.time())
            yield
