"""A check cannot be added without its text, its table with every status of its rule, and its catalogue entry."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

import tests.checks
from launchready_tui.checks import Check, all_checks
from launchready_tui.model import Status
from launchready_tui.questions import QUESTIONS
from launchready_tui.steps import WORDS
from tests.world import Row

CATALOGUE = {
    entry["id"]: entry
    for entry in tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))["check"]
}
LETTERS = {"P": Status.PASS, "W": Status.WARN, "F": Status.FAIL}


def tables() -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for package in pkgutil.iter_modules(tests.checks.__path__, "tests.checks."):
        if not package.ispkg:
            continue
        for module in pkgutil.iter_modules(importlib.import_module(package.name).__path__, package.name + "."):
            out |= getattr(importlib.import_module(module.name), "TABLE", {})
    return out


TABLES = tables()


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_a_check_is_whole(check: Check) -> None:
    entry = CATALOGUE.get(check.id)
    assert entry is not None, "not in the catalogue"
    assert check.severity.value == entry["severity"]
    for text in (check.title, check.why):
        assert text
        assert text[0].isupper() or text[0].isdigit() or text.split()[0].islower()
    assert check.why.endswith((".", "?"))
    assert not check.title.endswith(".")
    assert check.minutes > 0
    assert check.id in WORDS
    if check.question is not None:
        assert check.question in QUESTIONS


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_its_table_has_every_status_of_its_rule(check: Check) -> None:
    rows = TABLES.get(check.id, [])
    have = {row.status for row in rows}
    wanted = {
        status
        for letter, status in LETTERS.items()
        if re.search(rf"\b{letter}(?: too)?(?: \([a-z]+\))?:", CATALOGUE[check.id]["rule"])
    }
    assert wanted <= have, f"no row for {', '.join(sorted(wanted - have))}"
    assert Status.UNKNOWN in have, "no row where we cannot tell"
    assert any(row.hostile for row in rows), "no hostile row"


def test_every_question_is_asked_by_a_check() -> None:
    asked = {check.question for check in all_checks()}
    from launchready_tui.signals import RULES

    asked |= {rule.question for rule in RULES if getattr(rule, "question", None)}
    # These stand on the finding: of an unseen page, and of the way back that is missing; the last on the page of what
    # runs by itself.
    on_findings = {"login.seen", "signup.seen", "runbook.dns", "runbook.dmarc", "logs.alert"}
    assert set(QUESTIONS) - on_findings <= asked
