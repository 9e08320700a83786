"""Replies read from their bytes: what may be left out of one, and what makes all of it useless."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time

import dns.message
import pytest

from launchready_tui.sources._dns_transport import NoReply, Question, over_udp
from launchready_tui.sources._dns_wire import message_of, read, to_name, to_type

OWNER = b"\x04good\x07example\x00"


def record(type: int, data: bytes, *, length: int | None = None) -> bytes:
    return b"\xc0\x0c" + struct.pack("!HHIH", type, 1, 300, len(data) if length is None else length) + data


def reply(*records: bytes) -> bytes:
    head = struct.pack("!HHHHHH", 7, 0x8180, 1, len(records), 0, 0)
    return head + OWNER + struct.pack("!HH", 16, 1) + b"".join(records)


TXT = record(16, b"\x05hello")


@pytest.mark.parametrize("empty_at", [0, 1, 2])
def test_a_txt_without_strings_does_not_hide_its_neighbours(empty_at: int) -> None:
    records = [TXT, record(16, b"\x03you")]
    records.insert(empty_at, record(16, b""))
    message = message_of(reply(*records))
    assert isinstance(message, dns.message.Message)
    assert getattr(read(message, "good.example", "TXT"), "values", None) == ("hello", "you")


@pytest.mark.parametrize(
    "wire",
    [
        reply(TXT, record(16, b"\x09short")),
        reply(TXT, record(16, b"\x05hel")),
        reply(TXT, record(1, b"")),
        reply(TXT, record(1, b"\x01\x02\x03")),
        reply(TXT, record(16, b"\x05hello", length=60_000)),
        reply(TXT)[:-3],
        b"\x00" * 11,
        b"",
    ],
    ids=[
        "string too long",
        "string cut",
        "no address",
        "half an address",
        "length beyond",
        "cut",
        "no head",
        "nothing",
    ],
)
def test_anything_else_that_is_broken_makes_the_whole_reply_useless(wire: bytes) -> None:
    assert message_of(wire) is None


async def test_a_flood_of_forged_replies_holds_nobody() -> None:
    """The question ends in its time, and whatever else runs goes on meanwhile."""
    over = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def flood() -> None:
            data, asker = server.recvfrom(2_000)
            forged = bytes([data[0] ^ 0xFF]) + data[1:]
            while not over.is_set():
                server.sendto(forged, asker)

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        question = Question(to_name("good.example"), to_type("TXT"), "127.0.0.1", server.getsockname()[1], True)
        turns = 0

        async def beside() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        other = asyncio.create_task(beside())
        began = time.perf_counter()
        try:
            assert await over_udp(question, seconds=1.0, try_seconds=1.0) == NoReply("silent", seconds=1.0)
        finally:
            over.set()
            other.cancel()
            thread.join()
        assert time.perf_counter() - began < 4
        assert turns > 100
