"""What an example expects against what the models give: numbers to six places, everything else selects rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import duckdb

from attain.errors import InputError

# Words the product computes; every other text selects the row.
COMPUTED_WORDS = {"grade", "raw_grade", "currency", "status"}
# Numbers that belong to a table's key and therefore select.
KEY_NUMBERS = {"tier_from", "line", "slice"}
# Tables of the contract that are not built yet: an example that expects them is not judged.
NOT_BUILT = {
    "funnel",
    "customer_tiers",
    "forecasts",
    "improvement_plans",
    "talent_signals",
    "target_cascade",
}
_SIX = Decimal("0.000001")
_NUMERIC = ("DECIMAL", "INTEGER", "BIGINT", "HUGEINT", "SMALLINT", "TINYINT", "DOUBLE")

Row = dict[str, Any]


def differences(con: duckdb.DuckDBPyConnection, expect: dict[str, Any]) -> list[str]:
    """One sentence per difference between the expected rows and the published tables (schema attain.marts).

    Raises InputError for a table or column that does not exist.
    """
    only = expect.get("only")
    found: list[str] = []
    for table in expected_tables(expect):
        rows = expect.get(table, [])
        types = _columns(con, table)
        actual = _rows(con, table, types)
        matched: set[int] = set()
        for row in rows:
            found += _row_differences(table, row, types, actual, matched)
        if only == "true" or (isinstance(only, list) and table in only):
            found += _further(table, types, actual, matched)
    return found


def expected_tables(expect: dict[str, Any]) -> list[str]:
    """The tables an expectation speaks of; one that `only` names beside them must have no number at all."""
    only = expect.get("only")
    named = only if isinstance(only, list) else []
    return list(dict.fromkeys([*(table for table in expect if table != "only"), *named]))


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where database_name = 'attain' and schema_name = 'marts' and table_name = ? order by column_index",
        [table],
    ).fetchall()
    if not rows:
        raise InputError(f"expect.{table}: there is no published table of that name.")
    return dict(rows)


def _rows(con: duckdb.DuckDBPyConnection, table: str, types: dict[str, str]) -> list[Row]:
    names = list(types)
    columns = ", ".join(f'"{name}"' for name in names)
    return [
        dict(zip(names, row, strict=True))
        for row in con.execute(f"select {columns} from attain.marts.{table}").fetchall()
    ]


def _is_compared(column: str, types: dict[str, str]) -> bool:
    return column in COMPUTED_WORDS or (types[column].startswith(_NUMERIC) and column not in KEY_NUMBERS)


def _row_differences(
    table: str, expected: Row, types: dict[str, str], actual: list[Row], matched: set[int]
) -> Iterator[str]:
    for column in expected:
        if column not in types:
            raise InputError(f"expect.{table}: {column} is no column of it; there are {', '.join(types)}.")
    keys = {column: value for column, value in expected.items() if not _is_compared(column, types)}
    chosen = [
        index
        for index, row in enumerate(actual)
        if all(_same(row[column], value, types[column]) for column, value in keys.items())
    ]
    shown = ", ".join(f"{column} {value}" for column, value in keys.items())
    if not chosen:
        yield f"{table}: no row with {shown}"
        return
    matched.update(chosen)
    for column, value in expected.items():
        if column in keys:
            continue
        text = _compare(column, value, [actual[index][column] for index in chosen])
        if text:
            yield f"{table} ({shown}): {text}"


def _same(actual: Any, expected: str | None, kind: str) -> bool:
    if expected is None or actual is None:
        return actual is None and expected is None
    if kind.startswith(_NUMERIC):
        return _six(actual) == _number(expected)
    return str(actual) == expected


def _compare(column: str, expected: str | None, values: list[Any]) -> str:
    if expected is None:
        wrong = [value for value in values if value is not None]
        return f"{column} is {_shown(wrong[0])}, expected null" if wrong else ""
    if column in COMPUTED_WORDS:
        wrong = [value for value in values if value != expected]
        return f"{column} is {_shown(wrong[0])}, expected {expected}" if wrong else ""
    present = [value for value in values if value is not None]
    if not present:
        return f"{column} is null, expected {expected}"
    total = sum((_six(value) for value in present), Decimal(0))
    return "" if total == _number(expected) else f"{column} is {total.normalize():f}, expected {expected}"


def _further(table: str, types: dict[str, str], actual: list[Row], matched: set[int]) -> Iterator[str]:
    numbers = [column for column in types if _is_compared(column, types) and column not in COMPUTED_WORDS]
    for index, row in enumerate(actual):
        if index not in matched and any(row[column] for column in numbers):
            shown = ", ".join(f"{column} {value}" for column, value in row.items() if value not in (None, ""))
            yield f"{table}: there is a further row: {shown}"


def _six(value: Any) -> Decimal:
    return Decimal(value).quantize(_SIX, ROUND_HALF_UP)


def _number(text: str) -> Decimal:
    try:
        return _six(Decimal(str(text)))
    except InvalidOperation as error:
        raise InputError(f"expect: {text!r} is not a number.") from error


def _shown(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
