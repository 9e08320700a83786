"""Promise 5: no text from outside acts. Here the outside is the disk: an enemy wrote the project's files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from launchready_tui import changing
from launchready_tui.fixes.model import Change, ChangeState, State, Step
from launchready_tui.fixes.written import encode
from launchready_tui.journal import Journal
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, Stage, Status
from launchready_tui.options import LookOptions
from launchready_tui.session import Session
from launchready_tui.stored import StoredFinding, encode_finding
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from tests.screens.desk import FakeDesk
from tests.screens.pilot import screen_text
from tests.screens.test_hostile import raw
from tests.test_hostile_check import acts

DOMAIN = "good.example"
AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
EVIL = "\x1b]52;c;aGVsbG8=\x07\x1b[2J\x9b31m\x00\r\n[@click=app.quit]x[/] [/] \u202egnp.exe\u2066"
# What is written, compared or opened exactly as it stands; whatever shows it cleans it.
EXACT = {"steps", "records", "settings", "files", "connections", "repo", "ca", "network"}


def dirty(finding: dict[str, object]) -> dict[str, object]:
    """A stored finding with hostile text in every field that takes text."""
    inside = finding["finding"]
    assert isinstance(inside, dict)
    inside |= {"saw": EVIL, "subject": EVIL, "needs": EVIL, "cause": EVIL, "facts": [[EVIL, EVIL]]}
    inside["evidence"] = [{"source": EVIL, "text": EVIL}] * 3
    fix = inside["fix"]
    assert isinstance(fix, dict)
    inside["fix"] = {**fix, "say": EVIL, "who": EVIL, "copy": EVIL, "page": f"https://x.example/{EVIL}"}
    inside["fix"]["records"] = [{"name": f"www.{DOMAIN}", "type": "TXT", "values": [EVIL], "ttl": 300}]
    return finding


@pytest.fixture
def tampered(tmp_path: Path) -> Path:
    """A workspace whose files hold hostile text wherever text may stand, each valid by its own rules."""
    with Workspace(tmp_path).open(DOMAIN, create=True) as store:
        session = Session(store, Vault(kind="session"))
        ids = [check.id for check in session.checks]
    folder = tmp_path / "projects" / DOMAIN
    record = RecordSet(f"www.{DOMAIN}", "CNAME", (f"{DOMAIN}.",))
    fix = Fix("records", "Do.", records=(record,))
    statuses = [Status.FAIL, Status.WARN, Status.UNKNOWN, Status.INFO, Status.WAITING]
    findings = {
        id: dirty(
            encode_finding(
                StoredFinding(
                    Finding(statuses[at % 5], "x", fix, (Evidence("a", "b"),), "x", Severity.CRITICAL, "x"), 1.0, AT
                )
            )
        )
        for at, id in enumerate(ids)
    }
    (folder / "findings.json").write_text(
        json.dumps({"schema_version": 1, "findings": {EVIL: findings[ids[0]], **findings}})
    )
    (folder / "summary.json").write_text(
        json.dumps({"schema_version": 1, "looked": AT.isoformat(), "line": EVIL, "next": EVIL, "stage": EVIL})
    )
    toml = json.dumps(EVIL)  # a basic string of TOML escapes as JSON does
    page = json.dumps(f"https://x.example/{EVIL}")
    (folder / "project.toml").write_text(
        f'schema_version = 1\ndomain = "{DOMAIN}"\nproduct = {toml}\nmarker = {toml}\nsenders = [{toml}]\n'
        f"dkim_selectors = [{toml}]\nrepo = {json.dumps('/nowhere/' + EVIL.replace(chr(0), ''))}\n"
        f"[absent]\n{toml} = {toml}\nlogin = {toml}\n[urls]\nlogin = {page}\n"
        f"[[connections]]\nkind = {toml}\n"
    )
    with Journal(folder / "journal.jsonl", writable=True) as journal:
        for id in ids:
            journal.append("asked", {"check": id, "who": EVIL, "path": EVIL})
            journal.append(
                "accepted", {"check": id, "who": EVIL, "reason": EVIL, "until": "2999-01-01", "severity": "low"}
            )
        answer = {
            "who": EVIL,
            "at": AT.isoformat(),
            "days": 9_000,
            "ticks": [EVIL],
            "fields": {EVIL: EVIL},
            "note": EVIL,
        }
        for question in ("access.registrar", EVIL):
            journal.append("answer", {"question": question, "choice": EVIL, **answer})
        journal.append("action", {"id": EVIL, "what": EVIL, "who": EVIL, "due": None, "done": False})
        journal.append("owner-stored", {"system": EVIL})
        journal.append(EVIL, {EVIL: EVIL})
        steps = (
            Step("records", f"{DOMAIN}", "TXT", State((EVIL,), 60), State((EVIL, "x"), 60)),
            Step("file", f"{EVIL}", "text", State((EVIL,)), State((f"{EVIL}\n{EVIL}",))),
        )
        change = encode(Change(1, AT, "x", ids[0], "x", "x", steps, ChangeState.APPLIED, frozenset({0, 1}), "x", True))
        journal.append("change-applied", {**change, "who": EVIL, "title": EVIL, "place": EVIL, "say": EVIL})
    return tmp_path


def texts(thing: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text that can be reached from a thing, with where it stands."""
    if isinstance(thing, str):
        yield where, thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if field.name not in EXACT:
                yield from texts(getattr(thing, field.name), f"{where}.{field.name}")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from texts(key, f"{where} (name)")
            yield from texts(value, f"{where}[{key!r}]")
    elif isinstance(thing, list | tuple | frozenset | set):
        for each in thing:
            yield from texts(each, f"{where}[]")


def known(session: Session) -> dict[str, object]:
    """All that a screen or a command reads of a session."""
    return {
        "project": session.project,
        "findings": session.findings,
        "answers": session.answers.all(),
        "asked": session.asked,
        "accepted": session.accepted,
        "changes": session.changes,
        "actions": session.next_actions(),
        "owners": session.owners.all(),
        "notes": session.notes,
        "holder": session.holder,
        "risks": session.risks(),
        "readiness": session.readiness(),
        "signals": [session.signals(stage) for stage in Stage],
        "deliverables": [session.deliverable(stage) for stage in Stage],
        "suggested": session.suggested_actions(),
        "messages": [session.message(check.id, EVIL) for check in session.checks],
        "place": session.place,
    }


def test_what_is_read_back_is_clean(tampered: Path) -> None:
    with Workspace(tampered).open(DOMAIN) as store:
        session = Session(store, Vault(kind="session"))
        assert len(session.outcomes) == len(session.checks)
        assert session.changes
        assert session.accepted
        found = [where for where, text in texts(known(session)) if acts(text.replace("\n", ""))]
        assert found == []
    for summary in Workspace(tampered).projects():
        assert [where for where, text in texts(summary) if acts(text)] == []


@pytest.mark.slow
async def test_on_every_screen(tampered: Path) -> None:
    with Workspace(tampered).open(DOMAIN) as store:
        session = Session(store, Vault(kind="session"))
        app = LaunchReady(FakeDesk(), session=session)
        async with app.run_test(size=(120, 40), notifications=True) as pilot:

            def harmless(where: str) -> None:
                assert app.is_running, where
                assert not any(raw(line) for line in screen_text(pilot).split("\n")), where

            for stage in Stage:
                await pilot.press(f"{stage.number}")
                harmless(stage)
                for key in (
                    "v",
                    "down",
                    "down",
                    "a",
                    "escape",
                    "e",
                    "escape",
                    "k",
                    "escape",
                    "u",
                    "escape",
                    "c",
                    "escape",
                ):
                    await pilot.press(key)
                    harmless(f"{stage} {key}")
                while len(app.screen_stack) > 1:
                    app.pop_screen()
            for key in ("l", "m", "d", "question_mark", "i"):
                await pilot.press(key)
                await pilot.pause()
                harmless(key)
                await pilot.press("escape")
                while len(app.screen_stack) > 1:
                    app.pop_screen()
            await session.aclose()


def test_on_stdout(tampered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert changing.run_changes(DOMAIN, str(tampered), as_json=False) == 0
    assert changing.run_changes(DOMAIN, str(tampered), as_json=True) == 0
    evil = changing.Wish(who=EVIL)
    assert changing.run_undo(1, DOMAIN, str(tampered), LookOptions(), evil) == 1  # no place is connected for it
    out, err = capsys.readouterr()
    assert "␛]52" in out
    assert acts(out) == []
    assert acts(err) == []


async def test_in_an_export(tampered: Path, tmp_path: Path) -> None:
    with Workspace(tampered).open(DOMAIN) as store:
        session = Session(store, Vault(kind="session"))
        exported = await session.export(tmp_path / "out")
        assert exported.hits == ()
        for path in exported.paths:
            assert acts(path.read_text("utf-8")) == [], path.name
            if path.suffix == ".md":
                assert "[@click" not in path.read_text("utf-8").replace("\\[", "")
