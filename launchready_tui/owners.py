"""Who owns each system. The values live in the OS keyring (vault/); checks see them through Owners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.project import Project

# (system, label, critical): without a critical one the launch cannot be repaired.
SYSTEMS: tuple[tuple[str, str, bool], ...] = (
    ("registrar", "Registrar", True),
    ("dns", "DNS", True),
    ("cdn", "CDN or shield", False),
    ("hosting", "Web host", True),
    ("api", "API", False),
    ("repository", "Repository", True),
    ("database", "Database", True),
    ("sender", "Email sender", True),
    ("inbox", "Email inbox", False),
    ("auth", "Sign-in service", False),
    ("payments", "Payments", False),
    ("analytics", "Analytics", False),
    ("monitoring", "Monitoring", False),
    ("status", "Status page", False),
)
LABELS = {system: label for system, label, _ in SYSTEMS}
CRITICAL = frozenset(system for system, _, critical in SYSTEMS if critical)
ALWAYS = frozenset({"registrar", "dns", "hosting"})  # every launch has these, whatever was said to be absent


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds one system. `provider` is whose service it is ("Namecheap"), `account` the account's name there.

    `absent` True says: the product has no such system. `recovery` is where the recovery codes are kept, never a code.
    `login_mail` is the address that signs in, `recovery_mail` the one that gets the code when that fails; `contractor`
    True: somebody outside reads one of them. `proved` is the day on which `proved_by` last signed in, `backup_proved`
    the same for the backup owner (`backup_confirmed` without a day is an older entry). `renews` is the day on which the
    contract ends or renews; `auto_renew` None where nobody said whether it does so by itself.
    """

    system: str
    provider: str = ""
    account: str = ""
    page: str = ""
    owner: str = ""
    contact: str = ""
    backup: str = ""
    backup_contact: str = ""
    backup_confirmed: bool = False
    second_factor: bool = False
    recovery: str = ""
    proved: dt.date | None = None
    absent: bool = False
    proved_by: str = ""
    backup_proved: dt.date | None = None
    login_mail: str = ""
    recovery_mail: str = ""
    contractor: bool = False
    renews: dt.date | None = None
    auto_renew: bool | None = None

    @property
    def told(self) -> bool:
        """Has anybody said anything of it?"""
        return self != Owner(self.system)

    def counts(self, today: dt.date) -> bool:
        """Is the proof of a sign-in young enough? The days are those after which an answer runs out."""
        return self.proved is not None and (today - self.proved).days <= proof_days(self.system)

    def backup_counts(self, today: dt.date) -> bool:
        """Has the backup owner signed in, and not too long ago? An older entry has no day, and counts."""
        if self.backup_proved is None:
            return self.backup_confirmed
        return (today - self.backup_proved).days <= limits.ANSWER_DAYS


def proof_days(system: str) -> int:
    """Days for which a sign-in counts: 30 where the domain hangs on it, 90 elsewhere (catalogue)."""
    return limits.ACCESS_DAYS if system in ALWAYS else limits.ANSWER_DAYS


class Owners:
    """What was told so far, by system. `told` is False where nobody has said anything yet."""

    needs = "the names of who owns each system"

    def __init__(self, owners: Mapping[str, Owner] | None = None) -> None:
        self._owners = dict(owners or {})

    @property
    def told(self) -> bool:
        return bool(self._owners)

    def get(self, system: str) -> Owner:
        """What is known of a system; an empty Owner where nothing is."""
        return self._owners.get(system) or Owner(system)

    def all(self) -> tuple[Owner, ...]:
        """Every system of SYSTEMS, in that order."""
        return tuple(self.get(system) for system, _, _ in SYSTEMS)


def present(owners: Owners, project: Project) -> tuple[Owner, ...]:
    """The systems that this product has: all but those said to be absent."""
    return tuple(
        owner
        for owner in owners.all()
        if owner.system in ALWAYS or not (owner.absent or owner.system in project.absent)
    )


def answered(owner: Owner, answers: Answers) -> Owner:
    """An owner with what the answer about its sign-in adds (question access.<system>): one answer serves every check.

    The newest answer counts here with its day, run out or not: whether it still does is judged by `Owner.counts`.
    """
    answer = answers.newest(f"access.{owner.system}")
    if answer is None or answer.choice != "yes":
        return owner
    day = answer.at.date()
    if owner.proved is None or owner.proved < day:
        owner = replace(owner, proved=day, proved_by=answer.who)
    return replace(owner, second_factor=owner.second_factor or "second-factor" in answer.ticks)


def lacks(owner: Owner, today: dt.date) -> tuple[str, ...]:
    """What keeps a system from being handed over, in words that follow "lacks": an owner, a contact, a backup owner for
    a critical one, a sign-in that still counts."""
    if owner.absent:
        return ()
    missing = [
        ("an owner", not owner.owner.strip()),
        ("a contact", bool(owner.owner.strip()) and not owner.contact.strip()),
        ("a backup owner", owner.system in CRITICAL and not owner.backup.strip()),
        ("a proved sign-in", not owner.counts(today)),
    ]
    return tuple(words for words, is_missing in missing if is_missing)
