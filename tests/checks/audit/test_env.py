"""Files with passwords in git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from launchready_tui.checks.audit.env import RULES, Ignore, is_env
from launchready_tui.model import FileChange, Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from tests.world import NAME, CannedRepo, Row, World, hold

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
KEPT = frozenset(RULES)


def world(*paths: str, ignored: frozenset[str] = KEPT, gitignore: str | None = "node_modules\n") -> World:
    files = dict.fromkeys(paths, "KEY=value\n") | ({".gitignore": gitignore} if gitignore is not None else {})
    return World(repo=CannedRepo(files, ignored=ignored))


TABLE: dict[str, list[Row]] = {
    "audit.env.tracked": [
        Row("none and ignored", world("app.py"), Status.PASS, "None of the 2 files"),
        Row("examples only", world(".env.example", "web/.env.sample", ".env.template"), Status.PASS),
        Row("not a .env", world("x.env", ".envrc", "env", ".env/bin/python", "dotenv.md"), Status.PASS),
        Row("nothing ignored", world("app.py", ignored=frozenset()), Status.WARN, "*.pem"),
        Row("one rule lacks", world("app.py", ignored=KEPT - {"launchready-probe.key"}), Status.WARN, "lacks *.key"),
        Row("no .gitignore", world("app.py", ignored=frozenset(), gitignore=None), Status.WARN),
        Row(".env", world(".env"), Status.FAIL, "git rm --cached .env"),
        Row(".env says what it does not do", world(".env"), Status.FAIL, "older commits still hold the values"),
        Row(".env deep inside", world("apps/web/.env.production"), Status.FAIL, "apps/web/.env.production is in git"),
        Row("several", world(".env", ".env.local", ".ENV.Prod"), Status.FAIL, "make a new key for every value"),
        Row("tracked although ignored", world(".env", ignored=KEPT), Status.FAIL),
        Row("example of an example", world(".env.example.local"), Status.FAIL),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row(
            "not git",
            World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))),
            Status.UNKNOWN,
            "not under git",
        ),
        Row("no code, by the project", World(project=Project(NAME, absent={"repository": "Ada"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile path",
            world(f"{HOSTILE}/.env", "a b;rm -rf $HOME/.env", "caf\udce9/.env"),
            Status.FAIL,
            hostile=True,
        ),
        Row("hostile reason", World(repo=CannedRepo({}, broken=NoRepo(HOSTILE))), Status.UNKNOWN, hostile=True),
    ]
}


@pytest.mark.parametrize("path", [".env", ".env.local", "a/.env", ".Env", ".env.example.bak"])
def test_is_env(path: str) -> None:
    assert is_env(path)


@pytest.mark.parametrize(
    "path", [".env.example", "a/.env.Sample", ".env.template", ".env.", "my.env", ".environment", ".env/x"]
)
def test_is_not_env(path: str) -> None:
    assert not is_env(path)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ".env\n"),
        ("a", "a\n.env\n"),
        ("a\n", "a\n.env\n"),
        ("a\r\nb\r\n", "a\r\nb\r\n.env\r\n"),
    ],
)
def test_lines_are_added_as_the_file_ends_its_own(before: str, after: str) -> None:
    assert Ignore(before, (".env",)).completed == after


async def test_the_fix_stops_tracking_and_writes_gitignore() -> None:
    ignored = KEPT - {".env", ".env.production"}
    finding = await hold("audit.env.tracked", Row("", world(".env", "web/.env.local", ignored=ignored), Status.FAIL))
    assert finding.fix is not None
    added = "node_modules\n.env\n.env.*\n!.env.example\n!.env.sample\n!.env.template\n"
    assert finding.fix.files == (
        FileChange(".env", None),
        FileChange("web/.env.local", None),
        FileChange(".gitignore", added),
    )
    assert finding.cause == "env-tracked"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
async def test_on_a_real_repository_the_written_lines_are_enough(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    def look() -> World:
        return World(repo=Repo(Project(NAME, repo=str(tmp_path))))

    git("init", "-q")
    (tmp_path / ".env").write_text("KEY=value\n")
    (tmp_path / ".env.example").write_text("KEY=\n")
    git("add", "-A")
    finding = await hold("audit.env.tracked", Row("", look(), Status.FAIL, "git rm --cached .env"))
    assert finding.fix is not None
    for change in finding.fix.files:
        if change.text is None:
            git("rm", "-q", "--cached", change.path)
        else:
            (tmp_path / change.path).write_text(change.text)
    await hold("audit.env.tracked", Row("", look(), Status.PASS))
    assert (tmp_path / ".env").exists()


async def test_a_linked_gitignore_is_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "rules").write_text("x\n")
    subprocess.run(["git", "-C", str(tmp_path / "code"), "init", "-q"], check=True, capture_output=True)
    (tmp_path / "code" / ".gitignore").symlink_to(tmp_path / "rules")
    subprocess.run(["git", "-C", str(tmp_path / "code"), "add", "-A"], check=True, capture_output=True)
    real = World(repo=Repo(Project(NAME, repo=str(tmp_path / "code"))))
    finding = await hold("audit.env.tracked", Row("", real, Status.WARN))
    assert finding.fix is not None
    assert finding.fix.files == ()


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
