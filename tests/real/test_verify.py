"""Must-show: verify against real Knot and nginx. One world, one planted change a domain: each found and named.

The facts are those of a sound domain, written to a handover and read back. Each other domain is the same one some
months later: its facts are the sound ones under its name.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import structs

from launchready_tui.drift.facts import Facts, from_handover
from launchready_tui.drift.taking import take, verify
from launchready_tui.driftlook import Line, result
from launchready_tui.handover.document import Handover, Product
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.toml import to_toml
from launchready_tui.options import apply
from launchready_tui.project import Clock, Project
from tests.command import launchready, look_options
from tests.real.servers import free_port
from tests.real.whole import FIRST, SECOND, SECURITY, SITE, Site, World, whole

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("verify"),
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 answers on Linux alone"),
]
SOUND = "sound.example"
TWO = f"ns1 60 IN A {FIRST}\nns2 60 IN A {SECOND}\nns3 60 IN A {SECOND}"
API = 'location = /health { default_type application/json; return 200 \'{"status": "SAID"}\'; }'
RECORDS: dict[str, str | None] = {
    "ns": f"@ 60 IN NS ns1\n@ 60 IN NS ns2\n{TWO}",
    "caa": '@ 60 IN CAA 0 issue "letsencrypt.org"',
    "extra": '@ 60 IN TXT "google-site-verification=abcd"',
    "dkim": 'key1._domainkey 60 IN TXT "v=DKIM1; k=rsa; p=MIIB"',
    "app": f"app 60 IN A {SITE}\napp 60 IN AAAA ::9",
}


def site(more: str = "", *, said: str = "ok", records: dict[str, str | None] | None = None, **given: object) -> Site:
    secure = f"{API.replace('SAID', said)} {more}"
    whole_site = Site(secure=secure, records={**RECORDS, **(records or {})})
    return replace(whole_site, **given)  # type: ignore[arg-type]  # the fields of Site, by name


def without(start: str) -> tuple[str, ...]:
    return tuple(header for header in SECURITY if not header.startswith(start))


@dataclass(frozen=True)
class Planted:
    """A changed site, and the topic and the word by which its line is known."""

    site: Site
    topic: str
    says: str


SOA = "@ 60 IN SOA ns1 host {serial} 3600 600 604800 60"
PLANTED: dict[str, Planted] = {
    "nsmoved.example": Planted(
        site(records={"ns": f"@ 60 IN NS ns1\n@ 60 IN NS ns3\n{TWO}"}, name_servers=("ns1", "ns3")),
        "name servers",
        "other name servers: ns1.nsmoved.example and ns3.nsmoved.example",
    ),
    "amoved.example": Planted(site(records={"apex": "@ 60 IN A 127.9.0.9"}), "address", "127.9.0.9 in place of"),
    "extra.example": Planted(site(records={"apex": f"@ 60 IN A {SITE}\n@ 60 IN A 127.9.0.7"}), "address", "one more"),
    "six.example": Planted(site(records={"app": f"app 60 IN A {SITE}\napp 60 IN AAAA ::8"}), "address", "IPv6"),
    "sixgone.example": Planted(site(records={"app": f"app 60 IN A {SITE}"}), "address", "no IPv6 address any more"),
    "sixnew.example": Planted(site(records={"new": "@ 60 IN AAAA ::9"}), "address", "before, there was none"),
    "cname.example": Planted(site(records={"www": "www 60 IN CNAME app"}), "alias", "app.cname.example. in place of"),
    "nowww2.example": Planted(site(records={"www": None}), "alias", "no alias any more"),
    "mx.example": Planted(
        site(records={"mail": "@ 60 IN MX 10 mail2\nmail 60 IN A 127.0.0.9\nmail2 60 IN A 127.0.0.9"}),
        "mail servers",
        "another mail server",
    ),
    "spfweak.example": Planted(site(records={"spf": '@ 60 IN TXT "v=spf1 mx ~all"'}), "SPF", "more weakly: ~all"),
    "spfwide.example": Planted(site(records={"spf": '@ 60 IN TXT "v=spf1 mx a -all"'}), "SPF", "lets more send"),
    "spftwo.example": Planted(site(records={"spf2": '@ 60 IN TXT "v=spf1 a -all"'}), "SPF", "2 SPF records"),
    "dmarcweak.example": Planted(
        site(records={"dmarc": '_dmarc 60 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@dmarcweak.example"'}),
        "DMARC",
        "p=none in place of p=reject",
    ),
    "dmarcgone.example": Planted(site(records={"dmarc": None}), "DMARC", "no DMARC record any more"),
    "dkim.example": Planted(site(records={"dkim": None}), "DKIM", "may look forged"),
    "txtgone.example": Planted(site(records={"extra": None}), "text", "google-site-verification=abcd"),
    "caagone.example": Planted(site(records={"caa": None}), "CAA", "Any company may issue"),
    "wild.example": Planted(site(records={"wild": f"* 60 IN A {SITE}"}), "wildcard", "made-up name"),
    "wwwserves.example": Planted(
        site(www="root sites/wwwserves.example;"), "canonical", "ends on www.wwwserves.example"
    ),
    "path.example": Planted(site(plain="return 301 https://$host/;"), "path", "the rest of the link is lost"),
    "openhttp2.example": Planted(site(plain=""), "https", "without protection"),
    "softly.example": Planted(site(plain="return 302 https://$host$request_uri;"), "redirect", "for a while only"),
    "hsts.example": Planted(site(headers=without("Strict")), "HSTS", "no Strict-Transport-Security any more"),
    "csp.example": Planted(site(headers=without("Content")), "header", "no Content-Security-Policy any more"),
    "issuer.example": Planted(site(other_issuer=True), "certificate", "another company: Another Root R1"),
    "expired2.example": Planted(site(days=-2), "certificate", "has expired"),
    "login500.example": Planted(site("location = /login { return 500; }"), "page", "answers 500. Before, it was 200"),
    "api.example": Planted(site(said="maintenance"), "page", "status is “maintenance”"),
    "title.example": Planted(
        site(home="<title>Parked</title><h1>This name is for sale, ask us about it today</h1>"), "page", "“Parked”"
    ),
}
BENIGN: dict[str, Planted] = {
    "renewed.example": Planted(site(days=85), "certificate", "renewed by the same company"),
    "ttl.example": Planted(site(records={"apex": f"@ 90 IN A {SITE}"}), "TTL", "90 seconds; before, it was 60"),
    "serial.example": Planted(site(records={"soa": SOA.format(serial=7)}), "serial", "serial 7"),
    "near.example": Planted(site(records={"apex": "@ 60 IN A 127.0.77.9"}), "address", "within its content network"),
    "stricter.example": Planted(
        site(
            records={
                "dmarc": '_dmarc 60 IN TXT "v=DMARC1; p=reject; adkim=s; np=reject; rua=mailto:dmarc@stricter.example"'
            }
        ),
        "DMARC",
        "not weaker",
    ),
}
SITES = {SOUND: site(), **{name: each.site for name, each in (PLANTED | BENIGN).items()}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with whole(SITES, mail=False) as found:
        yield found


def project_of(world: World, domain: str) -> Project:
    words = [word if word != "api=none" else f"api=https://{domain}/health" for word in world.options(domain)]
    # app is asked over the DNS alone: nginx has no such host.
    return apply(Project(domain), look_options(words))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def file(world: World) -> str:
    """The handover of the sound domain, as text. Its addresses and keys beside the usual ones are in its records."""
    from launchready_tui.handover.document import Records

    records = [
        Records(name=f"app.{SOUND}", type="A", values=[SITE], purpose="the app"),
        Records(name=f"app.{SOUND}", type="AAAA", values=["::9"], purpose="the app"),
        Records(name=f"key1._domainkey.{SOUND}", type="TXT", values=["v=DKIM1; k=rsa; p=MIIB"], purpose="signs mail"),
    ]
    baseline = await take(project_of(world, SOUND), Clock(), records)
    return to_toml(structs.replace(Handover(product=Product(domain=SOUND)), baseline=baseline))


def facts_of(file: str, domain: str) -> Facts:
    return from_handover(read_handover(file.replace(SOUND, domain).encode()))


async def look(world: World, file: str, domain: str) -> tuple[Line, ...]:
    return await verify(facts_of(file, domain), project_of(world, domain), Clock())


async def test_nothing_changed_nothing_said(world: World, file: str) -> None:
    facts = facts_of(file, SOUND)
    assert facts.count > 30
    assert await look(world, file, SOUND) == ()


@pytest.mark.parametrize("domain", PLANTED)
async def test_a_planted_change_is_found_and_named(world: World, file: str, domain: str) -> None:
    planted = PLANTED[domain]
    lines = await look(world, file, domain)
    named = [
        line for line in lines if line.state == "drift" and line.topic == planted.topic and planted.says in line.say
    ]
    assert named, lines
    assert result(lines) == "drift"
    assert not [line for line in lines if line.state == "unknown"], lines


@pytest.mark.parametrize("domain", BENIGN)
async def test_what_such_things_do_is_benign(world: World, file: str, domain: str) -> None:
    planted = BENIGN[domain]
    lines = await look(world, file, domain)
    assert [line for line in lines if line.topic == planted.topic and planted.says in line.say], lines
    assert {line.state for line in lines} == {"benign"}, lines
    assert result(lines) == "equal"


async def test_where_a_server_is_silent_nothing_is_called_drift(world: World, file: str) -> None:
    project = project_of(world, SOUND)
    taken = {end: ("127.0.0.1", port) for end, (_, port) in project.network.connect_to.items()}
    async with Silence() as port:
        quiet = {end: (at if end[1] == 25 else ("127.0.0.1", port)) for end, at in taken.items()}
        asked = replace(project, network=replace(project.network, connect_to=quiet))
        lines = await verify(facts_of(file, SOUND), asked, Clock())
    assert {line.state for line in lines} == {"unknown"}
    assert {line.topic for line in lines} >= {"canonical", "page", "certificate", "HSTS"}
    deaf = replace(project.network, resolvers=(("127.0.0.1", free_port()),), dns_port=free_port())
    lines = await verify(facts_of(file, SOUND), replace(project, network=deaf), Clock())
    assert {line.state for line in lines} == {"unknown"}
    assert {line.topic for line in lines} >= {"name servers", "address", "mail servers", "DMARC"}


class Silence:
    """A port that takes connections and says nothing."""

    async def __aenter__(self) -> int:
        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        self.server = await asyncio.start_server(hold, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def __aexit__(self, *_: object) -> None:
        self.server.close()


async def test_the_command_from_the_file_alone(world: World, file: str, tmp_path: Path) -> None:
    def words(domain: str) -> list[str]:
        path = tmp_path / f"{domain}.toml"
        path.write_text(file.replace(SOUND, domain))
        given = world.options(domain)
        cut = given.index("--url")
        return ["verify", str(path), "--yes", "--json", *given[:cut]]

    ran = await launchready(*words(SOUND), home=tmp_path / "home")
    assert (ran.status, ran.document["result"], ran.document["signature"]["outcome"]) == (0, "equal", "unsigned")
    assert f"over http and https   {SOUND}" in ran.err
    ran = await launchready(*words("mx.example"), home=tmp_path / "home")
    assert (ran.status, ran.document["result"]) == (1, "drift")
    assert [each["topic"] for each in ran.document["drift"]] == ["mail servers"]
    assert json.loads(ran.out)["drift"][0]["severity"] == "critical"
