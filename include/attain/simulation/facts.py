"""What a replay leaves behind, as values: payments, scores, attainment and people."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

# What is read: marts, and tables of closes.
WANTED = ("score_lines",)
OF_CLOSES = ("payouts", "payroll", "scores")

_TYPES = """
    with by_version as (select plan_version_id, component, type from inputs.components),
    by_plan as (select plan, component, arg_max(type, plan_version_id) as type from inputs.components group by all)
    select
        paid.participant_id, paid.period, paid.plan, paid.component,
        coalesce(by_version.type, by_plan.type, '') as type, paid.currency,
        paid.earned + paid.adjustment - paid.clawed_back as earned, paid.held - paid.released as waiting,
        paid.drawn - paid.recovered as advanced, paid.payable
    from booked.payouts as paid
    left join by_version on paid.plan_version = by_version.plan_version_id and paid.component = by_version.component
    left join by_plan on paid.plan = by_plan.plan and paid.component = by_plan.component
    order by all
"""
_SCORES = """
    select plan, participant_id, period, score from booked.scores where score is not null order by all
"""
_MEASURES = """
    select lines.plan, lines.measure, lines.participant_id, lines.period, lines.attainment
    from attain.marts.score_lines as lines
    inner join booked.scores as scores
        on lines.participant_id = scores.participant_id and lines.period = scores.period and lines.plan = scores.plan
    where lines.attainment is not null
    order by all
"""
_PEOPLE = """
    select participant_id, arg_max(name, period) as name, coalesce(arg_max(team, period), '') as team
    from booked.payroll group by participant_id order by participant_id
"""
_SALARIES = """
    with employed as (
        select
            people.participant_id, months.month, people.currency, people.base_salary, months.days as month_days,
            greatest(people.starts_on, months.starts_on, coalesce(people.hired_on, months.starts_on)) as first_on,
            least(people.ends_on, months.ends_on, coalesce(people.left_on, months.ends_on)) as last_on
        from intermediate.int_participants as people
        inner join inputs.calendar_months as months on months.is_payable
        where people.base_salary > 0
    )
    select participant_id, month, currency, base_salary, last_on - first_on + 1 as day_count, month_days
    from employed where last_on >= first_on
    order by all
"""


@dataclass(frozen=True)
class Payment:
    """What one component pays one participant in one month.

    payable = earned (corrections and clawbacks included) − waiting (held, less released) + advanced (drawn, less
    recovered).
    """

    participant: str
    period: str
    plan: str
    component: str
    type: str
    currency: str
    earned: Decimal
    waiting: Decimal
    advanced: Decimal
    payable: Decimal


@dataclass(frozen=True)
class Reading:
    """A score (`measure` empty) or the attainment of a measure, of one participant and period."""

    plan: str
    measure: str
    participant: str
    period: str
    value: Decimal


@dataclass(frozen=True)
class Salary:
    """The fixed pay of a participant in a month: a twelfth of the year by days employed, not rounded."""

    participant: str
    period: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Person:
    """A participant with the name and team of the last month they stand in."""

    participant: str
    name: str
    team: str


@dataclass(frozen=True)
class Side:
    """All a comparison needs of one replay, in a deterministic order."""

    payments: tuple[Payment, ...]
    readings: tuple[Reading, ...]
    people: tuple[Person, ...]
    salaries: tuple[Salary, ...]


def read(con: duckdb.DuckDBPyConnection) -> Side:
    """The facts of a replay whose months are all closed, from its database in use (marts attached as `attain`)."""
    scores = (Reading(plan, "", who, period, value) for plan, who, period, value in _rows(con, _SCORES))
    return Side(
        tuple(Payment(*row) for row in _rows(con, _TYPES)),
        (*scores, *(Reading(*row) for row in _rows(con, _MEASURES))),
        tuple(Person(*row) for row in _rows(con, _PEOPLE)),
        tuple(
            Salary(who, month, currency, yearly * days / (12 * month_days))
            for who, month, currency, yearly, days, month_days in _rows(con, _SALARIES)
        ),
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return con.sql(query).fetchall()
