from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.checks.dns.dangling import Mark, marks
from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, NxDomain, ServerFailed
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, found, hold

WWW, DOCS = f"www.{NAME}", f"docs.{NAME}"
UNCLAIMED = b"<p>There isn't a GitHub Pages site here.</p>"


def world(docs: Answer, page: Reply | None = None, more: Mapping[tuple[str, str], Answer] | None = None) -> World:
    answers: dict[tuple[str, str], Answer] = {
        (NAME, "A"): found(NAME, "A", "93.184.215.14"),
        (WWW, "A"): found(WWW, "A", "93.184.215.14", aliases=(NAME,)),
        (DOCS, "A"): docs,
    }
    pages = {page.url: page} if page is not None else {}
    return World(project=Project(NAME, subs=("docs",)), dns={**answers, **(more or {})}, web=pages)


def behind(*aliases: str) -> Answer:
    return found(DOCS, "A", "93.184.215.20", aliases=aliases)


def page(status: int, body: bytes = b"", scheme: str = "https", **headers: str) -> Page:
    return Page(f"{scheme}://{DOCS}/", status, tuple(headers.items()), body)


TABLE: dict[str, list[Row]] = {
    "dns.cname.dangling": [
        Row(
            "a shield stands there",
            world(behind("good.github.io"), page(403, b"", cf_mitigated="challenge")),
            Status.PASS,
        ),
        Row(
            "sound",
            world(behind("good.github.io"), page(200, b"<h1>Docs</h1>")),
            Status.PASS,
            "is there: www.good.example and docs.good.example",
        ),
        Row(
            "no alias at all",
            world(found(DOCS, "A", "93.184.215.20"), more={(WWW, "A"): found(WWW, "A", "93.184.215.14")}),
            Status.PASS,
            "None of your names is an alias",
        ),
        Row(
            "a service's words on a page of one's own",
            world(behind("good.github.io"), page(200, UNCLAIMED)),
            Status.PASS,
        ),
        Row("within the zone", world(behind(NAME), page(404)), Status.PASS),
        Row("a missing page", world(behind("good.github.io"), page(404, b"Not here")), Status.WARN, "answers 404"),
        Row(
            "a shop whose plan ran out: claimed all the same",
            world(behind("shops.myshopify.com"), page(404, b"<p>Sorry, this shop is currently unavailable.</p>")),
            Status.WARN,
            "answers 404",
        ),
        Row(
            "the target is gone",
            world(NxDomain(DOCS, "A", ("old.host.example",))),
            Status.FAIL,
            "docs.good.example points at old.host.example, which does not exist",
        ),
        Row(
            "nobody has claimed it", world(behind("good.github.io"), page(404, UNCLAIMED)), Status.FAIL, "GitHub Pages"
        ),
        Row(
            "nobody has claimed it, seen over http",
            world(behind("x.vercel-dns.com"), page(404, b"DEPLOYMENT_NOT_FOUND", "http")),
            Status.FAIL,
            "Vercel",
        ),
        Row(
            "an address of the service, without an alias",
            world(found(DOCS, "A", "93.184.215.20"), page(404, UNCLAIMED)),
            Status.FAIL,
            "claim docs.good.example",
        ),
        Row("servers in trouble", world(ServerFailed(DOCS, "A")), Status.UNKNOWN, "SERVFAIL"),
        Row(
            "the target's host is silent",
            World(
                project=Project(NAME, subs=("docs",)),
                dns=world(behind("good.github.io")).dns,
                web={
                    f"{scheme}://{DOCS}/": NoPage(f"{scheme}://{DOCS}/", "timeout", "said nothing for 10 seconds")
                    for scheme in ("http", "https")
                },
            ),
            Status.UNKNOWN,
            "said nothing",
        ),
        Row(
            "a target full of escapes",
            world(NxDomain(DOCS, "A", ("\x1b]0;x\x07\u202e[@click=app.quit]x[/]",))),
            Status.FAIL,
            hostile=True,
        ),
        Row(
            "a page full of escapes",
            world(behind("\x1b[2J.github.io"), page(404, b"\x1b[2J" * 99)),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize("mark", marks(), ids=lambda mark: mark.service)
def test_every_mark_knows_its_own_examples(mark: Mark) -> None:
    assert bool(mark.body) is not bool(mark.header[0])
    assert mark.source
    assert mark.date >= "2026-11-01"

    def shown(example: str, status: int) -> Page:
        if mark.body:
            return Page("https://x.good.example/", status, (), example.encode())
        name, _, value = example.partition(":")
        return Page("https://x.good.example/", status, ((name, value.strip()),))

    here = [f"good.{mark.names[0]}"]
    status = mark.status or 410
    assert mark.fits(shown(mark.yes, status), here)
    assert not mark.fits(shown(mark.no, status), here)
    assert not mark.fits(shown(mark.yes, 200), here)
    assert mark.fits(shown(mark.yes, status), [f"not{mark.names[0]}"]) is mark.alone


def test_the_big_platforms_are_there_each_page_fits_one() -> None:
    services = {mark.service for mark in marks()}
    assert len(services) >= 20
    assert {"GitHub Pages", "Heroku", "Amazon S3", "Vercel", "Netlify", "Microsoft Azure", "Fastly"} <= services
    for mark in marks():
        if mark.body:
            page = Page("https://x.good.example/", mark.status or 404, (), mark.yes.encode())
            fitting = {each.service for each in marks() if each.fits(page, [f"good.{mark.names[0]}"])}
            assert fitting == {mark.service}


async def test_a_dead_alias_is_deleted_and_www_is_not_left_without() -> None:
    docs = await hold("dns.cname.dangling", Row("", world(NxDomain(DOCS, "A", ("old.example",))), Status.FAIL))
    assert docs.fix is not None
    assert docs.fix.records == (RecordSet(DOCS, "CNAME", ()),)
    gone = {(WWW, "A"): NxDomain(WWW, "A", ("old.example",))}
    www = await hold("dns.cname.dangling", Row("", world(behind(NAME), page(200), gone), Status.FAIL))
    assert www.fix is not None
    assert www.fix.records == (RecordSet(WWW, "CNAME", (f"{NAME}.",)),)
    assert www.cause == f"no-address:{WWW}"
