"""The nouns: Stage, Severity, Status, Evidence, RecordSet, Fix, Finding. Everything else is made of these.

Evidence and Finding clean their text when they are made, so nothing behind them meets raw text from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from launchready_tui import limits
from launchready_tui.text import clean


class Stage(StrEnum):
    """The seven stages of a launch, in the order a founder walks them."""

    AUDIT = "audit"
    DNS = "dns"
    EDGE = "edge"
    DEPLOY = "deploy"
    PERFORMANCE = "performance"
    EMAIL = "email"
    HANDOVER = "handover"

    @property
    def number(self) -> int:
        return list(Stage).index(self) + 1


class Severity(StrEnum):
    """What a failing check does to a launch. Critical and high block it."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for critical, 3 for low."""
        return list(Severity).index(self)

    @property
    def blocks(self) -> bool:
        return self in (Severity.CRITICAL, Severity.HIGH)


class Status(StrEnum):
    """The outcome of one check. UNKNOWN is never bad and never good."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    INFO = "info"
    WAITING = "waiting"
    UNKNOWN = "unknown"

    @property
    def open(self) -> bool:
        """True where somebody still has something to do."""
        return self in (Status.FAIL, Status.WARN, Status.WAITING)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was asked (`source`: "TXT good.example") and what came back (`text`)."""

    source: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", clean(self.source, limit=200))
        object.__setattr__(self, "text", clean(self.text, lines=True))


@dataclass(frozen=True, slots=True)
class RecordSet:
    """All records of one name and type, as they should be. `values` empty means: there should be none.

    `name` is a full A-label name without the trailing dot; `ttl` is in seconds, None is the provider's own; `values`
    are in presentation form with full names ending in a dot, a TXT as its joined string without quotes.
    `drops` are values taken away on purpose: of a TXT set, others that nobody here knew of stay. `proxied` is for a
    host that can stand before a site (Cloudflare); None leaves it as it is. `retime`: the TTL is what the fix is about.
    """

    name: str
    type: str
    values: tuple[str, ...]
    ttl: int | None = limits.DNS_TTL
    drops: tuple[str, ...] = ()
    proxied: bool | None = None
    retime: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of a DNS panel, as it is typed there. `name` is "" where the box of the name stays empty.

    `priority` is "" where there is no box for it; `ttl` is what to type or to choose. `act` "change" means: the row
    that holds `was` now gets `value`; "delete": the row with `value` goes.
    """

    type: str
    name: str
    value: str
    priority: str = ""
    ttl: str = ""
    act: Literal["add", "change", "delete"] = "add"
    was: str = ""

    def __post_init__(self) -> None:
        for part in ("type", "name", "value", "priority", "ttl", "was"):
            object.__setattr__(self, part, clean(getattr(self, part), limit=4_000))


@dataclass(frozen=True, slots=True)
class AtPanel:
    """A fix's records as the founder's own DNS panel takes them.

    `where` reads on in a sentence ("at Namecheap"), `path` are the clicks there, `boxes` what the panel calls the boxes
    of name and value, `notes` what is different there (no alias at the bare domain, a TXT in pieces).
    """

    where: str
    path: tuple[str, ...] = ()
    boxes: tuple[str, str] = ("Name", "Value")
    rows: tuple[Typed, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", clean(self.where, limit=200))
        for part in ("path", "boxes", "notes"):
            object.__setattr__(self, part, tuple(clean(text, limit=600) for text in getattr(self, part)))


@dataclass(frozen=True, slots=True)
class Setting:
    """A switch at the web host, by a name of ours (`checks.settings` lists them), and the value it should have."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the repository to write (`text`), or to stop tracking in git (`text` is None); with `track` git starts
    to track the file as it lies there."""

    path: str
    text: str | None
    track: bool = False


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do about a finding. `say` is for a person and is complete without a tool: what, where, which value.

    `kind` names what a tool could do for them: set `records` at the DNS host, change `settings` at the web host, change
    `files` in the repository; "steps" is for a person alone. `copy` is the exact value to paste, `page` the address to
    open, `who` who usually does it, `minutes` how long it takes. `panel` shows the records as the founder's own DNS
    host takes them; it is added once the check is done, no check makes it.
    """

    kind: Literal["records", "setting", "file", "steps"]
    say: str
    minutes: int = 10
    who: str = ""
    records: tuple[RecordSet, ...] = ()
    settings: tuple[Setting, ...] = ()
    files: tuple[FileChange, ...] = ()
    copy: str = ""
    page: str = ""
    panel: AtPanel | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "say", clean(self.say, limit=2_000, lines=True))
        object.__setattr__(self, "copy", clean(self.copy, limit=4_000, lines=True))
        object.__setattr__(self, "who", clean(self.who, limit=200))
        object.__setattr__(self, "page", clean(self.page, limit=2_000))


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check on one launch.

    `saw` is one plain sentence about this very site. `subject` is the name it is about. `severity` raises or lowers the
    check's own when the rule says so. `needs` says what would let us tell, on unknown. `cause` groups the findings of
    several checks that see one fault ("certificate:good.example"): such a fault is listed and counted once.
    """

    status: Status
    saw: str
    fix: Fix | None = None
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""
    severity: Severity | None = None
    needs: str | None = None
    question: str | None = None
    cause: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "saw", clean(self.saw, limit=1_000))
        object.__setattr__(self, "subject", clean(self.subject, limit=260))
        object.__setattr__(self, "evidence", self.evidence[: limits.EVIDENCE_LINES])
        object.__setattr__(self, "cause", clean(self.cause, limit=400))
        for name in ("needs", "question"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "facts", tuple((clean(k, limit=80), clean(v)) for k, v in self.facts))


Facts = Iterable[tuple[str, str]]


def passed(saw: str, *, evidence: Iterable[Evidence] = (), subject: str = "", facts: Facts = ()) -> Finding:
    """Sound. `facts` are (name, value) pairs for the map and the handover."""
    return Finding(Status.PASS, saw, evidence=tuple(evidence), subject=subject, facts=tuple(facts))


def info(saw: str, *, evidence: Iterable[Evidence] = (), subject: str = "", facts: Facts = ()) -> Finding:
    """Worth knowing, or does not apply, with the reason."""
    return Finding(Status.INFO, saw, evidence=tuple(evidence), subject=subject, facts=tuple(facts))


def warned(
    saw: str,
    fix: Fix,
    *,
    evidence: Iterable[Evidence] = (),
    subject: str = "",
    severity: Severity | None = None,
    question: str | None = None,
    cause: str = "",
    facts: Facts = (),
) -> Finding:
    """It works today; something is missing. Never blocks."""
    return Finding(
        Status.WARN,
        saw,
        fix=fix,
        evidence=tuple(evidence),
        subject=subject,
        severity=severity,
        question=question,
        cause=cause,
        facts=tuple(facts),
    )


def failed(
    saw: str,
    fix: Fix,
    *,
    evidence: Iterable[Evidence] = (),
    subject: str = "",
    severity: Severity | None = None,
    question: str | None = None,
    cause: str = "",
    facts: Facts = (),
) -> Finding:
    """A fact, seen, that breaks a launch."""
    return Finding(
        Status.FAIL,
        saw,
        fix=fix,
        evidence=tuple(evidence),
        subject=subject,
        severity=severity,
        question=question,
        cause=cause,
        facts=tuple(facts),
    )


def waiting(
    saw: str, *, evidence: Iterable[Evidence] = (), subject: str = "", severity: Severity | None = None, cause: str = ""
) -> Finding:
    """Right where it is kept, and still on its way to the world: nothing to do but wait."""
    return Finding(Status.WAITING, saw, evidence=tuple(evidence), subject=subject, severity=severity, cause=cause)


def unknown(
    saw: str,
    *,
    needs: str,
    evidence: Iterable[Evidence] = (),
    subject: str = "",
    question: str | None = None,
    facts: Facts = (),
) -> Finding:
    """We could not tell. `needs` names what would let us: "look again", "your code folder", "your answer"."""
    return Finding(
        Status.UNKNOWN,
        saw,
        evidence=tuple(evidence),
        subject=subject,
        needs=needs,
        question=question,
        facts=tuple(facts),
    )
