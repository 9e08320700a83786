"""What a record set is on the wire, and what a zone may hold: pure."""

from __future__ import annotations

import dns.rdata
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.fixes.legal import conflicts_at, prepared, refuse_for_octodns, refuse_together
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.records import canonical, name_text, rdata_of, rdataset, state_of

ZONE = "good.example"


def step(name: str, type: str, *values: str, ttl: int | None = 300, before: State | None = None) -> Step:
    full = ZONE if name == "@" else f"{name}.{ZONE}"
    return Step("records", full, type, before or State(), State(values, ttl))


@pytest.mark.parametrize(
    ("type", "typed", "text"),
    [
        ("A", "93.184.215.14", "93.184.215.14"),
        ("AAAA", "2606:2800:021F:0:0:0:0:0001", "2606:2800:21f::1"),
        ("AAAA", "::FFFF:93.184.215.14", "::ffff:93.184.215.14"),
        ("CNAME", "WWW.Good.Example.", "www.good.example."),
        ("CNAME", "Straße.example.", "xn--strae-oqa.example."),
        ("MX", "010   Mail.Good.Example.", "10 mail.good.example."),
        ("SRV", "1 2 5060 SIP.example.", "1 2 5060 sip.example."),
        ("NS", "ns1.Example.", "ns1.example."),
        ("CAA", "0 issue ca.example", '0 issue "ca.example"'),
        ("CAA", '0 issue "CA.example; x=Y"', '0 issue "CA.example; x=Y"'),
        ("HTTPS", "1 CDN.example. alpn=h2,h3", '1 cdn.example. alpn="h2,h3"'),
        ("PTR", "A.example.", "a.example."),
        ("TXT", 'a "b" \\ ; c', 'a "b" \\ ; c'),
        ("TXT", "", ""),
    ],
)
def test_every_value_has_one_text(type: str, typed: str, text: str) -> None:
    assert canonical(type, typed) == text
    assert canonical(type, text) == text


@pytest.mark.parametrize(
    ("type", "typed"),
    [
        ("A", "93.184.215.256"),
        ("A", "093.184.215.14"),
        ("A", ""),
        ("AAAA", "2606:2800:21f::1%eth0"),
        ("CNAME", "@"),
        ("CNAME", "www"),
        ("CNAME", "a b."),
        ("CNAME", "a..example."),
        ("CNAME", "x" * 64 + "."),
        ("MX", "mail.example."),
        ("MX", "-1 mail.example."),
        ("MX", "10 mail.example. ; primary"),
        ("SRV", "1 2 sip.example."),
        ("CAA", "0 issue a; b"),
        ("CAA", "issue a"),
        ("TXT", "\udcff"),
        ("TXT", "x" * 65_536),
        ("NOSUCH", "x"),
    ],
)
def test_what_no_name_server_takes_is_one_sentence(type: str, typed: str) -> None:
    with pytest.raises(FixProblem) as caught:
        canonical(type, typed)
    assert caught.value.sentence.endswith(".")
    assert len(caught.value.sentence) < 300


@given(st.text(st.characters(codec="utf-8"), max_size=800))
def test_any_text_comes_back_from_the_wire(value: str) -> None:
    rdata = rdata_of("TXT", value)
    wire = rdata.to_wire()
    assert wire is not None
    back = dns.rdata.from_wire(rdata.rdclass, rdata.rdtype, wire, 0, len(wire))
    assert state_of([back], 300) == State((value,), 300)


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=5))
def test_any_text_record_is_put_back_byte_by_byte(strings: list[bytes]) -> None:
    """Whatever it holds and in whatever pieces: out of what is shown of it comes the same record."""
    wire = b"".join(bytes([len(part)]) + part for part in strings)
    there = dns.rdata.from_wire("IN", "TXT", wire, 0, len(wire))
    state = state_of([there], 300)
    (again,) = rdataset("TXT", state.values, 300, state.beside)
    assert again.to_wire() == wire


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("WWW.Good.Example.", "www.good.example"),
        ("bücher.good.example", "xn--bcher-kva.good.example"),
        ("_dmarc.good.example", "_dmarc.good.example"),
        ("*.good.example", "*.good.example"),
    ],
)
def test_a_name_has_one_text(typed: str, text: str) -> None:
    assert name_text(typed) == text


def test_a_step_comes_out_in_its_one_form() -> None:
    ready = prepared(step("WWW", "cname", "Good.Example."), ZONE)
    assert (ready.name, ready.type, ready.after) == ("www.good.example", "CNAME", State(("good.example.",), 300))
    marked = Step("records", ZONE, "AAAA", State(), State(("::0001",), None, (("::0001", "proxied", "yes"),)))
    assert prepared(marked, ZONE).after == State(("::1",), None, (("::1", "proxied", "yes"),))


@pytest.mark.parametrize("ttl", [-1, 2**31])
def test_a_ttl_out_of_range_is_refused(ttl: int) -> None:
    with pytest.raises(FixProblem, match="not possible"):
        prepared(step("a", "A", "93.184.215.14", ttl=ttl), ZONE)


def test_a_host_that_flattens_takes_an_alias_at_the_top() -> None:
    with pytest.raises(FixProblem, match="top of its zone"):
        prepared(step("@", "CNAME", "a.example."), ZONE)
    assert prepared(step("@", "CNAME", "a.example."), ZONE, alias_at_top=True).after.values == ("a.example.",)


A, CNAME, TXT, NS = (
    State(("93.184.215.1",), 300),
    State(("a.example.",), 60),
    State(("x",), 300),
    State(("n.example.",)),
)
DS = State((f"1 13 2 {'ab' * 32}",), 300)


@pytest.mark.parametrize(
    ("wanted", "there", "goes"),
    [
        (step("a", "CNAME", "b.example."), {"A": A, "TXT": TXT}, {"A", "TXT"}),
        (step("a", "CNAME", "b.example."), {"HTTPS": State(("1 .",), 300), "NS": NS, "DS": DS}, {"HTTPS", "NS", "DS"}),
        (step("a", "CNAME", "b.example."), {"CNAME": CNAME}, set()),
        (step("a", "CNAME", "b.example."), {"RRSIG": TXT, "NSEC": TXT}, set()),
        (step("a", "A", "93.184.215.1"), {"CNAME": CNAME, "RRSIG": TXT}, {"CNAME"}),
        (step("a", "HTTPS", "1 ."), {"CNAME": CNAME}, {"CNAME"}),
        (step("a", "TXT", "x"), {"A": A, "TXT": TXT}, set()),
        (step("a", "NS"), {"NS": NS, "DS": DS, "A": A}, {"DS"}),
        (step("a", "A"), {"CNAME": CNAME}, set()),
        (step("a", "NS", "n.example."), {"CNAME": CNAME}, {"CNAME"}),
        (step("a", "DS", DS.values[0]), {"NS": NS}, set()),
        (step("@", "TXT", "x"), {"NS": NS, "A": A}, set()),
    ],
)
def test_what_has_to_go(wanted: Step, there: dict[str, State], goes: set[str]) -> None:
    found = conflicts_at(wanted, there, ZONE)
    assert {one.type for one in found} == goes
    assert all((one.name, one.before, one.after) == (wanted.name, there[one.type], State()) for one in found)


@pytest.mark.parametrize(
    ("wanted", "there", "says"),
    [
        (step("a", "NS", "n.example."), {"MX": TXT}, "would hide its MX records"),
        (step("a", "MX", "1 m.example."), {"NS": NS}, "handed to other name servers (n.example)"),
        (step("a", "DS", DS.values[0]), {"A": A}, "no NS records"),
    ],
)
def test_what_nothing_could_make_room_for(wanted: Step, there: dict[str, State], says: str) -> None:
    with pytest.raises(FixProblem) as caught:
        conflicts_at(wanted, there, ZONE)
    assert says in caught.value.sentence


def test_an_alias_and_something_else_at_one_name_are_no_plan() -> None:
    alias, other = step("a", "CNAME", "b.example."), step("a", "TXT", "x")
    refuse_together((alias, step("a", "TXT"), step("b", "TXT", "x")))
    with pytest.raises(FixProblem, match=r"a\.good\.example should have TXT too"):
        refuse_together((other, alias))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (step("a", "TXT", "back\\slash"), "a backslash"),
        (step("a", "TXT", "ü"), "beyond plain ASCII"),
        (step("a", "TXT", "a\nb"), "beyond plain ASCII"),
        (step("a", "TXT", '"whole"'), "quotes at its beginning"),
        (step("a", "TXT", 'a" "b'), "quotes at its beginning, or around a space"),
        (step("a", "TXT", ""), "no text"),
        (step("a", "TXT", "new", before=State(("ü",), 300)), "beyond plain ASCII"),
        (step("a", "TXT", "x", before=State(("ab",), 300, (("ab", "pieces", "1+1"),))), "pieces of its own"),
        (step("@", "NS", "n.example."), "cannot be changed this way"),
    ],
)
def test_what_octodns_would_alter_is_refused(wanted: Step, says: str) -> None:
    with pytest.raises(FixProblem) as caught:
        refuse_for_octodns(wanted, ZONE)
    assert says in caught.value.sentence
    assert "provider's panel" in caught.value.sentence


def test_what_octodns_keeps_as_it_is_passes() -> None:
    for wanted in (
        step("a", "TXT", 'v=DKIM1; k=rsa; p=AB "c"'),
        step("sub", "NS", "n.example."),
        step("a", "A", "1.2.3.4"),
    ):
        refuse_for_octodns(wanted, ZONE)
