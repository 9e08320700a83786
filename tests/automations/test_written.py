"""What is written is valid: by the schemas of GitHub and GitLab, by zizmor, by shellcheck, and by what we promise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from launchready_tui.automations.model import FORGES, NAMES, Forge, Setup
from launchready_tui.automations.rollbacks import rollbacks
from launchready_tui.automations.seen import GITLAB
from launchready_tui.automations.write import changes, included, path_of, text_of
from launchready_tui.platforms import marks

WRITTEN = tuple(name for name in NAMES if name != "logs")
URLS = tuple(
    (kind, f"https://app.mapleclub.example/{kind}") for kind in ("login", "signup", "callback", "api", "checkout")
)
# What a founder may name, at its worst: expressions of both forges, quotes, YAML's own signs, a line break.
WORST = "Maple: \"Club\" 'x' ${{ secrets.A }} $CI_JOB_TOKEN $(id) `id` # \n- {a: *b}"


def setup(forge: Forge, host: str = "other", *, worst: bool = False) -> Setup:
    urls = tuple((kind, f"{url}?a=${{{{secrets.A}}}}&b=$(id)") for kind, url in URLS) if worst else URLS
    return Setup(
        forge,
        domain="mapleclub.example",
        home="https://mapleclub.example/",
        pages=urls,
        hosts=("mapleclub.example", "app.mapleclub.example"),
        marker=WORST if worst else "Maple Club",
        subs=("app", "api"),
        host=host,
        by_hand=WORST if worst else "",
    )


def write_all(folder: Path, forge: Forge) -> list[Path]:
    """Every automation for every host, and once with the worst that may be named."""
    paths = []
    for host in rollbacks():
        for worst in (False, True):
            for name in WRITTEN:
                path = folder / f"{host}-{worst}" / path_of(name, forge)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text_of(name, setup(forge, host, worst=worst)))
                paths.append(path)
    return paths


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize(("forge", "schema"), [("github", "github-workflows"), ("gitlab", "gitlab-ci")])
def test_the_published_schema_takes_every_file(tmp_path: Path, forge: Forge, schema: str) -> None:
    paths = write_all(tmp_path, forge)
    if forge == "gitlab":
        main = tmp_path / GITLAB
        main.write_text(included(None) or "")
        paths.append(main)
    command = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("on: push\njobs: {a: {steps: 3}}\n" if forge == "github" else "a: {script: {b: 1}}\n")
    command[3:] = [str(wrong)]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode != 0


def test_each_job_has_a_time_limit(tmp_path: Path) -> None:
    paths = write_all(tmp_path, "github")
    command = [tool("check-jsonschema"), "--builtin-schema", "custom.github-workflows-require-timeout"]
    ran = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.skipif(not Path(tool("zizmor")).exists(), reason="zizmor is not installed")
def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    write_all(tmp_path, "github")
    folders = [str(folder) for folder in tmp_path.iterdir()]
    command = [tool("zizmor"), "--offline", "--no-config", "--no-progress", "--format", "json", "--no-exit-codes"]
    ran = subprocess.run([*command, *folders], capture_output=True, text=True, timeout=120, check=False)
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    assert [(each["ident"], each["locations"][0]["symbolic"]["key"]) for each in found] == []
    bad = tmp_path / "bad" / ".github" / "workflows" / "bad.yml"
    bad.parent.mkdir(parents=True)
    bad.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
        "      - uses: actions/checkout@v4\n      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    ran = subprocess.run([*command, str(bad)], capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(ran.stdout), "zizmor sees what is wrong where something is"


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("forge", FORGES)
def test_shellcheck_finds_nothing(tmp_path: Path, forge: Forge) -> None:
    scripts: dict[str, None] = {}
    for path in write_all(tmp_path, forge):
        scripts |= dict.fromkeys(_scripts(yaml.safe_load(path.read_text())))
    for number, script in enumerate(scripts):
        (tmp_path / f"{number}.sh").write_text(script)
    names = [str(tmp_path / f"{number}.sh") for number in range(len(scripts))]
    # SC2015: a && b || c is meant; SC2154, SC2034: what one piece sets another reads.
    command = ["shellcheck", "--shell", "sh", "--severity", "warning", "--exclude", "SC2154,SC2034"]
    ran = subprocess.run([*command, *names], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout


def _scripts(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["run"]] if isinstance(value.get("run"), str) else []
        for key in ("script", "before_script", "after_script"):
            own += [line for line in value.get(key, ()) if isinstance(line, str)]
        return own + [each for part in value.values() for each in _scripts(part)]
    return [each for part in value for each in _scripts(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("host", rollbacks())
def test_what_every_file_of_github_keeps(host: str) -> None:
    for name in WRITTEN:
        text = text_of(name, setup("github", host, worst=True))
        document = yaml.safe_load(text)
        assert document["permissions"] == {}
        assert "concurrency" in document
        for job in document["jobs"].values():
            assert all("write" not in str(given) for given in job.get("permissions", {}).values())
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), "nothing from outside becomes a part of a script"
                if "uses" in step:
                    assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), "pinned by commit"
                    assert step["with"]["persist-credentials"] is False
        assert "secrets.A" not in re.sub(r"%7Bsecrets\.A%7D|\$ \{\{ secrets\.A", "", text)


def test_what_every_file_of_gitlab_keeps() -> None:
    for name in WRITTEN:
        document = yaml.safe_load(text_of(name, setup("gitlab", worst=True)))
        for job in document.values():
            assert re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", job["image"]["name"]), "pinned by digest"
            assert job["timeout"]
            for value in job["variables"].values():
                assert "$" not in str(value).replace("$$", ""), "no variable is filled into what a founder named"


def test_the_whole_history_is_fetched_for_the_scan() -> None:
    (job,) = yaml.safe_load(text_of("secrets", setup("github")))["jobs"].values()
    assert job["steps"][0]["with"]["fetch-depth"] == 0
    assert yaml.safe_load(text_of("secrets", setup("gitlab")))["launchready:secrets"]["variables"]["GIT_DEPTH"] == "0"


def test_every_host_of_a_rollback_is_one_that_is_recognised() -> None:
    known = {mark.name for mark in marks()}
    assert set(rollbacks()) - {"other"} <= known
    for one in rollbacks().values():
        assert all((one.label, one.words, one.limit, one.source))
        assert bool(one.lines) == bool(one.token)
        assert one.page.startswith("https://") or one.name == "other"


INCLUDE = [
    ("nothing there", None),
    ("jobs only", "build:\n  script: [make]\n"),
    ("a list of includes", "include:\n  - local: /a.yml\n  - template: X.yml\nbuild:\n  script: [make]\n"),
    ("an unindented list", "include:  # ours\n# a word\n- local: /a.yml\nbuild:\n  script: [make]\n"),
    ("no line break at the end", "build: {script: [make]}"),
]


@pytest.mark.parametrize(("label", "before"), INCLUDE, ids=lambda v: v if isinstance(v, str) and "\n" not in v else "")
def test_gitlabs_own_file_takes_ours_in_and_keeps_the_rest(label: str, before: str | None) -> None:
    after = included(before)
    assert after is not None, label
    old, new = yaml.safe_load(before or "{}"), yaml.safe_load(after)
    assert {"local": "/.gitlab/launchready/*.yml"} in new.pop("include")
    old.pop("include", None)
    assert new == old
    assert included(after) == after, "once is enough"
    for line in (before or "").splitlines():
        assert line in after


@pytest.mark.parametrize(
    "text", ["include: /a.yml\n", "include: [a.yml]\n", "- a\n", "a: [\n", "include: {local: a}\n"]
)
def test_what_cannot_be_edited_safely_is_left_to_a_person(text: str) -> None:
    assert included(text) is None
    with pytest.raises(ValueError, match="by hand"):
        changes("smoke", setup("gitlab"), {GITLAB: text})


def test_what_is_there_already_is_not_written_again() -> None:
    for forge in FORGES:
        texts = {file.path: file.text or "" for file in changes("smoke", setup(forge), {})}
        assert changes("smoke", setup(forge), texts) == ()
