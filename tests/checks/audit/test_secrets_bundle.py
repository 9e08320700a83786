"""Keys in pages and scripts: what a browser gets."""

from __future__ import annotations

import base64
import json

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.secretrules import example
from launchready_tui.sources import web
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
HOME, LOGIN = f"https://{NAME}/", f"https://{NAME}/login"
GOES = "google.referrer"
LIMITED = (said(GOES, "limited"),)
GOOGLE = example("AIza|Sy{an:33}")


def jwt(**claims: object) -> str:
    """A signed token with these claims; the signature is made up."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    head = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*head, example("{an:43}")])


def page(url: str, text: str, *, encoding: str = "", status: int = 200, cut: bool = False) -> web.Page:
    kind = "text/javascript" if url.endswith(".js") else "text/html"
    return web.Page(url, status, (("content-type", kind),), text.encode(), encoding=encoding, cut=cut)


def world(script: str = "let a=1", *, html: str = "", more: tuple[web.Page, ...] = (), **rest: object) -> World:
    body = f"<!doctype html><title>x</title><script src=/app.js></script><script src=https://cdn.elsewhere.net/x.js></script>{html}"
    pages = {each.url: each for each in (page(HOME, body), page(f"{HOME}app.js", script), *more)}
    project = Project(NAME, urls={"login": LOGIN, "signup": ""}) if LOGIN in pages else Project(NAME)
    return World(project=project, web=pages, **rest)  # type: ignore[arg-type]


SERVICE = f'createClient("https://abc.supabase.co","{jwt(iss="supabase", ref="abc", role="service_role")}")'
ANON = f'createClient("https://abc.supabase.co","{jwt(iss="supabase", ref="abc", role="anon", iat=1, exp=2000000000)}")'

TABLE: dict[str, list[Row]] = {
    "audit.secrets.bundle": [
        Row("nothing", world(), Status.PASS, "No secret key is in the 2 pages and scripts"),
        Row("the anon key", world(ANON), Status.PASS),
        Row("a publishable key", world(example("'pk_|live_|{an:24}'")), Status.PASS, "Stripe publishable key is"),
        Row("a Sentry address", world(example("d:'https://|{hex:32}@o4504.ingest.sentry.io/45'")), Status.PASS),
        Row(
            "service_role", world(SERVICE), Status.FAIL, "A Supabase service_role key is in https://good.example/app.js"
        ),
        Row("what it opens", world(SERVICE), Status.FAIL, "opens your whole database"),
        Row("sb_secret_", world(example("'sb_secret_|{an:22}_{an:8}'")), Status.FAIL, "Supabase key"),
        Row("a Stripe secret key", world(example("k='sk_|live_|{an:24}'")), Status.FAIL, "dashboard.stripe.com"),
        Row("in the page itself", world(html=f"<script>window.k='{example('ghp_|{crc:30}')}'</script>"), Status.FAIL),
        Row(
            "on the login page",
            world(more=(page(LOGIN, f"<script>let t='{example('xoxb-|{num:12}-{num:13}-{an:24}')}'</script>"),)),
            Status.FAIL,
            "Slack token is in https://good.example/login",
        ),
        Row("a Google key", world(f"maps('{GOOGLE}')"), Status.WARN, "only works from your own site"),
        Row(
            "a Google key, limited",
            world(f"maps('{GOOGLE}')", answers=LIMITED),
            Status.PASS,
        ),
        Row("a Google key, not limited", world(f"m('{GOOGLE}')", answers=(said(GOES, "no"),)), Status.WARN),
        Row("names in built code", world("a.password=b.token,c={apiKey:f(x),secret:'Tr0ub4dor&3xyz9'}"), Status.PASS),
        Row("a script on another host", world(html="<script src=https://elsewhere.net/a.js></script>"), Status.PASS),
        Row("the page does not open", World(web={}), Status.UNKNOWN, "could not read your pages"),
        Row(
            "a script does not come",
            world(more=(page(LOGIN, "<script src=/gone.js></script>"),)),
            Status.UNKNOWN,
            "gone.js",
        ),
        Row("a script longer than we read", world(more=(page(f"{HOME}app.js", "x", cut=True),)), Status.UNKNOWN),
        Row("the scan does not run", world(scan={"texts": NoRepo("the scan ended")}), Status.UNKNOWN, "the scan ended"),
        Row("hostile scripts", world(f"{HOSTILE}{SERVICE}{HOSTILE}"), Status.FAIL, hostile=True),
        Row("hostile reason", world(scan={"texts": NoRepo(HOSTILE)}), Status.UNKNOWN, hostile=True),
    ]
}


@pytest.mark.parametrize("row", TABLE["audit.secrets.bundle"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    finding = await hold("audit.secrets.bundle", row)
    shown = " ".join([finding.saw, finding.fix.say if finding.fix else "", *(each.text for each in finding.evidence)])
    assert SERVICE[-50:-3] not in shown
    assert GOOGLE not in shown


async def test_at_most_thirty_scripts_are_fetched() -> None:
    tags = "".join(f"<script src=/s{number}.js></script>" for number in range(40))
    pages = tuple(page(f"{HOME}s{number}.js", "let a=1") for number in range(40))
    finding = await hold("audit.secrets.bundle", Row("", world(html=tags, more=pages), Status.UNKNOWN))
    assert "11 scripts past our cap" in finding.saw
