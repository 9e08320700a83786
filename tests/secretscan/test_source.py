"""The scan as the checks and the command line ask for it: real folders, a real process, no value anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from launchready_tui import limits, scanning
from launchready_tui.ask import answer
from launchready_tui.options import LookOptions
from launchready_tui.project import Project
from launchready_tui.scanning import scan_folder
from launchready_tui.secretrules import example
from launchready_tui.secretscan import kingfisher
from launchready_tui.secretscan.report import redacted
from launchready_tui.secretscan.source import ScanKey, Scanned, SecretScan
from launchready_tui.secretscan.worker import OWN
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.workspace import Workspace
from tests.promises.canaries import files_under, seen
from tests.secretscan.test_traps import KEY, Place, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

GONE = example("glpat-|{an:20}")
NAME = "good.example"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A key in the work tree, and one that was taken out again."""
    place = Place(tmp_path)
    place.write("old.txt", f"token {GONE}\n")
    place.commit("two")
    (place.code / "old.txt").unlink()
    place.commit("three")
    return place


async def parts_of(place: Place, key: ScanKey | None = None, engine: str = OWN) -> tuple[Scanned, Scanned]:
    repo, scan = Repo(Project(NAME, repo=str(place.code))), SecretScan(key, engine=engine)
    try:
        tree, history = await scan.worktree(repo), await scan.history(repo)
    finally:
        await scan.aclose()
        await repo.aclose()
    assert isinstance(tree, Scanned)
    assert isinstance(history, Scanned)
    return tree, history


async def test_a_key_that_was_taken_out_is_told_with_its_commit_and_day(place: Place) -> None:
    tree, history = await parts_of(place)
    assert [(each.rule, each.path, each.line) for each in tree.found] == [("github-token", "src/app.js", 1)]
    old = next(each for each in history.found if each.rule == "gitlab-token")
    assert old.path == "old.txt"
    assert old.commit == git(place.code, "rev-parse", "HEAD~1").strip()
    assert old.day == git(place.code, "show", "-s", "--format=%cs", "HEAD~1").strip()
    assert old.shown == "glpat-… (26 characters)"


async def test_the_setting_and_the_kind_of_a_key_are_told(place: Place) -> None:
    place.write("pay.env", f"STRIPE_SECRET_KEY={example('sk_|live_|{an:24}')}\nPORT={example('sk_|test_|{an:24}')}\n")
    tree, _ = await parts_of(place)
    told = {(each.name, each.label) for each in tree.found if each.path == "pay.env"}
    assert told == {("Stripe live key", "STRIPE_SECRET_KEY"), ("Stripe test key", "")}


async def test_a_fingerprint_is_the_same_under_one_key_and_differs_under_another(place: Place) -> None:
    one, other = ScanKey(b"1" * 32), ScanKey(b"2" * 32)
    first, again, third = [(await parts_of(place, key))[0].found[0].print for key in (one, one, other)]
    assert first == again != third
    assert "1" * 32 not in repr(one)
    assert one.last["worktree"].found[0].print == first


async def test_what_git_ignores_is_not_read_and_what_it_does_not_track_is(place: Place) -> None:
    place.write(".gitignore", ".env\n")
    place.write(".env", f"T={GONE}\n")
    place.write("new.py", f"t = '{GONE}'\n")
    tree, _ = await parts_of(place)
    assert {(each.path, each.tracked) for each in tree.found} == {("src/app.js", True), ("new.py", False)}


async def test_a_shallow_copy_and_a_linked_work_tree(place: Place, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{place.code}", str(tmp_path / "shallow"))
    shallow = await scan_folder(str(tmp_path / "shallow"), history=True, engine=OWN)
    assert isinstance(shallow["history"], Scanned)
    assert shallow["history"].shallow
    git(place.code, "worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = await scan_folder(str(tmp_path / "second"), history=True, engine=OWN)
    assert isinstance(second["history"], Scanned)
    assert any(each.rule == "gitlab-token" for each in second["history"].found)


async def test_an_empty_repository_and_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q")
    parts = await scan_folder(str(tmp_path / "empty"), history=True, engine=OWN)
    assert all(isinstance(part, Scanned) and not part.found for part in parts.values()), parts
    (tmp_path / "plain").mkdir()
    parts = await scan_folder(str(tmp_path / "plain"), history=True, engine=OWN)
    assert [part.say for part in parts.values() if isinstance(part, NoRepo)] == ["the folder is not under git"] * 2


async def test_past_the_cap_is_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from launchready_tui.secretscan.worker import Worker

    monkeypatch.setattr(limits, "SECRETS_BYTES", 200)
    worker = Worker({"folder": str(place.outside), "key": "00", "engine": OWN, "cache": ""})
    said = worker.answer({"part": "history", "top": str(place.code)})
    assert said["counted"]["left"] > 0


async def test_texts_small_and_large_are_looked_through(tmp_path: Path) -> None:
    scan = SecretScan(engine=OWN)
    try:
        for filler in ("", "let a=1;\n" * 20_000):
            found = await scan.texts([("https://good.example/app.js", f"{filler}k='{KEY}'")])
            assert isinstance(found, Scanned)
            assert [(each.rule, each.path) for each in found.found] == [("github-token", "https://good.example/app.js")]
        assert isinstance(await scan.texts([("x", "a" * 41_000_000)]), NoRepo)
    finally:
        await scan.aclose()


@pytest.mark.skipif(not kingfisher.installed(), reason="kingfisher-secret-scanner is not installed")
async def test_the_other_engine_is_used_where_it_is_installed_and_asks_nobody(place: Place) -> None:
    hubspot = example("pat-na1-|{uuid}")
    place.write("src/crm.js", f"const hubspotApiKey = '{hubspot}'\n")
    tree, history = await parts_of(place, engine="")
    assert tree.engine == history.engine == kingfisher.NAME
    assert {"github-token"} <= {each.rule for each in tree.found}
    source = Path(kingfisher.__file__).read_text()
    assert not re.search(r"\b(?:Validator|Revoker|validate|revoke)\b", source), "it would ask the providers"


@pytest.mark.skipif(not kingfisher.installed(), reason="kingfisher-secret-scanner is not installed")
def test_a_rule_of_theirs_alone_finds_too(tmp_path: Path) -> None:
    engine = kingfisher.Kingfisher(str(tmp_path / "cache"))
    value = example("shpss_|{hex:32}") + "\n" + example("dapi|{hex:32}") + "\n" + example("figd_|{an:40}")
    ours = {hit.rule.id for hit in engine.scan(value, "a.txt")}
    assert {"shopify-token", "databricks-token", "figma-token"} <= ours
    theirs = engine.scan(example("AIRTABLE=1\nsgp_|{hex:40}\nalgo FLWPUBK_TEST-|{hex:32}-X"), "a.txt")
    assert all(hit.rule.name for hit in theirs)


def test_a_redacted_value_shows_its_known_prefix_and_length() -> None:
    assert redacted("sk_live_abcdefgh", ("sk_live_", "sk_")) == "sk_live_… (16 characters)"
    assert redacted("hunter22", ("",)) == "… (8 characters)"


# ---- what it says, and what it never says ----


def run(*argv: str, **options: object) -> int:
    said = {"repo": "", "history": True, "mark": "", "on": "", "reason": "", "undo": False, "as_json": False}
    return scanning.run_scan(None, str(options.pop("workspace", "")) or None, LookOptions(), said | options)


def test_the_command_says_each_key_and_its_status(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(repo=str(place.code)) == 1
    out = capsys.readouterr().out
    assert "OPEN      GitHub token, src/app.js:1" in out
    assert "OPEN      GitLab token, old.txt:1 at " in out
    assert "2 keys are open." in out
    assert "https://github.com/settings/tokens" in out
    assert run(repo=str(place.code), as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert {each["status"] for each in document["findings"]} == {"open"}
    assert document["findings"][0]["commit"] is None
    assert run(repo=str(place.outside)) == 3
    assert "No key was found" not in capsys.readouterr().out


def test_a_key_is_marked_from_the_command_line(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    home = place.outside / "home"
    with Workspace(home).open(NAME, create=True) as store:
        store.save_project(Project(NAME, repo=str(place.code)))

    def states() -> set[tuple[str, str]]:
        capsys.readouterr()
        run(workspace=home, as_json=True)
        found = json.loads(capsys.readouterr().out)["findings"]
        return {(each["rule"], each["status"]) for each in found}

    assert states() == {("github-token", "open"), ("gitlab-token", "open")}
    assert run(workspace=home, mark="old.txt:1", on="today") == 1
    assert "a new one was made in the place of this GitLab token" in capsys.readouterr().err
    assert states() == {("github-token", "open"), ("gitlab-token", "made new")}  # told by its place: no keyring here
    assert run(workspace=home, mark="old.txt:1", reason="a test's") == 1
    assert ("gitlab-token", "no key") in states()
    assert run(workspace=home, mark="old.txt:1", undo=True) == 1
    assert ("gitlab-token", "open") in states()
    with pytest.raises(SystemExit, match="2"):
        run(workspace=home, mark="nothing.txt:1")
    assert "fits 0 keys" in capsys.readouterr().err
    assert seen(files_under(home), [KEY, GONE]) == []


async def test_the_question_answers_places_and_no_values(place: Place) -> None:
    line = json.dumps({"id": 1, "kind": "secrets", "path": str(place.code), "history": True})
    said = await answer(line)
    assert said["ok"], said
    data = said["data"]
    assert isinstance(data, dict)
    assert {(each["path"], each["line"], each["rule"], bool(each["commit"])) for each in data["findings"]} == {
        ("src/app.js", 1, "github-token", False),
        ("src/app.js", 1, "github-token", True),
        ("old.txt", 1, "gitlab-token", True),
    }
    assert seen({"answer": json.dumps(said).encode()}, [KEY, GONE]) == []
    said = await answer(json.dumps({"id": 2, "kind": "secrets", "path": str(place.outside / "x")}))
    assert not said["ok"]
    said = await answer(json.dumps({"id": 3, "kind": "secrets", "path": str(place.code), "history": "yes"}))
    assert not said["ok"]


async def test_no_value_is_in_the_process_list_the_environment_or_a_file_of_ours(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs: what it was started with holds no key of ours, and its folder only git's own packed copy."""
    repo, key = Repo(Project(NAME, repo=str(place.code))), ScanKey(b"\xab" * 32)
    scan = SecretScan(key, engine=OWN)
    try:
        assert isinstance(await scan.worktree(repo), Scanned)
        pid = await scan.started()
        if os.path.isdir(f"/proc/{pid}"):
            for name in ("cmdline", "environ"):
                held = Path(f"/proc/{pid}/{name}").read_bytes()
                assert seen({name: held}, [KEY, key.key.hex()]) == []
    finally:
        await scan.aclose()
        await repo.aclose()
