"""Components in which people of a group compete or share: contest and pool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.oracle.kpis import Who
from tests.oracle.modifiers import Modifiers, Window
from tests.oracle.months import days_of
from tests.oracle.period_components import periods
from tests.oracle.quantities import ZERO, exact, minor_units, rounded, shared_out
from tests.oracle.standing import OfVersion, Standing
from tests.oracle.terms import Component, Plan

LOWER_IS_BETTER = {"sales_cycle", "discount_rate"}
# What a group's people get, and the measure each is judged by.
Shares = tuple[dict[str, Fraction], dict[str, Fraction]]


class SharedComponents:
    """Standings of contests and pools; they stand in the last month of the period only."""

    def __init__(self, modifiers: Modifiers) -> None:
        self.modifiers = modifiers
        self.kpis = modifiers.kpis

    def contest(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Prizes by rank within the group."""
        return self._each(plan, part, first, last, self._prizes)

    def pool(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """A group's money shared out among its people."""
        return self._each(plan, part, first, last, self._portions)

    def _each(self, plan: Plan, part: Component, first: int, last: int, share: Callable[..., Shares]) -> OfVersion:
        found: OfVersion = defaultdict(dict)
        for months in periods(self.kpis.world.fiscal, plan, part, first, last):
            groups: dict[Any, list[str]] = defaultdict(list)
            for person in self.kpis.people.under(plan, months):
                groups[self._group(person, plan, part["within"], months)].append(person)
            for people in groups.values():
                amounts, measures = share(plan, part, months, people)
                for person in people:
                    window = Window(person, plan, part, months, months[-1])
                    standing = Standing(range(months[-1], months[-1] + 1))
                    gross, measure = amounts.get(person, ZERO), measures.get(person)
                    standing.other = self.modifiers.applied(window, gross, measure, None)
                    found[person][months[-1]] = standing
        return found

    def _group(self, person: str, plan: Plan, within: str, months: range) -> Any:
        """The person's team or role on the last day under the plan version."""
        people = self.kpis.people
        days = [day for month in months for day in days_of(month) if people.plan_on(person, day) == plan["version"]]
        row = people.on(person, days[-1]) or {}
        return row.get({"team": "team_id", "role": "role"}.get(within, ""), "")

    def _prizes(self, plan: Plan, part: Component, months: range, people: list[str]) -> Shares:
        known: dict[str, Fraction] = {}
        values: dict[str, Fraction] = {}
        for person in people:
            who = Who(person, plan, part.get("scope", "own"))
            value = self.kpis.value(who, part["kpi"], months, part["where"])
            if value is not None:
                known[person] = value
                if part.get("minimum_value") is None or value >= exact(part["minimum_value"]):
                    values[person] = value
        prizes = [exact(prize) for prize in part["prizes"]]
        amounts: dict[str, Fraction] = {}
        for value in set(values.values()):
            tied = sorted(person for person, other in values.items() if other == value)
            is_lower_better = part["kpi"] in LOWER_IS_BETTER
            rank = sum(other < value if is_lower_better else other > value for other in values.values())
            money = sum(prizes[rank : rank + len(tied)], ZERO)
            amounts |= shared_out(money, [(person, Fraction(1, len(tied))) for person in tied], self._places(plan))
        return amounts, known

    def _portions(self, plan: Plan, part: Component, months: range, people: list[str]) -> Shares:
        weights = {person: max(self._weight(person, plan, part, months) or ZERO, ZERO) for person in people}
        whole = sum(weights.values(), ZERO)
        if not whole:
            return {}, {}
        money = max(rounded(self._pool_money(plan, part, months, people[0]), self._places(plan)), ZERO)
        shares = [(person, weight / whole) for person, weight in sorted(weights.items())]
        return shared_out(money, shares, self._places(plan)), weights

    def _pool_money(self, plan: Plan, part: Component, months: range, person: str) -> Fraction:
        amount = part["amount"]
        if not isinstance(amount, dict):
            return exact(amount)
        if amount.get("amount") is not None:
            return exact(amount["amount"])
        value = self.kpis.value(Who(person, plan, part["within"]), amount["of"], months, part["where"])
        return exact(amount["rate"]) * (value or ZERO)

    def _weight(self, person: str, plan: Plan, part: Component, months: range) -> Fraction | None:
        if part["share_by"] == "equal":
            return Fraction(1)
        if part["share_by"] == "score":
            return self.modifiers.scoring.of(person, plan, months).score
        if part["share_by"] == "salary":
            return self.kpis.people.salary(person, "base_salary", months, plan, is_prorated=False)
        who, kpi = Who(person, plan), part.get("kpi", "bookings")
        value = self.kpis.value(who, kpi, months, part["where"])
        return self.kpis.attainment(value, self.kpis.target(who, kpi, months, months[-1]))

    def _places(self, plan: Plan) -> int:
        return minor_units(plan["currency"] or self.kpis.world.currency)
