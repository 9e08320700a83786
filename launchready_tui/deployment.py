"""The deployment map: how traffic and mail reach the product, from shared look-ups and what people told.

Nothing is guessed: a part that did not show stays without a name, and is asked for.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from launchready_tui import known
from launchready_tui.drawing import draw
from launchready_tui.nodes import KINDS, LABELS, SAME_HOST, DeploymentMap, Edge, Node, Seen, build_map
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Found, NoData, values
from launchready_tui.sources.registry import Registration, Registry, registrable
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import listed
from launchready_tui.zone import enclosing, mail_domain

__all__ = ["KINDS", "LABELS", "DeploymentMap", "Edge", "Node", "Seen", "build_map", "draw", "see_parts", "survey"]


async def survey(project: Project, dns: Dns, web: Web, registry: Registry | None, owners: Owners) -> DeploymentMap:
    """Look at each part and draw up the map."""
    return build_map(await see_parts(project, dns, web, registry), owners, project)


async def see_parts(project: Project, dns: Dns, web: Web, registry: Registry | None) -> dict[str, Seen]:
    """What shows of each part. Asks what the checks ask too, so after a look it costs no request."""
    mail = await mail_domain(dns, project.domain)
    registration, servers, mx, txt, site = await asyncio.gather(
        _registrar(project, registry),
        _name_servers(project, dns),
        dns.ask(mail, "MX"),
        dns.ask(mail, "TXT"),
        _site(project, dns, web),
    )
    inbox = _inbox(mail, mx)
    return {
        "registrar": registration,
        "dns": servers,
        **site,
        "inbox": inbox,
        "sender": _sender(project, mail, txt, inbox),
    }


async def _registrar(project: Project, registry: Registry | None) -> Seen:
    answer = await registry.look(project.domain) if registry is not None else None
    return Seen(answer.registrar, "RDAP") if isinstance(answer, Registration) else Seen()


async def _name_servers(project: Project, dns: Dns) -> Seen:
    delegation = await enclosing(dns, project.domain)
    names = values(delegation.parent) or values(await dns.ask(project.domain, "NS"))
    if not names:
        return Seen()
    return Seen(known.dns_host(names) or f"DNS at {registrable(names[0])}", f"NS {project.domain}")


async def _site(project: Project, dns: Dns, web: Web) -> dict[str, Seen]:
    """The CDN, the web host and the API host."""
    home = project.url("home")
    page, host = await _visit(web, home)
    answers = await asyncio.gather(
        *(dns.ask(name, "A") for name in dict.fromkeys((host or project.domain, project.www)))
    )
    network, provider = _hosting(page, answers[0])
    short = {project.domain: "apex", project.www: "www"}
    through = [short.get(answer.name, answer.name) for answer in answers if _through(answer)]
    note = f"on for {listed(through)}" if through else ""
    by = page.url if page is not None else f"A {host or project.domain}"
    found = {
        "cdn": Seen(network, by, note=note) if network else Seen(absent=page is not None, by=by),
        "hosting": Seen(provider, by) if provider else Seen(),
    }
    api = project.url("api")
    if api == "":
        found["api"] = Seen(absent=True, by="you")
    elif api:
        found["api"] = await _api(api, host or project.domain, provider, dns, web)
    return found


async def _visit(web: Web, url: str | None) -> tuple[Page | None, str]:
    """The page on which a URL ends, and its host; without a page the host of the URL itself."""
    if not url:
        return None, ""
    last = (await web.follow(url)).last
    return (last if isinstance(last, Page) else None), _host(last.url)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _aliases(answer: Answer) -> tuple[str, ...]:
    return answer.aliases if isinstance(answer, Found | NoData) else ()


def _through(answer: Answer) -> str:
    return known.cdn(None, values(answer), _aliases(answer))


def _hosting(page: Page | None, answer: Answer) -> tuple[str, str]:
    """The CDN and the web host. Without a known mark the host is the server itself, if nothing stands before it."""
    addresses = (page.address,) if page is not None and page.address else values(answer)
    network = known.cdn(page, addresses, _aliases(answer))
    provider = known.web_host(page, _aliases(answer), addresses)
    if not provider and not network and page is not None and addresses:
        provider = f"server {addresses[0]}"
    return network, provider


async def _api(url: str, home: str, provider: str, dns: Dns, web: Web) -> Seen:
    host = _host(url)
    if host == home:
        return Seen(provider, url, note=SAME_HOST)
    (page, _), answer = await asyncio.gather(_visit(web, url), dns.ask(host, "A"))
    _, own = _hosting(page, answer)  # a shield before it hides the host, so that stays to be told
    return Seen(own, url, note=host) if own else Seen(note=host)


def _inbox(domain: str, answer: Answer) -> Seen:
    """Where mail arrives. The null MX (RFC 7505) says: nowhere. Without any MX it is not known yet."""
    targets = [value.split()[-1].rstrip(".") for value in values(answer) if value.split()]
    named = [target for target in targets if target]
    if named:
        return Seen(known.mail_host(named) or registrable(named[0]), f"MX {domain}")
    return Seen(absent=bool(targets), by=f"MX {domain}")


def _sender(project: Project, domain: str, answer: Answer, inbox: Seen) -> Seen:
    """Who may send, by SPF; a sender that the founder named and SPF does not is marked "?"."""
    record = next((value for value in values(answer) if value.lower().split(" ")[0] == "v=spf1"), "")
    names = list(known.senders(record))
    terms = {term.lstrip("+?~-").partition(":")[0].partition("=")[0].lower() for term in record.split()[1:]}
    if not names and "mx" in terms and inbox.name:
        names = [inbox.name]
    if not names and terms & {"a", "ip4", "ip6"}:
        names = ["a server of your own"]
    listed_names = {name.casefold() for name in names}
    names += [f"? {name}" for name in project.senders if name.casefold() not in listed_names]
    if not names:
        return Seen(absent=terms == {"all"} and record.split()[-1] == "-all", by=f"TXT {domain}")
    return Seen(", ".join(names), f"TXT {domain}")
