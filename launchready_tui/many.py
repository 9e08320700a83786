"""`check --all`: every project of the workspace, a few at a time, each told as soon as it is done and then let go.

Each is looked at as `check DOMAIN` looks at it, over its own stored network. Together they keep the manners of one look
towards every host that they share. What is held in memory is what the few that run hold, however many there are.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import json
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path

from launchready_tui import limits, report
from launchready_tui.checks import Check, all_checks
from launchready_tui.desk import Desk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.engine import Finished, Started
from launchready_tui.headless import COULD_NOT_TELL, told
from launchready_tui.mask import mask, names_of
from launchready_tui.options import BadOption, LookOptions, apply, parse_at, selected
from launchready_tui.project import Clock
from launchready_tui.readiness import judge
from launchready_tui.render import cells, wrap
from launchready_tui.risks import standing
from launchready_tui.session import Session
from launchready_tui.sources.gate import Pace
from launchready_tui.text import clock_of, plural
from launchready_tui.unlocking import unlock
from launchready_tui.workspace import Summary, Workspace

SCHEMA_VERSION = 1
_OF_ONE = ("repo", "urls", "subs", "marker", "eml", "session", "answers", "dkim_selectors", "connect_to")
_WORST = (1, COULD_NOT_TELL, 0)  # the exit status of all is the first of these that one of them has
_SIGNS = {0: "✓", 1: "✗", COULD_NOT_TELL: "?"}
_WORDS = {0: "ready", 1: "not ready", COULD_NOT_TELL: "could not tell"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one project came to. `problem` is why it was not looked at; `findings` are documents, only where asked."""

    domain: str
    status: int
    seconds: float = 0.0
    line: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    problem: str = ""
    findings: tuple[dict[str, object], ...] = ()

    def document(self) -> dict[str, object]:
        return {
            "domain": self.domain,
            "status": self.status,
            "ready": self.status == 0,
            "seconds": round(self.seconds, 3),
            "counts": self.counts,
            "line": self.line,
            "notes": list(self.notes),
            "problem": self.problem,
            "findings": list(self.findings),
        }


def run_all(options: LookOptions, *, as_json: bool, stream: bool) -> int:
    """Look at every project that is not archived. Returns the worst exit status: 1 over 3 over 0."""
    with told():
        given = [name for name in _OF_ONE if getattr(options, name)]
        if given:
            word = given[0].removesuffix("s").replace("_", "-")
            raise BadOption(f"--{word} is about one project, and --all looks at every one as it is stored.")
        known = [check.id for check in all_checks()]
        ids = set(selected(options.only, options.stages, known))
        clock = Clock(parse_at(options.at)) if options.at else Clock()
        desk = Desk(Workspace(Path(options.workspace) if options.workspace else None), options=options, clock=clock)
        found = desk.projects()
        if not found:
            raise BadOption("There is no project to look at. Start one: launchready new your-domain.com")
        gc.freeze()  # what is loaded by now stays: no collection needs to look through it while answers wait
        chosen = tuple(check for check in all_checks() if check.id in ids)
        width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))
        say = _Stream() if stream else _Json() if as_json else _Table(found, width)
        unlock(desk.vaults)
        return asyncio.run(_Looks(desk, options, clock, chosen, say).run(found))


class _Looks:
    """The looks of one command, limits.PROJECTS_AT_ONCE beside each other."""

    def __init__(self, desk: Desk, options: LookOptions, clock: Clock, chosen: Sequence[Check], say: _Said) -> None:
        self._workspace, self._options, self._clock = desk.workspace, options, clock
        self._vaults, self._vault = desk.vaults, desk.vaults.open()
        self._chosen, self._say = tuple(chosen), say
        self._pace = Pace()
        self._ended = dict.fromkeys(_WORST, 0)

    async def run(self, projects: Sequence[Summary]) -> int:
        """The worst status. What goes wrong in one project is told with it; cancelled, what is done stays told."""
        began, waiting = time.perf_counter(), iter(projects)
        self._say.begin(dt.datetime.now(dt.UTC))
        whole = False
        tasks = [
            asyncio.create_task(self._next(waiting), name=f"look-{number}")
            for number in range(min(limits.PROJECTS_AT_ONCE, len(projects)))
        ]
        try:
            await asyncio.gather(*tasks)
            whole = True
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if sys.stdout is not None:
                self._say.end(self._ended, time.perf_counter() - began, self.worst, whole=whole)
        return self.worst

    @property
    def worst(self) -> int:
        return next((status for status in _WORST if self._ended[status]), 0)

    async def _next(self, waiting: Iterator[Summary]) -> None:
        for summary in waiting:
            entry = await self._look(summary)
            self._ended[entry.status] += 1
            self._say.one(entry)

    async def _look(self, summary: Summary) -> Entry:
        if summary.problem:
            return Entry(summary.domain, COULD_NOT_TELL, problem=summary.problem)
        began = time.perf_counter()
        try:
            return await self._looked(summary.domain, began)
        except (WorkspaceProblem, BadOption) as problem:
            sentence = getattr(problem, "sentence", str(problem))
            return Entry(summary.domain, COULD_NOT_TELL, time.perf_counter() - began, problem=sentence)

    async def _looked(self, domain: str, began: float) -> Entry:
        documents: list[dict[str, object]] = []
        async with AsyncExitStack() as stack:
            store = self._workspace.open(domain)
            try:
                project = apply(store.project, self._options)
                session = Session(
                    store, self._vault, clock=self._clock, project=project, vaults=self._vaults, pace=self._pace
                )
            except BaseException:
                store.close()
                raise
            stack.push_async_callback(session.aclose)
            await session.load_owners()
            seen: dict[str, Finished] = {}
            async with aclosing(session.look(self._chosen)) as events:
                async for event in events:
                    self._say.event(domain, event)
                    if isinstance(event, Finished):
                        seen[event.check.id] = event
                        if self._say.whole:
                            documents.append(report.finding_document(event.check, event.finding, event.seconds))
            findings = {id: done.finding for id, done in seen.items()}
            readiness = judge(findings, self._chosen, accepted=standing(session.accepted, self._clock.now()))
            hide = names_of(session.owners)
            line = mask(readiness.line, hide) if self._options.presenter else readiness.line
            return Entry(
                domain,
                readiness.exit_status,
                time.perf_counter() - began,
                line,
                {**readiness.counts, "unknown": readiness.unknown},
                session.notes,
                findings=tuple(documents),
            )


class _Said:
    """How it is told. `whole` says that every finding stands in its project's entry."""

    whole = False

    def begin(self, at: dt.datetime) -> None:
        """Before the first look."""

    def event(self, domain: str, event: Started | Finished) -> None:
        """Something happened in one project."""

    def one(self, entry: Entry) -> None:
        """One project is done."""

    def end(self, ended: dict[int, int], seconds: float, worst: int, *, whole: bool) -> None:
        """All are done, or (`whole` False) it was stopped."""


def _tail(ended: dict[int, int], seconds: float, worst: int, *, whole: bool) -> dict[str, object]:
    return {
        "seconds": round(seconds, 3),
        "counts": {_WORDS[status].replace(" ", "_"): ended[status] for status in (0, 1, COULD_NOT_TELL)},
        "status": worst,
        "stopped": not whole,
    }


def _started(at: dt.datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


class _Json(_Said):
    """One document, written entry by entry: it is whole JSON also where it was stopped."""

    whole = True

    def __init__(self) -> None:
        self._first = True

    def begin(self, at: dt.datetime) -> None:
        print(f'{{"schema_version": {SCHEMA_VERSION}, "started": "{_started(at)}", "projects": [', end="", flush=True)

    def one(self, entry: Entry) -> None:
        print("\n" if self._first else ",\n", end="")
        print(json.dumps(entry.document(), ensure_ascii=True), end="", flush=True)
        self._first = False

    def end(self, ended: dict[int, int], seconds: float, worst: int, *, whole: bool) -> None:
        tail = json.dumps(_tail(ended, seconds, worst, whole=whole), ensure_ascii=True)
        print(f"\n], {tail[1:]}", flush=True)


class _Stream(_Said):
    """JSON lines as they happen, each with its domain."""

    def event(self, domain: str, event: Started | Finished) -> None:
        if isinstance(event, Started):
            self._line({"event": "started", "domain": domain, "id": event.check.id})
        else:
            finding = report.finding_document(event.check, event.finding, event.seconds)
            self._line({"event": "finished", "domain": domain, **finding})

    def one(self, entry: Entry) -> None:
        said = {name: value for name, value in entry.document().items() if name != "findings"}
        self._line({"event": "project", **said})

    def end(self, ended: dict[int, int], seconds: float, worst: int, *, whole: bool) -> None:
        self._line({"event": "done", "schema_version": SCHEMA_VERSION, **_tail(ended, seconds, worst, whole=whole)})

    def _line(self, said: dict[str, object]) -> None:
        print(json.dumps(said, ensure_ascii=True), flush=True)


class _Table(_Said):
    """A row a project, as each is done; then how many are what."""

    def __init__(self, projects: Sequence[Summary], width: int) -> None:
        self._width = width
        self._name = min(max(len(one.domain) for one in projects), width // 3)

    def one(self, entry: Entry) -> None:
        said = entry.problem or entry.line
        head = f"{_SIGNS[entry.status]} {entry.domain}"
        room = self._name + 4
        if cells(head) > room - 2:
            print(head)
            head = ""
        first, *more = [*wrap(said, self._width - room)] or [""]
        print(f"{head}{' ' * (room - cells(head))}{first}".rstrip())
        for line in (*more, *(part for note in entry.notes for part in wrap(note, self._width - room))):
            print(f"{' ' * room}{line}".rstrip())
        sys.stdout.flush()

    def end(self, ended: dict[int, int], seconds: float, worst: int, *, whole: bool) -> None:
        told_ = ", ".join(f"{ended[status]} {_WORDS[status]}" for status in _WORST if ended[status])
        stopped = "" if whole else "Stopped. "
        print(f"{stopped}{plural(sum(ended.values()), 'project')} in {clock_of(seconds)}: {told_ or 'none looked at'}.")
