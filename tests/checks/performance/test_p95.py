"""performance.p95.public: figures against the bars, and figures that are withheld."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.model import Status
from launchready_tui.sources.load import Sample, Series
from launchready_tui.sources.web import NoPage, Page
from tests.world import NAME, Row, World, hold

HOME = f"https://{NAME}/"
PAGE = Page(HOME, 200, (("content-type", "text/html"),), b"<h1>Hello</h1>")
FRESH = Sample(300, 20, 30, 60, 150, 40, 200, 0.1)


def sample(total: float, *, status: int = 200, late: float = 0.2, error: str = "") -> Sample:
    return Sample(total, 0, 0, 0, total * 0.8, total * 0.2, status, late, error)


def series(*totals: float, late: float = 0.2) -> Series:
    return Series(HOME, tuple(sample(total, late=late) for total in totals), "93.184.215.14", (FRESH, FRESH))


def measured(found: Series | None, page: Page | NoPage = PAGE) -> World:
    return World(web={HOME: page}, load=found)


def mixed(*odd: Sample, rest: float = 200) -> Series:
    base = series(*[rest] * 60)
    return replace(base, samples=(*odd, *base.samples[len(odd) :]))


LOST = sample(10_000, status=0, error="no answer within 10 seconds")
TABLE: dict[str, list[Row]] = {
    "performance.p95.public": [
        Row("fast", measured(series(*range(100, 160))), Status.PASS, "from 60 requests"),
        Row("just under", measured(series(*[499.0] * 60)), Status.PASS),
        Row("at the bar", measured(series(*[500.0] * 60)), Status.WARN, "aim: 500 ms"),
        Row("slow", measured(series(*[900.0] * 60)), Status.WARN),
        Row("too slow", measured(series(*[1_780.0] * 60)), Status.FAIL, "p95 1,780 ms"),
        Row("a few slow ones do not count", measured(mixed(sample(3_000), sample(3_000))), Status.PASS),
        Row("four slow ones of 60 do", measured(mixed(*[sample(3_000)] * 4)), Status.FAIL),
        Row("one without an answer", measured(mixed(LOST)), Status.PASS),
        Row("too many without an answer", measured(mixed(*[LOST] * 4)), Status.UNKNOWN, "4 of 60"),
        Row("errors are no speed", measured(mixed(*[sample(5, status=503)] * 30)), Status.UNKNOWN, "503"),
        Row("too few", measured(series(*[100.0] * 39)), Status.UNKNOWN, "too few"),
        Row("ended early", measured(replace(series(*[100.0] * 50), stopped=True)), Status.UNKNOWN, "we stopped"),
        Row("our own clock ran late", measured(series(*[200.0] * 60, late=30)), Status.UNKNOWN, "too busy"),
        Row("late, but by next to nothing", measured(series(*[20.0] * 60, late=4)), Status.PASS),
        Row(
            "no way there", measured(Series(HOME, (), say="refused our connection")), Status.UNKNOWN, "did not measure"
        ),
        Row("no yes", measured(None), Status.UNKNOWN, "your yes"),
        Row(
            "home does not open", measured(series(1), NoPage(HOME, "timeout", "said nothing")), Status.UNKNOWN, "opens"
        ),
        Row("home answers 404", measured(series(1), replace(PAGE, status=404)), Status.UNKNOWN),
        Row(
            "an error text with escapes",
            measured(mixed(*[replace(LOST, error="\x1b]0;x\x07\u202e[/]")] * 9)),
            Status.UNKNOWN,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_n_interval_place_and_round_trip_are_told() -> None:
    finding = await hold("performance.p95.public", Row("fast", measured(series(*range(100, 160))), Status.PASS))
    told = " ".join([finding.saw, *(f"{e.source} {e.text}" for e in finding.evidence)])
    for words in ("60 requests", "from this machine", "to 159 ms", "connect 30 ms (one round trip)", "first byte, p75"):
        assert words in told
    assert dict(finding.facts)["p95 ms"] == "156"
