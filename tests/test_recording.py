"""What is written down of the records: kept in the journal, refused where it holds a secret, there after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.place import DnsPlace, Reach
from launchready_tui.fixes.providers.hand import HandPlace
from launchready_tui.fixes.zonesight import ZoneSight
from launchready_tui.model import Evidence, RecordSet, passed
from launchready_tui.options import BadOption
from launchready_tui.project import Network, Project
from launchready_tui.session import Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.world import NOW

NAME = "good.example"
NOWHERE = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)
PURPOSE = "dns.records.purpose"
SETS = (
    RecordSet(NAME, "NS", ("ns1.example.net.",), 300),
    RecordSet(NAME, "A", ("93.184.215.14",), 300),
    RecordSet(f"x1.{NAME}", "TXT", ("abc=1",), 300),
)


class Listing(HandPlace):
    """A place that lists its zone, or says why it cannot."""

    def __init__(self, sets: tuple[RecordSet, ...] | None, problem: str = "") -> None:
        super().__init__(Project(NAME), "Cloudflare")
        self._sets, self._problem = sets, problem

    @property
    def name(self) -> str:
        return "Cloudflare"

    async def reach(self) -> Reach:
        return Reach(True, True, "It may.")

    async def records(self) -> tuple[RecordSet, ...] | None:
        if self._problem:
            raise FixProblem(self._problem)
        return self._sets


def opened(workspace: Workspace) -> Session:
    fresh = not workspace.has(NAME)
    store = workspace.open(NAME, create=True)
    if fresh:
        store.save_project(Project(NAME, network=NOWHERE))
    return Session(store, Vault(kind="session"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def session(workspace: Workspace) -> Iterator[Session]:
    one = opened(workspace)
    yield one
    one.store.close()


def connected(session: Session, place: DnsPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session._places, "find", lambda kind, name: place if kind == "records" else None)


async def test_a_purpose_is_kept_by_name_and_type_and_is_there_again(session: Session, workspace: Workspace) -> None:
    checks = session.set_purpose("x1", "txt", "proves us to the print shop", "Ada")
    assert [check.id for check in checks] == [PURPOSE]
    session.set_purpose("@", "A", "our launch page", "Ada")
    session.store.close()
    again = opened(workspace)
    said = again.purposes
    assert said[f"x1.{NAME}", "TXT"].text == "proves us to the print shop"
    assert said[f"x1.{NAME}", "TXT"].who == "Ada"
    assert said[NAME, "A"].text == "our launch page"
    again.store.close()


@pytest.mark.parametrize("text", ["two words", "AKIA" + "IOSFODNN7EXAMPLQ is the key"])
def test_too_few_words_and_secrets_are_refused(session: Session, text: str) -> None:
    with pytest.raises(BadOption, match=r"words or more|secret"):
        session.set_purpose("x1", "TXT", text, "Ada")
    assert session.purposes == {}
    assert list(session.store.journal.entries) == []


async def test_the_whole_zone_is_listed_where_a_place_is_connected(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(session, Listing(SETS), monkeypatch)
    listed = await session.record_list()
    assert (listed.whole, listed.place) == (True, "Cloudflare")
    assert [(each.set.type, each.by) for each in listed.records] == [
        ("NS", "record"),
        ("A", "record"),
        ("TXT", "ask"),
    ]


async def test_suggestions_are_taken_where_they_are_certain_and_nowhere_else(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(session, Listing(SETS), monkeypatch)
    session.set_purpose("@", "A", "our launch page", "Grace")
    await session.confirm_purposes("Ada")
    assert {key: (said.text, said.who) for key, said in session.purposes.items()} == {
        (NAME, "A"): ("our launch page", "Grace"),
        (NAME, "NS"): ("the servers that answer for your domain", "Ada"),
    }
    session.set_purpose("@", "NS", "", "Ada")
    listed = await session.record_list()
    assert [(each.set.type, each.by) for each in listed.records if each.set.type == "NS"] == [("NS", "record")]


async def test_without_a_place_it_is_what_was_seen_and_says_so(session: Session) -> None:
    seen = passed("x", evidence=[Evidence(f"A {NAME}", "93.184.215.14 (TTL 300)")])
    session.outcomes["audit.dns.inventory"] = Outcome(seen, NOW)
    listed = await session.record_list()
    assert not listed.whole
    assert listed.say == "No place that keeps the records is connected. These are the records that we saw."
    assert [each.set for each in listed.records] == [RecordSet(NAME, "A", ("93.184.215.14",), 300)]


async def test_a_place_that_is_silent_or_does_not_list_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(session, Listing(None), monkeypatch)
    assert "does not list" in (await session.record_list()).say
    view = await ZoneSight(lambda: Listing(None, "It did not answer."), dict).zone()
    assert (view.sets, view.silent, view.say) == (None, True, "It did not answer.")
    assert (await ZoneSight(lambda: None, dict).zone()).place == ""


def test_a_plan_for_a_subdomain_is_kept(session: Session, workspace: Workspace) -> None:
    session.plan_subdomain("beta", "later", "after the launch", "Ada")
    session.store.close()
    again = opened(workspace)
    (planned,) = again.subdomain_plan(())
    assert (planned.host, planned.when, planned.why, planned.who) == (
        f"beta.{NAME}",
        "later",
        "after the launch",
        "Ada",
    )
    with pytest.raises(BadOption, match="now, later or remove"):
        again.plan_subdomain("beta", cast("Any", "never"), "x", "Ada")
    again.store.close()


def test_old_addresses_are_kept_as_paths(session: Session, workspace: Workspace) -> None:
    session.set_old_paths([f"https://{NAME}/pricing-2023?a=1#x", "blog", "", "/blog"])
    assert session.project.old_paths == ("/pricing-2023?a=1", "/blog")
    with pytest.raises(BadOption, match="is not an address"):
        session.set_old_paths(["/a b"])
    with pytest.raises(BadOption, match="20 old addresses"):
        session.set_old_paths([f"/{number}" for number in range(21)])
    session.store.close()
    again = opened(workspace)
    assert again.project.old_paths == ("/pricing-2023?a=1", "/blog")
    assert f"https://{NAME}/blog" in [leg.url for leg in again.redirect_matrix()]
    again.store.close()


def test_nothing_is_kept_in_a_window_that_is_for_reading(session: Session, workspace: Workspace) -> None:
    second = opened(workspace)
    assert second.read_only
    for write in (
        lambda: second.set_purpose("x1", "TXT", "three words here", "Ada"),
        lambda: second.plan_subdomain("beta", "later", "x", "Ada"),
        lambda: second.set_old_paths(["/x"]),
    ):
        with pytest.raises(WorkspaceProblem):
            write()
    assert second.project.old_paths == ()
    second.store.close()


async def test_the_export_has_all_that_is_written_down(
    session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connected(session, Listing(SETS), monkeypatch)
    session.project = replace(session.project, subs=("app",))
    session.set_purpose("x1", "TXT", "proves us to the print | shop", "Ada")
    exported = await session.export(tmp_path / "out")
    assert exported.hits == ()
    report = (exported.folder / "2-dns.md").read_text("utf-8")
    assert rf"| x1.{NAME} | TXT | abc=1 | 300 s | proves us to the print \| shop | Ada |" in report
    assert f"    curl -sI http://www.{NAME}/" in report
    assert f"| app.{NAME} | needed now |" in report
    document = (exported.folder / "handover.toml").read_text("utf-8")
    for part in (
        "[[records]]",
        "[[subdomains]]",
        "[[redirect_matrix]]",
        'purpose_by = "Ada"',
        f"curl -sI http://{NAME}/",
    ):
        assert part in document
