"""edge.tls.valid and edge.tls.expiry: every fault by its name, the share of the lifetime, and silence."""

from __future__ import annotations

import pytest

from launchready_tui.model import Severity, Status
from launchready_tui.project import Project
from tests.checks.edge.world import (
    APP,
    EVIL,
    HOME,
    PLAIN,
    WWW,
    no_handshake,
    page,
    shaken,
    silent,
    to,
    world,
)
from tests.world import NAME, Row, World, hold

SUBS = Project(NAME, subs=("app",))


def two(first: object, second: object | None = None) -> World:
    seen = {NAME: first, WWW: second or shaken(host=WWW)}
    return world(page(), seen=seen)  # type: ignore[arg-type]  # handshakes and what stands for none


def left(days: float, whole: float = 90) -> World:
    return two(shaken(left=days, whole=whole))


REFUSED = no_handshake("refused", "refused our connection", fact=True)
ALERT = no_handshake("tls", "turned down a secure connection", fact=True)
QUIET = no_handshake("timeout", "took our connection and did not finish securing it within 6 seconds")
ABSENT = no_handshake("no-address", "does not exist in the DNS", host=WWW, fact=True)

TABLE: dict[str, list[Row]] = {
    "edge.tls.valid": [
        Row("trusted", two(shaken()), Status.PASS, "good.example and www.good.example"),
        Row("expired", two(shaken("expired", left=-21)), Status.FAIL, "expired on 3 Nov 2026"),
        Row("an expired link", two(shaken("expired")), Status.FAIL, "sends along with its own has expired"),
        Row("not yet valid", two(shaken("not-yet-valid", left=99)), Status.FAIL, "counts only from 3 Dec 2026"),
        Row("wrong name", two(shaken("name-mismatch", sans=("other.example",))), Status.FAIL, "made for other.example"),
        Row("self-signed", two(shaken("self-signed")), Status.FAIL, "signed its certificate itself"),
        Row(
            "incomplete", two(shaken("incomplete-chain", missing="R11")), Status.FAIL, "leaves out a certificate (R11)"
        ),
        Row(
            "untrusted", two(shaken("untrusted", issuer="Home CA")), Status.FAIL, "from Home CA, which browsers do not"
        ),
        Row("weak key", two(shaken("weak-key")), Status.FAIL, "no longer take (ecdsa256)"),
        Row("weak signature", two(shaken("weak-signature")), Status.FAIL, "no longer take (sha256)"),
        Row(
            "only www", two(shaken(), shaken("expired", host=WWW, left=-1)), Status.FAIL, "of www.good.example expired"
        ),
        Row("both", two(shaken("expired", left=-1), shaken("untrusted", host=WWW)), Status.FAIL, "at www.good.example"),
        Row("the server turns it down", two(ALERT), Status.FAIL, "turned down a secure connection"),
        Row("nothing listens", two(REFUSED), Status.FAIL, "nothing listens on port 443"),
        Row("silence", two(QUIET), Status.UNKNOWN, "another look"),
        Row("silence beside a fault", two(QUIET, shaken("expired", host=WWW, left=-1)), Status.FAIL, "www"),
        Row("no host at all", world(project=SUBS, names={}, seen={}), Status.FAIL, "nothing listens"),
        Row(
            "www does not exist",
            world(page(), seen={NAME: shaken(), WWW: ABSENT}),
            Status.PASS,
            "of good.example.",
        ),
        Row(
            "a declared host that serves no pages",
            world(
                seen={NAME: shaken(), WWW: shaken(host=WWW), APP: no_handshake("refused", "x", host=APP, fact=True)},
                project=SUBS,
            ),
            Status.PASS,
        ),
        Row(
            "a declared host",
            world(
                seen={NAME: shaken(), WWW: shaken(host=WWW), APP: shaken("expired", host=APP, left=-1)},
                project=SUBS,
            ),
            Status.FAIL,
            "app.good.example",
        ),
        Row(
            "the host of the login page",
            world(
                page(),
                seen={NAME: shaken(), WWW: shaken(host=WWW), "id.example": shaken("untrusted", host="id.example")},
                project=Project(NAME, urls={"login": "https://id.example/login"}),
            ),
            Status.FAIL,
            "id.example",
        ),
        Row(
            "a host that only redirects",
            world(
                to(PLAIN, "https://old.example/"),
                to("https://old.example/", HOME),
                page(),
                seen={
                    NAME: shaken(),
                    WWW: shaken(host=WWW),
                    "old.example": shaken("expired", left=-1, host="old.example"),
                },
            ),
            Status.FAIL,
            "old.example",
        ),
        Row(
            "escapes in names",
            two(shaken("name-mismatch", issuer=EVIL, sans=(EVIL,))),
            Status.FAIL,
            hostile=True,
        ),
    ],
    "edge.tls.expiry": [
        Row("two thirds left", left(60), Status.PASS, "good for 60 days more (23 Jan 2027), of 90 days"),
        Row("exactly a quarter", left(22.5), Status.PASS),
        Row("just under a quarter", left(22.4), Status.WARN, "expires in 22 days (16 Dec 2026)"),
        Row("exactly an eighth", left(11.25), Status.WARN),
        Row("just under an eighth", left(11.2), Status.FAIL, "expires in 11 days"),
        Row("71 hours of 20 days", left(71 / 24, 20), Status.FAIL, "expires in 71 hours"),
        Row("73 hours of 20 days", left(73 / 24, 20), Status.WARN),
        Row("a six-day certificate, half way", left(3, 6), Status.PASS, "good for 3 days"),
        Row("a six-day certificate, 30 hours", left(30 / 24, 6), Status.WARN, "30 hours"),
        Row("a six-day certificate, 23 hours", left(23 / 24, 6), Status.FAIL, "23 hours"),
        Row("expired", left(-21), Status.FAIL, "expired 21 days ago (3 Nov 2026)", Severity.CRITICAL),
        Row("expired an hour ago", left(-1 / 24), Status.FAIL, "expired 1 hour ago", Severity.CRITICAL),
        Row(
            "www is late too", two(shaken(left=5), shaken(host=WWW, left=6)), Status.FAIL, "www.good.example is late as"
        ),
        Row("only www", two(shaken(), shaken(host=WWW, left=5)), Status.FAIL, "of www.good.example expires in 5 days"),
        Row("silence", two(QUIET), Status.UNKNOWN, "another look"),
        Row("silence beside one that is late", two(QUIET, shaken(host=WWW, left=15)), Status.WARN, "15 days"),
        Row("nobody speaks https", world(), Status.UNKNOWN, "a host that answers over https"),
        Row("escapes in names", two(shaken(left=5, issuer=EVIL, sans=(EVIL,))), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(id, row) for id, rows in TABLE.items() for row in rows],
    ids=lambda value: value if isinstance(value, str) else value.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_one_fault_has_one_cause() -> None:
    expired = two(shaken("expired", left=-21))
    valid = await hold("edge.tls.valid", Row("expired", expired, Status.FAIL))
    expiry = await hold("edge.tls.expiry", Row("expired", expired, Status.FAIL))
    assert valid.cause == expiry.cause == f"certificate:{NAME}"
    down = await hold("edge.tls.valid", Row("refused", two(REFUSED), Status.FAIL))
    assert down.cause == f"site-down:{NAME}"


async def test_the_date_is_a_fact_for_the_handover() -> None:
    finding = await hold("edge.tls.expiry", Row("sound", left(60), Status.PASS))
    assert finding.facts == (("not after", "2027-01-23"),)


async def test_a_silent_page_is_not_a_silent_certificate() -> None:
    quiet = world(silent(HOME), silent(PLAIN), seen={NAME: shaken(), WWW: shaken(host=WWW)})
    await hold("edge.tls.valid", Row("silent pages", quiet, Status.PASS))
