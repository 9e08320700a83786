"""A launch with something to write down: the records of a zone, subdomains, redirects, all in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from launchready_tui.checks import Check
from launchready_tui.handover.redirects import Leg, matrix
from launchready_tui.model import Evidence, RecordSet, passed
from launchready_tui.options import BadOption
from launchready_tui.purposes import Purpose, Purposes
from launchready_tui.recordlist import Noted, annotate
from launchready_tui.session import RecordList
from launchready_tui.subdomains import Decided, Planned, When, plan
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME

HOSTILE = "\x1b]0;x\x07[@click=app.quit]x[/]\u202e"
SETS = (
    RecordSet(NAME, "NS", ("ns1.example.net.",), 300),
    RecordSet(NAME, "A", ("93.184.215.14",), 300),
    RecordSet(NAME, "MX", ("1 aspmx.l.google.com.",), 300),
    RecordSet(f"_dmarc.{NAME}", "TXT", (f"v=DMARC1; p=none; rua=mailto:ada@{NAME}",), 300),
    RecordSet(f"beta.{NAME}", "A", ("93.184.215.15",), 300),
    RecordSet(f"partner.{NAME}", "TXT", (f"north=1 {HOSTILE}",), 300),
)


class WrittenSession(FakeSession):
    """`silent` lets the list of records fail."""

    def __init__(self, *, silent: bool = False, read_only: bool = False) -> None:
        super().__init__(read_only=read_only)
        self._silent = silent
        self._said: dict[tuple[str, str], Purpose] = {}
        self._decided: dict[str, Decided] = {}
        seen = [
            Evidence(f"GET https://{NAME}/", "200"),
            Evidence(f"GET http://{NAME}/", f"301 → https://{NAME}/, 200"),
            Evidence(f"GET https://www.{NAME}/", "200"),
            Evidence(f"GET http://www.{NAME}/", f"said nothing {HOSTILE}"),
        ]
        self.saw = {"dns.redirect.canonical": passed("x", evidence=seen)}

    @property
    def purposes(self) -> Purposes:
        return self._said

    async def record_list(self) -> RecordList:
        if self._silent:
            raise BadOption("Your DNS host did not answer. Look again in a moment.")
        return RecordList(annotate(SETS, self.project, self._said), "Cloudflare", True, "All records, from Cloudflare.")

    def set_purpose(self, name: str, type: str, text: str, who: str) -> tuple[Check, ...]:
        self._writes()
        said = Purpose(name, type, text, who)
        self._said[said.key] = said
        return self.checks[:1]

    async def confirm_purposes(self, who: str, records: Iterable[Noted] | None = None) -> tuple[Check, ...]:
        for each in records or ():
            if each.by == "record":
                self.set_purpose(*each.key, each.text, who)
        return self.checks[:1]

    def subdomain_plan(self, records: Iterable[Noted]) -> tuple[Planned, ...]:
        return plan(self.project, records, {}, self._decided)

    def plan_subdomain(self, host: str, when: When, why: str, who: str) -> None:
        self._writes()
        self._decided[host] = Decided(host, when, why, who)

    def redirect_matrix(self) -> tuple[Leg, ...]:
        return matrix(self.project, self.saw)

    def set_old_paths(self, paths: Iterable[str]) -> tuple[Check, ...]:
        self._writes()
        self.project = replace(self.project, old_paths=tuple(paths))
        return self.checks[:1]
