"""The record set, with what each record is for."""

from __future__ import annotations

import pytest

from launchready_tui.handover.records import from_findings, purpose
from launchready_tui.model import Evidence, passed
from launchready_tui.project import Project
from launchready_tui.recordlist import seen
from launchready_tui.sources import dns
from tests.world import CannedDns, found


@pytest.mark.parametrize(
    ("name", "type", "value", "says"),
    [
        ("good.example", "A", "93.184.215.14", "who type the domain"),
        ("www.good.example", "CNAME", "host.example.net.", "who type www"),
        ("app.good.example", "CNAME", "host.example.net.", "leads app to where it runs"),
        ("good.example", "MX", "10 mail.example.net.", "takes the mail for your domain"),
        ("good.example", "MX", "0 .", "takes no mail, and says so"),
        ("good.example", "NS", "ns1.example.net.", "answer for your domain"),
        ("good.example", "TXT", "v=spf1 ~all", "SPF"),
        ("good.example", "TXT", "google-site-verification=abc", "Google"),
        ("good.example", "TXT", "who-knows=1", "ask what it is before you delete it"),
        ("_dmarc.good.example", "TXT", "v=DMARC1; p=none", "DMARC"),
        ("s1._domainkey.good.example", "CNAME", "x.example.net.", "DKIM"),
        ("_acme-challenge.good.example", "TXT", "abc", "issues the certificate"),
        ("good.example", "CAA", '0 issue "x"', "certificates"),
    ],
)
def test_purposes(name: str, type: str, value: str, says: str) -> None:
    assert says in purpose(name, type, [value], "good.example")


async def test_what_was_found_is_taken_and_nothing_that_was_not() -> None:
    project = Project("good.example", subs=("app",), dkim_selectors=("s1",))
    source = CannedDns(
        {
            ("good.example", "A"): found("good.example", "A", "93.184.215.14"),
            ("good.example", "TXT"): found("good.example", "TXT", "v=spf1 ~all", "note, with a comma"),
            ("good.example", "MX"): dns.TimedOut("good.example", "MX", 4.0),
            ("www.good.example", "CNAME"): found("www.good.example", "CNAME", "good.example."),
            ("www.good.example", "A"): found("www.good.example", "A", "93.184.215.14", aliases=("good.example",)),
            ("s1._domainkey.good.example", "TXT"): found("s1._domainkey.good.example", "TXT", "v=DKIM1; p=abc"),
        },
        {},
        None,
    )
    found_sets, unclear = await seen(project, source)
    assert {(each.name, each.type): each.values for each in found_sets} == {
        ("good.example", "A"): ("93.184.215.14",),
        ("good.example", "TXT"): ("v=spf1 ~all", "note, with a comma"),
        ("www.good.example", "CNAME"): ("good.example.",),
        ("s1._domainkey.good.example", "TXT"): ("v=DKIM1; p=abc",),
    }
    assert [(answer.name, answer.type) for answer in unclear] == [("good.example", "MX")]


def test_evidence_that_is_no_answer_makes_no_record() -> None:
    finding = passed(
        "x",
        evidence=[
            Evidence("MX good.example", "10 a.example.net., 20 b.example.net. (TTL 600)"),
            Evidence("A good.example", "no such name"),
            Evidence("A www.good.example", "alias of good.example, 93.184.215.14 (TTL 300)"),
            Evidence("GET https://good.example/", "200 (TTL 300)"),
            Evidence("TXT good.example", "v=spf1 a, b ~all (TTL 99999999999999)"),
        ],
    )
    (only,) = from_findings({"dns.x": finding}, "good.example")
    assert (only.type, only.values, only.ttl) == ("MX", ["10 a.example.net.", "20 b.example.net."], 600)
