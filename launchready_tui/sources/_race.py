"""Ask one after another without waiting for the slow: the first answer that will do wins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar

V = TypeVar("V")


async def race(
    tries: Sequence[Callable[[], Coroutine[object, object, V]]],
    good: Callable[[V], bool],
    patience: Callable[[int], float],
) -> list[V]:
    """Start the tries in order; the next starts when all before it failed, or `patience(n)` seconds after try n did.

    Returns [the first good answer], or, when none is good, every answer in the order of the tries. Cancels the rest.
    """
    waiting: dict[asyncio.Task[V], int] = {}
    poor: dict[int, V] = {}
    number = 0
    try:
        while number < len(tries) or waiting:
            limit = None
            if number < len(tries):
                waiting[asyncio.create_task(tries[number]())] = number
                limit = patience(number) if number + 1 < len(tries) else None
                number += 1
            done, _ = await asyncio.wait(waiting, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=waiting.__getitem__):
                place, answer = waiting.pop(task), task.result()
                if good(answer):
                    return [answer]
                poor[place] = answer
    finally:
        for task in waiting:
            task.cancel()
    return [poor[place] for place in sorted(poor)]
