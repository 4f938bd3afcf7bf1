"""The KPIs the histories use, for a participant's days under a plan, a team or the company (domain, section 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.deals import Deals, Finance, matches
from tests.oracle.months import first_day, last_day, month_of
from tests.oracle.people import People
from tests.oracle.quantities import ONE, ZERO, minor_units, money, ratio, shared_out
from tests.oracle.targets import Targets
from tests.oracle.terms import Plan
from tests.oracle.world import Row, World

# KPIs that add up over time: a target written in a plan is prorated for them.
ADDITIVE = {"bookings", "margin", "units", "contract_count", "billings", "collections"}


@dataclass(frozen=True)
class Who:
    """Whose KPI: a person's days under a plan version, or (scope) the team or company around the person."""

    person: str
    plan: Plan
    scope: str = "own"


@dataclass(frozen=True)
class _Fact:
    person: str
    day: dt.date
    deal: Row
    amount: Fraction
    cost: Fraction
    units: Fraction
    listed: Fraction | None


class Kpis:
    """KPI values, targets and attainments of ranges of months."""

    def __init__(self, world: World, people: People, deals: Deals, finance: Finance, targets: Targets) -> None:
        self.world = world
        self.people = people
        self.deals = deals
        self.finance = finance
        self.targets = targets

    def value(self, who: Who, kpi: str, months: range, where: dict[str, list[str]] | None = None) -> Fraction | None:
        """The KPI over the months; None when it has no data."""
        facts = [fact for fact in self._facts(where or {}) if fact.day >= first_day(months[0])]
        facts = [fact for fact in facts if fact.day <= last_day(months[-1]) and self._is_of(who, fact, months)]
        simple: dict[str, Callable[[], Fraction | None]] = {
            "bookings": lambda: _sum(fact.amount for fact in facts),
            "margin": lambda: _sum(fact.amount - fact.cost for fact in facts),
            "units": lambda: _sum(fact.units for fact in facts),
            "contract_count": lambda: _sum(ONE for _ in {fact.deal["deal_id"] for fact in facts}),
            "collection_rate": lambda: self._collection_rate(who, months),
            "csat": lambda: self._csat(who, months),
            "deals": lambda: _sum(ONE for _ in {fact.deal["deal_id"] for fact in facts}),
            "quota_attainment": lambda: self._quota_attainment(who, months, where),
            "discount_rate": lambda: _discount(facts),
            "sales_cycle": lambda: _mean([Fraction((fact.day - fact.deal["created_on"]).days) for fact in facts]),
            "bookings_growth": lambda: self._growth(who, months, where),
            "mbo": lambda: self._objectives(who, months),
        }
        if kpi not in simple:
            raise LookupError(f"the oracle knows no KPI {kpi}")
        return simple[kpi]()

    def target(self, who: Who, kpi: str, months: range, as_of: int) -> Fraction | None:
        """The target of the months: prorated for a person, as written for a team or the company."""
        if who.scope == "own":
            owner = {"participant_id": who.person}
            version = who.plan["version"]
            return self.targets.of(owner, kpi, months, as_of, lambda m: self.people.month_share(who.person, version, m))
        owner = {} if who.scope == "company" else {"team_id": self._team(who, months)}
        return self.targets.of(owner, kpi, months, as_of, lambda _: ONE)

    def attainment(self, value: Fraction | None, target: Fraction | None) -> Fraction | None:
        return ratio(value / target) if value is not None and target else None

    def _quota_attainment(self, who: Who, months: range, where: dict[str, list[str]] | None) -> Fraction | None:
        return self.attainment(
            self.value(who, "bookings", months, where), self.target(who, "bookings", months, months[-1])
        )

    def _growth(self, who: Who, months: range, where: dict[str, list[str]] | None) -> Fraction | None:
        """Against the same months a year ago; the whole person's when the plan had no days then."""
        last_year = range(months[0] - 12, months[-1] - 11)
        facts = [fact for fact in self._facts(where or {}) if month_of(fact.day) in last_year]
        before = self.value(who, "bookings", last_year, where)
        before = before or _sum(fact.amount for fact in facts if fact.person == who.person)
        now = self.value(who, "bookings", months, where)
        return ratio(now / before) - 1 if before and now is not None else None

    def _team(self, who: Who, months: range) -> str | None:
        row = self.people.on(who.person, last_day(months[-1]))
        return row.get("team_id") if row else None

    def _facts(self, where: dict[str, list[str]]) -> Iterator[_Fact]:
        for deal in self.deals.won.values():
            rate = self.world.rate(deal["currency"], self.world.currency, deal["won_on"]) or ONE
            owners = self.deals.owners(deal)
            places = minor_units(deal["currency"])
            for part in self.deals.parts(deal):
                if not matches(where, part):
                    continue
                amounts, costs = (shared_out(part[name], owners, places) for name in ("amount", "cost"))
                for person, share in owners:
                    amount, cost = money(amounts[person] * rate), money(costs[person] * rate)
                    listed = part["list_amount"] * share if part["list_amount"] is not None else None
                    yield _Fact(person, deal["won_on"], deal, amount, cost, part["units"] * share, listed)

    def _is_of(self, who: Who, fact: _Fact, months: range) -> bool:
        if who.scope == "company":
            return True
        if who.scope == "team":
            return self._team(who, months) in self.people.teams(fact.person, fact.day)
        if who.scope == "role":
            mine = self.people.on(who.person, last_day(months[-1])) or {}
            return mine.get("role") == (self.people.on(fact.person, fact.day) or {}).get("role")
        return fact.person == who.person and self.people.plan_on(who.person, fact.day) == who.plan["version"]

    def _collection_rate(self, who: Who, months: range) -> Fraction | None:
        """(opening receivables + billed − closing receivables) ÷ (opening + billed), of the deals the person owns."""
        before, end = first_day(months[0]) - dt.timedelta(days=1), last_day(months[-1])
        owned = [deal_id for deal_id, deal in self.deals.won.items() if deal["owner_id"] == who.person]
        opening = _sum(self._receivable(deal_id, before) for deal_id in owned)
        closing = _sum(self._receivable(deal_id, end) for deal_id in owned)
        billed = _sum(self.finance.invoiced(d, end) - self.finance.invoiced(d, before) for d in owned)
        return ratio((opening + billed - closing) / (opening + billed)) if opening + billed else None

    def _receivable(self, deal_id: str, day: dt.date) -> Fraction:
        paid = _sum(amount for on, amount in self.finance.payments[deal_id] if on <= day)
        return self.finance.invoiced(deal_id, day) - paid

    def _csat(self, who: Who, months: range) -> Fraction | None:
        """The share of the two best answers."""
        answers = [
            row
            for row in self.world.rows("survey_responses")
            if row["survey"] == "csat"
            and row.get("participant_id") == who.person
            and month_of(row["responded_on"]) in months
            and self.people.plan_on(who.person, row["responded_on"]) == who.plan["version"]
        ]
        best = [row for row in answers if row["score"] >= (row.get("scale_max") or 5) - 1]
        return ratio(Fraction(len(best), len(answers))) if answers else None

    def _objectives(self, who: Who, months: range) -> Fraction | None:
        rows: list[dict[str, Any]] = [
            row
            for row in self.world.rows("objectives")
            if row["participant_id"] == who.person and self.world.fiscal.parsed(row["period"]) == months
        ]
        weight = _sum(row["weight"] for row in rows)
        return ratio(_sum(row["weight"] * row["completion"] for row in rows) / weight) if weight else None


def _discount(facts: list[_Fact]) -> Fraction | None:
    listed = [fact for fact in facts if fact.listed is not None]
    whole = _sum(fact.listed for fact in listed)
    return 1 - ratio(_sum(fact.amount for fact in listed) / whole) if whole else None


def _mean(values: list[Fraction]) -> Fraction | None:
    return ratio(_sum(values) / len(values)) if values else None


def _sum(values: Iterator[Fraction] | Any) -> Fraction:
    return sum(values, ZERO)
