"""PowerDNS on loopback with its HTTP interface: a sqlite file, no caches, zones made through the interface."""

from __future__ import annotations

import json
import sqlite3
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real.servers import free_port, require, running

KEY = "made-for-a-test-only"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")  # small systems have no /usr/share/doc


@dataclass(frozen=True, slots=True)
class PowerDns:
    """A running server: `api` its HTTP interface, `dns` the port of its name server."""

    api: str
    dns: int

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request to the interface by the standard library, so that a test does not lean on what it tests."""
        request = urllib.request.Request(
            f"{self.api}/api/v1/servers/localhost/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-API-Key": KEY, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            said = answer.read()
        return json.loads(said) if said else None

    def sets(self, zone: str) -> dict[tuple[str, str], Any]:
        """Every record set of a zone but its SOA, as the server keeps it."""
        found = self.ask("GET", f"zones/{zone}.")["rrsets"]
        return {
            (one["name"], one["type"]): (
                one["ttl"],
                sorted((record["content"], record["disabled"]) for record in one["records"]),
                sorted((comment["content"], comment["account"]) for comment in one["comments"]),
            )
            for one in found
            if one["type"] != "SOA"
        }

    def make(self, zone: str, rrsets: list[dict[str, object]]) -> None:
        """Make a zone with two name servers and `rrsets`."""
        body = {
            "name": f"{zone}.",
            "kind": "Native",
            "nameservers": [f"ns1.{zone}.", f"ns2.{zone}."],
            "soa_edit_api": "INCREASE",
            "rrsets": rrsets,
        }
        self.ask("POST", "zones", body)


@asynccontextmanager
async def powerdns(folder: Path, *settings: str) -> AsyncIterator[PowerDns]:
    """Start a server with its own folder and further `settings`, and end it."""
    require("pdns_server")
    database = sqlite3.connect(folder / "pdns.sqlite3")
    database.executescript(SCHEMA.read_text())
    database.close()
    dns, api = free_port(), free_port()
    (folder / "pdns.conf").write_text(
        f"launch=gsqlite3\ngsqlite3-database={folder}/pdns.sqlite3\nsocket-dir={folder}\nlocal-address=127.0.0.1:{dns}\n"
        f"api=yes\napi-key={KEY}\nwebserver=yes\nwebserver-address=127.0.0.1\nwebserver-port={api}\n"
        "webserver-allow-from=127.0.0.1\ncache-ttl=0\nquery-cache-ttl=0\nnegquery-cache-ttl=0\nzone-cache-refresh-interval=0\n"
        + "".join(f"{line}\n" for line in settings)
    )
    argv = ["pdns_server", f"--config-dir={folder}", "--daemon=no", "--guardian=no", "--disable-syslog"]
    async with running(argv, ready=api, cwd=folder):
        yield PowerDns(f"http://127.0.0.1:{api}", dns)
