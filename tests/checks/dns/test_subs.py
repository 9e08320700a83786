from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import RecordSet, Severity, Status
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Answer, NoData, NxDomain, ServerFailed, TimedOut
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.world import NAME, Row, World, found, hold

GOOD = "93.184.215.14"
APP, API, STATUS = f"app.{NAME}", f"api.{NAME}", f"status.{NAME}"


SHIELD = {"cf-mitigated": "challenge"}


def at(host: str, status: int = 200, **headers: str) -> dict[str, Reply]:
    return {f"https://{host}/": Page(f"https://{host}/", status, tuple(headers.items()))}


def no(host: str, kind: str, say: str, *, fact: bool = False) -> dict[str, Reply]:
    kinds = {"tls": "tls", "timeout": "timeout", "refused": "refused"}
    assert kind in kinds
    if kind == "tls":
        return {f"https://{host}/": NoPage(f"https://{host}/", "tls", say, "expired", fact=True)}
    if kind == "timeout":
        return {f"https://{host}/": NoPage(f"https://{host}/", "timeout", say)}
    return {f"https://{host}/": NoPage(f"https://{host}/", "refused", say, fact=True)}


def world(
    subs: tuple[str, ...] | None,
    web: Mapping[str, Reply],
    dns: Mapping[tuple[str, str], Answer] | None = None,
    *,
    private: bool = False,
) -> World:
    answers: dict[tuple[str, str], Answer] = {(NAME, "A"): found(NAME, "A", GOOD)}
    for sub in subs or ():
        host = f"{sub}.{NAME}"
        answers[host, "A"] = found(host, "A", GOOD)
        answers[host, "AAAA"] = NoData(host, "AAAA")
    answers.update(dns or {})
    return World(project=Project(NAME, subs=subs, network=Network(private=private)), dns=answers, web=web)


def missing(host: str) -> dict[tuple[str, str], Answer]:
    return {(host, "A"): NxDomain(host, "A"), (host, "AAAA"): NxDomain(host, "AAAA")}


TABLE: dict[str, list[Row]] = {
    "dns.sub.declared": [
        Row(
            "leads to a name that does not exist",
            world(
                ("app",),
                {
                    **at(APP, 301, location="https://old.example.net/"),
                    "https://old.example.net/": NoPage(
                        "https://old.example.net/", "no-address", "is not there", fact=True
                    ),
                },
            ),
            Status.FAIL,
            "leads to old.example.net, which is not there",
            Severity.CRITICAL,
        ),
        Row("a shield's question", world(("app",), at(APP, 403, **SHIELD)), Status.UNKNOWN, "we are a browser"),
        Row("sound", world(("app", "api"), {**at(APP), **at(API, 404)}), Status.PASS, "each has an address"),
        Row("an API that asks for a key", world(("api",), at(API, 401)), Status.PASS),
        Row("none declared", world((), {}), Status.INFO, "no subdomains"),
        Row("turned away", world(("app",), at(APP, 403)), Status.WARN, "answers 403"),
        Row(
            "the app is missing",
            world(("app",), {}, missing(APP)),
            Status.FAIL,
            "app.good.example has no address: it does not exist",
            Severity.CRITICAL,
        ),
        Row(
            "status is missing", world(("app", "status"), at(APP), missing(STATUS)), Status.FAIL, "type A, name status"
        ),
        Row(
            "a certificate that ran out",
            world(("app",), no(APP, "tls", "shows a certificate that ended")),
            Status.FAIL,
            "new certificate",
        ),
        Row(
            "nothing listens",
            world(("status",), no(STATUS, "refused", "refused our connection")),
            Status.FAIL,
            "refused",
        ),
        Row("it fails", world(("api",), at(API, 503)), Status.FAIL, "answers 503", Severity.CRITICAL),
        Row(
            "in a circle", world(("status",), at(STATUS, 301, location="/")), Status.FAIL, "without ever showing a page"
        ),
        Row(
            "inside a private network",
            world(("app",), {}, {(APP, "A"): found(APP, "A", "10.0.0.7")}),
            Status.FAIL,
            "private network",
        ),
        Row("never asked", world(None, {}), Status.UNKNOWN, "your list of subdomains"),
        Row("silent", world(("app",), no(APP, "timeout", "said nothing")), Status.UNKNOWN, "said nothing"),
        Row(
            "servers in trouble",
            world(("app",), at(APP), {(APP, "A"): ServerFailed(APP, "A"), (APP, "AAAA"): TimedOut(APP, "AAAA")}),
            Status.UNKNOWN,
        ),
        Row(
            "a refusal full of escapes",
            world(("app",), no(APP, "tls", "\x1b]0;x\x07 \u202e[@click=app.quit]x[/]")),
            Status.FAIL,
            hostile=True,
        ),
        Row(
            "an alias full of escapes",
            world(
                ("app",), {}, {(APP, "A"): NxDomain(APP, "A", ("\x1b[2J\u202e",)), (APP, "AAAA"): NxDomain(APP, "AAAA")}
            ),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_a_record_is_proposed_only_where_all_else_is_one_server() -> None:
    one = world(("app", "status"), at(APP), missing(STATUS))
    finding = await hold("dns.sub.declared", Row("", one, Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(STATUS, "A", (GOOD,)),)
    assert finding.severity is None
    assert finding.cause == f"no-address:{STATUS}"

    two = world(("app", "status"), at(APP), {**missing(STATUS), (APP, "A"): found(APP, "A", "93.184.215.99")})
    finding = await hold("dns.sub.declared", Row("", two, Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.kind == "steps"


async def test_the_addresses_of_a_shield_or_of_a_platform_are_no_value_for_a_record() -> None:
    shield = world(
        ("app", "status"), at(APP), {**missing(STATUS), **{(h, "A"): found(h, "A", "104.21.3.4") for h in (NAME, APP)}}
    )
    alias = world(
        ("app", "status"),
        at(APP),
        {**missing(STATUS), (f"www.{NAME}", "A"): found(f"www.{NAME}", "A", GOOD, aliases=("x.cloudfront.net",))},
    )
    for there in (shield, alias):
        finding = await hold("dns.sub.declared", Row("", there, Status.FAIL))
        assert finding.fix is not None
        assert (finding.fix.kind, finding.fix.records) == ("steps", ())


async def test_an_alias_that_leads_nowhere_is_no_platform() -> None:
    www = f"www.{NAME}"
    there = world(
        ("app", "status"), at(APP), {**missing(STATUS), (www, "A"): NxDomain(www, "A", ("gone.host.example",))}
    )
    finding = await hold("dns.sub.declared", Row("", there, Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(STATUS, "A", (GOOD,)),)
