"""Whether tomorrow's build is today's: a lock file that git tracks, and a pinned runtime. Nothing is run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.checks.deploy import lockdrift, pins
from launchready_tui.envscan.walk import is_test, own
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import listed


@dataclass(frozen=True, slots=True)
class Part:
    """One language of the repository: its manifest, the lock file that git tracks, what pins its runtime."""

    language: pins.Language
    manifest: str
    lock: str = ""
    untracked_lock: str = ""
    needs_lock: bool = True
    drift: str = ""
    pin: str = ""

    @property
    def place(self) -> str:
        folder = self.manifest.rpartition("/")[0]
        return f"the folder {folder}" if folder else "the code folder"


@check(
    "deploy.build.pinned",
    severity=Severity.HIGH,
    title="Builds are repeatable",
    why="Without exact versions tomorrow's build can differ from today's, and break, without any change by you.",
    minutes=15,
)
async def build_pinned(project: Project, repo: Repo | None, owners: Owners | None) -> Finding:
    if (absent := no_code(project, owners, "so there is no build to repeat.")) is not None:
        return absent
    if repo is None:
        return not_given()
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return unread(tracked)
    paths = frozenset(own(tracked.paths)[0]) | {path for path in tracked.paths if "/" not in path}
    parts: list[Part] = []
    for folder in _folders(paths):
        for language in pins.LANGUAGES:
            part = await _part(repo, paths, language, folder)
            # Below the top a package without a lock file of its own may belong to a workspace above it.
            if part is not None and (not folder or part.lock or not parts or not _at_top(paths)):
                parts.append(part)
    if not parts:
        return info("Your code folder names no packages to install, so there is nothing to pin.")
    return judge(parts)


def _at_top(paths: frozenset[str]) -> bool:
    return any(name in paths for language in pins.LANGUAGES for name in language.manifests)


def _folders(paths: frozenset[str]) -> list[str]:
    """The top, and the folders that hold a manifest, near ones first; only a few, since each is read."""
    names = {name for language in pins.LANGUAGES for name in language.manifests}
    found = {path.rpartition("/")[0] for path in paths if path.rpartition("/")[2] in names and not is_test(path)}
    return sorted(found | {""}, key=lambda each: (each.count("/") + bool(each), each))[: limits.BUILD_FOLDERS]


async def _part(repo: Repo, paths: frozenset[str], language: pins.Language, folder: str) -> Part | None:
    """Look at one language in one folder; None where it is not used there."""

    def at(name: str) -> str:
        return f"{folder}/{name}" if folder else name

    manifest = next((at(name) for name in language.manifests if at(name) in paths), "")
    if not manifest:
        return None
    plain = manifest.rpartition("/")[2]
    text = await repo.read(manifest) or ""
    lock = next((at(name) for name in language.locks if at(name) in paths), "")
    if not lock and plain == "requirements.txt" and pins.all_exact(text):
        lock = manifest
    untracked = ""
    if not lock:
        for name in language.locks:
            if await repo.read(at(name), most=1) is not None:
                untracked = at(name)
                break
    drift = await _drift(repo, paths, lock, manifest, text) if lock and lock != manifest else ""
    pin = await _pin(repo, paths, language, folder, plain, text)
    return Part(language, manifest, lock, untracked, pins.needs_lock(plain, text), drift, pin)


async def _drift(repo: Repo, paths: frozenset[str], lock: str, manifest: str, text: str) -> str:
    """Whether the lock file fits the manifest beside it, and those of the workspace below it that it speaks of."""
    locked = await repo.read(lock, most=lockdrift.MOST) or ""
    found = await asyncio.to_thread(lockdrift.drift, lock, manifest, text, locked)
    top, name = lock.rpartition("/")[0], manifest.rpartition("/")[2]
    start = f"{top}/" if top else ""
    below = sorted(path for path in paths if path.startswith(start) and path.endswith(f"/{name}") and path != manifest)
    for path in below[: limits.BUILD_FOLDERS] if name == "package.json" and not found else ():
        inner = path.removeprefix(start).rpartition("/")[0]
        said = await asyncio.to_thread(lockdrift.drift, lock, path, await repo.read(path) or "", locked, inner)
        if said:
            return f"{said} ({path})"
    return found


async def _pin(
    repo: Repo, paths: frozenset[str], language: pins.Language, folder: str, manifest: str, text: str
) -> str:
    """What pins the runtime: a file made for it, a line in the manifest, or an exact image in the Dockerfile."""
    for place in dict.fromkeys((folder, "")):
        start = f"{place}/" if place else ""
        for name in language.pins:
            if start + name in paths and pins.names_version(language, name, await repo.read(start + name) or ""):
                return start + name
    start = f"{folder}/" if folder else ""
    if pins.manifest_pins(manifest, text):
        return start + manifest
    if start + "Dockerfile" in paths and pins.image_pinned(await repo.read(start + "Dockerfile") or ""):
        return start + "Dockerfile"
    return ""


def judge(parts: list[Part]) -> Finding:
    """Pure: the worst of the languages decides."""
    evidence = [_told(part) for part in parts]
    for part in parts:
        if part.needs_lock and not part.lock:
            return _no_lock(part, evidence)
    for part in parts:
        if part.drift:
            return failed(
                f"{part.lock} no longer fits {part.manifest}: {part.drift}. A strict install stops there.",
                Fix(
                    "steps",
                    f"In {part.place} run “{part.language.relock(part.lock)}”, then commit {part.lock}.",
                    minutes=10,
                    who=WHO,
                    copy=part.language.relock(part.lock),
                ),
                evidence=evidence,
            )
    loose = [part for part in parts if not part.pin]
    if loose:
        first = loose[0].language
        names = listed([part.language.name for part in loose])
        pinned = first.pin_file
        say = f"Run “{first.ask}” on the machine where the app works, and write that number into a file {pinned.path}"
        if pinned.text:
            say += f" (we propose {pinned.text.strip()})"
        return warned(
            f"Packages are pinned, but not the version of {names} itself. Your host may move to another one.",
            Fix(
                "file" if pinned.text else "steps",
                f"{say}, then commit it.",
                minutes=5,
                who=WHO,
                files=(pinned,) if pinned.text else (),
            ),
            evidence=evidence,
        )
    said = listed([f"{part.lock or part.manifest} and {part.pin}" for part in parts])
    return passed(f"Builds are pinned: {said}.", evidence=evidence)


def _no_lock(part: Part, evidence: list[Evidence]) -> Finding:
    command = part.language.relock(part.manifest)
    if part.untracked_lock:
        saw = f"{part.untracked_lock} is in your folder, but git does not track it, so nobody else builds with it."
        command = f"git add {part.untracked_lock}"
        say = f"Take {part.untracked_lock} out of .gitignore if it stands there, then run “{command}” and commit."
    else:
        saw = f"{part.manifest} names packages, but no lock file says which versions."
        say = f"In {part.place} run “{command}”, then commit the file that it writes."
    return failed(saw, Fix("steps", say, minutes=10, who=WHO, copy=command), evidence=evidence)


def _told(part: Part) -> Evidence:
    lock = part.lock or ("none needed" if not part.needs_lock else "none tracked")
    return Evidence(part.manifest, f"lock file: {lock}; {part.language.name} pinned by: {part.pin or 'nothing'}")
