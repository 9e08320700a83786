"""Who owns each system. The values live in the OS keyring (vault/); checks see them through Owners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

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
    ("payments", "Payments", False),
    ("monitoring", "Monitoring", False),
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds one system. `provider` is whose service it is ("Namecheap"), `account` the account's name there.

    `absent` True says: the product has no such system. `recovery` is where the recovery codes are kept, never a code.
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
