"""Recall and false alarms over the planted repository, with each engine, as numbers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from launchready_tui.project import Project
from launchready_tui.secretscan import kingfisher
from launchready_tui.secretscan.report import Found, fingerprint
from launchready_tui.secretscan.source import ScanKey, Scanned, SecretScan
from launchready_tui.secretscan.worker import OWN
from launchready_tui.sources.repo import Repo
from tests.secrets_planted.keys import Key, LookAlike, Plant, Planted, plant

RECALL, FALSE_ALARMS = 0.95, 0.05
MISSING = pytest.mark.skipif(not kingfisher.installed(), reason="kingfisher-secret-scanner is not installed")
ENGINES = [OWN, pytest.param(kingfisher.NAME, marks=MISSING)]
KEY = b"k" * 32


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return plant(tmp_path_factory.mktemp("planted") / "tidebook")


@dataclass(frozen=True)
class Passed:
    """Both passes over the planted repository, and how long they took together, in seconds."""

    tree: Scanned
    history: Scanned
    seconds: float

    def at(self, one: Plant) -> list[Found]:
        """What was told where a plant stands, for information or not."""
        found = [
            each
            for each in self.history.found
            if (each.path, each.commit) == (one.path, one.commit) and one.line <= each.line <= one.end_line
        ]
        if one.path_now:
            found += [
                each for each in self.tree.found if each.path == one.path_now and one.line <= each.line <= one.end_line
            ]
        return found


async def scan(planted: Planted, engine: str) -> Passed:
    repo = Repo(Project("good.example", repo=str(planted.folder)))
    source = SecretScan(ScanKey(KEY), engine=OWN if engine == OWN else "")
    try:
        began = time.perf_counter()
        tree, history = await source.worktree(repo), await source.history(repo)
        took = time.perf_counter() - began
    finally:
        await source.aclose()
        await repo.aclose()
    assert isinstance(tree, Scanned)
    assert isinstance(history, Scanned)
    assert tree.engine == history.engine == engine
    return Passed(tree, history, took)


@pytest.fixture(scope="module")
def passes(planted: Planted) -> Callable[[str], Passed]:
    done: dict[str, Passed] = {}

    def of(engine: str) -> Passed:
        if engine not in done:
            done[engine] = asyncio.run(scan(planted, engine))
        return done[engine]

    return of


def _share(some: int, of: int) -> str:
    return f"{some}/{of} = {some / of:.1%}"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_recall_and_false_alarms(engine: str, planted: Planted, passes: Callable[[str], Passed]) -> None:
    passed = passes(engine)

    def told(one: Plant) -> list[Found]:
        return [each for each in passed.at(one) if each.what != "public"]

    prints = {fingerprint(KEY, key.value) for key in planted.keys}
    keys_at = {(key.path, line) for key in planted.keys for line in range(key.line, key.end_line + 1)}

    def alarmed(one: LookAlike) -> bool:
        """A hit on its lines that is not a planted key of the same line."""
        return any((each.path, each.line) not in keys_at and each.print not in prints for each in told(one))

    found = [key for key in planted.keys if told(key)]
    false = [one for one in planted.lookalikes if alarmed(one)]
    sure = [one for one in planted.lookalikes if not one.debatable]
    past = [key for key in planted.keys if key.history_only]
    blind = [key for key in planted.keys if key.blind]

    def of(keys: list[Key]) -> str:
        return _share(len([key for key in keys if key in found]), len(keys))

    print(f"\n{engine}: recall {of(list(planted.keys))}, written blind {of(blind)}, only in history {of(past)}")
    missed, alarms = [key.id for key in planted.keys if key not in found], [one.id for one in false]
    print(f"{engine}: false alarms {_share(len(false), len(planted.lookalikes))}, missed {missed}, false {alarms}")
    for keys in (list(planted.keys), blind, past):
        assert len([key for key in keys if key in found]) >= RECALL * len(keys)
    assert len(false) <= FALSE_ALARMS * len(planted.lookalikes)
    assert len([one for one in false if not one.debatable]) <= FALSE_ALARMS * len(sure)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_found_where_nothing_was_planted(
    engine: str, planted: Planted, passes: Callable[[str], Passed]
) -> None:
    passed = passes(engine)
    places = {
        (one.path_now, line)
        for one in (*planted.keys, *planted.lookalikes)
        for line in range(one.line, one.end_line + 1)
    }
    elsewhere = [each for each in passed.tree.found if each.what != "public" and (each.path, each.line) not in places]
    assert elsewhere == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_no_value_is_in_what_a_scan_gives_back(engine: str, planted: Planted, passes: Callable[[str], Passed]) -> None:
    passed = passes(engine)
    whole = repr((passed.tree, passed.history))
    for key in planted.keys:
        assert key.value not in whole, key.id
        assert max(key.value.split("\n"), key=len)[8:] not in whole, key.id


@pytest.mark.slow
async def test_the_loop_is_free_while_a_scan_runs(planted: Planted) -> None:
    worst, running = 0.0, True

    async def beat() -> None:
        nonlocal worst
        while running:
            at = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - at - 0.005)

    beating = asyncio.create_task(beat())
    await scan(planted, OWN)
    running = False
    await beating
    print(f"\nthe longest that the loop waited: {worst * 1000:.0f} ms")
    assert worst < 0.1


def test_the_story_of_a_key_is_told_by_its_first_commit(tmp_path: Path) -> None:
    small = plant(tmp_path / "small", files=20, commits=80)
    passed = asyncio.run(scan(small, OWN))
    days = {each.day for each in passed.history.found}
    assert all(len(day) == 10 for day in days)
    one = next(key for key in small.keys if key.story == "overwritten")
    assert passed.at(one)
    assert one.path_now is None
