"""The journal of a project: append-only JSON lines, each synced, each sealed with a checksum chained to the one before.

A line is an object whose last member is its seal: SHA-256 over the seal before it and the line's own bytes without the
seal. So a torn, a changed, a missing or a swapped line is seen when the journal is opened.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from launchready_tui import disk, limits, system
from launchready_tui.disk import SCHEMA_VERSION, WorkspaceFuture, WorkspaceProblem
from launchready_tui.journal_lines import HEADER, Entry, Read, read_lines, sealed
from launchready_tui.project import Clock
from launchready_tui.text import listed, plural

__all__ = ["Entry", "Journal", "WorkspaceFuture", "WorkspaceProblem"]


class Journal:
    """Entries on disk, in order. With `writable`, opening mends what a crash left and says so in `notes`.

    A torn tail (the line in flight when the power went) is cut, its bytes kept beside the journal in `journal.torn-…`.
    Damage further up: the entries before it count, the whole file is kept in `journal.damaged-…`, and a note and an
    entry of kind "journal-damaged" say what no longer counts. Opened for reading alone, the file is never touched.

    `refusal` is the sentence of an append where writing is not open. Raises WorkspaceFuture where a newer version wrote
    it, WorkspaceProblem where the disk says no.
    """

    def __init__(self, path: Path, writable: bool, clock: Clock | None = None, *, refusal: str = "") -> None:
        self.path = path
        self._refusal = refusal or f"{disk.shown(path)} is not open for writing, so nothing was written."
        self._clock = clock or Clock()
        self._notes: list[str] = []
        self._file: BinaryIO | None = None
        self._entries: list[Entry] = []
        self._seal, self._size = "", 0
        if writable:
            self._open_writable()
        else:
            self._open_readable()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first."""
        return tuple(self._entries)

    @property
    def notes(self) -> tuple[str, ...]:
        """What opening had to mend, each one sentence for a person."""
        return tuple(self._notes)

    def of(self, *kinds: str) -> Iterator[Entry]:
        """The entries of some kinds, oldest first."""
        return (entry for entry in tuple(self._entries) if entry.kind in kinds)

    def __len__(self) -> int:
        return len(self._entries)

    def append(self, kind: str, data: Mapping[str, object]) -> Entry:
        """Write one entry; it is on the disk when this returns. Numbers count on without a gap.

        Raises TypeError for what is not plain JSON (a Secret above all), ValueError for numbers that JSON cannot hold,
        WorkspaceProblem where the disk says no or the entry is longer than limits.JOURNAL_LINE_BYTES; nothing of it is
        written then.
        """
        if self._file is None:
            raise WorkspaceProblem(self._refusal)
        if not kind:
            raise ValueError("a journal entry needs a kind")
        entry, seal = self._write(len(self._entries) + 1, kind, data)
        self._entries.append(entry)
        self._seal = seal
        return entry

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- writing ----

    def _write(self, n: int, kind: str, data: Mapping[str, object]) -> tuple[Entry, str]:
        at = self._clock.now().astimezone(dt.UTC)
        entry, line, seal = sealed(n, at, str(kind), data, self._seal)
        if len(line) > limits.JOURNAL_LINE_BYTES:
            raise WorkspaceProblem(
                f"This is too long for the journal: {plural(len(line), 'byte')}, at most {limits.JOURNAL_LINE_BYTES:,}."
            )
        self._add(line)
        return entry, seal

    def _add(self, line: bytes) -> None:
        """Append and sync; on failure take back what was written, so that the next line does not follow half a line."""
        file = self._file
        if file is None:
            raise RuntimeError("the journal is not open")
        try:
            disk.write_all(file, line)
        except OSError as error:
            try:
                os.ftruncate(file.fileno(), self._size)
            except OSError:
                self.close()  # nothing more is written; the next opening cuts the torn line
            raise disk.problem(error, self.path) from error
        self._size += len(line)

    # ---- opening ----

    def _open_readable(self) -> None:
        try:
            with system.plain_file(self.path) as file:
                read = read_lines(file, self.path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise disk.problem(error, self.path, reading=True) from error
        self._entries = read.entries
        if read.lines_after > 1:  # a torn tail may simply be the other window writing right now
            self._notes.append(f"{self._damage(read)} Nothing was changed, since it is open for reading only.")

    def _open_writable(self) -> None:
        try:
            self._file = system.private_file(self.path, append=True)
            self._mend(self._file)
        except OSError as error:
            self.close()
            raise disk.problem(error, self.path) from error
        except BaseException:
            self.close()
            raise

    def _mend(self, file: BinaryIO) -> None:
        file.seek(0)
        read = read_lines(file, self.path)
        now = self._clock.now()
        damaged = read.lines_after > 1
        kept = self._keep(file, read, damaged, now) if read.rest else None
        if read.rest:
            os.ftruncate(file.fileno(), read.good)
            system.sync_file(file.fileno())
        self._entries, self._seal, self._size = read.entries, read.seal, read.good
        if read.unended:
            self._add(b"\n")
        if not self._seal:
            _, self._seal = self._write(0, HEADER, {"schema_version": SCHEMA_VERSION})
            system.sync_folder(self.path.parent)
        if kept is None:
            return
        if damaged:
            self._notes.append(f"{self._damage(read)} The whole file is kept as {kept.name}.")
            self.append("journal-damaged", {"kept": kept.name, "lines": read.lines_after})
        else:
            self._notes.append(
                f"The last line of the journal was cut short, most likely when the program was ended. Everything before"
                f" it is there; the {plural(read.rest, 'byte')} of the cut line are kept as {kept.name}."
            )

    def _keep(self, file: BinaryIO, read: Read, whole: bool, now: dt.datetime) -> Path:
        """Copy what is about to be cut, before it is cut."""
        kept = disk.set_aside(self.path, "damaged" if whole else "torn", now)
        file.seek(0 if whole else read.good)
        with system.private_file(kept, exclusive=True) as copy:
            while part := file.read(1 << 20):
                disk.write_all(copy, part)
        system.sync_folder(kept.parent)
        return kept

    def _damage(self, read: Read) -> str:
        kinds = [f"{count} × {kind}" for kind, count in sorted((read.kinds_after or {}).items())]
        after = f" ({listed(kinds)})" if kinds else ""
        return (
            f"The journal {disk.shown(self.path)} is damaged after entry {len(read.entries)}: the "
            f"{plural(read.lines_after, 'line')} from there on{after} no longer count."
        )
