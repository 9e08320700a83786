"""The list of names: what stands on it, and that no window loses another's."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault, VaultProblem
from launchready_tui.vault.index import INDEX_FILE, Index, VaultIndex
from tests.vault.fakes import Clinging, Good, Lying

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


async def test_what_is_kept_is_on_the_list_by_name_alone(tmp_path: Path) -> None:
    store, index = Good(), VaultIndex(tmp_path)
    vault = Vault(find=lambda: store, index=index)
    await vault.put("token/x", Secret("the-value"))
    await vault.reached("token/x", "It may write.")
    await vault.reached("token/nosuch", "x")
    entry = index.read().entries["token/x"]
    assert (entry.place, entry.reach) == ("keyring", "It may write.")
    assert entry.reached is not None
    assert b"the-value" not in (tmp_path / INDEX_FILE).read_bytes()
    await vault.delete("token/x")
    assert index.read().entries == {}


async def test_what_was_not_kept_is_not_on_the_list(tmp_path: Path) -> None:
    index = VaultIndex(tmp_path)
    with pytest.raises(VaultProblem):
        await Vault(find=Lying, index=index).put("x", Secret("y"))
    assert index.read().entries == {}


async def test_what_was_not_deleted_stays_on_the_list(tmp_path: Path) -> None:
    store, index = Clinging(), VaultIndex(tmp_path)
    vault = Vault(find=lambda: store, index=index)
    await vault.put("x", Secret("y"))
    with pytest.raises(VaultProblem):
        await vault.delete("x")
    assert "x" in index.read().entries


async def test_a_value_that_could_not_be_renewed_stays_on_the_list(tmp_path: Path) -> None:
    index = VaultIndex(tmp_path)
    index.add("x", "keyring", NOW)
    with pytest.raises(VaultProblem):
        await Vault(find=Lying, index=index).put("x", Secret("y"))
    assert "x" in index.read().entries


async def test_this_sitting_alone_is_not_on_the_list(tmp_path: Path) -> None:
    await Vault("session", index=VaultIndex(tmp_path)).put("x", Secret("y"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"entries": 5}', '{"chosen": "cupboard"}', "[" * 10_000, "\x00"])
def test_a_damaged_list_is_set_aside_and_begun_anew(tmp_path: Path, text: str) -> None:
    index = VaultIndex(tmp_path)
    index.path.write_text(text)
    assert index.read() == Index()
    index.add("x", "file", NOW)
    assert list(index.read().entries) == ["x"]
    assert [path.read_text() for path in tmp_path.glob("vault.damaged-*")] == [text]


def test_a_list_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    index = VaultIndex(tmp_path)
    index.path.write_text('{"schema_version": 99}')
    with pytest.raises(WorkspaceProblem, match="newer launchready"):
        index.add("x", "file", NOW)
    assert index.path.read_text() == '{"schema_version": 99}'


def test_names_of_a_file_are_cleaned(tmp_path: Path) -> None:
    index = VaultIndex(tmp_path)
    index.add("token/\x1b]52;c;eA==\x07\u202e", "file", NOW)
    index.reached(next(iter(index.read().entries)), "\x1b[2J", NOW)
    (name,) = index.read().entries
    assert name.isprintable()
    assert "\u202e" not in name


def test_two_windows_lose_nothing_of_each_other(tmp_path: Path) -> None:
    def add(who: str) -> None:
        for number in range(20):
            VaultIndex(tmp_path).add(f"{who}{number}", "keyring", NOW)

    threads = [threading.Thread(target=add, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(VaultIndex(tmp_path).read().entries) == 40
