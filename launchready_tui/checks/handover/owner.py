"""A name, a contact and a stand-in for every system (roadmap, stage 7)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import CRITICAL, LABELS, Owner, Owners, present
from launchready_tui.project import Clock, Project
from launchready_tui.text import clean, day, listed, plural


def _person(name: str) -> str:
    """A name for comparing: two spellings of one person should not look like two people."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _labels(owners: Iterable[Owner]) -> str:
    return listed([LABELS[owner.system] for owner in owners])


def _not_told(owners: Owners) -> Finding | None:
    if owners.told:
        return None
    return unknown("Nobody has been named yet for any system.", needs=Owners.needs)


def _evidence(owners: Iterable[Owner]) -> list[Evidence]:
    return [
        Evidence(LABELS[owner.system], f"owner: {owner.owner or 'nobody'}, backup: {owner.backup or 'nobody'}")
        for owner in owners
    ]


def _put(what: str) -> str:
    return f"On the handover screen, open each of these systems and fill in {what}."


@check(
    "handover.owner.primary",
    severity=Severity.HIGH,
    title="Every system has an owner",
    why="One question should need one phone call, not three.",
    minutes=10,
)
async def owner_primary(owners: Owners, project: Project) -> Finding:
    if (silence := _not_told(owners)) is not None:
        return silence
    systems = present(owners, project)
    bare = [owner for owner in systems if not (owner.owner.strip() and owner.contact.strip())]
    if not bare:
        return passed(f"All {plural(len(systems), 'system')} have a person and a contact.", evidence=_evidence(systems))
    fix = Fix(
        "steps",
        f"{_put('who owns it and how to reach them (a mail address or a phone number)')} They are: {_labels(bare)}.",
        minutes=2 * len(bare),
        who="The founder",
    )
    critical = [owner for owner in bare if owner.system in CRITICAL]
    if critical:
        saw = f"No person with a contact is named for {_labels(critical)}."
        return failed(saw, fix, evidence=_evidence(systems), cause="owner:primary")
    saw = f"No person with a contact is named for {_labels(bare)}."
    return warned(saw, fix, evidence=_evidence(systems), cause="owner:primary")


@check(
    "handover.owner.backup",
    severity=Severity.HIGH,
    title="Every critical system has a backup owner",
    why="Holidays and illness happen in launch week, too.",
    minutes=15,
)
async def owner_backup(owners: Owners, project: Project, clock: Clock) -> Finding:
    if (silence := _not_told(owners)) is not None:
        return silence
    systems = [owner for owner in present(owners, project) if owner.system in CRITICAL]
    missing = [owner for owner in systems if not _person(owner.backup)]
    same = [owner for owner in systems if _person(owner.backup) and _person(owner.backup) == _person(owner.owner)]
    if missing or same:
        said = []
        if missing:
            said.append(f"Nobody stands in for {_labels(missing)}.")
        if same:
            said.append(f"Owner and backup are the same person for {_labels(same)}.")
        fix = Fix(
            "steps",
            f"{_put('a second person')} They are: {_labels([*missing, *same])}. Give that person their own sign-in, "
            "and ask them to try it.",
            minutes=5 * len([*missing, *same]),
            who="The founder",
        )
        return failed(" ".join(said), fix, evidence=_evidence(systems), cause="owner:backup")
    today = clock.now().date()
    silent = [owner for owner in systems if not owner.backup_counts(today)]
    if silent:
        names = clean(listed(sorted({owner.backup.strip() for owner in silent})))
        old = [owner.backup_proved for owner in silent if owner.backup_proved is not None]
        saw = f"A backup is named for every critical system, but {names} did not confirm it yet for {_labels(silent)}."
        if len(old) == len(silent):
            saw = (
                f"A backup is named for every critical system, but {names} last signed in on {day(min(old))} at "
                f"{_labels(silent)}; that counts for {limits.ANSWER_DAYS} days."
            )
        return warned(
            saw,
            Fix(
                "steps",
                f"Ask {names} to sign in at each of these systems: {_labels(silent)}. Then write the day down under "
                "“They signed in” on the handover screen.",
                minutes=5 * len(silent),
                who=names,
            ),
            evidence=_evidence(systems),
            cause="owner:backup",
        )
    return passed(
        f"All {plural(len(systems), 'critical system')} have a backup owner who confirmed it.",
        evidence=_evidence(systems),
    )
