"""The search of certificate logs: what is read of its answer, and what is said where there is none."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import Mapping

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.transparency import Answer, Log, Logged, NoLog, Transparency, parse
from launchready_tui.sources.web import Page, Web
from tests.sources.serving import Asked, Server, Talk, answer, raw, serving
from tests.world import NAME, CannedDns, CannedWeb

OLD, NEW = "2023-01-02T03:04:05.678", "2026-05-06T07:08:09"


def entry(*names: str, at: str | None = NEW) -> dict[str, object]:
    """As crt.sh lists one certificate."""
    return {"issuer_name": "C=US, O=Let's Encrypt, CN=R11", "name_value": "\n".join(names), "entry_timestamp": at}


def names(body: object) -> list[str]:
    log = parse(json.dumps(body).encode(), NAME)
    assert log is not None
    return [logged.name for logged in log.names]


def test_names_come_once_the_newest_certificate_first() -> None:
    said = [
        entry(f"old.{NAME}", at=OLD),
        entry(NAME, f"www.{NAME}", f"OLD-2.{NAME}."),
        entry(f"old.{NAME}", at="2025-01-01T00:00:00"),
        entry(f"*.dev.{NAME}", f"*.{NAME}", at=None),
    ]
    log = parse(json.dumps(said).encode(), NAME, server="crt.sh")
    assert log is not None
    assert [logged.name for logged in log.names] == [
        *(f"www.{NAME}", f"old-2.{NAME}", f"old.{NAME}", f"dev.{NAME}"),
    ]
    assert log.names[2].since == dt.datetime(2023, 1, 2, 3, 4, 5, 678_000, tzinfo=dt.UTC)
    assert log.names[3] == Logged(f"dev.{NAME}", None)
    assert (log.cut, log.server) == (False, "crt.sh")


def test_what_is_no_name_of_ours_is_left_out() -> None:
    strange = (
        *("ada@good.example", "evil.example", f"x{NAME}", f"..{NAME}", f"-a.{NAME}", f"a b.{NAME}", f"_x.{NAME}"),
        *(f"\x1b]0;x\x07.{NAME}", f"\u202ea.{NAME}", f"{'a' * 64}.{NAME}", f"{'a.' * 130}{NAME}", f"a.*.{NAME}"),
        *(f"[@click=app.quit].{NAME}", "*", "", "*.", NAME, f"good.example.{NAME}.evil.example"),
    )
    assert names([entry(name) for name in strange]) == [f"b.{NAME}"]  # of "a b" the last word is one


@pytest.mark.parametrize("odd", [7, None, "x", [], {}, {"name_value": 7}, {"name_value": None}, {"name_value": ["x"]}])
def test_an_odd_entry_costs_itself_alone(odd: object) -> None:
    assert names([odd, entry(f"app.{NAME}", at=None), odd]) == [f"app.{NAME}"]
    assert names([{"name_value": f"app.{NAME}", "entry_timestamp": 7}]) == [f"app.{NAME}"]


@pytest.mark.parametrize("left", range(0, 150, 7))
def test_a_list_that_breaks_off_is_read_as_far_as_it_goes(left: int) -> None:
    whole = json.dumps([entry(f"app.{NAME}"), entry(f"api.{NAME}")]).encode()
    first = len(json.dumps([entry(f"app.{NAME}")])) - 1
    log = parse(whole[: first + left], NAME)
    assert log is not None
    assert log.cut is (first + left < len(whole))
    assert {logged.name for logged in log.names} >= {f"app.{NAME}"}


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"null", b"\xff\xfe", b'"x"', b"\x00" * 50])
def test_what_is_no_list_is_no_answer(body: bytes) -> None:
    assert parse(body, NAME) is None


def test_a_flood_is_bounded() -> None:
    log = parse(
        json.dumps([entry(*(f"n{n}.{NAME}" for n in range(500 * k, 500 * k + 500))) for k in range(9)]).encode(), NAME
    )
    assert log is not None
    assert (len(log.names), log.cut) == (limits.CT_NAMES, True)
    entries = parse(b"[" + b",".join([b'{"name_value": "a.good.example"}'] * (limits.CT_ENTRIES + 1)) + b"]", NAME)
    assert entries == Log(NAME, (Logged(f"a.{NAME}"),), True)
    nested = parse(b"[" * 400_000, NAME)
    assert nested == Log(NAME, (), True)
    numbers = parse(b"[" + b"9" * 100_000 + b"]", NAME)
    assert numbers == Log(NAME, (), True)


# ---- the search itself ----


async def look(talk: Talk, *, registries: bool = True, times: int = 1) -> tuple[list[Answer], Server]:
    async with serving(talk) as server:
        where = Network(private=True, ct=f"http://127.0.0.1:{server.port}/ct/", registries=registries)
        project = Project(NAME, network=where)
        web = Web(project, CannedDns({}, {}, None), Gate(project))
        source = Transparency(project, web)
        try:
            return list(await asyncio.gather(*(source.look(NAME) for _ in range(times)))), server
        finally:
            await source.aclose()
            await web.aclose()


async def test_one_request_for_all_who_ask() -> None:
    body = json.dumps([entry(f"app.{NAME}")]).encode()
    answers, server = await look(answer(body=body), times=3)
    assert len({id(each) for each in answers}) == 1
    assert [asked.target for asked in server.asked] == [f"/ct/?q=%25.{NAME}&output=json"]
    first = answers[0]
    assert isinstance(first, Log)
    assert [logged.name for logged in first.names] == [f"app.{NAME}"]
    assert first.server == "127.0.0.1"


@pytest.mark.parametrize("names", [1, 1_400])
async def test_reading_never_holds_the_loop(names: int) -> None:
    """Three megabytes of small entries, or of entries with very many names: others have their turn all the time."""
    one = json.dumps(entry(*(f"n{number}.{NAME}" for number in range(names))))
    body = f"[{','.join([one] * (limits.CT_BYTES // len(one)))}]".encode()
    longest, ended = 0.0, asyncio.Event()

    async def beat() -> None:
        nonlocal longest
        while not ended.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - began)

    url = f"https://crt.sh/?q=%25.{NAME}&output=json"
    beating = asyncio.create_task(beat())
    found = await Transparency(Project(NAME), CannedWeb({url: Page(url, 200, (), body)})).look(NAME)
    ended.set()
    await beating
    assert isinstance(found, Log)
    assert longest < 0.1


async def test_a_large_answer_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CT_BYTES", 20_000)
    body = json.dumps([entry(f"n{number}.{NAME}") for number in range(1_000)]).encode()
    [log], _ = await look(answer(body=body))
    assert isinstance(log, Log)
    assert log.cut
    assert 50 < len(log.names) < 1_000


REFUSALS: Mapping[str, tuple[Talk, str, str]] = {
    "busy": (answer("429 Too Many Requests"), "limited", "later"),
    "down": (answer("503 Service Unavailable"), "broken", "answered 503"),
    "moved": (answer("301 Moved", location="https://evil.example/"), "broken", "answered 301"),
    "a page": (answer(body=b"<html>Sorry</html>"), "broken", "no list"),
    "noise": (raw(b"\x00\xff\x1b[2J"), "broken", ""),
    "nothing": (raw(b""), "broken", ""),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_no_answer_is_said_as_what_it_is(case: str) -> None:
    talk, kind, says = REFUSALS[case]
    [found], _ = await look(talk)
    assert isinstance(found, NoLog)
    assert found.kind == kind
    assert says in found.say


async def test_silence_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CT_SECONDS", 0.1)

    async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    [found], _ = await look(silent)
    assert found == NoLog(NAME, "timeout", "did not answer within 0 seconds")


async def test_with_registries_off_nothing_is_sent() -> None:
    [found], server = await look(answer(body=b"[]"), registries=False)
    assert isinstance(found, NoLog)
    assert (found.kind, server.asked) == ("off", [])


async def test_without_a_stand_in_the_public_search_is_asked() -> None:
    url = f"https://crt.sh/?q=%25.{NAME}&output=json"
    page = Page(url, 200, (), json.dumps([entry(f"app.{NAME}")]).encode())
    found = await Transparency(Project(NAME), CannedWeb({url: page})).look(NAME)
    assert isinstance(found, Log)
    assert ([logged.name for logged in found.names], found.server) == ([f"app.{NAME}"], "crt.sh")
