"""Somebody else's handover becomes a launch of one's own: what is said first is what is stored, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from launchready_tui.desk import Desk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.domain import parse_domain
from launchready_tui.handover.document import Handover, Product, Records, Route, Subdomain, System
from launchready_tui.handover.export import build
from launchready_tui.handover.reading import BadHandover
from launchready_tui.handover.receiving import Received, plan
from launchready_tui.handover.signing import Verdict
from launchready_tui.handover.toml import to_toml
from launchready_tui.project import Clock
from launchready_tui.text import clean
from launchready_tui.workspace import Workspace
from tests.handover.documents import HANDOVERS
from tests.handover.worlds import ANSWERS, facts
from tests.test_leaks import STRIPE
from tests.vault.fakes import Good
from tests.world import NOW, said

STEPS = {
    "trigger": "it broke",
    "steps": "1. a\n2. b\n3. c",
    "where": "vercel rollback",
    "person": "Ada",
    "minutes": "4",
}
AGREED = said("runbook.app", "agreed", days_ago=5, **STEPS)


def whole() -> Handover:
    from launchready_tui.answers import Answers

    made = build(facts(answers=Answers((*ANSWERS, AGREED), Clock(NOW)), who="Ada"))
    records = [structs.replace(each, purpose="ask Grace first", purpose_by="Grace") for each in made.records]
    return structs.replace(
        made, records=records, subdomains=[Subdomain(host="api.good.example", when="now", why="the API", who="Ada")]
    )


@pytest.fixture
def ring() -> Iterator[Good]:
    before = keyring.get_keyring()
    store = Good()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


def given_file(folder: Path, handover: Handover) -> Path:
    path = folder / "handover.toml"
    path.write_bytes(to_toml(handover).encode())
    return path


def desk_at(folder: Path) -> Desk:
    return Desk(Workspace(folder / "work"), clock=Clock(NOW))


def unsigned(handover: Handover) -> Received:
    return plan(handover, Verdict("unsigned", "It is not signed."), NOW)


async def test_a_project_is_made_and_who_holds_what_is_in_the_keyring(tmp_path: Path, ring: Good) -> None:
    desk = desk_at(tmp_path)
    received = desk.read_handover(given_file(tmp_path, whole()))
    assert "This is the handover of Good Club (good.example), from Ada, written on 24 Nov 2026." in received.whose
    assert received.verdict.outcome == "unsigned"
    assert not (tmp_path / "work").exists(), "reading stores nothing"
    assert ring.kept == {}
    try:
        session = await desk.receive(received, keep_owners=True)
        assert session.project.product == "Good Club"
        assert session.project.url("login") == "https://good.example/login"
        assert session.project.url("signup") == ""
        assert session.project.subs == ("api",)
        assert session.owners.get("registrar").owner == "Ada"
        assert any(name.endswith("good.example/owner/registrar") for _, name in ring.kept)
        assert [action.what for action in session.next_actions()] == ["Restore the newest backup."]
        assert session.purposes["good.example", "TXT"].who == "Grace"
        told = session.answers.newest("runbook.app")
        assert told is not None
        assert (told.who, told.at.date()) == ("Ada", dt.date(2026, 11, 19)), "as of the day on which it was said"
        assert session.accepted == {}, "risks that somebody else took on are not taken on again"
        assert session.changes == ()
    finally:
        await desk.aclose()
    again = desk_at(tmp_path)
    try:
        session = await again.open("good.example")
        await session.prepared(None)
        assert session.owners.get("registrar").account == "ada@example.net"
        assert session.answers.newest("runbook.app") is not None
    finally:
        await again.aclose()
    on_disk = b"".join(path.read_bytes() for path in (tmp_path / "work").rglob("*") if path.is_file())
    assert b"ada@example.net" not in on_disk, "names of accounts are the keyring's"


async def test_without_a_yes_the_keyring_gets_nothing(tmp_path: Path, ring: Good) -> None:
    desk = desk_at(tmp_path)
    try:
        session = await desk.receive(desk.read_handover(given_file(tmp_path, whole())), keep_owners=False)
        await session.prepared(None)
        assert not session.owners.told
        assert not any("/owner/" in name for _, name in ring.kept)
    finally:
        await desk.aclose()


async def test_a_launch_that_is_there_wants_a_yes_of_its_own(tmp_path: Path, ring: Good) -> None:
    desk = desk_at(tmp_path)
    try:
        session = await desk.new("good.example")
        session.save_addresses({"login": "https://good.example/mine"}, ("mine",))
        session.set_purpose("good.example", "TXT", "what we said ourselves", "Grace Two")
        await session.aclose()
        received = desk.read_handover(given_file(tmp_path, whole()))
        with pytest.raises(WorkspaceProblem, match="one of your launches already"):
            await desk.receive(received, keep_owners=True)
        session = await desk.open("good.example")
        assert session.project.url("login") == "https://good.example/mine"
        await session.aclose()
        session = await desk.receive(received, keep_owners=False, replace=True)
        assert session.project.url("login") == "https://good.example/login"
        assert session.purposes["good.example", "TXT"].who == "Grace Two", "what people said here counts on"
    finally:
        await desk.aclose()


async def test_one_that_is_open_elsewhere_is_left_alone(tmp_path: Path, ring: Good) -> None:
    first, second = desk_at(tmp_path), desk_at(tmp_path)
    try:
        await first.new("good.example")
        received = second.read_handover(given_file(tmp_path, whole()))
        with pytest.raises(WorkspaceProblem):
            await second.receive(received, keep_owners=True, replace=True)
        assert not any("/owner/" in name for _, name in ring.kept)
    finally:
        await second.aclose()
        await first.aclose()


async def test_a_keyring_that_is_not_there_is_said(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    try:
        session = await desk.receive(desk.read_handover(given_file(tmp_path, whole())), keep_owners=True)
        assert session.owners.get("registrar").owner == "Ada", "kept for this sitting"
        assert "kept for this sitting only" in session.vault_say
    finally:
        await desk.aclose()


async def test_the_practice_startup_is_not_received(tmp_path: Path) -> None:
    desk = desk_at(tmp_path)
    received = unsigned(Handover(product=Product(domain="mapleclub.example")))
    with pytest.raises(WorkspaceProblem, match="launchready demo"):
        await desk.receive(received, keep_owners=False)


def test_a_signature_that_does_not_fit_is_said(tmp_path: Path) -> None:
    path = given_file(tmp_path, whole())
    path.with_name("handover.toml.sig").write_text("launchready signature 1\nnonsense\n")
    assert desk_at(tmp_path).read_handover(path).verdict.outcome == "malformed"


def test_what_is_no_handover_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadHandover):
        desk_at(tmp_path).read_handover(tmp_path / "none.toml")


def test_what_does_not_fit_is_left_out_and_said() -> None:
    received = unsigned(
        Handover(
            product=Product(domain="good.example", absent={"payments": "Ada, 3 Nov 2026"}),
            routes=[
                Route(kind="login", url="javascript:alert(1)"),
                Route(kind="signup", url=""),
                Route(kind="made-up", url="https://good.example/x"),
                Route(kind="subdomain", url="https://app.good.example/"),
                Route(kind="subdomain", url="https://app.evil.example/"),
            ],
            systems=[
                System(system="dns", label="DNS", critical=True, owner="Ada", last_proved=dt.date(2099, 1, 1)),
                System(system="crystal-ball", label="Crystal ball", critical=False, owner="Eve"),
                System(system="hosting", label="Web host", critical=True),
            ],
            records=[
                Records(
                    name="good.example",
                    type="A",
                    values=["192.0.2.1"],
                    purpose="leads visitors to us",
                    purpose_by="the record itself",
                ),
                Records(name="bad name", type="A", values=[], purpose="three words here", purpose_by="Eve"),
            ],
            accepted_risks=whole().accepted_risks,
            changes=whole().changes,
        )
    )
    assert received.project.urls == {"signup": ""}
    assert received.project.subs == ("app",)
    assert [(owner.system, owner.proved) for owner in received.owners] == [("dns", None)], "no proof from the future"
    assert received.purposes == ()
    assert " · ".join(received.left) == (
        "1 address that no browser would open · accounts of a kind that we do not know (Crystal ball) · "
        "1 risk that somebody else took on · 1 change that only the other machine can take back"
    )
    assert "good.example, www.good.example and app.good.example" in received.asked


def test_a_secret_in_it_is_not_kept() -> None:
    received = unsigned(
        Handover(
            product=Product(domain="good.example"),
            systems=[System(system="dns", label="DNS", critical=True, owner="Ada", account=STRIPE, recovery=STRIPE)],
        )
    )
    assert STRIPE not in repr(received.owners)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=40)
@given(HANDOVERS)
def test_any_document_is_planned_and_told_without_harm(handover: Handover) -> None:
    handover = structs.replace(handover, product=structs.replace(handover.product, domain="good.example"))
    received = unsigned(handover)
    assert parse_domain(received.project.domain).domain == received.project.domain
    assert all(url == "" or url.startswith(("http://", "https://")) for url in received.project.urls.values())
    for text in (received.whose, received.stored, received.kept, received.asked, *received.left):
        assert clean(text, limit=len(text) + 1) == text
    for owner in received.owners:
        assert clean(owner.owner, limit=300) == owner.owner
        assert owner.page == "" or owner.page.startswith(("http://", "https://"))
