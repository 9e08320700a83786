"""Answers and owners from a file: read as told, or refused in a sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from launchready_tui.brought import read_answers
from launchready_tui.options import BadOption

GOOD = """
[[answer]]
question = "access.registrar"
choice = "yes"
who = "Ada"
at = 2026-11-20T10:00:00Z
ticks = ["change", "business"]
note = "esc \\u001b[2J"

[[owner]]
system = "registrar"
owner = "Ada"
backup = "Grace"
proved = "2026-11-20"

[[secret]]
name = "STRIPE_SECRET_KEY"
location = "1Password"
created = 2026-11-01
rotate_by = "2027-02-01"
had = ["Ada", "Sam"]
"""


def test_answers_and_owners_are_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(GOOD)
    answers, owners, secrets = read_answers(path)
    assert [(a.question, a.choice, a.who, a.days) for a in answers] == [("access.registrar", "yes", "Ada", 30)]
    assert answers[0].ticks == {"change", "business"}
    assert "\x1b" not in answers[0].note
    assert [(o.system, o.owner, o.backup, o.proved) for o in owners] == [
        ("registrar", "Ada", "Grace", dt.date(2026, 11, 20))
    ]
    assert [(s.name, s.location, s.created, s.rotate_by, s.had) for s in secrets] == [
        ("STRIPE_SECRET_KEY", "1Password", dt.date(2026, 11, 1), dt.date(2027, 2, 1), ("Ada", "Sam"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "answer = 1",
        '[[answer]]\nquestion = "no.such"\nchoice = "yes"\nwho = "A"\nat = 2026-11-20T10:00:00Z',
        '[[answer]]\nquestion = "access.dns"\nchoice = "maybe"\nwho = "A"\nat = 2026-11-20T10:00:00Z',
        '[[answer]]\nquestion = "access.dns"\nchoice = "yes"\nwho = "A"\nat = "soon"',
        '[[answer]]\nquestion = "access.dns"\nchoice = "yes"\nwho = "A"\nat = 2026-11-20T10:00:00Z\nticks = ["x"]',
        '[[answer]]\nquestion = "flow.reset"\nchoice = "tried"\nwho = "A"\nat = 2026-11-20T10:00:00Z\n'
        '[answer.fields]\ngmail = "attic"',
        '[[answer]]\nquestion = "access.dns"\nchoice = "yes"\nwho = "A"\nat = 2026-11-20T10:00:00Z\nextra = 1',
        '[[owner]]\nsystem = "spaceship"',
        "[[owner]]\nowner = 1",
        "[[secret]]\nowner = 'Ada'",
        "[[secret]]\nname = 'STRIPE_KEY'\nlocation = 'sk_live_practice00000000000'",
        "a." * 40_000 + "b = 1",
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(text)
    with pytest.raises(BadOption, match=r"answers\.toml"):
        read_answers(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="no file"):
        read_answers(tmp_path / "gone.toml")
