"""A resolver that checks signatures, told apart from one that does not: AD, CD, and what it says was wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Dns, Found, Malformed, NoData, Secured, ServerFailed, TimedOut
from launchready_tui.sources.gate import Gate
from tests.sources.rogue import Reply, Rogue, answering, silent
from tests.world import NAME

A = Found(NAME, "A", ("93.184.215.14",))
LINE = f"{NAME}. 300 IN A 93.184.215.14"


def checking(*, bogus: bool, code: int | None = None, truncated: bool = False) -> Reply:
    """A resolver that checks: AD where it is asked for (DO), SERVFAIL for what is bogus unless CD is set."""

    def reply(data: bytes) -> Iterable[bytes]:
        asked = dns.message.from_wire(data)
        said = dns.message.make_response(asked)
        if bogus and not asked.flags & dns.flags.CD:
            said.set_rcode(dns.rcode.SERVFAIL)
            if code is not None:
                said.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode(code), "\x1b[2J told")])
            return [said.to_wire()]
        if asked.ednsflags & dns.flags.DO:
            said.flags |= dns.flags.AD
        said.answer.append(dns.rrset.from_text(f"{NAME}.", 300, "IN", "A", "93.184.215.14"))
        if truncated:
            said.flags |= dns.flags.TC
        return [said.to_wire()]

    return reply


@asynccontextmanager
async def source(*ports: int) -> AsyncIterator[Dns]:
    project = Project(NAME, network=Network(tuple(("127.0.0.1", port) for port in ports), private=True))
    found = Dns(project, Gate(project), seconds=0.6, try_seconds=0.3)
    try:
        yield found
    finally:
        await found.aclose()


ROWS: dict[str, tuple[Reply, Secured]] = {
    "checked": (checking(bogus=False), Secured(A, True)),
    "does not check": (answering(LINE), Secured(A, False)),
    "bogus": (checking(bogus=True), Secured(ServerFailed(NAME, "A"), False, A)),
    "bogus, and says why": (
        checking(bogus=True, code=7),
        Secured(ServerFailed(NAME, "A"), False, A, "signature expired"),
    ),
    "an error about something else": (
        checking(bogus=True, code=22),  # no server of the zone can be reached
        Secured(ServerFailed(NAME, "A"), False, A),
    ),
    "fails either way": (answering(rcode="SERVFAIL"), Secured(ServerFailed(NAME, "A"), False, ServerFailed(NAME, "A"))),
    "silence": (silent, Secured(TimedOut(NAME, "A", 0.6))),
    "noise": (
        lambda data: [data[:2] + b"\x80" + b"\xff" * 40],
        Secured(Malformed(NAME, "A", "it is not a DNS message")),
    ),
    "an alias alone": (
        answering(f"{NAME}. 300 IN CNAME other.example."),
        Secured(NoData(NAME, "A", ("other.example",))),
    ),
}


@pytest.mark.parametrize("case", ROWS)
async def test_what_a_resolver_says_of_signatures(case: str) -> None:
    reply, expected = ROWS[case]
    async with Rogue(reply).serving() as rogue, source(rogue.port) as found:
        assert await found.ask_secured(NAME, "A") == {"127.0.0.1": expected}
        refuses = case.startswith(("bogus", "an error"))
        assert expected.refuses is refuses


async def test_each_question_is_asked_once_and_plain_ones_stay_plain() -> None:
    async with Rogue(checking(bogus=True)).serving() as one, Rogue(checking(bogus=False)).serving() as two:
        async with source(one.port, two.port) as found:
            said = await found.ask_secured(NAME, "A")
            assert await found.ask_secured(f"{NAME.upper()}.", "a") == said
            assert [each.authentic for each in said.values()] == [False, True]
            await found.ask_each(NAME, "A")
            assert len(found.asked) == len(set(found.asked)) == 5
            assert {type for _, _, type, _ in found.asked} == {"A", "A +DO", "A +CD"}
        sent = [dns.message.from_wire(data) for data in one.requests]
    kinds = [(bool(asked.flags & dns.flags.CD), bool(asked.ednsflags & dns.flags.DO)) for asked in sent]
    assert sorted(kinds) == [(False, False), (False, True), (True, False)]
    assert not any(asked.flags & dns.flags.AD for asked in sent)  # some servers send this bit back, and checked nothing


async def test_what_does_not_fit_is_asked_over_tcp_with_the_same_wish() -> None:
    rogue = Rogue(checking(bogus=False, truncated=True), checking(bogus=False))
    async with rogue.serving(), source(rogue.port) as found:
        assert await found.ask_secured(NAME, "A") == {"127.0.0.1": Secured(A, True)}
        assert [tcp for *_, tcp in found.asked] == [False, True]


async def test_a_name_that_nobody_can_ask_for() -> None:
    async with source(9) as found:
        [said] = (await found.ask_secured("a..example", "A")).values()
        assert isinstance(said.answer, Malformed)
        assert found.asked == ()


async def test_made_up_labels_are_new_in_each_run() -> None:
    async with source(9) as one, source(9) as other:
        assert len({*one.made_up, *other.made_up}) == 4
        assert one.made_up == one.made_up
        assert all(label.replace("-", "").isalnum() for label in one.made_up)
