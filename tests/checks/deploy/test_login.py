"""deploy.smoke.login: forms, buttons, shells that only a browser can see, and errors."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer, Answers
from launchready_tui.engine import Context, judge
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Reply
from tests.checks.deploy.test_home import HTML, Moody, moved, page
from tests.world import NAME, Row, World, by_id, hold, said

LOGIN = f"https://{NAME}/login"
FORM = "<form method=post><input name=email type=email><input name=pw type=PassWord><button>Log in</button></form>"
SHELL = '<!doctype html><title>App</title><div id="root"></div><script type=module src="/assets/app.js"></script>'


def login(*replies: Reply, answers: tuple[Answer, ...] = (), url: str | None = LOGIN) -> World:
    urls = {} if url is None else {"login": url}
    return World(project=Project(NAME, urls=urls), web={reply.url: reply for reply in replies}, answers=answers)


SHIELDED = page("", 429, LOGIN, headers=(*HTML, ("x-vercel-mitigated", "challenge")))


def at(body: str = FORM, status: int = 200, url: str = LOGIN) -> Reply:
    return page(body, status, url)


TABLE: dict[str, list[Row]] = {
    "deploy.smoke.login": [
        Row("a shield's question", login(SHIELDED), Status.UNKNOWN, "your answer"),
        Row("a shield's question, seen", login(SHIELDED, answers=(said("login.seen", "yes"),)), Status.PASS, "Ada"),
        Row("packed unasked", login(page("", 200, LOGIN, encoding="br")), Status.UNKNOWN, "cannot read"),
        Row("a form drawn between head and foot", login(at(f"<p>{'Maple. ' * 60}</p>{SHELL}")), Status.UNKNOWN),
        Row("a form", login(at()), Status.PASS, "password field"),
        Row("a password field without a form", login(at("<input type=password>")), Status.PASS),
        Row("a provider button", login(at("<button>Continue with Google</button>")), Status.PASS, "Google"),
        Row(
            "a provider link", login(at('<a href="https://accounts.google.com/o/oauth2/v2/auth?x">G</a>')), Status.PASS
        ),
        Row(
            "the address first",
            login(at("<title>Sign in</title><form><input type=email><button>Send me a link</button></form>")),
            Status.PASS,
            "address first",
        ),
        Row(
            "at another host",
            login(moved(LOGIN, "https://auth.example.net/u"), at(url="https://auth.example.net/u")),
            Status.PASS,
        ),
        Row("no way in", login(at("<h1>Welcome</h1><p>Come back soon.")), Status.FAIL, "no way to sign in"),
        Row("404", login(at(status=404)), Status.FAIL, "answers 404"),
        Row("500", login(at(status=500)), Status.FAIL, "3 tries"),
        Row("refused", login(), Status.FAIL, "refused"),
        Row(
            "certificate",
            login(NoPage(LOGIN, "tls", "shows a certificate made for another name", fact=True)),
            Status.FAIL,
        ),
        Row("drawn by script", login(at(SHELL)), Status.UNKNOWN, "your answer"),
        Row("drawn by script, seen", login(at(SHELL), answers=(said("login.seen", "yes"),)), Status.PASS, "Ada"),
        Row("drawn by script, not seen", login(at(SHELL), answers=(said("login.seen", "no"),)), Status.FAIL, "Ada"),
        Row(
            "an answer that ran out",
            login(at(SHELL), answers=(said("login.seen", "yes", days_ago=31),)),
            Status.UNKNOWN,
        ),
        Row("“I do not know”", login(at(SHELL), answers=(said("login.seen", "unknown"),)), Status.UNKNOWN),
        Row("silence", login(NoPage(LOGIN, "timeout", "said nothing")), Status.UNKNOWN, "another look"),
        Row("never asked", login(url=None), Status.UNKNOWN, "address of your login page"),
        Row("there is none", login(url=""), Status.INFO),
        Row(
            "escapes and markup",
            login(at("<button>Continue with Google \x1b[31m\u202e[@click=app.quit]x[/]</button>")),
            Status.PASS,
            hostile=True,
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


async def test_a_page_that_fails_now_and_then_is_told() -> None:
    project = Project(NAME, urls={"login": LOGIN})
    for replies, told in (([at(status=500), at()], "1 of 2 tries"), ([at(), at(status=500), at()], "1 of 3 tries")):
        finding = await judge(by_id("deploy.smoke.login"), Context(project, Moody({LOGIN: replies}), Answers()))
        assert finding.status is Status.FAIL
        assert told in finding.saw


async def test_silence_and_then_a_form_is_sound() -> None:
    web = Moody({LOGIN: [NoPage(LOGIN, "timeout", "said nothing"), at()]})
    project = Project(NAME, urls={"login": LOGIN})
    finding = await judge(by_id("deploy.smoke.login"), Context(project, web, Answers()))
    assert finding.status is Status.PASS


async def test_a_shell_never_fails_and_asks_its_question() -> None:
    finding = await hold("deploy.smoke.login", Row("shell", login(at(SHELL)), Status.UNKNOWN))
    assert finding.question == "login.seen"
