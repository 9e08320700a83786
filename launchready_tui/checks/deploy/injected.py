"""How keys get to where the product runs: from the host's settings, and not out of an image or a file (roadmap 4)."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.faults import Place
from launchready_tui.envscan.injected import injected
from launchready_tui.envscan.survey import Survey
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.secretlist import names_a_secret
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, day, listed

QUESTION = "secrets.injected"
_SAY = {
    "ENV": "Take the line out of {path} and set {name} at your host instead: what ENV sets can be read out of "
    "the image.",
    "ARG": "Take ARG {name} out of {path}. A value that the build needs comes as a build secret (RUN "
    "--mount=type=secret), "
    "one that the app needs from your host's settings: an ARG stays in the image's history.",
    "compose": "In {path} write {name}: ${{{name}}} and keep the value in a .env file that git ignores, or at "
    "your host.",
    "workflow": "Put the value into your repository's settings (Secrets and variables, Actions; at GitLab: CI/CD, "
    "Variables), and in {path} write ${{{{ secrets.{name} }}}}, or at GitLab nothing at all.",
}


@check(
    "deploy.secrets.injected",
    severity=Severity.HIGH,
    title="Keys come from the host's settings",
    why="A key inside an image or a file goes wherever that goes: everyone who gets the image gets the key.",
    minutes=30,
    question=QUESTION,
)
async def secrets_injected(
    project: Project, code: CodeFacts | None, owners: Owners | None, answers: Answers
) -> Finding:
    if (absent := no_code(project, owners, "so its builder keeps its keys.")) is not None:
        return absent
    if code is None:
        return not_given()
    found = await code.survey()
    return unread(found) if isinstance(found, NoRepo) else judge(found, answers)


def judge(found: Survey, answers: Answers) -> Finding:
    """Pure."""
    places = injected(found)
    if places:
        return _inside(places)
    secrets = [name for name in found.used_names if names_a_secret(name)]
    if not secrets and not found.cut:
        return passed("Your code reads no key and no password from outside.")
    answer = answers.get(QUESTION)
    evidence = [Evidence("keys that the code reads", listed(secrets, most=20))] if secrets else []
    if answer is not None and answer.choice in ("host", "none"):
        how = "keys come from the host's settings or a secret store" if answer.choice == "host" else "there are no keys"
        return passed(f"{answer.who or 'Somebody'} said on {day(answer.at)}: {how}.", evidence=evidence)
    if answer is not None and answer.choice == "hand":
        return warned(
            f"{answer.who or 'Somebody'} said on {day(answer.at)} that a file with keys is copied to the server "
            f"by hand.",
            Fix(
                "steps",
                "Put each key into your host's settings (environment variables) or a secret store, let the app read it "
                "from there, and delete the copies. Then nobody needs the file to deploy.",
                minutes=30,
                who=WHO,
            ),
            evidence=evidence,
            question=QUESTION,
        )
    return unknown(
        "No key stands in an image, a compose file or a workflow of yours. How they get to the server we cannot see.",
        needs="your word on how keys get to where the product runs",
        evidence=evidence,
        question=QUESTION,
    )


def _inside(places: tuple[Place, ...]) -> Finding:
    first = places[0]
    path, name = clean(first.path, limit=120), clean(first.name)
    how = {
        "ENV": f"{path} writes {name} into the image",
        "ARG": f"{path} takes {name} as a build argument, which stays in the image's history",
        "compose": f"{path} holds the value of {name}",
        "workflow": f"{path} holds the value of {name}",
    }[first.why]
    rest = f" So it is with {listed([clean(each.name) for each in places[1:]])}." if len(places) > 1 else ""
    return failed(
        f"{how}.{rest}",
        Fix(
            "steps",
            f"{_SAY[first.why].format(path=path, name=name)} Then make a new key: whoever has the image or the "
            f"code has "
            "this one.",
            minutes=30,
            who=WHO,
        ),
        evidence=[Evidence(f"{each.path}:{each.line}", f"{each.name} ({each.why})") for each in places[:20]],
        subject=first.name,
    )
