"""The DNS checks against Knot: a zone above, two name servers for the zones below it, and a fourth for the resolver."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import pytest

from launchready_tui.answers import Answer, Answers
from launchready_tui.engine import Context, judge
from launchready_tui.model import Finding, RecordSet, Status
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.transparency import Log, Logged
from tests.real.servers import free_port, require, running
from tests.world import CannedLog, CannedWeb, by_id

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("knot"),
    pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 answers on Linux alone"),
]

RESOLVER, FIRST, SECOND, ABOVE = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
SOA = "@ 60 IN SOA ns1.{zone}. host.{zone}. 1 3600 600 604800 60\n"
TWO = "@ 60 IN NS ns1.{zone}.\n@ 60 IN NS ns2.{zone}.\n"
GLUE = f"ns1 60 IN A {FIRST}\nns2 60 IN A {SECOND}\n"
MAIL = "@ 60 IN MX 10 mail.{zone}.\nmail 60 IN A 127.0.0.9\n"
APEX = "@ 60 IN A 127.0.0.9\n"
WWW = "www 60 IN CNAME {zone}.\n"
SOUND = SOA + TWO + GLUE + MAIL + APEX

ZONES = {
    "sound.example": SOUND + WWW + "app 60 IN A 127.0.0.9\n",
    "lame.example": SOUND + WWW,
    "nowww.example": SOUND,
    "dangling.example": SOUND + WWW + "docs 60 IN CNAME gone.elsewhere.example.\n",
    "mismatch.example": SOUND.replace("@ 60 IN NS ns2.{zone}.\n", "@ 60 IN NS ns3.{zone}.\n")
    + WWW
    + "ns3 60 IN A 127.0.0.3\n",
    "mxalias.example": SOUND.replace("MX 10 mail", "MX 10 mx") + WWW + "mx 60 IN CNAME mail.{zone}.\n",
    "noapex.example": SOA + TWO + GLUE + MAIL + "www 60 IN A 127.0.0.9\n",
    "wild.example": SOUND + WWW + "* 60 IN A 127.0.0.9\nown 60 IN A 127.0.0.7\n*.deep 60 IN A 127.0.0.8\n",
    "many.example": SOUND + WWW + "".join(f"app 60 IN A 127.0.1.{n}\n" for n in range(1, 101)),
}
# The second server does not know this one: it answers REFUSED.
NOT_AT_SECOND = "lame.example"


def below(zone: str) -> str:
    """What the zone above holds of `zone`: its delegation with glue."""
    label = zone.partition(".")[0]
    return (
        f"{label} 60 IN NS ns1.{zone}.\n{label} 60 IN NS ns2.{zone}.\n"
        f"ns1.{label} 60 IN A {FIRST}\nns2.{label} 60 IN A {SECOND}\n"
    )


EXAMPLE = (
    "@ 60 IN SOA ns.example. host.example. 1 3600 600 604800 60\n"
    f"@ 60 IN NS ns.example.\nns 60 IN A {ABOVE}\nelsewhere 60 IN TXT here\n" + "".join(map(below, ZONES))
)


async def serves(address: str, port: int, zones: list[str]) -> bool:
    """True when the server at `address` has loaded all of `zones`."""
    for zone in zones:
        try:
            asking = dns.message.make_query(f"{zone}.", "SOA")
            answer = await dns.asyncquery.udp(asking, address, timeout=0.1, port=port)
        except (OSError, dns.exception.DNSException):
            return False
        if answer.rcode() != dns.rcode.NOERROR or not answer.answer:
            return False
    return True


@asynccontextmanager
async def knot(folder: Path, address: str, port: int, zones: Mapping[str, str]) -> AsyncIterator[None]:
    """Knot with these zones, in a folder of its own."""
    folder.mkdir()
    config = [
        f"server:\n  rundir: {folder}\n  listen: {address}@{port}\n  udp-workers: 1\n  tcp-workers: 1",
        f"database:\n  storage: {folder}/db\nlog:\n  - target: stderr\n    any: warning\nzone:",
    ]
    for zone, text in zones.items():
        file = folder / f"{zone}.zone"
        file.write_text(f"$ORIGIN {zone}.\n" + text.replace("{zone}", zone))
        config.append(f"  - domain: {zone}\n    file: {file}\n    zonefile-sync: -1\n    journal-content: none")
    (folder / "knot.conf").write_text("\n".join(config) + "\n")
    ready = partial(serves, address, port, list(zones))
    async with running(["knotd", "-c", str(folder / "knot.conf")], ready=ready, cwd=folder):
        yield


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """Four servers on one port of four addresses."""
    require("knotd")
    number = free_port()
    second = {zone: text for zone, text in ZONES.items() if zone != NOT_AT_SECOND}
    async with AsyncExitStack() as stack:
        for name, address, zones in (
            ("resolver", RESOLVER, {"example": EXAMPLE, **ZONES}),
            ("first", FIRST, ZONES),
            ("second", SECOND, second),
            ("above", ABOVE, {"example": EXAMPLE}),
        ):
            await stack.enter_async_context(knot(tmp_path / name, address, number, zones))
        yield number


async def look(
    port: int,
    domain: str,
    *ids: str,
    subs: tuple[str, ...] = (),
    logged: Log | None = None,
    said: tuple[Answer, ...] = (),
) -> dict[str, Finding]:
    """The findings of these checks, all of one run. Nothing listens for the web there, which is a fact too."""
    project = Project(domain, subs=subs, network=Network(((RESOLVER, port),), port, private=True))
    source = Dns(project, Gate(project))
    try:
        context = Context(project, source, CannedWeb({}), Answers(said), CannedLog(logged or Log(domain)))
        findings = {id: await judge(by_id(id), context) for id in ids}
        assert len(source.asked) == len(set(source.asked))
        return findings
    finally:
        await source.aclose()


RECORDS = ("dns.ns.healthy", "dns.apex.resolves", "dns.www.resolves", "dns.cname.dangling", "dns.records.legal")
EXPECTED: dict[str, dict[str, Status]] = {
    "sound.example": {},
    "lame.example": {"dns.ns.healthy": Status.FAIL},
    "nowww.example": {"dns.www.resolves": Status.FAIL},
    "dangling.example": {"dns.cname.dangling": Status.FAIL},
    "mismatch.example": {"dns.ns.healthy": Status.WARN},
    "mxalias.example": {"dns.records.legal": Status.FAIL},
    "noapex.example": {"dns.apex.resolves": Status.FAIL},
    "many.example": {},
}


async def test_verdicts(port: int) -> None:
    for domain, others in EXPECTED.items():
        subs = {"sound.example": ("app",), "dangling.example": ("docs",), "many.example": ("app",)}.get(domain, ())
        findings = await look(port, domain, *RECORDS, subs=subs)
        expected = {id: others.get(id, Status.PASS) for id in RECORDS}
        assert {id: finding.status for id, finding in findings.items()} == expected, (domain, findings)


async def test_words_and_records(port: int) -> None:
    lame = (await look(port, "lame.example", "dns.ns.healthy"))["dns.ns.healthy"]
    assert "ns2.lame.example does not serve it (it answered REFUSED)" in lame.saw
    assert lame.evidence[0].source == f"NS lame.example at ns.example ({ABOVE})"

    mismatch = (await look(port, "mismatch.example", "dns.ns.healthy"))["dns.ns.healthy"]
    assert "only the registry lists ns2.mismatch.example" in mismatch.saw
    assert "lists ns3.mismatch.example" in mismatch.saw

    www = (await look(port, "nowww.example", "dns.www.resolves"))["dns.www.resolves"]
    assert www.fix is not None
    assert www.fix.records == (RecordSet("www.nowww.example", "CNAME", ("nowww.example.",)),)

    dangling = (await look(port, "dangling.example", "dns.cname.dangling", subs=("docs",)))["dns.cname.dangling"]
    assert "docs.dangling.example points at gone.elsewhere.example, which does not exist" in dangling.saw

    alias = (await look(port, "mxalias.example", "dns.records.legal"))["dns.records.legal"]
    assert alias.fix is not None
    assert alias.fix.records == (RecordSet("mxalias.example", "MX", ("10 mail.mxalias.example.",)),)

    missing = (await look(port, "noapex.example", "dns.apex.resolves"))["dns.apex.resolves"]
    assert missing.fix is not None
    assert missing.fix.records == (RecordSet("noapex.example", "A", ("127.0.0.9",)),)


async def test_a_wildcard_and_what_stands_beside_it(port: int) -> None:
    names = ("old", "own", "a.deep", "b.deep", "x.y.old")
    log = Log("wild.example", tuple(Logged(f"{name}.wild.example") for name in names))
    ids = ("dns.records.wildcard", "dns.sub.undeclared")
    findings = await look(port, "wild.example", *ids, logged=log)
    wild, forgotten = (findings[id] for id in ids)
    assert (wild.status, dict(wild.facts)) == (Status.FAIL, {"wildcard": "127.0.0.9"})
    assert (forgotten.status, dict(forgotten.facts)) == (Status.WARN, {"undeclared": "own.wild.example"})

    now = dt.datetime.now(dt.UTC)
    said = (
        Answer("wildcard.intended", "no", "Ada", now, 90),
        Answer("subs.undeclared", "remove", "Ada", now, 90),
    )
    findings = await look(port, "wild.example", *ids, logged=log, said=said)
    fixes = [finding.fix for finding in findings.values() if finding.fix is not None]
    assert [fix.records for fix in fixes] == [(), (RecordSet("own.wild.example", "A", ()),)]
    # www has no record but the wildcard, so deleting that is a step for a person.
    assert fixes[0].say.startswith("www.wild.example leads where the wildcard leads.")

    sound = Log("sound.example", tuple(Logged(f"{name}.sound.example") for name in names))
    findings = await look(port, "sound.example", *ids, logged=sound)
    assert {finding.status for finding in findings.values()} == {Status.PASS}


async def test_a_hundred_addresses_and_a_name_that_is_not_delegated(port: int) -> None:
    project = Project("many.example", network=Network(((RESOLVER, port),), port, private=True))
    source = Dns(project, Gate(project))
    try:
        assert len(await source.addresses("app.many.example")) == 100
        assert len(source.asked) == 3  # A over UDP, then over TCP, and AAAA
    finally:
        await source.aclose()
    findings = await look(port, "nosuch.example", "dns.ns.healthy", "dns.apex.resolves")
    assert {finding.status for finding in findings.values()} == {Status.FAIL}
    assert {finding.cause for finding in findings.values()} == {"no-address:nosuch.example"}
