"""The domain's registration: there, not about to run out, nothing holds it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import Severity, Status
from launchready_tui.sources.dns import Answer, Delegation, NoData, NxDomain, ServerFailed, TimedOut
from launchready_tui.sources.registry import NoRegistry, NotRegistered, Registration
from tests.world import NAME, NOW, Row, World, found, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
NS = found(NAME, "NS", "ns1.host.example.", "ns2.host.example.")


def parent(answer: Answer) -> Delegation:
    return Delegation(NAME, answer, "a.gtld.example")


THERE, GONE = parent(NS), parent(NxDomain(NAME, "NS"))
SILENT, REFUSED = parent(TimedOut(NAME, "NS", 4.0)), parent(ServerFailed(NAME, "NS", "REFUSED"))
NOT, OFF = NotRegistered(NAME, "rdap.example"), NoRegistry(NAME, "timeout", "did not answer within 10 seconds")
UNASKABLE = NoRegistry(NAME, "no-server", "the registry of .example offers no public look-up")
RECORD = Registration(
    NAME, registrar="Namecheap, Inc.", expires=NOW + dt.timedelta(days=100), statuses=("clientTransferProhibited",)
)


def lasting(**left: float) -> Registration:
    return replace(RECORD, expires=NOW + dt.timedelta(**left))


def holding(*statuses: str) -> World:
    return World(registry=replace(RECORD, statuses=statuses))


RENEWS = (said("registrar.protection", "looked", "auto-renew"),)

TABLE: dict[str, list[Row]] = {
    "audit.domain.registered": [
        Row("NS at the parent", World(delegation=THERE), Status.PASS, "ns1.host.example and ns2.host.example"),
        Row("NS at the parent, registry silent", World(delegation=THERE, registry=OFF), Status.PASS),
        Row("NS at the parent, RDAP 404", World(delegation=THERE, registry=NOT), Status.PASS),
        Row("registry knows it, no NS", World(delegation=GONE, registry=RECORD), Status.PASS, "No name server answers"),
        Row("parent silent, resolvers know", World(delegation=SILENT, dns={(NAME, "NS"): NS}), Status.PASS),
        Row("NXDOMAIN at the parent", World(delegation=GONE), Status.FAIL, "does not exist"),
        Row("NXDOMAIN and 404", World(delegation=GONE, registry=NOT), Status.FAIL, "renew it today"),
        Row("NXDOMAIN, registry silent", World(delegation=GONE, registry=OFF), Status.FAIL),
        Row("404 and no NS", World(delegation=parent(NoData(NAME, "NS")), registry=NOT), Status.FAIL, "does not know"),
        Row("404, parent silent, resolvers say no", World(delegation=SILENT, registry=NOT), Status.FAIL),
        Row("no NS, registry silent", World(delegation=parent(NoData(NAME, "NS")), registry=OFF), Status.UNKNOWN),
        Row("parent silent, no registry", World(delegation=SILENT), Status.UNKNOWN, "another look"),
        Row("parent refused", World(delegation=REFUSED, registry=OFF), Status.UNKNOWN, "did not answer within 10"),
        Row(
            "404, but nobody could say whether NS exist",
            World(delegation=SILENT, registry=NOT, dns={(NAME, "NS"): ServerFailed(NAME, "NS")}),
            Status.UNKNOWN,
        ),
        Row(
            "hostile names",
            World(delegation=parent(found(NAME, "NS", HOSTILE)), registry=replace(RECORD, registrar=HOSTILE)),
            Status.PASS,
            hostile=True,
        ),
        Row(
            "hostile reason", World(delegation=SILENT, registry=replace(OFF, say=HOSTILE)), Status.UNKNOWN, hostile=True
        ),
    ],
    "audit.domain.expiry": [
        Row("100 days", World(registry=RECORD), Status.PASS, "100 days from now"),
        Row("60 days and an hour", World(registry=lasting(days=60, hours=1)), Status.PASS),
        Row("60 days", World(registry=lasting(days=60)), Status.WARN, "60 days, on 23 Jan 2027"),
        Row("30 days", World(registry=lasting(days=30)), Status.WARN, "Sign in at Namecheap, Inc."),
        Row(
            "45 days, auto-renew confirmed", World(registry=lasting(days=45), answers=RENEWS), Status.PASS, "confirmed"
        ),
        Row(
            "45 days, auto-renew confirmed too long ago",
            World(
                registry=lasting(days=45), answers=(said("registrar.protection", "looked", "auto-renew", days_ago=91),)
            ),
            Status.WARN,
        ),
        Row(
            "45 days, looked and it is off",
            World(registry=lasting(days=45), answers=(said("registrar.protection", "looked", "card"),)),
            Status.WARN,
        ),
        Row("29 days", World(registry=lasting(days=29.9)), Status.FAIL, "runs out in 29 days"),
        Row("29 days with auto-renew", World(registry=lasting(days=29), answers=RENEWS), Status.FAIL),
        Row("14 days", World(registry=lasting(days=14)), Status.FAIL),
        Row("13 days", World(registry=lasting(days=13.9)), Status.FAIL, severity=Severity.CRITICAL),
        Row("over", World(registry=lasting(days=-1)), Status.FAIL, "ran out on 23 Nov 2026", Severity.CRITICAL),
        Row("no date", World(registry=replace(RECORD, expires=None)), Status.UNKNOWN, "your registrar's page"),
        Row("no such entry", World(registry=NOT), Status.UNKNOWN),
        Row("silent", World(registry=OFF), Status.UNKNOWN, "another look"),
        Row("no look-up for this ending", World(registry=UNASKABLE), Status.UNKNOWN, "your registrar's page"),
        Row("registries off", World(), Status.UNKNOWN, "--no-registries"),
        Row(
            "hostile registrar",
            World(registry=replace(lasting(days=3), registrar=HOSTILE)),
            Status.FAIL,
            severity=Severity.CRITICAL,
            hostile=True,
        ),
        Row(
            "a date at the end of time",
            World(registry=replace(RECORD, expires=dt.datetime(2200, 1, 1, tzinfo=dt.UTC))),
            Status.PASS,
            hostile=True,
        ),
    ],
    "audit.domain.status": [
        Row("locked", World(registry=RECORD), Status.PASS, "transfer lock is on"),
        Row("locked by the registry", holding("ok", "serverTransferProhibited"), Status.PASS),
        Row("not locked", holding("ok"), Status.WARN, "Transfer lock"),
        Row(
            "serverHold", holding("serverHold", "clientTransferProhibited"), Status.FAIL, "suspended", Severity.CRITICAL
        ),
        Row("clientHold", holding("clientHold"), Status.FAIL, "clientHold", Severity.CRITICAL),
        Row("redemption", holding("redemptionPeriod"), Status.FAIL, "lapsed", Severity.CRITICAL),
        Row("pending delete", holding("pendingDelete"), Status.FAIL, "being deleted", Severity.CRITICAL),
        Row("a hold in other letters", holding("serverhold"), Status.FAIL, severity=Severity.CRITICAL),
        Row("no status at all", holding(), Status.UNKNOWN, "your registrar's page"),
        Row("no such entry", World(registry=NOT), Status.UNKNOWN),
        Row("silent", World(registry=OFF), Status.UNKNOWN, "another look"),
        Row("registries off", World(), Status.UNKNOWN),
        Row(
            "hostile status",
            World(registry=replace(RECORD, statuses=(HOSTILE, "x" * 5_000), registrar=HOSTILE)),
            Status.WARN,
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
