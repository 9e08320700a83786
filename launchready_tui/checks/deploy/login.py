"""Whether members can get in: the login page opens and shows a way to sign in."""

from __future__ import annotations

import re

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.deploy.visit import Visit, unreached, unread, visit
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import NoPage, Page, Web
from launchready_tui.text import clean

_QUESTION = "login.seen"
_PROVIDERS = (
    r"google|apple|github|gitlab|microsoft|facebook|linkedin|discord|slack|twitter|\bx\b|twitch|spotify|okta|sso|saml|"
    r"passkey|magic link|e-?mail"
)
_BUTTON = re.compile(
    rf"(?:sign|log) ?-?(?:in|on|up) (?:with|via|using)\b|(?:continue|connect|anmelden|weiter|continuer|continuar) "
    rf"(?:with|mit|avec|con) (?:{_PROVIDERS})",
    re.IGNORECASE,
)
_AUTH_LINK = re.compile(
    r"accounts\.google\.com/|appleid\.apple\.com/auth|github\.com/login/oauth|login\.microsoftonline\.com/|"
    r"/oauth2?/|/auth/(?:google|github|apple|microsoft|facebook|discord|saml|sso|authorize)\b",
    re.IGNORECASE,
)
# Where an address is asked for first and the password or a link comes after: a login as well.
_FIRST_STEP = re.compile(
    r"(?:sign|log) ?-?in|continue|next|magic link|send (?:me )?(?:a |the )?(?:link|code)|anmelden|einloggen|connexion|"
    r"se connecter|iniciar sesi|entrar|accedi",
    re.IGNORECASE,
)


def way_in(document: Document) -> str:
    """How a visitor signs in on this page, in a few words; "" where there is no way to be seen."""
    if document.has_password:
        return "a password field"
    for text in (*document.buttons, *(link.text for link in document.links)):
        if _BUTTON.search(text):
            return f"a button “{clean(text, limit=40)}”"
    targets = [*(link.href for link in document.links), *(form.action for form in document.forms)]
    if any(_AUTH_LINK.search(target) for target in targets):
        return "a link to a sign-in provider"
    asks = any("email" in form.inputs or "text" in form.inputs for form in document.forms)
    if asks and any(_FIRST_STEP.search(text) for text in (*document.buttons, document.title)):
        return "a form that asks for the address first"
    return ""


@check(
    "deploy.smoke.login",
    severity=Severity.CRITICAL,
    title="Members can reach the login",
    why="When it fails, everybody who has an account is locked out.",
    minutes=30,
    question=_QUESTION,
)
async def smoke_login(project: Project, web: Web, answers: Answers) -> Finding:
    url = project.url("login")
    if url is None:
        return unknown(
            "We do not know the address of your login page.", needs="the address of your login page, or “we have none”"
        )
    if not url or "login" in project.absent:
        return info("You said that there is no login.")
    seen = await visit(web, url, always=True)
    answer = answers.get(_QUESTION)
    if isinstance(seen.last, NoPage) and seen.last.kind == "shield":
        return _only_a_browser(url, seen, answer, f"The page at {url} {seen.last.say}.")
    return unreached(project, seen, "The login page") or judge(url, seen, answer)


def _fix(url: str, say: str) -> Fix:
    return Fix(
        "setting",
        say,
        minutes=30,
        who="Whoever writes your app",
        settings=(Setting("site.login", "up"),),
        page=url,
    )


def judge(url: str, seen: Visit, answer: Answer | None) -> Finding:
    """Pure: the page that came and, where only a browser can see it, what a person said."""
    page = seen.last
    assert isinstance(page, Page)  # unreached() dealt with everything else
    host = host_of(page.url)
    logs = f"Look into the logs of your app for what goes wrong at {page.url}. The usual reasons: a variable that is "
    logs += "missing in production, or a database that does not answer."
    if seen.errors and page.status == 200:
        return failed(
            f"The login page {url} failed in {seen.errors} of {len(seen.tries)} tries, and opened in the rest.",
            _fix(url, logs),
            evidence=seen.evidence,
            subject=host,
        )
    if page.status != 200:
        tries = f" in {len(seen.tries)} tries" if len(seen.tries) > 1 else ""
        say = (
            logs if page.status >= 500 else f"Check the address, and that your newest release has a page at {page.url}."
        )
        return failed(
            f"The login page {url} answers {page.status}{tries}.",
            _fix(url, say),
            evidence=seen.evidence,
            subject=host,
            cause=f"site-down:{host}" if page.status >= 500 else "",
        )
    if (unclear := unread(page, "The login page", seen)) is not None:
        return unclear
    document = parse(page.text, page.url)
    found = way_in(document)
    if found:
        return passed(f"The login page opens and shows {found}.", evidence=seen.evidence, subject=host)
    if document.scripts:  # a form may well be drawn into a page that has a head and a foot already
        saw = f"The page at {url} is drawn by script, so we cannot see its form without a browser."
        return _only_a_browser(url, seen, answer, saw)
    return failed(
        f"The page at {url} opens, but shows no way to sign in: no password field and no sign-in button.",
        _fix(
            url,
            "Open the address in a browser while signed out. If the form is missing there too, check which page "
            "your app serves at that address. If it is there, tell us the address of the form.",
        ),
        evidence=seen.evidence,
        subject=host,
    )


def _only_a_browser(url: str, seen: Visit, answer: Answer | None, saw: str) -> Finding:
    """What only a browser can see, a person has to say."""
    host = host_of(seen.last.url)
    if answer is None:
        return unknown(
            f"{saw} Open it and tell us.",
            needs="your answer",
            evidence=seen.evidence,
            subject=host,
            question=_QUESTION,
        )
    when = Evidence("said", f"{answer.who}, {answer.at.day} {answer.at:%b %Y}: {answer.choice}")
    if answer.choice == "yes":
        return passed(
            f"The login page opens, and {answer.who} has seen its form.",
            evidence=[*seen.evidence, when],
            subject=host,
        )
    return failed(
        f"{answer.who} says that the login page stays empty or shows an error.",
        _fix(
            url,
            "Open the page, press F12 and look at the tab “Console”: the first red line names what is missing. The "
            "usual reasons: a script that does not load, or an address of the API that is wrong in production.",
        ),
        evidence=[*seen.evidence, when],
        subject=host,
        question=_QUESTION,
    )
