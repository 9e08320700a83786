"""`ask` kind spf, as a ratio to the same questions asked one after another by bare dnspython. Goal 2.

The record is a founder's usual one: three services, one of them with includes of its own, an MX and an address; the
sender is on none of them, so that all of it is walked. The name server lives in a process of its own. Bare means
dns.resolver.Resolver.resolve (the plain one, without asyncio) for each (name, type) that one evaluation asked, in its
order. Two worlds: an answer at once, and one that takes 20 ms, as from a resolver near by.
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import dns.name
import dns.rdatatype
import dns.resolver
import dns.zone

from launchready_tui.ask import answer
from launchready_tui.mail.spf_lookup import Lookup
from launchready_tui.practice.nameserver import Nameserver
from tests.bench.relay import Relay

ROUNDS, EACH = 9, 20
DELAYS = (0.0, 0.020)  # seconds a question and its answer take
ZONE = """$ORIGIN bench.example.
$TTL 300
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
home TXT "site-verification=abcdef"
home TXT "v=spf1 include:inbox.bench.example include:app.bench.example include:news.bench.example a mx ~all"
home A 192.0.2.80
home MX 10 mx.bench.example.
mx A 192.0.2.25
inbox TXT "v=spf1 include:one.bench.example include:two.bench.example include:three.bench.example ~all"
one TXT "v=spf1 ip4:198.51.100.0/26 ip4:198.51.100.64/26 ip4:203.0.113.0/25 ~all"
two TXT "v=spf1 ip6:2001:db8:1::/48 ip6:2001:db8:2::/48 ip6:2001:db8:3::/48 ~all"
three TXT "v=spf1 ip4:203.0.113.128/26 ip4:203.0.113.192/27 ~all"
app TXT "v=spf1 ip4:198.51.100.128/25 ~all"
news TXT "v=spf1 ip4:203.0.113.224/27 ip4:203.0.113.248 ?all"
"""


async def _serve(pipe: Connection) -> None:
    origin = dns.name.from_text("bench.example.")
    server = Nameserver({origin: dns.zone.from_text(ZONE, origin, relativize=False)}, {})
    port = await server.start()
    relays = [Relay(("127.0.0.1", port), delay / 2) for delay in DELAYS if delay]
    pipe.send([port, *[await relay.start() for relay in relays]])
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(pipe.fileno(), ended.set)
    await ended.wait()


def _server(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextmanager
def _ports() -> Iterator[list[int]]:
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_server, args=(there,))
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()


def _bare(port: int, questions: list[tuple[str, str]]) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.cache = ["127.0.0.1"], port, None
    for name, type in questions:
        resolver.resolve(f"{name}.", type, raise_on_no_answer=False, search=False)


def _line(port: int) -> str:
    asked = {"id": 1, "kind": "spf", "ip": "192.0.2.1", "helo": "mx.bench.example", "sender": "a@home.bench.example"}
    return json.dumps({**asked, "resolver": f"127.0.0.1:{port}"})


async def _ask(port: int, times: int) -> None:
    line = _line(port)
    for _ in range(times):
        told = await answer(line)
        assert told["data"] == {"result": "softfail", "explanation": ""}, told


async def _questions(port: int) -> list[tuple[str, str]]:
    """What one evaluation asks, in its order."""
    asked: list[tuple[str, str]] = []
    real = Lookup._lookup

    async def noted(self: Lookup, name: str, rtype: str) -> tuple[str, list[str]]:
        asked.append((name, rtype))
        return await real(self, name, rtype)

    Lookup._lookup = noted  # type: ignore[method-assign]  # a tap, taken out again below
    try:
        await _ask(port, 1)
    finally:
        Lookup._lookup = real  # type: ignore[method-assign]
    return asked


def measure(port: int, times: int) -> tuple[int, float, float]:
    """(questions of one evaluation, seconds of one `ask`, seconds of the bare look-ups): medians of rounds in turn."""
    questions = asyncio.run(_questions(port))
    ours: list[float] = []
    bare: list[float] = []
    gc.freeze()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        asyncio.run(_ask(port, times))
        ours.append((time.perf_counter() - began) / times)
        began = time.perf_counter()
        for _ in range(times):
            _bare(port, questions)
        bare.append((time.perf_counter() - began) / times)
    return len(questions), statistics.median(ours), statistics.median(bare)


def main() -> None:
    with _ports() as ports:
        for port, delay in zip(ports, DELAYS, strict=True):
            count, ours, bare = measure(port, 3 if delay else EACH)
            print(
                f"answers after {delay * 1_000:.0f} ms: {count} questions; ask {ours * 1_000:.1f} ms, "
                f"bare dnspython {bare * 1_000:.1f} ms: ratio {ours / bare:.2f} (goal 2)"
            )


if __name__ == "__main__":
    main()
