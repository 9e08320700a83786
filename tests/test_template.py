"""A project that starts from another: what comes along is re-based, and nothing private of the first comes along."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from launchready_tui.actions import NextAction
from launchready_tui.desk import Desk
from launchready_tui.journal_lines import Entry
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.project import Clock, Network, Project
from launchready_tui.template import based_on
from launchready_tui.workspace import Workspace

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
OLD, NEW = "creatorhub.example", "mapletea.example"
KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"  # the form of a live key, in two parts so that no scanner trips
SOURCE = Project(
    OLD,
    product="Creator Hub",
    urls={
        "login": f"https://app.{OLD}:8443/login?next=/x#top",
        "signup": "https://creatorhub.lovable.app/signup",
        "api": "",
        "invite": f"https://ada:secret@{OLD}/invite/{KEY}",
        "reset": f"https://not{OLD}/reset",
    },
    subs=("app", "api"),
    repo="/home/ada/creatorhub",
    marker=f"Welcome to {OLD}",
    dkim_selectors=("s1",),
    senders=("Resend", f"mail.{OLD}", "ada@gmail.example"),
    absent={"payments": "Ada, 3 Nov 2026"},
    network=Network(private=True, connect_to={(OLD, 443): ("127.0.0.1", 8443)}),
    connections=({"kind": "cloudflare", "zone": OLD, "secret": "cloudflare"},),
    old_paths=("/pricing-2023",),
)


def _purpose(name: str, type: str, text: str) -> dict[str, object]:
    return {"name": name, "type": type, "text": text, "who": "Ada"}


def _entries(*said: tuple[str, dict[str, object]], at: dt.datetime = NOW - dt.timedelta(days=20)) -> list[Entry]:
    return [Entry(n, at, kind, data) for n, (kind, data) in enumerate(said, 1)]


JOURNAL = _entries(
    ("purpose", _purpose(f"app.{OLD}", "CNAME", f"leads members of {OLD} to the app")),
    ("purpose", _purpose(OLD, "MX", "takes our mail, ask ada@creatorhub.example")),
    ("purpose", _purpose(OLD, "TXT", f"an old key was {KEY} here")),
    ("purpose", _purpose(f"old.{OLD}", "A", "the old box that Bob runs")),
    ("purpose", _purpose(f"old.{OLD}", "A", "")),
    ("purpose", _purpose("other.example", "A", "is not under the domain at all")),
    ("purpose", {"name": OLD}),
    ("answer", {"question": "access.dns", "choice": "yes", "who": "Ada"}),
    ("owner-stored", {"system": "dns"}),
    ("action", {"id": "restore-test", "what": "Restore a backup.", "who": "Ada", "due": "2026-12-04", "done": True}),
    ("action", {"id": "renew-domain", "what": f"Renew {OLD}.", "who": "Ada", "due": "2027-03-03", "done": False}),
    ("action", {"id": "mine", "what": "Call ada@creatorhub.example.", "who": "", "due": None, "done": False}),
)


def test_addresses_are_re_based_and_what_is_elsewhere_or_secret_stays_behind() -> None:
    made = based_on(SOURCE, JOURNAL, NEW, "Grace", NOW).project
    assert made.urls == {"login": f"https://app.{NEW}/login", "api": ""}
    assert (made.subs, made.marker) == (("app", "api"), f"Welcome to {NEW}")
    assert made.senders == ("Resend", f"mail.{NEW}")
    assert made.absent == {"payments": "Grace, 24 Nov 2026"}


def test_nothing_that_is_only_the_firsts_comes_along() -> None:
    made = based_on(SOURCE, JOURNAL, NEW, "Grace", NOW)
    project = made.project
    assert (project.product, project.repo, project.connections, project.dkim_selectors) == ("", None, (), ())
    assert project.network == Network()
    assert project.old_paths == ()
    for private in ("Ada", "ada", KEY, OLD, "8443", "secret", "Bob"):
        assert private not in repr(made)


def test_purposes_keep_their_wording_about_the_new_domain() -> None:
    made = based_on(SOURCE, JOURNAL, NEW, "Grace", NOW)
    said = [(one.name, one.type, one.text, one.who) for one in made.purposes]
    assert said == [(f"app.{NEW}", "CNAME", f"leads members of {NEW} to the app", "Grace")]


def test_next_actions_are_as_far_away_as_they_were_when_they_were_agreed_to() -> None:
    made = based_on(SOURCE, JOURNAL, NEW, "Grace", NOW)
    assert made.actions == (NextAction("restore-test", "Restore a backup.", "", dt.date(2026, 12, 24), False),)
    assert made.say == (
        "Taken over: 2 subdomains, 2 kinds of address, 2 senders, 1 purpose, 1 part that does not exist, 1 next action "
        "and the marker. No owner, answer, connection or secret."
    )


def test_an_empty_project_has_nothing_to_take_over() -> None:
    made = based_on(Project(OLD), [], NEW, "Grace", NOW)
    assert made.project == Project(NEW)
    assert made.say == "There was nothing to take over."


@pytest.mark.parametrize(("old", "new"), [("good.example", "notgood.example"), ("a.example", "a.a.example")])
def test_a_domain_that_ends_as_the_other_does_is_not_mixed_up(old: str, new: str) -> None:
    source = Project(old, urls={"login": f"https://app.{old}/"}, marker=f"At {old} and x{old}")
    made = based_on(source, [], new, "", NOW).project
    assert made.urls == {"login": f"https://app.{new}/"}
    assert made.marker == ""  # the second is another domain: nobody can tell what was meant


def test_the_desk_writes_the_new_project_and_leaves_the_first_as_it_was(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace.open(OLD, create=True) as store:
        store.save_project(SOURCE)
        for entry in JOURNAL:
            store.journal.append(entry.kind, entry.data)
    before = {path: path.read_bytes() for path in (tmp_path / "projects" / OLD).glob("*.*") if path.name != "lock.json"}
    desk = Desk(workspace, clock=Clock(NOW))
    made = desk.start(NEW, LookOptions(subs=("shop",)), like=OLD, who="Grace")
    assert made.project.subs == ("shop",)  # what was said on top counts
    with workspace.open(NEW) as store:
        assert store.project == made.project
        kinds = [entry.kind for entry in store.journal.entries]
    assert kinds == ["template", "purpose", "action"]
    written = b"".join(path.read_bytes() for path in (tmp_path / "projects" / NEW).rglob("*") if path.is_file())
    for private in (b"Ada", KEY.encode(), OLD.encode(), b"cloudflare"):
        assert private not in written
    assert {path: path.read_bytes() for path in before} == before


def test_what_cannot_start_is_said_and_makes_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    desk = Desk(workspace)
    with pytest.raises(Exception, match="There is no project"):
        desk.start(NEW, LookOptions(), like=OLD)
    with pytest.raises(BadOption, match="There is no folder"):
        desk.start(NEW, LookOptions(repo="/no/such/folder"))
    assert not workspace.has(NEW)
    desk.start(NEW, LookOptions())
    with pytest.raises(BadOption, match="one of your launches already"):
        desk.start(NEW, LookOptions())
