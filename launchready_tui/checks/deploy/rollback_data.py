"""What putting the last version back leaves as it is: the database, the settings, timed jobs (deploy.rollback.data)."""

from __future__ import annotations

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.deploy._platform import found_of, way_back
from launchready_tui.codefacts import CodeFacts
from launchready_tui.migrations import Taking, taking
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.rollbacks import Way
from launchready_tui.sources.repo import Repo, Tracked
from launchready_tui.text import day, listed, plural

_QUESTION = "rollback.data"
_NAMED = 5  # migrations that the sentence's evidence names; ours
_DO = {
    "migrations": "change the database in two releases: first one that both versions can work with (add, copy), and "
    "only the next one takes the old part away",
    "settings": "write down with each release which settings it changes, and what they were",
    "cron": "write down which timed jobs there are, and which version's they are after a way back",
}


@check(
    "deploy.rollback.data",
    severity=Severity.MEDIUM,
    title="What a way back leaves as it is, is known",
    why="Old code on a new database can do more harm than the fault that you go back from.",
    minutes=15,
    question=_QUESTION,
)
async def rollback_data(
    project: Project, answers: Answers, owners: Owners | None, repo: Repo | None, code: CodeFacts | None
) -> Finding:
    way = way_back(await found_of(code), owners, answers)
    found, count = await _migrations(repo)
    absent = "database" in project.absent or (owners is not None and owners.get("database").absent)
    if absent and not count:
        stays = f" {way.label} does not bring back {listed(list(way.not_restored))}." if way is not None else ""
        return info(f"You said that there is no database of your own, so a way back takes no data with it.{stays}")
    answer = answers.get(_QUESTION)
    if answer is None:
        old = answers.newest(_QUESTION)
        asked = (
            f"{old.who} answered on {day(old.at)}. That counts for {old.days} days, so we ask again."
            if old is not None and old.choice != "unknown"
            else "Nobody has told us what stays as it is when the last version comes back."
        )
        return unknown(
            f"{asked}{_told(found)}", needs="your answer", question=_QUESTION, evidence=_evidence(found, count, way)
        )
    return judge(answer, found, count, way)


async def _migrations(repo: Repo | None) -> tuple[tuple[Taking, ...], int]:
    tracked = await repo.tracked() if repo is not None else None
    if repo is None or not isinstance(tracked, Tracked):
        return (), 0
    paths = tracked.paths
    found = await repo.on_thread(lambda read: taking(paths, read, limits.MIGRATIONS_READ), most=limits.ENV_FILE_BYTES)
    return found if isinstance(found, tuple) else ((), 0)


def _told(found: tuple[Taking, ...]) -> str:
    if not found:
        return ""
    first = found[0]
    others = f", and {plural(len(found) - 1, 'older migration')} like it" if len(found) > 1 else ""
    return f" The migration {first.path} {listed(list(first.what), most=2)}{others}."


def _evidence(found: tuple[Taking, ...], count: int, way: Way | None) -> list[Evidence]:
    out = [Evidence(each.path, "; ".join(each.what)) for each in found[:_NAMED]]
    if count:
        out.append(Evidence("migrations", f"the newest {count} were read, {len(found)} of them take something away"))
    if way is not None:
        out.append(Evidence(f"what {way.label} does not bring back ({way.source})", "; ".join(way.not_restored)))
    return out


def judge(answer: Answer, found: tuple[Taking, ...], count: int, way: Way | None) -> Finding:
    """Pure: three ticks pass, two warn, fewer fail."""
    labels = dict(QUESTIONS[_QUESTION].ticks)
    ticked = [name for name in labels if name in answer.ticks] if answer.choice == "looked" else []
    left = [name for name in labels if name not in ticked]
    evidence = [Evidence(f"{answer.who}, {day(answer.at)}", ", ".join(ticked) or answer.choice)]
    evidence += _evidence(found, count, way)
    if not left:
        return passed(
            f"What stays as it is when the last version comes back is known: the database, the settings and timed jobs "
            f"({answer.who}, {day(answer.at)}).{_told(found)}",
            evidence=evidence,
        )
    fix = Fix(
        "steps",
        f"What is left to do: {'; '.join(_DO[name] for name in left)}. Then answer again.",
        minutes=15 * len(left),
        who="Whoever writes and deploys your app",
    )
    open_ = listed([f"“{labels[name]}”" for name in left])
    saw = f"{answer.who} could not tick {open_} on {day(answer.at)}.{_told(found)}"
    if len(left) == 1:
        return warned(saw, fix, evidence=evidence, question=_QUESTION)
    return failed(saw, fix, evidence=evidence, question=_QUESTION)
