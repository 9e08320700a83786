"""Fix and undo against Knot by signed updates (RFC 2136), of a plain zone and of one that the server signs."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import dns.dnssec
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.tsig
import dns.zone
import pytest
from dns.rdtypes.ANY.TXT import TXT

from launchready_tui.fixes.model import Moved
from launchready_tui.fixes.providers.rfc2136 import NameServerPlace
from launchready_tui.model import RecordSet
from launchready_tui.secret import Secret
from tests.real.changes import (
    CASES,
    NEW,
    REFUSED,
    RIGHT,
    TEXT,
    ZONE,
    Ground,
    fixed_and_undone,
    generated_hold,
    refused,
    right_on_the_wire,
    sets_of,
    wire,
)
from tests.real.servers import binary, free_port, require, running
from tests.real.test_knot import serves

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("knot"),
    pytest.mark.skipif(sys.platform == "win32", reason="Debian's servers are needed"),
]

# One secret for each way to sign: "made for a test only" in base64.
SECRET = "bWFkZSBmb3IgYSB0ZXN0IG9ubHk="
READER = {dns.name.from_text("reader"): dns.tsig.Key("reader", SECRET, dns.tsig.HMAC_SHA256)}
ALGORITHMS = ("hmac-sha256", "hmac-sha512", "hmac-sha384", "hmac-sha224", "hmac-sha1", "hmac-md5")


@asynccontextmanager
async def knot(folder: Path, *zone: str, transfer: bool = True) -> AsyncIterator[int]:
    """Knot that takes updates of the zone; `zone` are further settings of it."""
    require("knotd")
    port = free_port()
    (folder / "db").mkdir()
    (folder / "zone").write_text(f"$ORIGIN {ZONE}.\n{TEXT}")
    keys = "".join(f"  - id: {one}\n    algorithm: {one}\n    secret: {SECRET}\n" for one in ALGORITHMS)
    keys += f"  - id: reader\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
    lines = "".join(f"    {line}\n" for line in zone)
    actions = "[update, transfer]" if transfer else "[update]"
    (folder / "knot.conf").write_text(
        f"server:\n  rundir: {folder}\n  listen: 127.0.0.1@{port}\n  udp-workers: 1\n  tcp-workers: 1\n"
        f"database:\n  storage: {folder}/db\nlog:\n  - target: stderr\n    any: warning\nkey:\n{keys}"
        f"policy:\n  - id: signed\n    algorithm: ecdsap256sha256\n"
        f"acl:\n  - id: keys\n    key: [{', '.join(ALGORITHMS)}]\n    action: {actions}\n"
        "  - id: reads\n    key: reader\n    action: transfer\n"
        f"zone:\n  - domain: {ZONE}\n    file: {folder}/zone\n    zonefile-sync: -1\n    zonefile-load: whole\n"
        f"    journal-content: changes\n    acl: [keys, reads]\n{lines}"
    )
    ready = partial(serves, "127.0.0.1", port, [ZONE])
    async with running(["knotd", "-c", str(folder / "knot.conf")], ready=ready, cwd=folder):
        yield port


def place(
    port: int, *, key: str = "hmac-sha256", algorithm: str = "hmac-sha256", secret: str = SECRET
) -> NameServerPlace:
    return NameServerPlace("127.0.0.1", port, ZONE, key, Secret(secret), algorithm)


@pytest.fixture(params=["plain", "signed", "no transfer"])
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    more = ("dnssec-signing: on", "dnssec-policy: signed") if request.param == "signed" else ()
    async with knot(tmp_path, *more, transfer=request.param != "no transfer") as port:
        yield Ground(place(port), port, keyring=READER)


async def test_every_type_is_fixed_and_undone(ground: Ground) -> None:
    for type in NEW:
        for wanted in sets_of(type).values():
            await fixed_and_undone(ground, wanted)


async def test_many_sets_at_once(ground: Ground) -> None:
    await fixed_and_undone(ground, *(sets_of(type)["changed"] for type in NEW), *(sets_of(type)["new"] for type in NEW))
    assert len(ground.book.lines) == 4  # intended, applied; undoing, undone


async def test_what_has_to_go_for_an_alias_comes_back(ground: Ground, request: pytest.FixtureRequest) -> None:
    await fixed_and_undone(ground, RecordSet(f"a.{ZONE}", "CNAME", ("mail.good.example.",)))
    await fixed_and_undone(ground, RecordSet(f"mx.{ZONE}", "CNAME", ("mail.good.example.",)))
    await fixed_and_undone(ground, RecordSet(f"cname.{ZONE}", "TXT", ("beside",)))
    handed = RecordSet(f"sub.{ZONE}", "CNAME", ("mail.good.example.",))
    if request.node.callspec.id == "no transfer":  # what is hidden there cannot be seen
        await refused(ground, handed, "handed to other name servers")
    else:
        await fixed_and_undone(ground, handed)


@pytest.mark.parametrize(
    "names",
    [("ns1", "ns3"), ("ns3",), ("ns1", "ns2", "ns3")],
    ids=["one of two", "both", "one more"],
)
async def test_the_name_servers_of_the_zone_itself(ground: Ground, names: tuple[str, ...]) -> None:
    """Deleting a zone's whole NS set is passed over in silence (RFC 2136 section 3.4.2.4)."""
    await fixed_and_undone(ground, RecordSet(ZONE, "NS", tuple(f"{name}.{ZONE}." for name in names), 600))


async def test_a_name_server_without_an_address_is_refused(ground: Ground) -> None:
    await refused(ground, RecordSet(ZONE, "NS", (f"ns1.{ZONE}.", f"nowhere.deep.{ZONE}.")), "no address")


async def test_hostile_edits_are_right_on_the_wire(ground: Ground) -> None:
    for typed, there in RIGHT.values():
        await right_on_the_wire(ground, typed, there)


async def test_another_tool_sees_the_same_text(tmp_path: Path) -> None:
    """Knot's own kdig, which shares no code with us."""
    require("kdig")
    async with knot(tmp_path) as port:
        ground = Ground(place(port), port, keyring=READER)
        for wanted in (typed for typed, _ in RIGHT.values() if typed.type == "TXT" and len(typed.values) == 1):
            await ground.apply(await ground.plan(wanted))
            argv = ["@127.0.0.1", "-p", str(port), "+tcp", "+short", "TXT", wanted.name]
            process = await asyncio.create_subprocess_exec(binary("kdig") or "", *argv, stdout=asyncio.subprocess.PIPE)
            said, _ = await process.communicate()
            seen = dns.rdata.from_text("IN", "TXT", said.decode().strip())
            assert isinstance(seen, TXT)
            assert b"".join(seen.strings) == wanted.values[0].encode()
            await ground.undo()


async def test_what_could_not_be_is_refused_beforehand(ground: Ground) -> None:
    for typed, words in REFUSED.values():
        await refused(ground, typed, words)
    await refused(ground, CASES, "upper and lower case alone")


def test_sets_that_nobody_thought_of(tmp_path: Path) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Ground]:
        async with knot(tmp_path) as port:
            yield Ground(place(port), port, keyring=READER)

    generated_hold(opened())


def signed_right(zone: dns.zone.Zone) -> None:
    """Every set of the zone has a signature that holds, and each NSEC leads to the next name (RFC 4035 section 2)."""
    origin = dns.name.from_text(ZONE)
    keys: dict[dns.name.Name, dns.node.Node | dns.rdataset.Rdataset] = {origin: zone.find_rdataset(origin, "DNSKEY")}
    cuts = {name for name, _ in zone.iterate_rdatasets("NS")} - {origin}
    chain = {}
    for name, node in zone.nodes.items():
        if any(name != cut and name.is_subdomain(cut) for cut in cuts):
            continue  # glue
        for rdataset in node:
            if rdataset.rdtype == dns.rdatatype.RRSIG or (name in cuts and rdataset.rdtype.name not in ("DS", "NSEC")):
                continue
            signatures = node.find_rdataset(dns.rdataclass.IN, dns.rdatatype.RRSIG, rdataset.rdtype)
            dns.dnssec.validate((name, rdataset), (name, signatures), keys)
            if rdataset.rdtype == dns.rdatatype.NSEC:
                chain[name] = rdataset[0].next
    there = sorted(chain)
    assert [chain[name] for name in there] == [*there[1:], there[0]]


async def test_a_signed_zone_stays_signed_right(tmp_path: Path) -> None:
    async with knot(tmp_path, "dnssec-signing: on", "dnssec-policy: signed") as port:
        ground = Ground(place(port), port, keyring=READER)
        signed_right(await ground.zone())
        alias = RecordSet(f"a.{ZONE}", "CNAME", ("mail.good.example.",))
        for wanted in (alias, sets_of("NS")["gone"], sets_of("NS")["new"], sets_of("TXT")["changed"]):
            await ground.apply(await ground.plan(wanted))
            signed_right(await ground.zone())
            await ground.undo()
            signed_right(await ground.zone())


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_every_way_to_sign(tmp_path: Path, algorithm: str) -> None:
    async with knot(tmp_path) as port:
        ground = Ground(place(port, key=algorithm, algorithm=algorithm), port, keyring=READER)
        assert (await ground.place.reach()).write
        await fixed_and_undone(ground, sets_of("TXT")["new"])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key": "nobody"}, "does not know the key nobody"),
        ({"algorithm": "hmac-sha512"}, "does not know the key hmac-sha256 with hmac-sha512"),
        ({"secret": "d3Jvbmc="}, "with another secret"),
        ({"key": "reader"}, "does not let it change"),
    ],
    ids=["unknown key", "another algorithm", "another secret", "a key that may only read"],
)
async def test_a_key_that_will_not_do_changes_nothing_and_is_said(
    tmp_path: Path, wrong: dict[str, str], says: str
) -> None:
    async with knot(tmp_path) as port:
        ground = Ground(place(port, **wrong), port, keyring=READER)
        before = await ground.held()
        reach = await ground.place.reach()
        assert not reach.write
        assert says in reach.say
        last = [progress async for progress in ground.cycle().apply(await ground.plan(sets_of("A")["changed"]), "Ada")][
            -1
        ]
        assert not last.ok
        assert says in last.text
        assert "Nothing was changed" in last.text
        assert await ground.held() == before


async def test_a_clock_that_is_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with knot(tmp_path) as port:
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now - 3_600)
        reach = await place(port).reach()
        assert "more than 5 minutes apart (BADTIME)" in reach.say


async def test_a_secondary_is_said(tmp_path: Path) -> None:
    """It shows the zone to whoever may see it, and takes no change."""
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    async with knot(tmp_path / "first") as port:
        second = free_port()
        folder = tmp_path / "second"
        (folder / "db").mkdir()
        (folder / "knot.conf").write_text(
            f"server:\n  rundir: {folder}\n  listen: 127.0.0.1@{second}\n  udp-workers: 1\n  tcp-workers: 1\n"
            f"database:\n  storage: {folder}/db\n"
            f"key:\n  - id: reader\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
            f"remote:\n  - id: first\n    address: 127.0.0.1@{port}\n    key: reader\n"
            "acl:\n  - id: reads\n    key: reader\n    action: transfer\n"
            f"zone:\n  - domain: {ZONE}\n    master: first\n    zonefile-sync: -1\n    acl: reads\n"
        )
        ready = partial(serves, "127.0.0.1", second, [ZONE])
        async with running(["knotd", "-c", str(folder / "knot.conf")], ready=ready, cwd=folder):
            ground = Ground(place(second, key="reader"), second, keyring=READER)
            reach = await ground.place.reach()
            assert not reach.write
            assert "does not let it change good.example" in reach.say
            changed = sets_of("A")["changed"]
            last = [progress async for progress in ground.cycle().apply(await ground.plan(changed), "Ada")][-1]
            assert not last.ok
            assert "Nothing was changed" in last.text


async def test_somebody_else_in_the_middle_is_noticed_by_the_server(ground: Ground) -> None:
    """Values are compared (RFC 2136 section 2.4.2), TTLs are not."""
    plan = await ground.plan(sets_of("MX")["changed"])
    await ground.apply(await ground.plan(RecordSet(f"mx.{ZONE}", "MX", ("5 other.example.",))))
    before = await ground.held()
    with pytest.raises(Moved):
        await ground.place.write(plan.steps)
    assert await ground.held() == before
    await ground.undo()
    await ground.apply(await ground.plan(sets_of("MX")["retimed"]))
    await ground.place.write(plan.steps)
    assert await ground.asked(f"mx.{ZONE}", "MX") == wire("MX", *NEW["MX"])
