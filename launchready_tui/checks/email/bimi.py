"""The logo beside your mail (BIMI draft). Cosmetic: always to know, never a fault, and nothing is fetched whole."""

from __future__ import annotations

import asyncio
import re

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.mail import dmarc
from launchready_tui.mail.bimi import BimiRecord, is_bimi, parse
from launchready_tui.mail.dmarc import Discovery
from launchready_tui.model import Evidence, Finding, Severity, info, unknown
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.sources.web import Page, Reply, Web
from launchready_tui.text import clean, listed
from launchready_tui.zone import mail_domain

_PEEK = 2_048  # bytes of a logo that show what it is: the opening tag, with its profile
_RANGE = (("range", f"bytes=0-{_PEEK - 1}"),)
_TOTAL = re.compile(r"bytes \d+-\d+/(\d{1,12})\Z")


@check(
    "email.bimi.record",
    severity=Severity.LOW,
    title="Your logo beside your mail",
    why="Some inboxes show a logo beside mail that is proved to be yours. It is cosmetic.",
    minutes=30,
)
async def bimi_record(project: Project, dns: Dns, web: Web) -> Finding:
    domain = await mail_domain(dns, project.domain)
    name = f"default._bimi.{domain}"
    answer, policy = await asyncio.gather(dns.ask(name, "TXT"), dmarc.find(dns, domain))
    evidence = [Evidence(f"TXT {name}", tell(answer))]
    if not is_fact(answer):
        return unknown(
            f"We could not ask whether {domain} names a logo for its mail: {tell(answer)}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    found = [value for value in values(answer) if is_bimi(value)]
    near = [value for value in values(answer) if "bimi" in value.lower()]
    if not found and not near:
        return info(
            f"{domain} names no logo for its mail (BIMI). Nobody has to, and it can wait.",
            evidence=evidence,
            subject=domain,
        )
    record = parse((found or near)[0])
    logo = proof = None
    if len(found) == 1 and not record.errors and record.logo:
        pages = [web.get(url, headers=_RANGE, most=_PEEK) for url in (record.logo, record.proof) if url]
        logo, *rest = await asyncio.gather(*pages)
        proof = rest[0] if rest else None
    return judge_bimi(domain, answer, record, len(found), policy, logo, proof)


def _logo_faults(page: Reply) -> tuple[list[str], list[str]]:
    """What is wrong with a logo by its first bytes, and what could not be told of it."""
    if not isinstance(page, Page):
        told = f"the logo’s host {page.say}"
        return ([told], []) if page.fact else ([], [told])
    if page.is_redirect:
        return [], [f"the logo’s address leads on to {clean(page.location or 'elsewhere', limit=100)}"]
    if page.status not in (200, 206):
        return [f"the logo’s address answers {page.status}"], []
    faults = []
    if page.content_type != "image/svg+xml":
        faults.append(f"the logo comes as {clean(page.content_type, limit=60) or 'no type'}, not as image/svg+xml")
    total = _TOTAL.match(page.header("content-range") or "")
    size = int(total[1]) if total else 0
    if size > limits.BIMI_LOGO_BYTES:
        faults.append(f"the logo has {size:,} bytes, and {limits.BIMI_LOGO_BYTES:,} are the most that inboxes take")
    if page.unread:
        return faults, ["the logo came packed"]
    text = page.text
    if "<svg" not in text.lower():
        whole = not page.cut and not total
        said = "the logo does not begin as an SVG file"
        return ([*faults, said], []) if whole or not text.lstrip().startswith("<") else (faults, [said])
    if not re.search(r"baseProfile\s*=\s*[\"']tiny-ps[\"']", text):
        faults.append('the logo is no SVG Tiny PS (baseProfile="tiny-ps")')
    return faults, []


def _proof_faults(page: Reply) -> tuple[list[str], list[str]]:
    if not isinstance(page, Page):
        told = f"the certificate’s host {page.say}"
        return ([told], []) if page.fact else ([], [told])
    if page.is_redirect:
        return [], ["the certificate’s address leads elsewhere"]
    if page.status not in (200, 206):
        return [f"the certificate’s address answers {page.status}"], []
    if not page.unread and "-----BEGIN CERTIFICATE-----" not in page.text:
        return ["what stands at the certificate’s address is no certificate (PEM)"], []
    return [], []


def judge_bimi(
    domain: str,
    answer: Answer,
    record: BimiRecord,
    count: int,
    policy: Discovery,
    logo: Reply | None,
    proof: Reply | None,
) -> Finding:
    """Pure. Present and valid, or present and broken, with every reason; never more than info."""
    evidence = [Evidence(f"TXT default._bimi.{domain}", tell(answer))]
    for page in (logo, proof):
        if page is not None:
            said = f"{page.status} {page.content_type or 'no type'}" if isinstance(page, Page) else page.say
            evidence.append(Evidence(f"GET {page.url} (first {_PEEK:,} bytes)", said))
    evidence += [Evidence("note", warning) for warning in record.warnings]
    faults = [f"there are {count} records, and then none counts"] if count > 1 else []
    faults += [error[0].lower() + error[1:].rstrip(".") for error in record.errors]
    unsure: list[str] = []
    for page, judge in ((logo, _logo_faults), (proof, _proof_faults)):
        if page is not None:
            wrong, open_ = judge(page)
            faults, unsure = faults + wrong, unsure + open_
    if not faults and record.declines:
        return info(f"{domain} says that no logo is to stand beside its mail.", evidence=evidence, subject=domain)
    strict = policy.record.acts_as if policy.record is not None and policy.record.valid else "none"
    if policy.record is None and policy.unsure is not None:
        unsure.append("its DMARC policy")
    elif strict == "none" or (policy.record is not None and policy.record.tags.get("sp") == "none"):
        faults.append("inboxes show it only where the DMARC policy is quarantine or reject, for names below it too")
    facts = [("bimi", record.logo)] if record.logo else []
    if faults:
        return info(
            f"{domain} names a logo for its mail (BIMI), but {listed(faults)}. It is cosmetic and can wait.",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    if unsure:
        return info(
            f"{domain} names a logo for its mail (BIMI). We could not tell of all of it: {listed(unsure)}.",
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    with_proof = "with a certificate for it" if record.proof else "without a certificate, so Gmail does not show it"
    return info(
        f"{domain} names a logo for its mail (BIMI), {with_proof}: {record.logo}",
        evidence=evidence,
        subject=domain,
        facts=facts,
    )
