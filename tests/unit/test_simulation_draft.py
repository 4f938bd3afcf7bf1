"""Where a draft stands among the plans in force, and which months a simulation covers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from attain.company import Company, settings_from
from attain.errors import InputError
from attain.plans.book import Plan
from attain.plans.diff import words
from attain.plans.flatten import flatten
from attain.plans.loader import book_of, plan_from_mapping
from attain.plans.workbook_write import write_workbook
from attain.simulation import replays
from attain.simulation.draft import Placed, months_of, place, read_draft

COMPANY = Company(
    Path("company"), settings_from({"name": "Tiny", "currency": "USD", "first_period": "2025-01", "time_zone": "UTC"})
)
TODAY = dt.date(2026, 11, 20)
MONTHS = COMPANY.calendar.months("2026-01", "2026-06")


def plan(plan_id: str, begins: str, rate: str = "0.05", role: str = "ae", **more: object) -> Plan:
    component = {
        "id": "commission",
        "type": "commission",
        "measure": "bookings",
        "accumulate": "month",
        "rates": {"on": "amount", "mode": "marginal", "tiers": [{"from": "0", "rate": rate}]},
    }
    terms = {"plan": plan_id, "effective_from": begins, "assign": [{"role": role}], "components": [component], **more}
    return plan_from_mapping(terms, f"{plan_id}-{begins}.yml")


def versions(placed: Placed) -> list[tuple[str, str]]:
    """The versions with the draft in place, each with its rate."""
    return [
        (version.version_id, words(version.terms.components[0].rates.tiers[0].rate))  # type: ignore[union-attr]
        for version in placed.with_draft.plans
    ]


IN_FORCE = book_of([plan("ae", "2024-01-01"), plan("ae", "2026-04-01", "0.06"), plan("sdr", "2025-01-01", role="sdr")])


def test_a_draft_for_later_takes_the_place_of_what_is_in_force_when_the_months_begin() -> None:
    placed = place(IN_FORCE, [plan("ae", "2027-01-01", "0.09")], MONTHS)
    assert versions(placed) == [("ae@2024-01-01", "0.09"), ("sdr@2025-01-01", "0.05")]
    assert placed.moved == (("ae@2027-01-01", dt.date(2026, 1, 1)),)
    assert placed.in_force == IN_FORCE
    assert placed.changes[1:] == (
        "  changed  component commission, rates, tier from 0, rate: 0.05 → 0.09",
        "removed plan ae@2026-04-01 (ae-2026-04-01.yml)",
    )


def test_a_draft_that_begins_within_the_months_keeps_its_date() -> None:
    placed = place(IN_FORCE, [plan("ae", "2026-03-01", "0.09")], MONTHS)
    assert versions(placed) == [("ae@2024-01-01", "0.05"), ("ae@2026-03-01", "0.09"), ("sdr@2025-01-01", "0.05")]
    assert placed.moved == ()


def test_versions_after_the_months_stay_because_they_end_the_windows_before_them() -> None:
    book = book_of([*IN_FORCE.plans, plan("ae", "2026-10-01", "0.07")])
    placed = place(book, [plan("ae", "2026-01-01", "0.09")], MONTHS)
    assert versions(placed) == [
        ("ae@2024-01-01", "0.05"),
        ("ae@2026-01-01", "0.09"),
        ("ae@2026-10-01", "0.07"),
        ("sdr@2025-01-01", "0.05"),
    ]


def test_a_new_plan_is_added_from_the_first_month_when_it_is_for_later() -> None:
    placed = place(IN_FORCE, [plan("lead", "2027-01-01", role="lead")], MONTHS)
    assert ("lead@2026-01-01", "0.05") in versions(placed)
    assert len(placed.with_draft.plans) == 4
    placed = place(IN_FORCE, [plan("lead", "2025-07-01", role="lead")], MONTHS)
    assert ("lead@2025-07-01", "0.05") in versions(placed)


def test_a_draft_that_had_ended_before_the_months_counts_for_them_without_its_end() -> None:
    placed = place(IN_FORCE, [plan("ae", "2023-01-01", "0.09", effective_to="2023-12-31")], MONTHS)
    assert placed.with_draft.plans[0].terms.effective_to is None
    assert versions(placed)[0] == ("ae@2024-01-01", "0.09")


def test_what_stands_in_force_word_for_word_is_no_draft() -> None:
    placed = place(IN_FORCE, list(IN_FORCE.plans), MONTHS)
    assert placed.changes == ()
    assert placed.with_draft == placed.in_force


def test_the_same_terms_for_a_later_year_change_nothing() -> None:
    book = book_of([plan("ae", "2024-01-01")])
    placed = place(book, [plan("ae", "2027-01-01")], MONTHS)
    assert placed.changes == ()
    assert placed.moved == (("ae@2027-01-01", dt.date(2026, 1, 1)),)


def test_of_two_versions_outside_the_months_none_can_be_chosen() -> None:
    with pytest.raises(InputError, match="holds ae@2023-01-01 and ae@2027-01-01, which both begin outside 2026-01-01"):
        place(IN_FORCE, [plan("ae", "2023-01-01", "0.08"), plan("ae", "2027-01-01", "0.09")], MONTHS)


def test_a_rival_for_the_same_people_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError) as told:
        place(IN_FORCE, [plan("ae-2027", "2027-01-01")], MONTHS)
    assert "role ae has two plans from 2026-01-01" in str(told.value)
    assert "A draft replaces the plan that has the same id" in str(told.value)


def test_a_draft_is_read_from_a_file_a_folder_and_a_workbook(tmp_path: Path) -> None:
    text = "plan: {}\neffective_from: 2026-01-01\nassign: [{{role: {}}}]\n"
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "ae.yml").write_text(text.format("ae", "ae"), encoding="utf-8")
    (tmp_path / "company.yml").write_text("name: no plan\n", encoding="utf-8")
    write_workbook(tmp_path / "plans.xlsx", [plan("se", "2026-01-01", role="se")])
    assert [one.id for one in read_draft(tmp_path / "plans" / "ae.yml")] == ["ae"]
    assert [one.id for one in read_draft(tmp_path / "plans")] == ["ae"]
    assert [one.id for one in read_draft(tmp_path / "plans.xlsx")] == ["se"]
    assert [one.id for one in read_draft(tmp_path)] == ["ae", "se"]


def test_windows_a_gate_looks_at_are_part_of_what_a_draft_changes() -> None:
    def tables(**more: object) -> dict[str, pa.Table]:
        return flatten(book_of([plan("ae", "2026-01-01", **more)]), "USD")

    plain = tables()
    assert replays.changed_tables(plain, tables(name="Sellers")) == {"plans"}
    gate = {"kpi": "quota_attainment", "at_least": "1", "over": "year_to_date"}
    gated = tables(components=[{"id": "one", "type": "spiff", "amount": "1", "per": "deal", "gate": gate}])
    assert {"components", "spiffs", "periods", "calendar_periods"} <= replays.changed_tables(plain, gated)


def test_months_are_named_by_a_span_or_by_one_period() -> None:
    assert [month.key for month in months_of(COMPANY, "2026-Q1", TODAY)] == ["2026-01", "2026-02", "2026-03"]
    assert [month.key for month in months_of(COMPANY, "2025-12 .. 2026-01", TODAY)] == ["2025-12", "2026-01"]
    assert [month.key for month in months_of(COMPANY, "2026-11", TODAY)] == ["2026-11"]
    assert len(months_of(COMPANY, "2025", TODAY)) == 12


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("", "write the months to simulate like"),
        ("2026-01..", "write the months to simulate like"),
        ("2026-02..2026-01", "2026-02 comes after 2026-01"),
        ("2026-1", "is not a period; write a month 2026-01"),
        ("2024-12..2025-02", "2024-12 lies before 2025-01"),
        ("2026-11..2026-12", "2026-12 lies in the future"),
        ("2026", "2026-12 lies in the future"),
    ],
)
def test_months_that_cannot_be_simulated_are_told(span: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        months_of(COMPANY, span, TODAY)
