"""What a person types about a system, read the same way in the wizard and on the command line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from launchready_tui.owners import ALWAYS, LABELS, Owner
from launchready_tui.saying import Problem
from launchready_tui.text import clean, listed

# (field, what it is called, what goes in), in the order in which a person fills them in.
TEXTS: tuple[tuple[str, str, str], ...] = (
    ("provider", "Service", "whose service it is"),
    ("account", "Account", "the account's name there"),
    ("page", "Sign-in page", "https://…"),
    ("owner", "Owner", "who holds it"),
    ("contact", "Contact", "mail or phone"),
    ("proved", "Last signed in", "YYYY-MM-DD, or today"),
    ("proved_by", "Signed in by", "who it was; the owner if you leave it empty"),
    ("backup", "Backup owner", "who can stand in"),
    ("backup_contact", "Their contact", "mail or phone"),
    ("backup_proved", "They signed in", "YYYY-MM-DD, or today"),
    ("recovery", "Recovery codes", "where they are kept, never a code"),
    ("login_mail", "Login mail", "the address that signs in"),
    ("recovery_mail", "Recovery mail", "where the code goes when that fails"),
    ("renewal", "Renewal", "YYYY-MM-DD, then “auto” or “by hand”"),
)
# Which mail lets somebody back in matters where it may run through the domain itself.
_BACK_IN = frozenset({"login_mail", "recovery_mail"})
TICKS: tuple[tuple[str, str], ...] = (
    ("second_factor", "A second factor is on"),
    ("contractor", "A contractor reads the login or recovery mail"),
    ("absent", "We have no such system"),
)
FIELDS = (*(name for name, _, _ in TEXTS), *(name for name, _ in TICKS))
_DAYS = frozenset({"proved", "backup_proved"})
_MAILS = {"login_mail": "login mail", "recovery_mail": "recovery mail"}
_AUTO = {"auto": True, "by itself": True, "by hand": False, "manual": False, "hand": False}
_YES, _NO = frozenset({"yes", "on", "true", "1"}), frozenset({"no", "off", "false", "0", ""})
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


class BadOwner(Problem):
    """What was typed about a system does not fit; `field` is which one."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def asked(system: str) -> tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str], ...]]:
    """The texts and the ticks that a person is asked for, of one system."""
    texts = tuple(each for each in TEXTS if system in ("registrar", "dns") or each[0] not in _BACK_IN)
    return texts, tuple(each for each in TICKS if each[0] != "absent" or system not in ALWAYS)


def shown(owner: Owner) -> dict[str, str]:
    """The texts of an owner as they are typed: field -> text."""
    out = {name: str(getattr(owner, name)) for name, _, _ in TEXTS if name not in (*_DAYS, "renewal")}
    out |= {name: day.isoformat() if (day := getattr(owner, name)) else "" for name in _DAYS}
    return out | {"renewal": renewal(owner)}


def renewal(owner: Owner) -> str:
    """ "2027-03-03 auto", "2027-03-03 by hand", "2027-03-03", "auto", ""."""
    how = {True: "auto", False: "by hand", None: ""}[owner.auto_renew]
    return f"{owner.renews.isoformat() if owner.renews else ''} {how}".strip()


def filled(owner: Owner, typed: Mapping[str, str], ticks: Mapping[str, bool], today: dt.date) -> Owner:
    """`owner` with what was typed and ticked; what is not among them stays as it is. Raises BadOwner."""
    changed: dict[str, Any] = {}
    for name, text in typed.items():
        text = clean(text.strip())
        if name in _DAYS:
            changed[name] = _day(text, today, name)
        elif name == "renewal":
            changed["renews"], changed["auto_renew"] = _renewal(text)
        else:
            if name in _MAILS and text and not _MAIL.fullmatch(text):
                raise BadOwner(f"The {_MAILS[name]} is an address such as ada@post.example, one alone.", name)
            changed[name] = text
    changed |= ticks
    if "backup_proved" in changed:
        changed["backup_confirmed"] = changed["backup_proved"] is not None or (
            owner.backup_confirmed and owner.backup_proved is None  # an older entry, made before days were kept
        )
    new = replace(owner, **changed)
    if new.absent and new.system in ALWAYS:
        raise BadOwner(f"Every launch has this one: {LABELS[new.system]}.", "absent")
    if new.proved is not None and not new.proved_by:
        new = replace(new, proved_by=new.owner)
    if new.proved is None and new.proved_by:
        new = replace(new, proved_by="")
    return new


def read_pair(text: str) -> tuple[str, str]:
    """ "field=value" of a command line. Raises BadOwner that lists the fields."""
    name, equals, value = text.partition("=")
    name = name.strip().replace("-", "_")
    if not equals or name not in FIELDS:
        raise BadOwner(
            f"Write --set FIELD=VALUE. Fields: {listed(list(FIELDS), most=len(FIELDS))}.", clean(name, limit=40)
        )
    return name, value


def read_tick(name: str, text: str) -> bool:
    """ "yes" or "no" of a command line. Raises BadOwner."""
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadOwner(f"{name} takes yes or no.", name)


def _day(text: str, today: dt.date, name: str) -> dt.date | None:
    if not text:
        return None
    if "today".startswith(text.lower()):
        return today
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadOwner("Write the day as year-month-day, or today.", name) from None
    if day > today:
        raise BadOwner("That day has not come yet; a sign-in was on a day before.", name)
    return day


def _renewal(text: str) -> tuple[dt.date | None, bool | None]:
    first, _, rest = text.partition(" ")
    try:
        day = dt.date.fromisoformat(first) if first[:1].isdigit() else None
    except ValueError:
        raise BadOwner("Write the renewal as year-month-day, and auto or by hand behind it.", "renewal") from None
    how = " ".join((rest if day else text).lower().split()).strip(",;")
    if how and how not in _AUTO:
        raise BadOwner("Write the renewal as year-month-day, and auto or by hand behind it.", "renewal")
    return day, _AUTO[how] if how else None
