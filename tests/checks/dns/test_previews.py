from __future__ import annotations

import pytest

from launchready_tui.checks.dns.previews import Platform, hidden, platform_of, platforms
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, TimedOut
from launchready_tui.sources.html import parse
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, found, hold

HOME, SHOP = f"https://{NAME}/", "https://maple.vercel.app/"
TITLE = "<title>Maple Club</title>"


def page(url: str = SHOP, body: str = TITLE, status: int = 200, **headers: str) -> Page:
    return Page(url, status, tuple((key.replace("_", "-"), value) for key, value in headers.items()), body.encode())


def world(*replies: Reply, alias: str = "maple.vercel.app", home: Reply | None = None, preview: str = "") -> World:
    answers: dict[tuple[str, str], Answer] = {
        (NAME, "A"): found(NAME, "A", "93.184.215.14"),
        (f"www.{NAME}", "A"): found(f"www.{NAME}", "A", "93.184.215.20", aliases=(alias,)),
    }
    return World(
        project=Project(NAME, urls={"preview": preview} if preview else {}),
        dns=answers,
        web={HOME: home or page(HOME), **{reply.url: reply for reply in replies}},
    )


TABLE: dict[str, list[Row]] = {
    "dns.preview.indexed": [
        Row("no such name", world(alias="cname.vercel-dns.com"), Status.INFO, "named no preview"),
        Row("it leads to the site", world(page(status=308, location=HOME)), Status.PASS, f"leads on to {NAME}"),
        Row(
            "a sign-in before it",
            world(page(status=302, location="https://vercel.com/sso"), page("https://vercel.com/sso")),
            Status.PASS,
            "leads away",
        ),
        Row("closed", world(page(status=401)), Status.PASS, "is closed to visitors (401)"),
        Row("noindex by header", world(page(x_robots_tag="noindex")), Status.PASS, "leave it out"),
        Row("noindex for one robot", world(page(x_robots_tag="googlebot: noindex, nofollow")), Status.PASS),
        Row("noindex by meta", world(page(body=f'{TITLE}<meta name=robots content="NOINDEX, nofollow">')), Status.PASS),
        Row(
            "a canonical link",
            world(page(body=f'{TITLE}<link rel=canonical href="{HOME}">')),
            Status.PASS,
            "real address",
        ),
        Row("nothing there", world(NoPage(SHOP, "refused", "refused our connection", fact=True)), Status.PASS),
        Row("not found", world(page(status=404)), Status.PASS),
        Row("another page", world(page(body="<title>Style guide</title>")), Status.PASS, "another page"),
        Row("its certificate is old", world(NoPage(SHOP, "tls", "shows an old certificate", fact=True)), Status.WARN),
        Row("the same page", world(page()), Status.FAIL, "maple.vercel.app/ shows the same page as your site"),
        Row("a canonical link to itself", world(page(body=f'{TITLE}<link rel=canonical href="{SHOP}">')), Status.FAIL),
        Row(
            "a preview that was named",
            world(page("https://next.host.example/"), alias=NAME, preview="https://next.host.example/"),
            Status.FAIL,
            "next.host.example",
        ),
        Row("silent", world(NoPage(SHOP, "timeout", "said nothing for 10 seconds")), Status.UNKNOWN),
        Row("a shield", world(page(cf_mitigated="challenge")), Status.UNKNOWN),
        Row("nothing to compare with", world(page(), home=page(HOME, status=503)), Status.UNKNOWN, "could not compare"),
        Row(
            "full of escapes",
            world(
                page(body="<title>\x1b[2J\u202e[@click=app.quit]x[/]</title>"),
                home=page(HOME, "<title>\x1b[2J\u202e[@click=app.quit]x[/]</title>"),
            ),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["dns.preview.indexed"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("dns.preview.indexed", row)


async def test_a_name_that_was_not_looked_up_is_not_asked() -> None:
    silent = World(dns={(NAME, "A"): TimedOut(NAME, "A", 4.0)}, web={HOME: page(HOME)})
    await hold("dns.preview.indexed", Row("", silent, Status.UNKNOWN))


@pytest.mark.parametrize("platform", platforms(), ids=lambda platform: platform.name)
def test_every_platform_knows_its_own_examples(platform: Platform) -> None:
    assert platform.yes
    assert platform.no
    assert all(platform_of(host) is platform for host in platform.yes)
    assert not any(platform.gives(host) for host in platform.no)
    assert platform.source.startswith("https://")
    assert platform.date >= "2026-11-01"


def test_a_date_after_which_a_page_goes_is_no_noindex() -> None:
    until = page(x_robots_tag="unavailable_after: 25 Jun 2030 15:00:00 PST")
    assert not hidden(until, parse(until.text, until.url))
