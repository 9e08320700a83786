"""The set-ups that founders come with, healthy as their platforms make them: nothing that blocks may fail, and nothing
that is sound may be called unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest

from launchready_tui import limits
from launchready_tui.actions import ALWAYS, NextAction, NextActions
from launchready_tui.answers import Answer
from launchready_tui.changelist import ChangeLook, ChangeView
from launchready_tui.checks import all_checks
from launchready_tui.checks.audit._exposed_marks import FILES, PROBE
from launchready_tui.checks.dns import paths
from launchready_tui.cleanbuild.model import Built
from launchready_tui.cleanbuild.source import BuildBook
from launchready_tui.deploydoc import Told, compose
from launchready_tui.drafts import DraftExport
from launchready_tui.driftlook import Handed
from launchready_tui.engine import judge
from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.model import Finding, Status
from launchready_tui.openrisks import RiskLook, RiskView
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.project import Project
from launchready_tui.runbooks import KINDS
from launchready_tui.secretlist import SecretList
from launchready_tui.senders import by_spf
from launchready_tui.sources import dns, tls, web
from launchready_tui.sources.certificates import Certificate, Verdict
from launchready_tui.sources.dns import Delegation, NameServer, NoData
from launchready_tui.sources.load import Sample, Series
from launchready_tui.sources.registry import Registration
from launchready_tui.sources.smtp import Greeting
from launchready_tui.sources.transparency import Log, Logged
from launchready_tui.vaultlook import VaultLook, VaultView
from tests.checks.handover.test_runbook import told
from tests.mail.keys import RSA_2048
from tests.mail.letters import on_file, rsa_key
from tests.practice.test_faults import NoExport
from tests.world import HEAD, NAME, NOW, CannedRepo, World, found, said

WWW, APP, API = f"www.{NAME}", f"app.{NAME}", f"api.{NAME}"
Records = Mapping[tuple[str, str], dns.Answer]
Headers = tuple[tuple[str, str], ...]
Site = dict[str, web.Reply]

NOT_FOUND = "<!doctype html><title>404</title><h1>This page could not be found.</h1>"
FORM = "<form method=post action=/login><input type=email name=e><input type=password name=p><button>Log in</button>"
# A head and a foot from the server, the form between them from a sign-in service's script, as Next.js apps have it.
DRAWN = (
    "<nav><a href=/>Maple Club</a> <a href=/pricing>Pricing</a></nav><main><div id=sign-in></div></main>"
    "<footer>Maple Club, the guild of the small sugarhouses. Terms and privacy.</footer><script src=/a.js></script>"
)
SECURE: Headers = (
    ("content-security-policy", "default-src 'self'; frame-ancestors 'self'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
)


# ---- how a site answers ----


def page(url: str, html: str, status: int = 200, headers: Headers = ()) -> web.Page:
    body = html.encode()
    sent = (("content-type", "text/html; charset=utf-8"), *headers)
    return web.Page(url, status, sent, body, wire_bytes=len(body), encoding="gzip", seconds=0.3)


def to(url: str, where: str, status: int = 301, headers: Headers = ()) -> web.Page:
    return web.Page(url, status, (("location", where), *headers), seconds=0.05)


def home(url: str, *files: web.Page, headers: Headers = ()) -> list[web.Page]:
    """A home page, and the style and script that it loads."""
    css, js = (each.url for each in files)
    html = f"<!doctype html><title>Maple Club</title><link rel=stylesheet href={css}><script src={js}></script>"
    return [page(url, f"{html}<h1>Maple Club</h1><p>The guild of the small sugarhouses.", headers=headers), *files]


def files(base: str, css: str, js: str, keep: str) -> tuple[web.Page, web.Page]:
    def one(path: str, kind: str, encoding: str, body: bytes = b"") -> web.Page:
        sent = (("content-type", kind), ("cache-control", keep), ("content-encoding", encoding))
        return web.Page(
            base + path, 200, sent, body or b"let open = 1", wire_bytes=900, encoding=encoding, seconds=0.05
        )

    return one(css, "text/css", "gzip", b"body{margin:0}" * 200), one(js, "text/javascript", "br")


def site(
    *pages: web.Page,
    hosts: Mapping[str, str],
    headers: Headers = (),
    status: int = 301,
    missing: tuple[int, str] = (404, NOT_FOUND),
) -> Site:
    """`hosts` maps each host to the one that it redirects to, or to itself where it serves; http goes to https on the
    same host first. What is not among `pages` is `missing` there."""
    paths_asked = ["/", "/a.js", PROBE, f"{paths.PROBE}?{paths.PROBE_QUERY}", *(mark.path for mark in FILES)]
    paths_asked += [urlsplit(each.url).path for each in pages]
    paths_asked += [f"{path}.map" for path in paths_asked if path.endswith(".js")]
    found: Site = {}
    for host, leads in hosts.items():
        for path in paths_asked:
            found[f"http://{host}{path}"] = to(f"http://{host}{path}", f"https://{host}{path}", status, headers)
            url = f"https://{host}{path}"
            here = page(url, missing[1], missing[0], headers)
            found[url] = here if leads == host else to(url, f"https://{leads}{path}", status, headers)
    return found | {each.url: each for each in pages}


# ---- what is the same for all of them ----


class _Clean(DraftExport):
    async def hits(self) -> tuple[str, ...]:
        return ()


class _Keyring(VaultLook):
    async def state(self) -> VaultView:
        return VaultView("keyring", "macOS Keychain", ok=True)


class _NoChange(ChangeLook):
    async def view(self) -> ChangeView:
        return ChangeView()


class _NothingLeft(RiskLook):
    def view(self) -> RiskView:
        return RiskView()


def _certificate(host: str) -> tls.Handshake:
    since, until = NOW - dt.timedelta(days=30), NOW + dt.timedelta(days=60)
    leaf = Certificate(host, "R11", since, until, (host,), "ecdsa256", "sha256", "00" * 32)
    return tls.Handshake(host, 443, "93.184.215.14", Verdict(leaf, (), (host, "R11"), ""), alpn="h2")


def _nowhere(host: str) -> tls.NoHandshake:
    return tls.NoHandshake(host, 443, "no-address", "does not exist in the DNS", fact=True)


def _answers(*more: Answer) -> tuple[Answer, ...]:
    access = ("change", "business", "second-factor", "recovery")
    return (
        *(said(f"access.{system}", "yes", *access) for system in ("registrar", "dns", "hosting")),
        said("secrets.shared", "no"),
        said("registrar.protection", "looked", "auto-renew", "card", "second-factor"),
        said("rollback.rehearsal", "rehearsed", minutes="2", steps="vercel rollback"),
        said("rollback.data", "looked", "migrations", "settings", "cron"),
        said("deploy.tried", "tried", minutes="8", person="Grace"),
        said("env.required", "all"),
        said("env.separated", "differ"),
        said("live.commit", "head"),
        said("deploy.source", "ci"),
        said("rollback.target", "recent"),
        said("backup.restore", "restored", date="2026-11-03", person="Grace"),
        said("push.protection", "on"),
        said("smoke.auto", "auto"),
        *(told(kind) for kind in KINDS),
        said(
            "flow.reset", "tried", link="once", gmail="inbox", gmail_seconds="9", outlook="inbox", outlook_seconds="9"
        ),
        said("flow.invite", "none"),
        said("bulk.planned", "no"),
        *more,
    )


def _owners(none: frozenset[str]) -> dict[str, Owner]:
    named = Owner(
        "",
        "Somebody's",
        owner="Ada",
        contact="ada@ada.example",
        backup="Grace",
        backup_confirmed=True,
        second_factor=True,
        recovery="in the team's safe",
        proved=NOW.date() - dt.timedelta(days=2),
        login_mail="ada@ada.example",
    )
    return {system: replace(named, system=system, absent=system in none) for system, _, _ in SYSTEMS}


_SAMPLE = Sample(220, 0, 0, 0, 180, 40, 200, 0.1)
_ACTIONS = NextActions(NextAction(id, what, "Ada", NOW.date() + dt.timedelta(days=30)) for id, what in ALWAYS.items())
_CODE = {
    "package.json": '{"dependencies": {"next": "^16"}, "engines": {"node": "24"}}',
    "pnpm-lock.yaml": "lockfileVersion: 9",
    ".gitignore": "*",
    "DEPLOY.md": compose(Told("Good Club", NAME, build="next build")),
}
_BUILT = Built("passed", NOW, HEAD, "build", "pnpm install --frozen-lockfile", "next build", 65.0)
_IGNORED = frozenset(
    {".env", ".env.production", "launchready-probe.pem", "launchready-probe.key", "service-account-probe.json"}
)


def mail(spf: str, *mx: str, dmarc: str = "v=DMARC1; p=none; rua=mailto:dmarc@good.example", at: str = NAME) -> Records:
    """The mail records of `at`, and the addresses of its servers; a verification stands beside the SPF record."""
    servers = {value.split()[-1].rstrip(".") for value in mx if value.split()[-1] != "."}
    included = [term.value for term in parse(spf).terms if term.name == "include"]
    known = [guide for host in included if (guide := by_spf(host)) is not None]
    keys = [f"{name}._domainkey.{at}" for name in ("s1", *(each for guide in known for each in guide.selectors))]
    return {
        **{(name, "TXT"): found(name, "TXT", rsa_key().record) for name in keys},
        (at, "MX"): found(at, "MX", *mx),
        (at, "TXT"): found(at, "TXT", "google-site-verification=abc", spf),
        (f"_dmarc.{at}", "TXT"): found(f"_dmarc.{at}", "TXT", dmarc),
        **{(name, "A"): found(name, "A", "142.250.27.26") for name in servers},
        **{(name, "TXT"): found(name, "TXT", "v=spf1 ip4:142.250.0.0/16 ~all") for name in included},
        **dict(_signs(name, at) for name in included),
    }


# Under which selector each signs, and where an alias there leads; who is not among them signs as "mta", by one's word.
_SIGNERS = {
    "_spf.google.com": ("google", ()),
    "spf.protection.outlook.com": ("selector1", ("selector1-good-example._domainkey.good.onmicrosoft.com",)),
    "spf.messagingengine.com": ("fm1", (f"fm1.{NAME}.dkim.fmhosted.com",)),
    "amazonses.com": ("0a1b2c", ("0a1b2c.dkim.amazonses.com",)),
}
_BY_WORD = ("mta", "0a1b2c")


def _signs(sender: str, at: str) -> tuple[tuple[str, str], dns.Answer]:
    selector, aliases = _SIGNERS.get(sender, ("mta", ()))
    name = f"{selector}._domainkey.{at}"
    return (name, "TXT"), found(name, "TXT", f"v=DKIM1; k=rsa; p={RSA_2048}", aliases=aliases)


def _selectors(records: Records) -> Answer:
    """The founder names the selectors that no guide could tell."""
    there = [name.partition(".")[0] for name, _ in records if "._domainkey." in name]
    named = ", ".join(selector for selector in there if selector in _BY_WORD)
    return said("email.dkim", "named" if named else "none", selectors=named)


def _senders(records: Records) -> Answer:
    """The founder names whom the SPF record lets send: the services by their guides, others as typed."""
    texts = [value for (_, type), answer in records.items() if type == "TXT" for value in dns.values(answer)]
    listed = [parse(value).terms for value in texts if is_spf(value)]
    hosts = [term.value for terms in listed for term in terms if term.name == "include"]
    if not hosts:
        return said("email.senders", "none")
    known = {host: guide.id for host in hosts if (guide := by_spf(host)) is not None}
    others = ", ".join(host for host in hosts if host not in known)
    return said("email.senders", "listed", *known.values(), other=others)


def servers(*names: str, zone: str = NAME) -> tuple[Records, Delegation]:
    """The zone's name servers, as the zone and the one above it list them."""
    listed = found(zone, "NS", *(f"{name}." for name in names))
    placed = tuple(NameServer(name, (f"156.154.{number}.200",)) for number, name in enumerate(names, 130))
    return {(zone, "NS"): listed}, Delegation(zone, replace(listed, authoritative=False), "a.gtld-servers.net", placed)


@dataclass(frozen=True)
class Typical:
    """One set-up. `weak` are the checks that its platform's own defaults leave open, none of which block; `asked` are
    those that only a person can settle. `host` (the shield's name unless said) and `values` are
    what was said of the web host."""

    site: Site
    records: Records
    delegation: tuple[Records, Delegation]
    urls: Mapping[str, str]
    shield: str
    subs: tuple[str, ...] = ()
    none: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    said: tuple[Answer, ...] = ()
    host: str = ""
    values: str = ""
    domain: str = NAME
    code: bool = True
    hosts: tuple[str, ...] = field(default=(NAME, WWW))

    @property
    def world(self) -> World:
        records, delegation = self.delegation
        mx = [
            value.split()[-1].rstrip(".")
            for (_, type), a in self.records.items()
            if type == "MX"
            for value in dns.values(a)
        ]
        project = Project(self.domain, urls=self.urls, subs=self.subs)
        signing = (name.removeprefix("s1._domainkey.") for name, _ in self.records if name.startswith("s1._domain"))
        sending = next(signing, self.domain)
        return World(
            project=project,
            dns={**records, **self.records},
            delegation=delegation,
            web=self.site,
            tls={f"www.{self.domain}": _nowhere(f"www.{self.domain}")}
            | {host: _certificate(host) for host in self.hosts},
            registry=Registration(
                NAME,
                "Namecheap",
                NOW + dt.timedelta(days=300),
                None,
                ("clientTransferProhibited",),
                server="rdap.example",
            ),
            log=Log(NAME, tuple(Logged(host) for host in self.hosts), False, "crt.sh"),
            smtp={host: Greeting(host, "142.250.27.26", "220 mx", True, _certificate(host).verdict) for host in mx},
            repo=CannedRepo(_CODE, ignored=_IGNORED) if self.code else None,
            load=Series(f"https://{self.domain}/", (_SAMPLE,) * limits.SAMPLES, "93.184.215.14", (_SAMPLE, _SAMPLE)),
            answers=_answers(
                said("host.target", "looked", host=self.host or self.shield, values=self.values),
                said("records.unused", "all"),
                _senders(self.records),
                _selectors(self.records),
                *self.said,
            ),
            owners=_owners(self.none),
            more=(
                _ACTIONS,
                _Clean(),
                _Keyring(),
                _NoChange(),
                _NothingLeft(),
                NoExport(),
                Handed(),
                SecretList(none="Ada, 3 Nov 2026"),
                on_file({**records, **self.records}, project, sending),
                BuildBook(_BUILT),
            ),
        )


# ---- the set-ups ----

NONE = {"login": "", "signup": "", "api": ""}
NO_CODE = frozenset({"repository", "database", "api", "payments"})


def _address(name: str, *values: str) -> dict[tuple[str, str], dns.Answer]:
    return {(name, "A"): found(name, "A", *values)}


def _alias(name: str, target: str, *values: str) -> dict[tuple[str, str], dns.Answer]:
    return {
        (name, "A"): found(name, "A", *values, aliases=(target,)),
        (name, "AAAA"): NoData(name, "AAAA", (target,)),
        (name, "CNAME"): found(name, "CNAME", f"{target}."),
    }


def vercel() -> Typical:
    """Next.js on Vercel with www as the main domain, DNS at Namecheap, Google Workspace, login by a sign-in script."""
    own: Headers = (("server", "Vercel"), ("x-vercel-id", "fra1::abc"))
    hsts = ("strict-transport-security", "max-age=63072000")
    keep = "public,max-age=31536000,immutable"
    shown = files(
        f"https://{WWW}", "/_next/static/css/0a1b2c3d4e5f.css", "/_next/static/chunks/main-0a1b2c3d4e.js", keep
    )
    health = web.Page(
        f"https://{WWW}/api/health",
        200,
        (("content-type", "application/json"), *own),
        b'{"status":"ok","database":"ok"}',
        seconds=0.2,
    )
    pages = [
        *home(f"https://{WWW}/", *shown, headers=(*own, hsts)),
        page(f"https://{WWW}/login", DRAWN, headers=(*own, hsts)),
        page(f"https://{WWW}/signup", DRAWN, headers=(*own, hsts)),
        health,
    ]
    return Typical(
        site(*pages, hosts={NAME: WWW, WWW: WWW}, headers=own, status=308),
        {
            **_address(NAME, "216.198.79.1"),
            **_alias(WWW, "0a1b2c3d4e5f6071.vercel-dns-017.com", "216.198.79.65", "64.29.17.65"),
            **mail("v=spf1 include:_spf.google.com ~all", "1 smtp.google.com."),
        },
        servers("dns1.registrar-servers.com", "dns2.registrar-servers.com"),
        {
            kind: f"https://{NAME}/{path}"
            for kind, path in (("login", "login"), ("signup", "signup"), ("api", "api/health"))
        },
        "Vercel",
        weak=frozenset({"edge.headers.security"}),
        said=(said("login.seen", "yes"), said("signup.seen", "yes"), said("callback.listed", "none")),
    )


def netlify() -> Typical:
    """A static site on Netlify at the apex, its DNS there too; no mail is received, and the DNS says so."""
    own: Headers = (("server", "Netlify"), ("x-nf-request-id", "01JD"))
    hsts = ("strict-transport-security", "max-age=31536000")
    shown = files(f"https://{NAME}", "/assets/index-0a1b2c3d.css", "/assets/index-DkX9q2Lp.js", "public,max-age=0")
    return Typical(
        site(*home(f"https://{NAME}/", *shown, headers=(*own, hsts)), hosts={NAME: NAME, WWW: NAME}, headers=own),
        {
            **_address(NAME, "75.2.60.5", "99.83.231.61"),
            **_address(WWW, "75.2.60.5", "99.83.231.61"),
            # It takes no mail, so its reports go to another domain, which says that it takes them.
            **mail("v=spf1 -all", "0 .", dmarc="v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@ada.example"),
            ("good.example._report._dmarc.ada.example", "TXT"): found("", "TXT", "v=DMARC1"),
        },
        servers("dns1.p01.nsone.net", "dns2.p01.nsone.net", "dns3.p01.nsone.net", "dns4.p01.nsone.net"),
        NONE,
        "Netlify",
        none=NO_CODE | {"sender", "inbox"},
        weak=frozenset({"edge.headers.security", "performance.cache.static"}),  # max-age=0 is Netlify's default
        code=False,
    )


def shopify() -> Typical:
    """A shop on Shopify with www as the main domain, DNS at GoDaddy; members sign in at shopify.com."""
    own: Headers = (("server", "cloudflare"), ("cf-ray", "8f1c-FRA"), ("powered-by", "Shopify"))
    hsts = ("strict-transport-security", "max-age=7889238")
    shown = files("https://cdn.shopify.com", "/s/base.css", "/s/app.js", "public, max-age=31557600")
    shell = "<!doctype html><title>Log in</title><div id=root></div><script src=/app.js></script>"
    auth = "https://shopify.com/authentication/12345/login?client_id=ab&state="
    pages = [
        *home(f"https://{WWW}/", *shown, headers=(*own, hsts, *SECURE)),
        to(f"https://{WWW}/account/login", "https://shopify.com/12345/account", 302, own),
        to("https://shopify.com/12345/account", f"{auth}1", 302, own),
        page(f"{auth}1", shell, headers=own),
    ]
    return Typical(
        site(*pages, hosts={NAME: WWW, WWW: WWW}, headers=own),
        {
            **_address(NAME, "23.227.38.65"),
            (NAME, "AAAA"): found(NAME, "AAAA", "2620:127:f00f:5::"),
            **_alias(WWW, "shops.myshopify.com", "23.227.38.74"),
            **mail(
                "v=spf1 include:_spf.google.com include:shops.shopify.com ~all",
                *("1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com.", "5 alt2.aspmx.l.google.com."),
            ),
        },
        servers("ns07.domaincontrol.com", "ns08.domaincontrol.com"),
        dict.fromkeys(("login", "signup"), f"https://{WWW}/account/login") | {"api": ""},
        "Cloudflare",
        host="Shopify",
        none=NO_CODE,
        weak=frozenset({"edge.https.hsts"}),  # 91 days is Shopify's own
        said=(said("login.seen", "yes"), said("signup.seen", "yes"), said("callback.listed", "none")),
        code=False,
    )


def webflow() -> Typical:
    """A site made with Webflow, www as the main domain, DNS at Cloudflare without its proxy, mail at Microsoft 365."""
    own: Headers = (("server", "cloudflare"), ("cf-ray", "8f1c-FRA"), ("x-wf-region", "us-east-1"))
    hsts = ("strict-transport-security", "max-age=31536000")
    shown = files("https://cdn.prod.website-files.com", "/65/css/site.css", "/65/js/site.js", "max-age=31536000")
    return Typical(
        site(*home(f"https://{WWW}/", *shown, headers=(*own, hsts)), hosts={NAME: WWW, WWW: WWW}, headers=own),
        {
            **_address(NAME, "198.202.211.1"),
            **_alias(WWW, "cdn.webflow.com", "198.202.211.1"),
            **mail("v=spf1 include:spf.protection.outlook.com -all", "0 good-example.mail.protection.outlook.com."),
        },
        servers("ada.ns.cloudflare.com", "bob.ns.cloudflare.com"),
        NONE,
        "Cloudflare",
        host="Webflow",
        none=NO_CODE,
        weak=frozenset({"edge.headers.security"}),
        code=False,
    )


def framer() -> Typical:
    """A site made with Framer at www, the apex redirected there; DNS at Porkbun."""
    own: Headers = (("server", "Framer/1a2b3c"),)
    hsts = ("strict-transport-security", "max-age=31536000")
    shown = files("https://framerusercontent.com", "/a.css", "/a.mjs", "public, max-age=31536000")
    return Typical(
        site(*home(f"https://{WWW}/", *shown, headers=(*own, hsts)), hosts={NAME: WWW, WWW: WWW}, headers=own),
        {
            **_address(NAME, "31.43.160.6", "31.43.161.6"),
            **_alias(WWW, "sites.framer.app", "31.43.160.6"),
            **mail("v=spf1 include:_spf.google.com ~all", "1 smtp.google.com."),
        },
        servers("curitiba.ns.porkbun.com", "maceio.ns.porkbun.com"),
        NONE,
        "Framer",
        none=NO_CODE,
        weak=frozenset({"edge.headers.security"}),
        code=False,
    )


def github_pages() -> Typical:
    """A static site on GitHub Pages, DNS at Namecheap, mail forwarded by it; port 80 and www as GitHub makes them."""
    own: Headers = (("server", "GitHub.com"), ("x-served-by", "cache-fra-1"))
    hsts = ("strict-transport-security", "max-age=31556952")
    shown = files(f"https://{NAME}", "/site.css", "/site.js", "max-age=600")
    addresses = tuple(f"185.199.{number}.153" for number in range(108, 112))
    return Typical(
        site(*home(f"https://{NAME}/", *shown, headers=(*own, hsts)), hosts={NAME: NAME, WWW: NAME}, headers=own),
        {
            **_address(NAME, *addresses),
            **_alias(WWW, "ada.github.io", *addresses),
            **mail(
                "v=spf1 include:spf.efwd.registrar-servers.com ~all",
                *(f"10 eforward{number}.registrar-servers.com." for number in range(1, 4)),
            ),
        },
        servers("dns1.registrar-servers.com", "dns2.registrar-servers.com"),
        NONE,
        "Fastly",
        host="GitHub Pages",
        none=NO_CODE - {"repository"},
        weak=frozenset({"edge.headers.security", "performance.cache.static"}),
    )


_CLOUD: Headers = (("server", "cloudflare"), ("cf-ray", "8f1c2d3e4f5a6b7c-FRA"))
_PROXIED = ("104.21.32.1", "172.67.150.1")


def _cloudflare_pages() -> list[web.Page]:
    hsts = ("strict-transport-security", "max-age=31536000")
    keep = "public, max-age=31536000, immutable"
    shown = files(f"https://{NAME}", "/assets/site.0a1b2c3d4e.css", "/assets/site.0a1b2c3d4e.js", keep)
    sent = (*_CLOUD, hsts, *SECURE)
    kind = (("content-type", "application/json"), *_CLOUD)
    return [
        *home(f"https://{NAME}/", *shown, headers=sent),
        to(f"https://{APP}/", f"https://{APP}/login", 302, _CLOUD),
        page(f"https://{APP}/login", FORM, headers=sent),
        page(f"https://{APP}/signup", FORM, headers=sent),
        web.Page(f"https://{API}/health", 200, kind, b'{"status": "ok", "db": "ok"}', seconds=0.2),
    ]


def cloudflare_and_a_server() -> Typical:
    """A server of one's own behind Cloudflare's proxy: pages at the apex, app and api beside it; mail at Fastmail."""
    hosts = {NAME: NAME, WWW: NAME, APP: APP, API: API}
    return Typical(
        site(*_cloudflare_pages(), hosts=hosts, headers=_CLOUD),
        {
            **{key: answer for host in hosts for key, answer in _address(host, *_PROXIED).items()},
            **mail(
                "v=spf1 include:spf.messagingengine.com include:amazonses.com ~all",
                *("10 in1-smtp.messagingengine.com.", "20 in2-smtp.messagingengine.com."),
            ),
        },
        servers("ada.ns.cloudflare.com", "bob.ns.cloudflare.com"),
        {"login": f"https://{APP}/login", "signup": f"https://{APP}/signup", "api": f"https://{API}/health"},
        "Cloudflare",
        values="A 93.184.215.20",
        asked=frozenset({"dns.apex.target"}),  # its record shows at Cloudflare only
        subs=("app", "api"),
        hosts=tuple(hosts),
    )


def a_part_of_a_larger_name() -> Typical:
    """app.good.example typed as the domain: a CNAME to Vercel, members sign in at Auth0, mail at the name above."""
    own: Headers = (("server", "Vercel"), ("x-vercel-id", "fra1::abc"))
    hsts = ("strict-transport-security", "max-age=63072000")
    there = "https://good.eu.auth0.com/u/login?state=abc"
    pages = [
        to(f"https://{APP}/", there, 307, (*own, hsts)),
        to(f"https://{APP}/login", there, 307, own),
        page(there, FORM, headers=(*SECURE, hsts)),
    ]
    records, delegation = servers("dns1.registrar-servers.com", "dns2.registrar-servers.com")
    return Typical(
        site(*pages, hosts={APP: APP}, headers=own, status=308),
        {
            **_alias(APP, "0a1b2c3d4e5f6071.vercel-dns-017.com", "216.198.79.65", "64.29.17.65"),
            (APP, "MX"): NoData(APP, "MX", ("0a1b2c3d4e5f6071.vercel-dns-017.com",)),
            (APP, "TXT"): NoData(APP, "TXT", ("0a1b2c3d4e5f6071.vercel-dns-017.com",)),
            (f"www.{APP}", "A"): dns.NxDomain(f"www.{APP}", "A"),
            (f"www.{APP}", "AAAA"): dns.NxDomain(f"www.{APP}", "AAAA"),
            **mail("v=spf1 include:_spf.google.com ~all", "1 smtp.google.com."),
        },
        (records, delegation),
        {"login": f"https://{APP}/login", "signup": f"https://{APP}/login", "api": ""},
        "Vercel",
        domain=APP,
        hosts=(APP, "good.eu.auth0.com"),
    )


WORLDS = {
    made.__name__: made
    for made in (
        vercel,
        netlify,
        shopify,
        webflow,
        framer,
        github_pages,
        cloudflare_and_a_server,
        a_part_of_a_larger_name,
    )
}


async def _findings(typical: Typical) -> dict[str, Finding]:
    context = typical.world.context()
    return {check.id: await judge(check, context) for check in all_checks()}


def _of(findings: Mapping[str, Finding], *statuses: Status) -> dict[str, str]:
    return {id: finding.saw for id, finding in findings.items() if finding.status in statuses}


@pytest.mark.parametrize("name", WORLDS)
async def test_a_healthy_set_up_is_called_healthy(name: str) -> None:
    typical = WORLDS[name]()
    findings = await _findings(typical)
    severities = {check.id: check.severity for check in all_checks()}
    failed = _of(findings, Status.FAIL)
    assert not {id: saw for id, saw in failed.items() if (findings[id].severity or severities[id]).blocks}
    assert set(_of(findings, Status.FAIL, Status.WARN)) == typical.weak, _of(findings, Status.FAIL, Status.WARN)
    assert set(_of(findings, Status.UNKNOWN)) == typical.asked, _of(findings, Status.UNKNOWN)
    assert typical.shield in findings["edge.cdn.proxied"].saw


async def test_a_shield_that_questions_machines_is_no_fault() -> None:
    """Cloudflare's “Under Attack” mode: what stands behind was not seen, so nothing of it may be called bad or good."""
    typical = cloudflare_and_a_server()
    question: Headers = (*_CLOUD, ("cf-mitigated", "challenge"))
    guarded: Site = {
        url: page(url, "Just a moment...", 403, question) for url in typical.site if url.startswith("https:")
    }
    findings = await _findings(replace(typical, site=typical.site | guarded))
    assert _of(findings, Status.FAIL, Status.WARN) == {}
    unseen = _of(findings, Status.UNKNOWN)
    assert {"deploy.smoke.home", "deploy.smoke.api", "edge.headers.security", "dns.redirect.canonical"} <= set(unseen)
    assert findings["edge.cdn.proxied"].status is Status.PASS
    assert findings["deploy.smoke.login"].question == "login.seen"
