"""What hosts, builders, frameworks and package managers are recognised by (`platforms.toml`), and where to look."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from launchready_tui import limits
from launchready_tui.envscan.walk import is_test, own
from launchready_tui.known import read_data
from launchready_tui.manifests import MANIFESTS, requires

Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """One host, builder, backend or framework, with what it is recognised by. Fields as `platforms.toml` says them."""

    kind: str
    name: str
    label: str
    files: tuple[re.Pattern[str], ...]
    packages: frozenset[str]
    texts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    hides: frozenset[str]
    manager: str
    build: str
    start: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: the files that show it, and the commands that its documentation names."""

    language: str
    name: str
    locks: tuple[str, ...]
    marks: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    manifests: tuple[str, ...]
    install: str
    loose: str
    run: str
    start: str
    build: str


@dataclass(frozen=True, slots=True)
class Commands:
    """How the product is installed, built and started, "" where nothing says so. `folder` is where ("" the top).

    `says` names the file that each command of these comes from: {"build": "vercel.json"}.
    """

    install: str = ""
    build: str = ""
    start: str = ""
    folder: str = ""
    says: dict[str, str] = field(default_factory=dict)


def _named(pattern: str) -> re.Pattern[str]:
    """A file name at any depth, or a path from any folder; "*" stays inside one name."""
    return re.compile(r"(?:.*/)?" + "[^/]*".join(re.escape(part) for part in pattern.split("*")))


def _text(mark: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    name, _, pattern = mark.partition(" ~ ")
    return _named(name), re.compile(pattern)


def _said(text: str) -> str:
    return "" if text == "none" else text


def _mark(entry: dict[str, Any]) -> Mark:
    return Mark(
        entry["kind"],
        entry["name"],
        entry["label"],
        tuple(map(_named, entry["files"])),
        frozenset(entry["packages"]),
        tuple(map(_text, entry["texts"])),
        frozenset(entry["hides"]),
        _said(entry["manager"]),
        _said(entry["build"]),
        _said(entry["start"]),
        tuple(entry["yes"]),
        tuple(entry["no"]),
        entry["source"],
    )


@cache
def marks() -> tuple[Mark, ...]:
    """All of them, in the file's order."""
    return tuple(_mark(entry) for entry in read_data("platforms.toml")["mark"])


def mark(name: str) -> Mark:
    """By its name ("vercel"). Raises KeyError for one that is not there."""
    for one in marks():
        if one.name == name:
            return one
    raise KeyError(name)


@cache
def managers() -> tuple[Manager, ...]:
    return tuple(
        Manager(
            entry["language"],
            entry["name"],
            tuple(entry["locks"]),
            tuple(map(_text, entry["marks"])),
            tuple(entry["manifests"]),
            _said(entry["install"]),
            _said(entry["loose"]),
            _said(entry["run"]),
            _said(entry["start"]),
            _said(entry["build"]),
        )
        for entry in read_data("platforms.toml")["manager"]
    )


@cache
def language_ends() -> dict[str, str]:
    """The end of a file's name -> its language."""
    return {end: entry["name"] for entry in read_data("platforms.toml")["language"] for end in entry["ends"]}


class Folder:
    """The files of a code folder, each read once and only when asked for."""

    def __init__(self, paths: Iterable[str], read: Read) -> None:
        self.paths = tuple(path for path in own(paths)[0] if not is_test(path))
        self.has = frozenset(self.paths)
        self._read = read
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """ "" for one that is not there or cannot be read."""
        if path not in self._texts:
            room = len(self._texts) < limits.PLATFORM_FILES and path in self.has
            self._texts[path] = (self._read(path) or "")[: limits.ENV_FILE_BYTES] if room else ""
        return self._texts[path]

    def at(self, folder: str, name: str) -> str:
        """The path of a file in a folder."""
        return f"{folder}/{name}" if folder else name

    @property
    def manifests(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if MANIFESTS.fullmatch(path.rpartition("/")[2]))


def fits(one: Mark, folder: Folder, packages: dict[str, str]) -> str:
    """The file by which an entry is recognised; "" where it is not. `packages` says which manifest asks for each."""
    asked = min(one.packages & packages.keys(), default="")
    if asked:
        return packages[asked]
    for path in folder.paths:
        if any(pattern.fullmatch(path) for pattern in one.files):
            return path
    for named, pattern in one.texts:
        for path in folder.paths:
            if named.fullmatch(path) and pattern.search(folder.text(path)):
                return path
    return ""


def packages_of(folder: Folder) -> dict[str, str]:
    """Package -> the first manifest that asks for it."""
    found: dict[str, str] = {}
    for path in folder.manifests:
        for package in requires(path, folder.text(path)):
            found.setdefault(package, path)
    return found


def example(text: str) -> tuple[list[str], Read]:
    """One of an entry's examples as a folder of one file."""
    path, _, content = text.partition(": ")
    return [path], lambda asked: content if asked == path else None


def recognised_by(one: Mark, text: str) -> bool:
    """Is an example recognised by this entry?"""
    folder = Folder(*example(text))
    return bool(fits(one, folder, packages_of(folder)))
