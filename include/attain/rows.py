"""Writes delivered rows into a batch: text as delivered, numbered as a person sees them, in flat memory.

What is true of every kind of file is decided here once: blank rows are no rows, a totals row at the end is
kept apart as a control total, rows that are no rows go to `malformed.parquet`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS = "rows.parquet"
MALFORMED = "malformed.parquet"

# What may surround a value: ASCII blanks, no-break and ideographic space, stray marks.
BLANKS = " \t\n\v\f\r\u00a0\u3000\ufeff\u200b"

_TOTAL_WORDS = {"合计", "总计", "小计", "total", "totals", "grandtotal"}
# A totals row stands at the end; a row that merely begins with such a word further up is data.
_TAIL = 3
_GROUP_ROWS = 131_072
_GROUP_BYTES = 64 << 20
_WIDE_BLANKS = [blank.encode() for blank in BLANKS if len(blank.encode()) > 1]
_MALFORMED = pa.schema([("row", pa.int64()), ("raw", pa.string()), ("rule", pa.string()), ("message", pa.string())])


def is_total(cell: str | None) -> bool:
    """Whether a row whose first filled cell is `cell` is a totals row (合计, Total, Grand total, 合计 Total …)."""
    text = (cell or "").casefold()
    words = set(re.split(r"[\s:：/|()（）]+", text)) - {"", "grand"}
    return re.sub(r"[\s:：]", "", text) in _TOTAL_WORDS or (bool(words) and words <= _TOTAL_WORDS)


class RowWriter:
    """Takes the rows of one batch and writes its files. Call `start`, `add*` as often as needed, `finish`."""

    def __init__(self, folder: Path, progress: Callable[[int], None] | None = None) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self._progress = progress
        self._writer: pq.ParquetWriter | None = None
        self._malformed_writer: pq.ParquetWriter | None = None
        self._reset([])

    def _reset(self, columns: Sequence[str]) -> None:
        self.close()
        self._columns = list(columns)
        self._writer = self._malformed_writer = None
        self._held: list[pa.Table] = []
        self._malformed: list[tuple[int, str, str, str, list[str]]] = []
        self._untidy: set[str] = set()
        self._rows = self._malformed_rows = 0
        (self.folder / MALFORMED).unlink(missing_ok=True)

    def start(self, columns: Sequence[str]) -> None:
        """Names the columns (unique without regard to case, none called `_row`); drops earlier rows."""
        self._reset(columns)
        schema = pa.schema([("_row", pa.int64()), *((name, pa.string()) for name in columns)])
        self._writer = pq.ParquetWriter(self.folder / ROWS, schema, compression="zstd", compression_level=1)

    def add(self, numbers: pa.Array, values: Sequence[pa.Array | pa.ChunkedArray]) -> None:
        """Adds rows: their numbers (int64) and one text array per column; NULL is an empty cell."""
        table = _without_blank_rows(pa.table([numbers, *values], names=["_row", *self._columns]))
        if self._progress:
            self._progress(table.num_rows)
        self._held.append(table)
        held = sum(part.num_rows for part in self._held)
        if held >= _GROUP_ROWS or sum(part.nbytes for part in self._held) >= _GROUP_BYTES:
            self._write(max(held - _TAIL, 0))

    def add_malformed(self, row: int, raw: str, rule: str, message: str, cells: list[str]) -> None:
        """Adds a row that does not fit the header: its text, why, its cells (to recognise a total)."""
        self._malformed.append((row, raw, rule, message, cells))
        if len(self._malformed) >= 10_000:
            self._write_malformed(self._malformed[:-_TAIL])
            del self._malformed[:-_TAIL]

    def close(self) -> None:
        """Lets go of the files without finishing (after a fault)."""
        for writer in (self._writer, self._malformed_writer):
            if writer is not None:
                writer.close()

    def finish(self) -> dict[str, Any]:
        """Writes what is held; gives columns, counts of rows and malformed, totals, untidy, warnings."""
        held = sum(part.num_rows for part in self._held)
        self._write(max(held - _TAIL, 0))
        totals = self._set_totals_aside()
        self._write(sum(part.num_rows for part in self._held))
        self._write_malformed(self._malformed)
        self.close()
        return {
            "columns": self._columns,
            "rows": self._rows,
            "malformed": self._malformed_rows,
            "totals": totals,
            "untidy": sorted(self._untidy, key=self._columns.index),
            "warnings": self.warnings,
        }

    def _set_totals_aside(self) -> list[dict[str, Any]]:
        if not self._columns:
            return []
        tail = pa.concat_tables(self._held).to_pylist() if self._held else []
        candidates: list[tuple[int, list[str | None]]] = [
            (row["_row"], [row[name] for name in self._columns]) for row in tail
        ]
        candidates += [(row, list(cells)) for row, _, _, _, cells in self._malformed[-_TAIL:]]
        totals = []
        for row, cells in sorted(candidates, key=lambda item: item[0])[-_TAIL:]:
            if is_total(next((cell for cell in cells if cell and cell.strip(BLANKS)), None)):
                filled = {name: cell for name, cell in zip(self._columns, cells, strict=False) if cell}
                totals.append({"row": row, "values": filled})
        rows = [total["row"] for total in totals]
        self._held = [part.filter(pc.invert(pc.is_in(part["_row"], pa.array(rows, pa.int64())))) for part in self._held]
        self._malformed = [entry for entry in self._malformed if entry[0] not in rows]
        return totals

    def _write(self, count: int) -> None:
        if not count or self._writer is None:
            return
        table = pa.concat_tables(self._held)
        part, rest = table.slice(0, count), table.slice(count)
        for name in self._columns:
            if name not in self._untidy and any(_is_untidy(chunk) for chunk in part[name].chunks):
                self._untidy.add(name)
        self._writer.write_table(part, row_group_size=_GROUP_ROWS)
        self._rows += count
        self._held = [rest] if rest.num_rows else []

    def _write_malformed(self, entries: list[tuple[int, str, str, str, list[str]]]) -> None:
        if not entries:
            return
        if self._malformed_writer is None:
            path = self.folder / MALFORMED
            self._malformed_writer = pq.ParquetWriter(path, _MALFORMED, compression="zstd", compression_level=1)
        columns = list(zip(*(entry[:4] for entry in entries), strict=True))
        arrays = [pa.array(column, field.type) for column, field in zip(columns, _MALFORMED, strict=True)]
        self._malformed_writer.write_table(pa.table(arrays, schema=_MALFORMED))
        self._malformed_rows += len(entries)


def _without_blank_rows(table: pa.Table) -> pa.Table:
    blank = None
    for column in table.columns[1:]:
        if column.null_count == 0:
            return table
        empty = pc.is_null(column)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return table
    return table if blank is None else table.filter(pc.invert(blank))


def _is_untidy(values: pa.Array) -> bool:
    """Whether any value begins or ends with a blank or holds a NUL: only such columns need cleaning when
    read.

    Works on Arrow's buffers: trimming every value of a clean file would cost more than reading it.
    """
    data = values.buffers()[2]
    if data is None or not len(values):
        return False
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
    first, last = int(offsets[0]), int(offsets[-1])
    text = np.frombuffer(data, np.uint8)[:last]
    if b"\0" in text[first:last].tobytes():
        return True
    filled = offsets[1:] > offsets[:-1]
    starts, ends = offsets[:-1][filled], offsets[1:][filled] - 1
    if bool((text[starts] <= 32).any()) or bool((text[ends] <= 32).any()):
        return True
    if int(text[first:last].max(initial=0)) < 128:
        return False
    return any(_touches(text, starts, ends, np.frombuffer(blank, np.uint8)) for blank in _WIDE_BLANKS)


def _touches(text: Any, starts: Any, ends: Any, blank: Any) -> bool:
    width = len(blank)
    long_enough = ends - starts + 1 >= width
    heads = starts[long_enough & (text[starts] == blank[0])]
    tails = ends[long_enough & (text[ends] == blank[-1])]
    at_head = (text[heads[:, None] + np.arange(width)] == blank).all(axis=1)
    at_tail = (text[tails[:, None] - np.arange(width)[::-1]] == blank).all(axis=1)
    return bool(at_head.any() or at_tail.any())
