"""Log calls that name a password, a token or a person (OWASP Logging Cheat Sheet): read here, settled by a person."""

from __future__ import annotations

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import WHO, no_code, not_given, unread
from launchready_tui.codefacts import CodeFacts
from launchready_tui.envscan.logs import Logged
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean, day, listed, plural

QUESTION = "logs.redaction"


@check(
    "audit.logs.redaction",
    severity=Severity.HIGH,
    title="Logs hold no passwords and no people",
    why="Anyone who may read the logs, at your host or at a log service, gets into your members' accounts.",
    minutes=40,
    question=QUESTION,
)
async def logs_redaction(project: Project, code: CodeFacts | None, owners: Owners | None, answers: Answers) -> Finding:
    if (absent := no_code(project, owners, "so it writes no log of its own.")) is not None:
        return absent
    if code is None:
        return not_given()
    found = await code.logs()
    return unread(found) if isinstance(found, NoRepo) else judge(found, answers)


def judge(found: Logged, answers: Answers) -> Finding:
    """Pure. What reading finds is never certain, so a person's word on it counts."""
    calls = found.calls
    evidence = [Evidence(f"{each.path}:{each.line}", f"a log call with {each.name} in it") for each in calls[:20]]
    if found.redactor:
        evidence.append(Evidence(found.redactor, "looks like a redactor"))
    answer = answers.get(QUESTION)
    if calls and answer is not None and answer.choice == "clean":
        return passed(
            f"{answer.who or 'Somebody'} looked at the log calls on {day(answer.at)}: none writes a secret or a person "
            f"({plural(len(calls), 'call')} had a telling name).",
            evidence=evidence,
        )
    if not calls:
        if found.cut:
            return unknown(
                "No log call that we saw writes a secret or a person, but we did not see all of your code.",
                needs="a smaller code folder: the app's own, without what is built or installed",
            )
        return passed(
            f"No log call in {plural(found.files, 'file')} names a password, a token, an address or a whole request. "
            "Reading finds most and not all: please confirm with one look at the real log.",
            evidence=evidence,
        )
    return _found(found, evidence)


def _found(found: Logged, evidence: list[Evidence]) -> Finding:
    calls = found.calls
    whole = next((each for each in calls if each.whole), None)
    first = whole or calls[0]
    names = listed(list(dict.fromkeys(clean(each.name, limit=60) for each in calls)))
    place = clean(f"{first.path}:{first.line}", limit=160)
    fix = Fix(
        "steps",
        f"Open {place} and the others in the evidence. Where the value itself would be written, log an id or "
        f"nothing, or "
        "let your logger replace these fields (pino has “redact”, Rails “filter_parameters”, Python a logging filter). "
        "Then look once at the real log of a sign-in. If none of them writes the value, say so with a.",
        minutes=40,
        who=WHO,
    )
    says = "Please confirm: we only read the code."
    if whole is not None and not found.redactor:
        saw = f"{place} writes the whole request into the log, with its password and cookies. {says}"
        return failed(saw, fix, evidence=evidence, subject=first.path, question=QUESTION)
    if len(calls) > limits.LOG_CALLS_FAIL and not found.redactor:
        saw = f"{plural(len(calls), 'log call')} have {names} among what they write, the first in {place}. {says}"
        return failed(saw, fix, evidence=evidence, subject=first.path, question=QUESTION)
    but = f" {clean(found.redactor, limit=120)} looks like a redactor for them." if found.redactor else ""
    have = "has" if len(calls) == 1 else "have"
    return warned(
        f"{plural(len(calls), 'log call')} {have} {names} among what is written, the first in {place}.{but} {says}",
        fix,
        evidence=evidence,
        subject=first.path,
        question=QUESTION,
    )
