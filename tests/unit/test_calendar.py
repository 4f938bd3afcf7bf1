"""Months, quarters and years of a fiscal calendar, and which periods may be scored."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from attain.company import Calendar, Company, settings_from
from attain.errors import InputError
from attain.inputs import RunFacts, input_tables, scored_period


def company(**settings: object) -> Company:
    base = {"name": "Test", "currency": "CNY", "first_period": "2025-01"}
    return Company(Path("somewhere"), settings_from({**base, **settings}))


def test_a_fiscal_year_is_named_after_the_calendar_year_it_ends_in() -> None:
    calendar = Calendar(fiscal_year_start=4)
    year = calendar.parse("2026")
    assert (year.starts_on, year.ends_on) == (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    first = calendar.parse("2026-Q1")
    assert (first.starts_on, first.ends_on) == (dt.date(2025, 4, 1), dt.date(2025, 6, 30))
    assert calendar.quarter_of(dt.date(2026, 3, 31)).key == "2026-Q4"
    assert calendar.quarter_of(dt.date(2026, 4, 1)).key == "2027-Q1"


@pytest.mark.parametrize("start", range(1, 13))
def test_every_day_lies_in_exactly_one_quarter_of_its_fiscal_year(start: int) -> None:
    calendar = Calendar(start)
    for offset in range(0, 800, 13):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=offset)
        year, quarter = calendar.year_of(day), calendar.quarter_of(day)
        assert year.starts_on <= quarter.starts_on <= day <= quarter.ends_on <= year.ends_on


def test_february_of_a_leap_year_has_29_days() -> None:
    assert Calendar().month("2024-02").days == 29
    assert Calendar().month("2025-02").days == 28


def test_months_are_stepped_over_the_turn_of_the_year() -> None:
    assert Calendar().next_month("2025-12") == "2026-01"
    assert Calendar().next_month("2026-01", -13) == "2024-12"
    assert [month.key for month in Calendar().months("2025-11", "2026-02")] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


@pytest.mark.parametrize("key", ["2026-13", "2026-00", "2026-Q5", "26-01", "January", "2026-1", ""])
def test_a_key_that_is_no_period_is_refused_with_the_three_forms(key: str) -> None:
    with pytest.raises(InputError, match=r"is not a (period|month); write"):
        Calendar().parse(key)


def test_only_a_month_between_the_first_period_and_today_can_be_scored() -> None:
    today = dt.date(2026, 11, 22)
    assert scored_period(company(), "2026-11", today).key == "2026-11"
    with pytest.raises(InputError, match="lies in the future: it begins on 2026-12-01; today is 2026-11-22"):
        scored_period(company(), "2026-12", today)
    with pytest.raises(InputError, match="lies before 2025-01, the first period"):
        scored_period(company(), "2024-12", today)
    with pytest.raises(InputError, match="a run scores a month"):
        scored_period(company(), "2026-Q1", today)


def test_company_settings_name_the_field_that_is_wrong() -> None:
    for field, value, told in (
        ("currency", "RMB", "is not an ISO 4217 currency code"),
        ("first_period", "2025", "is not a month"),
        ("time_zone", "Mars/Base", "is not a time zone"),
        ("fiscal_year_start", "13", "13 is too large; it may be 12 at most"),
        ("rounding", "up", "must be 'half_up' or 'half_even'"),
        ("colour", "red", "is not a known key here"),
    ):
        with pytest.raises(InputError, match=told) as error:
            company(**{field: value})
        assert f" {field}: " in str(error.value)


def test_the_calendar_of_a_run_reaches_from_a_year_before_to_the_end_of_the_periods_year() -> None:
    month = Calendar().month("2025-05")
    instant = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    tables = input_tables(company(), RunFacts("run", month, instant, instant))
    months = tables["calendar_months"].to_pylist()
    assert (months[0]["month"], months[-1]["month"]) == ("2024-01", "2025-12")
    assert [row["month"] for row in months if row["is_payable"]] == [f"2025-0{number}" for number in range(1, 6)]
    february = next(row for row in months if row["month"] == "2025-02")
    assert (february["days"], february["work_days"], february["quarter"], february["year"]) == (
        28,
        20,
        "2025-Q1",
        "2025",
    )
    periods = {row["period"]: row for row in tables["periods"].to_pylist()}
    assert "2025-Q2" in periods
    assert "2025-Q3" not in periods
    assert periods["2025-Q2"]["previous_year_period"] == "2024-Q2"
    inside = [row["month"] for row in tables["period_months"].to_pylist() if row["period"] == "2025-Q2"]
    assert inside == ["2025-04", "2025-05"]


def test_the_day_of_knowledge_is_that_of_the_companys_time_zone() -> None:
    month = company().calendar.month("2026-01")
    instant = dt.datetime(2026, 2, 3, 18, 30, tzinfo=dt.UTC)
    for zone, day in (("UTC", 3), ("Asia/Shanghai", 4), ("America/New_York", 3)):
        (run,) = input_tables(company(time_zone=zone), RunFacts("run", month, instant, instant))["run"].to_pylist()
        assert run["known_on"] == dt.date(2026, 2, day), zone
