"""Scorecards as tables: the catalogue filled in, curves as straight pieces."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.plan_rows import SCORECARD, component, plan, tables

D = Decimal


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
