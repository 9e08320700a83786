"""Closing the wizard at any moment and opening it again goes on where it was. Real processes in real terminals."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tomllib
from pathlib import Path

import pytest

from launchready_tui.fixes.model import ChangeState
from launchready_tui.project import Clock
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.terminal import Terminal, wizard

DOMAIN = "mapleclub.example"
ACCESS = "audit.registrar.access"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pty"),
]


def journal(workspace: Path) -> list[str]:
    """The kinds of the journal's lines so far."""
    path = workspace / "projects" / DOMAIN / "journal.jsonl"
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line)["kind"] for line in lines if line.endswith("}")]


def status(workspace: Path, check: str) -> str:
    """What the last saved finding of a check says."""
    saved = json.loads((workspace / "projects" / DOMAIN / "findings.json").read_text("utf-8"))
    found: str = saved["findings"][check]["finding"]["status"]
    return found


def shown(workspace: Path) -> str:
    """The stage that was shown last."""
    saved = json.loads((workspace / "projects" / DOMAIN / "summary.json").read_text("utf-8"))
    stage: str = saved["stage"]
    return stage


def ports(workspace: Path) -> set[int]:
    """Where the practice servers listened."""
    network = tomllib.loads((workspace / "projects" / DOMAIN / "project.toml").read_text("utf-8"))["network"]
    return {network["dns_port"], *(int(each.rsplit(":", 1)[1]) for each in network["connect_to"])}


def row(terminal: Terminal, check: str) -> None:
    """To a row by its id, through the filter."""
    terminal.press("/", check, "\r")


def looked(terminal: Terminal, workspace: Path) -> None:
    terminal.until(lambda: "looked" in journal(workspace), "the first look")


def test_killed_in_the_middle_and_opened_again(tmp_path: Path) -> None:
    with wizard(tmp_path, "demo") as terminal:
        looked(terminal, tmp_path)
        terminal.send(b"t\r")  # to the next step, and its plan
        terminal.until(lambda: b"Apply" in terminal.output, "the plan")
        terminal.send(b"\r")
        terminal.until(lambda: "change-arrived" in journal(tmp_path), "the change")
        terminal.send(b"1")
        terminal.until(lambda: b"before anything is touched" in terminal.output, "the stage")
        row(terminal, ACCESS)
        terminal.send(b"a")
        terminal.until(lambda: b"Said by" in terminal.output, "the question")
        terminal.press("\r", *"\t\t\t\t\t", "Ada", "\x13")  # the first choice, past four ticks, a name, ctrl+s
        terminal.until(lambda: "answer" in journal(tmp_path), "the answer")
        terminal.send(b"n")
        terminal.send(b"e")
        terminal.until(lambda: b"Who can do it" in terminal.output, "the dialog")
        terminal.send(b"Grace")
        terminal.send(b"\x13")  # ctrl+s
        terminal.until(lambda: "asked" in journal(tmp_path), "the message")
        terminal.send(b"k")
        terminal.until(lambda: b"why it can wait" in terminal.output, "the dialog")
        terminal.press("\t", "invite only", "\x13")
        terminal.until(lambda: "accepted" in journal(tmp_path), "the risk")
        terminal.send(b"6")
        terminal.until(lambda: shown(tmp_path) == "email", "the stage")
        terminal.kill()
    known = journal(tmp_path)

    with Workspace(tmp_path).open(DOMAIN) as store:
        assert not store.read_only  # a dead holder holds nothing
        session = Session(store, Vault(kind="session"), clock=Clock())
        said = session.answers.newest("access.registrar")
        assert said is not None
        assert (said.who, said.choice) == ("Ada", "yes")
        assert [asked.who for asked in session.asked.values()] == ["Grace"]
        assert [(risk.who, risk.reason) for risk in session.accepted.values()] == [("Ada", "invite only")]
        assert [change.state for change in session.changes] == [ChangeState.APPLIED]
        assert len(session.outcomes) == len(session.checks)
        fixed = session.changes[0].check
        stage = session.check(fixed).stage.number

    with wizard(tmp_path, "demo") as terminal:
        terminal.until(lambda: b"your mail arrives" in terminal.output, "the stage that was shown")
        terminal.until(lambda: status(tmp_path, fixed) == "pass", "what the change did, looked at")
        terminal.send(f"{stage}".encode())
        terminal.until(lambda: shown(tmp_path) == fixed.partition(".")[0], "its stage")
        row(terminal, fixed)
        terminal.send(b"u")
        terminal.until(lambda: b"Take it back" in terminal.output, "what is taken back")
        terminal.send(b"\r")
        terminal.until(lambda: "change-undone" in journal(tmp_path), "the undo")
        terminal.until(lambda: status(tmp_path, fixed) == "fail", "what the undo did, looked at")
        terminal.send(b"\x11")  # ctrl+q
        terminal.until(terminal.ended, "the end")
        assert terminal.status == 0
    assert journal(tmp_path)[: len(known)] == known


@pytest.mark.parametrize("how", ["ctrl+q", "ctrl+c", "SIGTERM", "SIGHUP", "SIGINT"])
def test_leaving_restores_the_terminal_and_leaves_nothing_running(tmp_path: Path, how: str) -> None:
    with wizard(tmp_path, "demo") as terminal:
        looked(terminal, tmp_path)
        if how.startswith("ctrl"):
            terminal.send(b"\x11" if how == "ctrl+q" else b"\x03")
        else:
            os.kill(terminal.pid, signal.Signals[how])
        terminal.until(terminal.ended, "the end")
        terminal.read()
        assert terminal.status == 0
        assert terminal.restored()
        assert b"Traceback" not in terminal.output
        with pytest.raises(ProcessLookupError):
            os.killpg(terminal.pid, 0)  # no child is left in its group
    for port in sorted(ports(tmp_path)):
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 5):
            pass
    with Workspace(tmp_path).open(DOMAIN) as store:
        assert not store.read_only
        assert store.findings()


def test_a_second_window_says_who_has_it(tmp_path: Path) -> None:
    with wizard(tmp_path, "demo") as first:
        looked(first, tmp_path)
        with wizard(tmp_path, "open", DOMAIN) as second:
            second.until(lambda: b"has this project open" in second.output, "the holder's name")
            second.send(b"\x11")
            second.until(second.ended, "the end")
            assert second.status == 0
        with wizard(tmp_path, "demo") as third:
            third.until(third.ended, "the sentence")
            assert third.status == 2
            assert b"open in another window" in third.output


def test_too_small_a_terminal_asks_for_room_and_goes_on(tmp_path: Path) -> None:
    with wizard(tmp_path, "demo", columns=40, rows=10) as terminal:
        looked(terminal, tmp_path)
        assert b"60" in terminal.output  # the width that it needs
        terminal.send(b"\x11")
        terminal.until(terminal.ended, "the end")
        assert terminal.status == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [("project.toml", "not toml [", b"cannot be read"), ("project.toml", "schema_version = 99\n", b"newer")],
)
def test_a_workspace_that_cannot_be_read_is_said_and_kept(tmp_path: Path, name: str, text: str, says: bytes) -> None:
    folder = tmp_path / "projects" / "good.example"
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    with wizard(tmp_path, "open", "good.example") as terminal:
        terminal.until(terminal.ended, "the sentence")
        terminal.read()
        assert terminal.status == 2
        assert says in terminal.output
        assert b"Traceback" not in terminal.output
    assert (folder / name).read_text() == text
