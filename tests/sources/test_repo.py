"""Real git repositories, honest and planted: what is read of them, and that nothing of them runs."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources import git as git_source
from launchready_tui.sources.git import NoGit, Said, environment
from launchready_tui.sources.inside import read_inside
from launchready_tui.sources.repo import NoRepo, Repo, Tracked

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    """Our own hand, with an identity and no settings of this machine."""
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@good.example"}
    who |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "a@good.example"}
    everything = environment(os.environ) | who | {"GIT_ALLOW_PROTOCOL": "file"}
    subprocess.run(["git", "-C", str(folder), *arguments], env=everything, check=True, capture_output=True)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "app.py").write_text("print('hello')\n")
    (folder / ".env").write_text("KEY=value\n")
    (folder / ".gitignore").write_text(".env.*\n!.env.example\n*.pem\n")
    (folder / "web").mkdir()
    (folder / "web" / "página 1.js").write_text("x\n")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "one")
    (folder / "notes.txt").write_text("not tracked\n")
    return folder


def at(folder: Path | str) -> Repo:
    return Repo(Project("good.example", repo=str(folder)))


async def why(folder: Path | str) -> str:
    answer = await at(folder).tracked()
    assert isinstance(answer, NoRepo), answer
    return answer.say


async def test_lists_the_index(code: Path) -> None:
    answer = await at(code).tracked()
    assert isinstance(answer, Tracked)
    assert set(answer.paths) == {"app.py", ".env", ".gitignore", "web/página 1.js"}
    assert Path(answer.top) == code


async def test_a_folder_inside_lists_the_whole_repository(code: Path) -> None:
    answer = await at(code / "web").tracked()
    assert isinstance(answer, Tracked)
    assert ".env" in answer.paths
    assert await at(code / "web").read("app.py") == "print('hello')\n"


async def test_a_linked_worktree_is_read(code: Path, tmp_path: Path) -> None:
    git(code, "worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    answer = await at(tmp_path / "second").tracked()
    assert isinstance(answer, Tracked)
    assert ".env" in answer.paths


async def test_an_empty_repository_tracks_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert await at(tmp_path).tracked() == Tracked(str(tmp_path), ())


async def test_names_with_newlines_and_odd_bytes(code: Path) -> None:
    odd = [b"a\nb.env", b"\x1b]0;x\x07", b"caf\xe9"]
    for name in odd:
        (code / os.fsdecode(name)).write_text("x")
    git(code, "add", "-A", "-f")
    answer = await at(code).tracked()
    assert isinstance(answer, Tracked)
    assert {os.fsencode(path) for path in answer.paths} >= set(odd)


async def test_ignored_counts_gitignore_files_only(code: Path) -> None:
    (code / ".git" / "info" / "exclude").write_text("local.key\n")
    (code / "elsewhere").write_text("far.key\n")
    git(code, "config", "core.excludesFile", str(code / "elsewhere"))
    asked = (".env", ".env.local", ".env.example", "a.pem", "local.key", "far.key", "web/b.pem")
    assert await at(code).ignored(asked) == frozenset({".env.local", "a.pem", "web/b.pem"})


async def test_ignored_none(code: Path) -> None:
    assert await at(code).ignored(("app.py",)) == frozenset()
    assert await at(code).ignored(()) == frozenset()


async def test_reasons(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await why(tmp_path / "nowhere") == "the folder does not exist"
    assert await why(code / "app.py") == "it is a file and not a folder"
    (tmp_path / "plain").mkdir()
    assert await why(tmp_path / "plain") == "the folder is not under git"
    git(tmp_path, "clone", "-q", "--bare", str(code), str(tmp_path / "bare.git"))
    assert "bare repository" in await why(tmp_path / "bare.git")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / ".git").write_text("gitdir: /nowhere/at/all\n")
    assert "not under git" in await why(tmp_path / "broken")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert await why(code) == "git is not installed on this machine"


async def test_a_damaged_index_is_a_reason(code: Path) -> None:
    (code / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\xff\xff\xff\xff rubbish")
    assert "git could not read it" in await why(code)


async def test_no_permission(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert await why(code) == "you have no permission to read the folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away")
async def test_dubious_ownership(code: Path) -> None:
    os.chown(code, 65534, 65534)
    os.chown(code / ".git", 65534, 65534)
    assert "belongs to another user" in await why(code)


async def test_a_work_tree_somewhere_else_is_refused(code: Path, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    for target in (tmp_path / "private", tmp_path, "/"):
        git(code, "config", "core.worktree", str(target))
        assert await why(code)
    git(tmp_path, "init", "-q")  # the folder above is a repository too: still not the one that was named
    git(code, "config", "core.worktree", str(tmp_path))
    assert "somewhere else" in await why(code)


async def test_no_folder_named() -> None:
    with pytest.raises(ValueError, match="no code folder"):
        Repo(Project("good.example"))


async def test_nothing_planted_runs(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks, fsmonitor, filters, aliases, pagers, credential helpers, remotes: each would leave a file behind."""
    proof = tmp_path / "it ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{proof}'\ncat\n")
    script.chmod(0o755)
    hooks = code / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout", "pre-commit", "reference-transaction"):
        shutil.copy(script, hooks / hook)
    for key, value in {
        "core.fsmonitor": str(script),
        "core.hooksPath": str(hooks),
        "core.pager": str(script),
        "pager.ls-files": "true",
        "core.editor": str(script),
        "core.sshCommand": str(script),
        "core.askPass": str(script),
        "core.gitProxy": str(script),
        "core.alternateRefsCommand": str(script),
        "credential.helper": f"!{script}",
        "diff.external": str(script),
        "filter.evil.clean": str(script),
        "filter.evil.smudge": str(script),
        "filter.evil.process": str(script),
        "filter.evil.required": "true",
        "alias.ls-files": f"!{script}",
        "alias.rev-parse": f"!{script}",
        "alias.check-ignore": f"!{script}",
        "remote.origin.url": f"ext::{script}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "remote.origin.uploadpack": str(script),
        "protocol.ext.allow": "always",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
    }.items():
        git(code, "config", key, value)
    (code / ".gitattributes").write_text("* filter=evil diff=evil\n")
    (code / "app.py").write_text("changed, so that a status would ask the filter\n")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR"):
        monkeypatch.setenv(name, str(script))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))

    source = at(code)
    answer = await source.tracked()
    assert isinstance(answer, Tracked)
    assert ".env" in answer.paths
    assert await source.read(".env") == "KEY=value\n"
    assert await source.ignored(("a.pem",)) == frozenset({"a.pem"})
    assert not proof.exists()

    # The trap is real: git as it comes, in the same folder, does spring it.
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    await asyncio.to_thread(
        subprocess.run, ["git", "-C", str(code), "status"], env=plain, capture_output=True, check=False
    )
    assert proof.exists()


async def test_a_missing_tree_of_a_partial_clone_is_not_fetched(code: Path, tmp_path: Path) -> None:
    proof = tmp_path / "it ran"
    git(code, "config", "core.repositoryFormatVersion", "1")
    git(code, "config", "extensions.partialClone", "origin")
    git(code, "config", "remote.origin.promisor", "true")
    git(code, "config", "remote.origin.url", f"ext::touch '{proof}'")
    git(code, "config", "protocol.ext.allow", "always")
    git(code, "config", "index.sparse", "true")
    shutil.rmtree(code / ".git" / "objects")
    (code / ".git" / "objects").mkdir()
    answer = await at(code).tracked()
    assert isinstance(answer, Tracked)
    assert not proof.exists()


async def test_links_fifos_and_ways_out_are_not_read(code: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the founder")
    (code / "out").symlink_to(secret)
    (code / "up").symlink_to(tmp_path)
    (code / "loop").symlink_to("loop")
    (code / "in").symlink_to("web")
    (code / "dev").symlink_to("/dev/zero")
    os.mkfifo(code / "fifo")
    source = at(code)
    for path in ("out", "up/secret", "loop", "dev", "fifo", "web", "absent", "../secret", "web/../../secret"):
        assert await source.read(path) is None, path
    for path in (str(secret), "", ".", "a\0b", ".git/config", ".GIT/config", "x" * 5_000):
        assert await source.read(path) is None, path
    assert await source.read("in/página 1.js") == "x\n"  # a link that stays inside
    assert await source.read("notes.txt") == "not tracked\n"


async def test_a_device_is_not_read(code: Path) -> None:
    try:
        os.mknod(code / "zero", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    except OSError:
        pytest.skip("only root makes devices")
    assert await at(code).read("zero") is None


async def test_a_long_file_is_cut_and_bytes_become_text(code: Path) -> None:
    (code / "long").write_bytes(b"a" * 3_000 + b"\xff")
    assert await at(code).read("long", most=10) == "a" * 10
    assert (await at(code).read("long") or "").endswith("\ufffd")


def test_a_file_swapped_for_a_link_is_not_followed(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of the founder")
    real = os.path.realpath

    def swap(path: str) -> str:
        answer = real(path)
        if answer.endswith("app.py"):
            (code / "app.py").unlink()
            (code / "app.py").symlink_to(secret)
        return answer

    monkeypatch.setattr(os.path, "realpath", swap)
    assert read_inside(str(code), "app.py", 100) is None


def _fake_git(folder: Path, body: str) -> str:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "git").chmod(0o755)
    return str(folder / "git")


async def test_an_endless_answer_is_cut_off(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = _fake_git(tmp_path / "bin", "exec cat /dev/zero")
    monkeypatch.setattr(shutil, "which", lambda _: fake)
    monkeypatch.setattr(limits, "GIT_BYTES", 200_000)
    assert "longer than" in await why(code)


async def test_silence_ends_at_the_deadline(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's own child holds our pipes: were it left alive, this would wait for it."""
    fake = _fake_git(tmp_path / "bin", "sleep 600 & sleep 600")
    monkeypatch.setattr(shutil, "which", lambda _: fake)
    monkeypatch.setattr(limits, "GIT_SECONDS", 0.3)
    async with asyncio.timeout(30):
        assert "did not answer" in await why(code)


async def test_cancelling_ends_the_child(code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "started")
    fake = _fake_git(tmp_path / "bin", f"echo $$ > '{tmp_path}/started'; exec sleep 600")
    monkeypatch.setattr(shutil, "which", lambda _: fake)
    source = at(code)
    task = asyncio.create_task(source.tracked())
    pid = int(await asyncio.to_thread((tmp_path / "started").read_text))
    await source.aclose()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_asked_once_a_run(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str, ...]] = []
    run = git_source._run

    async def counted(command: tuple[str, ...], feed: bytes, settings: Mapping[str, str]) -> Said | NoGit:
        commands.append(command)
        return await run(command, feed, settings)

    monkeypatch.setattr(git_source, "_run", counted)
    source = at(code)
    await asyncio.gather(source.tracked(), source.tracked(), source.ignored(("a.pem",)), source.ignored(("a.pem",)))
    assert [command[-2] if "ls-files" in command else command[-1] for command in commands]
    assert len(commands) == 3
