"""The product's keys and passwords: on the list, and renewed after whoever left."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.checks.handover._settings import once, suggested
from launchready_tui.envscan.survey import survey
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.secretlist import KeptSecret, SecretList, Suggested, holds_a_value, names_a_secret, system_of
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, NOW, CannedRepo, Row, World, hold

TODAY = NOW.date()


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


STRIPE = KeptSecret(
    "STRIPE_SECRET_KEY", "Payments", "1Password, vault Launch", "Ada", ago(30), TODAY + dt.timedelta(days=60)
)
DATABASE = KeptSecret("DATABASE_URL", "Database", "Vercel, settings", "Ada", ago(400), ago(-90), ago(10))
EXAMPLE = ".env.example"
CODE = {
    EXAMPLE: "DATABASE_HOST=\nSTRIPE_SECRET_KEY=\nNEXT_PUBLIC_SITE_KEY=\n",
    "src/server.js": "listen(process.env.PORT);\nopen(process.env.DATABASE_URL);\n",
    "app.py": 'os.environ["LOG_LEVEL"]\n',
}


def world(*kept: KeptSecret, none: str = "", code: dict[str, str] | None = None, broken: str = "") -> World:
    repo = None if code is None and not broken else CannedRepo(code or {}, broken=NoRepo(broken) if broken else None)
    return World(more=(SecretList(kept, none),), repo=repo)


def with_(secret: KeptSecret, **changes: object) -> KeptSecret:
    from dataclasses import replace

    return replace(secret, **changes)  # type: ignore[arg-type]


HOSTILE = KeptSecret("\x1b]0;x\x07KEY", "\u202e[/]", "\x1b[2J", "\x00", TODAY, ago(-9), had=("\x1b",), how="\u202e")

TABLE: dict[str, list[Row]] = {
    "handover.secrets.inventory": [
        Row("all written down", world(STRIPE, DATABASE, code=CODE), Status.PASS, "2 secrets are written down"),
        Row("without a code folder", world(STRIPE), Status.PASS, "no code folder to compare with"),
        Row("none, by a person", world(none="Ada, 3 Nov 2026"), Status.PASS, "Ada, 3 Nov 2026 said"),
        Row("more than the code names", world(STRIPE, DATABASE, code={}), Status.PASS),
        Row("another case", world(with_(STRIPE, name="stripe-secret key"), DATABASE, code=CODE), Status.PASS),
        Row("without days", world(with_(STRIPE, created=None)), Status.WARN, "the day it was made"),
        Row("without an owner", world(with_(STRIPE, owner="")), Status.WARN, "an owner"),
        Row("one of the code's is missing", world(STRIPE, code=CODE), Status.FAIL, "DATABASE_URL (from read in src/"),
        Row("of .env.example", world(DATABASE, code=CODE), Status.FAIL, "STRIPE_SECRET_KEY (from .env.example)"),
        Row("nothing, and the code names some", world(code=CODE), Status.FAIL, "2 secrets of your product are not"),
        Row("none was said, and the code names some", world(none="Ada", code=CODE), Status.FAIL),
        Row("a value in the list", world(with_(STRIPE, location="sk_live_practice00000000000")), Status.FAIL, "itself"),
        Row("nothing known", world(), Status.UNKNOWN, "the list of your secrets"),
        Row("nothing known, code without secrets", world(code={"a.js": ""}), Status.UNKNOWN),
        Row("a code folder that cannot be read", world(STRIPE, broken="it is a file"), Status.UNKNOWN, "it is a file"),
        Row("no list here", World(), Status.UNKNOWN, "the list of your secrets"),
        Row(
            "hostile words", world(HOSTILE, code={EXAMPLE: "\x1b[2J_KEY=\nA_KEY\u202e=x\n"}), Status.PASS, hostile=True
        ),
        Row(
            "hostile code",
            world(code={f"\x1b[31m/{EXAMPLE}": f"{'A' * 300}_KEY=\n" * 50 + "API_KEY=\n", "b.js": "process.env." * 99}),
            Status.FAIL,
            "API_KEY",
            hostile=True,
        ),
    ],
    "handover.secrets.rotated": [
        Row("all new", world(STRIPE, DATABASE), Status.PASS, "the oldest 30 days ago"),
        Row("none, by a person", world(none="Ada, 3 Nov 2026"), Status.PASS),
        Row("179 days", world(with_(STRIPE, created=ago(179))), Status.PASS),
        Row("180 days", world(with_(STRIPE, created=ago(180))), Status.WARN, "180 days old"),
        Row("365 days", world(with_(STRIPE, created=ago(365))), Status.WARN),
        Row("366 days", world(with_(STRIPE, created=ago(366))), Status.FAIL, "366 days old"),
        Row("its day has passed", world(with_(STRIPE, rotate_by=ago(1))), Status.WARN, "was to be renewed by"),
        Row(
            "somebody left",
            world(with_(STRIPE, exposed=ago(5), how="Sam left")),
            Status.FAIL,
            "(Sam left), and was last made new on 25 Oct 2026",
        ),
        Row("renewed since", world(with_(STRIPE, exposed=ago(5), rotated_on=ago(4))), Status.PASS),
        Row("renewed on that day", world(with_(STRIPE, exposed=ago(5), rotated_on=ago(5))), Status.PASS),
        Row(
            "leaked, no day known", world(with_(STRIPE, created=None, exposed=ago(5))), Status.FAIL, "not been made new"
        ),
        Row("no day known", world(with_(STRIPE, created=None)), Status.UNKNOWN, "the day on which each"),
        Row("nothing known", world(), Status.UNKNOWN, "the list of your secrets"),
        Row("no list here", World(), Status.UNKNOWN),
        Row("hostile words", world(with_(HOSTILE, exposed=TODAY, created=ago(1))), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_a_product_without_code_of_its_own_is_not_compared() -> None:
    told = Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})
    from dataclasses import replace

    row = Row("no code", replace(world(STRIPE, code=CODE), project=told), Status.PASS, "no code folder")
    await hold("handover.secrets.inventory", row)


@pytest.mark.parametrize(
    ("name", "secret", "system"),
    [
        ("STRIPE_SECRET_KEY", True, "Payments"),
        ("DATABASE_URL", True, "Database"),
        ("DB_PASSWORD", True, "Database"),
        ("SENTRY_DSN", True, "Monitoring"),
        ("RESEND_API_KEY", True, "Email sender"),
        ("JWT_SECRET", True, "Sign-in"),
        ("API_KEY_2", True, ""),
        ("NEXT_PUBLIC_STRIPE_KEY", False, "Payments"),
        ("STRIPE_PUBLISHABLE_KEY", False, "Payments"),
        ("SUPABASE_ANON_KEY", False, "Database"),
        ("DATABASE_HOST", False, "Database"),
        ("KEYBOARD", False, ""),
        ("PORT", False, ""),
    ],
)
def test_names(name: str, secret: bool, system: str) -> None:
    assert names_a_secret(name) is secret
    assert system_of(name) == system


@pytest.mark.parametrize(
    "text",
    [
        "1Password, vault Launch",
        "Vercel, Settings, Environment Variables",
        "https://vercel.com/acme/maple/settings/environment-variables",
        "op://Private/stripe/key",
        "AWS Secrets Manager, eu-central-1, prod/db",
        "Bitwarden › Production › db-main-2",
        "STRIPE_SECRET_KEY_2",
        "Ada Lovelace",
        "",
    ],
)
def test_references_are_taken(text: str) -> None:
    assert not holds_a_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "sk_live_practice0000000000000000",
        "kept in 1Password: kJ8s9dfKJ3kd92kdLLw",
        "postgres://app:pa55w0rd@db.example/app",
        "9f86d081884c7d659a2feaa0c55ad015",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN PRIVATE KEY-----",
        "xK9#mQ2$vL5@nR8w",
    ],
)
def test_values_are_refused(text: str) -> None:
    assert holds_a_value(text)


def named(path: str, text: str) -> list[Suggested]:
    return list(suggested(survey([path], {path: text}.get)))


def test_what_env_files_declare() -> None:
    text = "# A_KEY=\nexport B_KEY=abc # new\n  C_SECRET = 'x'\nD_TOKEN=\nPORT=3000\n"
    assert named(".env", text) == [
        Suggested("B_KEY", ".env", True),
        Suggested("C_SECRET", ".env", True),
        Suggested("D_TOKEN", ".env", False),
    ]
    assert not any(each.leaked for each in named(".env.example", text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "x.ts",
            "process.env.A_KEY; process.env['B_KEY']; import.meta.env.C_KEY; Deno.env.get('D_KEY'); process.env.PORT",
        ),
        ("x.py", "os.environ['A_KEY']; os.environ.get('B_KEY'); os.getenv('C_KEY'); env('D_KEY')"),
        ("x.rb", "ENV['A_KEY']; ENV.fetch('B_KEY'); ENV['C_KEY']; ENV['D_KEY']"),
        ("x.php", "<?php getenv('A_KEY'); env('B_KEY'); $_ENV['C_KEY']; env('D_KEY');"),
        ("x.rs", 'std::env::var("A_KEY"); env!("B_KEY"); env::var("C_KEY"); option_env!("D_KEY")'),
    ],
)
def test_what_code_reads(path: str, text: str) -> None:
    assert {each.name for each in named(path, text)} == {f"{letter}_KEY" for letter in "ABCD"}


def test_each_name_once_and_a_leak_is_kept() -> None:
    found = once([Suggested("B", "x"), Suggested("A", "x"), Suggested("B", ".env", True)])
    assert found == (Suggested("A", "x"), Suggested("B", ".env", True))
