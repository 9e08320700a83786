"""The names of secrets that a code folder declares (.env files) or reads (its code). Names, never values."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator

from launchready_tui import limits
from launchready_tui.secretlist import Suggested, names_a_secret
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean

_ENV = re.compile(r"(?:^|/)\.env(?:\.[^/]+)?$", re.IGNORECASE)
_EXAMPLE = re.compile(r"\.(?:example|sample|template|dist)$", re.IGNORECASE)
_SOURCE = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|rb|php|go|rs|java|kt|ex|exs|cs)$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:node_modules|vendor|dist|build|\.next|tests?|__tests__|spec|fixtures)/", re.IGNORECASE
)
_LINE = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]{1,80})[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
# process.env.X, import.meta.env.X, env("X"), os.environ["X"], getenv('X'), ENV['X'], Deno.env.get("X")
_READ = re.compile(
    r"(?:process\.env|import\.meta\.env)(?:\.|\[[\"'])([A-Z][A-Z0-9_]{1,80})"
    r"|(?:os\.environ(?:\.get)?|getenv|Getenv|\bENV|\benv|env\.get|env::var)\s{0,3}[\[(]\s{0,3}[\"']([A-Z][A-Z0-9_]{1,80})"
)
_MOST = 200  # different names taken of one folder; ours


def declared(path: str, text: str) -> Iterator[Suggested]:
    """The secrets that a .env file names. In one that is no example and stands in git, a value has leaked."""
    example = bool(_EXAMPLE.search(path))
    shown = clean(path, limit=120)
    for match in _LINE.finditer(text):
        if names_a_secret(match[1]):
            value = match[2].split(" #")[0].strip().strip("\"'")
            yield Suggested(match[1], shown, leaked=bool(value) and not example)


def read(path: str, text: str) -> Iterator[Suggested]:
    """The secrets that a source file reads from its environment."""
    shown = clean(path, limit=120)
    for match in _READ.finditer(text):
        name = match[1] or match[2]
        if names_a_secret(name):
            yield Suggested(name, f"read in {shown}")


def once(found: Iterable[Suggested]) -> tuple[Suggested, ...]:
    """Each name once, at its first place; leaked where any place says so."""
    known: dict[str, Suggested] = {}
    for each in found:
        before = known.setdefault(each.name, each)
        if each.leaked and not before.leaked:
            known[each.name] = each
    return tuple(known[name] for name in sorted(known))[:_MOST]


async def settings_of(repo: Repo) -> tuple[Suggested, ...] | NoRepo:
    """What a code folder names as secrets."""
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return tracked
    found: list[Suggested] = []
    envs = [path for path in tracked.paths if _ENV.search(path)]
    sources = [path for path in tracked.paths if _SOURCE.search(path) and not _ELSEWHERE.search(path)]
    for path in (*envs[: limits.SECRET_FILES], *sources[: limits.SECRET_FILES]):
        text = await repo.read(path, most=limits.SECRET_FILE_BYTES)
        await asyncio.sleep(0)  # keys are heard between two files
        if text is not None:
            found += declared(path, text) if _ENV.search(path) else read(path, text)
    return once(found)
