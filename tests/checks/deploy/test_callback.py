"""deploy.smoke.callback: what the callback answers without a code, and what a person saw at the provider."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.answers import Answer
from launchready_tui.checks.deploy.callback import callback_of
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.html import parse
from launchready_tui.sources.web import NoPage, Reply
from tests.checks.deploy.test_home import moved, page
from tests.world import NAME, Row, World, hold, said

URL = f"https://{NAME}/auth/callback"
LOGIN = f"https://{NAME}/login"
LISTED, MISSING = said("callback.listed", "listed"), said("callback.listed", "missing")
FORM = "<form><input type=email><input type=password><button>Log in</button></form>"


def named(*replies: Reply, answers: tuple[Answer, ...] = (), url: str | None = URL) -> World:
    urls = {"login": LOGIN} | ({} if url is None else {"callback": url})
    return World(project=Project(NAME, urls=urls), web={reply.url: reply for reply in replies}, answers=answers)


def at(status: int, *, to: str = "") -> Reply:
    return replace(moved(URL, to), status=status) if to else page("x", status, URL)


def google(uri: str) -> str:
    return f'<a href="https://accounts.google.com/o/oauth2/v2/auth?client_id=1&redirect_uri={uri}">G</a>'


TABLE: dict[str, list[Row]] = {
    "deploy.smoke.callback": [
        Row("302 home, listed", named(at(302, to="/login?error=1"), answers=(LISTED,)), Status.PASS, "lists it"),
        Row("307", named(at(307, to=LOGIN), answers=(LISTED,)), Status.PASS),
        Row("to a host of ours", named(at(302, to=f"https://app.{NAME}/"), answers=(LISTED,)), Status.PASS),
        *(Row(f"{code}", named(at(code), answers=(LISTED,)), Status.PASS) for code in (400, 401, 422)),
        Row("200, signed in", named(at(200), answers=(LISTED,)), Status.PASS),
        Row(
            "named by the login page",
            named(
                page(google("https%3A%2F%2Fgood.example%2Fauth%2Fcallback"), 200, LOGIN),
                at(400),
                answers=(LISTED,),
                url=None,
            ),
            Status.PASS,
        ),
        Row("nobody looked", named(at(400)), Status.WARN, "Nobody has said"),
        Row("not listed", named(at(302, to="/")), Status.WARN, URL),
        Row("missing", named(at(400), answers=(MISSING,)), Status.WARN, "does not list"),
        Row("404", named(at(404), answers=(LISTED,)), Status.FAIL, "404"),
        Row("500", named(at(500)), Status.FAIL, "client secret"),
        Row("leads away", named(at(302, to="http://localhost:3000/"), answers=(LISTED,)), Status.FAIL, "localhost"),
        Row("to a stranger", named(at(302, to="https://evil.example.net/")), Status.FAIL, "evil.example.net"),
        Row("refused", named(), Status.FAIL, "refused"),
        Row("200 without a code", named(at(200)), Status.UNKNOWN, "your answer"),
        Row("silent", named(NoPage(URL, "timeout", "did not answer")), Status.UNKNOWN, "another look"),
        Row("no login known", World(project=Project(NAME)), Status.UNKNOWN, "the address of the callback"),
        Row(
            "a button, no address",
            named(page("<button>Continue with Google</button>", 200, LOGIN), url=None),
            Status.UNKNOWN,
            "provider's console",
        ),
        Row("drawn by script", named(page("<script src=/a.js></script>", 200, LOGIN), url=None), Status.UNKNOWN),
        Row("login does not open", named(page("", 500, LOGIN), url=None), Status.UNKNOWN),
        Row("only a password", named(page(FORM, 200, LOGIN), url=None), Status.INFO, "no sign-in with a provider"),
        Row(
            "the provider's own",
            named(page(google("https://abc.supabase.co/auth/v1/callback"), 200, LOGIN), url=None),
            Status.INFO,
            "abc.supabase.co",
        ),
        Row("none, they say", named(url=""), Status.INFO),
        Row("none, by an answer", named(url=None, answers=(said("callback.listed", "none"),)), Status.INFO),
        Row(
            "drawn by script, and somebody signed in",
            named(page("<script src=/a.js></script>", 200, LOGIN), url=None, answers=(LISTED,)),
            Status.PASS,
            "Ada said",
        ),
        Row(
            "its address by an answer",
            named(at(404), url=None, answers=(said("callback.listed", "listed", address=URL),)),
            Status.FAIL,
            "404",
        ),
        Row("no login, they say", World(project=Project(NAME, urls={"login": ""})), Status.INFO),
        Row(
            "escapes in where it leads",
            named(at(302, to="https://x\x1b]52;c;eA==\x07.example/\u202e")),
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


@pytest.mark.parametrize("href", ["https://[x/?redirect_uri=https://a", "/x?redirect_uri=javascript:alert(1)", "?"])
def test_an_address_that_is_none_is_not_taken(href: str) -> None:
    assert callback_of(parse(f'<a href="{href}">x</a>', LOGIN)) is None
