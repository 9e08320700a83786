"""What the founder's own messages prove: signed, carrying the name, leading to the right place.

Judged are the messages on file (or `--eml`), the newest of each kind: a DNS line says what should be, a message says
what is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._content import judge_content
from launchready_tui.checks.email._eml import (
    HOW_TO_SAVE,
    WHO,
    of_each_kind,
    proof_evidence,
    sends_nothing,
    titled,
    worst,
)
from launchready_tui.checks.email._links import QUESTION as LINKS
from launchready_tui.mail.verdict import undecided
from launchready_tui.model import Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.proofs import Proof
from launchready_tui.senders import declared
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.message import Messages
from launchready_tui.text import listed


@check(
    "email.eml.dkim",
    severity=Severity.HIGH,
    title="Your mail is signed",
    why="A DNS line says that mail should be signed. Only a real message shows that yours is.",
    minutes=30,
)
async def eml_dkim(project: Project, dns: Dns, answers: Answers, owners: Owners, messages: Messages | None) -> Finding:
    return await _look(project, dns, answers, owners, messages, lambda proof: judge_dkim(proof, _panel(answers)))


@check(
    "email.eml.aligned",
    severity=Severity.CRITICAL,
    title="Your mail carries your name",
    why="Inboxes count a proof only when it carries the name in From. Without one, resets and invites go to spam.",
    minutes=30,
)
async def eml_aligned(
    project: Project, dns: Dns, answers: Answers, owners: Owners, messages: Messages | None
) -> Finding:
    return await _look(project, dns, answers, owners, messages, lambda proof: judge_aligned(proof, _panel(answers)))


@check(
    "email.eml.content",
    severity=Severity.HIGH,
    title="The links in your mail lead to your site",
    why="A reset button that leads to a developer's machine, or comes after ten minutes, helps nobody.",
    minutes=20,
    question=LINKS,
)
async def eml_content(
    project: Project, dns: Dns, answers: Answers, owners: Owners, messages: Messages | None
) -> Finding:
    return await _look(project, dns, answers, owners, messages, lambda proof: judge_content(proof, project))


async def _look(
    project: Project,
    dns: Dns,
    answers: Answers,
    owners: Owners,
    messages: Messages | None,
    judge: Callable[[Proof], Finding],
) -> Finding:
    if why := await sends_nothing(project, dns, answers, owners):
        return info(why)
    if messages is None or not messages.stored:
        finding = unknown(
            "There is no message of yours on file, so nobody can see what your mail proves.",
            needs="a message that your product sent, saved as a file",
        )
        return replace(finding, fix=Fix("steps", HOW_TO_SAVE, minutes=5, who="Anyone who gets your product's mail"))
    newest = of_each_kind(await messages.proofs())
    return worst([judge(proof) for proof in newest])


def _panel(answers: Answers) -> str:
    """Where the senders that were named have their domain settings."""
    named = declared(answers)
    guides = named.guides[:3] if named is not None else ()
    return " ".join(f"At {guide.name}: {guide.path}." for guide in guides)


# ---- signed ----


def judge_dkim(proof: Proof, panel: str = "") -> Finding:
    """One message. A signature that carries the name passes; one of somebody else's is a warning (RFC 6376)."""
    about, evidence = titled(proof), proof_evidence(proof, "dkim")
    cause = f"dkim:{proof.from_domain}"
    good = [one for one in proof.dkim if one.result == "pass"]
    own = next((one for one in good if one.aligned), None)
    if own is not None and proof.ours is not False:
        return passed(
            f"{about} carries a good signature of {own.domain} (key {own.selector}).",
            evidence=evidence,
            subject=own.domain,
            facts=[("selector", own.selector), ("domain", own.domain)],
        )
    open_ = [one for one in proof.dkim if one.aligned is not False and undecided(one, proof)]
    if open_:
        return unknown(
            f"We could not check the signature of {about[0].lower()}{about[1:]}. {open_[0].reason}",
            needs=proof.needs or "a message that was sent today",
            evidence=evidence,
            subject=proof.from_domain,
        )
    fix = _sign(proof, panel)
    if good:
        signers = listed(tuple(dict.fromkeys(one.domain for one in good)))
        saw = f"{about} is signed by {signers} only, and not by your own domain."
        return warned(saw, fix, evidence=evidence, subject=proof.from_domain, cause=cause)
    if not proof.dkim:
        if not proof.hops:
            saw = f"{about} never went through a mail server: it is a draft, or the copy in your Sent folder."
            return unknown(saw, needs="the message as it arrived in an inbox", evidence=evidence)
        saw = f"{about} carries no signature."
    else:
        saw = f"{about} carries no signature that counts. {proof.dkim[0].reason}"
        altered = next((one for one in proof.dkim if one.altered), None)
        if altered is not None:
            saw = f"{about} was changed after {altered.domain} signed it. {altered.reason}"
            fix = _unaltered(proof)
    return failed(saw, fix, evidence=evidence, subject=proof.from_domain, cause=cause)


def _sign(proof: Proof, panel: str) -> Fix:
    domain = proof.from_domain or "your domain"
    where = panel or "That is under “Domains” or “Sender authentication”."
    bare = not proof.dkim  # a sender with a switch for it can be told to sign
    return Fix(
        "setting" if bare else "steps",
        f"At the service that sends this mail, set up your own domain, {domain}. {where} It shows two or three DNS "
        "records, the key of its signature (DKIM) among them. Add them where your DNS is kept and wait until it shows "
        "them as verified; then send yourself the mail again and add it here.",
        minutes=30,
        who=WHO,
        settings=(Setting("mail.signing", "on"),) if bare else (),
    )


def _unaltered(proof: Proof) -> Fix:
    through = f"It came through {proof.mailing_list}; send it to an inbox directly." if proof.mailing_list else (
        "If it was forwarded, or a mail filter adds a footer, send it to a Gmail address directly."
    )  # fmt: skip
    return Fix(
        "steps",
        f"Send the mail again and save the original: in Gmail “Show original”, then “Download original”. {through} If "
        "the fresh one was changed too, something between your app and the inbox (a relay, a footer, a virus scanner) "
        "changes mail after it is signed: let the last server that touches it sign.",
        minutes=30,
        who=WHO,
    )


# ---- carrying the name ----


def judge_aligned(proof: Proof, panel: str = "") -> Finding:
    """One message: does a passing signature, or a passing sender list, share the name in From? (RFC 9989, 4.4)"""
    about, evidence = titled(proof), proof_evidence(proof, "dkim", "spf", "dmarc")
    if proof.aligned:
        return passed(
            f"{about} proves that it is yours. {proof.notes[0] if proof.notes else ''}".rstrip(),
            evidence=evidence,
            subject=proof.from_domain,
        )
    if proof.aligned is None:
        return unknown(
            proof.sentence.replace("this message", f"{about[0].lower()}{about[1:]}", 1),
            needs=proof.needs or "a message that was sent today",
            evidence=evidence,
            subject=proof.from_domain,
        )
    return failed(
        proof.sentence.replace("This message", about, 1),
        _carry(proof, panel),
        evidence=evidence,
        subject=proof.from_domain,
        cause=f"dkim:{proof.from_domain}",
    )


def _carry(proof: Proof, panel: str) -> Fix:
    if proof.ours is False or not proof.from_domain:
        return Fix(
            "steps",
            "In your app, and at the service that sends its mail, set From to an address of your own domain, such as "
            "hello@ followed by the domain. Then set up that domain there, so that it signs in your name."
            + (f" {panel}" if panel else ""),
            minutes=30,
            who=WHO,
        )
    if any(one.altered for one in proof.dkim):
        return _unaltered(proof)
    return _sign(proof, panel)
