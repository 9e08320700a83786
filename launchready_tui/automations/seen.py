"""What runs by itself in a repository already: its workflow files, read, and where it is kept."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.automations.model import Forge
from launchready_tui.automations.safeyaml import BadYaml
from launchready_tui.automations.workflows import Workflow, read_github, read_gitlab
from launchready_tui.sources.git import NoGit, git
from launchready_tui.sources.repo import NoRepo, Repo, Tracked

GITHUB, GITLAB, GITLAB_FILES = ".github/workflows", ".gitlab-ci.yml", ".gitlab/launchready"
_REMOTE = re.compile(r"^(?:[a-z+]+://)?(?:[^/@\s]+@)?([A-Za-z0-9.-]+)(?::|/|$)")


@dataclass(frozen=True, slots=True)
class Seen:
    """`texts` are the workflow files by path, as they lie on disk; `bad` those that could not be read, and why;
    `untracked` those that git does not have yet; `remotes` the hosts that the repository is kept at."""

    texts: dict[str, str]
    workflows: tuple[Workflow, ...]
    bad: tuple[tuple[str, str], ...]
    untracked: frozenset[str]
    remotes: tuple[str, ...]
    hints: frozenset[Forge]
    branch: str = ""
    cut: bool = False

    @property
    def gitlab(self) -> Workflow | None:
        return next((each for each in self.workflows if each.path == GITLAB), None)


async def seen(repo: Repo) -> Seen | NoRepo:
    """Read the workflow files. Nothing is run, no link is followed."""
    tracked = await repo.tracked()
    if isinstance(tracked, NoRepo):
        return tracked
    paths = _paths(tracked)
    cut = len(paths) > limits.WORKFLOW_FILES
    texts: dict[str, str] = {}
    for path in paths[: limits.WORKFLOW_FILES]:
        text = await repo.read(path, most=limits.WORKFLOW_BYTES + 1)
        if text is not None:
            texts[path] = text
    workflows, bad = [], []
    for path, text in texts.items():
        try:
            workflows.append(read_github(path, text) if path.startswith(GITHUB) else read_gitlab(path, text))
        except BadYaml as problem:
            bad.append((path, str(problem)))
    hints: set[Forge] = set()
    if any(path.startswith(".github/") for path in (*tracked.paths, *texts)):
        hints.add("github")
    if any(path == GITLAB or path.startswith(".gitlab/") for path in (*tracked.paths, *texts)):
        hints.add("gitlab")
    untracked = frozenset(texts) - frozenset(tracked.paths)
    remotes, branch = await _remotes(tracked.top)
    return Seen(texts, tuple(workflows), tuple(bad), untracked, remotes, frozenset(hints), branch, cut)


def _paths(tracked: Tracked) -> list[str]:
    """Workflow files, tracked or only on disk."""
    found = {path for path in tracked.paths if _is_workflow(path)}
    for folder in (GITHUB, GITLAB_FILES):
        found |= {f"{folder}/{name}" for name in _names(tracked.top, folder) if _is_workflow(f"{folder}/{name}")}
    if os.path.lexists(os.path.join(tracked.top, GITLAB)):
        found.add(GITLAB)
    return sorted(found)


def _is_workflow(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return path == GITLAB or (folder in (GITHUB, GITLAB_FILES) and name.endswith((".yml", ".yaml")))


def _names(top: str, folder: str) -> list[str]:
    """Names of plain files in a folder of the work tree; none where a part of its path is a link."""
    at = top
    for part in folder.split("/"):
        at = os.path.join(at, part)
        if os.path.islink(at) or not os.path.isdir(at):
            return []
    try:
        with os.scandir(at) as entries:
            names = [entry.name for entry, _ in zip(entries, range(limits.WORKFLOW_FILES * 10), strict=False)]
    except OSError:
        return []
    return sorted(name for name in names if name.isprintable())


async def _remotes(top: str) -> tuple[tuple[str, ...], str]:
    """Hosts of the remotes (never more of an address: it may hold a token), and the branch that origin starts from."""
    if not os.path.isdir(top):
        return (), ""
    said = await git(top, "config", "--local", "--no-includes", "-z", "--get-regexp", r"^remote\..*\.url$")
    hosts: list[str] = []
    if not isinstance(said, NoGit) and said.code == 0:
        for entry in said.out.decode("utf-8", "replace").split("\0"):
            match = _REMOTE.match(entry.partition("\n")[2].strip())
            if match:
                hosts.append(match[1].lower().rstrip("."))
    head = await git(top, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
    branch = ""
    if not isinstance(head, NoGit) and head.code == 0:
        branch = head.out.decode("utf-8", "replace").strip().removeprefix("refs/remotes/origin/")
    return tuple(dict.fromkeys(hosts)), branch if re.fullmatch(r"[\w./-]{1,100}", branch) else ""


def forge_of(found: Seen) -> tuple[Forge | None, str, bool]:
    """GitHub or GitLab by the remote, else by the files; the reason where it is neither; whether it was assumed."""
    for host in found.remotes:
        if host == "github.com" or host.startswith("github."):
            return "github", "", False
        if host == "gitlab.com" or "gitlab" in host.split("."):
            return "gitlab", "", False
    files: dict[str, Forge] = {}
    for workflow in found.workflows:
        files[workflow.forge] = workflow.forge
    known: set[Forge] = set(files.values()) or set(found.hints)
    if len(known) == 1:
        return next(iter(known)), "", False
    if found.remotes:
        return None, f"Your repository is kept at {found.remotes[0]}; we write for GitHub Actions and GitLab CI.", False
    return "github", "", True
