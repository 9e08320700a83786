"""edge.https.forced and edge.https.hsts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.hsts import Hsts, parse_hsts
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Reply
from tests.checks.edge.world import API, EVIL, HOME, PLAIN, WWW, nowhere, page, silent, to, world
from tests.world import NAME, Row, World, hold

PLAIN_WWW, HTTPS_WWW = f"http://{WWW}/", f"https://{WWW}/"
SOUND: tuple[Reply, ...] = (to(PLAIN, HOME), page(), to(PLAIN_WWW, HTTPS_WWW), to(HTTPS_WWW, HOME))


def plain(*first: Reply) -> World:
    """The sound site, with these replies in place of its own."""
    replies = {reply.url: reply for reply in SOUND} | {reply.url: reply for reply in first}
    return world(*replies.values())


def hsts(value: str | None, subs: tuple[str, ...] | None = None) -> World:
    reply = page() if value is None else page(strict_transport_security=value)
    return world(reply, project=Project(NAME, subs=subs))


API_URLS = Project(NAME, urls={"api": f"https://{API}/health"})
TABLE: dict[str, list[Row]] = {
    "edge.https.forced": [
        Row("a shield's question", plain(page(PLAIN, "", 403, cf_mitigated="challenge")), Status.UNKNOWN, "a browser"),
        Row("301 to https on the same host", plain(), Status.PASS, "lead from http to https first"),
        Row("308", plain(to(PLAIN, HOME, 308)), Status.PASS),
        Row("port 80 refuses", world(page()), Status.PASS, "do not answer over http"),
        Row("http serves the page", plain(page(PLAIN)), Status.FAIL, f"shows {PLAIN} over http"),
        Row("both serve", plain(page(PLAIN), page(PLAIN_WWW)), Status.FAIL, "good.example and www.good.example show"),
        Row("https leads back to http", plain(to(HOME, f"{PLAIN}x"), page(f"{PLAIN}x")), Status.FAIL, "unprotected"),
        Row("302", plain(to(PLAIN, HOME, 302)), Status.WARN, "302, not 301"),
        Row("straight to another host", plain(to(PLAIN_WWW, HOME)), Status.WARN, "to another host, good.example"),
        Row("http to www over http", plain(to(PLAIN, PLAIN_WWW)), Status.WARN, "another host"),
        Row(
            "a step over http first", plain(to(PLAIN, f"{PLAIN}en"), to(f"{PLAIN}en", HOME)), Status.WARN, "still over"
        ),
        Row("404 over http", plain(page(PLAIN, "", 404)), Status.WARN, "answers 404 over http"),
        Row("a redirect to nowhere", plain(to(PLAIN, "javascript:alert(1)")), Status.WARN, "leads nowhere"),
        Row("silence", plain(silent(PLAIN)), Status.UNKNOWN, "another look"),
        Row("silence beside an open host", plain(silent(PLAIN), page(PLAIN_WWW)), Status.FAIL, WWW),
        Row("www does not exist", plain(nowhere(PLAIN_WWW)), Status.PASS, "good.example leads"),
        Row("no host exists", plain(nowhere(PLAIN), nowhere(PLAIN_WWW)), Status.UNKNOWN, "a host that answers"),
        Row(
            "the API serves over http",
            replace(plain(page(f"http://{API}/", "{}")), project=API_URLS),
            Status.FAIL,
            f"http://{API}/",
        ),
        Row("a loop", plain(to(PLAIN, PLAIN)), Status.WARN, "still over http"),
        Row("escapes in a location", plain(to(PLAIN, f"/{EVIL}")), Status.WARN, hostile=True),
    ],
    "edge.https.hsts": [
        Row("a shield's question", world(page(HOME, "", 403, cf_mitigated="challenge")), Status.UNKNOWN, "a browser"),
        Row("two years", hsts("max-age=63072000; includeSubDomains"), Status.PASS, "for 730 days"),
        Row("exactly a year", hsts("max-age=31536000"), Status.PASS),
        Row("preload with declared subdomains", hsts("max-age=31536000; preload", ("app",)), Status.PASS),
        Row("preload and nobody declared any", hsts("max-age=31536000; preload"), Status.WARN, "preload"),
        Row("a second less than a year", hsts("max-age=31535999"), Status.WARN, "364 days"),
        Row("half a year", hsts("max-age=15552000"), Status.WARN, "180 days"),
        Row("a ramp", hsts("max-age=300"), Status.WARN, "5 minutes"),
        Row("zero", hsts("max-age=0"), Status.FAIL, "max-age=0"),
        Row("absent", hsts(None), Status.FAIL, "max-age=31536000"),
        Row("no max-age", hsts("includeSubDomains"), Status.FAIL, "do not understand"),
        Row("only over http", world(to(HOME, PLAIN), page(PLAIN, strict_transport_security="max-age=1")), Status.FAIL),
        Row("silence", world(silent(HOME)), Status.UNKNOWN, "another look"),
        Row("refused", world(), Status.UNKNOWN, "a home page that answers"),
        Row("no home page", World(project=Project(NAME, urls={"home": ""})), Status.INFO, "no home page"),
        Row("escapes", hsts(EVIL), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_http_faults_share_a_cause() -> None:
    finding = await hold("edge.https.forced", Row("open", plain(page(PLAIN)), Status.FAIL))
    assert finding.cause == f"http:{NAME}"
    assert finding.fix is not None
    assert [(setting.name, setting.value) for setting in finding.fix.settings] == [("https.redirect", "301")]


async def test_preload_is_never_proposed() -> None:
    for row in TABLE["edge.https.hsts"]:
        finding = await hold("edge.https.hsts", row)
        assert finding.fix is None or "preload" not in finding.fix.copy


async def test_a_refusal_that_is_no_fact_is_not_sound() -> None:
    odd = NoPage(PLAIN, "broken", "broke off our connection")
    await hold("edge.https.forced", Row("broken", plain(odd), Status.UNKNOWN))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        (["max-age=300"], Hsts(True, 300)),
        (['MAX-AGE = "300" ; includeSubDomains;; preload'], Hsts(True, 300, True, True)),
        (["max-age=300; unknown=x; other"], Hsts(True, 300)),
        (["max-age=1", "max-age=2"], Hsts(True, 1)),
        (["max-age=1; max-age=2"], Hsts(False)),
        (["max-age=1, max-age=2"], Hsts(False)),
        (["max-age=-1"], Hsts(False)),
        (["max-age=1.5"], Hsts(False)),
        (["max-age"], Hsts(False)),
        (["includeSubDomains"], Hsts(False)),
        ([""], Hsts(False)),
        (["max age=1"], Hsts(False)),
        (["max-age=" + "9" * 400], Hsts(False)),
    ],
)
def test_parse_hsts(values: list[str], expected: Hsts | None) -> None:
    assert parse_hsts(values) == expected
