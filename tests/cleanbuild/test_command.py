"""`launchready check --allow build`: it builds, keeps what came of it, and a normal look reads that alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launchready_tui.workspace import Workspace
from tests.cleanbuild.shop import git, repository
from tests.command import launchready

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="builds of these tests are shell scripts")
ID = "deploy.build.clean"
NIX = '[phases.build]\ncmds = ["sh build.sh"]\n'


async def test_a_build_is_kept_and_a_normal_look_reads_it(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    shop = repository(tmp_path / "shop", f"echo run >> {ran}", {"nixpacks.toml": NIX})
    home = tmp_path / "home"
    Workspace(home / "launchready").open("good.example", create=True).close()
    words = ["check", "good.example", "--no-registries", "--repo", str(shop), "--only", ID, "--json"]

    before = await launchready(*words, home=home)
    assert before.status == 3
    assert before.findings[ID]["needs"] == "your yes to a clean build"
    assert "sh build.sh" in before.findings[ID]["saw"]
    assert not ran.exists(), "nothing runs without the yes"

    built = await launchready(*words, "--allow", "build", home=home)
    assert (built.status, built.findings[ID]["status"]) == (0, "pass"), built.findings[ID]
    assert ran.read_text() == "run\n"

    after = await launchready(*words, home=home)
    assert (after.status, after.findings[ID]["status"]) == (0, "pass")
    assert git(shop, "rev-parse", "--short=7", "HEAD") in after.findings[ID]["saw"]
    assert ran.read_text() == "run\n", "a look reads what is kept, and runs nothing"

    (shop / "more.txt").write_text("x")
    git(shop, "add", "more.txt")
    git(shop, "commit", "-q", "-m", "second")
    stale = await launchready(*words, home=home)
    assert (stale.status, stale.findings[ID]["status"]) == (3, "unknown")
    assert "the code moved on" in stale.findings[ID]["saw"]


async def test_a_failed_build_is_a_fact(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", "cat plans.json", {"nixpacks.toml": NIX})
    (shop / "plans.json").write_text("{}")
    words = [
        "check",
        "good.example",
        "--no-registries",
        "--repo",
        str(shop),
        "--only",
        ID,
        "--json",
        "--allow",
        "build",
    ]
    ran = await launchready(*words, home=tmp_path / "home")
    assert (ran.status, ran.findings[ID]["status"]) == (1, "fail")
    assert "plans.json, which is in your folder and not in git" in ran.findings[ID]["saw"]
    assert ran.findings[ID]["fix"]["files"] == [{"path": "plans.json", "text": None, "track": True}]
