"""What a look reads ahead: at once, beside the first questions, and nothing that belongs to one thread on another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable

import pytest
from cryptography import x509

from launchready_tui.look import looking
from launchready_tui.project import Clock, Network, Project
from launchready_tui.sources import trust


async def test_certificates_are_read_on_the_thread_that_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading them hushes a warning, and Python hushes for all threads: two at once would let one out."""
    read, done = trust.from_der, asyncio.Event()
    threads: list[int] = []

    def reading(ders: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
        threads.append(threading.get_ident())
        loop.call_soon_threadsafe(done.set)
        return read(ders)

    loop = asyncio.get_running_loop()
    trust._roots.cache_clear()
    monkeypatch.setattr(trust, "from_der", reading)
    project = Project("good.example", network=Network(resolvers=(("127.0.0.1", 9),), private=True))
    async with looking(project, Clock()):
        async with asyncio.timeout(20):
            await done.wait()
    trust._roots.cache_clear()
    assert set(threads) == {threading.get_ident()}
