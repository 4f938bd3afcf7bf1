"""How large the sample company is and which days it covers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from attain.errors import InputError
from attain.sample.dice import Dice, Ints

DEALS_PER_PERSON_AND_MONTH = 4
# Beyond this many deals the streams around them (stages, activities, leads, surveys) exist for one in ten: a
# benchmark of a million deals has 3.6 rows per deal then instead of 14.
FULL_DETAIL_DEALS = 50_000
OPEN_MONTHS = 4
_EPOCH = dt.date(1970, 1, 1)
# Deals decided per month, in percent of an average month: spring festival, summer lull, year-end rush.
_SEASON = (78, 72, 112, 98, 96, 116, 88, 86, 112, 94, 110, 138)
# Deals decided per further month, in thousandths of the first month: about 14 % a year.
_GROWTH_PER_1000 = 12
# The open pipeline thins out: percent of a month's usual deals already known 1, 2, 3, 4 months ahead.
_PIPELINE = (60, 42, 28, 14)


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(number: int) -> dt.date:
    """The day `number` days after 1970-01-01."""
    return _EPOCH + dt.timedelta(days=int(number))


def add_months(day: dt.date, count: int) -> dt.date:
    """The first day of the month `count` months after the month of `day`."""
    index = day.year * 12 + day.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Scale:
    """The arguments of a sample company. Days are whole numbers since 1970-01-01."""

    seed: int
    people: int
    months: int
    deals: int
    until: dt.date
    dirty: bool

    def __post_init__(self) -> None:
        problems = [
            (
                self.people < 12,
                f"--people {self.people} is too few; a sample company has at least 12 people.",
            ),
            (not 1 <= self.months <= 120, f"--months {self.months} is out of range; give 1 to 120 months."),
            (self.deals < 10, f"--deals {self.deals} is too few; give at least 10 deals."),
            (self.seed < 0, f"--seed {self.seed} is negative; give 0 or a positive whole number."),
            (
                self.until != add_months(self.until, 1) - dt.timedelta(days=1),
                f"The sample ends on {self.until}, not on the last day of a month; give the last day of one.",
            ),
        ]
        for is_wrong, sentence in problems:
            if is_wrong:
                raise InputError(sentence)

    @cached_property
    def first_day(self) -> dt.date:
        return add_months(self.until, 1 - self.months)

    @cached_property
    def starts(self) -> Ints:
        """First day of every month of the window, of the open months after it, and of one more."""
        days = [add_months(self.first_day, month) for month in range(self.months + OPEN_MONTHS + 1)]
        return np.asarray([day_number(day) for day in days], dtype=np.int64)

    @property
    def first(self) -> int:
        return int(self.starts[0])

    @property
    def last(self) -> int:
        return int(self.starts[self.months]) - 1

    @property
    def years(self) -> list[int]:
        """The calendar years the window touches."""
        return list(range(self.first_day.year, self.until.year + 1))

    @property
    def first_period(self) -> str:
        """The first month of the first whole year in the window; without a whole year its first month."""
        whole = [year for year in self.years if self._is_whole(year)]
        day = dt.date(whole[0], 1, 1) if whole else self.first_day
        return f"{day.year:04d}-{day.month:02d}"

    def _is_whole(self, year: int) -> bool:
        return dt.date(year, 1, 1) >= self.first_day and dt.date(year, 12, 31) <= self.until

    @property
    def detail_percent(self) -> int:
        return 100 if self.deals <= FULL_DETAIL_DEALS else 10

    @cached_property
    def deals_per_month(self) -> list[int]:
        """Deals to be decided in each month of the window and of the open months; adds up to `deals`."""
        weights = []
        for month in range(self.months + OPEN_MONTHS):
            share = 100 if month < self.months else _PIPELINE[month - self.months]
            season = _SEASON[add_months(self.first_day, month).month - 1]
            weights.append(season * (1000 + _GROWTH_PER_1000 * month) * share)
        return shared_out(self.deals, weights)

    def dice(self, table: str, part: int = 0) -> Dice:
        """The random stream of `table`."""
        return Dice(self.seed, table, part)


def shared_out(total: int, weights: list[int]) -> list[int]:
    """`total` cut into whole parts in proportion to `weights`, adding up to it (largest remainders first)."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts
