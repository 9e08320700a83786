"""Whether mail to the domain crosses the network encrypted: STARTTLS on every MX (RFC 3207, RFC 7435).

A certificate with a fault is a warning, since senders encrypt all the same: unless DANE names its key in the signed DNS
(RFC 7672), for then neither its name nor its issuer matter. That an MTA-STS policy asks for more is said here, and what
it costs in `transport.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from launchready_tui.checks import check
from launchready_tui.checks.email._servers import Look, greeted, mail_servers, told, weakness
from launchready_tui.mail.transport import parse_sts
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns, Secured, values
from launchready_tui.sources.smtp import Greeting, NoGreeting, Smtp
from launchready_tui.text import listed

_WHO = "Whoever runs your mail server"


@check(
    "email.mx.starttls",
    severity=Severity.MEDIUM,
    title="Mail to you crosses the network encrypted",
    why="Without it, whoever sits on the way can read and change the mail that members send you.",
    minutes=30,
)
async def mx_starttls(project: Project, dns: Dns, smtp: Smtp) -> Finding:
    servers = await mail_servers(project, dns)
    if servers.unclear is not None:
        return servers.unclear
    if not servers.hosts:
        return info(f"{servers.domain} has no mail server to greet.", subject=servers.domain)
    looks, sts = await asyncio.gather(greeted(servers, smtp), dns.ask(f"_mta-sts.{servers.domain}", "TXT"))
    weak = [look for look in looks if isinstance(look, Greeting) and _weak(look)]
    keys = await asyncio.gather(*(dns.ask_secured(f"_25._tcp.{look.host}", "TLSA") for look in weak))
    named = {look.host: dane(look, key) for look, key in zip(weak, keys, strict=True)}
    return judge_starttls(servers.domain, looks, named, parse_sts(values(sts)).valid)


def _weak(look: Greeting) -> bool:
    return look.starttls and (look.verdict is None or bool(look.verdict.faults))


def dane(look: Greeting, answers: Mapping[str, Secured]) -> bool | None:
    """Does signed DNS name this server's key? True: it does (RFC 7672 section 3.1.1); None: it names an authority or
    a whole key, which we do not compare; False: nothing signed names it."""
    signed = [each.answer for each in answers.values() if each.authentic]
    if look.verdict is None:
        return False
    unsure = False
    for record in {value for answer in signed for value in values(answer)}:
        usage, selector, matching, *data = record.lower().split() + [""] * 3
        if usage not in ("2", "3"):
            continue  # not for mail (section 3.1.3)
        mine = {"0": look.verdict.leaf.sha256, "1": look.key_sha256}.get(selector, "")
        if usage == "3" and matching == "1":
            if mine and "".join(data) == mine:
                return True
        else:
            unsure = True
    return None if unsure else False


def judge_starttls(
    domain: str, looks: Sequence[Look], named: Mapping[str, bool | None] | None = None, policy: bool = False
) -> Finding:
    """Pure. What one server lacks outweighs what could not be seen of another, and that outweighs a pass.

    `named` says of a server with a weak certificate whether DANE vouches for it; `policy`: there is an MTA-STS record.
    """
    evidence = [told(look) for look in looks]
    named = named or {}
    spoke = [look for look in looks if isinstance(look, Greeting)]
    silent = [look for look in looks if isinstance(look, NoGreeting)]
    bare = [look.host for look in spoke if not look.starttls]
    if bare:
        return failed(
            f"{listed(bare)} takes mail for {domain} without encryption: it does not offer STARTTLS.",
            Fix(
                "steps",
                f"Ask whoever runs {listed(bare)} to switch on STARTTLS with a certificate for that name. In Postfix: "
                "smtpd_tls_security_level = may, and smtpd_tls_chain_files with key and certificate.",
                minutes=30,
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
        )
    evidence += [Evidence(f"TLSA _25._tcp.{host}", _said(each)) for host, each in named.items()]
    weak = [look for look in spoke if _weak(look) and named.get(look.host) is False]
    weak += [look for look in spoke if _weak(look) and look.host not in named]
    if weak:
        first = weak[0]
        cost = "Your MTA-STS record asks for a valid one." if policy else "Most senders do not mind, careful ones do."
        return warned(
            f"{first.host} encrypts mail for {domain}, but {weakness(first)}. {cost}",
            Fix(
                "steps",
                f"Give the mail server {first.host} a certificate from a public authority that names {first.host}, and "
                "send the whole chain.",
                minutes=30,
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
        )
    refused = [look for look in silent if look.kind == "refused"]
    answered = [look.host for look in looks if isinstance(look, Greeting) or look.kind == "broken"]
    if answered and refused:  # port 25 is open from here, so a refusal is that server's own
        return warned(
            f"{refused[0].host} refuses connections on port 25, while {answered[0]} answers. Mail that tries it first "
            "is late.",
            Fix(
                "steps",
                f"Ask whoever runs {refused[0].host} to start its mail server. If it is gone for good, delete the MX "
                f"record of {domain} that names it.",
                minutes=20,
                who=_WHO,
            ),
            evidence=evidence,
            subject=domain,
        )
    if silent:
        return _unseen(domain, answered, silent, evidence)
    unsure = [host for host, each in named.items() if each is None]
    if unsure:
        return unknown(
            f"{unsure[0]} shows a certificate that only DANE can vouch for (TLSA _25._tcp.{unsure[0]}), in a form that "
            "we do not compare.",
            needs="a look with a DANE tester",
            evidence=evidence,
            subject=domain,
        )
    by_key = [host for host, each in named.items() if each]
    its = "its" if len(spoke) == 1 else "their"
    proof = f"DANE names the key of {listed(by_key)}" if by_key else f"with a certificate for {its} name"
    return passed(
        f"{listed([look.host for look in spoke])} {'offers' if len(spoke) == 1 else 'offer'} encryption, {proof}.",
        evidence=evidence,
        subject=domain,
    )


def _said(named: bool | None) -> str:
    if named is None:
        return "names an authority, or a key in a form that we do not compare"
    return "names this very key, in signed DNS" if named else "nothing signed names this key"


def _unseen(
    domain: str, answered: Sequence[str], silent: Sequence[NoGreeting], evidence: Sequence[Evidence]
) -> Finding:
    """Where one server answered, port 25 is open from here; where none did, the line may well be closed to it."""
    first = silent[0]
    if answered:
        why = "" if answered[0] == first.host else f" {answered[0]} answered, so port 25 is open from here."
        return unknown(
            f"We could not greet {first.host}: it {first.say}.{why}",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    tried = f"We tried {len(silent)} servers. " if len(silent) > 1 else ""
    return unknown(
        f"We could not greet {first.host}: it {first.say}. {tried}Many home and office lines block port 25, so this "
        "may say nothing about the server.",
        needs="a look from a network where port 25 is open",
        evidence=evidence,
        subject=domain,
    )
