"""The workspace: what is saved is there, two windows at once, kill -9 in the middle of writes."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launchready_tui.model import Finding, Status
from launchready_tui.project import Network, Project
from launchready_tui.stored import StoredFinding
from launchready_tui.workspace import Workspace, WorkspaceProblem

AT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
NAME = "good.example"
SOUND = StoredFinding(Finding(Status.PASS, "Sound."), 0.5, AT)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "home")


@pytest.fixture
def folder(workspace: Workspace) -> Path:
    """A project that exists, closed."""
    with workspace.open(NAME, create=True) as store:
        store.save_project(Project(NAME, product="Good"))
        store.journal.append("answer", {"choice": "yes"})
        store.save_findings({"dns.apex.resolves": SOUND})
        store.save_summary("Ready.", "Nothing.", looked=AT)
    return store.path


def snapshot(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_nothing_is_made_before_it_is_asked_for(workspace: Workspace) -> None:
    assert workspace.projects() == ()
    assert not workspace.has(NAME)
    with pytest.raises(WorkspaceProblem, match=r"There is no project for good\.example"):
        workspace.open(NAME)
    assert not workspace.root.exists()


def test_what_is_saved_is_there_after_reopening(workspace: Workspace, folder: Path) -> None:
    project = Project(NAME, subs=("app",), network=Network(connect_to={(NAME, 443): ("::1", 8443)}, private=True))
    with workspace.open(NAME) as store:
        assert not store.read_only
        assert store.holder == ""
        assert store.notes == ()
        assert store.project.product == "Good"
        assert store.findings() == {"dns.apex.resolves": SOUND}
        store.save_project(project)
        assert store.project == project
        store.save_summary("Not ready.", "Point www.", exported=AT)
    with workspace.open(NAME, create=True) as store:
        assert store.project == project
        assert [entry.kind for entry in store.journal.entries] == ["answer"]
        assert (store.summary().looked, store.summary().exported, store.summary().line) == (AT, AT, "Not ready.")
    assert workspace.has(NAME)
    (summary,) = workspace.projects()
    assert (summary.domain, summary.line, summary.next, summary.looked) == (NAME, "Not ready.", "Point www.", AT)
    assert summary.problem == ""


def test_projects_are_listed_newest_first(workspace: Workspace) -> None:
    for number, name in enumerate(("b.example", "xn--mnchen-3ya.example", "c.example")):
        with workspace.open(name, create=True) as store:
            if name != "c.example":
                store.save_summary("", "", looked=AT + dt.timedelta(days=number))
    (workspace.root / "projects" / ".DS_Store").write_text("not ours")
    listed = workspace.projects()
    assert [one.domain for one in listed] == ["xn--mnchen-3ya.example", "b.example", "c.example"]
    assert listed[0].unicode == "münchen.example"


@posix
def test_private_on_disk(workspace: Workspace) -> None:
    before = os.umask(0)
    try:
        with workspace.open(NAME, create=True) as store:
            store.journal.append("looked", {})
            store.save_findings({"x": SOUND})
            store.save_summary("", "")
            store.folder("exports")
            paths = [workspace.root, *workspace.root.rglob("*")]
            for path in paths:
                wanted = 0o700 if path.is_dir() else 0o600
                assert stat.S_IMODE(path.stat().st_mode) == wanted, path
            assert {path.name for path in store.path.iterdir()} == {
                "project.toml", "findings.json", "summary.json", "journal.jsonl", "lock", "lock.json", "exports",
            }  # fmt: skip
    finally:
        os.umask(before)


@posix
def test_a_folder_of_the_founders_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Workspace(tmp_path).open(NAME, create=True):
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
        assert stat.S_IMODE((tmp_path / "projects").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name", ["", "Good.Example", "../x.example", "good", "a/b.example", "good.example\n", "\x1b.example"]
)
def test_only_a_domain_is_a_folder(workspace: Workspace, name: str) -> None:
    assert not workspace.has(name)
    with pytest.raises(WorkspaceProblem) as caught:
        workspace.open(name, create=True)
    assert caught.value.sentence.isprintable()
    assert not workspace.root.exists()


def test_another_domains_project_is_never_saved_here(workspace: Workspace, folder: Path) -> None:
    with workspace.open(NAME) as store, pytest.raises(ValueError, match="does not belong"):
        store.save_project(Project("other.example"))


# ---- two windows ----

HOLD = """
import sys
from pathlib import Path
from launchready_tui.workspace import Workspace
store = Workspace(Path(sys.argv[1])).open(sys.argv[2], create=True)
print("held" if not store.read_only else store.holder, flush=True)
sys.stdin.readline()
store.close()
print("closed", flush=True)
"""


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    children: list[subprocess.Popen[str]] = []

    def run(code: str, *args: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, args)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        children.append(child)
        return child

    yield run
    for child in children:
        child.kill()
        child.communicate()


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().rstrip("\n")


def test_a_second_process_reads_and_says_who_holds_it(
    workspace: Workspace, folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start(HOLD, workspace.root, NAME)
    assert line_of(child) == "held"
    with workspace.open(NAME) as store:
        before = snapshot(folder)
        assert store.read_only
        assert f"(process {child.pid})" in store.holder
        assert "on this machine since" in store.holder
        assert store.project.product == "Good"
        assert len(store.journal) == 1
        assert store.findings() == {"dns.apex.resolves": SOUND}
        assert store.summary().line == "Ready."
        writes: list[Callable[[], object]] = [
            lambda: store.save_project(Project(NAME)),
            lambda: store.save_findings({}),
            lambda: store.save_summary("", ""),
            lambda: store.folder("exports"),
            lambda: store.journal.append("looked", {}),
        ]
        for write in writes:
            with pytest.raises(WorkspaceProblem) as caught:
                write()
            assert caught.value.sentence == store.holder
        assert snapshot(folder) == before
    assert (folder / "lock.json").exists()  # closing the reader takes nothing from the holder
    out, _ = child.communicate("\n")
    assert out == "closed\n"
    with workspace.open(NAME) as store:
        assert not store.read_only


def test_a_second_window_of_the_same_process_reads_too(workspace: Workspace, folder: Path) -> None:
    with workspace.open(NAME) as first:
        second = workspace.open(NAME)
        assert (first.read_only, second.read_only) == (False, True)
        assert f"(process {os.getpid()})" in second.holder
        second.close()
        first.journal.append("looked", {})
    with workspace.open(NAME) as third:
        assert not third.read_only


@posix
def test_the_lock_of_a_killed_holder_is_free(
    workspace: Workspace, folder: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    child = start(HOLD, workspace.root, NAME)
    assert line_of(child) == "held"
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert (folder / "lock.json").exists()  # what it left behind is not believed
    with workspace.open(NAME) as store:
        assert not store.read_only
        assert json.loads((folder / "lock.json").read_bytes())["pid"] == os.getpid()


def test_many_at_once_and_only_one_writes(workspace: Workspace, start: Callable[..., subprocess.Popen[str]]) -> None:
    children = [start(HOLD, workspace.root, NAME) for _ in range(4)]
    said = [line_of(child) for child in children]
    assert said.count("held") == 1
    assert all("open" in line for line in said if line != "held")


@pytest.mark.parametrize(
    "left", [b"", b"{", b"[]", b'{"user": "Ada"}', b"\xff", b'{"user":1,"host":2,"pid":"x","since":0}', b"[" * 100_000]
)
def test_a_holder_who_does_not_say_who(workspace: Workspace, folder: Path, left: bytes) -> None:
    with workspace.open(NAME):
        (folder / "lock.json").write_bytes(left)
        with workspace.open(NAME) as second:
            assert second.read_only
            assert second.holder.startswith("Another window has this project open")


def test_a_holders_name_cannot_act(workspace: Workspace, folder: Path) -> None:
    with workspace.open(NAME):
        holder = {"user": "\x1b]0;x\x07", "host": "\u202ex", "pid": 1, "since": AT.isoformat()}
        (folder / "lock.json").write_text(json.dumps(holder))
        with workspace.open(NAME) as second:
            assert second.holder.isprintable()


def test_after_closing_nothing_is_written(workspace: Workspace, folder: Path) -> None:
    store = workspace.open(NAME)
    store.close()
    store.close()
    before = snapshot(folder)
    for write in (lambda: store.save_summary("", ""), lambda: store.journal.append("looked", {})):
        with pytest.raises(WorkspaceProblem, match="nothing was written"):
            write()
    assert snapshot(folder) == before


# ---- kill -9 ----

WRITER = """
import sys
from pathlib import Path
from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.stored import StoredFinding
from launchready_tui.workspace import Workspace
import datetime as dt
at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
store = Workspace(Path(sys.argv[1])).open(sys.argv[2], create=True)
n = int(store.project.product or 0)
while True:
    n += 1
    store.save_project(Project(store.project.domain, product=str(n)))
    store.journal.append("looked", {"n": n})
    store.save_findings({str(i): StoredFinding(Finding(Status.PASS, f"{n} {'x' * 300}"), 0.0, at) for i in range(40)})
    store.save_summary(str(n), "")
    print(n, flush=True)
"""


@posix
@pytest.mark.slow
def test_kill_9_in_the_middle_of_writes(workspace: Workspace, start: Callable[..., subprocess.Popen[str]]) -> None:
    """Killed at another point each time: all that was acknowledged is there, and every file is whole."""
    acknowledged: set[int] = set()
    for round in range(12):
        child = start(WRITER, workspace.root, NAME)
        assert child.stdout is not None
        for _ in range(1 + round % 3):
            acknowledged.add(int(line_of(child)))
        if round % 2:  # strike somewhere inside the next write, not just after an acknowledgement
            until = time.perf_counter() + 0.0007 * round
            while time.perf_counter() < until:
                pass
        child.send_signal(signal.SIGKILL)
        acknowledged |= {int(number) for number in child.stdout.read().split()}
        child.wait()
        said = max(acknowledged)
        with workspace.open(NAME) as store:
            assert not store.read_only
            assert int(store.project.product) in (said, said + 1)
            numbers = [entry.data["n"] for entry in store.journal.entries]
            assert acknowledged <= set(numbers) <= set(range(1, said + 2))
            assert len(numbers) == len(set(numbers))
            found = store.findings()
            assert len(found) == 40
            assert len({one.finding.saw for one in found.values()}) == 1
            assert int(store.summary().line) in (said, said + 1)
            assert not list(store.path.glob(".*.tmp"))
            assert all("damaged" not in note for note in store.notes)
