"""From what is known to the file: gather, build, search for secrets, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from launchready_tui import __version__, disk, system
from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.checks import Check
from launchready_tui.handover import sections, ways_back
from launchready_tui.handover.calendar import CALENDAR_FILE, entries, to_calendar
from launchready_tui.handover.document import Action, ChangeLine, Handover, Product, Records, RedirectRow, Subdomain
from launchready_tui.handover.html import HTML_FILE, to_html
from launchready_tui.handover.mail import MailFacts, email
from launchready_tui.handover.markdown import MARKDOWN_FILE, to_markdown
from launchready_tui.handover.records import from_findings
from launchready_tui.handover.redirects import matrix, state_word
from launchready_tui.handover.secrets import secret_lines
from launchready_tui.handover.selfscan import scan
from launchready_tui.handover.toml import SCHEMA_FILE, published_schema, to_toml
from launchready_tui.handover.views import texts as view_texts
from launchready_tui.model import Finding
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.readiness import judge
from launchready_tui.risks import Acceptance, risk_list
from launchready_tui.secret import Secret
from launchready_tui.secretlist import SecretList
from launchready_tui.subdomains import Planned
from launchready_tui.text import clean

HANDOVER_FILE = "handover.toml"
RISKS_FILE = "risks.md"
_OURS = frozenset({HANDOVER_FILE, SCHEMA_FILE, HTML_FILE, MARKDOWN_FILE, CALENDAR_FILE})


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """All that a handover is built from. `accepted` holds what counts at `at`, by cause or check id."""

    project: Project
    outcomes: Mapping[str, Finding]
    checks: tuple[Check, ...]
    answers: Answers
    owners: Owners
    changes: tuple[ChangeLine, ...]
    accepted: Mapping[str, Acceptance]
    actions: tuple[NextAction, ...]
    at: dt.datetime
    looked_at: dt.datetime | None = None
    records: tuple[Records, ...] = ()
    subdomains: tuple[Planned, ...] = ()
    who: str = ""
    secrets: SecretList = field(default_factory=SecretList)
    mail: MailFacts = field(default_factory=MailFacts)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, or the fields for which nothing was. `hits` never hold a value."""

    paths: tuple[Path, ...] = ()
    hits: tuple[str, ...] = ()


def facts_from(
    project: Project,
    outcomes: Mapping[str, Finding],
    checks: Iterable[Check],
    answers: Answers,
    owners: Owners,
    changes: Iterable[ChangeLine],
    accepted: Mapping[str, Acceptance],
    actions: Iterable[NextAction],
    at: dt.datetime,
    looked_at: dt.datetime | None = None,
    records: Iterable[Records] = (),
    subdomains: Iterable[Planned] = (),
    who: str = "",
    secrets: SecretList | None = None,
    mail: MailFacts | None = None,
) -> HandoverFacts:
    """Gather. Without `records` (`records.collect`), the record set is read off the evidence of the findings."""
    seen = tuple(records) or from_findings(outcomes, project.domain)
    return HandoverFacts(
        project,
        outcomes,
        tuple(checks),
        answers,
        owners,
        tuple(changes),
        accepted,
        tuple(actions),
        at,
        looked_at,
        seen,
        tuple(subdomains),
        who,
        secrets or SecretList(),
        mail or MailFacts(),
    )


def build(facts: HandoverFacts) -> Handover:
    """The document. Text from outside is cleaned here, once more than needed rather than once less."""
    by_id = {check.id: check for check in facts.checks}
    readiness = judge(facts.outcomes, facts.checks, accepted=facts.accepted)
    risks = risk_list(facts.outcomes, facts.checks, accepted=facts.accepted)
    product = Product(
        domain=clean(facts.project.domain, limit=260),
        name=clean(facts.project.product, limit=200),
        canonical_url=sections.canonical(facts.project, facts.outcomes),
        ready=readiness.ready,
        standing=readiness.line,
        looked_at=facts.looked_at,
        written_at=facts.at,
        handed_over_by=clean(facts.who, limit=200),
        tool=f"launchready {__version__}",
        absent={clean(part, limit=60): clean(said) for part, said in facts.project.absent.items()},
    )

    def stated(*prefixes: str) -> list[sections.Stated]:
        return sections.stated(facts.outcomes, by_id, prefixes)

    return Handover(
        product=product,
        systems=sections.systems(facts.owners, facts.outcomes, facts.answers, facts.project),
        records=list(facts.records),
        subdomains=[Subdomain(host=each.host, when=each.when, why=each.why, who=each.who) for each in facts.subdomains],
        routes=sections.routes(facts.project),
        redirects=stated("dns.redirect.", "audit.url.single"),
        redirect_matrix=redirect_rows(facts.project, facts.outcomes),
        edge=stated("edge."),
        deploy=sections.deploy(facts.answers, facts.outcomes, facts.owners),
        performance=stated("performance."),
        ways_back=ways_back.section(facts.project, facts.outcomes, facts.owners, facts.answers),
        email=email(facts.outcomes, by_id, facts.owners, facts.project, facts.records, facts.answers, facts.mail),
        monitors=sections.monitors(facts.answers),
        secrets=secret_lines(facts.secrets),
        changes=sorted(facts.changes, key=lambda change: change.number),
        open_findings=sections.open_findings(risks, facts.outcomes),
        open_questions=sections.open_questions(facts.outcomes, facts.checks),
        failure_signs=sections.failure_signs(facts.outcomes, facts.answers, by_id),
        accepted_risks=sections.accepted_risks(risks),
        next_actions=[
            Action(id=each.id, what=each.what, who=each.who, due=each.due, done=each.done) for each in facts.actions
        ],
        verify=sections.verify(facts.project),
    )


def redirect_rows(project: Project, outcomes: Mapping[str, Finding]) -> list[RedirectRow]:
    """The redirect matrix, as the checks saw it."""
    return [
        RedirectRow(
            url=clean(leg.url, limit=2_000),
            expected=clean(leg.expected, limit=2_000),
            seen=clean(leg.seen, limit=4_000),
            state=state_word(leg.verdict),
            status=leg.status,
            location=clean(leg.location, limit=2_000),
            hops=leg.hops,
            why=clean(leg.why),
            curl=clean(leg.curl, limit=8_000),
        )
        for leg in matrix(project, outcomes)
    ]


def hits(handover: Handover, secrets: Iterable[Secret] = (), texts: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The fields of a handover, and the files beside it, that hold a secret."""
    return scan({**msgspec.to_builtins(handover), **(texts or {})}, secrets)


def _shown(handover: Handover) -> dict[str, object]:
    """What the views would show, text by text: their own markup is no part of the search."""
    days = [text for each in entries(handover) for text in (each.what, each.note)]
    return {HTML_FILE: list(view_texts(handover)), CALENDAR_FILE: days}


def write(
    handover: Handover,
    folder: Path,
    *,
    secrets: Iterable[Secret] = (),
    risks_md: str = "",
    reports: Mapping[str, str] | None = None,
) -> Exported:
    """Write handover.toml, its schema, its views (HTML, Markdown, calendar), `risks.md` and the `reports` (file name ->
    text) into a private folder, each whole or not at all.

    Nothing is written when any of them would hold a secret: `hits` then name the fields. Raises WorkspaceProblem where
    the disk says no, ValueError for a report whose name is not a plain file name.
    """
    texts = {**(reports or {}), **({RISKS_FILE: risks_md} if risks_md else {})}
    for name in texts:
        if not name or Path(name).name != name or name in _OURS or name.startswith("."):
            raise ValueError(f"{clean(name, limit=80)} cannot be the name of a report.")
    found = hits(handover, secrets, texts) or scan(_shown(handover), secrets)
    if found:
        return Exported(hits=found)
    files = {
        HANDOVER_FILE: to_toml(handover).encode(),
        SCHEMA_FILE: published_schema(),
        HTML_FILE: to_html(handover).encode("utf-8", "replace"),
        MARKDOWN_FILE: to_markdown(handover).encode("utf-8", "replace"),
        CALENDAR_FILE: to_calendar(handover).encode("utf-8", "replace"),
        **{name: text.encode("utf-8", "replace") for name, text in texts.items()},
    }
    if not folder.exists():
        try:
            system.private_folder(folder)
        except OSError as error:
            raise disk.problem(error, folder) from error
    for name, data in files.items():
        disk.write_private(folder / name, data)
    return Exported(paths=tuple(folder / name for name in files))
