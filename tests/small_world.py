"""One launch on loopback, of our own servers: its DNS with the zone above, http, https, mail and its registration."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.name
import dns.zone

from launchready_tui.practice.mail import MailServer
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.practice.webserver import Request, Response, WebServer
from tests.certs import Authority
from tests.mail.keys import RSA_2048

HOME = "127.0.0.1"
NS = "ns1.{domain}.", "ns2.{domain}."
SOUND = """@ 60 IN SOA ns1 host 1 3600 600 604800 60
@ 60 IN NS ns1
@ 60 IN NS ns2
ns1 60 IN A 127.0.0.1
ns2 60 IN A 127.0.0.1
@ 60 IN A 127.0.0.1
www 60 IN CNAME @
@ 60 IN MX 1 smtp.google.com.
@ 60 IN TXT "v=spf1 include:_spf.google.com ~all"
_dmarc 60 IN TXT "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{domain}"
google._domainkey 60 IN TXT "v=DKIM1; k=rsa; p={key[0]}" "{key[1]}"
"""
KEY = RSA_2048[:200], RSA_2048[200:]
ABOVE = """@ 60 IN SOA ns.example. host.example. 1 3600 600 604800 60
@ 60 IN NS ns.example.
ns.example. 60 IN A 127.0.0.1
"""
# The mail provider of all these launches, as far as a look asks it.
GOOGLE = """@ 60 IN SOA ns host 1 3600 600 604800 60
@ 60 IN NS ns
ns 60 IN A 127.0.0.1
smtp 60 IN A 127.0.0.1
_spf 60 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
"""


def zone(origin: str, text: str) -> tuple[dns.name.Name, dns.zone.Zone]:
    """A zone in master file form, without its $ORIGIN."""
    name = dns.name.from_text(origin)
    return name, dns.zone.from_text(text, origin=name, relativize=False, check_origin=False)


@dataclass(frozen=True)
class Place:
    """Where it listens. `options` are the words of a command line that looks at it there."""

    domain: str
    dns: int
    http: int
    https: int
    mail: int
    ca: str
    hosts: tuple[str, ...]

    @property
    def options(self) -> list[str]:
        words = ["--private-network", "--resolver", f"{HOME}:{self.dns}", "--dns-port", str(self.dns)]
        words += ["--ca", self.ca, "--rdap", f"http://{HOME}:{self.http}/rdap", "--ct", f"http://{HOME}:{self.http}/ct"]
        for host in self.hosts:
            for port, at in ((80, self.http), (443, self.https)):
                words += ["--connect-to", f"{host}:{port}:{HOME}:{at}"]
        for server in ("smtp.google.com", f"mail.{self.domain}"):
            words += ["--connect-to", f"{server}:25:{HOME}:{self.mail}"]
        return words


def registration(domain: str) -> Response:
    """As RDAP tells it (RFC 9083 section 5.3)."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
    said = {
        "objectClassName": "domain",
        "ldhName": domain,
        "status": ["active", "client transfer prohibited"],
        "events": [{"eventAction": "expiration", "eventDate": f"{end:%Y-%m-%dT%H:%M:%SZ}"}],
        "entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Namecheap, Inc."]]]}],
        "nameservers": [{"ldhName": name.format(domain=domain)} for name in NS],
    }
    return Response(200, (("Content-Type", "application/rdap+json"),), json.dumps(said).encode())


def certificates(names: Sequence[str]) -> Response:
    """As crt.sh lists them: one for all of these names."""
    said = [{"name_value": "\n".join(names), "entry_timestamp": "2026-01-02T03:04:05"}]
    return Response(200, (("Content-Type", "application/json"),), json.dumps(said).encode())


@asynccontextmanager
async def small_world(
    domain: str,
    answer: Callable[[Request], Response],
    folder: Path,
    *,
    records: str = "",
    hosts: Sequence[str] = (),
    zones: dict[str, str] | None = None,
) -> AsyncIterator[Place]:
    """A launch of `domain` whose http and https are `answer`. `records` are added to a sound zone, `hosts` to apex and
    www; `zones` are others of the world."""
    authority = Authority()
    every = (domain, f"www.{domain}", *hosts)

    def web(request: Request) -> Response:
        if request.host != HOME:
            return answer(request)
        return certificates(every) if request.path == "/ct/" else registration(domain)

    held = dict(
        [
            zone(domain, SOUND.format(domain=domain, key=KEY) + records),
            zone("google.com", GOOGLE),
            zone("example", ABOVE + "".join(f"{domain}. 60 IN NS {name.format(domain=domain)}\n" for name in NS)),
            *(zone(origin, text) for origin, text in (zones or {}).items()),
        ]
    )
    tls = authority.server_context(authority.leaf(*every))
    mail = authority.server_context(authority.leaf("smtp.google.com", f"mail.{domain}"))
    async with AsyncExitStack() as stack:
        servers = (Nameserver(held, {}), WebServer(web), WebServer(web, tls), MailServer("smtp", lambda: mail))
        ports: list[int] = []
        for server in servers:
            ports.append(await server.start())
            stack.push_async_callback(server.aclose)
        at_dns, http, https, smtp = ports
        yield Place(domain, at_dns, http, https, smtp, authority.write(folder / "ca.pem"), every)
