"""Whether something asks the live pages after each release, and leads back when one is broken (automation 3)."""

from __future__ import annotations

from launchready_tui.answers import Answer, Answers
from launchready_tui.automations import recognise
from launchready_tui.automations.model import Setup
from launchready_tui.automations.seen import Seen, seen
from launchready_tui.automations.setup import setup_of
from launchready_tui.automations.states import switch_on
from launchready_tui.automations.write import path_of
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean, day

QUESTION = "smoke.auto"


@check(
    "deploy.smoke.auto",
    severity=Severity.MEDIUM,
    title="A smoke test runs after each deploy",
    why="Without one, you learn about a bad release from your members.",
    minutes=15,
    question=QUESTION,
)
async def smoke_auto(
    project: Project, repo: Repo | None, code: CodeFacts | None, owners: Owners | None, answers: Answers
) -> Finding:
    if (absent := no_code(project, owners, "so your builder tests its own releases.")) is not None:
        return absent
    answer = answers.get(QUESTION)
    if repo is None or code is None:
        return _said(answer, _by_hand()) or not_given()
    found = await seen(repo)
    if isinstance(found, NoRepo):
        return _said(answer, _by_hand()) or unread(found)
    kinds = await code.recognised()
    hosts = () if isinstance(kinds, NoRepo) else kinds.hosts
    return judge(found, setup_of(project, found, hosts, answers), answer)


def judge(found: Seen, setup: Setup, answer: Answer | None) -> Finding:
    """Pure: what the workflows run, then what a person said."""
    evidence = [Evidence("workflow file", path) for path in found.texts][:20]
    tested = recognise.tests_deploys(found.workflows, setup.domain)
    fix = _fix(found, setup)
    if tested is not None:
        path, name = clean(tested.job.path, limit=120), clean(tested.job.name, limit=60)
        new = " It is not in git yet: commit and push it, and it runs." if tested.job.path in found.untracked else ""
        if tested.back:
            return passed(
                f"{path} ({name}) asks your pages after each deploy, and a failure leads back.{new}",
                evidence=evidence,
            )
        return warned(
            f"{path} ({name}) asks your pages after each deploy. When it fails, nothing rolls back or says how.",
            fix,
            evidence=evidence,
            question=QUESTION,
        )
    said = _said(answer, fix)
    if said is not None:
        return said
    if found.bad or found.cut:
        what = (
            f"{clean(found.bad[0][0], limit=120)} could not be read ({found.bad[0][1]})"
            if found.bad
            else ("there are more workflow files than we read")
        )
        return unknown(f"We could not tell: {what}.", needs="your answer", evidence=evidence, question=QUESTION)
    return failed("Nothing asks your pages after a deploy.", fix, evidence=evidence, question=QUESTION)


def _said(answer: Answer | None, fix: Fix) -> Finding | None:
    if answer is None or answer.choice == "unknown":
        return None
    who = f"{answer.who or 'Somebody'} said on {day(answer.at)}"
    if answer.choice == "auto":
        return passed(f"{who} that your pages are asked after each deploy, and that a failure leads back.")
    if answer.choice == "hand":
        return warned(f"{who} that somebody opens the pages by hand after a release.", fix, question=QUESTION)
    return failed(f"{who} that nobody looks after a release.", fix, question=QUESTION)


def _fix(found: Seen, setup: Setup) -> Fix:
    fix = switch_on(["smoke"], setup, found)
    if fix is None or setup.forge is None:
        return _by_hand(setup.why)
    path = path_of("smoke", setup.forge)
    return Fix(
        "file",
        f"Add {path}: after each deploy it asks home, login, signup, callback, API and checkout (those you named), "
        "and puts the last release back where your host's token is a secret of the repository; else it links the way. "
        "Commit and push it.",
        minutes=15,
        who=WHO,
        files=fix.files,
    )


def _by_hand(why: str = "") -> Fix:
    return Fix(
        "steps",
        f"{why} Let your build ask home, login, signup and the API's health page after each deploy (curl --fail), and "
        "roll back, or send somebody the way to do it, when one is broken.".strip(),
        minutes=60,
        who=WHO,
    )
