"""No model joins row by row: DuckDB has no index to fall back on, and a million rows against a million never end.

A condition on the left side alone (`left join b on a.kind = 'x' and a.id = b.id`) is enough for that. A key that is
null where nothing is to be found says the same: `case when a.kind = 'x' then a.id end = b.id`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from attain import ledger, replay
from attain.conform import landing_tables
from attain.inputs import RunFacts
from attain.modelling import CompiledModel
from attain.plans.examples import read_examples
from attain.plans.flatten import flatten
from attain.plans.trial import compiled_models
from attain.plans.workbench import database

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
    example = read_examples(EXAMPLE)[0]
    con = database()
    ledger.create_booked(con)
    landing_tables(con, [example.steps[0].rows])
    month = example.company.calendar.month(example.steps[0].closes[0])
    instant = dt.datetime(2026, 2, 1)
    replay.give(con, example.company, RunFacts("joins", month, instant, instant), flatten(example.book, "CNY"))
    replay.build(con, models)
    con.execute("set disabled_optimizers = 'statistics_propagation,empty_result_pullup,common_subplan'")
    return {model.name: _plan(con, model) for model in models if model.materialized != "view"}


def _plan(con: duckdb.DuckDBPyConnection, model: CompiledModel) -> str:
    row = con.execute(f"explain {model.sql}").fetchone()
    assert row is not None
    return str(row[1])


def test_every_table_is_looked_at(plans_of_models: dict[str, str]) -> None:
    assert len(plans_of_models) > 100
    assert [name for name, plan in plans_of_models.items() if "SCAN" not in plan] == []


def test_no_model_compares_every_row_with_every_other(plans_of_models: dict[str, str]) -> None:
    row_by_row = {name for name, plan in plans_of_models.items() if "BLOCKWISE_NL_JOIN" in plan}
    assert row_by_row == AGAINST_A_FEW_ROWS
