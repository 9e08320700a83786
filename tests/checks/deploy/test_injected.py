"""deploy.secrets.injected: keys in images, compose files and workflows."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
READS = "process.env.STRIPE_SECRET_KEY"
VALUE = "Xk29vLq81mZr04Tb"  # of no service


def code(*answers: Answer, **files: str) -> World:
    named = {name.replace("__", ".").replace("0", "/"): text for name, text in files.items()}
    return World(repo=CannedRepo(named), answers=answers)


def compose(line: str) -> str:
    return f"services:\n  app:\n    image: app:1\n    environment:\n      {line}\n"


def workflow(line: str) -> str:
    return f"on: push\njobs:\n  a:\n    runs-on: x\n    env:\n      {line}\n    steps: []\n"


WORKFLOW = "__github0workflows0deploy__yml"
TABLE: dict[str, list[Row]] = {
    "deploy.secrets.injected": [
        Row("reads no key", code(a__js="process.env.SITE_NAME"), Status.PASS, "reads no key and no password"),
        Row("from the host", code(said("secrets.injected", "host"), a__js=READS), Status.PASS, "Ada said"),
        Row("needs none", code(said("secrets.injected", "none"), a__js=READS), Status.PASS, "there are no keys"),
        Row(
            "by hand", code(said("secrets.injected", "hand"), a__js=READS), Status.WARN, "copied to the server by hand"
        ),
        Row(
            "ENV",
            code(Dockerfile=f"FROM a:1\nENV API_SECRET={VALUE}\n"),
            Status.FAIL,
            "Dockerfile writes API_SECRET into the image",
        ),
        Row("ENV of old", code(Dockerfile=f"FROM a:1\nENV API_SECRET {VALUE}\n"), Status.FAIL),
        Row("ARG", code(Dockerfile="FROM a:1\nARG NPM_TOKEN\nRUN npm ci\n"), Status.FAIL, "--mount=type=secret"),
        Row(
            "compose", code(compose__yaml=compose(f"DB_PASSWORD: {VALUE}")), Status.FAIL, "compose.yaml holds the value"
        ),
        Row(
            "compose, in a URL",
            code(compose__yaml=compose(f"DATABASE_URL: postgres://app:{VALUE}@db/app")),
            Status.FAIL,
        ),
        Row("workflow", code(**{WORKFLOW: workflow(f"DEPLOY_TOKEN: {VALUE}")}), Status.FAIL, "secrets.DEPLOY_TOKEN"),
        Row(
            "an answer does not help",
            code(said("secrets.injected", "host"), Dockerfile="FROM a\nARG NPM_TOKEN\n"),
            Status.FAIL,
        ),
        Row("ENV that refers", code(a__js=READS, Dockerfile="FROM a:1\nARG SITE\nENV SITE=$SITE\n"), Status.UNKNOWN),
        Row(
            "ENV for the build only",
            code(a__js=READS, Dockerfile="FROM a:1\nENV SECRET_KEY_BASE=dummy\n"),
            Status.UNKNOWN,
        ),
        Row(
            "compose that refers",
            code(a__js=READS, compose__yaml=compose("DB_PASSWORD: ${DB_PASSWORD}")),
            Status.UNKNOWN,
        ),
        Row(
            "a developer's own database",
            code(a__js=READS, compose__yaml=compose("POSTGRES_PASSWORD: postgres")),
            Status.UNKNOWN,
        ),
        Row(
            "for development only",
            code(a__js=READS, compose__dev__yaml=compose(f"DB_PASSWORD: {VALUE}")),
            Status.UNKNOWN,
        ),
        Row(
            "workflow that refers",
            code(a__js=READS, **{WORKFLOW: workflow("TOKEN: ${{ secrets.TOKEN }}")}),
            Status.UNKNOWN,
        ),
        Row("nobody said", code(a__js=READS), Status.UNKNOWN, "your word"),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            World(
                repo=CannedRepo({"Dockerfile": f"ENV A_SECRET='{HOSTILE}'\n" + "ARG " * 20_000, "compose.yml": "a: *b"})
            ),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    finding = await hold(id, row)
    assert VALUE not in repr(finding)
