"""What an open project is connected to: which DNS host, with which token, and how far that token reaches."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from launchready_tui import limits
from launchready_tui.secret import Secret
from launchready_tui.session.known import Known
from launchready_tui.vault import VaultProblem

if TYPE_CHECKING:
    from launchready_tui.fixes.place import DnsPlace, Reach
    from launchready_tui.fixes.providers import Provider


class Level(StrEnum):
    """How far we can go with a record, each kept apart from the next."""

    SHOW = "can show"
    CONNECTED = "provider connected"
    MAY_WRITE = "may write"
    READY = "ready to apply"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far we can go, and one sentence that says why not further."""

    level: Level
    say: str


class Connecting(Known):
    """Connections to DNS hosts. Tokens live in the vault; the project holds their names."""

    reach: Reach | None = None
    """What the token was last seen to reach, None where nobody looked."""

    @property
    def connection(self) -> Mapping[str, str] | None:
        """The connection that keeps this domain's records, None where none is made."""
        domain = self.project.domain
        zones = [one for one in self.project.connections if one.get("zone")]
        fitting = [one for one in zones if domain == one["zone"] or domain.endswith(f".{one['zone']}")]
        return max(fitting, key=lambda one: len(one["zone"]), default=None)

    def providers(self, host: str = "") -> tuple[Provider, ...]:
        """What can be connected; the one that keeps the domain's records by what was seen (`host`) comes first."""
        from launchready_tui.fixes.providers import kinds, provider

        return tuple(sorted(map(provider, kinds()), key=lambda one: host not in one.hosts))

    def standing(self) -> Standing:
        """How far we can go with this domain's records."""
        connection = self.connection
        if connection is None:
            return Standing(Level.SHOW, "No DNS host is connected: we can show the exact record, and watch it arrive.")
        name = self._provider_name(connection)
        place = self._places.zone_of(self.project.domain)
        if place is None:
            return Standing(Level.SHOW, f"{name} was connected, but its token is not here any more. Connect it again.")
        if self.reach is None:
            return Standing(Level.CONNECTED, f"{name} is connected; what its token may do is not looked at yet.")
        if self.reach.write is False:
            return Standing(Level.CONNECTED, self.reach.say)
        if self.reach.write is None:
            return Standing(Level.CONNECTED, f"{self.reach.say} We could not tell whether the token may write.")
        return Standing(Level.MAY_WRITE, self.reach.say)

    def _provider_name(self, connection: Mapping[str, str]) -> str:
        from launchready_tui.fixes.providers import provider
        from launchready_tui.hosts.account import host, is_connection

        try:
            return host(connection["kind"]).name if is_connection(connection) else provider(connection["kind"]).name
        except KeyError:
            return connection.get("kind", "The DNS host")

    async def load_tokens(self) -> None:
        """Fetch the tokens that connections name. What the vault does not give is said, and costs nothing else."""
        await self._load(one for one in self.project.connections if one.get("zone") or one.get("host"))

    async def load_host_token(self) -> None:
        """Fetch the token for the web host alone: one look needs no other."""
        await self._load(one for one in self.project.connections if one.get("host"))

    async def _load(self, connections: Iterable[Mapping[str, str]]) -> None:
        for connection in connections:
            entry = connection.get("secret", "")
            if not entry or entry in self._secrets:
                continue
            try:
                found = await self.vault.token(connection["kind"], entry)
            except VaultProblem as problem:
                self.notes += (f"The token for {self._provider_name(connection)}: {problem.sentence}",)
                continue
            if found is not None:
                self._secrets[entry] = found

    async def check_reach(self) -> Reach | None:
        """Find out what the connected token may do; None where nothing is connected."""
        place = self._places.zone_of(self.project.domain)
        self.reach = await _reach(place) if place is not None else None
        connection = self.connection
        if self.reach is not None and connection is not None and connection.get("secret"):
            await self.vault.reached(connection["secret"], self.reach.say)
        return self.reach

    async def connect(self, kind: str, given: Mapping[str, str], secret: Secret, *, for_now: bool = False) -> Reach:
        """Try a token on the domain's zone; where it can be read with, keep it in the vault and the connection in the
        project. The Reach says what is missing. Raises FixProblem for what was typed wrongly, VaultProblem where the
        vault does not keep the token (`for_now`: it is kept for this sitting then, and a note says so),
        WorkspaceProblem on a session for reading.
        """
        from launchready_tui.domain import registrable
        from launchready_tui.fixes.connect import open_place
        from launchready_tui.fixes.model import FixProblem
        from launchready_tui.fixes.providers import provider
        from launchready_tui.vault.vault import token_entry

        self.may_write()
        one = provider(kind)
        zone = given.get("zone", "").strip().rstrip(".").lower() or registrable(self.project.domain)
        if not (self.project.domain == zone or self.project.domain.endswith(f".{zone}")):
            raise FixProblem(f"{zone} does not hold {self.project.domain}. Write the zone that its records are in.")
        typed = {ask.name: given.get(ask.name, "").strip() or ask.default for ask in one.asks}
        lacking = [ask.label for ask in one.asks if not typed[ask.name]]
        if lacking:
            raise FixProblem(f"This is missing: {', '.join(lacking)}.")
        entry = token_entry(f"{kind}/{zone}")
        connection = {"kind": kind, "zone": zone, **typed, "secret": entry}
        if self.project.network.private and given.get("api"):
            connection["api"] = given["api"]
        try:
            place = open_place(connection, secret, private=self.project.network.private)
        except (KeyError, ValueError) as error:
            raise FixProblem(f"That cannot be used: {error}") from None
        except ImportError:
            add = f"pip install 'launchready-tui[{one.extra}]'"
            raise FixProblem(f"{one.name} needs a part that is not installed. Add it with: {add}") from None
        reach = await _reach(place)
        if not reach.read:
            return reach
        try:
            await self.vault.put(entry, secret)
            await self.vault.reached(entry, reach.say)
        except VaultProblem as problem:
            if not for_now or problem.kind == "refused":
                raise
            self.notes += (f"The token was not stored. {problem.sentence} It is kept for this sitting only.",)
        self._secrets[entry] = secret
        others = tuple(other for other in self.project.connections if other.get("zone") != zone)
        self._save_connections((connection, *others))
        self.reach = reach
        self.write("connected", {"kind": kind, "zone": zone, "may_write": bool(reach.write)})
        return reach

    async def disconnect(self) -> str:
        """Forget the connection of this domain and its token. Returns a sentence."""
        self.may_write()
        connection = self.connection
        if connection is None:
            return "No DNS host is connected."
        entry = connection.get("secret", "")
        self._secrets.pop(entry, None)
        self._save_connections(other for other in self.project.connections if other is not connection)
        self.reach = None
        self.write("disconnected", {"kind": connection["kind"], "zone": connection["zone"]})
        if entry:
            await self.vault.delete(entry)
        return f"{self._provider_name(connection)} is no longer connected, and its token is gone from here."

    def _save_connections(self, connections: Iterable[Mapping[str, str]]) -> None:
        kept = tuple(connections)
        self.project = replace(self.project, connections=kept)
        self.store.save_project(replace(self.store.project, connections=kept))


async def _reach(place: DnsPlace) -> Reach:
    """What a place says, within its time."""
    from launchready_tui.fixes.place import Reach

    try:
        async with asyncio.timeout(limits.REACH_SECONDS):
            return await place.reach()
    except TimeoutError:
        return Reach(None, None, f"{place.name} did not answer within {limits.REACH_SECONDS:.0f} seconds.")
