from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import dns.dnssec
import dns.rdata
import dns.rdtypes.ANY.DNSKEY
import pytest

from launchready_tui.checks.dns._keys import fits
from launchready_tui.checks.dns.dnssec import dnssec_sane
from launchready_tui.model import Severity, Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import (
    Answer,
    Delegation,
    Malformed,
    NameServer,
    NoData,
    NxDomain,
    Secured,
    ServerFailed,
    TimedOut,
)
from tests.world import NAME, CannedDns, Row, World, found, hold

# RFC 4034 section 5.4 and RFC 4509 section 2.3: a key and its digests.
KEY = (
    "256 3 5 AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ DRD99WYwYqUSdjMmmAphXdvx "
    "egXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
)
OWNER = "dskey.example.com"
SHA1 = "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"
SHA256 = "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"
OTHER = "257 3 13 " + "QUJD" * 21


@pytest.mark.parametrize(
    ("vouched", "keys", "expected"),
    [
        ([SHA1], [KEY], True),
        ([SHA256.lower()], [OTHER, KEY], True),
        (["1 13 2 " + "00" * 32, SHA256], [KEY], True),
        ([SHA256], [OTHER], False),
        ([SHA256], [], False),
        ([SHA256], [KEY.replace("256 3", "384 3", 1)], False),  # another flag is another key
        (["60485 5 9 00", "60485 250 2 00"], [KEY], None),
        ([], [KEY], None),
        (["x", "1 2", "", "1 5 2 zz", "\x1b[2J 5 2 00"], [KEY], None),
        ([SHA256], ["", "x y z w", "256 3 5 ###", "70000 3 5 AA==", "256 3 999 AA==", "\x1b]0;x\x07"], False),
    ],
)
def test_a_key_fits_its_digest(vouched: list[str], keys: list[str], expected: bool | None) -> None:
    assert fits(OWNER, vouched, keys) is expected


def test_a_key_fits_under_its_own_name_alone() -> None:
    assert fits("other.example.com", [SHA256], [KEY]) is False
    for flag in ("128", "0"):  # no key of a zone, or revoked
        assert fits(OWNER, [SHA256], [KEY.replace("256", flag, 1)]) is False


# ---- the check ----

_RDATA = dns.rdata.from_text("IN", "DNSKEY", KEY)
VOUCHED = dns.dnssec.make_ds(f"{NAME}.", cast("dns.rdtypes.ANY.DNSKEY.DNSKEY", _RDATA), "SHA256").to_text()

NS = Delegation(
    NAME,
    found(NAME, "NS", "ns1.host.example.", "ns2.host.example."),
    "a.gtld-servers.net",
    (NameServer("ns1.host.example", ("156.154.130.200",)), NameServer("ns2.host.example", ("156.154.131.200",))),
)
SOA = found(NAME, "SOA", "ns1.host.example. host. 1 2 3 4 5")
SURE, PLAIN = Secured(SOA, True), Secured(SOA, False)
FAILS = ServerFailed(NAME, "SOA")
REFUSED = Secured(FAILS, False, SOA, "signature expired")
VAGUE = Secured(FAILS, False, SOA)
DOWN = Secured(FAILS, False, FAILS)
SILENT = Secured(TimedOut(NAME, "SOA", 4.0))
RESOLVERS = ("1.1.1.1", "8.8.8.8", "9.9.9.9", "208.67.222.222")


def world(
    vouched: Answer,
    *said: Secured,
    keys: Answer | None = None,
    second: Answer | None = None,
    at: Mapping[tuple[str, str, str], Answer] | None = None,
) -> World:
    """A zone with this DS, whose servers give `keys` (the second one `second`), and what the resolvers say in turn."""
    keys = keys or found(NAME, "DNSKEY", KEY)
    each = {
        ("156.154.130.200", NAME, "DNSKEY"): keys,
        ("156.154.131.200", NAME, "DNSKEY"): second or keys,
        **(at or {}),
    }
    return World(
        project=Project(NAME),
        dns={(NAME, "DS"): vouched, (NAME, "SOA"): SOA},
        at=each,
        delegation=NS,
        secured=dict(zip(RESOLVERS, said, strict=False)),
    )


DS = found(NAME, "DS", VOUCHED)
NO_KEYS = NoData(NAME, "DNSKEY", (), True)

TABLE: dict[str, list[Row]] = {
    "dns.dnssec.sane": [
        Row("not signed", world(NoData(NAME, "DS")), Status.PASS, "not signed"),
        Row("signed and right", world(DS, SURE, SURE, PLAIN, SILENT), Status.PASS, "1.1.1.1 and 8.8.8.8 checked"),
        Row("not there yet", world(NxDomain(NAME, "DS")), Status.INFO, "does not exist"),
        Row(
            "the key stayed behind at the registrar",
            world(DS, REFUSED, VAGUE, keys=NO_KEYS),
            Status.FAIL,
            "do not sign.",
            Severity.CRITICAL,
        ),
        Row(
            "resolvers that do not check cannot hide it",
            world(DS, PLAIN, PLAIN, PLAIN, PLAIN, keys=NO_KEYS),
            Status.FAIL,
            "delete the entry with key tag 60485",
            Severity.CRITICAL,
        ),
        Row(
            "another key",
            world(DS, REFUSED, keys=found(NAME, "DNSKEY", OTHER)),
            Status.FAIL,
            "sign with another key",
            Severity.CRITICAL,
        ),
        Row(
            "one of two servers does not sign",
            world(DS, SURE, SURE, second=NO_KEYS),
            Status.FAIL,
            "ns2.host.example does not sign.",
            Severity.CRITICAL,
        ),
        Row(
            "signatures that ran out",
            world(DS, REFUSED, REFUSED, PLAIN, SILENT),
            Status.FAIL,
            "broken (signature expired): 1.1.1.1 and 8.8.8.8 have your records",
            Severity.CRITICAL,
        ),
        Row(
            "held back without a reason",
            world(DS, VAGUE, PLAIN, PLAIN, PLAIN),
            Status.FAIL,
            "1.1.1.1 has your records",
            Severity.CRITICAL,
        ),
        Row(
            "the registry's own answer is held back too",
            world(ServerFailed(NAME, "DS"), REFUSED, REFUSED),
            Status.FAIL,
            "in this order",
            Severity.CRITICAL,
        ),
        Row("resolvers do not agree", world(DS, VAGUE, SURE, SURE), Status.UNKNOWN, "do not agree"),
        Row("one sure resolver of four", world(DS, SURE, PLAIN, PLAIN, SILENT), Status.UNKNOWN, "only 1.1.1.1 told us"),
        Row("nobody checks", world(DS, PLAIN, PLAIN, PLAIN, PLAIN), Status.UNKNOWN, "none told us"),
        Row("everything fails, checked or not", world(DS, DOWN, DOWN, DOWN, DOWN), Status.UNKNOWN, "none told us"),
        Row(
            "refused is no signature",
            world(DS, Secured(ServerFailed(NAME, "SOA", "REFUSED"), False, SOA)),
            Status.UNKNOWN,
        ),
        Row("silence", world(TimedOut(NAME, "DS", 4.0), SILENT, SILENT), Status.UNKNOWN, "no answer within 4 s"),
        Row(
            "servers that cannot be asked are no fact",
            world(DS, SURE, SURE, keys=ServerFailed(NAME, "DNSKEY", "REFUSED"), second=TimedOut(NAME, "DNSKEY")),
            Status.PASS,
        ),
        Row(
            "an answer that is not its own is no fact",
            world(DS, SURE, SURE, keys=NoData(NAME, "DNSKEY")),
            Status.PASS,
        ),
        Row(
            "a kind of key that nobody checks",
            world(found(NAME, "DS", "1 250 99 00"), PLAIN, PLAIN, PLAIN, PLAIN, keys=NO_KEYS),
            Status.UNKNOWN,
            "none told us",
        ),
        Row(
            "answers full of escapes",
            world(
                found(NAME, "DS", VOUCHED, "\x1b]0;x\x07 5 2 00"),
                Secured(Malformed(NAME, "SOA", "\x1b[2J\u202e"), False),
                Secured(FAILS, False, SOA, "\x1b[2J [@click=app.quit]x[/]"),
                keys=found(NAME, "DNSKEY", "\x1b[2J", KEY),
            ),
            Status.FAIL,
            "broken",
            Severity.CRITICAL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_one_resolver_that_was_given_speaks_for_all() -> None:
    answers = {(NAME, "DS"): DS, (NAME, "DNSKEY"): found(NAME, "DNSKEY", KEY)}
    for said, status in ((SURE, Status.PASS), (PLAIN, Status.UNKNOWN)):
        alone = CannedDns(answers, {}, NS, ("127.0.0.1",), secured={"127.0.0.1": said})
        assert (await dnssec_sane(Project(NAME), alone)).status is status


async def test_of_a_part_of_a_name_the_registered_name_is_looked_at() -> None:
    row = Row("", replace(world(DS, SURE, SURE), project=Project(f"app.{NAME}")), Status.PASS, f"{NAME} is signed")
    finding = await hold("dns.dnssec.sane", row)
    assert finding.subject == NAME
