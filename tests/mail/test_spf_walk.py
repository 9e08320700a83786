"""The walk of an SPF record over a real name server, by the look's own source: bounded in questions and in time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.message
import dns.rdatatype
import pytest

from launchready_tui import limits
from launchready_tui.ask import answer as ask
from launchready_tui.mail import spf_walk
from launchready_tui.mail.spf_tree import Cost, lines
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from tests.mail.suite import Scenario, SuiteServer

HERE = "good.example"
Records = Mapping[str, tuple[tuple[str, Any] | str, ...]]


@dataclass
class Counted(SuiteServer):
    """A small world, as the suite has its own, that counts its questions. Names below `slow` are never answered."""

    world: Records
    slow: str = "slow.example"
    heard: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        SuiteServer.__init__(self, Scenario("here", dict(self.world), ()))

    def answer(self, data: bytes, *, udp: bool) -> Iterator[bytes]:
        question = dns.message.from_wire(data).question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.heard.append((name, dns.rdatatype.to_text(question.rdtype)))
        return iter(()) if name.endswith(self.slow) else super().answer(data, udp=udp)


@dataclass
class Looked:
    cost: Cost
    seconds: float
    server: Counted
    dns: Dns

    @property
    def text(self) -> str:
        return "\n".join(lines(self.cost))


@asynccontextmanager
async def serving(world: Records) -> AsyncIterator[tuple[Counted, int]]:
    server = Counted(world)
    port = await server.start()
    try:
        yield server, port
    finally:
        await server.aclose()


async def walked(record: str, more: Records | None = None, *, seconds: float = 8.0) -> Looked:
    async with serving({HERE: (("TXT", record),), **(more or {})}) as (server, port):
        project = Project(HERE, network=Network(resolvers=(("127.0.0.1", port),), private=True))
        source = Dns(project, Gate(project), seconds=seconds, try_seconds=seconds / 2)
        began = time.perf_counter()
        cost = await spf_walk.walk(source, HERE, record)
        took = time.perf_counter() - began
        await source.aclose()
        return Looked(cost, took, server, source)


def listed(name: str, *words: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return name, (("TXT", " ".join(["v=spf1", *words, "~all"])),)


async def test_the_tree_of_a_real_world() -> None:
    more: Records = dict(
        [
            listed("_spf.google.com", "include:_netblocks.google.com", "include:_netblocks2.google.com"),
            listed("_netblocks.google.com", "ip4:35.190.247.0/24"),
            listed("_netblocks2.google.com", "ip6:2001:4860:4000::/36"),
            listed("servers.mcsv.net", "a:gone.example", "mx"),
            ("mail.good.example", (("A", "192.0.2.1"),)),
            ("old.good.example", (("CNAME", "mail.good.example"),)),
        ]
    )
    looked = await walked("v=spf1 a:old.good.example include:_spf.google.com include:servers.mcsv.net ptr ~all", more)
    assert looked.text.splitlines() == [
        "good.example: 8 of 10 look-ups, 2 look-ups come back empty, 83 bytes",
        "├ a:old.good.example                 1",
        "├ include:_spf.google.com            3  Google Workspace",
        "│ ├ include:_netblocks.google.com    1",
        "│ └ include:_netblocks2.google.com   1",
        "├ include:servers.mcsv.net           3  Mailchimp",
        "│ ├ a:gone.example                   1  comes back empty",
        "│ └ mx                               1  comes back empty",
        "└ ptr                                1  depends on who sends; RFC 7208 advises against it",
    ]
    assert len(looked.server.heard) == len(set(looked.server.heard)) == len(looked.dns.asked)


async def test_the_eleventh_include_behind_a_slow_server_is_counted_all_the_same() -> None:
    words = [f"include:i{number}.example" for number in range(10)]
    more = dict(listed(f"i{number}.example", "ip4:192.0.2.1") for number in range(10))
    looked = await walked(" ".join(["v=spf1", *words, "include:slow.example", "~all"]), more, seconds=2.0)
    assert (looked.cost.lookups, looked.cost.faults) == (11, ())
    assert [node.target for node in looked.cost.unsure] == ["slow.example"]
    assert looked.cost.at_least
    assert looked.seconds < 8


async def test_many_slow_servers_are_waited_for_together() -> None:
    words = " ".join(f"include:n{number}.slow.example" for number in range(30))
    looked = await walked(f"v=spf1 {words} ~all", seconds=1.0)
    assert looked.cost.lookups == 30
    assert len(looked.cost.unsure) == 30
    assert looked.seconds < 10  # one after another they would take 30


async def test_a_tree_without_end_is_left_at_our_bound() -> None:
    """Every name includes twenty others, of which each does the same."""
    names = [f"t{number}.example" for number in range(400)]
    more = dict(
        listed(name, *(f"include:{names[(20 * at + step) % 400]}" for step in range(1, 21)))
        for at, name in enumerate(names)
    )
    looked = await walked("v=spf1 include:t0.example ~all", more)
    assert len(list(looked.cost.root.walk())) == limits.SPF_TERMS_WALKED + 1
    assert looked.cost.lookups > limits.SPF_TERMS_WALKED
    assert looked.cost.at_least
    assert len(looked.server.heard) <= limits.SPF_TERMS_WALKED
    assert "more that we did not look at" in looked.text


async def test_mail_servers_of_mail_servers_stay_within_the_questions() -> None:
    more: dict[str, tuple[tuple[str, Any] | str, ...]] = {}
    for number in range(20):
        more[f"m{number}.example"] = tuple(("MX", (place, f"h{place}.m{number}.example")) for place in range(10))
    words = " ".join(f"mx:m{number}.example" for number in range(20))
    looked = await walked(f"v=spf1 {words} ~all", more)
    assert looked.cost.lookups == 20
    assert len(looked.server.heard) <= limits.SPF_QUESTIONS
    assert any("not looked at any more" in node.unsure for node in looked.cost.unsure)


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("include:good.example", "leads back to itself"),
        ("include:GOOD.Example.", "leads back to itself"),
        ("include:%{d}", "leads back to itself"),
        ("include:ring1.example", "leads back to itself"),
        ("redirect=good.example", "leads back to itself"),
        ("include:dark.example", "has a mistake"),
        ("include:long.example", "characters long"),
        (f"include:{'x' * 63}.{'y' * 63}.{'z' * 63}.{'w' * 57}.example", "has no SPF record"),
        (f"include:{'%{d}.' * 40}example", "has no SPF record"),
    ],
)
async def test_faults(word: str, fault: str) -> None:
    more: Records = dict(
        [
            listed("ring1.example", "include:ring2.example"),
            listed("ring2.example", "include:ring1.example"),
            listed("dark.example", "a:\x1b[2J\u202e.example"),
            listed("long.example", "ip4:192.0.2.1 " * 4_000),
        ]
    )
    looked = await walked(f"v=spf1 {word}", more)
    assert [fault in node.fault for node in looked.cost.faults] == [True], looked.text
    assert looked.text.isprintable() or set(looked.text) - {"\n"} == {c for c in looked.text if c.isprintable()}


async def test_what_a_macro_makes_of_each_message_is_not_asked_for() -> None:
    looked = await walked("v=spf1 exists:%{i}._spf.%{d} include:%{ir}.%{v}.x.example mx:%{h} ~all")
    assert (looked.cost.lookups, looked.server.heard) == (3, [])


# ---- the same for `ask`, which is handed a hostile record and a hostile sender ----

HUGE = " ".join(f"exists:{'%{l}.' * 48}x{number}.example" for number in range(10))


@pytest.mark.parametrize(
    ("record", "sender", "result"),
    [
        (f"v=spf1 {HUGE} -all", f"{'a.' * 400}a@{HERE}", "permerror"),
        (f"v=spf1 include:{HERE} -all", f"a@{HERE}", "permerror"),
        ("v=spf1 " + "include:i.example " * 3_000, f"a@{HERE}", "permerror"),
        ("v=spf1 \x1b[2J -all", f"a@{HERE}", "permerror"),
        ("v=spf1 a:slow.example -all", f"a@{HERE}", "temperror"),
        ("v=spf1 " + " ".join(f"mx:slow{n}.slow.example" for n in range(10)) + " -all", f"a@{HERE}", "temperror"),
        (f"v=spf1 exists:{'%{d}.' * 40}example -all", f"a@{HERE}", "fail"),
        ("v=spf1 -all", f"a@{'x' * 63}.{'y' * 63}.{'z' * 63}.{'w' * 57}.example", "none"),
        ("v=spf1 -all", "\x1b]52;c;AAAA\x07@\u202e", "none"),
    ],
)
async def test_ask_answers_in_its_time_and_in_few_questions(record: str, sender: str, result: str) -> None:
    async with serving({HERE: (("TXT", record),), **dict([listed("i.example")])}) as (server, port):
        asked = {"id": 1, "kind": "spf", "ip": "192.0.2.9", "helo": "h.example", "sender": sender, "timeout": 2.0}
        began = time.perf_counter()
        told = await asyncio.wait_for(ask(json.dumps({**asked, "resolver": f"127.0.0.1:{port}"})), 20)
        assert told["ok"], told
        assert told["data"] == {"result": result, "explanation": ""}
        assert time.perf_counter() - began < 8
        assert len(server.heard) <= 40


async def test_an_explanation_is_handed_on_as_text_and_nothing_in_it_acts() -> None:
    """Its own words are the domain's; controls make it no explanation at all (section 6.2), markup is only text."""
    markup, control = "[@click=app.quit]see[/] <b>http://x.example/%{l}</b>", "see \x1b[2J"
    world: Records = {
        "one.example": (("TXT", "v=spf1 -all exp=why.one.example"),),
        "why.one.example": (("TXT", markup),),
        "two.example": (("TXT", "v=spf1 -all exp=why.two.example"),),
        "why.two.example": (("TXT", control),),
        "three.example": (("TXT", "v=spf1 -all exp=why.slow.example"),),
    }
    async with serving(world) as (_, port):
        said = []
        for name in ("one", "two", "three"):
            asked = {"id": 1, "kind": "spf", "ip": "192.0.2.9", "sender": f"a@{name}.example", "timeout": 2.0}
            said.append((await ask(json.dumps({**asked, "resolver": f"127.0.0.1:{port}"})))["data"])
    assert said == [
        {"result": "fail", "explanation": "[@click=app.quit]see[/] <b>http://x.example/a</b>"},
        {"result": "fail", "explanation": ""},
        {"result": "fail", "explanation": ""},
    ]
