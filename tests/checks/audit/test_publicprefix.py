"""audit.secrets.publicprefix: a secret that a build prints into the browser."""

from __future__ import annotations

import pytest

from launchready_tui import limits
from launchready_tui.checks.audit.publicprefix import judge
from launchready_tui.envscan.faults import PUBLIC, public_secret
from launchready_tui.envscan.survey import survey
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"


def code(**files: str) -> World:
    return World(repo=CannedRepo({name.replace("__", "."): text for name, text in files.items()}))


TABLE: dict[str, list[Row]] = {
    "audit.secrets.publicprefix": [
        Row("public on purpose", code(a__ts="process.env.NEXT_PUBLIC_URL"), Status.PASS, "None of the 1 name"),
        Row("none public", code(a__ts="process.env.STRIPE_SECRET_KEY"), Status.PASS, "no setting that a build prints"),
        Row("a comment", code(a__ts="// import.meta.env.VITE_SECRET\n"), Status.PASS),
        Row(
            "service role",
            code(a__tsx="const k = import.meta.env.VITE_SUPABASE_SERVICE_ROLE_KEY;"),
            Status.FAIL,
            "VITE_SUPABASE_SERVICE_ROLE_KEY begins with VITE_",
        ),
        Row("only in the example", code(__env__example="NEXT_PUBLIC_JWT_SECRET=\n"), Status.FAIL, "JWT_SECRET"),
        Row("an ARG of the image", code(Dockerfile="FROM a\nARG REACT_APP_DB_PASSWORD\n"), Status.FAIL),
        Row("SvelteKit", code(a__ts='import { PUBLIC_ADMIN_TOKEN } from "$env/static/public";'), Status.FAIL),
        Row(
            "two",
            code(a__js="process.env.EXPO_PUBLIC_PRIVATE_KEY + process.env.NUXT_PUBLIC_SECRET"),
            Status.FAIL,
            "NUXT_PUBLIC_SECRET begin with",
        ),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            World(
                repo=CannedRepo({f"{HOSTILE}.ts": "import.meta.env.VITE_A_SECRET", ".env": f"VITE_SECRET_{HOSTILE}=1"})
            ),
            Status.FAIL,
            "VITE_A_SECRET",
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


@pytest.mark.parametrize("prefix", PUBLIC)
@pytest.mark.parametrize("word", ["SECRET", "SERVICE_ROLE", "PRIVATE", "PASSWORD", "ADMIN"])
def test_every_prefix_with_every_word(prefix: str, word: str) -> None:
    assert public_secret(f"{prefix}X_{word}_Y") == prefix
    assert public_secret(f"X_{word}_Y") == ""
    assert public_secret(f"{prefix}SITE_URL") == ""


def test_what_was_not_seen_is_not_called_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ENV_FILES", 1)
    files = {"a.js": "1", "b.js": "process.env.VITE_SECRET"}
    assert judge(survey(files, files.get)).status is Status.UNKNOWN
