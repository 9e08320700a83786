"""Why a command ended, read off its log: a program that is not here, a silent network, a full disk. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Literal

from launchready_tui.text import clean

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)?|[@-Z\\-_])")
_ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_BUILTIN = frozenset(
    {"cd", "export", "set", "if", "for", "while", "test", "[", "true", "false", "echo", "exec", ".", ":"}
)
_NOT_FOUND = re.compile(
    r"(?:^|: )(?:line )?(?:\d+: )?([\w@.+-]{1,80}): (?:command )?not found|env: ‘?'?([\w.+-]{1,80})’?'?: No such file"
)
_NETWORK = re.compile(
    r"\b(?:ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b"
    r"|Could not resolve host|Temporary failure in name resolution|Name or service not known|Network is unreachable"
    r"|Could not fetch specs|Failed to establish a new connection|Max retries exceeded with url"
    r"|dial tcp .{0,80}(?:lookup|timeout)"
    r"|network is unreachable|failed to lookup address information|curl: \(6\)|Failed to fetch: `?https?:",
)
_REFUSED = re.compile(r"\bE40[13]\b|authentication token not provided|401 Unauthorized")
_FULL = re.compile(r"\bENOSPC\b|No space left on device|disk quota exceeded", re.IGNORECASE)
_MEMORY = re.compile(r"JavaScript heap out of memory|\bENOMEM\b|Cannot allocate memory|out of memory", re.IGNORECASE)
_LAST = 80  # lines from the end in which a reason is looked for; ours


def plain(text: str) -> str:
    """A line of a log without the colours of a terminal."""
    return _ESCAPES.sub("", text)


def first_program(command: str) -> str:
    """The program that a command starts first, "" where the shell itself does it, or where it is one of the folder."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return ""
    while words and _ASSIGNED.match(words[0]):
        words = words[1:]
    name = words[0].rstrip(";") if words else ""
    return "" if not name or "/" in name or name in _BUILTIN or not re.fullmatch(r"[\w@.+-]+", name) else name


def away(lines: Iterable[str]) -> str:
    """The program that a shell did not find, "" where it does not say."""
    for line in reversed(list(lines)[-_LAST:]):
        found = _NOT_FOUND.search(line)
        if found:
            return found[1] or found[2]
    return ""


def of_machine(lines: Iterable[str], code: int) -> tuple[Literal["offline", "machine"], str] | None:
    """Where the log shows that the machine or the network ended it, and in a clause why; None for the build's own."""
    last = list(lines)[-_LAST:]
    for line in last:
        if _FULL.search(line):
            return "machine", "the disk is full"
        if _MEMORY.search(line):
            return "machine", "it ran out of memory"
        if _NETWORK.search(line):
            return "offline", clean(line.strip(), limit=160)
        if _REFUSED.search(line):
            return "offline", f"a package registry wants a token ({clean(line.strip(), limit=120)})"
    if code in (-9, 137):
        return "machine", "the system ended it, most likely for want of memory"
    return None
