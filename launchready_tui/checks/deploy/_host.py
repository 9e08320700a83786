"""What the checks of the web host's account share: what to say where nobody told, and how to connect it."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.answers import Answer, Answers
from launchready_tui.hosts.model import HostAccount, NoHost
from launchready_tui.model import Evidence, Finding, unknown
from launchready_tui.text import day

WHO = "Whoever deploys"
NEEDS = "your answer, or a token for your web host"


def untold(
    question: str, answers: Answers, say: str, trouble: NoHost | None = None, evidence: Iterable[Evidence] = ()
) -> Finding:
    """Unknown, with why the host did not tell and how old an answer is."""
    old = answers.newest(question)
    if trouble is not None:
        say = f"{trouble.say} {say}"
    if old is not None and old.choice != "unknown":
        say = f"{say} {old.who} answered on {day(old.at)}; that counts for {old.days} days, so we ask again."
    needs = NEEDS if trouble is None else f"your answer, or {trouble.needs}"
    return unknown(say, needs=needs, question=question, evidence=evidence)


def given(question: str, answers: Answers) -> Answer | None:
    """An answer that counts and says something."""
    answer = answers.get(question)
    return answer if answer is not None and answer.choice != "unknown" else None


def who(answer: Answer) -> str:
    return f"{answer.who or 'Somebody'} said on {day(answer.at)}"


def panel(host: HostAccount | None) -> str:
    """Where settings are kept, as the sentence names it."""
    return f"{host.name}, on its page for environment variables" if host is not None else "your web host's settings"
