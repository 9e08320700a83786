"""A PowerDNS server by its HTTP interface: one PATCH changes all sets or none."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem, State, Step
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import Ask, Provider
from launchready_tui.fixes.providers.octo import Key, OctoPlace, Seen
from launchready_tui.secret import Secret

_FOLLOWS = ("slave", "secondary", "consumer")  # a zone that is copied from elsewhere is changed there


class PowerDnsPlace(OctoPlace):
    """`about` of the server's zone tells whether it is kept here, and whether its serial goes up by itself."""

    exact = True

    @property
    def atomic(self) -> bool:
        """One PATCH is one transaction there: a test has a real server refuse one set of two."""
        return True

    def _states(self, provider: Any, zone: Any) -> dict[Key, State]:
        return dict(provider.states)

    def _look(self, provider: Any) -> Seen:
        seen = super()._look(provider)
        self._about = provider.about
        return seen

    def _carried(self, step: Step) -> Step:
        from launchready_tui.fixes.providers.powerdns_octo import carried

        done = super()._carried(step)
        if str(self._about.get("kind", "")).lower() in _FOLLOWS:
            raise FixProblem(f"{self.name} is a copy of another server's. Change the records where they are kept.")
        return replace(done, after=replace(done.after, beside=carried(done) if done.after.values else ()))

    def _prepare(self, provider: Any, steps: Sequence[Step]) -> None:
        from launchready_tui.fixes.providers.powerdns_octo import handed

        provider.wanted = handed(steps)

    async def reach(self) -> Reach:
        """The key of a PowerDNS server may do everything; a zone that is a copy is changed elsewhere."""
        self.fresh()
        try:
            await self._now(limits.REACH_SECONDS)
        except FixProblem as problem:
            refused = "refused our token" in problem.sentence
            return Reach(False if refused else None, False if refused else None, problem.sentence)
        if str(self._about.get("kind", "")).lower() in _FOLLOWS:
            return Reach(True, False, f"{self.name} is a copy of another server's: it cannot be changed here.")
        said = f"{self._who} lets us read and change {self._zone}."
        if not self._about.get("soa_edit_api"):
            said += " The serial number of this zone does not go up by itself (SOA-EDIT-API is not set)."
        return Reach(True, True, said)


def _open(given: Mapping[str, str], secret: Secret) -> PowerDnsPlace:
    parts = urlsplit(given["server"])
    host, server = parts.hostname or "", given.get("id") or "localhost"
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.path.strip("/"):
        raise ValueError("Give the server's address as https://dns.example:8443, without anything behind the port.")
    if parts.scheme == "http" and not _near(host):
        raise ValueError(f"The key would travel in the open to {host}. Use https, or an address on your own network.")
    port = parts.port or (443 if parts.scheme == "https" else 8081)

    def make(session: Any) -> Any:
        from launchready_tui.fixes.providers.powerdns_octo import Exact

        shown = f"[{host}]" if ":" in host else host
        return Exact(session, parts.scheme, shown, port, secret.reveal(), server)

    return PowerDnsPlace(f"the PowerDNS server {host}", given["zone"], make, ca=given.get("ca", ""))


def _near(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost"


PROVIDER = Provider(
    kind="powerdns",
    name="PowerDNS",
    hosts=(),
    asks=(
        Ask("server", "Address of the server's HTTP interface", "https://dns.example:8443"),
        Ask("id", "Name of the server in its own interface", "localhost", "localhost"),
    ),
    secret="The key of the HTTP interface (api-key)",
    open=_open,
    scopes=("the HTTP interface switched on: api=yes, api-key=…, webserver=yes",),
)
