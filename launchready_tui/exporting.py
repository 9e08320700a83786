"""Writes the handover of an open session: handover.toml, the risk list, the deployment map and a report a stage."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from launchready_tui.domain import registrable
from launchready_tui.drift.taking import take
from launchready_tui.handover.draft import facts
from launchready_tui.handover.export import HANDOVER_FILE, build, write
from launchready_tui.handover.mail import MailFacts, domain_of, newest, policy_names, selectors_of
from launchready_tui.handover.records import noted
from launchready_tui.handover.sections import facts_of
from launchready_tui.handover.signing import SIGNATURE_SUFFIX, digest
from launchready_tui.handover.written import deploy_markdown, dns_markdown, mail_markdown
from launchready_tui.look import looking
from launchready_tui.model import Stage
from launchready_tui.panels import panel
from launchready_tui.report import STAGE_TITLES, stage_markdown
from launchready_tui.risks import risks_markdown
from launchready_tui.sources.dns import Dns

if TYPE_CHECKING:
    from launchready_tui.session import Exported, Session

MAP_COLUMNS = 100
DEPLOY_FILE = f"{Stage.DEPLOY.number}-{Stage.DEPLOY.value}.md"
DNS_FILE = f"{Stage.DNS.number}-{Stage.DNS.value}.md"
EMAIL_FILE = f"{Stage.EMAIL.number}-{Stage.EMAIL.value}.md"


async def export(session: Session, folder: Path | None) -> Exported:
    """Look the records up once more, build, search for secrets, write. Raises WorkspaceProblem.

    Nothing is written where the self-scan finds a secret; `hits` then name the fields.
    """
    from launchready_tui.session import Exported

    if folder is None:
        session.may_write()  # the project's own folder is the holder's
    await session.prepared()
    listed = await session.record_list()
    planned = session.subdomain_plan(listed.records)
    looked = max((outcome.at for outcome in session.outcomes.values()), default=None)
    records = [noted(each) for each in listed.records]
    who = session.owners.get("registrar").owner
    mail = await _mail(session)
    handover = build(facts(session, looked, records, planned, who=who, mail=mail))
    names = policy_names(handover.email)
    handover = structs.replace(handover, baseline=await take(session.project, session.clock, records, names))
    reports = await _reports(session)
    reports[EMAIL_FILE] += mail_markdown(handover.email)
    reports[DNS_FILE] += dns_markdown(
        listed.records,
        listed.say,
        planned,
        session.redirect_matrix(),
        handover.changes,
        panel(facts_of(session.findings).get("dns-host", "")),
        registrable(session.project.domain),
    )
    reports[DEPLOY_FILE] += deploy_markdown(handover.deploy)
    where = folder or session.store.folder("exports")
    written = write(
        handover,
        where,
        secrets=await session.vault_values(),
        risks_md=risks_markdown(session.risks(), session.project, session.clock.now()),
        reports=reports,
    )
    if not written.paths:
        return Exported(where, hits=written.hits)
    signed, unsigned = await session.sign_export(where / HANDOVER_FILE)
    paths = (*written.paths, where / f"{HANDOVER_FILE}{SIGNATURE_SUFFIX}") if signed else written.paths
    if not session.read_only:
        note = {"folder": str(where.absolute()), "files": [path.name for path in paths]}
        session.write("exported", {**note, "sha256": digest((where / HANDOVER_FILE).read_bytes())})
    return Exported(where, paths, signed=signed, unsigned=unsigned)


async def _mail(session: Session) -> MailFacts:
    """What the handover says of mail and no finding holds whole: the senders, the SPF tree, each key, each proof."""
    senders, proofs = await asyncio.gather(session.who_sends(), session.proofs())
    signers = (pair for message in session.messages() for pair in message.signers)
    domain = domain_of(session.findings, session.project)
    selectors = selectors_of(session.findings, session.project, signers)
    async with looking(session.project, session.clock) as context:
        dns = context.get(Dns)
        assert isinstance(dns, Dns)
        answers = await asyncio.gather(*(dns.ask(f"{one}._domainkey.{domain}", "TXT") for one in selectors))
    keys = tuple(zip(selectors, answers, strict=True))
    return MailFacts(senders.states, senders.cost, keys, newest(proofs))


async def _reports(session: Session) -> dict[str, str]:
    """One Markdown file a stage: its deliverable, its failure signs, every check; the audit's has the map as well."""
    out: dict[str, str] = {}
    for stage in Stage:
        await asyncio.sleep(0)  # keys are heard between two stages
        more = session.draw_map(MAP_COLUMNS) if stage is Stage.AUDIT else []
        out[f"{stage.number}-{stage.value}.md"] = stage_markdown(
            STAGE_TITLES[stage],
            session.project.domain,
            session.deliverable(stage),
            session.signals(stage),
            [
                (check, session.findings[check.id])
                for check in session.stage_checks(stage)
                if check.id in session.findings
            ],
            more,
        )
    return out
