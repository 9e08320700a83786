"""deploy.env.required and deploy.env.separated: what the host has, against what the code needs and what tests use."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.hosts.kinds import kind_of
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.hosts.canned import HOSTILE, REFUSED, SILENT, CannedHost, one, settings
from tests.world import NAME, CannedRepo, Row, World, hold, said

READS = "const a = process.env.DATABASE_URL; const b = process.env.STRIPE_SECRET_KEY;\n"


def code(host: CannedHost | None = None, *answers: Answer, **files: str) -> World:
    named = {name.replace("__", "."): text for name, text in (files or {"a__js": READS}).items()}
    return World(repo=CannedRepo(named), answers=answers, more=() if host is None else (host,))


def only(host: CannedHost | None = None, *answers: Answer) -> World:
    return World(answers=answers, more=() if host is None else (host,))


BOTH = settings(one("DATABASE_URL", "a"), one("STRIPE_SECRET_KEY", "b"), one("OTHER", "c"))
OURS = one("DATABASE_URL", "a")
THEIRS = one("DATABASE_URL", "b", "preview")
MINE = one("DATABASE_URL", "c", "development")
NO_CODE = Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})

TABLE: dict[str, list[Row]] = {
    "deploy.env.required": [
        Row("all of them", code(BOTH), Status.PASS, "All 2 settings that your code needs are set"),
        Row("one needed", code(settings(one("A_KEY", "a")), a__js="process.env.A_KEY"), Status.PASS, "A_KEY that your"),
        Row("needs none", code(None, a__js="process.env.PORT"), Status.PASS, "needs no setting"),
        Row("one with a default", code(settings(), a__js="process.env.A_KEY ?? 'x'"), Status.PASS, "needs no setting"),
        Row("set by a file", code(settings(), a__js="process.env.A_KEY", fly__toml="[env]\nA_KEY='x'\n"), Status.PASS),
        Row("one is missing", code(settings(OURS)), Status.FAIL, "Vercel has no STRIPE_SECRET_KEY for production"),
        Row("none is there", code(settings()), Status.FAIL, "DATABASE_URL and STRIPE_SECRET_KEY"),
        Row("only in preview", code(settings(THEIRS, one("STRIPE_SECRET_KEY", "b"))), Status.FAIL, "no DATABASE_URL"),
        Row(
            "facts come before words",
            code(settings(OURS), said("env.required", "all")),
            Status.FAIL,
            "has no STRIPE_SECRET_KEY",
        ),
        Row(
            "one is empty",
            code(settings(OURS, one("STRIPE_SECRET_KEY", empty=True))),
            Status.WARN,
            "STRIPE_SECRET_KEY is there for production, but empty",
        ),
        Row("half of a list", code(settings(OURS, cut="the list goes on")), Status.UNKNOWN, "the list goes on"),
        Row("the host is silent", code(CannedHost()), Status.UNKNOWN, "did not answer within 10 seconds"),
        Row("the host refuses", code(CannedHost(REFUSED)), Status.UNKNOWN, "a new token for Vercel"),
        Row("silent, but somebody looked", code(CannedHost(), said("env.required", "all")), Status.PASS, "Ada said"),
        Row("somebody looked", code(None, said("env.required", "all")), Status.PASS, "has every setting"),
        Row("needs none, by word", only(None, said("env.required", "none")), Status.PASS, "needs none"),
        Row("empty, by word", code(None, said("env.required", "empty", names="A_KEY")), Status.WARN, "(A_KEY)"),
        Row("missing, by word", code(None, said("env.required", "missing")), Status.FAIL, "lacks settings"),
        Row("missing, named", code(None, said("env.required", "missing", names="A_KEY")), Status.FAIL, "(A_KEY)"),
        Row("nobody said", code(), Status.UNKNOWN, "your answer, or a token"),
        Row("does not know", code(None, said("env.required", "unknown")), Status.UNKNOWN),
        Row("said long ago", code(None, said("env.required", "all", days_ago=91)), Status.UNKNOWN, "ask again"),
        Row("no folder", only(settings(OURS)), Status.UNKNOWN, "your answer"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=NO_CODE), Status.INFO, "its builder keeps its settings"),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            code(settings(one(f"A_KEY{HOSTILE}", empty=True), one("A_KEY")), a__js="process.env.A_KEY"),
            Status.PASS,
            hostile=True,
        ),
        Row(
            "hostile answer",
            code(None, said("env.required", "missing", names=HOSTILE, who=HOSTILE)),
            Status.FAIL,
            hostile=True,
        ),
    ],
    "deploy.env.separated": [
        Row("all differ", only(settings(OURS, THEIRS, MINE)), Status.PASS, "their digests differ"),
        Row("only production has it", only(settings(OURS)), Status.PASS, "Only production has DATABASE_URL"),
        Row("there is none of the three", only(settings(one("LOG_LEVEL", "a"))), Status.PASS, "none of them is shared"),
        Row(
            "the same value",
            only(settings(OURS, one("DATABASE_URL", "a", "preview"))),
            Status.FAIL,
            "DATABASE_URL of production and of preview lead to the same: the database is shared",
        ),
        Row(
            "the same database by another address",
            only(settings(one("DATABASE_URL", "a", place="p"), one("POSTGRES_URL", "b", "development", place="p"))),
            Status.FAIL,
            "of production and of development",
        ),
        Row(
            "one entry for all, its value unread",
            only(settings(one("AUTH_SECRET", "e", read=False), one("AUTH_SECRET", "e", "preview", read=False))),
            Status.FAIL,
            "the sign-in secret",
        ),
        Row(
            "a publishable key may be shared",
            only(settings(one("NEXT_PUBLIC_STRIPE_KEY", "a"), one("NEXT_PUBLIC_STRIPE_KEY", "a", "preview"))),
            Status.PASS,
        ),
        Row(
            "a fact comes before words",
            only(settings(OURS, one("DATABASE_URL", "a", "preview")), said("env.separated", "differ")),
            Status.FAIL,
        ),
        Row("unread", only(settings(one("DATABASE_URL", read=False), THEIRS)), Status.UNKNOWN, "your answer"),
        Row("a host with production alone", only(settings(OURS, targets="production")), Status.UNKNOWN, "your answer"),
        Row("unread, but somebody compared", only(settings(one("DATABASE_URL", read=False), THEIRS),
            said("env.separated", "differ")), Status.PASS, "Ada said"),
        Row("half of a list", only(settings(OURS, THEIRS, cut="the list goes on")), Status.UNKNOWN),
        Row("differ, by word", only(None, said("env.separated", "differ")), Status.PASS),
        Row("only production, by word", only(None, said("env.separated", "single")), Status.PASS, "only production"),
        Row("shared, by word", only(None, said("env.separated", "shared")), Status.FAIL, "Make a second one"),
        Row("silent", only(CannedHost(SILENT)), Status.UNKNOWN, "did not answer"),
        Row("nobody said", only(), Status.UNKNOWN, "a token for your web host"),
        Row("no code", World(project=NO_CODE), Status.INFO),
        Row(
            "hostile",
            only(settings(one(f"{HOSTILE}_DATABASE_URL", "a"), one(f"{HOSTILE}_DATABASE_URL", "a", "preview"))),
            Status.FAIL,
            hostile=True,
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (
            "the database",
            "DATABASE_URL DIRECT_DATABASE_URL DATABASE_URL_UNPOOLED POSTGRES_PRISMA_URL PGPASSWORD MONGODB_URI "
            "SUPABASE_SERVICE_ROLE_KEY REDIS_URL KV_REST_API_URL TURSO_AUTH_TOKEN DB_PASSWORD MYSQL_URL",
        ),
        (
            "the sign-in secret",
            "AUTH_SECRET NEXTAUTH_SECRET JWT_SECRET SESSION_SECRET SECRET_KEY SECRET_KEY_BASE CLERK_SECRET_KEY APP_KEY "
            "BETTER_AUTH_SECRET DJANGO_SECRET_KEY RAILS_MASTER_KEY AUTH_GOOGLE_SECRET",
        ),
        ("the payment key", "STRIPE_SECRET_KEY STRIPE_KEY STRIPE_WEBHOOK_SECRET PADDLE_API_KEY LEMONSQUEEZY_API_KEY"),
        (
            "",
            "NEXT_PUBLIC_SUPABASE_URL STRIPE_PUBLISHABLE_KEY PORT LOG_LEVEL SENTRY_DSN_X APP_URL GOOGLE_CLIENT_ID "
            "VITE_STRIPE_KEY OPENAI_API_KEY DB_POOL_SIZE",
        ),
    ],
)
def test_the_three_kinds_are_told_by_their_names(kind: str, names: str) -> None:
    assert {name: kind_of(name) for name in names.split()} == dict.fromkeys(names.split(), kind)
