"""What of a sender is there, and what adding it or taking it away comes to: pure, from answers that are given."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.senderplan import CannotTell, adding, removing, their_records
from launchready_tui.senders import Declared, SenderGuide, guide, guides
from launchready_tui.sendersight import Seen, included, look, questions, states
from launchready_tui.sources.dns import Answer, NoData, NxDomain, ServerFailed, TimedOut
from tests.world import CannedDns, found

DOMAIN = "good.example"
PUBLIC = rsa.generate_private_key(65537, 2048).public_key()
KEY = (
    "v=DKIM1; k=rsa; p="
    + base64.b64encode(
        PUBLIC.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()
)


def one(id: str) -> SenderGuide:
    known = guide(id)
    assert known is not None
    return known


def spf(*records: str) -> Answer:
    return found(DOMAIN, "TXT", "verify=1", *records)


def key(name: str, target: str = "", text: str = KEY) -> dict[tuple[str, str], Answer]:
    full = f"{name}._domainkey.{DOMAIN}"
    return {(full, "TXT"): found(full, "TXT", text, aliases=(target,) if target else ())}


async def seen(answers: dict[tuple[str, str], Answer], *ids: str) -> Seen:
    dns = CannedDns({(DOMAIN, "MX"): NoData(DOMAIN, "MX")} | answers, {}, None)
    return await look(dns, DOMAIN, [one(id) for id in ids])


def by_part(sight: Seen, id: str, *, declared: Declared | None = None) -> dict[str, list[str]]:
    state = next(each for each in states(sight, declared or Declared((one(id),))) if each.id == id)
    out: dict[str, list[str]] = {}
    for need in state.needs:
        out.setdefault(need.part, []).append(need.state)
    return out


# ---- what is there ----


async def test_everything_of_google_is_there() -> None:
    answers = {(DOMAIN, "TXT"): spf("v=spf1 include:_spf.google.com ~all")} | key("google")
    sight = await seen(answers, "google-workspace")
    assert by_part(sight, "google-workspace") == {"spf": ["there"], "dkim": ["there"]}
    (state,) = states(sight, Declared((one("google-workspace"),)))
    assert (state.state, state.declared) == ("there", True)
    assert state.seen == ("include:_spf.google.com in your SPF record", "its key at google._domainkey")


async def test_a_key_through_their_cname_is_there_and_one_through_another_is_not() -> None:
    target = "selector1-good-example._domainkey.good.onmicrosoft.com."
    answers = {(DOMAIN, "TXT"): spf()} | key("selector1", target) | key("selector2", "elsewhere.evil.example.")
    sight = await seen(answers, "microsoft-365")
    assert by_part(sight, "microsoft-365") == {"spf": ["missing"], "dkim": ["there", "other"]}


@pytest.mark.parametrize(
    ("text", "state"),
    [(KEY, "there"), ("v=DKIM1; p=", "missing"), ("v=DKIM1; k=rsa; p=bm90IGEga2V5", "other"), ("hello", "missing")],
)
async def test_a_key_counts_only_where_receivers_can_use_it(text: str, state: str) -> None:
    sight = await seen({(DOMAIN, "TXT"): spf()} | key("resend", text=text), "resend")
    assert by_part(sight, "resend")["dkim"] == [state]


@pytest.mark.parametrize(
    "answer", [TimedOut(DOMAIN, "TXT", 4.0), ServerFailed(DOMAIN, "TXT")], ids=["silent", "failed"]
)
async def test_silence_is_unknown_never_missing(answer: Answer) -> None:
    full = f"google._domainkey.{DOMAIN}"
    sight = await seen({(DOMAIN, "TXT"): answer, (full, "TXT"): answer}, "google-workspace")
    assert by_part(sight, "google-workspace") == {"spf": ["unknown"], "dkim": ["unknown"]}
    (state,) = states(sight, Declared((one("google-workspace"),)))
    assert state.state == "unknown"


async def test_what_only_their_page_names_is_neither_there_nor_missing() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf()}, "customer-io")
    assert by_part(sight, "customer-io") == {"return-path": ["page", "page"], "dkim": ["page"]}
    (state,) = states(sight, Declared((one("customer-io"),)))
    assert state.state == "page"


async def test_a_return_path_is_theirs_through_the_machines_they_send_with() -> None:
    send = f"send.{DOMAIN}"
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "TXT"): spf(),
        (send, "MX"): found(send, "MX", "10 feedback-smtp.eu-west-1.amazonses.com."),
        (send, "TXT"): found(send, "TXT", "v=spf1 include:amazonses.com ~all"),
    }
    sight = await seen(answers | key("resend"), "resend")
    assert by_part(sight, "resend") == {"dkim": ["there"], "return-path": ["there", "there"]}
    assert [(r.type, r.name) for r in their_records(one("resend"), sight)] == [
        ("TXT", f"resend._domainkey.{DOMAIN}"),
        ("MX", send),
        ("TXT", send),
    ]


async def test_those_seen_and_not_named_come_after_those_named() -> None:
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "TXT"): spf("v=spf1 include:servers.mcsv.net include:_spf.google.com include:_spf.odd.example ~all"),
        (DOMAIN, "MX"): found(DOMAIN, "MX", "1 smtp.google.com."),
    }
    sight = await seen(answers, "mailchimp", "google-workspace", "resend")
    said = Declared((one("resend"),), hosts=("spf.shop.example",))
    rows = [(state.id, state.declared, state.state) for state in states(sight, said)]
    assert rows == [
        ("resend", True, "missing"),
        ("spf.shop.example", True, "missing"),
        ("google-workspace", False, "missing"),
        ("mailchimp", False, "missing"),
        ("_spf.odd.example", False, "there"),
    ]
    mailchimp = next(state for state in states(sight, said) if state.id == "mailchimp")
    assert mailchimp.extra == ("include:servers.mcsv.net",)
    assert mailchimp.extra_say == (
        "include:servers.mcsv.net in your SPF record does nothing: bounces go to a domain of Mailchimp's."
    )
    assert next(state for state in states(sight, said) if state.id == "google-workspace").extra_say == ""


async def test_an_include_that_may_be_needed_is_not_called_useless() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf("v=spf1 include:mailgun.org ~all")}, "mailgun")
    (state,) = states(sight, None)
    assert "counts only where Mailgun has bounces come back to the domain itself" in state.extra_say


async def test_a_selector_of_a_message_tells_who_sent_it() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf()})
    rows = [(state.id, state.seen) for state in states(sight, None, ["brevo1", "s99"])]
    assert rows == [("brevo", ("a message signed with brevo1",))]


@pytest.mark.parametrize(
    ("id", "selector", "target", "words"),
    [
        ("postmark", "20260115093000pm", "", "20260115093000pm._domainkey"),
        ("amazon-ses", "abc", "abc.dkim.amazonses.com.", "through abc.dkim.amazonses.com"),
        ("loops", "abc", "abc.dkim.amazonses.com.", "Amazon SES's, whose machines Loops sends with"),
    ],
)
async def test_a_key_that_a_message_named_is_there(id: str, selector: str, target: str, words: str) -> None:
    dns = CannedDns({(DOMAIN, "TXT"): spf(), **key(selector, target)}, {}, None)
    sight = await look(dns, DOMAIN, [one(id)], [selector])
    state = next(each for each in states(sight, Declared((one(id),)), [selector]) if each.id == id)
    (need,) = [need for need in state.needs if need.part == "dkim"]
    assert need.state == "there"
    assert words in need.say
    assert not any("_domainkey" in copied.name or "DKIM" in copied.where for copied in adding(one(id), sight).copy)
    unnamed = await look(dns, DOMAIN, [one(id)])
    state = next(each for each in states(unnamed, Declared((one(id),))) if each.id == id)
    assert [need.state for need in state.needs if need.part == "dkim"] == ["page"]


def test_a_word_behind_the_all_or_that_refuses_is_nobody() -> None:
    assert included("v=spf1 include:a.example -include:b.example ~all include:c.example") == ("a.example",)
    assert included("v=spf1 redirect=A.example.") == ("a.example",)


@pytest.mark.parametrize("id", [each.id for each in guides()])
def test_only_names_that_are_known_are_asked_for(id: str) -> None:
    for name, type in questions(DOMAIN, [one(id)]):
        assert "*" not in name
        assert name == DOMAIN or name.endswith(f".{DOMAIN}")
        assert type in ("TXT", "MX", "CNAME")


# ---- what a change comes to ----


@pytest.mark.parametrize("id", [each.id for each in guides()])
async def test_adding_anybody_keeps_who_is_there_and_adding_again_changes_nothing(id: str) -> None:
    old = "v=spf1 mx include:_spf.odd.example -all"
    sight = await seen({(DOMAIN, "TXT"): spf(old)}, id)
    change = adding(one(id), sight)
    assert change.fix is not None
    sets = {(each.name, each.type): each.values for each in change.fix.records}
    if one(id).includes:
        (record,) = sets[DOMAIN, "TXT"]
        assert record == f"v=spf1 mx include:_spf.odd.example include:{one(id).include} -all" == change.record
    else:
        assert (DOMAIN, "TXT") not in sets
    assert not any(type == "MX" for _, type in sets), "adding a sender never moves where mail arrives"
    # What nobody can know is named, and what is known is published: nothing of a guide is lost.
    for record_ in one(id).records:
        if record_.part in ("dkim", "return-path") and record_.needed:
            name = record_.named(DOMAIN)
            assert (name, record_.type) in sets or any(
                (copied.type, copied.name) == (record_.type, name) for copied in change.copy
            )
    after: dict[tuple[str, str], Answer] = {(DOMAIN, "TXT"): spf(change.record or old)}
    for (name, type), values in sets.items():
        if name != DOMAIN and type == "CNAME" and "._domainkey." in name:
            after[name, "TXT"] = found(name, "TXT", KEY, aliases=values)
        elif name != DOMAIN:
            after[name, type] = found(name, type, *values)
    again = adding(one(id), await seen(after, id))
    assert again.record == ""
    assert again.fix is None or not again.fix.records
    assert change.fix.say


@pytest.mark.parametrize("id", [each.id for each in guides() if each.includes])
async def test_taking_away_what_was_added_is_what_was_there(id: str) -> None:
    old = "v=spf1 mx include:_spf.odd.example -all"
    new = adding(one(id), await seen({(DOMAIN, "TXT"): spf(old)}, id)).record
    back = removing(one(id), await seen({(DOMAIN, "TXT"): spf(new)}, id))
    assert back.record == old


async def test_nothing_is_planned_over_records_that_could_not_be_read() -> None:
    sight = await seen({(DOMAIN, "TXT"): TimedOut(DOMAIN, "TXT", 4.0)}, "fastmail")
    for act in (adding, removing):
        with pytest.raises(CannotTell, match=r"could not read the SPF record of good\.example"):
            act(one("fastmail"), sight)


async def test_an_spf_record_at_a_return_path_keeps_its_others() -> None:
    send = f"send.{DOMAIN}"
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "TXT"): spf(),
        (send, "TXT"): found(send, "TXT", "v=spf1 include:other.example -all"),
    }
    change = adding(one("resend"), await seen(answers, "resend"))
    assert change.fix is not None
    (record,) = [each for each in change.fix.records if each.name == send]
    assert record.values == ("v=spf1 include:other.example include:amazonses.com -all",)


async def test_a_regional_include_of_theirs_is_enough() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf("v=spf1 include:zoho.eu ~all")}, "zoho-mail")
    assert adding(one("zoho-mail"), sight).record == ""
    assert removing(one("zoho-mail"), sight).record == "v=spf1 ~all"


async def test_the_include_is_that_of_the_region_where_mail_arrives() -> None:
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "TXT"): spf(),
        (DOMAIN, "MX"): found(DOMAIN, "MX", "10 mx.zoho.eu.", "20 mx2.zoho.eu."),
    }
    assert adding(one("zoho-mail"), await seen(answers, "zoho-mail")).record == "v=spf1 include:zoho.eu ~all"
    assert one("zoho-mail").include_for([]) == "zohomail.com"
    assert one("zoho-mail").include_for(["mx.notzoho.eu"]) == "zohomail.com"
    assert one("google-workspace").include_for(["smtp.google.com."]) == "_spf.google.com"


async def test_a_redirect_to_them_ends_in_softfail() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf("v=spf1 redirect=_spf.google.com")}, "google-workspace")
    change = removing(one("google-workspace"), sight)
    assert change.record == "v=spf1 ~all"
    assert any("ends in ~all now" in note for note in change.notes)


async def test_the_first_record_says_that_others_are_missing() -> None:
    sight = await seen({(DOMAIN, "TXT"): NxDomain(DOMAIN, "TXT")}, "fastmail")
    change = adding(one("fastmail"), sight)
    assert change.record == "v=spf1 include:spf.messagingengine.com ~all"
    assert any("has no SPF record yet" in note for note in change.notes)


async def test_keys_go_by_their_values_so_that_others_stay() -> None:
    full = f"google._domainkey.{DOMAIN}"
    answers: dict[tuple[str, str], Answer] = {
        (DOMAIN, "TXT"): spf("v=spf1 include:_spf.google.com ~all"),
        (full, "TXT"): found(full, "TXT", KEY),
    }
    sight = await seen(answers, "google-workspace")
    kept = removing(one("google-workspace"), sight)
    assert [each.name for each in kept.left] == [full]
    assert kept.fix is not None
    assert [each.name for each in kept.fix.records] == [DOMAIN]
    gone = removing(one("google-workspace"), sight, with_keys=True)
    assert gone.fix is not None
    assert [(each.name, each.values, each.drops) for each in gone.fix.records[1:]] == [(full, (), (KEY,))]


async def test_taking_away_who_is_not_there_changes_nothing() -> None:
    sight = await seen({(DOMAIN, "TXT"): spf("v=spf1 mx ~all")}, "brevo")
    change = removing(one("brevo"), sight)
    assert (change.fix, change.record) == (None, "")


@pytest.mark.parametrize(
    "record", ["v=spf1 \x1b]0;x\x07 ~all", "v=spf1 include:[bold]x[/].example ~all", "v=spf1 " + "a " * 5_000 + "-all"]
)
async def test_a_hostile_record_is_shown_clean_and_never_lost(record: str) -> None:
    sight = await seen({(DOMAIN, "TXT"): spf(record)}, "fastmail")
    change = adding(one("fastmail"), sight)
    assert is_spf(change.record)
    assert parse(change.record).all == parse(record).all
    assert change.fix is not None
    assert "\x1b" not in change.fix.say
    assert len(change.fix.say) <= 2_100
