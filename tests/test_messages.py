"""The message that asks somebody."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.dnshost import at_panel
from launchready_tui.messages import how_to_check, message
from launchready_tui.model import FileChange, Finding, Fix, RecordSet, Setting, Status, failed, unknown
from launchready_tui.panels import panel
from launchready_tui.project import Project
from launchready_tui.text import clean
from tests.findings import a_check, fail
from tests.test_leaks import CANARIES

PROJECT = Project("good.example")
WWW = failed(
    "www.good.example has no address. We asked both of your name servers.",
    Fix(
        "records",
        "Add one record at Namecheap, under “Advanced DNS”.",
        minutes=5,
        who="Grace",
        records=(RecordSet("www.good.example", "CNAME", ("cname.vercel-dns.com.",), None),),
        page="https://ap.www.namecheap.com/",
    ),
    subject="www.good.example",
)


def test_a_fault_says_what_where_how_and_how_to_check() -> None:
    text = message(a_check("dns.www.resolves"), WWW, PROJECT, "Grace")
    lines = text.split("\n")
    assert lines[0] == "Subject: good.example: www.good.example has no address"
    assert "Hello Grace," in lines
    assert "www.good.example has no address." in text
    assert "  CNAME  www.good.example   cname.vercel-dns.com.   (TTL automatic)" in lines
    assert "Where: https://ap.www.namecheap.com/" in lines
    assert "  dig +short CNAME www.good.example" in lines
    assert "  launchready check good.example --only dns.www.resolves" in lines
    assert all(len(line) <= 76 for line in lines[1:] if not line.startswith("  "))


def test_a_question_that_takes_one_of_a_few_words_lists_them() -> None:
    asked = unknown("Nobody has told us.", needs="your answer", question="flow.reset")
    lines = message(a_check("email.flow.reset"), asked, PROJECT, "Grace").split("\n")
    assert "  - At Gmail it arrived: in the inbox / in promotions or “other” / in spam or junk / not at all" in lines
    assert "  - Seconds it took to Gmail: …" in lines


def test_a_record_stands_there_as_the_panel_takes_it_and_with_its_full_name() -> None:
    assert WWW.fix is not None
    key = "v=DKIM1; p=" + "A" * 200
    records = (WWW.fix.records[0], RecordSet("k1._domainkey.good.example", "TXT", (key,)))
    fix = at_panel(replace(WWW.fix, records=records), panel("Namecheap"), "good.example", {})
    text = message(a_check("dns.www.resolves"), replace(WWW, fix=fix), PROJECT, "Grace")
    lines = text.split("\n")
    assert "At Namecheap: Domain List, Manage, Advanced DNS:" in lines
    rows = [line.split() for line in lines]
    assert ["Add", "CNAME", "www", "cname.vercel-dns.com", "Automatic"] in rows
    assert ["Add", "TXT", "k1._domainkey", *key.split(), "Automatic"] in rows, "a value that is broken cannot be copied"
    assert "  CNAME  www.good.example   cname.vercel-dns.com.   (TTL automatic)" in lines


def test_a_question_is_asked_with_its_choices() -> None:
    finding = unknown("Nobody has told us yet.", needs="your answer", question="access.registrar")
    text = message(a_check("audit.registrar.access"), finding, PROJECT, "")
    assert text.startswith("Subject: good.example: a question (")
    assert "Hello,\n" in text
    assert "Can you sign in where the domain is registered?" in text
    assert "  - Somebody else holds it" in text
    assert "  - I do not know" in text
    assert "How to check" not in text


def test_unknown_without_a_question_says_what_would_help() -> None:
    text = message(a_check("audit.env.tracked"), unknown("No folder.", needs="your code folder"), PROJECT, "Ada")
    assert "What would help: your code folder." in text


def test_a_record_to_delete_says_so() -> None:
    gone = replace(WWW, fix=Fix("records", "Delete it.", records=(RecordSet("old.good.example", "CNAME", ()),)))
    assert "  CNAME  old.good.example   (delete; there should be none)" in message(
        a_check("dns.cname.dangling"), gone, PROJECT, "Ada"
    )


@pytest.mark.parametrize(
    ("id", "fix", "subject", "command"),
    [
        (
            "edge.https.hsts",
            Fix("setting", "x", settings=(Setting("https.hsts", "y"),)),
            "",
            "strict-transport-security",
        ),
        ("audit.env.tracked", Fix("file", "x", files=(FileChange(".env", None),)), "", "git ls-files -- .env"),
        ("email.spf.single", Fix("steps", "x"), "good.example", "dig +short TXT good.example"),
        ("email.dmarc.record", Fix("steps", "x"), "good.example", "dig +short TXT _dmarc.good.example"),
        ("edge.tls.valid", Fix("steps", "x"), "www.good.example", "curl -sSI https://www.good.example/"),
        ("deploy.smoke.login", Fix("steps", "x"), "https://good.example/login", "curl -sSI https://good.example/login"),
        ("handover.owner.backup", Fix("steps", "x"), "", "launchready check good.example --only handover.owner.backup"),
    ],
)
def test_every_fault_can_be_checked_afterwards(id: str, fix: Fix, subject: str, command: str) -> None:
    commands = how_to_check(a_check(id), failed("x", fix, subject=subject), PROJECT)
    assert any(command in each for each in commands), commands


@pytest.mark.parametrize(
    "name", ["x;reboot", "$(reboot)", "a b", "`id`", "a'b", 'a"b', "a|b", "a&b", "a\nb", "-rf", "~root"]
)
def test_no_name_becomes_a_command(name: str) -> None:
    fix = Fix("records", "x", records=(RecordSet(name, "A", ("192.0.2.1",)),))
    for command in how_to_check(a_check("dns.apex.resolves"), failed("x", fix, subject=name), PROJECT):
        words = shlex.split(command)
        if words[0] == "dig":
            assert words == ["dig", "+short", "A", clean(name)]
        else:
            assert words[:2] == ["launchready", "check"]


@pytest.mark.parametrize("canary", CANARIES.values())
def test_no_secret_leaves_in_a_message(canary: str) -> None:
    finding = failed(f"We saw {canary} there.", Fix("steps", f"Replace {canary}.", copy=canary), subject="good.example")
    text = message(a_check("audit.env.tracked"), finding, PROJECT, "Ada")
    assert canary not in text
    assert "removed]" in text


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_stays_text(name: str, saw: str) -> None:
    """A name cannot add a header, nothing acts on a terminal, and the message never fails to be made."""
    text = message(a_check("dns.a.b"), Finding(Status.FAIL, saw, fix=fail().fix), PROJECT, name)
    head, _, rest = text.partition("\n")
    assert head.startswith("Subject: good.example")
    assert rest.startswith("\nHello")
    assert clean(text, limit=len(text), lines=True) == text
