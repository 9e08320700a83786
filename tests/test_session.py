"""One open project: what is written before it is known, what survives closing, what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.actions import NextAction
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, State, Step
from launchready_tui.fixes.written import encode
from launchready_tui.model import Finding, Fix, Severity, Stage, Status
from launchready_tui.nodes import Seen
from launchready_tui.options import BadOption
from launchready_tui.owners import Owner
from launchready_tui.project import Clock, Network, Project
from launchready_tui.secret import Secret
from launchready_tui.session import Outcome, Session
from launchready_tui.unsaved import UnsavedStore
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.world import NOW

# A resolver that refuses at once: everything that needs the network is unknown, quickly.
NOWHERE = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)
WWW = "dns.www.resolves"
FIX = Fix("steps", "Add a record.", minutes=5)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def opened(workspace: Workspace, *, at: dt.datetime = NOW) -> Session:
    fresh = not workspace.has("good.example")
    store = workspace.open("good.example", create=True)
    if fresh:
        store.save_project(Project("good.example", network=NOWHERE))
    return Session(store, Vault(kind="session"), clock=Clock(at))


@pytest.fixture
def session(workspace: Workspace) -> Iterator[Session]:
    one = opened(workspace)
    one.outcomes[WWW] = Outcome(Finding(Status.FAIL, "www has no address.", FIX), NOW)
    yield one
    one.store.close()


async def test_a_look_keeps_every_finding_and_a_line_in_the_journal(workspace: Workspace) -> None:
    session = opened(workspace)
    chosen = session.stage_checks(Stage.DNS)
    async with aclosing(session.look(chosen)) as events:
        async for _ in events:
            pass
    assert set(session.outcomes) == {check.id for check in chosen}
    assert all(o.finding.status in (Status.UNKNOWN, Status.INFO) for o in session.outcomes.values())
    assert [entry.kind for entry in session.store.journal.entries] == ["looked"]
    await session.aclose()
    again = opened(workspace)
    assert {id: o.finding for id, o in again.outcomes.items()} == {id: o.finding for id, o in session.outcomes.items()}
    assert workspace.projects()[0].line.startswith("Could not tell yet")
    await again.aclose()


async def test_stopping_a_look_keeps_what_was_seen_and_ends_at_once(workspace: Workspace) -> None:
    session = opened(workspace)
    async with aclosing(session.look()) as events:
        await anext(events)
    assert session.running == set()
    await session.aclose()


def test_what_a_person_says_is_there_after_opening_again(workspace: Workspace, session: Session) -> None:
    concerned = session.answer("access.registrar", "yes", "Ada", ticks=frozenset({"change"}), note="on gmail")
    assert {check.id for check in concerned} == {"audit.registrar.access", "handover.access.registrar"}
    asked = session.ask_someone(WWW, "Grace")
    assert "www" in Path(asked.path).read_text()
    session.accept(WWW, "Ada", "launch is invite-only", NOW.date() + dt.timedelta(days=7))
    session.keep_action(NextAction("look-again", "Look again", "Ada", NOW.date()))
    session.save_addresses(
        {"login": "https://good.example/login", "signup": "none"}, ("app",), marker="Welcome", who="Ada"
    )
    session.store.close()
    again = opened(workspace)
    answer = again.answers.get("access.registrar")
    assert answer is not None
    assert (answer.who, answer.note, answer.ticks) == ("Ada", "on gmail", frozenset({"change"}))
    assert again.asked[WWW].who == "Grace"
    assert again.accepted[WWW].severity is Severity.HIGH
    assert [action.id for action in again.next_actions()] == ["look-again"]
    assert again.project.urls == {"login": "https://good.example/login", "signup": ""}
    assert (again.project.subs, again.project.marker) == (("app",), "Welcome")
    assert again.project.absent["signup"].startswith("Ada, ")
    again.store.close()


def test_an_accepted_risk_no_longer_blocks_until_its_day_or_until_it_is_worse(session: Session) -> None:
    assert session.readiness().counts["high"] == 1
    assert any(risk.accepted is None for risk in session.risks())
    session.accept(WWW, "Ada", "later", NOW.date())
    assert not session.readiness().blockers
    assert [risk.accepted is not None for risk in session.risks()] == [True]
    session.outcomes[WWW] = Outcome(Finding(Status.FAIL, "www has no address.", FIX, severity=Severity.CRITICAL), NOW)
    assert session.readiness().blockers
    session.outcomes[WWW] = Outcome(Finding(Status.FAIL, "www has no address.", FIX), NOW)
    session.clock = Clock(NOW + dt.timedelta(days=2))
    assert session.readiness().blockers


def test_a_bad_address_is_refused_and_the_old_ones_stay(session: Session) -> None:
    with pytest.raises(BadOption):
        session.save_addresses({"login": "javascript:alert(1)"}, ())
    with pytest.raises(BadOption):
        session.save_addresses({}, ("not a name",))
    assert session.project.urls == {}


def test_what_does_not_exist_is_kept_by_name_and_day(workspace: Workspace, session: Session) -> None:
    session.save_addresses({"login": "", "signup": "https://good.example/join"}, (), code=False, who="Ada")
    session.save_addresses({"login": "", "api": ""}, (), code=False, who="Grace")
    session.store.close()
    again = opened(workspace)
    day = f"{NOW.astimezone().day} {NOW.astimezone():%b %Y}"
    assert again.project.absent == {"login": f"Ada, {day}", "repository": f"Ada, {day}", "api": f"Grace, {day}"}
    again.save_addresses({"api": "https://good.example/health"}, ())
    assert again.project.absent == {}
    again.store.close()


def test_the_stage_that_was_shown_is_where_it_goes_on(workspace: Workspace, session: Session) -> None:
    assert session.place is None
    session.visit(Stage.EMAIL)
    session.store.save_summary("Ready.", "")  # a look that ends later leaves it as it was
    session.store.close()
    again = opened(workspace)
    assert again.place is Stage.EMAIL
    reader = opened(workspace)
    reader.visit(Stage.DNS)  # a second window writes nothing
    assert again.place is reader.place is Stage.EMAIL
    again.store.close()


async def test_the_map_is_there_after_opening_again_and_owners_stand_in_it_at_once(
    workspace: Workspace, session: Session
) -> None:
    assert session.draw_map(80) == []
    session.store.save_parts({"hosting": Seen("Vercel", "A good.example", note="for [b]all[/]\x1b[2J")})
    session.store.close()
    again = opened(workspace)
    await again.save_owner(Owner("hosting", owner="Ada"))
    drawn = "\n".join(again.draw_map(80))
    assert "Vercel" in drawn
    assert "owner: Ada" in drawn
    assert "\x1b" not in drawn
    assert "Ada" not in (workspace.root / "projects" / "good.example" / "summary.json").read_text()
    again.store.save_summary("Ready.", "")
    assert again.store.summary().parts["hosting"].name == "Vercel"
    again.store.close()


def test_a_change_on_its_way_is_waiting_and_not_failing(session: Session) -> None:
    step = Step("records", "www.good.example", "CNAME", State(), State(("good.example.",), 300))
    change = Change(1, NOW, "Ada", WWW, "www", "x", (step,), ChangeState.APPLIED, frozenset({0}))
    session.write("change-applied", encode(change))
    again = Session(session.store, Vault(kind="session"), clock=session.clock)
    check = again.check(WWW)
    failing = Finding(Status.FAIL, "www has no address.", FIX)
    assert again._waiting(check, failing).status is Status.WAITING
    assert again._waiting(check, Finding(Status.PASS, "sound")).status is Status.PASS
    again.clock = Clock(NOW + dt.timedelta(hours=3))
    assert again._waiting(check, failing).status is Status.FAIL


async def test_what_cannot_be_fixed_is_said(session: Session) -> None:
    assert not session.can_fix(WWW)  # steps for a person
    for id in (WWW, "dns.apex.resolves"):
        with pytest.raises(FixProblem) as caught:
            await session.plan(id)
        assert caught.value.sentence.endswith(".")
    with pytest.raises(FixProblem, match="no change number 9"):
        async for _ in session.undo(9, "Ada"):
            pass


def test_a_yes_counts_for_this_sitting_only(workspace: Workspace, session: Session) -> None:
    session.outcomes["performance.p95.public"] = Outcome(Finding(Status.UNKNOWN, "needs a yes", needs="a yes"), NOW)
    assert [check.id for check in session.allow("measure")] == ["performance.p95.public"]
    assert session.project.allowed == {"measure"}
    session.save_addresses({}, ("app",))
    session.store.close()
    again = opened(workspace)
    assert again.project.allowed == frozenset()
    again.store.close()


async def test_owners_of_a_session_vault_leave_no_trace_on_disk(workspace: Workspace, session: Session) -> None:
    concerned = await session.save_owner(Owner("dns", "Namecheap", "ada-the-account", owner="Ada Canary"))
    assert "handover.owner.primary" in {check.id for check in concerned}
    assert session.owners.get("dns").owner == "Ada Canary"
    on_disk = b"".join(path.read_bytes() for path in workspace.root.rglob("*") if path.is_file())
    assert b"Canary" not in on_disk
    assert b"ada-the-account" not in on_disk


async def test_a_second_window_reads_and_says_who_writes(workspace: Workspace, session: Session) -> None:
    second = opened(workspace)
    assert second.read_only
    assert second.holder
    for write in (
        lambda: second.answer("access.dns", "yes", "Eve"),
        lambda: second.accept(WWW, "Eve", "x", NOW.date()),
        lambda: second.ask_someone(WWW, "Eve"),
        lambda: second.save_addresses({"api": ""}, (), who="Eve"),
    ):
        second.outcomes[WWW] = session.outcomes[WWW]
        with pytest.raises(WorkspaceProblem):
            write()
    await second.aclose()


async def test_an_export_that_would_hold_a_secret_is_refused(tmp_path: Path, session: Session) -> None:
    token = "cf-" + "Zx81kQw0PmsT42LrVbNd"
    session._secrets["cloudflare"] = Secret(token)
    await session.save_owner(Owner("dns", "Cloudflare", owner="Ada", recovery=f"the token {token}"))
    exported = await session.export(tmp_path / "out")
    assert exported.paths == ()
    assert exported.hits
    assert token not in " ".join(exported.hits)
    assert not (tmp_path / "out").exists()
    await session.save_owner(Owner("dns", "Cloudflare", owner="Ada", recovery="in the safe"))
    exported = await session.export(tmp_path / "out")
    assert {path.name for path in exported.paths} >= {"handover.toml", "risks.md", "1-audit.md", "7-handover.md"}
    assert "Ada" in (tmp_path / "out" / "handover.toml").read_text()


async def test_an_unsaved_look_keeps_nothing(tmp_path: Path) -> None:
    session = Session(UnsavedStore(Project("good.example", network=NOWHERE)), Vault(kind="session"), clock=Clock(NOW))
    async with aclosing(session.look(session.stage_checks(Stage.HANDOVER))) as events:
        async for _ in events:
            pass
    assert session.outcomes
    with pytest.raises(WorkspaceProblem, match="not kept"):
        session.answer("access.dns", "yes", "Ada")
    await session.aclose()


def test_what_was_found_is_suggested_as_the_owner(session: Session) -> None:
    session.outcomes["audit.domain.registered"] = Outcome(
        replace(Finding(Status.PASS, "registered"), facts=(("registrar", "Namecheap"),)), NOW
    )
    assert session.suggested_owner("registrar").provider == "Namecheap"
    assert session.suggested_owner("database") == Owner("database")
