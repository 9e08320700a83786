"""The founder's messages on disk: whole, private, each once, at most so many, and only their names in the journal."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchready_tui import kept, limits
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.mail.message import BadMessage
from launchready_tui.project import Project
from launchready_tui.store import ProjectStore
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.workspace import Workspace
from tests.mail.letters import OURS, signed, written


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectStore]:
    with Workspace(tmp_path / "home").open(OURS, create=True) as opened:
        yield opened


def letter(number: int = 0, subject: str = "Reset your password") -> bytes:
    return signed(written(f"Message {number}\r\n", subject=subject))


def test_it_is_kept_whole_and_private(store: ProjectStore) -> None:
    one = kept.keep(store, letter())
    assert one.kind == "reset"
    assert one.path.read_bytes() == letter()
    assert one.signers == ((OURS, "s1"),)
    assert kept.listed(store) == (one,)
    if os.name == "posix":
        assert stat.S_IMODE(one.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(one.path.parent.stat().st_mode) == 0o700


def test_the_journal_gets_its_name_and_nothing_of_it(store: ProjectStore) -> None:
    one = kept.keep(store, letter())
    entry = store.journal.entries[-1]
    assert (entry.kind, entry.data) == ("message-kept", {"name": one.name, "kind": "reset"})
    kept.remove(store, one.name)
    assert store.journal.entries[-1].kind == "message-removed"
    said = (store.path / "journal.jsonl").read_text()
    assert "password" not in said
    assert "Message 0" not in said


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Reset your password", "reset"),
        ("Forgot something?", "reset"),
        ("Ada invites you to Maple Club", "invite"),
        ("You're invited", "invite"),
        ("Please confirm your address", "invite"),
        ("October news", "other"),
        ("", "other"),
    ],
)
def test_what_it_is_by_its_subject(subject: str, kind: str) -> None:
    assert kept.kind_of(subject) == kind


def test_the_same_one_is_kept_once(store: ProjectStore) -> None:
    first, again = kept.keep(store, letter()), kept.keep(store, letter())
    assert first == again
    assert len(store.journal.entries) == 1
    other = kept.keep(store, letter(), "invite")
    assert [one.name for one in kept.listed(store)] == [other.name]  # it was taken for something else before


def test_the_oldest_of_its_kind_makes_room(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGES_KEPT", 3)
    invite = kept.keep(store, letter(0, "You are invited"))
    resets = [kept.keep(store, letter(number)) for number in range(2)]
    for age, one in enumerate((invite, *resets)):
        os.utime(one.path, (1_000_000 + age, 1_000_000 + age))
    newest = kept.keep(store, letter(9))
    assert {one.name for one in kept.listed(store)} == {invite.name, resets[1].name, newest.name}


def test_the_one_added_last_comes_first(store: ProjectStore) -> None:
    first, second = kept.keep(store, letter(1)), kept.keep(store, letter(2))
    os.utime(first.path, (1_000_000, 1_000_000))
    assert [one.name for one in kept.listed(store)] == [second.name, first.name]


@pytest.mark.parametrize("data", [b"", b"no message", b"%PDF-1.7"])
def test_what_is_no_message_is_not_kept(store: ProjectStore, data: bytes) -> None:
    with pytest.raises(BadMessage):
        kept.keep(store, data)
    assert kept.listed(store) == ()
    assert store.journal.entries == ()


@pytest.mark.parametrize("name", ["", "../project.toml", "reset-0000000000000000.eml", "other", "reset-\x1b.eml"])
def test_only_a_message_on_file_can_be_taken_off(store: ProjectStore, name: str) -> None:
    kept.keep(store, letter())
    with pytest.raises(WorkspaceProblem):
        kept.remove(store, name)
    assert len(kept.listed(store)) == 1


def test_other_files_in_the_folder_are_left_alone(store: ProjectStore) -> None:
    one = kept.keep(store, letter())
    for name in ("notes.txt", "reset-xyz.eml", ".DS_Store"):
        one.path.with_name(name).write_text("x")
    assert kept.listed(store) == (one,)


def test_one_that_was_damaged_is_still_listed(store: ProjectStore) -> None:
    path = store.folder("messages") / "reset-0123456789abcdef.eml"
    path.write_bytes(b"\x00" * 100)
    (one,) = kept.listed(store)
    assert one.signers == ()


def test_where_nothing_is_saved() -> None:
    assert kept.listed(UnsavedStore(Project(OURS))) == ()
    with pytest.raises(WorkspaceProblem):
        kept.keep(UnsavedStore(Project(OURS)), letter())


def test_a_second_window_reads_and_does_not_write(store: ProjectStore) -> None:
    kept.keep(store, letter())
    with ProjectStore(store.path, OURS) as reader:
        assert len(kept.listed(reader)) == 1
        with pytest.raises(WorkspaceProblem):
            kept.keep(reader, letter(2))
        with pytest.raises(WorkspaceProblem):
            kept.remove(reader, kept.listed(reader)[0].name)
    assert len(kept.listed(store)) == 1


def test_a_file_that_a_command_line_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(letter())
    link = tmp_path / "link.eml"
    link.symlink_to(path)
    assert kept.given(path).kind == kept.given(link).kind == "reset"
    with pytest.raises(WorkspaceProblem, match="There is no file"):
        kept.given(tmp_path / "none.eml")
    with pytest.raises(WorkspaceProblem):
        kept.given(tmp_path)
    monkeypatch.setattr(limits, "MESSAGE_BYTES", 100)
    with pytest.raises(BadMessage, match="larger"):
        kept.given(path)
