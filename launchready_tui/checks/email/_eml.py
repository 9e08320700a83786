"""What the checks of messages share: which count, how they are named, and when there is nothing to send."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.mail.dmarc_own import named
from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.model import Evidence, Finding, Status
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.proofs import Proof
from launchready_tui.senders import declared
from launchready_tui.sources.dns import Dns, values
from launchready_tui.zone import mail_domain

WHO = "Whoever runs your mail sender"
HOW_TO_SAVE = (
    "Ask your product for a password reset or an invite at an inbox of yours, and save what arrives, whole. "
    "Gmail (in a browser): open it, ⋮, “Show original”, “Download original”. "
    "Outlook (on the web): open it, …, “Save as” or “Download”, which gives an .eml. "
    "Apple Mail: select it, File, “Save As”, format “Raw Message Source”. "
    "Then add the file in the wizard on the stage Email, or give it along: --eml FILE."
)
_ORDER = (Status.FAIL, Status.UNKNOWN, Status.WARN, Status.PASS, Status.INFO)


def of_each_kind(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """The newest message of each kind; `proofs` come the newest first."""
    newest: dict[str, Proof] = {}
    for proof in proofs:
        newest.setdefault(proof.kind, proof)
    return tuple(newest.values())


def titled(proof: Proof) -> str:
    """A message in a sentence: "The password reset of 3 Nov 2026". Never by its subject, which may hold names and
    codes: findings are handed on."""
    return f"The {named(proof)}"


def proof_evidence(proof: Proof, *parts: str) -> list[Evidence]:
    """What was found in the message: its signatures, the delivering address, what the receiver recorded."""
    out: list[Evidence] = []
    if "dkim" in parts:
        for one in proof.dkim:
            source = f"DKIM {one.selector}._domainkey.{one.domain}"
            out.append(Evidence(source, f"{one.result}: {one.reason}"))
        if not proof.dkim:
            out.append(Evidence("DKIM", "no signature"))
    if "spf" in parts:
        spf = proof.spf
        by = {"us": "checked now", "receiver": f"recorded by {proof.receiver}", "": spf.reason}[spf.by]
        out.append(
            Evidence(f"SPF {spf.domain}", f"{spf.result or 'could not tell'} for {spf.ip or 'no address'} ({by})")
        )
    if "dmarc" in parts:
        out.append(Evidence("From", proof.from_domain or "no domain"))
        out += [Evidence(f"recorded by {proof.receiver}", f"{one.method}={one.result}") for one in proof.recorded[:8]]
        if proof.arc:
            out.append(Evidence("ARC", f"{proof.arc}, sealed by {', '.join(proof.sealers)}"))
    return out


def worst(findings: Sequence[Finding]) -> Finding:
    """The finding that matters most, with the evidence of all: a fault comes before a doubt, a doubt before a pass."""
    if len(findings) == 1:
        return findings[0]
    first = min(findings, key=lambda finding: _ORDER.index(finding.status))
    others = [one for one in findings if one is not first]
    return replace(
        first, evidence=(*first.evidence, *(Evidence("also", one.saw) for one in others))[: limits.EVIDENCE_LINES]
    )


async def sends_nothing(project: Project, dns: Dns, answers: Answers, owners: Owners) -> str:
    """Why these checks do not apply, "" where they do: nothing sends mail, by word or by the records themselves."""
    if "sender" in project.absent or owners.get("sender").absent:
        return "You said that nothing sends mail from this product."
    said = declared(answers)
    if said is not None and said.nobody:
        return f"{said.who or 'Somebody'} said that this domain sends no mail."
    domain = await mail_domain(dns, project.domain)
    mx, txt = await asyncio.gather(dns.ask(domain, "MX"), dns.ask(domain, "TXT"))
    null = [value.split()[-1] for value in values(mx)] == ["."]
    records = [parse(value) for value in values(txt) if is_spf(value)]
    if null and len(records) == 1 and records[0].all == "-" and len(records[0].terms) == 1:
        return f"The records of {domain} say that it neither takes nor sends mail (MX “0 .”, “v=spf1 -all”)."
    return ""
