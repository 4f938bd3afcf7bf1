"""Reads CSV files into landing: every cell as text, a gigabyte in flat memory."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from attain.errors import InputError
from attain.rows import RowWriter
from attain.sources import csv_text, header
from attain.sources.csv_text import Layout
from attain.sources.header import Wanted

# Measured on 140 MB: 4 MB blocks parse fastest; a row larger than a block asks for a larger one.
_BLOCKS = (4 << 20, 64 << 20, 1 << 30)


def read(path: Path, wanted: Wanted, label: str, rows: RowWriter) -> bool:
    """Hands the rows over; False when there is not even a header. Raises InputError with file and row."""
    encoding = csv_text.encoding_of(path, label)
    if encoding in ("utf-8", "utf-8-sig"):
        return _read_utf8(path, len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0, wanted, label, rows)
    if encoding == "gb18030":
        rows.warnings.append(f"{label}: is not UTF-8 and was read as GB18030.")
    copy = rows.folder / ".as_utf8"
    try:
        csv_text.to_utf8(path, encoding, copy)
        return _read_utf8(copy, 0, wanted, label, rows)
    finally:
        copy.unlink(missing_ok=True)


def _read_utf8(path: Path, start: int, wanted: Wanted, label: str, rows: RowWriter) -> bool:
    layout = csv_text.layout_of(path, start, wanted, label)
    if layout is None:
        return False
    quoted = csv_text.check_quotes(path, start, layout.separator, label)
    if warning := header.missing_sentence(label, layout.columns, wanted):
        rows.warnings.append(warning)
    rows.start(layout.columns)
    if layout.data_offset < path.stat().st_size:
        _read_rows(path, layout, quoted, label, rows)
    return True


class _RaggedRows:
    """Takes rows that do not fit the header, remembers their numbers within the block being parsed."""

    def __init__(self, layout: Layout, rows: RowWriter) -> None:
        self._layout = layout
        self._rows = rows
        self.numbers: list[int] = []

    def __call__(self, row: pacsv.InvalidRow) -> str:
        number = self._layout.header_row + row.number
        self.numbers.append(number)
        cells = next(csv.reader([row.text], delimiter=self._layout.separator), [])
        message = f"row {number} has {row.actual_columns} values, the header has {row.expected_columns}"
        self._rows.add_malformed(number, row.text, "column_count", message, cells)
        return "skip"


def _read_rows(path: Path, layout: Layout, quoted: bool, label: str, rows: RowWriter) -> None:
    for block in _BLOCKS:
        rows.start(layout.columns)
        ragged = _RaggedRows(layout, rows)
        row = layout.header_row
        try:
            for batch in _open(path, layout, quoted, ragged, block):
                numbers = _numbered(row, batch.num_rows, ragged.numbers)
                row = int(numbers[-1]) if len(numbers) else row
                rows.add(pa.array(numbers), batch.columns)
            return
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            if "straddl" not in str(error) or block == _BLOCKS[-1]:
                raise InputError(f"{label}: cannot be read as CSV after row {row}: {error}") from error


def _open(path: Path, layout: Layout, quoted: bool, ragged: _RaggedRows, block: int) -> pacsv.CSVStreamingReader:
    file = pa.OSFile(str(path))
    file.seek(layout.data_offset)
    return pacsv.open_csv(
        file,
        # One thread, or pyarrow cannot say which row does not fit; parsing is not what takes the time.
        read_options=pacsv.ReadOptions(use_threads=False, block_size=block, column_names=layout.columns),
        parse_options=pacsv.ParseOptions(
            delimiter=layout.separator,
            newlines_in_values=quoted,
            # Blank lines have a row number too; they come as rows of NULLs and are dropped after numbering.
            ignore_empty_lines=False,
            invalid_row_handler=ragged,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(layout.columns, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
            check_utf8=False,
        ),
    )


def _numbered(row: int, count: int, skipped: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Numbers of the `count` rows after `row`, leaving out the `skipped` ones, which it uses up."""
    last, used = row + count, 0
    while used < len(skipped) and skipped[used] <= last:
        last, used = last + 1, used + 1
    numbers = np.arange(row + 1, last + 1, dtype=np.int64)
    numbers = np.delete(numbers, np.array(skipped[:used], dtype=np.int64) - row - 1)
    del skipped[:used]
    return numbers
