"""Which files of a code folder are its own: no links, nothing that was installed or built, capped."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator

from launchready_tui import limits
from launchready_tui.envscan.words import words
from launchready_tui.sources.inside import read_inside

# Folders of what is installed, built or kept by tools.
_ELSEWHERE = words(
    "node_modules bower_components vendor .git .hg .svn .venv venv .env.d __pycache__ .tox .nox .mypy_cache "
    ".pytest_cache dist build out target .next .nuxt .output .svelte-kit .vercel .netlify .turbo .cache .parcel- "
    "cache .astro .wrangler deps _build coverage .gradle .idea .vscode .terraform Pods DerivedData site-packages "
    ".yarn .pnpm-store storybook-static tmp log logs"
)
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|specs?|e2e|cypress|fixtures?|testdata|mocks?)/|"
    r"[._-](?:test|spec|stories)\.[cm]?[jt]sx?$|(?:^|/)test_[^/]*\.py$|_test\.(?:py|go|rb|exs?)$|_spec\.rb$|(?:^|/)conftest\.py$|"
    r"Tests?\.(?:java|kt|cs|php)$|/src/test/",
)


def own(paths: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """Those of `paths` that are the product's, capped, and whether some were left out by the cap."""
    kept: list[str] = []
    for path in paths:
        parts = path.split("/")
        if any(part in _ELSEWHERE for part in parts[:-1]):
            continue
        if len(kept) >= limits.ENV_FILES:
            return tuple(kept), True
        kept.append(path)
    return tuple(kept), False


def is_test(path: str) -> bool:
    """True for a file that only tests run."""
    return _TESTS.search(path) is not None


def walk(top: str) -> tuple[tuple[str, ...], bool]:
    """The files below a folder that is not under git, sorted. Links are not followed; .env files that the folder's own
    .gitignore names are left out, as git would."""
    found: list[str] = []
    stack = [""]
    while stack and len(found) <= limits.GIT_FILES:
        folder = stack.pop()
        for entry in sorted(_scan(os.path.join(top, folder)), key=lambda each: each.name, reverse=True):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink() or "\0" in path:
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _ELSEWHERE and path.count("/") < limits.ENV_DEPTH:
                    stack.append(path)
            elif entry.is_file(follow_symlinks=False):
                found.append(path)
    ignored = _ignored(top)
    kept, cut = own(sorted(path for path in found if not ignored(path)))
    return kept, cut or len(found) > limits.GIT_FILES


def _scan(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:
        return


class _Ignored:
    """The patterns of the top .gitignore that speak of .env files, the last that fits deciding."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines())
        self._rules = [line for line in lines if line and not line.startswith("#") and "env" in line.lower()][:200]

    def __call__(self, path: str) -> bool:
        name, out = path.rpartition("/")[2], False
        if not name.lower().startswith((".env", ".dev.vars")):
            return False
        for rule in self._rules:
            pattern = rule.lstrip("!").strip("/")
            pattern = pattern.removeprefix("**/")
            if len(pattern) < 200 and (fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(path, pattern)):
                out = not rule.startswith("!")
        return out


def _ignored(top: str) -> _Ignored:
    data = read_inside(top, ".gitignore", 100_000)
    return _Ignored((data or b"").decode("utf-8", "replace"))
