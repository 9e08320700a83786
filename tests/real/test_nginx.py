"""The checks against a real nginx: a sound site, and one fault at a time, each with the verdict it deserves."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launchready_tui.answers import Answers
from launchready_tui.engine import Context, judge
from launchready_tui.model import Finding, Status
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Network, Project
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web
from tests.certs import Authority, Leaf
from tests.real.servers import free_port, require, running
from tests.world import NAME, CannedDns, by_id, found

pytestmark = pytest.mark.real

WWW = f"www.{NAME}"
HOME = """<!doctype html><title>Maple Club</title><h1>Maple Club</h1><p>A club for people who like maples.</p>
<img src="/leaf.png" width="10" height="10"><form action="/join" method="post"><input name="mail"></form>"""
SECURITY = (
    "Strict-Transport-Security max-age=31536000",
    "Content-Security-Policy \"default-src 'self'; frame-ancestors 'none'\"",
    "X-Content-Type-Options nosniff",
    "Referrer-Policy strict-origin-when-cross-origin",
    "CF-Ray 8f1c-FRA",
)
CONFIG = """
{user} daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; default_type text/html;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fast; uwsgi_temp_path uw; scgi_temp_path scgi;
  ssl_certificate chain.pem; ssl_certificate_key key.pem; gzip on; gzip_min_length 1; gzip_types text/html;
  server {{ listen 127.0.0.1:{http}; server_name {www} {apex}; {plain} }}
  server {{ listen 127.0.0.1:{https} ssl; server_name {www}; return 301 https://{apex}$request_uri; }}
  server {{ listen 127.0.0.1:{https} ssl default_server; server_name {apex}; {headers} root site; {secure} }}
}}
"""


@dataclass(frozen=True)
class Site:
    """How the site differs from a sound one. `plain` and `secure` are nginx directives."""

    leaf: Leaf
    chain: str = ""
    home: str = HOME
    plain: str = "return 301 https://$host$request_uri;"
    secure: str = ""
    headers: tuple[str, ...] = field(default=SECURITY)


@asynccontextmanager
async def serving(site: Site, authority: Authority, folder: Path) -> AsyncIterator[Context]:
    """nginx with that site, and the sources of a look at it."""
    http, https = free_port(), free_port()
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text(site.home)
    (folder / "chain.pem").write_text(site.chain or site.leaf.chain_pem)
    (folder / "key.pem").write_text(site.leaf.key_pem)
    headers = " ".join(f"add_header {header} always;" for header in site.headers)
    text = CONFIG.format(
        user="user root;" if os.geteuid() == 0 else "",  # the workers must read our folder, which is ours alone
        http=http,
        https=https,
        www=WWW,
        apex=NAME,
        headers=headers,
        plain=site.plain,
        secure=site.secure,
    )
    (folder / "nginx.conf").write_text(text)
    to = {(host, port): ("127.0.0.1", at) for host in (NAME, WWW) for port, at in ((80, http), (443, https))}
    project = Project(
        NAME, network=Network(connect_to=to, private=True, ca=authority.write(folder / "ca.pem")), urls={"login": ""}
    )
    clock, gate = Clock(), Gate(project)
    dns = CannedDns({(host, "A"): found(host, "A", "127.0.0.1") for host in (NAME, WWW)}, {}, None)
    web, tls = Web(project, dns, gate), Tls(project, dns, gate, clock)
    async with running(["nginx", "-p", str(folder), "-c", "nginx.conf"], ready=https, cwd=folder):
        try:
            yield Context(project, clock, Answers(), Owners(), dns, web, tls)
            assert len(set(web.asked)) == len(web.asked)
        finally:
            await web.aclose()
            await tls.aclose()


@pytest.fixture(scope="module")
def authority() -> Authority:
    require("nginx")
    return Authority()


@pytest.fixture(scope="module")
def sound(authority: Authority) -> Leaf:
    return authority.leaf(NAME, WWW)


EDGE = (
    "edge.tls.valid",
    "edge.tls.expiry",
    "edge.https.forced",
    "edge.https.hsts",
    "edge.https.mixed",
    "edge.headers.security",
    "edge.cdn.proxied",
)


async def verdicts(site: Site, authority: Authority, folder: Path, *ids: str) -> dict[str, Finding]:
    async with serving(site, authority, folder) as context:
        return {id: await judge(by_id(id), context) for id in ids or EDGE}


def statuses(findings: dict[str, Finding]) -> dict[str, str]:
    return {id: finding.status.value for id, finding in findings.items()}


async def test_a_sound_site(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    findings = await verdicts(Site(sound), authority, tmp_path, *EDGE, "dns.redirect.canonical")
    assert set(statuses(findings).values()) == {"pass"}, findings


async def test_an_expired_certificate(authority: Authority, tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    leaf = authority.leaf(NAME, WWW, not_before=now - dt.timedelta(days=90), not_after=now - dt.timedelta(days=3))
    findings = await verdicts(Site(leaf), authority, tmp_path)
    seen = statuses(findings)
    assert (seen["edge.tls.valid"], seen["edge.tls.expiry"]) == ("fail", "fail")
    assert "expired on" in findings["edge.tls.valid"].saw
    assert findings["edge.tls.valid"].cause == findings["edge.tls.expiry"].cause == f"certificate:{NAME}"
    # What hides behind the warning page could not be seen, and is not called bad.
    assert {seen[id] for id in ("edge.https.hsts", "edge.https.mixed", "edge.headers.security")} == {"unknown"}


async def test_a_certificate_near_its_end(authority: Authority, tmp_path: Path) -> None:
    now = dt.datetime.now(dt.UTC)
    leaf = authority.leaf(NAME, WWW, not_before=now - dt.timedelta(days=85), not_after=now + dt.timedelta(days=5))
    seen = statuses(await verdicts(Site(leaf), authority, tmp_path, "edge.tls.valid", "edge.tls.expiry"))
    assert seen == {"edge.tls.valid": "pass", "edge.tls.expiry": "fail"}


async def test_a_certificate_for_another_host(authority: Authority, tmp_path: Path) -> None:
    findings = await verdicts(Site(authority.leaf("other.example", WWW)), authority, tmp_path, "edge.tls.valid")
    finding = findings["edge.tls.valid"]
    assert finding.status is Status.FAIL
    assert "made for other.example" in finding.saw
    assert finding.subject == NAME


async def test_a_chain_with_a_link_missing(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    findings = await verdicts(Site(sound, chain=sound.pem), authority, tmp_path, "edge.tls.valid")
    assert findings["edge.tls.valid"].status is Status.FAIL
    assert "leaves out a certificate (Test Root R1)" in findings["edge.tls.valid"].saw


async def test_a_redirect_loop(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    site = Site(sound, secure="return 302 https://$host/again;")
    findings = await verdicts(site, authority, tmp_path, "dns.redirect.canonical", "edge.headers.security")
    assert findings["dns.redirect.canonical"].status is Status.FAIL
    assert findings["edge.headers.security"].status is Status.UNKNOWN


async def test_http_without_a_redirect(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    findings = await verdicts(Site(sound, plain="root site;"), authority, tmp_path, "edge.https.forced")
    assert findings["edge.https.forced"].status is Status.FAIL
    assert findings["edge.https.forced"].cause == f"http:{NAME}"


async def test_a_redirect_for_now_only(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    site = Site(sound, plain="return 302 https://$host$request_uri;")
    findings = await verdicts(site, authority, tmp_path, "edge.https.forced")
    assert findings["edge.https.forced"].status is Status.WARN


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ('<script src="http://cdn.example/a.js"></script>', Status.FAIL),
        ('<form action="http://good.example/join"></form>', Status.FAIL),
        ('<img src="http://cdn.example/p.png">', Status.WARN),
        ('<a href="http://elsewhere.example/">elsewhere</a>', Status.PASS),
    ],
)
async def test_mixed_content(part: str, status: Status, authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    findings = await verdicts(Site(sound, home=HOME + part), authority, tmp_path, "edge.https.mixed")
    assert findings["edge.https.mixed"].status is status


async def test_a_bare_server(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    findings = await verdicts(Site(sound, headers=()), authority, tmp_path)
    seen = statuses(findings)
    assert seen["edge.headers.security"] == "fail"
    assert seen["edge.https.hsts"] == "fail"
    assert seen["edge.cdn.proxied"] == "fail"
    assert (seen["edge.tls.valid"], seen["edge.https.forced"]) == ("pass", "pass")


async def test_a_page_drawn_by_script_is_not_called_bad(authority: Authority, sound: Leaf, tmp_path: Path) -> None:
    home = '<!doctype html><div id="root"></div><script src="/app.js"></script>'
    findings = await verdicts(Site(sound, home=home), authority, tmp_path, "edge.https.mixed")
    assert findings["edge.https.mixed"].status is Status.PASS
