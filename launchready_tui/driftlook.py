"""Lines of drift, what they come to, and what the checks see of exports. `drift/` makes the lines."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.model import Severity
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web
from launchready_tui.text import clean

State = Literal["drift", "benign", "unknown"]
Result = Literal["equal", "drift", "unknown"]
EXIT: dict[Result, int] = {"equal": 0, "drift": 1, "unknown": 3}
_STATES: tuple[State, ...] = ("drift", "unknown", "benign")
# What is named first among lines of one severity: what everything else hangs on.
TOPICS = (
    "signature",
    "name servers",
    "wildcard",
    "address",
    "alias",
    "canonical",
    "https",
    "path",
    "page",
    "certificate",
    "mail servers",
    "SPF",
    "DMARC",
    "DKIM",
    "CAA",
    "text",
    "record",
    "HSTS",
    "header",
    "redirect",
    "serial",
    "TTL",
    "access",
    "risk",
    "action",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact that is not as it was (`drift`), that changed as such things do (`benign`), or that could not be told.

    `topic` is one of TOPICS, `subject` the name it is about; `was` and `now` are what stood there and stands there.
    `say` is what we saw, `todo` the one thing to do.
    """

    state: State
    severity: Severity
    topic: str
    subject: str
    say: str
    was: str = ""
    now: str = ""
    todo: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", clean(self.subject, limit=300))
        for part in ("was", "now"):
            object.__setattr__(self, part, clean(getattr(self, part), limit=600))
        for part in ("say", "todo"):
            object.__setattr__(self, part, clean(getattr(self, part), limit=1_000))


def ordered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Drift first, the gravest at the top; then what could not be told; then what is no matter. Each once."""

    def place(line: Line) -> tuple[int, int, int, str]:
        topic = TOPICS.index(line.topic) if line.topic in TOPICS else len(TOPICS)
        return (_STATES.index(line.state), line.severity.rank, topic, line.subject)

    return tuple(sorted(dict.fromkeys(lines), key=place))


def result(lines: Iterable[Line]) -> Result:
    """Drift where anything drifted, otherwise unknown where anything could not be told."""
    states = {line.state for line in lines}
    return "drift" if "drift" in states else "unknown" if "unknown" in states else "equal"


def drifted(severity: Severity, topic: str, subject: str, say: str, *, was: str, now: str, todo: str) -> Line:
    return Line("drift", severity, topic, subject, say, was, now, todo)


def benign(topic: str, subject: str, say: str, *, was: str = "", now: str = "") -> Line:
    """A change that such things go through by themselves, or one for the better."""
    return Line("benign", Severity.LOW, topic, subject, say, was, now)


def unclear(severity: Severity, topic: str, subject: str, say: str, *, was: str = "") -> Line:
    """`severity` is what it would be, were it gone."""
    return Line("unknown", severity, topic, subject, say, was, todo="Look again in a few minutes.")


# ---- what the checks see ----
@dataclass(frozen=True, slots=True)
class ExportNote:
    """A handover that was written: when, into which folder, and the SHA-256 of the file."""

    at: dt.datetime
    folder: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class WordNote:
    """A receiver's word that they verified a file: name, day, which file, with what result, by a key of which words."""

    name: str
    at: dt.datetime
    sha256: str
    result: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over so far, the newest last, and who verified it. `section` says that the file has a section
    that tells anybody how to see whether the product is well."""

    exports: tuple[ExportNote, ...] = ()
    words: tuple[WordNote, ...] = ()
    section: bool = True

    needs = "a handover"


@dataclass(frozen=True, slots=True)
class DriftView:
    """The last export held against now. `exported` is None where there is none, `say` why it could not be compared."""

    exported: dt.datetime | None = None
    lines: tuple[Line, ...] = ()
    compared: int = 0
    say: str = ""


class DriftLook(ABC):
    """The last export, to be compared. `session` has one; it asks through the sources of the look that is under way."""

    needs = "a handover"

    @abstractmethod
    async def view(self, dns: Dns, web: Web, tls: Tls) -> DriftView: ...
