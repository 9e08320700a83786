"""Records at Cloudflare: read through octoDNS, written by one batch, which is one transaction there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import Provider
from launchready_tui.fixes.providers.cloudflare_batch import PROXIABLE, Raw, batch, carried, moved, read_only
from launchready_tui.fixes.providers.octo import Key, OctoPlace, Seen
from launchready_tui.fixes.records import BYTES, PIECES, said
from launchready_tui.secret import Secret
from launchready_tui.text import plural

_WHO = "Cloudflare"
# Numbers of refusals that are about the token: unknown or malformed, expired, taken back.
_TOKEN = frozenset((1000, 6003, 6111, 9106, 9109))
_WRITES = frozenset((*PROXIABLE, "MX", "TXT", "CAA", "SRV", "NS", "PTR", "DS", "TLSA", "HTTPS", "SVCB"))


@dataclass(frozen=True, slots=True)
class Records(Seen):
    """`raws` are Cloudflare's own records by set and value, `about` the zone as it describes it."""

    raws: dict[Key, dict[str, Raw]]
    about: Raw


class CloudflarePlace(OctoPlace):
    exact = True
    alias_at_top = True
    _zone_there: Raw = {}  # noqa: RUF012  replaced, never filled: the zone's id is asked for once

    @property
    def atomic(self) -> bool:
        """A batch is one transaction (Cloudflare docs, "Batch DNS Records"); its spreading to the servers is not."""
        return True

    # ---- reading ----

    def _look(self, provider: Any) -> Records:
        from launchready_tui.fixes.providers.cloudflare_octo import state

        provider.about = provider.about or self._zone_there
        if not provider.about and not provider.look_up():
            raise FixProblem(f"{_WHO} shows no zone {self.zone} to this token. Tick {_zone_read(self.zone)} for it.")
        self._zone_there = provider.about
        states: dict[Key, State] = {}
        raws: dict[Key, dict[str, Raw]] = {}
        for key, found in provider.raws().items():
            states[key], raws[key] = state(provider, key, found)
        return Records(None, states, raws, provider.about)

    # ---- planning ----

    def _clashing(self, step: Step, seen: Seen) -> dict[str, State]:
        """At the top, and where Cloudflare answers itself, a CNAME becomes addresses: only those are in its way."""
        there = super()._clashing(step, seen)
        flat = step.name == self.zone or any(about == "yes" for _, key, about in step.after.beside if key == "proxied")
        if step.type == "CNAME" and flat:
            return {type: state for type, state in there.items() if type in PROXIABLE}
        if step.type not in PROXIABLE and "CNAME" in there and step.type != "NS":
            alias = there["CNAME"]
            if step.name == self.zone or any(about == "yes" for _, key, about in alias.beside if key == "proxied"):
                return {type: state for type, state in there.items() if type != "CNAME"}
        return there

    def _carried(self, step: Step) -> Step:
        seen = self._seen
        assert isinstance(seen, Records)
        enterprise = (seen.about.get("plan") or {}).get("legacy_id") == "enterprise"
        least = limits.CLOUDFLARE_TTL_ENTERPRISE if enterprise else limits.CLOUDFLARE_TTL[0]
        marks = [
            text
            for (name, type), state in seen.states.items()
            if name == step.name and type in PROXIABLE and type != step.type
            for _, key, text in state.beside
            if key == "proxied"
        ]
        return carried(step, marks, least)

    def _rehearse(self, seen: Seen, step: Step) -> None:
        """Refuse what Cloudflare would not take, or could not give back."""
        assert isinstance(seen, Records)
        if step.type not in _WRITES:
            raise FixProblem(f"{step.type} records at {_WHO} are changed by hand: we do not write them there.")
        if step.type == "NS" and step.name == self.zone:
            raise FixProblem(f"The NS records of {self.zone} itself are {_WHO}'s own: they are not changed there.")
        gone, new = moved(step)
        raws = seen.raws.get((step.name, step.type), {})
        for value, raw in raws.items():
            if (why := read_only(raw)) and (value in gone or step.before.about(value) != step.after.about(value)):
                raise FixProblem(f"{step.label} {said(value)} cannot be changed here: {why}.")
        for state, values in ((step.before, gone), (step.after, new)):
            for value in values:
                self._refuse_odd(step, value, state)

    def _refuse_odd(self, step: Step, value: str, state: State) -> None:
        about = state.about(value)
        if PIECES in about or BYTES in about:
            raise FixProblem(
                f"A text at {step.name} is kept in pieces of its own, which we could not put back. Change it by hand."
            )
        if "\\" in value or not value.isascii() or any(ord(char) < 0x20 for char in value):
            raise FixProblem(
                f"{said(value)} at {step.name} holds a backslash or a character beyond plain ASCII, which might not "
                f"arrive as it is written. Change this one in {_WHO}'s panel."
            )
        if about.get("proxied") == "yes" and step.type in ("A", "AAAA") and not ipaddress.ip_address(value).is_global:
            raise FixProblem(
                f"{_WHO} does not stand before {value}: it is no public address. Leave {step.name} DNS only."
            )

    # ---- writing ----

    def _change(self, session: Any, steps: Sequence[Step]) -> None:
        """Compare and send. A batch that came too early was not taken: after the wait we compare and send again."""
        from launchready_tui.fixes.providers.cloudflare_octo import Refused, content
        from launchready_tui.fixes.providers.octo_records import quiet

        provider = self._make(session)
        quiet()
        for attempt in range(1, limits.PROVIDER_TRIES + 1):
            seen = self._look(provider)
            self._compare(seen, steps)
            body = batch(steps, seen.raws, lambda step, value: content(provider, step, value))
            self._refuse_many(body, seen)
            try:
                provider.send(body)
                return
            except Refused as refused:
                last = attempt == limits.PROVIDER_TRIES
                if refused.status != 429 or last or not session.pause_for(session.sent[-1].retry_after or 1.0):
                    raise

    @staticmethod
    def _refuse_many(body: Mapping[str, list[Raw]], seen: Records) -> None:
        plan = (seen.about.get("plan") or {}).get("legacy_id") or "free"
        most = limits.CLOUDFLARE_BATCH_FREE if plan == "free" else limits.CLOUDFLARE_BATCH
        count = sum(len(items) for items in body.values())
        if count > most:
            raise FixProblem(
                f"This changes {plural(count, 'record')}, and {_WHO} takes {most:,} at once on this plan. Nothing was "
                "changed; make smaller changes."
            )

    # ---- the token ----

    async def reach(self) -> Reach:
        """Three questions that change nothing: is the token known, does it see the zone, does it see the records."""
        self.fresh()
        try:
            return await self._run(self._reach, limits.REACH_SECONDS)
        except FixProblem as problem:
            return Reach(None, None, problem.sentence)

    def _reach(self, session: Any) -> Reach:
        from launchready_tui.fixes.providers.cloudflare_octo import Refused
        from launchready_tui.fixes.providers.octo_records import quiet

        provider = self._make(session)
        quiet()
        known: bool | None = True
        try:
            status = provider._request("GET", "/user/tokens/verify")["result"]["status"]
            if status != "active":
                return Reach(False, False, f"{_WHO} says that this token is {said(status)}. Make a new one.")
        except Refused as refused:
            if refused.status not in (400, 401, 403):
                raise
            known = None  # a token of an account is not known by this question: the zone tells
        edit, see = _edit(self.zone), _zone_read(self.zone)
        try:
            found = provider.look_up()
        except Refused as refused:
            if refused.status not in (400, 401, 403):
                raise
            if known is None:
                return Reach(False, False, f"{_WHO} does not know this token: it is mistyped, expired or taken back.")
            found = False
        if not found:
            return Reach(False, False, f"{_WHO} knows the token, but shows it no zone {self.zone}.", (see, edit))
        try:
            provider._request("GET", provider.path, params={"per_page": 5})
        except Refused as refused:
            if refused.status not in (401, 403):
                raise
            return Reach(False, False, f"{_WHO} shows this token the zone {self.zone}, but not its records.", (edit,))
        rights = provider.about.get("permissions")
        if not rights:
            return Reach(True, None, f"{_WHO} shows us the records of {self.zone}.")
        if "#dns_records:edit" in rights:
            return Reach(True, True, f"{_WHO} lets us read and change the records of {self.zone}.")
        return Reach(True, False, f"{_WHO} lets us read the records of {self.zone}, not change them.", (edit,))

    def _what(self, last: Any) -> str:
        if last is not None and last.status in (400, 401, 403) and (last.status == 401 or _TOKEN & set(last.codes)):
            return f"{_WHO} refused our token: it is unknown, expired or taken back."
        if last is not None and last.status == 403:
            return f"{_WHO} refused: our token may not do this. Tick {_edit(self.zone)} for it."
        return super()._what(last)


def _edit(zone: str) -> str:
    return f"Zone / DNS / Edit for {zone}"


def _zone_read(zone: str) -> str:
    return f"Zone / Zone / Read for {zone}"


def _open(given: Mapping[str, str], secret: Secret) -> CloudflarePlace:
    zone, api = given["zone"], given.get("api", "")

    def make(session: Any) -> Any:
        from launchready_tui.fixes.providers.cloudflare_octo import Reader

        return Reader(session, secret.reveal(), zone, api)

    return CloudflarePlace(_WHO, zone, make, ca=given.get("ca", "") if api else "")


PROVIDER = Provider(
    kind="cloudflare",
    name=_WHO,
    hosts=("Cloudflare",),
    asks=(),
    secret="API token",
    open=_open,
    page="https://dash.cloudflare.com/profile/api-tokens",
    scopes=("Zone / DNS / Edit", "Zone / Zone / Read", "Zone Resources: Include / Specific zone / your domain"),
)
