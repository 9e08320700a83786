"""Whether there is a release to go back to tonight (Vercel's and others' instant rollback; roadmap 4)."""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.code import no_code
from launchready_tui.checks.deploy._host import WHO, given, untold, who
from launchready_tui.hosts.model import HostAccount, NoHost, Release, Releases
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Project
from launchready_tui.text import clean, day, plural

QUESTION = "rollback.target"
_SHOWN = 5


@check(
    "deploy.rollback.target",
    severity=Severity.CRITICAL,
    title="There is a release to go back to",
    why="If tonight's release breaks sign-in, you have nothing to go back to.",
    minutes=20,
    question=QUESTION,
)
async def rollback_target(
    project: Project, owners: Owners | None, answers: Answers, clock: Clock, host: HostAccount | None
) -> Finding:
    if (absent := no_code(project, owners, "so its versions are kept by its builder.")) is not None:
        return absent
    return judge(await host.releases() if host is not None else None, answers, clock.now())


def judge(told: Releases | NoHost | None, answers: Answers, now: dt.datetime) -> Finding:
    """Pure."""
    if isinstance(told, Releases) and told.all:
        evidence = [Evidence(each.id, _line(each)) for each in told.all[:_SHOWN]]
        if not told.targets and told.whole:
            return failed(
                "Your host lists no earlier release that could be put live again.",
                _make(),
                evidence=evidence,
                question=QUESTION,
            )
        if told.targets:
            return _there(told.targets[0], evidence, now)
    answer = given(QUESTION, answers)
    if answer is None:
        say = "Whether an earlier release could be put live again, we cannot see."
        if isinstance(told, Releases):
            say = "Your host's list of deployments shows none to go back to, and there may be older ones."
        if isinstance(told, Releases) and not told.all:
            say = "Your host lists no deployment to production."
        return untold(QUESTION, answers, say, told if isinstance(told, NoHost) else None)
    if answer.choice == "recent":
        return passed(f"{who(answer)}: an earlier release of the last 30 days can be put live again.")
    if answer.choice == "old":
        return warned(
            f"{who(answer)} that the release to go back to is more than 30 days old.", _renew(), question=QUESTION
        )
    return failed(f"{who(answer)} that there is no earlier release to go back to.", _make(), question=QUESTION)


def _there(target: Release, evidence: list[Evidence], now: dt.datetime) -> Finding:
    name = clean(target.commit[:12] or target.id, limit=80)
    if target.at is None:
        return passed(f"{name} can be put live again.", evidence=evidence, subject=name)
    days = (now - target.at).days
    saw = f"{name} of {day(target.at)} can be put live again"
    if days > limits.ROLLBACK_TARGET_DAYS:
        return warned(
            f"{saw}, but it is {plural(days, 'day')} old.", _renew(), evidence=evidence, subject=name, question=QUESTION
        )
    return passed(f"{saw}.", evidence=evidence, subject=name, facts=[("rollback target", name)])


def _renew() -> Fix:
    return Fix(
        "steps",
        "Put the newest commit live once more today, even if nothing changed: what is live now is then the one to go "
        "back to. An old release may not work with today's database and settings.",
        minutes=15,
        who=WHO,
    )


def _make() -> Fix:
    return Fix(
        "steps",
        "Deploy the version that is live once more, so that there are two of it, and keep the first. Then see in your "
        "host's list of deployments that it offers the first one to go back to (Vercel: Instant Rollback; Netlify: "
        "Publish deploy; Render: Rollback; Fly: fly releases --image).",
        minutes=20,
        who=WHO,
    )


def _line(each: Release) -> str:
    when = day(each.at) if each.at is not None else ""
    parts = (each.commit[:12], when, "live" if each.live else "can be put live again" if each.back and each.ok else
             "cannot be put live again")  # fmt: skip
    return clean(", ".join(part for part in parts if part), limit=160)
