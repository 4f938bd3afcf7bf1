"""The filled cells of a plan workbook, as text; formulas and Excel errors are never taken for a term of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attain.errors import InputError
from attain.plans.workbook_layout import NOTE_COLUMN, NOTES_SHEETS, Sheet, component_columns, find, sheets

# Excel in Chinese writes the wide semicolon.
_DIVIDERS = frozenset(';；"')
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^;；]+))(?:[;；]|$)')


@dataclass(frozen=True)
class Row:
    """A row that says something: the text of its filled cells, and where every column of it stands."""

    sheet: Sheet
    book: str
    filled: dict[str, str]
    cells: dict[str, str]

    def place(self, column: str = "") -> str:
        """`file, sheet S, cell C4` of a column, else of the row's first cell."""
        cell = self.cells.get(column) or next(iter(self.cells.values()))
        return f"{self.book}, sheet {self.sheet.name}, cell {cell}"


@dataclass
class Grid:
    """The rows of every sheet in the order they stand, and the mistakes met while reading them."""

    label: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def read_grid(path: Path) -> Grid:
    """Every row of every sheet of plans in the workbook. Raises InputError when it is not a workbook."""
    from openpyxl import load_workbook

    from attain.sources.broken import read_or

    def refusal(error: Exception) -> InputError:
        return InputError(
            f"{path}: is not a readable .xlsx workbook ({error}); save it from Excel, without a password."
        )

    grid = Grid(str(path))
    with read_or(refusal):
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        try:
            for page in book.worksheets:
                page.reset_dimensions()
                _read_page(page, grid)
        finally:
            book.close()
    if "plans" not in grid.rows and not grid.mistakes:
        grid.mistakes.append(f"{path}: has no sheet plans; one row of it is one version of a plan.")
    return grid


def _read_page(page: Any, grid: Grid) -> None:
    name = str(page.title).strip()
    sheet = sheets().get(name.casefold())
    if name.startswith(NOTES_SHEETS):
        return
    if sheet is None:
        known = ", ".join(sheets())
        grid.mistakes.append(
            f"{grid.label}, sheet {name}: is not a known sheet; known are {known}. A sheet of notes begins with _."
        )
        return
    lines = page.iter_rows()
    headers = _headers(next(lines, ()), sheet, grid)
    rows = [_row(cells, number, headers, sheet, grid) for number, cells in enumerate(lines, start=2)]
    grid.rows[sheet.name] = [row for row in rows if row is not None]


def _headers(cells: Any, sheet: Sheet, grid: Grid) -> list[str]:
    headers: list[str] = []
    for index, cell in enumerate(cells):
        header = str(cell.value if cell.value is not None else "").strip().casefold()
        place = f"{grid.label}, sheet {sheet.name}, cell {_coordinate(index, 1)}"
        if header and header in headers:
            grid.mistakes.append(f"{place}: column {header} stands twice.")
        elif header and not sheet.known(header):
            known = ", ".join([*sheet.keys, *sheet.columns, NOTE_COLUMN])
            grid.mistakes.append(f"{place}: {header} is not a known column here; known are {known}.")
        headers.append(header)
    return headers


def _row(cells: Any, number: int, headers: list[str], sheet: Sheet, grid: Grid) -> Row | None:
    filled: dict[str, str] = {}
    for index, cell in enumerate(cells):
        header = headers[index] if index < len(headers) else ""
        if header == NOTE_COLUMN:
            continue
        place = f"{grid.label}, sheet {sheet.name}, cell {_coordinate(index, number)}"
        text = _said(cell, f"{place}: {header}", grid)
        if text and not header:
            grid.mistakes.append(f"{place}: {text!r} stands in a column without a name; name the column in row 1.")
        elif text:
            filled[header] = text
    if not filled:
        return None
    places = {name: _coordinate(index, number) for index, name in enumerate(headers) if name}
    return Row(sheet, grid.label, filled, places)


def _said(cell: Any, place: str, grid: Grid) -> str:
    from attain.sources.xlsx_files import cell_text

    if cell.data_type == "f":
        formula = getattr(cell.value, "text", cell.value)
        grid.mistakes.append(f"{place}: holds the formula {formula}; a plan is written out, so put its value here.")
        return ""
    if cell.data_type == "e":
        grid.mistakes.append(f"{place}: holds the Excel error {cell.value}; write the value.")
        return ""
    return cell_text(cell).strip()


def _coordinate(index: int, row: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(index + 1)}{row}"


def items(text: str) -> list[str]:
    """The values of a cell, divided by semicolons; a value that holds one stands in double quotes."""
    values = [quoted.replace('""', '"') if quoted else plain.strip() for quoted, plain in _ITEM.findall(text)]
    return [value for value in values if value]


def joined(values: list[str]) -> str:
    """Values as one cell; the inverse of `items`."""
    return "; ".join(_quoted(value) if _DIVIDERS & set(value) else value for value in values)


def _quoted(value: str) -> str:
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def columns_of(row: Row) -> Iterator[tuple[str, str, bool]]:
    """The filled cells that are terms of the plan: column, text, whether it is a list; outer blocks first."""
    columns = component_columns(row.filled.get("type", "")) if row.sheet.name == "components" else row.sheet.columns
    for name in sorted((name for name in row.filled if name not in row.sheet.keys), key=lambda name: name.count(".")):
        column = find(columns, name)
        yield name, row.filled[name], bool(column and column.is_list)
