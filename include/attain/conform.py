"""Conforms landed batches: schema `landing` of a warehouse, one view of text columns per canonical stream.

Names and values that were delivered reach DuckDB only through its expression API, which quotes them itself;
none is ever spliced into SQL by hand (architecture, rule 6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duckdb import (
    CaseExpression,
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    DuckDBPyConnection,
    DuckDBPyRelation,
    Expression,
    FunctionExpression,
)

from attain.conform_tables import BatchInfo, append_rows, create_tables, landing_tables, write_batches
from attain.landing import Batch, Landing, utc
from attain.mapping import DELETED, ColumnRule, Entry, Mappings
from attain.rows import BLANKS
from attain.sqltext import literal
from attain.streams import STREAMS, Stream

__all__ = ["BatchInfo", "append_rows", "conform", "landing_tables"]

# The schema with the same views over the batches that the run before did not know.
NEW = "landing_new"
_ISO = {"date": "%Y-%m-%d", "instant": "%Y-%m-%dT%H:%M:%S"}
# What relations are called in expressions: after a qualifier DuckDB takes a column's name as it is, unparsed.
_ALIAS = "delivered"


@dataclass(frozen=True)
class _Group:
    """Batches of one stream with the same columns and the same mapping: one scan reads them all."""

    entry: Entry | None
    columns: tuple[str, ...]
    untidy: frozenset[str]
    batches: tuple[tuple[int, Batch], ...]


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
    accepted = []
    for group in groups:
        delivered = _scan(con, group)
        _keep_refused(con, stream, group, delivered)
        accepted.append((group, _without_refused(group, delivered)))
    _create_view(con, "landing", stream, accepted)


def _conform_new(con: DuckDBPyConnection, stream: Stream, groups: list[_Group]) -> None:
    con.execute(f"create schema if not exists {NEW}")
    _create_view(con, NEW, stream, [(group, _without_refused(group, _scan(con, group))) for group in groups])


def _create_view(
    con: DuckDBPyConnection, schema: str, stream: Stream, accepted: list[tuple[_Group, DuckDBPyRelation]]
) -> None:
    raw_names = _union_of_names([group for group, _ in accepted]) or list(stream.columns)
    parts = [relation.select(*_columns(stream, group, raw_names)) for group, relation in accepted]
    whole = _union(parts) if parts else _nothing(con, stream, raw_names)
    # The text is DuckDB's own rendering of the expressions: quoting is its business, not ours.
    con.execute(f"create or replace view {schema}.{stream.name} as {whole.sql_query()}")


def _scan(con: DuckDBPyConnection, group: _Group) -> DuckDBPyRelation:
    paths = ", ".join(literal(str(batch.rows_path.resolve())) for _, batch in group.batches)
    index = ", file_index as _file_index" if len(group.batches) > 1 else ""
    return con.sql(f"select *{index} from read_parquet([{paths}])").set_alias(_ALIAS)


def _columns(stream: Stream, group: _Group, raw_names: list[str]) -> list[Expression]:
    rules = group.entry.columns if group.entry else {}
    canonical = [
        _canonical(group, column, rules.get(column, ColumnRule()), stream.columns.get(column, "")).alias(column)
        for column in (*stream.columns, DELETED)
    ]
    raw = [(_delivered(group, name, clean=False)).alias(name) for name in raw_names]
    return [
        _batch_no(group).alias("_batch_no"),
        ColumnExpression(_ALIAS, "_row"),
        *canonical,
        FunctionExpression("struct_pack", *raw).alias("_raw"),
    ]


def _batch_no(group: _Group) -> Expression:
    numbers = [number for number, _ in group.batches]
    if len(numbers) == 1:
        return ConstantExpression(numbers[0]).cast("INTEGER")
    place = (ColumnExpression(_ALIAS, "_file_index") + ConstantExpression(1)).cast("BIGINT")
    return FunctionExpression("list_extract", ConstantExpression(numbers), place).cast("INTEGER")


def _canonical(group: _Group, column: str, rule: ColumnRule, kind: str) -> Expression:
    if rule.value is not None:
        value = ConstantExpression(rule.value).cast("VARCHAR")
    else:
        value = _delivered(group, rule.source or column)
        if rule.values:
            value = _mapped(value, rule.values)
        if rule.format:
            value = CoalesceOperator(_iso(value, rule, kind), value)
    for field, accepted in rule.when.items():
        matches = _delivered(group, field).isin(*(ConstantExpression(one) for one in accepted))
        value = CaseExpression(matches, value).otherwise(_null())
    if rule.default is not None:
        value = CoalesceOperator(value, ConstantExpression(rule.default))
    return value


def _iso(value: Expression, rule: ColumnRule, kind: str) -> Expression:
    """A date or instant in ISO form, NULL when none of the rule's formats fits."""
    moment = FunctionExpression("try_strptime", value, ConstantExpression(rule.format))
    if not rule.has_zone:
        return FunctionExpression("strftime", moment, ConstantExpression(_ISO[kind]))
    # Written in UTC, or the text would depend on the time zone of whoever reads the view.
    moment = FunctionExpression("timezone", ConstantExpression("UTC"), moment)
    return FunctionExpression("strftime", moment, ConstantExpression(_ISO[kind] + "Z"))


def _delivered(group: _Group, name: str, *, clean: bool = True) -> Expression:
    """The delivered field, NULL when there is none of that name; trimmed where the seal says it needs it."""
    actual = next((column for column in group.columns if column.casefold() == name.casefold()), None)
    if actual is None:
        return _null()
    value: Expression = ColumnExpression(_ALIAS, actual)
    if not clean or actual not in group.untidy:
        return value
    nul = FunctionExpression("chr", ConstantExpression(0))
    value = FunctionExpression("replace", value, nul, ConstantExpression(""))
    value = FunctionExpression("trim", value, ConstantExpression(BLANKS))
    return FunctionExpression("nullif", value, ConstantExpression(""))


def _mapped(value: Expression, values: dict[str, str | None]) -> Expression:
    chain: Expression | None = None
    for delivered, meant in values.items():
        then = _null() if meant is None else ConstantExpression(meant).cast("VARCHAR")
        condition = value == ConstantExpression(delivered)
        chain = CaseExpression(condition, then) if chain is None else chain.when(condition, then)
    return value if chain is None else chain.otherwise(value)


def _keep_refused(con: DuckDBPyConnection, stream: Stream, group: _Group, delivered: DuckDBPyRelation) -> None:
    """Adds rows with a value that `others: reject` refuses to landing.malformed, each for the first such column."""
    relation = delivered
    for column, rule, refused in _refusals(group):
        value = _delivered(group, rule.source or column)
        raw = [ColumnExpression(_ALIAS, name).alias(name) for name in group.columns]
        message = FunctionExpression(
            "concat", ConstantExpression(f"{rule.source or column} has the value "), value,
            ConstantExpression(f", which the mapping of {column} does not list ({', '.join(rule.values)})"),
        )  # fmt: skip
        rows = relation.filter(refused).select(
            _batch_no(group),
            ConstantExpression(stream.name),
            ColumnExpression(_ALIAS, "_row"),
            FunctionExpression("to_json", FunctionExpression("struct_pack", *raw)).cast("VARCHAR"),
            ConstantExpression("unmapped_value"),
            message,
        )
        con.execute(f"insert into landing.malformed {rows.sql_query()}")
        relation = relation.filter(~refused)


def _without_refused(group: _Group, relation: DuckDBPyRelation) -> DuckDBPyRelation:
    for _, _, refused in _refusals(group):
        relation = relation.filter(~refused)
    return relation


def _refusals(group: _Group) -> Iterator[tuple[str, ColumnRule, Expression]]:
    """The columns whose mapping refuses values that it does not list, with the condition of a refused row."""
    for column, rule in (group.entry.columns if group.entry else {}).items():
        if rule.others == "keep":
            continue
        value = _delivered(group, rule.source or column)
        listed = [ConstantExpression(delivered) for delivered in rule.values]
        refused = value.isnotnull() & value.isnotin(*listed)
        for field, accepted in rule.when.items():
            refused = refused & _delivered(group, field).isin(*(ConstantExpression(one) for one in accepted))
        yield column, rule, refused


def _union_of_names(groups: list[_Group]) -> list[str]:
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
    raw = [_null().alias(name) for name in raw_names]
    return (
        con.sql("select 0 as _row")
        .filter(ConstantExpression(False))
        .select(
            ConstantExpression(None).cast("INTEGER").alias("_batch_no"),
            ConstantExpression(None).cast("BIGINT").alias("_row"),
            *(_null().alias(column) for column in (*stream.columns, DELETED)),
            FunctionExpression("struct_pack", *raw).alias("_raw"),
        )
    )


def _null() -> Expression:
    return ConstantExpression(None).cast("VARCHAR")


def _load_malformed(con: DuckDBPyConnection, own: Sequence[tuple[int, Batch]]) -> None:
    for number, batch in own:
        if batch.malformed:
            con.execute(
                "insert into landing.malformed select ?, ?, row, raw, rule, message from read_parquet(?)",
                [number, batch.stream, str(batch.malformed_path)],
            )
