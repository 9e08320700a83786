"""Where a message's links lead, how long it took, and whether a mailing lets go with one click (RFC 8058). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.checks.email._eml import titled
from launchready_tui.checks.email._links import QUESTION as LINKS
from launchready_tui.model import Evidence, Finding, Fix, Setting, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.proofs import Link, Proof
from launchready_tui.text import plural

_SAID = {
    "here": "leads to somebody's own machine",
    "preview": "leads to a preview of the site",
    "http": "is not encrypted (http)",
    "tracking": "goes to a counter of your sender first",
    "other": "leads to a host that is not yours",
}


def judge_content(proof: Proof, project: Project) -> Finding:
    """One message: where its links lead, how long it took, and whether a mailing lets go with one click (RFC 8058)."""
    about = titled(proof)
    evidence = [Evidence(f"link: {_SAID[link.fault]}" if link.fault else "link", link.url) for link in proof.links[:30]]
    if proof.delay is not None:
        evidence.append(Evidence("Date to the last Received", f"{proof.delay:.0f} s"))
    bad = [link for link in proof.links if link.fault in ("here", "preview")]
    late = proof.delay is not None and proof.delay > limits.MAIL_DELAY_FAIL
    if bad or late:
        saw = f"{about}: {_led(bad)}" if bad else f"{about} took {_minutes(proof.delay)} to arrive."
        return failed(saw, _mend(proof, bad, project), evidence=evidence, subject=proof.from_domain)
    odd = [link for link in proof.links if link.fault]
    slow = proof.delay is not None and proof.delay > limits.MAIL_DELAY_SOUND
    held = proof.bulk and not (proof.list_unsubscribe and proof.one_click)
    if odd or slow or held:
        said = [_led(odd)] if odd else []
        said += [f"It took {_minutes(proof.delay)} to arrive (aim: 2 minutes)."] if slow else []
        said += ["It is a mailing to many, and nobody can leave it with one click."] if held else []
        finding = warned(
            f"{about}: {said[0]}",
            _mend(proof, odd, project),
            evidence=[*evidence, *(Evidence("also", more) for more in said[1:])],
            subject=proof.from_domain,
        )
        asks = any(link.fault == "other" for link in odd)
        return replace(finding, question=LINKS) if asks else finding
    if proof.delay is None:
        why = "the clocks on its way disagree" if proof.skewed else "it does not say when it was sent and taken"
        return unknown(
            f"{about}: its links are sound, and we could not tell how long it took: {why}.",
            needs="the message as it arrived in an inbox",
            evidence=evidence,
            subject=proof.from_domain,
        )
    where = f"{plural(len(proof.links), 'link')} to your own hosts" if proof.links else "no link"
    return passed(
        f"{about} has {where}, and took {_minutes(proof.delay)} to arrive.",
        evidence=evidence,
        subject=proof.from_domain,
    )


def _led(links: list[Link]) -> str:
    worst_ = links[0]
    more = f" {len(links) - 1} more are like it." if len(links) > 1 else ""
    return f"its link to {worst_.host or 'nowhere'} {_SAID[worst_.fault]}.{more}"


def _minutes(seconds: float | None) -> str:
    total = round(seconds or 0)
    return plural(total, "second") if total < 120 else f"{total // 60} minutes"


def _mend(proof: Proof, links: Iterable[Link], project: Project) -> Fix:
    says: list[str] = []
    faults = [link.fault for link in links]
    home = project.url("home") or f"https://{project.domain}/"
    if {"here", "preview", "http"} & set(faults):
        says.append(
            "In the app's settings on the live server, set the address that mails link to (often APP_URL or BASE_URL) "
            f"to {home.rstrip('/')}, release, and send yourself the mail again."
        )
    if "tracking" in faults:
        says.append(
            "At your sender, set up a tracking domain of your own (a CNAME such as links.your domain), or switch the "
            "counting of clicks off for resets and invites."
        )
    if "other" in faults:
        says.append("If these other hosts are yours, or meant to be there, say so (a); if not, take the links out.")
    if proof.delay is not None and proof.delay > limits.MAIL_DELAY_SOUND:
        timed = [hop for hop in proof.hops if hop.seconds is not None]
        slowest = max(timed, key=lambda hop: hop.seconds or 0, default=None)
        where = f" Most of it was spent before {slowest.by}." if slowest is not None and slowest.by else ""
        says.append(
            "Ask whoever runs the app why mail waits: a queue that a worker empties now and then, or a sender that "
            f"holds back a new account.{where}"
        )
    if proof.bulk and not (proof.list_unsubscribe and proof.one_click):
        says.append(
            "At your sender, switch on one-click unsubscribe: the mail then carries List-Unsubscribe with an https "
            "address, and List-Unsubscribe-Post: List-Unsubscribe=One-Click."
        )
    here = "here" in faults  # a product with a setting for it can be told its own address
    settings = (Setting("mail.links", urlsplit(home).hostname or project.domain),) if here else ()
    return Fix("setting" if here else "steps", " ".join(says), 20, "Whoever builds the app", settings=settings)
