"""Is the mail set-up complete: MX (or the null MX, RFC 7505), exactly one SPF record (RFC 7208), DMARC (RFC 9989)."""

from __future__ import annotations

import asyncio

from launchready_tui.checks import check
from launchready_tui.known import mail_host, senders
from launchready_tui.mail import dmarc
from launchready_tui.mail.dmarc import Discovery
from launchready_tui.mail.spf import is_spf
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.text import listed
from launchready_tui.zone import mail_domain

_WHO = "Whoever can change the DNS records"


@check(
    "audit.email.ready",
    severity=Severity.HIGH,
    title="The mail records are complete",
    why="Without them invites and password mails are refused or land in spam.",
    minutes=20,
)
async def ready(project: Project, dns: Dns) -> Finding:
    domain = await mail_domain(dns, project.domain)
    mx, txt, policy = await asyncio.gather(dns.ask(domain, "MX"), dns.ask(domain, "TXT"), dmarc.find(dns, domain))
    return judge(domain, mx, txt, policy)


def judge(domain: str, mx: Answer, txt: Answer, policy: Discovery) -> Finding:
    spf = [value for value in values(txt) if is_spf(value)]
    evidence = [
        Evidence(f"MX {domain}", tell(mx)),
        Evidence(f"TXT {domain}", "; ".join(spf) or (tell(txt) if not values(txt) else "no SPF record among them")),
        *(Evidence(f"TXT _dmarc.{step.name}", tell(step.answer)) for step in policy.steps),
    ]
    # (what is missing, what to do, the cause that the check of that very record gives it)
    missing: list[tuple[str, str, str]] = []
    unclear: list[str] = []
    if not is_fact(mx):
        unclear.append(f"MX {domain}: {tell(mx)}")
    elif not values(mx):
        todo = f"add the MX records of your inbox provider for {domain} (or one “0 .” if you want no mail)"
        missing.append(("no MX record", todo, f"mx:{domain}"))
    if not is_fact(txt):
        unclear.append(f"TXT {domain}: {tell(txt)}")
    elif len(spf) != 1:
        todo = (
            f"add one TXT record for {domain} that starts with v=spf1 and names your mail sender"
            if not spf
            else f"join the {len(spf)} TXT records of {domain} that start with v=spf1 into one"
        )
        missing.append(
            ("no SPF record" if not spf else f"{len(spf)} SPF records in place of one", todo, f"spf:{domain}")
        )
    if policy.unsure is not None and policy.record is None:
        unclear.append(f"TXT _dmarc.{domain}: {tell(policy.unsure)}")
    elif policy.record is None:
        todo = f"add a TXT record for _dmarc.{domain}: “v=DMARC1; p=none; rua=mailto:dmarc@{domain}”"
        missing.append(("no DMARC record", todo, f"dmarc:{domain}"))
    facts = [("mail-host", mail_host(values(mx))), ("senders", ", ".join(senders(spf[0])) if len(spf) == 1 else "")]
    facts = [(name, value) for name, value in facts if value]
    if missing:
        make = warned if len(missing) == 1 else failed
        return make(
            f"{domain} has {listed([what for what, _, _ in missing])}.",
            Fix(
                "steps",
                f"Where your DNS records are kept, {listed([todo for _, todo, _ in missing])}.",
                minutes=10 * len(missing),
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
            cause=missing[0][2] if len(missing) == 1 else f"mail-setup:{domain}",
            facts=facts,
        )
    if unclear:
        return unknown(
            f"We could not read all the mail records of {domain}: {listed(unclear)}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    null = all(value.split()[-1:] == ["."] for value in values(mx))
    return passed(
        f"{domain} takes no mail and says so; SPF and DMARC are there."
        if null
        else f"{domain} has MX, exactly one SPF record, and a DMARC record.",
        evidence=evidence,
        subject=domain,
        facts=facts,
    )
