"""The nouns of changing something: a Step from one state to another, a Plan of steps, a Change that was made.

Every step says the whole state before and after of one thing (a record set, a setting, a file), so that applying is
compare-and-set and undoing is the same step turned round.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from launchready_tui.saying import Problem
from launchready_tui.text import clean, plural

_LINE = 4_000  # characters of one line of a plan: a long TXT is shown whole

Kind = Literal["records", "setting", "file"]


class FixProblem(Problem):
    """Something kept a change from being planned, made or taken back."""


class Moved(FixProblem):
    """The live state is not what the plan showed: nothing was written."""


@dataclass(frozen=True, slots=True)
class State:
    """What one thing is. `values` empty means it is not there; `ttl` in seconds for records, else None.

    `beside` is what a provider keeps with a value, as (value, key, text): ("192.0.2.1", "proxied", "yes"), a "comment",
    the "tags". A TTL of None is the provider's own ("automatic").
    """

    values: tuple[str, ...] = ()
    ttl: int | None = None
    beside: tuple[tuple[str, str, str], ...] = ()

    def same(self, other: State) -> bool:
        """Equal but for the order of values and the TTL, which a provider may round."""
        return sorted(self.values) == sorted(other.values) and sorted(self.beside) == sorted(other.beside)

    def about(self, value: str) -> dict[str, str]:
        """What is kept beside one value, by key."""
        return {key: text for of, key, text in self.beside if of == value}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to change: a record set (`name`, `type`), a setting (`name`), a file (`name` is its path)."""

    kind: Kind
    name: str
    type: str
    before: State
    after: State
    drops: tuple[str, ...] = ()  # values that a fix takes away on purpose; others that it did not know of stay
    retime: bool = False  # the TTL is what it is about; else a TTL that a provider rounds counts as right

    def turned(self) -> Step:
        return replace(self, before=self.after, after=self.before, drops=())

    def made(self, live: State) -> bool:
        """True where `live` is what the step leads to."""
        return live.same(self.after) and (not self.retime or live.ttl == self.after.ttl)

    @property
    def label(self) -> str:
        return clean(f"{self.type} {self.name}".strip(), limit=400)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be changed, where, and what stays. `guard` is a name that must be typed before a dangerous change.

    `resumes` is the number of a change that was made in part, and of which these steps are the rest.
    """

    check: str
    title: str
    place: str
    steps: tuple[Step, ...]
    untouched: int = 0
    notes: tuple[str, ...] = ()
    guard: str = ""
    resumes: int | None = None

    def lines(self) -> list[tuple[Literal["+", "-", " "], str]]:
        """The plan as a diff: (sign, text), one line a value. Cleaned: values come from servers and files."""
        return [(sign, clean(text, limit=_LINE)) for sign, text in self._lines()]

    def _lines(self) -> list[tuple[Literal["+", "-", " "], str]]:
        out: list[tuple[Literal["+", "-", " "], str]] = []
        for step in self.steps:
            if step.kind == "file":
                out += _file_lines(step)
                continue
            gone = [value for value in step.before.values if value not in step.after.values]
            new = [value for value in step.after.values if value not in step.before.values]
            kept = [value for value in step.after.values if value in step.before.values]
            ttl = f"   TTL {step.after.ttl}" if step.kind == "records" and step.after.ttl else ""
            was = step.before.ttl
            moved = f"   TTL {was}, then {step.after.ttl}" if ttl and was and was != step.after.ttl else ""
            out += [("-", f"{step.label}   {value}{_beside(step.before, value)}") for value in gone]
            for value in kept:
                here, there = _beside(step.before, value), _beside(step.after, value)
                if here == there:
                    out.append((" ", f"{step.label}   {value}{there}{moved}"))
                else:
                    out += [("-", f"{step.label}   {value}{here}"), ("+", f"{step.label}   {value}{there}{ttl}")]
            out += [("+", f"{step.label}   {value}{_beside(step.after, value)}{ttl}") for value in new]
        return out

    @property
    def summary(self) -> str:
        """One sentence: "At the practice name server: 1 record added, 2 removed, 14 left as they are." """
        tracked = [step for step in self.steps if step.type == "tracked"]
        others = replace(self, steps=tuple(step for step in self.steps if step not in tracked))
        signs: list[str] = [sign for sign, _ in others.lines()]
        what = {"records": "record", "setting": "setting", "file": "line"}[self.steps[0].kind] if self.steps else ""
        counts = [(count, verb) for sign, verb in (("+", "added"), ("-", "removed")) if (count := signs.count(sign))]
        parts = [f"{count} {verb}" for count, verb in counts]
        if counts:
            parts[0] = f"{plural(counts[0][0], what)} {counts[0][1]}"
        if tracked:
            parts.append(
                f"{plural(len(tracked), 'file')} {'tracked' if tracked[0].after.values else 'no longer tracked'}"
            )
        if self.untouched:
            parts.append(f"{self.untouched} left as {'it is' if self.untouched == 1 else 'they are'}")
        return f"At {self.place}: {', '.join(parts) or 'nothing to change'}."


def _beside(state: State, value: str) -> str:
    """What a provider keeps with a value, as it stands behind it: "   proxied: yes   comment: the old box"."""
    return "".join(f"   {key}: {text}" for key, text in sorted(state.about(value).items(), reverse=True))


def _file_lines(step: Step) -> list[tuple[Literal["+", "-", " "], str]]:
    import difflib

    if step.type == "tracked":
        tracks = bool(step.after.values)
        said = "git tracks it" if tracks else "git stops tracking it; the file stays on your disk"
        return [("+" if tracks else "-", f"{step.name}   {said}")]
    if not step.after.values:
        return [("-", f"{step.name}   the file is taken away: it was not there before")]
    before = "".join(step.before.values).splitlines()
    after = "".join(step.after.values).splitlines()
    out: list[tuple[Literal["+", "-", " "], str]] = [(" ", f"{step.name}")]
    diff = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]  # without the two lines of file names
    for at, line in enumerate(diff):
        if line[0] == "@":  # where a hunk lies is for machines; that lines are left out is for people
            out += [(" ", "…")] if at else []
        else:
            out.append(("+" if line[0] == "+" else "-" if line[0] == "-" else " ", line[1:]))
    return out


class ChangeState(StrEnum):
    """INTENDED and UNDOING stand in the journal before a write; what a crash leaves so is settled at the next start.

    BY_HAND is a change that a person makes at their provider: we wrote nothing, and watch until it is there.
    """

    INTENDED = "intended"
    APPLIED = "applied"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"
    BY_HAND = "by-hand"


StepState = Literal["planned", "written", "not written", "altered", "taken back", "unknown"]


@dataclass(frozen=True, slots=True)
class Change:
    """One plan that somebody said yes to. `number` is what `launchready undo` takes.

    `done` are the indexes written, `unsure` those of which nobody can tell yet, `altered` those that the place made
    into something else, and what. `ended` is when it was last written: made, or taken back.
    """

    number: int
    at: dt.datetime
    who: str
    check: str
    title: str
    place: str
    steps: tuple[Step, ...]
    state: ChangeState = ChangeState.INTENDED
    done: frozenset[int] = frozenset()
    say: str = ""
    arrived: bool = False
    unsure: frozenset[int] = frozenset()
    ended: dt.datetime | None = None
    altered: tuple[tuple[int, State], ...] = ()

    def state_of(self, at: int) -> StepState:
        """What became of one step, as far as is known."""
        if at in self.unsure:
            return "unknown"
        if at in dict(self.altered) and self.state is not ChangeState.UNDONE:
            return "altered"
        if at in self.done:
            return "taken back" if self.state is ChangeState.UNDONE else "written"
        return "planned" if self.state in (ChangeState.INTENDED, ChangeState.BY_HAND) else "not written"

    @property
    def partial(self) -> bool:
        """True where some steps are written and some are not: it can go on, or be taken back."""
        return self.state is ChangeState.FAILED and 0 < len(self.done) < len(self.steps)

    @property
    def stands(self) -> bool:
        """True where something of it is there that could be taken back."""
        left = self.state is ChangeState.FAILED and bool(self.done or self.altered)
        return left or self.state in (ChangeState.APPLIED, ChangeState.BY_HAND)

    def back(self, at: int) -> Step:
        """The step that brings back what was there before step `at`, from what it left."""
        step = self.steps[at].turned()
        left = dict(self.altered).get(at)
        return step if left is None else replace(step, before=left)

    def __post_init__(self) -> None:  # steps stay as they are: they are what is written and compared
        for name, limit in (("who", 120), ("check", 80), ("title", 200), ("place", 400), ("say", 2_000)):
            object.__setattr__(self, name, clean(getattr(self, name), limit=limit))


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of what is happening while a plan is applied or undone."""

    text: str
    ok: bool = True
    change: Change | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text, limit=2_000))


@dataclass(frozen=True, slots=True)
class Sight:
    """How a change looks from the world. "wait": right at the source, some still hold the old answer for
    `seconds_left` at most. `servers` are (name, state in a word)."""

    verdict: Literal["wrong", "wait", "done", "unknown"]
    text: str
    seconds_left: float = 0.0
    servers: tuple[tuple[str, str], ...] = field(default=())
    seconds_whole: float = 0.0  # how long a wait takes from its beginning: the old TTL

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text, limit=2_000))
        object.__setattr__(self, "servers", tuple((clean(a, limit=260), clean(b, limit=60)) for a, b in self.servers))
