"""Promises 1 and 6 over a whole look: silence is never bad and never good, and stopping answers within a second."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.checks import all_checks
from launchready_tui.engine import Finished
from launchready_tui.model import Finding, Status
from launchready_tui.options import apply
from launchready_tui.project import Clock, Network, Project
from launchready_tui.session import Session
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault
from tests.command import look_options
from tests.hostile_world import DOMAIN, TRICKS, hostile
from tests.sources.rogue import Reply, Rogue, answering, silent
from tests.test_hostile_check import ADDRESSES

CHECKS = Path(__file__).parents[2] / "launchready_tui" / "checks"
# What answers without the network: what the founder said, did not say or may still say, and this machine's own keyring.
WITHOUT_NETWORK = ("handover.",)


async def look(project: Project) -> dict[str, Finding]:
    session = Session(UnsavedStore(project), Vault(kind="session"), clock=Clock(), project=project)
    found: dict[str, Finding] = {}
    async with aclosing(session.look()) as events:
        async for event in events:
            if isinstance(event, Finished):
                found[event.check.id] = event.finding
    await session.aclose()
    return found


def verdicts(found: dict[str, Finding]) -> dict[str, Status]:
    """What was said for good or bad by checks that need the network."""
    return {
        id: finding.status
        for id, finding in found.items()
        if finding.status not in (Status.UNKNOWN, Status.INFO) and not id.startswith(WITHOUT_NETWORK)
    }


URLS = {kind: f"https://good.example/{kind}" for kind in ("login", "signup", "api")}


async def test_where_nobody_answers_nothing_is_bad_and_nothing_is_good() -> None:
    """A resolver that refuses, a launch whose every address is known: unknown throughout, each with what would help."""
    network = Network(resolvers=(("127.0.0.1", 9),), dns_port=9, private=True)
    found = await look(Project("good.example", urls=URLS, subs=("app",), network=network))
    assert set(found) == {check.id for check in all_checks()}
    assert verdicts(found) == {}
    assert all(finding.needs for finding in found.values() if finding.status is Status.UNKNOWN)


REPLIES: dict[str, Reply] = {
    "silence": silent,
    "SERVFAIL": answering(rcode="SERVFAIL"),
    "REFUSED": answering(rcode="REFUSED"),
    "garbage": lambda data: [data[:2] + b"\xff" * 40],
}


@pytest.mark.parametrize("reply", REPLIES)
async def test_a_name_server_that_says_nothing_useful(reply: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that are no answers: none of them is a missing record."""
    monkeypatch.setattr(limits, "DNS_SECONDS", 0.6)
    monkeypatch.setattr(limits, "DNS_TRY_SECONDS", 0.3)
    async with Rogue(REPLIES[reply], REPLIES[reply]).serving() as rogue:
        network = Network(resolvers=(("127.0.0.1", rogue.port),), dns_port=rogue.port, private=True, registries=False)
        found = await look(Project("good.example", urls=URLS, subs=("app",), network=network))
        assert rogue.requests
    assert verdicts(found) == {}


def _blames(path: Path) -> list[int]:
    """Lines inside an `except` that call failed() or warned(): an exception of ours is no fault of theirs."""
    tree = ast.parse(path.read_text("utf-8"))
    verdict = ("failed", "warned", "passed")
    return [
        call.lineno
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler)
        for call in ast.walk(handler)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in verdict
    ]


def test_no_exception_is_a_verdict() -> None:
    assert {path.name: found for path in CHECKS.rglob("*.py") if (found := _blames(path))} == {}


# ---- stopping ----


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("after", [0.05, 0.7])
async def test_stopping_in_the_middle_of_a_hostile_look(trick: str, after: float, tmp_path: Path) -> None:
    """Closed after so many seconds, wherever it is then: within a second, and nothing of it goes on."""
    async with hostile(trick, tmp_path) as place:
        project = apply(Project(DOMAIN), look_options([*place.options, *ADDRESSES]))
        session = Session(UnsavedStore(project), Vault(kind="session"), clock=Clock(), project=project)
        before = asyncio.all_tasks()
        events, began = session.look(), time.perf_counter()
        with contextlib.suppress(TimeoutError, StopAsyncIteration):
            async with asyncio.timeout(after):
                while True:
                    await anext(events)
        await events.aclose()
        assert time.perf_counter() - began - after < limits.CANCEL_SECONDS
        assert session.running == set()
        left = [repr(task) for task in asyncio.all_tasks() - before]
        assert [task for task in left if "launchready_tui/sources/" in task or "launchready_tui/checks/" in task] == []
        await session.aclose()
