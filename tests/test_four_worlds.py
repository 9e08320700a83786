"""Four kinds of launch, each as its platform answers, each on the way from one command to "ready"."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launchready_tui.options import apply
from launchready_tui.practice import repository
from launchready_tui.practice.webserver import Request, Response
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.command import Ran, launchready, look_options
from tests.mail.letters import fresh
from tests.small_world import small_world
from tests.told import write_answers

DOMAIN = "mapletap.example"
WWW, APP, API = f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}"
HTML = ("Content-Type", "text/html; charset=utf-8")
STYLE = b"body{margin:0;font:1rem/1.5 system-ui;color:#2b1a0f}\n" + b".tap{color:#8a3b12}\n" * 100
HOME = b"""<!doctype html><html lang="en"><title>Maple Tap</title><link rel="stylesheet" href="/site.0a1b2c3d4e.css">
<h1>Maple Tap</h1><p>Small sugarhouses plan their season here, from the first frost to the last bottle.</p>
<img src="/tap.png" width="10" height="10" alt="a tap">"""
LOGIN = b"""<!doctype html><title>Log in</title><form method="post" action="/login"><input type="email" name="email">
<input type="password" name="password"><button>Log in</button></form>"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000a0000000a08000000008d0e9d3d0000000e4944415478da63f80f050cc3400000d2e263"
)
Answer = Callable[[Request], Response]


def to(where: str, *headers: tuple[str, str]) -> Response:
    return Response(301, (("Location", where), *headers))


def onward(request: Request) -> str | None:
    """First to https on the same host, so that browsers learn it there, and then from www to the apex."""
    if not request.secure:
        return f"https://{request.host}{request.target}"
    return f"https://{DOMAIN}{request.target}" if request.host == WWW else None


def pages(request: Request, *headers: tuple[str, str], keep: str) -> Response:
    """The pages that all of them have, with a platform's headers and its way of caching; gzip where it is taken."""
    path = request.path
    if path == "/":
        response = Response(200, (HTML, *headers), HOME)
    elif path == "/site.0a1b2c3d4e.css":
        response = Response(200, (("Content-Type", "text/css"), ("Cache-Control", keep), *headers), STYLE)
    elif path == "/tap.png":
        return Response(200, (("Content-Type", "image/png"), ("Cache-Control", keep), *headers), PNG)
    elif path in ("/login", "/signup"):
        response = Response(200, (HTML, *headers), LOGIN.replace(b"/login", path.encode()))
    else:
        return Response(404, (HTML, *headers), b"<!doctype html><title>Not found</title><h1>Not found</h1>")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    return Response(200, (*response.headers, ("Content-Encoding", "gzip")), gzip.compress(response.body))


def builder(request: Request) -> Response:
    """A no-code builder: its own network, www as the site's name, no headers and redirects to choose."""
    own = (("Server", "Squarespace"), ("X-Contextid", "Uve8ZFj1/Kj0bVxq"), ("Age", "1042"))
    if not request.secure or request.host != WWW:
        return to(f"https://{WWW}{request.target}", *own)
    return pages(request, *own, keep="public, max-age=94608000")


def netlify(request: Request) -> Response:
    """A static site on Netlify, with its usual headers."""
    own = (("Server", "Netlify"), ("X-Nf-Request-Id", "01JDEXAMPLE"), ("Cache-Status", '"Netlify Edge"; hit'))
    if (on := onward(request)) is not None:
        return to(on, *own)
    hsts = ("Strict-Transport-Security", "max-age=31536000")
    return pages(request, *own, hsts, keep="public,max-age=0,must-revalidate")


def cloudflare(request: Request) -> Response:
    """An app behind Cloudflare: pages at the apex, the app and its API at hosts of their own."""
    cloud = (("Server", "cloudflare"), ("CF-RAY", "8f1c2d3e4f5a6b7c-FRA"), ("CF-Cache-Status", "DYNAMIC"))
    own = (*cloud, ("Strict-Transport-Security", "max-age=31536000"), ("X-Content-Type-Options", "nosniff"))
    if (on := onward(request)) is not None:
        return to(on, *own)
    if request.host == API:
        health = b'{"status": "ok", "database": "ok"}'
        found = request.path == "/health"
        return Response(200 if found else 404, (("Content-Type", "application/json"), *own), health if found else b"{}")
    return pages(request, *own, keep="public, max-age=31536000, immutable")


def own_server(request: Request) -> Response:
    """nginx on one machine, with nothing before it."""
    own = (("Server", "nginx/1.26.3"), ("Strict-Transport-Security", "max-age=31536000"))
    if (on := onward(request)) is not None:
        return to(on, *own)
    if request.path == "/health":
        return Response(200, (("Content-Type", "application/json"), *own), b'{"status": "ok", "database": "ok"}')
    return pages(request, *own, keep="public, max-age=31536000, immutable")


@dataclass(frozen=True)
class World:
    """`none` are systems that this product does not have, `told` its addresses as options, `smaller` the checks that
    may stay open: nothing that blocks."""

    answer: Answer
    told: tuple[str, ...]
    none: tuple[str, ...]
    smaller: frozenset[str]
    shield: str
    code: bool = False
    hosts: tuple[str, ...] = ()
    records: str = ""
    zones: Mapping[str, str] = field(default_factory=dict)


NOTHING = ("--url", "login=none", "--url", "signup=none", "--url", "api=none")
_ZONE = "@ 60 IN SOA ns host 1 3600 600 604800 60\n@ 60 IN NS ns\nns 60 IN A 127.0.0.1\n"
WORLDS = {
    "no-code builder": World(
        builder,
        NOTHING,
        ("repository", "database", "api", "payments", "monitoring"),
        frozenset({"edge.headers.security", "edge.https.hsts", "edge.https.forced"}),
        "Squarespace",
    ),
    "static site on Netlify": World(
        netlify,
        NOTHING,
        ("repository", "database", "api", "payments", "monitoring"),
        frozenset({"edge.headers.security", "performance.cache.static"}),
        "Netlify",
        zones={"netlify.app": f"{_ZONE}mapletap 60 IN A 127.0.0.1\n"},
        records="blog 60 IN CNAME mapletap.netlify.app.\n",
    ),
    "app behind Cloudflare": World(
        cloudflare,
        (
            *("--url", f"login=https://{APP}/login", "--url", f"signup=https://{APP}/signup"),
            *("--url", f"api=https://{API}/health", "--sub", "app", "--sub", "api"),
        ),
        ("payments",),
        frozenset({"edge.headers.security"}),
        "Cloudflare",
        code=True,
        hosts=(APP, API),
        records="app 60 IN A 127.0.0.1\napi 60 IN A 127.0.0.1\n",
    ),
}
OWN = World(
    own_server,
    (
        *("--url", f"login=https://{DOMAIN}/login", "--url", f"signup=https://{DOMAIN}/signup"),
        *("--url", f"api=https://{DOMAIN}/health"),
    ),
    ("cdn", "payments"),
    frozenset({"edge.headers.security", "edge.cdn.proxied"}),
    "",
    code=True,
)
# Never known in these tests: no yes to a measurement, no keyring, no next actions; and nobody named subdomains.
OPEN = {"performance.p95.public", "handover.vault.keyring", "handover.actions.next", "dns.sub.declared"}


LETTER, KEY = fresh(DOMAIN)


async def told(world: World, folder: Path) -> list[str]:
    (folder / "reset.eml").write_bytes(LETTER)
    words = [
        *("--eml", str(folder / "reset.eml")),
        *world.told,
        "--answers",
        str(write_answers(folder / "answers.toml", none=world.none, senders=["google-workspace"])),
    ]
    if world.code:
        assert not await repository.make(folder / "code", pinned=True, env=False, key=False)
        words += ["--repo", str(folder / "code"), "--allow", "build"]
    return words


def of(ran: Ran, *statuses: str) -> set[str]:
    return {id for id, finding in ran.findings.items() if finding["status"] in statuses}


@pytest.mark.parametrize("name", WORLDS)
async def test_it_can_reach_ready(name: str, tmp_path: Path) -> None:
    world = WORLDS[name]
    async with small_world(
        DOMAIN, world.answer, tmp_path, records=world.records + KEY, hosts=world.hosts, zones=dict(world.zones)
    ) as place:
        before = await launchready("check", DOMAIN, *place.options, *world.told, "--json", home=tmp_path / "before")
        after = await launchready(
            "check", DOMAIN, *place.options, *await told(world, tmp_path), "--json", home=tmp_path / "after"
        )
    assert (before.status, before.document["ready"]) == (3, False)  # nobody has said anything yet
    assert of(before, "fail") <= world.smaller
    assert after.err == ""
    assert of(after, "fail", "warn") == world.smaller
    assert of(after, "unknown") <= OPEN
    assert (after.status, after.document["ready"]) == (0, True), after.document["line"]
    assert world.shield in after.findings["edge.cdn.proxied"]["saw"]
    for id, kind in (("deploy.smoke.login", "login"), ("deploy.smoke.api", "api")):
        absent = f"{kind}=none" in world.told
        assert after.findings[id]["status"] == ("info" if absent else "pass")
    code = {after.findings[id]["status"] for id in ("audit.env.tracked", "deploy.build.pinned")}
    assert code == ({"pass"} if world.code else {"info"})


async def test_a_server_of_ones_own_is_ready_when_the_missing_shield_is_accepted_by_name(tmp_path: Path) -> None:
    """A single server without a shield is a high risk: somebody takes it on, by name and until a day."""
    home = tmp_path / "home"
    async with small_world(DOMAIN, OWN.answer, tmp_path, records=KEY) as place:
        words = [*place.options, *await told(OWN, tmp_path), "--json"]
        before = await launchready("check", DOMAIN, *words, home=home)
        assert of(before, "fail", "warn") == OWN.smaller | {"handover.risks.open"}  # nobody took it on yet
        assert (before.status, before.document["counts"]["high"]) == (1, 1), before.document["line"]

        store = Workspace(home / "launchready").open(DOMAIN, create=True)
        session = Session(store, Vault(kind="session"))
        session.project = apply(session.project, look_options(place.options))
        async with aclosing(session.look([session.check("edge.cdn.proxied")])) as events:
            async for _ in events:
                pass
        today = dt.datetime.now(dt.UTC).date()
        session.accept("edge.cdn.proxied", "Ada", "We are small; it moves in spring.", today + dt.timedelta(days=90))
        await session.aclose()

        after = await launchready("check", DOMAIN, *words, home=home)
    assert of(after, "fail", "warn") == OWN.smaller  # it stays listed
    assert (after.status, after.document["ready"]) == (0, True), after.document["line"]
