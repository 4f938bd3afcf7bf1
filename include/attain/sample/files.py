"""Writing the sample's files part by part: CSV as different tools export it, or Parquet."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from attain.sample.columns import as_text

_NEEDS_QUOTES = '[",;\t\r\n]'


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written."""

    separator: str = ","
    encoding: str = "utf-8"
    byte_order_mark: bool = False


# Files as the tools of this company export them; all others are plain UTF-8 with commas.
DIALECTS = {
    "accounts": Dialect(encoding="gb18030"),
    "participants": Dialect(byte_order_mark=True),
    "survey_responses": Dialect(separator=";"),
}


class CsvFile:
    """A CSV file that is written part by part; only values that need quotes get them."""

    def __init__(self, path: Path, names: list[str], dialect: Dialect) -> None:
        self._file = path.open("wb")
        self._dialect = dialect
        if dialect.byte_order_mark:
            self._file.write(b"\xef\xbb\xbf")
        self.line(dialect.separator.join(names))

    def write(self, table: pa.Table) -> None:
        """Append the rows of a table."""
        if len(table) == 0:
            return
        text = _lines(table, self._dialect.separator)
        self._file.write(text if self._dialect.encoding == "utf-8" else _recoded(text, self._dialect.encoding))

    def line(self, text: str) -> None:
        """Append a line as it stands."""
        self._file.write(f"{text}\n".encode(self._dialect.encoding))

    def close(self) -> None:
        self._file.close()


def _lines(table: pa.Table, separator: str) -> bytes:
    """The rows as lines of CSV.

    Joined here and not by pyarrow.csv, which quotes every text and, as of pyarrow 26, writes stale memory for
    a table with an empty chunk.
    """
    text = as_text(table).combine_chunks()
    columns = [_quoted(column.combine_chunks()) for column in text.columns]
    columns[-1] = pc.binary_join_element_wise(columns[-1], "\n", "", null_handling="replace")
    lines = pc.binary_join_element_wise(*columns, separator, null_handling="replace")
    return _content(lines)


def _quoted(column: pa.Array) -> pa.Array:
    needs = pc.match_substring_regex(column, _NEEDS_QUOTES)
    if not pc.any(needs).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def _content(lines: pa.Array) -> bytes:
    """All values one after another: the bytes between the first and the last offset of a text array."""
    _, offsets, data = lines.buffers()
    first, last = (struct.unpack_from("<i", offsets, 4 * (lines.offset + place))[0] for place in (0, len(lines)))
    content: bytes = data.slice(first, last - first).to_pybytes()
    return content


def _recoded(text: bytes, encoding: str) -> bytes:
    return text.decode("utf-8").encode(encoding)


class ParquetFile:
    """A Parquet file that is written part by part; text throughout when dirty values may come, else typed."""

    def __init__(self, path: Path, *, is_text: bool) -> None:
        self._path, self._is_text = path, is_text
        self._writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        """Append the rows of a table."""
        rows = as_text(table) if self._is_text else table
        if self._writer is not None:  # text from hand-made rows becomes the type the file began with
            rows = rows.cast(self._writer.schema)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, rows.schema, compression="zstd", compression_level=1)
        self._writer.write_table(rows)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class Inbox:
    """The inbox being filled: `write` appends rows to a stream's file and counts them."""

    def __init__(self, folder: Path, *, parquet: bool, is_text: bool) -> None:
        self._folder, self._parquet, self._is_text = folder, parquet, is_text
        self._files: dict[str, CsvFile | ParquetFile] = {}
        self.rows: dict[str, int] = {}

    def write(self, name: str, table: pa.Table) -> None:
        """Append to the file `name` (a stream, or stream/part); the first table makes the header."""
        file = self._files.get(name) or self._create(name, table.column_names)
        file.write(table)
        self.rows[name] = self.rows.get(name, 0) + len(table)

    def line(self, name: str, text: str) -> bool:
        """Append a line as it stands to a CSV file; False for Parquet, which cannot hold one."""
        file = self._files.get(name)
        if isinstance(file, CsvFile):
            file.line(text)
            return True
        return False

    def close(self) -> None:
        """Finish all files."""
        for file in self._files.values():
            file.close()

    def _create(self, name: str, names: list[str]) -> CsvFile | ParquetFile:
        path = self._folder / f"{name}.{'parquet' if self._parquet else 'csv'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._parquet:
            self._files[name] = ParquetFile(path, is_text=self._is_text)
        else:
            self._files[name] = CsvFile(path, names, DIALECTS.get(name, Dialect()))
        return self._files[name]
