"""audit.env.missing: what the code reads and nothing names."""

from __future__ import annotations

import pytest

from launchready_tui import limits
from launchready_tui.checks.audit.env_missing import judge
from launchready_tui.envscan.survey import survey
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
PAY = "export const key = process.env.STRIPE_SECRET_KEY!;\n"
SOFT = "export const level = process.env.LOG_LEVEL ?? 'info';\n"


def code(**files: str) -> World:
    """A repository; in a name "__" is a dot and "0" a slash."""
    return World(repo=CannedRepo({name.replace("__", ".").replace("0", "/"): text for name, text in files.items()}))


TABLE: dict[str, list[Row]] = {
    "audit.env.missing": [
        Row(
            "named",
            code(pay__ts=PAY, __env__example="STRIPE_SECRET_KEY=\n"),
            Status.PASS,
            "The one setting that your code reads is written down",
        ),
        Row("reads none", code(pay__ts="export const a = 1;\n"), Status.PASS, "None of the 1 file"),
        Row("set by the host itself", code(a__js="listen(process.env.PORT, process.env.VERCEL_URL)"), Status.PASS),
        Row("only in a comment", code(a__js="// process.env.GONE\n", __env__example=""), Status.PASS),
        Row(
            "in fly.toml",
            code(a__go='package a\nvar x = os.Getenv("REGION_NAME")', fly__toml="[env]\nREGION_NAME='a'"),
            Status.PASS,
        ),
        Row("set by the image", code(a__rb='ENV.fetch("A_B")', Dockerfile="FROM ruby:3\nENV A_B=1\n"), Status.PASS),
        Row("only one with a default", code(a__ts=SOFT), Status.WARN, "LOG_LEVEL"),
        Row(
            "a placeholder that is used",
            code(pay__ts=PAY, __env__production="STRIPE_SECRET_KEY=changeme\n"),
            Status.WARN,
            ".env.production:1 holds a placeholder for STRIPE_SECRET_KEY",
        ),
        Row(
            "missing, no list",
            code(pay__ts=PAY + SOFT),
            Status.FAIL,
            "Your code needs STRIPE_SECRET_KEY, which nothing in the folder names (first read in pay.ts:1)",
        ),
        Row(
            "missing in the list", code(pay__ts=PAY, __env__sample="OTHER=\n"), Status.FAIL, "Add to .env.sample a line"
        ),
        Row("missing in Python", code(a__py='import os\nKEY = os.environ["A_KEY"]\n'), Status.FAIL, "A_KEY"),
        Row(
            "each package has its own list",
            code(
                apps0web0package__json="{}",
                apps0web0__env__example="A=\n",
                apps0web0a__js="process.env.B_KEY",
                apps0api0package__json="{}",
                apps0api0__env__example="B_KEY=\n",
            ),
            Status.FAIL,
            "B_KEY",
        ),
        Row(
            "a shared package counts with all",
            code(
                packages0db0package__json="{}",
                packages0db0a__js="process.env.B_KEY",
                apps0api0package__json="{}",
                apps0api0__env__example="B_KEY=\n",
            ),
            Status.PASS,
        ),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row(
            "not git",
            World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))),
            Status.UNKNOWN,
            "under git",
        ),
        Row(
            "no code of their own", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO
        ),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            World(
                repo=CannedRepo(
                    {
                        f"{HOSTILE}.js": f"process.env.GOOD_NAME; process.env['{HOSTILE}']\n",
                        f".env.example.{HOSTILE}": "A=\n",
                        "turbo.json": "[" * 90_000,
                        "render.yaml": "a: &a [*a, *a]\n" + "- " * 40_000,
                        "fly.toml": "a." * 40_000 + "b=1",
                    }
                )
            ),
            Status.FAIL,
            "GOOD_NAME",
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


def test_what_the_host_names_is_not_missing() -> None:
    files = {"pay.ts": PAY, "db.py": 'import os\nos.environ["DATABASE_URL"]\n'}
    found = survey(files, files.get)
    assert judge(found).status is Status.FAIL
    assert judge(found, frozenset({"STRIPE_SECRET_KEY"})).subject == "DATABASE_URL"
    assert judge(found, frozenset({"STRIPE_SECRET_KEY", "DATABASE_URL"})).status is Status.PASS


async def test_a_new_list_holds_names_and_no_values() -> None:
    finding = await hold("audit.env.missing", Row("", code(pay__ts=PAY), Status.FAIL))
    assert finding.fix is not None
    (file,) = finding.fix.files
    assert file.path == ".env.example"
    assert (file.text or "").endswith("STRIPE_SECRET_KEY=\n")


def test_a_folder_too_large_is_said_and_not_called_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ENV_FILES", 3)
    files = {f"src/a{number}.js": "1" for number in range(9)}
    found = survey(files, files.get)
    assert found.cut == "only the first 3 files were read"
    assert judge(found).status is Status.WARN
    assert "only the first 3 files were read" in judge(found).saw
