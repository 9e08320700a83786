"""`launchready automate`: the list, the plan, the file, and taking it back, each as a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launchready_tui.automations import NAMES
from tests.command import launchready

DOMAIN = "mapletap.example"


async def project(tmp_path: Path, *remote: str) -> tuple[Path, Path]:
    """A workspace with one project, and its code folder."""
    code, home = tmp_path / "code", tmp_path / "home"
    code.mkdir()
    (code / "index.html").write_text("<h1>Maple Tap</h1>")
    subprocess.run(["git", "init", "-q", str(code)], check=True)
    subprocess.run(["git", "-C", str(code), "add", "index.html"], check=True)
    for url in remote:
        subprocess.run(["git", "-C", str(code), "remote", "add", "origin", url], check=True)
    login = f"login=https://{DOMAIN}/login"
    ran = await launchready("new", DOMAIN, "--repo", str(code), "--url", login, "--marker", "Maple Tap", home=home)
    assert ran.status == 0, ran.err
    return code, home


async def test_the_list_says_what_each_costs_and_how_it_ends(tmp_path: Path) -> None:
    _, home = await project(tmp_path, "git@github.com:maple/tap.git")
    ran = await launchready("automate", home=home)
    assert ran.status == 0
    for name in NAMES:
        assert f"\n{name} " in f"\n{ran.out}"
    assert ran.out.count("Costs: ") == ran.out.count("Take it back: ") == 6
    listed = (await launchready("automate", "--json", home=home)).document
    assert [each["name"] for each in listed["automations"]] == list(NAMES)
    assert {each["state"] for each in listed["automations"]} == {"off"}
    assert [each["can_write"] for each in listed["automations"]] == [True] * 5 + [False]


@pytest.mark.slow
async def test_planned_written_and_taken_back(tmp_path: Path) -> None:
    code, home = await project(tmp_path, "git@github.com:maple/tap.git")
    file = code / ".github/workflows/launchready-smoke.yml"
    plan = await launchready("automate", "smoke", home=home)
    assert plan.status == 0
    assert 'SMOKE_MARKER: "Maple Tap"' in plan.out
    assert not file.exists(), "a plan writes nothing"
    made = await launchready("automate", "smoke", "--apply", "--who", "Ada", home=home)
    assert made.status == 0, made.err
    assert "launchready undo 1" in made.err
    shown = [line.strip().removeprefix("+ ") for line in plan.out.splitlines() if line.strip().startswith("+")]
    assert [line.strip() for line in file.read_text().splitlines() if line.strip()] == [
        line.strip() for line in shown if line.strip() not in ("", "+")
    ], "what is written is what was shown"
    states = {
        each["name"]: each["state"]
        for each in (await launchready("automate", "--json", home=home)).document["automations"]
    }
    assert states == dict.fromkeys(NAMES, "off") | {"smoke": "on"}
    again = await launchready("automate", "smoke", "--apply", home=home)
    assert again.status == 1
    assert "nothing to write" in again.err
    assert (await launchready("undo", "1", home=home)).status == 0
    assert not file.exists()


@pytest.mark.slow
async def test_all_at_gitlab_with_its_own_file_taking_ours_in(tmp_path: Path) -> None:
    code, home = await project(tmp_path, "git@gitlab.com:maple/tap.git")
    (code / ".gitlab-ci.yml").write_text("build:\n  script: [make]\n")
    made = await launchready("automate", "all", "--apply", home=home)
    assert made.status == 0, made.err
    assert sorted(path.name for path in (code / ".gitlab/launchready").iterdir()) == sorted(
        f"{name}.yml" for name in NAMES if name != "logs"
    )
    assert "/.gitlab/launchready/*.yml" in (code / ".gitlab-ci.yml").read_text()
    assert (await launchready("undo", "1", home=home)).status == 0
    assert (code / ".gitlab-ci.yml").read_text() == "build:\n  script: [make]\n"


async def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    _, home = await project(tmp_path, "git@bitbucket.org:maple/tap.git")
    ran = await launchready("automate", "smoke", home=home)
    assert (ran.status, "bitbucket.org" in ran.err) == (1, True), ran.err
    ran = await launchready("automate", "smoke", "--for", "gitlab", home=home)
    assert (ran.status, ".gitlab/launchready/smoke.yml" in ran.out) == (0, True)
    ran = await launchready("automate", "everything", home=home)
    assert (ran.status, "There is no automation" in ran.err) == (2, True)
    ran = await launchready("automate", "logs", home=home)
    assert (ran.status, "By hand" in ran.out or "alerts" in ran.out) == (0, True)
