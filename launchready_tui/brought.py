"""Answers, owners and the list of secrets from a TOML file (`--answers`), for a machine that has no workspace.

[[answer]]
question = "access.registrar"
choice = "yes"
who = "Ada"
at = 2026-11-20T10:00:00Z
ticks = ["change", "business", "second-factor", "recovery"]

[[owner]]
system = "registrar"
owner = "Ada"

[[secret]]
name = "STRIPE_SECRET_KEY"
system = "Payments"
location = "1Password"
owner = "Ada"
created = 2026-11-01
rotate_by = 2027-02-01
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from launchready_tui import disk
from launchready_tui.answers import Answer
from launchready_tui.options import BadOption
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.questions import QUESTIONS
from launchready_tui.secretlist import KeptSecret, holds_a_value
from launchready_tui.stored import decode_owner, decode_secret


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    question: str
    choice: str
    who: str
    at: dt.datetime
    ticks: list[str] = []
    fields: dict[str, str] = {}
    note: str = ""


def read_answers(path: Path) -> tuple[list[Answer], list[Owner], list[KeptSecret]]:
    """Raises BadOption with a sentence that names the file and the place."""
    try:
        plain = disk.parse_toml(disk.read_capped(path))
        told = plain.get("answer", [])
        answers = [_answer(one) for one in msgspec.convert(told, list[_Answer])]
        owners = [decode_owner(one) for one in msgspec.convert(plain.get("owner", []), list[dict[str, object]])]
        secrets = [_secret(one) for one in msgspec.convert(plain.get("secret", []), list[dict[str, object]])]
    except FileNotFoundError as error:
        raise BadOption(f"There is no file {path}. --answers takes a TOML file.") from error
    except ValueError as error:
        raise BadOption(f"{path} does not hold answers as --answers takes them: {error}") from error
    systems = {system for system, _, _ in SYSTEMS}
    for owner in owners:
        if owner.system not in systems:
            raise BadOption(f"{path}: there is no system {owner.system[:60]!r}. Known: {', '.join(sorted(systems))}.")
    return answers, owners, secrets


def _secret(told: dict[str, object]) -> KeptSecret:
    """Raises ValueError, also for what looks like a value."""
    secret = decode_secret(told)
    texts = (secret.name, secret.system, secret.location, secret.owner, secret.how, *secret.had)
    if any(holds_a_value(text) for text in texts):
        raise ValueError("a secret of the list holds what looks like its value. Write down where it is kept instead.")
    return secret


def _answer(told: _Answer) -> Answer:
    question = QUESTIONS.get(told.question)
    if question is None:
        raise ValueError(f"there is no question {told.question[:60]!r}. Known: {', '.join(QUESTIONS)}.")
    choices = {value for value, _ in question.choices} | {"unknown"}
    if told.choice not in choices:
        raise ValueError(f"{told.question} takes one of {', '.join(sorted(choices))}, not {told.choice[:60]!r}.")
    ticks = frozenset(told.ticks)
    unknown = ticks - {name for name, _ in question.ticks}
    if unknown:
        raise ValueError(f"{told.question} has no tick {sorted(unknown)[0][:60]!r}.")
    for name, allowed in question.options.items():
        said = told.fields.get(name, "")
        if said and said not in {value for value, _ in allowed}:
            words = ", ".join(value for value, _ in allowed)
            raise ValueError(f"{name} of {told.question} takes one of {words}, not {said[:60]!r}.")
    at = told.at if told.at.tzinfo else told.at.replace(tzinfo=dt.UTC)
    return Answer(told.question, told.choice, told.who, at, question.days, ticks, told.fields, told.note)
