"""email.mx.present: every kind of MX that a domain can have, and none."""

from __future__ import annotations

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Network, Project
from launchready_tui.sources import dns
from tests.world import NAME, Row, World, by_id, found, hold

PUBLIC = "93.184.215.14"
SIX = found("six.good.example", "AAAA", "2606:2800:21f:cb07::1")
GOOGLE = {
    (NAME, "MX"): found(NAME, "MX", "1 smtp.google.com."),
    ("smtp.google.com", "A"): found("smtp.google.com", "A", PUBLIC),
}


def mx(*values: str, **more: dns.Answer) -> World:
    """A world with these MX values; mail.good.example and mail2.good.example are public."""
    answers: dict[tuple[str, str], dns.Answer] = {
        (NAME, "MX"): found(NAME, "MX", *values),
        ("mail.good.example", "A"): found("mail.good.example", "A", PUBLIC),
        ("mail2.good.example", "A"): found("mail2.good.example", "A", PUBLIC),
    }
    for key, answer in more.items():
        answers[answer.name, key.rpartition("_")[2].upper()] = answer
    return World(dns=answers)


TABLE: dict[str, list[Row]] = {
    "email.mx.present": [
        Row(
            "the name above has the mail",
            World(
                project=Project(f"app.{NAME}"), dns={**GOOGLE, (f"app.{NAME}", "A"): found(f"app.{NAME}", "A", PUBLIC)}
            ),
            Status.PASS,
            f"Mail for {NAME}",
        ),
        Row(
            "an alias of nothing beside a sound server",
            mx(
                "10 in.good.example.",
                "20 mail.good.example.",
                a=dns.NxDomain("in.good.example", "A", ("old.example.net",)),
            ),
            Status.FAIL,
            "delete the MX record",
        ),
        Row(
            "an alias of nothing alone",
            mx("10 in.good.example.", a=dns.NxDomain("in.good.example", "A", ("old.example.net",))),
            Status.FAIL,
            "No mail can arrive",
        ),
        Row("a known inbox provider", World(dns=GOOGLE), Status.PASS, "Google Workspace"),
        Row("two servers of one's own", mx("10 mail.good.example.", "20 mail2.good.example."), Status.PASS),
        Row("null MX", World(dns={(NAME, "MX"): found(NAME, "MX", "0 .")}), Status.PASS, "takes no mail"),
        Row("one small server", mx("10 mail.good.example."), Status.WARN, "one server"),
        Row("none", World(dns={(NAME, "MX"): dns.NoData(NAME, "MX")}), Status.FAIL, "no MX record"),
        Row("no such name", World(), Status.FAIL, "no MX record"),
        Row(
            "none, but sends through Google",
            World(dns={(NAME, "TXT"): found(NAME, "TXT", "v=spf1 include:_spf.google.com ~all")}),
            Status.FAIL,
            "smtp.google.com",
        ),
        Row("null MX beside another", mx("0 .", "10 mail.good.example."), Status.FAIL, "lone dot"),
        Row("an address as the target", mx("10 93.184.215.14."), Status.FAIL, "holds the address"),
        Row(
            "an alias as the target",
            mx(
                "10 alias.good.example.",
                alias_a=found("alias.good.example", "A", PUBLIC, aliases=("real.example.net",)),
            ),
            Status.FAIL,
            "real.example.net",
        ),
        Row("a target that is gone", mx("10 gone.good.example."), Status.FAIL, "no address"),
        Row(
            "one of two is gone", mx("10 gone.good.example.", "20 mail.good.example."), Status.WARN, "gone.good.example"
        ),
        Row(
            "a private target",
            mx("10 in.good.example.", in_a=found("in.good.example", "A", "10.1.2.3")),
            Status.FAIL,
            "private network",
        ),
        Row(
            "a private target on the founder's own network",
            World(
                project=Project(NAME, network=Network(private=True)),
                dns={
                    (NAME, "MX"): found(NAME, "MX", "10 in.good.example.", "20 in.good.example."),
                    ("in.good.example", "A"): found("in.good.example", "A", "127.0.0.1"),
                },
            ),
            Status.PASS,
        ),
        Row(
            "silence",
            World(dns={(NAME, "MX"): dns.TimedOut(NAME, "MX", 4.0)}),
            Status.UNKNOWN,
            "another look",
        ),
        Row(
            "the target cannot be looked up",
            mx(
                "10 far.example.net.",
                far_a=dns.ServerFailed("far.example.net", "A"),
                far_aaaa=dns.ServerFailed("far.example.net", "AAAA"),
            ),
            Status.UNKNOWN,
            "could not look up",
        ),
        Row(
            "one cannot be looked up, the other can",
            mx(
                "10 mail.good.example.",
                "20 far.example.net.",
                far_a=dns.TimedOut("far.example.net", "A", 4.0),
                far_aaaa=dns.TimedOut("far.example.net", "AAAA", 4.0),
            ),
            Status.UNKNOWN,
            "far.example.net",
        ),
        Row("null MX twice", mx("0 .", "10 ."), Status.PASS, "takes no mail"),
        Row("only an IPv6 address", mx("10 six.good.example.", "20 mail.good.example.", six_aaaa=SIX), Status.PASS),
        Row("an IPv6 address as the target", mx("10 2606:2800:21f:cb07::1."), Status.FAIL, "holds the address"),
        Row(
            "escapes and a preference that is no number",
            mx("x \x1b[31mmail\u202e.good.example.", "70000"),
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


async def test_records_that_can_be_known_are_proposed_whole() -> None:
    async def records(label: str) -> list[tuple[str, ...]]:
        row = next(row for row in TABLE["email.mx.present"] if row.label == label)
        finding = await hold("email.mx.present", row)
        assert finding.fix is not None
        assert finding.fix.kind == "records"
        return [each.values for each in finding.fix.records]

    assert await records("null MX beside another") == [("10 mail.good.example.",)]
    assert await records("an alias as the target") == [("10 real.example.net.",)]
    assert await records("one of two is gone") == [("20 mail.good.example.",)]
    assert await records("none, but sends through Google") == [("1 smtp.google.com.",)]
    assert by_id("email.mx.present").minutes > 0
