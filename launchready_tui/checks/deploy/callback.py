"""Whether a sign-in with a provider comes back: the address that it sends members to (RFC 6749 section 3.1.2)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.deploy.login import way_in
from launchready_tui.checks.deploy.visit import let_in
from launchready_tui.model import Evidence, Finding, Fix, Severity, Status, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.html import Document, parse
from launchready_tui.sources.urls import host_of, join
from launchready_tui.sources.web import NoPage, Page, Reply, Web
from launchready_tui.text import day

QUESTION = "callback.listed"
_SOUND = frozenset({302, 303, 307, 400, 401, 422})  # 303 and 307 lead on as 302 does
_AGAIN = ("timeout", "broken")


def callback_of(document: Document) -> str | None:
    """The callback as the login page's own links name it (redirect_uri); None where none does."""
    for target in (*(link.href for link in document.links), *(form.action for form in document.forms)):
        try:
            named = parse_qs(urlsplit(target).query).get("redirect_uri", [])
            if named and urlsplit(named[0]).scheme == "https" and host_of(named[0]):
                return named[0]
        except ValueError:  # an address that is none
            continue
    return None


@check(
    "deploy.smoke.callback",
    severity=Severity.HIGH,
    title="A sign-in with a provider comes back",
    why="When the callback is broken, “Sign in with Google” ends on an error page.",
    minutes=20,
    question=QUESTION,
)
async def smoke_callback(project: Project, web: Web, answers: Answers) -> Finding:
    answer = answers.get(QUESTION)
    url = project.url("callback")
    if url is None and answer is not None:
        url = _typed(answer.fields.get("address", ""))
    if url == "" or "callback" in project.absent or (url is None and answer is not None and answer.choice == "none"):
        return info("You said that there is no sign-in with a provider.")
    if url is None:
        login = project.url("login")
        if login == "" or "login" in project.absent:
            return info("You said that there is no login.")
        if login is None:
            return unknown(
                "We do not know the address that your sign-in provider sends members back to.",
                needs="the address of the callback, or of your login page",
                question=QUESTION,
            )
        found = _named(project, (await web.follow(login)).last, answer)
        if isinstance(found, Finding):
            return found
        url = found
    reply = await web.get(url)
    if _again(reply):
        reply = await web.get(url, attempt=2)
    return judge(project, url, reply, answer)


def _again(reply: Reply) -> bool:
    return reply.kind in _AGAIN if isinstance(reply, NoPage) else reply.status >= 500


def _typed(text: str) -> str | None:
    """An address as it was typed into an answer; None for anything else."""
    try:
        return text if urlsplit(text).scheme == "https" and host_of(text) and " " not in text else None
    except ValueError:
        return None


def _named(project: Project, login: Reply, answer: Answer | None) -> Finding | str:
    """The callback that the login page names, or why there is nothing to ask."""
    seen = _named_by(project, login)
    if isinstance(seen, Finding) and seen.status is Status.UNKNOWN and answer is not None and answer.choice == "listed":
        return passed(
            f"{answer.who or 'Somebody'} said on {day(answer.at)} that a sign-in with the provider comes back."
        )
    return seen


def _named_by(project: Project, login: Reply) -> Finding | str:
    if isinstance(login, NoPage) or login.status != 200:
        return unknown(
            "The login page did not open, so we could not see whether there is a sign-in with a provider.",
            needs="the login page, or the address of the callback",
            question=QUESTION,
        )
    document = parse(login.text, login.url)
    named = callback_of(document)
    if named is not None:
        host = host_of(named)
        if host not in project.hosts and not host.endswith(f".{project.domain}"):
            return info(f"Your sign-in comes back at {host}, which is not yours: its provider looks after it.")
        return named
    how = way_in(document)
    if how.startswith(("a button", "a link")):
        return unknown(
            f"The login page shows {how}. Where it sends members back to we cannot see.",
            needs="the address of the callback, as it stands in your provider's console",
            question=QUESTION,
        )
    if not how and document.scripts:
        return unknown(
            "The login page is drawn by script, so we cannot see whether there is a sign-in with a provider.",
            needs="the address of the callback, or “we have none”",
            question=QUESTION,
        )
    return info("The login page shows no sign-in with a provider, so nothing has to come back.")


def judge(project: Project, url: str, reply: Reply, answer: Answer | None) -> Finding:
    """Pure: what the callback answers without a code, and what a person saw in the provider's console."""
    host = host_of(url)
    if isinstance(reply, NoPage):
        evidence = [Evidence(f"GET {reply.url}", reply.say)]
        if not (reply.fact and reply.kind in ("refused", "tls", "no-address")):
            return unknown(
                f"We could not tell: {host} {reply.say}.", needs=let_in(reply), evidence=evidence, subject=host
            )
        return failed(
            f"The callback {url} does not open: {host} {reply.say}.",
            _steps(f"Get {host} to answer first; the other findings about it say how."),
            evidence=evidence,
            subject=host,
            cause={"refused": "site-down", "tls": "certificate", "no-address": "no-address"}[reply.kind] + f":{host}",
        )
    to = join(url, reply.header("location") or "") if reply.is_redirect else None
    evidence = [Evidence(f"GET {reply.url}", f"{reply.status}{f' -> {to}' if to else ''}")]
    if reply.status == 404 or reply.status == 410 or reply.status >= 500:
        return failed(
            f"The callback {url} answers {reply.status}. It should turn a visitor without a code away in good order.",
            _steps(
                "See that your newest release has a route at that address, letter for letter as your provider has it. "
                "On 5xx look into the app's log: the usual reason is a client secret that is missing in production."
            ),
            evidence=evidence,
            subject=host,
            cause=f"site-down:{host}" if reply.status >= 500 else "",
        )
    if reply.is_redirect and (to is None or not _own(project, host_of(to))):
        where = f"away, to {host_of(to)}" if to is not None else "to an address that is none"
        return failed(
            f"The callback {url} leads {where}.",
            _steps(
                f"Set the app's own address (SITE_URL, NEXTAUTH_URL, APP_URL, or what your framework calls it) to "
                f"https://{host} in production, and deploy."
            ),
            evidence=evidence,
            subject=host,
        )
    return _listed(url, reply, answer, evidence)


def _own(project: Project, host: str) -> bool:
    return host in project.hosts or host == host_of(project.url("home") or "") or host.endswith(f".{project.domain}")


def _listed(url: str, page: Page, answer: Answer | None, evidence: list[Evidence]) -> Finding:
    """The console of the provider is seen by a person only."""
    host = host_of(url)
    said = answer.choice if answer is not None else ""
    who = f"{answer.who or 'Somebody'} said on {day(answer.at)}" if answer is not None else ""
    if said == "listed":
        return passed(
            f"The callback answers {page.status} to a visitor without a code. {who} that the provider lists it.",
            evidence=evidence,
            subject=host,
        )
    if said != "missing" and not (page.status in _SOUND or page.is_redirect):
        return unknown(
            f"The callback {url} answers {page.status} to a visitor without a code, as a page that is drawn by script "
            "does. Whether it takes a sign-in, only a sign-in shows.",
            needs="your answer",
            evidence=evidence,
            subject=host,
            question=QUESTION,
        )
    saw = f"{who} that the provider does not list {url}, or that a sign-in with it fails."
    if said != "missing":
        saw = f"The callback {url} answers. Nobody has said whether your provider's console lists it."
    return warned(
        saw,
        Fix(
            "steps",
            f"In your provider's console (Google: APIs and Services, Credentials, your client, Authorised redirect "
            f"URIs; GitHub: Developer settings, OAuth Apps) add {url}, letter for letter. Sign in once, then tell us.",
            minutes=10,
            who="Whoever can sign in at the provider",
            copy=url,
        ),
        evidence=evidence,
        subject=host,
        question=QUESTION,
    )


def _steps(say: str) -> Fix:
    return Fix("steps", say, minutes=30, who="Whoever writes your app")
