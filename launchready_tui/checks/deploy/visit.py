"""What the smoke tests share: a page visited like a person would, tried again where it does not answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.model import Evidence, Finding, Fix, Setting, failed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, NoPage, Page, Reply, Web
from launchready_tui.text import plural

_TRY_AGAIN = ("timeout", "broken")


@dataclass(frozen=True, slots=True)
class Visit:
    """A URL followed, and every answer of its last hop: one, or up to limits.SMOKE_TRIES where it was asked again."""

    chain: Chain
    tries: tuple[Reply, ...]

    @property
    def last(self) -> Reply:
        """The newest answer that is a page that opened; where none is, the newest."""
        opened = (each for each in reversed(self.tries) if isinstance(each, Page) and each.status == 200)
        return next(opened, self.tries[-1])

    @property
    def errors(self) -> int:
        """How many tries ended in a server's own error (5xx)."""
        return sum(isinstance(reply, Page) and reply.status >= 500 for reply in self.tries)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        hops = [Evidence(f"GET {hop.url}", _told(hop)) for hop in self.chain.hops]
        again = [Evidence(f"GET {reply.url}, try {n}", _told(reply)) for n, reply in enumerate(self.tries[1:], 2)]
        return (*hops, *again)


def _told(reply: Reply) -> str:
    if isinstance(reply, NoPage):
        return f"{reply.say} ({reply.reason})" if reply.reason else reply.say
    to = f" -> {reply.header('location')}" if reply.is_redirect else ""
    return f"{reply.status} {reply.content_type or 'no content-type'} in {reply.seconds:.2f} s{to}"


def _again(reply: Reply, slow: float) -> bool:
    if isinstance(reply, NoPage):
        return reply.kind in _TRY_AGAIN
    return reply.status >= 500 or (slow > 0 and reply.seconds > slow)


async def visit(web: Web, url: str, *, slow: float = 0, always: bool = False) -> Visit:
    """Follow `url`; ask its last hop again, twice at most, where it answered 5xx or not at all.

    So too where it took longer than `slow` seconds (0: any time will do): one slow answer may be our own line's fault.
    With `always` a page that opened is asked again too, since one that fails now and then opens now and then.
    """
    chain = await web.follow(url)
    tries = [chain.last]
    if always and isinstance(chain.last, Page) and chain.last.status == 200:
        more = range(2, limits.SMOKE_TRIES + 1)
        tries += await asyncio.gather(*(web.get(chain.last.url, attempt=number) for number in more))
        return Visit(chain, tuple(tries))
    while _again(tries[-1], slow) and len(tries) < limits.SMOKE_TRIES:
        tries.append(await web.get(chain.last.url, attempt=len(tries) + 1))
    return Visit(chain, tuple(tries))


def unreached(project: Project, seen: Visit, what: str) -> Finding | None:
    """The finding where no page came at all: lost on the way, or nobody there. None where the last hop is a page.

    `what` is "The home page". A fault that other checks see as well carries their cause.
    """
    reply, host = seen.last, host_of(seen.last.url)
    if seen.chain.end in ("loop", "too-long", "bad-location"):
        how = {
            "loop": "leads in a circle",
            "too-long": f"leads on and on, past {plural(limits.REDIRECTS, 'redirect')}",
            "bad-location": "sends visitors to an address that is none",
        }[seen.chain.end]
        return failed(
            f"{what} {how}, so browsers give up.",
            Fix(
                "steps",
                f"At your web host and, if you have one, your CDN, look for redirect rules for {host} that contradict "
                "each other, and keep one. At Cloudflare, the SSL mode “Flexible” is the usual reason: set it to Full.",
                minutes=20,
                who="Whoever runs your web host",
            ),
            evidence=seen.evidence,
            subject=host,
            cause=f"canonical:{project.domain}",
        )
    if isinstance(reply, Page):
        return None
    if not (reply.fact and reply.kind in ("refused", "tls", "no-address")):
        tries = f" in {len(seen.tries)} tries" if len(seen.tries) > 1 else ""
        return unknown(
            f"We could not tell: {host} {reply.say}{tries}.",
            needs=let_in(reply),
            evidence=seen.evidence,
            subject=host,
        )
    return failed(
        f"{what} does not open: {host} {reply.say}.",
        _repair(reply, host),
        evidence=seen.evidence,
        subject=host,
        cause={"refused": "site-down", "tls": "certificate", "no-address": "no-address"}[reply.kind] + f":{host}",
    )


def let_in(reply: NoPage) -> str:
    """What would let us see a page that did not come."""
    if reply.kind == "shield":
        return f"a rule at {reply.reason} that lets this computer in, then another look"
    return "another look"


def unread(page: Page, what: str, seen: Visit) -> Finding | None:
    """The finding where a page came packed in a way that we do not unpack; None where there is something to read."""
    if not page.unread:
        return None
    return unknown(
        f"{what} came in a form that we cannot read ({page.encoding or 'cut off'}), though we did not ask for it.",
        needs="another look",
        evidence=seen.evidence,
        subject=host_of(page.url),
    )


def _repair(reply: NoPage, host: str) -> Fix:
    if reply.kind == "tls":
        return Fix(
            "setting",
            f"At your web host, open the page of the domain {host} and renew its certificate. It must cover {host}.",
            minutes=20,
            who="Whoever runs your web host",
            settings=(Setting("certificate.renew", "on"),),
        )
    if reply.kind == "no-address":
        return Fix(
            "steps",
            f"Where your DNS records are kept, add the record for {host} that your web host shows on its page for the "
            "domain (an A record or a CNAME).",
            minutes=10,
            who="Whoever can change the DNS records",
        )
    return Fix(
        "steps",
        f"Nothing listens at {host}. At your web host, look whether the app is running and whether {host} is among its "
        "domains, and start it again.",
        minutes=30,
        who="Whoever runs your web host",
    )
