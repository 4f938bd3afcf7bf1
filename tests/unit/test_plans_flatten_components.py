"""Components as tables: exact rates, defaults filled in, what each type reads and pays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.plan_rows import SCORECARD, commission, component, component_row, plan, tables

D = Decimal


def test_tiers_on_an_amount_are_half_open_and_the_last_is_open() -> None:
    rates = "{on: amount, mode: marginal, tiers: [{from: 0, rate: 0.03}, {from: 300000, rate: 0.05}]}"
    rows = tables(commission(rates))["component_tiers"]
    assert [(row["tier_no"], row["from_amount"], row["to_amount"], row["rate"]) for row in rows] == [
        (1, D(0), D(300000), D("0.03")),
        (2, D(300000), None, D("0.05")),
    ]
    assert {row["from_ratio"] for row in rows} == {None}


def test_tiers_on_attainment_are_shares_of_the_quota() -> None:
    tiers = "[{from: 0, rate: 0.03}, {from: 1.2, rate: 0.05}]"
    rates = f"{{on: attainment, quota: bookings, mode: whole, tiers: {tiers}}}"
    rows = tables(commission(rates))["component_tiers"]
    assert [(row["from_ratio"], row["to_ratio"], row["from_amount"]) for row in rows] == [
        (D(0), D("1.2"), None),
        (D("1.2"), None, None),
    ]


def test_a_multiple_of_base_becomes_its_rate() -> None:
    rates = (
        "{on: attainment, quota: bookings, mode: top_rate_on_overage, "
        "tiers: [{from: 0, rate: 0.0333333335}, {from: 1.0, multiple_of_base: 1.5}]}"
    )
    rows = tables(commission(rates))["component_tiers"]
    assert [row["rate"] for row in rows] == [D("0.0333333335"), D("0.0500000003")]


def test_a_personal_rate_says_how_many_times_it_is_paid() -> None:
    rates = (
        "{on: units, quota: units, mode: whole, "
        "tiers: [{from: 0, rate: {of: variable_pay, per: quota}}, {from: 5, multiple_of_base: 2}]}"
    )
    rows = tables(commission(rates))["component_tiers"]
    assert [(row["rate"], row["rate_of"], row["rate_per"]) for row in rows] == [
        (D(1), "variable_pay", "quota"),
        (D(2), "variable_pay", "quota"),
    ]


def test_money_per_unit_keeps_all_its_digits() -> None:
    rows = tables(commission("{on: units, mode: marginal, tiers: [{from: 0, rate: 12345.6789012345}]}"))
    assert rows["component_tiers"][0]["rate"] == D("12345.6789012345")


def test_a_bare_commission_has_the_defaults_of_crediting_and_payment() -> None:
    (row,) = tables(commission("{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}]}"))["components"]
    filled = {key: value for key, value in row.items() if value is not None}
    assert filled == {
        "plan_version_id": "ae@2026-01-01",
        "plan": "ae",
        "component": "x",
        "position": 1,
        "type": "commission",
        "name_en": "x",
        "name_zh": "x",
        "measure": "bookings",
        "slice": "all",
        "accumulate": "month",
        "rate_on": "amount",
        "mode": "whole",
        "credit_owner": D(1),
        "credit_split": True,
        "rollup": "none",
        "minimum_always": False,
        "minimum_on_negative": False,
        "pay_when": "booked",
        "is_frozen_after_close": False,
    }


def test_minimum_and_cap_in_money_are_columns() -> None:
    row = component_row(
        "type: commission, measure: deals, accumulate: year, cap: 50000, minimum: {amount: 10.5, "
        "on_negative: true}, "
        "rates: {on: deals, mode: whole, tiers: [{from: 0, rate: 3}]}"
    )
    assert (row["cap_amount"], row["cap_of"], row["cap_share"]) == (D(50000), None, None)
    assert (row["minimum_amount"], row["minimum_always"], row["minimum_on_negative"]) == (
        D("10.5"),
        False,
        True,
    )


@pytest.mark.parametrize(
    ("target_pay", "cap_of", "share"),
    [
        ("target_pay: 900, ", "target_pay", "2"),
        ("target_pay: {of: base_salary, share: 0.3}, ", "base_salary", "0.6"),
        ("target_pay: {of: variable_pay, share: 0.5}, ", "variable_pay", "1"),
        ("", "variable_pay", "2"),
    ],
)
def test_a_cap_of_the_target_pay_names_what_that_is_made_of(target_pay: str, cap_of: str, share: str) -> None:
    row = component_row(
        f"type: commission, measure: bookings, accumulate: month, {target_pay}cap: {{of: target_pay, "
        f"share: 2}}, "
        "rates: {on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}]}"
    )
    assert (row["cap_amount"], row["cap_of"], row["cap_share"]) == (None, cap_of, D(share))


def test_a_bonus_on_the_score_takes_the_period_of_the_scorecard() -> None:
    card = "scorecard:\n  period: quarter\n  measures: [{kpi: bookings, weight: 1, target: 1}]\n"
    bonus = "type: bonus, target_pay: {of: base_salary, share: 0.3}, payout: {on: score}"
    found = tables(component(bonus) + card)
    (row,) = found["components"]
    assert (row["period_kind"], row["payout_on"], found["component_kpis"]) == ("quarter", "score", [])
    assert (row["target_pay_amount"], row["target_pay_of"], row["target_pay_share"]) == (
        None,
        "base_salary",
        D("0.3"),
    )
    assert row["payout_curve_id"] in {curve["curve_id"] for curve in found["curves"]}


def kpis_read(text: str) -> list[tuple[Any, ...]]:
    """(use, kpi, variant, slice, scope, reads) of every KPI a component reads."""
    keys = ("use", "kpi", "variant", "slice", "scope", "reads")
    return [tuple(row[key] for key in keys) for row in tables(component(text))["component_kpis"]]


def test_a_bonus_names_kpi_variant_scope_and_the_kpi_behind_a_quota() -> None:
    bonus = "type: bonus, target_pay: 9, period: month, "
    assert kpis_read(bonus + "scope: team, payout: {on: attainment, kpi: collection_rate}") == [
        ("payout", "collection_rate", "ar", "all", "team", "attainment")
    ]
    assert kpis_read(bonus + "payout: {on: kpi, kpi: bookings}, where: {product_line: [GTX]}") == [
        ("payout", "bookings", "", "product_line=GTX", "own", "value")
    ]
    # A quota attainment is the attainment of the KPI behind it.
    assert kpis_read(bonus + "payout: {on: kpi, kpi: quota_attainment, of: margin}") == [
        ("payout", "margin", "", "all", "own", "attainment")
    ]


def test_a_matrix_is_a_cell_for_each_pair_with_the_payouts_of_its_neighbours() -> None:
    text = (
        "type: matrix, period: quarter, target_pay: 9, lookup: linear, rows: {kpi: bookings, from: [0, 100]}, "
        "columns: {kpi: gross_margin, scope: company, from: [0, 0.2, 0.3]}, payout: [[0, 0.5, 1], [0.4, 1.2, 1.5]]"
    )
    found = tables(component(text))
    assert [row["lookup"] for row in found["matrices"]] == ["linear"]
    numbers = ("row_from", "row_to", "column_from", "column_to")
    numbers += ("payout", "next_row_payout", "next_column_payout", "next_both_payout")
    assert [tuple(row[key] for key in numbers) for row in found["matrix_cells"]] == [
        (0, 100, D(0), D("0.2"), 0, D("0.4"), D("0.5"), D("1.2")),
        (0, 100, D("0.2"), D("0.3"), D("0.5"), D("1.2"), 1, D("1.5")),
        (0, 100, D("0.3"), None, 1, D("1.5"), 1, D("1.5")),
        (100, None, D(0), D("0.2"), D("0.4"), D("0.4"), D("1.2"), D("1.2")),
        (100, None, D("0.2"), D("0.3"), D("1.2"), D("1.2"), D("1.5"), D("1.5")),
        (100, None, D("0.3"), None, D("1.5"), D("1.5"), D("1.5"), D("1.5")),
    ]
    assert kpis_read(text) == [
        ("rows", "bookings", "", "all", "own", "value"),
        ("columns", "gross_margin", "", "all", "company", "value"),
    ]


def test_a_spiff_counts_deals_or_units_between_its_days() -> None:
    found = tables(component("type: spiff, amount: 500.5, per: unit, from: 2026-01-01, limit: 2"))
    assert found["components"][0]["measure"] == "units"
    (row,) = found["spiffs"]
    assert [row[key] for key in ("amount", "per", "from_day", "to_day", "at_most")] == [
        D("500.5"),
        "unit",
        dt.date(2026, 1, 1),
        None,
        2,
    ]
    assert component_row("type: spiff, amount: 1, per: deal")["measure"] == "deals"


def test_a_contest_knows_its_prizes_and_when_less_is_better() -> None:
    text = "type: contest, kpi: %s, period: month, prizes: [5000, 3000.5], within: role%s"
    found = tables(component(text % ("bookings", ", minimum_value: 0.5")))
    assert [(row["place"], row["prize"]) for row in found["contest_prizes"]] == [(1, 5000), (2, D("3000.5"))]
    (row,) = found["contests"]
    assert (row["within"], row["minimum_value"], row["is_lower_better"]) == ("role", D("0.5"), False)
    assert found["components"][0]["is_frozen_after_close"] is True
    found = tables(component(text % ("sales_cycle", ", after_close: recompute")))
    assert found["contests"][0]["is_lower_better"] is True
    assert found["components"][0]["is_frozen_after_close"] is False


@pytest.mark.parametrize(
    ("more", "read"),
    [
        ("amount: 9, share_by: equal, within: team", []),
        ("amount: {rate: 0.1, of: deals}, share_by: salary, within: company, where: {deal_type: [new]}",
         [("pool", "contract_count", "", "deal_type=new", "company", "value")]),
        ("amount: {rate: 0.1, of: margin}, share_by: equal, within: role",
         [("pool", "margin", "", "all", "own", "value")]),
        ("amount: 9, share_by: attainment, within: team", [("share", "bookings", "", "all", "own", "attainment")]),
        ("amount: 9, share_by: attainment, kpi: units, within: team",
         [("share", "units", "", "all", "own", "attainment")]),
    ],
)  # fmt: skip
def test_a_pool_reads_the_figure_of_its_group_and_what_it_is_shared_by(more: str, read: list[Any]) -> None:
    assert kpis_read(f"type: pool, period: month, {more}") == read


def test_an_override_names_the_plan_of_each_component_it_is_paid_on() -> None:
    text = "components:\n  - {id: a, type: spiff, amount: 1, per: deal}\n  - {id: o, type: override, base: credits, "
    found = tables(plan(text + "of: [a, se-2026/support, a], levels: {2: 0.05, 1: 0.1}, subtract_lower: true}\n"))
    assert [(row["of_plan"], row["of_component"]) for row in found["override_bases"]] == [
        ("ae", "a"),
        ("se-2026", "support"),
    ]
    assert [(row["level"], row["rate"]) for row in found["override_levels"]] == [(1, D("0.1")), (2, D("0.05"))]
    assert [(row["base"], row["subtract_lower"]) for row in found["overrides"]] == [("credits", True)]


def test_an_award_is_given_by_rank_by_value_or_by_grade_for_the_scorecards_period() -> None:
    (row,) = tables(component("type: award, title: Star, points: 1500, top: 3, kpi: dso"))["awards"]
    assert (row["title_zh"], row["points"], row["top"], row["is_lower_better"]) == ("Star", 1500, 3, True)
    found = tables(component("type: award, title: Star, when: {kpi: margin, at_most: 10}"))
    (row,) = found["awards"]
    assert (row["comparison"], row["threshold"], found["components"][0]["period_kind"]) == ("at_most", 10, None)
    card = (
        "scorecard:\n  period: quarter\n  measures: [{kpi: bookings, weight: 1, target: 1}]\n"
        "  grades: [{grade: S, from: 1}, {grade: A, from: 0}]\n"
    )
    found = tables(component("type: award, title: Star, when: {grade: [S, A]}") + card)
    assert [row["grade"] for row in found["award_grades"]] == ["S", "A"]
    assert found["components"][0]["period_kind"] == "quarter"


GATED = "type: bonus, target_pay: 900, period: month, payout: {on: kpi, kpi: mbo}, gate: "


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [
        ("nothing", ("nothing", None, None, None)),
        ("{factor: 0.5}", ("factor", D("0.5"), None, None)),
        ("{payout_at_most: 100}", ("payout_at_most", D(100), None, None)),
        ("{payout_at_most: {of: target_pay}}", ("payout_at_most", None, "target_pay", D(1))),
    ],
)
def test_what_a_closed_gate_leaves_is_four_columns(otherwise: str, expected: tuple[Any, ...]) -> None:
    row = component_row(GATED + f"{{kpi: csat, at_most: 0.8, else: {otherwise}}}")
    assert tuple(row[key] for key in ("gate_else", "gate_value", "gate_of", "gate_share")) == expected
    assert (row["gate_kpi"], row["gate_variant"], row["gate_comparison"]) == ("csat", "top2", "at_most")
    assert (row["gate_threshold"], row["gate_over"]) == (D("0.8"), "period")


def test_a_gate_on_the_quota_reads_the_own_measure_where_the_rates_have_a_quota() -> None:
    gate = ", gate: {kpi: quota_attainment, at_least: 1, over: year_to_date, else: {rate_at_most: 0.05}}"
    own = commission("{on: amount, quota: margin, mode: whole, tiers: [{from: 0, rate: 0.1}]}", gate)
    other = commission("{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}]}", gate)
    assert [tables(text)["components"][0]["gate_of_kpi"] for text in (own, other)] == [None, "bookings"]
    (row,) = tables(own)["components"]
    assert (row["gate_over"], row["gate_else"], row["gate_value"]) == (
        "year_to_date",
        "rate_at_most",
        D("0.05"),
    )


def test_a_grade_without_a_factor_counts_one() -> None:
    bonus = (
        "components:\n  - {id: x, type: bonus, target_pay: 1, payout: {on: score}, "
        "multiplier: {by: grade, factors: {S: 1.3, B: 0}}}\n"
    )
    found = tables(plan(SCORECARD + bonus))["component_factors"]
    assert [(row["grade"], row["factor"]) for row in found] == [("S", D("1.3")), ("A", D(1)), ("B", D(0))]
