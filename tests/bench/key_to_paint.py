"""From a key to the paint of what it does, while 130 checks stream. Goal: p99 under 50 ms.

The wizard runs headless in this process on a launch in memory whose 130 findings come one after the other, over and
over. Each key moves the cursor; the clock stops at the first paint after the cursor has moved.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from rich.console import RenderableType
from textual import events
from textual.screen import Screen

import screens
from launchready_tui.checks import Check
from launchready_tui.engine import Event
from launchready_tui.quantiles import percentile
from screens.app import LaunchReady
from tests.screens.desk import FakeDesk
from tests.screens.fake import FakeSession
from tests.screens.pilot import rows_of

CHECKS, KEYS = 130, 400


class Streaming(FakeSession):
    """Looks at everything again and again, a hundred findings a second."""

    async def look(self, checks: Iterable[Check] | None = None) -> AsyncGenerator[Event, None]:
        while True:
            async for event in super().look(checks):
                yield event


class Watched(LaunchReady):
    """Tells when it has painted."""

    CSS_PATH = str(Path(screens.__file__).parent / "launchready.tcss")
    painted = 0.0
    paint = asyncio.Event()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        self.painted = time.perf_counter()
        self.paint.set()


async def bench() -> None:
    app = Watched(FakeDesk(), session=Streaming(CHECKS, looked=False, pace=0.01))
    took: list[float] = []
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause(0.5)
        rows = rows_of(pilot)
        for at in range(KEYS):
            before, key = rows.current, "up" if at // 8 % 2 else "down"
            began = time.perf_counter()
            app.post_message(events.Key(key, None))
            while rows.current == before or app.painted < began:
                app.paint.clear()
                async with asyncio.timeout(5):
                    await app.paint.wait()
            took.append((app.painted - began) * 1e3)
            await asyncio.sleep(0.007)
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    print(f"key to paint: p50 {p50:.1f} ms, p99 {p99:.1f} ms, from {len(took)} keys (goal 50 ms)")


def main() -> None:
    asyncio.run(bench())


if __name__ == "__main__":
    main()
