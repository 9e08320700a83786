"""A handover that somebody else wrote: read, or refused in a sentence that names the place."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import limits
from launchready_tui.handover.export import build
from launchready_tui.handover.reading import BadHandover, read_handover, read_handover_file
from launchready_tui.handover.toml import to_toml
from launchready_tui.text import clean
from tests.handover.worlds import facts

HEAD = b"[product]\ndomain = 'good.example'\n"
SYSTEM = b"[[systems]]\nsystem = 'dns'\nlabel = 'DNS'\ncritical = true\n"
WHOLE = build(facts())


def test_our_own_reads_back_also_with_windows_ends_of_line_and_a_byte_order_mark() -> None:
    text = to_toml(WHOLE).encode()
    assert read_handover(text) == WHOLE
    assert read_handover(text.replace(b"\n", b"\r\n")) == WHOLE
    assert read_handover(b"\xef\xbb\xbf" + text) == WHOLE


def test_an_older_one_that_knew_less_is_read() -> None:
    first = b"""#:schema ./handover.schema.json
schema_version = 1
[product]
domain = "Good.Example."
standing = "Ready."
looked_at = 2026-01-02T10:00:00
[[records]]
name = "good.example"
type = "A"
values = ["93.184.215.14"]
purpose = "leads visitors to the web host"
"""
    read = read_handover(first)
    assert read.product.domain == "good.example"
    assert read.product.looked_at == dt.datetime(2026, 1, 2, 10, tzinfo=dt.UTC), "no zone is UTC"
    assert (read.ways_back, read.secrets, read.monitors) == ([], [], [])


def test_what_a_later_one_added_is_passed_over() -> None:
    read = read_handover(HEAD + b"mood = 'fine'\n" + SYSTEM + b"colour = 3\n[later]\nx = 1\n")
    assert read.systems[0].label == "DNS"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "there is no section [product]"),
        (b"name = 'x'\n", "there is no section [product]"),
        (b"product = 'good.example'\n", "there is no section [product]"),
        (b"[product]\nname = 'Club'\n", "product lacks “domain”"),
        (b"[product]\ndomain = 3\n", "product, domain should be text, and is a whole number"),
        (b"[product]\ndomain = 'not a domain'\n", "that is no domain"),
        (b"schema_version = 2\n" + HEAD, "newer launchready (format 2; this one knows format 1). Update launchready"),
        (b"schema_version = '1'\n" + HEAD, "schema_version is not a number from 1 on"),
        (b"schema_version = true\n" + HEAD, "schema_version is not a number from 1 on"),
        (b"schema_version = 0\n" + HEAD, "schema_version is not a number from 1 on"),
        (HEAD + SYSTEM + SYSTEM.replace(b"true", b"'yes'"), "systems, entry 2, critical should be true or false"),
        (
            HEAD + b"[[records]]\nname='a'\ntype='A'\npurpose=''\nvalues=[1]\n",
            "records, entry 1, values, entry 1 should",
        ),
        (HEAD + b"[[records]]\nname='a'\ntype='A'\n", "records, entry 1 lacks “values”"),
        (
            HEAD + b"[[records]]\nname='a'\ntype='A'\nvalues=[]\npurpose=''\nttl=-1\n",
            "records, entry 1, ttl should be a whole number from 0 on",
        ),
        (HEAD + b"[product.absent]\npayments = 1\n", "product, absent, payments should be text"),
        (b"systems = 3\n" + HEAD, "systems should be a list, and is a whole number"),
        (HEAD + b"[[next_actions]]\nid='a'\nwhat='b'\ndue='soon'\n", "next_actions, entry 1, due should be"),
        (HEAD + b"[[changes]]\nnumber=1\nat=12:00:00\n", "changes, entry 1, at should be a time"),
        (b"= nonsense\n", "It is not valid TOML (line 1, column 1)"),
        (b'{"product": {}}', "It is not valid TOML"),
        (b"<html></html>", "It is not valid TOML"),
        (b"a = \xff\n", "Byte 5 is not UTF-8 text"),
        ("[product]\n".encode("utf-16"), "This file is UTF-16"),
        (b"PK\x03\x04zip", "This file is a zip archive"),
        (b"%PDF-1.7", "This file is a PDF"),
        (b"a" + b".b" * 100 + b" = 1\n", "more than 64 dots"),
        (b"a = " + b"[" * 20_000, "nested too deeply"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(BadHandover) as told:
        read_handover(data)
    assert says in told.value.sentence


def test_a_value_is_never_repeated() -> None:
    with pytest.raises(BadHandover) as told:
        read_handover(HEAD + SYSTEM + b"owner = ['correct horse battery']\n")
    assert "systems, entry 1, owner should be text" in told.value.sentence
    assert "horse" not in told.value.sentence


def test_a_large_file_is_refused_before_it_is_parsed() -> None:
    endless = b"a" + b".b" * (limits.DOCUMENT_BYTES // 2) + b" = 1"
    began = time.monotonic()
    with pytest.raises(BadHandover, match="larger than"):
        read_handover(endless)
    assert time.monotonic() - began < 1
    began = time.monotonic()
    with pytest.raises(BadHandover, match="64 dots"):
        read_handover(endless[: limits.DOCUMENT_BYTES // 2])
    assert time.monotonic() - began < 10  # a parser would take minutes


def refusal(data: bytes) -> str:
    """The sentence of a refusal, "" where it reads; anything else that is raised fails the test."""
    try:
        read_handover(data)
    except BadHandover as problem:
        return problem.sentence
    return ""


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: HEAD + tail))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    sentence = refusal(data)
    assert clean(sentence, limit=5_000) == sentence


@given(st.integers(0, 5_000), st.integers(0, 255))
def test_a_changed_byte_of_ours_is_read_or_refused(place: int, byte: int) -> None:
    data = bytearray(to_toml(WHOLE).encode())
    data[place % len(data)] = byte
    sentence = refusal(bytes(data))
    assert clean(sentence, limit=5_000) == sentence


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadHandover, match="There is no file"):
        read_handover_file(tmp_path / "handover.toml")
    (tmp_path / "handover.toml").write_bytes(to_toml(WHOLE).encode())
    assert read_handover_file(tmp_path / "handover.toml") == (WHOLE, to_toml(WHOLE).encode())
