"""email.dmarc.policy: how old a policy is, what the founder's own mail proves, and the step that is offered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.answers import Answer
from launchready_tui.changed import Changed, ChangedSet
from launchready_tui.earlier import Earlier
from launchready_tui.mail.dmarc_plan import SEEN, told
from launchready_tui.model import Finding, Severity, Status
from launchready_tui.project import Project
from launchready_tui.proofs import Kind, Proof, StoredMessage
from launchready_tui.sources import dns
from launchready_tui.sources.message import Messages
from tests.checks.email.test_dmarc import AT, SILENT, START, STRICT, dmarc, silent
from tests.world import NAME, NOW, Row, World, found, hold, said

ID = "email.dmarc.policy"
QUARANTINE = f"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{NAME}"


def days_ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def mail(*aligned: bool | None, domain: str = NAME, kind: Kind = "reset") -> Messages:
    """Messages of one kind on file, the newest first."""
    proofs = {
        f"{at}.eml": Proof(kind, "yours" if one else "not-yours", "…", domain, at=days_ago(1 + at), aligned=one)
        for at, one in enumerate(aligned)
    }

    async def prove(message: StoredMessage) -> Proof:
        return proofs[message.name]

    return Messages(tuple(StoredMessage(name, kind, Path(name)) for name in proofs), prove)


def changed(days: int, *values: str, was: tuple[str, ...] = ()) -> Changed:
    return Changed([ChangedSet(AT, "TXT", values, was, None, days_ago(days), 3)])


def seen(key: str, days: int) -> Earlier:
    return Earlier({ID: [(SEEN, f"{key} {days_ago(days).date().isoformat()}")]})


def world(record: str, *more: object, answers: tuple[Answer, ...] = ()) -> World:
    return replace(dmarc(record), more=more, answers=answers)


OLD = changed(40, START)
ALIGNED, NOT_ALIGNED, UNCLEAR = mail(True), mail(False), mail(None)
TABLE: dict[str, list[Row]] = {
    ID: [
        Row("watching, nobody knows since when", dmarc(START), Status.PASS, "we cannot see"),
        Row("watching since our change", world(START, changed(10, START)), Status.PASS, "since change 3 on 14 Nov"),
        Row("watching for longer than a month", world(START, OLD), Status.WARN, "40 days"),
        Row("for longer, and no message", world(START, OLD), Status.WARN, "Send yourself a real reset"),
        Row(
            "for longer, and a message that passes", world(START, OLD, ALIGNED), Status.WARN, "p=quarantine; np=reject"
        ),
        Row(
            "for longer, a message that passes, and reports that were read",
            world(START, ALIGNED, answers=(said("email.dmarc", "longer", "sound"),)),
            Status.WARN,
            "by your word: raise it",
        ),
        Row("for longer, and one that does not", world(START, OLD, NOT_ALIGNED), Status.WARN, "does not pass as yours"),
        Row("seen by us 40 days ago", world(START, seen("none", 40)), Status.WARN, "when we first saw it"),
        Row("seen by us 5 days ago", world(START, seen("none", 5)), Status.PASS, "we cannot see"),
        Row("seen by us with another policy", world(START, seen("reject", 40)), Status.PASS, "we cannot see"),
        Row("a note of it that is no date", world(START, Earlier({ID: [(SEEN, "none soon")]})), Status.PASS),
        Row("told: longer", world(START, answers=(said("email.dmarc", "longer"),)), Status.WARN, "by your word"),
        Row("told: new", world(START, answers=(said("email.dmarc", "new"),)), Status.PASS, "by your word"),
        Row(
            "told: the day",
            world(START, answers=(said("email.dmarc", "new", day="2026-09-01"),)),
            Status.WARN,
            "since 1 Sep 2026",
        ),
        Row(
            "told: a day to come",
            world(START, answers=(said("email.dmarc", "new", day="2027-09-01"),)),
            Status.PASS,
            "before 23 Nov 2026",
        ),
        Row(
            "a change that left the policy as it was",
            world(START, changed(5, START, was=("v=DMARC1; p=none",)), seen("none", 40)),
            Status.WARN,
            "when we first saw it",
        ),
        Row("a change that is no longer there", world(START, changed(40, STRICT)), Status.PASS, "we cannot see"),
        Row("strict, and no message", dmarc(STRICT), Status.PASS, "real message"),
        Row("strict, and a message that passes", world(STRICT, ALIGNED), Status.PASS, "passes as yours"),
        Row(
            "strict, and one that does not",
            world(STRICT, NOT_ALIGNED),
            Status.FAIL,
            "refuses it",
            severity=Severity.CRITICAL,
        ),
        Row(
            "quarantine, and one that does not",
            world(QUARANTINE, NOT_ALIGNED),
            Status.FAIL,
            "into spam",
            severity=Severity.CRITICAL,
        ),
        Row("strict, and one of which nobody could tell", world(STRICT, UNCLEAR), Status.PASS, "could not tell"),
        Row("an older one failed, the newest passes", world(STRICT, mail(True, False)), Status.PASS, "passes as yours"),
        Row("the newest fails", world(STRICT, mail(False, True)), Status.FAIL, "does not pass"),
        Row("a message of somebody else's", world(STRICT, mail(False, domain="other.example")), Status.PASS, "real"),
        Row("a message from a name below", world(STRICT, mail(False, domain=f"m.{NAME}")), Status.FAIL, "refuses"),
        Row("the policy of a name below blocks", world(f"{START}; sp=reject", NOT_ALIGNED), Status.PASS, "right start"),
        Row("watching without reports", dmarc("v=DMARC1; p=none"), Status.WARN, "no effect"),
        Row("watching without reports or mail", silent("v=DMARC1; p=none"), Status.WARN, "an address that exists"),
        Row("test mode left on", dmarc(f"{STRICT}; t=y"), Status.WARN, "test mode"),
        Row("test mode for long", world(f"{STRICT}; t=y", changed(20, f"{STRICT}; t=y")), Status.WARN, "still in test"),
        Row(
            "test mode for a week",
            world(f"{QUARANTINE}; t=y", changed(7, f"{QUARANTINE}; t=y")),
            Status.PASS,
            "may end on 1 Dec 2026",
        ),
        Row("test mode while mail fails", world(f"{QUARANTINE}; t=y", NOT_ALIGNED), Status.WARN, "you block yourself"),
        Row("reject in test mode while mail fails", world(f"{STRICT}; t=y", NOT_ALIGNED), Status.FAIL, "into spam"),
        Row("weaker below", dmarc(f"{STRICT}; sp=none"), Status.WARN, "below it"),
        Row("no np", dmarc("v=DMARC1; p=quarantine; rua=mailto:d@good.example"), Status.WARN, "do not exist"),
        Row("nothing is sent", world(START, answers=(said("email.senders", "none"),)), Status.PASS, "right start"),
        Row("none", dmarc(), Status.FAIL, "no DMARC record"),
        Row("several", dmarc(START, STRICT), Status.FAIL),
        Row("broken", dmarc("v=DMARC1; p=monitor"), Status.FAIL),
        Row("silence", SILENT, Status.UNKNOWN, "another look"),
        Row("escapes", dmarc("v=DMARC1; p=reject; sp=\x1b]0;x\x07; x\u202e=[/]"), Status.FAIL, hostile=True),
        Row(
            "an enormous one",
            dmarc("v=DMARC1; p=none; rua=mailto:a@good.example; " + "x=y; " * 12_000),
            Status.PASS,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


async def look(world: World, status: Status) -> Finding:
    return await hold(ID, Row("here", world, status))


def step(finding: Finding) -> str:
    assert finding.fix is not None, finding
    assert finding.fix.kind == "records", finding.fix
    [record] = finding.fix.records
    assert (record.name, record.type) == (AT, "TXT")
    return record.values[0]


async def test_the_policy_is_raised_a_step_at_a_time_and_taken_back() -> None:
    watching = await look(world(START, OLD, ALIGNED), Status.WARN)
    trying = step(watching)
    assert trying == f"v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:dmarc@{NAME}"
    quarantine = step(await look(world(trying, changed(20, trying), ALIGNED), Status.WARN))
    assert quarantine == QUARANTINE
    early = await look(world(quarantine, changed(20, quarantine), ALIGNED), Status.PASS)
    assert early.fix is None
    sound = await look(world(quarantine, changed(31, quarantine), ALIGNED), Status.PASS)
    assert step(sound) == STRICT  # it is sound as it stands; the next step may be taken all the same
    last = await look(world(STRICT, changed(31, STRICT), ALIGNED), Status.PASS)
    assert last.fix is None
    back = await look(world(STRICT, NOT_ALIGNED), Status.FAIL)
    assert step(back) == f"v=DMARC1; p=none; np=reject; rua=mailto:dmarc@{NAME}"


@pytest.mark.parametrize("messages", [NOT_ALIGNED, UNCLEAR, None])
@pytest.mark.parametrize("record", [START, f"{QUARANTINE}; t=y", f"{STRICT}; t=y", f"{STRICT}; sp=none", QUARANTINE])
async def test_no_step_up_without_proof(messages: Messages | None, record: str) -> None:
    things = (changed(90, record), *((messages,) if messages is not None else ()))
    finding = await hold_any(world(record, *things))
    strict = ("none", "quarantine", "reject")
    for each in finding.fix.records if finding.fix else ():
        tags = dict(part.strip().split("=") for part in each.values[0].split(";") if "rua" not in part)
        before = dict(part.strip().split("=") for part in record.split(";") if "rua" not in part)
        assert strict.index(tags["p"]) <= strict.index(before["p"])
        assert strict.index(tags.get("sp", tags["p"])) <= strict.index(before.get("sp", before["p"]))
        assert tags["p"] == "none" or tags.get("t") == before.get("t")


async def hold_any(world: World) -> Finding:
    from launchready_tui.engine import judge
    from tests.world import by_id

    return await judge(by_id(ID), world.context())


async def test_who_sends_nothing_may_refuse_at_once() -> None:
    quiet = (said("email.senders", "none"),)
    finding = await look(world(START, answers=quiet), Status.PASS)
    assert step(finding).startswith("v=DMARC1; p=reject; np=reject")
    assert (await look(world(STRICT, answers=quiet), Status.PASS)).fix is None


async def test_the_next_look_knows_since_when() -> None:
    first = await look(dmarc(START), Status.PASS)
    facts = dict(first.facts)
    assert facts[SEEN] == "none 2026-11-24"
    assert facts["dmarc next step"] == "p=quarantine; t=y"
    later = replace(dmarc(START), more=(Earlier({ID: first.facts}),), now=NOW + dt.timedelta(days=31))
    again = await look(later, Status.WARN)
    assert dict(again.facts)[SEEN] == "none 2026-11-24"
    quiet = replace(SILENT, more=(Earlier({ID: first.facts}),))
    assert dict((await look(quiet, Status.UNKNOWN)).facts)[SEEN] == "none 2026-11-24"


async def test_the_plan_stands_in_the_evidence() -> None:
    lines = told(await look(world(START, OLD), Status.WARN))
    assert lines[0] == (
        "Now: Watch (p=none), since change 3 on 15 Oct 2026. Nothing is blocked; reports show who sends as you."
    )
    assert lines[1].startswith("Next: Try quarantine (p=quarantine; t=y), not before 24 Nov 2026.")
    assert lines[2].startswith("  Held: No message on file proves")
    assert told(None) == []


async def test_a_name_below_follows_sp() -> None:
    below = World(
        project=Project(f"app.{NAME}"),
        dns={(AT, "TXT"): found(AT, "TXT", f"{START}; sp=reject")},
        more=(mail(False, domain=f"app.{NAME}"),),
    )
    assert "refuses it" in (await look(below, Status.FAIL)).saw
    alias = dns.Found(AT, "TXT", (f"{STRICT}; t=y",), 300, ("policy.example.net",))
    kept = await look(World(dns={(AT, "TXT"): alias}, more=(ALIGNED,)), Status.WARN)
    assert kept.fix is not None
    assert kept.fix.kind == "steps"


async def test_what_leaves_the_policy_leaves_its_pct() -> None:
    seen = await hold(ID, Row("here", dmarc(f"v=DMARC1; p=quarantine; pct=20; rua=mailto:dmarc@{NAME}"), Status.WARN))
    assert seen.fix is not None
    assert seen.fix.copy == f"v=DMARC1; p=quarantine; pct=20; np=reject; rua=mailto:dmarc@{NAME}"


async def test_a_policy_that_is_inherited_is_said_to_be_whose_it_is() -> None:
    below = replace(dmarc("v=DMARC1; p=reject; sp=none; np=reject"), project=Project(f"app.{NAME}"))
    seen = await hold(ID, Row("here", below, Status.WARN))
    assert f"The DMARC record of {NAME}, which app.{NAME} inherits, says “do nothing”" in seen.saw
    assert seen.fix is not None
    assert f"rua=mailto:dmarc@{NAME}" in seen.fix.say
    reported = f"v=DMARC1; p=reject; sp=none; np=reject; rua=mailto:dmarc@{NAME}"
    seen = await hold(ID, Row("here", replace(dmarc(reported), project=Project(f"app.{NAME}")), Status.PASS))
    assert "watches (sp=none, for names below it)" in seen.saw


async def test_a_pct_that_spares_mail_goes_once_ones_own_mail_is_proved() -> None:
    """Receivers that follow RFC 7489 would act on all mail without it."""
    half = dmarc(f"v=DMARC1; p=reject; pct=50; ri=3600; rua=mailto:dmarc@{NAME}")
    held = await hold("email.dmarc.record", Row("here", half, Status.WARN, "pct and ri, which no longer count"))
    assert held.fix is not None
    assert (held.fix.kind, held.fix.records) == ("steps", ())
    assert "No message on file proves" in held.fix.say
    proved = await hold("email.dmarc.record", Row("here", replace(half, more=(mail(True),)), Status.WARN))
    assert proved.fix is not None
    assert proved.fix.copy == f"v=DMARC1; p=reject; rua=mailto:dmarc@{NAME}"
    watching = await hold("email.dmarc.record", Row("here", dmarc(f"{START}; pct=50"), Status.WARN))
    assert watching.fix is not None
    assert watching.fix.copy == START


@pytest.mark.parametrize("mailing_list", ["", "dev.lists.example"])
async def test_what_failed_on_its_way_through_others_lowers_no_policy(mailing_list: str) -> None:
    """A list or a forwarder breaks signatures; the founder's own mail may pass all the same."""

    async def prove(message: StoredMessage) -> Proof:
        proof = Proof("reset", "not-yours", "…", NAME, at=days_ago(1), aligned=False)
        return replace(proof, forwarded=not mailing_list, mailing_list=mailing_list)

    on_file = Messages((StoredMessage("a.eml", "reset", Path("a.eml")),), prove)
    seen = await hold(ID, Row("here", replace(dmarc(STRICT), more=(on_file,)), Status.PASS, "We could not tell"))
    assert seen.fix is None
    held = replace(dmarc(START), more=(on_file, changed(60, START)))
    kept = await hold(ID, Row("here", held, Status.WARN))
    assert kept.fix is not None
    assert kept.fix.records == ()
