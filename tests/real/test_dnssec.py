"""DNSSEC for real: Knot signs, unbound checks from a root of our own down; zones are broken as they break outside."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dns.dnssec
import dns.dnssectypes
import dns.name
import dns.rdatatype
import dns.zone
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec

from launchready_tui.engine import Context, judge
from launchready_tui.model import Finding, Severity, Status
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from tests.real.servers import binary, free_port, require, running
from tests.real.test_knot import serves
from tests.world import CannedWeb, by_id

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("knot"),
    pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 answers on Linux alone"),
]

RESOLVER, FIRST, SECOND, ABOVE = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
ZONE = (
    "@ 60 IN SOA ns1.{zone}. host.{zone}. 1 3600 600 604800 60\n@ 60 IN NS ns1.{zone}.\n@ 60 IN NS ns2.{zone}.\n"
    f"ns1 60 IN A {FIRST}\nns2 60 IN A {SECOND}\n@ 60 IN A 127.0.0.9\nwww 60 IN CNAME {{zone}}.\n"
)
SIGNED, UNSIGNED, WRONG, LEFT, EXPIRED = (
    f"{label}.example" for label in ("signed", "unsigned", "wrong", "left", "expired")
)
SIGNS = (SIGNED, WRONG)  # by Knot; the signatures of EXPIRED ran out days ago (unbound takes clocks that are a day off)
ROOT = "@ 60 IN SOA a.root. host.root. 1 3600 600 604800 60\n@ 60 IN NS a.root.\na.root. 60 IN A {at}\n"
EXAMPLE = (
    "@ 60 IN SOA ns.example. host.example. 1 3600 600 604800 60\n@ 60 IN NS ns.example.\nns.example. 60 IN A {at}\n"
)


def config(folder: Path, listen: Sequence[str], port: int, zones: Mapping[str, str], signs: Sequence[str]) -> Path:
    """Knot's folder with its zones; those in `signs` are signed by it, with a key that `keys` makes beforehand."""
    (folder / "db").mkdir(parents=True)
    where = ", ".join(f"{address}@{port}" for address in listen)
    lines = [
        f"server:\n  rundir: {folder}\n  listen: [{where}]\n  udp-workers: 1\n  tcp-workers: 1",
        f"database:\n  storage: {folder}/db\nlog:\n  - target: stderr\n    any: warning",
        "policy:\n  - id: ours\n    manual: on\n    single-type-signing: on\nzone:",
    ]
    for zone, text in zones.items():
        file = folder / f"{zone.strip('.') or 'root'}.zone"
        file.write_text(f"$ORIGIN {zone.rstrip('.')}.\n{text}")
        lines.append(f"  - domain: {zone}\n    file: {file}\n    zonefile-sync: -1\n    journal-content: none")
        if zone in signs:
            lines.append("    dnssec-signing: on\n    dnssec-policy: ours\n    zonefile-load: whole")
    path = folder / "knot.conf"
    path.write_text("\n".join(lines) + "\n")
    return path


async def keymgr(conf: Path, *words: str) -> str:
    program = await asyncio.create_subprocess_exec(
        binary("keymgr") or "keymgr", "-c", str(conf), *words, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await program.communicate()
    assert program.returncode == 0, words
    return out.decode()


async def make_key(conf: Path, zone: str) -> str:
    """A new key for a zone of this Knot. Returns its DS value (SHA-256)."""
    await keymgr(conf, f"{zone.rstrip('.')}.", "generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes")
    told = (await keymgr(conf, f"{zone.rstrip('.')}.", "ds")).splitlines()
    return next(line.partition(" DS ")[2] for line in told if line.split()[-2] == "2")


def expired() -> tuple[str, str]:
    """The zone EXPIRED with signatures that ran out five days ago, and its DS value."""
    origin = dns.name.from_text(EXPIRED)
    zone = dns.zone.from_text(ZONE.format(zone=EXPIRED), origin=origin, relativize=False)
    private = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), dns.dnssectypes.Algorithm.ECDSAP256SHA256, 257)
    now = dt.datetime.now(dt.UTC)
    dns.dnssec.sign_zone(
        zone, keys=[(private, key)], inception=now - dt.timedelta(days=30), expiration=now - dt.timedelta(days=5)
    )
    return zone.to_text(relativize=False), dns.dnssec.make_ds(origin, key, "SHA256").to_text()


UNBOUND = """
server:
  interface: {address}
  port: {port}
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  do-not-query-localhost: no
  do-ip6: no
  ede: yes
  access-control: 127.0.0.0/8 allow
  module-config: "{modules}"
{anchor}
remote-control:
  control-enable: no
{stubs}"""


@asynccontextmanager
async def unbound(
    folder: Path, port: int, stubs: Mapping[str, tuple[str, ...]], anchor: str | None
) -> AsyncIterator[None]:
    """A resolver that finds each of `stubs` at these ADDRESS@PORT; it checks signatures where it has an anchor."""
    folder.mkdir()
    text = UNBOUND.format(
        address=RESOLVER,
        port=port,
        folder=folder,
        modules="validator iterator" if anchor else "iterator",
        anchor=f'  trust-anchor: "{anchor}"' if anchor else "",
        stubs="".join(
            f'stub-zone:\n  name: "{zone}"\n' + "".join(f"  stub-addr: {place}\n" for place in places)
            for zone, places in stubs.items()
        ),
    )
    (folder / "unbound.conf").write_text(text)
    async with running(["unbound", "-d", "-c", str(folder / "unbound.conf")], ready=(RESOLVER, port), cwd=folder):
        yield


@dataclass(frozen=True)
class World:
    """`checking` are resolvers that check signatures, `plain` is one that does not; `port` is every name server's."""

    port: int
    checking: tuple[int, int]
    plain: int

    async def look(self, domain: str, *resolvers: int) -> Finding:
        where = tuple((RESOLVER, port) for port in resolvers or (*self.checking, self.plain))
        project = Project(domain, network=Network(where, self.port, private=True))
        source = Dns(project, Gate(project))
        try:
            finding = await judge(by_id("dns.dnssec.sane"), Context(project, source, CannedWeb({})))
            assert len(source.asked) == len(set(source.asked))
            return finding
        finally:
            await source.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A signed root, a signed zone "example", and the zones below it; three resolvers that know where they are."""
    require("knotd", "keymgr", "unbound")
    top = tmp_path_factory.mktemp("dnssec")
    port = free_port()
    broken, broken_ds = expired()
    below = {zone: ZONE.format(zone=zone) for zone in (SIGNED, UNSIGNED, WRONG, LEFT)}
    ours = config(top / "ours", (FIRST, SECOND), port, {**below, EXPIRED: broken}, SIGNS)
    vouched = {zone: await make_key(ours, zone) for zone in SIGNS}
    # The registry vouches for the key of another zone, and for one that nobody signs with any more.
    vouched |= {WRONG: vouched[SIGNED], LEFT: vouched[SIGNED], EXPIRED: broken_ds}
    example = EXAMPLE.format(at=ABOVE)
    for zone in (*below, EXPIRED):
        example += f"{zone}. 60 IN NS ns1.{zone}.\n{zone}. 60 IN NS ns2.{zone}.\n"
        example += f"ns1.{zone}. 60 IN A {FIRST}\nns2.{zone}. 60 IN A {SECOND}\n"
        example += f"{zone}. 60 IN DS {vouched[zone]}\n" if zone in vouched else ""
    above = config(top / "above", (ABOVE,), port, {".": "", "example": example}, (".", "example"))
    anchors = {zone: await make_key(above, zone) for zone in (".", "example")}
    (top / "above/root.zone").write_text(
        f"$ORIGIN .\n{ROOT.format(at=ABOVE)}example. 60 IN NS ns.example.\nns.example. 60 IN A {ABOVE}\n"
        f"example. 60 IN DS {anchors['example']}\n"
    )
    stubs: dict[str, tuple[str, ...]] = dict.fromkeys((*below, EXPIRED), (f"{FIRST}@{port}", f"{SECOND}@{port}"))
    stubs |= dict.fromkeys((".", "example"), (f"{ABOVE}@{port}",))
    anchor = f". DS {anchors['.']}"
    ports = [free_port() for _ in range(3)]
    async with AsyncExitStack() as stack:
        for conf, address, zones in ((ours, FIRST, [*below, EXPIRED]), (above, ABOVE, ["example"])):
            ready = partial(serves, address, port, zones)
            await stack.enter_async_context(running(["knotd", "-c", str(conf)], ready=ready, cwd=conf.parent))
        for number, at in enumerate(ports):
            checks = anchor if number < 2 else None
            await stack.enter_async_context(unbound(top / f"unbound{number}", at, stubs, checks))
        yield World(port, (ports[0], ports[1]), ports[2])


@pytest.mark.asyncio(loop_scope="module")
async def test_signed_and_right(world: World) -> None:
    finding = await world.look(SIGNED)
    assert finding.status is Status.PASS, finding
    assert finding.saw.startswith(f"{SIGNED} is signed (DNSSEC)")


@pytest.mark.asyncio(loop_scope="module")
async def test_not_signed(world: World) -> None:
    finding = await world.look(UNSIGNED)
    assert finding.status is Status.PASS, finding
    assert "not signed" in finding.saw


@pytest.mark.asyncio(loop_scope="module")
async def test_signatures_that_ran_out(world: World) -> None:
    """SERVFAIL that goes away with CD, while the keys are the right ones."""
    finding = await world.look(EXPIRED)
    assert (finding.status, finding.severity) == (Status.FAIL, Severity.CRITICAL), finding
    assert "broken" in finding.saw
    told = [line.text for line in finding.evidence if line.source.startswith("SOA")]
    assert ["it answered SERVFAIL" in text and "without checking: " in text for text in told] == [True, True, False]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("zone", "says"), [(WRONG, "sign with another key"), (LEFT, "do not sign")])
async def test_a_key_at_the_registry_that_does_not_fit(world: World, zone: str, says: str) -> None:
    finding = await world.look(zone)
    assert (finding.status, finding.severity) == (Status.FAIL, Severity.CRITICAL), finding
    assert says in finding.saw
    assert any("without checking" in line.text for line in finding.evidence)
    # Seen too by who asks resolvers that do not check at all.
    assert (await world.look(zone, world.plain)).status is Status.FAIL


@pytest.mark.asyncio(loop_scope="module")
async def test_a_resolver_that_does_not_check_does_not_count(world: World) -> None:
    assert (await world.look(SIGNED, world.plain)).status is Status.UNKNOWN
    assert (await world.look(SIGNED, world.checking[0], world.plain)).status is Status.UNKNOWN
    assert (await world.look(SIGNED, *world.checking)).status is Status.PASS
    assert (await world.look(SIGNED, world.checking[0])).status is Status.PASS
    assert (await world.look(UNSIGNED, world.plain)).status is Status.PASS
