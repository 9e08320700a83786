"""Connecting a DNS host: the token is tried first, kept in the vault, found again, and forgotten when asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import dns.name
import dns.rdataset
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.providers import kinds, provider
from launchready_tui.model import Fix, RecordSet, failed
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Clock, Network, Project
from launchready_tui.secret import Secret
from launchready_tui.session import Level, Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.fixes.test_cycle import KEY, TEXT, ZONE
from tests.world import NOW

WWW = "dns.www.resolves"
ANOTHER = "bm90IHRoZSByaWdodCBrZXkgYXQgYWxsLCBuby4uLi4="


@dataclass
class Desk:
    workspace: Workspace
    vault: Vault
    server: Nameserver
    port: int

    def opened(self) -> Session:
        fresh = not self.workspace.has(ZONE)
        store = self.workspace.open(ZONE, create=True)
        if fresh:
            network = Network(resolvers=(("127.0.0.1", self.port),), dns_port=self.port, private=True, registries=False)
            store.save_project(Project(ZONE, network=network))
        session = Session(store, self.vault, clock=Clock(NOW))
        fix = Fix("records", "Add it.", records=(RecordSet(f"www.{ZONE}", "A", ("93.184.215.14",)),))
        session.outcomes[WWW] = Outcome(failed("www has no address.", fix), NOW)
        return session

    @property
    def given(self) -> dict[str, str]:
        return {"server": "127.0.0.1", "port": str(self.port), "key": "test-key"}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    origin = dns.name.from_text(ZONE)
    zone = dns.zone.from_text(TEXT, origin, relativize=False, zone_factory=dns.versioned.Zone)
    key = dns.name.from_text("test-key")
    server = Nameserver({origin: zone}, {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)})
    port = await server.start()
    yield Desk(Workspace(tmp_path), Vault(kind="session"), server, port)
    await server.aclose()


async def test_the_four_states_are_kept_apart(desk: Desk) -> None:
    session = desk.opened()
    assert session.stands(WWW).level is Level.SHOW
    assert not session.can_fix(WWW)
    reach = await session.connect("rfc2136", desk.given, Secret(KEY))
    assert (reach.read, reach.write) == (True, True)
    assert session.standing().level is Level.MAY_WRITE
    assert session.stands(WWW).level is Level.READY
    assert session.can_fix(WWW)
    session.reach = None
    assert session.stands(WWW).level is Level.CONNECTED
    await session.aclose()


async def test_a_connection_and_its_token_are_found_again(desk: Desk) -> None:
    session = desk.opened()
    await session.connect("rfc2136", desk.given, Secret(KEY))
    await session.aclose()
    again = desk.opened()
    await again.prepare()
    assert again.can_fix(WWW)
    reach = await again.check_reach()
    assert reach is not None
    assert reach.write is True
    await again.aclose()
    for path in desk.workspace.root.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()


async def test_a_wrong_token_is_not_kept(desk: Desk) -> None:
    session = desk.opened()
    reach = await session.connect("rfc2136", desk.given, Secret(ANOTHER))
    assert not reach.read
    assert reach.write is not True
    assert session.connection is None
    assert await desk.vault.get(f"token/rfc2136/{ZONE}") is None
    await session.aclose()


async def test_disconnecting_takes_the_token_away(desk: Desk) -> None:
    session = desk.opened()
    await session.connect("rfc2136", desk.given, Secret(KEY))
    assert "no longer connected" in await session.disconnect()
    assert session.connection is None
    assert await desk.vault.get(f"token/rfc2136/{ZONE}") is None
    assert not session.can_fix(WWW)
    assert await session.disconnect() == "No DNS host is connected."
    await session.aclose()


async def test_a_token_of_the_environment_comes_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session = desk.opened()
    await session.connect("rfc2136", desk.given, Secret(KEY))
    await desk.vault.delete(f"token/rfc2136/{ZONE}")
    await session.aclose()
    monkeypatch.setenv("LAUNCHREADY_TOKEN_RFC2136", KEY)
    again = desk.opened()
    await again.prepare()
    assert again.can_fix(WWW)
    await again.aclose()


async def test_a_token_that_is_gone_is_said(desk: Desk) -> None:
    session = desk.opened()
    await session.connect("rfc2136", desk.given, Secret(KEY))
    await desk.vault.delete(f"token/rfc2136/{ZONE}")
    await session.aclose()
    again = desk.opened()
    await again.prepare()
    assert "Connect it again" in again.standing().say
    assert again.standing().level is Level.SHOW
    await again.aclose()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"server": "not an address", "key": "k"}, "cannot be used"),
        ({"server": "127.0.0.1"}, "Name of the TSIG key"),
        ({"server": "127.0.0.1", "key": "k", "zone": "other.example"}, "does not hold"),
        ({"server": "127.0.0.1", "key": "k", "port": "many"}, "cannot be used"),
    ],
)
async def test_what_was_typed_wrongly_is_a_sentence(desk: Desk, given: dict[str, str], said: str) -> None:
    session = desk.opened()
    with pytest.raises(FixProblem, match=said):
        await session.connect("rfc2136", given, Secret(KEY))
    assert session.connection is None
    await session.aclose()


async def test_a_session_for_reading_connects_nothing(desk: Desk) -> None:
    first, second = desk.opened(), desk.opened()
    with pytest.raises(WorkspaceProblem):
        await second.connect("rfc2136", desk.given, Secret(KEY))
    await second.aclose()
    await first.aclose()


def test_every_kind_says_what_it_asks_for() -> None:
    for kind in kinds():
        one = provider(kind)
        assert one.kind == kind
        assert one.name
        assert one.secret
        assert one.scopes
        assert len({ask.name for ask in one.asks} | {"zone", "secret", "kind", "api"}) == len(one.asks) + 4


# ---- by hand ----


async def test_what_a_person_changes_is_planned_by_what_is_live_and_watched(desk: Desk) -> None:
    session = desk.opened()
    plan = await session.plan(WWW, by_hand=True)
    assert plan.place == "your DNS host, by hand"
    assert plan.lines() == [("+", f"A www.{ZONE}   93.184.215.14   TTL 300")]
    change = session.by_hand(plan, "Ada")
    sights = session.watch(change)
    assert (await anext(sights)).verdict == "wrong"
    zone = desk.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:
        txn.replace(dns.name.from_text(f"www.{ZONE}"), dns.rdataset.from_text("IN", "A", 300, "93.184.215.14"))
    async for sight in sights:
        last = sight
    assert last.verdict == "done"
    assert session.changes[0].arrived
    await session.aclose()


async def test_taking_back_by_hand_says_what_to_put_back(desk: Desk) -> None:
    session = desk.opened()
    change = session.by_hand(await session.plan(WWW, by_hand=True), "Ada")
    back = await session.undo_plan(change.number)
    assert back.lines() == [("-", f"A www.{ZONE}   93.184.215.14")]
    lines = [line async for line in session.undo(change.number, "Ada")]
    assert lines[-1].change is not None
    assert lines[-1].change.number == 2
    assert [c.state.value for c in session.changes] == ["undone", "by-hand"]
    await session.aclose()


async def test_by_hand_is_for_records_only(desk: Desk) -> None:
    session = desk.opened()
    session.outcomes[WWW] = Outcome(failed("It is down.", Fix("steps", "Call them.")), NOW)
    with pytest.raises(FixProblem):
        await session.plan(WWW, by_hand=True)
    await session.aclose()
