"""Many launches on loopback, side by side at one name server, one web server and one mail server."""

from __future__ import annotations

import ssl
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launchready_tui.practice.mail import MailServer
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.practice.webserver import Request, Response, WebServer
from launchready_tui.project import Network, Project
from launchready_tui.workspace import Workspace
from tests.certs import Authority
from tests.small_world import ABOVE, GOOGLE, HOME, KEY, NS, SOUND, certificates, registration, zone

PAGE = b"<!doctype html><title>Hub</title><h1>Welcome</h1><a href='/login'>Sign in</a>"


def names(count: int) -> list[str]:
    return [f"d{number:03}.example" for number in range(count)]


@dataclass
class Many:
    """Where they listen. `asked` counts the requests by host."""

    dns: int
    http: int
    https: int
    mail: int
    ca: str
    asked: Counter[str] = field(default_factory=Counter)

    def network(self, domain: str) -> Network:
        hosts = (domain, f"www.{domain}")
        ports = {(host, port): (HOME, at) for host in hosts for port, at in ((80, self.http), (443, self.https))}
        base = f"http://{HOME}:{self.http}/{domain}"
        return Network(
            resolvers=((HOME, self.dns),),
            dns_port=self.dns,
            connect_to={**ports, ("smtp.google.com", 25): (HOME, self.mail)},
            ca=self.ca,
            private=True,
            rdap=f"{base}/rdap",
            ct=f"{base}/ct",
        )

    def fill(self, root: Path, domains: Sequence[str]) -> Workspace:
        """A workspace that holds them, each with its own network."""
        workspace = Workspace(root)
        for domain in domains:
            with workspace.open(domain, create=True) as store:
                store.save_project(Project(domain, subs=(), marker="Welcome", network=self.network(domain)))
        return workspace


@asynccontextmanager
async def many_world(domains: Sequence[str], folder: Path) -> AsyncIterator[Many]:
    """Sound launches of `domains`. Each certificate is made when its name is first asked for."""
    authority = Authority()
    asked: Counter[str] = Counter()
    contexts: dict[str, ssl.SSLContext] = {}

    def web(request: Request) -> Response:
        asked[request.host] += 1
        if request.host != HOME:
            if request.host.startswith("www."):
                return Response(308, (("Location", f"https://{request.host[4:]}{request.target}"),))
            if not request.secure:
                return Response(308, (("Location", f"https://{request.host}{request.target}"),))
            return Response(200, (("Content-Type", "text/html; charset=utf-8"),), PAGE)
        domain, what = request.path.split("/")[1:3]
        return certificates((domain, f"www.{domain}")) if what == "ct" else registration(domain)

    def named(socket: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        domain = (name or domains[0]).removeprefix("www.")
        if domain not in contexts:
            contexts[domain] = authority.server_context(authority.leaf(domain, f"www.{domain}"))
        socket.context = contexts[domain]

    delegated = "".join(f"{domain}. 60 IN NS {name.format(domain=domain)}\n" for domain in domains for name in NS)
    zones = dict([zone(domain, SOUND.format(domain=domain, key=KEY)) for domain in domains])
    zones |= dict([zone("google.com", GOOGLE), zone("example", ABOVE + delegated)])
    tls = authority.server_context(authority.leaf(domains[0]))
    tls.sni_callback = named
    mail = authority.server_context(authority.leaf("smtp.google.com"))
    async with AsyncExitStack() as stack:
        ports: list[int] = []
        servers = (Nameserver(zones, {}), WebServer(web), WebServer(web, tls), MailServer("smtp", lambda: mail))
        for server in servers:
            ports.append(await server.start())
            stack.push_async_callback(server.aclose)
        at_dns, http, https, smtp = ports
        yield Many(at_dns, http, https, smtp, authority.write(folder / "ca.pem"), asked)
