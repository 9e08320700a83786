"""`launchready ask` env, platform and dotenv: their words, folders of every kind, and nothing that runs or leaks."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from launchready_tui import limits
from launchready_tui.ask import answer
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.survey import Survey
from launchready_tui.project import Project
from launchready_tui.sources.repo import Repo
from tests.envscan.fixtures import Fixture, fixtures

git_is_here = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


async def ask(kind: str, **arguments: object) -> dict[str, Any]:
    said = await answer(json.dumps({"id": 1, "kind": kind, **arguments}))
    assert said["ok"], said
    data = said["data"]
    assert isinstance(data, dict)
    return data


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda fixture: fixture.name)
async def test_env_and_platform_in_the_words_of_the_design(fixture: Fixture, tmp_path: Path) -> None:
    folder = str(fixture.write(tmp_path))
    env = await ask("env", path=folder)
    assert set(env) == {"used", "declared"}
    assert env["used"] == sorted(fixture.truth["used"])
    assert env["declared"] == sorted(fixture.truth["declared"])
    platform = await ask("platform", path=folder)
    assert set(platform) == {"platforms", "frameworks", "languages", "package_manager", "commands"}
    assert set(platform["commands"]) == {"install", "build", "start"}
    assert set(platform["platforms"]) == set(fixture.truth["platforms"])
    assert set(platform["languages"]) == set(fixture.truth["languages"])
    assert platform["package_manager"] == fixture.truth["package_manager"]


async def test_dotenv() -> None:
    data = await ask("dotenv", text="export A='x' # c\nB=\"1\\n2\"\nC=${A}\nLONE\n")
    assert data == {"vars": {"A": "x", "B": "1\n2", "C": "${A}"}}


@pytest.mark.parametrize("kind", ["env", "platform"])
@pytest.mark.parametrize("path", ["/nonexistent/folder", "", "\0", 7, None])
async def test_a_path_that_is_none(kind: str, path: object) -> None:
    said = await answer(json.dumps({"id": 1, "kind": kind, "path": path}))
    if path == "":  # the folder we stand in
        assert said["ok"]
        return
    assert not said["ok"]
    assert isinstance(said["error"], dict)
    assert said["error"]["code"] == "bad-argument"


async def test_an_empty_folder(tmp_path: Path) -> None:
    assert await ask("env", path=str(tmp_path)) == {"used": [], "declared": []}
    assert (await ask("platform", path=str(tmp_path)))["package_manager"] is None


@git_is_here
async def test_what_git_does_not_track_is_not_the_products(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".env").write_text("HIDDEN_ONE=1\n")
    (tmp_path / ".env.example").write_text("SHOWN=\n")
    (tmp_path / "a.js").write_text("process.env.SHOWN")
    (tmp_path / "scratch.js").write_text("process.env.SCRATCH")
    git(tmp_path, "add", ".env.example", "a.js")
    assert await ask("env", path=str(tmp_path)) == {"used": ["SHOWN"], "declared": ["SHOWN"]}


async def test_without_git_the_folders_own_rules_say_what_stays_out(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".env*\n!.env.example\n")
    (tmp_path / ".env").write_text("HIDDEN_ONE=1\n")
    (tmp_path / ".env.example").write_text("SHOWN=\n")
    assert (await ask("env", path=str(tmp_path)))["declared"] == ["SHOWN"]


@pytest.mark.skipif(os.name != "posix", reason="links and FIFOs")
@pytest.mark.parametrize("under_git", [False, pytest.param(True, marks=git_is_here)])
async def test_nothing_out_of_the_folder_is_read_and_nothing_waits(tmp_path: Path, under_git: bool) -> None:
    outside, code = tmp_path / "outside", tmp_path / "code"
    outside.mkdir()
    code.mkdir()
    (outside / "a.js").write_text("process.env.OUTSIDE")
    (outside / ".env.example").write_text("OUTSIDE_TOO=\n")
    (code / "link.js").symlink_to(outside / "a.js")
    (code / ".env.example").symlink_to(outside / ".env.example")
    (code / "folder").symlink_to(outside, target_is_directory=True)
    (code / "round").symlink_to(code, target_is_directory=True)
    (code / "own.js").write_text("process.env.OWN")
    (code / "image.js").write_bytes(b"\0\1process.env.BINARY")
    (code / "latin.js").write_bytes(b"process.env.LATIN // \xe9\xff")
    if under_git:
        git(code, "init", "-q")
        git(code, "add", "-A")
    os.mkfifo(code / "pipe.js")
    os.mkfifo(code / "Dockerfile")
    async with asyncio.timeout(20):
        assert await ask("env", path=str(code)) == {"used": ["LATIN", "OWN"], "declared": []}
        assert (await ask("platform", path=str(code)))["languages"] == ["javascript"]


async def test_no_value_is_ever_said(tmp_path: Path) -> None:
    canary = "Zq7-canary-4711"
    files = {
        ".env": f"A_KEY={canary}\n",
        ".env.production": f"B_KEY='{canary}'\n",
        "Dockerfile": f"FROM a\nENV C_SECRET={canary}\nARG D={canary}\n",
        "compose.yml": f"services:\n a:\n  environment:\n   E_PASSWORD: {canary}\n",
        "fly.toml": f"[env]\nF='{canary}'\n",
        "vercel.json": json.dumps({"env": {"G": canary}, "buildCommand": "make"}),
        "a.js": f"process.env.H ?? '{canary}'",
        "a.py": f"import os\nos.getenv('I', '{canary}')\nclass S(BaseSettings):\n    j: str = '{canary}'\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    said = json.dumps([await ask("env", path=str(tmp_path)), await ask("platform", path=str(tmp_path))])
    assert canary not in said
    assert "E_PASSWORD" in said


@git_is_here
@pytest.mark.slow
async def test_five_thousand_files_are_read_in_seconds_while_the_loop_stays_free(tmp_path: Path) -> None:
    body = "import x from 'y';\n" + "export const f = (a) => ({ b: `${a} c`, d: 'e' }); // a note\n" * 40
    for number in range(5_000):
        folder = tmp_path / f"src/part{number % 50}"
        folder.mkdir(parents=True, exist_ok=True)
        reads = f"f(process.env.NAME_{number // 5 % 300});\n" if number % 5 == 0 else ""
        (folder / f"a{number}.ts").write_text(body + reads)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    repo = Repo(Project("good.example", repo=str(tmp_path)))
    facts, worst, done = CodeFacts(repo), 0.0, asyncio.Event()

    async def listen() -> None:
        nonlocal worst
        while not done.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, time.monotonic() - before - 0.005)

    await repo.tracked()
    listener = asyncio.create_task(listen())
    before = time.monotonic()
    found = await facts.survey()
    seconds = time.monotonic() - before
    done.set()
    await listener
    await facts.aclose()
    await repo.aclose()
    assert isinstance(found, Survey)
    assert len(found.used_names) == 300
    assert found.cut == ""
    print(f"5,000 files in {seconds:.1f} s, the loop held up for {worst * 1000:.0f} ms at most")
    assert seconds < limits.ENV_SECONDS
    assert worst < 0.5  # far over what a free machine shows: others compute beside this test


async def test_a_look_that_is_closed_ends_the_reading(tmp_path: Path) -> None:
    class Slow(Repo):
        async def tracked(self) -> Any:
            from launchready_tui.sources.repo import Tracked

            return Tracked(str(tmp_path), tuple(f"a{number}.js" for number in range(5_000)))

    (tmp_path / "a0.js").write_text("process.env.A")
    facts = CodeFacts(Slow(Project("good.example", repo=str(tmp_path))))
    task = asyncio.create_task(facts.survey())
    await asyncio.sleep(0)
    await facts.aclose()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(lambda: True)  # the pool has room again: nobody is left reading
