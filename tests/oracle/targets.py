"""Targets of a span: spread, prorated, in the revision known then (plan-spec, "Plan in force")."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.oracle.months import last_day
from tests.oracle.quantities import ZERO, money
from tests.oracle.world import Row, World

# The share of a month that counts.
MonthShare = Callable[[int], Fraction]


class Targets:
    """The target rows of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.rows("targets")

    def of(self, owner: dict[str, Any], kpi: str, months: range, as_of: int, share: MonthShare) -> Fraction | None:
        """The target of the months as known at the end of month `as_of`; None when no row covers any of them.

        `owner`: {"participant_id": …}, {"team_id": …} or {} for the company.
        """
        rows = self._known(owner, kpi, last_day(as_of))
        sources: dict[int, list[int]] = {}
        for month in months:
            covering = [n for n, row in enumerate(rows) if month in row["months"]]
            if covering:
                finest = min(covering, key=lambda n: len(rows[n]["months"]))
                sources.setdefault(finest, []).append(month)
        if not sources:
            return None
        return sum((_span(rows[n], chosen, share) for n, chosen in sources.items()), ZERO)

    def _known(self, owner: dict[str, Any], kpi: str, day: dt.date) -> list[Row]:
        newest: dict[str, Row] = {}
        for row in self.rows:
            if (row.get("participant_id"), row.get("team_id")) != (owner.get("participant_id"), owner.get("team_id")):
                continue
            if row["kpi"] != kpi or (row.get("revised_on") and row["revised_on"] > day):
                continue
            if row["period"] not in newest or newest[row["period"]]["revision"] < row["revision"]:
                newest[row["period"]] = row
        return [{**row, "months": self.world.fiscal.parsed(row["period"])} for row in newest.values()]


def _span(row: Row, chosen: list[int], share: MonthShare) -> Fraction:
    whole: range = row["months"]
    if len(chosen) == 1:
        until = range(whole[0], chosen[0] + 1)
        return _part(row, list(until), share) - _part(row, list(until[:-1]), share)
    return _part(row, chosen, share)


def _part(row: Row, months: list[int], share: MonthShare) -> Fraction:
    return money(row["value"] * sum((share(month) for month in months), ZERO) / len(row["months"]))
