"""The questions that no probe can answer. Beside a check stands the id of its question; several may share one."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui import limits


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are (value, label), one is chosen; "unknown" ("I do not know") is added to every question.

    `ticks` are (name, label), any number; `fields` are (name, label), typed text. `days` is how long an answer counts.
    """

    id: str
    text: str
    help: str
    choices: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    days: int = limits.ANSWER_DAYS


_ACCESS_TICKS = (
    ("change", "I opened the page where it is changed"),
    ("business", "The account is in the business's name"),
    ("second-factor", "A second factor is on"),
    ("recovery", "Recovery codes are stored where the team finds them"),
)


def _access(id: str, text: str, help: str) -> Question:
    return Question(
        id,
        text,
        help,
        (("yes", "Yes, I did it just now"), ("other", "Somebody else holds it"), ("no", "No")),
        _ACCESS_TICKS,
        days=limits.ACCESS_DAYS,
    )


QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        _access(
            "access.registrar",
            "Can you sign in where the domain is registered?",
            "Sign in now, and open the page that lists the name servers.",
        ),
        _access(
            "access.dns",
            "Can you sign in where the DNS records are kept?",
            "Sign in now, and open the page that lists the records.",
        ),
        _access(
            "access.hosting",
            "Can you sign in where the site is hosted?",
            "Sign in now, and open the page that starts a deploy or a rollback.",
        ),
        Question(
            "registrar.protection",
            "Is the domain protected against a lapse and a theft?",
            "Look at the domain's page at your registrar and tick what you see there.",
            (("looked", "I looked just now"), ("no", "None of it is on")),
            (
                ("auto-renew", "Auto-renew is on"),
                ("card", "The card on file is valid beyond the renewal"),
                ("second-factor", "A second factor is on"),
            ),
        ),
        Question(
            "rollback.rehearsal",
            "Have you put the last version back, to see that it works?",
            "Deploy the version before this one at your host, open the home page, then go forward again. Time it.",
            (
                ("rehearsed", "Yes, we did it"),
                ("written", "The steps are written down, we have not tried them"),
                ("none", "No, there are no steps"),
            ),
            fields=(("minutes", "Minutes it took"), ("steps", "The command, or the address of the page")),
        ),
        Question(
            "login.seen",
            "Does the login page show its form?",
            "Open the login page while signed out. Its form is drawn by script, so we cannot see it.",
            (
                ("yes", "Yes, I see the form or the sign-in buttons"),
                ("no", "No, it stays empty or shows an error"),
            ),
            days=limits.ACCESS_DAYS,
        ),
    )
}
