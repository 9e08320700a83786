"""The lines of a journal as bytes: how one is sealed, how far the seals of a file hold, and what stands after that."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from launchready_tui import disk, limits
from launchready_tui.disk import SCHEMA_VERSION
from launchready_tui.secret import Secret

HEADER = "journal"  # the kind of line 0, which says the version
_SEAL = re.compile(rb',"seal":"([0-9a-f]{64})"\}\Z')
_DEPTH = 64  # of nested data; ours are three deep


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `n` counts from 1, `at` is in UTC, `data` is plain JSON."""

    n: int
    at: dt.datetime
    kind: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: good entries up to byte `good`, the seal there, and what is wrong after it, if anything."""

    entries: list[Entry]
    good: int
    seal: str
    unended: bool = False  # the last good line lacks only its line feed
    rest: int = 0  # bytes after `good`
    lines_after: int = 0  # whole lines among them, the bad one included: two or more is damage, not a torn tail
    kinds_after: Mapping[str, int] | None = None


def sealed(n: int, at: dt.datetime, kind: str, data: Mapping[str, object], before: str) -> tuple[Entry, bytes, str]:
    """The entry as it will be read back, its line, and its seal. Raises TypeError and ValueError as Journal.append."""
    fields = {"n": n, "at": at.isoformat(), "kind": kind, "data": _plain(data)}
    body = json.dumps(fields, allow_nan=False, separators=(",", ":")).encode("ascii")
    seal = _seal(before, body)
    return Entry(n, at, kind, json.loads(body)["data"]), body[:-1] + f',"seal":"{seal}"}}\n'.encode("ascii"), seal


def _seal(before: str, body: bytes) -> str:
    return hashlib.sha256(before.encode("ascii") + body).hexdigest()


def read_lines(file: BinaryIO, path: Path) -> Read:
    """Read line by line as far as the seals hold. Raises WorkspaceFuture, OSError."""
    entries: list[Entry] = []
    good, seal = 0, ""
    for line in _lines(file):
        if good == 0:
            _refuse_future(line, path)
        opened = _open_line(line, seal)
        expected = len(entries) + 1 if seal else 0
        if opened is None or opened[0].n != expected or (not seal and opened[0].kind != HEADER):
            return _what_follows(file, line, entries, good, seal)
        entry, seal = opened
        good += len(line)
        if entry.n:
            entries.append(entry)
        if not line.endswith(b"\n"):
            return Read(entries, good, seal, unended=True)
    return Read(entries, good, seal)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their line feed, none longer than the cap: a longer one comes in pieces, and no piece has a seal."""
    held = b""
    while True:
        part = file.read(1 << 20)
        held += part or b""
        start = 0
        while (end := held.find(b"\n", start)) >= 0:
            yield held[start : end + 1]
            start = end + 1
        held = held[start:]
        while len(held) > limits.JOURNAL_LINE_BYTES:
            yield held[: limits.JOURNAL_LINE_BYTES]
            held = held[limits.JOURNAL_LINE_BYTES :]
        if not part:
            if held:
                yield held
            return


def _open_line(line: bytes, before: str) -> tuple[Entry, str] | None:
    """The entry of a line whose seal holds, and its seal; None otherwise."""
    line = line.removesuffix(b"\n")
    found = _SEAL.search(line)
    if len(line) >= limits.JOURNAL_LINE_BYTES or found is None:
        return None
    body = line[: found.start()] + b"}"
    if _seal(before, body) != found[1].decode("ascii"):
        return None
    entry = _entry(_loads(body))
    return (entry, found[1].decode("ascii")) if entry is not None else None


def _loads(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _entry(fields: object) -> Entry | None:
    match fields:
        case {"n": int(n), "at": str(at), "kind": str(kind), "data": dict(data)} if kind:
            try:
                return Entry(n, dt.datetime.fromisoformat(at), kind, data)
            except ValueError:
                return None
    return None


def _refuse_future(line: bytes, path: Path) -> None:
    """A newer version may seal differently, so its number is looked at before any seal."""
    match _loads(line):
        case {"data": {"schema_version": int(version)}} if version > SCHEMA_VERSION:
            disk.check_version(version, path)


def _what_follows(file: BinaryIO, bad: bytes, entries: list[Entry], good: int, seal: str) -> Read:
    """Count what stands after the last good line: a torn tail is one line, more is damage."""
    file.seek(good)
    rest = lines = 0
    kinds: Counter[str] = Counter()
    for line in _lines(file):
        rest += len(line)
        if not line.strip(b"\n\0 "):
            continue
        lines += 1
        match _loads(line):
            case {"kind": str(kind)} if re.fullmatch(r"[a-z0-9.-]{1,40}", kind):
                kinds[kind] += 1
    return Read(entries, good, seal, rest=rest, lines_after=lines, kinds_after=kinds)


def _plain(value: object, depth: int = 0) -> object:
    """Plain JSON from plain values. Raises TypeError for anything else, above all a Secret."""
    if isinstance(value, Secret):
        raise TypeError("a Secret is never written to the journal")
    if depth > _DEPTH:
        raise ValueError("the data are nested too deeply for the journal")
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)  # a StrEnum becomes its value
        case int():
            if not -(2**63) <= value < 2**63:
                raise ValueError("a number in the journal has at most 64 bits")
            return int(value)
        case float():
            if not math.isfinite(value):
                raise ValueError("a number in the journal is finite")
            return float(value)
        case list() | tuple():
            return [_plain(item, depth + 1) for item in value]
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("names in the journal's data are text")
            return {str.__str__(key): _plain(item, depth + 1) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} is not plain JSON")
