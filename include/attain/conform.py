"""Conforms landed batches: schema `landing` of a run's warehouse, one view per canonical stream with text columns.

Names and values that were delivered reach DuckDB only through its expression API, which quotes them itself; none is
ever spliced into SQL by hand (architecture, rule 6).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
from duckdb import (
    CaseExpression,
    ColumnExpression,
    ConstantExpression,
    DuckDBPyConnection,
    DuckDBPyRelation,
    Expression,
    FunctionExpression,
)

from attain.landing import Batch, Landing, utc
from attain.mapping import DELETED, ColumnRule, Entry, Mappings
from attain.rows import BLANKS
from attain.streams import STREAMS, Stream

_TABLES = """
create schema if not exists landing;
create or replace table landing.batches (
    batch_no integer, batch_id varchar, stream varchar, source varchar, source_ref varchar, landed_at timestamp,
    rows bigint, control_totals varchar, is_latest boolean
);
create or replace table landing.malformed (
    batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, message varchar
);
"""
_ISO = {"date": "%Y-%m-%d", "instant": "%Y-%m-%dT%H:%M:%S"}
# How the relation below is called in expressions: a name of one's own spares DuckDB from parsing the column's.
_RAW = "delivered"


@dataclass(frozen=True)
class BatchInfo:
    """One batch a run reads. `batch_no` numbers batches in the order they became known, from 1; `is_latest` says that
    nothing was delivered at its place (file, sheet) after it; `rows` counts malformed ones too."""

    batch_no: int
    batch_id: str
    stream: str
    source: str
    source_ref: str
    landed_at: dt.datetime
    rows: int
    control_totals: dict[str, str] | None
    is_latest: bool


@dataclass(frozen=True)
class _Group:
    """Batches of one stream that have the same columns and the same mapping, so that one scan reads them all."""

    entry: Entry | None
    columns: tuple[str, ...]
    untidy: frozenset[str]
    batches: tuple[tuple[int, Batch], ...]


def conform(
    con: DuckDBPyConnection, landing: Landing, mappings: Mappings, as_of: dt.datetime, *, verify: bool = True
) -> list[BatchInfo]:
    """Makes schema `landing` in an open warehouse from the batches known at `as_of`; gives them in order.

    Raises Corrupt when a batch no longer matches its seal, InputError when a batch's mapping entry is gone.
    """
    batches = landing.batches(as_of=as_of)
    if verify:
        for batch in batches:
            batch.verify()
    entries = {batch.batch_id: _entry_of(batch, mappings) for batch in batches}
    numbered = list(enumerate(batches, start=1))
    last = {batch.origin.place: batch.batch_id for batch in batches}
    con.execute(_TABLES)
    infos = [_info(number, batch, entries[batch.batch_id], last) for number, batch in numbered]
    write_batches(con, infos)
    for stream in STREAMS.values():
        own = [(number, batch) for number, batch in numbered if batch.stream == stream.name]
        _conform_stream(con, stream, _groups(own, entries))
        _load_malformed(con, own)
    return infos


def write_batches(con: DuckDBPyConnection, infos: Iterable[BatchInfo]) -> None:
    """Adds rows to landing.batches."""
    for one in infos:
        totals = json.dumps(one.control_totals, ensure_ascii=False) if one.control_totals is not None else None
        con.execute(
            "insert into landing.batches values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [one.batch_no, one.batch_id, one.stream, one.source, one.source_ref, one.landed_at, one.rows, totals,
             one.is_latest],
        )  # fmt: skip


def _entry_of(batch: Batch, mappings: Mappings) -> Entry | None:
    origin = batch.origin
    return mappings.entry_of(origin.stream, origin.file, origin.sheet, origin.slot)


def _info(number: int, batch: Batch, entry: Entry | None, last: dict[tuple[str, str, str], str]) -> BatchInfo:
    return BatchInfo(
        batch_no=number,
        batch_id=batch.batch_id,
        stream=batch.stream,
        source=batch.origin.source,
        source_ref=batch.origin.source_ref,
        landed_at=utc(batch.sealed_at).replace(tzinfo=None),
        rows=batch.delivered_rows,
        control_totals=_control_totals(batch, entry),
        is_latest=last[batch.origin.place] == batch.batch_id,
    )


def _control_totals(batch: Batch, entry: Entry | None) -> dict[str, str] | None:
    """The last totals row by canonical column; columns whose values are mapped away say nothing about sums."""
    if not batch.totals:
        return None
    delivered = {name.casefold(): value for name, value in batch.totals[-1]["values"].items()}
    rules = entry.columns if entry else {}
    found: dict[str, str] = {}
    for column in STREAMS[batch.stream].columns:
        rule = rules.get(column, ColumnRule())
        value = delivered.get((rule.source or column).casefold())
        if value is not None and rule.value is None and not rule.values and not rule.when:
            found[column] = value
    return found


def _groups(own: Sequence[tuple[int, Batch]], entries: dict[str, Entry | None]) -> list[_Group]:
    together: dict[tuple[object, ...], list[tuple[int, Batch]]] = {}
    for number, batch in own:
        entry = entries[batch.batch_id]
        if batch.rows:
            key = (entry.where if entry else None, batch.columns, batch.untidy)
            together.setdefault(key, []).append((number, batch))
    return [
        _Group(entries[members[0][1].batch_id], members[0][1].columns, members[0][1].untidy, tuple(members))
        for members in together.values()
    ]


def _conform_stream(con: DuckDBPyConnection, stream: Stream, groups: list[_Group]) -> None:
    raw_names = _union_of_names(groups) or list(stream.columns)
    parts = []
    for group in groups:
        relation = _scan(con, group).set_alias(_RAW)
        rejected = _rejections(stream, group)
        for column, rule, refused in rejected:
            _load_rejected(relation, group, column, rule, refused)
        for _, _, refused in rejected:
            relation = relation.filter(~refused)
        parts.append(relation.set_alias(_RAW).select(*_columns(stream, group, raw_names)))
    whole = _union(parts) if parts else _nothing(con, stream, raw_names)
    # The text is DuckDB's own rendering of the expressions, so quoting is its business, not ours.
    con.execute(f"create or replace view landing.{stream.name} as {whole.sql_query()}")
