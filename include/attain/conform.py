"""Conforms landed batches: schema `landing` of a warehouse, one view of text columns per canonical stream.

What a mapping refuses goes to landing.malformed instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from duckdb import ColumnExpression, ConstantExpression, DuckDBPyConnection, DuckDBPyRelation, FunctionExpression

from attain.conform_fields import ALIAS, Group, batch_number, delivered_field, fields, no_text, refusals
from attain.conform_tables import BatchInfo, append_rows, create_tables, landing_tables, write_batches
from attain.landing import Batch, Landing, utc
from attain.mapping import DELETED, ColumnRule, Entry, Mappings
from attain.sqltext import literal
from attain.streams import STREAMS, Stream

__all__ = ["BatchInfo", "append_rows", "conform", "landing_tables"]

# The schema with the same views over the batches that the run before did not know.
NEW = "landing_new"


def conform(
    con: DuckDBPyConnection,
    landing: Landing,
    mappings: Mappings,
    as_of: dt.datetime,
    *,
    verify: bool = True,
    known: int | None = None,
) -> list[BatchInfo]:
    """Makes schema `landing` in an open warehouse from the batches known at `as_of`; gives them in order.

    With `known`, also schema `landing_new` over the batches after the first `known` ones.

    Raises Corrupt when a batch no longer matches its seal, InputError when a batch's mapping entry is gone.
    """
    batches = landing.batches(as_of=as_of)
    if verify:
        for batch in batches:
            batch.verify()
    entries = {batch.batch_id: _entry_of(batch, mappings) for batch in batches}
    numbered = list(enumerate(batches, start=1))
    last = {batch.origin.place: batch.batch_id for batch in batches}
    create_tables(con)
    infos = [_info(number, batch, entries[batch.batch_id], last) for number, batch in numbered]
    write_batches(con, infos)
    for stream in STREAMS.values():
        own = [(number, batch) for number, batch in numbered if batch.stream == stream.name]
        _conform_stream(con, stream, _groups(own, entries))
        _load_malformed(con, own)
        if known is not None:
            _conform_new(con, stream, _groups([(number, batch) for number, batch in own if number > known], entries))
    return infos


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
    """The last totals row by canonical column, None when it fills none; mapped values say nothing about sums."""
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
    return found or None


def _groups(own: Sequence[tuple[int, Batch]], entries: dict[str, Entry | None]) -> list[Group]:
    together: dict[tuple[object, ...], list[tuple[int, Batch]]] = {}
    for number, batch in own:
        entry = entries[batch.batch_id]
        if batch.rows:
            key = (entry.where if entry else None, batch.columns, batch.untidy)
            together.setdefault(key, []).append((number, batch))
    return [
        Group(entries[members[0][1].batch_id], members[0][1].columns, members[0][1].untidy, tuple(members))
        for members in together.values()
    ]


def _conform_stream(con: DuckDBPyConnection, stream: Stream, groups: list[Group]) -> None:
    accepted = []
    for group in groups:
        delivered = _scan(con, group)
        _keep_refused(con, stream, group, delivered)
        accepted.append((group, _without_refused(group, delivered)))
    _create_view(con, "landing", stream, accepted)


def _conform_new(con: DuckDBPyConnection, stream: Stream, groups: list[Group]) -> None:
    con.execute(f"create schema if not exists {NEW}")
    _create_view(con, NEW, stream, [(group, _without_refused(group, _scan(con, group))) for group in groups])


def _create_view(
    con: DuckDBPyConnection, schema: str, stream: Stream, accepted: list[tuple[Group, DuckDBPyRelation]]
) -> None:
    raw_names = _union_of_names([group for group, _ in accepted]) or list(stream.columns)
    parts = [relation.select(*fields(stream, group, raw_names)) for group, relation in accepted]
    whole = _union(parts) if parts else _nothing(con, stream, raw_names)
    # The text is DuckDB's own rendering of the expressions: quoting is its business, not ours.
    con.execute(f"create or replace view {schema}.{stream.name} as {whole.sql_query()}")


def _scan(con: DuckDBPyConnection, group: Group) -> DuckDBPyRelation:
    paths = ", ".join(literal(str(batch.rows_path.resolve())) for _, batch in group.batches)
    index = ", file_index as _file_index" if len(group.batches) > 1 else ""
    return con.sql(f"select *{index} from read_parquet([{paths}])").set_alias(ALIAS)


def _keep_refused(con: DuckDBPyConnection, stream: Stream, group: Group, delivered: DuckDBPyRelation) -> None:
    """Adds rows with a value that `others: reject` refuses to landing.malformed, each for the first such column."""
    relation = delivered
    for column, rule, refused in refusals(group):
        value = delivered_field(group, rule.source or column)
        raw = [ColumnExpression(ALIAS, name).alias(name) for name in group.columns]
        message = FunctionExpression(
            "concat", ConstantExpression(f"{rule.source or column} has the value "), value,
            ConstantExpression(f", which the mapping of {column} does not list ({', '.join(rule.values)})"),
        )  # fmt: skip
        rows = relation.filter(refused).select(
            batch_number(group),
            ConstantExpression(stream.name),
            ColumnExpression(ALIAS, "_row"),
            FunctionExpression("to_json", FunctionExpression("struct_pack", *raw)).cast("VARCHAR"),
            ConstantExpression("unmapped_value"),
            message,
        )
        con.execute(f"insert into landing.malformed {rows.sql_query()}")
        relation = relation.filter(~refused)


def _without_refused(group: Group, relation: DuckDBPyRelation) -> DuckDBPyRelation:
    for _, _, refused in refusals(group):
        relation = relation.filter(~refused)
    return relation


def _union_of_names(groups: list[Group]) -> list[str]:
    names: dict[str, str] = {}
    for group in groups:
        for column in group.columns:
            names.setdefault(column.casefold(), column)
    return list(names.values())


def _union(parts: list[DuckDBPyRelation]) -> DuckDBPyRelation:
    # In halves: a chain of hundreds would nest as deep.
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return _union(parts[:middle]).union(_union(parts[middle:]))


def _nothing(con: DuckDBPyConnection, stream: Stream, raw_names: list[str]) -> DuckDBPyRelation:
    raw = [no_text().alias(name) for name in raw_names]
    return (
        con.sql("select 0 as _row")
        .filter(ConstantExpression(False))
        .select(
            ConstantExpression(None).cast("INTEGER").alias("_batch_no"),
            ConstantExpression(None).cast("BIGINT").alias("_row"),
            *(no_text().alias(column) for column in (*stream.columns, DELETED)),
            FunctionExpression("struct_pack", *raw).alias("_raw"),
        )
    )


def _load_malformed(con: DuckDBPyConnection, own: Sequence[tuple[int, Batch]]) -> None:
    for number, batch in own:
        if batch.malformed:
            con.execute(
                "insert into landing.malformed select ?, ?, row, raw, rule, message from read_parquet(?)",
                [number, batch.stream, str(batch.malformed_path)],
            )
