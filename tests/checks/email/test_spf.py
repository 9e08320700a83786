"""email.spf.single and email.spf.policy: records present, doubled, misplaced, open and broken."""

from __future__ import annotations

import pytest

from launchready_tui.model import Finding, Severity, Status
from launchready_tui.project import Project
from launchready_tui.sources import dns
from tests.checks.email.test_spf_limits import CHIMP, GOOGLE, GRID
from tests.checks.email.test_spf_limits import world as limits_world
from tests.world import NAME, Row, World, found, hold, said

TOKEN = "google-site-verification=abc"
ONE = "v=spf1 include:_spf.google.com ~all"
OTHER = "v=spf1 include:sendgrid.net include:_spf.google.com -all"


def txt(*values: str, **elsewhere: str) -> World:
    """TXT of good.example; `elsewhere` are TXT of <key>.example."""
    answers: dict[tuple[str, str], dns.Answer] = {(NAME, "TXT"): found(NAME, "TXT", *values)} if values else {}
    for key, value in elsewhere.items():
        name = f"{key.replace('_', '.')}.example"
        answers[name, "TXT"] = found(name, "TXT", value)
    return World(dns=answers)


SILENT = World(dns={(NAME, "TXT"): dns.TimedOut(NAME, "TXT", 4.0)})
TABLE: dict[str, list[Row]] = {
    "email.spf.single": [
        Row(
            "at the name above",
            World(project=Project(f"app.{NAME}"), dns={(NAME, "TXT"): found(NAME, "TXT", TOKEN, ONE)}),
            Status.PASS,
            f"{NAME} has one SPF record",
        ),
        Row(
            "a name below with mail of its own",
            World(
                project=Project(f"app.{NAME}"),
                dns={
                    (NAME, "TXT"): found(NAME, "TXT", TOKEN, ONE),
                    (f"app.{NAME}", "MX"): found(f"app.{NAME}", "MX", "10 in.example.net."),
                },
            ),
            Status.FAIL,
            f"app.{NAME} has no SPF record",
        ),
        Row("one", txt(TOKEN, ONE), Status.PASS, "one SPF record"),
        Row("one in capitals", txt("V=SPF1 -ALL"), Status.PASS),
        Row("none", txt(TOKEN), Status.FAIL, "no SPF record"),
        Row("no such name", World(), Status.FAIL, "no SPF record"),
        Row("two", txt(ONE, TOKEN, OTHER), Status.FAIL, "2 SPF records"),
        Row("on www only", txt(TOKEN, www_good=ONE), Status.FAIL, "www.good.example"),
        Row("a comma where a space must be", txt("v=spf1,include:_spf.google.com ~all"), Status.FAIL, "meant for SPF"),
        Row("v=spf10 is another thing", txt("v=spf10 -all"), Status.FAIL),
        Row("silence", SILENT, Status.UNKNOWN, "another look"),
        Row("servfail", World(dns={(NAME, "TXT"): dns.ServerFailed(NAME, "TXT")}), Status.UNKNOWN),
        Row("escapes in both", txt("v=spf1 \x1b[2J\u202e -all", "v=spf1 \x00 ?all"), Status.FAIL, hostile=True),
    ],
    "email.spf.policy": [
        Row("softfail", txt(ONE), Status.PASS, "~all"),
        Row("fail", txt("v=spf1 -all"), Status.PASS, "-all"),
        Row("neutral", txt("v=spf1 mx ?all"), Status.WARN, "?all"),
        Row("no end", txt("v=spf1 mx"), Status.FAIL, "no “all”"),
        Row("+all", txt("v=spf1 mx +all"), Status.FAIL, "anyone", Severity.CRITICAL),
        Row("all without a sign is +all", txt("v=spf1 all"), Status.FAIL, "anyone", Severity.CRITICAL),
        Row("the first all counts", txt("v=spf1 ~all +all"), Status.PASS),
        Row("a redirect to a sound one", txt("v=spf1 redirect=spf.mail.example", spf_mail=ONE), Status.PASS, "~all"),
        Row("a redirect beside an all", txt("v=spf1 ~all redirect=nowhere.example"), Status.PASS),
        Row("a redirect to nothing", txt("v=spf1 redirect=gone.example"), Status.FAIL, "gone.example"),
        Row("a redirect to itself", txt(f"v=spf1 redirect={NAME}"), Status.FAIL, "back to itself"),
        Row(
            "a redirect to an open one",
            txt("v=spf1 redirect=mail.example", mail="v=spf1 +all"),
            Status.FAIL,
            severity=Severity.CRITICAL,
        ),
        Row(
            "a redirect that cannot be read",
            World(
                dns={
                    (NAME, "TXT"): found(NAME, "TXT", "v=spf1 redirect=mail.example"),
                    ("mail.example", "TXT"): dns.TimedOut("mail.example", "TXT", 4.0),
                }
            ),
            Status.UNKNOWN,
        ),
        Row("a redirect made by macros", txt("v=spf1 redirect=%{i}._spf.mail.example"), Status.UNKNOWN, "each message"),
        Row("a redirect below the domain's own name", txt("v=spf1 redirect=%{d}.mail.example"), Status.FAIL, NAME),
        Row(
            "a redirect below the domain's own name that is there",
            World(
                dns={
                    (NAME, "TXT"): found(NAME, "TXT", "v=spf1 redirect=%{d}.mail.example"),
                    (f"{NAME}.mail.example", "TXT"): found(f"{NAME}.mail.example", "TXT", ONE),
                }
            ),
            Status.PASS,
            "~all",
        ),
        Row("a mistake", txt("v=spf1 ip4:1.2.3 -all"), Status.FAIL, "mistake"),
        Row("none", txt(TOKEN), Status.FAIL),
        Row("two", txt(ONE, OTHER), Status.FAIL),
        Row("silence", SILENT, Status.UNKNOWN, "another look"),
        Row("escapes", txt("v=spf1 include:\x1b]52;c;AAAA\x07 -all\u202e"), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def finding(id: str, world: World, status: Status = Status.FAIL) -> Finding:
    return await hold(id, Row("here", world, status))


def proposed(finding: Finding) -> tuple[str, ...]:
    assert finding.fix is not None
    assert [(each.name, each.type) for each in finding.fix.records] == [(NAME, "TXT")]
    return finding.fix.records[0].values


async def test_two_records_become_one_in_order_and_everything_else_stays() -> None:
    values = proposed(await finding("email.spf.single", txt(ONE, TOKEN, OTHER)))
    assert values == (TOKEN, "v=spf1 include:_spf.google.com include:sendgrid.net ~all")


async def test_the_merged_record_says_what_it_costs() -> None:
    """Walked to its leaves, so that a founder knows before the change whether it is within the ten."""
    world = limits_world(f"v=spf1 mx {GOOGLE} ~all", f"v=spf1 {GRID} MX {GOOGLE} -all")
    seen = await finding("email.spf.single", world)
    assert seen.fix is not None
    assert "it needs 7 of 10 look-ups" in seen.fix.say
    assert seen.fix.say.endswith(f"v=spf1 mx {GOOGLE} {GRID} ~all")
    over = await finding("email.spf.single", limits_world(f"v=spf1 a mx {GOOGLE} ~all", f"v=spf1 {GRID} {CHIMP} -all"))
    assert over.fix is not None
    assert "it needs 12 look-ups (receivers stop at 10)" in over.fix.say


async def test_the_first_record_follows_from_where_mail_arrives() -> None:
    def world(*mx: str) -> World:
        return World(dns={(NAME, "TXT"): found(NAME, "TXT", TOKEN), (NAME, "MX"): found(NAME, "MX", *mx)})

    assert proposed(await finding("email.spf.single", world("1 smtp.google.com."))) == (TOKEN, ONE)
    assert proposed(await finding("email.spf.single", world("0 ."))) == (TOKEN, "v=spf1 -all")
    assert proposed(await finding("email.spf.single", world("10 mail.good.example."))) == (TOKEN, "v=spf1 mx ~all")


def asked(*ticks: str, mx: tuple[str, ...] = (), choice: str = "listed", other: str = "") -> World:
    """good.example without SPF, after the founder said who sends."""
    answers: dict[tuple[str, str], dns.Answer] = {(NAME, "TXT"): found(NAME, "TXT", TOKEN)}
    if mx:
        answers[NAME, "MX"] = found(NAME, "MX", *mx)
    return World(dns=answers, answers=(said("email.senders", choice, *ticks, other=other),))


@pytest.mark.parametrize("id", ["email.spf.single", "email.spf.policy"])
async def test_the_first_record_names_whom_the_founder_named(id: str) -> None:
    here = asked(
        "fastmail", "sendgrid", other="93.184.215.14, spf.shop.example, app.good.example", mx=("1 smtp.google.com.",)
    )
    assert proposed(await finding(id, here))[1] == (
        "v=spf1 include:_spf.google.com include:spf.messagingengine.com include:spf.shop.example "
        "a:app.good.example ip4:93.184.215.14 ~all"
    )
    only_sends = asked("fastmail", mx=("0 .",))
    assert proposed(await finding(id, only_sends))[1] == "v=spf1 include:spf.messagingengine.com ~all"
    assert proposed(await finding(id, asked(choice="none", mx=("10 mx.good.example.",))))[1] == "v=spf1 -all"


@pytest.mark.parametrize("id", ["email.spf.single", "email.spf.policy"])
@pytest.mark.parametrize("here", [txt(TOKEN), asked("sendgrid", mx=("0 .",))], ids=["not asked", "bounces elsewhere"])
async def test_a_list_of_nobody_is_not_published_where_nobody_said_so(id: str, here: World) -> None:
    fix = (await finding(id, here)).fix
    assert fix is not None
    assert (fix.kind, fix.records) == ("steps", ())
    assert "First say who may send mail" in fix.say


async def test_an_open_end_is_closed_and_nothing_else_touched() -> None:
    assert proposed(await finding("email.spf.policy", txt(TOKEN, "v=spf1 mx +all"))) == (TOKEN, "v=spf1 mx ~all")
    warned = await finding("email.spf.policy", txt("v=spf1 a ?all exp=why.good.example", TOKEN), Status.WARN)
    assert proposed(warned) == (TOKEN, "v=spf1 a ~all exp=why.good.example")


@pytest.mark.parametrize("world", [txt(TOKEN), txt(ONE, OTHER)], ids=["none", "two"])
async def test_both_checks_name_one_cause_for_one_fault(world: World) -> None:
    causes = {(await finding(id, world)).cause for id in TABLE}
    assert causes == {f"spf:{NAME}"}
