"""DMARC records, one a row with the section of RFC 9989 that decides it, and checkdmarc as the oracle.

Where checkdmarc reads a row otherwise, the row says why we do not, and the difference is tested too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import checkdmarc.dmarc as theirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mail import dmarc
from launchready_tui.mail.dmarc_text import rewritten, silent, starter

RUA = "rua=mailto:a@good.example"
RUF = "ruf=mailto:f@good.example"
CASE = "4.10.1 wins over 4.8 here: with an address for reports receivers act on p=none; theirs refuses the record"
DROPS = "4.8: a broken value gives way to the default or is overlooked; theirs refuses the record"
URIS = "4.8: an address that cannot be read is overlooked, not the record; theirs refuses the record"


@dataclass(frozen=True)
class Line:
    """A record and the section that decides it, whether it is valid, some of its values in effect, and words that must
    stand in errors or warnings. `differs` says why checkdmarc's other verdict is not ours."""

    rfc: str
    txt: str
    valid: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    says: str = ""
    differs: str = ""


LINES = (
    # the version: its name in any case, its value exactly, and first
    Line("4.8 dmarc-version", f"v=DMARC1; p=none; {RUA}", tags={"p": "none", "sp": "none", "np": "none"}),
    Line("4.8 dmarc-version", f"v=DMARC1;p=reject;{RUA}", tags={"p": "reject", "sp": "reject", "np": "reject"}),
    Line("4.8 equals, dmarc-sep", f"V = DMARC1 ; P = Quarantine ; {RUA}", tags={"p": "quarantine", "fo": "0"}),
    Line("4.8 dmarc-sep", f"v=DMARC1\t;\tp\t=\tnone\t;\t{RUA}", tags={"p": "none"}),
    Line("4.7 v", f"v=dmarc1; p=none; {RUA}", valid=False, says="capitals"),
    Line("4.7 v", f"v=Dmarc1; p=none; {RUA}", valid=False, says="capitals"),
    Line("4.7 v", f"v=DMARC2; p=none; {RUA}", valid=False),
    Line("4.7 v", f"v=DMARC10; p=none; {RUA}", valid=False),
    Line("4.8 dmarc-sep", f"v=DMARC1 p=none; {RUA}", valid=False),
    Line(
        "4.8 dmarc-version",
        f" v=DMARC1; p=none; {RUA}",
        valid=False,
        says="space",
        differs="nothing may stand before v; theirs refuses it where it asks the DNS, not where it reads",
    ),
    Line("4.7 v", f"p=none; v=DMARC1; {RUA}", valid=False),
    Line("4.7 v", f"p=none; {RUA}", valid=False),
    Line("4.7 v", "", valid=False),
    Line("4.7 v", "v=spf1 -all", valid=False),
    Line("4.7 v", "v=DKIM1; p=abc", valid=False),
    Line(
        "4.8 dmarc-version",
        f'"v=DMARC1; p=none; {RUA}"',
        valid=False,
        differs="quotation marks in the value are not the record's; theirs takes them off as a dump's",
    ),
    Line("4.8 dmarc-record", f"v=DMARC1; p=none; {RUA};", tags={"p": "none"}),
    Line("4.8 dmarc-record", f"v=DMARC1; p=none; {RUA} ; ", tags={"p": "none"}),
    Line("4.8 dmarc-record", f"v=DMARC1; {RUA}; p=reject", tags={"p": "reject"}),
    # policies and what follows from them
    Line("4.7 p", f"v=DMARC1; p=quarantine; {RUA}", tags={"p": "quarantine", "sp": "quarantine", "np": "quarantine"}),
    Line("4.7 sp", f"v=DMARC1; p=reject; sp=none; {RUA}", tags={"p": "reject", "sp": "none", "np": "none"}),
    Line("4.7 sp", f"v=DMARC1; p=none; sp=quarantine; {RUA}", tags={"sp": "quarantine", "np": "quarantine"}),
    Line("4.7 np", f"v=DMARC1; p=none; np=reject; {RUA}", tags={"sp": "none", "np": "reject"}),
    Line("4.7 np", f"v=DMARC1; p=quarantine; sp=none; np=reject; {RUA}", tags={"sp": "none", "np": "reject"}),
    Line("4.8 dmarc-request", f"v=DMARC1; p=REJECT; sp=None; np=QuaranTine; {RUA}", tags={"p": "reject", "sp": "none"}),
    Line("4.7 p, 4.10.1", f"v=DMARC1; {RUA}", tags={"p": "none"}, says="no p"),
    Line("4.10.1", "v=DMARC1", tags={"p": "none"}, says="neither p nor rua"),
    Line("4.10.1", "v=DMARC1;", tags={"p": "none"}, says="neither p nor rua"),
    Line("4.10.1", f"v=DMARC1; sp=reject; {RUA}", tags={"p": "none", "sp": "reject"}, says="no p"),
    # policies that cannot be read
    Line("4.10.1", f"v=DMARC1; p=monitor; {RUA}", tags={"p": "none", "sp": "none"}, says="p=none", differs=CASE),
    Line("4.10.1", f"v=DMARC1; p=reject; sp=block; {RUA}", tags={"p": "none", "sp": "none"}, differs=CASE),
    Line("4.10.1", f"v=DMARC1; p=reject; np=block; {RUA}", tags={"p": "none", "np": "none"}, differs=CASE),
    Line("4.10.1", "v=DMARC1; p=monitor", valid=False, says="ignore the whole record"),
    Line("4.10.1", "v=DMARC1; p=reject; sp=block", valid=False),
    Line("4.10.1", "v=DMARC1; p=reject; np=block", valid=False),
    Line("4.10.1", "v=DMARC1; p=; sp=none", valid=False),
    Line("4.10.1", "v=DMARC1; p=reject sp=none", valid=False),
    Line("4.10.1", "v=DMARC1; p=monitor; rua=not-an-address", valid=False),
    Line("4.10.1", "v=DMARC1; p=\x1b[31mreject", valid=False),
    # switches
    Line("4.7 adkim, aspf", f"v=DMARC1; p=none; adkim=s; aspf=s; {RUA}", tags={"adkim": "s", "aspf": "s"}),
    Line("4.7 adkim, aspf", f"v=DMARC1; p=none; {RUA}", tags={"adkim": "r", "aspf": "r"}),
    Line("4.8 dmarc-rors", f"v=DMARC1; p=none; adkim=S; {RUA}", tags={"adkim": "s", "aspf": "r"}),
    Line("4.8", f"v=DMARC1; p=none; adkim=x; {RUA}", tags={"adkim": "r"}, says="adkim=x"),
    Line("4.8", f"v=DMARC1; p=none; aspf=strict; {RUA}", tags={"aspf": "r"}, says="aspf=strict"),
    Line("4.7 t", f"v=DMARC1; p=reject; t=y; {RUA}", tags={"p": "reject", "t": "y"}),
    Line("4.7 t", f"v=DMARC1; p=none; t=y; {RUA}", tags={"p": "none", "t": "y"}),
    Line("4.7 t", f"v=DMARC1; p=reject; {RUA}", tags={"t": "n", "psd": "u"}),
    Line("4.8", f"v=DMARC1; p=reject; t=maybe; {RUA}", tags={"t": "n"}, says="t=maybe", differs=DROPS),
    Line("4.7 psd", f"v=DMARC1; p=reject; psd=y; {RUA}", tags={"psd": "y"}),
    Line("4.8 dmarc-psd", f"v=DMARC1; p=reject; psd=N; {RUA}", tags={"psd": "n"}),
    Line("4.7 psd", f"v=DMARC1; p=reject; psd=u; {RUA}", tags={"psd": "u"}),
    Line("4.8", f"v=DMARC1; p=reject; psd=maybe; {RUA}", tags={"psd": "u"}, differs=DROPS),
    # failure reports
    Line("4.7 fo", f"v=DMARC1; p=none; fo=1:d:s; {RUA}; {RUF}", tags={"fo": "1:d:s"}),
    Line("4.8 dmarc-fo", f"v=DMARC1; p=none; fo=d:0:s; {RUA}; {RUF}", tags={"fo": "d:0:s"}),
    Line("4.8 dmarc-fo", f"v=DMARC1; p=none; fo=s; {RUA}; {RUF}", tags={"fo": "s"}),
    Line("4.7 fo", f"v=DMARC1; p=none; fo=0:1; {RUA}; {RUF}", tags={"fo": "0"}, says="fo=0:1"),
    Line("4.8 dmarc-afrf", f"v=DMARC1; p=none; fo=d:d; {RUA}; {RUF}", tags={"fo": "0"}, says="fo=d:d"),
    Line("4.8", f"v=DMARC1; p=none; fo=x; {RUA}; {RUF}", tags={"fo": "0"}, differs=DROPS),
    Line("4.7 fo", f"v=DMARC1; p=none; fo=1; {RUA}", tags={"fo": "1"}, says="only together with ruf"),
    # tags that were removed, and unknown ones
    Line("9.4, appendix C.6", f"v=DMARC1; p=none; pct=50; {RUA}", says="pct was removed"),
    Line("9.4, appendix C.6", f"v=DMARC1; p=none; pct=nonsense; rf=afrf; ri=86400; {RUA}", says="ri was removed"),
    Line("4.7 unknown tags", f"v=DMARC1; p=none; colour=red; {RUA}", says="colour is unknown"),
    Line("4.7 unknown tags", f"v=DMARC1; p=none; colour=red; colour=blue; {RUA}", says="colour is unknown"),
    # names twice: the list's syntax is that of RFC 6376 section 3.2
    Line("4.7, RFC 6376 3.2", f"v=DMARC1; p=none; p=reject; {RUA}", valid=False, says="more than once"),
    Line("4.7, RFC 6376 3.2", f"v=DMARC1; p=none; P=none; {RUA}", valid=False, says="more than once"),
    Line("4.7, RFC 6376 3.2", f"v=DMARC1; p=none; {RUA}; rua=mailto:b@good.example", valid=False, says="rua"),
    Line("4.7, RFC 6376 3.2", f"v=DMARC1; p=none; v=DMARC1; {RUA}", valid=False, says="more than once"),
    Line("4.7, RFC 6376 3.2", f"v=DMARC1; p=none; pct=1; pct=2; {RUA}", valid=False, says="pct"),
    # addresses for reports
    Line(
        "4.6, 4.8 dmarc-urilist",
        "v=DMARC1; p=none; rua=mailto:a@x.example, mailto:b@y.example",
        tags={"rua": "mailto:a@x.example,mailto:b@y.example"},
    ),
    Line(
        "4.8 obs-dmarc-uri",
        "v=DMARC1; p=none; rua=mailto:A@X.example!10m",
        tags={"rua": "mailto:A@X.example"},
        says="size limit",
    ),
    Line("4.8 obs-dmarc-uri", "v=DMARC1; p=none; rua=mailto:a@x.example!5", tags={"rua": "mailto:a@x.example"}),
    Line("4.7 rua", "v=DMARC1; p=none; rua=a@good.example", says="mailto:", differs=URIS),
    Line("4.7 rua", "v=DMARC1; p=none; rua=mailto:", says="not an address", differs=URIS),
    Line(
        "4.6", "v=DMARC1; p=none; rua=mailto:a@x.example,b@y.example", tags={"rua": "mailto:a@x.example"}, differs=URIS
    ),
    Line(
        "4.7 rua",
        "v=DMARC1; p=none; rua=https://reports.example/in",
        tags={"rua": "https://reports.example/in"},
        says="mail only",
    ),
    Line("4.7 rua", "v=DMARC1; p=none", says="no address for reports"),
    Line("4.7 rua", "v=DMARC1; p=none; rua=", says="cannot be read", differs=URIS),
    Line("4.7 ruf", f"v=DMARC1; p=none; {RUA}; {RUF}", tags={"ruf": "mailto:f@good.example"}),
    # broken pieces
    Line("4.8", f"v=DMARC1; p=none;; {RUA}", says="Two semicolons", differs=DROPS),
    Line("4.8 dmarc-tag", f"v=DMARC1; p=none; nonsense; {RUA}", says="“nonsense”", differs=DROPS),
    Line("4.8 dmarc-tag", f"v=DMARC1; p=none; x1=y; {RUA}", says="“x1=y”", differs=DROPS),
    Line("4.8 dmarc-value", f"v=DMARC1; p=none; adkim=\x00; {RUA}", tags={"adkim": "r"}, says="adkim", differs=DROPS),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: repr(line.txt))
def test_a_record(line: Line) -> None:
    record = dmarc.parse(line.txt)
    assert record.valid is line.valid, record
    assert line.tags.items() <= record.tags.items()
    if line.says:
        assert any(line.says in said for said in (*record.errors, *record.warnings)), record
    assert bool(record.errors) is not record.valid


def test_the_table_is_long_enough() -> None:
    assert len({line.txt for line in LINES}) >= 75
    assert all(line.rfc for line in LINES)
    assert sum(not line.differs for line in LINES) >= 60


def verdict(txt: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str] | None:
    """What checkdmarc reads, without a network: every mail address has a server and takes reports. None: refused."""
    monkeypatch.setattr(theirs, "get_mx_records", lambda *_args, **_more: [{"hostname": "mx.good.example"}])
    monkeypatch.setattr(theirs, "verify_dmarc_report_destination", lambda *_args, **_more: None)
    try:
        read = theirs.parse_dmarc_record(txt, "good.example")
    except theirs.DMARCError:
        return None
    tags: dict[str, str] = {}
    for name, held in read["tags"].items():
        value: object = held["value"]
        if isinstance(value, list):
            value = ",".join(one["address"] for one in value)
        tags[name] = str(value)
    return tags


def ours(txt: str) -> dict[str, str] | None:
    record = dmarc.parse(txt)
    return {name: value.replace("mailto:", "") for name, value in record.tags.items()} if record.valid else None


@pytest.mark.parametrize("line", LINES, ids=lambda line: repr(line.txt))
def test_checkdmarc_agrees_or_the_row_says_why_not(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    other, mine = verdict(line.txt, monkeypatch), ours(line.txt)
    assert (mine != other) is bool(line.differs), (mine, other)


@pytest.mark.parametrize(
    ("record", "acts"),
    [
        ("p=reject; t=y", "quarantine"),
        ("p=quarantine; t=y", "none"),
        ("p=none; t=y", "none"),
        ("p=reject", "reject"),
        ("p=reject; t=n", "reject"),
    ],
)
def test_test_mode_is_one_step_milder(record: str, acts: str) -> None:
    assert dmarc.parse(f"v=DMARC1; {record}").acts_as == acts  # 4.7 t


def test_a_record_that_asks_for_nothing_does_not_apply() -> None:
    assert not dmarc.parse("v=DMARC1;").applies
    assert dmarc.parse(f"v=DMARC1; {RUA}").applies
    assert dmarc.parse("v=DMARC1; p=none").applies


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("mailto:a@Good.Example", "good.example"),
        ("MAILTO:a@x.example?subject=hi", "x.example"),
        ("mailto:@x.example", ""),
        ("mailto:a@", ""),
        ("https://x.example/", ""),
    ],
)
def test_the_host_of_a_uri(uri: str, host: str) -> None:
    assert dmarc.uri_host(uri) == host


@pytest.mark.parametrize(
    ("one", "other", "mode", "expected"),
    [  # 4.4.1 and 4.4.2, their own examples first
        ("news.example.com", "example.com", "r", True),
        ("news.example.com", "example.com", "s", False),
        ("example.com", "cbg.bounces.example.com", "r", True),
        ("example.com", "com", "r", False),
        ("Good.Example.", "good.example", "s", True),
        ("a.co.uk", "b.co.uk", "r", False),
        ("co.uk", "co.uk", "r", True),
        ("a.github.io", "b.github.io", "r", False),
        ("bücher.example", "shop.xn--bcher-kva.example", "r", True),
        ("<ada@good.example>", "mail.good.example", "r", True),
        ("", "", "r", False),
        ("a..b", "a..b", "r", False),
        ("notgood.example", "good.example", "r", False),
    ],
)
def test_alignment(one: str, other: str, mode: str, expected: bool) -> None:
    assert dmarc.aligned(one, other, mode) is expected
    assert dmarc.aligned(other, one, mode) is expected


@given(st.text(max_size=200).map(lambda text: f"v=DMARC1;{text}") | st.text(max_size=200))
def test_any_text_is_read(txt: str) -> None:
    record = dmarc.parse(txt)
    assert bool(record.errors) is not record.valid
    if record.valid:
        assert record.tags["p"] in dmarc.POLICIES
        assert record.tags["sp"] in dmarc.POLICIES


_PAIRS = st.fixed_dictionaries(
    {"p": st.sampled_from(dmarc.POLICIES)},
    optional={
        "sp": st.sampled_from(dmarc.POLICIES),
        "np": st.sampled_from(dmarc.POLICIES),
        "t": st.sampled_from("yn"),
        "adkim": st.sampled_from("rs"),
        "aspf": st.sampled_from("rs"),
        "psd": st.sampled_from("ynu"),
        "rua": st.sampled_from(("mailto:a@x.example", "mailto:a@x.example,mailto:b@y.example")),
        "pct": st.just("50"),
    },
)


@given(_PAIRS)
def test_a_record_written_anew_says_the_same(pairs: dict[str, str]) -> None:
    record = dmarc.parse("; ".join(["v=DMARC1", *(f"{name}={value}" for name, value in pairs.items())]))
    again = dmarc.parse(rewritten(record, "good.example", {"pct": ""}))
    assert again.valid
    assert not any("removed" in warning for warning in again.warnings)
    assert {**again.tags, "rua": ""} == {**record.tags, "rua": ""}
    assert again.rua == (record.rua or ("mailto:dmarc@good.example",))
    assert rewritten(again, "good.example") == rewritten(record, "good.example", {"pct": ""})


def test_what_we_begin_with_is_sound() -> None:
    assert dmarc.parse(starter("good.example")).warnings == ()
    assert dmarc.parse(silent("mailto:a@x.example")).warnings == ()
    assert dmarc.parse(silent()).tags["np"] == "reject"


def test_sixty_four_kilobytes_of_tags_are_read_at_once() -> None:
    record = dmarc.parse("v=DMARC1; p=none; " + "x=y; " * 13_000)
    assert record.valid
    assert len(record.warnings) < 100
