"""One message, one sentence: what it proves, and nothing called bad that nobody can tell."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email.utils
import random

import dkim
import pytest

from launchready_tui.mail.message import BadMessage
from launchready_tui.mail.proof import prove
from launchready_tui.proofs import Kind, Proof, kept
from launchready_tui.sources.dns import Found, ServerFailed, TimedOut
from tests.mail.letters import (
    FROM,
    IP,
    NOW,
    OURS,
    SENT,
    THEIRS,
    Zone,
    carried,
    ed_key,
    rsa_key,
    short_record,
    signed,
    written,
)
from tests.world import CannedDns, found

ELSEWHERE = "8.8.8.8"
NAME = f"s1._domainkey.{OURS}"
PLAIN = written()
T = int(SENT.timestamp())
ROTATED = Zone(keys={NAME: rsa_key(2048, 7).record})
THIRD = Zone(
    keys={f"m1._domainkey.{THEIRS}": rsa_key(2048, 1).record, NAME: rsa_key().record},
    spf={OURS: "v=spf1 -all", THEIRS: f"v=spf1 ip4:{ELSEWHERE} -all"},
)
YOURS = "This message proves that it is yours."
NOT = "This message does not prove that it is yours: "
UNKNOWN = "We could not tell whether this message is yours: "


def away(message: bytes, results: str = "") -> bytes:
    """Delivered by an address that nobody listed."""
    return carried(message, ip=ELSEWHERE, results=results)


def broken(text: str) -> Zone:
    return Zone(more={(NAME, "TXT"): ServerFailed(NAME, "TXT", text)})


async def proof(
    raw: bytes, zone: Zone | None = None, *, domain: str = OURS, kind: Kind = "other", private: bool = False
) -> Proof:
    dns = CannedDns((zone or Zone()).answers(), {}, None)
    return await prove(raw, dns, NOW, domain=domain, kind=kind, private=private)


CASES = {
    "RSA": (away(signed(PLAIN)), None, YOURS),
    "Ed25519": (away(signed(PLAIN, ed_key())), Zone(keys={NAME: ed_key().record}), YOURS),
    "two signatures": (away(signed(signed(PLAIN, rsa_key(2048, 1), domain=THEIRS, selector="m1"))), THIRD, YOURS),
    "by its address alone": (carried(PLAIN), None, YOURS),
    "a copy that is signed": (signed(PLAIN), None, YOURS),
    "a part of the domain": (away(signed(written(sender=f"a@news.{OURS}"))), None, YOURS),
    "body altered": (
        away(signed(PLAIN).replace(b"reset?t=1", b"reset?t=9")), None,
        f"{NOT}it was changed after good.example signed it; the SPF record of good.example refuses 8.8.8.8.",
    ),
    "From altered": (
        away(signed(PLAIN).replace(b"<hello@", b"<boss@")), None,
        f"{NOT}it was changed after good.example signed it; the SPF record of good.example refuses 8.8.8.8.",
    ),
    "another From on top": (
        away(b"From: a@bad.example\r\n" + signed(PLAIN)), None,
        f"{NOT}it has 2 From lines, where there must be one; receivers refuse that.",
    ),
    "expired before it came": (
        away(signed(PLAIN, tags=b"t=1600000000; x=1600000100")), None,
        f"{NOT}its signature by good.example had expired before it came; the SPF record of good.example refuses "
        "8.8.8.8.",
    ),
    "expired since": (
        away(signed(PLAIN, tags=b"t=%d; x=%d" % (T, T + 600))), None,
        f"{UNKNOWN}its signature has run out since it came (it counted until 24 Nov 2026).",
    ),
    "signed by the sender": (
        carried(signed(PLAIN, rsa_key(2048, 1), domain=THEIRS, selector="m1"), ip=ELSEWHERE, path=f"b@{THEIRS}"), THIRD,
        f"{NOT}it is signed by mailer.example, and not by good.example; the address that delivered it is one of "
        "mailer.example, which is not the name in From.",
    ),
    "strict": (
        away(signed(written(sender=f"a@news.{OURS}"))), Zone(dmarc={OURS: "v=DMARC1; p=none; adkim=s; aspf=s"}),
        f"{NOT}it is signed by good.example, and not by news.good.example; the SPF record of good.example refuses "
        "8.8.8.8.",
    ),
    "no signature": (
        away(PLAIN), None,
        f"{NOT}it carries no signature (DKIM); the SPF record of good.example refuses 8.8.8.8.",
    ),
    "no signature, no SPF": (
        away(PLAIN), Zone(spf={}), f"{NOT}it carries no signature (DKIM); good.example has no SPF record.",
    ),
    "a key too short": (
        away(signed(PLAIN)), Zone(keys={NAME: short_record()}),
        f"{NOT}its signature by good.example does not count; the SPF record of good.example refuses 8.8.8.8.",
    ),
    "a mailing list": (
        carried(
            signed(PLAIN).replace(b"t=1\r\n", b"t=1\r\n-- \r\nThe footer of a list\r\n").replace(
                b"MIME-V", b"List-Id: Team <team.list.example>\r\nList-Post: <mailto:t@list.example>\r\nMIME-V"
            ),
            ip=ELSEWHERE, path="team@list.example",
        ), None,
        f"{NOT}it was changed on its way through team.list.example, after good.example signed it; list.example has no "
        "SPF record.",
    ),
    "another's address": (
        away(written(sender="a@other.example")), None, f"{NOT}it is from other.example, and not from good.example.",
    ),
    "a free mailbox": (
        away(written(sender="a@gmail.com")), None,
        f"{NOT}it is written from an address at gmail.com, which is not good.example; nobody can sign for you there.",
    ),
    "no key": (
        away(signed(PLAIN)), Zone(keys={}),
        f"{UNKNOWN}its key at {NAME} is not in the DNS: it was replaced since, or never published.",
    ),
    "key replaced, the receiver had found it good": (
        away(signed(PLAIN), results=f"dkim=pass header.d={OURS} header.s=s1"), ROTATED,
        f"{UNKNOWN}inbox.example found its signature good, and we do not: the key of good.example was replaced since, "
        "or the file was changed when it was saved.",
    ),
    "no key, and the receiver found none": (
        away(signed(PLAIN), results=f"dkim=permerror header.d={OURS} header.s=s1"), Zone(keys={}),
        f"{NOT}its signature by good.example does not count; the SPF record of good.example refuses 8.8.8.8.",
    ),
    "the key's server fails": (
        away(signed(PLAIN)), broken("SERVFAIL"), f"{UNKNOWN}its key at {NAME} could not be read: it answered SERVFAIL.",
    ),
    "the copy in Sent": (
        PLAIN, None,
        f"{UNKNOWN}it never went through a mail server, so it is a draft or the copy in your own Sent folder.",
    ),
    "no address to be told": (
        carried(PLAIN, ip="10.0.0.1"), None,
        f"{UNKNOWN}it carries no signature of yours, and inbox.example does not say which address brought it.",
    ),
    "SPF cannot be told": (
        away(PLAIN), Zone(spf={}, more={(OURS, "TXT"): TimedOut(OURS, "TXT", 4.0)}),
        f"{UNKNOWN}it carries no signature of yours, and the name servers could not tell whether 8.8.8.8 may send for "
        "good.example.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_the_sentence(case: str) -> None:
    raw, zone, sentence = CASES[case]
    made = await proof(raw, zone)
    assert made.sentence == sentence
    verdict = "yours" if sentence == YOURS else "not-yours" if sentence.startswith(NOT) else "unknown"
    assert made.verdict == verdict
    assert made.aligned is {"yours": True, "not-yours": False, "unknown": None}[verdict]
    assert (kept(made) is not None) is (verdict == "yours")
    if verdict == "unknown":
        assert made.needs
        assert made.faults == ()  # what nobody can tell is never called bad


async def test_without_a_project_its_own_from_counts() -> None:
    made = await proof(away(signed(PLAIN)), domain="")
    assert made.verdict == "yours"
    assert (await proof(away(signed(PLAIN)), domain="other.example")).verdict == "not-yours"
    assert (await proof(away(signed(PLAIN)), domain=f"app.{OURS}")).verdict == "yours"


async def test_what_the_handover_keeps() -> None:
    one = kept(await proof(away(signed(PLAIN)), kind="reset"))
    assert one is not None
    assert (one.kind, one.at, one.domain, one.selector, one.aligned) == ("reset", SENT, OURS, "s1", True)
    by_address = kept(await proof(carried(PLAIN)))
    assert by_address is not None
    assert (by_address.domain, by_address.selector) == (OURS, "")


async def test_ten_megabytes() -> None:
    big = written("x" * 70 + "\r\n" + ("A" * 76 + "\r\n") * 135_000)
    made = await proof(away(signed(big)))
    assert made.verdict == "yours"


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (away(signed(written(type="multipart/mixed; boundary=X", body="--Y\r\n\r\n--X\r\nnothing"))), "yours"),
        (away(signed(written(type="text/html; charset=\xff", body="<a href=http://localhost>"))), "yours"),
        (away(signed(written(type="multipart/mixed", body="\x00" * 500))), "yours"),
        (away(signed(written(subject="\x1b]52;c;x\x07\u202e=?utf-8?b?!!!?="))), "yours"),
        (away(signed(written(more="X: " + "y" * 40_000 + "\r\n"))), "yours"),
        (away(signed(PLAIN).replace(b"MIME-Version", b"not a header line\r\nMIME-Version")), "not-yours"),
        (away(b"Received: \x00\x1b[31m\r\n" * 50 + signed(PLAIN)), "yours"),
        (away(signed(written(sender="<<<>>>@@@,,,"))), "not-yours"),
    ],
)
async def test_broken_and_hostile_messages_are_judged(raw: bytes, verdict: str) -> None:
    made = await proof(raw)
    assert made.verdict == verdict
    for text in (made.sentence, made.subject, *made.faults, *made.notes):
        assert "\x1b" not in text
        assert "\u202e" not in text


_BITS = tuple(
    b'\r\n|;|=| |\x00|\xff|b=|d=|i=|From: |<|@|(|"|\\|=?utf-8?q?|--X|[|ARC-Seal: i=2; |l=5;|Received: |x=1; '.split(
        b"|"
    )
)


async def test_messages_with_anything_in_them_are_judged_or_refused() -> None:
    chance = random.Random(8_463)
    whole = (
        away(signed(PLAIN)),
        carried(sealed(signed(PLAIN, ed_key()))),
        carried(PLAIN, results="dkim=pass header.d=x"),
    )
    for _ in range(400):
        raw = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(raw))
            if chance.random() < 0.5:
                raw[at:at] = chance.choice(_BITS)
            else:
                del raw[at : at + chance.randrange(1, 20)]
        with contextlib.suppress(BadMessage):
            made = await proof(bytes(raw), Zone(keys=ARC_KEYS))
            assert made.sentence


async def test_what_is_no_message() -> None:
    with pytest.raises(BadMessage):
        await proof(b"hello")


async def test_name_servers_that_never_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(CannedDns):
        async def ask(self, name: str, type: str) -> Found:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr("launchready_tui.limits.MAIL_SECONDS", 0.1)
    made = await prove(away(signed(PLAIN)), Silent({}, {}, None), NOW, domain=OURS)
    assert made.verdict == "unknown"
    assert "did not answer" in made.sentence
    assert made.subject == "Reset your password"


# ---- on the way ----

HEADERS = [b"from", b"to", b"subject", b"date", b"message-id"]


def sealed(message: bytes, *, domain: str = "relay.example", by: str = "mx.relay.example") -> bytes:
    """Forwarded by a server that records, changes the subject and seals what it got (RFC 8617), by real dkimpy."""
    at = email.utils.format_datetime(SENT + dt.timedelta(seconds=3))
    got = (
        f"Authentication-Results: {by}; dkim=pass header.d={OURS} header.s=s1; arc=none\r\n"
        f"Received: from out.{OURS} (out.{OURS} [{IP}]) by {by} (Postfix); {at}\r\n"
    ).encode() + message
    fields = dkim.arc_sign(
        got, b"a1", domain.encode(), rsa_key(2048, 2).private, by.encode(), include_headers=HEADERS, timestamp=T
    )
    return b"".join(fields) + got


ARC_KEYS = {NAME: rsa_key().record, "a1._domainkey.relay.example": rsa_key(2048, 2).record}


@pytest.mark.parametrize(
    ("change", "arc"),
    [
        (lambda raw: raw, "pass"),
        (lambda raw: raw.replace(b"t=1\r\n", b"t=2\r\n"), "fail"),
        (lambda raw: raw.replace(b"cv=none", b"cv=pass"), "fail"),
        (lambda raw: raw.replace(b"dkim=pass header.d", b"dkim=fail header.d", 1), "fail"),
        (lambda raw: raw.replace(b"ARC-Seal: i=1", b"ARC-Seal: i=2"), "fail"),
    ],
)
async def test_forwarded_and_sealed(change: object, arc: str) -> None:
    assert callable(change)
    raw = carried(change(sealed(signed(PLAIN))), ip=ELSEWHERE, helo="mx.relay.example", path="srs0=x@relay.example")
    made = await proof(raw, Zone(keys=ARC_KEYS))
    assert made.arc == arc
    assert made.sealers == ("relay.example",)
    assert made.forwarded
    assert any("sealed it (ARC: relay.example)" in note for note in made.notes)
    if arc == "pass":
        assert made.sentence == YOURS  # the seal proves nothing; the signature that survived does


async def test_a_seal_whose_key_cannot_be_read() -> None:
    zone = Zone(more={("a1._domainkey.relay.example", "TXT"): TimedOut("a1", "TXT", 4.0)})
    made = await proof(carried(sealed(signed(PLAIN)), ip=ELSEWHERE), zone)
    assert made.arc == "unknown"
    assert made.verdict == "yours"


async def test_the_receiver_s_own_seal_is_no_forwarding() -> None:
    raw = sealed(signed(PLAIN), domain="inbox.example", by="mx.inbox.example")
    made = await proof(raw, Zone(keys={NAME: rsa_key().record, "a1._domainkey.inbox.example": rsa_key(2048, 2).record}))
    assert (made.arc, made.forwarded) == ("pass", False)


async def test_unsubscribing() -> None:
    more = "List-Unsubscribe: <mailto:u@good.example>, <https://good.example/u>\r\n"
    assert (await proof(away(signed(written(more=more))))).bulk
    assert not (await proof(away(signed(written(more=more))), kind="reset")).bulk
    assert not (await proof(away(signed(written(more=more))))).one_click
    more += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    assert (await proof(away(signed(written(more=more))))).one_click


async def test_on_a_network_of_ones_own() -> None:
    raw = carried(PLAIN, ip="127.0.0.1")
    zone = Zone(spf={OURS: "v=spf1 ip4:127.0.0.1 -all"})
    assert (await proof(raw, zone)).verdict == "unknown"
    assert (await proof(raw, zone, private=True)).verdict == "yours"


async def test_what_spf_asks_is_what_others_asked_already() -> None:
    zone = Zone(spf={OURS: "v=spf1 include:_spf.mailer.example a mx -all"})
    zone.more = {
        ("_spf.mailer.example", "TXT"): found("_spf.mailer.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all"),
        (OURS, "A"): found(OURS, "A", "93.184.215.99"),
        (OURS, "MX"): found(OURS, "MX", "10 mx.good.example."),
        ("mx.good.example", "A"): found("mx.good.example", "A", IP),
    }
    made = await proof(carried(PLAIN), zone)
    assert (made.spf.result, made.spf.by, made.spf.aligned) == ("pass", "us", True)
    assert FROM.endswith(f"{made.from_domain}>")
