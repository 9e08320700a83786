"""`launchready secrets scan` and `mark`: the keys in a code folder and its history, from the command line. No value."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from launchready_tui.changing import opened
from launchready_tui.checks.audit._keys_found import engine_said, provider_of, worst_first
from launchready_tui.headless import told
from launchready_tui.inventory import parse_day
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.project import Project
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned, SecretScan
from launchready_tui.session import Session
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.system import user_name
from launchready_tui.text import clean, plural

Parts = dict[str, Scanned | NoRepo]


@dataclass(frozen=True, slots=True)
class ScanWish:
    """What a command was told. `repo` scans a folder without a project; `mark` is a place or a fingerprint's
    beginning to say something of: made new on `on`, no key for `reason`, or (`undo`) nothing any more."""

    repo: str = ""
    history: bool = True
    mark: str = ""
    on: str = ""
    reason: str = ""
    undo: bool = False
    who: str = ""
    as_json: bool = False


def run_scan(project: str | None, workspace: str | None, options: LookOptions, said: Mapping[str, Any]) -> int:
    """Exit status 0 where no key is open, 1 where one is, 3 where something could not be read. `said` are the fields of
    ScanWish."""
    wish = ScanWish(**{name: value for name, value in said.items() if name != "do"})

    async def scan() -> int:
        if wish.repo and not wish.mark:
            return _say(await scan_folder(wish.repo, history=wish.history), SecretMarks(), wish)
        async with opened(project, workspace, options) as session:
            if not session.project.repo:
                raise BadOption("The project names no code folder. Say --repo with the folder.")
            parts, marks = await session.found_keys(again=True)
            if wish.mark:
                say_problem(await _mark(session, parts, wish))
                marks = session.secret_marks
            shown = {name: part for name, part in parts.items() if wish.history or name != "history"}
            return _say(shown, marks, wish)

    with told():
        return asyncio.run(scan())


async def scan_folder(folder: str, *, history: bool, engine: str = "") -> Parts:
    """The parts of one folder, without a project."""
    repo, scan = Repo(Project("launchready.invalid", repo=folder)), SecretScan(engine=engine)
    try:
        parts: Parts = {"worktree": await scan.worktree(repo)}
        if history:
            parts["history"] = await scan.history(repo)
        return parts
    finally:
        await scan.aclose()
        await repo.aclose()


async def _mark(session: Session, parts: Parts, wish: ScanWish) -> str:
    """Raises BadOption where the fingerprint fits no key, or several."""
    every = _every(parts)
    fits = {one.print: one for one in every if f"{one.path}:{one.line}" == wish.mark}
    fits = fits or {one.print: one for one in every if one.print.startswith(wish.mark.lower())}
    if len(fits) != 1:
        raise BadOption(
            f"{clean(wish.mark, limit=80)} fits {plural(len(fits), 'key')}: write a place such as src/pay.js:3, or "
            "more of "
            "the fingerprint."
        )
    found, who = next(iter(fits.values())), wish.who or user_name()
    if wish.undo:
        session.unmark(found, who)
        return f"Taken back: {found.name} counts again."
    if wish.reason:
        await session.mark_false(found, wish.reason, who)
        return f"Written down: {found.name} is no key."
    today = session.clock.now().astimezone().date()
    day = parse_day(wish.on, today) or today
    await session.mark_rotated(found, day, who)
    return f"Written down: a new one was made in the place of this {found.name} on {day.day} {day:%b %Y}."


def _every(parts: Parts) -> list[Found]:
    return [one for part in parts.values() if isinstance(part, Scanned) for one in part.found]


def _say(parts: Parts, marks: SecretMarks, wish: ScanWish) -> int:
    if wish.as_json:
        print(json.dumps(document(parts, marks), ensure_ascii=True, indent=1))
    else:
        width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
        for line in text(parts, marks, width):
            print(line)
    return status(parts, marks)


def status(parts: Parts, marks: SecretMarks) -> int:
    if any(one.what == "secret" and marks.open(one) for one in _every(parts)):
        return 1
    unread = any(isinstance(part, NoRepo) or part.left or part.cut or part.shallow for part in parts.values())
    return 3 if unread else 0


def _word(found: Found, marks: SecretMarks) -> str:
    """The status in a word, as in the wizard."""
    mark = marks.of(found)
    if mark is not None:
        return "made new" if mark.state == "rotated" else "no key"
    return {"secret": "open", "debatable": "look", "public": "public"}[found.what]


def document(parts: Parts, marks: SecretMarks) -> dict[str, object]:
    """For a script. `commit` is null for what stands in the work tree."""
    return {
        "schema_version": 1,
        "parts": {
            name: {"problem": clean(part.say)}
            if isinstance(part, NoRepo)
            else {"engine": part.engine, "read": part.read, "not_read": part.left, "cut": part.cut}
            for name, part in parts.items()
        },
        "findings": [finding(one) | {"status": _word(one, marks)} for one in _every(parts)],
    }


def finding(found: Found) -> dict[str, object]:
    """One hit as plain data: place, rule and fingerprint."""
    return {
        "path": clean(found.path, limit=1_000),
        "line": found.line,
        "rule": found.rule,
        "commit": found.commit or None,
        "class": found.what,
        "name": found.name,
        "form": clean(found.shown),
        "fingerprint": found.print,
    }


def text(parts: Parts, marks: SecretMarks, width: int) -> Iterator[str]:
    """Each key once, the worst first, with where a new one is made."""
    listed = worst_first(one for one in _every(parts) if one.what != "public")
    for one in sorted(listed, key=lambda one: not marks.open(one)):
        where = f"{clean(one.path, limit=120)}:{one.line}" + (f" at {one.commit[:10]}" if one.commit else "")
        yield f"{_word(one, marks).upper():9} {one.name}, {where}"
        mark, provider = marks.of(one), provider_of(one)
        more = mark.said if mark else f"{provider.name}: {provider.path} ({provider.page})"
        about = f"{one.shown}, fingerprint {one.print[:8]}. {more}"
        yield from (f"          {line}" for line in wrap(about, width - 10))
    count = len([one for one in listed if one.what == "secret" and marks.open(one)])
    if listed or not any(isinstance(part, NoRepo) for part in parts.values()):
        yield f"{plural(count, 'key')} {'is' if count == 1 else 'are'} open." if listed else "No key was found."
    for name, part in parts.items():
        said = f"could not be read: {clean(part.say)}" if isinstance(part, NoRepo) else engine_said(part)
        yield from wrap(f"{'History' if name == 'history' else 'Code'}: {said}.", width)
