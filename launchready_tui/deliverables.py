"""What each stage of the roadmap leaves behind: is it there, and if not, what is missing from it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.answers import Answers
from launchready_tui.model import Finding, Stage, Status
from launchready_tui.text import plural, sentence


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a deliverable, read off checks or off one question's answers in `sound`.

    "sound" wants every check seen and not failing; "whole" that nothing is left to do about it; "seen" only that
    there is something to write down, good or bad.
    """

    words: str
    checks: tuple[str, ...] = ()
    question: str = ""
    sound: frozenset[str] = frozenset()
    want: Literal["sound", "whole", "seen"] = "sound"


@dataclass(frozen=True, slots=True)
class Missing:
    """A piece that is not there, why, and the check or the question to open for it."""

    words: str
    why: str
    check: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Deliverable:
    """What a stage leaves behind. `missing` is empty when it is there."""

    stage: Stage
    text: str
    missing: tuple[Missing, ...] = ()

    @property
    def there(self) -> bool:
        return not self.missing

    @property
    def line(self) -> str:
        """One line: "There." or "Not yet: the redirects (and 2 more things)." """
        if self.there:
            return "There."
        more = len(self.missing) - 1
        rest = f" (and {plural(more, 'more thing')})" if more else ""
        return f"Not yet: {self.missing[0].words}{rest}."


_AUDIT_LOOKS = (
    "audit.domain.registered",
    "audit.domain.expiry",
    "audit.domain.status",
    "audit.dns.inventory",
    "audit.url.single",
    "audit.exposed.files",
    "audit.email.ready",
)

DELIVERABLES: dict[Stage, tuple[str, tuple[Part, ...]]] = {
    Stage.AUDIT: (
        "A list of risks, the worst first, and a map of where the product lives and what points to it.",
        (
            Part("the risk list", _AUDIT_LOOKS, want="seen"),
            Part("the map", ("audit.map.complete",)),
        ),
    ),
    Stage.DNS: (
        "A clean set of DNS records, each with its purpose, and redirects that were tried out.",
        (
            Part(
                "clean records",
                (
                    "audit.dns.inventory",
                    "dns.ns.healthy",
                    "dns.apex.resolves",
                    "dns.www.resolves",
                    "dns.sub.declared",
                    "dns.cname.dangling",
                    "dns.records.legal",
                    "dns.dnssec.sane",
                ),
            ),
            Part("a purpose for every record", ("dns.records.purpose",), want="whole"),
            Part("the subdomain plan", ("dns.sub.declared",), want="seen"),
            Part("redirects that work", ("dns.redirect.canonical", "dns.redirect.hops", "dns.redirect.path")),
        ),
    ),
    Stage.EDGE: (
        "A shield around the product that does not get in the way of signing up and signing in.",
        (
            Part("valid certificates", ("edge.tls.valid", "edge.tls.expiry")),
            Part("https everywhere", ("edge.https.forced", "edge.https.hsts", "edge.https.mixed")),
            Part("the shield", ("edge.cdn.proxied", "edge.headers.security")),
            Part("signup and login that still work", ("dns.entry.reachable", "deploy.smoke.login")),
        ),
    ),
    Stage.DEPLOY: (
        "One written way to put the product live, which another engineer can follow in 10 minutes.",
        (
            Part("the written steps", question="deploy.written", sound=frozenset({"yes"})),
            Part("a document that a second person followed", ("deploy.doc.tenminute",), want="whole"),
            Part("a build that comes out the same each time", ("deploy.build.pinned", "deploy.build.clean")),
            Part("the way back", ("deploy.rollback.rehearsed",)),
            Part("a live product", ("deploy.smoke.home", "deploy.smoke.login", "deploy.smoke.api")),
        ),
    ),
    Stage.PERFORMANCE: (
        "A report of how fast the product is now, with what holds it up.",
        (
            Part("the response times", ("performance.p95.public",), want="seen"),
            Part(
                "what holds it up",
                ("performance.cache.static", "performance.compress.text", "performance.images.size"),
                want="seen",
            ),
        ),
    ),
    Stage.EMAIL: (
        "Mail that arrives, and a dashboard that raises an alert when the product is down.",
        (
            Part("mail servers", ("email.mx.present",)),
            Part("proof that your mail is yours", ("email.spf.single", "email.spf.policy", "email.spf.limits")),
            Part("keys that sign your mail", ("email.dkim.key",)),
            Part("keys that sign it", ("email.dkim.key",)),
            Part("a DMARC record", ("email.dmarc.record", "email.dmarc.policy")),
            Part("resets and invites that arrive", ("email.flow.reset", "email.flow.invite")),
            Part("alerts that reach you", question="alerts.people", sound=frozenset({"alert", "one"})),
        ),
    ),
    Stage.HANDOVER: (
        "A handover with links, who owns which account, the steps back, and what to do next.",
        (
            Part(
                "your own sign-ins", tuple(f"handover.access.{one}" for one in ("registrar", "dns", "hosting", "rest"))
            ),
            Part("an owner for everything", ("handover.owner.primary",)),
            Part("a backup for everything critical", ("handover.owner.backup",)),
            Part("the steps back", ("deploy.rollback.rehearsed", "handover.runbook.rollback")),
            Part("a list of the secrets, without values", ("handover.secrets.inventory",)),
            Part("next actions with a day", ("handover.actions.next",)),
            Part("a file without secrets", ("handover.export.clean",)),
        ),
    ),
}


def _why(part: Part, finding: Finding | None) -> str | None:
    """Why a check's part is missing; None where it is there."""
    if finding is None:
        return "Not looked at yet."
    bad = {"sound": (Status.FAIL, Status.WAITING), "whole": (Status.FAIL, Status.WAITING, Status.WARN), "seen": ()}
    if finding.status is Status.UNKNOWN or finding.status in bad[part.want]:
        return sentence(finding.saw)
    return None


def _missing(part: Part, outcomes: Mapping[str, Finding], answers: Answers) -> Missing | None:
    for id in part.checks:
        why = _why(part, outcomes.get(id))
        if why is not None:
            return Missing(part.words, why, check=id)
    if part.question:
        answer = answers.get(part.question)
        if answer is None:
            return Missing(part.words, "Nobody has said yet.", question=part.question)
        if answer.choice not in part.sound:
            return Missing(part.words, f"{answer.who or 'Somebody'} said that it is not.", question=part.question)
    return None


def deliverable(stage: Stage, outcomes: Mapping[str, Finding], answers: Answers) -> Deliverable:
    """The stage's deliverable as it stands. `outcomes` maps check ids to findings of any stage."""
    text, parts = DELIVERABLES[stage]
    missing = (_missing(part, outcomes, answers) for part in parts)
    return Deliverable(stage, text, tuple(each for each in missing if each is not None))
