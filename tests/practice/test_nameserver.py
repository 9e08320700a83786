"""The practice name server, met with dnspython over real sockets; test_nameserver_real.py meets it with dig."""

from __future__ import annotations

import asyncio
import random
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.tsig
import dns.update
import dns.zone
import pytest

from launchready_tui.practice import lookup, nameserver
from launchready_tui.practice.nameserver import Nameserver

PARENT = """
@ 300 IN SOA ns1.good.example. hostmaster.good.example. 1 3600 600 86400 60
@ 300 IN NS ns1.good.example.
good 300 IN NS ns1.good.example.
ns1.good 300 IN A 127.0.0.1
away 300 IN NS ns.away.example.
ns.away 300 IN A 127.0.0.9
"""
CHILD = """
@ 300 IN SOA ns1 hostmaster 7 3600 600 86400 60
@ 300 IN NS ns1
@ 300 IN A 127.0.0.1
@ 300 IN MX 10 mail
@ 300 IN TXT "v=spf1 -all"
ns1 300 IN A 127.0.0.1
mail 300 IN A 127.0.0.2
www 300 IN CNAME @
gone 300 IN CNAME nothing.here
far 300 IN CNAME elsewhere.test.
round 300 IN CNAME about
about 300 IN CNAME round
deep.under 300 IN A 127.0.0.3
*.wild 300 IN A 127.0.0.4
here.wild 300 IN TXT "not the wildcard"
part 300 IN NS ns1.part
ns1.part 300 IN A 127.0.0.5
big 300 IN TXT {big}
""".replace("{big}", " ".join(f'"{"x" * 250}"' for _ in range(8)))

GOOD = dns.name.from_text("good.example.")
KEY = dns.tsig.Key("editor.", "c2VjcmV0IG9mIHRoZSB0ZXN0cw==", "hmac-sha256.")
OTHER = dns.tsig.Key("editor.", "bm90IHRoZSBzYW1lIHNlY3JldA==", "hmac-sha256.")


def zones() -> dict[dns.name.Name, dns.zone.Zone]:
    return {
        dns.name.from_text(origin): dns.zone.from_text(text, origin=origin, relativize=False)
        for origin, text in (("example.", PARENT), ("good.example.", CHILD))
    }


@asynccontextmanager
async def serving(server: Nameserver | None = None) -> AsyncIterator[int]:
    server = server or Nameserver(zones(), {KEY.name: KEY})
    port = await server.start()
    try:
        yield port
    finally:
        await server.aclose()


async def ask(port: int, name: str, rdtype: str, *, tcp: bool = False, edns: bool = True) -> dns.message.Message:
    request = dns.message.make_query(name, rdtype, use_edns=0 if edns else None)
    if tcp:
        return await dns.asyncquery.tcp(request, "127.0.0.1", 3, port)
    return await dns.asyncquery.udp(request, "127.0.0.1", 3, port)


def texts(rrsets: list[object]) -> list[str]:
    return [str(rrset) for rrset in rrsets]


ANSWERS = [
    ("good.example", "A", ["good.example. 300 IN A 127.0.0.1"]),
    ("GOOD.example", "A", ["GOOD.example. 300 IN A 127.0.0.1"]),
    ("www.good.example", "A", ["www.good.example. 300 IN CNAME good.example.", "good.example. 300 IN A 127.0.0.1"]),
    ("www.good.example", "CNAME", ["www.good.example. 300 IN CNAME good.example."]),
    ("any.wild.good.example", "A", ["any.wild.good.example. 300 IN A 127.0.0.4"]),
    ("a.b.wild.good.example", "A", ["a.b.wild.good.example. 300 IN A 127.0.0.4"]),
    ("far.good.example", "A", ["far.good.example. 300 IN CNAME elsewhere.test."]),
]


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(("name", "rdtype", "expected"), ANSWERS)
async def test_answers(name: str, rdtype: str, expected: list[str], tcp: bool) -> None:
    async with serving() as port:
        response = await ask(port, name, rdtype, tcp=tcp)
    assert response.rcode() == dns.rcode.NOERROR
    assert response.flags & dns.flags.AA
    assert response.flags & dns.flags.RA
    assert texts(list(response.answer)) == expected


NEGATIVE = [
    ("good.example", "AAAA", dns.rcode.NOERROR),
    ("under.good.example", "A", dns.rcode.NOERROR),  # only something below it exists
    ("here.wild.good.example", "A", dns.rcode.NOERROR),  # exists, so the wildcard does not stand for it
    ("x.wild.good.example", "MX", dns.rcode.NOERROR),
    ("wild.good.example", "A", dns.rcode.NOERROR),
    ("good.example", "DS", dns.rcode.NOERROR),  # asked of the parent zone
    ("missing.good.example", "A", dns.rcode.NXDOMAIN),
    ("x.deep.under.good.example", "A", dns.rcode.NXDOMAIN),
    ("gone.good.example", "A", dns.rcode.NXDOMAIN),  # behind a CNAME
    ("missing.example", "NS", dns.rcode.NXDOMAIN),
]


@pytest.mark.parametrize(("name", "rdtype", "code"), NEGATIVE)
async def test_denies_with_the_soa(name: str, rdtype: str, code: dns.rcode.Rcode) -> None:
    async with serving() as port:
        response = await ask(port, name, rdtype)
    assert response.rcode() == code
    assert [rrset.rdtype for rrset in response.authority] == [dns.rdatatype.SOA]
    assert response.authority[0].ttl == 60  # the SOA's own minimum, RFC 2308 section 5
    if rdtype == "DS":
        assert response.authority[0].name == dns.name.from_text("example.")


async def test_refers_to_who_is_delegated() -> None:
    async with serving() as port:
        below = await ask(port, "www.part.good.example", "A")
        apart = await ask(port, "away.example", "NS")
    assert not below.flags & dns.flags.AA
    assert not below.answer
    assert texts(list(below.authority)) == ["part.good.example. 300 IN NS ns1.part.good.example."]
    assert texts(list(below.additional)) == ["ns1.part.good.example. 300 IN A 127.0.0.5"]
    assert texts(list(apart.authority)) == ["away.example. 300 IN NS ns.away.example."]
    assert texts(list(apart.additional)) == ["ns.away.example. 300 IN A 127.0.0.9"]


async def test_refuses_what_it_does_not_hold_and_ends_a_circle() -> None:
    async with serving() as port:
        foreign = await ask(port, "www.python.org", "A")
        circle = await ask(port, "round.good.example", "A")
    assert foreign.rcode() == dns.rcode.REFUSED
    assert circle.rcode() == dns.rcode.NOERROR
    assert len(circle.answer) == 2


async def test_truncates_for_udp_and_not_for_tcp() -> None:
    async with serving() as port:
        small = await ask(port, "big.good.example", "TXT", edns=False)
        edns = await ask(port, "big.good.example", "TXT")
        whole = await ask(port, "big.good.example", "TXT", tcp=True)
    assert small.flags & dns.flags.TC
    assert len(small.to_wire()) <= 512
    assert edns.flags & dns.flags.TC
    assert edns.payload == nameserver.UDP_BYTES
    assert not whole.flags & dns.flags.TC
    assert len(b"".join(whole.answer[0][0].strings)) == 2_000


async def test_answers_any_unknown_edns_and_other_opcodes() -> None:
    async with serving() as port:
        everything = await ask(port, "good.example", "ANY", tcp=True)
        late = dns.message.make_query("good.example", "A", use_edns=1)
        late_answer = await dns.asyncquery.udp(late, "127.0.0.1", 3, port)
        notify = dns.message.make_query("good.example", "SOA")
        notify.set_opcode(4)  # type: ignore[arg-type]  # NOTIFY, which this server does not know
        notify_answer = await dns.asyncquery.udp(notify, "127.0.0.1", 3, port)
        chaos = dns.message.make_query("version.bind", "TXT", "CH")
        chaos_answer = await dns.asyncquery.udp(chaos, "127.0.0.1", 3, port)
    assert {rrset.rdtype.name for rrset in everything.answer} == {"SOA", "NS", "A", "MX", "TXT"}
    assert late_answer.rcode() == dns.rcode.BADVERS
    assert notify_answer.rcode() == dns.rcode.NOTIMP
    assert chaos_answer.rcode() == dns.rcode.REFUSED


async def change(port: int, update: dns.update.UpdateMessage) -> dns.message.Message:
    return await dns.asyncquery.tcp(update, "127.0.0.1", 3, port)


def signed() -> dns.update.UpdateMessage:
    return dns.update.UpdateMessage(GOOD, keyring=KEY)


async def test_update_adds_replaces_deletes_and_counts_up() -> None:
    changed: list[dns.zone.Zone] = []
    held = zones()
    async with serving(Nameserver(held, {KEY.name: KEY}, changed.append)) as port:
        update = signed()
        update.add("new", 60, "A", "127.0.0.7")
        update.replace("good.example.", 120, "TXT", '"v=spf1 ~all"')
        update.delete("www")
        assert (await change(port, update)).rcode() == dns.rcode.NOERROR
        assert changed == [held[GOOD]]
        assert texts(list((await ask(port, "new.good.example", "A")).answer)) == ["new.good.example. 60 IN A 127.0.0.7"]
        assert str((await ask(port, "good.example", "TXT")).answer[0]) == 'good.example. 120 IN TXT "v=spf1 ~all"'
        assert (await ask(port, "www.good.example", "A")).rcode() == dns.rcode.NXDOMAIN
        assert (await ask(port, "good.example", "SOA")).answer[0][0].serial == 8
        again = signed()
        again.replace("good.example.", 120, "TXT", '"v=spf1 ~all"')
        await change(port, again)
        assert (await ask(port, "good.example", "SOA")).answer[0][0].serial == 8  # nothing changed


PREREQUISITES = [
    (lambda u: u.present("www"), dns.rcode.NOERROR),
    (lambda u: u.present("nobody"), dns.rcode.NXDOMAIN),
    (lambda u: u.absent("nobody"), dns.rcode.NOERROR),
    (lambda u: u.absent("www"), dns.rcode.YXDOMAIN),
    (lambda u: u.present("mail", "A"), dns.rcode.NOERROR),
    (lambda u: u.present("mail", "AAAA"), dns.rcode.NXRRSET),
    (lambda u: u.absent("mail", "A"), dns.rcode.YXRRSET),
    (lambda u: u.absent("mail", "AAAA"), dns.rcode.NOERROR),
    (lambda u: u.present("mail", "A", "127.0.0.2"), dns.rcode.NOERROR),
    (lambda u: u.present("mail", "A", "127.0.0.3"), dns.rcode.NXRRSET),
    (lambda u: u.present("elsewhere.test.", "A"), dns.rcode.NOTZONE),
]


@pytest.mark.parametrize(("require", "code"), PREREQUISITES)
async def test_update_holds_prerequisites_and_is_all_or_nothing(require: object, code: dns.rcode.Rcode) -> None:
    assert callable(require)
    async with serving() as port:
        update = signed()
        require(update)
        update.add("made", 60, "A", "127.0.0.8")
        assert (await change(port, update)).rcode() == code
        made = await ask(port, "made.good.example", "A")
    assert made.rcode() == (dns.rcode.NOERROR if code == dns.rcode.NOERROR else dns.rcode.NXDOMAIN)


async def test_update_never_breaks_the_zone() -> None:
    async with serving() as port:
        update = signed()
        update.add("mail", 60, "CNAME", "www")  # beside an address: passed over
        update.add("www", 60, "A", "127.0.0.8")  # beside a CNAME: passed over
        update.delete("good.example.", "NS")
        update.delete("good.example.", "SOA")
        update.delete("good.example.", "NS", "ns1.good.example.")
        assert (await change(port, update)).rcode() == dns.rcode.NOERROR
        assert not (await ask(port, "mail.good.example", "CNAME")).answer
        assert (await ask(port, "www.good.example", "CNAME")).answer
        assert (await ask(port, "good.example", "NS")).answer
        gone = signed()
        gone.delete("good.example.")
        await change(port, gone)
        kept = await ask(port, "good.example", "ANY", tcp=True)
        assert {rrset.rdtype.name for rrset in kept.answer} == {"SOA", "NS"}
        newer = signed()
        newer.add("good.example.", 300, "SOA", "ns1.good.example. hostmaster.good.example. 99 1 1 1 1")
        await change(port, newer)
        assert (await ask(port, "good.example", "SOA")).answer[0][0].serial == 99
        stray = signed()
        stray.add("elsewhere.test.", 300, "A", "127.0.0.1")
        assert (await change(port, stray)).rcode() == dns.rcode.NOTZONE


async def test_a_change_that_cannot_be_kept_is_not_served() -> None:
    def full(zone: dns.zone.Zone) -> None:
        raise OSError("no space left")

    async with serving(Nameserver(zones(), {KEY.name: KEY}, full)) as port:
        update = signed()
        update.add("new", 60, "A", "127.0.0.7")
        assert (await change(port, update)).rcode() == dns.rcode.SERVFAIL
        assert (await ask(port, "new.good.example", "A")).rcode() == dns.rcode.NXDOMAIN
        assert (await ask(port, "good.example", "SOA")).answer[0][0].serial == 7


async def test_only_who_signs_may_change_or_copy() -> None:
    async with serving() as port:
        plain = dns.update.UpdateMessage(GOOD)
        plain.add("evil", 60, "A", "127.0.0.6")
        assert (await change(port, plain)).rcode() == dns.rcode.REFUSED
        forged = dns.update.UpdateMessage(GOOD, keyring=OTHER)
        forged.add("evil", 60, "A", "127.0.0.6")
        with pytest.raises(dns.tsig.PeerBadSignature):
            await change(port, forged)
        unknown = dns.update.UpdateMessage(GOOD, keyring=dns.tsig.Key("nobody.", OTHER.secret))
        unknown.add("evil", 60, "A", "127.0.0.6")
        with pytest.raises(dns.tsig.PeerBadKey):
            await change(port, unknown)
        foreign = dns.update.UpdateMessage("elsewhere.test.", keyring=KEY)
        assert (await change(port, foreign)).rcode() == dns.rcode.NOTAUTH
        assert (await ask(port, "evil.good.example", "A")).rcode() == dns.rcode.NXDOMAIN
        copied = dns.message.make_query(GOOD, "AXFR")
        assert (await dns.asyncquery.tcp(copied, "127.0.0.1", 3, port)).rcode() == dns.rcode.REFUSED


async def test_transfers_the_whole_zone_in_several_messages() -> None:
    held = zones()
    with held[GOOD].writer() as writer:
        for number in range(1_000):
            rdata = dns.rdata.from_text("IN", "TXT", f'"host {number}"')
            writer.add(dns.name.from_text(f"host-{number}", GOOD), 60, rdata)
    async with serving(Nameserver(held, {KEY.name: KEY})) as port:
        copy = dns.zone.Zone(GOOD, relativize=False)
        request = dns.message.make_query(GOOD, "AXFR")
        request.use_tsig(KEY)
        await dns.asyncquery.inbound_xfr("127.0.0.1", copy, request, port)
    assert copy == held[GOOD]


async def test_a_misbehaving_server_is_made_by_overriding_answer() -> None:
    class Silent(Nameserver):
        def answer(self, data: bytes, *, udp: bool) -> Iterator[bytes]:
            return iter(()) if udp else super().answer(data, udp=udp)

    class Raising(Nameserver):
        def answer(self, data: bytes, *, udp: bool) -> Iterator[bytes]:
            raise RuntimeError("as a test wants it")

    async with serving(Silent(zones(), {})) as port:
        with pytest.raises(dns.exception.Timeout):
            await dns.asyncquery.udp(dns.message.make_query("good.example", "A"), "127.0.0.1", 0.2, port)
        assert (await ask(port, "good.example", "A", tcp=True)).answer
    async with serving(Raising(zones(), {})) as port:
        assert (await raw(port, dns.message.make_query("good.example", "A").to_wire()))[3] & 0xF == dns.rcode.SERVFAIL


async def raw(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(struct.pack("!H", len(data)) + data)
    try:
        async with asyncio.timeout(3):
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            return await reader.readexactly(length)
    finally:
        writer.close()


async def test_lives_through_two_thousand_random_packets() -> None:
    chance = random.Random(2136)
    update = signed()
    update.add("new", 60, "A", "127.0.0.7")
    seeds = [
        dns.message.make_query("www.good.example", "A").to_wire(),
        dns.message.make_query("good.example", "ANY", use_edns=0, payload=4096).to_wire(),
        dns.message.make_query(GOOD, "AXFR").to_wire(),
        update.to_wire(),
    ]
    read: asyncio.Queue[bytes] = asyncio.Queue()

    class Counting(Nameserver):
        def replies(self, data: bytes, *, udp: bool) -> list[bytes]:
            if udp:
                read.put_nowait(data)
            return super().replies(data, udp=udp)

    server = Counting(zones(), {KEY.name: KEY})
    raised: list[bytes] = []
    async with serving(server) as port:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("127.0.0.1", port))
        for number in range(2_000):
            packet = bytearray(chance.choice(seeds) if number % 2 else chance.randbytes(chance.randrange(300)))
            for _ in range(chance.randrange(1, 6)):
                if packet:
                    packet[chance.randrange(len(packet))] = chance.randrange(256)
            if chance.random() < 0.2:
                del packet[chance.randrange(len(packet) + 1) :]
            try:
                list(server.answer(bytes(packet), udp=bool(number % 3)))
            except Exception:
                raised.append(bytes(packet))
            packet = packet or bytearray(1)  # asyncio sends no empty datagram
            transport.sendto(bytes(packet))
            async with asyncio.timeout(3):
                assert await read.get() == bytes(packet)
            if not number % 100:
                assert (await ask(port, "good.example", "A", tcp=True)).answer
        transport.close()
        assert (await ask(port, "good.example", "A")).answer
    assert not raised


async def test_ends_every_connection_when_closed() -> None:
    server = Nameserver(zones(), {})
    port = await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(struct.pack("!H", 40))
    await ask(port, "good.example", "A", tcp=True)  # by now the half message is being waited for
    await server.aclose()
    async with asyncio.timeout(3):
        assert await reader.read() == b""
    writer.close()
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", port)


def test_a_zone_of_relative_names_is_refused() -> None:
    with pytest.raises(ValueError, match="relativize=False"):
        Nameserver({GOOD: dns.zone.from_text(CHILD, origin=GOOD)}, {})


def test_a_ds_record_is_looked_for_one_cut_up_and_no_further() -> None:
    names = [dns.name.from_text(text) for text in (".", "example.", "good.example.")]
    start = "@ 60 IN SOA ns. host. 1 3600 600 604800 60\n@ 60 IN NS ns.\n"
    held = {name: dns.zone.from_text(start, origin=name, relativize=False, check_origin=False) for name in names}
    assert lookup.zone_of(held, names[2], dns.rdatatype.DS) is held[names[1]]
    assert lookup.zone_of(held, names[1], dns.rdatatype.DS) is held[names[0]]
    assert lookup.zone_of(held, names[0], dns.rdatatype.DS) is held[names[0]]
    assert lookup.zone_of(held, names[2], dns.rdatatype.SOA) is held[names[2]]
