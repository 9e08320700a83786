"""The database is backed up by itself, and a backup was restored lately (catalogue, audit.backup.restore)."""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Project
from launchready_tui.text import clean, day

_QUESTION = "backup.restore"
_WHO = "Whoever runs the database"
_BACK_UP = Fix(
    "steps",
    "At your database's host, open the page for backups and switch on a daily one, kept for at least a week "
    "(Supabase, Neon, Render, Railway, Heroku, DigitalOcean and RDS have such a page; on your own machine: pg_dump "
    "or mysqldump every night, copied to another place). Then restore one into an empty database, and look for your "
    "newest member in it.",
    minutes=45,
    who=_WHO,
)
_RESTORE = Fix(
    "steps",
    "Make a second, empty database at your host and restore the newest backup into it. Look for your newest member and "
    "post, write down the day, who did it and the minutes it took, then delete that database.",
    minutes=30,
    who=_WHO,
)


@check(
    "audit.backup.restore",
    severity=Severity.HIGH,
    title="A backup was restored lately",
    why="A bad release or a wrong click deletes your community for good.",
    minutes=30,
    question=_QUESTION,
)
async def backup_restore(project: Project, answers: Answers, owners: Owners | None, clock: Clock) -> Finding:
    if "database" in project.absent or (owners is not None and owners.get("database").absent):
        return info("You said that there is no database of your own, so there is nothing to restore.")
    answer = answers.get(_QUESTION)
    if answer is None:
        old = answers.newest(_QUESTION)
        again = old is not None and old.choice != "unknown"
        asked = (
            f"{old.who} answered on {day(old.at)}. That counts for {old.days} days, so we ask again."
            if old is not None and again
            else "Nobody has told us whether your database is backed up, and whether a backup was ever restored."
        )
        return unknown(asked, needs="your answer", question=_QUESTION)
    return judge(answer, clock.now().date())


def day_of(text: str, answered: dt.date) -> dt.date | None:
    """A day as typed: "2026-11-03", "3.11.2026", "today", "yesterday"; None for what is none."""
    word = text.strip().lower()
    if word and ("today".startswith(word) or word == "now"):
        return answered
    if word == "yesterday":
        return answered - dt.timedelta(days=1)
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return dt.datetime.strptime(word, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def judge(answer: Answer, today: dt.date) -> Finding:
    """Pure: an answer that counts, against the bar."""
    said = f"{answer.who}, {day(answer.at)}"
    where = answer.fields.get("where", "").strip()
    evidence = [Evidence(said, answer.choice + (f", {answer.note}" if answer.note else ""))]
    evidence += [Evidence("where the backups are", where)] if where else []
    if answer.choice == "absent":
        return info(f"There is no database of your own, so there is nothing to restore ({said}).", evidence=evidence)
    if answer.choice == "none":
        return failed("No backup of the database runs by itself.", _BACK_UP, evidence=evidence, question=_QUESTION)
    if answer.choice == "untried":
        return warned(
            "Backups run by themselves, and nobody has ever restored one: whether they hold what you need is open.",
            _RESTORE,
            evidence=evidence,
            question=_QUESTION,
        )
    typed = clean(answer.fields.get("date", ""), limit=60)
    when = day_of(typed, answer.at.date())
    who = answer.fields.get("person", "").strip() or answer.who
    if when is None or when > today + dt.timedelta(days=1):
        return warned(
            f"A backup was restored ({said}). On which day is not known{f': “{typed}”' if typed else ''}.",
            _RESTORE,
            evidence=evidence,
            question=_QUESTION,
        )
    told = f"{who} restored a backup on {day(when)}"
    if (today - when).days > limits.ANSWER_DAYS:
        return warned(
            f"{told}, more than {limits.ANSWER_DAYS} days ago.", _RESTORE, evidence=evidence, question=_QUESTION
        )
    return passed(f"{told}.", evidence=evidence, facts=[("backup", f"{told}{f', {where}' if where else ''}")])
