"""Whether the policies for encrypted mail are right, where there are some: MTA-STS (RFC 8461), TLS-RPT (RFC 8460).

Nobody has to have them. A wrong one does harm without a sign: in enforce mode it turns mail away.
"""

from __future__ import annotations

import asyncio

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.email._policies import Part, set_record
from launchready_tui.checks.email._servers import Look, Servers, greeted, mail_servers
from launchready_tui.checks.email._sts import judge_sts, policy_url
from launchready_tui.mail.transport import parse_reports, parse_sts
from launchready_tui.model import Evidence, Finding, Fix, Severity, Status, failed, unknown
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.sources.smtp import Smtp
from launchready_tui.sources.web import Reply, Web
from launchready_tui.text import listed
from launchready_tui.zone import mail_domain


@check(
    "email.transport.policy",
    severity=Severity.LOW,
    title="The rules for encrypted mail are right",
    why="A wrong policy (MTA-STS) turns mail for you away, and nobody tells you.",
    minutes=30,
)
async def transport_policy(project: Project, dns: Dns, web: Web, smtp: Smtp, clock: Clock) -> Finding:
    domain = await mail_domain(dns, project.domain)
    servers, sts, reports = await asyncio.gather(
        mail_servers(project, dns), dns.ask(f"_mta-sts.{domain}", "TXT"), dns.ask(f"_smtp._tls.{domain}", "TXT")
    )
    record = parse_sts(values(sts))
    page: Reply | None = None
    looks: tuple[Look, ...] = ()
    if record.valid:
        page, looks = await asyncio.gather(
            web.get(policy_url(domain), most=limits.MTA_STS_BYTES), greeted(servers, smtp)
        )
    fresh = f"{clock.now():%Y%m%d%H%M}"
    return judge_transport(
        domain, judge_sts(servers, sts, record, page, looks, fresh), judge_reports(domain, reports), servers
    )


def judge_reports(domain: str, answer: Answer) -> Part:
    """Pure."""
    name = f"_smtp._tls.{domain}"
    evidence = (Evidence(f"TXT {name}", tell(answer)),)
    if not is_fact(answer):
        return Part("TLS-RPT", "unclear", f"TXT {name}: {tell(answer)}", evidence=evidence)
    read = parse_reports(values(answer))
    add = _reports_fix(domain, answer)
    if not read.present:
        return Part("TLS-RPT", "absent", "", add, evidence=evidence)
    if not read.valid:
        said = f"The record for reports about encryption (TLS-RPT) at {name} does not count. {read.error}"
        return Part("TLS-RPT", "broken", said, add, evidence=evidence)
    to = listed([uri.removeprefix("mailto:") for uri in read.rua])
    return Part("TLS-RPT", "valid", f"reports about encryption (TLS-RPT) go to {to}", evidence=evidence)


def _reports_fix(domain: str, answer: Answer) -> Fix:
    value = f"v=TLSRPTv1; rua=mailto:tls-reports@{domain}"
    inbox = f"The address tls-reports@{domain} must exist as an inbox."
    return set_record(answer, f"_smtp._tls.{domain}", value, "tlsrpt", inbox)


def judge_transport(domain: str, sts: Part, reports: Part, servers: Servers) -> Finding:
    """Pure. What is broken comes first, then what could not be told; absent is no fault."""
    parts = (sts, reports)
    evidence = [line for part in parts for line in part.evidence]
    facts = [(part.name, part.said) for part in parts if part.state == "valid"]
    for part in parts:
        if part.state == "broken":
            assert part.fix is not None
            return failed(part.said, part.fix, evidence=evidence, subject=domain, severity=part.severity, facts=facts)
    for part in parts:
        if part.state == "unclear":
            return unknown(
                f"We could not read the policies for encrypted mail of {domain}: {part.said}.",
                needs="another look",
                evidence=evidence,
                subject=domain,
            )
    offer = reports.fix if reports.state == "absent" and not servers.none_wanted else None
    tells = "TLS-RPT is one record: it tells you when mail for you could not be encrypted."
    if all(part.state == "absent" for part in parts):
        status, saw = Status.INFO, f"{domain} has neither MTA-STS nor TLS-RPT; nobody has to."
    else:
        status, saw = Status.PASS, f"{domain}: {' and '.join(part.said for part in parts if part.state == 'valid')}."
        missing = [part.name for part in parts if part.state == "absent"]
        saw += f" There is no {missing[0]}; nobody has to have it." if missing else ""
    return Finding(
        status,
        f"{saw} {tells}" if offer is not None else saw,
        fix=offer,
        evidence=tuple(evidence),
        subject=domain,
        facts=tuple(facts),
    )
