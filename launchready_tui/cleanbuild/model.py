"""What is to be built, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from launchready_tui import limits
from launchready_tui.text import clean

Phase = Literal["copy", "install", "build"]
Outcome = Literal[
    "passed",  # both commands ended with 0
    "failed",  # one of them ended with something else
    "hung",  # ended by us: the time was up
    "flooded",  # ended by us: too much was written
    "forked",  # ended by us: too many programs ran at once
    "absent",  # a program that the command names is not on this machine
    "offline",  # packages could not be fetched
    "machine",  # this machine ran out of something
    "uncopied",  # the clone could not be made
    "uncut",  # the founder wanted it without network, and this machine cannot cut it
]
PHASES: dict[Phase, str] = {"copy": "Copying", "install": "Installing", "build": "Building"}


@dataclass(frozen=True, slots=True)
class Order:
    """One build. `top` is the work tree, `folder` the part of it that is built ("" the top). `install` and `build` are
    the commands, "" for none; `examples` the files whose variables it gets, later ones win; `network` is False where it
    must do without, `given` True where a person gave other commands than the folder says."""

    top: str
    install: str
    build: str
    folder: str = ""
    examples: tuple[str, ...] = ()
    network: bool = True
    given: bool = False

    @property
    def commands(self) -> tuple[tuple[Phase, str], ...]:
        both: tuple[tuple[Phase, str], ...] = (("install", self.install), ("build", self.build))
        return tuple((phase, command) for phase, command in both if command.strip())


@dataclass(frozen=True, slots=True)
class Caps:
    """How far a build may go: seconds for all of it, bytes of its output, programs at once."""

    seconds: float = limits.BUILD_SECONDS
    output: int = limits.BUILD_BYTES
    processes: int = limits.BUILD_PROCESSES


@dataclass(frozen=True, slots=True)
class Progress:
    """How it goes: the phase, its command, seconds since the start, lines and warnings so far, the last lines."""

    phase: Phase
    command: str
    seconds: float
    lines: int
    warnings: int
    tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that the build asked for: it is in the founder's folder and not in git. `ignored` by a .gitignore."""

    path: str
    ignored: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """How a build ended. `phase` is where, `code` the exit status; `left` are programs that it left running, which we
    ended, `stuck` those that would not end; `said` is why, in a plain clause, where a word does not say it."""

    outcome: Outcome
    at: dt.datetime
    commit: str
    phase: Phase
    install: str
    build: str
    seconds: float = 0.0
    code: int = 0
    lines: int = 0
    warnings: int = 0
    network: bool = True
    left: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    tail: tuple[str, ...] = ()
    said: str = ""
    given: bool = False

    @property
    def command(self) -> str:
        """The command that it ended in."""
        return self.install if self.phase == "install" else self.build

    @property
    def short(self) -> str:
        """The commit as people write it."""
        return self.commit[:7]


def encode(built: Built) -> dict[str, object]:
    """For the journal."""
    return {
        "outcome": built.outcome,
        "at": built.at.isoformat(),
        "commit": built.commit,
        "phase": built.phase,
        "install": built.install,
        "build": built.build,
        "seconds": round(built.seconds, 1),
        "code": built.code,
        "lines": built.lines,
        "warnings": built.warnings,
        "network": built.network,
        "left": list(built.left),
        "stuck": list(built.stuck),
        "missing": [{"path": each.path, "ignored": each.ignored} for each in built.missing],
        "tail": list(built.tail),
        "said": built.said,
        "given": built.given,
    }


def decode(data: Mapping[str, Any]) -> Built:
    """From the journal. Raises KeyError, TypeError or ValueError for what is no build."""

    def texts(name: str, limit: int = 120) -> tuple[str, ...]:
        return tuple(clean(str(each), limit=limit) for each in data[name])

    return Built(
        data["outcome"],
        dt.datetime.fromisoformat(data["at"]),
        clean(data["commit"], limit=64),
        data["phase"],
        clean(data["install"], limit=limits.BUILD_COMMAND),
        clean(data["build"], limit=limits.BUILD_COMMAND),
        float(data["seconds"]),
        int(data["code"]),
        int(data["lines"]),
        int(data["warnings"]),
        bool(data["network"]),
        texts("left"),
        texts("stuck"),
        tuple(Missing(clean(each["path"], limit=400), bool(each["ignored"])) for each in data["missing"]),
        texts("tail", limits.BUILD_LINE),
        clean(data["said"], limit=400),
        bool(data.get("given", False)),
    )
