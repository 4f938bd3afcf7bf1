"""Great Expectations over one DuckDB connection: ephemeral, silent, pushed down, nothing stored."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attain.quality.deferred import deferred
from attain.quality.suites import Expectation, Suite

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Samples show five rows; a failing map expectation asks for every offending value, so the buffer bounds it.
_BUFFERED_ROWS = 1_000
SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Outcome:
    """What Great Expectations said of one expectation; `error` is set when it could not be evaluated."""

    success: bool
    failed_rows: int
    rows: tuple[dict[str, Any], ...]
    error: str | None = None


class Judge:
    """Validates suites over temp tables of `con`; builds its context once."""

    def __init__(self, con: DuckDBPyConnection) -> None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
        os.environ.setdefault("DO_NOT_TRACK", "1")
        # It reports every folder it might use at level INFO, and the page says all there is to say.
        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        # One expectation that nothing here uses draws charts: its libraries are half of the time of the import.
        with deferred("altair", "scipy.stats"):
            import great_expectations as gx
        from duckdb_engine import ConnectionWrapper
        from sqlalchemy.pool import StaticPool

        # This one of its modules sets a level of its own when imported.
        logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False}
        # Temp tables belong to a connection, so every statement must run on the one that measured.
        self._source = self._context.data_sources.add_sql(
            name="run",
            connection_string="duckdb:///:memory:",
            kwargs={"poolclass": StaticPool, "creator": lambda: ConnectionWrapper(con)},
        )
        _buffer_results(self._source.get_execution_engine().engine)

    def validate(self, suite: Suite, table: str) -> dict[str, Outcome]:
        """The outcome of every check of `suite` over the rows of `table`."""
        from great_expectations.core.expectation_suite import ExpectationSuite

        asset = self._source.add_query_asset(name=suite.suite, query=f"select * from {table}")
        batch = asset.add_batch_definition_whole_table("measured").get_batch()
        expectations = ExpectationSuite(
            name=suite.suite, expectations=[_configuration(expectation) for expectation in suite.expectations]
        )
        validated = batch.validate(
            expectations,
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": suite.keys},
        )
        return {
            result.expectation_config.meta["check"]: _outcome(result.success, result.result, result.exception_info)
            for result in validated.results
        }


def _configuration(expectation: Expectation) -> dict[str, Any]:
    return {
        "type": expectation.type,
        "kwargs": expectation.typed_kwargs(),
        "severity": expectation.severity,
        "meta": {"check": expectation.check},
    }


def _buffer_results(engine: Any) -> None:
    """Read results while their connection is still held.

    Great Expectations reads them after giving it back, and through duckdb-engine then fails with "list index
    out of range" for every expectation.
    """
    from sqlalchemy import event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    @event.listens_for(engine, "after_cursor_execute")
    def buffer(_con: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if context is not None and cursor.description:
            rows = cursor.fetchmany(_BUFFERED_ROWS)
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=rows)


def _outcome(success: bool | None, result: dict[str, Any], exception_info: dict[str, Any]) -> Outcome:
    if error := _error(exception_info):
        return Outcome(False, 0, (), error)
    if success:
        return Outcome(True, 0, ())
    details = result.get("details") or {}
    rows = details.get("unexpected_rows") or result.get("unexpected_index_list") or []
    count = result.get("unexpected_count")
    if count is None:
        count = result["observed_value"] if "unexpected_rows" in details else 1
    return Outcome(False, int(count), tuple(dict(row) for row in rows[:SAMPLE_ROWS]))


def _error(exception_info: dict[str, Any]) -> str | None:
    """The first exception's message: Great Expectations gives one dict, or one per metric."""
    entries = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "unknown error").splitlines()[0]
    return None
