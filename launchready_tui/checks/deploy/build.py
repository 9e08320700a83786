"""Whether tomorrow's build is today's: a lock file that git tracks, and a pinned runtime. Nothing is run."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.checks import check
from launchready_tui.checks.deploy import pins
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import listed

_WHO = "Whoever writes your app"


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


@check(
    "deploy.build.pinned",
    severity=Severity.HIGH,
    title="Builds are repeatable",
    why="Without exact versions tomorrow's build can differ from today's, and break, without any change by you.",
    minutes=15,
)
async def build_pinned(project: Project, repo: Repo | None, owners: Owners | None) -> Finding:
    if "repository" in project.absent or (owners is not None and owners.get("repository").absent):
        return info("You said that there is no code of your own, so there is no build to repeat.")
    if repo is None:
        return unknown(f"We have not looked: this needs {Repo.needs}.", needs=Repo.needs)
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return unknown(f"We could not read your code folder: {tracked.say}.", needs=Repo.needs)
    parts = [part for language in pins.LANGUAGES if (part := await _part(repo, tracked.paths, language)) is not None]
    if not parts:
        return info("Your code folder names no packages to install, so there is nothing to pin.")
    return judge(parts)


async def _part(repo: Repo, paths: tuple[str, ...], language: pins.Language) -> Part | None:
    """Look at one language at the top of the repository; None where it is not used there."""
    top = {path for path in paths if "/" not in path}
    manifest = next((name for name in language.manifests if name in top), "")
    if not manifest:
        return None
    text = await repo.read(manifest) or ""
    lock = next((name for name in language.locks if name in top), "")
    if not lock and manifest == "requirements.txt" and pins.all_exact(text):
        lock = manifest
    untracked = ""
    if not lock:
        for name in language.locks:
            if await repo.read(name, most=1) is not None:
                untracked = name
                break
    drift = pins.drift(lock, text, await repo.read(lock, most=pins.TOO_LONG) or "") if lock else ""
    pin = await _pin(repo, top, language, manifest, text)
    return Part(language, manifest, lock, untracked, pins.needs_lock(manifest, text), drift, pin)


async def _pin(repo: Repo, top: set[str], language: pins.Language, manifest: str, text: str) -> str:
    """What pins the runtime: a file made for it, a line in the manifest, or an exact image in the Dockerfile."""
    for name in language.pins:
        if name in top and pins.names_version(language, name, await repo.read(name) or ""):
            return name
    if pins.manifest_pins(manifest, text):
        return manifest
    if "Dockerfile" in top and pins.image_pinned(await repo.read("Dockerfile") or ""):
        return "Dockerfile"
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
                    f"In the code folder run “{part.language.relock(part.lock)}”, then commit {part.lock}.",
                    minutes=10,
                    who=_WHO,
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
                who=_WHO,
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
        say = f"In the code folder run “{command}”, then commit the file that it writes."
    return failed(saw, Fix("steps", say, minutes=10, who=_WHO, copy=command), evidence=evidence)


def _told(part: Part) -> Evidence:
    lock = part.lock or ("none needed" if not part.needs_lock else "none tracked")
    return Evidence(part.manifest, f"lock file: {lock}; {part.language.name} pinned by: {part.pin or 'nothing'}")
