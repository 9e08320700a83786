"""A clean build as the check asks for it, and what is kept of the last one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import aclosing

from launchready_tui import limits
from launchready_tui.cleanbuild.model import Built, Order
from launchready_tui.cleanbuild.running import Build
from launchready_tui.envscan.declared import is_example
from launchready_tui.platforms import Recognised
from launchready_tui.project import Clock
from launchready_tui.text import clean


class BuildBook:
    """The last build of a project, as its journal has it. `keep` writes a new one down."""

    needs = "a clean build"

    def __init__(self, last: Built | None = None, keep: Callable[[Built], None] | None = None) -> None:
        self.last = last
        self._keep = keep
        self._here: set[tuple[str, str, str]] = set()  # built in this sitting: once is enough for one commit

    def keep(self, built: Built) -> None:
        self.last = built
        self._here.add((built.commit, built.install, built.build))
        if self._keep is not None:
            self._keep(built)

    def ran_here(self, commit: str, order: Order) -> bool:
        """Was this very thing built in this sitting?"""
        return (commit, order.install, order.build) in self._here


class CleanBuild:
    """Runs a build. It is there only where the founder said yes to one."""

    needs = "your yes to a build"
    consent = "build"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, order: Order) -> Built:
        """To its end; cancelled, it leaves nothing behind."""
        async with aclosing(Build(order, self._clock.now()).run()) as events:
            async for event in events:
                if isinstance(event, Built):
                    return event
        raise AssertionError("a build ends with its result")


_ASKS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces")


def asks_for_nothing(manifest: str) -> bool:
    """True for a package.json that names no package: installing it would only need a program that may not be here."""
    try:
        document = json.loads(manifest)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and not any(document.get(name) for name in _ASKS)


def order_of(
    top: str, paths: Iterable[str], found: Recognised, last: Built | None = None, manifest: str = ""
) -> Order | None:
    """What a clean build of a folder runs: the commands of the last build, where a person gave others than we found;
    None where nothing says how it is built. `manifest` is the text of its package.json."""
    said = found.commands
    install, build = "" if asks_for_nothing(manifest) else said.install, said.build
    given = last is not None and last.given
    if last is not None and given:
        install, build = last.install, last.build
    if not install and not build:
        return None
    folder = said.folder
    places = {"", folder}
    examples = [path for path in paths if path.rpartition("/")[0] in places and is_example(path)]
    examples.sort(key=lambda path: (path.count("/"), path))
    return Order(
        top,
        clean(install, limit=limits.BUILD_COMMAND),
        clean(build, limit=limits.BUILD_COMMAND),
        folder,
        tuple(examples),
        given=given,
    )
