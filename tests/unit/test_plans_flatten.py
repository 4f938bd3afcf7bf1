"""Plans as tables: exact numbers, defaults filled in, curves as straight pieces, requests complete."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from attain import yamlfile
from attain.errors import InputError
from attain.plans import book_of, flatten, plan_from_document
from attain.plans.tables import SCHEMAS, table

D = Decimal
Rows = list[dict[str, Any]]


def tables(*texts: str, kpis: tuple[str, ...] = ()) -> dict[str, Rows]:
    """The rows of every table for plans given as YAML."""
    plans = [plan_from_document(yamlfile.parse_all(text, "p.yml")[0]) for text in texts]
    return {name: rows.to_pylist() for name, rows in flatten(book_of(plans), "CNY", kpis).items()}


def plan(body: str = "", head: str = "plan: ae\neffective_from: 2026-01-01\nassign: [{role: ae}]\n") -> str:
    return head + body


def component(text: str) -> str:
    return plan(f"components:\n  - {{id: x, {text}}}\n")


def component_row(text: str) -> dict[str, Any]:
    (row,) = tables(component(text))["components"]
    return row


def commission(rates: str, more: str = "") -> str:
    return component(f"type: commission, measure: bookings, accumulate: month, rates: {rates}{more}")


def pieces(curve: str) -> list[tuple[Any, ...]]:
    """The pieces of a curve as (x_from, x_to, x_anchor, y_anchor, dy, dx)."""
    rows = tables(
        component(f"type: bonus, target_pay: 1, period: month, payout: {{on: kpi, kpi: mbo, curve: {curve}}}")
    )["curve_segments"]
    return [tuple(row[key] for key in ("x_from", "x_to", "x_anchor", "y_anchor", "dy", "dx")) for row in rows]


def points(curve: str, x: str) -> Decimal:
    """y of a curve at x, computed from its pieces (floor and cap apart)."""
    at = D(x)
    found = [
        piece for piece in pieces(curve) if (piece[0] is None or at >= piece[0]) and (piece[1] is None or at < piece[1])
    ]
    ((_, _, x_anchor, y_anchor, dy, dx),) = found
    return y_anchor + (at - x_anchor) * dy / dx


EMPTY_CURVE = [(None, None, D(0), D(0), D(1), D(1))]
PLAN_SPEC_CURVE = "{points: [[0.8, 0.5], [1.0, 1.0], [1.2, 1.5]]}"


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


SCORECARD = """\
scorecard:
  period: month
  missing: zero
  measures:
    - kpi: bookings_growth
      weight: 0.25
      target: 0.20
      where: {product_line: [GTX], deal_type: [renewal, new]}
    - {id: mean_csat, kpi: csat, variant: mean, weight: 0.5, scope: team, perspective: process}
    - {kpi: sales_cycle, weight: 0.25, target: 30, inverse: two_minus_ratio}
  gates: [{kpi: quota_attainment, of: margin, where: {region: east}, at_least: 0.8, else: {grade_at_most: B}}]
  grades: [{grade: S, from: 1.1}, {grade: A, from: 0.9}, {grade: B, from: 0}]
  calibrate: {within: role, distribution: {B: 0.7, S: 0.3}}
"""


def test_a_scorecard_is_rows_with_the_catalogue_filled_in() -> None:
    found = tables(plan(SCORECARD))
    assert found["scorecards"] == [
        {
            "plan_version_id": "ae@2026-01-01",
            "period_kind": "month",
            "missing": "zero",
            "calibrate_within": "role",
            "calibrate_after_close": "frozen",
        }
    ]
    keys = (
        "measure",
        "position",
        "kpi",
        "perspective",
        "weight",
        "target",
        "scope",
        "variant",
        "direction",
        "inverse",
    )
    assert [tuple(row[key] for key in keys) for row in found["scorecard_measures"]] == [
        (
            "bookings_growth",
            1,
            "bookings_growth",
            "financial",
            D("0.25"),
            D("0.2"),
            "own",
            "",
            "higher",
            None,
        ),
        ("mean_csat", 2, "csat", "process", D("0.5"), None, "team", "mean", "higher", None),
        (
            "sales_cycle",
            3,
            "sales_cycle",
            "process",
            D("0.25"),
            D(30),
            "own",
            "mean",
            "lower",
            "two_minus_ratio",
        ),
    ]


def test_a_scorecard_that_says_nothing_holds_missing_scores() -> None:
    (row,) = tables(plan("scorecard: {period: year, measures: [{kpi: nps, weight: 1, target: 0.3}]}\n"))["scorecards"]
    assert (row["missing"], row["calibrate_within"], row["calibrate_after_close"]) == ("hold", None, "frozen")


def test_gates_grades_and_shares_are_rows_best_grade_first() -> None:
    found = tables(plan(SCORECARD))
    (gate,) = found["scorecard_gates"]
    assert (gate["kpi"], gate["of_kpi"], gate["slice"]) == ("quota_attainment", "margin", "region=east")
    assert (gate["comparison"], gate["threshold"], gate["grade_at_most"]) == ("at_least", D("0.8"), "B")
    assert [(row["grade"], row["grade_rank"], row["from_score"]) for row in found["scorecard_grades"]] == [
        ("S", 1, D("1.1")),
        ("A", 2, D("0.9")),
        ("B", 3, D(0)),
    ]
    assert [(row["grade"], row["cumulative_share"]) for row in found["scorecard_distribution"]] == [
        ("S", D("0.3")),
        ("A", D("0.3")),
        ("B", D(1)),
    ]


def test_a_grade_without_a_factor_counts_one() -> None:
    bonus = (
        "components:\n  - {id: x, type: bonus, target_pay: 1, payout: {on: score}, "
        "multiplier: {by: grade, factors: {S: 1.3, B: 0}}}\n"
    )
    found = tables(plan(SCORECARD + bonus))["component_factors"]
    assert [(row["grade"], row["factor"]) for row in found] == [("S", D("1.3")), ("A", D(1)), ("B", D(0))]


def test_without_points_a_curve_is_points_equal_x() -> None:
    assert pieces("{floor: 0.9, cap: 1.2}") == EMPTY_CURVE


def test_floor_and_cap_stand_beside_the_pieces() -> None:
    text = component(
        "type: bonus, target_pay: 1, period: month, payout: {on: kpi, kpi: mbo, curve: {floor: 0.9, cap: 1.2}}"
    )
    (row,) = tables(text)["curves"]
    assert (row["floor"], row["cap"]) == (D("0.9"), D("1.2"))


@pytest.mark.parametrize(
    ("curve", "x", "y"),
    [
        (PLAN_SPEC_CURVE, "0.7999999999", "0"),
        (PLAN_SPEC_CURVE, "0.8", "0.5"),
        (PLAN_SPEC_CURVE, "0.9", "0.75"),
        (PLAN_SPEC_CURVE, "1.1", "1.25"),
        (PLAN_SPEC_CURVE, "9", "1.5"),
        (PLAN_SPEC_CURVE.replace("}", ", below: hold}"), "0.1", "0.5"),
        (PLAN_SPEC_CURVE.replace("}", ", beyond: extend}"), "1.4", "2.0"),
        (PLAN_SPEC_CURVE.replace("}", ", interpolate: step}"), "0.9999", "0.5"),
        (PLAN_SPEC_CURVE.replace("}", ", interpolate: step}"), "1.0", "1.0"),
        (PLAN_SPEC_CURVE.replace("}", ", interpolate: step}"), "1.2", "1.5"),
        (PLAN_SPEC_CURVE.replace("}", ", interpolate: step}"), "0.5", "0"),
        ("{points: [[0.9, 0.6], [1.0, 0.85], [1.0, 1.0]]}", "0.96", "0.75"),
        ("{points: [[0.9, 0.6], [1.0, 0.85], [1.0, 1.0]]}", "1.0", "1.0"),
        ("{points: [[0.9, 0.6], [1.0, 0.85], [1.0, 1.0]]}", "2", "1.0"),
        ("{points: [[1, 0], [1, 1]], below: hold}", "0.5", "0"),
        ("{points: [[1, 0], [1, 1]], interpolate: step}", "1", "1"),
        ("{points: [[1, 0.5]]}", "1", "0.5"),
    ],
)
def test_a_curve_gives_the_points_of_the_specification(curve: str, x: str, y: str) -> None:
    assert points(curve, x) == D(y)


@pytest.mark.parametrize("word", ["interpolate: linear", "interpolate: step", "below: hold", "beyond: extend"])
def test_pieces_cover_every_x_once_and_never_divide_by_zero(word: str) -> None:
    found = pieces(f"{{points: [[0.9, 0.6], [1.0, 0.85], [1.0, 1.0], [1.1, 1.5]], {word}}}")
    assert [piece[:2] for piece in found] == [
        (None, D("0.9")),
        (D("0.9"), D("1.0")),
        (D("1.0"), D("1.1")),
        (D("1.1"), None),
    ]
    assert all(piece[5] > 0 for piece in found)


def test_equal_curves_share_their_rows_and_others_do_not() -> None:
    measures = [
        "{kpi: bookings, weight: 0.5, target: 1, curve: {cap: 1.20}}",
        "{kpi: margin, weight: 0.25, target: 1, curve: {cap: 1.2}}",
        "{kpi: units, weight: 0.25, target: 1, curve: {cap: 1.3}}",
    ]
    found = tables(plan(f"scorecard: {{period: month, measures: [{', '.join(measures)}]}}\n"))
    one, same, other = (row["curve_id"] for row in found["scorecard_measures"])
    assert one == same
    assert one != other
    assert len(found["curves"]) == 2


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
