"""The commands that need no screen: check, ask, export, and the practice startup's servers alone."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

from launchready_tui.checks import Check, all_checks
from launchready_tui.domain import BadDomain, parse_domain
from launchready_tui.engine import Finished, Started
from launchready_tui.options import BadOption, LookOptions, apply, parse_at, selected
from launchready_tui.project import Clock, Project
from launchready_tui.saying import Problem, say_problem

USAGE, COULD_NOT_TELL = 2, 3


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn what a founder can put right into its sentence and exit status 2."""
    try:
        yield
    except (BadDomain, BadOption, Problem) as error:
        say_problem(getattr(error, "sentence", str(error)))
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.stdout = None  # nobody reads any more: Python must not flush at exit
        sys.exit(USAGE)
    except KeyboardInterrupt:
        sys.exit(130)


def list_checks() -> int:
    """Every check: id, severity, title."""
    with told():
        for check in all_checks():
            print(f"{check.id:28} {check.severity.value:9} {check.title}")
    return 0


def run_check(typed: str, options: LookOptions, *, as_json: bool, stream: bool) -> int:
    """`launchready check`. Returns the exit status."""
    with told():
        name = parse_domain(typed)
        for note in name.notes:
            say_problem(note)
        clock = Clock(parse_at(options.at)) if options.at else Clock()
        ids = set(selected(options.only, options.stages, [check.id for check in all_checks()]))
        chosen = tuple(check for check in all_checks() if check.id in ids)
        return asyncio.run(_check(name.domain, options, clock, chosen, as_json=as_json, stream=stream))


async def _check(
    domain: str, options: LookOptions, clock: Clock, chosen: tuple[Check, ...], *, as_json: bool, stream: bool
) -> int:
    from launchready_tui import report
    from launchready_tui.archive import refusal
    from launchready_tui.brought import read_answers
    from launchready_tui.kept import given
    from launchready_tui.mask import mask, names_of
    from launchready_tui.readiness import judge
    from launchready_tui.risks import standing
    from launchready_tui.session import Session
    from launchready_tui.unlocking import unlock
    from launchready_tui.unsaved import UnsavedStore
    from launchready_tui.vault import Vaults
    from launchready_tui.workspace import Workspace

    gc.freeze()  # what is loaded by now stays: no collection needs to look through it while answers wait
    workspace = Workspace(Path(options.workspace) if options.workspace else None)
    if (at := workspace.archived(domain)) is not None:
        raise refusal(domain, at)
    started, began = dt.datetime.now(dt.UTC), time.perf_counter()
    finished: dict[str, Finished] = {}
    async with contextlib.AsyncExitStack() as stack:
        store = workspace.open(domain) if workspace.has(domain) else UnsavedStore(Project(domain))
        project = apply(store.project, options)
        vaults = Vaults(workspace.root, options.vault)
        unlock(vaults)
        session = Session(store, vaults.open(), clock=clock, project=project, vaults=vaults)
        stack.push_async_callback(session.aclose)
        known = len(session.notes)
        await session.load_owners()
        await session.load_host_token()
        for note in session.notes[known:]:
            say_problem(note)
        session.given = tuple(given(Path(path)) for path in options.eml)
        if options.answers:
            session.bring(*read_answers(Path(options.answers)))
        async with aclosing(session.look(chosen)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    finished[event.check.id] = event
                if stream:
                    _say_event(event)
        findings = {id: done.finding for id, done in finished.items()}
        readiness = judge(findings, chosen, accepted=standing(session.accepted, clock.now()))
        seconds = time.perf_counter() - began
        ordered = {check.id: finished[check.id] for check in chosen if check.id in finished}
        if as_json or stream:
            document = report.document(domain, started, seconds, readiness, ordered.values())
            if stream:
                document = {"event": "done", **{k: v for k, v in document.items() if k != "findings"}}
            print(json.dumps(document, ensure_ascii=True, indent=None if stream else 1))
        else:
            width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
            lines = report.text(domain, readiness, ordered, width)
            hidden = names_of(session.owners)
            print("\n".join(mask(line, hidden) if options.presenter else line for line in lines))
    sys.stdout.flush()
    return readiness.exit_status


def _say_event(event: Started | Finished) -> None:
    from launchready_tui.report import finding_document

    if isinstance(event, Started):
        line: dict[str, object] = {"event": "started", "id": event.check.id}
    else:
        line = {"event": "finished", **finding_document(event.check, event.finding, event.seconds)}
    print(json.dumps(line, ensure_ascii=True), flush=True)


def run_ask() -> int:
    """`launchready ask`: until the input ends."""
    from launchready_tui.ask import serve

    with told():
        asyncio.run(serve(sys.stdin.buffer, lambda line: print(line, flush=True)))
    return 0


def run_export(project: str | None, workspace: str | None, folder: str | None) -> int:
    """`launchready export`. Exit status 1 where the self-scan refused."""
    from launchready_tui.changing import opened

    async def export() -> int:
        async with opened(project, workspace) as session:
            if not session.outcomes:
                raise BadOption("Nothing has been looked at yet. Run `launchready check` on this project, then export.")
            exported = await session.export(Path(folder) if folder else None)
            if exported.hits:
                say_problem("Nothing was written: the export would hold a secret.")
                for hit in exported.hits:
                    say_problem(f"  {hit}")
                return 1
            for path in exported.paths:
                print(path)
            return 0

    with told():
        return asyncio.run(export())


def serve_practice(workspace: str | None, *, fresh: bool) -> int:
    """`launchready demo --serve`: the practice servers until Ctrl+C or SIGTERM, and the command that looks at them."""
    from launchready_tui.practice.startup import Practice
    from launchready_tui.system import stop_signals
    from launchready_tui.workspace import Workspace

    async def serve() -> int:
        root = Workspace(Path(workspace) if workspace else None).root
        practice = await Practice.start(root / "practice", fresh=fresh)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for signal in stop_signals():
            with contextlib.suppress(NotImplementedError):  # Windows has no loop signal handlers; Ctrl+C raises there
                loop.add_signal_handler(signal, stop.set)
        try:
            print(practice.command(), flush=True)
            say_problem("The practice startup is up. Ctrl+C ends it.")
            await stop.wait()
        finally:
            await practice.aclose()
        return 0

    with told():
        return asyncio.run(serve())
