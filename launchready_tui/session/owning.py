"""Who owns what, as an open project knows it: what was told, what answers add, and what the looks propose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from launchready_tui.checks import Check
from launchready_tui.handover.sections import PROVIDER_FACTS, facts_of
from launchready_tui.ownerform import filled, renewal, shown
from launchready_tui.owners import ALWAYS, SYSTEMS, Owner, Owners, answered, lacks
from launchready_tui.session.known import Known
from launchready_tui.text import clean, day
from launchready_tui.vault.owners import save_owner

if TYPE_CHECKING:
    from launchready_tui.nodes import Seen

# The checks that name a part, in words that follow "seen in", where no look at the map says more.
_BY = {"registrar": "RDAP", "dns": "NS", "cdn": "headers", "hosting": "headers", "inbox": "MX", "sender": "SPF"}


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing that could be written down of a system: a field of `ownerform`, its text, and where it was seen. Only a
    person writes it down."""

    field: str
    text: str
    by: str


class Owning(Known):
    """Owners, told and proposed. `owners` holds only what a person wrote down."""

    def owner(self, system: str) -> Owner:
        """What counts of a system now: what was told, with what the answer about its sign-in adds."""
        told = answered(self.owners.get(system), self.answers)
        none = system not in ALWAYS and (told.absent or system in self.project.absent)
        return replace(told, absent=none)

    def owner_list(self) -> tuple[Owner, ...]:
        """Every system, as `owner` has it."""
        return tuple(self.owner(system) for system, _, _ in SYSTEMS)

    def owners_lack(self) -> tuple[tuple[str, str], ...]:
        """(system, what it lacks): all that keeps the table of systems from being complete."""
        today = self.clock.now().astimezone().date()
        return tuple((owner.system, words) for owner in self.owner_list() for words in lacks(owner, today))

    def proposals(self, system: str) -> tuple[Proposed, ...]:
        """What the looks and the answers say of a system and nobody wrote down, or wrote down differently."""
        found = [*self._seen(system), *self._told_elsewhere(system)]
        if system == "registrar":
            found += self._renewal()
        known = shown(self.owners.get(system))
        return tuple(one for one in found if one.text and not _same(known[one.field], one.text))

    def _seen(self, system: str) -> list[Proposed]:
        from launchready_tui.panels import panel

        seen: Seen | None = self._parts.get(system)
        name, by = (seen.name, seen.by) if seen is not None else ("", "")
        if not name and system in PROVIDER_FACTS:
            name, by = facts_of(self.findings).get(PROVIDER_FACTS[system], ""), _BY[system]
        if not name:
            return []
        page = panel(name).page if system == "dns" else ""
        found = [Proposed("provider", clean(name, limit=200), clean(by, limit=120))]
        return found + ([Proposed("page", page, "what we know of this DNS host")] if page and "{" not in page else [])

    def _told_elsewhere(self, system: str) -> list[Proposed]:
        stored, now = self.owners.get(system), answered(self.owners.get(system), self.answers)
        if now.proved is None or now.proved == stored.proved:
            return []
        by = f"the answer of {day(now.proved)}"
        return [Proposed("proved", now.proved.isoformat(), by), Proposed("proved_by", now.proved_by, by)]

    def _renewal(self) -> list[Proposed]:
        facts = facts_of(self.findings)
        try:
            ends = dt.date.fromisoformat((facts.get("domain-expires") or facts.get("expires", ""))[:10])
        except ValueError:
            return []
        auto = True if facts.get("auto-renew") == "on" else self.owners.get("registrar").auto_renew
        return [Proposed("renewal", renewal(Owner("registrar", renews=ends, auto_renew=auto)), "RDAP")]

    def suggested_owner(self, system: str) -> Owner:
        """What was told, filled up with what is proposed: what a person sees first, and may save."""
        stored = self.owners.get(system)
        known = shown(stored)
        typed = {one.field: one.text for one in reversed(self.proposals(system)) if not known[one.field]}
        return filled(stored, typed, {}, self.clock.now().astimezone().date())

    def no_such_system(self, system: str) -> str:
        """Where it showed that the product has no such system, "" where it did not."""
        seen = self._parts.get(system)
        return clean(seen.by, limit=120) if seen is not None and seen.absent and system not in ALWAYS else ""

    def derived_checks(self) -> tuple[Check, ...]:
        """The checks that read what the others found, where they were judged before: a look at them costs nothing."""
        return tuple(check for check in self.checks if check.derived and check.id in self.outcomes)

    # ---- writing down ----
    async def save_owner(self, owner: Owner, who: str = "") -> tuple[Check, ...]:
        """Store an owner in the vault, read it back; returns the checks to look at again. Raises VaultProblem.

        What the product does not have is kept in the project as well, with who said so and the day: the handover lists
        it. Raises WorkspaceProblem on a session for reading.
        """
        self.may_write()  # before the keyring: its index in the journal could not name what is stored
        await save_owner(self.vault, self.project.domain, owner)
        if self.vault.kind != "session":
            self.write("owner-stored", {"system": owner.system})
        self._hold(owner)
        self._keep_absent(owner, who)
        return tuple(check for check in self.checks if any(need.type is Owners for need in check.needs))

    def _keep_absent(self, owner: Owner, who: str) -> None:
        absent: Mapping[str, str] = self.project.absent
        if owner.absent == (owner.system in absent):
            return
        if owner.absent:
            at = self.clock.now().astimezone().date()
            absent = {**absent, owner.system: self.told(f"{who or 'the founder'}, {day(at)}")}
        else:
            absent = {part: said for part, said in absent.items() if part != owner.system}
        self._set_absent(absent)

    def _set_absent(self, absent: Mapping[str, str]) -> None:
        self.project = replace(self.project, absent=absent)
        self.store.save_project(replace(self.store.project, absent=absent))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
