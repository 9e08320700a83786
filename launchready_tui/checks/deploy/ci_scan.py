"""Whether a key that slips into the code is caught at the next push (roadmap, automation 2)."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.automations import recognise
from launchready_tui.automations.model import Setup
from launchready_tui.automations.seen import Seen, seen
from launchready_tui.automations.setup import setup_of
from launchready_tui.automations.states import switch_on
from launchready_tui.automations.write import path_of
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean, day, listed

QUESTION = "push.protection"


@check(
    "deploy.secrets.ci_scan",
    severity=Severity.MEDIUM,
    title="A secret scan runs on each push",
    why="The same leak happens again next month, and nobody sees it until somebody else has used the key.",
    minutes=10,
    question=QUESTION,
)
async def ci_scan(project: Project, repo: Repo | None, owners: Owners | None, answers: Answers) -> Finding:
    if (absent := no_code(project, owners, "so there is no push to look at.")) is not None:
        return absent
    if repo is None:
        return not_given()
    found = await seen(repo)
    if isinstance(found, NoRepo):
        return unread(found)
    return judge(found, setup_of(project, found, (), answers), answers)


def judge(found: Seen, setup: Setup, answers: Answers) -> Finding:
    """Pure: what the workflows run, then what a person said."""
    evidence = [Evidence("workflow file", path) for path in found.texts][:20]
    scan = recognise.scans(found.workflows)
    if scan is not None:
        return passed(f"{_runs(*scan)} looks for keys on each push.{_new(scan[0], found)}", evidence=evidence)
    answer = answers.get(QUESTION)
    if answer is not None and answer.choice == "on":
        return passed(
            f"{answer.who or 'Somebody'} said on {day(answer.at)} that your host refuses a push that holds a key.",
            evidence=evidence,
        )
    if found.bad or found.cut:
        return unknown(_unreadable(found), needs="your answer", evidence=evidence, question=QUESTION)
    return failed(
        "Nothing looks for keys when code is pushed.", _fix(found, setup), evidence=evidence, question=QUESTION
    )


def _runs(path: str, name: str) -> str:
    return f"{clean(path, limit=120)} ({clean(name, limit=60)})"


def _new(path: str, found: Seen) -> str:
    return " It is not in git yet: commit and push it, and it runs." if path in found.untracked else ""


def _unreadable(found: Seen) -> str:
    if not found.bad:
        return "There are more workflow files than we read, and those that we read do not look for keys."
    path, why = found.bad[0]
    return f"We could not tell: {clean(path, limit=120)} could not be read ({why})."


def _fix(found: Seen, setup: Setup) -> Fix:
    fix = switch_on(["secrets"], setup, found)
    if fix is not None and setup.forge is not None:
        path = path_of("secrets", setup.forge)
        more = [file.path for file in fix.files if file.path != path]
        say = f"Add {path}: on each push it runs gitleaks over the code and its whole history."
        say += f" {listed(more)} takes it in." if more else ""
        say += " Commit and push it. On GitHub you may switch on push protection as well (Settings, Advanced Security)."
        return Fix("file", say, minutes=10, who=WHO, files=fix.files)
    return Fix(
        "steps",
        f"{setup.why} Let your own build run gitleaks on each push: gitleaks git --redact --exit-code 1, with the "
        "whole history fetched.".strip(),
        minutes=30,
        who=WHO,
    )
