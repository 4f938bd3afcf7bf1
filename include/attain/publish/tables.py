"""The published tables as data: their grain, what their content hashes to, and their Parquet files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from attain.errors import InputError
from attain.sqltext import identifier

SCHEMA = "marts"
# Order is for people who look into a file. Sorting the wide tables of a large run took as long as computing them.
SORTED_ROWS = 100_000

# The columns that identify a row of each table; they give the Parquet files their order.
GRAINS = {
    name: tuple(columns.split())
    for name, columns in {
        "dim_account": "account_id",
        "dim_kpi": "kpi",
        "dim_period": "period",
        "dim_product": "product_id",
        "dim_team": "team_id",
        "credits": "participant_id plan component transaction_type transaction_id line credit_role",
        "kpi_credits": "participant_id transaction_type transaction_id line",
        "kpi_values": "scope scope_id kpi period slice variant",
        "score_lines": "participant_id period plan measure",
        "scores": "participant_id period plan",
        "awards": "participant_id period plan component",
        "earnings": "participant_id plan component origin_period transaction_type transaction_id line slice",
        "payouts": "participant_id period plan component",
        "ledger": "entry_id",
        "commission_table": "participant_id period",
        "payroll": "participant_id period currency",
        "accruals": "participant_id period plan component currency",
        "amortisation": "deal_id plan component period currency",
        "journal": "period currency plan component posting account_role",
        "reconciliation": "period control currency",
        "reconciliation_lines": "period control currency reason item_id",
        "statement_lines": "participant_id period line",
        "disputes": "dispute_id",
        "quality_results": "gate check",
        "publication": "run_id",
    }.items()
}


def table_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The published tables of an open set or run database, by name."""
    rows = con.execute(
        "select table_name from information_schema.tables where table_schema = ? order by table_name",
        [SCHEMA],
    ).fetchall()
    return [name for (name,) in rows]


def refuse_older(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Raises InputError when the open set `name` is of a version before questions about statements were published."""
    if "disputes" not in table_names(con):
        raise InputError(f"The published set {name} was made by an earlier version; run the period again: attain run.")


def content_hash(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """What the table says, as 64 hex digits: equal for equal rows in any order.

    Covers the columns' names and types, the number of rows, and the sum and the exclusive-or of a 64-bit hash
    of each row (DuckDB's `hash`, so hashes compare within one DuckDB version, which a seal names). Left out
    are `run_id` and instants: they tell when and by which run the same content came about.
    """
    kept = [(name, kind) for name, kind in _columns(con, table) if name != "run_id" and "TIMESTAMP" not in kind]
    described = "\n".join(f"{name} {kind}" for name, kind in kept)
    row = f"hash({', '.join(identifier(name) for name, _ in kept)})" if kept else "0::ubigint"
    facts = con.execute(
        f"select count(*), coalesce(sum(h), 0), coalesce(bit_xor(h), 0) from "
        f"(select {row} as h from {SCHEMA}.{identifier(table)})"
    ).fetchone()
    assert facts is not None
    return hashlib.sha256("\n".join([described, *(str(fact) for fact in facts)]).encode()).hexdigest()


def write_parquet(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """The whole table as one Parquet file (zstd), rows in the order of its grain unless it is a large one."""
    name = f"{SCHEMA}.{identifier(table)}"
    order = ""
    if con.table(name).count("*").fetchall()[0][0] <= SORTED_ROWS:
        present = [column for column, _ in _columns(con, table)]
        grain = GRAINS.get(table, ())
        # A table of unknown grain is ordered by everything, which costs more and is just as deterministic.
        order = "order by " + (", ".join(map(identifier, grain)) if grain and set(grain) <= set(present) else "all")
    # Level 1 takes a fifth less time than the usual 3 and makes no larger files of these tables.
    con.execute(
        f"copy (from {name} {order}) to $path (format parquet, compression zstd, compression_level 1)",
        {"path": str(path)},
    )


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    rows = con.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_schema = ? and table_name = ? order by ordinal_position",
        [SCHEMA, table],
    ).fetchall()
    return [(name, kind) for name, kind in rows]
