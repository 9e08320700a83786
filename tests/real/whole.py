"""One small internet on loopback: Knot as resolver, registry and name servers, nginx with http and https, postfix."""

from __future__ import annotations

import datetime as dt
import json
import os
import pwd
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode

from tests.certs import Authority, Leaf
from tests.mail.letters import fresh
from tests.real.servers import free_port, require, running
from tests.real.test_postfix import LISTEN, MAIN, SERVICES, _end_master

WORLD, FIRST, SECOND, ABOVE = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
SITE = "127.0.0.9"  # as the DNS has it; where it is met says --connect-to
HOME = """<!doctype html><title>Maple Club</title><h1>Maple Club</h1><p>A club for people who like maples and who meet
every week to talk about them.</p><img src="/leaf.png" width="10" height="10" alt="a leaf">
<p><a href="/login">Log in</a> <a href="/signup">Sign up</a></p>"""
FORM = """<!doctype html><title>Maple Club</title><h1>Welcome</h1><form action="{path}" method="post">
<input type="email" name="email"><input type="password" name="password"><button>Go on</button></form>"""
DRAWN = '<!doctype html><title>Maple Club</title><div id="root"></div><script src="/app.js"></script>'
SECURITY = (
    'Strict-Transport-Security "max-age=31536000"',
    "Content-Security-Policy \"default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'\"",
    'X-Content-Type-Options "nosniff"',
    'X-Frame-Options "DENY"',
    'Referrer-Policy "strict-origin-when-cross-origin"',
    'CF-Ray "8f1c-FRA"',
)


@dataclass(frozen=True)
class Site:
    """How one domain differs from a sound one. `plain` and `secure` are nginx directives, `records` replace or take
    away (None) lines of the sound zone, `leaf` is (names, days left, incomplete)."""

    home: str = HOME
    login: str = FORM.format(path="/login")
    plain: str = "location / { return 301 https://$host$request_uri; }"
    secure: str = ""
    records: Mapping[str, str | None] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    days: int = 80
    incomplete: bool = False
    second_serves: bool = True
    subs: tuple[str, ...] = ()
    www: str = "return 301 https://{domain}$request_uri;"
    headers: tuple[str, ...] = SECURITY
    other_issuer: bool = False
    name_servers: tuple[str, str] = ("ns1", "ns2")


def zone_of(domain: str, site: Site) -> str:
    """The zone in master file form."""
    records: dict[str, str | None] = {
        "soa": f"@ 60 IN SOA ns1.{domain}. host.{domain}. 1 3600 600 604800 60",
        "ns": f"@ 60 IN NS ns1.{domain}.\n@ 60 IN NS ns2.{domain}.\nns1 60 IN A {FIRST}\nns2 60 IN A {SECOND}",
        "apex": f"@ 60 IN A {SITE}",
        "www": f"www 60 IN CNAME {domain}.",
        "mail": "@ 60 IN MX 10 mail\n@ 60 IN MX 20 mail2\nmail 60 IN A 127.0.0.9\nmail2 60 IN A 127.0.0.9",
        "spf": '@ 60 IN TXT "v=spf1 mx -all"',
        "dkim": fresh(domain)[1].rstrip(),
        "dmarc": f'_dmarc 60 IN TXT "v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@{domain}"',
        **site.records,
    }
    return f"$ORIGIN {domain}.\n" + "".join(f"{text}\n" for text in records.values() if text)


def above_of(domains: Mapping[str, Site]) -> str:
    """The zone "example": a delegation with glue for each domain."""
    lines = ["@ 60 IN SOA ns.example. host.example. 1 3600 600 604800 60", "@ 60 IN NS ns.example."]
    lines += [f"ns 60 IN A {ABOVE}", "elsewhere 60 IN TXT here"]
    for domain, site in domains.items():
        one, two = site.name_servers
        for server, address in ((f"{one}.{domain}.", FIRST), (f"{two}.{domain}.", SECOND)):
            lines += [f"{domain}. 60 IN NS {server}", f"{server} 60 IN A {address}"]
    return "$ORIGIN example.\n" + "\n".join(lines) + "\n"


@dataclass(frozen=True)
class World:
    """Where everything listens. `options(domain)` are the words of a command line that looks at it there."""

    dns: int
    http: int
    https: int
    mail: int
    ca: str
    sites: Mapping[str, Site]

    def options(self, domain: str) -> list[str]:
        words = ["--private-network", "--resolver", f"{WORLD}:{self.dns}", "--dns-port", str(self.dns)]
        words += [
            "--ca",
            self.ca,
            "--rdap",
            f"http://{WORLD}:{self.http}/rdap",
            "--ct",
            f"http://{WORLD}:{self.http}/ct",
        ]
        for host in (domain, f"www.{domain}", *(f"{sub}.{domain}" for sub in self.sites[domain].subs)):
            for port, at in ((80, self.http), (443, self.https)):
                words += ["--connect-to", f"{host}:{port}:{WORLD}:{at}"]
        for host in (f"mail.{domain}", f"mail2.{domain}"):
            words += ["--connect-to", f"{host}:25:{WORLD}:{self.mail}"]
        for sub in self.sites[domain].subs:
            words += ["--sub", sub]
        words += ["--url", f"login=https://{domain}/login", "--url", f"signup=https://{domain}/signup"]
        return [*words, "--url", "api=none"]


@asynccontextmanager
async def whole(sites: Mapping[str, Site], *, mail: bool = True) -> AsyncIterator[World]:
    """All servers, up (without `mail` no postfix). They end by their pids when this is left."""
    require("knotd", "nginx", *(["postfix"] if mail else []))
    # postfix and nginx walk down to their folders as other users, whom a private folder shuts out.
    top = Path(tempfile.mkdtemp(prefix="launchready-whole-"))
    top.chmod(0o755)
    try:
        authority, other = Authority(), Authority("Another Root")
        ca = top / "ca.pem"
        ca.write_text(authority.pem + other.pem)
        world = World(free_port(), free_port(), free_port(), free_port(), str(ca), sites)
        async with AsyncExitStack() as stack:
            every = {domain: zone_of(domain, site) for domain, site in sites.items()}
            second = {domain: text for domain, text in every.items() if sites[domain].second_serves}
            above = {"example": above_of(sites)}
            for name, listen, zones in (
                ("world", (WORLD, FIRST), {**above, **every}),
                ("second", (SECOND,), second),
                ("above", (ABOVE,), above),
            ):
                await stack.enter_async_context(knot(top / name, listen, world.dns, zones))
            await stack.enter_async_context(nginx(top / "nginx", world, authority, other))
            if mail:
                await stack.enter_async_context(postfix(top / "postfix", world, authority))
            yield world
    finally:
        shutil.rmtree(top, ignore_errors=True)


async def _serves(listen: tuple[str, ...], port: int, zones: list[str]) -> bool:
    for address in listen:
        for zone in zones:
            try:
                asking = dns.message.make_query(f"{zone}.", "SOA")
                answer = await dns.asyncquery.udp(asking, address, timeout=0.2, port=port)
            except (OSError, dns.exception.DNSException):
                return False
            if answer.rcode() != dns.rcode.NOERROR or not answer.answer:
                return False
    return True


@asynccontextmanager
async def knot(folder: Path, listen: tuple[str, ...], port: int, zones: Mapping[str, str]) -> AsyncIterator[None]:
    folder.mkdir()
    where = ", ".join(f"{address}@{port}" for address in listen)
    config = [
        f"server:\n  rundir: {folder}\n  listen: [{where}]\n  udp-workers: 1\n  tcp-workers: 1",
        f"database:\n  storage: {folder}/db\nlog:\n  - target: stderr\n    any: warning\nzone:",
    ]
    for zone, text in zones.items():
        file = folder / f"{zone}.zone"
        file.write_text(text)
        config.append(f"  - domain: {zone}\n    file: {file}\n    zonefile-sync: -1\n    journal-content: none")
    (folder / "knot.conf").write_text("\n".join(config) + "\n")
    ready = partial(_serves, listen, port, list(zones))
    async with running(["knotd", "-c", str(folder / "knot.conf")], ready=ready, cwd=folder):
        yield


NGINX = """
{user} daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; server_names_hash_bucket_size 128;
  types {{ image/png png; text/javascript js; application/rdap+json json; }}
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fast; uwsgi_temp_path uw; scgi_temp_path scgi;
  gzip on; gzip_min_length 1; gzip_types text/html text/javascript;
  server {{ listen 127.0.0.1:{http} default_server; server_name _; return 404; }}
  server {{ listen 127.0.0.1:{http}; server_name 127.0.0.1; root registry; index index.json; }}
  {servers}
}}
"""
SERVER = """
  server {{ listen 127.0.0.1:{http}; server_name {domain} www.{domain}; root sites/{domain}; {plain} }}
  server {{ listen 127.0.0.1:{https} ssl; server_name www.{domain}; {keys} {headers}
    {www} }}
  server {{ listen 127.0.0.1:{https} ssl; server_name {domain}; {keys} {headers} root sites/{domain};
    location ~ ^/(login|signup)$ {{ try_files $uri.html =404; }} {secure} }}
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000a0000000a08000000008d0e9d3d0000000e4944415478da63f80f050cc3400000d2e263"
)


@asynccontextmanager
async def nginx(folder: Path, world: World, authority: Authority, other: Authority) -> AsyncIterator[None]:
    servers = ""
    (folder / "registry/rdap/domain").mkdir(parents=True)
    (folder / "registry/ct").mkdir()
    (folder / "registry/ct/index.json").write_text("[]")
    for domain, site in world.sites.items():
        root = folder / "sites" / domain
        root.mkdir(parents=True)
        (root / "index.html").write_text(site.home)
        (root / "login.html").write_text(site.login)
        (root / "signup.html").write_text(FORM.format(path="/signup"))
        (root / "leaf.png").write_bytes(PNG)
        (root / "app.js").write_text("document.title = 'Maple Club';\n")
        (folder / f"registry/rdap/domain/{domain}").write_text(json.dumps(registration(domain)))
        leaf = leaf_of(domain, site, other if site.other_issuer else authority)
        (folder / f"{domain}.pem").write_text(leaf.pem if site.incomplete else leaf.chain_pem)
        (folder / f"{domain}.key").write_text(leaf.key_pem)
        servers += SERVER.format(
            http=world.http,
            https=world.https,
            domain=domain,
            keys=f"ssl_certificate {folder}/{domain}.pem; ssl_certificate_key {folder}/{domain}.key;",
            headers=" ".join(f"add_header {header} always;" for header in site.headers),
            www=site.www.format(domain=domain),
            plain=site.plain,
            secure=site.secure,
        )
    user = "user root;" if os.geteuid() == 0 else ""
    text = NGINX.format(user=user, http=world.http, servers=servers)
    (folder / "nginx.conf").write_text(text)
    async with running(["nginx", "-p", str(folder), "-c", "nginx.conf"], ready=world.https, cwd=folder):
        yield


def leaf_of(domain: str, site: Site, authority: Authority) -> Leaf:
    now = dt.datetime.now(dt.UTC)
    names = site.names or (domain, f"www.{domain}", *(f"{sub}.{domain}" for sub in site.subs))
    end = now + dt.timedelta(days=site.days)
    return authority.leaf(*names, not_before=end - dt.timedelta(days=90), not_after=end)


def registration(domain: str) -> dict[str, object]:
    """As RDAP tells it (RFC 9083 section 5.3)."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
    return {
        "objectClassName": "domain",
        "ldhName": domain,
        "status": ["active", "client transfer prohibited"],
        "events": [{"eventAction": "expiration", "eventDate": f"{end:%Y-%m-%dT%H:%M:%SZ}"}],
        "entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Good Names Ltd"]]]}],
        "nameservers": [{"ldhName": f"ns1.{domain}"}, {"ldhName": f"ns2.{domain}"}],
    }


@asynccontextmanager
async def postfix(folder: Path, world: World, authority: Authority) -> AsyncIterator[None]:
    """One smtpd for the mail servers of all domains."""
    owner = pwd.getpwnam("postfix")
    for name in ("etc", "queue", "data", "log"):
        (folder / name).mkdir(parents=True, mode=0o755)
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    leaf = authority.leaf(*(f"{label}.{domain}" for domain in world.sites for label in ("mail", "mail2")))
    pem = folder / "etc/mail.pem"
    pem.write_text(leaf.key_pem + leaf.chain_pem)
    pem.chmod(0o600)
    line = LISTEN.format(port=world.mail, level="may", more=f" -o smtpd_tls_chain_files={pem}")
    (folder / "etc/main.cf").write_text(MAIN.format(host="mail.example", top=folder, level="none"))
    (folder / "etc/master.cf").write_text(line + SERVICES)
    start = ["postfix", "-c", str(folder / "etc"), "start-fg"]
    async with running(start, ready=world.mail, cwd=folder):
        try:
            yield
        finally:
            _end_master(folder)
