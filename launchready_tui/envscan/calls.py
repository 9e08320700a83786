"""Places that read a variable by a fixed form, as rows: a pattern, and where its name and its default stand.

A pattern is matched on the text without comments; the match counts where it begins in code and not in a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from launchready_tui.envscan.masking import Source
from launchready_tui.envscan.model import Use

NAME = r"[A-Za-z_][A-Za-z0-9_]{0,99}"
UPPER = r"[A-Z][A-Z0-9_]{0,99}"
_SECOND = re.compile(r"\s*,\s*[^\s)]")
_STOPS = 24  # characters after "or else" in which the stop begins
_AROUND = 160  # characters after a place in which its default stands


@dataclass(frozen=True, slots=True)
class Call:
    """`pattern` has a group "n" (the name). `optional` says that it always has a default; `strict` that it never has;
    `second` that a second argument is one; `soft` that it is needed only where its lack stops the program.
    `raw` places may stand in a string."""

    pattern: re.Pattern[str]
    optional: bool = False
    strict: bool = False
    second: bool = False
    soft: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """How a language gives a default, or only looks whether a name is set. Each is matched right after the place
    (`default`, `guard`) or right before it (`asked`). `stops` after a guard means that a missing name ends the program.
    """

    default: re.Pattern[str]
    guard: re.Pattern[str]
    asked: re.Pattern[str]
    stops: re.Pattern[str]


def find(source: Source, path: str, calls: Iterable[Call], around: Around) -> Iterator[Use]:
    """Every place of one text. A name that the file guards without stopping is optional in all of the file."""
    uses: list[Use] = []
    for call in calls:
        for match in call.pattern.finditer(source.code):
            if not call.raw and not source.runs(match.start()):
                continue
            uses.append(_use(source, path, match, call, around))
    guarded = {use.name for use in uses if use.guard and not use.required}
    stopped = {use.name for use in uses if use.guard and use.required}
    for use in uses:
        soft = use.name in guarded and use.name not in stopped
        yield Use(use.name, path, use.line, use.required and not soft, use.guard)


def _use(source: Source, path: str, match: re.Match[str], call: Call, around: Around) -> Use:
    name, line = match["n"], source.line(match.start())
    after = source.code[match.end() : match.end() + _AROUND]
    near = "\n".join(after.split("\n")[:2])  # what is done about its lack stands on this line or the next
    before = source.code[max(0, match.start() - 60) : match.start()]
    if call.optional:
        return Use(name, path, line, required=False)
    if call.strict:
        return Use(name, path, line)
    if around.asked.search(before) is not None or around.guard.match(after) is not None:
        return Use(name, path, line, required=around.stops.search(near) is not None, guard=True)
    default = around.default.match(after)
    if default is not None:
        return Use(name, path, line, required=around.stops.search(near, 0, default.end() + _STOPS) is not None)
    return Use(name, path, line, required=not call.soft and not (call.second and _SECOND.match(after)))
