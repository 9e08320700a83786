"""The session that providers' libraries send through: it ends in time, waits as told, and bounds what it reads."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable

import pytest

from launchready_tui import limits
from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.providers import provider
from launchready_tui.fixes.providers.calm import CalmSession, Ended
from launchready_tui.secret import Secret
from tests.fakes.api import Answer, Asked, api

TOKEN = "made-for-a-test-0123456789"


def in_turn(*answers: Answer) -> Callable[[Asked], Answer]:
    rest = iter(itertools.chain(answers, itertools.repeat(answers[-1])))
    return lambda asked: next(rest)


THROTTLED = Answer(429, {"message": "slow down"}, {"Retry-After": "1"})
GOOD = Answer(200, {"fine": True})


def test_a_reading_is_tried_again_after_the_wait_that_was_asked_for() -> None:
    said: list[str] = []
    with api(in_turn(THROTTLED, GOOD)) as there:
        began = time.monotonic()
        assert CalmSession(tell=said.append).request("GET", there.base).json() == {"fine": True}
        assert time.monotonic() - began >= 1
    assert said == ["The provider asks us to wait 1 seconds. We wait and go on by ourselves."]


def test_a_wait_that_is_too_long_is_not_waited_for() -> None:
    with api(in_turn(Answer(429, {}, {"Retry-After": "3600"}))) as there:
        began = time.monotonic()
        assert CalmSession().request("GET", there.base).status_code == 429
        assert time.monotonic() - began < 1
        assert len(there.asked) == 1


@pytest.mark.parametrize(
    ("status", "method", "times"), [(500, "GET", 3), (503, "GET", 3), (500, "POST", 1), (400, "GET", 1)]
)
def test_only_readings_are_tried_again(status: int, method: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROVIDER_PAUSE_SECONDS", 0.01)
    with api(in_turn(Answer(status, {}))) as there:
        assert CalmSession().request(method, there.base, json={}).status_code == status
        assert len(there.asked) == times


def test_nobody_there_is_not_reached() -> None:
    with api(in_turn(GOOD)) as there:
        gone = there.base
    session = CalmSession()
    with pytest.raises(Ended):
        session.request("POST", gone, json={})
    assert [(one.writes, one.reached) for one in session.sent] == [(True, False)]


def test_its_deadline_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROVIDER_PAUSE_SECONDS", 0.2)
    session = CalmSession()
    with api(in_turn(Answer(503, {}))) as there:
        session.until(0.1)
        began = time.monotonic()
        with pytest.raises(Ended):
            session.request("GET", there.base)
        assert time.monotonic() - began < 2


def test_a_large_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PROVIDER_BYTES", 10_000)
    with api(in_turn(Answer(200, "x" * 100_000))) as there, pytest.raises(Ended):
        CalmSession().request("GET", there.base)


def test_what_a_refusal_repeats_of_the_token_is_taken_out() -> None:
    session = CalmSession()
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    with api(in_turn(Answer(403, {"errors": [{"code": 9109, "message": f"no {TOKEN}"}]}))) as there:
        session.request("GET", there.base)
    assert (session.sent[-1].reason, session.sent[-1].codes) == ("no •••", (9109,))


async def test_giving_up_sends_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where we are cancelled in a wait, the thread sends no further request."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def answers(one: Asked) -> Answer:
        loop.call_soon_threadsafe(asked.set)
        return Answer(429, {}, {"Retry-After": "2"})

    with api(answers) as there:
        place = provider("gandi").open({"zone": "good.example", "api": there.base}, Secret(TOKEN))
        task = asyncio.create_task(place.read("good.example", "A"))
        await asked.wait()
        task.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < limits.CANCEL_SECONDS
        monkeypatch.setattr(limits, "PROVIDER_WAIT_SECONDS", 0.5)
        with pytest.raises(FixProblem):  # takes its turn behind the thread that was given up on
            await place.read("good.example", "A")
        assert len(there.asked) == 2
