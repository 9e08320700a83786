"""A sender is added to an SPF record, or taken away, and nothing else of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.mail.spf_edit import term_for, with_sender, without_sender

NEW = "include:new.example"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"v=spf1 {NEW} ~all"),
        ("google-site-verification=1", f"v=spf1 {NEW} ~all"),
        ("v=spf1 -all", f"v=spf1 {NEW} -all"),
        ("v=spf1", f"v=spf1 {NEW}"),
        ("V=SPF1 MX ~ALL", f"V=SPF1 MX {NEW} ~ALL"),
        ("v=spf1 a  mx   ~all", f"v=spf1 a mx {NEW} ~all"),
        ("v=spf1 include:b.example include:a.example ?all", f"v=spf1 include:b.example include:a.example {NEW} ?all"),
        ("v=spf1 redirect=_spf.example", f"v=spf1 {NEW} redirect=_spf.example"),
        ("v=spf1 mx exp=e.example -all", f"v=spf1 mx exp=e.example {NEW} -all"),
        ("v=spf1 mx exp=e.example", f"v=spf1 mx {NEW} exp=e.example"),
        ("v=spf1 +include:new.example ~all", "v=spf1 +include:new.example ~all"),
        ("v=spf1 include:NEW.example. ~all", "v=spf1 include:NEW.example. ~all"),
        ("v=spf1 mx -include:new.example a ~all", f"v=spf1 mx {NEW} a ~all"),
        (f"v=spf1 mx -all {NEW}", f"v=spf1 mx {NEW} -all"),
        ("v=spf1 mx +mx MX ~all -all", f"v=spf1 mx {NEW} ~all"),
    ],
)
def test_adding(before: str, after: str) -> None:
    assert with_sender(before, [NEW]) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("v=spf1 include:new.example ~all", "v=spf1 ~all"),
        ("v=spf1 mx include:new.example include:a.example -all", "v=spf1 mx include:a.example -all"),
        ("v=spf1 mx ?include:NEW.example ~all", "v=spf1 mx ~all"),
        ("v=spf1 include:notnew.example ~all", "v=spf1 include:notnew.example ~all"),
        ("v=spf1 redirect=new.example", "v=spf1 ~all"),
        ("v=spf1 mx redirect=new.example exp=e.example", "v=spf1 mx ~all exp=e.example"),
        ("v=spf1 mx redirect=new.example -all", "v=spf1 mx -all"),
        ("v=spf1 mx redirect=other.example", "v=spf1 mx redirect=other.example"),
        ("not a record", "not a record"),
    ],
)
def test_taking_away(before: str, after: str) -> None:
    assert without_sender(before, lambda host: host.lower() == "new.example") == after


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("_spf.google.com", "include:_spf.google.com"),
        ("SPF.Example.", "include:spf.example"),
        ("93.184.215.14", "ip4:93.184.215.14"),
        ("93.184.215.9/24", "ip4:93.184.215.0/24"),
        ("2001:DB8::1", "ip6:2001:db8::1"),
    ],
)
def test_the_word_for_a_sender(typed: str, term: str) -> None:
    assert term_for(typed) == term


@pytest.mark.parametrize(
    "typed", ["", "a b", "x -all", "%{i}.evil.example", "exa mple", "nodots", "a.example\n+all", "é"]
)
def test_what_is_no_word_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="SPF"):
        term_for(typed)


label = st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)
host = st.builds("{}.{}".format, label, st.sampled_from(["example", "test", "invalid"]))
qualifier = st.sampled_from(["", "+", "-", "~", "?"])
mechanism = st.one_of(
    st.builds("{}include:{}".format, qualifier, host),
    st.builds("{}{}".format, qualifier, st.sampled_from(["a", "mx", "A", "mx/24", "ptr"])),
    st.builds("{}a:{}".format, qualifier, host),
    st.builds("{}ip4:93.184.215.{}".format, qualifier, st.integers(0, 255)),
    st.builds("{}ip6:2001:db8::{:x}".format, qualifier, st.integers(0, 255)),
    st.builds("{}all".format, qualifier),
    st.builds("unknown={}".format, host),
)
record = st.builds(
    lambda words, last: " ".join(["v=spf1", *words, *last]),
    st.lists(mechanism, max_size=8),
    st.one_of(st.just([]), host.map(lambda name: [f"redirect={name}"]), host.map(lambda name: [f"exp={name}"])),
)


def _words(text: str) -> list[str]:
    return [one.text.lower().removeprefix("+") for one in parse(text).terms if one.name != "all"]


@given(record, host)
def test_adding_loses_nothing_and_ends_once(text: str, name: str) -> None:
    term = f"include:{name}"
    out = with_sender(text, [term])
    assert is_spf(out)
    assert sum(one.name == "all" for one in parse(out).terms) <= 1
    assert out.lower().count(f"include:{name}") >= 1
    others = [word for word in dict.fromkeys(_words(text)) if word.lstrip("-~?") != term]
    left = [word for word in _words(out) if word.lstrip("-~?") != term]
    assert left == others, "every other word is there, in its order"
    first = next((one.qualifier for one in parse(text).terms if one.name == "all"), "")
    assert parse(out).all == first
    words = [one.text for one in parse(out).terms]
    ends = [at for at, one in enumerate(parse(out).terms) if one.name == "all"]
    passing = [at for at, word in enumerate(words) if word.lower().removeprefix("+") == term]
    assert passing
    assert not ends or passing[0] < ends[0], "it counts: it stands before the all"


@given(record, host)
def test_adding_twice_is_adding_once(text: str, name: str) -> None:
    once = with_sender(text, [f"include:{name}"])
    assert with_sender(once, [f"include:{name}"]) == once


@given(record, host)
def test_taking_away_what_was_added_is_the_original(text: str, name: str) -> None:
    added = f"new-{name}"
    out = without_sender(with_sender(text, [f"include:{added}"]), lambda one: one == added)
    assert out == without_sender(text, lambda one: False), "the original, with what stood twice kept once"
    plain = [one.text.lower().removeprefix("+") for one in parse(text).terms]
    if len(set(plain)) == len(plain) and sum(one.name == "all" for one in parse(text).terms) < 2:
        assert out == text


@given(record, host)
def test_taking_away_loses_only_theirs(text: str, name: str) -> None:
    out = without_sender(text, lambda one: one == name)
    assert without_sender(out, lambda one: one == name) == out
    assert sum(one.name == "all" for one in parse(out).terms) <= 1
    theirs = {f"include:{name}", f"redirect={name}"}
    kept = [word for word in dict.fromkeys(_words(text)) if word.lstrip("-~?") not in theirs]
    assert _words(out) == kept


@given(st.text(max_size=200))
def test_any_text_comes_out_as_one_record_or_as_it_was(text: str) -> None:
    assert is_spf(with_sender(text, [NEW]))
    assert without_sender(text, lambda one: False) == text or is_spf(text)
