"""deploy.env.live_values: values of a test in what production runs with."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.envscan.faults import not_live
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
READS = "process.env.STRIPE_SECRET_KEY"
KEY = "sk_" + "test_51MadeUpForThisTable"


def code(*answers: Answer, **files: str) -> World:
    named = {name.replace("__", ".").replace("0", "/"): text for name, text in files.items()}
    return World(repo=CannedRepo(named), answers=answers)


TABLE: dict[str, list[Row]] = {
    "deploy.env.live_values": [
        Row("reads none of its own", code(a__js="process.env.PORT"), Status.PASS, "reads no setting of its own"),
        Row("looked", code(said("deploy.live", "live"), a__js=READS), Status.PASS, "Ada looked on 23 Nov 2026"),
        Row("there are none", code(said("deploy.live", "none"), a__js=READS), Status.PASS),
        Row(
            "looked, and files agree",
            code(said("deploy.live", "live"), a__js=READS, fly__toml="[env]\nAPP_URL='https://good.example'\n"),
            Status.PASS,
            "The 1 value for production in your code folder is sound",
        ),
        Row("test keys", code(said("deploy.live", "test"), a__js=READS), Status.FAIL, "Ada said"),
        Row(
            "in .env.production",
            code(said("deploy.live", "live"), a__js=READS, __env__production=f"STRIPE_SECRET_KEY={KEY}\n"),
            Status.FAIL,
            ".env.production sets STRIPE_SECRET_KEY for production, and that is a test key",
        ),
        Row(
            "localhost",
            code(vercel__json='{"env": {"API_URL": "http://localhost:3000"}}'),
            Status.FAIL,
            "this very machine",
        ),
        Row("ngrok", code(fly__toml="[env]\nHOOK='https://a1.ngrok-free.app'\n"), Status.FAIL, "laptop"),
        Row(
            "debug",
            code(render__yaml="services:\n- envVars:\n  - key: DEBUG\n    value: 'true'\n"),
            Status.FAIL,
            "debugging",
        ),
        Row("NODE_ENV", code(Dockerfile="FROM node:24\nENV NODE_ENV=development\n"), Status.FAIL, "not “production”"),
        Row(
            "a compose file is for one machine",
            code(a__js=READS, compose__yml="services:\n a:\n  environment:\n   X: localhost\n"),
            Status.UNKNOWN,
        ),
        Row("an example is no production", code(a__js=READS, __env__example="URL=http://localhost\n"), Status.UNKNOWN),
        Row("nobody said", code(a__js=READS), Status.UNKNOWN, "one look by you"),
        Row("does not know", code(said("deploy.live", "unknown"), a__js=READS), Status.UNKNOWN),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            World(repo=CannedRepo({".env.production": f"A='localhost {HOSTILE}'\n", "fly.toml": "[" * 9_000})),
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
    await hold(id, row)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_KEY", KEY),
        ("NEXT_PUBLIC_STRIPE", "pk_" + "test_x1"),
        ("APP_URL", "http://localhost:3000"),
        ("DATABASE_URL", "postgres://a@127.0.0.1/b"),
        ("HOOK", "https://x.ngrok.io"),
        ("SITE", "https://app-git-main-team.vercel.app"),
        ("SITE", "https://staging.good.example"),
        ("DEBUG", "True"),
        ("APP_DEBUG", "1"),
        ("NODE_ENV", "development"),
        ("APP_ENV", "local"),
    ],
)
def test_not_for_production(name: str, value: str) -> None:
    assert not_live(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_KEY", "sk_" + "live_x1"),
        ("APP_URL", "https://good.example"),
        ("HOST", "0.0.0.0"),
        ("DEBUG", "false"),
        ("NODE_ENV", "production"),
        ("NAME", "localhosting"),
        ("API_URL", "${LOCAL_URL}"),
        ("DATABASE_URL", ""),
        ("RETEST_COUNT", "3"),
        ("URL", None),
    ],
)
def test_for_production(name: str, value: str | None) -> None:
    assert not_live(name, value) == ""
