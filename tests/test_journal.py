"""The journal against torn tails, flipped bytes, kill -9 and a full disk."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import limits
from launchready_tui.disk import WorkspaceFuture, WorkspaceProblem
from launchready_tui.journal import Journal
from launchready_tui.journal_lines import Entry
from launchready_tui.model import Status
from launchready_tui.project import Clock
from launchready_tui.secret import Secret

AT = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
DATA: list[dict[str, object]] = [{"a": 1}, {"text": "né\u2028\x1b[31m"}, {"deep": {"list": [1, 2.5, None, True]}}, {}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def write(path: Path, many: int = 4) -> tuple[Entry, ...]:
    with Journal(path, writable=True, clock=Clock(AT)) as journal:
        for number in range(many):
            journal.append("answer" if number % 2 else "looked", DATA[number % len(DATA)])
        return journal.entries


def beside(path: Path, word: str) -> list[Path]:
    return sorted(path.parent.glob(f"journal.{word}-*"))


def test_what_is_written_is_read(path: Path) -> None:
    written = write(path)
    assert [entry.n for entry in written] == [1, 2, 3, 4]
    assert [entry.data for entry in written] == DATA
    assert written[0].at == AT
    with Journal(path, writable=False) as journal:
        assert journal.entries == written
        assert list(journal.of("answer")) == [written[1], written[3]]
        assert len(journal) == 4
    with Journal(path, writable=True) as journal:
        assert journal.append("more", {}).n == 5
        assert journal.notes == ()
    assert all(isinstance(json.loads(line), dict) for line in path.read_text().splitlines())
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_handed_out_is_what_is_read_later(path: Path) -> None:
    with Journal(path, writable=True) as journal:
        given = journal.append("looked", {"status": Status.FAIL, "pair": (1, 2)})
    assert given.data == {"status": "fail", "pair": [1, 2]}
    assert Journal(path, writable=False).entries == (given,)


def test_a_torn_tail_at_every_byte(path: Path) -> None:
    """Whatever the byte at which the last write stopped: what was acknowledged before is there, and writing goes on."""
    written = write(path)
    whole = path.read_bytes()
    ends = [0, *(at + 1 for at, byte in enumerate(whole) if byte == 0x0A)]
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        for kept in beside(path, "torn"):
            kept.unlink()
        complete = sum(1 for end in ends if end <= cut) - 2  # without the start and the header line
        if cut + 1 in ends:
            complete += 1  # only the line feed is missing: the line counts
        with Journal(path, writable=True, clock=Clock(AT)) as journal:
            assert journal.entries == written[: max(complete, 0)]
            assert not beside(path, "damaged")
            torn = beside(path, "torn")
            if cut in ends or cut + 1 in ends:
                assert not torn
                assert journal.notes == ()
            else:
                assert torn[0].read_bytes() == whole[max(end for end in ends if end <= cut) : cut]
                assert "cut short" in journal.notes[0]
                assert torn[0].name in journal.notes[0]
            journal.append("next", {})
        with Journal(path, writable=True) as again:
            assert len(again) == max(complete, 0) + 1
            assert again.notes == ()


@pytest.mark.parametrize("bit", [0x01, 0x10, 0x80])
def test_a_flipped_bit_at_every_byte(path: Path, bit: int) -> None:
    """No changed byte is taken for true, no entry before it is lost, and the bytes after it are kept in a copy."""
    written = write(path)
    whole = path.read_bytes()
    starts = [0, *(at + 1 for at, byte in enumerate(whole) if byte == 0x0A)]
    for at in range(len(whole)):
        bad = bytearray(whole)
        bad[at] ^= bit
        path.write_bytes(bad)
        for kept in [*beside(path, "torn"), *beside(path, "damaged")]:
            kept.unlink()
        line = sum(1 for start in starts if start <= at) - 1  # the header is line 0
        with Journal(path, writable=True, clock=Clock(AT)) as journal:
            before = [entry for entry in journal.entries if entry.kind != "journal-damaged"]
            assert before == list(written[: max(line - 1, 0)])
            assert len(journal.notes) == 1
        kept_bytes = b"".join(kept.read_bytes() for kept in [*beside(path, "torn"), *beside(path, "damaged")])
        assert kept_bytes
        assert bytes(bad).endswith(kept_bytes)


def test_damage_in_the_middle_says_what_is_lost(path: Path) -> None:
    written = write(path, 6)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"deep"', b'"DEEP"', 1))
    reading = Journal(path, writable=False)
    assert reading.entries == written[:2]
    assert "Nothing was changed" in reading.notes[0]
    assert path.read_bytes() != whole
    assert not beside(path, "damaged")
    with Journal(path, writable=True, clock=Clock(AT)) as journal:
        (kept,) = beside(path, "damaged")
        assert kept.read_bytes() == whole.replace(b'"deep"', b'"DEEP"', 1)
        assert (
            "damaged after entry 2: the 4 lines from there on (2 × answer and 2 × looked) no longer count"
            in (journal.notes[0])
        )
        assert kept.name in journal.notes[0]
        assert journal.entries[:2] == written[:2]
        assert journal.entries[2].kind == "journal-damaged"
        assert journal.entries[2].data == {"kept": kept.name, "lines": 4}
    assert Journal(path, writable=True).notes == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda lines: [lines[0], *lines[2:]], id="a line taken out"),
        pytest.param(lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], id="two lines swapped"),
        pytest.param(lambda lines: [*lines[:2], lines[1], *lines[2:]], id="a line twice"),
        pytest.param(lambda lines: lines[1:], id="the header taken out"),
    ],
)
def test_moved_lines_are_seen(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    write(path)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    with Journal(path, writable=True) as journal:
        assert "damaged" in journal.notes[0]
        assert [entry.n for entry in journal.entries] == list(range(1, len(journal) + 1))


def test_nulls_after_a_power_cut_are_a_torn_tail(path: Path) -> None:
    written = write(path)
    path.write_bytes(path.read_bytes() + b"\0" * 5_000)
    with Journal(path, writable=True) as journal:
        assert journal.entries == written
        assert "cut short" in journal.notes[0]
    assert beside(path, "torn")[0].read_bytes() == b"\0" * 5_000


@pytest.mark.parametrize(
    "junk",
    [b"\n" * 1_000, b"[" * 100_000 + b"\n", b"{}\n" * 10, b"\xff\xfe\n", b"x" * (limits.JOURNAL_LINE_BYTES * 2 + 7)],
    ids=["line feeds", "brackets", "objects", "bytes", "one long line"],
)
def test_hostile_files_are_kept_and_never_read(path: Path, junk: bytes) -> None:
    path.write_bytes(junk)
    with Journal(path, writable=True) as journal:
        assert [entry for entry in journal.entries if entry.kind != "journal-damaged"] == []
        assert journal.notes
    kept = [*beside(path, "torn"), *beside(path, "damaged")]
    assert kept[0].read_bytes() == junk
    assert Journal(path, writable=True).notes == ()


def test_a_newer_journal_is_left_alone(path: Path) -> None:
    data = b'{"n":0,"kind":"journal","data":{"schema_version":7},"seal":"of another kind"}\nwhatever\n'
    path.write_bytes(data)
    for writable in (True, False):
        with pytest.raises(WorkspaceFuture) as caught:
            Journal(path, writable=writable)
        assert "format 7; this one knows format 1" in caught.value.sentence
    assert path.read_bytes() == data
    assert [one.name for one in path.parent.iterdir()] == ["journal.jsonl"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"token": Secret("hunter2")}, TypeError),
        ({"deep": [{"token": Secret("hunter2")}]}, TypeError),
        ({"bytes": b"x"}, TypeError),
        ({"set": {1}}, TypeError),
        ({"time": AT}, TypeError),
        ({1: "x"}, TypeError),
        ({"x": float("nan")}, ValueError),
        ({"x": 2**64}, ValueError),
    ],
)
def test_only_plain_json(path: Path, data: Any, kind: type[Exception]) -> None:
    with Journal(path, writable=True) as journal:
        before = path.read_bytes()
        with pytest.raises(kind) as caught:
            journal.append("looked", data)
        assert "hunter2" not in str(caught.value)
        assert path.read_bytes() == before
        assert journal.append("looked", {}).n == 1


def test_too_long_too_deep_and_no_kind(path: Path) -> None:
    deep: dict[str, object] = {}
    for _ in range(100):
        deep = {"in": deep}
    with Journal(path, writable=True) as journal:
        before = path.read_bytes()
        with pytest.raises(WorkspaceProblem, match="too long for the journal"):
            journal.append("looked", {"x": "y" * limits.JOURNAL_LINE_BYTES})
        with pytest.raises(ValueError, match="too deeply"):
            journal.append("looked", deep)
        with pytest.raises(ValueError, match="kind"):
            journal.append("", {})
        assert path.read_bytes() == before
        free = limits.JOURNAL_LINE_BYTES - len(before) - 50
        journal.append("looked", {"x": "y" * free})
    assert len(Journal(path, writable=False)) == 1


def test_reading_alone_never_writes(path: Path) -> None:
    assert Journal(path, writable=False).entries == ()
    assert not path.exists()
    write(path)
    path.write_bytes(path.read_bytes()[:-5])
    before = path.read_bytes()
    journal = Journal(path, writable=False, refusal="Ada has it.")
    assert len(journal) == 3
    assert journal.notes == ()  # it may be the other window, writing right now
    with pytest.raises(WorkspaceProblem, match="Ada has it"):
        journal.append("looked", {})
    assert path.read_bytes() == before


def test_a_full_disk_leaves_no_half_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(path, writable=True) as journal:
        journal.append("looked", {"a": 1})
        before = path.read_bytes()

        def half(file: Any, data: bytes) -> None:
            file.write(data[:20])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as full:
            full.setattr("launchready_tui.disk.write_all", half)
            with pytest.raises(WorkspaceProblem, match="The disk is full"):
                journal.append("looked", {"a": 2})
        assert path.read_bytes() == before
        assert journal.append("looked", {"a": 3}).n == 2
    assert [entry.data for entry in Journal(path, writable=False).entries] == [{"a": 1}, {"a": 3}]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("mine")
    (tmp_path / "journal.jsonl").symlink_to(tmp_path / "real")
    for writable in (True, False):
        with pytest.raises(WorkspaceProblem, match="a link, a pipe or a device"):
            Journal(tmp_path / "journal.jsonl", writable=writable)
    with pytest.raises(WorkspaceProblem, match="a link, a pipe or a device"):
        Journal(Path("/dev/full"), writable=False)
    assert (tmp_path / "real").read_text() == "mine"


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=8), plain, max_size=3), max_size=4))
def test_any_plain_data_round_trips(tmp_path_factory: pytest.TempPathFactory, many: list[dict[str, object]]) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    with Journal(path, writable=True) as journal:
        for data in many:
            journal.append("looked", data)
    read = Journal(path, writable=False)
    assert [entry.data for entry in read.entries] == many
    assert read.notes == ()


WRITER = """
import sys
from pathlib import Path
from launchready_tui.journal import Journal
journal = Journal(Path(sys.argv[1]), writable=True)
while True:
    entry = journal.append("looked", {"x": "y" * 400})
    print(entry.n, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_kill_9_loses_nothing_that_was_acknowledged(path: Path) -> None:
    said = 0
    for stop in (1, 7, 30):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(stop):
            said = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        said = int((child.stdout.read().split() or [str(said)])[-1])
        child.stdout.close()
        assert child.wait() == -signal.SIGKILL
        with Journal(path, writable=True) as journal:
            assert said <= len(journal) <= said + 1
            assert [entry.n for entry in journal.entries] == list(range(1, len(journal) + 1))
            assert not beside(path, "damaged")
