"""Every guide of a sender is whole, its marks take what they must and refuse the rest; what a founder typed is read."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from launchready_tui import known, senders
from launchready_tui.answers import Answer, Answers
from launchready_tui.fixes.records import canonical
from launchready_tui.mail.spf import parse
from launchready_tui.project import Clock
from launchready_tui.questions import QUESTIONS
from launchready_tui.senders import SenderGuide, declared, guide, guides

FIELDS = {
    "id", "name", "kind", "includes", "lookups", "return_path", "return_path_sub", "through", "selectors",
    "selector_patterns", "dkim_type", "records", "dmarc", "dmarc_say", "spf_names", "mx_names", "dkim_names",
    "path_names", "hosts", "headers", "page", "path", "yes", "no", "source", "checked", "date",
}  # fmt: skip
MAY_BE_EMPTY = {
    "includes", "lookups", "selectors", "selector_patterns", "spf_names", "mx_names", "dkim_names", "path_names",
    "hosts", "headers",
}  # fmt: skip
RECORD_FIELDS = {"part", "type", "name", "value", "shown", "needed"}
ASKED_FOR = (
    "Google Workspace", "Microsoft 365", "Resend", "Postmark", "SendGrid", "Mailgun", "Amazon SES", "Brevo",
    "Mailchimp", "Loops", "Customer.io", "Zoho Mail", "Fastmail", "Proton Mail", "iCloud Mail",
)  # fmt: skip
# Which fields are marks of which kind of example.
MARKS = {
    "spf": ("spf_names",),
    "mx": ("mx_names",),
    "dkim": ("selectors", "selector_patterns", "dkim_names"),
    "path": ("path_names",),
    "host": ("hosts",),
    "header": ("headers",),
}
# Selectors that two services use tell nothing by themselves, so neither has an example of them alone.
SHARED = {"krs", "k1"}
FIND: dict[str, Callable[..., SenderGuide | None]] = {
    "spf": senders.by_spf,
    "mx": senders.by_mx,
    "dkim": senders.by_dkim,
    "path": senders.by_return_path,
    "host": senders.by_host,
    "header": lambda name: senders.by_headers([name]),
}

RAW: list[dict[str, Any]] = tomllib.loads(
    resources.files("launchready_tui").joinpath("senders.toml").read_text(encoding="utf-8")
)["sender"]
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def _blank(value: Any) -> bool:
    return not (str(value).strip() and (value or value == 0))


def blanks(entry: dict[str, Any]) -> list[str]:
    """What keeps an entry from counting."""
    found = [f"no {field}" for field in FIELDS - set(entry)] + [f"what is {field}" for field in set(entry) - FIELDS]
    found += [f"blank {field}" for field in FIELDS - MAY_BE_EMPTY if _blank(entry.get(field))]
    found += [f"blank in {field}" for field in FIELDS for one in _listed(entry.get(field)) if _blank(one)]
    if bool(entry.get("includes")) != bool(entry.get("lookups")):
        found.append("an include costs at least one look-up, and nothing else does")
    for record in entry.get("records") or ():
        if set(record) != RECORD_FIELDS:
            found.append(f"record fields {sorted(set(record) ^ RECORD_FIELDS)}")
        elif bool(record["value"].strip()) == bool(record["shown"].strip()):
            found.append("a record has a value, or says where it is shown: one of the two")
        elif not (record["part"].strip() and record["type"].strip() and record["name"].strip()):
            found.append("a record without part, type or name")
    for kind, fields in MARKS.items():
        for side in ("yes", "no"):
            has = any(str(example).split(" ")[0] == kind for example in entry.get(side) or ())
            marked = [mark for field in fields for mark in entry.get(field) or () if mark not in SHARED]
            if marked and not has:
                found.append(f"no example of {kind} among {side}")
            if has and not marked and side == "yes":
                found.append(f"an example of {kind} without a mark")
    return found


def _listed(value: Any) -> list[Any]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


@pytest.mark.parametrize("entry", RAW, ids=lambda entry: str(entry["id"]))
def test_no_entry_has_a_blank(entry: dict[str, Any]) -> None:
    assert blanks(entry) == []
    assert entry["source"].startswith("https://")
    assert entry["page"].startswith("https://")
    assert isinstance(entry["date"], dt.date)
    assert len(str(entry["checked"]).split()) >= 4


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_field_that_is_missing_or_blank_is_refused(field: str) -> None:
    entry = dict(RAW[0])
    assert blanks(entry) == []
    del entry[field]
    assert blanks(entry)
    if field not in MAY_BE_EMPTY:
        empty = "" if field == "date" else type(RAW[0][field])()
        assert blanks(RAW[0] | {field: empty})


@pytest.mark.parametrize("field", [field for fields in MARKS.values() for field in fields])
def test_a_mark_without_an_example_is_refused(field: str) -> None:
    kind = next(kind for kind, fields in MARKS.items() if field in fields)
    entry = next(one for one in RAW if one[field])
    for side in ("yes", "no"):
        rest = [example for example in entry[side] if not example.startswith(f"{kind} ")]
        assert blanks(entry | {side: rest}), f"{entry['id']} counts without {kind} among {side}"


def test_a_record_with_neither_a_value_nor_a_place_is_refused() -> None:
    record = dict(RAW[0]["records"][0])
    assert blanks(RAW[0] | {"records": [record | {"value": "", "shown": ""}]})
    assert blanks(RAW[0] | {"records": [record | {"shown": "both"}]})
    del record["needed"]
    assert blanks(RAW[0] | {"records": [record]})


def test_those_that_founders_use_are_there_once() -> None:
    assert {one.name for one in guides()} >= set(ASKED_FOR)
    assert len({one.name for one in guides()}) == len({one.id for one in guides()}) == len(guides())
    for one in guides():
        assert guide(one.id) is one
        assert guide(one.name.upper()) is one
        assert one.through_guide() is None or one.through_guide() in guides()
        assert not one.through or one.through_guide() is not None
    assert guide("nobody") is None


@pytest.mark.parametrize("one", guides(), ids=lambda one: one.id)
def test_examples(one: SenderGuide) -> None:
    for example in one.yes:
        kind, *words = example.split(" ")
        found = FIND[kind](*words)
        assert found is one, f"{example} is {found.name if found else 'nobody'}'s, not {one.name}'s"
    for example in one.no:
        kind, *words = example.split(" ")
        assert FIND[kind](*words) is not one, f"{example} is taken for {one.name}'s"


@pytest.mark.parametrize("one", guides(), ids=lambda one: one.id)
def test_what_a_guide_asks_for_can_be_published(one: SenderGuide) -> None:
    """A fixed value is a record that a name server takes, a term of SPF where it is one, with this domain's names."""
    for record in one.records:
        value = record.filled("maple-club.example")
        if record.part == "spf":
            term = parse(f"v=spf1 {value} ~all")
            assert not term.errors
            assert [each.value for each in term.terms if each.name == "include"] == [one.include]
        elif value:
            assert "{" not in value
            assert canonical(record.type, value) == value
            if value.startswith("v=spf1"):
                assert parse(value).errors == ()
                assert parse(value).all == "~"
        else:
            assert record.shown
        assert record.named("maple-club.example").endswith("maple-club.example") or "*" in record.name
    assert bool(one.includes) == any(record.part == "spf" for record in one.records)
    assert one.of("dkim"), "every one of them signs"


@pytest.mark.parametrize("one", guides(), ids=lambda one: one.id)
def test_the_parts_of_a_guide_agree(one: SenderGuide) -> None:
    own = [record for record in one.records if record.part == "return-path"]
    assert not own or one.return_path in ("yours", "either")
    assert bool(own) == bool(one.return_path_sub)
    if one.return_path == "own":
        assert one.dmarc == ("dkim",), "bounces to their domain never line up with yours"
    for include in one.includes:
        assert senders.by_spf(include) is one
    for record in one.of("dkim"):
        selector = record.name.partition("._domainkey")[0]
        if record.value and record.type == "CNAME":
            assert senders.by_dkim(selector, record.filled("good.example")) is one
        if "*" not in record.name:
            assert selector in one.selectors
    for record in one.of("inbox"):
        if record.value:
            assert senders.by_mx(record.value) is one


def test_dashes_and_dots() -> None:
    brevo, icloud = guide("brevo"), guide("icloud-mail")
    assert brevo is not None
    assert icloud is not None
    assert brevo.of("dkim")[0].filled("maple.club.example") == "b1.maple-club-example.dkim.brevo.com."
    assert icloud.of("dkim")[0].filled("maple.example") == "sig1.dkim.maple.example.at.icloudmailadmin.com."
    assert icloud.of("dkim")[0].named("maple.example") == "sig1._domainkey.maple.example"


def test_a_target_says_more_than_a_selector() -> None:
    assert senders.by_dkim("k1", "dkim.mcsv.net.") is guide("mailchimp")
    assert senders.by_dkim("k1") is None  # Mailgun and Mailchimp both use it
    assert senders.by_dkim("s1", "s1.domainkey.somebody.example") is None
    assert senders.by_dkim("S1.") is guide("sendgrid")
    assert senders.by_dkim("") is None


def test_who_is_who_reads_the_same_marks() -> None:
    """known.py names senders and mail hosts from the guides: the marks stand in one file."""
    own = known.read_data("known.toml")
    names = {one.name for one in guides()}
    assert not names & {entry["name"] for entry in own["sender"]}
    assert not {one.name for one in guides() if one.mx_names} & {entry["name"] for entry in own["mail"]}
    for one in guides():
        for example in one.yes:
            kind, name = example.split(" ")[:2]
            if kind == "spf":
                assert known.senders(f"v=spf1 include:{name} ~all") == (one.name,)
            if kind == "mx":
                assert known.mail_host([f"10 {name}"]) == one.name


# ---- what the founder said ----


def _said(choice: str = "listed", ticks: tuple[str, ...] = (), other: str = "", days: int = 90) -> Answers:
    answer = Answer("email.senders", choice, "Ada", NOW, days, frozenset(ticks), {"other": other})
    return Answers([answer], Clock(NOW))


def test_not_asked_yet_is_none() -> None:
    assert declared(None) is None
    assert declared(Answers()) is None
    assert declared(_said("unknown")) is None


def test_ticks_and_typed_names() -> None:
    said = declared(
        _said(ticks=("mailchimp", "google-workspace"), other="_SPF.shop.example., 93.184.215.0/24; 2001:db8::1")
    )
    assert said is not None
    assert said.ids == ("google-workspace", "mailchimp")
    assert said.hosts == ("_spf.shop.example",)
    assert said.addresses == ("93.184.215.0/24", "2001:db8::1")
    assert said.unread == ()
    assert said.names == ("Google Workspace", "Mailchimp", "_spf.shop.example", "93.184.215.0/24", "2001:db8::1")


def test_a_typed_name_that_we_know_is_that_service() -> None:
    said = declared(_said(other="spf.mtasv.net, Resend, spf.mtasv.net"))
    assert said is not None
    assert said.ids == ("resend", "postmark")
    assert said.hosts == ()


def test_nobody_sends() -> None:
    said = declared(_said("none", ticks=("resend",)))
    assert said is not None
    assert said.nobody
    assert said.guides == ()


def test_machines_that_send_for_another_are_covered() -> None:
    said = declared(_said(ticks=("resend",)))
    ses, mailgun, resend = guide("amazon-ses"), guide("mailgun"), guide("resend")
    assert said is not None
    assert ses is not None
    assert mailgun is not None
    assert resend is not None
    assert said.covers(ses)
    assert said.covers(resend)
    assert not said.covers(mailgun)


def test_an_id_that_we_no_longer_have_is_not_lost() -> None:
    said = declared(_said(ticks=("mailchimp", "gone-sender")))
    assert said is not None
    assert said.unread == ("gone-sender",)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[bold red]x[/]",
        "a" * 10_000,
        "\x1b]52;c;eA==\x07",
        "include:evil.example -all",
        "x\u202egpj.example\u202e",
        "..",
        "999.999.999.999",
        "v=spf1 +all",
    ],
)
def test_hostile_names_are_no_hosts(hostile: str) -> None:
    said = declared(_said(other=hostile))
    assert said is not None
    for host in said.hosts:
        assert set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-._")
        assert len(host) <= 253
    assert "\x1b" not in "".join((*said.unread, *said.hosts))
    assert said.guides == ()


def test_the_question_offers_every_guide() -> None:
    assert [name for name, _ in QUESTIONS["email.senders"].ticks] == [one.id for one in guides()]
