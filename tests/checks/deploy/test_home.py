"""deploy.smoke.home: the front door, open, shut, slow, parked, lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui import limits
from launchready_tui.engine import Context, judge
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, CannedWeb, Row, World, by_id, hold

HOME = f"https://{NAME}/"
HTML = (("content-type", "text/html; charset=utf-8"),)
SHIELD = ("cf-mitigated", "challenge")


def page(body: str = "<h1>Maple Club</h1>", status: int = 200, url: str = HOME, **more: object) -> Page:
    return replace(Page(url, status, HTML, body.encode(), seconds=0.2), **more)  # type: ignore[arg-type]  # plain fields


def web(*replies: Reply, marker: str = "") -> World:
    return World(project=Project(NAME, marker=marker), web={reply.url: reply for reply in replies})


def moved(url: str, to: str) -> Page:
    return Page(url, 301, (("location", to),), seconds=0.1)


class Moody(CannedWeb):
    """Answers each attempt at a URL by the next of its replies; the last one for ever."""

    def __init__(self, replies: Mapping[str, list[Reply]]) -> None:
        self._replies = replies
        self.attempts: list[int] = []

    async def get(
        self,
        url: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        accept_encoding: str = "gzip",
        attempt: int = 1,
        most: int | None = None,
    ) -> Reply:
        self.attempts.append(attempt)
        known = self._replies[url]
        return known[min(attempt, len(known)) - 1]


SILENT = NoPage(HOME, "timeout", "took our connection and then said nothing complete for 10 seconds")
TABLE: dict[str, list[Row]] = {
    "deploy.smoke.home": [
        Row(
            "a shield's question",
            web(page(status=403, headers=(*HTML, SHIELD))),
            Status.UNKNOWN,
            "a rule at Cloudflare",
        ),
        Row("asked too often", web(page(status=429)), Status.UNKNOWN, "too often"),
        Row("packed unasked", web(page("", encoding="br"), marker="Maple"), Status.UNKNOWN, "cannot read (br)"),
        Row("open, with its marker", web(page(), marker="maple  club"), Status.PASS, "0.20 seconds"),
        Row("open, no marker given", web(page()), Status.PASS, "Tell us a few words"),
        Row(
            "after a redirect",
            web(moved(HOME, "https://www.good.example/"), page(url="https://www.good.example/")),
            Status.PASS,
        ),
        Row("drawn by script", web(page('<div id="root"></div><script src="/a.js"></script>')), Status.PASS),
        Row("the marker is not there", web(page(), marker="Oak Club"), Status.FAIL, "Oak Club"),
        Row("404", web(page(status=404)), Status.FAIL, "answers 404"),
        Row("503, three times", web(page(status=503)), Status.FAIL, "3 tries"),
        Row("slow", web(page(seconds=3.4)), Status.FAIL, "3.4 seconds"),
        Row(
            "nginx", web(page("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>")), Status.FAIL, "placeholder"
        ),
        Row("parked", web(page("<title>good.example</title><p>This domain is for sale.")), Status.FAIL, "placeholder"),
        Row("a page about parked domains", web(page(f"<p>This domain is for sale. {'Read on. ' * 300}")), Status.PASS),
        Row("refused", web(), Status.FAIL, "refused our connection"),
        Row(
            "certificate",
            web(NoPage(HOME, "tls", "shows a certificate that has expired", "X.509 error 10", fact=True)),
            Status.FAIL,
            "expired",
        ),
        Row(
            "no address",
            web(NoPage(HOME, "no-address", "has no address in the DNS", fact=True)),
            Status.FAIL,
            "no address",
        ),
        Row("a loop", web(moved(HOME, "/x"), moved(HOME + "x", "/")), Status.FAIL, "circle"),
        Row("a redirect to nowhere", web(moved(HOME, "https://[")), Status.FAIL, "address that is none"),
        Row("silence", web(SILENT), Status.UNKNOWN, "3 tries"),
        Row("address not to be had", web(NoPage(HOME, "no-address", "could not be looked up")), Status.UNKNOWN),
        Row("not public", web(NoPage(HOME, "policy", "has the address 10.0.0.1")), Status.UNKNOWN),
        Row("said to have none", World(project=Project(NAME, urls={"home": ""})), Status.INFO),
        Row(
            "a title full of escapes",
            web(page("<title>\x1b]0;x\x07\u202eWelcome to nginx [@click=app.quit]x[/]</title>", status=418)),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("label", "cause"),
    [
        ("refused", f"site-down:{NAME}"),
        ("503, three times", f"site-down:{NAME}"),
        ("certificate", f"certificate:{NAME}"),
        ("no address", f"no-address:{NAME}"),
        ("a loop", f"canonical:{NAME}"),
        ("404", ""),
    ],
)
async def test_a_fault_that_others_see_has_their_cause(label: str, cause: str) -> None:
    row = next(row for row in TABLE["deploy.smoke.home"] if row.label == label)
    assert (await hold("deploy.smoke.home", row)).cause == cause


async def test_it_is_asked_again_only_where_it_did_not_answer() -> None:
    cases: tuple[tuple[list[Reply], Status, list[int]], ...] = (
        ([page(status=502), page()], Status.PASS, [1, 2]),
        ([SILENT, SILENT, page()], Status.PASS, [1, 2, 3]),
        ([SILENT], Status.UNKNOWN, [1, 2, 3]),
        ([page(status=404), page()], Status.FAIL, [1]),
        ([page(seconds=9.0), page()], Status.PASS, [1, 2]),  # asleep, or our own line
        ([page(seconds=9.0)], Status.FAIL, [1, 2, 3]),
        ([page(seconds=9.0), SILENT], Status.UNKNOWN, [1, 2, 3]),
    )
    for replies, status, attempts in cases:
        web = Moody({HOME: replies})
        finding = await judge(by_id("deploy.smoke.home"), Context(Project(NAME), web))
        assert finding.status is status
        assert web.attempts == attempts
        assert max(attempts) <= limits.SMOKE_TRIES
