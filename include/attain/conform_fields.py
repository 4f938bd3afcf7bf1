"""The fields of landed rows as expressions: canonical columns through their mapping, raw ones as delivered.

Names and values that were delivered reach DuckDB only through its expression API, which quotes them itself;
none is ever spliced into SQL by hand (architecture, rule 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from duckdb import (
    CaseExpression,
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
)

from attain.landing import Batch
from attain.mapping import DELETED, ColumnRule, Entry
from attain.rows import BLANKS
from attain.streams import Stream

_ISO = {"date": "%Y-%m-%d", "instant": "%Y-%m-%dT%H:%M:%S"}
# What relations are called in expressions: after a qualifier DuckDB takes a column's name as it is, unparsed.
ALIAS = "delivered"


@dataclass(frozen=True)
class Group:
    """Batches of one stream with the same columns and the same mapping: one scan reads them all."""

    entry: Entry | None
    columns: tuple[str, ...]
    untidy: frozenset[str]
    batches: tuple[tuple[int, Batch], ...]


def fields(stream: Stream, group: Group, raw_names: list[str]) -> list[Expression]:
    """A row of the stream's view: batch and row number, the canonical columns, `_raw` with these names."""
    rules = group.entry.columns if group.entry else {}
    canonical = [
        _canonical(group, column, rules.get(column, ColumnRule()), stream.columns.get(column, "")).alias(column)
        for column in (*stream.columns, DELETED)
    ]
    raw = [delivered_field(group, name, clean=False).alias(name) for name in raw_names]
    return [
        batch_number(group).alias("_batch_no"),
        ColumnExpression(ALIAS, "_row"),
        *canonical,
        FunctionExpression("struct_pack", *raw).alias("_raw"),
    ]


def batch_number(group: Group) -> Expression:
    """The number of the batch a row stands in."""
    numbers = [number for number, _ in group.batches]
    if len(numbers) == 1:
        return ConstantExpression(numbers[0]).cast("INTEGER")
    place = (ColumnExpression(ALIAS, "_file_index") + ConstantExpression(1)).cast("BIGINT")
    return FunctionExpression("list_extract", ConstantExpression(numbers), place).cast("INTEGER")


def _canonical(group: Group, column: str, rule: ColumnRule, kind: str) -> Expression:
    if rule.value is not None:
        value = ConstantExpression(rule.value).cast("VARCHAR")
    else:
        value = delivered_field(group, rule.source or column)
        if rule.values:
            value = _mapped(value, rule.values)
        if rule.format:
            value = CoalesceOperator(_iso(value, rule, kind), value)
    for field, accepted in rule.when.items():
        matches = delivered_field(group, field).isin(*(ConstantExpression(one) for one in accepted))
        value = CaseExpression(matches, value).otherwise(no_text())
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


def delivered_field(group: Group, name: str, *, clean: bool = True) -> Expression:
    """The delivered field, NULL when there is none of that name; trimmed where the seal says it needs it."""
    actual = next((column for column in group.columns if column.casefold() == name.casefold()), None)
    if actual is None:
        return no_text()
    value: Expression = ColumnExpression(ALIAS, actual)
    if not clean or actual not in group.untidy:
        return value
    nul = FunctionExpression("chr", ConstantExpression(0))
    value = FunctionExpression("replace", value, nul, ConstantExpression(""))
    value = FunctionExpression("trim", value, ConstantExpression(BLANKS))
    return FunctionExpression("nullif", value, ConstantExpression(""))


def _mapped(value: Expression, values: dict[str, str | None]) -> Expression:
    chain: Expression | None = None
    for delivered, meant in values.items():
        then = no_text() if meant is None else ConstantExpression(meant).cast("VARCHAR")
        condition = value == ConstantExpression(delivered)
        chain = CaseExpression(condition, then) if chain is None else chain.when(condition, then)
    return value if chain is None else chain.otherwise(value)


def refusals(group: Group) -> Iterator[tuple[str, ColumnRule, Expression]]:
    """The columns whose mapping refuses values that it does not list, with the condition of a refused row."""
    for column, rule in (group.entry.columns if group.entry else {}).items():
        if rule.others == "keep":
            continue
        value = delivered_field(group, rule.source or column)
        listed = [ConstantExpression(delivered) for delivered in rule.values]
        refused = value.isnotnull() & value.isnotin(*listed)
        for field, accepted in rule.when.items():
            refused = refused & delivered_field(group, field).isin(*(ConstantExpression(one) for one in accepted))
        yield column, rule, refused


def no_text() -> Expression:
    """A text that is NULL."""
    return ConstantExpression(None).cast("VARCHAR")
