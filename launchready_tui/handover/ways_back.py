"""First texts for the ways back, from what the wizard knows: a person changes them and agrees, or not."""

from __future__ import annotations

import re
from collections.abc import Mapping

from launchready_tui import runbooks
from launchready_tui.answers import Answers
from launchready_tui.handover.document import WayBack
from launchready_tui.handover.records import sets_from_findings
from launchready_tui.handover.sections import facts_of
from launchready_tui.model import Finding
from launchready_tui.owners import Owners
from launchready_tui.panels import panel
from launchready_tui.project import Project
from launchready_tui.rollbacks import way_of
from launchready_tui.targets import targets
from launchready_tui.text import clean, minutes

TITLES = {
    "app": "The last version of the product comes back",
    "dns": "The DNS records come back",
    "dmarc": "The DMARC policy comes back",
}
_DNS_MINUTES = 10  # to sign in and put one record back, before waiting for its TTL; ours
_APP_MINUTES = 5  # limits.ROLLBACK_MINUTES_SOUND is the bar; what is written down here is a first guess
_POLICY = re.compile(r"(?i)(;\s*p\s*=\s*)(?:quarantine|reject)")


def _owner(owners: Owners, system: str) -> str:
    owner = owners.get(system)
    backup = f", or {owner.backup.strip()}" if owner.backup.strip() else ""
    return f"{owner.owner.strip()}{backup}" if owner.owner.strip() else ""


def _pages(project: Project) -> str:
    """The pages to look at, in a sentence."""
    urls = [project.url(kind) for kind in ("home", "login", "api")]
    return " and ".join(url for url in urls if url) or f"https://{project.domain}/"


def _app(project: Project, facts: Mapping[str, str], owners: Owners, answers: Answers) -> runbooks.WayBack:
    host = owners.get("hosting").provider.strip() or facts.get("web-host", "")
    way = way_of([host])
    where_to, command = (way.where, way.command) if way else ("the list of deployments, the one before the last", "")
    page = owners.get("hosting").page.strip() or next(
        (each.page for each in targets() if way is not None and way.is_called(each.name)), ""
    )
    stays = f" It does not bring back: {'; '.join(way.not_restored)}." if way is not None else ""
    told = answers.newest("rollback.rehearsal")
    rehearsed = told.fields if told is not None and told.choice != "unknown" else {}
    where = rehearsed.get("steps", "").strip() or command or page
    return runbooks.WayBack(
        "app",
        "Sign-in, signup or the home page broke with a release, and the repair is not minutes away.",
        (
            "Tell the team that you go back, and stop all other releases.",
            f"At {host or 'the web host'}, open {where_to}{f': {where}' if where else ''}.",
            "Wait until the host says that it is live. Put back by hand the settings (environment variables) that the "
            f"release had changed.{stays}",
            f"Open {_pages(project)}, and sign in once.",
            "Keep the broken version for the person who repairs it; go forward only with the repair.",
        ),
        where,
        _owner(owners, "hosting"),
        rehearsed.get("minutes", "").strip() or f"{_APP_MINUTES}",
    )


def _dns(project: Project, facts: Mapping[str, str], owners: Owners, ttl: int) -> runbooks.WayBack:
    at = panel(owners.get("dns").provider.strip() or facts.get("dns-host", ""))
    page = owners.get("dns").page.strip() or at.address(project.domain)
    spread = f", then up to {minutes(max(1, round(ttl / 60)))} until every resolver has it" if ttl else ""
    undo = f"launchready undo --project {project.domain}"
    return runbooks.WayBack(
        "dns",
        "The site, sign-in or mail stopped within hours of a change to the DNS records.",
        (
            "Find the change: the section “changes” of the handover lists each with its number and what was there "
            f"before, and so does “launchready changes --project {project.domain}”.",
            f"Take it back with “{undo} NUMBER” on the machine that made it; or sign in {at.at}"
            f"{f' ({page})' if page else ''} and type what was there before.",
            "Where no change is listed, put the records back as the section “records” of the handover has them.",
            f"See that every name server answers it: “launchready check {project.domain} --stage dns”.",
        ),
        undo if not page else f"{undo} NUMBER, or {page}",
        _owner(owners, "dns"),
        f"{_DNS_MINUTES}{spread}",
    )


def _dmarc(project: Project, facts: Mapping[str, str], owners: Owners, record: str) -> runbooks.WayBack:
    at = panel(owners.get("dns").provider.strip() or facts.get("dns-host", ""))
    page = owners.get("dns").page.strip() or at.address(project.domain)
    calm = _POLICY.sub(r"\1none", record) if record else "v=DMARC1; p=none"
    return runbooks.WayBack(
        "dmarc",
        "Mail of your own (invites, password resets) is refused or lands in spam after the policy was tightened.",
        (
            f"Sign in {at.at}{f' ({page})' if page else ''} and open the TXT record _dmarc.{project.domain}.",
            f"Set it to: {calm}",
            f"See that it is there: dig +short TXT _dmarc.{project.domain}",
            "Send an invite to an address at Gmail; under “Show original”, SPF, DKIM and DMARC should say PASS.",
            "In the DMARC reports, find the tool whose mail failed; let it sign with DKIM, then tighten the policy.",
        ),
        page or f"TXT _dmarc.{project.domain}",
        _owner(owners, "dns"),
        f"{_DNS_MINUTES}",
    )


def propose(
    kind: str, project: Project, outcomes: Mapping[str, Finding], owners: Owners, answers: Answers
) -> runbooks.WayBack:
    """The first text of one kind of runbooks.KINDS. What nobody knows (who, mostly) is left empty."""
    facts = facts_of(outcomes)
    sets = sets_from_findings(outcomes)
    if kind == "app":
        return _app(project, facts, owners, answers)
    if kind == "dns":
        ttls = [each.ttl for each in sets if each.type in ("A", "AAAA", "CNAME") and each.ttl]
        return _dns(project, facts, owners, max(ttls, default=0))
    named = f"_dmarc.{project.domain}"
    texts = [value for each in sets if (each.name, each.type) == (named, "TXT") for value in each.values]
    return _dmarc(project, facts, owners, next((text for text in texts if text.lower().startswith("v=dmarc1")), ""))


def section(project: Project, outcomes: Mapping[str, Finding], owners: Owners, answers: Answers) -> list[WayBack]:
    """All three as the handover says them: what people agreed to, or what is proposed where nobody did."""
    out = []
    for kind, (question, _) in runbooks.KINDS.items():
        newest = answers.newest(question)
        if newest is not None and newest.choice == runbooks.ABSENT:
            continue
        told = runbooks.agreed(answers, kind)
        book = told or propose(kind, project, outcomes, owners, answers)
        out.append(
            WayBack(
                kind=kind,
                title=TITLES[kind],
                trigger=clean(book.trigger, limit=2_000),
                steps=[clean(step, limit=2_000) for step in book.steps],
                where=clean(book.where, limit=2_000),
                who=clean(book.person, limit=300),
                minutes=clean(book.minutes, limit=120),
                told_by=clean(told.answer.who or "somebody", limit=200) if told and told.answer else "",
                told_on=told.answer.at.date() if told and told.answer else None,
            )
        )
    return out
