"""deploy.git.live_matches: the live commit against the default branch, with a real repository beneath."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launchready_tui.answers import Answer
from launchready_tui.checks.deploy.live import in_version
from launchready_tui.engine import judge
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.lineage import Lineage, lineage
from launchready_tui.sources.repo import NoRepo
from launchready_tui.sources.web import Page
from tests.hosts.canned import COMMIT, HOSTILE, CannedHost, release, releases
from tests.world import NAME, CannedRepo, Row, World, by_id, hold, said

HEAD = "1" * 40


class Told(CannedRepo):
    """A repository that says of every commit what it is told."""

    def __init__(self, found: Lineage | NoRepo) -> None:
        super().__init__({"a.js": "1"})
        self._found = found

    async def lineage(self, commit: str) -> Lineage | NoRepo:
        return self._found


def at(host: CannedHost | None, found: Lineage | NoRepo | None, *answers: Answer, **pages: Page) -> World:
    web = {(f"https://{NAME}/{path}" if path != "home" else f"https://{NAME}/"): one for path, one in pages.items()}
    more = () if host is None else (host,)
    return World(repo=Told(found) if found is not None else None, answers=answers, more=more, web=web)


def version(text: str, kind: str = "text/plain") -> Page:
    return Page(f"https://{NAME}/version", 200, (("content-type", kind),), text.encode())


def home(meta: str) -> Page:
    body = f"<!doctype html><title>x</title>{meta}<p>Maple"
    return Page(f"https://{NAME}/", 200, (("content-type", "text/html"),), body.encode())


LIVE = releases(release(live=True))
SAME = Lineage(True, "main", COMMIT, 0)
BEHIND = Lineage(True, "main", HEAD, 5)
FAR = Lineage(True, "main", HEAD, 6)
TAGGED = Lineage(True, "main", HEAD, 40, ("v1.2",))
ASIDE = Lineage(True, "main", HEAD, None)
ABSENT = Lineage(False, "main", HEAD)

TABLE: dict[str, list[Row]] = {
    "deploy.git.live_matches": [
        Row("the head, by the host", at(LIVE, SAME), Status.PASS, "the newest of main"),
        Row("a tag", at(LIVE, TAGGED), Status.PASS, "tagged v1.2"),
        Row("the head, at /version", at(None, SAME, version=version(COMMIT)), Status.PASS),
        Row("in JSON", at(None, SAME, version=version(f'{{"gitSha": "{COMMIT}"}}', "application/json")), Status.PASS),
        Row("in a meta tag", at(None, SAME, home=home(f'<meta name="build-commit" content="{COMMIT}">')), Status.PASS),
        Row("five behind", at(LIVE, BEHIND), Status.WARN, "5 commits behind main"),
        Row("six behind", at(LIVE, FAR), Status.FAIL, "6 commits behind main"),
        Row("on another branch", at(LIVE, ASIDE), Status.WARN, "no part of main"),
        Row("not in the repository", at(None, ABSENT, version=version(COMMIT)), Status.FAIL, "does not have it"),
        Row("sent by hand, not there", at(releases(release(live=True, by="hand")), ABSENT), Status.FAIL, "git fetch"),
        Row("sent uncommitted", at(releases(release(live=True, dirty=True)), SAME), Status.FAIL, "had committed"),
        Row("pushed since", at(LIVE, ABSENT), Status.UNKNOWN, "git fetch in your code folder"),
        Row("shallow", at(None, Lineage(False, "main", HEAD, shallow=True), version=version(COMMIT)), Status.UNKNOWN),
        Row("no folder", at(LIVE, None), Status.UNKNOWN, "your code folder"),
        Row("not git", at(LIVE, NoRepo("the folder is not under git")), Status.UNKNOWN, "not under git"),
        Row("nothing tells", at(None, SAME), Status.UNKNOWN, "your answer"),
        Row("the host is silent", at(CannedHost(), SAME), Status.UNKNOWN, "did not answer within 10 seconds"),
        Row("a page for what is not there", at(None, SAME, version=home("<p>abcdef1")), Status.UNKNOWN),
        Row("the head, by word", at(None, SAME, said("live.commit", "head")), Status.PASS, "Ada said"),
        Row("behind, by word", at(None, None, said("live.commit", "behind")), Status.WARN),
        Row("other, by word", at(None, None, said("live.commit", "other")), Status.FAIL),
        Row("long ago", at(None, None, said("live.commit", "head", days_ago=31)), Status.UNKNOWN, "ask again"),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada"})), Status.INFO),
        Row(
            "hostile",
            at(None, Lineage(True, f"main{HOSTILE}", HEAD, 3), version=version(f"{COMMIT} {HOSTILE}")),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["deploy.git.live_matches"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("deploy.git.live_matches", row)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        (COMMIT, "text/plain", COMMIT),
        (f"v1.2.0 ({COMMIT[:7]})", "text/plain", COMMIT[:7]),
        ('{"version": "1.2.0", "commit": "abc1234"}', "application/json", "abc1234"),
        ('{"version": "1.2.0"}', "application/json", ""),
        ("20261124", "text/plain", ""),
        ("defaced", "text/plain", ""),
        ("--upload-pack=x", "text/plain", ""),
        (f"<html>{COMMIT}", "text/html", ""),
        ("[" * 9_000, "application/json", ""),
        ('{"commit": ' + "[" * 9_000, "application/json", ""),
        (f"{COMMIT} " + "x" * 300, "text/plain", ""),
    ],
)
def test_what_a_version_page_names(text: str, kind: str, found: str) -> None:
    assert in_version(version(text, kind)) == found


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@good.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, what: str = "one more") -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", what)
    return git(folder, "rev-parse", "HEAD")


async def test_a_real_repository_is_compared(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    first, second = commit(tmp_path), commit(tmp_path)
    git(tmp_path, "tag", "v1", first)
    git(tmp_path, "checkout", "-q", "-b", "side", first)
    aside = commit(tmp_path, "beside it")
    assert await lineage(str(tmp_path), second) == Lineage(True, "main", second, 0)
    assert await lineage(str(tmp_path), first[:8]) == Lineage(True, "main", second, 1, ("v1",))
    assert await lineage(str(tmp_path), aside) == Lineage(True, "main", second, None)
    assert await lineage(str(tmp_path), "0123456789abcdef0123456789abcdef01234567") == Lineage(False, "main", second)
    with pytest.raises(ValueError):
        await lineage(str(tmp_path), "--output=/tmp/x")
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}", str(copy))
    found = await lineage(str(copy), first)
    assert isinstance(found, Lineage)
    assert (found.known, found.shallow) == (False, True)


async def test_the_whole_check_reads_a_real_repository(tmp_path: Path) -> None:
    from launchready_tui.sources.repo import Repo

    git(tmp_path, "init", "-q", "-b", "main")
    first = commit(tmp_path)
    commit(tmp_path)
    project = Project(NAME, repo=str(tmp_path))
    world = World(project=project, repo=Repo(project), web={f"https://{NAME}/version": version(first)})
    finding = await judge(by_id("deploy.git.live_matches"), world.context())
    assert (finding.status, finding.saw) == (Status.WARN, f"Commit {first[:12]} is live, 1 commit behind main.")
