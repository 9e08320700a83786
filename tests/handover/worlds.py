"""A launch as the handover sees it, small and whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.handover.document import ChangeLine
from launchready_tui.handover.export import HandoverFacts, facts_from
from launchready_tui.model import Evidence, Finding, failed, passed, unknown
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock, Project
from tests.findings import CRITICAL, HIGH, a_check, records_fix
from tests.world import NOW, said


@dataclass(frozen=True)
class Taken:
    who: str = "Ada"
    reason: str = "no members yet"
    until: dt.date = dt.date(2027, 3, 3)


CHECKS = (
    a_check("audit.registrar.access", CRITICAL),
    a_check("dns.www.resolves", HIGH),
    a_check("dns.redirect.canonical", HIGH),
    a_check("edge.tls.valid", CRITICAL),
    a_check("edge.cdn.proxied", HIGH),
    a_check("performance.p95.public", HIGH),
    a_check("email.spf.single", HIGH),
)
OUTCOMES: Mapping[str, Finding] = {
    "audit.registrar.access": unknown("Nobody has told us yet.", needs="your answer", question="access.registrar"),
    "dns.www.resolves": failed("www.good.example has no address.", records_fix(), subject="www.good.example"),
    "dns.redirect.canonical": passed("All lead to one.", facts=[("canonical host", "www.good.example")]),
    "edge.tls.valid": passed("Sound.", facts=[("not after", "2027-01-20"), ("registrar", "Namecheap")]),
    "edge.cdn.proxied": failed("Your server stands alone.", records_fix(), subject="good.example"),
    "performance.p95.public": passed("p95 310 ms (aim: 500 ms), from 60 requests.", facts=[("p95", "310 ms")]),
    "email.spf.single": passed(
        "One.",
        facts=[("senders", "Resend, Mailchimp"), ("mail host", "Google Workspace")],
        evidence=[Evidence("TXT good.example", "v=spf1 include:_spf.google.com ~all (TTL 300)")],
    ),
}
OWNERS = {
    "registrar": Owner(
        "registrar",
        account="ada@example.net",
        page="https://www.namecheap.com/",
        owner="Ada",
        contact="ada@example.net",
        backup="Grace",
        recovery="1Password, vault Launch",
        proved=dt.date(2026, 11, 20),
    ),
    "database": Owner("database", absent=True),
}
CHANGE = ChangeLine(
    number=7,
    at=NOW,
    who="Ada",
    what="One SPF record",
    before="TXT good.example: v=spf1 ~all, v=spf1 -all",
    after="TXT good.example: v=spf1 ~all",
)
ACTIONS = (NextAction("restore-test", "Restore the newest backup.", "Grace", dt.date(2026, 12, 24)),)
PROJECT = Project(
    "good.example",
    product="Good Club",
    urls={"login": "https://good.example/login", "signup": "", "api": "https://api.good.example/health"},
    subs=("api",),
    absent={"payments": "Ada, 3 Nov 2026"},
)
ANSWERS = (
    said("rollback.rehearsal", "rehearsed", minutes="4", steps="vercel rollback", days_ago=3),
    said("access.dns", "yes", "change", "second-factor", days_ago=2),
    said("login.limits", "no"),
)


def facts(**changed: Any) -> HandoverFacts:
    given: dict[str, Any] = {
        "project": PROJECT,
        "outcomes": OUTCOMES,
        "checks": CHECKS,
        "answers": Answers(ANSWERS, Clock(NOW)),
        "owners": Owners(OWNERS),
        "changes": [CHANGE],
        "accepted": {"edge.cdn.proxied": Taken()},
        "actions": ACTIONS,
        "at": NOW,
        "looked_at": NOW - dt.timedelta(minutes=10),
    }
    return facts_from(**(given | changed))
