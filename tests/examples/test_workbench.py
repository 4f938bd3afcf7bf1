"""A workbench keeps what DuckDB planned, and nothing of an example for the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from attain.modelling import CompiledModel
from attain.plans.examples import Example, read_examples
from attain.plans.trial import Trial, compiled_models
from attain.plans.workbench import Workbench

HERE = Path(__file__).parent
# What one fills, the next leaves empty, and the third fills again.
FILES = ("draws", "currencies", "draws")
Contents = dict[str, list[str]]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[CompiledModel]:
    return compiled_models(tmp_path_factory.mktemp("home"))


def _contents(example: Example, models: list[CompiledModel], bench: Workbench) -> Contents:
    """Everything built, delivered, given and booked once the example was worked."""
    trial = Trial(example, models, bench)
    assert trial.run() == []
    built = {model.relation for model in (*trial.parts.computed, *trial.parts.booking, *trial.parts.shown)}
    other = bench.con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = 'warehouse' and schema_name in ('landing', 'inputs', 'booked')"
    ).fetchall()
    names = sorted(built.union(name for (name,) in other))
    return {name: sorted(map(repr, bench.con.execute(f"from {name}").fetchall())) for name in names}


def test_an_example_after_others_leaves_what_it_leaves_alone(models: list[CompiledModel]) -> None:
    examples = [read_examples(HERE / f"{name}.yml")[0] for name in FILES]
    shared = Workbench(models, {"payouts", "ledger"})
    for example in examples:
        after_others = _contents(example, models, shared)
        alone = _contents(example, models, Workbench())
        assert [name for name in alone if alone[name] != after_others[name]] == [], example.name
        assert len([name for name, rows in alone.items() if rows]) > 50


def test_what_was_delivered_booked_and_given_goes_with_its_example(models: list[CompiledModel]) -> None:
    first, second = (read_examples(HERE / f"{name}.yml")[0] for name in ("draws", "pools"))
    bench = Workbench()
    Trial(first, models, bench).run()
    assert bench.con.sql("select count(*) from booked.closes").fetchall() == [
        (sum(len(s.closes) for s in first.steps),)
    ]
    bench.clear()
    for table in ("booked.closes", "booked.ledger_entries", "landing.deals", "landing.batches"):
        assert bench.con.sql(f"from {table}").fetchall() == [], table
    Trial(second, models, bench).run()
    plans = {name for (name,) in bench.con.sql("select plan from inputs.plans").fetchall()}
    assert plans == {plan.terms.plan for plan in second.book.plans}
