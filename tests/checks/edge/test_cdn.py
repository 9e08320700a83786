"""edge.cdn.proxied: a network, a platform, a server of one's own, and what nobody can tell."""

from __future__ import annotations

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources import dns
from launchready_tui.sources.web import Reply
from tests.checks.edge.world import API, EVIL, HOME, PUBLIC, WWW, addresses, page, silent, to, world
from tests.world import NAME, Row, World, found, hold

HEALTH = f"https://{API}/health"
WITH_API = Project(NAME, urls={"api": HEALTH})
WWW_HOME = f"https://{WWW}/"


def site(*replies: Reply, **names: dns.Answer) -> World:
    return world(*replies, to(WWW_HOME, HOME), names={**addresses(API), **{(NAME, k): v for k, v in names.items()}})


def with_api(home: Reply, api: Reply) -> World:
    return world(home, api, to(WWW_HOME, HOME), project=WITH_API, names=addresses(API))


CLOUDFLARE = page(cf_ray="8f1-FRA", server="cloudflare")
VERCEL = page(x_vercel_id="fra1::x", server="Vercel")
TABLE: dict[str, list[Row]] = {
    "edge.cdn.proxied": [
        Row("a shield's question", site(page(HOME, "", 403, cf_mitigated="challenge")), Status.PASS, "Cloudflare"),
        Row(
            "the home page leads to a sign-in service",
            site(to(HOME, "https://good.eu.auth0.com/", 302), page("https://good.eu.auth0.com/")),
            Status.FAIL,
            "good.example answers straight from a single server",
        ),
        Row("Cloudflare", site(CLOUDFLARE), Status.PASS, "stands behind Cloudflare"),
        Row("CloudFront", site(page(x_amz_cf_id="abc")), Status.PASS, "Amazon CloudFront"),
        Row("Fastly", site(page(x_served_by="cache-fra-1")), Status.PASS, "behind"),
        Row("Vercel", site(VERCEL), Status.PASS, "Vercel"),
        Row("by its addresses", site(page(), A=found(NAME, "A", "104.16.1.1")), Status.PASS, "Cloudflare"),
        Row("a platform", site(page(x_nf_request_id="01H", server="Netlify")), Status.INFO, "Netlify"),
        Row(
            "a platform by its alias",
            site(page(), A=found(NAME, "A", PUBLIC, aliases=("good.onrender.com",))),
            Status.INFO,
            "Render",
        ),
        Row("a single server", site(page()), Status.FAIL, f"single server ({PUBLIC})"),
        Row("a rented server", site(page(), A=found(NAME, "A", PUBLIC, aliases=("a.your-server.de",))), Status.FAIL),
        Row("www by itself", world(CLOUDFLARE, page(WWW_HOME)), Status.FAIL, WWW),
        Row("only the API", with_api(CLOUDFLARE, page(HEALTH, "{}")), Status.WARN, API),
        Row("the API too", with_api(CLOUDFLARE, page(HEALTH, "{}", cf_ray="1-FRA")), Status.PASS),
        Row("several servers", site(page(), A=found(NAME, "A", PUBLIC, "93.184.215.15")), Status.UNKNOWN, "CDN"),
        Row("silence", site(silent(HOME)), Status.UNKNOWN, "another look"),
        Row("nothing answers", World(), Status.UNKNOWN, "a home page that answers"),
        Row("a single server and a silent API", with_api(page(), silent(HEALTH)), Status.FAIL),
        Row(
            "a login elsewhere",
            world(
                CLOUDFLARE,
                to(WWW_HOME, HOME),
                page("https://id.example/"),
                project=Project(NAME, urls={"login": "https://id.example/"}),
            ),
            Status.PASS,
        ),
        Row("escapes in headers", site(page(server=EVIL, via=EVIL)), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
