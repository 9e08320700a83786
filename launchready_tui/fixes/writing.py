"""Writing at a place while hearing what it says meanwhile: a provider may make us wait, and a person wants to know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from launchready_tui.fixes.model import Progress, Step
from launchready_tui.fixes.place import Place


async def written(place: Place, steps: Sequence[Step]) -> AsyncGenerator[Progress, None]:
    """Write the steps; yields what the place says on the way. Raises what `place.write` raises.

    A place that speaks has `told`, a function that it calls with a sentence, from whichever thread it works on.
    """
    loop = asyncio.get_running_loop()
    said: asyncio.Queue[str | None] = asyncio.Queue()
    speaks = hasattr(place, "told")
    if speaks:
        setattr(place, "told", lambda text: loop.call_soon_threadsafe(said.put_nowait, text))  # noqa: B010  not in Place
    writing = asyncio.ensure_future(place.write(steps))
    writing.add_done_callback(lambda _: said.put_nowait(None))
    try:
        while (text := await said.get()) is not None:
            yield Progress(text)
        await writing
    finally:
        if speaks:
            setattr(place, "told", None)  # noqa: B010
        if not writing.done():
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
