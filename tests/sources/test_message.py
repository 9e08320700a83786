"""Messages are judged once a run, a few at a time, the newest first; selectors are known without judging."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

from launchready_tui import kept, limits
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Proof, StoredMessage
from launchready_tui.proving import prover
from launchready_tui.sources.message import Messages
from launchready_tui.workspace import Workspace
from tests.mail.letters import NOW, OURS, SENT, Zone, carried, signed, written
from tests.world import CannedDns


def stored(*names: str) -> tuple[StoredMessage, ...]:
    return tuple(
        StoredMessage(name, "other", Path(name), ((OURS, f"key-{name}"), ("x.example", "x"))) for name in names
    )


async def test_each_is_judged_once_however_many_ask() -> None:
    judged: list[str] = []

    async def prove(message: StoredMessage) -> Proof:
        judged.append(message.name)
        await asyncio.sleep(0)
        return Proof(message.kind, "unknown", "We could not tell.", name=message.name)

    messages = Messages(stored("a", "b"), prove)
    first, second = await asyncio.gather(messages.proofs(), messages.proofs())
    assert first == second
    assert judged == ["a", "b"]
    await messages.aclose()


async def test_the_newest_comes_first_and_one_without_a_date_last() -> None:
    days = {"a": SENT, "b": SENT + dt.timedelta(days=1), "c": None}

    async def prove(message: StoredMessage) -> Proof:
        return Proof(message.kind, "unknown", "We could not tell.", name=message.name, at=days[message.name])

    assert [proof.name for proof in await Messages(stored("a", "b", "c"), prove).proofs()] == ["b", "a", "c"]


def test_selectors_of_one_domain() -> None:
    async def prove(message: StoredMessage) -> Proof:
        raise AssertionError

    messages = Messages((*stored("a", "b"), *stored("a")), prove)
    assert messages.selectors(f"{OURS.upper()}.") == ("key-a", "key-b")
    assert messages.selectors("other.example") == ()


async def test_files_are_read_a_few_at_a_time(tmp_path: Path) -> None:
    at_once, most = 0, 0

    class Counting(CannedDns):
        async def ask(self, name: str, type: str):  # type: ignore[no-untyped-def]
            nonlocal at_once, most
            if name.startswith("s1._domainkey"):
                at_once += 1
                most = max(most, at_once)
                await asyncio.sleep(0)
                at_once -= 1
            return await super().ask(name, type)

    with Workspace(tmp_path).open(OURS, create=True) as store:
        for number in range(6):
            kept.keep(store, carried(signed(written(f"Message {number}\r\n"))))
        prove = prover(Project(OURS), Counting(Zone().answers(), {}, None), Clock(NOW))
        proofs = await Messages(kept.listed(store), prove).proofs()
        assert [proof.verdict for proof in proofs] == ["yours"] * 6
        assert 1 <= most <= limits.MESSAGES_AT_ONCE


async def test_a_file_that_is_gone_or_damaged_is_unknown(tmp_path: Path) -> None:
    with Workspace(tmp_path).open(OURS, create=True) as store:
        one = kept.keep(store, carried(signed(written())))
        prove = prover(Project(OURS), CannedDns({}, {}, None), Clock(NOW))
        one.path.write_bytes(b"\x00 damaged")
        damaged = await prove(one)
        one.path.unlink()
        gone = await prove(one)
    for proof in (damaged, gone):
        assert (proof.verdict, proof.name) == ("unknown", one.name)
        assert proof.sentence == "We could not tell whether this message is yours: the file cannot be read."
        assert proof.notes
        assert proof.faults == ()
