"""A gate: measure, judge, tell. The same function for the DAG's task, the command line and tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from attain.quality import measures, telling
from attain.quality.results import Check, Gate, GateResult
from attain.quality.suites import Suite, load

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from attain.quality.judge import Judge


def run_gate(gate: Gate, *, warehouse: Path, marts: Path, expectations: Path, run_id: str) -> GateResult:
    """Run the suites of `gate` over a run's two DuckDB files, read-only, on one connection.

    Nothing may hold the files open with another configuration (dbt's connection is closed before). A check
    that cannot be evaluated counts as a critical finding: a gate never opens because it could not look.
    Raises InputError when a suite or limits.yml is wrong.
    """
    from attain.quality.judge import Judge

    suites = load(expectations, gate)
    with measures.opened(warehouse, marts) as con:
        measures.prepare(con, gate, expectations)
        judge = Judge(con)
        checks = [check for suite in suites for check in _run_suite(con, judge, gate, suite)]
    return GateResult(run_id, gate, tuple(checks))


def _run_suite(con: DuckDBPyConnection, judge: Judge, gate: Gate, suite: Suite) -> Iterable[Check]:
    import duckdb

    try:
        measures.materialise(con, suite)
        population = measures.population(con, suite)
        told = measures.told(con, suite)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        return [telling.unevaluated(gate, expectation, reason) for expectation in suite.expectations]
    outcomes = judge.validate(suite, measures.table_name(suite))
    return [
        telling.check(gate, expectation, outcomes[expectation.check], told[expectation.check], population, suite.keys)
        for expectation in suite.expectations
    ]
