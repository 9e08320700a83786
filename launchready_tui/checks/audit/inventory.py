"""The records a launch needs: an address at apex and www, where mail goes, who may send (roadmap, automation 1)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from launchready_tui.checks import check
from launchready_tui.known import dns_host, mail_host, senders
from launchready_tui.mail.spf import is_spf
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.text import listed, plural
from launchready_tui.zone import is_part, mail_domain

TYPES = ("A", "AAAA", "CNAME", "MX", "TXT", "NS", "CAA", "SOA")
_WHO = "Whoever can change the DNS records"
Asked = Mapping[tuple[str, str], Answer]


@check(
    "audit.dns.inventory",
    severity=Severity.HIGH,
    title="The records that a launch needs are there",
    why="A line that is missing is a page that does not open, or mail that never arrives.",
    minutes=15,
)
async def inventory(project: Project, dns: Dns) -> Finding:
    mail = await mail_domain(dns, project.domain)
    questions = [(host, type) for host in project.hosts for type in TYPES]
    questions += [(mail, type) for type in ("MX", "TXT") if mail != project.domain]
    answers = await asyncio.gather(*(dns.ask(host, type) for host, type in questions))
    return judge(project, dict(zip(questions, answers, strict=True)), mail)


def _address(asked: Asked, host: str) -> bool | None:
    """Whether a host has an address; None where we could not tell."""
    pair = (asked[host, "A"], asked[host, "AAAA"])
    if any(values(answer) for answer in pair):
        return True
    return False if all(is_fact(answer) for answer in pair) else None


def _facts(domain: str, mail: str, asked: Asked) -> list[tuple[str, str]]:
    servers, mx = values(asked[domain, "NS"]), values(asked[mail, "MX"])
    spf = next((value for value in values(asked[mail, "TXT"]) if is_spf(value)), "")
    facts = [
        ("ns", ", ".join(server.rstrip(".") for server in servers)),
        ("dns-host", dns_host(servers)),
        ("mail-host", mail_host(mx)),
        ("senders", ", ".join(senders(spf))),
    ]
    return [(name, value) for name, value in facts if value]


def judge(project: Project, asked: Asked, mail: str) -> Finding:
    """`mail` is the name in the launch's mail addresses."""
    domain, www = project.domain, project.www
    evidence = [Evidence(f"{type} {host}", tell(answer)) for (host, type), answer in asked.items() if values(answer)]
    evidence += [
        Evidence(f"{type} {host}", tell(answer)) for (host, type), answer in asked.items() if not values(answer)
    ]
    facts = _facts(domain, mail, asked)
    at = dns_host(values(asked[domain, "NS"]))
    place = f"at {at}" if at else "where your DNS records are kept"
    apex = _address(asked, domain)
    if apex is False:
        return failed(
            f"{domain} has no address: we looked for A and AAAA records and there are none.",
            Fix(
                "steps",
                f"Your web host's page for custom domains shows an A record (or ALIAS) for {domain}. Add it {place}.",
                minutes=10,
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
            cause=f"no-address:{domain}",
            facts=facts,
        )
    # (what is missing, what to do, the cause that the check of that very record gives it)
    missing: list[tuple[str, str, str]] = []
    if _address(asked, www) is False and not is_part(domain):
        target = f"add the record for {www} that your web host's page for custom domains shows"
        missing.append((f"{www} has no address", target, f"no-address:{www}"))
    if is_fact(asked[mail, "MX"]) and not values(asked[mail, "MX"]):
        todo = f"add the MX records of your inbox provider for {mail} (or “0 .” if you want no mail)"
        missing.append(("there is no MX record, so no mail arrives", todo, f"mx:{mail}"))
    if is_fact(asked[mail, "TXT"]) and not any(is_spf(value) for value in values(asked[mail, "TXT"])):
        todo = f"add a TXT record for {mail} that starts with v=spf1, as your mail sender's help shows it"
        missing.append(("no TXT record says who may send mail (SPF)", todo, f"spf:{mail}"))
    if missing:
        return warned(
            f"In the records of {domain}, {listed([what for what, _, _ in missing])}.",
            Fix(
                "steps",
                f"Sign in {place}, open the records of {domain}, and {listed([todo for _, todo, _ in missing])}.",
                minutes=10 * len(missing),
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
            cause=missing[0][2] if len(missing) == 1 else f"dns-inventory:{domain}",
            facts=facts,
        )
    unclear = [f"{type} {host}: {tell(answer)}" for (host, type), answer in asked.items() if not is_fact(answer)]
    if unclear:
        return unknown(
            f"We could not read every record of {domain}: {listed(unclear, most=3)}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    found = sum(len(values(answer)) for answer in asked.values())
    return passed(
        f"{domain} has what it needs: addresses, MX and SPF. We read {plural(found, 'record')} at "
        f"{plural(len(project.hosts), 'name')}.",
        evidence=evidence,
        subject=domain,
        facts=facts,
    )
