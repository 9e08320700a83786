"""The handover's part about mail, and the report of the email stage: what was looked up, seen and said."""

from __future__ import annotations

import datetime as dt

from launchready_tui.answers import Answers
from launchready_tui.handover.document import Email
from launchready_tui.handover.export import build
from launchready_tui.handover.mail import MailFacts, newest, policy_names, selectors_of
from launchready_tui.handover.toml import from_toml, to_toml
from launchready_tui.handover.written import mail_markdown
from launchready_tui.mail.dmarc_plan import PLAN
from launchready_tui.mail.spf_tree import Cost, Node
from launchready_tui.model import Evidence, passed, warned
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Proof, Signature
from launchready_tui.sendersight import Need, SenderState
from launchready_tui.sources import dns
from tests.checks.email.test_bulk import KEY
from tests.checks.email.test_flow import tried
from tests.findings import a_check, records_fix
from tests.handover.worlds import OUTCOMES, PROJECT, facts
from tests.world import NOW, found, said

DOMAIN = "good.example"
TREE = Node("record", DOMAIN, children=(Node("include", "include:a.example", "a.example", sender="Resend"),))
SIGNED = (Signature(DOMAIN, "s1", "pass", "It is signed.", aligned=True),)
PROVED = Proof(
    "reset", "yours", "It is yours.", DOMAIN, at=NOW, aligned=True, dkim=SIGNED, delay=7.4, receiver="mx.google.com"
)
NOT = Proof("invite", "not-yours", "It is not.", DOMAIN, at=NOW, aligned=False)


def key(selector: str, *texts: str, aliases: tuple[str, ...] = ()) -> tuple[str, dns.Answer]:
    name = f"{selector}._domainkey.{DOMAIN}"
    return selector, found(name, "TXT", *texts, aliases=aliases) if texts else dns.NxDomain(name, "TXT")


MAIL = MailFacts(
    (
        SenderState("resend", "Resend", None, True, ("its key at s1",), ()),
        SenderState(
            "old.example",
            "old.example",
            None,
            False,
            ("your SPF record",),
            (Need("dkim", "TXT", f"k._domainkey.{DOMAIN}", "", "missing", "nothing is there"),),
        ),
    ),
    Cost(DOMAIN, TREE),
    (
        key("s1", f"v=DKIM1; k=rsa; p={KEY}"),
        key("s2", "v=DKIM1; p="),
        key("s3"),
        key("s4", "v=DKIM1; p=!!"),
        key("s5", f"v=DKIM1; t=y; p={KEY}", aliases=("s5.dkim.resend.example.",)),
        ("s6", dns.TimedOut(f"s6._domainkey.{DOMAIN}", "TXT", 4.0)),
    ),
    (NOT, PROVED),
)
CHECKS = (a_check("email.dmarc.policy"), a_check("email.transport.policy"), a_check("email.mx.present"))
SEEN = {
    **OUTCOMES,
    "email.mx.present": passed("It arrives.", subject=DOMAIN),
    "email.dmarc.policy": warned(
        "It only watches.", records_fix(), evidence=[Evidence(PLAN, "Now: Watch."), Evidence(PLAN, "Next: Quarantine.")]
    ),
    "email.transport.policy": passed("Right.", facts=[("MTA-STS", "MTA-STS (enforce)"), ("TLS-RPT", "reports go")]),
}


def email() -> Email:
    answers = Answers((tried("reset", "inbox", "spam"), said("flow.invite", "none")), Clock(NOW))
    return build(facts(outcomes=SEEN, checks=CHECKS, answers=answers, mail=MAIL)).email


def test_all_of_it_is_written_down() -> None:
    made = email()
    assert (made.domain, made.spf_lookups) == (DOMAIN, 1)
    assert [(each.name, each.approved) for each in made.sender_list] == [("Resend", True), ("old.example", False)]
    assert made.sender_list[1].missing == [f"TXT k._domainkey.{DOMAIN}: nothing is there"]
    assert [(each.selector, each.state) for each in made.dkim_keys] == [
        ("s1", "sound"),
        ("s2", "revoked"),
        ("s3", "none"),
        ("s4", "broken"),
        ("s5", "testing"),
        ("s6", "unclear"),
    ]
    assert made.dkim_keys[0].key == "rsa, 2,048 bits"
    assert made.dkim_keys[4].alias == "s5.dkim.resend.example"
    assert any("include:a.example" in line for line in made.spf_tree)
    assert made.policy_plan == ["Now: Watch.", "Next: Quarantine."]
    assert (made.mta_sts, made.tls_rpt) == ("MTA-STS (enforce)", "reports go")
    # What proves nothing is not kept, and of a proof neither its text nor an address.
    assert [(each.kind, each.domain, each.selector, each.delay_seconds) for each in made.proofs] == [
        ("reset", DOMAIN, "s1", 7)
    ]
    # The message came to Gmail, so its own clock counts there.
    assert [(each.kind, each.inbox, each.arrived, each.seconds, each.link) for each in made.flow_tests] == [
        ("reset", "Gmail", "inbox", 7, "once"),
        ("reset", "Outlook", "spam", 95, "once"),
    ]


def test_it_comes_back_from_the_file() -> None:
    whole = build(facts(outcomes=SEEN, checks=CHECKS, mail=MAIL))
    assert from_toml(to_toml(whole)) == whole


def test_an_older_file_opens() -> None:
    text = to_toml(build(facts()))
    at = text.index("[email]")
    older = text[:at] + '[email]\ninbox = "Google Workspace"\nsenders = ["Resend"]\nspf = "v=spf1 -all"\n'
    read = from_toml(older)
    assert (read.email.inbox, read.email.spf) == ("Google Workspace", "v=spf1 -all")
    assert (read.email.dkim_keys, read.email.flow_tests, read.email.spf_lookups) == ([], [], None)
    assert "Nobody has tried one." in mail_markdown(read.email)


def test_the_report_says_all_of_it() -> None:
    text = mail_markdown(email())
    for words in (
        "## Deliverability",
        "| Resend | ✓ yes |",
        "? not named",
        "└ include:a.example",
        "✗ revoked",
        "! in test mode",
        "? could not tell",
        "Next: Quarantine.",
        "| password reset | Outlook | \\! in spam | 95 |",
        "### What is open",
        "It only watches.",
    ):
        assert words in text, words


def test_what_is_asked_again() -> None:
    names = policy_names(email())
    assert names == (
        f"_dmarc.{DOMAIN}",
        *(f"s{number}._domainkey.{DOMAIN}" for number in (1, 2, 4, 5)),
        f"_mta-sts.{DOMAIN}",
        f"_smtp._tls.{DOMAIN}",
    )


def test_selectors_are_gathered_from_everywhere() -> None:
    seen = {**SEEN, "email.dkim.key": passed("There.", subject=DOMAIN, facts=[("dkim selectors", "s2, s1")])}
    project = Project(DOMAIN, dkim_selectors=("s1",))
    signers = ((DOMAIN, "s3"), ("other.example", "s9"), (DOMAIN, "\x1b[2Js4"))
    assert selectors_of(seen, project, signers) == ["s1", "s2", "s3", "␛[2Js4"]


def test_the_newest_message_comes_first() -> None:
    old = Proof("other", "yours", "", at=NOW - dt.timedelta(days=3))
    undated = Proof("other", "yours", "")
    assert newest((undated, old, PROVED)) == (PROVED, old, undated)


def test_nothing_in_the_part_acts() -> None:
    hostile = MailFacts(
        (SenderState("x", "\x1b[2J<script>|", None, False, ("\u202ex",), ()),),
        Cost(DOMAIN, Node("record", "=cmd|\x07", children=(Node("a", "\x1b]0;x\x07", "x"),))),
        (key("\x1b[31m", "v=DKIM1; p=\x07"),),
    )
    text = mail_markdown(build(facts(mail=hostile, project=PROJECT)).email)
    assert not any(char in text for char in "\x1b\x07\u202e")
    assert "<script>" not in text
