"""The founder's code folder, read without running anything from it: no hooks, no filters, no links out, bounded."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.project import Project


@dataclass(frozen=True, slots=True)
class NoRepo:
    """Could not read it, with a plain clause why ("the folder does not exist")."""

    say: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """What git tracks: POSIX paths relative to the top, from the index. `top` is the work tree's absolute path."""

    top: str
    paths: tuple[str, ...]


class Repo:
    """The code folder of one project."""

    needs = "your code folder"

    def __init__(self, project: Project) -> None:
        """Raises ValueError where the project names no folder."""
        raise NotImplementedError

    async def tracked(self) -> Tracked | NoRepo:
        raise NotImplementedError

    async def read(self, path: str, *, most: int = 1_000_000) -> str | None:
        """A work-tree file as text (UTF-8 with stand-ins); None when absent, a link out, or not a plain file."""
        raise NotImplementedError

    async def ignored(self, paths: tuple[str, ...]) -> frozenset[str] | NoRepo:
        """Those of `paths` that the repository's .gitignore files ignore."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
