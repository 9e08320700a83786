"""The DNS source against servers on loopback: what is a fact, what is not, and that nothing is asked twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import (
    Answer,
    Dns,
    Found,
    Malformed,
    NoData,
    NxDomain,
    ServerFailed,
    TimedOut,
    is_fact,
    tell,
    values,
)
from launchready_tui.sources.gate import Gate
from tests.real.servers import free_port
from tests.sources.rogue import Rogue, answering, asked, silent, zones

ZONE = r"""$ORIGIN good.example.
@ 300 IN SOA ns1.good.example. host.good.example. 1 2 3 4 5
@ 300 IN NS ns1.Good.Example.
@ 300 IN A 93.184.215.14
@ 300 IN MX 10 Mail.good.example.
@ 300 IN TXT "v=spf1 " "-all"
ns1 300 IN A 127.0.0.1
www 60 IN CNAME good.example.
quote 300 IN TXT "say \"hi\" \\ and; go"
bytes 300 IN TXT "a\200b"
utf 300 IN TXT "caf\195\169"
loop 300 IN CNAME loop2.good.example.
loop2 300 IN CNAME loop.good.example.
gone 300 IN CNAME nothing.good.example.
empty 300 IN CNAME ns1.good.example.
_dmarc 300 IN TXT "v=DMARC1; p=none"
"""


RECURSE = dns.flags.RD


def _parsed(data: bytes) -> dns.message.Message:
    return dns.message.from_wire(data)


@asynccontextmanager
async def source(
    *ports: int, seconds: float = 5.0, try_seconds: float = 2.0, dns_port: int = 53, private: bool = True
) -> AsyncIterator[Dns]:
    """A Dns whose resolvers are these ports of 127.0.0.1. The limits are far beyond what a test needs."""
    resolvers = tuple(("127.0.0.1", port) for port in ports)
    project = Project("good.example", network=Network(resolvers, dns_port, private=private))
    found = Dns(project, Gate(project), seconds=seconds, try_seconds=try_seconds)
    try:
        async with asyncio.timeout(30):
            yield found
    finally:
        await found.aclose()


@pytest.mark.parametrize(
    ("name", "type", "expected"),
    [
        ("good.example", "A", Found("good.example", "A", ("93.184.215.14",), 300, (), True)),
        ("GOOD.example.", "a", Found("good.example", "A", ("93.184.215.14",), 300, (), True)),
        ("good.example", "NS", Found("good.example", "NS", ("ns1.good.example.",), 300, (), True)),
        ("good.example", "MX", Found("good.example", "MX", ("10 mail.good.example.",), 300, (), True)),
        ("good.example", "TXT", Found("good.example", "TXT", ("v=spf1 -all",), 300, (), True)),
        ("quote.good.example", "TXT", Found("quote.good.example", "TXT", ('say "hi" \\ and; go',), 300, (), True)),
        ("bytes.good.example", "TXT", Found("bytes.good.example", "TXT", ("a\\200b",), 300, (), True)),
        ("utf.good.example", "TXT", Found("utf.good.example", "TXT", ("café",), 300, (), True)),
        ("www.good.example", "A", Found("www.good.example", "A", ("93.184.215.14",), 60, ("good.example",), True)),
        ("www.good.example", "CNAME", Found("www.good.example", "CNAME", ("good.example.",), 60, (), True)),
        ("good.example", "AAAA", NoData("good.example", "AAAA", (), True)),
        ("empty.good.example", "AAAA", NoData("empty.good.example", "AAAA", ("ns1.good.example",), True)),
        ("no.good.example", "A", NxDomain("no.good.example", "A", (), True)),
        ("gone.good.example", "A", NxDomain("gone.good.example", "A", ("nothing.good.example",), True)),
        ("loop.good.example", "A", Malformed("loop.good.example", "A", "CNAME loop")),
        ("else.example", "A", ServerFailed("else.example", "A", "REFUSED")),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
async def test_what_a_sound_server_says(name: str, type: str, expected: Answer) -> None:
    async with zones(ZONE) as port, source(port) as dns:
        assert await dns.ask(name, type) == expected


@pytest.mark.parametrize(
    "name", ["", "@", ".", "a" * 64 + ".example", ".".join(["a" * 60] * 5), "a..example", ".example", "bücher.example"]
)
async def test_a_name_that_nobody_can_ask_for(name: str) -> None:
    async with zones(ZONE) as port, source(port, dns_port=port) as dns:
        said = [
            await dns.ask(name, "A"),
            await dns.ask_at("127.0.0.1", name, "A"),
            *(await dns.ask_each(name, "A")).values(),
        ]
        if name == ".":  # the root is a name like others; this server is not its
            assert said == [ServerFailed(".", "A", "REFUSED")] * 3
        else:
            assert all(isinstance(one, Malformed) and one.reason for one in said)
            assert dns.asked == ()
            assert await dns.addresses(name) == ()
            assert isinstance((await dns.delegation(name)).parent, Malformed)


async def test_a_type_that_does_not_exist() -> None:
    async with zones(ZONE) as port, source(port) as dns:
        assert isinstance(await dns.ask("good.example", "NOSUCH"), Malformed)


async def test_nothing_is_asked_twice() -> None:
    rogue = Rogue(answering("good.example. 300 IN A 93.184.215.14"))
    async with rogue.serving(), source(rogue.port, dns_port=rogue.port) as dns:
        await asyncio.gather(*(dns.ask("good.example", "A") for _ in range(20)))
        await dns.ask("Good.Example.", "a")
        await dns.ask_each("good.example", "A")
        await dns.ask_at("127.0.0.1", "good.example", "A")
        assert len(rogue.requests) == 1
        assert dns.asked == ((f"127.0.0.1:{rogue.port}", "good.example", "A", False),)


async def test_many_values_come_over_tcp() -> None:
    addresses = [f"93.184.215.{n}" for n in range(1, 101)]
    lines = "\n".join(f"many 300 IN A {address}" for address in addresses)
    async with zones(ZONE + lines) as port, source(port, dns_port=port) as dns:
        assert values(await dns.ask("many.good.example", "A")) == tuple(sorted(addresses))
        assert [tcp for *_, tcp in dns.asked] == [False, True]
        # What was asked over TCP for want of room is not asked again by who wants TCP.
        assert values(await dns.ask_at("127.0.0.1", "many.good.example", "A", tcp=True)) == tuple(sorted(addresses))
        assert len(dns.asked) == 2


def cut(data: bytes) -> Iterable[bytes]:
    response = dns.message.make_response(dns.message.from_wire(data))
    response.flags |= dns.flags.TC
    return [response.to_wire()]


async def test_a_cut_answer_and_no_tcp_is_no_fact() -> None:
    rogue = Rogue(cut, tcp=None)
    async with rogue.serving(), source(rogue.port) as dns:
        answer = await dns.ask("good.example", "A")
        assert not is_fact(answer)


@pytest.mark.parametrize("rcode", ["SERVFAIL", "REFUSED", "NOTAUTH"])
async def test_a_server_that_cannot_tell(rcode: str) -> None:
    rogue = Rogue(answering(rcode=rcode))
    async with rogue.serving(), source(rogue.port) as dns:
        answer = await dns.ask("good.example", "A")
        assert answer == ServerFailed("good.example", "A", rcode)
        assert tell(answer) == f"it answered {rcode}"


async def test_silence_is_a_time_out_after_two_tries() -> None:
    rogue = Rogue(silent)
    async with rogue.serving(), source(rogue.port, seconds=0.1, try_seconds=0.05) as dns:
        assert await dns.ask("good.example", "A") == TimedOut("good.example", "A", 0.1, "no answer")
        tries = [request.edns for request in map(_parsed, rogue.requests)]
        assert tries[:2] == [0, -1]
        assert len(dns.asked) == 1


async def test_a_server_that_is_always_silent_is_not_asked_for_ever() -> None:
    rogue = Rogue(silent)
    async with rogue.serving(), source(rogue.port, seconds=0.02, try_seconds=0.02) as dns:
        for number in range(limits.DNS_SILENT + 3):
            assert isinstance(await dns.ask(f"n{number}.good.example", "A"), TimedOut)
        assert len(dns.asked) == limits.DNS_SILENT


async def test_a_port_where_nothing_listens() -> None:
    port = free_port()
    async with source(port, seconds=20, try_seconds=20, dns_port=port) as dns:
        expected = TimedOut("good.example", "A", 0.0, "nothing answers there")
        assert await dns.ask("good.example", "A") == expected
        assert await dns.ask_at("127.0.0.1", "good.example", "A", tcp=True) == expected


async def test_a_server_without_edns_is_asked_plainly() -> None:
    def reply(data: bytes) -> Iterable[bytes]:
        if _parsed(data).edns >= 0:
            return answering(rcode="FORMERR")(data)
        return answering("good.example. 300 IN A 93.184.215.14")(data)

    rogue = Rogue(reply, tcp=reply)
    async with rogue.serving(), source(rogue.port, dns_port=rogue.port) as dns:
        assert values(await dns.ask("good.example", "A")) == ("93.184.215.14",)
        assert values(await dns.ask_at("127.0.0.1", "good.example", "A", tcp=True)) == ("93.184.215.14",)


async def test_a_forged_id_is_passed_over_and_the_true_answer_taken() -> None:
    def reply(data: bytes) -> Iterable[bytes]:
        (true,) = answering("good.example. 300 IN A 93.184.215.14")(data)
        (forged,) = answering("good.example. 300 IN A 6.6.6.6")(data)
        other_id = bytes([forged[0] ^ 0xFF, forged[1]]) + forged[2:]
        return [b"", b"\x00", other_id, true]

    rogue = Rogue(reply)
    async with rogue.serving(), source(rogue.port) as dns:
        assert values(await dns.ask("good.example", "A")) == ("93.184.215.14",)


async def test_nothing_but_forged_ids_is_no_answer() -> None:
    def reply(data: bytes) -> Iterable[bytes]:
        (wire,) = answering("good.example. 300 IN A 6.6.6.6")(data)
        return [bytes([wire[0] ^ 0xFF, wire[1]]) + wire[2:]] * 500

    rogue = Rogue(reply)
    async with rogue.serving(), source(rogue.port, seconds=0.1, try_seconds=0.1) as dns:
        assert isinstance(await dns.ask("good.example", "A"), TimedOut)


def other_question(data: bytes) -> Iterable[bytes]:
    other = dns.message.make_response(dns.message.make_query("bad.example", "A", id=int.from_bytes(data[:2], "big")))
    return [other.to_wire()]


@pytest.mark.parametrize(
    "reply",
    [
        lambda data: [data[:2] + b"\xff" * 40],
        lambda data: [data[:2]],
        lambda data: [data],  # our own question, sent back
        other_question,
        answering("bad.example. 300 IN A 6.6.6.6"),
    ],
    ids=["garbage", "two-bytes", "echo", "other-question", "other-name"],
)
@pytest.mark.parametrize("tcp", [False, True])
async def test_what_is_no_answer_to_our_question(reply: object, tcp: bool) -> None:
    assert callable(reply)
    rogue = Rogue(reply, tcp=reply)
    async with rogue.serving(), source(rogue.port, dns_port=rogue.port) as dns:
        answer = await dns.ask_at("127.0.0.1", "good.example", "A", tcp=tcp)
        assert isinstance(answer, Malformed)
        assert tell(answer).startswith("an answer that cannot be used: it is")


async def test_random_bytes_never_raise() -> None:
    dice = random.Random(7)

    def reply(data: bytes) -> Iterable[bytes]:
        (true,) = answering("x.good.example. 300 IN TXT abc", "y.good.example. 300 IN CNAME x.good.example.")(data)
        spoiled = bytearray(true)
        for _ in range(dice.randrange(1, 8)):
            spoiled[dice.randrange(2, len(spoiled))] = dice.randrange(256)
        return [bytes(spoiled)]

    rogue = Rogue(reply, tcp=reply)
    async with rogue.serving(), source(rogue.port, seconds=0.2, try_seconds=0.2) as dns:
        for number in range(300):
            said = await dns.ask(f"n{number}.good.example", "TXT")
            assert tell(said)


async def test_an_alias_that_leaves_the_answer_is_followed() -> None:
    def reply(data: bytes) -> Iterable[bytes]:
        name, _ = asked(data)
        here = {
            "www.good.example": "www.good.example. 300 IN CNAME edge.host.example.",
            "edge.host.example": "edge.host.example. 20 IN CNAME deep.host.example.",
            "deep.host.example": "deep.host.example. 300 IN A 93.184.215.14",
        }
        return answering(here[name])(data)

    rogue = Rogue(reply)
    aliases = ("edge.host.example", "deep.host.example")
    async with rogue.serving(), source(rogue.port) as dns:
        assert await dns.ask("www.good.example", "A") == Found(
            "www.good.example", "A", ("93.184.215.14",), 20, aliases, False
        )
    async with rogue.serving(), source(rogue.port, dns_port=rogue.port) as dns:
        assert values(await dns.ask_at("127.0.0.1", "www.good.example", "A")) == ("93.184.215.14",)
        assert len(dns.asked) == len(set(dns.asked)) == 3


@pytest.mark.parametrize("endless", [True, False])
async def test_an_alias_loop_over_several_answers(endless: bool) -> None:
    def reply(data: bytes) -> Iterable[bytes]:
        name, _ = asked(data)
        number = int(name.split(".")[0][1:])
        following = number + 1 if endless else (number + 1) % 3
        return answering(f"{name}. 300 IN CNAME n{following}.good.example.")(data)

    rogue = Rogue(reply)
    async with rogue.serving(), source(rogue.port) as dns:
        assert await dns.ask("n0.good.example", "A") == Malformed("n0.good.example", "A", "CNAME loop")
        assert len(rogue.requests) <= limits.DNS_ALIASES + 2


async def test_a_silent_resolver_slows_nobody_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_HEDGE_SECONDS", 0.02)
    dead = Rogue(silent)
    # The dead one would take a minute, far beyond the test's own limit: only a hedge can be in time.
    async with dead.serving(), zones(ZONE) as port, source(dead.port, port, seconds=60, try_seconds=60) as dns:
        assert values(await dns.ask("good.example", "A")) == ("93.184.215.14",)
        assert isinstance(await dns.ask("no.good.example", "A"), NxDomain)


async def test_the_first_fact_wins_and_doubts_come_in_order() -> None:
    broken, refusing = Rogue(answering(rcode="SERVFAIL")), Rogue(answering(rcode="REFUSED"))
    async with broken.serving(), refusing.serving(), zones(ZONE) as port:
        async with source(broken.port, port) as dns:
            assert values(await dns.ask("good.example", "A")) == ("93.184.215.14",)
        async with source(broken.port, refusing.port) as dns:
            assert await dns.ask("good.example", "A") == ServerFailed("good.example", "A", "SERVFAIL")
    async with source() as dns:
        assert await dns.ask("good.example", "A") == TimedOut("good.example", "A", 0.0, "no resolver was named")


async def test_each_resolver_is_asked() -> None:
    broken = Rogue(answering(rcode="SERVFAIL"))
    async with broken.serving(), zones(ZONE) as port:
        async with source(port) as dns:
            assert list(await dns.ask_each("good.example", "A")) == ["127.0.0.1"]
        async with source(broken.port, port) as dns:
            each = await dns.ask_each("good.example", "A")
            assert list(each) == [f"127.0.0.1:{broken.port}", f"127.0.0.1:{port}"]
            assert [is_fact(answer) for answer in each.values()] == [False, True]


async def test_private_addresses_are_asked_only_on_the_founders_own_network() -> None:
    rogue = Rogue(answering("good.example. 300 IN A 93.184.215.14"))
    resolver = Rogue(answering("good.example. 300 IN A 93.184.215.14"))
    async with rogue.serving(), resolver.serving():
        async with source(resolver.port, dns_port=rogue.port, private=False) as dns:
            answer = await dns.ask_at("127.0.0.1", "good.example", "A")
            assert answer == TimedOut("good.example", "A", 0.0, "its address is not public")
            assert isinstance(await dns.ask_at("not an address", "good.example", "A"), TimedOut)
            assert rogue.requests == []
            # A resolver that the founder named is asked wherever it stands.
            assert is_fact(await dns.ask("good.example", "A"))
        async with source(resolver.port, dns_port=rogue.port, private=True) as dns:
            assert is_fact(await dns.ask_at("127.0.0.1", "good.example", "A"))


async def test_the_recursion_bit_goes_to_resolvers_alone() -> None:
    rogue, resolver = Rogue(answering()), Rogue(answering())
    async with rogue.serving(), resolver.serving(), source(resolver.port, dns_port=rogue.port) as dns:
        await dns.ask("good.example", "A")
        await dns.ask_at("127.0.0.1", "good.example", "A")
        assert _parsed(resolver.requests[0]).flags & RECURSE
        assert not _parsed(rogue.requests[0]).flags & RECURSE
        assert _parsed(rogue.requests[0]).payload == limits.DNS_PAYLOAD


async def test_a_run_asks_one_host_only_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PRIVATE_HOST_PER_RUN", 2)
    async with zones(ZONE) as port, source(port) as dns:
        answers = [await dns.ask(f"n{number}.good.example", "A") for number in range(4)]
        assert [is_fact(answer) for answer in answers] == [True, True, False, False]
        assert "as often as we do" in tell(answers[-1])


async def test_closing_ends_what_runs() -> None:
    rogue = Rogue(silent)
    async with rogue.serving(), source(rogue.port, seconds=600, try_seconds=600) as dns:
        waiting = asyncio.create_task(dns.ask("good.example", "A"))
        await rogue.arrived.wait()
        async with asyncio.timeout(limits.CANCEL_SECONDS):
            await dns.aclose()
            with pytest.raises(asyncio.CancelledError):
                await waiting


async def test_ipv6_servers() -> None:
    try:
        port = free_port("::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    async with zones(ZONE, host="::1", port=port), source(dns_port=port) as dns:
        assert values(await dns.ask_at("::1", "good.example", "A")) == ("93.184.215.14",)
        assert values(await dns.ask_at("0:0::1", "good.example", "A", tcp=True)) == ("93.184.215.14",)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Found("a", "A", ("192.0.2.1", "192.0.2.2"), 300), "192.0.2.1, 192.0.2.2 (TTL 300)"),
        (Found("a", "A", ("192.0.2.1",), 60, ("b", "c")), "alias of b, alias of c, 192.0.2.1 (TTL 60)"),
        (NoData("a", "AAAA"), "the name exists, no AAAA record"),
        (NxDomain("a", "A"), "no such name"),
        (NxDomain("a", "A", ("b",)), "alias of b, no such name"),
        (ServerFailed("a", "A", "SERVFAIL"), "it answered SERVFAIL"),
        (ServerFailed("a", "A", "REFERRAL"), "it sent us to other servers"),
        (TimedOut("a", "A", 4.0), "no answer within 4 s"),
        (TimedOut("a", "A", 0.0, "nothing answers there"), "nothing answers there"),
        (Malformed("a", "A", "CNAME loop"), "an answer that cannot be used: CNAME loop"),
        (Malformed("a", "A"), "an answer that cannot be used: not DNS"),
    ],
)
def test_tell(answer: Answer, said: str) -> None:
    assert tell(answer) == said
