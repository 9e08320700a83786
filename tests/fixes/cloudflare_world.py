"""A launch whose records are at the Cloudflare fake: the real cycle, the real places, a journal in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, Progress
from launchready_tui.model import Fix, RecordSet
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from tests.fakes.cloudflare import TOKEN, Cloudflare
from tests.fixes.test_cycle import Notebook

ZONE = "good.example"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@dataclass
class World:
    fake: Cloudflare
    project: Project
    book: Notebook
    cycle: Cycle

    def again(self) -> Cycle:
        """The same project opened anew: nothing in memory but what the journal says."""
        self.cycle = Cycle(self._places().find, self.book, lambda: NOW, self.book.changes())
        return self.cycle

    def _places(self) -> Places:
        return Places(lambda: self.project, {"token": Secret(TOKEN)})

    async def apply(self, *sets: RecordSet) -> list[Progress]:
        plan = await self.cycle.plan("dns.x", "x", Fix("records", "Do it.", records=sets))
        return [progress async for progress in self.cycle.apply(plan, "Ada")]

    async def undo(self, number: int = 1) -> list[Progress]:
        return [progress async for progress in self.cycle.undo(number, "Ada")]

    def change(self, number: int = 1) -> Change:
        """What the journal says, and nobody's memory."""
        return self.book.changes()[number]

    def writes(self) -> int:
        return sum(method != "GET" for method, _ in self.fake.requests)


def project(api: str) -> Project:
    connection = {"kind": "cloudflare", "zone": ZONE, "secret": "token", "api": api}
    return Project(ZONE, network=Network(private=True), connections=(connection,))


@contextmanager
def world(*, plan: str = "pro") -> Iterator[World]:
    """A zone with what founders have: a shield, comments, tags, fixed and automatic TTLs."""
    with Cloudflare(ZONE, plan=plan) as fake:
        tags: dict[str, Any] = {"tags": ["owner:ada", "made by hand"]} if plan != "free" else {}
        fake.add("A", "@", "93.184.215.14", proxied=True, comment='the box; "old"', **tags)
        fake.add("A", "@", "93.184.215.15", proxied=True)
        fake.add("A", "old", "93.184.215.20", comment="since 2019")
        fake.add("TXT", "@", "v=spf1 -all", comment="mail", **tags)
        fake.add("TXT", "@", '"verify=1"', ttl=1)
        fake.add("MX", "@", "mail.good.example", priority=10, comment="inbox")
        fake.add("CNAME", "www", ZONE, settings={"flatten_cname": True}, comment="site")
        fake.add("CAA", "@", data={"flags": 0, "tag": "issue", "value": "letsencrypt.org"})
        one = project(fake.api)
        book = Notebook()
        places = Places(lambda: one, {"token": Secret(TOKEN)})
        yield World(fake, one, book, Cycle(places.find, book, lambda: NOW, {}))
