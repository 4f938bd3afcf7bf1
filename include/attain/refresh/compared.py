"""What a run's inputs have in common with those of the run before: the schemas that are no models, table by table."""

from __future__ import annotations

from pathlib import Path

import duckdb

from attain.building import attached
from attain.conform import NEW
from attain.refresh.remaking import ALL, ROWS, SAME, remember
from attain.sqltext import literal
from attain.streams import STREAMS

# Facts about a run that differ from one run to the next, whatever it computes; the marts are told the new `run_id`.
_PASSING = ("run_id", "published_at", "as_of", "known_on")
_SCHEMAS = ("inputs", "booked", "landing")


def set_aside(con: duckdb.DuckDBPyConnection) -> int:
    """Move inputs, landing and ledger of the run before to schema `before`; gives how many batches that run knew."""
    con.execute("drop schema if exists refresh cascade")
    con.execute("drop schema if exists before cascade")
    con.execute("create schema before")
    for schema, table in _tables(con):
        if table != "gate_results":
            con.execute(f'create table before."{schema}.{table}" as select * from warehouse."{schema}"."{table}"')
    for schema in (*_SCHEMAS, NEW):
        con.execute(f"drop schema if exists warehouse.{schema} cascade")
    known = con.execute('select count(*) from before."landing.batches"').fetchone()
    assert known is not None
    return int(known[0])


def compare(con: duckdb.DuckDBPyConnection) -> None:
    """Note the outcome of every input: the same, new rows, or changed. The new inputs stand in their schemas."""
    outcomes = {}
    kept = con.execute("select table_name from duckdb_tables() where schema_name = 'before'").fetchall()
    for schema, table in _tables(con):
        name = f"{schema}.{table}"
        is_same = (name,) in kept and _is_same(con, f'before."{name}"', f'warehouse."{schema}"."{table}"')
        outcomes[name] = SAME if is_same else ALL
    for stream in STREAMS:
        row = con.execute(f'select 1 from {NEW}."{stream}" limit 1').fetchall()
        outcomes[f"landing.{stream}"] = ROWS if row else SAME
    outcomes |= _run_facts(con)
    con.execute("drop schema before cascade")
    remember(con, outcomes)


def _run_facts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The outcome of inputs.run, and beside it one of each fact that differs if only passing ones do."""
    columns = [str(row[0]) for row in con.execute("describe inputs.run").fetchall()]
    comparisons = ", ".join(f'now."{column}" is distinct from before."{column}"' for column in columns)
    row = con.execute(f'select {comparisons} from inputs.run as now, before."inputs.run" as before').fetchone()
    assert row is not None
    differing = [column for column, differs in zip(columns, row, strict=True) if differs]
    if not differing:
        return {"inputs.run": SAME}
    if not set(differing) <= set(_PASSING):
        return {"inputs.run": ALL}
    return {"inputs.run": ROWS, **{f"inputs.run {name}": ROWS for name in differing if name != "run_id"}}


def give_run_id(con: duckdb.DuckDBPyConnection, marts: Path, run_id: str) -> None:
    """The rows of the marts that stay are rows of the new run."""
    with attached(con, marts):
        tables = con.execute("""
            select
                schema_name,
                table_name,
                arg_max(column_name, column_index) = 'run_id',
                bool_or(column_name = 'run_id' and not is_nullable)
            from duckdb_columns()
            where database_name = 'attain'
                and table_oid in (select table_oid from duckdb_tables() where database_name = 'attain')
            group by schema_name, table_name
            having bool_or(column_name = 'run_id')
        """).fetchall()
        for schema, table, is_last, is_required in tables:
            name = f'attain."{schema}"."{table}"'
            if not is_last:
                con.execute(f"update {name} set run_id = ?", [run_id])
                continue
            # A column with one value for all rows takes a third of the time of writing that value into each row.
            con.execute(f"alter table {name} drop column run_id")
            con.execute(f"alter table {name} add column run_id varchar default {literal(run_id)}")
            con.execute(f"alter table {name} alter column run_id drop default")
            if is_required:
                con.execute(f"alter table {name} alter column run_id set not null")


def _is_same(con: duckdb.DuckDBPyConnection, before: str, after: str) -> bool:
    if con.execute(f"describe {before}").fetchall() != con.execute(f"describe {after}").fetchall():
        return False
    row = con.execute(
        f"select (select (count(*), sum(hash(t)), bit_xor(hash(t))) from {before} as t)"
        f" is not distinct from (select (count(*), sum(hash(t)), bit_xor(hash(t))) from {after} as t)"
    ).fetchone()
    return bool(row and row[0])


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse' and schema_name in ?",
        [list(_SCHEMAS)],
    ).fetchall()
