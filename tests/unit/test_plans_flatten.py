"""Plans as tables: every table with its columns, assignments, restrictions, complete requests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.plan_rows import SCORECARD, commission, plan, tables

from attain import yamlfile
from attain.errors import InputError
from attain.plans import book_of, flatten, plan_from_document
from attain.plans.tables import SCHEMAS, table

D = Decimal


def test_a_plan_row_has_every_default() -> None:
    (row,) = tables(plan())["plans"]
    assert row.pop("fingerprint")
    assert row == {
        "plan_version_id": "ae@2026-01-01",
        "plan": "ae",
        "effective_from": dt.date(2026, 1, 1),
        "effective_to": None,
        "name_en": "ae",
        "name_zh": "ae",
        "currency": "CNY",
        "proration_by": "calendar_days",
        "proration_start_day": "inclusive",
        "fx_rate": "transaction_date",
    }


def test_a_name_in_one_language_stands_for_both() -> None:
    (row,) = tables(plan("name: {zh: 客户经理}\n"))["plans"]
    assert (row["name_en"], row["name_zh"]) == ("客户经理", "客户经理")


def test_participants_beat_roles_and_roles_beat_teams() -> None:
    text = "plan: ae\neffective_from: 2026-01-01\nassign: [{team: t}, {participant: p}, {role: r}]\n"
    levels = {row["member_id"]: row["level"] for row in tables(text)["plan_assignments"]}
    assert sorted(levels, key=lambda member: -levels[member]) == ["p", "r", "t"]


def test_absences_and_plan_rates_are_rows() -> None:
    body = "proration: {absences: [sick, parental]}\nfx: {rate: plan, plan_rates: {USD: 7.123456}}\n"
    found = tables(plan(body))
    assert [row["kind"] for row in found["plan_absences"]] == ["parental", "sick"]
    assert found["plan_fx_rates"] == [{"plan_version_id": "ae@2026-01-01", "currency": "USD", "rate": D("7.123456")}]


def test_slices_are_named_for_what_they_let_through() -> None:
    found = tables(plan(SCORECARD))
    name = "deal_type=new|renewal;product_line=GTX"
    assert [row["slice"] for row in found["slices"]] == ["all", name, "region=east"]
    assert [(row["field"], row["value"]) for row in found["slice_filters"] if row["slice"] == name] == [
        ("deal_type", "new"),
        ("deal_type", "renewal"),
        ("product_line", "GTX"),
    ]
    assert not [row for row in found["slice_filters"] if row["slice"] == "all"]


def test_the_order_of_a_restriction_does_not_matter_but_its_signs_do() -> None:
    def slices(where: str) -> list[str]:
        measure = f"{{kpi: units, weight: 1, target: 1, where: {where}}}"
        card = f"scorecard: {{period: month, measures: [{measure}]}}\n"
        return [row["slice"] for row in tables(plan(card))["slices"]]

    assert slices("{region: [b, a], segment: [c]}") == slices("{segment: c, region: [a, b]}")
    assert slices("{region: ['a|b']}") == ["all", "region=a%7Cb"]


def test_requests_hold_what_plans_need_and_what_that_is_built_on() -> None:
    found = tables(plan(SCORECARD), kpis=("win_rate", "csat"))["kpi_requests"]
    slice = "deal_type=new|renewal;product_line=GTX"
    assert [(row["kpi"], row["variant"], row["slice"]) for row in found] == [
        ("bookings", "", "all"),
        ("bookings", "", slice),
        ("bookings_growth", "", slice),
        ("csat", "mean", "all"),
        ("csat", "top2", "all"),
        ("margin", "", "region=east"),
        ("quota_attainment", "", "region=east"),
        ("sales_cycle", "mean", "all"),
        ("win_rate", "", "all"),
    ]


def test_a_commission_requests_its_measure_its_quota_and_its_gate() -> None:
    rates = "{on: attainment, quota: units, mode: whole, tiers: [{from: 0, rate: 0.1}]}"
    text = commission(rates, ", gate: {kpi: collection_rate, variant: due, at_least: 0.8}").replace("bookings", "deals")
    found = tables(text)["kpi_requests"]
    assert [(row["kpi"], row["variant"]) for row in found] == [
        ("bookings", ""),
        ("collection_rate", "due"),
        ("contract_count", ""),
        ("units", ""),
    ]


@pytest.mark.parametrize(
    ("kpi", "sentence"),
    [
        ("bookngs", "company.yml: kpis: 'bookngs' is not a KPI of the catalogue; did you mean bookings?"),
        ("ces", "company.yml: kpis: ces is not computed yet; leave it out."),
    ],
)
def test_a_kpi_the_company_lists_must_be_computed(kpi: str, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        tables(kpis=(kpi,))
    assert sentence in str(raised.value)


def test_every_table_comes_with_its_columns_even_without_plans() -> None:
    found = flatten(book_of([]), "CNY")
    assert {name: rows.schema for name, rows in found.items()} == SCHEMAS
    assert found["kpi_requests"].to_pylist() == [{"kpi": "bookings", "variant": "", "slice": "all"}]


def test_the_plan_with_everything_flattens_alike_every_time() -> None:
    path = Path(__file__).with_name("plan_with_everything.yml")
    one, two = (flatten(book_of([plan_from_document(yamlfile.read(path))]), "CNY") for _ in range(2))
    assert all(one[name].equals(two[name]) for name in SCHEMAS)
    assert one["components"].num_rows == 16
    assert [row["role"] for row in one["component_overlays"].to_pylist()] == ["se"]


def test_a_column_a_table_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="slices has no column colour"):
        table("slices", [{"slice": "all", "colour": "red"}])
