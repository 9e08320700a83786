"""Files that the next deploy would publish."""

from __future__ import annotations

import pytest

from launchready_tui.checks.audit._published import judge_paths, kind_of
from launchready_tui.model import Status


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("public/dump.sql", "a copy of a database"),
        ("apps/web/static/db.sqlite3", "a copy of a database"),
        ("public/backup-2026.zip", "a backup"),
        ("public/.env", "settings with their passwords"),
        ("wwwroot/server.key", "a private key"),
        ("public/keys/id_rsa", "a private key"),
        ("public/wp-config.php.bak", "a backup"),
        ("static/service-account.json", "a service account"),
        ("dist/.npmrc", "settings"),
    ],
)
def test_what_would_be_published(path: str, what: str) -> None:
    assert kind_of(path) == what


@pytest.mark.parametrize(
    "path",
    [
        "db/dump.sql",
        ".env",
        "public/index.html",
        "public/.env.example",
        "public/.well-known/apple-developer.pem",
        "public/public-key.pem",
        "static/js/app.js",
        "tests/fixtures/public/dump.sql",
        "republic/dump.sql",
        "public/logo.svg",
    ],
)
def test_what_may_be_there(path: str) -> None:
    assert kind_of(path) == ""


def test_the_finding_names_the_file_and_what_to_do() -> None:
    finding = judge_paths(["app.py", "public/dump.sql", "public/.env"])
    assert finding is not None
    assert finding.status is Status.FAIL
    assert finding.saw.startswith("public/.env and public/dump.sql stand in a folder that gets published")
    assert finding.fix is not None
    assert "make a new key for every value" in finding.fix.say
    assert judge_paths(["app.py"]) is None
