"""email.dkim.key: where the keys stand that sign the founder's mail, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.mail.dkim import parse_key
from launchready_tui.model import Finding, Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.proofs import Proof, StoredMessage
from launchready_tui.sources import dns
from launchready_tui.sources.message import Messages
from tests.mail.keys import ED25519, RSA_512, RSA_1024, RSA_2048, pem
from tests.world import MADE_UP, NAME, Row, World, found, hold, said

ID = "email.dkim.key"
KEY = f"v=DKIM1; k=rsa; p={RSA_2048}"
Records = Mapping[str, str | tuple[str, ...] | dns.Answer]


def at(selector: str, domain: str = NAME) -> str:
    return f"{selector}._domainkey.{domain}"


def keys(records: Records, *ticks: str, named: tuple[str, ...] = (), other: str = "", **more: object) -> World:
    """Records by selector or full name; `ticks` are the senders that the founder named."""
    answers: dict[tuple[str, str], dns.Answer] = {(NAME, "A"): found(NAME, "A", "93.184.215.14")}
    for selector, value in records.items():
        name = selector if "._domainkey." in selector else at(selector)
        value = (value,) if isinstance(value, str) else value
        answers[name, "TXT"] = found(name, "TXT", *value) if isinstance(value, tuple) else value
    listed = (said("email.senders", "listed", *ticks, other=other),) if ticks or other else ()
    return World(project=Project(NAME, dkim_selectors=named), dns=answers, answers=listed, **more)  # type: ignore[arg-type]


def signed(*signers: tuple[str, str]) -> Messages:
    async def prove(message: StoredMessage) -> Proof:
        raise AssertionError("the keys are not judged by what a message proves")

    return Messages((StoredMessage("1.eml", "reset", Path("1.eml"), signers),), prove)


def behind(selector: str, target: str, *value: str) -> dns.Answer:
    name = at(selector)
    return dns.Found(name, "TXT", value, 300, (target,)) if value else dns.NxDomain(name, "TXT", (target,))


BRACKETS = "v=DKIM1; k=rsa; p=[@click=app.quit]\x1b[31m\u202e"
TABLE: dict[str, list[Row]] = {
    ID: [
        Row("a sender and its key", keys({"google": KEY}, "google-workspace"), Status.PASS, "RSA, 2,048 bits"),
        Row(
            "two senders",
            keys(
                {"google": KEY, "s1": behind("s1", "s1.domainkey.u1.wl.sendgrid.net", KEY)},
                *("google-workspace", "sendgrid"),
            ),
            Status.PASS,
            "Google Workspace and SendGrid",
        ),
        Row("the second key of a pair is not in use", keys({"selector1": KEY}, "microsoft-365"), Status.PASS),
        Row("an old key was withdrawn", keys({"s1": KEY, "s2": "v=DKIM1; p="}, "sendgrid"), Status.PASS),
        Row("RSA beside Ed25519", keys({"a": KEY, "b": f"k=ed25519; p={ED25519}"}, named=("a", "b")), Status.PASS),
        Row("named on the command line", keys({"mine": KEY}, named=("mine",)), Status.PASS, "only you can say"),
        Row("named by its whole name", keys({"mine": KEY}, named=(f"{at('mine')}.",)), Status.PASS),
        Row(
            "named in an answer",
            replace(keys({"x1": KEY, "x2": KEY}), answers=(said("email.dkim", "named", selectors="x1, x2"),)),
            Status.PASS,
            "x2._domainkey",
        ),
        Row("from a message", keys({"mta": KEY}, other="192.0.2.4", more=(signed((NAME, "mta")),)), Status.PASS),
        Row(
            "from a message of a name below",
            keys({at("mg", f"mg.{NAME}"): KEY}, other="192.0.2.4", more=(signed((f"mg.{NAME}", "mg")),)),
            Status.PASS,
            "mg._domainkey.mg.",
        ),
        Row("senders that nobody can read", keys({}, other="our mailer, somewhere"), Status.UNKNOWN, "no selector"),
        Row("a key of somebody else's message", keys({}, more=(signed(("other.example", "x")),)), Status.UNKNOWN),
        Row(
            "a service known by where its alias leads",
            keys({"abc": behind("abc", "abc.dkim.amazonses.com", KEY)}, "amazon-ses", named=("abc",)),
            Status.PASS,
            "Amazon SES",
        ),
        Row(
            "an inbox with a selector of the founder's choice, from a message",
            keys({"mail2026": KEY}, "google-workspace", more=(signed((NAME, "mail2026")),)),
            Status.PASS,
            "Google Workspace: the key",
        ),
        Row(
            "one such key for two senders",
            keys({"mail2026": KEY}, "google-workspace", "amazon-ses", named=("mail2026",)),
            Status.UNKNOWN,
            "We know no selector of Amazon SES",
        ),
        Row("1,024 bits", keys({"google": f"v=DKIM1; p={RSA_1024}"}, "google-workspace"), Status.WARN, "2,048"),
        Row("test mode", keys({"google": f"{KEY}; t=y"}, "google-workspace"), Status.WARN, "test mode"),
        Row("Ed25519 alone", keys({"a": f"k=ed25519; p={ED25519}"}, named=("a",)), Status.WARN, "Ed25519 alone"),
        Row("two keys at one name", keys({"a": (KEY, f"p={RSA_1024}")}, named=("a",)), Status.WARN, "several keys"),
        Row("withdrawn", keys({"google": "v=DKIM1; k=rsa; p="}, "google-workspace"), Status.FAIL, "withdrawn"),
        Row("too short", keys({"google": f"v=DKIM1; p={RSA_512}"}, "google-workspace"), Status.FAIL, "512 bits"),
        Row("not base64", keys({"a": "v=DKIM1; p=!!!"}, named=("a",)), Status.FAIL, "“!”"),
        Row("cut off", keys({"a": KEY[:255]}, named=("a",)), Status.FAIL, "cut off at 255"),
        Row("in two records", keys({"a": (KEY[:200], KEY[200:])}, named=("a",)), Status.FAIL, "2 TXT records"),
        Row("with quotation marks", keys({"a": f'"{KEY[:250]}" "{KEY[250:]}"'}, named=("a",)), Status.FAIL, "uotation"),
        Row("with its armour", keys({"a": f"v=DKIM1; p={pem(RSA_2048)}"}, named=("a",)), Status.FAIL, "BEGIN"),
        Row(
            "broken, while another of theirs is sound, but named",
            keys({"a": "v=DKIM1; p=", "b": KEY}, named=("a", "b")),
            Status.FAIL,
            "withdrawn",
        ),
        Row("two are broken", keys({"a": "v=DKIM1; p=", "b": "p=!"}, named=("a", "b")), Status.FAIL, "1 more"),
        Row("a sender without its key", keys({}, "brevo"), Status.FAIL, "b1.good-example.dkim.brevo.com"),
        Row("a sender whose records only its page shows", keys({}, "sendgrid"), Status.FAIL, "Install DNS Records"),
        Row(
            "an alias that leads to nothing",
            keys({"selector1": behind("selector1", "selector1-good.onmicrosoft.com")}, "microsoft-365"),
            Status.FAIL,
            "switch signing",
        ),
        Row("named, and not there", keys({}, named=("nope",)), Status.FAIL, "You named the selector nope"),
        Row(
            "an inbox whose founder chose another selector",
            keys({}, "google-workspace"),
            Status.UNKNOWN,
            "We know no selector of Google Workspace",
        ),
        Row("a sender whose selectors differ", keys({}, "amazon-ses"), Status.UNKNOWN, "Amazon SES"),
        Row("a server of one's own", keys({}, other="192.0.2.4"), Status.UNKNOWN, "192.0.2.4"),
        Row("a sender's older key under a usual name", keys({"mail": KEY}, "brevo"), Status.UNKNOWN, "Brevo"),
        Row("nobody was named", keys({}), Status.UNKNOWN, "usual names"),
        Row("guessed, and broken", keys({"google": "v=DKIM1; p="}), Status.UNKNOWN),
        Row("guessed, and sound", keys({"google": KEY}), Status.UNKNOWN, "guessed and found a key"),
        Row(
            "renewed since the message",
            keys({}, more=(signed((NAME, "old")),)),
            Status.UNKNOWN,
        ),
        Row(
            "a wildcard with something else",
            keys(dict.fromkeys(("s1", "s2", f"{MADE_UP[0]}"), "v=spf1 -all"), "sendgrid"),
            Status.FAIL,
            "There is none",
        ),
        Row(
            "a wildcard of withdrawn keys",
            keys(dict.fromkeys(("google", f"{MADE_UP[0]}"), "v=DKIM1; p="), "google-workspace"),
            Status.UNKNOWN,
        ),
        Row("silence", keys({"google": dns.TimedOut("", "TXT", 4.0)}, "google-workspace"), Status.UNKNOWN, "look"),
        Row("nothing is sent", World(answers=(said("email.senders", "none"),)), Status.INFO, "nothing sends mail"),
        Row("no sender", World(owners={"sender": Owner("sender", absent=True)}), Status.INFO, "nothing to sign"),
        Row("escapes", keys({"a": BRACKETS}, named=("a",)), Status.FAIL, hostile=True),
        Row(
            "names that are none",
            keys({}, named=("\x1b[31m", "a b", "x" * 300, "..", "")),
            Status.UNKNOWN,
            hostile=True,
        ),
        Row("64 kB of tags", keys({"a": "v=DKIM1; " + "x=y; " * 12_000}, named=("a",)), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


async def look(world: World, status: Status) -> Finding:
    return await hold(ID, Row("here", world, status))


@pytest.mark.parametrize(
    "values",
    [
        (KEY[:200], KEY[200:]),
        (KEY[200:], KEY[:200]),
        (f'"{KEY[:250]}" "{KEY[250:]}"',),
        (KEY.replace(";", "\\;"),),
        (f"v=DKIM1; k=rsa; p={pem(RSA_2048)}",),
        (KEY.replace("v=DKIM1; k=rsa;", "v=DKIM1 k=rsa"),),
    ],
)
async def test_a_key_that_is_ours_to_know_is_put_right_with_one_record(values: tuple[str, ...]) -> None:
    fix = (await look(keys({"a": values}, named=("a",)), Status.FAIL)).fix
    assert fix is not None
    [record] = fix.records
    assert (record.name, record.type, record.values) == (at("a"), "TXT", (KEY,))
    assert set(record.drops) == set(values)
    assert (await look(keys({"a": record.values}, named=("a",)), Status.PASS)).status is Status.PASS


async def test_behind_an_alias_the_sender_mends_it() -> None:
    fix = (await look(keys({"a": behind("a", "a.keys.example.net", f'"{KEY}"')}, named=("a",)), Status.FAIL)).fix
    assert fix is not None
    assert (fix.kind, fix.records) == ("steps", ())


async def test_test_mode_ends_with_one_record() -> None:
    fix = (await look(keys({"a": f"v=DKIM1; k=rsa; t=y:s; p={RSA_2048}"}, named=("a",)), Status.WARN)).fix
    assert fix is not None
    key = parse_key(fix.records[0].values[0])
    assert (key.valid, key.testing, key.strict) == (True, False, True)


async def test_a_sender_whose_records_are_known_is_one_key_away() -> None:
    fix = (await look(keys({}, "brevo"), Status.FAIL)).fix
    assert fix is not None
    assert [(record.name, record.type) for record in fix.records] == [(at("brevo1"), "CNAME"), (at("brevo2"), "CNAME")]


async def test_a_guess_is_asked_only_where_something_is_missing() -> None:
    asked = (await look(keys({"google": KEY}, "google-workspace"), Status.PASS)).evidence
    assert [each.source for each in asked] == [f"TXT {at('google')}"]
