"""Files of a repository are written and untracked, and nothing of the repository runs, whatever is planted in it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.checks.audit.env import env_tracked
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.providers.files import CodeFolder
from launchready_tui.model import FileChange, Fix, Status
from launchready_tui.project import Project
from launchready_tui.sources.repo import Repo
from tests.fixes.test_cut_off import NOW, Book
from tests.sources.test_repo import code, git

__all__ = ["code"]  # the fixture
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def tracked(folder: Path) -> list[str]:
    return subprocess.run(
        ["git", "-C", str(folder), "ls-files"], check=True, capture_output=True, text=True
    ).stdout.splitlines()


def cycle_at(folder: Path) -> Cycle:
    project = Project("good.example", repo=str(folder))
    return Cycle(Places(lambda: project, {}).find, Book(), lambda: NOW, {})


async def apply_and_undo(folder: Path, top: Path) -> None:
    """The fix that the check itself proposes, made and taken back."""
    project = Project("good.example", repo=str(folder))
    found = await env_tracked(project, Repo(project), None)
    assert found.status is Status.FAIL
    assert found.fix is not None
    cycle = cycle_at(folder)
    plan = await cycle.plan("audit.env.tracked", "env", found.fix)
    before = (top / ".gitignore").read_bytes()
    assert [step async for step in cycle.apply(plan, "Ada")][-1].ok
    assert ".env" not in tracked(top)
    assert (top / ".env").read_text() == "KEY=value\n"
    assert (await env_tracked(project, Repo(project), None)).status is Status.PASS
    assert [step async for step in cycle.undo(1, "Ada")][-1].ok
    assert ".env" in tracked(top)
    assert (top / ".gitignore").read_bytes() == before


async def test_nothing_planted_runs(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks, monitors, filters and programs that a repository's own config may name; each would leave a file behind."""
    proof = tmp_path / "it ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{proof}'\ncat\n")
    script.chmod(0o755)
    hooks = code / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "fsmonitor-watchman", "query-watchman", "pre-commit", "reference-transaction"):
        shutil.copy(script, hooks / hook)
    for key, value in {
        "core.fsmonitor": str(script),
        "core.hooksPath": str(hooks),
        "core.pager": str(script),
        "core.sshCommand": str(script),
        "core.alternateRefsCommand": str(script),
        "core.untrackedCache": "true",
        "core.splitIndex": "true",
        "filter.evil.clean": str(script),
        "filter.evil.smudge": str(script),
        "filter.evil.process": str(script),
        "filter.evil.required": "true",
        "alias.update-index": f"!{script}",
        "alias.ls-files": f"!{script}",
        "trace2.eventTarget": str(tmp_path / "trace"),
        "trace2.normalTarget": str(tmp_path / "trace"),
    }.items():
        git(code, "config", key, value)
    (code / ".gitattributes").write_text("* filter=evil\n.gitignore filter=evil\n")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_TRACE2_EVENT"):
        monkeypatch.setenv(name, str(script))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "another index"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    project = Project("good.example", repo=str(code))
    found = await env_tracked(project, Repo(project), None)
    assert found.fix is not None
    cycle = cycle_at(code)
    plan = await cycle.plan("audit.env.tracked", "env", found.fix)
    assert [step async for step in cycle.apply(plan, "Ada")][-1].ok
    assert [step async for step in cycle.undo(1, "Ada")][-1].ok
    assert not proof.exists()
    assert not (tmp_path / "another index").exists()

    # The traps are real: git as it comes springs them with the very command that writes the index.
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = ["git", "-C", str(code), "update-index", "--force-remove", "--", ".env"]
    await asyncio.to_thread(subprocess.run, command, env=plain, capture_output=True, check=False)
    assert proof.exists()


async def test_the_fix_of_a_whole_repository(code: Path) -> None:
    await apply_and_undo(code, code)


async def test_a_folder_inside_is_mended_at_the_top_where_the_files_are(code: Path) -> None:
    """What the check names is relative to the top of the repository, whichever folder the founder gave."""
    await apply_and_undo(code / "web", code)
    assert not (code / "web" / ".gitignore").exists()


async def test_a_linked_worktree(code: Path, tmp_path: Path) -> None:
    git(code, "worktree", "add", "-q", str(tmp_path / "linked"))
    await apply_and_undo(tmp_path / "linked", tmp_path / "linked")
    assert ".env" in tracked(code)


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/pre-commit",
        ".GIT/config",
        "web/.Git/config",
        "GIT~1/config",
        ".git./x",
        "../x",
        "/etc/hostname",
        "out/x",
    ],
)
async def test_gits_own_files_and_ways_out_are_never_written(code: Path, tmp_path: Path, path: str) -> None:
    (code / "out").symlink_to(tmp_path)
    for text in ("x", None):
        with pytest.raises(FixProblem):
            await cycle_at(code).plan("x", "x", Fix("file", "Do.", files=(FileChange(path, text),)))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["-n", "--help", "a b", "ü", ":(top)x", "*", "quote'\"", "tab\tname"])
async def test_odd_names_are_names(code: Path, name: str) -> None:
    (code / name).write_text("KEY=value\n")
    git(code, "add", "-f", "--", f":(literal){name}")
    place = CodeFolder(code)
    before = await place.read(name, "tracked")
    step = Step("file", name, "tracked", before, State())
    await place.write([step])
    assert await place.read(name, "tracked") == State()
    assert ".env" in tracked(code)
    await place.write([step.turned()])
    assert await place.read(name, "tracked") == before


async def test_a_file_keeps_its_rights_and_is_whole_or_not_at_all(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = code / "run.sh"
    path.write_text("old\n")
    path.chmod(0o755)
    step = Step("file", "run.sh", "text", State(("old\n",)), State(("new\n",)))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(FixProblem, match="No space left"):
            await CodeFolder(code).write([step])
    assert path.read_text() == "old\n"
    assert not list(code.glob(".run.sh.*"))
    await CodeFolder(code).write([step])
    assert path.read_text() == "new\n"
    assert path.stat().st_mode & 0o777 == 0o755


async def test_what_is_no_text_file_of_a_fitting_size_is_a_sentence(code: Path) -> None:
    (code / "big").write_bytes(b"x" * (limits.DOCUMENT_BYTES + 1))
    (code / "bytes").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(code / "pipe")
    for name in ("big", "bytes", "pipe", "web"):
        with pytest.raises(FixProblem) as caught:
            await CodeFolder(code).read(name, "text")
        assert caught.value.sentence.endswith(".")


async def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FixProblem):
        await CodeFolder(tmp_path / "gone").read(".env", "tracked")
    assert await CodeFolder(tmp_path / "gone").read("x", "text") == State()


async def test_stopping_in_the_middle_leaves_no_lock_of_git(
    code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git that is ended while it holds the index's lock takes the lock with it: it is asked before it is killed."""
    bin = tmp_path / "bin"
    bin.mkdir()
    lock = code / ".git" / "index.lock"
    slow = bin / "git"
    slow.write_text(f"#!/bin/sh\ntrap \"rm -f '{lock}'; exit 1\" TERM\n: > '{lock}'\nwhile :; do sleep 0.01; done\n")
    slow.chmod(0o755)
    before = await CodeFolder(code).read(".env", "tracked")
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    stopped = asyncio.create_task(CodeFolder(code)._git("update-index", "--force-remove", "--", ".env"))
    async with asyncio.timeout(20):
        while not lock.exists():  # noqa: ASYNC110  another process makes it
            await asyncio.sleep(0.01)
    stopped.cancel()
    await asyncio.wait([stopped], timeout=limits.CANCEL_SECONDS)
    assert stopped.done()
    assert not lock.exists()
    assert before.values
