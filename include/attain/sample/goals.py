"""The targets: company, regions, teams and people, by year or quarter, a few of them revised in mid-year.

Quotas follow what was planned (deals per month, their usual value, the seller's share), not what was sold, so
that attainment scatters as it does in life. Parents are asked a little less than their children together.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

from attain.sample.columns import text_rows
from attain.sample.dice import Dice
from attain.sample.field_files import ACTIVITIES_PER_MONTH, presales_target
from attain.sample.pipeline import sellers
from attain.sample.scale import Scale, add_months, date_of, day_number
from attain.sample.staff import REGIONS, Staff, team_id
from attain.sample.staff_files import Row
from attain.streams import STREAMS

# Over-assignment from level to level, in percent, and what quotas are rounded to, in yuan.
_TEAM_PERCENT, _PERSON_PERCENT = 96, 103
_STEP = 10_000
# New customers asked of the whole company per month, for 250 deals a month.
_NEW_CUSTOMERS_PER_MONTH = 10


@dataclass(frozen=True)
class Plan:
    """What was planned: yuan per month of the window, seen from the value of an average won deal."""

    scale: Scale
    staff: Staff
    deal_value: int

    def month_value(self, month: int) -> int:
        """Yuan planned for a month: its decided deals, two in five of them won."""
        inside = min(max(month, 0), self.scale.months - 1)
        return self.scale.deals_per_month[inside] * 40 // 100 * self.deal_value

    def months_of(self, first: dt.date, count: int) -> list[int]:
        """The months (counted from the window's first) of a span; may lie outside the window."""
        start = self.scale.first_day
        begin = (first.year - start.year) * 12 + first.month - start.month
        return list(range(begin, begin + count))


def targets(scale: Scale, staff: Staff, deal_value: int) -> pa.Table:
    """One row per target and revision, from the year of the first period on.

    `deal_value` is the mean amount of a won deal in whole yuan.
    """
    plan, dice = Plan(scale, staff, max(1, deal_value)), scale.dice("targets")
    rows: list[Row] = []
    for year in scale.years[scale.years.index(int(scale.first_period[:4])) :]:
        rows += _company(plan, year)
        rows += _teams(plan, dice, year)
        rows += _presales(plan, year)
        yearly: set[str] = set()
        for quarter in range(1, 5):
            rows += _people(plan, dice, year, quarter, yearly)
    rows += _revisions(plan, rows)
    return text_rows(rows, list(STREAMS["targets"].columns))


def _row(kpi: str, period: str, value: str, *, team: str | None = None, person: str | None = None) -> Row:
    row: Row = {
        "kpi": kpi,
        "period": period,
        "value": value,
        "team_id": team,
        "participant_id": person,
        "revision": "1",
    }
    if kpi == "bookings":
        row["currency"] = "CNY"
    return row


def _rounded(yuan: int) -> str:
    return f"{max(1, (yuan + _STEP // 2) // _STEP) * _STEP}.00"


def _year_value(plan: Plan, year: int) -> int:
    return sum(plan.month_value(month) for month in plan.months_of(dt.date(year, 1, 1), 12))


def _new_customers(plan: Plan) -> int:
    """New customers asked of the company per year, in proportion to its deals."""
    return max(12, _NEW_CUSTOMERS_PER_MONTH * 12 * plan.scale.deals // (plan.scale.months * 250))


def _company(plan: Plan, year: int) -> list[Row]:
    return [
        _row("bookings", str(year), _rounded(_year_value(plan, year) * 92 // 100)),
        _row("new_customers", str(year), f"{_new_customers(plan)}"),
    ]


def _teams(plan: Plan, dice: Dice, year: int) -> list[Row]:
    """Teams by year or, every third one, by quarter; a region is asked what its teams are asked together."""
    weights = _team_weights(plan)
    rows, of_region = [], [0] * len(REGIONS)
    customers = -(-_new_customers(plan) * 105 // 100 // len(weights))
    for team, weight in enumerate(weights):
        value = _year_value(plan, year) * weight * _TEAM_PERCENT // 100 // sum(weights) * (97 + dice.one(7)) // 100
        of_region[plan.staff.team_regions[team]] += value
        rows.append(_row("new_customers", str(year), str(customers), team=team_id(team)))
        if team % 3 != 1:
            rows.append(_row("bookings", str(year), _rounded(value), team=team_id(team)))
            continue
        for quarter in range(1, 5):
            months = plan.months_of(dt.date(year, 3 * quarter - 2, 1), 3)
            share = sum(plan.month_value(month) for month in months)
            part = value * share // _year_value(plan, year)
            rows.append(_row("bookings", f"{year}-Q{quarter}", _rounded(part), team=team_id(team)))
    for region, value in enumerate(of_region):
        teams_there = plan.staff.team_regions.count(region)
        key = team_id(-1 - region)
        rows.append(_row("bookings", str(year), _rounded(value), team=key))
        rows.append(_row("new_customers", str(year), str(customers * teams_there), team=key))
    return rows


def _team_weights(plan: Plan) -> list[int]:
    """How much of the selling power each team has, from its sellers' skills in the middle of the window."""
    who = sellers(plan.scale, plan.staff, plan.scale.months // 2)
    weights = [1] * len(plan.staff.team_regions)
    for team, weight in zip(who.teams.tolist(), who.weights.tolist(), strict=True):
        weights[team] += weight
    return weights


def _people(plan: Plan, dice: Dice, year: int, quarter: int, yearly: set[str]) -> list[Row]:
    """Quotas of account executives: a year's for every fifth (once; `yearly` remembers), else a quarter's."""
    start = dt.date(year, 3 * quarter - 2, 1)
    months = plan.months_of(start, 3)
    inside = [month for month in months if 0 <= month < plan.scale.months]
    if not inside:
        return []
    share = sum(plan.month_value(month) for month in months)
    power = int(sellers(plan.scale, plan.staff, inside[-1]).weights.sum())
    first, last = day_number(start), day_number(add_months(start, 3)) - 1
    rows = []
    for person in plan.staff.people:
        is_there = person.hired <= last and (person.left is None or person.left >= first)
        # A quota knows half of what the seller can do.
        strength, mood = (person.skill + 100) // 2, 94 + dice.one(15)
        if person.state_on(max(first, person.hired)).role != "ae" or not is_there or person.id in yearly:
            continue
        value = share * strength * _PERSON_PERCENT * mood // (power * 100)
        if person.index % 5 == 0:
            yearly.add(person.id)
            value, period = value * _year_value(plan, year) // share, str(year)
        else:
            period = f"{year}-Q{quarter}"
        rows.append(_row("bookings", period, _rounded(value), person=person.id))
    return rows


def _presales(plan: Plan, year: int) -> list[Row]:
    """Activities asked of presales people for the year."""
    rows = []
    for person in plan.staff.people:
        role = person.state_on(max(person.hired, plan.scale.first)).role
        is_there = date_of(person.hired).year <= year and (person.left is None or date_of(person.left).year >= year)
        if role in ACTIVITIES_PER_MONTH and is_there:
            asked = presales_target(plan.scale, role) * 12
            rows.append(_row("activities", str(year), str(asked), person=person.id))
    return rows


def _revisions(plan: Plan, rows: list[Row]) -> list[Row]:
    """Every fourth year target of the last year is lowered on 1 July: a new revision, the old row stays."""
    revised = []
    year = plan.scale.until.year
    day = dt.date(year, 7, 1)
    if not plan.scale.first_day < day <= plan.scale.until:
        return []
    yearly = [row for row in rows if row["period"] == str(year) and row["kpi"] == "bookings"]
    own = [row for row in yearly if row["participant_id"] or (row["team_id"] or "").startswith("T")]
    for row in own[::4]:
        value = int((row["value"] or "0").removesuffix(".00"))
        revised.append(
            {
                **row,
                "value": _rounded(value * 95 // 100),
                "revision": "2",
                "revised_on": day.isoformat(),
                "reason": "市场下滑 Market downturn",
            }
        )
    return revised
