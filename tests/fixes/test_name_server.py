"""A name server that takes updates and misbehaves: what it says is not believed, what it did is read back and said."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.update
import dns.versioned
import dns.zone
import pytest

from launchready_tui import limits
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import ChangeState, FixProblem, Progress, State
from launchready_tui.fixes.providers import provider
from launchready_tui.fixes.providers.rfc2136 import NameServerPlace
from launchready_tui.model import Fix, RecordSet
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.secret import Secret
from tests.fixes.test_cycle import KEY, NOW, TEXT, ZONE, Notebook

ORIGIN = dns.name.from_text(ZONE)
WANTED = RecordSet(f"old.{ZONE}", "A", ("93.184.215.20",), 60)
Bend = Callable[[dns.message.Message, list[bytes]], list[bytes] | None]


@dataclass
class Bent:
    """The practice name server, with its answers going through `bend`: None breaks the connection off."""

    server: Nameserver
    bend: Bend = lambda request, answers: answers
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0

    async def start(self) -> asyncio.Server:
        listening = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = int(listening.sockets[0].getsockname()[1])
        return listening

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            data = await reader.readexactly(length)
            request = dns.message.from_wire(data, keyring=False)
            kind = request.question[0].rdtype
            self.asked["UPDATE" if request.opcode() == dns.opcode.UPDATE else kind.name] += 1
            for wire in self.bend(request, self.server.replies(data, udp=False)) or ():
                writer.write(struct.pack("!H", len(wire)) + wire)
            await writer.drain()
        except (EOFError, OSError):
            pass  # the asker left
        finally:
            writer.close()


@dataclass
class World:
    bent: Bent
    book: Notebook = field(default_factory=Notebook)

    @property
    def place(self) -> NameServerPlace:
        return NameServerPlace("127.0.0.1", self.bent.port, ZONE, "test-key", Secret(KEY))

    def cycle(self) -> Cycle:
        place = self.place
        return Cycle(lambda kind, name: place, self.book, lambda: NOW, self.book.changes())

    async def apply(self, *wanted: RecordSet) -> Progress:
        cycle = self.cycle()
        plan = await cycle.plan("dns.x.y", "A change", Fix("records", "Do it.", records=wanted))
        return [progress async for progress in cycle.apply(plan, "Ada")][-1]

    def put(self, name: str, type: str, *values: str) -> None:
        """Somebody else's hand."""
        with self.bent.server.zones[ORIGIN].writer() as writer:
            writer.replace(dns.name.from_text(name), dns.rdataset.from_text("IN", type, 300, *values))

    def values(self, name: str, type: str) -> list[str]:
        found = self.bent.server.zones[ORIGIN].get_rdataset(dns.name.from_text(name), type)
        return sorted(rdata.to_text() for rdata in found) if found else []


@pytest.fixture
async def world() -> AsyncIterator[World]:
    key = dns.name.from_text("test-key")
    zone = dns.zone.from_text(TEXT, ORIGIN, relativize=False, zone_factory=dns.versioned.Zone)
    bent = Bent(Nameserver({ORIGIN: zone}, {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)}))
    async with await bent.start():
        yield World(bent)


def no_transfer(request: dns.message.Message, answers: list[bytes]) -> list[bytes]:
    """A server that takes updates and shows nobody its whole zone."""
    if request.question[0].rdtype != dns.rdatatype.AXFR:
        return answers
    refused = dns.message.make_response(request)
    refused.set_rcode(dns.rcode.REFUSED)
    return [refused.to_wire()]


def is_update(request: dns.message.Message) -> bool:
    return isinstance(request, dns.update.UpdateMessage) and bool(request.update)


# ---- what it did is read back ----


async def test_a_change_dropped_without_a_word_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nameserver, "_apply", lambda *given: dns.rcode.NOERROR)
    last = await world.apply(WANTED)
    assert not last.ok
    assert f"took the change, but reading it back shows something else for A old.{ZONE}" in last.text
    assert last.change is not None
    assert (last.change.state, last.change.done) == (ChangeState.FAILED, frozenset())
    assert world.values(f"old.{ZONE}", "A") == ["93.184.215.15"]


async def test_a_change_altered_without_a_word_is_found_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Nameserver._apply

    def altered(server: Nameserver, zone: dns.zone.Zone, request: dns.update.UpdateMessage) -> dns.rcode.Rcode:
        code = original(server, zone, request)
        world.put(f"old.{ZONE}", "A", "93.184.215.21")
        return code

    monkeypatch.setattr(Nameserver, "_apply", altered)
    last = await world.apply(WANTED)
    assert not last.ok
    assert "reading it back shows something else" in last.text


async def test_an_answer_lost_after_the_change_was_made(world: World) -> None:
    world.bent.bend = lambda request, answers: None if is_update(request) else answers
    last = await world.apply(WANTED)
    assert last.ok
    assert last.change is not None
    assert last.change.state is ChangeState.APPLIED
    assert world.values(f"old.{ZONE}", "A") == ["93.184.215.20"]
    undone = [progress async for progress in world.cycle().undo(1, "Ada")][-1]
    assert undone.ok
    assert world.values(f"old.{ZONE}", "A") == ["93.184.215.15"]


async def test_an_answer_lost_and_the_server_with_it(world: World) -> None:
    """Nobody can tell: that is what is said, until it can be read again."""
    lost: list[bool] = []

    def bend(request: dns.message.Message, answers: list[bytes]) -> list[bytes] | None:
        lost.extend([True] if is_update(request) else [])
        return None if lost else answers

    world.bent.bend = bend
    last = await world.apply(WANTED)
    assert not last.ok
    assert "broke off our connection. Whether it made the change is not known yet." in last.text
    assert last.change is not None
    assert last.change.state is ChangeState.INTENDED
    world.bent.bend = lambda request, answers: answers
    again = world.cycle()
    assert "had been made when we were stopped" in (await again.settle())[0]
    assert again.change(1).state is ChangeState.APPLIED


# ---- what it says is not believed ----


def flagged(flag: int, *, on: bool) -> Bend:
    def bend(request: dns.message.Message, answers: list[bytes]) -> list[bytes]:
        if request.opcode() != dns.opcode.QUERY:
            return answers
        words = [struct.unpack("!HH", wire[:4]) for wire in answers]
        bits = [flags | flag if on else flags & ~flag for _, flags in words]
        return [wire[:2] + struct.pack("!H", value) + wire[4:] for wire, value in zip(answers, bits, strict=True)]

    return bend


@pytest.mark.parametrize(
    ("bend", "says"),
    [
        (flagged(dns.flags.TC, on=True), "cut its answer short"),
        (flagged(dns.flags.AA, on=False), "does not hold good.example itself"),
        (lambda request, answers: [b"\0\1" + wire[2:] for wire in answers], "cannot trust or read"),
        (lambda request, answers: [wire[:20] for wire in answers], "cannot trust or read"),
        (lambda request, answers: [], "broke off our connection"),
    ],
    ids=["cut short", "second hand", "another question's", "half", "nothing"],
)
async def test_an_answer_that_cannot_be_used_is_no_record(world: World, bend: Bend, says: str) -> None:
    world.bent.bend = lambda request, answers: bend(request, no_transfer(request, answers))
    with pytest.raises(FixProblem) as caught:
        await world.place.read(f"old.{ZONE}", "A")
    assert says in caught.value.sentence


async def test_a_yes_that_nobody_signed_is_not_believed(world: World) -> None:
    """The server did not even see the update, and somebody on the way says that it did."""

    def bend(request: dns.message.Message, answers: list[bytes]) -> list[bytes]:
        if request.opcode() != dns.opcode.UPDATE:
            return answers
        return [dns.message.make_response(request).to_wire()]

    world.bent.bend = bend
    reach = await world.place.reach()
    assert (reach.read, reach.write) == (None, None)
    assert "cannot trust" in reach.say


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (dns.rcode.NOTAUTH, "is not the primary server"),
        (dns.rcode.NOTIMP, "does not take changes over the network"),
        (dns.rcode.REFUSED, "or it is a secondary server"),
        (dns.rcode.SERVFAIL, "could not make the change (SERVFAIL)"),
    ],
)
async def test_a_refusal_that_is_not_signed_is_told_as_it_is(world: World, code: dns.rcode.Rcode, says: str) -> None:
    def bend(request: dns.message.Message, answers: list[bytes]) -> list[bytes]:
        if request.opcode() != dns.opcode.UPDATE:
            return answers
        refused = dns.message.make_response(request)
        refused.set_rcode(code)
        refused.tsig = None
        return [refused.to_wire()]

    world.bent.bend = bend
    reach = await world.place.reach()
    assert reach.write is False
    assert says in reach.say


async def test_silence_ends_by_its_deadline(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_SECONDS", 0.2)
    still = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await still.wait()
        writer.close()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as listening:
        port = int(listening.sockets[0].getsockname()[1])
        place = NameServerPlace("127.0.0.1", port, ZONE, "test-key", Secret(KEY))
        began = asyncio.get_running_loop().time()
        with pytest.raises(FixProblem, match="did not answer within"):
            await place.read(ZONE, "A")
        assert asyncio.get_running_loop().time() - began < 2
        still.set()


# ---- reading ----


async def test_records_with_ttls_of_their_own_could_not_be_put_back(world: World) -> None:
    def bend(request: dns.message.Message, answers: list[bytes]) -> list[bytes]:
        if request.question[0].rdtype != dns.rdatatype.TXT:
            return no_transfer(request, answers)
        answer = dns.message.from_wire(answers[0], one_rr_per_rrset=True)
        answer.answer[0].ttl = 17
        return [answer.to_wire()]

    world.bent.bend = bend
    with pytest.raises(FixProblem, match="different TTLs"):
        await world.place.read(ZONE, "TXT")


@pytest.mark.parametrize("whole", [True, False], ids=["transfer", "questions"])
async def test_what_a_wildcard_says_is_no_record_of_the_name(world: World, whole: bool) -> None:
    world.put(f"*.{ZONE}", "A", "93.184.215.99")
    world.put(f"real.{ZONE}", "A", "93.184.215.99")
    if not whole:
        world.bent.bend = no_transfer
    assert await world.place.read(f"any.{ZONE}", "A") == State()
    assert await world.place.read(f"deep.any.{ZONE}", "A") == State()
    assert await world.place.read(f"real.{ZONE}", "A") == State(("93.184.215.99",), 300)
    assert await world.place.read(f"*.{ZONE}", "A") == State(("93.184.215.99",), 300)


@pytest.mark.parametrize("whole", [True, False], ids=["transfer", "questions"])
async def test_what_others_hold_is_not_changed_here(world: World, whole: bool) -> None:
    world.put(f"sub.{ZONE}", "NS", "ns.elsewhere.example.")
    if not whole:
        world.bent.bend = no_transfer
    assert await world.place.read(f"sub.{ZONE}", "NS") == State(("ns.elsewhere.example.",), 300)
    for name in (f"sub.{ZONE}", f"www.sub.{ZONE}"):
        with pytest.raises(FixProblem, match="handed to other name servers"):
            await world.apply(RecordSet(name, "TXT", ("x",)))


async def test_what_a_dname_redirects_is_not_changed_here(world: World) -> None:
    world.put(f"moved.{ZONE}", "DNAME", "elsewhere.example.")
    with pytest.raises(FixProblem, match="redirects everything below it"):
        await world.apply(RecordSet(f"www.moved.{ZONE}", "A", ("93.184.215.1",)))


async def test_reading_again_is_looking_again(world: World) -> None:
    place = world.place
    assert (await place.read(f"old.{ZONE}", "A")).values == ("93.184.215.15",)
    world.put(f"old.{ZONE}", "A", "93.184.215.77")
    assert (await place.read(f"old.{ZONE}", "A")).values == ("93.184.215.77",)


async def test_a_zone_without_end_is_not_taken_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZONE_SETS", 5)
    place = world.place
    assert await place.records() is None
    assert await place.count() is None
    assert (await place.read(f"old.{ZONE}", "A")).values == ("93.184.215.15",)  # asked for alone


async def test_many_sets_cost_a_handful_of_questions(world: World) -> None:
    """One transfer for the plan, one to compare, one update, one to read back."""
    wanted = [RecordSet(f"n{n}.{ZONE}", "A", (f"93.184.215.{n}",)) for n in range(50)]
    assert (await world.apply(*wanted)).ok
    assert world.bent.asked == {"AXFR": 3, "UPDATE": 1}


async def test_what_a_signed_zone_holds_by_itself_is_not_counted(world: World) -> None:
    before = await world.place.count()
    world.put(f"old.{ZONE}", "NSEC", f"www.{ZONE}. A RRSIG NSEC")
    records = await world.place.records()
    assert records is not None
    assert await world.place.count() == before == sum(len(one.values) for one in records)
    assert {one.type for one in records} == {"NS", "A", "TXT", "MX"}


async def test_a_set_that_fits_no_message_is_refused_beforehand(world: World) -> None:
    many = tuple(f"{n:03d}" + "x" * 1_000 for n in range(40))
    assert (await world.apply(RecordSet(f"t.{ZONE}", "TXT", many))).ok
    with pytest.raises(FixProblem, match="KB at once"):
        await world.apply(RecordSet(f"t.{ZONE}", "TXT", tuple(value.upper() for value in many), drops=many))
    assert (await world.apply(RecordSet(f"t.{ZONE}", "TXT", many[:20], drops=many[20:]))).ok
    for number in (2, 1):
        assert [progress async for progress in world.cycle().undo(number, "Ada")][-1].ok
    assert world.values(f"t.{ZONE}", "TXT") == []


# ---- connecting ----


def test_what_is_typed_to_connect() -> None:
    opened = provider("rfc2136").open
    given = {"server": " 192.0.2.53 ", "zone": "Good.Example.", "key": "launchready."}
    place = opened(given, Secret(KEY))
    assert isinstance(place, NameServerPlace)
    assert (place.server, place.port, place.zone, place.algorithm) == ("192.0.2.53", 53, ZONE, "hmac-sha256")
    asks = {ask.name: ask.default for ask in provider("rfc2136").asks}
    assert asks["algorithm"] == "hmac-sha256"
    for wrong, says in (
        ({"server": "ns1.good.example"}, "IP address"),
        ({"port": "0"}, "port"),
        ({"port": "many"}, "port"),
        ({"algorithm": "crc32"}, "algorithm is one of hmac-sha256"),
    ):
        with pytest.raises(ValueError, match=says):
            opened({**given, **wrong}, Secret(KEY))
