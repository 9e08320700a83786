"""How long the loop is held, so that no key is answered meanwhile. Goal: never more than 100 ms.

The wizard runs headless on the practice startup, its servers in this same process as in `launchready demo`: it opens,
looks at everything, applies a fix, watches it, exports. A ticking task measures every gap; a thread of the bench's own
notes where the loop stands when a gap grows long.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from launchready_tui.desk import Desk
from launchready_tui.quantiles import percentile
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from tests.founder import Founder

GOAL_MS, SUSPECT_MS, TICK = 100.0, 30.0, 0.001
_OURS = (f"{Path(__file__).parents[2] / 'launchready_tui'}", f"{Path(__file__).parents[2] / 'screens'}")


class Watchdog:
    """Ticks in the loop and looks at it from a thread. `gaps` are (wall, processor) in milliseconds: on a machine that
    is busy elsewhere the first grows and the second does not. `held` is where the loop stood."""

    def __init__(self) -> None:
        self.gaps: list[tuple[float, float]] = []
        self.held: list[Counter[str]] = []  # one a gap: place -> milliseconds
        self._beat = time.perf_counter()
        self._loop_thread = threading.get_ident()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    async def tick(self) -> None:
        while True:
            began, used = time.perf_counter(), time.thread_time()
            self._beat = began
            await asyncio.sleep(TICK)
            wall, processor = time.perf_counter() - began - TICK, time.thread_time() - used
            self.gaps.append((max(0.0, wall * 1e3), processor * 1e3))

    def _look(self) -> None:
        seen, gap = 0.0, Counter[str]()
        while not self._stop.wait(0.005):
            beat = self._beat
            if (time.perf_counter() - beat) * 1e3 > SUSPECT_MS:
                if beat != seen:
                    seen, gap = beat, Counter()
                    self.held.append(gap)
                gap[_place(sys._current_frames().get(self._loop_thread))] += 5

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _place(frame: FrameType | None) -> str:
    """The innermost place of ours, and what it called."""
    inner = f"{Path(frame.f_code.co_filename).name}:{frame.f_code.co_name}" if frame else "?"
    while frame is not None:
        if frame.f_code.co_filename.startswith(_OURS):
            here = Path(frame.f_code.co_filename)
            return f"{here.parent.name}/{here.name}:{frame.f_lineno} ({inner})"
        frame = frame.f_back
    return inner


async def _walk(folder: Path, dog: Watchdog) -> dict[str, list[tuple[float, float]]]:
    """What a founder does; the gaps of each part."""
    parts: dict[str, list[tuple[float, float]]] = {}

    def part(name: str) -> None:
        parts[name], dog.gaps = dog.gaps, []

    desk = Desk(Workspace(folder))
    app = LaunchReady(desk)
    ticking = asyncio.create_task(dog.tick())
    try:
        async with app.run_test(size=(140, 40)) as pilot:
            founder = Founder(pilot)
            await pilot.pause()
            part("home")
            await founder.press("enter")
            await founder.until(lambda: app.session and len(app.session.outcomes) == len(app.session.checks))
            await founder.quiet()
            part("practice opened, full look")
            for key in "1234567":
                await founder.press(key)
            part("seven stages shown")
            await founder.next_step()
            await founder.quiet()
            part("a fix, watched")
            await founder.press("7", "x")
            await founder.until(lambda: (founder.session.store.folder("exports") / "handover.toml").exists())
            part("the export")
            await founder.press("escape", "g")
            await founder.quiet()
            part("a full look again")
    finally:
        ticking.cancel()
        await desk.aclose()
    return parts


def main() -> None:
    with TemporaryDirectory() as folder, Watchdog() as dog:
        parts = asyncio.run(_walk(Path(folder), dog))
    for name, gaps in parts.items():
        wall, (longest, processor) = [gap for gap, _ in gaps], max(gaps)
        held = f"longest {longest:6.1f} ms ({processor:5.1f} ms of processor), p99 {percentile(wall, 0.99):5.1f} ms"
        print(f"{name:28} {held}, over {GOAL_MS:.0f} ms: {sum(gap > GOAL_MS for gap in wall)}")
    print(f"where the loop stood in the longest gaps, in ms after the first {SUSPECT_MS:.0f}:")
    for gap in sorted(dog.held, key=lambda held: -held.total())[:6]:
        print(f"{gap.total():6}: " + ", ".join(f"{place} {ms}" for place, ms in gap.most_common(4)))


if __name__ == "__main__":
    main()
