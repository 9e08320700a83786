from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from launchready_tui.practice import repository
from tests.real.servers import require


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


async def test_it_is_the_same_history_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("git")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert await repository.make(tmp_path / "one") == ""
    assert await repository.make(tmp_path / "two") == ""
    monkeypatch.delenv("GIT_DIR")
    assert git(tmp_path / "one", "rev-parse", "HEAD") == git(tmp_path / "two", "rev-parse", "HEAD")
    assert git(tmp_path / "one", "log", "--format=%an %aI").strip() == "Practice Founder 2026-10-01T09:00:00+00:00"
    assert set(git(tmp_path / "one", "ls-files").split()) == set(repository.files())
    assert git(tmp_path / "one", "status", "--porcelain") == ""
    assert not list((tmp_path / "one" / ".git" / "hooks").glob("*"))


async def test_the_faults_can_be_left_out(tmp_path: Path) -> None:
    await repository.make(tmp_path / "sound", pinned=True, env=False)
    assert not (tmp_path / "sound" / ".env").exists()
    assert ".env" in (tmp_path / "sound" / ".gitignore").read_text()
    assert (tmp_path / "sound" / ".nvmrc").read_text() == "22.11.0\n"
    assert repository.files()[".nvmrc"] == "lts/*\n"


async def test_without_git_the_files_are_there_and_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = await repository.make(tmp_path / "repo")
    assert said == "The practice code folder is there, but not as a git repository: git is not installed."
    assert (tmp_path / "repo" / "package.json").exists()
    assert not (tmp_path / "repo" / ".git").exists()


def test_the_planted_keys_are_not_in_our_source() -> None:
    source = Path(repository.__file__).read_text("utf-8")
    for kind in ("stripe", "github"):
        assert repository.fake_key(kind) not in source
        assert repository.fake_key(kind) in "".join(repository.files().values())


class _Ended:
    """A git that ended in the moment in which it is to be stopped."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def communicate(self) -> tuple[bytes, bytes]:
        self.asked.set()
        return await asyncio.Future[tuple[bytes, bytes]]()

    def kill(self) -> None:
        raise ProcessLookupError

    async def wait(self) -> int:
        return 0


async def test_a_stop_is_a_stop_also_where_git_has_just_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").touch()
    ended = _Ended()

    async def start(*_: object, **__: object) -> _Ended:
        return ended

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    task = asyncio.create_task(repository.commit_staged(tmp_path))
    await ended.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
