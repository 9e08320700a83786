"""A launch that changes something, in a process of its own that can be killed: run as `python -m …` with one JSON.

{"root", "do": "apply" | "undo" | "finish", "stop": n}: it ends itself by SIGKILL right after the n-th line that it
wrote is on disk; 0 lets it live. What it changes is in the project that the test made.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState, FixProblem
from launchready_tui.ledger import fold
from launchready_tui.model import FileChange, Fix, RecordSet, Setting
from launchready_tui.project import Clock
from launchready_tui.secret import Secret
from launchready_tui.store import ProjectStore
from launchready_tui.workspace import Workspace

DOMAIN = "good.example"
SECRETS = "LAUNCHREADY_TEST_SECRET"  # the variable that holds the token of the place
FIXES = {
    "records": Fix(
        "records",
        "Do it.",
        records=(
            RecordSet(DOMAIN, "TXT", ("v=spf1 include:mail.example -all",)),
            RecordSet(f"old.{DOMAIN}", "CNAME", ("good.example.",)),
            RecordSet(f"new.{DOMAIN}", "MX", ("10 mail.good.example.", "20 mail.example.")),
            RecordSet(f"gone.{DOMAIN}", "AAAA", ()),
        ),
    ),
    "setting": Fix("setting", "Do it.", settings=(Setting("https.redirect", "301"), Setting("headers.security", "on"))),
    "file": Fix(
        "file",
        "Do it.",
        files=(FileChange(".env", None), FileChange(".gitignore", "dist\n.env*\n"), FileChange("new.txt", "new\n")),
    ),
}


@dataclass
class Book:
    """The project's own journal; the process ends right after line `stop`."""

    store: ProjectStore
    stop: int = 0
    lines: int = 0

    def write(self, kind: str, data: Mapping[str, object]) -> None:
        self.store.journal.append(kind, data)
        self.lines += 1
        if self.lines == self.stop:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Launch:
    """The project opened anew, as a session opens it."""

    store: ProjectStore
    stop: int = 0

    def __post_init__(self) -> None:
        project = self.store.project
        self.book = Book(self.store, self.stop)
        self.places = Places(lambda: project, {"token": Secret(os.environ.get(SECRETS, ""))})
        changes = fold(self.store.journal.entries, Clock()).changes
        self.cycle = Cycle(self.places.find, self.book, lambda: dt.datetime.now(dt.UTC), changes)

    def left(self) -> list[Change]:
        """The changes of which something may be there, the last first."""
        states = (ChangeState.APPLIED, ChangeState.FAILED)
        return [
            c for c in reversed(self.cycle.changes) if c.state is ChangeState.APPLIED or (c.state in states and c.done)
        ]

    async def apply(self, what: str) -> None:
        """Plan and apply; nothing where everything is as it should be."""
        plan = None
        with suppress(FixProblem):
            plan = await self.cycle.plan("dns.x.y", "A change", FIXES[what])
        if plan is not None:
            last = [progress async for progress in self.cycle.apply(plan, "Ada")][-1]
            assert last.ok, last.text

    async def undo(self) -> None:
        for change in self.left():
            last = [progress async for progress in self.cycle.undo(change.number, "Ada")][-1]
            assert last.ok, last.text


async def _run(given: Mapping[str, str]) -> None:
    with Workspace(Path(given["root"])).open(DOMAIN) as store:
        launch = Launch(store, int(given["stop"]))
        await launch.cycle.settle()
        if given["do"] == "apply":
            await launch.apply(given["what"])
        else:
            await launch.undo()


if __name__ == "__main__":
    asyncio.run(_run(json.loads(sys.argv[1])))
