"""deploy.smoke.auto: what workflows do after a deploy, and what a person said."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.automations.model import Setup
from launchready_tui.automations.rollbacks import rollbacks
from launchready_tui.automations.write import text_of
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.automations import samples
from tests.automations.samples import GITHUB, GITLAB
from tests.world import NAME, CannedRepo, Row, World, hold, said

ASK = "smoke.auto"


def code(files: dict[str, str], *answers: Answer) -> World:
    return World(project=Project(NAME), repo=CannedRepo({"app.js": "", **files}), answers=answers)


def github(text: str, *answers: Answer) -> World:
    return code({f"{GITHUB}/ci.yml": text}, *answers)


TABLE: dict[str, list[Row]] = {
    "deploy.smoke.auto": [
        *(
            Row(f"ours, {host}", github(text_of("smoke", Setup("github", domain=NAME, host=host))), Status.PASS)
            for host in rollbacks()
        ),
        Row("after the deploy, with a way back", github(samples.WITH_WAY_BACK), Status.PASS, "leads back"),
        Row("on deployment_status", github(samples.BY_STATUS), Status.PASS, "e2e"),
        Row("GitLab", code({GITLAB: samples.GITLAB_JOBS}), Status.PASS, "smoke"),
        Row("by a person's word", code({}, said(ASK, "auto")), Status.PASS, "Ada said"),
        Row("no folder, by a person's word", World(answers=(said(ASK, "auto"),)), Status.PASS, "Ada said"),
        Row("no way back", github(samples.DEPLOY_AND_SMOKE), Status.WARN, "nothing rolls back"),
        Row("by hand", code({}, said(ASK, "hand")), Status.WARN, "by hand"),
        Row("nothing", code({}), Status.FAIL, "launchready-smoke.yml"),
        Row("tests before, not after", github(samples.TESTS), Status.FAIL, "Nothing asks your pages"),
        Row("only by the hour", github(samples.UPPTIME), Status.FAIL),
        Row("nobody looks", code({}, said(ASK, "none")), Status.FAIL, "nobody looks"),
        Row("kept elsewhere", World(repo=CannedRepo({"a": ""}), answers=(said(ASK, "none"),)), Status.FAIL),
        Row("no YAML", github("on: [push\n"), Status.UNKNOWN, "no YAML"),
        Row("no YAML, and a word", github("on: [push\n", said(ASK, "hand")), Status.WARN),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row("a bomb of aliases", github(samples.BOMB), Status.UNKNOWN, "aliases", hostile=True),
        Row("escapes in a name", github(samples.HOSTILE.replace("gitleaks git", "smoke")), Status.FAIL, hostile=True),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
