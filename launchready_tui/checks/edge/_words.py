"""What the checks of this stage share: the home page as a visitor ends on it, and the words where there is none."""

from __future__ import annotations

from launchready_tui.model import Evidence, Finding, info, unknown
from launchready_tui.project import Project
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Chain, NoPage, Page, Web

LOOK = "another look"
HOST = "Whoever runs your web host"


async def visited(project: Project, web: Web) -> Chain | None:
    """The home page, followed; None where the founder has none."""
    url = project.url("home")
    return await web.follow(url) if url else None


def shown(chain: Chain) -> Page | None:
    """The page on which a chain ends, whatever its status; None where it ends on none."""
    return chain.last if chain.end == "ok" and isinstance(chain.last, Page) else None


def no_home() -> Finding:
    return info("You said that there is no home page, so there is nothing to look at here.")


def no_page(project: Project, chain: Chain) -> Finding:
    """The home page did not come. Other checks say why; here it is only what keeps us from telling."""
    last, host = chain.last, host_of(chain.last.url) or project.domain
    if isinstance(last, NoPage):
        needs = "a home page that answers" if last.fact else LOOK
        return unknown(f"We could not tell: {host} {last.say}.", needs=needs, evidence=told(chain), subject=host)
    return unknown(
        f"We could not tell: the home page of {host} redirects in a way that leads to no page.",
        needs="a home page that answers",
        evidence=told(chain),
        subject=host,
    )


def told(chain: Chain) -> list[Evidence]:
    """Each hop as evidence: "301 to https://good.example/"."""
    found = []
    for hop in chain.hops:
        if isinstance(hop, NoPage):
            found.append(Evidence(f"GET {hop.url}", f"{hop.say} ({hop.reason})" if hop.reason else hop.say))
        else:
            to = f" to {hop.location or 'an address that leads nowhere'}" if hop.is_redirect else ""
            found.append(Evidence(f"GET {hop.url}", f"{hop.status}{to}"))
    return found
