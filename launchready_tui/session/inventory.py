"""The list of the product's own secrets in an open project: what is written down, what was found, who left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, replace

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.checks.handover._settings import settings_of
from launchready_tui.handover.selfscan import scan
from launchready_tui.options import BadOption
from launchready_tui.secretlist import KeptSecret, SecretList, Suggested, holds_a_value, missing
from launchready_tui.session.known import Known
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.stored import encode_secret
from launchready_tui.text import clean

_LABELS = {
    "name": "the name",
    "system": "the system",
    "location": "the place where it is kept",
    "owner": "the owner",
    "had": "the people who had it",
    "how": "the reason",
}


class Inventory(Known):
    """State changes write the journal first, and return the checks to look at again."""

    def things(self) -> tuple[object, ...]:
        return (*super().things(), self.secret_list)

    async def suggested_secrets(self) -> tuple[Suggested, ...]:
        """What the code folder names and nobody has written down. Nothing where there is no folder to read."""
        if not self.project.repo:
            return ()
        repo = Repo(self.project)
        try:
            found = await settings_of(repo)
        finally:
            await repo.aclose()
        return () if isinstance(found, NoRepo) else missing(self.secret_list, found)

    def keep_secret(self, secret: KeptSecret, *, was: str = "", who: str = "") -> tuple[Check, ...]:
        """Write one down, in the place of the one named `was`. Raises BadOption, also for what looks like a value: it
        is not taken, and nothing of it is kept."""
        if not secret.name:
            raise BadOption("Give it a name, such as STRIPE_SECRET_KEY.")
        self._refuse_values(secret)
        listed = self._ledger.secrets
        if secret.name not in listed and len(listed) >= limits.SECRETS_LISTED:
            raise BadOption(f"{limits.SECRETS_LISTED} secrets are the most that one list takes.")
        today = self.clock.now().astimezone().date()
        for what, day in (("made", secret.created), ("renewed", secret.rotated_on), ("exposed", secret.exposed)):
            if day is not None and day > today + dt.timedelta(days=1):  # the founder's day may be ahead of ours
                raise BadOption(f"It cannot have been {what} on {day.isoformat()}, which is still to come.")
        if was and was != secret.name and was in listed:
            self.write("secret-removed", {"name": was, **self._by(who)})
        self.write("secret", {**encode_secret(secret), **self._by(who)})
        return self._secret_checks()

    def _by(self, who: str) -> dict[str, str]:
        return {"by": self.told(clean(who, limit=120))} if who else {}

    def remove_secret(self, name: str, *, who: str = "") -> tuple[Check, ...]:
        """Take one off the list. Raises BadOption where it is not there."""
        self._listed(name)
        self.write("secret-removed", {"name": name, **self._by(who)})
        return self._secret_checks()

    def rotate_secret(self, name: str, day: dt.date, *, who: str = "") -> tuple[Check, ...]:
        """Write down that a value was made new; the next day to do so moves with it. Raises BadOption."""
        known = self._listed(name)
        ahead = dt.timedelta(days=limits.SECRET_DAYS_ROTATE)
        if known.rotate_by is not None and known.renewed is not None and known.rotate_by > known.renewed:
            ahead = known.rotate_by - known.renewed
        return self.keep_secret(replace(known, rotated_on=day, rotate_by=day + ahead), who=who)

    def person_left(self, name: str, day: dt.date, *, who: str = "") -> tuple[tuple[str, ...], tuple[Check, ...]]:
        """Somebody who had secrets left on a day: (the names of what is to be made new, checks). Raises BadOption."""
        folded = " ".join(name.casefold().split())
        if not folded:
            raise BadOption("Who left? Write the name as it stands in the list.")
        had = [
            each
            for each in self._ledger.secrets.values()
            if folded in {" ".join(one.casefold().split()) for one in (*each.had, each.owner)}
        ]
        for each in had:
            later = day if each.exposed is None else max(day, each.exposed)
            self.keep_secret(replace(each, exposed=later, how=f"{clean(name, limit=120)} left"), who=who)
        return tuple(each.name for each in had), self._secret_checks()

    def no_secrets(self, who: str) -> tuple[Check, ...]:
        """Somebody says that the product has none. Raises BadOption where some are written down."""
        if self._ledger.secrets:
            raise BadOption("There are secrets on the list. Remove them first, if the product has none.")
        if not who.strip():
            raise BadOption("Say who says so: a name that the team knows.")
        at = self.clock.now().astimezone()
        self.write(
            "secrets-none", {"said": f"{self.told(clean(who, limit=120))}, {at.day} {at:%b %Y}", **self._by(who)}
        )
        return self._secret_checks()

    def _listed(self, name: str) -> KeptSecret:
        known = self._ledger.secrets.get(name)
        if known is None:
            raise BadOption(f"There is no secret {clean(name, limit=80)} on the list.")
        return known

    def _refuse_values(self, secret: KeptSecret) -> None:
        """What looks like a value, or is one that we were given, is not taken."""
        texts: Mapping[str, str] = {one.name: _text(getattr(secret, one.name)) for one in fields(secret)}
        for name, label in _LABELS.items():
            text = texts[name]
            if text and (holds_a_value(text) or scan({"text": text}, self._tokens())):
                raise BadOption(
                    f"In {label} stands what looks like the secret itself. Write down where it is kept instead; "
                    "nothing was saved."
                )

    def _secret_checks(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if any(need.type is SecretList for need in check.needs))


def _text(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value or "")
