"""Everything that a founder can say, in the file that `--answers` takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from launchready_tui.owners import SYSTEMS
from launchready_tui.questions import QUESTIONS


def write_answers(
    path: Path,
    *,
    none: Iterable[str] = (),
    leave_out: Iterable[str] = (),
    at: str = "127.0.0.1",
    senders: Iterable[str] = (),
) -> Path:
    """Every question answered well by Ada, every system owned and backed up. `none` are systems that there are not,
    `leave_out` questions that nobody answered, `at` the address that the web host asks for, `senders` who may send
    beside the domain's own mail servers."""
    steps = "1. Open the page of the host\n2. Put back what was there before\n3. Look whether it works again"
    typed = {
        "gmail_seconds": "20",
        "outlook_seconds": "30",
        "minutes": "4",
        "host": "a machine of ours",
        "values": f"A {at}",
        "steps": steps,
        "other": "",  # no sender beside those that are ticked
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
    }
    ticked = {"email.senders": [*senders]}
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    absent, silent = frozenset(none), frozenset(leave_out)
    answers = [
        {
            "question": question.id,
            "choice": question.choices[0][0],
            "who": "Ada",
            "at": now,
            "ticks": ticked.get(question.id, [name for name, _ in question.ticks]),
            "fields": {
                name: question.options[name][0][0] if name in question.options else typed.get(name, "docs/deploy.md")
                for name, _ in question.fields
            },
        }
        for question in QUESTIONS.values()
        if question.id not in silent
    ]
    owners = [
        {"system": system, "absent": True}
        if system in absent
        else {
            "system": system,
            "provider": f"{label} of choice",
            "account": "maple",
            "owner": "Ada",
            "contact": "ada@independent.example",
            "backup": "Grace",
            "backup_contact": "grace@independent.example",
            "backup_confirmed": True,
            "second_factor": True,
            "recovery": "in the safe",
            "proved": now.date(),
            "login_mail": "ada@independent.example",
        }
        for system, label, _ in SYSTEMS
    ]
    secrets = [
        {
            "name": name,
            "system": "Payments",
            "location": "1Password",
            "owner": "Ada",
            "created": now.date(),
            "rotate_by": now.date() + dt.timedelta(days=90),
        }
        for name in ("STRIPE_KEY",)  # what the practice startup's code names
    ]
    path.write_text(tomli_w.dumps({"answer": answers, "owner": owners, "secret": secrets}))
    return path
