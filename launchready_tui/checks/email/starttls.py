"""Whether mail to the domain crosses the network encrypted: STARTTLS on every MX (RFC 3207, RFC 7435)."""

from __future__ import annotations

import asyncio

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.email.mx import exchanges
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dial import is_ip
from launchready_tui.sources.dns import Dns, is_fact, tell
from launchready_tui.sources.smtp import Greeting, NoGreeting, Smtp
from launchready_tui.text import listed
from launchready_tui.zone import mail_domain


@check(
    "email.mx.starttls",
    severity=Severity.MEDIUM,
    title="Mail to you crosses the network encrypted",
    why="Without it, whoever sits on the way can read and change the mail that members send you.",
    minutes=30,
)
async def mx_starttls(project: Project, dns: Dns, smtp: Smtp) -> Finding:
    domain = await mail_domain(dns, project.domain)
    answer = await dns.ask(domain, "MX")
    if not is_fact(answer):
        return unknown(
            f"We could not ask where mail for {domain} goes: {tell(answer)}.",
            needs="another look",
            evidence=[Evidence(f"MX {domain}", tell(answer))],
            subject=domain,
        )
    hosts = [each.target for each in exchanges(answer) if each.target and not is_ip(each.target)]
    if not hosts:
        return info(f"{domain} has no mail server to greet.", subject=domain)
    looks = await asyncio.gather(*(smtp.look(host) for host in dict.fromkeys(hosts[: limits.MX_LOOKED_AT])))
    return judge_starttls(domain, list(looks))


def _told(look: Greeting | NoGreeting) -> Evidence:
    if isinstance(look, NoGreeting):
        return Evidence(f"{look.host} port 25", look.say)
    tls = "STARTTLS offered" if look.starttls else "no STARTTLS"
    faults = ", ".join(look.verdict.faults) if look.verdict else ""
    return Evidence(f"{look.host} port 25", f"{look.banner}; {tls}{f'; certificate: {faults}' if faults else ''}")


def judge_starttls(domain: str, looks: list[Greeting | NoGreeting]) -> Finding:
    """Pure. What one server lacks outweighs what could not be seen of another, and that outweighs a pass."""
    evidence = [_told(look) for look in looks]
    spoke = [look for look in looks if isinstance(look, Greeting)]
    silent = [look for look in looks if isinstance(look, NoGreeting)]
    who = "Whoever runs your mail server"
    bare = [look.host for look in spoke if not look.starttls]
    if bare:
        return failed(
            f"{listed(bare)} takes mail for {domain} without encryption: it does not offer STARTTLS.",
            Fix(
                "steps",
                f"Ask whoever runs {listed(bare)} to switch on STARTTLS with a certificate for that name. In Postfix: "
                "smtpd_tls_security_level = may, and smtpd_tls_chain_files with key and certificate.",
                minutes=30,
                who=who,
            ),
            evidence=evidence,
            subject=domain,
        )
    weak = [look for look in spoke if look.verdict is None or look.verdict.faults]
    if weak:
        first = weak[0]
        what = _weakness(first)
        return warned(
            f"{first.host} encrypts mail for {domain}, but {what}. Most senders do not mind, careful ones do.",
            Fix(
                "steps",
                f"Give the mail server {first.host} a certificate from a public authority that names {first.host}, and "
                "send the whole chain.",
                minutes=30,
                who=who,
            ),
            evidence=evidence,
            subject=domain,
        )
    if silent:
        first_silent = silent[0]
        return unknown(
            f"We could not greet {first_silent.host}: it {first_silent.say}. Many home and office lines block port 25, "
            "so this may say nothing about the server.",
            needs="a look from a network where port 25 is open",
            evidence=evidence,
            subject=domain,
        )
    return passed(
        f"{listed([look.host for look in spoke])} {'offers' if len(spoke) == 1 else 'offer'} encryption, with a "
        f"certificate for {'its' if len(spoke) == 1 else 'their'} name.",
        evidence=evidence,
        subject=domain,
    )


def _weakness(look: Greeting) -> str:
    if look.verdict is None:
        return "encryption could not be started when we tried"
    words = {
        "expired": "its certificate has expired",
        "not-yet-valid": "its certificate is not valid yet",
        "name-mismatch": f"its certificate does not name {look.host}",
        "self-signed": "it signed its certificate itself",
        "incomplete-chain": "its certificate's link to a trusted authority is missing",
        "untrusted": "its certificate comes from an authority that nobody knows",
        "weak-key": "its key is too short",
        "weak-signature": "its certificate is signed with an outdated method",
    }
    return words[look.verdict.faults[0]]
