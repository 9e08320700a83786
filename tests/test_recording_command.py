"""`launchready records`: listing and writing down without the wizard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launchready_tui.model import Evidence, passed
from launchready_tui.options import LookOptions
from launchready_tui.project import Network, Project
from launchready_tui.recording import Note, run_records
from launchready_tui.stored import StoredFinding
from launchready_tui.workspace import Workspace
from tests.test_cli import launchready
from tests.world import NOW

NAME = "good.example"
NOWHERE = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)
SEEN = {
    "audit.dns.inventory": passed(
        "x",
        evidence=[
            Evidence(f"A {NAME}", "93.184.215.14 (TTL 300)"),
            Evidence(f"TXT x1.{NAME}", "north=1 \x1b[2J (TTL 300)"),
        ],
    ),
    "dns.redirect.canonical": passed(
        "x", evidence=[Evidence(f"GET https://{NAME}/", "200"), Evidence(f"GET http://{NAME}/", "200")]
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = Workspace(tmp_path).open(NAME, create=True)
    store.save_project(Project(NAME, network=NOWHERE, subs=("app",)))
    store.save_findings({id: StoredFinding(finding, 0.1, NOW) for id, finding in SEEN.items()})
    store.close()
    return tmp_path


def records(folder: Path, note: Note) -> int:
    return run_records(None, str(folder), LookOptions(), note)


def test_everything_is_listed_with_the_line_that_proves_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert records(folder, Note()) == 0
    said = capsys.readouterr().out
    assert "Records: 1 of 2 have a purpose." in said
    assert f"? TXT x1.{NAME}: a note for a service" in said
    assert f"app.{NAME}: needed now" in said
    assert f"http://{NAME}/  wrong: it ends on http, without protection; 200" in said
    assert f"\n    curl -sI http://{NAME}/\n" in said
    assert "\x1b" not in said


def test_a_script_gets_all_of_it_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert records(folder, Note("x1", "TXT", "proves us to a shop", who="Ada", as_json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema_version"], told["domain"], told["whole"]) == (1, NAME, False)
    assert [(each["name"], each["by"], each["who"]) for each in told["records"]] == [
        (NAME, "record", ""),
        (f"x1.{NAME}", "person", "Ada"),
    ]
    row = next(each for each in told["redirects"] if each["url"] == f"http://{NAME}/")
    assert (row["status"], row["hops"], row["state"]) == (200, 0, "fail")


def test_what_is_written_down_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert records(folder, Note("beta", when="later", why="after the launch", who="Ada")) == 0
    assert records(folder, Note(take=True, who="Ada", old_paths=("/blog",))) == 0
    capsys.readouterr()
    assert records(folder, Note(as_json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert {each["host"]: each["when"] for each in told["subdomains"]}[f"beta.{NAME}"] == "later"
    assert told["records"][0]["who"] == "Ada"
    assert f"https://{NAME}/blog" in [each["url"] for each in told["redirects"]]


@pytest.mark.parametrize(
    ("note", "says"),
    [
        (Note("x1", "TXT", "two words"), "3 words or more"),
        (Note("nope", "TXT", "three words here"), "There is no record TXT at nope.good.example"),
        (Note("x1", "", "three words here"), "Which record?"),
        (Note("x1", "TXT"), "--purpose for a record"),
        (Note("x1", "TXT", "AKIA" + "IOSFODNN7EXAMPLQ is the key"), "a secret"),
        (Note(when="later"), "Which subdomain?"),
    ],
)
def test_what_cannot_be_written_down_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], note: Note, says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        records(folder, note)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_shared_screen_shows_no_address(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert records(folder, Note("@", "A", "our server 93.184.215.14 in Berlin", presenter=True)) == 0
    said = capsys.readouterr().out
    assert "in Berlin" in said
    assert "93.184.215.14" not in said


def test_the_command_line_knows_it(folder: Path) -> None:
    shown = launchready("records", "x1", "TXT", "--purpose", "proves us to a shop", "--workspace", str(folder))
    assert shown.returncode == 0
    assert "Written down: TXT x1.good.example." in shown.stderr
    assert "records" in launchready("--help").stdout
