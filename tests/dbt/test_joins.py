"""No model joins row by row: DuckDB has no index to fall back on, and a million rows against a million never end.

A condition on the left side alone (`left join b on a.kind = 'x' and a.id = b.id`) is enough for that. A key that is null
where nothing is to be found says the same: `case when a.kind = 'x' then a.id end = b.id`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from attain import ledger
from attain.modelling import CompiledModel
from attain.plans.examples import read_examples
from attain.plans.trial import Trial, compiled_models

# Their right side is a few rows of a plan or of the calendar: segments of a curve, cells of a matrix, terms, periods.
AGAINST_A_FEW_ROWS = {
    "int_clawback_shares",
    "int_contracts",
    "int_lines_bonus",
    "int_lines_matrix",
    "int_score_lines",
    "int_split_periods",
}
EXAMPLE = Path(__file__).parents[1] / "examples" / "crediting.yml"


@pytest.fixture(scope="module")
def plans_of_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """How the engine would make every table. What it knows of empty tables is kept from it."""
    models = compiled_models(tmp_path_factory.mktemp("home"))
    trial = Trial(read_examples(EXAMPLE)[0], models)
    ledger.create_booked(trial.con)
    trial._land(1, trial.example.steps[0])
    trial._inputs("2026-01")
    trial._build(models)
    trial.con.execute("set disabled_optimizers = 'statistics_propagation,empty_result_pullup,common_subplan'")
    return {model.name: _plan(trial, model) for model in models if model.materialized != "view"}


def _plan(trial: Trial, model: CompiledModel) -> str:
    row = trial.con.execute(f"explain {model.sql}").fetchone()
    assert row is not None
    return str(row[1])


def test_every_table_is_looked_at(plans_of_models: dict[str, str]) -> None:
    assert len(plans_of_models) > 100
    assert [name for name, plan in plans_of_models.items() if "SCAN" not in plan] == []


def test_no_model_compares_every_row_with_every_other(plans_of_models: dict[str, str]) -> None:
    row_by_row = {name for name, plan in plans_of_models.items() if "BLOCKWISE_NL_JOIN" in plan}
    assert row_by_row == AGAINST_A_FEW_ROWS
