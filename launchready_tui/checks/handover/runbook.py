"""The ways back are written down: for the app, the DNS records and the DMARC policy (roadmap, stage 7).

Each says when, in at least three steps, with which command or on which page, who, and how long.
"""

from __future__ import annotations

from launchready_tui import runbooks
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.runbooks import ABSENT, AGREED, KINDS, WayBack
from launchready_tui.text import day, listed

_MINUTES = 10  # to write one down; ours


def _read(answers: Answers) -> dict[str, WayBack | str]:
    """Each kind's runbook, or in a word why there is none: "silent", "none", "absent"."""
    out: dict[str, WayBack | str] = {}
    for kind in KINDS:
        answer = runbooks.counting(answers, kind)
        if answer is None:
            out[kind] = "silent"
        elif answer.choice == AGREED:
            out[kind] = runbooks.from_fields(kind, answer.fields, answer)
        else:
            out[kind] = answer.choice
    return out


def _evidence(read: dict[str, WayBack | str]) -> list[Evidence]:
    out = []
    for kind, book in read.items():
        if isinstance(book, WayBack):
            who = book.answer.who if book.answer else ""
            when = f"{who or 'somebody'}, {day(book.answer.at)}" if book.answer else ""
            out.append(Evidence(f"way back, {KINDS[kind][1]}", f"{' → '.join(book.steps)} ({when})"))
    return out


def _fix(kinds: list[str], lacks: list[str]) -> Fix:
    names = listed([KINDS[kind][1] for kind in kinds])
    what = f" What is missing: {listed(lacks, most=8)}." if lacks else ""
    return Fix(
        "steps",
        f"Write down how {names} {'comes' if kinds == ['app'] or kinds == ['dmarc'] else 'come'} back: when to do it, "
        f"three steps or more, the command or the page, who does it, how many minutes it takes.{what} Enter asks for "
        "it here, with a first text from what we know.",
        minutes=_MINUTES * len(kinds),
        who="The founder, with whoever deploys",
    )


def judge_ways_back(answers: Answers) -> Finding:
    """The rule: all three complete is a pass; none for the app is a fail; anything else missing is a warning. Pure."""
    read = _read(answers)
    evidence = _evidence(read)
    app = read["app"]
    open_kinds = [kind for kind, book in read.items() if _open(book)]
    asked = KINDS[open_kinds[0]][0] if open_kinds else KINDS["app"][0]
    lacks = [
        f"{KINDS[kind][1]}: {each}" for kind, book in read.items() if isinstance(book, WayBack) for each in book.missing
    ]
    if app == "silent":
        newest = answers.newest(KINDS["app"][0])
        ran_out = newest is not None and newest.choice != "unknown"
        saw = (
            f"{newest.who or 'Somebody'} said how the last version of the app comes back on {day(newest.at)}; that "
            f"counts for {newest.days} days, so we ask again."
            if newest is not None and ran_out
            else "Nobody has told us how the last version of the app comes back."
        )
        return unknown(saw, needs="your answer", question=asked, evidence=evidence)
    if not isinstance(app, WayBack) or not app.steps:
        return failed(
            "There are no steps for bringing the last version of the app back.",
            _fix(open_kinds or ["app"], lacks),
            evidence=evidence,
            question=KINDS["app"][0],
        )
    if open_kinds:
        return warned(_said(read, open_kinds), _fix(open_kinds, lacks), evidence=evidence, question=asked)
    whole = [KINDS[kind][1] for kind, book in read.items() if isinstance(book, WayBack)]
    no_mail = " No mail is sent from this domain." if read["dmarc"] == ABSENT else ""
    return passed(
        f"The ways back for {listed(whole)} are written down, each with who and how long.{no_mail}", evidence=evidence
    )


def _open(book: WayBack | str) -> bool:
    return bool(book.missing) if isinstance(book, WayBack) else book != ABSENT


def _said(read: dict[str, WayBack | str], kinds: list[str]) -> str:
    """What is missing, in one or two sentences."""
    bare = [KINDS[kind][1] for kind in kinds if not isinstance(read[kind], WayBack)]
    said = [f"No way back is written down for {listed(bare)}."] if bare else []
    for kind in kinds:
        book = read[kind]
        if isinstance(book, WayBack) and len(said) < 2:
            said.append(f"The way back for {KINDS[kind][1]} does not say {listed(list(book.missing))}.")
    return " ".join(said)


@check(
    "handover.runbook.rollback",
    severity=Severity.HIGH,
    title="The ways back are written down",
    why="In an emergency you read; nobody thinks well at three in the morning.",
    minutes=30,
    question="runbook.app",
)
async def runbook_rollback(answers: Answers) -> Finding:
    return judge_ways_back(answers)
