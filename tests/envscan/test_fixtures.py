"""How well variables and platforms are recognised, as figures: sixteen small repositories with their truth by hand.

Those whose name begins with "a" were written, truth and all, before there was a reader; their figures stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from launchready_tui.envscan import faults
from launchready_tui.envscan.survey import survey
from launchready_tui.platforms import recognise
from tests.envscan.fixtures import Fixture, fixtures

GOAL = 0.95


@dataclass
class Score:
    """Found rightly, to be found, found at all."""

    right: int = 0
    wanted: int = 0
    found: int = 0

    def add(self, wanted: set[str], found: set[str]) -> None:
        self.right += len(wanted & found)
        self.wanted += len(wanted)
        self.found += len(found)

    @property
    def recall(self) -> float:
        return self.right / self.wanted

    @property
    def precision(self) -> float:
        return self.right / self.found

    def __str__(self) -> str:
        return f"recall {self.recall:6.1%} ({self.right}/{self.wanted}), precision {self.precision:6.1%}"


def seen(fixture: Fixture) -> dict[str, set[str]]:
    """What we say of one, kind by kind."""
    found = survey(fixture.files, fixture.files.get)
    kind = recognise(fixture.files, fixture.files.get)
    said = kind.commands
    return {
        "used": set(found.used_names),
        "declared": set(found.declared_names),
        "missing": {lack.name for lack in faults.missing(found) if lack.required},
        "unused": {place.name for place in faults.unused(found)},
        "platforms": set(kind.platforms),
        "frameworks": set(kind.frameworks),
        "languages": set(kind.languages),
        "manager and commands": {
            f"{name}: {text}"
            for name, text in (
                ("manager", kind.package_manager),
                ("install", said.install),
                ("build", said.build),
                ("start", said.start),
            )
            if text
        },
    }


def truth(fixture: Fixture) -> dict[str, set[str]]:
    told = fixture.truth
    commands = {"manager": told["package_manager"], **told["commands"]}
    found = {
        name: set(told[name])
        for name in ("used", "declared", "missing", "unused", "platforms", "frameworks", "languages")
    }
    return found | {"manager and commands": {f"{name}: {text}" for name, text in commands.items() if text}}


def scores(some: tuple[Fixture, ...]) -> dict[str, Score]:
    found: dict[str, Score] = {}
    for fixture in some:
        wanted, got = truth(fixture), seen(fixture)
        for kind, names in wanted.items():
            found.setdefault(kind, Score()).add(names, got[kind])
    return found


@pytest.mark.parametrize("part", ["all", "written before the readers"])
def test_recall_and_precision(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    some = tuple(fixture for fixture in fixtures() if part == "all" or fixture.first)
    found = scores(some)
    with capsys.disabled():
        print(f"\n{part}: {len(some)} repositories")
        for kind, score in found.items():
            print(f"  {kind:21} {score}")
    for kind, score in found.items():
        if score.wanted:
            assert score.recall >= GOAL, kind
            assert score.precision >= GOAL, kind


def test_there_are_enough_of_them_and_of_many_kinds() -> None:
    assert len(fixtures()) >= 12
    assert sum(fixture.first for fixture in fixtures()) >= 6
    assert (
        sum(len([path for path in fixture.files if path.endswith("package.json")]) > 2 for fixture in fixtures()) >= 3
    )
    assert len({name for fixture in fixtures() for name in fixture.truth["languages"]}) >= 9
    assert len({name for fixture in fixtures() for name in fixture.truth["platforms"]}) >= 12


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda fixture: fixture.name)
def test_no_value_is_among_the_names(fixture: Fixture) -> None:
    found = survey(fixture.files, fixture.files.get)
    values = {each.value for each in found.declared if each.value and len(each.value) > 8}
    assert not values & {*found.used_names, *found.declared_names}
    assert not any(value in repr(found) for value in values if "/" in value)
