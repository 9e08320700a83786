"""A message body as signatures see it (RFC 6376 section 3.4), hashed slice by slice.

dkimpy works on whole copies of a body, with patterns that take forever on long runs of blanks; here a slice is all that
is held at once, the time grows with the length alone, and the event loop gets its turn between slices.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui import limits

_BLANKS = re.compile(rb"[ \t]+")
_PAIR = b"\r\n"

Wanted = tuple[str, int | None]  # ("relaxed" or "simple", l= or None)


@dataclass(frozen=True, slots=True)
class BodyHash:
    """SHA-256 of a body, or of its first l= bytes. `length` is that of the whole body in this form."""

    digest: bytes
    length: int


class _Taken:
    """One hash over all, or over the first `most` bytes."""

    def __init__(self, most: int | None) -> None:
        self.hash = hashlib.sha256()
        self._left = most

    def take(self, data: bytes) -> None:
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        self.hash.update(data)


class _Body:
    """One form of canonicalization, fed with slices of any length."""

    def __init__(self, form: str) -> None:
        self.relaxed = form == "relaxed"
        self.sinks: dict[int | None, _Taken] = {}
        self.length = 0
        self._held = b""  # the blank and the carriage return that the last slice ended with
        self._pairs = 0  # line ends that count only if something follows (sections 3.4.3, 3.4.4)

    def feed(self, data: bytes) -> None:
        data = self._held + data
        held = b"\r" if data.endswith(b"\r") else b""
        data = data.removesuffix(b"\r") if held else data
        # A bare line feed counts as a line end: files on disk often have these alone.
        data = data.replace(_PAIR, b"\n").replace(b"\n", _PAIR)
        if self.relaxed:
            data = _BLANKS.sub(b" ", data).replace(b" \r\n", _PAIR)
            if data.endswith(b" "):
                data, held = data[:-1], b" " + held
        self._held = held
        self._emit(data)

    def end(self) -> None:
        if self._held:
            self.feed(_PAIR)  # the last line had no end: now it has
        if self.length or not self.relaxed:
            self._out(_PAIR)

    def _emit(self, data: bytes) -> None:
        kept = data.rstrip(_PAIR)
        tail = data[len(kept) :]
        pairs = len(tail) // 2
        if tail != _PAIR * pairs:  # a bare carriage return among them: it is text
            pairs = 0
            while data.endswith(_PAIR, 0, len(data) - 2 * pairs):
                pairs += 1
            kept = data[: len(data) - 2 * pairs]
        if kept:
            while self._pairs:
                some = min(self._pairs, limits.MESSAGE_SLICE_BYTES)
                self._out(_PAIR * some)
                self._pairs -= some
            self._out(kept)
        self._pairs += pairs

    def _out(self, data: bytes) -> None:
        self.length += len(data)
        for sink in self.sinks.values():
            sink.take(data)


async def body_hashes(raw: bytes, body_at: int, wanted: Iterable[Wanted]) -> dict[Wanted, BodyHash]:
    """The hashes of a body that signatures speak of, each made once."""
    bodies: dict[str, _Body] = {}
    for form, most in wanted:
        body = bodies.setdefault(form, _Body(form))
        body.sinks.setdefault(most, _Taken(most))
    for at in range(body_at, len(raw), limits.MESSAGE_SLICE_BYTES):
        for body in bodies.values():
            body.feed(raw[at : at + limits.MESSAGE_SLICE_BYTES])
        await asyncio.sleep(0)
    for body in bodies.values():
        body.end()
    return {
        (form, most): BodyHash(sink.hash.digest(), body.length)
        for form, body in bodies.items()
        for most, sink in body.sinks.items()
    }
