"""What a verification came to, as text for a person and as one JSON document. Pure."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from launchready_tui.drift.facts import Facts
from launchready_tui.driftlook import Line, Result, State, result
from launchready_tui.handover.signing import Outcome, Verdict
from launchready_tui.model import Severity
from launchready_tui.text import clean, day, plural

SCHEMA_VERSION = 1
_HEADS: dict[State, str] = {
    "drift": "Not as the file says, the worst first",
    "unknown": "Could not be told",
    "benign": "Changed as such things do; nothing to do",
}
MARKS: dict[Outcome, str] = {"known": "✓", "unknown-key": "?", "altered": "✗", "unsigned": "-", "malformed": "✗"}


@dataclass(frozen=True, slots=True)
class Verification:
    """One run: which file, what its signature is worth, which facts were compared, what came of it."""

    file: str
    sha256: str
    facts: Facts
    verdict: Verdict
    lines: tuple[Line, ...]
    at: dt.datetime

    @property
    def result(self) -> Result:
        return result(self.lines)


def signature_lines(verdict: Verdict) -> tuple[Line, ...]:
    """A file that is not what was signed is drift, whatever it says; a signature that cannot be read is unknown."""
    if verdict.outcome == "altered":
        todo = "Get both files again from whoever sent them, and rely on nothing in these."
        return (Line("drift", Severity.CRITICAL, "signature", "the file", verdict.say, "signed", "altered", todo),)
    if verdict.outcome == "malformed":
        return (Line("unknown", Severity.HIGH, "signature", "the file", verdict.say, todo="Ask for it again."),)
    return ()


def hosts_text(facts: Facts) -> list[str]:
    """What is asked, before it is asked: every host that the file names, those that are not the domain's own apart."""
    own = [host for host in facts.hosts if host == facts.domain or host.endswith(f".{facts.domain}")]
    others = [host for host in facts.hosts if host not in own]
    out = [f"This handover is about {facts.domain}. To compare it with now, these are asked:"]
    out += [f"  over http and https   {clean(host, limit=260)}" for host in own]
    out += [f"  another's host        {clean(host, limit=260)}" for host in others]
    out += [f"  names in the DNS      {clean(zone, limit=260)} and below" for zone in facts.zones[:20]]
    if len(facts.zones) > 20:
        out.append(f"  names in the DNS      and {plural(len(facts.zones) - 20, 'more domain')}")
    return [*out, "  and where these lead on to. Nothing is changed anywhere."]


def head(done: Verification) -> str:
    """The one line that says how it stands."""
    facts, lines = done.facts, done.lines
    since = f" since {day(facts.written_at)}" if facts.written_at else ""
    drift = sum(line.state == "drift" for line in lines)
    unclear = sum(line.state == "unknown" for line in lines)
    if done.result == "equal":
        return f"All {plural(facts.count, 'fact')} about {facts.domain} are as they were{since}."
    if done.result == "unknown":
        also = "everything else is as it was"
        return f"{plural(unclear, 'thing')} about {facts.domain} could not be told; {also}{since}."
    more = f", and {plural(unclear, 'thing')} could not be told" if unclear else ""
    return f"{plural(drift, 'thing is', 'things are')} not as the file says about {facts.domain}{more}."


def text(done: Verification, width: int) -> list[str]:
    """For a person, at most `width` columns."""
    out = [*_wrapped(head(done), width, ""), ""]
    out += _wrapped(f"{MARKS[done.verdict.outcome]} Signature: {done.verdict.say}", width, "  ")
    for state, title in _HEADS.items():
        lines = [line for line in done.lines if line.state == state]
        if lines:
            out += ["", f"{title}:"]
            for line in lines:
                out += _line(line, width)
    return out


def _line(line: Line, width: int) -> Iterable[str]:
    grave = f"{line.severity.value.upper():9}" if line.state != "benign" else "         "
    yield from _wrapped(f"  {grave} {line.topic}: {line.say}", width, " " * 12)
    if line.state == "drift" and line.todo:
        yield from _wrapped(f"{' ' * 12}To do: {line.todo}", width, " " * 12)


def _wrapped(line: str, width: int, indent: str) -> Sequence[str]:
    return textwrap.wrap(line, max(40, width), subsequent_indent=indent) or [""]


def document(done: Verification) -> dict[str, object]:
    """For a program. `result` is equal, drift or unknown, as the exit status 0, 1 or 3 says."""
    verdict, facts = done.verdict, done.facts
    rows: dict[str, object] = {
        state: [
            {
                "topic": line.topic,
                "subject": line.subject,
                "severity": line.severity.value,
                "was": line.was,
                "now": line.now,
                "say": line.say,
                "todo": line.todo,
            }
            for line in done.lines
            if line.state == state
        ]
        for state in _HEADS
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "file": clean(done.file, limit=1_000),
        "sha256": done.sha256,
        "domain": facts.domain,
        "written_at": facts.written_at.isoformat() if facts.written_at else None,
        "at": done.at.isoformat(),
        "signature": {
            "outcome": verdict.outcome,
            "say": verdict.say,
            "by": verdict.by,
            "at": verdict.at.isoformat() if verdict.at else None,
            "words": verdict.words,
            "known_as": verdict.known_as,
        },
        "hosts": list(facts.hosts),
        "zones": list(facts.zones),
        "result": done.result,
        "line": head(done),
        "facts": facts.count,
        **rows,
    }


def result_words(done: Verification) -> str:
    """A word for whoever puts their name to it."""
    words: dict[Result, str] = {
        "equal": "all is as the file says",
        "drift": "some of it is not as the file says",
        "unknown": "some of it could not be told",
    }
    return words[done.result]


__all__ = ["Verification", "document", "head", "hosts_text", "result_words", "signature_lines", "text"]
