"""Columns of the sample's files, from whole numbers to Arrow: money from cents, dates from day numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attain.sample.dice import Flags, Ints


def ids(prefix: str, width: int, numbers: Ints, empty: Flags | None = None) -> pa.Array:
    """`prefix` and the number (at most `width` digits) filled with zeros to `width`; empty where `empty`."""
    # A leading 1 makes all numbers equally long, then gives way to the prefix: ten times faster than padding.
    digits = pa.array(numbers + 10**width, mask=empty).cast(pa.string())
    return pc.utf8_replace_slice(digits, start=0, stop=1, replacement=prefix)


def prefixed(prefix: str, numbers: Ints, empty: Flags | None = None) -> pa.Array:
    """`prefix` and the number as it is; empty where `empty`."""
    return pc.binary_join_element_wise(pa.scalar(prefix), pa.array(numbers, mask=empty).cast(pa.string()), "")


def money(cents: Ints, empty: Flags | None = None) -> pa.Array:
    """Decimals with two places from whole cents; exact, the sign fills the upper half of the 128 bits."""
    halves = np.empty((len(cents), 2), dtype=np.int64)
    halves[:, 0] = cents
    halves[:, 1] = cents >> 63
    plain = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(halves.tobytes())])
    return plain if empty is None else pc.if_else(pa.array(~empty), plain, pa.scalar(None, plain.type))


def days(numbers: Ints, empty: Flags | None = None) -> pa.Array:
    """Dates from days since 1970-01-01."""
    return pa.array(numbers.astype(np.int32), mask=empty).cast(pa.date32())


def instants(seconds: Ints, empty: Flags | None = None) -> pa.Array:
    """UTC instants as ISO text from seconds since 1970-01-01."""
    text = pa.array(seconds, mask=empty).cast(pa.timestamp("s", "UTC")).cast(pa.string())
    return pc.utf8_replace_slice(text, start=10, stop=11, replacement="T")


def words(choices: Sequence[str | None], codes: Ints, empty: Flags | None = None) -> pa.Array:
    """The words `codes` point at."""
    return pa.array(choices, type=pa.string()).take(pa.array(codes, mask=empty))


def numbers(values: Ints, empty: Flags | None = None) -> pa.Array:
    """Whole numbers."""
    return pa.array(values, mask=empty)


def ten_thousandths(values: Ints, empty: Flags | None = None) -> pa.Array:
    """Fractions with four places from whole ten-thousandths."""
    cents = money(values, empty)
    return pa.Array.from_buffers(pa.decimal128(18, 4), len(cents), cents.buffers())


def as_text(table: pa.Table) -> pa.Table:
    """The table with every column as text, as a CSV file would hold it."""
    return pa.table(
        {name: table[name].cast(pa.string()) for name in table.column_names},
        schema=pa.schema([(name, pa.string()) for name in table.column_names]),
    )


def text_rows(rows: Sequence[dict[str, str | None]], names: Sequence[str]) -> pa.Table:
    """A table of text from rows; columns a row lacks are empty."""
    return pa.table({name: pa.array([row.get(name) for row in rows], type=pa.string()) for name in names})
