"""The small tables a run is given besides data: the run itself, its calendar and the currencies.

Everything that depends on time enters here, as rows: no model reads a clock.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from attain.company import CURRENCIES, Calendar, Company, Period, minor_units
from attain.errors import InputError
from attain.finance.settings import finance_tables
from attain.frozen import frozen_tables
from attain.plans.catalogue import SEED

_PERIOD_SCHEMA = pa.schema(
    [
        ("period", pa.string()),
        ("kind", pa.string()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("days", pa.int32()),
        ("months", pa.int32()),
        ("ordinal", pa.int32()),
        ("quarter", pa.string()),
        ("year", pa.string()),
        ("previous_year_period", pa.string()),
    ]
)
_PERIOD_MONTH_SCHEMA = pa.schema(
    [
        ("period", pa.string()),
        ("kind", pa.string()),
        ("month", pa.string()),
        ("month_starts_on", pa.date32()),
        ("month_no", pa.int32()),
        ("months", pa.int32()),
    ]
)
_MONTH_SCHEMA = pa.schema(
    [
        ("month", pa.string()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("days", pa.int32()),
        ("work_days", pa.int32()),
        ("ordinal", pa.int32()),
        ("quarter", pa.string()),
        ("year", pa.string()),
        ("is_in_pay_calendar", pa.bool_()),
        ("is_payable", pa.bool_()),
        ("target_weight", pa.int64()),
    ]
)
_DAY_SCHEMA = pa.schema([("calendar_day", pa.date32()), ("is_work_day", pa.bool_()), ("work_days_so_far", pa.int32())])
_RUN_SCHEMA = pa.schema(
    [
        ("run_id", pa.string()),
        ("period", pa.string()),
        ("period_starts_on", pa.date32()),
        ("period_ends_on", pa.date32()),
        ("as_of", pa.timestamp("us")),
        ("known_on", pa.date32()),
        ("published_at", pa.timestamp("us")),
        ("company_name", pa.string()),
        ("currency", pa.string()),
        ("minor_units", pa.int32()),
        ("rounding", pa.string()),
        ("first_period", pa.string()),
        ("fiscal_year_start", pa.int32()),
        ("locale", pa.string()),
        ("time_zone", pa.string()),
        ("retro_window", pa.int32()),
    ]
)


@dataclass(frozen=True)
class RunFacts:
    """What identifies a run: its id, the period scored, the knowledge it may use and when it began."""

    run_id: str
    period: Period
    as_of: dt.datetime
    started_at: dt.datetime


def scored_period(company: Company, key: str, today: dt.date) -> Period:
    """The month `key`. Raises InputError when it is no month, lies before the first period or has not begun."""
    period = company.calendar.parse(key)
    if period.kind != "month":
        raise InputError(f"period {key}: a run scores a month, written like {company.first_period}.")
    if key < company.first_period:
        raise InputError(f"period {key} lies before {company.first_period}, the first period in company.yml.")
    if period.starts_on > today:
        raise InputError(f"period {key} lies in the future: it begins on {period.starts_on}; today is {today}.")
    return period


def input_tables(company: Company, facts: RunFacts, to_date: Collection[str] = ()) -> dict[str, pa.Table]:
    """The tables `run`, `periods`, `period_months`, `calendar_*`, `currencies` of inputs, and those of `attain.frozen`.

    `to_date` names the kinds of periods (quarter, year) that are also wanted from their beginning to each of their
    months: plans whose gates or multipliers look at a window in progress need them.
    """
    calendar = company.calendar
    months = _months(calendar, company.first_period, facts.period)
    periods = _periods(calendar, months, to_date)
    open_months = [month for month in months if month.starts_on <= facts.period.ends_on]
    open_periods = [period for period in periods if period.starts_on <= facts.period.ends_on]
    return {
        "run": _run_table(company, facts),
        "periods": _period_table(calendar, open_periods),
        "period_months": _period_month_table(open_periods, open_months),
        "calendar_periods": _period_table(calendar, periods),
        "calendar_period_months": _period_month_table(periods, months),
        "calendar_months": _month_table(company, facts.period, months),
        "calendar_days": _day_table(months),
        "kpi_catalogue": kpi_catalogue(),
        **frozen_tables(company.first_period),
        **finance_tables(company.finance),
        "currencies": pa.table(
            {
                "currency": pa.array(CURRENCIES, pa.string()),
                "minor_units": pa.array([minor_units(code) for code in CURRENCIES], pa.int32()),
            }
        ),
    }


def kpi_catalogue() -> pa.Table:
    """The KPI catalogue as it stands in its CSV file, one row per KPI."""
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    flags = [name for name in rows[0] if name.startswith("is_")]
    return pa.Table.from_pylist([{**row, **{name: row[name] == "true" for name in flags}} for row in rows])


def _months(calendar: Calendar, first_period: str, last: Period) -> list[Period]:
    """From one fiscal year before that of the first period (growth needs a base) to the end of the period's year."""
    first_year = calendar.year_of(calendar.month(first_period).starts_on)
    start = calendar.next_month(calendar.month_of(first_year.starts_on).key, -12)
    end = calendar.month_of(calendar.year_of(last.starts_on).ends_on).key
    return calendar.months(start, end)


def _periods(calendar: Calendar, months: list[Period], to_date: Collection[str]) -> list[Period]:
    quarters = sorted({calendar.quarter_of(month.starts_on) for month in months})
    years = sorted({calendar.year_of(month.starts_on) for month in months})
    wanted = [*(quarters if "quarter" in to_date else []), *(years if "year" in to_date else [])]
    in_progress = [
        _up_to(whole, month)
        for whole in wanted
        for month in months
        if whole.starts_on <= month.starts_on and month.ends_on < whole.ends_on
    ]
    return [*months, *quarters, *years, *in_progress]


def _up_to(whole: Period, month: Period) -> Period:
    return Period(whole.starts_on, month.ends_on, "to_date", f"{whole.key}..{month.key}")


def _month_count(period: Period) -> int:
    return {"month": 1, "quarter": 3, "year": 12}.get(period.kind) or _months_apart(period) + 1


def _months_apart(period: Period) -> int:
    first, last = period.starts_on, period.ends_on
    return (last.year - first.year) * 12 + last.month - first.month


def _year_before(calendar: Calendar, period: Period) -> str:
    if period.kind == "to_date":
        whole, _, month = period.key.partition("..")
        return f"{_year_before(calendar, calendar.parse(whole))}..{calendar.next_month(month, -12)}"
    day = calendar.month(calendar.next_month(calendar.month_of(period.starts_on).key, -12)).starts_on
    if period.kind == "month":
        return calendar.month_of(day).key
    return (calendar.quarter_of(day) if period.kind == "quarter" else calendar.year_of(day)).key


def _period_table(calendar: Calendar, periods: list[Period]) -> pa.Table:
    ordinals = {"month": 0, "quarter": 0, "year": 0, "to_date": 0}
    rows = []
    for period in periods:
        ordinals[period.kind] += 1
        rows.append(
            {
                "period": period.key,
                "kind": period.kind,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
                "days": period.days,
                "months": _month_count(period),
                "ordinal": ordinals[period.kind],
                "quarter": None if period.kind in ("year", "to_date") else calendar.quarter_of(period.starts_on).key,
                "year": calendar.year_of(period.starts_on).key,
                "previous_year_period": _year_before(calendar, period),
            }
        )
    return pa.Table.from_pylist(rows, _PERIOD_SCHEMA)


def _period_month_table(periods: list[Period], months: list[Period]) -> pa.Table:
    rows = []
    for period in periods:
        inside = [month for month in months if period.starts_on <= month.starts_on <= period.ends_on]
        for number, month in enumerate(inside, start=1):
            rows.append(
                {
                    "period": period.key,
                    "kind": period.kind,
                    "month": month.key,
                    "month_starts_on": month.starts_on,
                    "month_no": number,
                    "months": _month_count(period),
                }
            )
    return pa.Table.from_pylist(rows, _PERIOD_MONTH_SCHEMA)


def _month_table(company: Company, last: Period, months: list[Period]) -> pa.Table:
    calendar, first_period = company.calendar, company.first_period
    weights = company.target_weights
    pay_from = calendar.year_of(calendar.month(first_period).starts_on).starts_on
    rows = [
        {
            "month": month.key,
            "starts_on": month.starts_on,
            "ends_on": month.ends_on,
            "days": month.days,
            "work_days": sum(_is_work_day(day) for day in _days(month.starts_on, month.ends_on)),
            "ordinal": ordinal,
            "quarter": calendar.quarter_of(month.starts_on).key,
            "year": calendar.year_of(month.starts_on).key,
            "is_in_pay_calendar": pay_from <= month.starts_on <= last.ends_on,
            "is_payable": first_period <= month.key <= last.key,
            "target_weight": weights[(month.starts_on.month - company.fiscal_year_start) % 12],
        }
        for ordinal, month in enumerate(months, start=1)
    ]
    return pa.Table.from_pylist(rows, _MONTH_SCHEMA)


def _is_work_day(day: dt.date) -> bool:
    return day.weekday() < 5


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]


def _day_table(months: list[Period]) -> pa.Table:
    rows, so_far = [], 0
    for day in _days(months[0].starts_on, months[-1].ends_on):
        so_far += _is_work_day(day)
        rows.append({"calendar_day": day, "is_work_day": _is_work_day(day), "work_days_so_far": so_far})
    return pa.Table.from_pylist(rows, _DAY_SCHEMA)


def _run_table(company: Company, facts: RunFacts) -> pa.Table:
    row = {
        "run_id": facts.run_id,
        "period": facts.period.key,
        "period_starts_on": facts.period.starts_on,
        "period_ends_on": facts.period.ends_on,
        "as_of": facts.as_of.replace(tzinfo=None),
        "known_on": company.day_of(facts.as_of.replace(tzinfo=dt.UTC)),
        "published_at": facts.started_at.replace(tzinfo=None),
        "company_name": company.name,
        "currency": company.currency,
        "minor_units": company.minor_units(),
        "rounding": company.rounding,
        "first_period": company.first_period,
        "fiscal_year_start": company.fiscal_year_start,
        "locale": company.locale,
        "time_zone": company.time_zone,
        "retro_window": company.retro_window_months,
    }
    return pa.Table.from_pylist([row], _RUN_SCHEMA)
