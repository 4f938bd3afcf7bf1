"""Reads Parquet files into landing: every value as text that loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from attain.errors import InputError
from attain.rows import RowWriter
from attain.sources import header
from attain.sources.broken import each_or, read_or
from attain.sources.header import Wanted

_CHUNK_ROWS = 65_536


def read(path: Path, wanted: Wanted, label: str, rows: RowWriter) -> bool:
    """Hands the rows over; the first is row 2, as under a header. Raises InputError if it is no Parquet."""
    names = header.clean(_names(path, label), label)
    if warning := header.missing_sentence(label, names, wanted):
        rows.warnings.append(warning)
    rows.start(names)
    row = 2
    for batch in _batches(path, label):
        numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
        with read_or(lambda error: _unreadable(label, error)):
            values = [as_text(column) for column in batch.columns]
            # Parquet pages carry no checksum: what was damaged on the way may no longer be text.
            for value in values:
                value.validate(full=True)
        rows.add(numbers, values)
        row += batch.num_rows
    return True


def _names(path: Path, label: str) -> list[str]:
    with read_or(lambda error: _unreadable(label, error)):
        return list(pq.read_schema(path).names)


def _batches(path: Path, label: str) -> Iterator[pa.RecordBatch]:
    def refusal(error: Exception) -> InputError:
        return _unreadable(label, error)

    with read_or(refusal):
        file = pq.ParquetFile(path)
    with file:
        yield from each_or(file.iter_batches(batch_size=_CHUNK_ROWS), refusal)


def _unreadable(label: str, error: Exception) -> InputError:
    return InputError(f"{label}: is not a readable Parquet file ({error}). Nothing of it was loaded.")


def as_text(values: pa.Array) -> pa.Array:
    """Values as text: ISO dates and instants (UTC with Z), all digits, true or false, JSON for nested."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if pa.types.is_timestamp(kind):
        return _instants(values)
    if pa.types.is_nested(kind):
        return _each(values, lambda value: json.dumps(value, default=str, ensure_ascii=False))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _each(values, _bytes_text)
    if pa.types.is_floating(kind):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, kind), values)
    text = values.cast(pa.string())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _without_exponents(text, whole=pa.types.is_floating(kind))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _without_exponents(text: pa.Array, *, whole: bool) -> pa.Array:
    """Numbers written out; with `whole`, `120000.0` becomes `120000`, while a decimal keeps its zeros."""
    if whole:
        text = pc.replace_substring_regex(text, r"\.0$", "")
    written = pc.match_substring(text, "e", ignore_case=True)
    if not pc.any(written).as_py():
        return text
    return _each(text, lambda number: format(Decimal(number), "f") if "e" in number.lower() else number)


def _instants(values: pa.Array) -> pa.Array:
    zone, unit = values.type.tz, values.type.unit
    if zone:
        values = values.cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit))
    text = pc.replace_substring(values.cast(pa.string()), " ", "T")
    text = pc.replace_substring_regex(text, r"\.0+$", "")
    text = pc.replace_substring_regex(text, r"(\.\d*[1-9])0+$", r"\1")
    if zone:
        return pc.binary_join_element_wise(text, pa.scalar("Z"), "")
    # Data frames know no dates: what was a date there arrives as midnight.
    return pc.replace_substring_regex(text, "T00:00:00$", "")


def _each(values: pa.Array, text: Callable[[Any], str]) -> pa.Array:
    return pa.array([None if value is None else text(value) for value in values.to_pylist()], pa.string())


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()
