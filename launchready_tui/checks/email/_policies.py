"""What the checks of the policies for encrypted mail share: one part's outcome, and how its record is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.model import Evidence, Fix, RecordSet, Severity
from launchready_tui.sources.dns import Answer, Fact, values

_WHO = "Whoever can change the DNS records"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two policies: absent, valid, broken (with what to do), or unclear (with what would let us tell)."""

    name: str
    state: Literal["absent", "valid", "broken", "unclear"]
    said: str
    fix: Fix | None = None
    severity: Severity | None = None
    evidence: tuple[Evidence, ...] = ()


def set_record(answer: Answer, name: str, value: str, mark: str, after: str = "") -> Fix:
    """Set one TXT in place of all that hold `mark`; what else stands there stays. Beside an alias none may stand
    (RFC 1034 section 3.6.2), so it is kept where that leads."""
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    if aliases:
        say = f"{name} is an alias (CNAME) of {aliases[0]}, so the service behind that keeps the record. Have it say: "
        return Fix("steps", f"{say}{value}", minutes=15, who=_WHO, copy=value)
    old = tuple(text for text in values(answer) if mark in text.lower())
    others = tuple(text for text in values(answer) if text not in old)
    say = f"Where your DNS records are kept, have one TXT record at {name}: {value}"
    return Fix(
        "records",
        f"{say}\n{after}" if after else say,
        minutes=10,
        who=_WHO,
        records=(RecordSet(name, "TXT", (*others, value), drops=tuple(text for text in old if text != value)),),
        copy=value,
    )
