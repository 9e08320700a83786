"""RDAP from a real server on loopback: what it says, what it hides, and what it does to hurt."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.sources.registry import (
    BOOTSTRAP,
    Answer,
    NoRegistry,
    NotRegistered,
    Registration,
    Registry,
    base_for,
    epp_status,
    moment,
    parse,
    registrable,
)
from launchready_tui.sources.web import NoPage, Page, Reply
from tests.sources.serving import Talk, answer, browsing, by_path, network, raw, serving
from tests.world import NAME, CannedWeb

PATH = f"/rdap/domain/{NAME}"
HOST = "rdap.example"

SOUND: dict[str, Any] = {
    "objectClassName": "domain",
    "ldhName": "GOOD.EXAMPLE.",
    "status": ["client transfer prohibited", "active", "client transfer prohibited"],
    "events": [
        {"eventAction": "registration", "eventDate": "2020-03-03T10:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2027-03-03T10:00:00.1234567+02:00"},
        {"eventAction": "last changed", "eventDate": "yesterday"},
    ],
    "entities": [
        {"roles": ["technical"], "vcardArray": ["vcard", [["fn", {}, "text", "Somebody Else"]]]},
        {"roles": ["registrar"], "handle": "1068", "vcardArray": ["vcard", [["fn", {}, "text", "Namecheap, Inc."]]]},
    ],
    "nameservers": [{"ldhName": "NS1.GOOD.EXAMPLE."}, {"ldhName": "ns2.good.example"}],
}


def document(**parts: object) -> bytes:
    return json.dumps({**SOUND, **parts}).encode()


@asynccontextmanager
async def registry(talk: Talk) -> AsyncIterator[tuple[Registry, Any]]:
    async with serving(talk) as server:
        net = replace(network(HOST, http=server.port), rdap=f"http://{HOST}/rdap/")
        async with browsing(net) as web:
            source = Registry(Project(NAME, network=net), web)
            try:
                yield source, server
            finally:
                await source.aclose()


async def said(talk: Talk, name: str = NAME) -> Answer:
    async with registry(talk) as (source, _):
        return await source.look(name)


async def test_a_sound_answer() -> None:
    async with registry(by_path({PATH: answer(body=document())})) as (source, server):
        first, second = await asyncio.gather(source.look(NAME), source.look(f"app.{NAME}"))
    assert first == second
    assert len(server.asked) == 1
    assert "application/rdap+json" in server.asked[0].headers["accept"]
    assert first == Registration(
        NAME,
        registrar="Namecheap, Inc.",
        expires=dt.datetime(2027, 3, 3, 8, 0, 0, 123456, dt.UTC),
        registered=dt.datetime(2020, 3, 3, 10, tzinfo=dt.UTC),
        statuses=("clientTransferProhibited", "ok"),
        name_servers=("ns1.good.example", "ns2.good.example"),
        server=HOST,
    )


async def test_statuses_of_http() -> None:
    assert await said(by_path({})) == NotRegistered(NAME, HOST)
    limited = await said(answer("429 Too Many Requests"))
    assert isinstance(limited, NoRegistry)
    assert limited.kind == "limited"
    for status in ("500 Oops", "403 No", "400 Bad", "204 No Content", "501 Not Implemented"):
        broken = await said(answer(status, b""))
        assert isinstance(broken, NoRegistry)
        assert broken.kind == "broken"


async def test_redirects_are_followed_three_times() -> None:
    def steps(count: int) -> Talk:
        paths = {PATH if not n else f"/{n}": answer("302 Found", b"", location=f"/{n + 1}") for n in range(count)}
        return by_path({**paths, f"/{count}": answer(body=document())})

    assert isinstance(await said(steps(3)), Registration)
    more = await said(steps(4))
    assert isinstance(more, NoRegistry)
    assert "more than 3 times" in more.say


async def test_a_redirect_to_nowhere_or_elsewhere_is_not_followed() -> None:
    for place in ("", "file:///etc/passwd", "http://127.0.0.1:1/", "gopher://x"):
        broken = await said(answer("302 Found", b"", location=place))
        assert isinstance(broken, NoRegistry), place
        assert broken.kind == "broken"


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "html": b"<!doctype html><p>hello",
    "not an object": b"[1, 2]",
    "null": b"null",
    "cut short": document()[:-20],
    "no class": b"{}",
    "wrong class": document(objectClassName="entity"),
    "class of a wrong type": document(objectClassName=["domain"]),
    "another domain": document(ldhName="evil.example"),
    "deep": b'{"objectClassName": "domain", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep and open": b"[" * 500_000,
    "bad utf-8": b'{"objectClassName": "dom\xff\xfeain"}',
    "huge number": b'{"objectClassName": 1' + b"0" * 5_000 + b"}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_is_no_registration_is_could_not_tell(body: bytes) -> None:
    result = await said(answer(body=body))
    assert isinstance(result, NoRegistry)
    assert result.kind == "broken"


async def test_too_much_is_could_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RDAP_BYTES", 20_000)
    result = await said(answer(body=document(remarks="x" * 30_000)))
    assert isinstance(result, NoRegistry)
    assert "more than" in result.say


ODD: dict[str, dict[str, object]] = {
    "status": {"status": {"a": 1}},
    "statuses": {"status": [None, 5, ["x"], "", "client hold"]},
    "events": {"events": [None, {"eventAction": 5}, {"eventAction": "expiration", "eventDate": 20270303}, 7]},
    "dates": {"events": [{"eventAction": "expiration", "eventDate": "9999-99-99"}]},
    "entities": {"entities": "registrar"},
    "roles": {"entities": [{"roles": "registrar"}, {"roles": [5]}, {}]},
    "card": {"entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn"], 5, [[], {}, "text", "x"]]]}]},
    "servers": {"nameservers": [{"ldhName": 5}, {}, None, {"ldhName": "ns1.good.example"}]},
    "deep part": {"status": json.loads("[" * 400 + "]" * 400)},
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_one_odd_part_does_not_cost_the_rest(parts: dict[str, object]) -> None:
    result = parse(document(**parts), NAME, HOST)
    assert result is not None
    for key, worth in (("status", result.statuses), ("events", result.expires), ("nameservers", result.name_servers)):
        if key not in parts:
            assert worth


def test_a_registrar_without_a_card_is_its_handle() -> None:
    result = parse(document(entities=[{"roles": ["Registrar"], "handle": "292"}]), NAME, HOST)
    assert result is not None
    assert result.registrar == "292"


def test_many_items_are_bounded() -> None:
    result = parse(document(status=[f"x {n}" for n in range(10_000)]), NAME, HOST)
    assert result is not None
    assert len(result.statuses) <= 40


async def test_silence_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RDAP_SECONDS", 0.2)

    async def silent(asked: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    result = await said(silent)
    assert isinstance(result, NoRegistry)
    assert result.kind == "timeout"


async def test_what_is_not_http_is_could_not_tell() -> None:
    result = await said(raw(b"\x00\x01\x02 hello \x1b]0;x\x07\r\n\r\n"))
    assert isinstance(result, NoRegistry)
    assert result.kind == "broken"


@pytest.mark.parametrize(
    ("said", "epp"),
    [
        ("client transfer prohibited", "clientTransferProhibited"),
        ("Server  Hold", "serverHold"),
        ("active", "ok"),
        ("associated", "linked"),
        ("pending delete", "pendingDelete"),
        ("redemption period", "redemptionPeriod"),
        ("clientTransferProhibited", "clientTransferProhibited"),
        ("client_hold", "clientHold"),
        ("inactive", "inactive"),
    ],
)
def test_statuses(said: str, epp: str) -> None:
    assert epp_status(said) == epp


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2027-03-03T10:00:00Z", dt.datetime(2027, 3, 3, 10, tzinfo=dt.UTC)),
        ("2027-03-03T10:00:00-05:00", dt.datetime(2027, 3, 3, 15, tzinfo=dt.UTC)),
        (" 2027-03-03 10:00:00 ", dt.datetime(2027, 3, 3, 10, tzinfo=dt.UTC)),
        ("2027-03-03", dt.datetime(2027, 3, 3, tzinfo=dt.UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_moments(text: str, when: dt.datetime | None) -> None:
    assert moment(text) == when


def test_registrable() -> None:
    assert registrable("app.good.co.uk.") == "good.co.uk"
    assert registrable("Shop.Good.Example") == "good.example"
    assert registrable("uk") == "uk"


LIST = json.dumps(
    {
        "version": "1.0",
        "services": [
            [["uk", "example"], ["http://plain.example/rdap", "https://safe.example/rdap/"]],
            [["co.uk"], ["https://longer.example/"]],
            [["odd"], ["ftp://odd.example/"]],
            [["broken"]],
        ],
    }
).encode()


def test_bootstrap() -> None:
    assert base_for(LIST, "good.example") == "https://safe.example/rdap/"
    assert base_for(LIST, "good.co.uk") == "https://longer.example/"
    assert base_for(LIST, "good.notuk") == ""
    assert base_for(LIST, "good.odd") == ""
    assert base_for(LIST, "good.broken") == ""
    assert base_for(b"{}", "good.example") is None
    assert base_for(b'{"services": [[["example"], 5]]}', "good.example") is None


async def from_bootstrap(**pages: Reply) -> Answer:
    canned = {BOOTSTRAP: pages["list"]}
    if "domain" in pages:
        canned[pages["domain"].url] = pages["domain"]
    return await Registry(Project(NAME), CannedWeb(canned)).look(NAME)


async def test_the_way_over_iana() -> None:
    url = f"https://safe.example/rdap/domain/{NAME}"
    good = await from_bootstrap(list=Page(BOOTSTRAP, 200, body=LIST), domain=Page(url, 200, body=document()))
    assert isinstance(good, Registration)
    assert good.server == "safe.example"
    plain = Page(url, 302, (("location", "http://safe.example/x"),))
    down = await from_bootstrap(list=Page(BOOTSTRAP, 200, body=LIST), domain=plain)
    assert isinstance(down, NoRegistry)
    none = await from_bootstrap(list=Page(BOOTSTRAP, 200, body=b'{"services": []}'))
    assert isinstance(none, NoRegistry)
    assert none.kind == "no-server"
    for reply in (
        Page(BOOTSTRAP, 200, body=b"<html>"),
        Page(BOOTSTRAP, 503),
        Page(BOOTSTRAP, 200, body=LIST, cut=True),
    ):
        broken = await from_bootstrap(list=reply)
        assert isinstance(broken, NoRegistry)
        assert broken.kind == "broken"
    silent = await from_bootstrap(list=NoPage(BOOTSTRAP, "timeout", "did not answer within 10 seconds"))
    assert isinstance(silent, NoRegistry)
    assert silent.kind == "timeout"


async def test_off_asks_nobody() -> None:
    project = Project(NAME, network=Network(registries=False))
    result = await Registry(project, CannedWeb({})).look(NAME)
    assert isinstance(result, NoRegistry)
    assert result.kind == "off"
