"""An MTA-STS policy, held against the servers that are there (RFC 8461): its record, its file, its servers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from launchready_tui import limits
from launchready_tui.checks.email._policies import Part, set_record
from launchready_tui.checks.email._servers import Look, Servers, weakness
from launchready_tui.mail.transport import Policy, StsRecord, covered, parse_policy, written
from launchready_tui.model import Evidence, Fix, Severity
from launchready_tui.sources.dns import Answer, is_fact, tell
from launchready_tui.sources.smtp import Greeting
from launchready_tui.sources.web import NoPage, Page, Reply
from launchready_tui.text import clean, listed, plural

_WEB = "Whoever runs your website or your mail"


def policy_url(domain: str) -> str:
    """Where a policy stands (RFC 8461 section 3.3)."""
    return f"https://mta-sts.{domain}/.well-known/mta-sts.txt"


def judge_sts(
    servers: Servers, answer: Answer, record: StsRecord, page: Reply | None, looks: Sequence[Look], fresh: str
) -> Part:
    """Pure. `page` is what stood at the policy's address, None where it was not asked for; `fresh` is a new id."""
    domain, name = servers.domain, f"_mta-sts.{servers.domain}"
    evidence: tuple[Evidence, ...] = (Evidence(f"TXT {name}", tell(answer)),)
    if not is_fact(answer):
        return Part("MTA-STS", "unclear", f"TXT {name}: {tell(answer)}", evidence=evidence)
    if not record.present:
        return Part("MTA-STS", "absent", "", evidence=evidence)
    if not record.valid:
        return Part(
            "MTA-STS",
            "broken",
            f"The MTA-STS record at {name} does not count. {record.error}",
            set_record(answer, name, f"v=STSv1; id={fresh}", "stsv"),
            evidence=evidence,
        )
    assert page is not None  # asked for wherever the record counts
    evidence = (*evidence, _page_said(page))
    part = _unread(domain, page, servers, evidence)
    if part is not None:
        return part
    assert isinstance(page, Page)
    policy = parse_policy(page.text)
    if policy.errors:
        return Part(
            "MTA-STS",
            "broken",
            f"The MTA-STS policy of {domain} does not count. {policy.errors[0]}",
            _file(servers, policy),
            evidence=(*evidence, *(Evidence("why", error) for error in policy.errors)),
        )
    evidence = (*evidence, Evidence("policy", f"mode {policy.mode}, max_age {policy.max_age:,} s, {listed(policy.mx)}"))
    return _held(servers, policy, looks, evidence)


def _held(servers: Servers, policy: Policy, looks: Sequence[Look], evidence: tuple[Evidence, ...]) -> Part:
    """A policy that counts, against the servers that are there (RFC 8461 section 4.1)."""
    domain = servers.domain
    if servers.unclear is not None:
        return Part("MTA-STS", "unclear", f"MX {domain}: {tell(servers.answer)}", evidence=evidence)
    if policy.mode == "none":
        return Part("MTA-STS", "valid", "MTA-STS is switched off (mode: none)", evidence=evidence)
    hosts = servers.hosts or (() if servers.none_wanted else (domain,))  # without MX mail goes there (RFC 5321 5.1)
    outside = [host for host in hosts if not covered(host, policy.mx)]
    if outside:
        every = len(outside) == len(hosts)
        cost = (
            f"{'Gmail, Outlook and others turn mail for you away' if every else 'Mail that tries it first is late'}."
            if policy.mode == "enforce"
            else "In testing mode mail still comes; in enforce mode it would be turned away."
        )
        strict = Severity.HIGH if every else Severity.MEDIUM
        return Part(
            "MTA-STS",
            "broken",
            f"The MTA-STS policy of {domain} ({policy.mode}) names {listed(policy.mx)}, but mail goes to "
            f"{listed(outside)}. {cost}",
            _file(servers, policy),
            strict if policy.mode == "enforce" else None,
            evidence,
        )
    spoke = [look for look in looks if isinstance(look, Greeting)]
    weak = [look for look in spoke if not look.starttls or look.verdict is None or look.verdict.faults]
    if weak:
        first = weak[0]
        what = weakness(first) if first.starttls else "it offers no encryption"
        cost = "senders then turn mail away" if policy.mode == "enforce" else "senders would turn mail away"
        every = len(weak) == len(hosts)
        return Part(
            "MTA-STS",
            "broken",
            f"The MTA-STS policy of {domain} ({policy.mode}) asks for a valid certificate, but {first.host} cannot "
            f"show one: {what}. In enforce mode {cost}.",
            Fix(
                "steps",
                f"Set “mode: testing” in the policy file and change the id in the TXT record at _mta-sts.{domain}. "
                f"Then give {first.host} a certificate from a public authority that names it, and set it back.",
                minutes=45,
                who=_WEB,
                copy=written("testing", servers.hosts, policy.max_age),
                page=policy_url(domain),
            ),
            (Severity.HIGH if every else Severity.MEDIUM) if policy.mode == "enforce" else None,
            evidence,
        )
    if policy.max_age < limits.MTA_STS_AGE_ADVISED:
        evidence += (Evidence("note", "max_age is short: the standard advises weeks or more (604,800 is one)"),)
    return Part(
        "MTA-STS", "valid", f"MTA-STS ({policy.mode}) names {plural(len(hosts), 'mail server')}", evidence=evidence
    )


def _page_said(page: Reply) -> Evidence:
    if isinstance(page, NoPage):
        return Evidence(f"GET {page.url}", f"{page.say}{f' ({page.reason})' if page.reason else ''}")
    size = f"{len(page.body):,} bytes{', cut' if page.cut else ''}"
    return Evidence(f"GET {page.url}", f"{page.status} {page.content_type or 'no type'}, {size}")


def _unread(domain: str, page: Reply, servers: Servers, evidence: tuple[Evidence, ...]) -> Part | None:
    """Why there is no policy to read (RFC 8461 section 3.3): a fact, or what could not be told; None for a file."""
    where = f"mta-sts.{domain}"

    def broken(what: str, fix: Fix) -> Part:
        said = f"{domain} announces an MTA-STS policy, but {what}. Senders then act as if there were none."
        return Part("MTA-STS", "broken", said, fix, evidence=evidence)

    if isinstance(page, NoPage):
        if not page.fact:
            return Part("MTA-STS", "unclear", f"{where} {page.say}", evidence=evidence)
        return broken(f"{where} {page.say}", _serve(servers, page.kind))
    serve = _file(servers, Policy())
    if page.is_redirect:
        to = clean(page.location or "elsewhere", limit=120)
        return broken(f"its address redirects to {to}, which senders do not follow", serve)
    if page.status != 200:
        return broken(f"its address answers {page.status}", serve)
    if page.cut:
        return broken(f"the file is larger than {limits.MTA_STS_BYTES // 1024} KB", serve)
    if page.unread:
        return Part("MTA-STS", "unclear", f"the policy came packed as {clean(page.encoding)}", evidence=evidence)
    if page.content_type != "text/plain":
        told = f"is {clean(page.content_type, limit=80)}" if page.content_type else "has no type"
        return broken(f"the file {told} and not text/plain", serve)
    return None


def _serve(servers: Servers, kind: str) -> Fix:
    """The file's host does not answer: a certificate, an address, a server."""
    domain = servers.domain
    todo = {
        "tls": f"Give the web server a certificate that names mta-sts.{domain} (most hosts make it by themselves once "
        "the name is added there as a domain).",
        "no-address": f"Where your DNS records are kept, point mta-sts.{domain} at your web host, and add the name "
        "there as a domain.",
    }.get(kind, f"Have the web server answer at https://mta-sts.{domain}.")
    return _file(servers, Policy(), before=f"{todo} ")


def _file(servers: Servers, policy: Policy, before: str = "") -> Fix:
    """The exact text of the policy file, with the servers that there are; a mode that counts stays."""
    domain = servers.domain
    age = policy.max_age or limits.MTA_STS_AGE_ADVISED
    text = written(policy.mode or "testing", servers.hosts or (domain,), age)
    if servers.none_wanted:  # there is no server that a policy could name
        text = written("none", (), age)
    return Fix(
        "steps",
        f"{before}Serve exactly this text, as text/plain and without a redirect, at {policy_url(domain)}:\n{text}"
        f"Then change the id in the TXT record at _mta-sts.{domain}, so that senders read it anew.",
        minutes=30,
        who=_WEB,
        copy=text,
        page=policy_url(domain),
    )
