"""Percentiles that say how sure they are: nearest rank, and an interval from order statistics (no shape is assumed).

An interval between two of the sorted values covers the true percentile with the probability that a binomial count falls
between their ranks (Hahn and Meeker, Statistical Intervals, section 5.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """`low` to `high`, in the values' unit; `high` None: with so few values nothing can be said of the upper side."""

    low: float
    high: float | None


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `share` (0 to 1) of the values do not exceed.

    Raises ValueError for no values or a share outside 0 to 1.
    """
    if not values:
        raise ValueError("a percentile of no values")
    if not 0 <= share <= 1:
        raise ValueError(f"a share is between 0 and 1, not {share}")
    rank = max(1, math.ceil(round(share * len(values), 9)))
    return sorted(values)[rank - 1]


def _at_most(total: int, share: float) -> list[float]:
    """P(B <= count) of a binomial count, for every count below `total`. By logarithms, which no length overflows."""
    if share in (0.0, 1.0):
        return [1.0 - share] * total
    found: list[float] = []
    reached = 0.0
    for count in range(total):
        ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
        reached += math.exp(ways + count * math.log(share) + (total - count) * math.log1p(-share))
        found.append(reached)
    return found


def interval(values: Sequence[float], share: float, confidence: float = 0.95) -> Interval:
    """The shortest interval of ranks that covers the percentile with at least `confidence`.

    Where no two of the values do (a p95 of fewer than 59), `high` is None and `low` a one-sided bound.
    Raises ValueError for no values.
    """
    if not values:
        raise ValueError("an interval of no values")
    ordered = sorted(values)
    total = len(ordered)
    below = _at_most(total, share)
    best: tuple[int, float, int, int] | None = None
    for low in range(1, total):
        for high in range(low + 1, total + 1):
            covered = below[high - 1] - below[low - 1]
            if covered >= confidence:
                found = (high - low, -covered, low, high)
                best = min(best, found) if best else found
                break  # a wider one from the same rank is never shorter
    if best is not None:
        return Interval(ordered[best[2] - 1], ordered[best[3] - 1])
    lowest = max((rank for rank in range(1, total + 1) if 1 - below[rank - 1] >= confidence), default=1)
    return Interval(ordered[lowest - 1], None)
