"""Reading worked examples: what may be left out is filled in, what is wrong is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from attain.company import Company, settings_from
from attain.errors import InputError
from attain.plans.examples import Example, read_examples

PLAN = """
plan:
  plan: p
  effective_from: 2026-01-01
  currency: JPY
  assign: [{role: ae}]
  components:
    - id: c
      type: commission
      measure: bookings
      accumulate: month
      rates: {on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}]}
"""


def _read(folder: Path, rest: str, plan: str = PLAN) -> Example:
    path = folder / "example.yml"
    path.write_text(f"example: an example\n{plan.strip()}\n{rest}", encoding="utf-8")
    return read_examples(path)[0]


def _rows(folder: Path, given: str) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = _read(folder, f"given: {given}\nclose: 2026-01").steps[0].rows
    return rows


def _told(folder: Path, rest: str, plan: str = PLAN) -> str:
    with pytest.raises(InputError) as caught:
        _read(folder, rest, plan)
    return str(caught.value)


def test_the_first_close_is_the_companys_first_period_and_its_currency_that_of_the_plan(tmp_path: Path) -> None:
    example = _read(tmp_path, "close: 2026-03")
    assert (example.company.first_period, example.company.currency, example.company.rounding) == (
        "2026-03",
        "JPY",
        "half_up",
    )
    assert example.steps[0].closes == ("2026-03",)


def test_company_settings_of_an_example_win(tmp_path: Path) -> None:
    example = _read(tmp_path, "company: {currency: CNY, fiscal_year_start: 4, rounding: half_even}\nclose: 2026-03")
    company = example.company
    assert (company.currency, company.calendar.quarter_of(company.calendar.month("2026-03").starts_on).key) == (
        "CNY",
        "2026-Q4",
    )
    assert company.rounding == "half_even"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{deal_id: d, owner_id: a, won_on: 2026-01-05, amount: 1}", ("won", "won", "JPY", "account-of-d")),
        ("{deal_id: d, owner_id: a, lost_on: 2026-01-05}", ("lost", "lost", "JPY", "account-of-d")),
        ("{deal_id: d, owner_id: a}", ("open", "open", "JPY", "account-of-d")),
        ("{deal_id: d, owner_id: a, status: open, won_on: 2026-01-05, stage: s}", ("open", "s", "JPY", "account-of-d")),
        ("{deal_id: d, owner_id: a, currency: USD, account_id: x}", ("open", "open", "USD", "x")),
    ],
)
def test_status_stage_currency_and_account_of_a_deal_are_filled_in(
    tmp_path: Path, given: str, expected: tuple[str, str, str, str]
) -> None:
    deal = _rows(tmp_path, f"{{deals: [{given}]}}")["deals"][0]
    assert (deal["status"], deal["stage"], deal["currency"], deal["account_id"]) == expected


def test_a_participant_holds_from_hiring_or_from_always_and_is_named_by_the_id(tmp_path: Path) -> None:
    given = (
        "{participants: [{participant_id: a, role: ae}, {participant_id: b, role: ae, hired_on: 2025-02-03, name: B.}]}"
    )
    people = _rows(tmp_path, given)["participants"]
    assert [(row["effective_from"], row["name"]) for row in people] == [("1900-01-01", "a"), ("2025-02-03", "B.")]


def test_accounts_products_and_teams_that_are_named_but_not_given_are_invented_once(tmp_path: Path) -> None:
    example = _read(
        tmp_path,
        """
given:
  teams: [{team_id: north, parent_team_id: all}]
  participants: [{participant_id: a, role: ae, team_id: south}]
  deals: [{deal_id: d, owner_id: a, product_id: p, won_on: 2026-01-05, amount: 1}]
steps:
  - {given: {deals: [{deal_id: e, owner_id: a, account_id: x, won_on: 2026-01-06, amount: 1}]}, close: 2026-01}
  - given:
      deals:
        - {deal_id: d, owner_id: a, product_id: p, won_on: 2026-01-05, amount: 2}
        - {deal_id: f, owner_id: a, product_id: q}
    close: 2026-02
""",
    )
    first, second = (step.rows for step in example.steps)
    assert [row["deal_id"] for row in first["deals"]] == ["d", "e"]
    assert [row["account_id"] for row in first["accounts"]] == ["account-of-d", "x"]
    assert [row["product_id"] for row in first["products"]] == ["p"]
    assert [row["team_id"] for row in first["teams"]] == ["north", "south"]
    assert [row["account_id"] for row in second["accounts"]] == ["account-of-f"]
    assert [row["product_id"] for row in second["products"]] == ["q"]
    assert "teams" not in second


def test_ids_and_other_required_columns_without_meaning_are_filled_in(tmp_path: Path) -> None:
    rows = _rows(
        tmp_path,
        """
  survey_responses:
    - {survey: csat, score: 5, responded_on: 2026-01-05}
    - {survey: csat, score: 4, responded_on: 2026-01-05}
  activities: [{participant_id: a, occurred_at: 2026-01-05}]
  training: [{participant_id: a}]
  payments: [{paid_on: 2026-01-05, amount: 5}]""",
    )
    assert [row["response_id"] for row in rows["survey_responses"]] == ["survey_responses-1", "survey_responses-2"]
    assert rows["survey_responses"][0]["question"] == "overall"
    assert (rows["activities"][0]["kind"], rows["training"][0]["course"]) == ("call", "course")
    assert (rows["payments"][0]["payment_id"], rows["payments"][0]["currency"]) == ("payments-1", "JPY")


def test_months_left_out_between_two_closes_are_closed_on_the_way(tmp_path: Path) -> None:
    example = _read(tmp_path, "close: [2025-11, 2026-02]")
    assert example.steps[0].closes == ("2025-11", "2025-12", "2026-01", "2026-02")
    example = _read(tmp_path, "steps: [{close: 2026-01}, {close: [2026-03]}, {close: 2026-04}]")
    assert [step.closes for step in example.steps] == [("2026-01",), ("2026-02", "2026-03"), ("2026-04",)]


def test_a_file_holds_several_examples_with_their_expectations(tmp_path: Path) -> None:
    path = tmp_path / "two.yml"
    expect = "expect: {only: true, payouts: [{payable: 5, grade: null}]}"
    path.write_text(
        f"example: one{PLAN}close: 2026-01\n---\nexample: two{PLAN}close: 2026-01\n{expect}\n", encoding="utf-8"
    )
    one, two = read_examples(path)
    assert (one.name, one.expect, two.name) == ("one", {}, "two")
    assert two.expect == {"only": "true", "payouts": [{"payable": "5", "grade": None}]}


def test_a_plan_can_be_a_list_or_named_from_a_company(tmp_path: Path) -> None:
    entries = [line[2:] for line in PLAN.strip().splitlines()[1:]]
    listed = "plan:\n  - " + "\n    ".join(entries)
    assert [plan.id for plan in _read(tmp_path, "close: 2026-01", listed).book.plans] == ["p"]
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "p.yml").write_text("\n".join(entries), encoding="utf-8")
    home = Company(tmp_path, settings_from({"name": "x", "currency": "CNY", "first_period": "2026-01"}, "x"))
    path = tmp_path / "named.yml"
    path.write_text("example: named\nplan: p\nclose: 2026-01\n", encoding="utf-8")
    assert read_examples(path, home)[0].book.plans[0].terms.currency == "JPY"


@pytest.mark.parametrize(
    ("rest", "parts"),
    [
        ("given: {dealz: []}\nclose: 2026-01", ["example.yml:", "given.dealz", "there is no such stream"]),
        ("given: {deals: [{deal: d}]}\nclose: 2026-01", ["given.deals", "deal is no column"]),
        ("", ["needs either close", "or steps"]),
        ("close: 2026-01\nsteps: [{close: 2026-01}]", ["needs either close", "or steps"]),
        ("close: 2026-01\nexpected: {}", ["expected"]),
        ("steps: [{close: 2026-02}, {close: 2026-01}]", ["2026-01", "closed before"]),
        ("close: 2026-13", ["2026-13"]),
    ],
)
def test_what_is_wrong_in_an_example_is_told(tmp_path: Path, rest: str, parts: list[str]) -> None:
    told = _told(tmp_path, rest)
    assert [part for part in parts if part not in told] == [], told


def test_a_plan_named_without_a_company_is_told(tmp_path: Path) -> None:
    told = _told(tmp_path, "close: 2026-01", "plan: nowhere")
    assert "there is no plan nowhere because no company was given" in told
