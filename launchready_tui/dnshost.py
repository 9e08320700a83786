"""Which panel holds a launch's zone, and a finding's records as that panel takes them.

Done in one place once a check is finished, so that no check knows a panel. The name servers tell the host; where they
do not, the SOA and the TXT at _domainconnect are looked up; only where these name a host of settings is it asked
(Domain Connect: https://github.com/Domain-Connect/spec, "DNS provider discovery").
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace

from launchready_tui import known, limits
from launchready_tui.domain import is_name, registrable
from launchready_tui.model import AtPanel, Finding, Fix, RecordSet, Typed
from launchready_tui.panels import Connect, Panel, host_of, moves
from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns, Found, is_fact, values
from launchready_tui.sources.once import Once
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import clean
from launchready_tui.zone import enclosing, is_part

_SETTINGS = re.compile(r"^([a-z0-9.-]{4,253})(/[A-Za-z0-9._~/-]{0,200})?$")


class DnsHost:
    """Asks once a run, and only when a fix has records to show."""

    def __init__(self, project: Project, dns: Dns, web: Web) -> None:
        self._project, self._dns, self._web = project, dns, web
        self._once: Once[str, tuple[str, Panel]] = Once()

    async def shown(self, finding: Finding) -> Finding:
        """The finding with its fix as the panel takes it; as it is where there are no records to set."""
        fix = finding.fix
        if fix is None or not fix.records:
            return finding
        zone, panel = await self.find()
        existing = await asyncio.gather(*(self._existing(panel, record) for record in fix.records))
        return replace(finding, fix=at_panel(fix, panel, zone, dict(zip(fix.records, existing, strict=True))))

    async def aclose(self) -> None:
        await self._once.aclose()

    async def find(self) -> tuple[str, Panel]:
        """(zone, panel), within limits.HOST_SECONDS; what is not known by then counts as not known."""
        return await self._once.get("panel", self._find)

    async def _find(self) -> tuple[str, Panel]:
        zone = registrable(self._project.domain)
        servers: tuple[str, ...] = ()
        soa = ""
        try:
            async with asyncio.timeout(limits.HOST_SECONDS):
                if is_part(self._project.domain):
                    zone = (await enclosing(self._dns, self._project.domain)).zone
                servers = values(await self._dns.ask(zone, "NS"))
                panel = host_of(servers)
                if panel.known:
                    return zone, panel
                answers = await asyncio.gather(
                    self._dns.ask(zone, "SOA"), self._dns.ask(f"_domainconnect.{zone}", "TXT")
                )
                soa = next(iter(values(answers[0])), "")
                panel = host_of(servers, soa)
                settings = values(answers[1])
                if panel.name or not settings:
                    return zone, panel
                return zone, host_of(servers, soa, await self._connect(zone, settings[0]))
        except TimeoutError:
            return zone, host_of(servers, soa)

    async def _connect(self, zone: str, settings: str) -> Connect | None:
        """What the host that the zone's own TXT names says of itself; None where that is nothing that we can read."""
        match = _SETTINGS.match(settings.strip())
        if match is None or not is_name(match[1]):
            return None
        url = f"https://{match[1]}{(match[2] or '').rstrip('/')}/v2/{zone}/settings"
        reply = await self._web.get(url, most=limits.CONNECT_BYTES)
        return read_settings(zone, reply.text) if isinstance(reply, Page) and reply.status == 200 else None

    async def _existing(self, panel: Panel, record: RecordSet) -> tuple[str, ...] | None:
        """What stands at this very name and type now; None where we could not tell, or what we see is a shield's."""
        answer = await self._dns.ask(record.name, record.type)
        if not is_fact(answer):
            return None
        if not isinstance(answer, Found) or answer.aliases:
            return ()
        shielded = panel.name == "Cloudflare" and known.cdn(None, answer.values) == "Cloudflare"
        if record.type in ("A", "AAAA") and shielded:
            return None
        # A wildcard answers for a name that has no record of its own: there is nothing at that name to change.
        wild = f"*.{record.name.partition('.')[2]}"
        if not record.name.startswith("*.") and record.name != registrable(record.name):
            behind = await self._dns.ask(wild, record.type)
            if values(behind) and set(values(behind)) == set(answer.values):
                return ()
        return answer.values


def read_settings(zone: str, text: str) -> Connect | None:
    """Domain Connect settings: the host's names, and its control panel's address where it gives a plain https one."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    keys = ("providerDisplayName", "providerName", "providerId")
    names = tuple(clean(name, limit=60) for key in keys if isinstance(name := told.get(key), str))
    page = told.get("urlControlPanel")
    page = page.replace("%domain%", zone) if isinstance(page, str) else ""
    plain = re.match(r"^https://[A-Za-z0-9.-]+(/[^\s@\\]*)?$", page) is not None and len(page) < 500
    return Connect(names, clean(page, limit=500) if plain else "") if any(names) else None


def at_panel(fix: Fix, panel: Panel, zone: str, existing: dict[RecordSet, tuple[str, ...] | None]) -> Fix:
    """The fix with its records as rows of this panel; pure. `copy` and `page` are filled in where they are empty."""
    rows: list[Typed] = []
    notes: list[str] = []
    for record in fix.records:
        here, said = moves(panel, zone, record, existing.get(record))
        rows += here
        notes += said
    if not rows and not notes:
        return fix
    alone = {row.name for row in rows if row.type == "CNAME" and row.act != "delete"}
    rows.sort(key=lambda row: not (row.act == "delete" and row.name in alone))  # nothing may stand beside a CNAME
    shown = AtPanel(panel.at, panel.path, panel.boxes, tuple(rows[: limits.PANEL_ROWS]), tuple(dict.fromkeys(notes)))
    copy = "\n".join(row.value for row in rows if row.act != "delete")
    return replace(fix, panel=shown, copy=fix.copy or copy, page=fix.page or panel.address(zone))
