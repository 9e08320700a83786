"""Repositories that would run something, lead out or never end: each trap has a canary, and none of them is touched."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launchready_tui.project import Project
from launchready_tui.secretrules import example
from launchready_tui.secretscan.source import Scanned, SecretScan
from launchready_tui.secretscan.worker import OWN
from launchready_tui.sources.git import environment
from launchready_tui.sources.repo import NoRepo, Repo

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(os.name != "posix", reason="the traps are for a system with FIFOs and shell scripts"),
]

KEY = example("ghp_|{crc:30}")
OUTSIDE = example("glpat-|{an:20}")


def git(folder: Path, *arguments: str, feed: bytes = b"") -> str:
    """Our own hand: with an identity, and nothing of this machine's settings."""
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@good.example"}
    who |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "a@good.example"}
    everything = environment(os.environ) | who | {"GIT_ALLOW_PROTOCOL": "file"}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments], env=everything, check=True, capture_output=True, input=feed
    ).stdout.decode("utf-8", "replace")


class Place:
    """A repository with a key in it, a folder outside of it, and a script that leaves its mark when it runs."""

    def __init__(self, folder: Path) -> None:
        self.code, self.outside, self.ran = folder / "code", folder / "outside", folder / "ran"
        self.code.mkdir()
        self.outside.mkdir()
        (self.outside / "secret.txt").write_text(f"token {OUTSIDE}\n")
        self.script = folder / "canary.sh"
        self.script.write_text(f"#!/bin/sh\necho ran >> {self.ran}\ncat\n")
        self.script.chmod(0o755)
        git(self.code, "init", "-q", "-b", "main")
        self.write("src/app.js", f"const t = '{KEY}'\n")
        self.commit("one")

    def write(self, path: str, text: str) -> None:
        target = self.code / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def commit(self, message: str) -> None:
        git(self.code, "add", "-A", "-f")
        git(self.code, "commit", "-q", "--no-verify", "-m", message)

    def config(self, *pairs: tuple[str, str]) -> None:
        for name, value in pairs:
            git(self.code, "config", name, value)

    def attributes(self, line: str) -> None:
        self.write(".gitattributes", f"{line}\n")
        git(self.code, "add", "-f", ".gitattributes")
        git(self.code, "-c", "filter.evil.clean=cat", "commit", "-q", "--no-verify", "-m", "attributes")


def filters(place: Place) -> None:
    place.attributes("* filter=evil")
    run = str(place.script)
    place.config(("filter.evil.clean", run), ("filter.evil.smudge", run), ("filter.evil.process", run))
    place.config(("filter.evil.required", "true"))
    place.write("src/app.js", f"const t = '{KEY}' // changed\n")


def textconv(place: Place) -> None:
    place.attributes("* diff=evil")
    place.config(("diff.evil.textconv", str(place.script)), ("diff.evil.command", str(place.script)))
    place.config(("diff.external", str(place.script)))


def hooks(place: Place) -> None:
    folder = place.code / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    for name in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(place.script, folder / name)


def fsmonitor(place: Place) -> None:
    place.config(("core.fsmonitor", str(place.script)), ("core.untrackedCache", "true"))


def submodules(place: Place) -> None:
    place.write(
        ".gitmodules", f'[submodule "x"]\n\tpath = x\n\turl = ext::{place.script}\n\tupdate = !{place.script}\n'
    )
    place.config(("submodule.x.url", f"ext::{place.script}"), ("submodule.x.active", "true"))
    place.config(("submodule.recurse", "true"), ("protocol.ext.allow", "always"), ("protocol.allow", "always"))
    head = git(place.code, "rev-parse", "HEAD").strip()
    git(place.code, "update-index", "--add", "--cacheinfo", f"160000,{head},x")
    place.commit("submodule")


def promisor(place: Place) -> None:
    blob = git(place.code, "rev-parse", "HEAD:src/app.js").strip()
    place.write("src/other.js", f"const u = '{KEY}'\n")
    place.commit("two")
    place.config(
        ("extensions.partialClone", "far"), ("remote.far.promisor", "true"), ("remote.far.url", f"ext::{place.script}")
    )
    place.config(("core.repositoryFormatVersion", "1"), ("protocol.ext.allow", "always"))
    (place.code / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def embedded_bare(place: Place) -> None:
    inner = place.code / "inner"
    git(place.code, "init", "-q", "--bare", str(inner))
    git(inner, "--git-dir", str(inner), "config", "core.fsmonitor", str(place.script))
    git(inner, "--git-dir", str(inner), "config", "core.worktree", str(place.outside))
    git(inner, "--git-dir", str(inner), "config", "core.bare", "false")
    place.commit("embedded")


def alternates(place: Place) -> None:
    other = place.outside / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "a.txt").write_text(f"{OUTSIDE}\n")
    git(other, "add", "-A")
    git(other, "commit", "-q", "-m", "x")
    tree = git(other, "rev-parse", "HEAD").strip()
    (place.code / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (place.code / ".git" / "objects" / "info" / "alternates").write_text(f"{other}/.git/objects\n")
    git(place.code, "update-ref", "refs/heads/stolen", tree)


def links_out(place: Place) -> None:
    (place.code / "link.txt").symlink_to(place.outside / "secret.txt")
    (place.code / "folder").symlink_to(place.outside)
    place.commit("links")


def fifo(place: Place) -> None:
    place.write("pipe.env", "x")
    place.commit("a file first")
    (place.code / "pipe.env").unlink()
    os.mkfifo(place.code / "pipe.env")
    os.mkfifo(place.code / "loose.env")


def sockets(place: Place) -> None:
    place.write("s", "x")
    place.commit("a file first")
    (place.code / "s").unlink()
    here = os.getcwd()
    os.chdir(place.code)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("s")
    finally:
        os.chdir(here)


def sparse(place: Place) -> None:
    with (place.code / "disk.img").open("wb") as file:
        file.truncate(8 * 1024**4)  # 8 TB that take no room
    with (place.code / "long.txt").open("wb") as file:
        file.write(b"a" * 20_000)
        file.truncate(64 * 1024**3)


def export_subst(place: Place) -> None:
    place.write("version.txt", "$Format:%(trailers)$ $Id$\n")
    place.attributes("* export-subst ident eol=crlf")


def include_if(place: Place) -> None:
    extra = place.outside / "extra"
    extra.write_text(f"[core]\n\tfsmonitor = {place.script}\n\thooksPath = {place.outside}\n\tpager = {place.script}\n")
    place.config(("includeIf.gitdir:/.path", str(extra)), ("include.path", str(extra)))


def ssh_command(place: Place) -> None:
    place.config(("core.sshCommand", str(place.script)), ("remote.origin.url", "ssh://good.example/x"))
    place.config(("url.ssh://good.example/.insteadOf", "/"), ("core.gitProxy", str(place.script)))


def pager(place: Place) -> None:
    run = str(place.script)
    place.config(("core.pager", run), ("pager.log", run), ("core.editor", run), ("alias.log", f"!{run}"))
    place.config(("alias.ls-files", f"!{run}"), ("alias.rev-list", f"!{run}"), ("gpg.program", run))
    place.config(("log.showSignature", "true"))


def credentials(place: Place) -> None:
    place.config(("credential.helper", f"!{place.script}"), ("core.askPass", str(place.script)))
    place.config(("uploadpack.packObjectsHook", str(place.script)), ("remote.origin.uploadpack", str(place.script)))


def work_tree_elsewhere(place: Place) -> None:
    place.config(("core.worktree", str(place.outside)))


def git_file_elsewhere(place: Place) -> None:
    shutil.move(str(place.code / ".git"), place.outside / "store")
    git(place.outside, "--git-dir", str(place.outside / "store"), "config", "core.fsmonitor", str(place.script))
    (place.code / ".git").write_text(f"gitdir: {place.outside}/store\n")


def replaced(place: Place) -> None:
    blob = git(place.code, "rev-parse", "HEAD:src/app.js").strip()
    harmless = git(place.code, "hash-object", "-w", "--stdin", feed=b"nothing here\n").strip()
    git(place.code, "replace", blob, harmless)
    place.write("src/app.js", "nothing here\n")
    place.commit("taken out")


def grafts(place: Place) -> None:
    place.write("other.txt", "x\n")
    place.commit("two")
    (place.code / ".git" / "info").mkdir(exist_ok=True)
    (place.code / ".git" / "info" / "grafts").write_text(git(place.code, "rev-parse", "HEAD"))


def odd_names(place: Place) -> None:
    for name in (b"a\nb.env", b"\x1b]0;x\x07.env", b"caf\xe9.env", b"--upload-pack=x", b"$(touch x).env", b"'; x"):
        (Path(os.fsdecode(os.fsencode(place.code) + b"/" + name))).write_text(f"K='{KEY}'\n")
    place.commit("odd")


def packed_bomb(place: Place) -> None:
    with (place.code / "zeros.txt").open("wb") as file:
        for _ in range(12):
            file.write(b"0" * 5_000_000)  # 60 MB that pack into 60 KB
    place.commit("bomb")
    (place.code / "zeros.txt").unlink()
    place.commit("gone")


def long_line(place: Place) -> None:
    place.write("bundle.js", "x=" + "password:a.token||{};" * 500_000 + f"'{KEY}'")
    place.commit("long")


TRAPS: dict[str, Callable[[Place], None]] = {
    trap.__name__: trap
    for trap in (
        filters,
        textconv,
        hooks,
        fsmonitor,
        submodules,
        promisor,
        embedded_bare,
        alternates,
        links_out,
        fifo,
        sockets,
        sparse,
        export_subst,
        include_if,
        ssh_command,
        pager,
        credentials,
        work_tree_elsewhere,
        git_file_elsewhere,
        replaced,
        grafts,
        odd_names,
        packed_bomb,
        long_line,
    )
}
# Where the history cannot be read whole, and so is not.
UNREAD = {"promisor", "alternates", "grafts"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def _outside(place: Place) -> dict[str, tuple[int, int, bytes]]:
    """Every plain file outside with its times and content: the canary."""
    found = {}
    for path in sorted(place.outside.rglob("*")):
        state = path.lstat()
        if stat.S_ISREG(state.st_mode):
            found[str(path)] = (state.st_mtime_ns, state.st_size, path.read_bytes())
    return found


async def _scan(code: Path) -> tuple[Scanned | NoRepo, Scanned | NoRepo, float]:
    repo, scan = Repo(Project("good.example", repo=str(code))), SecretScan(engine=OWN)
    began = time.perf_counter()
    try:
        return await scan.worktree(repo), await scan.history(repo), time.perf_counter() - began
    finally:
        await scan.aclose()
        await repo.aclose()


def test_there_are_twenty() -> None:
    assert len(TRAPS) >= 20


@pytest.mark.parametrize("trap", TRAPS)
async def test_the_trap_is_not_sprung(trap: str, place: Place) -> None:
    TRAPS[trap](place)
    place.ran.unlink(missing_ok=True)  # what our own hand set off while it was laid
    before = _outside(place)
    tree, history, took = await _scan(place.code)
    assert not place.ran.exists()
    assert _outside(place) == before
    assert took < 60
    found = [one for part in (tree, history) if isinstance(part, Scanned) for one in part.found]
    assert all(one.rule != "gitlab-token" for one in found), "it looked outside"
    if trap == "work_tree_elsewhere":
        assert isinstance(tree, NoRepo)
        return
    if trap in UNREAD:
        assert isinstance(history, NoRepo), history
    else:
        assert isinstance(history, Scanned), history
        assert any(one.rule == "github-token" for one in history.found), "the key in the history is missed"
    assert isinstance(tree, Scanned), tree
    assert trap == "replaced" or any(one.rule == "github-token" for one in tree.found)


async def test_a_scan_is_given_up_within_a_second_and_leaves_nothing_behind(place: Place, tmp_path: Path) -> None:
    long_line(place)
    os.environ["TMPDIR"] = str(tmp_path)
    repo, scan = Repo(Project("good.example", repo=str(place.code))), SecretScan(engine=OWN)
    running = asyncio.create_task(scan.history(repo))
    try:
        async with asyncio.timeout(20):
            pid = await scan.started()
        began = time.perf_counter()
        running.cancel()
        await scan.aclose()
        await asyncio.gather(running, return_exceptions=True)
        assert time.perf_counter() - began < 1
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    finally:
        del os.environ["TMPDIR"]
        await repo.aclose()
    assert not list(tmp_path.glob("launchready-scan-*"))
