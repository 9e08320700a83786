"""deploy.smoke.api: health pages of many shapes."""

from __future__ import annotations

import json

import pytest

from launchready_tui.checks.deploy.api import read
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold

API = f"https://api.{NAME}/health"


def api(body: object = None, status: int = 200, type: str = "application/json", seconds: float = 0.1) -> World:
    text = body if isinstance(body, str) else json.dumps(body)
    return reply(Page(API, status, (("content-type", type),), text.encode("utf-8", "surrogatepass"), seconds=seconds))


def reply(found: Reply | None, url: str | None = API) -> World:
    urls = {} if url is None else {"api": url}
    return World(project=Project(NAME, urls=urls), web={found.url: found} if found else {})


SOUND = {"status": "ok", "db": "ok"}
TABLE: dict[str, list[Row]] = {
    "deploy.smoke.api": [
        Row(
            "a shield's question",
            reply(Page(API, 202, (("x-amzn-waf-action", "challenge"),))),
            Status.UNKNOWN,
            "a rule at AWS WAF",
        ),
        Row("asked too often", api(SOUND, status=429), Status.UNKNOWN, "too often"),
        Row("packed unasked", reply(Page(API, 200, encoding="br")), Status.UNKNOWN, "cannot read"),
        Row("sound", api(SOUND), Status.PASS, "looks at its database"),
        Row(
            "sound, deep",
            api({"status": "pass", "checks": {"postgres:responseTime": [{"status": "pass"}]}}),
            Status.PASS,
        ),
        Row(
            "sound, a list of checks",
            api({"status": "up", "checks": [{"name": "database", "status": "up"}]}),
            Status.PASS,
        ),
        Row("sound, 201", api(SOUND, status=201), Status.PASS),
        Row("no look at the database", api({"status": "ok"}), Status.WARN, "does not look at its database"),
        Row("no status", api({"db": {"latency": 3}}), Status.WARN, "no status field"),
        Row("slow", api(SOUND, seconds=1.4), Status.WARN, "1.4 seconds"),
        Row("plain text", api("OK", type="text/plain"), Status.WARN, "not with JSON"),
        Row("says that it is down", api({"status": "error", "db": "down"}), Status.FAIL, "itself reports trouble"),
        Row("says so in a list", api({"status": "ok", "checks": [{"name": "db", "status": "down"}]}), Status.FAIL),
        Row("404", api(SOUND, status=404), Status.FAIL, "answers 404"),
        Row("503", api({"status": "down"}, status=503), Status.FAIL, "answers 503"),
        Row("a web page", api("<!DOCTYPE html><p>hi", type="text/html"), Status.FAIL, "web page"),
        Row("a web page in disguise", api("<html><p>hi"), Status.FAIL, "web page"),
        Row("refused", reply(None), Status.FAIL, "refused"),
        Row("silence", reply(NoPage(API, "timeout", "said nothing")), Status.UNKNOWN, "another look"),
        Row("never asked", reply(None, None), Status.UNKNOWN, "address of your API"),
        Row("there is none", reply(None, ""), Status.INFO),
        Row("nested without end", api("[" * 100_000), Status.WARN, hostile=True),
        Row(
            "escapes", api({"status": "\x1b[2Jfail", "db\u202e": "down", "database": "DOWN"}), Status.FAIL, hostile=True
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize("name", ["db", "database", "Postgres", "mongodb", "redisCache", "primary_db", "checkDatabase"])
def test_names_of_databases(name: str) -> None:
    health = read(json.dumps({name: "ok"}))
    assert health is not None
    assert health.store


@pytest.mark.parametrize("name", ["debug", "feedback", "version", "dbz", "uptime"])
def test_other_names(name: str) -> None:
    health = read(json.dumps({name: "ok"}))
    assert health is not None
    assert not health.store


def test_what_is_no_object_is_not_read() -> None:
    assert read("[]") is None
    assert read("nonsense") is None
    assert read("NaN") is None
