"""The tables of schema `landing`, and the same schema filled from memory (worked examples)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa
from duckdb import DuckDBPyConnection

from attain.errors import InputError
from attain.mapping import DELETED
from attain.streams import STREAMS, Stream

Row = Mapping[str, str | None]
_BATCHES = pa.schema(
    [
        ("batch_no", pa.int32()),
        ("batch_id", pa.string()),
        ("stream", pa.string()),
        ("source", pa.string()),
        ("source_ref", pa.string()),
        ("landed_at", pa.timestamp("us")),
        ("rows", pa.int64()),
        ("control_totals", pa.string()),
        ("is_latest", pa.bool_()),
    ]
)
# Landing's instants are UTC without a zone, as DuckDB's TIMESTAMP is.
_FIRST_DAY = dt.datetime.fromisoformat("2000-01-01")
# Batch numbers are unique: a step's streams share its hundred.
_STREAMS_PER_STEP = 100

_TABLES = """
create schema if not exists landing;
create or replace table landing.batches (
    batch_no integer, batch_id varchar, stream varchar, source varchar, source_ref varchar,
    landed_at timestamp, rows bigint, control_totals varchar, is_latest boolean
);
create or replace table landing.malformed (
    batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, message varchar
);
"""


@dataclass(frozen=True)
class BatchInfo:
    """One batch a run reads.

    `batch_no` numbers batches in the order they became known, from 1; `rows` counts malformed ones too;
    `is_latest` says that nothing was delivered at its place (file, sheet) after it.
    """

    batch_no: int
    batch_id: str
    stream: str
    source: str
    source_ref: str
    landed_at: dt.datetime
    rows: int
    control_totals: dict[str, str] | None
    is_latest: bool


def create_tables(con: DuckDBPyConnection) -> None:
    """Makes schema `landing` with empty tables `batches` and `malformed`."""
    con.execute(_TABLES)


def write_batches(con: DuckDBPyConnection, infos: Sequence[BatchInfo]) -> None:
    """Adds rows to landing.batches."""
    # One insert for all: row by row, hundreds of batches cost seconds.
    rows = [
        asdict(one) | {"control_totals": one.control_totals and json.dumps(one.control_totals, ensure_ascii=False)}
        for one in infos
    ]
    con.register("attain_batches", pa.Table.from_pylist(rows, schema=_BATCHES))
    con.execute("insert into landing.batches by name select * from attain_batches")
    con.unregister("attain_batches")


def landing_tables(con: DuckDBPyConnection, steps: Sequence[Mapping[str, Sequence[Row]]] = ()) -> None:
    """Makes schema `landing` with a table per stream and fills it with what each step delivers, stream by
    stream.

    Raises InputError for a stream or column that does not exist.
    """
    create_tables(con)
    for stream in STREAMS.values():
        columns = ", ".join(f"{column} varchar" for column in (*stream.columns, DELETED))
        raw = ", ".join(f"{column} varchar" for column in stream.columns)
        con.execute(
            f"create or replace table landing.{stream.name} "
            f"(_batch_no integer, _row bigint, {columns}, _raw struct({raw}))"
        )
    for step, rows_by_stream in enumerate(steps, start=1):
        for name, rows in rows_by_stream.items():
            append_rows(con, step, name, rows)


def append_rows(con: DuckDBPyConnection, step: int, stream: str, rows: Sequence[Row]) -> None:
    """Adds what step `step` (from 1) delivers of a stream: rows by canonical column, text or None.

    Rows are numbered from 2, as under a header. A step is delivered on its day of the year 2000 and follows
    the steps before it; each stream of a step is a batch. Raises InputError for an unknown stream or column.
    """
    if stream not in STREAMS:
        raise InputError(f"given: {stream!r} is not a stream; it must be one of {', '.join(STREAMS)}.")
    definition = STREAMS[stream]
    _refuse_unknown(definition, rows)
    batch_no = step * _STREAMS_PER_STEP + list(STREAMS).index(stream)
    landed_at = _FIRST_DAY + dt.timedelta(days=step - 1)
    source_ref = f"given.{stream}"
    info = BatchInfo(batch_no, str(batch_no), stream, "given", source_ref, landed_at, len(rows), None, True)
    write_batches(con, [info])
    if not rows:
        return
    names = [*definition.columns, DELETED]
    numbers = pa.array(range(2, len(rows) + 2), pa.int64())
    values = [pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names]
    con.register("attain_given", pa.table([numbers, *values], names=["_row", *names]))
    raw = ", ".join(f"{column} := {column}" for column in definition.columns)
    con.execute(
        f"insert into landing.{stream} by name select ?::integer as _batch_no, *, struct_pack({raw}) as _raw "
        "from attain_given",
        [batch_no],
    )
    con.unregister("attain_given")


def _refuse_unknown(stream: Stream, rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows, start=1):
        for name in row:
            if name not in stream.columns and name != DELETED:
                raise InputError(
                    f"given.{stream.name}[{number}].{name}: is not a column of {stream.name}; it has "
                    f"{', '.join(stream.columns)}."
                )


def _text(value: str | None) -> str | None:
    return None if value is None else value.strip() or None
