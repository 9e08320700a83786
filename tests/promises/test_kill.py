"""Promise 7: kill -9 at any instant loses at most the keystroke in flight. A whole session, killed at any moment."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launchready_tui.fixes.model import ChangeState
from launchready_tui.project import Clock, Project
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace

ROOT = Path(__file__).parents[2]
DOMAIN, CHECK, ROUNDS = "good.example", "edge.https.forced", 14
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")]
# Says each thing that it did once it was done; what it does is numbered across rounds.
FOUNDER = """
import asyncio, datetime as dt, sys
from pathlib import Path
from launchready_tui.actions import NextAction
from launchready_tui.fixes.model import Plan
from launchready_tui.model import Finding, Fix, Setting, Stage, Status
from launchready_tui.project import Clock
from launchready_tui.session import Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace

CHECK = "edge.https.forced"
TODAY = dt.datetime.now(dt.UTC).date()

async def main():
    store = Workspace(Path(sys.argv[1])).open("good.example")
    session = Session(store, Vault(kind="session"), clock=Clock())
    await session.prepare()
    n = int(sys.argv[2])
    while True:
        n += 1
        value = Setting("https.redirect", str(n))
        session.outcomes[CHECK] = Outcome(
            Finding(Status.FAIL, f"finding {n}", Fix("setting", "Do.", settings=(value,))), session.clock.now()
        )
        session.answer("access.registrar", "yes", f"Ada {n}", note="x" * 500)
        print("answer", n, flush=True)
        session.accept(CHECK, "Ada", f"reason {n}", TODAY)
        print("accept", n, flush=True)
        session.ask_someone(CHECK, f"Grace {n}")
        print("ask", n, flush=True)
        session.keep_action(NextAction("look-again", f"Look {n}", "Ada", TODAY))
        print("action", n, flush=True)
        session.save_addresses({"login": f"https://good.example/{n}"}, ("app",), who="Ada")
        print("address", n, flush=True)
        async for progress in session.apply(await session.plan(CHECK), "Ada"):
            pass
        print("apply", n, flush=True)
        if n % 2:
            async for progress in session.undo(session.changes[-1].number, "Ada"):
                pass
            print("undo", n, flush=True)
        session.visit(list(Stage)[n % 7])
        session._save()
        print("saved", n, flush=True)

asyncio.run(main())
"""


def read_for(child: subprocess.Popen[bytes], seconds: float) -> list[str]:
    """What it says within so long and up to its death; killed then, wherever it is."""
    assert child.stdout is not None
    end, said = time.monotonic() + seconds, b""
    while b"\n" not in said and child.poll() is None:  # the clock starts with the first thing done
        said += os.read(child.stdout.fileno(), 65_536)
        end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([child.stdout], [], [], left)[0]:
            said += os.read(child.stdout.fileno(), 65_536)
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read()
    child.wait()
    return said.decode().split("\n")[:-1]  # a line without its end was not said


async def test_a_session_killed_at_random_moments(tmp_path: Path) -> None:
    dice = random.Random(20261124)
    settings = tmp_path / "settings.json"
    settings.write_text('{"https.redirect": "0", "kept": "1"}')
    workspace = Workspace(tmp_path / "home")
    with workspace.open(DOMAIN, create=True) as store:
        store.save_project(Project(DOMAIN, connections=({"kind": "settings-file", "path": str(settings)},)))
    newest: dict[str, int] = {}
    done = 0
    for _ in range(ROUNDS):
        started = max(newest.values(), default=0) + 1  # a number in flight may have been written
        child = subprocess.Popen(  # noqa: ASYNC220  nothing else runs in this loop
            [sys.executable, "-c", FOUNDER, str(workspace.root), str(started)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=None,
        )
        for line in read_for(child, dice.uniform(0.0, 0.12)):
            word, _, number = line.partition(" ")
            newest[word] = int(number)
            done += 1
        with workspace.open(DOMAIN) as store:
            assert not store.read_only
            assert all("damaged" not in note for note in store.notes)
            session = Session(store, Vault(kind="session"), clock=Clock())
            await session.prepare()
            hold(session, newest, settings)
    assert done > ROUNDS * 3


def hold(session: Session, newest: dict[str, int], settings: Path) -> None:
    """All that was said to be done is there; beyond it there is at most what was being done."""
    answer, accepted, asked = (
        session.answers.newest("access.registrar"),
        session.accepted.get(CHECK),
        session.asked.get(CHECK),
    )
    kept = {
        "answer": answer.who if answer else "",
        "accept": accepted.reason if accepted else "",
        "ask": asked.who if asked else "",
        "action": next((action.what for action in session.next_actions()), ""),
        "address": (session.project.url("login") or "").replace("/", " "),
    }
    last = max(newest.values(), default=0)
    for word, text in kept.items():
        if word in newest:
            assert newest[word] <= int(text.split()[-1]) <= last + 1, word
    if "ask" in newest:
        assert Path(session.asked[CHECK].path).read_text("utf-8")
    if "saved" in newest:
        saw = session.outcomes[CHECK].finding.saw if CHECK in session.outcomes else ""
        assert int(saw.split()[-1]) >= newest["saved"]
    # Every change came to something, and what is live is what the newest of them says.
    assert {change.state for change in session.changes} <= {ChangeState.APPLIED, ChangeState.UNDONE, ChangeState.FAILED}
    assert [change.number for change in session.changes] == list(range(1, len(session.changes) + 1))
    held = json.loads(settings.read_text("utf-8"))
    assert held["kept"] == "1"
    made = [change for change in session.changes if change.state is not ChangeState.FAILED]
    if made:
        step = made[-1].steps[0]
        state = step.before if made[-1].state is ChangeState.UNDONE else step.after
        assert held["https.redirect"] == state.values[0]
    assert len(made) >= ("apply" in newest)
