"""Whether the mails that members wait for arrive: a password reset and an invite, tried at two inboxes.

Where a mail lands only a person sees; how long it took, a message on file says by itself (Date to the last Received).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.proofs import Kind, Proof
from launchready_tui.questions import ARRIVED, INBOXES, LINK
from launchready_tui.sources.message import Messages
from launchready_tui.text import day, listed

_WORDS: dict[Kind, str] = {"reset": "password reset", "invite": "invite"}
_PLACES = {"inbox": "in the inbox", "promotions": "in promotions", "spam": "in spam", "missing": "nowhere"}
_WHO = "Whoever runs your mail sender"
# The names of the servers that take mail for the two: what the last Received line calls itself.
_RECEIVERS = {"Gmail": (".google.com",), "Outlook": (".outlook.com", ".office365.com", ".hotmail.com")}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One inbox: where the mail was found ("" where nobody said) and after how many seconds (None: not known)."""

    inbox: str
    place: str
    seconds: float | None


def seconds_of(text: str) -> float | None:
    """Seconds as typed: "40", "40 s", "1:30", "2 min"; None for what is no length of time."""
    text = text.strip().lower().replace(",", ".")
    clock = re.fullmatch(r"(\d{1,3}):([0-5]\d)", text)
    if clock:
        return int(clock[1]) * 60.0 + int(clock[2])
    found = re.fullmatch(
        r"(?:about |ca\.? |~ ?|< ?)?(\d{1,6}(?:\.\d{1,3})?) ?(s|sec|seconds?|m|min|minutes?|h|hours?)?\.?", text
    )
    if found is None:
        return None
    return float(found[1]) * {"s": 1, "m": 60, "h": 3_600}[(found[2] or "s")[0]]


def arrivals(answer: Answer) -> tuple[Arrival, ...]:
    """What was said of each inbox. A word that is none of the choices counts as not said."""
    known = {value for value, _ in ARRIVED}
    return tuple(
        Arrival(
            name,
            answer.fields.get(inbox, "") if answer.fields.get(inbox, "") in known else "",
            seconds_of(answer.fields.get(f"{inbox}_seconds", "")),
        )
        for inbox, name in INBOXES
    )


@check(
    "email.flow.reset",
    severity=Severity.CRITICAL,
    title="Password resets arrive",
    why="A member who is locked out and gets no mail never comes back.",
    minutes=10,
    question="flow.reset",
)
async def flow_reset(project: Project, answers: Answers, owners: Owners, messages: Messages | None) -> Finding:
    if "login" in project.absent or project.url("login") == "":
        return info("You said that there is no login, so there is no password to reset.")
    return await _look("reset", project, answers, owners, messages)


@check(
    "email.flow.invite",
    severity=Severity.HIGH,
    title="Invites arrive",
    why="Growth stops at the spam folder: who never sees the invite never joins.",
    minutes=10,
    question="flow.invite",
)
async def flow_invite(project: Project, answers: Answers, owners: Owners, messages: Messages | None) -> Finding:
    if "invite" in project.absent or project.url("invite") == "":
        return info("You said that there are no invites.")
    return await _look("invite", project, answers, owners, messages)


async def _look(kind: Kind, project: Project, answers: Answers, owners: Owners, messages: Messages | None) -> Finding:
    question, word = f"flow.{kind}", _WORDS[kind]
    if "sender" in project.absent or owners.get("sender").absent:
        return info(f"You said that nothing sends mail from this product, so no {word} either.")
    answer = answers.get(question)
    if answer is None:
        old = answers.newest(question)
        if old is not None and old.choice != "unknown":
            saw = f"{old.who} tried a {word} on {day(old.at)}. That counts for {old.days} days."
            return unknown(
                saw.replace("a invite", "an invite"), needs="another try, and your answer", question=question
            )
        return unknown(
            f"Nobody has told us whether {'an' if kind == 'invite' else 'a'} {word} arrives. Only a try shows it.",
            needs="a try at a Gmail and an Outlook address, and your answer",
            question=question,
        )
    proofs = await messages.proofs() if messages is not None else ()
    return judge_flow(kind, answer, next((proof for proof in proofs if proof.kind == kind), None))


def inbox_of(receiver: str) -> str:
    """Whose server took a message: "Gmail", "Outlook", or "" for any other."""
    host = f".{receiver.rstrip('.').lower()}"
    return next((name for name, ends in _RECEIVERS.items() if host.endswith(ends)), "")


def measured(seen: Iterable[Arrival], proof: Proof | None) -> tuple[Arrival, ...]:
    """What was said, with the time that the message itself shows where it came to that inbox: clocks, not a guess."""
    if proof is None or proof.delay is None or proof.delay < 0:
        return tuple(seen)
    inbox = inbox_of(proof.receiver)
    return tuple(replace(each, seconds=proof.delay) if each.inbox == inbox else each for each in seen)


def _told(answer: Answer) -> Evidence:
    place, link = dict(ARRIVED), dict(LINK)
    parts = [
        f"{each.inbox}: {place[each.place].lower()}{f', {each.seconds:.0f} s' if each.seconds is not None else ''}"
        for each in arrivals(answer)
        if each.place
    ]
    tried = link.get(answer.fields.get("link", ""))
    parts += [f"link: {tried.lower()}"] if tried else []
    parts += [answer.note] if answer.note else []
    return Evidence(f"{answer.who}, {day(answer.at)}", "; ".join(parts) or answer.choice)


def _on_file(proof: Proof) -> Evidence:
    took = f" It took {proof.delay:.0f} s from its Date to {proof.receiver}." if proof.delay is not None else ""
    at = proof.at or proof.came
    return Evidence(f"message of {day(at)}" if at else "message on file", f"{proof.sentence}{took}")


def judge_flow(kind: Kind, answer: Answer, proof: Proof | None = None) -> Finding:
    """Pure: an answer that counts. What is known to be wrong comes before what was not said, and that before a pass.

    `proof` is the newest message on file of this kind.
    """
    question, word = f"flow.{kind}", _WORDS[kind]
    name = f"{'An' if kind == 'invite' else 'A'} {word}"
    if answer.choice == "none":
        return info(
            f"{answer.who} says that there is no {word} ({day(answer.at)}).", evidence=[Evidence("said", "none")]
        )
    seen = measured(arrivals(answer), proof)
    evidence = [_told(answer), *([_on_file(proof)] if proof is not None else [])]
    link = answer.fields.get("link", "")
    missing = [each.inbox for each in seen if each.place == "missing"]
    if missing:
        return failed(
            f"{name} never arrived at {listed(missing)}.",
            _find(word, "Look up the mail in your sender’s list of sent mails (“Activity”, “Logs”). "),
            evidence=evidence,
            question=question,
        )
    spam = [each.inbox for each in seen if each.place == "spam"]
    if len(spam) == len(seen):
        return failed(
            f"{name} lands in spam at {listed(spam)}.",
            _find(word, "First make every check on SPF, DKIM and DMARC here sound: that is the usual reason. "),
            evidence=evidence,
            question=question,
        )
    if link == "broken":
        return failed(
            f"The link in the {word} does not work.",
            Fix(
                "steps",
                "Open the link from the mail itself. Look whether its address is your live one (https, not localhost "
                "or a preview), and into the logs of your app for what goes wrong. A mail scanner may have opened it "
                "first: then ask for a click on the page before the link is used up.",
                minutes=30,
                who="Whoever writes your app",
            ),
            evidence=evidence,
            question=question,
        )
    aside = [each for each in seen if each.place in ("spam", "promotions")]
    if aside:
        return warned(
            f"{name} lands {listed([f'{_PLACES[each.place]} at {each.inbox}' for each in aside])}.",
            _find(word, "Make every check on SPF, DKIM and DMARC here sound. "),
            evidence=evidence,
            question=question,
        )
    late = [each for each in seen if each.seconds is not None and each.seconds > limits.FLOW_SECONDS]
    if late:
        return warned(
            f"{name} took {listed([f'{each.seconds:.0f} s to {each.inbox}' for each in late])}. Aim for "
            f"{limits.FLOW_SECONDS} s.",
            Fix(
                "steps",
                f"Look in your sender’s list of sent mails when it took the {word} over and when it passed it on. If "
                "it came late to the sender, your app’s queue holds it up: send such mails at once, apart from "
                "newsletters.",
                minutes=30,
                who=_WHO,
            ),
            evidence=evidence,
            question=question,
        )
    if link == "again":
        return warned(
            f"The link in the {word} works a second time too. Whoever finds the mail later gets in with it.",
            Fix(
                "steps",
                f"Have your app use up the link of the {word} with its first use, and let it end after an hour or two.",
                minutes=30,
                who="Whoever writes your app",
            ),
            evidence=evidence,
            question=question,
        )
    unsaid = [each.inbox for each in seen if not each.place]
    if unsaid:
        return _unsaid(kind, f"Nobody has said where {name.lower()} arrives at {listed(unsaid)}.", evidence)
    if any(each.seconds is None for each in seen):
        return _unsaid(kind, f"{name} is in both inboxes. How many seconds it took is not known.", evidence)
    if link != "once":
        return _unsaid(kind, f"{name} is in both inboxes. Whether its link works is not known.", evidence)
    took = listed([f"{each.seconds:.0f} s at {each.inbox}" for each in seen])
    proved = " A message on file proves that it is yours." if proof is not None and proof.proves else ""
    return passed(f"{name} is in the inbox after {took}, and its link works once.{proved}", evidence=evidence)


def _unsaid(kind: Kind, saw: str, evidence: list[Evidence]) -> Finding:
    return unknown(saw, needs="the rest of your answer", evidence=evidence, question=f"flow.{kind}")


def _find(word: str, first: str) -> Fix:
    return Fix(
        "steps",
        f"{first}Open the {word} at Gmail, choose ⋮, “Show original”: SPF, DKIM and DMARC must all say PASS with your "
        f"own domain. Then send one again and tell us where it landed.",
        minutes=60,
        who=_WHO,
    )
