"""What is written down of the records: what each is for, which subdomains are planned, where old addresses lead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.fixes.zonesight import ZoneSight
from launchready_tui.handover.records import sets_from_findings
from launchready_tui.handover.redirects import Leg, matrix
from launchready_tui.look import looking
from launchready_tui.options import BadOption
from launchready_tui.purposes import Purpose, Purposes, enough, record_name
from launchready_tui.recordlist import Noted, annotate, seen
from launchready_tui.session.known import Known
from launchready_tui.sources.dns import Dns
from launchready_tui.subdomains import WHENS, Planned, When, plan
from launchready_tui.system import user_name
from launchready_tui.text import clean
from launchready_tui.zonelook import ZoneLook

_PURPOSE = "dns.records.purpose"
_PATHS = "dns.redirect.path"


@dataclass(frozen=True, slots=True)
class RecordList:
    """The records with what each is for. `whole`: listed where they are kept (`place`), else only what was seen; `say`
    is a sentence about that."""

    records: tuple[Noted, ...]
    place: str = ""
    whole: bool = False
    say: str = ""


class Recording(Known):
    """Writes the journal first, as everything that people say; returns the checks to look at again."""

    def things(self) -> tuple[object, ...]:
        return (*super().things(), self.zone_look())

    def zone_look(self) -> ZoneLook:
        """The zone, for the checks."""
        return ZoneSight(lambda: self._places.find("records", self.project.domain), lambda: self.purposes)

    @property
    def purposes(self) -> Purposes:
        """What people said that records are for, by (name, type)."""
        return self._ledger.purposes

    async def record_list(self) -> RecordList:
        """Every record with its purpose: listed where a place is connected, else as the last look saw them."""
        view = await self.zone_look().zone()
        if view.sets is not None:
            return RecordList(
                annotate(view.sets, self.project, self.purposes), view.place, True, f"All records, from {view.place}."
            )
        async with looking(self.project, self.clock) as context:
            source = context.get(Dns)
            assert isinstance(source, Dns)
            now, _ = await seen(self.project, source)
        records = annotate((*now, *sets_from_findings(self.findings)), self.project, self.purposes)
        why = view.say or "No place that keeps the records is connected."
        return RecordList(records, view.place, False, f"{why} These are the records that we saw.")

    def set_purpose(self, name: str, type: str, text: str, who: str) -> tuple[Check, ...]:
        """Keep what a record is for; "" takes back what was said. Raises BadOption with a sentence."""
        said = Purpose(self.full_name(name), type, text, self.told(who))
        if said.text and not enough(said.text):
            raise BadOption(f"Say it in {limits.PURPOSE_WORDS} words or more, such as “sends our newsletter”.")
        self._no_secret(said.text)
        self.write("purpose", {"name": said.name, "type": said.type, "text": said.text, "who": said.who})
        return self._checks(_PURPOSE)

    async def confirm_purposes(self, who: str, records: Iterable[Noted] | None = None) -> tuple[Check, ...]:
        """Take every suggestion that is certain as said by `who`. `records` are those that were shown."""
        shown = (await self.record_list()).records if records is None else tuple(records)
        for each in shown:
            if each.by == "record" and each.key not in self.purposes:
                self.set_purpose(*each.key, each.text, who)
                await asyncio.sleep(0)  # each is on disk before the next, and keys are heard between two
        return self._checks(_PURPOSE)

    # ---- subdomains ----
    def subdomain_plan(self, records: Iterable[Noted]) -> tuple[Planned, ...]:
        """Every subdomain that we know of: needed now, later, to be removed, or to be decided; with why."""
        return plan(self.project, records, self.findings, self._ledger.subdomains)

    def plan_subdomain(self, host: str, when: When, why: str, who: str) -> None:
        """Keep what is planned for a subdomain. Raises BadOption with a sentence."""
        if when not in WHENS:
            raise BadOption(f"A subdomain is needed {', '.join(WHENS[:-1])} or {WHENS[-1]}.")
        why = clean(why, limit=limits.PURPOSE_SHOWN).strip()
        self._no_secret(why)
        said = {"host": self.full_name(host), "when": when, "why": why, "who": self.told(clean(who, limit=120))}
        self.write("subdomain", said)

    # ---- redirects ----
    def redirect_matrix(self) -> tuple[Leg, ...]:
        """Every address that a visitor may type: what is expected, what the last look saw, the line that proves it."""
        return matrix(self.project, self.findings)

    def set_old_paths(self, paths: Iterable[str]) -> tuple[Check, ...]:
        """Keep old addresses of the site that must still lead somewhere ("/pricing-2023"). Raises BadOption."""
        kept = tuple(dict.fromkeys(_path(one) for one in paths if one.strip()))
        if len(kept) > limits.OLD_PATHS:
            raise BadOption(f"{limits.OLD_PATHS} old addresses are looked at, and these are {len(kept)}.")
        for one in kept:
            self._no_secret(one)
        # What a command line said of this one sitting (resolvers, a yes) stays out of the file.
        self.store.save_project(replace(self.store.project, old_paths=kept))
        self.project = replace(self.project, old_paths=kept)
        self.write("old-paths", {"count": len(kept), "by": user_name()})
        return self._checks(_PATHS)

    # ---- shared ----
    def full_name(self, name: str) -> str:
        """ "@", "www" or a full name as the full name."""
        bare, domain = record_name(name), self.project.domain
        if bare in ("", "@"):
            return domain
        return bare if bare == domain or bare.endswith(f".{domain}") else f"{bare}.{domain}"

    def _no_secret(self, text: str) -> None:
        if self.told(text) != text:
            raise BadOption(
                "This looks like it holds a secret. Write down where it is kept instead; nothing was saved."
            )

    def _checks(self, id: str) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.id == id)


def _path(typed: str) -> str:
    """The path and query of an address that was typed, with its leading slash. Raises BadOption."""
    text = typed.strip()
    if "://" in text:
        text = "/" + text.partition("://")[2].partition("/")[2]
    text = text.partition("#")[0]
    if not text.startswith("/"):
        text = f"/{text}"
    if any(char.isspace() or not char.isprintable() or not char.isascii() for char in text) or len(text) > 1_000:
        raise BadOption(f"“{clean(typed, limit=80)}” is not an address of your site, such as /pricing-2023.")
    return text
