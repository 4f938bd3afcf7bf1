"""The layers of the models are a rule, read from the compiled project: an arrow never points back."""

from __future__ import annotations

from pathlib import Path

import pytest

from attain.environment import DBT_PROJECT
from attain.modelling import CompiledModel
from attain.plans.trial import compiled_models

LAYERS = ["staging", "intermediate", "marts"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[CompiledModel]:
    return compiled_models(tmp_path_factory.mktemp("layers"))


def test_no_model_reads_from_a_later_layer(models: list[CompiledModel]) -> None:
    layer = {model.unique_id: LAYERS.index(model.layer) for model in models}
    backwards = [
        (parent, model.unique_id)
        for model in models
        for parent in model.parents
        if parent in layer and layer[parent] > layer[model.unique_id]
    ]
    assert backwards == []


def test_only_staging_and_the_quarantine_read_what_was_landed(models: list[CompiledModel]) -> None:
    readers = {
        model.unique_id.removeprefix("model.attain.")
        for model in models
        for parent in model.parents
        if parent.startswith("source.attain.landing.") and model.layer != "staging"
    }
    assert readers == {"int_quarantined_rows", "int_stream_counts", "publication", "quarantine"}


def test_the_ledger_is_read_only_by_settlement_and_marts(models: list[CompiledModel]) -> None:
    readers = {
        model.unique_id.removeprefix("model.attain.")
        for model in models
        for parent in model.parents
        if parent.startswith("source.attain.booked.")
    }
    settlement = {"int_booked_amounts", "int_open_period", "int_booked_lines", "int_clawback_entries"}
    settlement |= {"int_draw_months", "close_entries"}
    finance = {"cost_entries", "cost_layers", "amortisation", "payroll", "journal", "reconciled_movements"}
    assert readers == settlement | finance | {"ledger", "payouts", "commission_table", "scores", "statement_lines"}


def test_parents_come_before_children_in_the_compiled_order(models: list[CompiledModel]) -> None:
    seen: set[str] = set()
    for model in models:
        assert {parent for parent in model.parents if not parent.startswith("source.")} <= seen, model.unique_id
        seen.add(model.unique_id)


def test_every_model_says_what_one_row_is() -> None:
    silent = []
    for path in sorted(Path(DBT_PROJECT, "models").rglob("*.sql")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("--")]
        if not lines or not lines[0].startswith(("-- One row", "-- The rows")):
            silent.append(path.stem)
    assert silent == []


def test_no_model_reads_a_clock() -> None:
    clocks = ("current_date", "current_timestamp", "now()", "today()", "getdate")
    found = [
        (path.stem, word)
        for path in Path(DBT_PROJECT).rglob("*.sql")
        for word in clocks
        if word in path.read_text(encoding="utf-8").lower()
    ]
    assert found == []
