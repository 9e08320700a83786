"""What an open project is connected to at its web host: read only. The token is tried first, and kept beside the DNS
host's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.fixes.model import FixProblem
from launchready_tui.hosts.account import Client, Found, Host, HostKey, client, host, is_connection, kinds
from launchready_tui.hosts.asking import Trouble
from launchready_tui.hosts.digests import Digests
from launchready_tui.hosts.model import HostAccount, NoHost, Releases, Settings
from launchready_tui.secret import Secret
from launchready_tui.session.connecting import Connecting
from launchready_tui.session.marking import Marking
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.web import Web
from launchready_tui.text import clean, listed, plural
from launchready_tui.vault import VaultProblem, token_entry


@dataclass(frozen=True, slots=True)
class HostReach:
    """What a token for a web host was seen to open. `ok` None: nobody could tell. `choose` names projects of which one
    must be named, since none of them has the domain; `missing` is what else to allow."""

    ok: bool | None
    say: str
    choose: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Hosting(Connecting, Marking):
    """The connection to the web host; one for a project."""

    @property
    def web_host(self) -> Mapping[str, str] | None:
        """The connection to the web host, None where none is made."""
        fitting = [one for one in self.project.connections if is_connection(one)]
        return next((one for one in fitting if one["host"] == self.project.domain), None)

    def web_hosts(self) -> tuple[Host, ...]:
        """What can be connected; what is connected comes first, then what was said to host the product."""
        connected = (self.web_host or {}).get("kind", "")
        told = self.owners.get("hosting").provider.lower()

        def last(one: Host) -> tuple[bool, bool]:
            return one.kind != connected, one.name.lower() not in told

        return tuple(sorted(map(host, kinds()), key=last))

    def things(self) -> tuple[object, ...]:
        key = self._host_key()
        return (*super().things(), *((key,) if key is not None else ()))

    def _host_key(self) -> HostKey | None:
        connection = self.web_host
        token = self._secrets.get(connection.get("secret", "")) if connection is not None else None
        if connection is None or token is None:
            return None
        return HostKey(connection, token, self.scan_key.key, self.project.network.private)

    def host_checks(self) -> tuple[Check, ...]:
        """The checks that the host's account serves."""
        return tuple(check for check in self.checks if any(need.type is HostAccount for need in check.needs))

    async def connect_host(
        self, kind: str, given: Mapping[str, str], secret: Secret, *, for_now: bool = False
    ) -> HostReach:
        """Try a token on the project that has the domain; where it opens that, keep it in the vault and the connection
        in the project. Raises FixProblem for what was typed wrongly, VaultProblem where the vault does not keep the
        token (`for_now`: it is kept for this sitting then, and a note says so), WorkspaceProblem on a session for
        reading."""
        self.may_write()
        try:
            one = host(kind)
        except KeyError:
            raise FixProblem(f"We cannot read at {kind[:40]!r}. Known: {', '.join(kinds())}.") from None
        api = given.get("api", "").strip() if self.project.network.private else ""
        try:
            async with asyncio.timeout(limits.REACH_SECONDS), self._asking(one, secret, api) as asks:
                found = await asks.find(self.project.domain, given.get("project", "").strip())
                chosen = _one(found)
                reach = await _reach(one, asks, chosen) if chosen is not None else _which(one, found)
        except Trouble as trouble:
            return HostReach(False if trouble.status in (401, 403, 404) else None, trouble.told.say)
        except TimeoutError:
            return HostReach(None, f"{one.name} did not answer within {limits.REACH_SECONDS:.0f} seconds.")
        if chosen is None or not reach.ok:
            return reach
        entry = token_entry(f"{kind}/{self.project.domain}")
        connection = {"kind": kind, "host": self.project.domain, "name": clean(chosen.name, limit=120), "secret": entry}
        connection |= {name: value for name, value in chosen.ids.items() if value}
        if api:
            connection["api"] = api
        try:
            await self.vault.put(entry, secret)
            await self.vault.reached(entry, reach.say)
        except VaultProblem as problem:
            if not for_now or problem.kind == "refused":
                raise
            self.notes += (f"The token was not stored. {problem.sentence} It is kept for this sitting only.",)
        self._secrets[entry] = secret
        self._save_connections((*(other for other in self.project.connections if not is_connection(other)), connection))
        self.write("connected", {"kind": kind, "zone": self.project.domain, "may_write": False})
        return reach

    async def host_reach(self) -> HostReach | None:
        """What the token that is there opens now; None where none is."""
        key = self._host_key()
        if key is None:
            return None
        one, connection = host(key.connection["kind"]), key.connection
        chosen = Found({name: connection.get(name, "") for name in one.ids}, connection.get("name", ""))
        api = connection.get("api", "") if key.private else ""
        try:
            async with asyncio.timeout(limits.REACH_SECONDS), self._asking(one, key.token, api) as asks:
                reach = await _reach(one, asks, chosen)
        except TimeoutError:
            return HostReach(None, f"{one.name} did not answer within {limits.REACH_SECONDS:.0f} seconds.")
        await self.vault.reached(connection["secret"], reach.say)
        return reach

    async def disconnect_host(self) -> str:
        """Forget the connection to the web host and its token. Returns a sentence."""
        self.may_write()
        connection = self.web_host
        if connection is None:
            return "No web host is connected."
        entry = connection.get("secret", "")
        self._secrets.pop(entry, None)
        self._save_connections(other for other in self.project.connections if other is not connection)
        self.write("disconnected", {"kind": connection["kind"], "zone": connection["host"]})
        if entry:
            await self.vault.delete(entry)
        return f"{host(connection['kind']).name} is no longer connected, and its token is gone from here."

    @asynccontextmanager
    async def _asking(self, one: Host, token: Secret, api: str) -> AsyncIterator[Client]:
        gate = Gate(self.project, self._pace)
        dns = Dns(self.project, gate)
        web = Web(self.project, dns, gate)
        try:
            yield client(one, web, token, api)
        finally:
            await web.aclose()
            await dns.aclose()


def _one(found: tuple[Found, ...]) -> Found | None:
    fitting = [each for each in found if each.fits]
    return fitting[0] if len(fitting) == 1 else None


def _which(one: Host, found: tuple[Found, ...]) -> HostReach:
    """Nothing there has the domain, or several have: a person names it."""
    if not found:
        return HostReach(False, f"{one.name} knows the token, but shows it no such {one.project.lower()}.")
    names = tuple(clean(each.name, limit=80) for each in found[:12])
    return HostReach(
        None,
        f"{one.name} shows this token {listed(list(names))}, and none of them by itself as yours. Say which one it is.",
        names,
    )


async def _reach(one: Host, asks: Client, chosen: Found) -> HostReach:
    """Read once what the checks will read, and say how much that is."""
    seen: list[str] = []
    missing: list[str] = []
    refused = False
    digests = Digests(b"")  # nothing of it is kept
    for question in (asks.settings(chosen.ids, digests), asks.releases(chosen.ids, "")):
        try:
            told: Settings | Releases | NoHost = await question
        except Trouble as trouble:
            told, refused = trouble.told, refused or trouble.status in (401, 403, 404)
        if isinstance(told, Settings):
            seen.append(plural(len(told.names), "variable") + " of production")
        elif isinstance(told, Releases):
            seen.append(plural(len(told.all), "release"))
        else:
            missing.append(told.say)
    if not seen:
        return HostReach(False if refused else None, missing[0])
    name = clean(chosen.name, limit=80)
    return HostReach(True, f"{one.name} shows us {listed(seen)} of {name}; we only read there.", (), tuple(missing))
