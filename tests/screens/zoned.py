"""A launch on disk whose zone is kept by a real name server on loopback, and seen through another one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.name
import dns.rdataset
import dns.tsig
import dns.versioned
import dns.zone

from launchready_tui.checks import REGISTRY
from launchready_tui.model import Fix, RecordSet, failed
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Network, Project
from launchready_tui.session import Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from screens._words import now
from tests.fixes.test_cycle import KEY, TEXT, ZONE

WWW = "dns.www.resolves"
NAME = f"www.{ZONE}"
ADDRESS = "93.184.215.14"
__all__ = ["ADDRESS", "KEY", "NAME", "WWW", "ZONE", "Zoned", "zoned"]


@dataclass
class Zoned:
    """`own` keeps the zone, `resolver` is what the world sees of it: a copy that somebody has to bring up to date."""

    root: Path
    own: Nameserver
    resolver: Nameserver
    port: int
    resolver_port: int
    vault: Vault

    def session(self, *, fail: bool = True) -> Session:
        """The launch, opened; it has one check, so that looking asks nobody but our servers."""
        workspace = Workspace(self.root)
        fresh = not workspace.has(ZONE)
        store = workspace.open(ZONE, create=True)
        if fresh:
            resolvers = (("127.0.0.1", self.resolver_port),)
            network = Network(resolvers=resolvers, dns_port=self.port, private=True, registries=False)
            store.save_project(Project(ZONE, network=network))
        session = Session(store, self.vault)
        session.checks = (REGISTRY[WWW],)
        fix = Fix("records", "Add it.", records=(RecordSet(NAME, "A", (ADDRESS,)),), page="https://panel.example/dns")
        if fail:
            session.outcomes[WWW] = Outcome(failed(f"{NAME} has no address.", fix), now())
        return session

    @property
    def typed(self) -> dict[str, str]:
        return {"server": "127.0.0.1", "port": f"{self.port}", "key": "test-key"}

    def put(self, *values: str, at: tuple[Nameserver, ...] = ()) -> None:
        """What a person does in the panel (or a resolver when its time is up): `values` is the whole set at NAME."""
        for server in at or (self.own, self.resolver):
            zone = server.zones[dns.name.from_text(ZONE)]
            with zone.writer() as writer:
                name = dns.name.from_text(NAME)
                writer.delete(name)
                if values:
                    writer.add(name, dns.rdataset.from_text("IN", "A", 300, *values))


@asynccontextmanager
async def zoned(root: Path) -> AsyncIterator[Zoned]:
    origin, key = dns.name.from_text(ZONE), dns.name.from_text("test-key")
    keys = {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)}

    def served() -> Nameserver:
        zone = dns.zone.from_text(TEXT, origin, relativize=False, zone_factory=dns.versioned.Zone)
        return Nameserver({origin: zone}, keys)

    own, resolver = served(), served()
    port, resolver_port = await own.start(), await resolver.start()
    try:
        yield Zoned(root, own, resolver, port, resolver_port, Vault(kind="session"))
    finally:
        await own.aclose()
        await resolver.aclose()
