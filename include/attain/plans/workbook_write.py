"""Plans written into a workbook, and an empty one to start from; `workbook.read_workbook` reads both back."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from attain.errors import InputError
from attain.plans.book import Plan
from attain.plans.workbook_cells import joined
from attain.plans.workbook_layout import ANY_FIELD, PARENTS, Column, Columns, Sheet, component_columns, find, sheets

Line = dict[str, str]
_ROWS_TO_FILL = 1000
_LONGEST_CHOICE = 250


def write_workbook(path: Path, plans: Sequence[Plan] = ()) -> None:
    """Writes the plans as a workbook: the columns they use; without plans every sheet and column, with notes.

    Numbers that Excel would keep otherwise than written become text. Raises InputError when the file exists.
    """
    from openpyxl import Workbook

    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{path}: is no name of a workbook; write one that ends in .xlsx.")
    if path.exists():
        raise InputError(f"{path}: exists already; name another file, or move it away.")
    book = Workbook()
    book.remove(book.worksheets[0])
    lines = _lines(plans)
    for sheet in sheets().values():
        if lines[sheet.name] or not plans:
            _fill(book.create_sheet(sheet.name), sheet, lines[sheet.name])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _lines(plans: Sequence[Plan]) -> dict[str, list[Line]]:
    """The rows of every sheet, as text by column."""
    lines: dict[str, list[Line]] = defaultdict(list)
    counts = Counter(plan.id for plan in plans)
    for plan in plans:
        data = plan.document.data
        for step in plan.at:
            data = data[step]
        key = plan.version_id if counts[plan.id] > 1 else plan.id
        for sheet in sheets().values():
            lines[sheet.name] += [_line(sheet, keys, value) for keys, value in _values(sheet, data, key)]
    return lines


def _values(sheet: Sheet, data: dict[str, Any], plan: str) -> Iterator[tuple[Line, Any]]:
    """What the sheet holds of one plan, one value per row, with the columns that say where it belongs."""
    if not sheet.path:
        yield {}, data
    elif sheet.parent:
        for row in _listed(_at(data, sheets()[sheet.parent].path), "block"):
            owner = {"plan": plan, PARENTS[sheet.parent]: str(row.get("id") or row.get("kpi"))}
            yield from ((owner, value) for value in _listed(_at(row, sheet.path), sheet.form))
    else:
        yield from (({"plan": plan}, value) for value in _listed(_at(data, sheet.path), sheet.form))


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _listed(value: Any, form: str) -> list[Any]:
    """The rows of a list or mapping; the block `payout` of a bonus is not the list `payout` of a matrix."""
    if form == "entry":
        return list(value.items()) if isinstance(value, dict) else []
    return value if isinstance(value, list) else []


def _line(sheet: Sheet, keys: Line, value: Any) -> Line:
    if sheet.form == "block":
        return {**keys, **dict(_flat(value, _columns(sheet, str(value.get("type")))))}
    cells = [joined(value)] if sheet.form == "numbers" else value
    return {**keys, **{name: str(cell) for name, cell in zip(sheet.columns, cells, strict=True)}}


def _columns(sheet: Sheet, kind: str) -> Columns:
    return component_columns(kind) if sheet.name == "components" else sheet.columns


def _flat(block: dict[str, Any], columns: Columns, prefix: str = "") -> Iterator[tuple[str, str]]:
    """The keys of a block that are columns; what has a sheet of its own is not among them."""
    for key, value in block.items():
        name = f"{prefix}{key}"
        column = find(columns, name)
        if isinstance(value, dict):
            yield from _flat(value, columns, f"{name}.")
        elif column is not None and value is not None:
            parts = value if isinstance(value, list) else [value]
            yield name, joined(parts) if column.is_list else str(value)


def _fill(page: Any, sheet: Sheet, lines: list[Line]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    headers = _headers(sheet, lines)
    for index, header in enumerate(headers, start=1):
        column = find(sheet.columns, header) or Column(header)
        title = page.cell(1, index, header)
        title.font = Font(bold=True)
        if not lines:
            _explain(page, title, column)
        for number, line in enumerate(lines, start=2):
            if header in line:
                _write(
                    page.cell(number, index), line[header], _columns(sheet, line.get("type", "")).get(header, column)
                )
        widest = max(len(header), *(len(line.get(header, "")) for line in lines), 8)
        page.column_dimensions[get_column_letter(index)].width = min(widest + 2, 60)
    page.freeze_panes = "A2"


def _headers(sheet: Sheet, lines: list[Line]) -> list[str]:
    """The columns used; without rows all but those that say in a longer way what a short one says."""
    if lines:
        used = {name: None for line in lines for name in line}
        order = list(sheet.columns)
        known = [*sheet.keys, *sorted(used, key=lambda name: _rank(name, order))]
        return [name for name in dict.fromkeys(known) if name in used]
    long = {f"{column.name}.{column.short}" for column in sheet.columns.values() if column.short}
    shown = [name.replace(ANY_FIELD, ".product_line") for name in sheet.columns if name not in long]
    return [*sheet.keys, *shown]


def _rank(name: str, order: list[str]) -> int:
    among = name if name in order else name.rpartition(".")[0] + ANY_FIELD
    return order.index(among) if among in order else -1


def _explain(page: Any, title: Any, column: Column) -> None:
    """A note on the header, and a list to choose from where only certain words are allowed."""
    from openpyxl.comments import Comment
    from openpyxl.worksheet.datavalidation import DataValidation

    allowed = ("true", "false") if column.kind == "flag" else column.allowed
    kinds = {"number": "a number", "flag": "true or false", "day": "a date like 2026-01-31", "text": "text"}
    said = f"one of {', '.join(allowed)}" if allowed else kinds[column.kind]
    title.comment = Comment(f"{said}; several are divided by ;" if column.is_list else said, "Attain")
    choice = ",".join(allowed)
    if choice and not column.is_list and len(choice) <= _LONGEST_CHOICE:
        rule = DataValidation(type="list", formula1=f'"{choice}"', allow_blank=True, showErrorMessage=False)
        rule.add(f"{title.column_letter}2:{title.column_letter}{_ROWS_TO_FILL}")
        page.add_data_validation(rule)


def _write(cell: Any, text: str, column: Column) -> None:
    """The text as the cell that reads back as it; never as a formula."""
    kept = None if column.is_list else _typed(text, column)
    if kept is None:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        return
    cell.value = kept
    if column.kind == "day":
        cell.number_format = "yyyy-mm-dd"


def _typed(text: str, column: Column) -> int | float | dt.date | None:
    from attain.sources.xlsx_files import decimal_text

    if column.kind == "day":
        return dt.date.fromisoformat(text)
    try:
        written = Decimal(text.replace("_", "")) if column.kind == "number" else None
    except ArithmeticError:
        return None
    if written is None or Decimal(decimal_text(float(written))) != written:
        return None
    return int(written) if written == written.to_integral_value() else float(written)
