"""`launchready ask`, kind "export"."""

from __future__ import annotations

import json
import math
import time
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.handover.ask import SecretInFacts, export, facts_toml
from launchready_tui.text import clean
from tests.test_leaks import CANARIES


def test_facts_of_every_kind() -> None:
    facts = {
        "product": {"name": "Good Club", "since": "2026-11-03", "members": 12, "share": 0.5, "live": True, "x": None},
        "systems": [{"name": "DNS", "owner": None}, {"name": "Mail", "tags": ["a", None, "b"]}],
        "mixed": [1, "two", {"three": [3]}, [4]],
        "": {"empty key": ""},
        "dotted.key": {"a\nb": "c\td"},
    }
    back = tomllib.loads(facts_toml(facts))
    assert back == {
        "schema_version": 1,
        "product": {"name": "Good Club", "since": "2026-11-03", "members": 12, "share": 0.5, "live": True},
        "systems": [{"name": "DNS"}, {"name": "Mail", "tags": ["a", "b"]}],
        "mixed": [1, "two", {"three": [3]}, [4]],
        "": {"empty key": ""},
        "dotted.key": {"a\nb": "c\td"},
    }


def test_a_version_that_is_given_stays() -> None:
    assert tomllib.loads(facts_toml({"schema_version": 3}))["schema_version"] == 3
    assert tomllib.loads(facts_toml({"schema_version": "x"}))["schema_version"] == 1


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_nulls(each) for each in value if each is not None]
    return value


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(TEXT, JSON, max_size=5))
def test_any_json_round_trips_and_acts_on_no_terminal(facts: dict[str, Any]) -> None:
    facts.pop("schema_version", None)
    try:
        text = facts_toml(facts)
    except SecretInFacts:
        return  # by chance; the scan has its own tests
    assert tomllib.loads(text) == {"schema_version": 1, **_without_nulls(facts)}
    for line in text.split("\n"):
        assert clean(line, limit=len(line) + 1) == line


def test_numbers_that_json_lets_through() -> None:
    back = tomllib.loads(facts_toml(json.loads('{"a": Infinity, "b": NaN, "c": 1e400, "d": 123456789012345678901}')))
    assert back["a"] == math.inf
    assert math.isnan(back["b"])
    assert back["d"] == 123456789012345678901


def test_a_lone_surrogate_becomes_a_stand_in() -> None:
    assert tomllib.loads(facts_toml(json.loads(r'{"a\ud800": "\udfff"}'))) == {"schema_version": 1, "a\ufffd": "\ufffd"}


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES.keys())
async def test_a_secret_is_refused_by_field_and_never_shown(canary: str) -> None:
    with pytest.raises(SecretInFacts) as refused:
        await export({"facts": {"deploy": {"notes": ["fine", canary]}}})
    assert "deploy.notes[1]" in str(refused.value)
    assert canary not in str(refused.value)


@pytest.mark.parametrize("args", [{}, {"facts": None}, {"facts": [1]}, {"facts": "x"}])
async def test_facts_must_be_an_object(args: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="facts is an object"):
        await export(args)


def test_too_deep_is_said_and_not_crashed_into() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep}
    with pytest.raises(ValueError, match="64 levels"):
        facts_toml(deep)
    lists: list[Any] = []
    for _ in range(900):
        lists = [lists]
    with pytest.raises(ValueError, match="64 levels"):
        facts_toml({"a": lists})


def test_too_large_is_said() -> None:
    with pytest.raises(ValueError, match="larger than"):
        facts_toml({"a": "x y " * 600_000})
    with pytest.raises(ValueError, match="too large to write"):
        facts_toml({"a": 10**5_000})


def test_what_it_writes_is_read_again_in_time() -> None:
    facts: dict[str, Any] = {}
    for _ in range(60):
        facts = {"k" * 200: facts}
    began = time.process_time()
    tomllib.loads(facts_toml(facts))
    assert time.process_time() - began < 3
