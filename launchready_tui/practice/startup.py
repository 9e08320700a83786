"""The practice startup: a whole small launch on loopback, broken where the roadmap says launches break.

Everything runs in the caller's event loop and is real: DNS with dynamic updates, https with an own authority, mail, a
git repository, a registry. What is changed is kept in its folder, so that it survives a kill; ports are new each time.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import os
import secrets
import shlex
import shutil
import ssl
from collections.abc import Iterable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import dns.name
import dns.tsig
import dns.zone
import filelock

from launchready_tui import system
from launchready_tui.disk import WorkspaceProblem, write_private
from launchready_tui.model import RecordSet
from launchready_tui.practice import DOMAIN, logs, registry, repository, zones
from launchready_tui.practice.authority import Authority
from launchready_tui.practice.faults import FAULTS, Fault, chosen, records, settings
from launchready_tui.practice.inboxes import NAMES, PracticeInbox
from launchready_tui.practice.letters import KEY_NAME, Key, read_key
from launchready_tui.practice.mail import MailServer
from launchready_tui.practice.mailer import Door, Mailer
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.practice.pages import MARKER, PRODUCT
from launchready_tui.practice.postbox import PracticeMail
from launchready_tui.practice.site import APP, HOSTS, RDAP_HOST, SettingsFile, Site
from launchready_tui.practice.webserver import WebServer
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret

KEY = "practice"
SECRET = "practice-tsig"
SUBS = ("app", "api")
OLD_CERTIFICATE = dt.timedelta(days=5)  # what is left of the certificate that nobody renewed
PORT_TRIES = 20
COLLEAGUE_SECONDS = 0.3  # between two looks at whether something was put into git; ours
_MARK = "practice.json"  # says that a folder is ours, and which faults were planted
_LOCK = "practice.lock"


class Practice:
    """A running practice startup. Make one with `await Practice.start(folder)`, end it with `await aclose()`.

    `secrets` holds the key for its name server by name, as `project.connections` refers to it. `faults` are those that
    were planted when the folder was made. `notes` are sentences to show (git is not installed, a file was damaged).
    `mail` asks the site for its mails and looks into the two inboxes. One folder belongs to one running practice
    startup at a time.
    """

    project: Project
    secrets: dict[str, Secret]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    mail: PracticeMail

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._zone_file = folder / f"{DOMAIN}.zone"
        self._settings_file = folder / "settings.json"
        self._ca_file = folder / "ca.pem"
        self._repo = folder / "repo"
        self._key_file = folder / "dkim.pem"
        self._inbox = folder / "inbox"
        self.inboxes: dict[str, PracticeInbox] = {}
        self._settings = SettingsFile(self._settings_file)
        self._said: list[str] = []
        self._open = AsyncExitStack()
        self._began = dt.datetime.now(dt.UTC)

    @classmethod
    async def start(cls, folder: Path, *, fresh: bool = False, faults: Iterable[str] | None = None) -> Practice:
        """Start in `folder`, going on where it was left; `fresh` begins anew. `faults` plants only some (ids).

        Raises OSError where no port can be had, WorkspaceProblem where the folder cannot be written or is in use,
        ValueError for a folder that holds something else.
        """
        practice = cls(folder)
        try:
            await practice._start(fresh=fresh, faults=chosen(faults))
        except BaseException:
            await practice.aclose()
            raise
        return practice

    async def aclose(self) -> None:
        """End every server and connection. What was changed stays in the folder."""
        await self._open.aclose()

    def command(self) -> str:
        """The command line that looks at this practice startup from another process."""
        network = self.project.network
        words = ["launchready", "check", DOMAIN, "--private-network"]
        for address, port in network.resolvers:
            words += ["--resolver", f"{address}:{port}"]
        words += ["--dns-port", str(network.dns_port)]
        for (host, port), (address, number) in network.connect_to.items():
            words += ["--connect-to", f"{host}:{port}:{address}:{number}"]
        words += ["--ca", str(network.ca), "--rdap", str(network.rdap), "--ct", str(network.ct)]
        if self.project.repo is not None:
            words += ["--repo", self.project.repo]
        for kind, url in self.project.urls.items():
            words += ["--url", f"{kind}={url}"]
        for sub in self.project.subs or ():
            words += ["--sub", sub]
        return shlex.join([*words, "--marker", self.project.marker])

    # ---- starting ----

    async def _start(self, *, fresh: bool, faults: tuple[Fault, ...]) -> None:
        self._prepare(fresh=fresh)
        key = await asyncio.to_thread(read_key, self._key_file)
        zone = self._plant(faults, key)
        code = asyncio.create_task(self._make_repository())
        try:
            dns_port = await self._serve_dns(zone)
            connect_to, http_port = await self._serve_hosts(zone, dns_port, key)
        except BaseException:
            code.cancel()
            await asyncio.gather(code, return_exceptions=True)
            raise
        await code
        colleague = asyncio.create_task(self._commit_staged(), name="practice colleague")
        self._open.push_async_callback(_ended, colleague)
        self.notes = tuple(self._said)
        self.project = self._describe(dns_port, connect_to, http_port)

    def _prepare(self, *, fresh: bool) -> None:
        """Make the folder, or empty it of what is ours. Raises ValueError for a folder of something else."""
        mark, lock = self._folder / _MARK, self._folder / _LOCK
        if self._folder.exists() and not mark.exists() and any(path != lock for path in self._folder.iterdir()):
            raise ValueError(f"{self._folder} holds something else; the practice startup needs a folder of its own")
        system.private_folder(self._folder)
        held = filelock.FileLock(lock, timeout=0, thread_local=False)
        try:
            held.acquire()
        except filelock.Timeout:
            raise WorkspaceProblem("The practice startup is open in another window. Close it there first.") from None
        self._open.callback(held.release)
        if fresh:
            for file in (self._zone_file, self._settings_file, self._ca_file, self._key_file):
                file.unlink(missing_ok=True)
            _remove(self._repo)
            _remove(self._inbox)
            mark.unlink(missing_ok=True)

    def _plant(self, faults: tuple[Fault, ...], key: Key) -> dns.zone.Zone:
        """On the first day write the faults into the folder; later read what became of them."""
        mark = self._folder / _MARK
        if mark.exists():
            self.faults = self._planted(mark)
        else:
            self.faults = faults
            write_private(mark, json.dumps({"faults": [fault.id for fault in faults]}).encode())
        if not self._settings_file.exists():
            write_private(self._settings_file, json.dumps(settings(self.faults), indent=1, sort_keys=True).encode())
        try:
            zone = zones.load(self._zone_file)
        except zones.Damaged:
            self._said.append("The practice startup's records were damaged on disk, so they are as on the first day.")
            zone = None
        if zone is None:
            zone = zones.own(records(self.faults, key.record), RecordSet(KEY_NAME, "TXT", (key.record,)))
        return zone

    def _planted(self, mark: Path) -> tuple[Fault, ...]:
        try:
            ids = json.loads(mark.read_text("utf-8"))["faults"]
            return tuple(fault for fault in FAULTS if fault.id in ids)
        except (OSError, ValueError, KeyError, TypeError):
            return FAULTS  # somebody edited the mark: then all of them count

    async def _make_repository(self) -> None:
        """The code folder, once. It is made beside its place and moved there whole, so that a kill leaves no half."""
        if self._repo.exists():
            return
        ids = {fault.id for fault in self.faults}
        half = self._folder / "repo.new"
        _remove(half)
        said = await repository.make(
            half,
            pinned="runtime-loose" not in ids,
            scanned="no-scan" not in ids,
            tried="no-smoke" not in ids,
            env="env-tracked" in ids,
            key=bool(ids & {"key-in-code", "key-in-history"}),
            document="no-document" not in ids,
            loose="build-loose" in ids,
        )
        half.rename(self._repo)
        if said:
            self._said.append(said)

    async def _commit_staged(self) -> None:
        """A colleague who commits what was put into git, soon after: nothing goes live that is only staged."""
        index, seen = self._repo / ".git" / "index", 0
        while True:
            at = index.stat().st_mtime_ns if index.exists() else 0
            if at != seen:
                await repository.commit_staged(self._repo)
            seen = at
            await asyncio.sleep(COLLEAGUE_SECONDS)

    async def _serve_dns(self, zone: dns.zone.Zone) -> int:
        """Our two name servers and the one of the zone above, all on one port of different addresses where there are
        such; otherwise one server is all of them."""
        loopback = system.loopback_addresses(3)
        first, second, above_at = loopback if len(loopback) == 3 else (loopback[0],) * 3
        zones.place(zone, (first, second))
        zones.save(zone, self._zone_file)
        upper = zones.upper((first, second), above_at)
        name = dns.name.from_text(KEY)
        key = dns.tsig.Key(name, secrets.token_bytes(32), dns.tsig.HMAC_SHA256)
        self.secrets = {SECRET: Secret(base64.b64encode(key.secret).decode())}
        keys = {name: key}

        def keep(changed: dns.zone.Zone) -> None:
            zones.save(changed, self._zone_file)

        servers = {first: Nameserver({**upper, zones.ORIGIN: zone}, keys, keep)}
        servers.setdefault(second, Nameserver({zones.ORIGIN: zone}, keys, keep))
        servers.setdefault(above_at, Nameserver(upper, {}))
        for left in reversed(range(PORT_TRIES)):
            try:
                return await self._on_one_port(servers)
            except OSError:  # the first one's number is taken at another's address: try the next number
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _on_one_port(self, servers: dict[str, Nameserver]) -> int:
        async with AsyncExitStack() as started:
            port = 0
            for address, server in servers.items():
                port = await server.start(address, port)
                started.push_async_callback(server.aclose)
            self._open.push_async_callback(started.pop_all().aclose)
        return port

    async def _serve_hosts(
        self, zone: dns.zone.Zone, dns_port: int, key: Key
    ) -> tuple[dict[tuple[str, int], tuple[str, int]], int]:
        """The site on http and https, the mail servers, the inboxes. Returns what stands for ports 80, 443 and 25, and
        http's."""
        authority = Authority(self._began)
        write_private(self._ca_file, authority.pem.encode())
        names = (*HOSTS, *zones.MAIL_HOSTS)
        mailer = await self._open_inboxes(authority, zone, dns_port, key)
        renewed, old = authority.context(names), authority.context(names, left=OLD_CERTIFICATE)

        def current() -> ssl.SSLContext:
            return renewed if self._settings.now().get("certificate.renew") == "on" else old

        def choose(shake: ssl.SSLObject | ssl.SSLSocket, name: str | None, context: ssl.SSLContext) -> None:
            shake.context = current()

        front = authority.context(names)
        front.sni_callback = choose
        site = Site(self._settings.now, self._registration, lambda: logs.entries(self._began), mailer)
        http, https = WebServer(site.answer), WebServer(site.answer, front)
        mail = MailServer(zones.MAIL_HOSTS[0], current)
        ports: list[int] = []
        for server in (http, https, mail):
            ports.append(await server.start(zones.HOME))
            self._open.push_async_callback(server.aclose)
        connect_to = {(host, 80): (zones.HOME, ports[0]) for host in HOSTS}
        connect_to |= {(host, 443): (zones.HOME, ports[1]) for host in HOSTS}
        connect_to |= {(host, 25): (zones.HOME, ports[2]) for host in zones.MAIL_HOSTS}
        self.mail = PracticeMail(self.inboxes, mailer, (zones.HOME, ports[1]), authority.pem)
        return connect_to, ports[0]

    async def _open_inboxes(self, authority: Authority, zone: dns.zone.Zone, dns_port: int, key: Key) -> Mailer:
        """The founder's two inboxes, each behind its own mail server, and what sends to them."""
        resolver = (system.loopback_addresses(1)[0], dns_port)
        doors: dict[str, Door] = {}
        for name in NAMES:
            inbox = PracticeInbox(name, self._inbox / name, lambda asked: zones.texts(zone, asked), resolver)
            server = MailServer(inbox.host, partial(authority.context, (inbox.host,)), inbox)
            doors[inbox.address] = Door(inbox.host, (zones.HOME, await server.start(zones.HOME)))
            self._open.push_async_callback(server.aclose)
            self.inboxes[name] = inbox
        mailer = Mailer(self._settings.now, key, doors, ssl.create_default_context(cadata=authority.pem))
        self._open.push_async_callback(mailer.aclose)
        return mailer

    def _registration(self) -> dict[str, object]:
        expiring = any(fault.id == "domain-expiring" for fault in self.faults)
        return registry.registration(self._began, registry.SOON if expiring else registry.LATER)

    def _describe(self, dns_port: int, connect_to: dict[tuple[str, int], tuple[str, int]], http_port: int) -> Project:
        server = system.loopback_addresses(1)[0]
        network = Network(
            resolvers=((server, dns_port),),
            dns_port=dns_port,
            connect_to=connect_to,
            ca=str(self._ca_file),
            private=True,
            rdap=f"http://{RDAP_HOST}:{http_port}/rdap",
            ct=f"http://{RDAP_HOST}:{http_port}/ct",
        )
        name_server = {
            "kind": "rfc2136",
            "server": server,
            "port": str(dns_port),
            "zone": DOMAIN,
            "key": KEY,
            "secret": SECRET,
        }
        return Project(
            DOMAIN,
            product=PRODUCT,
            urls={
                "home": f"https://{DOMAIN}/",
                "login": f"https://{DOMAIN}/login",
                "signup": f"https://{DOMAIN}/signup",
                "api": f"https://{APP}/api/health",
            },
            subs=SUBS,
            repo=str(self._repo),
            marker=MARKER,
            network=network,
            connections=(name_server, {"kind": "settings-file", "path": str(self._settings_file)}),
        )


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _remove(folder: Path) -> None:
    """Delete a folder. Git makes its objects read-only, and Windows keeps such files unless they are writable first."""
    for top, _, names in os.walk(folder):
        for name in names:
            path = Path(top, name)
            if not path.is_symlink():
                path.chmod(0o600)
    shutil.rmtree(folder, ignore_errors=True)
