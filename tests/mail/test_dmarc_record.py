"""DMARC records by RFC 9989, one line each, and checkdmarc as an oracle where it reads the same standard."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from checkdmarc.dmarc import DMARCError, parse_dmarc_record
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mail import dmarc

RUA = "rua=mailto:a@good.example"


@dataclass(frozen=True)
class Line:
    """A record, whether it is valid, some of its values in effect, and words that must stand in errors or warnings.

    `oracle` False: checkdmarc is stricter than RFC 9989 section 4.8 there, or looser than section 4.10.1.
    """

    txt: str
    valid: bool = True
    tags: dict[str, str] = field(default_factory=dict)
    says: str = ""
    oracle: bool = True


LINES = (
    # the version (4.8: the name in any case, the value exactly)
    Line(f"v=DMARC1; p=none; {RUA}", tags={"p": "none", "sp": "none", "np": "none", "adkim": "r", "aspf": "r"}),
    Line(f"v=DMARC1;p=reject;{RUA}", tags={"p": "reject", "sp": "reject", "np": "reject", "t": "n", "psd": "u"}),
    Line(f"V = DMARC1 ; P = Quarantine ; {RUA}", tags={"p": "quarantine", "fo": "0"}),
    Line(f"v=dmarc1; p=none; {RUA}", valid=False, says="capitals"),
    Line(f"v=DMARC2; p=none; {RUA}", valid=False),
    Line(f"v=DMARC1 p=none; {RUA}", valid=False),
    Line(f" v=DMARC1; p=none; {RUA}", valid=False, says="space", oracle=False),
    Line(f"p=none; v=DMARC1; {RUA}", valid=False),
    Line("", valid=False),
    Line("v=spf1 -all", valid=False),
    Line(f"v=DMARC1; p=none; {RUA};", tags={"p": "none"}),
    Line(f"v=DMARC1; p=none; {RUA} ; "),
    # policies and what follows from them (4.7)
    Line(f"v=DMARC1; p=reject; sp=none; {RUA}", tags={"p": "reject", "sp": "none", "np": "none"}),
    Line(f"v=DMARC1; p=none; np=reject; {RUA}", tags={"sp": "none", "np": "reject"}),
    Line(f"v=DMARC1; p=quarantine; sp=none; np=reject; {RUA}", tags={"sp": "none", "np": "reject"}),
    Line(f"v=DMARC1; {RUA}; p=reject", tags={"p": "reject"}),
    Line(f"v=DMARC1; {RUA}", tags={"p": "none"}, says="no p"),
    Line("v=DMARC1", tags={"p": "none"}, says="neither p nor rua"),
    Line("v=DMARC1;", tags={"p": "none"}, says="neither p nor rua"),
    # policies that cannot be read (4.10.1)
    Line(f"v=DMARC1; p=monitor; {RUA}", tags={"p": "none", "sp": "none", "np": "none"}, says="p=none", oracle=False),
    Line("v=DMARC1; p=monitor", valid=False, says="ignore the whole record"),
    Line(f"v=DMARC1; p=reject; sp=block; {RUA}", tags={"p": "none", "sp": "none"}, oracle=False),
    Line("v=DMARC1; p=reject; sp=block", valid=False),
    Line("v=DMARC1; p=reject; np=block", valid=False),
    Line("v=DMARC1; p=; sp=none", valid=False),
    Line("v=DMARC1; p=monitor; rua=not-an-address", valid=False),
    # switches: what is wrong falls back (4.8)
    Line(f"v=DMARC1; p=none; adkim=s; aspf=s; {RUA}", tags={"adkim": "s", "aspf": "s"}),
    Line(f"v=DMARC1; p=none; adkim=x; {RUA}", tags={"adkim": "r"}, says="adkim=x"),
    Line(f"v=DMARC1; p=reject; t=y; {RUA}", tags={"p": "reject", "t": "y"}),
    Line(f"v=DMARC1; p=reject; t=maybe; {RUA}", tags={"t": "n"}, says="t=maybe", oracle=False),
    Line(f"v=DMARC1; p=reject; psd=y; {RUA}", tags={"psd": "y"}),
    Line(f"v=DMARC1; p=reject; psd=N; {RUA}", tags={"psd": "n"}),
    Line(f"v=DMARC1; p=reject; psd=maybe; {RUA}", tags={"psd": "u"}, oracle=False),
    Line(f"v=DMARC1; p=none; fo=1:d:s; {RUA}; ruf=mailto:f@good.example", tags={"fo": "1:d:s"}),
    Line(f"v=DMARC1; p=none; fo=0:1; {RUA}; ruf=mailto:f@good.example", tags={"fo": "0"}, says="fo=0:1"),
    Line(f"v=DMARC1; p=none; fo=x; {RUA}; ruf=mailto:f@good.example", tags={"fo": "0"}, oracle=False),
    Line(f"v=DMARC1; p=none; fo=1; {RUA}", tags={"fo": "1"}, says="only together with ruf"),
    # obsolete and unknown
    Line(f"v=DMARC1; p=none; pct=50; {RUA}", says="pct was removed"),
    Line(f"v=DMARC1; p=none; pct=nonsense; rf=afrf; ri=86400; {RUA}", says="ri was removed"),
    Line(f"v=DMARC1; p=none; colour=red; {RUA}", says="colour is unknown"),
    # names twice (RFC 6376 section 3.2)
    Line(f"v=DMARC1; p=none; p=reject; {RUA}", valid=False, says="more than once"),
    Line(f"v=DMARC1; p=none; {RUA}; rua=mailto:b@good.example", valid=False, says="rua"),
    Line(f"v=DMARC1; p=none; v=DMARC1; {RUA}", valid=False, says="more than once"),
    # addresses for reports
    Line(
        "v=DMARC1; p=none; rua=mailto:a@x.example, mailto:b@y.example",
        tags={"rua": "mailto:a@x.example,mailto:b@y.example"},
    ),
    Line("v=DMARC1; p=none; rua=mailto:A@X.example!10m", tags={"rua": "mailto:A@X.example"}, says="size limit"),
    Line("v=DMARC1; p=none; rua=a@good.example", tags={"p": "none"}, says="mailto:", oracle=False),
    Line(
        "v=DMARC1; p=none; rua=https://reports.example/in", tags={"rua": "https://reports.example/in"}, says="mail only"
    ),
    Line("v=DMARC1; p=none", says="no address for reports"),
    # broken pieces
    Line(f"v=DMARC1; p=none;; {RUA}", says="Two semicolons", oracle=False),
    Line(f"v=DMARC1; p=none; nonsense; {RUA}", says="“nonsense”", oracle=False),
    Line(f"v=DMARC1; p=none; adkim=\x00; {RUA}", tags={"adkim": "r"}, says="adkim", oracle=False),
    Line("v=DMARC1; p=\x1b[31mreject", valid=False, oracle=False),
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
    assert len(LINES) >= 40
    assert sum(line.oracle for line in LINES) >= 30


@pytest.mark.parametrize("line", [line for line in LINES if line.oracle], ids=lambda line: repr(line.txt))
def test_checkdmarc_agrees(line: Line) -> None:
    record = dmarc.parse(line.txt)
    asked = line.txt.partition("rua=")[0].rstrip("; ") or line.txt  # with rua it would ask the network
    try:
        theirs = parse_dmarc_record(asked, "good.example")
    except DMARCError:
        if "rua=" not in line.txt:
            assert not record.valid
        return
    if not record.valid:
        assert "rua=" in line.txt, "they take a record that we do not"
        return
    for name in ("p", "sp", "np", "adkim", "aspf", "t", "psd"):
        if name in theirs["tags"] and theirs["tags"][name]["explicit"]:
            assert theirs["tags"][name]["value"] == record.tags[name]


def test_test_mode_is_one_step_milder() -> None:
    assert dmarc.parse("v=DMARC1; p=reject; t=y").acts_as == "quarantine"
    assert dmarc.parse("v=DMARC1; p=quarantine; t=y").acts_as == "none"
    assert dmarc.parse("v=DMARC1; p=reject").acts_as == "reject"


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


@given(st.text(max_size=200).map(lambda text: f"v=DMARC1;{text}") | st.text(max_size=200))
def test_any_text_is_read(txt: str) -> None:
    record = dmarc.parse(txt)
    assert bool(record.errors) is not record.valid
    if record.valid:
        assert record.tags["p"] in dmarc.POLICIES
        assert record.tags["sp"] in dmarc.POLICIES
