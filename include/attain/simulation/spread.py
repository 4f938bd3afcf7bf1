"""How amounts spread over people: quantiles and counts by bucket, in decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise

# Percentiles shown: the quartiles among the deciles, with the least and the most.
PERCENTILES = (0, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100)
# Changes in percent; a change of 0 has a bucket of its own.
_STEPS = tuple(Decimal(step) for step in (5, 10, 25))
_MOST_BUCKETS = 10


@dataclass(frozen=True)
class Bucket:
    """Values from `low` (included) up to `high` (excluded); None is open. How many there are before and after."""

    low: Decimal | None
    high: Decimal | None
    before: int
    after: int


def quantile(values: Sequence[Decimal], percent: int) -> Decimal:
    """The percentile of ascending values, between two neighbours in proportion (as Excel's PERCENTILE.INC).

    Raises ValueError when there are none.
    """
    if not values:
        raise ValueError("no values")
    place = Decimal(len(values) - 1) * percent / 100
    below = int(place)
    if below == len(values) - 1:
        return values[below]
    return values[below] + (values[below + 1] - values[below]) * (place - below)


def pay_buckets(before: Sequence[Decimal], after: Sequence[Decimal]) -> list[Bucket]:
    """At most ten buckets of equal, round width over all amounts, with the number of people in each."""
    both = [*before, *after]
    if not both:
        return []
    low, high = min(both), max(both)
    width = _round_width(high - low)
    start = (low / width).to_integral_value(ROUND_FLOOR) * width
    count = int(((high - start) / width).to_integral_value(ROUND_FLOOR)) + 1
    edges = [start + width * number for number in range(count + 1)]
    return [_counted(one, two, before, after) for one, two in pairwise(edges)]


def _round_width(span: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so wide that ten buckets hold the span wherever it begins."""
    if span == 0:
        return Decimal(1)
    least = span / (_MOST_BUCKETS - 1)
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def _counted(low: Decimal, high: Decimal, before: Sequence[Decimal], after: Sequence[Decimal]) -> Bucket:
    return Bucket(low, high, sum(low <= one < high for one in before), sum(low <= one < high for one in after))


def change_buckets(percents: Sequence[Decimal]) -> list[tuple[Decimal | None, Decimal | None, int]]:
    """(from, to, people) by change in percent; losses exclude the bound nearer to 0, gains too; (0, 0) is unchanged."""
    edges = [None, *sorted(-step for step in _STEPS), Decimal(0)]
    losses = [
        (low, high, sum((low is None or low <= one) and one < high for one in percents))
        for low, high in pairwise(edges)
        if high is not None
    ]
    unchanged = (Decimal(0), Decimal(0), sum(one == 0 for one in percents))
    gains = [
        (-high, None if low is None else -low, sum(-high < one and (low is None or one <= -low) for one in percents))
        for low, high in reversed(list(pairwise(edges)))
        if high is not None
    ]
    return [*losses, unchanged, *gains]


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """part ÷ whole in percent to one place; None where the whole is not above 0."""
    if whole <= 0:
        return None
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
