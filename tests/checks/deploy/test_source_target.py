"""deploy.source.ci and deploy.rollback.target: what the host's list of deployments says, and what people say."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.model import Status
from launchready_tui.project import Project
from tests.hosts.canned import HOSTILE, CannedHost, release, releases
from tests.world import NAME, CannedRepo, Row, World, hold, said

NO_CODE = World(project=Project(NAME, absent={"repository": "Ada"}))
CI = {".github/workflows/deploy.yml": "jobs:\n  a:\n    steps:\n    - run: vercel deploy --prod --token x\n"}


def at(host: CannedHost | None = None, *answers: Answer, files: dict[str, str] | None = None) -> World:
    repo = CannedRepo(files) if files is not None else None
    return World(answers=answers, repo=repo, more=() if host is None else (host,))


def by(*hands: str) -> CannedHost:
    """Five releases, these of them by hand; "" is one that the host says nothing of."""
    last = [release(f"d{n}", n, by="hand" if who else "", who=who) for n, who in enumerate(hands, 1)]
    return releases(*last, *(release(f"g{n}", 10 + n) for n in range(5 - len(last))), release("old", 90, by="hand"))


LIVE = release("live", 1, live=True)
TABLE: dict[str, list[Row]] = {
    "deploy.source.ci": [
        Row("all from git", at(by()), Status.PASS, "The last 5 releases went live from git or CI"),
        Row("one, and it is from git", at(releases(release())), Status.PASS, "1 release went"),
        Row("one by hand", at(by("ada")), Status.WARN, "1 of the last 5 releases was put live by hand, by ada"),
        Row("two by hand", at(by("ada", "grace")), Status.WARN, "by ada and grace"),
        Row("three by one person", at(by("ada", "ada", "ada")), Status.FAIL, "3 of the last 5"),
        Row("three by three", at(by("ada", "grace", "lin")), Status.WARN, "ada, grace and lin"),
        Row("three by nobody named", at(releases(*(release(f"d{n}", n, by="hand", who="") for n in (1, 2, 3)))),
            Status.WARN, "3 of the last 3"),
        Row("CI may have run it", at(by("ada", "ada", "ada"), files=CI), Status.UNKNOWN, "deploy.yml runs such"),
        Row("CI ran it, by word", at(by("ada", "ada", "ada"), said("deploy.source", "ci"), files=CI), Status.PASS),
        Row("words against facts", at(by("ada", "ada", "ada"), said("deploy.source", "ci")), Status.FAIL),
        Row("another workflow", at(by("ada"), files={".gitlab-ci.yml": "test:\n  script: npm test"}), Status.WARN),
        Row("the host does not say", at(by("", "")), Status.UNKNOWN, "your answer"),
        Row("it does not say, a person does", at(by("", ""), said("deploy.source", "few")), Status.WARN),
        Row("none yet", at(releases()), Status.UNKNOWN),
        Row("silent", at(CannedHost()), Status.UNKNOWN, "did not answer"),
        Row("nobody said", at(), Status.UNKNOWN, "a token for your web host"),
        Row("by itself, by word", at(None, said("deploy.source", "ci")), Status.PASS, "Ada said"),
        Row("the first, by word", at(None, said("deploy.source", "first")), Status.PASS, "first release"),
        Row("by hand, by word", at(None, said("deploy.source", "hand")), Status.FAIL, "connect the repository"),
        Row("no code", NO_CODE, Status.INFO),
        Row("hostile", at(by(HOSTILE, HOSTILE, HOSTILE)), Status.FAIL, hostile=True),
    ],
    "deploy.rollback.target": [
        Row("there is one", at(releases(LIVE, release("d2", 3, back=True))), Status.PASS, "can be put live again"),
        Row("thirty days", at(releases(LIVE, release("d2", 30, back=True))), Status.PASS),
        Row("31 days", at(releases(LIVE, release("d2", 31, back=True))), Status.WARN, "it is 31 days old"),
        Row("newest counts", at(releases(LIVE, release("d2", back=True), release("d3", 90, back=True))), Status.PASS),
        Row("only the live one", at(releases(LIVE)), Status.FAIL, "no earlier release"),
        Row("the live one is no way back", at(releases(release(live=True, back=True))), Status.FAIL),
        Row("none is eligible", at(releases(LIVE, release("d2", 3))), Status.FAIL),
        Row("the earlier one failed", at(releases(LIVE, release("d2", 3, back=True, ok=False))), Status.FAIL),
        Row("there may be older ones", at(releases(LIVE, whole=False)), Status.UNKNOWN, "there may be older ones"),
        Row("none at all", at(releases()), Status.UNKNOWN, "lists no deployment"),
        Row("silent", at(CannedHost()), Status.UNKNOWN, "did not answer"),
        Row("nobody said", at(), Status.UNKNOWN, "your answer"),
        Row("a fact before words", at(releases(LIVE), said("rollback.target", "recent")), Status.FAIL),
        Row("recent, by word", at(None, said("rollback.target", "recent")), Status.PASS),
        Row("old, by word", at(None, said("rollback.target", "old")), Status.WARN),
        Row("none, by word", at(None, said("rollback.target", "none")), Status.FAIL, "two of it"),
        Row("long ago", at(None, said("rollback.target", "recent", days_ago=31)), Status.UNKNOWN, "ask again"),
        Row("no code", NO_CODE, Status.INFO),
        Row("hostile", at(releases(LIVE, release(HOSTILE, 3, back=True, commit=HOSTILE))), Status.PASS, hostile=True),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
