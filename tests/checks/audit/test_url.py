"""One address for the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold

WWW = f"www.{NAME}"
HTTPS, HTTP, HTTPS_WWW, HTTP_WWW = f"https://{NAME}/", f"http://{NAME}/", f"https://{WWW}/", f"http://{WWW}/"
HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"


def page(url: str, status: int = 200, body: bytes = b"<p>hello") -> Page:
    return Page(url, status, (("content-type", "text/html"),), body)


def to(url: str, place: str) -> Page:
    return Page(url, 301, (("location", place),))


Kind = Literal["refused", "tls", "no-address", "timeout", "broken", "policy"]


def none(url: str, kind: Kind, fact: bool = True, say: str = "") -> NoPage:
    return NoPage(url, kind, say or kind, fact=fact)


SHIELDED = Page(HTTPS, 403, (("cf-mitigated", "challenge"),), b"Just a moment...")
APP = f"app.{NAME}"
FROM_HTTP = {f"http://{APP}/": to(f"http://{APP}/", f"https://{APP}/")}
SOUND: Mapping[str, Reply] = {
    HTTPS: page(HTTPS),
    HTTP: to(HTTP, HTTPS),
    HTTPS_WWW: to(HTTPS_WWW, HTTPS),
    HTTP_WWW: to(HTTP_WWW, HTTPS_WWW),
}


def world(*changes: Reply, project: Project | None = None) -> World:
    return World(web={**SOUND, **{reply.url: reply for reply in changes}}, project=project or Project(NAME))


def without(*urls: str) -> World:
    return World(web={url: reply for url, reply in SOUND.items() if url not in urls})


TABLE: dict[str, list[Row]] = {
    "audit.url.single": [
        Row("a shield's question", World(web={**SOUND, HTTPS: SHIELDED}), Status.UNKNOWN, "we are a browser"),
        Row(
            "a query of its own for each visit",
            World(
                web={
                    **SOUND,
                    HTTPS: to(HTTPS, f"{HTTPS}in?s=1"),
                    HTTPS_WWW: to(HTTPS_WWW, f"{HTTPS}in?s=2"),
                    f"{HTTPS}in?s=1": page(f"{HTTPS}in?s=1"),
                    f"{HTTPS}in?s=2": page(f"{HTTPS}in?s=2"),
                }
            ),
            Status.PASS,
        ),
        Row(
            "a part of a larger name needs no www",
            World(project=Project(APP), web={f"https://{APP}/": page(f"https://{APP}/"), **FROM_HTTP}),
            Status.PASS,
            "All 2 addresses",
        ),
        Row("one https URL", world(), Status.PASS, f"end on {HTTPS}"),
        Row(
            "the other way round",
            world(page(HTTPS_WWW), to(HTTPS, HTTPS_WWW), to(HTTP, HTTPS_WWW)),
            Status.PASS,
            f"end on {HTTPS_WWW}",
        ),
        Row("one URL that answers 500", world(page(HTTPS, 500)), Status.PASS),
        Row("http of www refused", without(HTTP_WWW), Status.WARN, f"{HTTP_WWW} refused our connection"),
        Row("www has no address", without(HTTP_WWW, HTTPS_WWW), Status.WARN, "refused our connection"),
        Row("www has no certificate", world(none(HTTPS_WWW, "tls")), Status.WARN, "tls"),
        Row("www goes in a circle", world(to(HTTPS_WWW, HTTPS_WWW)), Status.WARN, "in a circle"),
        Row("www leads nowhere", world(to(HTTPS_WWW, "::bad::")), Status.WARN),
        Row("http shows the page too", world(page(HTTP)), Status.WARN, "without protection"),
        Row("all on http", world(to(HTTPS, HTTP), page(HTTP)), Status.WARN, "force https"),
        Row("two places on one host", world(to(HTTP, f"{HTTPS}en"), page(f"{HTTPS}en")), Status.WARN, "2 places"),
        Row("two hosts answer", world(page(HTTPS_WWW)), Status.FAIL, f"{NAME} and {WWW} each answer"),
        Row("two hosts, http too", world(page(HTTPS_WWW), page(HTTP)), Status.FAIL, "force https"),
        Row("www shows an empty 200", world(page(HTTPS_WWW, body=b"  ")), Status.WARN),
        Row("www answers 404", world(page(HTTPS_WWW, 404)), Status.WARN, "2 places"),
        Row("nothing answers", World(), Status.UNKNOWN, "a site that answers"),
        Row("www is silent", world(none(HTTPS_WWW, "timeout", fact=False)), Status.UNKNOWN, "another look"),
        Row("all silent", World(web={u: none(u, "timeout", fact=False) for u in SOUND}), Status.UNKNOWN),
        Row("address not allowed", world(none(HTTP, "policy", fact=False)), Status.UNKNOWN),
        Row("hostile clause", world(none(HTTPS_WWW, "broken", fact=False, say=HOSTILE)), Status.UNKNOWN, hostile=True),
        Row(
            "hostile place", world(to(HTTPS_WWW, f"https://{HOSTILE}/"), to(HTTP_WWW, HTTPS)), Status.WARN, hostile=True
        ),
    ]
}


@pytest.mark.parametrize(
    ("case", "cause", "status"),
    [
        (world(page(HTTPS_WWW)), f"canonical:{NAME}", Status.FAIL),
        (world(page(HTTP)), f"http:{NAME}", Status.WARN),
        # https has one host: forcing it leaves one site
        (world(page(HTTP), page(HTTP_WWW)), f"http:{NAME}", Status.FAIL),
        (world(page(HTTP), page(HTTP_WWW), page(HTTPS_WWW)), f"canonical:{NAME}", Status.FAIL),
        (world(none(HTTPS_WWW, "tls"), none(HTTP_WWW, "tls")), f"certificate:{WWW}", Status.WARN),
        (world(none(HTTPS_WWW, "no-address"), none(HTTP_WWW, "no-address")), f"no-address:{WWW}", Status.WARN),
        (without(HTTP_WWW), "", Status.WARN),
    ],
)
async def test_causes(case: World, cause: str, status: Status) -> None:
    assert (await hold("audit.url.single", Row("", case, status))).cause == cause


async def test_the_fix_names_the_host_of_the_home_page() -> None:
    project = Project(NAME, urls={"home": HTTPS_WWW})
    finding = await hold("audit.url.single", Row("", world(page(HTTPS_WWW), project=project), Status.FAIL))
    assert finding.fix is not None
    assert [(s.name, s.value) for s in finding.fix.settings] == [("redirects.canonical", WWW)]


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
