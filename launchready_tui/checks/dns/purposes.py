"""The records' purposes: somebody knows of every record what it is for, so that it can be changed and deleted."""

from __future__ import annotations

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.recordlist import Noted, annotate, seen
from launchready_tui.sources.dns import Answer, Dns, tell
from launchready_tui.text import listed, plural
from launchready_tui.zonelook import ZoneLook, ZoneView

_MINUTES = 3  # to ask whoever set a record up, and to write three words down


@check(
    "dns.records.purpose",
    severity=Severity.MEDIUM,
    title="Every record has a purpose",
    why="Next month nobody dares delete anything, and a record that nobody needs is one that a stranger may use.",
    minutes=10,
)
async def records_purpose(project: Project, dns: Dns, zone: ZoneLook | None) -> Finding:
    view = await zone.zone() if zone is not None else ZoneView()
    said = zone.purposes() if zone is not None else {}
    if view.sets is not None:
        return judge_purposes(project, annotate(view.sets, project, said), whole=True)
    if view.silent:
        return unknown(
            f"We could not list the records of {project.domain}: {view.say}", needs=LOOK, subject=project.domain
        )
    sets, unclear = await seen(project, dns)
    if unclear:
        return _unclear(project, unclear)
    return judge_purposes(project, annotate(sets, project, said), whole=False)


def _unclear(project: Project, answers: tuple[Answer, ...]) -> Finding:
    return unknown(
        f"We could not tell which records {project.domain} has: "
        f"{listed([f'{answer.type} {answer.name} ({tell(answer)})' for answer in answers], most=3)}.",
        needs=LOOK,
        subject=project.domain,
    )


def judge_purposes(project: Project, records: tuple[Noted, ...], *, whole: bool) -> Finding:
    """`whole`: the list is the zone's own. Else it is what the world sees, and the sentence says so."""
    domain = project.domain
    if not records:
        return unknown(
            f"We saw no record of {domain}, so there is none to write down.", needs="a first record", subject=domain
        )
    open_ = [each for each in records if not each.noted]
    evidence = [
        Evidence(f"Purpose of {each.set.type} {each.set.name}", each.text)
        for each in sorted(records, key=lambda each: each.noted)
    ]
    which = f"records of {domain}" if whole else f"records of {domain} that we saw"
    if not open_:
        also = "" if whole else " Connect the place where they are kept, and all of them are listed."
        one = len(records) == 1
        word = "The one record" if one else f"All {len(records):,} records"
        return passed(
            f"{word} {which.partition(' ')[2]} {'has' if one else 'have'} a purpose.{also}",
            evidence=evidence,
            subject=domain,
        )
    noted = len(records) - len(open_)
    names = [f"{each.set.type} {each.set.name}" for each in open_]
    say = warned if noted >= len(records) * limits.PURPOSE_SHARE_FAIL else failed
    return say(
        f"{noted:,} of {len(records):,} {which} have a purpose. Nobody wrote down what {listed(names)} "
        f"{'is' if len(names) == 1 else 'are'} for.",
        _write_down(open_),
        evidence=evidence,
        subject=domain,
    )


def _write_down(open_: list[Noted]) -> Fix:
    lines = "\n".join(f"{each.set.type} {each.set.name}: {_value(each)}" for each in open_[: limits.PURPOSE_TOLD])
    more = len(open_) - limits.PURPOSE_TOLD
    rest = f"\nand {plural(more, 'more record')}" if more > 0 else ""
    return Fix(
        "steps",
        "Ask whoever set these up what they are for. Write it down in three words or more: on the page “Records” here, "
        "or in the comment beside the record where your DNS host has one. What nobody needs any more can go.\n"
        f"{lines}{rest}",
        minutes=min(_MINUTES * len(open_), 60),
        who="Whoever set the records up",
    )


def _value(each: Noted) -> str:
    first = each.set.values[0]
    return f"{first[:60]}…" if len(first) > 60 else first
