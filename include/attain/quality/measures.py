"""One connection to a run's files, and what is measured in it before Great Expectations judges."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from attain.quality import control, limits, profile
from attain.quality.results import Gate
from attain.quality.suites import Suite
from attain.sqltext import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A company's own limit beats a default; of the same origin, the one that names more beats the general one.
_MACROS = """
create or replace temp macro quality_limit(wanted, stream, column_name) as (
    select arg_max(
        bound,
        is_own * 100
        + case when limit_stream <> '' then 10 else 0 end
        + case when limit_field <> '' then 1 else 0 end
    )
    from gate_limits
    where
        limit_check = wanted
        and limit_stream in ('', stream)
        and limit_field in ('', column_name)
);
create or replace temp macro percent(share) as printf('%.1f %%', cast(share as double) * 100);
create or replace temp macro to_minor_unit(amount, places) as case places
    when 0 then cast(round(amount, 0) as decimal(28, 3))
    when 3 then cast(round(amount, 3) as decimal(28, 3))
    else cast(round(amount, 2) as decimal(28, 3))
end;
"""
_LIMITS = """
create or replace temp table gate_limits (
    limit_check varchar, limit_stream varchar, limit_field varchar, bound decimal(24, 10), is_own integer
)
"""


@contextmanager
def opened(warehouse: Path, marts: Path) -> Iterator[DuckDBPyConnection]:
    """A read-only connection to the run's warehouse with its marts attached as `attain` (once they exist).

    The only connection of a gate: DuckDB refuses a second one with another configuration, so dbt's is closed.
    """
    import duckdb

    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set preserve_insertion_order = false")
        for setting, variable in (("memory_limit", "ATTAIN_MEMORY_LIMIT"), ("temp_directory", "ATTAIN_TEMP")):
            if value := os.environ.get(variable):
                con.execute(f"set {setting} = {literal(value)}")
        if marts.exists():
            con.execute(f"attach {literal(str(marts))} as attain (read_only)")
        yield con
    finally:
        con.close()


def prepare(con: DuckDBPyConnection, gate: Gate, expectations: Path) -> None:
    """Make limits and macros available to the suites, and for the inputs gate profile and control sums."""
    con.execute(_LIMITS)
    con.executemany(
        "insert into gate_limits values (?, ?, ?, ?, 0)",
        [[row.check, row.stream_or_table, row.field, row.limit] for row in limits.defaults(expectations)],
    )
    con.execute(
        "insert into gate_limits "
        "select \"check\", coalesce(stream_or_table, ''), coalesce(field, ''), \"limit\", 1 "
        "from inputs.quality_limits"
    )
    con.execute(_MACROS)
    if gate == "inputs":
        profile.measure(con, profile.load(expectations))
        control.measure(con)


def table_name(suite: Suite) -> str:
    """The temp table that holds what a suite measured."""
    return f"measured_{suite.suite}"


def materialise(con: DuckDBPyConnection, suite: Suite) -> None:
    """Run a suite's query once into its temp table. Raises duckdb.Error when the query cannot run."""
    con.execute(f"create or replace temp table {table_name(suite)} as {suite.query}")


def population(con: DuckDBPyConnection, suite: Suite) -> int | None:
    """How many things a suite looked at, when its query keeps only some of them."""
    if suite.population is None:
        return None
    found = con.execute(suite.population).fetchone()
    return int(found[0]) if found else 0


def told(con: DuckDBPyConnection, suite: Suite) -> dict[str, tuple[str | None, str | None]]:
    """Observed and expected of each check as text, all of a suite in one query over what it measured."""
    texts = [
        text or "null" for expectation in suite.expectations for text in (expectation.observed, expectation.expected)
    ]
    columns = ", ".join(f"cast(({text}) as varchar)" for text in texts)
    found = con.execute(f"select {columns} from {table_name(suite)}").fetchone()
    values = list(found) if found else [None] * len(texts)
    pairs = zip(values[::2], values[1::2], strict=True)
    return {expectation.check: pair for expectation, pair in zip(suite.expectations, pairs, strict=True)}
