"""Reads Excel workbooks into landing: typed cells become text that says exactly what the cell holds."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa

from attain.errors import InputError
from attain.rows import RowWriter
from attain.sources import header
from attain.sources.broken import each_or, read_or
from attain.sources.header import Wanted

_CHUNK_ROWS = 5_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TIME_OF_DAY = re.compile(r"[hs]|am/pm", re.IGNORECASE)
# Cell errors as Excel shows them.
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def sheets(path: Path, label: str) -> list[str]:
    """Names of the workbook's visible sheets, in order. Raises InputError when it is no workbook."""
    book = _open(path, label)
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def read(path: Path, sheet: str, wanted: Wanted, label: str, rows: RowWriter) -> bool:
    """Hands the sheet's rows over; False when it is blank. Raises InputError for what is no workbook."""
    book = _open(path, label)

    def refusal(error: Exception) -> InputError:
        return _unreadable(label, error)

    try:
        with read_or(refusal):
            page = book[sheet]
            page.reset_dimensions()
            without_value = _formulas_without_value(path, page._worksheet_path)
        lines = each_or(_lines(page, without_value), refusal)
        head = list(islice(lines, header.SEARCHED_ROWS + 1))
        at = header.find(head[: header.SEARCHED_ROWS], wanted)
        if at is None:
            return False
        names, first = _header_at(head, at, wanted, label)
        if warning := header.missing_sentence(label, names, wanted):
            rows.warnings.append(warning)
        rows.start(names)
        errors = _hand_over(_numbered(head[first:], lines, first), rows, len(names))
        rows.warnings.extend(_cell_warnings(label, without_value, errors))
        return True
    finally:
        book.close()


def _open(path: Path, label: str) -> Any:
    from openpyxl import load_workbook

    with read_or(lambda error: _unreadable(label, error)):
        return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _unreadable(label: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return InputError(
        f"{label}: is not a readable .xlsx workbook ({reason}); save it from Excel, without a password. "
        "Nothing of it was loaded."
    )


def _lines(page: Any, without_value: dict[str, str]) -> Iterator[list[str]]:
    """Every row of the sheet from row 1 on, as text."""
    for cells in page.iter_rows():
        line = [cell_text(cell) for cell in cells]
        if without_value:
            for index, cell in enumerate(cells):
                coordinate = getattr(cell, "coordinate", "")
                if coordinate in without_value:
                    line[index] = f"#FORMULA! {without_value[coordinate]}"
        yield line


def cell_text(cell: Any) -> str:
    """What an openpyxl cell holds, as text: numbers by their digits, days as ISO, empty text for nothing."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return decimal_text(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time() and not _TIME_OF_DAY.search(str(cell.number_format))
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def decimal_text(value: float) -> str:
    """The shortest digits that give exactly this number back, without an exponent; `120000.0` is `120000`."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _header_at(head: list[list[str]], at: int, wanted: Wanted, label: str) -> tuple[list[str], int]:
    """Column names and the index of the first data row.

    A header merged over two rows leaves group titles above and names below: when every filled cell of the
    next row is a known name, both rows are the header and the lower name counts.
    """
    names = head[at]
    below = head[at + 1] if at + 1 < len(head) else []
    filled = [cell for cell in below if cell.strip()]
    if filled and wanted.matches(filled) == len(filled):
        width = max(len(names), len(below))
        upper, lower = _padded(names, width), _padded(below, width)
        names, at = [low if low.strip() else up for up, low in zip(upper, lower, strict=True)], at + 1
    while names and not names[-1].strip():
        names = names[:-1]
    return header.clean(names, label), at + 1


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _numbered(head: list[list[str]], rest: Iterator[list[str]], before: int) -> Iterator[tuple[int, list[str]]]:
    number = before
    for source in (iter(head), rest):
        for line in source:
            number += 1
            yield number, line


def _hand_over(lines: Iterator[tuple[int, list[str]]], rows: RowWriter, width: int) -> int:
    """Gives the rows to the writer; returns how many cells hold an Excel error."""
    errors = 0
    while chunk := list(islice(lines, _CHUNK_ROWS)):
        fitting: list[tuple[int, list[str]]] = []
        for number, line in chunk:
            errors += sum(1 for cell in line if cell.startswith("#") and cell in _ERRORS)
            if any(line[width:]):
                message = f"row {number} has values to the right of the header's {width} columns"
                rows.add_malformed(number, "\t".join(line), "column_count", message, line)
            else:
                fitting.append((number, _padded(line[:width], width)))
        numbers = pa.array([number for number, _ in fitting], pa.int64())
        values = [pa.array([line[i] or None for _, line in fitting], pa.string()) for i in range(width)]
        rows.add(numbers, values)
    return errors


def _cell_warnings(label: str, without_value: dict[str, str], errors: int) -> Iterator[str]:
    if without_value:
        coordinate, formula = next(iter(without_value.items()))
        yield (
            f"{label}: {len(without_value)} formulas hold no calculated value (the first is {coordinate}: "
            f"{formula}); they count as errors. Open the workbook in Excel, save it and deliver it again."
        )
    if errors:
        yield f"{label}: {errors} cells hold an Excel error such as #N/A; they are kept as text."


def _formulas_without_value(path: Path, part: str) -> dict[str, str]:
    """Cells with a formula but no cached value, by coordinate.

    openpyxl reports such a cell as empty, which would silently drop money that Excel never got to calculate.
    """
    with zipfile.ZipFile(path) as archive:
        with archive.open(part.lstrip("/")) as file:
            if not _contains_formula(file):
                return {}
        found: dict[str, str] = {}
        with archive.open(part.lstrip("/")) as file:
            for _, element in ElementTree.iterparse(file):
                if element.tag == f"{_MAIN}c":
                    formula = element.find(f"{_MAIN}f")
                    if formula is not None and not _is_calculated(element):
                        found[element.get("r", "")] = f"={formula.text or ''}"
                elif element.tag == f"{_MAIN}row":
                    element.clear()
        return found


def _is_calculated(cell: ElementTree.Element) -> bool:
    # Programs that only write formulas leave <v/> empty; an empty text that was calculated says so in its type.
    value = cell.find(f"{_MAIN}v")
    return value is not None and (bool(value.text) or cell.get("t") == "str")


def _contains_formula(file: Any) -> bool:
    before = b""
    while chunk := file.read(1 << 20):
        if re.search(rb"<(\w+:)?f[ />]", before + chunk):
            return True
        before = chunk[-16:]
    return False
