"""A workspace that is damaged, hostile, newer, closed to us or on a full disk: said in a sentence, nothing lost."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from launchready_tui import disk, limits
from launchready_tui.model import Finding, Status
from launchready_tui.project import Project
from launchready_tui.stored import StoredFinding
from launchready_tui.workspace import Workspace, WorkspaceFuture, WorkspaceProblem

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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "schema_version is missing"),
        (b"\xff\xfe", "Byte 1 is not UTF-8"),
        (b"schema_version = 1\ndomain = ", "not valid TOML (end of document)"),
        (b"schema_version = 1\ndomain = good\n", "not valid TOML (line 2, column 10)"),
        (b"schema_version = 1\n", "missing required field domain"),
        (b"schema_version = true\ndomain = 'good.example'\n", "schema_version is missing or not a number"),
        (b"schema_version = 0\ndomain = 'good.example'\n", "schema_version is missing or not a number"),
        (b"schema_version = 1\ndomain = 'other.example'\n", "It is about other.example"),
        (b"schema_version = 1\ndomain = 'good.example'\nnetwork = 5\n", "“network” does not fit"),
        (b"x = " + b"[" * 50_000, "nested too deeply"),
        (b"a." * 20_000 + b"a = 1\n", "more than 64 dots"),
        (b"x" * (limits.DOCUMENT_BYTES + 1), "larger than 2,000,000 bytes"),
    ],
    ids=[
        "empty",
        "bytes",
        "torn",
        "bare",
        "no domain",
        "bool",
        "zero",
        "other",
        "wrong type",
        "nested",
        "dotted",
        "large",
    ],
)
def test_a_broken_project_is_listed_kept_and_explained(
    workspace: Workspace, folder: Path, text: bytes, says: str
) -> None:
    (folder / "project.toml").write_bytes(text)
    before = snapshot(folder)
    began = time.perf_counter()
    (summary,) = workspace.projects()
    assert says in summary.problem
    assert "project.toml" in summary.problem
    assert summary.domain == NAME
    for create in (False, True):
        with pytest.raises(WorkspaceProblem) as caught:
            workspace.open(NAME, create=create)
        assert caught.value.sentence == summary.problem
    assert time.perf_counter() - began < 5
    assert snapshot(folder) == before
    assert not (folder / "lock.json").exists()


def test_a_renamed_project_keeps_its_journal(workspace: Workspace, folder: Path) -> None:
    (folder / "project.toml").rename(folder / "project.old")
    (summary,) = workspace.projects()
    assert "holds no project.toml" in summary.problem
    with workspace.open(NAME, create=True) as store:
        assert store.project == Project(NAME)
        assert len(store.journal) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("projects/good.example/project.toml", "schema_version = 9\ndomain = 'good.example'\nnew = 1\n"),
        ("workspace.toml", "schema_version = 9\n"),
        ("projects/good.example/journal.jsonl", '{"n":0,"kind":"journal","data":{"schema_version":9},"s":1}\n'),
    ],
)
def test_what_a_newer_version_wrote_is_not_touched(workspace: Workspace, folder: Path, name: str, text: str) -> None:
    (workspace.root / name).write_text(text)
    before = snapshot(workspace.root)
    for create in (False, True):
        with pytest.raises(WorkspaceFuture) as caught:
            workspace.open(NAME, create=create)
        assert "format 9; this one knows format 1" in caught.value.sentence
    assert snapshot(workspace.root) == before
    if name == "workspace.toml":
        with pytest.raises(WorkspaceFuture):
            workspace.projects()


def test_a_broken_workspace_toml_is_a_sentence(workspace: Workspace, folder: Path) -> None:
    (workspace.root / "workspace.toml").write_text("= what")
    for use in (workspace.projects, lambda: workspace.open(NAME)):
        with pytest.raises(WorkspaceProblem, match="Delete that one file"):
            use()
    (workspace.root / "workspace.toml").unlink()
    assert workspace.projects()[0].problem == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (b"", 0),
        (b"{", 0),
        (b"[" * 100_000, 0),
        (b'{"schema_version":1}', 0),
        (b'{"schema_version":1,"findings":[]}', 0),
        (b'{"schema_version":1,"findings":{"a":{}}}', 0),
        (b'{"schema_version":1,"findings":{"a":5,"b":GOOD}}', 1),
    ],
)
def test_broken_findings_are_said_and_kept(workspace: Workspace, folder: Path, text: bytes, left: int) -> None:
    good = json.dumps(json.loads((folder / "findings.json").read_bytes())["findings"]["dns.apex.resolves"])
    text = text.replace(b"GOOD", good.encode())
    (folder / "findings.json").write_bytes(text)
    with workspace.open(NAME) as store:
        assert len(store.findings()) == left
        assert "findings.json could not be read whole" in store.notes[0]
        assert "Look again" in store.notes[0]
        (kept,) = folder.glob("findings.damaged-*")
        assert kept.read_bytes() == text
        assert kept.name in store.notes[0]
        store.save_findings({"x": SOUND})
        assert store.findings() == {"x": SOUND}


def test_newer_findings_are_not_touched(workspace: Workspace, folder: Path) -> None:
    (folder / "findings.json").write_text('{"schema_version": 9}')
    with workspace.open(NAME) as store, pytest.raises(WorkspaceFuture):
        store.findings()
    assert (folder / "findings.json").read_text() == '{"schema_version": 9}'


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema_version":1,"looked":"yesterday"}', '{"schema_version":1,"line":5}']
)
def test_a_broken_summary_is_an_empty_one(workspace: Workspace, folder: Path, text: str) -> None:
    (folder / "summary.json").write_text(text)
    (summary,) = workspace.projects()
    assert (summary.line, summary.problem) == ("", "")


def test_a_summary_cannot_act(workspace: Workspace, folder: Path) -> None:
    hostile = {"schema_version": 1, "line": "\x1b]0;x\x07", "next": "\u202e", "looked": "2026-11-24T12:00:00"}
    (folder / "summary.json").write_text(json.dumps(hostile))
    (summary,) = workspace.projects()
    assert summary.line.isprintable()
    assert summary.next.isprintable()
    assert summary.looked == AT


@posix
@pytest.mark.parametrize("name", ["project.toml", "findings.json", "journal.jsonl"])
@pytest.mark.parametrize("how", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_left_alone(
    workspace: Workspace, folder: Path, tmp_path: Path, name: str, how: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("schema_version = 1\ndomain = 'hunter2'\n")
    (folder / name).unlink()
    make: dict[str, Callable[[Path], Any]] = {
        "link": lambda path: path.symlink_to(secret),
        "pipe": os.mkfifo,
        "folder": Path.mkdir,
    }
    make[how](folder / name)
    with pytest.raises(WorkspaceProblem) as caught, workspace.open(NAME) as store:
        store.findings()
    assert name in caught.value.sentence
    assert "hunter2" not in caught.value.sentence
    assert secret.read_text().endswith("'hunter2'\n")


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    workspace = Workspace(tmp_path / "home")
    with pytest.raises(WorkspaceProblem, match="a file is in the way"):
        workspace.open(NAME, create=True)
    with pytest.raises(WorkspaceProblem, match="a file is in the way"):
        workspace.projects()
    (tmp_path / "two" / "projects").mkdir(parents=True)
    (tmp_path / "two" / "projects" / NAME).write_text("x")
    workspace = Workspace(tmp_path / "two")
    assert "a file is in the way" in workspace.projects()[0].problem
    with pytest.raises(WorkspaceProblem, match="a file is in the way"):
        workspace.open(NAME, create=True)


RIGHTS = """
import os, sys
from pathlib import Path
import filelock, launchready_tui.store
from launchready_tui.workspace import Workspace, WorkspaceProblem
home = Path(sys.argv[1])
if os.geteuid() == 0:  # root may do everything: become nobody
    os.chown(home, 65534, 65534)
    os.setgid(65534)
    os.setuid(65534)
workspace = Workspace(home)
name = "good.example"
workspace.open(name, create=True).close()
folder = home / "projects" / name

def say(use):
    try:
        use()
    except WorkspaceProblem as problem:
        print(problem.sentence)
    else:
        print("no problem")

folder.chmod(0o500)
say(lambda: workspace.open(name))
folder.chmod(0)
print(workspace.has(name), workspace.projects()[0].problem)
say(lambda: workspace.open(name))
folder.parent.chmod(0)
say(workspace.projects)
say(lambda: workspace.open(name))
folder.parent.chmod(0o700)
folder.chmod(0o700)
(folder / "journal.jsonl").chmod(0)
say(lambda: workspace.open(name))
(folder / "journal.jsonl").chmod(0o600)
say(lambda: workspace.open(name).close())
"""


@posix
def test_folders_without_rights() -> None:
    with tempfile.TemporaryDirectory() as home:  # pytest's own folders are closed to nobody
        done = subprocess.run([sys.executable, "-c", RIGHTS, home], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [line.partition(" /")[0] for line in done.stdout.splitlines()] == [
        "You may not write in",
        "True You may not read",
        "You may not read",
        "You may not read",
        "You may not read",
        "You may not read",
        "no problem",
    ]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EACCES, "You may not write in"),
        (errno.EROFS, "can only be read"),
        (errno.EIO, "could not be written"),
    ],
)
def test_what_the_disk_says_is_a_sentence(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    with workspace.open(NAME) as store:
        before = snapshot(folder)

        def refuse(descriptor: int) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr("launchready_tui.system.sync_file", refuse)
        writes: list[Callable[[], object]] = [
            lambda: store.save_project(Project(NAME, product="New")),
            lambda: store.save_findings({}),
            lambda: store.save_summary("", ""),
            lambda: store.journal.append("looked", {}),
        ]
        for write in writes:
            with pytest.raises(WorkspaceProblem, match=says):
                write()
        assert snapshot(folder) == before  # the old is whole, and no temporary file is left
        assert store.project.product == "Good"


def test_a_project_that_could_not_be_read_again_is_not_written(workspace: Workspace, folder: Path) -> None:
    with workspace.open(NAME) as store:
        before = snapshot(folder)
        for bad in (
            Project(NAME, repo="/x/\udcff"),
            Project(NAME, urls={"home": "ftp://x"}),
            Project(NAME, subs=("a b",)),
        ):
            with pytest.raises(WorkspaceProblem, match="The project was not saved, what was saved before is kept"):
                store.save_project(bad)
        assert snapshot(folder) == before


def test_folders_of_the_project(workspace: Workspace, folder: Path) -> None:
    with workspace.open(NAME) as store:
        exports = store.folder("exports")
        assert exports.is_dir()
        with workspace.open(NAME) as reader:
            assert reader.folder("exports") == exports
            with pytest.raises(WorkspaceProblem):
                reader.folder("messages")
        for name in ("", "..", "a/b", "A", ".x"):
            with pytest.raises(ValueError):
                store.folder(name)


def test_notes_of_the_journal_are_the_stores(workspace: Workspace, folder: Path) -> None:
    with (folder / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"n":2,"at":"20')
    with workspace.open(NAME) as store:
        assert "cut short" in store.notes[0]


def test_toml_is_never_slow() -> None:
    began = time.perf_counter()
    most = limits.DOCUMENT_BYTES
    hostile = [
        b"a." * (most // 2 - 2) + b"a=1",
        b"a . " * (most // 4 - 2) + b"a=1",
        b'"a".' * (most // 4 - 2) + b"a=1",
        b"[" + b"a." * (most // 2 - 2) + b"a]",
        b"x" * most,
        b"x=" + b"[" * (most - 2),
        b"x=" + b"{a=" * 600_000,
    ]
    for data in hostile:
        with pytest.raises(ValueError):
            disk.parse_toml(data)
    assert time.perf_counter() - began < 10
    assert disk.parse_toml(b"url = 'https://" + b"a.example/" * 100 + b"'")
