"""Components that pay once per period: bonus, matrix (computed in the period's last month)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.oracle.kpis import Who
from tests.oracle.modifiers import Modifiers, Window
from tests.oracle.months import Fiscal
from tests.oracle.quantities import ONE, ZERO, exact, ratio
from tests.oracle.standing import OfVersion, Standing
from tests.oracle.terms import Component, Plan, curve_value


class PeriodComponents:
    """Standings of components by period; they stand in the last month of the period only."""

    def __init__(self, modifiers: Modifiers) -> None:
        self.modifiers = modifiers
        self.kpis = modifiers.kpis

    def bonus(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Target pay × payout curve."""
        return self._each(plan, part, first, last, self._bonus_factor)

    def matrix(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Target pay × the factor looked up by two KPIs."""
        return self._each(plan, part, first, last, self._matrix_factor)

    def _each(self, plan: Plan, part: Component, first: int, last: int, factor: Any) -> OfVersion:
        found: OfVersion = defaultdict(dict)
        for months in periods(self.kpis.world.fiscal, plan, part, first, last):
            for person in self.kpis.people.under(plan, months):
                window = Window(person, plan, part, months, months[-1])
                x, payout = factor(window)
                gross = self.modifiers.target_pay(window) * payout
                standing = Standing(range(months[-1], months[-1] + 1))
                standing.other = self.modifiers.applied(window, gross, x, None)
                found[person][months[-1]] = standing
        return found

    def _bonus_factor(self, window: Window) -> tuple[Fraction | None, Fraction]:
        """(what the curve reads, the payout factor): 0 without data."""
        payout, part = window.part["payout"], window.part
        if payout["on"] == "score":
            x = self.modifiers.scoring.of(window.person, window.plan, window.months).score
        else:
            scope = payout.get("scope") or part.get("scope") or "own"
            who = Who(window.person, window.plan, scope)
            x = self.kpis.value(who, payout["kpi"], window.months, part["where"])
            if payout["on"] == "attainment":
                x = self.kpis.attainment(x, self.kpis.target(who, payout["kpi"], window.months, window.month))
        return x, ZERO if x is None else curve_value(payout.get("curve"), x)

    def _matrix_factor(self, window: Window) -> tuple[Fraction | None, Fraction]:
        """(the rows' KPI, the factor): 0 without data, and below the first row or column."""
        axes = []
        for name in ("rows", "columns"):
            axis = window.part[name]
            who = Who(window.person, window.plan, axis.get("scope", "own"))
            value = self.kpis.value(who, axis["kpi"], window.months, window.part["where"])
            axes.append((value, [exact(one) for one in axis["from"]]))
        (row, rows), (column, columns) = axes
        if row is None or column is None:
            return None, ZERO
        if row < rows[0] or column < columns[0]:
            return row, ZERO
        table = [[exact(one) for one in line] for line in window.part["payout"]]
        at_row, at_column = _place(rows, row), _place(columns, column)
        if window.part["lookup"] == "floor":
            return row, table[at_row[0]][at_column[0]]
        return row, ratio(
            sum(
                (
                    table[i][j] * weight_i * weight_j
                    for i, weight_i in _weights(at_row)
                    for j, weight_j in _weights(at_column)
                ),
                ZERO,
            )
        )


def periods(fiscal: Fiscal, plan: Plan, part: Component, first: int, last: int) -> Iterator[range]:
    """The component's periods that end within the months."""
    kind = part.get("period") or plan["scorecard"]["period"]
    for month in range(first, last + 1):
        months = fiscal.window(kind, month)
        if months[-1] == month:
            yield months


def _place(starts: list[Fraction], value: Fraction) -> tuple[int, Fraction]:
    """(the last start at or below the value, how far towards the next one)."""
    n = max(i for i, start in enumerate(starts) if start <= value)
    if n == len(starts) - 1:
        return n, ZERO
    return n, (value - starts[n]) / (starts[n + 1] - starts[n])


def _weights(place: tuple[int, Fraction]) -> list[tuple[int, Fraction]]:
    n, towards = place
    return [(n, ONE - towards), (n + 1, towards)] if towards else [(n, ONE)]
