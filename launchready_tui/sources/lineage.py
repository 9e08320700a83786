"""Where one commit stands towards the default branch, by a local repository. Asks git only what runs no filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from launchready_tui.sources.git import NoGit, Said, git

COMMIT = re.compile(r"[0-9a-f]{7,64}")
_DEFAULTS = ("main", "master", "trunk", "production")


@dataclass(frozen=True, slots=True)
class Lineage:
    """`known` is False where the repository has no such commit; `shallow` says that it holds a part of its history.

    `branch` is the default branch, `head` its newest commit here. `behind` is how many commits the branch has beyond
    this one, None where the commit is not part of it. `tags` point at the commit.
    """

    known: bool
    branch: str = ""
    head: str = ""
    behind: int | None = None
    tags: tuple[str, ...] = ()
    shallow: bool = False


async def lineage(top: str, commit: str) -> Lineage | NoGit:
    """Raises ValueError for what is no commit id: nothing else ever reaches git's command line."""
    if not COMMIT.fullmatch(commit):
        raise ValueError("no commit id")
    heads = await _heads(top)
    if isinstance(heads, NoGit):
        return heads
    shallow = await _line(top, "rev-parse", "--is-shallow-repository")
    whole = await _line(top, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
    if isinstance(shallow, NoGit):
        return shallow
    if isinstance(whole, NoGit):
        return whole
    branch, ids = heads
    head = ids[0] if ids else ""
    if not whole:
        return Lineage(False, branch, head, shallow=shallow == "true")
    behind: int | None = None
    for each in ids:
        count = await _behind(top, whole, each)
        if isinstance(count, NoGit):
            return count
        if count is not None and (behind is None or count < behind):
            behind, head = count, each
    tags = await git(top, "tag", "--points-at", whole)
    if isinstance(tags, NoGit):
        return tags
    names = tuple(tags.out.decode("utf-8", "replace").split()[:10]) if not tags.code else ()
    return Lineage(True, branch, head, behind, names, shallow == "true")


async def _heads(top: str) -> tuple[str, tuple[str, ...]] | NoGit:
    """The default branch, and its newest commits: at the remote as last fetched, and here."""
    said = await _line(top, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if isinstance(said, NoGit):
        return said
    names = [said.removeprefix("origin/")] if said else list(_DEFAULTS)
    for name in names:
        ids = []
        for ref in (f"refs/remotes/origin/{name}", f"refs/heads/{name}"):
            found = await _line(top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
            if isinstance(found, NoGit):
                return found
            ids += [found] if found else []
        if ids:
            return name, tuple(dict.fromkeys(ids))
    found = await _line(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if isinstance(found, NoGit):
        return found
    return "what is checked out", (found,) if found else ()


async def _behind(top: str, commit: str, head: str) -> int | NoGit | None:
    inside = await git(top, "merge-base", "--is-ancestor", commit, head)
    if isinstance(inside, NoGit):
        return inside
    if inside.code:
        return None
    count = await _line(top, "rev-list", "--count", f"{commit}..{head}")
    if isinstance(count, NoGit):
        return count
    return int(count) if count.isascii() and count.isdigit() else None


async def _line(top: str, *arguments: str) -> str | NoGit:
    """The one line that a command says, "" where it fails."""
    said = await git(top, *arguments)
    if not isinstance(said, Said):
        return said
    return "" if said.code else said.out.decode("utf-8", "replace").strip()
