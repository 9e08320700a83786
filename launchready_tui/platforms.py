"""Which host, framework, language and package manager a code folder has, from its files alone (`platforms.toml`).

`recognise` is the one door. Nothing of the folder is run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from launchready_tui.commands import commands, manager_of
from launchready_tui.manifests import requires
from launchready_tui.platform_marks import (
    Commands,
    Folder,
    Manager,
    Mark,
    Read,
    fits,
    language_ends,
    managers,
    mark,
    marks,
    packages_of,
)

__all__ = ["Commands", "Manager", "Mark", "Recognised", "languages", "managers", "mark", "marks", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a code folder is. Names as `platforms.toml` has them, in its order; languages with the most files first."""

    platforms: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    package_manager: str = ""
    commands: Commands = field(default_factory=Commands)
    by: dict[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Those of the platforms that run the product, Docker aside where another one is named."""
        found = [name for name in self.platforms if mark(name).kind == "host"]
        return tuple(name for name in found if name != "docker" or len(found) == 1)


def recognise(paths: Iterable[str], read: Read) -> Recognised:
    """Look at a code folder. `read` gives a file's text or None. Reads a few hundred files at most."""
    folder = Folder(paths, read)
    packages = packages_of(folder)
    by = {one.name: path for one in marks() if (path := fits(one, folder, packages))}
    hidden = _hidden(folder, by)
    seen = [one for one in marks() if one.name in by and one.name not in hidden]
    frameworks = tuple(one.name for one in seen if one.kind == "framework")
    said = commands(folder, [one for one in seen if one.kind == "framework"], by)
    manager = manager_of(folder, said.folder, [one for one in seen if one.kind == "framework"])
    return Recognised(
        tuple(one.name for one in seen if one.kind != "framework"),
        frameworks,
        languages(folder),
        manager.name if manager is not None else "",
        said,
        {name: path for name, path in by.items() if name not in hidden},
    )


def _hidden(folder: Folder, by: dict[str, str]) -> frozenset[str]:
    """Frameworks that are only a part of another one: each manifest that asks for the part asks for the whole too."""
    asked: dict[str, set[str]] = {}
    for path in folder.manifests:
        for package in requires(path, folder.text(path)):
            asked.setdefault(package, set()).add(path.rpartition("/")[0])
    out: set[str] = set()
    for one in marks():
        if one.name not in by:
            continue
        wholes = set().union(
            *(asked.get(package, set()) for package in one.packages), {by[one.name].rpartition("/")[0]}
        )
        for part in one.hides & by.keys():
            parts = set().union(*(asked.get(package, set()) for package in mark(part).packages))
            if parts <= wholes:
                out.add(part)
    return frozenset(out)


_CONFIG = re.compile(
    r"\.(?:config|setup|conf|rc)\.[cm]?[jt]s$|(?:^|/)\.[\w.-]+$|(?:^|/)(?:gulpfile|gruntfile|env|middleware)\.[cm]?js$|"
    r"\.d\.[cm]?ts$|(?:^|/)build\.gradle\.kts$|(?:^|/)(?:service-worker|sw)\.js$|(?:^|/)(?:public|static)/",
    re.IGNORECASE,
)
_COMPONENT = re.compile(r"\.(?:vue|svelte|astro)$")
_TYPED = re.compile(r"<script[^>]{0,200}\blang=[\"']ts|^---\n", re.MULTILINE)
_SHARE = 0.15  # of the JavaScript and TypeScript files; fewer of one are left-overs beside the other; ours


def languages(folder: Folder) -> tuple[str, ...]:
    """The languages of the product's own source, the most files first."""
    return _counted(folder, (path for path in folder.paths if not _CONFIG.search(path))) or _counted(
        folder, folder.paths
    )


def _counted(folder: Folder, paths: Iterable[str]) -> tuple[str, ...]:
    count: Counter[str] = Counter()
    for path in paths:
        end = path.rpartition(".")[2]
        if end in language_ends():
            count[language_ends()[end]] += 1
        elif _COMPONENT.search(path):
            count["typescript" if end == "astro" or _TYPED.search(folder.text(path)) else "javascript"] += 1
    both = count["typescript"] + count["javascript"]
    for one in ("typescript", "javascript"):
        if count[one] < both * _SHARE:
            del count[one]
    return tuple(name for name, number in sorted(count.items(), key=lambda each: (-each[1], each[0])) if number)
