"""The links of a message: its text and HTML parts are found by their boundaries (RFC 2046) and searched.

Nothing else is decoded. Pure and bounded: parts, depth and bytes are capped, whatever the message claims to hold.
"""

from __future__ import annotations

import base64
import binascii
import email.errors
import email.message
import email.parser
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.mail.message import Message
from launchready_tui.sources.bodies import as_text
from launchready_tui.sources.html import parse as parse_html

_URL = re.compile(r"\bhttps?://[^\s<>\"'`{}|\\^\u201c\u201d\u2018\u2019]{1,2000}", re.IGNORECASE)
_TAIL = ".,;:!?)]*_"
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_NO_PAGE = "about:blank"


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the message: where its body stands, how it is packed, and what it says that it is."""

    type: str
    start: int
    end: int
    encoding: str
    charset: str
    attached: bool


def links(message: Message) -> tuple[str, ...]:
    """The http and https addresses that a reader can follow, in order, each once; at most limits.MESSAGE_LINKS."""
    found: dict[str, None] = {}
    left = limits.MESSAGE_TEXT_BYTES
    for part in parts(message):
        if part.attached or part.type not in ("text/plain", "text/html") or left <= 0:
            continue
        text = _text(message.raw, part, left)
        left -= len(text)
        for url in _html_links(text) if part.type == "text/html" else _plain_links(text):
            if len(found) >= limits.MESSAGE_LINKS:
                return tuple(found)
            found[url] = None
    return tuple(found)


def parts(message: Message) -> tuple[Part, ...]:
    """The leaves of a message, attachments included, none of them decoded."""
    header = b"".join(one.written + b":" + one.raw for one in message.fields if one.name.startswith("content-"))
    walk = _Walk(message.raw)
    walk.one(header, message.body_at, len(message.raw), 0)
    return tuple(walk.leaves)


class _Walk:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.leaves: list[Part] = []
        self.seen = 0

    def one(self, header: bytes, start: int, end: int, depth: int) -> None:
        self.seen += 1
        if self.seen > limits.MESSAGE_PARTS or depth > limits.MESSAGE_DEPTH:
            return
        told = _told(header)
        type = told.get_content_type()
        boundary = _boundary(told)
        if type.startswith("multipart/") and boundary:
            for from_, to in self._between(boundary, start, end):
                head = _HEADER_END.search(self.raw, from_, min(to, from_ + limits.MESSAGE_FIELD_BYTES))
                if self.raw[from_ : from_ + 1] in (b"\r", b"\n"):  # a part without a header is plain text
                    self.one(b"", from_ + 1, to, depth + 1)
                elif head is not None:
                    self.one(self.raw[from_ : head.end()], head.end(), to, depth + 1)
            return
        attached = str(told.get("content-disposition", "")).strip().lower().startswith("attachment")
        encoding = str(told.get("content-transfer-encoding", "")).strip().lower()[:40]
        charset = told.get_content_charset("utf-8")
        self.leaves.append(Part(type, start, end, encoding, charset, attached or type == "message/rfc822"))

    def _between(self, boundary: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches between the boundary's lines."""
        mark = b"\n--" + boundary
        at = start - 1 if start and self.raw[start - 1 : start] == b"\n" else start
        begun = -1
        for _ in range(limits.MESSAGE_PARTS * 4):  # lines that only begin like it count too
            at = self.raw.find(mark, at, end)
            if at < 0:
                break
            after = at + len(mark)
            line_end = self.raw.find(b"\n", after, after + 1_000)
            rest = self.raw[after : line_end if line_end >= 0 else end][:1_000].strip()
            if rest in (b"", b"--"):
                if begun >= 0:
                    yield begun, at
                begun = line_end + 1 if not rest and line_end >= 0 else -1
                if rest == b"--":
                    return
            at = after
        if begun >= 0:
            yield begun, end  # a message that was cut off: what is there counts


def _told(header: bytes) -> email.message.Message:
    return email.parser.BytesHeaderParser().parsebytes(header[: limits.MESSAGE_FIELD_BYTES])


def _boundary(told: email.message.Message) -> bytes:
    try:
        boundary = told.get_boundary()
    except (email.errors.MessageError, ValueError, UnicodeError):
        return b""
    return boundary.encode("utf-8", "replace")[:200] if boundary else b""


def _text(raw: bytes, part: Part, most: int) -> str:
    # A packed part is longer than what is in it: three times for quoted-printable, a third more for base64.
    cut = raw[part.start : min(part.end, part.start + most * 3)]
    if part.encoding == "base64":
        packed = re.sub(rb"[^A-Za-z0-9+/]", b"", cut)
        try:
            cut = base64.b64decode(packed[: len(packed) // 4 * 4])
        except (binascii.Error, ValueError):
            return ""
    elif part.encoding == "quoted-printable":
        cut = quopri.decodestring(cut)
    return as_text(cut[:most], f"charset={part.charset}")


def _plain_links(text: str) -> Iterator[str]:
    for found in _URL.finditer(text):
        yield found[0].rstrip(_TAIL)


def _html_links(text: str) -> Iterator[str]:
    for link in parse_html(text, _NO_PAGE).links:
        if link.href.lower().startswith(("http://", "https://")):
            yield link.href[: limits.URL_CHARACTERS]
