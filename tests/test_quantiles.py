"""Percentiles and their order-statistic intervals."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.quantiles import interval, percentile

HUNDRED = [float(n) for n in range(1, 101)]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        (HUNDRED, 0.95, 95),
        (HUNDRED, 0.5, 50),
        (HUNDRED, 0.0, 1),
        (HUNDRED, 1.0, 100),
        ([float(n) for n in range(1, 61)], 0.95, 57),
        ([float(n) for n in range(1, 21)], 0.95, 19),
        ([7.0], 0.95, 7),
        ([3.0, 1.0, 2.0], 0.5, 2),
    ],
)
def test_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_known_ranks() -> None:
    # Hahn and Meeker, table A.15a: a median of 100 lies between the 40th and the 60th value or better.
    half = interval(HUNDRED, 0.5)
    assert half.high is not None
    assert half.high - half.low <= 20
    ninety_five = interval(HUNDRED, 0.95)
    assert 89 <= ninety_five.low < 95 <= (ninety_five.high or 0) <= 100
    sixty = interval([float(n) for n in range(1, 61)], 0.95)
    assert sixty.high == 60  # 1 - 0.95 ** 60 is 0.954: just enough to close it


def test_too_few_leave_the_upper_side_open() -> None:
    few = interval([float(n) for n in range(1, 41)], 0.95)
    assert few.high is None
    assert 30 < few.low < 40
    assert interval([1.0], 0.95).high is None


def test_a_thousand_are_no_trouble() -> None:
    found = interval([float(n) for n in range(1, 1_001)], 0.5)
    assert found.high is not None
    assert 450 < found.low < 500 < found.high < 550


@pytest.mark.parametrize("call", [percentile, interval])
def test_nothing_has_no_percentile(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match="no values"):
        call([], 0.5)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_0_and_1(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], share)


def test_it_covers_as_often_as_it_says() -> None:
    dice = random.Random(7)
    covered = 0
    for _ in range(400):
        found = interval([dice.random() for _ in range(60)], 0.9)
        covered += found.low <= 0.9 and (found.high is None or found.high >= 0.9)
    assert covered >= 0.92 * 400  # 95 % is promised; three standard errors below it


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=80), st.floats(0.01, 0.99))
def test_the_interval_is_made_of_values_in_order(values: list[float], share: float) -> None:
    found = interval(values, share)
    assert found.low in values
    assert found.high is None or (found.high in values and found.low <= found.high)
