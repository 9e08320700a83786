"""The six, each in every state; which forge it is; which files of others count; hostile files."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from launchready_tui.answers import Answer, Answers
from launchready_tui.automations import NAMES, Automation, State, all_of, setup_of, switch_on
from launchready_tui.automations.model import Forge, Setup
from launchready_tui.automations.safeyaml import BadYaml, load
from launchready_tui.automations.seen import GITLAB, Seen, forge_of, seen
from launchready_tui.automations.write import path_of, text_of
from launchready_tui.project import Clock, Project
from launchready_tui.sources.repo import NoRepo, Repo
from tests.automations import samples
from tests.automations.samples import GITHUB
from tests.world import NAME, NOW, CannedRepo, said

WRITTEN = tuple(name for name in NAMES if name != "logs")


async def look(files: dict[str, str], *answers: Answer, forge: Forge | None = None) -> dict[str, Automation]:
    found = await seen(CannedRepo({"app.js": "", **files}))
    assert isinstance(found, Seen)
    known = Answers(answers, Clock(NOW))
    setup = setup_of(Project(NAME), found, (), known, forge)
    return {each.name: each for each in all_of(setup, found, known)}


async def with_ours(forge: Forge, *, included: bool = True) -> dict[str, str]:
    main = "include:\n  - local: /.gitlab/launchready/*.yml\n" if included else "a: {script: [b]}\n"
    files = {GITLAB: main} if forge == "gitlab" else {}
    found = await seen(CannedRepo({"app.js": "", **files}))
    assert isinstance(found, Seen)
    setup = setup_of(Project(NAME), found, (), None, forge)
    return files | {path_of(name, forge): text_of(name, setup) for name in WRITTEN}


async def test_nothing_there_everything_is_off_and_can_be_written() -> None:
    six = await look({})
    assert tuple(six) == NAMES
    assert {each.state for each in six.values()} == {State.OFF}
    assert all(six[name].fix is not None and six[name].fix.kind == "file" for name in WRITTEN)  # type: ignore[union-attr]  # just said
    assert six["logs"].fix is None
    assert six["logs"].steps
    assert "names no place" in six["smoke"].say
    for each in six.values():
        assert each.cost
        assert each.back


@pytest.mark.parametrize("forge", ["github", "gitlab"])
async def test_our_files_are_on_and_an_edited_one_says_so(forge: Forge) -> None:
    files = await with_ours(forge)
    six = await look(files)
    assert {six[name].state for name in WRITTEN} == {State.ON}
    edited = files | {
        path_of("smoke", forge): files[path_of("smoke", forge)].replace("timeout", "timeout", 1) + "# mine\n"
    }
    six = await look(edited)
    assert six["smoke"].state is State.CHANGED
    assert six["smoke"].fix is not None
    assert six["cache"].state is State.ON


async def test_a_file_that_gitlab_never_reads_is_off() -> None:
    six = await look(await with_ours("gitlab", included=False))
    assert {six[name].state for name in WRITTEN} == {State.OFF}
    fix = six["smoke"].fix
    assert fix is not None
    assert [file.path for file in fix.files] == [GITLAB]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("secrets", samples.GITLEAKS),
        ("secrets", samples.TRUFFLEHOG),
        ("smoke", samples.WITH_WAY_BACK),
        ("smoke", samples.BY_STATUS),
        ("uptime", samples.UPPTIME),
        ("daily", samples.OCTODNS),
        ("cache", samples.CACHE),
    ],
)
async def test_what_another_tool_does_is_on_elsewhere(name: str, text: str) -> None:
    six = await look({f"{GITHUB}/theirs.yml": text})
    assert six[name].state is State.ELSEWHERE, six[name]
    assert "theirs.yml" in six[name].say
    assert six[name].fix is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("secrets", samples.SCHEDULED_SCAN),
        ("secrets", samples.TESTS),
        ("smoke", samples.DEPLOY_AND_SMOKE),
        ("smoke", samples.TESTS),
        ("uptime", samples.BY_STATUS),
        ("daily", samples.TESTS),
        ("cache", samples.BY_STATUS),
    ],
)
async def test_what_only_looks_like_it_is_off(name: str, text: str) -> None:
    assert (await look({f"{GITHUB}/theirs.yml": text}))[name].state is State.OFF


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("secrets", said("push.protection", "on")),
        ("smoke", said("smoke.auto", "auto")),
        ("uptime", said("alerts.people", "alert")),
        ("logs", said("logs.alert", "on")),
    ],
)
async def test_a_persons_word_counts(name: str, answer: Answer) -> None:
    assert (await look({}, answer))[name].state is State.ELSEWHERE
    no = said(answer.question, "no" if name == "logs" else {"secrets": "off", "smoke": "none", "uptime": "users"}[name])
    assert (await look({}, no))[name].state is State.OFF


async def test_without_code_or_without_a_folder() -> None:
    answers = Answers((), Clock(NOW))
    setup = Setup(None, "There is no code folder.")
    states = {each.name: each.state for each in all_of(setup, None, answers)}
    assert states == dict.fromkeys(WRITTEN, State.UNKNOWN) | {"logs": State.OFF}
    states = {each.name: each.state for each in all_of(setup, None, answers, absent=True)}
    assert states == dict.fromkeys(WRITTEN, State.NOT_HERE) | {"logs": State.OFF}
    broken = all_of(setup, NoRepo("the folder is not under git"), answers)
    assert "not under git" in broken[0].say


@pytest.mark.parametrize(
    "text", [samples.BOMB, samples.DEEP, "on: [push\n", "a: 1\n---\nb: 2\n", "\x00", "x" * 400_000]
)
async def test_a_hostile_workflow_is_unknown_and_never_bad_or_good(text: str) -> None:
    began = time.monotonic()
    six = await look({f"{GITHUB}/theirs.yml": text})
    assert {six[name].state for name in WRITTEN} == {State.UNKNOWN}
    assert time.monotonic() - began < 2


def test_no_object_is_made_of_a_tag(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for text in (
        f"a: !!python/object/apply:os.system ['touch {canary}']\n",
        f"a: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{canary}']]\n",
        "a: !!python/name:os.system\n",
        "a: !<tag:yaml.org,2002:python/module:os> x\n",
    ):
        found = load(text)
        assert isinstance(found, dict)
        assert isinstance(found["a"], (str, list)), found
    assert not canary.exists()


@pytest.mark.parametrize(
    "text", ["a: &a [*a]\n", "<<: *x\n", "? [a]\n: b\n", "a: !!int x\n", "a: 2026-99-99\n", "\tx", "a: !!timestamp x\n"]
)
def test_odd_yaml_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        load(text)
    except BadYaml:
        pass


@pytest.mark.parametrize(
    ("remote", "forge"),
    [
        ("https://github.com/maple/club.git", "github"),
        ("git@github.com:maple/club.git", "github"),
        ("ssh://git@gitlab.com/maple/club.git", "gitlab"),
        ("https://oauth2:glpat-nobody@gitlab.maple.example/club.git", "gitlab"),
        ("git@bitbucket.org:maple/club.git", None),
        ("https://codeberg.org/maple/club", None),
        ("", "github"),
    ],
)
async def test_the_remote_says_which_forge_it_is_and_its_token_goes_nowhere(
    tmp_path: Path, remote: str, forge: Forge | None
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "a.js").write_text("")
    subprocess.run(["git", "-C", str(tmp_path), "add", "a.js"], check=True)
    if remote:
        subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    repo = Repo(Project(NAME, repo=str(tmp_path)))
    try:
        found = await seen(repo)
    finally:
        await repo.aclose()
    assert isinstance(found, Seen)
    assert forge_of(found)[0] == forge
    assert forge_of(found)[2] is (remote == "")
    assert "nobody" not in repr(found)
    if forge is None:
        setup = setup_of(Project(NAME), found, (), None)
        assert switch_on(["smoke"], setup, found) is None
        assert all_of(setup, found, Answers((), Clock(NOW)))[1].state is State.NOT_HERE


async def test_links_out_of_the_folder_are_not_followed_and_new_files_are_seen(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "ci.yml").write_text(samples.GITLEAKS)
    top = tmp_path / "top"
    (top / ".github").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    (top / ".github/workflows").symlink_to(outside)
    repo = Repo(Project(NAME, repo=str(top)))
    found = await seen(repo)
    await repo.aclose()
    assert isinstance(found, Seen)
    assert found.texts == {}
    (top / ".github/workflows").unlink()
    (top / ".github/workflows").mkdir()
    (top / ".github/workflows/ci.yml").write_text(samples.GITLEAKS)
    (top / ".github/workflows/out.yml").symlink_to(outside / "ci.yml")
    repo = Repo(Project(NAME, repo=str(top)))
    found = await seen(repo)
    await repo.aclose()
    assert isinstance(found, Seen)
    assert set(found.texts) == found.untracked == {".github/workflows/ci.yml"}
