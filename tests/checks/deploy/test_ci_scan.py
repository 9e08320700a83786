"""deploy.secrets.ci_scan: what workflows run on a push, and what a person said."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.automations.model import Setup
from launchready_tui.automations.write import text_of
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.automations import samples
from tests.automations.samples import GITHUB, GITLAB
from tests.world import NAME, CannedRepo, Row, World, hold, said

OURS = text_of("secrets", Setup("github", domain=NAME, home=f"https://{NAME}/"))


def code(files: dict[str, str], *answers: Answer) -> World:
    return World(project=Project(NAME), repo=CannedRepo(files), answers=answers)


def github(text: str, *answers: Answer) -> World:
    return code({"app.js": "", f"{GITHUB}/ci.yml": text}, *answers)


TABLE: dict[str, list[Row]] = {
    "deploy.secrets.ci_scan": [
        Row("gitleaks' action", github(samples.GITLEAKS), Status.PASS, "ci.yml (scan)"),
        Row("trufflehog in a container", github(samples.TRUFFLEHOG), Status.PASS),
        Row("GitLab's template", code({GITLAB: samples.GITLAB_SCAN}), Status.PASS),
        Row("ours", github(OURS), Status.PASS, "on each push"),
        Row("push protection", github(samples.TESTS, said("push.protection", "on")), Status.PASS, "Ada said"),
        Row("only at night", github(samples.SCHEDULED_SCAN), Status.FAIL, "gitleaks"),
        Row("only tests", github(samples.TESTS), Status.FAIL, "launchready-secrets.yml"),
        Row("no workflow", code({"app.js": ""}), Status.FAIL, "Nothing looks for keys"),
        Row("no push protection", code({"app.js": ""}, said("push.protection", "off")), Status.FAIL),
        Row("GitLab", code({GITLAB: samples.GITLAB_JOBS}), Status.FAIL, ".gitlab-ci.yml takes it in"),
        Row("GitLab, not to be edited", code({GITLAB: "include: /a.yml\n"}), Status.FAIL, "gitleaks git"),
        Row("a workflow that is none", github("on: [push\n"), Status.UNKNOWN, "could not be read (it is no YAML)"),
        Row("none, but the host refuses", github("on: [push\n", said("push.protection", "on")), Status.PASS),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row("a bomb of aliases", github(samples.BOMB), Status.UNKNOWN, "aliases", hostile=True),
        Row("deep", github(samples.DEEP), Status.UNKNOWN, "could not be read", hostile=True),
        Row("an object of Python's", github(samples.PYTHON), Status.FAIL, hostile=True),
        Row("too long", github(f"on: push\n#{'x' * 400_000}"), Status.UNKNOWN, "too long", hostile=True),
        Row("escapes in a name", github(samples.HOSTILE), Status.PASS, hostile=True),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
