"""A message file is read as it stands, whatever wrote it, and nothing hostile in it takes long."""

from __future__ import annotations

import time

import pytest

from launchready_tui import limits
from launchready_tui.mail.message import BadMessage, decoded, host_of, read, when
from launchready_tui.mail.parts import links, parts

PLAIN = b"From: Ada <ada@good.example>\r\nSubject: Hello\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n\r\nHi\r\n"


@pytest.mark.parametrize(
    "around",
    [
        PLAIN,
        PLAIN.replace(b"\r\n", b"\n"),
        b"\xef\xbb\xbf" + PLAIN,
        b"\r\n\r\n" + PLAIN,
        b"From ada@good.example Mon Nov 23 10:00:00 2026\r\n" + PLAIN,
        b"%d\n" % len(PLAIN) + PLAIN + b"<?xml version='1.0'?><plist><dict/></plist>",
        PLAIN.partition(b"\r\n\r\n")[0],
    ],
    ids=["CRLF", "LF", "byte order mark", "blank lines", "mbox", "emlx", "no body"],
)
def test_however_it_was_saved(around: bytes) -> None:
    message = read(around)
    assert message.author.domain == "good.example"
    assert message.subject == "Hello"
    assert message.date is not None
    assert message.date.isoformat() == "2026-11-23T09:00:00+00:00"
    assert message.raw[message.body_at :].strip() in (b"Hi", b"")
    assert message.faults == ()
    assert all(one.raw.endswith(b"\r\n") for one in message.fields)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x00\r\n \n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, ".msg"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        ("From: a@b.example\n\n".encode("utf-16"), "UTF-16"),
        (b"Hello, this is a text.\n\nWith two paragraphs.", "That is no message"),
        (b"<html><body>mail</body></html>", "That is no message"),
        (b"X: y\r\n" * (limits.MESSAGE_FIELDS + 1) + PLAIN, "header lines"),
        (b"From: a@b.example\r\nX: " + b"y" * (limits.MESSAGE_HEADER_BYTES + 9), "longer than 256 KB"),
        (b"From x Mon Nov 23 10:00:00 2026\n" + PLAIN + b"\n\nFrom y Mon Nov 23 10:00:01 2026\nFrom: b", "several"),
    ],
)
def test_what_is_no_message_is_said(data: bytes, says: str) -> None:
    with pytest.raises(BadMessage) as told:
        read(data)
    assert says in told.value.sentence


def test_a_text_with_from_at_the_start_of_a_line_is_one_message() -> None:
    mbox = b"From x Mon Nov 23 10:00:00 2026\r\n" + PLAIN + b"\r\n\r\nFrom here on it is easy.\r\n"
    assert read(mbox).subject == "Hello"


def test_one_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGE_BYTES", 1_000_000)
    with pytest.raises(BadMessage, match="1 MB"):
        read(PLAIN + b"x" * 1_000_000)


def test_a_line_that_is_none_ends_the_header() -> None:
    message = read(b"what a mess\r\nFrom: a@good.example\r\nthis is nothing\r\nSubject: x\r\n\r\nHi\r\n")
    assert message.faults == ("A line among its header lines is none of them, so the body begins there.",)
    assert [one.name for one in message.fields] == ["from"]
    assert message.raw[message.body_at :].startswith(b"this is nothing\r\nSubject")


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("a@good.example", "good.example"),
        ("Ada <a@GOOD.example>", "good.example"),
        ('"boss@bank.example" <a@good.example>', "good.example"),
        ("=?utf-8?q?boss=40bank.example=3E?= <a@good.example>", "good.example"),
        ("Team: a@good.example, b@good.example;", "good.example"),
        ("a@good.example (a comment)", "good.example"),
        ("a@b\u00fccher.example", "xn--bcher-kva.example"),
        ("a@good.example, b@good.example", "good.example"),
    ],
)
def test_who_wrote_it(line: str, domain: str) -> None:
    assert read(f"From: {line}\r\n\r\n".encode()).author.domain == domain


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("Subject: x\r\n", "no From line"),
        ("From: a@x.example\r\nFrom: a@x.example\r\n", "2 From lines"),
        ("From: a@x.example, b@y.example\r\n", "several domains"),
        ("From: boss@bank.example <a@good.example>\r\n", "no address that can be read"),
        ("From: undisclosed:;\r\n", "no address that can be read"),
        ("From: \r\n", "no address that can be read"),
        ("From: a@[192.0.2.1]\r\n", "has no domain"),
        ("From: a@localhost\r\n", "has no domain"),
        (f"From: {'a@x.example,' * 400}\r\n", "no address that can be read"),
    ],
)
def test_a_from_that_nobody_can_go_by(lines: str, says: str) -> None:
    author = read(f"{lines}\r\n".encode() if "From" in lines else f"{lines}To: x\r\n\r\n".encode()).author
    assert author.domain == ""
    assert says in author.fault


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("=?utf-8?b?w7xiZXI=?=", "\u00fcber"),
        ("=?iso-8859-1?q?caf=E9?= plain", "caf\u00e9 plain"),
        ("=?zlib?b?eJw=?=", None),
        ("=?utf-8?b?!!!!?=", None),
        ("=?x?x?", "=?x?x?"),
    ],
)
def test_encoded_words(text: str, is_: str | None) -> None:
    made = decoded(text)
    assert made == is_ if is_ is not None else isinstance(made, str)


@pytest.mark.parametrize("text", ["", "yesterday", "99999999999999999999", "Mon, 32 Foo 2026", "\x00", "1 Jan 99999"])
def test_what_is_no_date(text: str) -> None:
    assert when(text) is None


@pytest.mark.parametrize("text", ["", "localhost", "[192.0.2.1]", "a..b", "\udcff.example", "x" * 300 + ".example"])
def test_what_is_no_domain(text: str) -> None:
    assert host_of(text) == ""


@pytest.mark.parametrize("unit", ["(", "<", "a,", '"\\', "=?utf-8?q?a?= ", "a@b,", ":;", "[", "@a,", "\t", "a b <"])
def test_a_hostile_from_takes_no_time(unit: str) -> None:
    data = f"From: {unit * (limits.MESSAGE_FIELD_BYTES // len(unit))}\r\n\r\n".encode()
    began = time.perf_counter()
    message = read(data)
    assert message.author.domain == ""
    assert time.perf_counter() - began < 0.5


# ---- parts and links ----

HEAD = b"From: a@good.example\r\nMIME-Version: 1.0\r\n"


def test_links_of_text_and_html_and_of_nothing_else() -> None:
    body = (
        b'Content-Type: multipart/mixed; boundary="X"\r\n\r\npreamble https://no.example/0\r\n'
        b"--X\r\nContent-Type: multipart/alternative; boundary=Y\r\n\r\n"
        b"--Y\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"Go to https://good.example/r?t=3D1=\r\n23. Bye.\r\n"
        b"--Y\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"PGEgaHJlZj0iaHR0cHM6Ly9nb29kLmV4YW1wbGUvaCI+eDwvYT48aW1nIHNyYz0iaHR0cHM6Ly9uby5leGFtcGxlLzEiPg==\r\n"
        b"--Y--\r\n"
        b"--X\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nhttps://no.example/2\r\n"
        b"--X\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\n\r\nhttps://no.example/3\r\n"
        b"--X\r\n\r\nhttps://good.example/bare\r\n"
        b"--X--\r\nhttps://no.example/4\r\n"
    )
    found = links(read(HEAD + body))
    assert found == ("https://good.example/r?t=123", "https://good.example/h", "https://good.example/bare")


@pytest.mark.parametrize(
    "body",
    [
        b"Content-Type: multipart/mixed; boundary=X\r\n\r\n" + b"\r\n--X\r\n" * 3_000,
        b"Content-Type: multipart/mixed; boundary=X\r\n\r\n" + b"\r\n--XY" * 400_000,
        b"Content-Type: multipart/mixed; boundary=X\r\n\r\n--X\r\nContent-Type: text/plain\r\n\r\ncut off",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary*0*=x''%ff; boundary*1=\"\r\n\r\n--x\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
        b"Content-Type: text/html; charset=zlib_codec\r\n\r\n<a href=https://good.example>x</a>",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"!" * 100_000,
        b"Content-Type: text/plain\r\n\r\n" + b"https://" * 100_000,
        b"Content-Type: ;;;;\r\nContent-Disposition: \xff\r\n\r\nx",
    ],
)
def test_broken_and_hostile_mime(body: bytes) -> None:
    message = read(HEAD + body)
    began = time.perf_counter()
    assert len(parts(message)) <= limits.MESSAGE_PARTS
    assert len(links(message)) <= limits.MESSAGE_LINKS
    assert time.perf_counter() - began < 1.0


def test_boundaries_within_boundaries_end() -> None:
    nested = b""
    for depth in range(60):
        nested += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
    assert links(read(HEAD + nested + b"Content-Type: text/plain\r\n\r\nhttps://good.example/")) == ()
