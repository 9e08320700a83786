"""`launchready verify`: from the file alone, hosts before requests, hostile files, exit statuses."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec import structs

from launchready_tui.drift.facts import from_handover
from launchready_tui.drift.taking import take
from launchready_tui.handover.document import (
    AcceptedRisk,
    Action,
    Answered,
    Baseline,
    CertificateSeen,
    Handover,
    Product,
    System,
    WaySeen,
)
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.signing import sign
from launchready_tui.handover.toml import to_toml
from launchready_tui.handover.verified import read_verified
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.startup import Practice
from launchready_tui.project import Clock
from launchready_tui.vault import Vault
from tests.command import launchready
from tests.vault.fakes import Good

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def practice(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Practice]:
    started = await Practice.start(tmp_path_factory.mktemp("verify") / "practice", faults=())
    try:
        yield started
    finally:
        await started.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sound(practice: Practice) -> Handover:
    baseline = await take(practice.project, Clock(), ())
    return structs.replace(Handover(product=Product(domain=DOMAIN)), baseline=baseline)


def words(practice: Practice, file: Path) -> list[str]:
    network = practice.project.network
    given = ["verify", str(file), "--private-network", "--dns-port", str(network.dns_port), "--ca", str(network.ca)]
    for address, port in network.resolvers:
        given += ["--resolver", f"{address}:{port}"]
    for (host, port), (address, number) in network.connect_to.items():
        given += ["--connect-to", f"{host}:{port}:{address}:{number}"]
    return given


def written(folder: Path, handover: Handover) -> Path:
    path = folder / "handover.toml"
    path.write_text(to_toml(handover), encoding="utf-8")
    return path


async def test_signed_trusted_verified_and_signed_back(practice: Practice, sound: Handover, tmp_path: Path) -> None:
    file = written(tmp_path, sound)
    store = Good()
    made = await sign(Vault("keyring", find=lambda: store), file.read_bytes(), NOW, who="Ada")
    assert made is not None
    file.with_name("handover.toml.sig").write_text(made.text)
    home = tmp_path / "home"
    ran = await launchready(*words(practice, file), "--yes", home=home)
    assert (ran.status, "a key that you do not know" in ran.out) == (0, True)
    assert "All " in ran.out
    more = ["--yes", "--trust", "--json", "--sign", "Grace", "--vault", "session"]
    ran = await launchready(*words(practice, file), *more, home=home)
    assert (ran.status, ran.document["signature"]["outcome"]) == (0, "known")
    assert made.words in ran.err
    word = read_verified(file.with_name("handover.toml.verified.toml").read_bytes())
    assert (word.name, word.result, word.sha256) == ("Grace", "equal", ran.document["sha256"])
    file.write_bytes(file.read_bytes().replace(b"written by", b"Written by"))
    ran = await launchready(*words(practice, file), "--yes", "--json", home=home)
    assert (ran.status, ran.document["signature"]["outcome"]) == (1, "altered")
    assert [each["topic"] for each in ran.document["drift"]] == ["signature"]
    ran = await launchready(*words(practice, file), "--yes", "--trust", home=home)
    assert (ran.status, "no key to remember" in ran.err) == (2, True)


async def test_without_a_yes_nothing_is_asked(practice: Practice, sound: Handover, tmp_path: Path) -> None:
    ran = await launchready(*words(practice, written(tmp_path, sound)), home=tmp_path / "home")
    assert (ran.status, ran.out) == (2, "")
    assert "Say --yes" in ran.err
    assert f"over http and https   {DOMAIN}" in ran.err


async def test_what_people_said_runs_out(practice: Practice, sound: Handover, tmp_path: Path) -> None:
    day = dt.date(2026, 10, 1)
    aged = structs.replace(
        sound,
        systems=[
            System(system="dns", label="DNS", critical=True, owner="Ada", last_proved=day),
            System(system="hosting", label="Hosting", critical=True, owner="Ada"),
        ],
        accepted_risks=[AcceptedRisk(what="No DMARC.", severity="high", who="Ada", reason="later", until=day)],
        next_actions=[Action(id="x", what="Step up DMARC.", due=day), Action(id="y", what="Done.", due=day, done=True)],
    )
    ran = await launchready(
        *words(practice, written(tmp_path, aged)), "--yes", "--json", "--at", "2026-11-24", home=tmp_path / "home"
    )
    assert ran.status == 1
    assert [each["topic"] for each in ran.document["drift"]] == ["access", "risk", "action"]


async def test_a_private_address_needs_a_yes_of_its_own(practice: Practice, sound: Handover, tmp_path: Path) -> None:
    """Without --private-network nothing on loopback is asked: all is unknown, and no drift."""
    base = Baseline(
        ways=[WaySeen(url="https://127.0.0.1/", kind="site", status=200, end="https://127.0.0.1/", end_status=200)]
    )
    file = written(tmp_path, Handover(product=Product(domain=DOMAIN), baseline=base))
    ran = await launchready("verify", str(file), "--yes", "--json", "--resolver", "127.0.0.1:9", home=tmp_path / "home")
    assert (ran.status, ran.document["result"], ran.document["drift"]) == (3, "unknown", [])


BAD: dict[str, bytes] = {
    "nothing": b"",
    "not TOML": b"\x00\x01\x02",
    "another TOML": b"a = 1\n",
    "no domain": b'schema_version = 1\n[product]\ndomain = "///"\n',
    "newer": b'schema_version = 99\n[product]\ndomain = "good.example"\n',
    "huge": b"#" + b"x" * 3_000_000,
    "a wrong type": b'records = 5\n[product]\ndomain = "good.example"\n',
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_handover_is_told(name: str, tmp_path: Path) -> None:
    file = tmp_path / "handover.toml"
    file.write_bytes(BAD[name])
    ran = await launchready("verify", str(file), "--yes", home=tmp_path / "home")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


async def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    ran = await launchready("verify", str(tmp_path / "none.toml"), "--yes", home=tmp_path / "home")
    assert ran.status == 2
    assert "There is no file" in ran.err


def hostile() -> Handover:
    """Thousands of hosts and records, with what acts on a terminal in every text."""
    nasty = "\x1b[2J\u202e\x07"
    return Handover(
        product=Product(domain="good.example"),
        baseline=Baseline(
            name_servers=[f"ns{n}{nasty}.example" for n in range(1_500)],
            made_up_names=nasty,
            answers=[Answered(name=f"{nasty}a{n}..example", type="A", values=[nasty]) for n in range(1_500)],
            ways=[
                WaySeen(
                    url=f"https://h{n}.victim{n}.example/{nasty}", kind=nasty, status=200, end=nasty, end_status=200
                )
                for n in range(1_500)
            ],
            certificates=[CertificateSeen(host=f"c{n}.example", issuer=nasty) for n in range(1_500)],
        ),
        systems=[System(system=nasty, label=nasty, critical=True, last_proved=dt.date(1, 1, 1)) for _ in range(1_000)],
    )


async def test_thousands_of_hosts_are_bounded() -> None:
    facts = from_handover(read_handover(to_toml(hostile()).encode()))
    assert len(facts.hosts) <= 40
    assert len(facts.sets) <= 400
    assert facts.count < 1_000
    assert facts.left_out > 4_000


async def test_a_hostile_file_does_no_harm(practice: Practice, tmp_path: Path) -> None:
    file = tmp_path / "handover.toml"
    file.write_text(to_toml(hostile()), encoding="utf-8")
    for form in ([], ["--json"]):
        ran = await launchready(*words(practice, file), "--yes", *form, home=tmp_path / "home")
        assert ran.status == 1
        for out in (ran.out, ran.err):
            assert "\x1b" not in out
            assert "\u202e" not in out
            assert "Traceback" not in out
    assert json.loads(ran.out)["result"] == "drift"
