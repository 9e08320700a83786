"""Keys in the code and in its history, as the checks judge what a scan found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import FileChange, Severity, Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.secretlist import KeptSecret, SecretList
from launchready_tui.secretmarks import Mark, SecretMarks, place_of
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, NOW, CannedRepo, Row, World, hold

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
STRIPE = Found("stripe-key", "Stripe live key", "secret", "src/config.js", 3, "a1" * 16, "sk_live_… (32 characters)")
OLD = replace(STRIPE, commit="3fa2c1b7d9e0f1a2b3c4d5e6f708192a3b4c5d6e", day="2026-03-03", path="config.js")
ENV = replace(STRIPE, path=".env", print="b2" * 16)
ANON = Found(
    "supabase-public", "Supabase publishable key", "public", "src/db.ts", 1, "c3" * 16, "sb_publishable_… (46)"
)
TOKEN = Found("jwt", "signed token (JWT)", "debatable", "docs/api.md", 9, "d4" * 16, "eyJ… (200 characters)")
VALUE = Found("secret-value", "secret value", "secret", "app/settings.py", 12, "e5" * 16, "… (18 characters)")
CODE = CannedRepo({"app.py": ""})


def scanned(*found: Found, left: int = 0, long: int = 0, cut: bool = False, engine: str = "own rules") -> Scanned:
    return Scanned(engine, found, 40, left, long, cut)


def marked(found: Found, *, state: str = "rotated", print: str = "") -> SecretMarks:
    day = dt.date(2026, 11, 20) if state == "rotated" else None
    kind = "rotated" if state == "rotated" else "false-alarm"
    mark = Mark(print or found.print, place_of(found), kind, "Ada", NOW, day, "a made-up value")  # type: ignore[arg-type]
    return SecretMarks({mark.print: mark})


def tree(*found: Found, marks: SecretMarks | None = None, **more: int) -> World:
    return World(repo=CODE, scan={"worktree": scanned(*found, **more)}, more=(marks,) if marks else ())  # type: ignore[arg-type]


def past(*found: Found, marks: SecretMarks | None = None, **more: int) -> World:
    return World(repo=CODE, scan={"history": scanned(*found, **more)}, more=(marks,) if marks else ())  # type: ignore[arg-type]


def listed_as(rotated: dt.date, name: str = "STRIPE_SECRET_KEY") -> World:
    """The old key was the value of STRIPE_SECRET_KEY; the list of secrets says when one was renewed."""
    old = scanned(replace(OLD, label="STRIPE_SECRET_KEY"))
    return World(repo=CODE, scan={"history": old}, more=(SecretList((KeptSecret(name, rotated_on=rotated),)),))


def _shared(part: str) -> list[Row]:
    hostile = replace(STRIPE, path=HOSTILE, shown=HOSTILE, commit="" if part == "worktree" else HOSTILE, day=HOSTILE)
    return [
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row(
            "not git",
            World(repo=CODE, scan={part: NoRepo("the folder is not under git")}),
            Status.UNKNOWN,
            "the folder is not under git",
        ),
        Row("no code, by the project", World(project=Project(NAME, absent={"repository": "Ada"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row("hostile path", World(repo=CODE, scan={part: scanned(hostile)}), Status.FAIL, hostile=True),
        Row("hostile reason", World(repo=CODE, scan={part: NoRepo(HOSTILE)}), Status.UNKNOWN, hostile=True),
    ]


TABLE: dict[str, list[Row]] = {
    "audit.secrets.worktree": [
        Row("nothing", tree(), Status.PASS, "No key stands in the 40 files"),
        Row("only what may be seen", tree(ANON), Status.PASS, "1 key that is meant to be seen is in it"),
        Row("a Stripe key", tree(STRIPE), Status.FAIL, "A Stripe live key is in your code (src/config.js, line 3)."),
        Row("where a new one is made", tree(STRIPE), Status.FAIL, "https://dashboard.stripe.com/apikeys"),
        Row("a value beside a telling name", tree(VALUE), Status.FAIL, severity=Severity.HIGH),
        Row("two", tree(STRIPE, ENV), Status.FAIL, "2 keys are in your code"),
        Row("the same one twice", tree(STRIPE, replace(STRIPE, line=9)), Status.FAIL, "A Stripe live key is in"),
        Row("made new", tree(STRIPE, marks=marked(STRIPE)), Status.PASS, "made new since"),
        Row("no key, said a person", tree(STRIPE, marks=marked(STRIPE, state="false")), Status.PASS),
        Row("another one made new", tree(STRIPE, ENV, marks=marked(STRIPE)), Status.FAIL, "in your code (.env"),
        Row("it may be one", tree(TOKEN), Status.WARN, "may still open something"),
        Row("it may be one, and is not", tree(TOKEN, marks=marked(TOKEN, state="false")), Status.PASS),
        Row("past the cap", tree(left=12), Status.UNKNOWN, "12 texts"),
        Row("past the cap, and a key", tree(STRIPE, left=12), Status.FAIL),
        *_shared("worktree"),
    ],
    "audit.secrets.history": [
        Row("nothing", past(), Status.PASS, "40 versions of files"),
        Row(
            "as a person says it",
            past(OLD),
            Status.FAIL,
            "A Stripe live key is in your history (config.js, 3 March 2026, commit 3fa2c1b). Deleting the file does "
            "not help: make a new key at Stripe, then tell us the day.",
        ),
        Row("then tell us the day", past(OLD), Status.FAIL, "tell us the day"),
        Row("made new", past(OLD, marks=marked(OLD)), Status.PASS, "made new since"),
        Row("made new, told by its place", past(OLD, marks=marked(OLD, print="0" * 32)), Status.PASS),
        Row("renewed, by the list", listed_as(dt.date(2026, 3, 4)), Status.PASS),
        Row("renewed on the same day, by the list", listed_as(dt.date(2026, 3, 3)), Status.FAIL),
        Row("renewed before, by the list", listed_as(dt.date(2026, 1, 3)), Status.FAIL),
        Row("another one renewed, by the list", listed_as(dt.date(2026, 3, 4), "GITHUB_TOKEN"), Status.FAIL),
        Row("it may be one", past(replace(TOKEN, commit="ab" * 20)), Status.WARN),
        Row("past the cap", past(left=3), Status.UNKNOWN, "200 MB"),
        Row(
            "a shallow copy",
            World(repo=CODE, scan={"history": Scanned("own rules", read=4, shallow=True)}),
            Status.UNKNOWN,
            "git fetch --unshallow",
        ),
        *_shared("history"),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda each: getattr(each, "label", each),
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_which_engine_ran_is_in_the_evidence_and_no_value_is() -> None:
    for engine, said in (("own rules", "our own rules"), ("kingfisher", "kingfisher with our own rules")):
        world = World(repo=CODE, scan={"history": scanned(OLD, engine=engine, left=2, long=1)})
        finding = await hold("audit.secrets.history", Row("", world, Status.FAIL))
        lines = [each.text for each in finding.evidence]
        assert lines[0].startswith(f"{said}; 40 texts read; 2 texts past our cap not read; 1 very long one")
        assert "fingerprint a1a1a1a1" in lines[1]
        assert finding.evidence[1].source == "config.js:3 at 3fa2c1b7d9"


async def test_a_tracked_env_file_is_taken_out_of_git_by_the_fix_and_others_are_not() -> None:
    finding = await hold("audit.secrets.worktree", Row("", tree(ENV, STRIPE), Status.FAIL))
    assert finding.fix is not None
    assert (finding.fix.kind, finding.fix.files) == ("file", (FileChange(".env", None),))
    loose = replace(ENV, tracked=False)
    finding = await hold("audit.secrets.worktree", Row("", tree(loose), Status.FAIL))
    assert finding.fix is not None
    assert (finding.fix.kind, finding.fix.files) == ("steps", ())


async def test_one_key_in_code_and_history_is_one_fault() -> None:
    here = await hold("audit.secrets.worktree", Row("", tree(STRIPE), Status.FAIL))
    there = await hold("audit.secrets.history", Row("", past(OLD), Status.FAIL))
    assert here.cause == there.cause != ""
