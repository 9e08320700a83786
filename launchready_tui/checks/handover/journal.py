"""Every change that was made stands in the handover, with what was there before: the journal and the export agree."""

from __future__ import annotations

from collections.abc import Collection

from launchready_tui.changelist import ChangeLook, ChangeView, Made
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.text import day, listed, plural

_EXPORT = "Export the handover again (x on the handover screen, or `launchready export`), and give out the new file."


def _numbers(numbers: Collection[int]) -> str:
    """ "change 3", "changes 3 and 4"."""
    return f"change{'' if len(numbers) == 1 else 's'} {listed([str(number) for number in sorted(numbers)])}"


def _bare(change: Made) -> list[str]:
    """What a listed change lacks."""
    parts = (("who made it", change.who), ("what was there before", change.before), ("what is there now", change.after))
    return [words for words, text in parts if not text.strip()]


def judge_changes(view: ChangeView) -> Finding:
    """Hold the lists against each other. Pure."""
    journal = {change.number: change for change in view.journal}
    draft = {change.number: change for change in view.draft}
    evidence = [
        Evidence(
            f"change {change.number}, {day(change.at)}",
            f"{change.who or 'nobody'}: {change.before} → {change.after}{' (taken back)' if change.undone else ''}",
        )
        for change in view.journal
    ]
    if view.written is not None and view.written_at is not None:
        evidence.append(Evidence(view.file or "the last export", f"written on {day(view.written_at)}"))
    wrong = _differ(journal, draft)
    if wrong:
        return failed(
            f"The journal and the handover differ about {_numbers(wrong)}.",
            Fix(
                "steps",
                "Close the wizard and open this launch again, so that the journal is read anew. Then compare the list "
                f"of `launchready changes` with the handover's. {_EXPORT}",
                minutes=10,
                who="Whoever keeps this launch",
            ),
            evidence=evidence,
        )
    if view.trouble:
        return unknown(view.trouble, needs="another look", evidence=evidence)
    if view.written is not None and view.written_at is not None:
        at = view.written_at
        written = {change.number: change for change in view.written}
        newer = {n for n, change in journal.items() if (change.last or change.at) > at}
        wrong = _differ({n: c for n, c in journal.items() if n not in newer}, written) - newer
        if wrong:
            return failed(
                f"The handover of {day(at)} differs from the journal about {_numbers(wrong)}.",
                Fix("steps", f"The file was changed after it was written. {_EXPORT}", minutes=5, who="The founder"),
                evidence=evidence,
            )
        if newer:
            return warned(
                f"The handover was written on {day(at)}; {_numbers(newer)} came after it.",
                Fix("steps", _EXPORT, minutes=5, who="The founder"),
                evidence=evidence,
            )
    bare = [f"change {n} ({listed(_bare(change))})" for n, change in journal.items() if _bare(change)]
    if bare:
        return warned(
            f"In the list of changes this is missing: {listed(bare)}.",
            Fix(
                "steps",
                "Ask who made it, and write what is missing beside the handover. Changes that are made from here on "
                "carry a name by themselves.",
                minutes=10,
                who="The founder",
            ),
            evidence=evidence,
        )
    if not journal:
        return info("Nothing was changed from here yet, so there is nothing to list.")
    return passed(
        f"{plural(len(journal), 'change')} {'is' if len(journal) == 1 else 'are'} listed with before, after, time, "
        "person and the number that takes it back.",
        evidence=evidence,
    )


def _differ(one: dict[int, Made], other: dict[int, Made]) -> set[int]:
    """The numbers of which the two lists say different things."""
    return {n for n in one.keys() | other.keys() if n not in one or n not in other or one[n].told != other[n].told}


@check(
    "handover.journal.changes",
    severity=Severity.MEDIUM,
    title="Every change is listed with what was there before",
    why="When something breaks next month, this list says what to put back.",
    minutes=5,
    derived=True,
)
async def journal_changes(changes: ChangeLook) -> Finding:
    return judge_changes(await changes.view())
