"""Single flight: the first to ask starts the work, everybody else shares it, and the answer is kept for the run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Once(Generic[K, V]):
    """Remembers one task a key. A waiter that is cancelled does not cancel the others' work; aclose() does."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K, work: Callable[[], Awaitable[V]]) -> V:
        task = self._tasks.get(key)
        if task is None:

            async def start() -> V:
                return await work()

            task = self._tasks[key] = asyncio.create_task(start(), name=f"once {key!r}"[:120])
        return await asyncio.shield(task)

    def __len__(self) -> int:
        """How many different things were asked."""
        return len(self._tasks)

    async def aclose(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
