"""Months as whole numbers (year × 12 + month − 1), and the fiscal windows they form."""

from __future__ import annotations

import datetime as dt

LENGTH = {"month": 1, "quarter": 3, "year": 12}


def month_of(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def month_named(key: str) -> int:
    """The month `2026-01`."""
    return int(key[:4]) * 12 + int(key[5:7]) - 1


def month_key(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def first_day(month: int) -> dt.date:
    return dt.date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> dt.date:
    return first_day(month + 1) - dt.timedelta(days=1)


def days_of(month: int) -> list[dt.date]:
    start = first_day(month)
    return [start + dt.timedelta(days=n) for n in range((first_day(month + 1) - start).days)]


class Fiscal:
    """The fiscal calendar: a year begins in `start` and is named after the calendar year it ends in."""

    def __init__(self, start: int) -> None:
        self.start = start

    def window(self, kind: str, month: int) -> range:
        """The months of the month, quarter or fiscal year that `month` lies in."""
        length = LENGTH[kind]
        begin = month - (month - (self.start - 1)) % 12 % length
        return range(begin, begin + length)

    def year_to(self, month: int) -> range:
        """The months from the fiscal year's start to `month`."""
        return range(self.window("year", month)[0], month + 1)

    def parsed(self, key: str) -> range:
        """The months of `2026-01`, `2026-Q1` or `2026`."""
        if "Q" in key:
            begin = self._year(int(key[:4])) + 3 * (int(key[-1]) - 1)
            return range(begin, begin + 3)
        if len(key) == 4:
            begin = self._year(int(key))
            return range(begin, begin + 12)
        return range(month_named(key), month_named(key) + 1)

    def key(self, months: range) -> str:
        if len(months) == 1:
            return month_key(months[0])
        year = self.window("year", months[0])
        name = f"{year[-1] // 12:04d}"
        return name if len(months) == 12 else f"{name}-Q{(months[0] - year[0]) // 3 + 1}"

    def _year(self, year: int) -> int:
        return year * 12 + self.start - 1 - (12 if self.start > 1 else 0)
