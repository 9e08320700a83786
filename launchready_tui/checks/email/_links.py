"""Where the links of a message lead: to the founder's site, somebody's own machine, a preview, elsewhere. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.answers import Answers
from launchready_tui.checks.dns.previews import platform_of
from launchready_tui.domain import registrable
from launchready_tui.known import name_marks
from launchready_tui.project import Project
from launchready_tui.proofs import Link
from launchready_tui.sources.address import is_public

QUESTION = "email.links"
# Names that exist on one machine or one network only (RFC 6761, RFC 6762, RFC 9476), and tunnels to a developer's own.
_HERE = ("localhost", "local", "test", "invalid", "internal", "lan", "home", "alt")
_TUNNELS = name_marks(
    (
        *("ngrok.io", "ngrok.app", "ngrok-free.app", "ngrok.dev", "trycloudflare.com", "loca.lt", "localtunnel.me"),
        *("serveo.net", "devtunnels.ms", "app.github.dev", "gitpod.io", "nip.io", "sslip.io", "lvh.me"),
    )
)
# Where senders count clicks, when no domain of the founder's own is set up for it; each one's help pages, Nov 2026.
_COUNTERS = name_marks(
    (
        *("sendgrid.net", "list-manage.com", "mandrillapp.com", "pstmrk.it", "mailgun.org", "mjt.lu", "awstrack.me"),
        *("customeriomail.com", "customer.io", "vialoops.com", "loops.so", "resend-clicks.com", "klclick.com"),
        *("sendibm*.com", "sendibt*.com", "brevo.com", "hubspotlinks.com", "intercom-clicks.com", "createsend*.com"),
        *("cmail*.com", "acemlna.com", "activehosted.com", "convertkit-mail*.com", "sparkpostmail.com", "mlsend.com"),
    )
)
_TRIAL = frozenset({"staging", "stage", "stg", "dev", "develop", "preview", "test", "testing", "qa", "uat", "sandbox"})
_LABEL = re.compile(r"[a-z0-9_-]+")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


def declared_hosts(answers: Answers | None) -> tuple[str, ...]:
    """The hosts that a person said their mail may link to beside their own."""
    answer = answers.get(QUESTION) if answers is not None else None
    if answer is None or answer.choice != "these":
        return ()
    words = (word.lower().rstrip(".") for word in re.split(r"[,;\s]+", answer.fields.get("hosts", "")) if word)
    hosts = ((urlsplit(word).hostname or "") if "://" in word else word.partition("/")[0] for word in words)
    return tuple(host for host in hosts if _HOST.fullmatch(host))


def judge_links(links: tuple[Link, ...], project: Project, answers: Answers | None = None) -> tuple[Link, ...]:
    """Each link with its fault, "" for a sound one; the worst of several counts."""
    declared = declared_hosts(answers)
    return tuple(replace(link, fault=_fault(link, project, declared)) for link in links)


def _fault(
    link: Link, project: Project, declared: tuple[str, ...]
) -> Literal["", "here", "preview", "http", "tracking", "other"]:
    host = link.host
    own = own_host(host, project)
    if not own and _is_here(host):
        return "here"
    if _is_preview(host, project):
        return "preview"
    if link.url.lower().startswith("http://"):
        return "http"
    if own or any(host == one or host.endswith(f".{one}") for one in declared):
        return ""
    return "tracking" if any(mark.fits(host) for mark in _COUNTERS) else "other"


def own_host(host: str, project: Project) -> bool:
    """Is it under the founder's registered name, or a host of an address that the founder gave?"""
    home = registrable(project.domain) if project.domain else ""
    given = {urlsplit(url).hostname for kind, url in project.urls.items() if url and kind != "preview"}
    return bool(home) and (host == home or host.endswith(f".{home}") or host in given)


def _is_here(host: str) -> bool:
    """A name or an address that means something on one machine or one network only."""
    plain = host.strip("[]")
    try:
        ipaddress.ip_address(plain)
    except ValueError:
        return (
            _LABEL.fullmatch(host) is not None
            or host.rpartition(".")[2] in _HERE
            or any(mark.fits(host) for mark in _TUNNELS)
        )
    return not is_public(plain)


def _is_preview(host: str, project: Project) -> bool:
    given = {urlsplit(url).hostname for kind, url in project.urls.items() if url and kind != "preview"}
    if host in given:
        return False
    preview = project.url("preview")
    if preview and urlsplit(preview).hostname == host:
        return True
    if platform_of(host) is not None:
        return True
    sub = host.removesuffix(f".{registrable(project.domain)}") if project.domain else host
    label = sub.split(".")[0]
    return sub != host and label in _TRIAL and sub not in (project.subs or ())
