"""The SMTP source and the STARTTLS check against a real postfix: one listener with TLS, one without."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from launchready_tui.engine import Context, judge
from launchready_tui.model import Severity, Status
from launchready_tui.project import Clock, Network, Project
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.smtp import Greeting, Smtp
from launchready_tui.sources.web import Page
from tests.certs import Authority, Leaf
from tests.real.servers import free_port, require, running
from tests.world import CannedDns, CannedWeb, by_id, found

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("postfix")]

DOMAIN, MAIL, OTHER, PLAIN = "good.example", "mail.good.example", "other.good.example", "plain.good.example"
MAIN = """compatibility_level = 3.6
myhostname = {host}
mydestination =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = {top}/queue
data_directory = {top}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {top}/log/mail.log
maillog_file_prefixes = {top}
virtual_transport = discard:
smtpd_peername_lookup = no
smtpd_tls_security_level = {level}
alias_maps =
alias_database =
"""
LISTEN = "127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_security_level={level}{more}\n"
SERVICES = """postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
discard unix - - n - - discard
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
"""


def _configure(top: Path, ports: dict[str, int], leaves: dict[str, Leaf]) -> Path:
    """A postfix of its own under `top`: one smtpd for each name, TLS where there is a certificate."""
    owner = pwd.getpwnam("postfix")
    for folder in ("etc", "queue", "data", "log"):
        (top / folder).mkdir(mode=0o755)
    os.chown(top / "data", owner.pw_uid, owner.pw_gid)
    lines = ""
    for name, port in ports.items():
        more = ""
        if name in leaves:
            pem = top / "etc" / f"{name}.pem"
            pem.write_text(leaves[name].key_pem + leaves[name].chain_pem)
            pem.chmod(0o600)
            more = f" -o smtpd_tls_chain_files={pem}"
        lines += LISTEN.format(port=port, level="may" if name in leaves else "none", more=more)
    (top / "etc" / "main.cf").write_text(MAIN.format(host=MAIL, top=top, level="none"))
    (top / "etc" / "master.cf").write_text(lines + SERVICES)
    return top / "etc"


def _end_master(top: Path) -> None:
    """postfix's master leaves the group it was started in, so it is ended by the pid that it wrote down."""
    os.kill(int((top / "queue" / "pid" / "master.pid").read_text()), signal.SIGTERM)


@pytest_asyncio.fixture
async def mail(tmp_path: Path) -> AsyncIterator[tuple[Project, CannedDns]]:
    require("postfix")
    if os.geteuid() != 0:
        pytest.skip("postfix is started by root: its master process gives its rights away itself")
    authority = Authority()
    ports = {name: free_port() for name in (MAIL, OTHER, PLAIN)}
    # postfix walks down to its folders as another user, whom pytest's folders shut out.
    top = Path(tempfile.mkdtemp(prefix="postfix-"))
    top.chmod(0o755)
    try:
        leaves = {MAIL: authority.leaf(MAIL), OTHER: authority.leaf("elsewhere.example")}
        etc = _configure(top, ports, leaves)
        ca = authority.write(tmp_path / "ca.pem")
        network = Network(
            private=True, ca=ca, connect_to={(name, 25): ("127.0.0.1", port) for name, port in ports.items()}
        )
        async with running(["postfix", "-c", str(etc), "start-fg"], ready=ports[PLAIN], cwd=top):
            try:
                yield Project(DOMAIN, network=network), CannedDns({}, {}, None)
            finally:
                _end_master(top)
    finally:
        shutil.rmtree(top, ignore_errors=True)


def _smtp(project: Project, dns: CannedDns) -> Smtp:
    return Smtp(project, dns, Gate(project), Clock())


async def test_what_postfix_says(mail: tuple[Project, CannedDns]) -> None:
    project, dns = mail
    source = _smtp(project, dns)
    sound = await source.look(MAIL)
    assert isinstance(sound, Greeting), sound
    assert sound.starttls
    assert sound.verdict is not None
    assert sound.verdict.faults == ()
    assert sound.banner.startswith(MAIL)
    other = await source.look(OTHER)
    assert isinstance(other, Greeting), other
    assert other.verdict is not None
    assert other.verdict.faults == ("name-mismatch",)
    plain = await source.look(PLAIN)
    assert isinstance(plain, Greeting), plain
    assert not plain.starttls


async def test_the_check_on_it(mail: tuple[Project, CannedDns]) -> None:
    project, _ = mail
    for hosts, status in (((MAIL,), Status.PASS), ((MAIL, OTHER), Status.WARN), ((MAIL, PLAIN), Status.FAIL)):
        dns = CannedDns({(DOMAIN, "MX"): found(DOMAIN, "MX", *(f"10 {host}." for host in hosts))}, {}, None)
        finding = await judge(by_id("email.mx.starttls"), Context(project, dns, _smtp(project, dns)))
        assert finding.status is status, finding


POLICIES = [
    ((MAIL,), "enforce", f"*.{DOMAIN}", Status.PASS, None),
    ((MAIL,), "enforce", MAIL, Status.PASS, None),
    ((MAIL,), "enforce", "*.elsewhere.example", Status.FAIL, Severity.HIGH),  # it does not match the MX
    ((MAIL,), "testing", "*.elsewhere.example", Status.FAIL, None),
    ((OTHER,), "enforce", f"*.{DOMAIN}", Status.FAIL, Severity.HIGH),  # a certificate for another name
    ((PLAIN,), "enforce", f"*.{DOMAIN}", Status.FAIL, Severity.HIGH),  # no STARTTLS
    ((MAIL, PLAIN), "enforce", f"*.{DOMAIN}", Status.FAIL, Severity.MEDIUM),
    ((PLAIN,), "none", f"*.{DOMAIN}", Status.PASS, None),
]


async def test_policies_held_against_it(mail: tuple[Project, CannedDns]) -> None:
    project, _ = mail
    url, sts = f"https://mta-sts.{DOMAIN}/.well-known/mta-sts.txt", f"_mta-sts.{DOMAIN}"
    for hosts, mode, names, status, severity in POLICIES:
        text = f"version: STSv1\nmode: {mode}\nmx: {names}\nmax_age: 604800\n"
        web = CannedWeb({url: Page(url, 200, (("content-type", "text/plain"),), text.encode())})
        answers = {
            (DOMAIN, "MX"): found(DOMAIN, "MX", *(f"10 {host}." for host in hosts)),
            (sts, "TXT"): found(sts, "TXT", "v=STSv1; id=1"),
        }
        dns = CannedDns(answers, {}, None)
        context = Context(project, dns, web, _smtp(project, dns), Clock())
        finding = await judge(by_id("email.transport.policy"), context)
        assert (finding.status, finding.severity) == (status, severity), (hosts, mode, names, finding)
