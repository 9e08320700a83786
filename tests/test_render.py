"""Facts as plain lines: no control, no reordering, no line wider than asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.render import cells, render_facts, wrap

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.integers(20, 120))
def test_any_facts_fit_and_are_harmless(facts: dict[str, object], width: int) -> None:
    shown = render_facts(facts, width)
    assert all(cells(line) <= width for line in shown.split("\n"))
    assert not any(ord(char) < 0x20 and char != "\n" for char in shown)
    assert "\u202e" not in shown


def test_it_reads_as_a_person_would_expect() -> None:
    facts = {"domain": "good.example", "ready": False, "open": ["www", {"id": "spf", "minutes": 5}], "note": None}
    assert render_facts(facts, 60) == (
        "domain: good.example\nready: no\nopen: 2\n  - www\n  -\n    id: spf\n    minutes: 5\nnote: not known"
    )


def test_words_longer_than_a_line_are_cut_by_cells() -> None:
    assert list(wrap("漢字漢字漢字", 5)) == ["漢字", "漢字", "漢字"]
    assert list(wrap("one two three", 7)) == ["one two", "three"]


def test_deep_and_endless_facts_end() -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    assert "…" in render_facts({"deep": deep, "many": list(range(20_000))}, 40)
