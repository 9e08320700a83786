"""Every signature gets its word and its reason (RFC 6376 section 6.1, RFC 8301, RFC 8463)."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import time
import tracemalloc

import dkim
import pytest

from launchready_tui import limits
from launchready_tui.mail import dkim_verify
from launchready_tui.mail.message import read
from launchready_tui.proofs import Signature
from launchready_tui.sources.dns import Answer, Found, Malformed, NoData, NxDomain, ServerFailed, TimedOut
from tests.mail.letters import NOW, OURS, SENT, ed_key, rsa_key, short_record, signed, written

PLAIN = written()
NAME = f"s1._domainkey.{OURS}"
FORMS = [(head, body) for head in (b"relaxed", b"simple") for body in (b"relaxed", b"simple")]
EXPIRED = b"t=1600000000; x=1600000100"


async def verify(
    raw: bytes, record: str | Answer | tuple[str, ...] = "", at: dt.datetime = NOW
) -> tuple[Signature, ...]:
    async def keys(name: str) -> Answer:
        if isinstance(record, str):
            return Found(name, "TXT", (record or rsa_key().record,))
        return Found(name, "TXT", record) if isinstance(record, tuple) else record

    return await dkim_verify.verify(read(raw), keys, at)


async def one(raw: bytes, record: str | Answer | tuple[str, ...] = "", at: dt.datetime = NOW) -> Signature:
    (signature,) = await verify(raw, record, at)
    assert signature.reason.endswith(".")
    return signature


@pytest.mark.parametrize("forms", FORMS)
@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
async def test_good_ones(forms: tuple[bytes, bytes], ending: bytes, kind: str) -> None:
    key = rsa_key() if kind == "rsa" else ed_key()
    raw = signed(PLAIN, key, forms=forms).replace(b"\r\n", ending)
    got = await one(raw, key.record)
    assert (got.result, got.domain, got.selector, got.altered) == ("pass", OURS, "s1", "")
    assert got.bits == (2048 if kind == "rsa" else 256)
    assert "from" in got.covers


@pytest.mark.parametrize(
    ("was", "is_", "part"),
    [
        (b"t=1\r\n", b"t=2\r\n", "body"),
        (b"t=1\r\n", b"t=1\r\n-- \r\nA list's footer\r\n", "body"),
        (b"\r\n\r\nSet a new", b"\r\n\r\n<b>Set a new", "body"),
        (b"<hello@", b"<boss@", "header"),
        (b"Reset your", b"Reset our", "header"),
        (b"From: Good", b"From: a@bad.example\r\nFrom: Good", "header"),
    ],
)
async def test_what_was_changed_is_seen(was: bytes, is_: bytes, part: str) -> None:
    raw = signed(PLAIN)
    assert was in raw
    got = await one(raw.replace(was, is_))
    assert (got.result, got.altered) == ("fail", part)


async def test_a_key_of_somebody_else_is_a_fail() -> None:
    got = await one(signed(PLAIN), rsa_key(2048, 7).record)
    assert (got.result, got.altered) == ("fail", "header")
    assert "another one" in got.reason


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        (b"a=rsa-sha1", "SHA-1"),
        (b"a=rsa-md5", "Nobody knows its algorithm"),
        (EXPIRED, "13 Sep 2020"),
        (b"t=1900000000", "future"),
        (b"t=1600000100; x=1600000000", "ends (x=) before"),
        (b"x=soon", "not a number"),
        (b"i=@other.example", "not under its own domain"),
        (b"i=good.example", "not under its own domain"),
        (b"q=http/xml", "not in the DNS"),
        (b"v=2", "cannot be used"),
        (b"c=nofws/simple", "Nobody knows its form"),
        (b"l=many", "not a number"),
    ],
)
async def test_what_is_wrong_with_a_signature(tags: bytes, says: str) -> None:
    got = await one(signed(PLAIN, tags=tags))
    assert got.result == "permerror"
    assert says in got.reason
    assert got.expired is (tags == EXPIRED)


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        (b"d=good.example", b"d=", "has no d="),
        (b"d=good.example", b"d=..", "names no domain"),
        (b"d=good.example", b"d=com", "names no domain"),
        (b"s=s1", b"s=a b", "names no domain"),
        (b"s=s1", b"s=s1; s=s2", "stands in it twice"),
        (b"v=1", b"nothing", "no list of tags"),
        (b"bh=", b"bh=!!!!", "(bh=) cannot be read"),
        (b"from : ", b"", "does not cover the From"),
    ],
)
async def test_what_is_broken_in_a_signature(was: bytes, is_: bytes, says: str) -> None:
    raw = signed(PLAIN, headers=(b"from", b"subject"))
    assert was in raw
    got = await one(raw.replace(was, is_))
    assert got.result == "permerror"
    assert says in got.reason


@pytest.mark.parametrize(
    ("record", "result", "gone", "says"),
    [
        (NxDomain(NAME, "TXT"), "permerror", True, f"no key at {NAME}"),
        (NoData(NAME, "TXT"), "permerror", True, f"no key at {NAME}"),
        (ServerFailed(NAME, "TXT"), "temperror", False, "SERVFAIL"),
        (TimedOut(NAME, "TXT", 4.0), "temperror", False, "no answer within 4 s"),
        (Malformed(NAME, "TXT", "garbage"), "temperror", False, "cannot be used"),
        ("v=DKIM1; p=", "permerror", True, "withdrawn"),
        ("v=DKIM1; k=rsa", "permerror", False, "no p"),
        ("hello", "permerror", False, "cannot be used"),
        (short_record(), "permerror", False, "512 bits"),
        pytest.param(ed_key().record, "permerror", False, "is ed25519", id="ed25519"),  # made anew in each process
        (rsa_key().record.replace("k=rsa", "k=rsa; h=sha1"), "permerror", False, "sha256"),
        (rsa_key().record.replace("k=rsa", "k=rsa; s=tlsrpt"), "permerror", False, "other than mail"),
        (rsa_key().record.replace("k=rsa", "k=rsa; t=y"), "pass", False, "Good"),
        (rsa_key().record.replace("k=rsa", "k=rsa; t=s"), "pass", False, "Good"),
        (rsa_key().record.replace("k=rsa", "k=rsa; s=email:other; h=sha1:sha256"), "pass", False, "Good"),
        (("unrelated text", rsa_key().record), "pass", False, "Good"),
        ((rsa_key(2048, 7).record, rsa_key().record), "pass", False, "Good"),
    ],
)
async def test_what_the_key_says(record: str | Answer | tuple[str, ...], result: str, gone: bool, says: str) -> None:
    got = await one(signed(PLAIN), record)
    assert (got.result, got.key_gone) == (result, gone)
    assert says in got.reason


async def test_a_key_for_its_own_domain_only() -> None:
    record = rsa_key().record.replace("k=rsa", "k=rsa; t=s")
    got = await one(signed(PLAIN, tags=b"t=%d; i=@news.good.example" % int(SENT.timestamp())), record)
    assert got.result == "permerror"
    assert "t=s" in got.reason
    assert (await one(signed(PLAIN, tags=b"t=%d; i=@news.good.example" % int(SENT.timestamp())))).result == "pass"


async def test_expiry_is_judged_at_the_clock_that_is_given() -> None:
    until = int(SENT.timestamp()) + 3_600
    raw = signed(PLAIN, tags=b"t=%d; x=%d" % (int(SENT.timestamp()), until))
    assert (await one(raw, at=SENT + dt.timedelta(minutes=59))).result == "pass"
    late = await one(raw, at=SENT + dt.timedelta(minutes=61))
    assert (late.result, late.expired) == ("permerror", True)
    assert late.until == dt.datetime.fromtimestamp(until, dt.UTC)


async def test_a_part_of_the_body() -> None:
    raw = signed(PLAIN, length=True)
    whole = await one(raw)
    assert (whole.result, whole.part) == ("pass", False)
    longer = await one(raw + b"and more\r\n")
    assert (longer.result, longer.part) == ("pass", True)
    assert "unsigned" in longer.reason
    shorter = await one(raw.replace(b"Set a new one: ", b""))
    assert (shorter.result, shorter.altered) == ("fail", "body")


async def test_each_of_several_is_verified() -> None:
    raw = signed(signed(PLAIN, rsa_key(2048, 1), domain="mailer.example", selector="m1"), ed_key(), selector="e1")

    async def keys(name: str) -> Answer:
        records = {"m1._domainkey.mailer.example": rsa_key(2048, 1).record, f"e1._domainkey.{OURS}": ed_key().record}
        return Found(name, "TXT", (records[name],))

    got = await dkim_verify.verify(read(raw), keys, NOW)
    assert [(each.domain, each.result) for each in got] == [(OURS, "pass"), ("mailer.example", "pass")]
    assert dkim_verify.signers(read(raw)) == ((OURS, "e1"), ("mailer.example", "m1"))


async def test_many_signatures_are_capped() -> None:
    field = signed(PLAIN)[: -len(PLAIN)]
    assert len(await verify(field * 40 + PLAIN)) == limits.DKIM_SIGNATURES


@pytest.mark.parametrize(
    "field",
    [
        b"v=1; a=rsa-sha256; " + b" b" * 3_000 + b"\r\n",
        b"v=1;" + b"\r\n " * 6_000 + b"b=x\r\n",
        b"v=1; b=" + b"\t" * 100 + b";\r\n",
        b"\xff\xfe=\x00;;;;\r\n",
        b"=" * 5_000 + b"\r\n",
        b"v=1; a=rsa-sha256; b=AAAA; bh=AAAA; d=good.example; h=" + b"from:" * 1_500 + b"; s=s1\r\n",
        b"v=1; a=rsa-sha256; b=AAAA; bh=AAAA; d=good.example; h=from; s=s1; l=" + b"9" * 70 + b"\r\n",
        b"v=1; a=rsa-sha256; b=AAAA; bh=AAAA; d=good.example; h=from; s=s1; i=@\r\n",
    ],
)
async def test_hostile_signatures_end(field: bytes) -> None:
    began = time.perf_counter()
    (got,) = await verify(b"DKIM-Signature: " + field + PLAIN)
    assert got.result in ("permerror", "fail")
    assert time.perf_counter() - began < 0.5


async def test_as_dkimpy_itself_judges() -> None:
    """Where nothing of ours is stricter, the library's own verify says the same."""
    for raw in (signed(PLAIN), signed(PLAIN).replace(b"t=1\r\n", b"t=2\r\n"), signed(PLAIN).replace(b"hello@", b"x@")):
        theirs = dkim.verify(raw, dnsfunc=lambda *_, **__: rsa_key().record.encode())
        assert ((await one(raw)).result == "pass") is theirs


async def test_ten_megabytes_in_bounded_memory_with_a_free_loop() -> None:
    line = base64.b64encode(b"x" * 54) + b"\r\n"
    big = PLAIN + line * (10_500_000 // len(line))
    raw = signed(big)
    assert len(raw) > 10_000_000
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    await one(signed(PLAIN))  # what is imported once is not what is measured
    watcher = asyncio.create_task(watch())
    tracemalloc.start()
    got = await one(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    watcher.cancel()
    assert got.result == "pass"
    assert peak < 6_000_000  # beside the message itself
    assert longest < 0.1
