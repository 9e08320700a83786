from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest

from launchready_tui.model import Setting, Severity, Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, hold

WWW = f"www.{NAME}"


def ok(url: str, status: int = 200) -> Page:
    return Page(url, status, (("content-type", "text/html"),), b"<h1>Hello</h1>")


def to(url: str, where: str, status: int = 301, shield: str = "") -> Page:
    return Page(url, status, (("location", where), *([("cf-ray", shield)] if shield else [])))


def gone(url: str) -> NoPage:
    return NoPage(url, "timeout", "took our connection and then said nothing")


def nobody(url: str) -> NoPage:
    return NoPage(url, "no-address", "has no address", fact=True)


HOME = f"https://{NAME}/"


def shielded(url: str) -> Page:
    return Page(url, 403, (("cf-mitigated", "challenge"),), b"Just a moment...")


def site(pages: Mapping[str, Reply], **urls: str) -> World:
    return World(project=Project(NAME, urls=urls), web=pages)


def sound(**others: Reply) -> dict[str, Reply]:
    """All lead to https apex in one step; `others` by short name (ha, hw, sw, sa) replace."""
    home = f"https://{NAME}/"
    pages: dict[str, Reply] = {
        "sa": ok(home),
        "ha": to(f"http://{NAME}/", home),
        "sw": to(f"https://{WWW}/", home),
        "hw": to(f"http://{WWW}/", home),
    }
    pages.update(others)
    return {page.url: page for page in pages.values()}


def ladder(steps: int, status: int = 301) -> dict[str, Reply]:
    """http://www needs `steps` redirects to the home page."""
    way = [f"http://{WWW}/", *(f"https://{WWW}/{n}" for n in range(1, steps)), f"https://{NAME}/"]
    pages = sound()
    pages.update({here: to(here, there, status) for here, there in itertools.pairwise(way)})
    return pages


LOOP = sound(sa=to(f"https://{NAME}/", f"http://{NAME}/", shield="1"), ha=to(f"http://{NAME}/", f"https://{NAME}/"))

TABLE: dict[str, list[Row]] = {
    "dns.redirect.canonical": [
        Row("a shield's question", site(sound(sa=shielded(HOME))), Status.UNKNOWN, "we are a browser"),
        Row("sound", site(sound()), Status.PASS, f"ends on https://{NAME}/"),
        Row("www is missing", site(sound(sw=nobody(f"https://{WWW}/"), hw=nobody(f"http://{WWW}/"))), Status.PASS),
        Row(
            "two hosts serve",
            site(sound(sw=ok(f"https://{WWW}/"))),
            Status.FAIL,
            f"Make {NAME} the main one",
        ),
        Row(
            "home ends on www",
            site(sound(sw=ok(f"https://{WWW}/")), home=f"https://{WWW}/"),
            Status.FAIL,
            f"Make {WWW} the main one",
        ),
        Row("http serves", site(sound(ha=ok(f"http://{NAME}/"))), Status.FAIL, "over http"),
        Row("one ends on a missing page", site(sound(sw=ok(f"https://{WWW}/", 404))), Status.FAIL, "different places"),
        Row("a circle", site(LOOP), Status.FAIL, "go in a circle"),
        Row(
            "a redirect to nowhere",
            site(sound(ha=Page(f"http://{NAME}/", 301))),
            Status.FAIL,
            "without a usable address",
        ),
        Row("one silent", site(sound(hw=gone(f"http://{WWW}/"))), Status.UNKNOWN, "said nothing"),
        Row("nothing listens anywhere", site({}), Status.UNKNOWN, "None of the addresses"),
        Row(
            "a location full of escapes",
            site(sound(ha=to(f"http://{NAME}/", "https://\x1b]0;x\x07\u202e.example/"))),
            Status.FAIL,
            hostile=True,
        ),
        Row(
            "markup and a bidi turn in the address",
            site(sound(sw=ok("https://www.good.example/"), sa=to(f"https://{NAME}/", "/[@click=app.quit]x[/]\u202e"))),
            Status.PASS,
            hostile=True,
        ),
    ],
    "dns.redirect.hops": [
        Row("a shield's question", site(sound(sa=shielded(HOME))), Status.UNKNOWN, "we are a browser"),
        Row(
            "off to a sign-in service for a moment",
            site(sound(sa=to(HOME, "https://good.eu.auth0.com/", 302), auth=ok("https://good.eu.auth0.com/"))),
            Status.PASS,
        ),
        Row("sound", site(sound()), Status.PASS, "1 redirect at most"),
        Row("two", site(ladder(2)), Status.PASS, "2 redirects at most"),
        Row("three", site(ladder(3)), Status.WARN, "3 redirects"),
        Row("four", site(ladder(4)), Status.FAIL, "4 redirects"),
        Row(
            "meant for good, marked as temporary",
            site(sound(hw=to(f"http://{WWW}/", f"https://{NAME}/", 302))),
            Status.WARN,
            "answers 302",
        ),
        Row(
            "a language, chosen for now",
            site({**sound(sa=to(f"https://{NAME}/", "/en", 302)), f"https://{NAME}/en": ok(f"https://{NAME}/en")}),
            Status.PASS,
        ),
        Row("a circle", site(LOOP), Status.FAIL, "Flexible", Severity.CRITICAL),
        Row("no end", site(ladder(30)), Status.FAIL, "more than 10 times", Severity.CRITICAL),
        Row("one silent", site(sound(hw=gone(f"http://{WWW}/"))), Status.UNKNOWN, "said nothing"),
        Row("nothing listens anywhere", site({}), Status.UNKNOWN),
        Row(
            "a circle of escapes",
            site(sound(ha=to(f"http://{NAME}/", "/\x1b[31m\u202e"))),
            Status.PASS,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_the_fix_and_the_cause_say_what_is_wrong() -> None:
    finding = await hold("dns.redirect.canonical", Row("", site(sound(sw=ok(f"https://{WWW}/"))), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.settings == (Setting("redirects.canonical", NAME),)
    assert finding.cause == f"canonical:{NAME}"

    finding = await hold("dns.redirect.canonical", Row("", site(sound(ha=ok(f"http://{NAME}/"))), Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.settings == (Setting("redirects.canonical", NAME), Setting("https.redirect", "301"))
    assert finding.cause == f"http:{NAME}"
