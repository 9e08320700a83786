"""Bodies are hashed as dkimpy does it, in slices of any size, and in time that grows with the length alone."""

from __future__ import annotations

import asyncio
import hashlib
import time

import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui import limits
from launchready_tui.mail.canonical import body_hashes

PIECES = st.sampled_from([b" ", b"\t", b"\r\n", b"\n", b"\r", b"a", b"\r\n\r\n", b"=\r\n", b"  \r\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14), st.integers(1, 7))
def test_as_dkimpy(pieces: list[bytes], size: int) -> None:
    body = b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MESSAGE_SLICE_BYTES", size)
        made = asyncio.run(body_hashes(b"head" + body, 4, {("simple", None), ("relaxed", None), ("relaxed", 3)}))
    ended = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    # dkimpy leaves blanks at the end of a last line that has no end; RFC 6376 section 3.4.4 takes them out.
    ended += b"" if not ended or ended.endswith(b"\r\n") else b"\r\n"
    for form, by in (("simple", Simple), ("relaxed", Relaxed)):
        want = by.canonicalize_body(ended)
        assert made[form, None].digest == hashlib.sha256(want).digest(), form
        assert made[form, None].length == len(want)
    assert made["relaxed", 3].digest == hashlib.sha256(Relaxed.canonicalize_body(ended)[:3]).digest()


@pytest.mark.parametrize("unit", [b" ", b"\t", b"\r\n", b"\n", b"\r", b" \r\n", b"a "])
async def test_ten_megabytes_of_anything(unit: bytes) -> None:
    """dkimpy's own pattern for blanks at the end of lines would take hours on the first of these."""
    body = unit * (10_000_000 // len(unit)) + b"x"
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    watcher = asyncio.create_task(watch())
    began = time.perf_counter()
    await body_hashes(body, 0, {("simple", None), ("relaxed", None)})
    took = time.perf_counter() - began
    watcher.cancel()
    assert took < 5
    assert longest < 0.1
