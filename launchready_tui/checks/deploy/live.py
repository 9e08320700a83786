"""Whether what members use is what the repository holds: the live commit against the default branch."""

from __future__ import annotations

import json
import re

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import no_code
from launchready_tui.checks.deploy._host import WHO, given, untold, who
from launchready_tui.hosts.model import HostAccount, NoHost, Release
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.html import parse
from launchready_tui.sources.lineage import Lineage
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import clean, plural

QUESTION = "live.commit"
_ID = re.compile(r"(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])")
_KEYS = ("commit", "commitsha", "gitcommit", "gitsha", "sha", "revision", "gitrevision", "rev", "version", "build")
_META = re.compile(r"(?:x-|app-|build-|git-)?(?:commit(?:-sha|-hash)?|revision|sha|release|version)")


@check(
    "deploy.git.live_matches",
    severity=Severity.MEDIUM,
    title="What is live is what the main branch holds",
    why="Otherwise nobody knows which code your members are using.",
    minutes=20,
    question=QUESTION,
)
async def live_matches(
    project: Project, web: Web, repo: Repo | None, owners: Owners | None, answers: Answers, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so nothing of it can differ from what is live.")) is not None:
        return absent
    told = await host.releases() if host is not None else None
    trouble = told if isinstance(told, NoHost) else None
    live = told.live if told is not None and not isinstance(told, NoHost) else None
    if live is not None and live.commit:
        commit, where = live.commit, host.name if host is not None else ""
    else:
        commit, where = await _shown(project, web)
    if not commit:
        return by_word(answers, trouble, "Your site does not say which commit it runs (at /version, or in a meta tag).")
    if repo is None:
        return by_word(answers, trouble, f"{where} says that commit {commit[:12]} is live. {_COMPARE}")
    found = await repo.lineage(commit)
    if isinstance(found, NoRepo):
        return by_word(answers, trouble, f"{where} says that commit {commit[:12]} is live, but {found.say}.")
    return judge(commit, where, found, live)


_COMPARE = "To compare it, we need your code folder."


async def _shown(project: Project, web: Web) -> tuple[str, str]:
    """(commit, where it stands) as the site itself shows it."""
    url = f"https://{project.domain}/version"
    page = await web.get(url)
    if isinstance(page, Page) and page.status == 200 and (commit := in_version(page)):
        return commit, url
    home = project.url("home")
    last = (await web.follow(home)).last if home else None
    if isinstance(last, Page) and last.status == 200 and "html" in last.content_type:
        for name, content in parse(last.text, last.url).metas:
            if _META.fullmatch(name) and (found := _commit(content)):
                return found, f"The meta tag {clean(name, limit=40)} of your home page"
    return "", ""


def in_version(page: Page) -> str:
    """The commit that a /version page names; "" for anything else. Pages of a few words or of JSON count, no HTML."""
    text = page.text.strip()[:10_000]
    if "html" in page.content_type or text.startswith("<"):
        return ""
    if text.startswith("{"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return ""
        flat = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in told.items()}
        values = [flat[key] for key in _KEYS if isinstance(flat.get(key), str)]
        return next((found for value in values if (found := _commit(value))), "")
    return _commit(text) if len(text) <= 200 else ""


def _commit(text: str) -> str:
    """A commit id within a few words: hexadecimal with a letter and a digit, which no date or number has."""
    for found in _ID.findall(text.lower()[:200]):
        if len(found) == 40 or (re.search("[a-f]", found) and re.search("[0-9]", found)):
            return str(found)
    return ""


def judge(commit: str, where: str, found: Lineage, live: Release | None = None) -> Finding:
    """Pure. `live` is the deployment as the host knows it, None where the site itself told."""
    short = clean(commit[:12])
    evidence = [
        Evidence("live", f"{commit} ({where})"),
        Evidence(f"newest of {found.branch}", found.head or "nothing is committed yet"),
    ]
    if live is not None and live.dirty:
        return failed(
            f"What is live was sent from a folder with changes that nobody had committed (on top of {short}).",
            Fix(
                "steps",
                "Commit these changes, merge them, and let the main branch go live. What is live then is in the "
                "repository, and can be built again.",
                minutes=20,
                who=WHO,
            ),
            evidence=evidence,
            subject=short,
            question=QUESTION,
        )
    if not found.known:
        if found.shallow or (live is not None and live.by == "git"):
            return unknown(
                f"Commit {short} is live, and your code folder does not have it"
                f"{': it holds a part of its history' if found.shallow else ' yet'}.",
                needs="git fetch --unshallow in your code folder" if found.shallow else "git fetch in your code folder",
                evidence=evidence,
                question=QUESTION,
            )
        return failed(
            f"Commit {short} is live, and your repository does not have it.",
            Fix(
                "steps",
                "Run git fetch in the code folder and look again: somebody may have pushed since. If it is still not "
                "there, find out who deployed (your host's list of deployments says so), have that code pushed, and "
                "put the main branch live.",
                minutes=20,
                who=WHO,
            ),
            evidence=evidence,
            subject=short,
            question=QUESTION,
        )
    if found.behind == 0:
        return passed(f"Commit {short} is live, the newest of {found.branch}.", evidence=evidence, subject=short)
    if found.tags:
        tag = clean(found.tags[0], limit=80)
        return passed(f"Commit {short} is live, which is tagged {tag}.", evidence=evidence, subject=short)
    deploy = Fix(
        "steps",
        f"Put {found.branch} live: at your host, deploy its newest commit, then look again. If it is meant to wait, "
        "tag the live commit (git tag, git push --tags), so that everybody sees which one it is.",
        minutes=15,
        who=WHO,
    )
    if found.behind is None:
        return warned(
            f"Commit {short} is live, and it is no part of {found.branch}.",
            deploy, evidence=evidence, subject=short, question=QUESTION,
        )  # fmt: skip
    saw = f"Commit {short} is live, {plural(found.behind, 'commit')} behind {found.branch}."
    judged = warned if found.behind <= limits.LIVE_BEHIND else failed
    return judged(saw, deploy, evidence=evidence, subject=short, question=QUESTION)


def by_word(answers: Answers, trouble: NoHost | None, say: str) -> Finding:
    answer = given(QUESTION, answers)
    if answer is None:
        return untold(QUESTION, answers, say, trouble)
    if answer.choice == "head":
        return passed(f"{who(answer)}: the newest commit of the main branch is live, or a tagged one.")
    fix = Fix(
        "steps",
        "Put the newest commit of the main branch live at your host. To see it from outside from now on, let the site "
        "say its commit at /version.",
        minutes=15,
        who=WHO,
    )
    if answer.choice == "behind":
        return warned(f"{who(answer)} that what is live is a few commits behind.", fix, question=QUESTION)
    return failed(f"{who(answer)} that what is live is not in the repository.", fix, question=QUESTION)
