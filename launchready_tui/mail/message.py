"""A message file, read: its header fields as they stand (for DKIM, to the byte) and as text. Pure, bounded.

RFC 5322 with what mail programs make of it: CRLF or LF, a byte order mark, an mbox "From " line, Apple Mail's .emlx
with its length on the first line, blank lines that came in with a paste. Attachments are never opened.
"""

from __future__ import annotations

import datetime as dt
import email.errors
import email.header
import email.headerregistry
import email.utils
import re
from dataclasses import dataclass, field
from functools import cached_property

import idna

from launchready_tui import limits
from launchready_tui.domain import is_name
from launchready_tui.saying import Problem
from launchready_tui.sources.bodies import as_text
from launchready_tui.text import clean

_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+)[ \t]*:")  # RFC 5322 section 2.2; blanks before the colon are obs-optional
_EMLX = re.compile(rb"\A[ \t]{0,20}(\d{1,9})[ \t]{0,20}\r?\n")
_MBOX = re.compile(rb"\AFrom [^\r\n]{0,998}\r?\n")
_NEXT_IN_MBOX = re.compile(rb"From [^\r\n]{1,300} \d{2}:\d{2}(?::\d{2})? [^\r\n]{0,40}\d{4}\r?\n[A-Za-z-]{1,60}:")
_INK = re.compile(rb"[^\x00\r\n\t ]")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_UTF16 = (
    "That file is written as UTF-16 text, so the message went through a text editor. Save the message itself as .eml."
)
_NOT_MAIL = (
    (
        b"\xd0\xcf\x11\xe0",
        "That is Outlook's own format (.msg). In Outlook on the web, open the message, then ⋯ and Save as: that gives "
        "the .eml that we read.",
    ),
    (b"PK\x03\x04", "That is a ZIP archive. Unpack it, and give us the .eml file that is in it."),
    (
        b"%PDF",
        "That is a PDF: a picture of the message, without the lines that prove where it came from. Save the message "
        "itself as .eml.",
    ),
    (b"\xff\xfe", _UTF16),
    (b"\xfe\xff", _UTF16),
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_ANGLES = re.compile(r"<[^<>]*>")
_TELLING = frozenset({"from", "received", "date", "subject", "message-id", "to", "dkim-signature"})
_REGISTRY = email.headerregistry.HeaderRegistry()
_HOW = "Save the message itself: in Gmail “Show original”, then “Download original”."


class BadMessage(Problem):
    """This is no message that we can read; `sentence` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field. `name` in lower case; `raw` is all behind the colon, folds included, with CRLF line ends."""

    name: str
    written: bytes  # the name as it is written
    raw: bytes

    @property
    def text(self) -> str:
        """Unfolded, with bytes beyond ASCII as UTF-8 (RFC 6532). Encoded words stay as they are."""
        raw = self.raw[: limits.MESSAGE_FIELD_BYTES].decode("utf-8", "replace")
        return _FOLD.sub("", raw).strip(" \t\r\n")


@dataclass(frozen=True)
class Author:
    """Who wrote it by its From. `domain` as an A-label; "" with `fault` where no receiver could tell."""

    address: str = ""
    domain: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Message:
    """A message. `raw` holds its bytes, `body_at` is where the body begins in them; `faults` are what is broken."""

    raw: bytes
    fields: tuple[Field, ...]
    body_at: int
    faults: tuple[str, ...] = ()
    pasted: bool = field(default=False)

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields of one name (lower case), from the top."""
        return tuple(one for one in self.fields if one.name == name)

    def first(self, name: str) -> str:
        """The topmost field of a name as text, "" where there is none."""
        return next((one.text for one in self.fields if one.name == name), "")

    @cached_property
    def subject(self) -> str:
        """The subject, its encoded words decoded (RFC 2047). Raw text: clean it when shown."""
        return decoded(self.first("subject"))

    @cached_property
    def date(self) -> dt.datetime | None:
        """When it was sent by its Date; None where that cannot be read."""
        return when(self.first("date"))

    @cached_property
    def author(self) -> Author:
        """From, as RFC 9989 section 5.1.3 asks for it: one field, and one domain in it."""
        return _author(self.all("from"))


def read(data: bytes) -> Message:
    """Take a file apart into header fields and body. Raises BadMessage with a sentence."""
    if len(data) > limits.MESSAGE_BYTES:
        size = f"{len(data) / 1_000_000:,.0f} MB"
        raise BadMessage(f"That file has {size}; we read messages of up to {limits.MESSAGE_BYTES // 1_000_000} MB.")
    if _INK.search(data) is None:
        raise BadMessage(f"That file is empty. {_HOW}")
    for start, sentence in _NOT_MAIL:
        if data.startswith(start):
            raise BadMessage(sentence)
    data, pasted = _bare(data)
    end, body_at = _header_end(data)
    fields, faults, sooner = _fields(data[:end])
    body_at = sooner if sooner >= 0 else body_at
    if not fields or _TELLING.isdisjoint(one.name for one in fields):
        raise BadMessage(f"That is no message: it does not begin with lines such as “From:” and “Subject:”. {_HOW}")
    return Message(data, fields, body_at, faults, pasted)


def _bare(data: bytes) -> tuple[bytes, bool]:
    """The message without what a program put around it; True where blank lines before it tell of a paste."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    counted = _EMLX.match(data)
    if counted is not None and _NAME.match(data, counted.end()):
        length = int(counted[1])
        rest = data[counted.end() : counted.end() + length]
        if len(rest) == length:
            return rest, False
    start = 0
    while data[start : start + 1] in (b"\r", b"\n", b" ", b"\t") and start < 1_000:
        start += 1
    data = data[start:]
    mbox = _MBOX.match(data)
    if mbox is None:
        return data, start > 0
    if _several(data):
        raise BadMessage("That file holds several messages. Save the one message by itself, as .eml.")
    return data[mbox.end() :], start > 0


def _several(data: bytes) -> bool:
    """Does an mbox hold a second message? Its first line stands after an empty one."""
    for mark in (b"\n\nFrom ", b"\n\r\nFrom "):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            if _NEXT_IN_MBOX.match(data, at + len(mark) - 5):
                return True
    return False


def _header_end(data: bytes) -> tuple[int, int]:
    """Where the header ends, and where the body begins. Raises BadMessage where the header is longer than any is."""
    most = limits.MESSAGE_HEADER_BYTES
    ends = [
        (at, at + length) for mark, length in ((b"\n\n", 2), (b"\n\r\n", 3)) if (at := data.find(mark, 0, most)) >= 0
    ]
    if ends:
        at, body_at = min(ends)
        return at + 1, body_at
    if len(data) > most:
        raise BadMessage(
            f"Its header lines are longer than {most // 1024} KB together: no mail server takes such a message. {_HOW}"
        )
    return len(data), len(data)


def _fields(block: bytes) -> tuple[tuple[Field, ...], tuple[str, ...], int]:
    """The fields, what is broken, and where the body begins after all (-1: behind the block).

    A line that is none ends the header, as mail servers have it; before the first field it is overlooked.
    """
    fields: list[tuple[bytes, list[bytes]]] = []
    faults: list[str] = []
    at, body_at = 0, -1
    for whole in block.split(b"\n"):
        line, begins = whole.removesuffix(b"\r"), at
        at += len(whole) + 1
        if not line:
            continue
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line)
            continue
        found = _NAME.match(line)
        if found is None and fields:
            faults.append("A line among its header lines is none of them, so the body begins there.")
            body_at = begins
            break
        if len(fields) >= limits.MESSAGE_FIELDS:
            raise BadMessage(
                f"It has more than {limits.MESSAGE_FIELDS:,} header lines: no mail server takes such a message. {_HOW}"
            )
        if found is not None:
            fields.append((found[1], [line[found.end() :]]))
    made = tuple(Field(name.decode("ascii").lower(), name, b"\r\n".join(lines) + b"\r\n") for name, lines in fields)
    long = [one for one in made if len(one.raw) > limits.MESSAGE_FIELD_BYTES]
    if long:
        faults.append(f"The line “{clean(long[0].name, limit=60)}” is longer than any mail server writes.")
    return made, tuple(faults), body_at


# ---- text ----


def decoded(text: str) -> str:
    """Encoded words (RFC 2047) as text, by an allowlist of charsets; what cannot be read stays as it is written."""
    if "=?" not in text:
        return text
    try:
        parts = email.header.decode_header(text[: limits.TEXT_TYPED])
    except (email.errors.HeaderParseError, ValueError):
        return text
    return "".join(
        part if isinstance(part, str) else as_text(part, f"charset={charset or 'utf-8'}") for part, charset in parts
    )


def when(text: str) -> dt.datetime | None:
    """A date of RFC 5322 section 3.3 as an aware time; one without a zone counts as UTC. None for all else."""
    try:
        at = email.utils.parsedate_to_datetime(text.strip()[:200])
        return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # what Python's reader raises for text that is no date
        return None


def host_of(text: str) -> str:
    """A domain as an A-label in lower case, "" for what is none (an address in brackets, no dot, wrong letters)."""
    text = text.strip().rstrip(".").lower()
    if not text.isascii():
        try:
            text = idna.encode(text, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return ""
    return text if is_name(text.replace("_", "-")) or is_name(text) else ""


def address_of(text: str) -> tuple[str, str]:
    """ "Ada <ada@good.example>" as (address, domain); ("", "") where there is not exactly one."""
    found = _addresses(text)
    return found[0] if found is not None and len(found) == 1 else ("", "")


def _addresses(text: str) -> list[tuple[str, str]] | None:
    """Every address with its domain, groups opened (RFC 5322 section 3.4, RFC 6854); None for what cannot be read."""
    if len(text) > 2_000:  # Python's reader takes time that grows with the square
        return None
    try:
        parsed = _REGISTRY("from", text.replace("\r", " ").replace("\n", " "))
        addresses = [(str(one.addr_spec), host_of(one.domain)) for one in getattr(parsed, "addresses", ())]
    except (ValueError, IndexError, AttributeError, TypeError, RecursionError, email.errors.MessageError):
        return None  # what Python's reader raises for hostile text
    bare = _QUOTED.sub("", text)
    outside = _ANGLES.sub("", bare)
    # “boss@bank.example <x@evil.example>” shows one name and means another: nobody can tell which counts.
    return addresses if len(addresses) == outside.count("@") + bare.count("<") else None


def _author(fields: tuple[Field, ...]) -> Author:
    if not fields:
        return Author(fault="It has no From line.")
    if len(fields) > 1:
        return Author(fault=f"It has {len(fields)} From lines, where there must be one; receivers refuse that.")
    found = _addresses(fields[0].text)
    if not found:
        return Author(fault="Its From line holds no address that can be read.")
    domains = list(dict.fromkeys(domain for _, domain in found))
    if len(domains) > 1:
        return Author(fault="Its From line names addresses of several domains; receivers cannot tell whose it is.")
    address, domain = found[0]
    if not domain:
        return Author(address, fault=f"The address in its From line, {clean(address, limit=80)}, has no domain.")
    return Author(address, domain)
