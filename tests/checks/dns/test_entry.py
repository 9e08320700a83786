from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.checks.dns.entry import way_in
from launchready_tui.model import Setting, Status
from launchready_tui.project import Project
from launchready_tui.sources.html import parse
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold, said

HOME, LOGIN, SIGNUP = f"https://{NAME}/", f"https://{NAME}/login", f"https://{NAME}/signup"
FORM = b"<form method=post><input type=email name=e><input type=password name=p><button>Sign in</button></form>"
SHELL = b"<html><body><div id=root></div><script src=/app.js></script></body></html>"
BARE = b"<html><body><h1>Welcome</h1><p>" + b"We are glad that you are here. " * 40 + b"</p></body></html>"


def page(url: str, body: bytes = FORM, status: int = 200, **headers: str) -> Page:
    return Page(url, status, (("content-type", "text/html"), *headers.items()), body)


def to(url: str, where: str) -> Page:
    return Page(url, 301, (("location", where),))


def world(*pages: Reply, urls: Mapping[str, str] | None = None) -> World:
    given = {"login": LOGIN, "signup": SIGNUP} if urls is None else urls
    all_pages: tuple[Reply, ...] = (page(HOME), page(LOGIN), page(SIGNUP), *pages)
    return World(project=Project(NAME, urls=given), web={each.url: each for each in all_pages})


def told(world: World, question: str, choice: str) -> World:
    return World(project=world.project, web=world.web, answers=(said(question, choice),))


def challenge(url: str) -> Page:
    return Page(url, 403, (("content-type", "text/html"), ("cf-mitigated", "challenge")), BARE)


FAR = [f"https://{NAME}/{n}" for n in range(4)]
LONG = [to(here, there) for here, there in zip([LOGIN, *FAR], [*FAR, f"https://{NAME}/in"], strict=True)]

TABLE: dict[str, list[Row]] = {
    "dns.entry.reachable": [
        Row("sound", world(), Status.PASS, "The signup page opens"),
        Row(
            "a button of a provider",
            world(page(LOGIN, b"<h1>Hi</h1><a href='https://accounts.google.com/o/oauth2/auth'>Go</a>")),
            Status.PASS,
        ),
        Row(
            "a login at a provider",
            world(to(LOGIN, "https://good.eu.auth0.com/login"), page("https://good.eu.auth0.com/login")),
            Status.PASS,
        ),
        Row(
            "drawn by script, seen by a person",
            told(world(page(LOGIN, SHELL)), "login.seen", "yes"),
            Status.PASS,
            "Ada",
        ),
        Row("none of both", world(urls={"login": "", "signup": ""}), Status.INFO, "no signup and no login"),
        Row("a long way", world(*LONG, page(f"https://{NAME}/in")), Status.WARN, "5 redirects"),
        Row("login is missing", world(page(LOGIN, BARE, 404)), Status.FAIL, "answers 404"),
        Row("signup fails", world(page(SIGNUP, BARE, 500)), Status.FAIL, "answers 500"),
        Row("in a circle", world(to(LOGIN, LOGIN)), Status.FAIL, "in a circle"),
        Row(
            "on another host",
            world(to(LOGIN, "https://other.example/"), page("https://other.example/", BARE)),
            Status.FAIL,
            "ends on other.example",
        ),
        Row(
            "a login at a service that we do not know",
            world(to(LOGIN, "https://other.example/"), page("https://other.example/")),
            Status.UNKNOWN,
            "sign-in page at other.example",
        ),
        Row(
            "a login at a service that we do not know, seen by a person",
            told(world(to(LOGIN, "https://other.example/"), page("https://other.example/")), "login.seen", "yes"),
            Status.PASS,
        ),
        Row(
            "on the twin of the site",
            world(to(LOGIN, f"https://www.{NAME}/login"), page(f"https://www.{NAME}/login")),
            Status.FAIL,
            "and not on good.example",
        ),
        Row(
            "a certificate that ran out",
            world(NoPage(LOGIN, "tls", "shows a certificate that ended", "expired", fact=True)),
            Status.FAIL,
            "renew its certificate",
        ),
        Row(
            "nothing listens",
            world(NoPage(LOGIN, "refused", "refused our connection", fact=True)),
            Status.FAIL,
            "refused",
        ),
        Row(
            "drawn by script, empty says a person",
            told(world(page(LOGIN, SHELL)), "login.seen", "no"),
            Status.FAIL,
            "says Ada",
        ),
        Row("drawn by script", world(page(LOGIN, SHELL)), Status.UNKNOWN, "without a browser"),
        Row(
            "drawn by script, a person does not know",
            told(world(page(LOGIN, SHELL)), "login.seen", "unknown"),
            Status.UNKNOWN,
        ),
        Row("no form to be seen", world(page(SIGNUP, BARE)), Status.UNKNOWN, "no form"),
        Row("a shield asks for a browser", world(challenge(LOGIN)), Status.UNKNOWN, "prove that we are a browser"),
        Row("silent", world(NoPage(LOGIN, "timeout", "said nothing for 10 seconds")), Status.UNKNOWN, "said nothing"),
        Row("never asked", world(urls={"login": LOGIN}), Status.UNKNOWN, "the signup page"),
        Row(
            "a page full of escapes and markup",
            world(page(LOGIN, b"\x1b]0;x\x07<title>[@click=app.quit]x[/]</title>" + b"\xe2\x80\xae" * 500)),
            Status.UNKNOWN,
            hostile=True,
        ),
        Row(
            "sent off with escapes",
            world(to(LOGIN, "https://\x1b[2J\u202e.example/")),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_each_page_has_its_own_question() -> None:
    for url, question in ((LOGIN, "login.seen"), (SIGNUP, "signup.seen")):
        finding = await hold("dns.entry.reachable", Row("", world(page(url, SHELL)), Status.UNKNOWN))
        assert finding.question == question
    # What was said of the login does not speak for the signup.
    other = told(world(page(SIGNUP, SHELL)), "login.seen", "yes")
    await hold("dns.entry.reachable", Row("", other, Status.UNKNOWN))


async def test_a_login_that_fails_is_one_fault_with_a_switch() -> None:
    finding = await hold("dns.entry.reachable", Row("", world(page(LOGIN, BARE, 500)), Status.FAIL))
    assert finding.cause == f"site-down:{NAME}"
    assert finding.fix is not None
    assert finding.fix.settings == (Setting("site.login", "up"),)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<form method=post><input type=email></form>", True),
        ("<form method=post><input name=user></form>", True),
        ("<input type=password>", True),
        ("<a href='/auth/github'>GitHub</a>", True),
        ("<button>Continue with Apple</button>", True),
        ("<button>Mit Google anmelden</button><button>Weiter mit Google</button>", True),
        ("<form method=get action=/search><input type=search name=q></form>", False),
        ("<form method=get action=/search><input name=q></form>", False),
        ("<a href='/author/jane'>Jane</a> <a href='/authors'>All</a>", False),
        ("<p>Sign in with care</p>", False),
        ("", False),
    ],
)
def test_way_in(html: str, expected: bool) -> None:
    assert way_in(parse(html, "https://good.example/login")) is expected
