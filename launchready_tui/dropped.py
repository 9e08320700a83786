"""What somebody typed, pasted or dropped where a message is asked for: the path of a file, or the message itself.

Terminals paste the path of a dropped file in their own ways: bare, in quotes, with escaped blanks, or as a file://
address.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

from launchready_tui import limits
from launchready_tui.saying import Problem
from launchready_tui.text import clean

_FIELD = re.compile(r"(?:From |[!-9;-~]{1,76}:)")  # a header field (RFC 5322 section 2.2), or an mbox's first line
_WANTED = re.compile(r"^(?:From|Received|Return-Path|Delivered-To|DKIM-Signature|Message-ID|Date):", re.M | re.I)


def is_message(text: str) -> bool:
    """True for the whole text of a message: header fields, at least one that every mail has, over several lines."""
    lines = _lines(text)
    head = lines.partition("\n\n")[0]
    return "\n" in lines.strip() and _FIELD.match(lines) is not None and _WANTED.search(head) is not None


def _lines(text: str) -> str:
    """The text with plain line feeds. Terminals paste a line's end as CR, and some the two of a CRLF as two of them."""
    text = text.strip("\r\n").replace("\r\n", "\n")
    first = text.find("\r")
    if "\n" not in text and text[first : first + 2] == "\r\r":  # after the first header field no blank line may stand
        text = text.replace("\r\r", "\n")
    return text.replace("\r", "\n") + "\n"


def message_bytes(text: str) -> bytes:
    """A pasted message as bytes, with the line ends that mail has. Raises Problem for one that is too large."""
    if len(text) > limits.MESSAGE_BYTES:
        raise Problem("That is more than a message has. Save it as a file (.eml) and give its path.")
    return _lines(text).replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def path_of(text: str, *, windows: bool = os.name == "nt") -> Path:
    """The path that a line stands for, `~` filled in. Raises Problem with a sentence where it is none."""
    line = text.strip()
    if not line:
        raise Problem("Give the path of the message: type it, paste it, or drop the file on this window.")
    if line.lower().startswith("file:"):
        return _from_address(line, windows=windows)
    plain = _home(line)
    if plain.exists() or windows:
        quoted = len(line) > 1 and line[0] == line[-1] and line[0] in "\"'"
        return _home(line[1:-1]) if quoted and not plain.exists() else plain
    try:
        words = shlex.split(line)
    except ValueError:
        return plain  # a quote that never ends: it may be a part of the name
    if len(words) > 1 and all(_home(word).is_file() for word in words):
        raise Problem(f"These are {len(words)} files. One message at a time.")
    return _home(words[0]) if len(words) == 1 else plain


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # no such user
        raise Problem(f"{clean(text, limit=100)} begins with the home of a user who is not known here.") from error


def _from_address(line: str, *, windows: bool) -> Path:
    parts = urlsplit(line)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost"):
        raise Problem("This file is on another machine. Save the message here first.")
    if windows and re.match(r"/[A-Za-z]:", path):
        path = path[1:]
    if not path or "\0" in path:
        raise Problem("This address names no file.")
    return Path(path)
