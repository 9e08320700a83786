"""The engine: needs from signatures, one stream, unknown instead of an exception, cancelled at once."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from launchready_tui.checks import Check, needs_of
from launchready_tui.engine import Context, Finished, Started, judge, run
from launchready_tui.model import Finding, Severity, Status, passed
from launchready_tui.project import Project
from launchready_tui.sources.once import Once


class Tape:
    needs = "your tape"


def a_check(name: str, judge: object, seconds: float = 5.0) -> Check:
    return Check(f"audit.{name}", Severity.LOW, name, "why", 1, None, judge, needs_of(judge), seconds)  # type: ignore[arg-type]  # any async function


async def sound(project: Project) -> Finding:
    return passed(project.domain)


async def with_tape(tape: Tape) -> Finding:
    return passed("heard")


async def with_or_without(tape: Tape | None) -> Finding:
    return passed("heard" if tape else "silence")


async def broken() -> Finding:
    raise RuntimeError("secret detail \x1b[2J")


async def slow() -> Finding:
    await asyncio.Event().wait()
    raise AssertionError("never comes here")


async def test_a_missing_need_is_unknown_and_says_what_would_let_us_tell() -> None:
    finding = await judge(a_check("tape", with_tape), Context())
    assert (finding.status, finding.needs) == (Status.UNKNOWN, "your tape")
    assert (await judge(a_check("tape", with_tape), Context(Tape()))).status is Status.PASS
    assert (await judge(a_check("either", with_or_without), Context())).saw == "silence"


async def test_an_exception_is_unknown_and_never_bad() -> None:
    finding = await judge(a_check("broken", broken), Context())
    assert finding.status is Status.UNKNOWN
    assert finding.needs == "another look"
    assert "\x1b" not in finding.evidence[0].text


async def test_a_deadline_is_unknown() -> None:
    finding = await judge(a_check("slow", slow, seconds=0.01), Context())
    assert finding.status is Status.UNKNOWN
    assert "could not tell within" in finding.saw


async def test_the_stream_has_every_check_once() -> None:
    checks = [a_check(f"c{i}", sound) for i in range(50)]
    events = [event async for event in run(checks, Context(Project("good.example")))]
    assert [e.check for e in events if isinstance(e, Started)] == checks
    assert {e.check.id for e in events if isinstance(e, Finished)} == {check.id for check in checks}


async def test_closing_the_stream_ends_everything_at_once() -> None:
    before = asyncio.all_tasks()
    async with asyncio.timeout(1):
        async with aclosing(run([a_check(f"s{i}", slow) for i in range(130)], Context())) as events:
            await anext(events)
    assert asyncio.all_tasks() == before


async def no_finding(project: Project) -> str:
    return project.domain


async def a_union(project: Project | Tape) -> Finding:
    return passed("x")


async def anything(*things: Project) -> Finding:
    return passed("x")


@pytest.mark.parametrize("function", [no_finding, a_union, anything])
def test_what_cannot_be_handed_in_is_refused_when_it_is_registered(function: object) -> None:
    with pytest.raises(TypeError):
        needs_of(function)  # type: ignore[arg-type]  # on purpose


async def test_single_flight_shares_and_outlives_one_waiter() -> None:
    once: Once[str, int] = Once()
    started = 0
    go = asyncio.Event()

    async def work() -> int:
        nonlocal started
        started += 1
        await go.wait()
        return 7

    impatient = asyncio.create_task(once.get("key", work))
    patient = asyncio.create_task(once.get("key", work))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    impatient.cancel()
    go.set()
    assert await patient == 7
    assert (started, len(once)) == (1, 1)
    await once.aclose()
