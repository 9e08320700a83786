"""A blocking call on a thread that can be given up on. Python joins an executor's threads at exit, never a daemon's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Slow(Exception):
    """The call did not end in time; its thread still waits for whatever it waits for."""


class Aside:
    """Runs one blocking call at a time. While one that was given up on still hangs, no second thread is started."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._last: threading.Thread | None = None
        self._ended: asyncio.Event | None = None

    async def run(self, call: Callable[[], T], limit: float) -> T:
        """The call's result, or its exception. Raises Slow after `limit` seconds, waiting for a turn included."""
        deadline = asyncio.timeout(limit)
        try:
            async with deadline, self._turn:
                await self._last_is_done()
                return await self._start(call)
        except TimeoutError:
            if deadline.expired():
                raise Slow from None
            raise  # the call's own

    async def _last_is_done(self) -> None:
        if self._last is not None and self._last.is_alive() and self._ended is not None:
            await self._ended.wait()

    async def _start(self, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._ended = ended = asyncio.Event()

        def settle(value: T | None, error: BaseException | None) -> None:
            ended.set()
            if done.done():
                return  # given up on
            if error is None:
                done.set_result(value)  # type: ignore[arg-type]  # None only where T is
            else:
                done.set_exception(error if isinstance(error, Exception) else RuntimeError(type(error).__name__))

        def work() -> None:
            value, error = None, None
            try:
                value = call()
            except BaseException as caught:  # noqa: BLE001  a thread must hand back whatever happened
                error = caught
            try:
                loop.call_soon_threadsafe(settle, value, error)
            except RuntimeError:
                pass  # the loop is closed: nobody waits any more

        self._last = threading.Thread(target=work, daemon=True, name="launchready-keyring")
        self._last.start()
        return await done
