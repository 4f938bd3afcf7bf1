"""The conservation tests of dbt_project/tests/{pay,finance} hold after a close with corrections, and each can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from attain import modelling, replay
from attain.environment import DBT_PROJECT
from attain.modelling import Workplace
from attain.plans.examples import read_examples
from attain.plans.trial import Trial, compiled_models

# What breaks each claim: one amount changed where the test looks.
BREAKS = {
    "credits_of_a_deal_add_up_to_its_amount": "update {models}.int_deal_credits set amount = amount + 0.01 "
    "where deal_id = 'd1' and participant_id = 'bob'",
    "earning_lines_add_up_to_what_was_earned": "update {models}.int_rated_lines set rate = rate + 0.00001 "
    "where transaction_id = 'd4'",
    "a_credit_is_rated_once_in_its_window": "update {models}.int_rated_lines set basis_amount = 0 "
    "where basis_amount < 0",
    "a_window_earns_what_its_months_earn": "update {models}.int_recomputed_results "
    "set before_amount = before_amount + 0.01 where month = '2026-02'",
    "ledger_and_open_entries_add_up_to_what_is_computed": "update {marts}.earnings "
    "set amount = amount + 0.01 where component = 'deals' and origin_period = '2026-01'",
    "what_waited_is_paid_in_the_end": "delete from {models}.int_open_entries where kind = 'release'",
    "events_take_back_no_more_than_was_earned": "update {models}.int_clawback_shares set share = 1.0000000001",
    "what_is_owed_is_what_was_drawn_and_not_repaid": "update {marts}.payouts set recovered = recovered - 0.01 "
    "where component = 'draw' and period = '2026-03'",
    "payable_is_the_sum_of_its_parts": "update {marts}.payouts set payable = payable + 0.01 where component = 'bonus'",
    "closed_payouts_are_what_the_ledger_booked": "delete from {marts}.ledger where component = 'each'",
    "statements_add_up_to_the_payouts": "delete from {marts}.statement_lines where section = 'adjustments'",
    "the_commission_table_adds_up_to_the_payouts": "update {marts}.commission_table "
    "set gross_earned = gross_earned - 0.01",
    "days_of_a_participant_are_covered_once": "update {models}.int_participant_ranges "
    "set starts_on = date '1900-01-02' where starts_on = date '1900-01-01'",
    "a_score_is_the_sum_of_its_lines": "update {models}.int_score_lines set weight = 0.69 where measure = 'bookings'",
    "the_journal_balances_and_carries_the_unamortised_cost": "update {marts}.journal set debit = debit + 0.01 "
    "where posting = 'amortised' and account_role = 'commission_expense' and period = '2026-02'",
    "amortisation_charges_every_cost_once": "update {marts}.amortisation set amortised = amortised + 0.01 "
    "where period = '2026-04'",
    "a_contract_costs_what_was_and_would_be_booked_for_it": "update {marts}.amortisation "
    "set added = added + 0.01, amortised = amortised + 0.01 where period = '2026-01'",
    "every_difference_of_a_control_is_explained": "update {marts}.payouts set payable = payable + 0.01 "
    "where component = 'bonus'",
    "accruals_are_what_is_held_and_advanced": "update {marts}.payouts set held = held + 1 where period = '2026-01'",
}


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The compiled SQL of each conservation test: it gives the rows that break the claim."""
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("claims")
    workplace = Workplace(folder / "warehouse.duckdb", folder / "attain.duckdb", folder / "scratch")
    args = [
        "compile",
        "--select",
        "path:tests/pay path:tests/finance",
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
    ]
    args += [
        "--target-path",
        str(folder / "target"),
        "--log-path",
        str(folder / "logs"),
        "--quiet",
        "--no-version-check",
    ]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in workplace.variables().items():
            patch.setenv(name, value)
        try:
            outcome = dbtRunner().invoke(args)
        finally:
            modelling._close_connections()
    assert outcome.success, outcome.exception
    return {result.node.name: result.node.compiled_code for result in outcome.result.results}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database of the example: January and February closed, March open with a correction of February."""
    example = read_examples(Path(__file__).with_name("two_closes.yml"))[0]
    trial = Trial(example, compiled_models(tmp_path_factory.mktemp("closed")))
    trial.parts = replay.parts(trial.models, {model.name for model in trial.models})
    with trial.con as con:
        trial.bench.clear()
        for number, step in enumerate(example.steps, start=1):
            trial._land(number, step)
            if number < len(example.steps):
                trial._close(step)
        trial._inputs(example.steps[-1].closes[-1])
        replay.build(con, trial.models)
        yield con


def test_each_claim_has_a_way_to_break_it(claims: dict[str, str]) -> None:
    assert set(claims) == set(BREAKS)


@pytest.mark.parametrize("claim", BREAKS)
def test_a_claim_holds_and_is_broken_by_a_single_changed_amount(
    claims: dict[str, str], closed: duckdb.DuckDBPyConnection, claim: str
) -> None:
    assert closed.execute(claims[claim]).fetchall() == []
    closed.execute("begin")
    try:
        closed.execute(BREAKS[claim].format(models="warehouse.intermediate", marts="attain.marts"))
        assert closed.execute(claims[claim]).fetchall() != []
    finally:
        closed.execute("rollback")


def test_the_example_books_corrections_and_keeps_what_was_closed(closed: duckdb.DuckDBPyConnection) -> None:
    booked = closed.execute(
        "select participant_id, booked_period, kind, amount from attain.marts.ledger "
        "where component = 'each' order by all"
    ).fetchall()
    assert [(who, period, kind, f"{amount:.2f}") for who, period, kind, amount in booked] == [
        ("ann", "2026-01", "earned", "343.33"),
        ("bob", "2026-01", "earned", "1033.33"),
        ("bob", "2026-02", "adjustment", "-700.00"),
        ("bob", "2026-02", "earned", "900.00"),
        ("cyd", "2026-01", "earned", "333.33"),
        ("cyd", "2026-02", "adjustment", "700.00"),
    ]
