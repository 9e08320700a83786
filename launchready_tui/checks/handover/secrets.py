"""The product's own keys and passwords: each written down by name and place, and renewed after whoever left (roadmap,
stage 7: "secret inventory"; how to rotate each: trufflesecurity's howtorotate)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.handover._settings import settings_of
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Clock, Project
from launchready_tui.secretlist import KeptSecret, SecretList, Suggested, holds_a_value, missing
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.text import clean, day, listed, plural

_WHO = "The founder, with whoever writes the app"
_OPEN = "On the handover screen, press S"


def _evidence(kept: Iterable[KeptSecret], found: Iterable[Suggested] = ()) -> list[Evidence]:
    lines = [
        Evidence(
            each.name,
            f"{each.system or 'no system'}; kept: {each.location or 'nobody said'}; owner: {each.owner or 'nobody'}; "
            f"made {_when(each.created)}, renewed {_when(each.rotated_on)}, next {_when(each.rotate_by)}",
        )
        for each in kept
    ]
    return lines + [Evidence(each.where, f"names {each.name}") for each in found]


def _when(date: dt.date | None) -> str:
    return day(date) if date is not None else "nobody said when"


def _names(kept: Iterable[KeptSecret | Suggested]) -> str:
    return clean(listed([each.name for each in kept], most=4))


def _nothing(kept: SecretList) -> Finding:
    if kept.none:
        return passed(f"There is no secret to hand over: {clean(kept.none)} said that the product has none.")
    return unknown("No key and no password of the product is written down yet.", needs=SecretList.needs)


def judge_inventory(kept: SecretList, found: tuple[Suggested, ...], seen: str) -> Finding:
    """The rule: each with name, system, place, owner and both days; nothing known that is not listed. Pure.

    `seen` says what the list was compared with.
    """
    evidence = _evidence(kept.kept, found)
    values = [each for each in kept.kept if _value_in(each)]
    if values:
        names = plural(len(values), "line")
        return failed(
            f"{names} of the list {'holds' if len(values) == 1 else 'hold'} what looks like a secret itself.",
            Fix("steps", f"{_OPEN}, and write where it is kept instead. Then make a new value.", 10, who=_WHO),
            cause="secrets:value",
        )
    unlisted = missing(kept, found)
    if unlisted:
        where = clean(listed(list(dict.fromkeys(each.where for each in unlisted)), most=3))
        return failed(
            f"{plural(len(unlisted), 'secret')} of your product {'is' if len(unlisted) == 1 else 'are'} not written "
            f"down: {_names(unlisted)} (from {where}).",
            Fix(
                "steps",
                f"{_OPEN}: each is proposed there. Say where it is kept, who answers for it and when it was made; "
                f"never the value. They are: {_names(unlisted)}.",
                minutes=3 * len(unlisted),
                who=_WHO,
            ),
            evidence=evidence,
            cause="secrets:inventory",
        )
    if not kept.kept:
        return _nothing(kept)
    bare = [each for each in kept.kept if each.lacking]
    if bare:
        first = bare[0]
        return warned(
            f"Of {plural(len(kept.kept), 'secret')}, {len(bare)} {'lacks' if len(bare) == 1 else 'lack'} something: "
            f"{first.name} has not {listed(list(first.lacking))}.",
            Fix(
                "steps",
                f"{_OPEN}, and fill in what is missing for {_names(bare)}.",
                minutes=2 * len(bare),
                who=_WHO,
            ),
            evidence=evidence,
            subject=first.name,
            cause="secrets:inventory",
        )
    return passed(
        f"{plural(len(kept.kept), 'secret')} {'is' if len(kept.kept) == 1 else 'are'} written down, each with its "
        f"place, owner and days. {seen}",
        evidence=evidence,
    )


def _value_in(each: KeptSecret) -> bool:
    return any(holds_a_value(text) for text in (each.name, each.system, each.location, each.owner, each.how, *each.had))


def judge_rotated(kept: SecretList, today: dt.date) -> Finding:
    """The rule: renewed after every leak and every leaving, and in the last half year. Pure."""
    if not kept.kept:
        return _nothing(kept)
    evidence = _evidence(kept.kept)
    seen = [each for each in kept.kept if each.seen_by_others]
    if seen:
        first = seen[0]
        why = f" ({first.how})" if first.how else ""
        others = f" So it is with {len(seen) - 1} more." if len(seen) > 1 else ""
        renewed = f"was last made new on {day(first.renewed)}" if first.renewed else "has not been made new since"
        return failed(
            f"{first.name} may be known to others since {_when(first.exposed)}{why}, and {renewed}.{others}",
            _renew(seen),
            evidence=evidence,
            subject=first.name,
            cause="secrets:rotated",
        )
    ages = {each.name: (today - each.renewed).days for each in kept.kept if each.renewed is not None}
    old = [each for each in kept.kept if ages.get(each.name, 0) > limits.SECRET_DAYS_FAIL]
    if old:
        first = max(old, key=lambda each: ages[each.name])
        others = f" {plural(len(old) - 1, 'more is', 'more are')} older than a year." if len(old) > 1 else ""
        return failed(
            f"{first.name} is {ages[first.name]} days old (at most {limits.SECRET_DAYS_FAIL}).{others}",
            _renew(old),
            evidence=evidence,
            subject=first.name,
            cause="secrets:rotated",
        )
    due = [each for each in kept.kept if each.rotate_by is not None and each.rotate_by < today]
    aging = [each for each in kept.kept if ages.get(each.name, 0) >= limits.SECRET_DAYS_SOUND]
    if late := list(dict.fromkeys([*due, *aging])):
        first = late[0]
        said = (
            f"was to be renewed by {day(first.rotate_by)}"
            if first in due and first.rotate_by
            else f"is {ages[first.name]} days old (aim: under {limits.SECRET_DAYS_SOUND})"
        )
        others = f" {plural(len(late) - 1, 'more is', 'more are')} due." if len(late) > 1 else ""
        return warned(
            f"{first.name} {said}.{others}",
            _renew(late),
            evidence=evidence,
            subject=first.name,
            cause="secrets:rotated",
        )
    undated = [each for each in kept.kept if each.renewed is None]
    if undated:
        return unknown(
            f"We could not tell for {_names(undated)}: nobody wrote down when the value was made.",
            needs="the day on which each secret was made",
            evidence=evidence,
        )
    oldest = max(ages.values())
    return passed(
        f"Every secret was renewed after whoever left or saw it, the oldest {plural(oldest, 'day')} ago.",
        evidence=evidence,
    )


def _renew(kept: list[KeptSecret]) -> Fix:
    places = clean(listed(list(dict.fromkeys(each.system or each.name for each in kept)), most=4))
    return Fix(
        "steps",
        f"Sign in at {places}, make a new key or password in the place of {_names(kept)}, put it where the old one was "
        f"kept, see that the product works, and only then delete the old one. {_OPEN} to write down the day.",
        minutes=15 * len(kept),
        who=_WHO,
    )


@check(
    "handover.secrets.inventory",
    severity=Severity.HIGH,
    title="Every key and password is on a list",
    why="You can renew only what you know is there.",
    minutes=15,
)
async def secrets_inventory(kept: SecretList, project: Project, repo: Repo | None) -> Finding:
    if repo is None or "repository" in project.absent:
        return judge_inventory(kept, (), "We had no code folder to compare with.")
    found = await settings_of(repo)
    if isinstance(found, NoRepo):
        return unknown(
            f"We could not compare the list with your code folder: {found.say}.",
            needs=Repo.needs,
            evidence=_evidence(kept.kept),
        )
    return judge_inventory(kept, found, f"Your code names {plural(len(found), 'secret')}, and all are among them.")


@check(
    "handover.secrets.rotated",
    severity=Severity.HIGH,
    title="Keys are renewed after whoever left",
    why="A former helper keeps a working key until you make a new one.",
    minutes=30,
)
async def secrets_rotated(kept: SecretList, clock: Clock) -> Finding:
    return judge_rotated(kept, clock.now().date())
