"""The words of a watch: three verdicts that are never mixed up, one line a group of servers, and a bar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.fixes.model import Plan, Sight, State, Step
from screens._hand import lines_of, typed
from screens._watched import bar, is_resolver, told, wait

NS = (("ns1.good.example", "right"), ("ns2.good.example", "right"))


@pytest.mark.parametrize(
    ("left", "whole", "drawn"),
    [
        (300.0, 300.0, "────────────"),
        (150.0, 300.0, "━━━━━━──────"),
        (0.0, 300.0, "━━━━━━━━━━━━"),
        (900.0, 300.0, "────────────"),
        (-5.0, 300.0, "━━━━━━━━━━━━"),
        (10.0, 0.0, ""),
    ],
)
def test_a_bar_is_told_by_its_weight(left: float, whole: float, drawn: str) -> None:
    assert bar(left, whole) == drawn


@given(st.floats(-10, 1e6), st.floats(0.1, 1e6), st.integers(1, 80))
def test_a_bar_is_always_as_long(left: float, whole: float, cells: int) -> None:
    assert len(bar(left, whole, cells)) == cells


@pytest.mark.parametrize("name", ["1.1.1.1", "127.0.0.1:5301", "2606:4700:4700::1111", "[::1]:53"])
def test_a_resolver_goes_by_its_address(name: str) -> None:
    assert is_resolver(name)
    assert not is_resolver(f"ns.{name}.example")


def test_a_wait_has_its_clock_and_its_bar() -> None:
    servers = (*NS, ("1.1.1.1", "right"), ("9.9.9.9", "old answer"))
    lines = told(Sight("wait", "x", 168.0, servers, 300.0), 168.0)
    assert [(line.glyph, line.text) for line in lines] == [
        ("✓", "ns1.good.example and ns2.good.example answer it"),
        ("…", "1.1.1.1 ✓, 9.9.9.9 old answer"),
    ]
    assert lines[1].tail == "right, wait 02:48  ━━━━━───────"
    assert wait(Sight("wait", "x", 168.0, servers, 300.0), 0.0) == "right, any moment now"


def test_wrong_is_wrong_and_by_hand_it_is_not_there_yet() -> None:
    sight = Sight("wrong", "ns2 still answers something else.", servers=(NS[0], ("ns2.good.example", "wrong")))
    ours, hand = told(sight, 0.0), told(sight, 0.0, by_hand=True)
    assert [line.glyph for line in ours] == ["✓", "✗", "✗"]
    assert ours[-1].text.startswith("Wrong:")
    assert [line.glyph for line in hand] == ["✓", "…", "…"]
    assert not any("wait" in line.text + line.tail for line in (*ours, *hand))


def test_a_resolver_that_says_something_else_is_wrong_also_by_hand() -> None:
    text = "Right at your name servers. 9.9.9.9 answers something that did not stand there before."
    sight = Sight("wrong", text, servers=(*NS, ("1.1.1.1", "right"), ("9.9.9.9", "wrong")))
    lines = told(sight, 0.0, by_hand=True)
    assert [line.glyph for line in lines] == ["✓", "✗", "✗"]
    assert lines[1].text == "1.1.1.1 ✓, 9.9.9.9 something else"
    assert lines[2].text == f"Wrong: {text}"


def test_done_and_unknown_say_what_they_saw() -> None:
    assert told(Sight("done", "All answer it.", servers=NS), 0.0) == [("✓", "Done: All answer it.", "")]
    silent = Sight("unknown", "Nobody answered.", servers=(("ns1.good.example", "silent"), NS[1]))
    assert [line.glyph for line in told(silent, 0.0)] == ["✓", "?", "?"]


def test_a_server_with_two_addresses_is_one_with_its_worst_word() -> None:
    servers = (NS[0], ("ns1.good.example", "wrong"))
    assert [line.glyph for line in told(Sight("wrong", "x", servers=servers), 0.0)] == ["✗", "✗"]


# ---- what is typed ----
def _plan(*steps: Step) -> Plan:
    return Plan("dns.x.y", "t", "Namecheap, by hand", steps)


def test_rows_of_a_plan_say_add_change_and_delete() -> None:
    spf, verify = "v=spf1 -all", "verify=1"
    plan = _plan(
        Step("records", "www.good.example", "CNAME", State(("old.example.",), 300), State(("new.example.",), 300)),
        Step("records", "good.example", "TXT", State((spf, verify), 300), State((spf,), 300)),
    )
    fix = typed(plan, "Namecheap", "good.example")
    assert fix.panel is not None
    assert [(row.act, row.type, row.name, row.value.rstrip(".")) for row in fix.panel.rows] == [
        ("change", "CNAME", "www", "new.example"),
        ("delete", "TXT", "@", verify),  # what an undo takes away goes, whatever kind of text it is
    ]
    assert lines_of(plan, fix.panel) == [(fix.panel.rows[0].value, "CNAME www")]


def test_below_a_registered_domain_the_name_stands_in_full() -> None:
    step = Step("records", "www.app.good.example", "A", State(), State(("93.184.215.14",), 300))
    fix = typed(_plan(step), "Namecheap", "app.good.example")
    assert fix.panel is not None
    assert fix.panel.rows[0].name == "www.app.good.example"


def test_without_a_panel_the_lines_are_those_of_the_plan() -> None:
    step = Step("records", "www.good.example", "A", State(), State(("93.184.215.14", "93.184.215.15"), 300))
    assert [value for value, _ in lines_of(_plan(step), None)] == ["93.184.215.14", "93.184.215.15"]
