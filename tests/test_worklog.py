"""The work log: what the journal holds, in words for a client's invoice; sittings, durations, and nothing private."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.journal_lines import Entry
from launchready_tui.project import Project
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.worklog import Sitting, masked, sittings
from launchready_tui.worklog_text import changes_of, document, heading, markdown, summary, text, total
from launchready_tui.workspace import Workspace
from tests.command import launchready

NINE = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
STEP = {"kind": "records", "name": "www.good.example", "type": "CNAME", "before": {}, "after": {}}
LOOKED = {
    "checks": 68,
    "ready": False,
    "counts": {"critical": 2, "high": 1, "medium": 4},
    "seconds": 30.0,
    "by": "grace",
}


def entry(minute: float, kind: str, data: Mapping[str, object]) -> Entry:
    return Entry(1, NINE + dt.timedelta(minutes=minute), kind, data)


def change(kind: str, number: int = 3, **more: object) -> tuple[str, dict[str, object]]:
    said = {"number": number, "who": "Ada", "title": "www leads to the site", "place": "Cloudflare", "steps": [STEP]}
    return kind, said | more


def told(*entries: Entry) -> list[str]:
    return [item.what for sitting in sittings(entries) for item in sitting.items]


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("looked", LOOKED, "Looked at 68 checks: not ready (2 critical and 1 high)"),
        ("looked", {"checks": 1, "ready": True, "counts": {}}, "Looked at 1 check: ready"),
        ("looked", {"checks": 68, "ready": False, "counts": {"low": 1}}, "Looked at 68 checks: not ready yet"),
        ("answer", {"question": "gone", "choice": "yes", "who": "Ada"}, "Answered gone"),
        ("asked", {"check": "dns.www.resolves", "who": "Bob"}, "Asked Bob about “"),
        ("owner-stored", {"system": "dns"}, "Named who owns: DNS"),
        ("owner-forgotten", {"system": "dns"}, "Took away who owns: DNS"),
        (*change("change-applied"), "Change 3 made at Cloudflare: www leads to the site (CNAME www.good.example)"),
        (*change("change-by-hand", place=""), "Change 3 made by hand: www leads"),
        (*change("change-undone"), "Change 3 taken back at Cloudflare"),
        (*change("change-failed"), "Change 3 not made at Cloudflare"),
        ("action", {"id": "x", "what": "Restore it", "who": "", "due": "2026-12-01", "done": False}, "Agreed by 1 Dec"),
        ("action", {"id": "x", "what": "Restore it", "who": "", "due": None, "done": True}, "Done: Restore it"),
        (
            "purpose",
            {"name": "good.example", "type": "MX", "text": "takes our mail", "who": ""},
            "Wrote down what MX at",
        ),
        ("purpose", {"name": "good.example", "type": "MX", "text": "", "who": ""}, "Took back what MX at"),
        ("subdomain", {"host": "app.good.example", "when": "later"}, "Planned app.good.example: later"),
        ("exported", {"folder": "/x", "files": ["handover.toml"]}, "Exported the handover: handover.toml"),
        ("connected", {"kind": "cloudflare", "zone": "good.example"}, "Connected cloudflare for good.example"),
        ("template", {"who": "grace", "purposes": 2}, "Started from another project as a template"),
        ("archived", {"who": "grace"}, "Archived the project"),
        ("restored", {"who": "grace"}, "Brought the project back"),
        ("made-of-cheese", {"what": 3}, "Made of cheese"),
        ("exported", {"nothing": "known"}, "Exported"),
    ],
)
def test_every_kind_in_words(kind: str, data: dict[str, object], said: str) -> None:
    (what,) = told(entry(0, kind, data))
    assert what.startswith(said)


def test_what_is_not_for_a_client_stays_out() -> None:
    kinds = ("change-intended", "change-undoing", "change-arrived")
    assert told(*(entry(0, *change(kind)) for kind in kinds)) == []


def test_an_answer_is_told_without_its_note_and_fields() -> None:
    data = {
        "question": "access.dns",
        "choice": "yes",
        "who": "Ada",
        "note": "ada@hub.example",
        "fields": {"x": "acc-1"},
    }
    (what,) = told(entry(0, "answer", data))
    assert what.startswith("Answered “")
    assert "ada@" not in what
    assert "acc-1" not in what


def test_a_secret_that_stood_in_a_journal_is_not_told() -> None:
    data = {"check": "dns.www.resolves", "who": "Ada", "reason": f"it is {KEY}", "until": "2026-12-01"}
    (what,) = told(entry(0, "accepted", data))
    assert "Accepted a risk until 1 Dec 2026" in what
    assert KEY not in what


def test_a_pause_ends_a_sitting_and_durations_count_from_the_beginning_of_a_look() -> None:
    one, two = sittings(
        [
            entry(0.5, "looked", LOOKED),
            entry(10, *change("change-applied")),
            entry(29, "exported", {"files": ["handover.toml"], "by": "grace"}),
            entry(90, *change("change-undone", 4)),
        ]
    )
    assert (one.began, one.minutes, one.people, one.changes) == (NINE, 29, ("grace", "Ada"), (3,))
    assert (two.minutes, two.people, two.changes) == (1, ("Ada",), (4,))
    assert total([one, two]) == 30
    assert changes_of([one, two]) == (3, 4)
    assert summary([one, two]) == "2 sittings, 30 min of work; changes 3 and 4."


def test_a_look_longer_than_the_pause_does_not_end_a_sitting() -> None:
    (one,) = sittings([entry(0, "archived", {}), entry(50, "looked", LOOKED | {"seconds": 2_400.0})])
    assert one.minutes == 50


def test_looks_after_another_are_one_line_with_their_whole_time() -> None:
    again = {"checks": 1, "ready": True, "counts": {}, "seconds": 1.0, "by": "grace"}
    (one,) = sittings([entry(1, "looked", LOOKED), entry(3, "looked", again), entry(4, "archived", {"who": "grace"})])
    assert [item.what for item in one.items] == [
        "Looked 2 times. The last: looked at 1 check: ready",
        "Archived the project",
    ]
    assert one.items[0].seconds == 150.0
    assert one.began == NINE + dt.timedelta(seconds=30)


def test_since() -> None:
    entries = [entry(0, "archived", {}), entry(5, "restored", {})]
    assert len(sittings(entries, NINE + dt.timedelta(minutes=1))[0].items) == 1
    assert sittings(entries, NINE + dt.timedelta(hours=1)) == ()
    assert summary(()) == "Nothing was done."


def test_forms_hold_the_same_and_markdown_has_no_markup_of_others() -> None:
    hostile = {
        "check": "dns.www.resolves",
        "who": "<b>|[x](javascript:1)\x1b[2J",
        "reason": "r|r",
        "until": "2026-12-01",
    }
    found = sittings([entry(0, "accepted", hostile), entry(5, *change("change-applied"))])
    plain = document("good.example", found)
    assert json.loads(json.dumps(plain)) == plain
    items = plain["sittings"][0]["items"]  # type: ignore[index]
    assert [item.get("change") for item in items] == [None, 3]
    shown = markdown("good.example", found)
    assert "\x1b" not in shown
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 5 for line in shown.splitlines() if line.startswith("|"))
    lines = list(text("good.example", found, 60))
    assert max(map(len, lines)) <= 60
    assert heading(found[0]).startswith("24 Nov 2026, ")


def test_masked_hides_in_every_text() -> None:
    data = {
        "check": "dns.www.resolves",
        "who": "ada@hub.example",
        "reason": "told by bob@hub.example",
        "until": "2026-12-01",
    }
    (one,) = (
        masked(sitting, lambda said: said.replace("hub.example", "•"))
        for sitting in sittings([entry(0, "accepted", data)])
    )
    assert isinstance(one, Sitting)
    assert "hub.example" not in json.dumps(document("x", [one])) + markdown("x", [one])


async def test_a_real_sitting_is_told_by_the_command(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "launchready")
    with workspace.open("good.example", create=True) as store:
        store.save_project(Project("good.example"))
    session = Session(workspace.open("good.example"), Vault(kind="session"))
    session.answer("access.dns", "yes", "Ada", note="login is ada@hub.example")
    session.save_addresses({"login": "", "api": ""}, ("app",), who="Ada")
    session.set_old_paths(["/old"])
    await session.aclose()
    workspace.archive("good.example", "grace")
    ran = await launchready("log", "--json", home=tmp_path)
    assert ran.status == 0
    (project,) = ran.document["projects"]
    kinds = [item["kind"] for item in project["sittings"][0]["items"]]
    assert kinds == ["answer", "addresses", "old-paths", "archived"]
    assert project["sittings"][0]["who"][0] == "Ada"
    assert "ada@hub.example" not in ran.out
    shown = await launchready("log", "--project", "good.example", "--md", "--presenter", home=tmp_path)
    assert shown.out.startswith("# Work log: good")
    later = await launchready("log", "--since", "2099-01-01", home=tmp_path)
    assert later.out == "Nothing was done.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--since", "soon"), "not a time"),
        (("--project", "none.example"), "There is no project"),
        (("--md", "--json"), "take one"),
    ],
)
async def test_wrong_usage_is_a_sentence(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    ran = await launchready("log", *words, home=tmp_path)
    assert ran.status == 2
    assert sentence in ran.err


async def test_archive_and_projects_as_a_user_meets_them(tmp_path: Path) -> None:
    for word in ("a.example", "b.example"):
        assert (await launchready("new", word, home=tmp_path)).status == 0
    again = await launchready("new", "a.example", home=tmp_path)
    assert (again.status, "one of your launches already" in again.err) == (2, True)
    assert "Nothing was deleted" in (await launchready("archive", "b.example", home=tmp_path)).out
    assert "archived already" in (await launchready("archive", "b.example", home=tmp_path)).out
    listed = await launchready("projects", home=tmp_path)
    assert "a.example" in listed.out
    assert "b.example" not in listed.out
    assert "1 project is archived" in listed.out
    aside = await launchready("projects", "--archived", "--json", home=tmp_path)
    assert [one["domain"] for one in aside.document["projects"]] == ["b.example"]
    for words in (("check", "b.example"), ("records", "--project", "b.example"), ("export", "--project", "b.example")):
        refused = await launchready(*words, home=tmp_path)
        assert refused.status == 2
        assert "archive --restore b.example" in refused.err
    assert (await launchready("archive", "--restore", "b.example", home=tmp_path)).out == "b.example is back.\n"
    assert "b.example" in (await launchready("projects", home=tmp_path)).out


def test_a_project_that_is_open_elsewhere_is_not_put_aside(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace.open("good.example", create=True) as store:
        store.save_project(Project("good.example"))
        with pytest.raises(WorkspaceProblem, match="has this project open"):
            Workspace(tmp_path).archive("good.example")
    assert workspace.archived("good.example") is None
    workspace.archive("good.example", "grace", NINE)
    before = {path.name for path in (tmp_path / "projects" / "good.example").iterdir()}
    assert {"project.toml", "journal.jsonl", "archived.json"} <= before
    assert workspace.archived("good.example") == NINE
    (tmp_path / "projects" / "good.example" / "archived.json").write_text("broken")
    assert workspace.archived("good.example") is not None  # a mark that cannot be read counts all the same
    workspace.restore("good.example")
    assert workspace.archived("good.example") is None
