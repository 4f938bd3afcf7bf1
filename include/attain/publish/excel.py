"""commission_table.xlsx: the period's pay as finance opens it. Values only: data makes no formula."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from attain.errors import AttainError
from attain.publish.sheets import ADJUSTMENTS, COMPONENTS, TABLE, Column, Sheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# Limits of the file format: rows of a sheet, characters of a cell, digits a stored number keeps exactly.
_MAX_ROWS, _MAX_TEXT, _EXACT_DIGITS = 1_048_576, 32_767, 15
_ALWAYS_EXACT = Decimal(10**9)
_MIN_WIDTH, _MAX_WIDTH = 9, 44


class Owner(Protocol):
    """What the workbook needs to know of the company; `attain.company.Company` is one."""

    @property
    def name(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def locale(self) -> str: ...
    def minor_units(self, currency: str | None = None) -> int: ...


_WORDS_ZH = {
    "open": "未结",
    "provisional": "暂估",
    "closed": "已结",
    "adjustment": "调整",
    "clawback": "追回",
}


def write_commission_workbook(
    con: duckdb.DuckDBPyConnection, path: Path, company: Owner, period: str, *, as_of: dt.datetime
) -> None:
    """Write the workbook of `period` from the tables in schema `marts` of `con`.

    Sheets: one row per person with totals, the components behind it, adjustments if there are any, and what
    the file is. Headers follow the company's locale; `as_of` (UTC) dates the file: equal tables, equal bytes.
    Raises AttainError when a sheet would have more rows than the format holds.
    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }
    book = Workbook(str(path), options)
    zh = company.locale.startswith("zh")
    created = as_of.replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": f"{company.name} {period}", "company": company.name, "created": created})
    formats = _Formats(book, company)
    for sheet in (TABLE, COMPONENTS, ADJUSTMENTS):
        rows = _rows(con, sheet, period)
        if rows or sheet is not ADJUSTMENTS:
            _write_sheet(book, formats, sheet, rows, zh=zh, footer=f"{company.name} · {period}")
    _write_about(book, formats, _about(company, period, as_of, zh), zh=zh)
    book.close()


class _Formats:
    """Cell formats, made once each; money carries the currency's code and its own number of decimals."""

    def __init__(self, book: Workbook, company: Owner) -> None:
        self._book = book
        self._company = company
        self._made: dict[tuple[str, bool], Format] = {}
        self.header = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1})
        self.text = book.add_format({})
        self.total = book.add_format({"bold": True, "top": 1})

    def money(self, currency: str, *, total: bool = False) -> Format:
        key = (currency, total)
        if key not in self._made:
            decimals = self._company.minor_units(currency)
            number = "#,##0" + ("." + "0" * decimals if decimals else "")
            pattern = f"[${currency}] {number};[Red]-[${currency}] {number}"
            style = {"bold": True, "top": 1} if total else {}
            self._made[key] = self._book.add_format({"num_format": pattern, **style})
        return self._made[key]


def _rows(con: duckdb.DuckDBPyConnection, sheet: Sheet, period: str) -> list[tuple[Any, ...]]:
    names = ", ".join(column.name for column in sheet.columns)
    rows = con.execute(f"select {names} from ({sheet.query})", {"period": period}).fetchall()
    if len(rows) + 10 > _MAX_ROWS:
        raise AttainError(
            f"The sheet {sheet.en} of {period} would have {len(rows)} rows; a workbook holds {_MAX_ROWS}. "
            "Use the Parquet files."
        )
    return rows


def _write_sheet(
    book: Workbook, formats: _Formats, sheet: Sheet, rows: list[tuple[Any, ...]], *, zh: bool, footer: str
) -> None:
    page = book.add_worksheet(sheet.zh if zh else sheet.en)
    headers = [column.zh if zh else column.en for column in sheet.columns]
    totals = _totals(sheet, rows, zh)
    for index, header in enumerate(headers):
        page.write_string(0, index, header, formats.header)
        page.set_column(index, index, _width(header, sheet.columns[index], [row[index] for row in rows + totals]))
    for number, row in enumerate(rows, start=1):
        _write_row(page, formats, sheet, number, row, zh=zh, total=False)
    for number, row in enumerate(totals, start=len(rows) + 1):
        _write_row(page, formats, sheet, number, row, zh=zh, total=True)
    page.freeze_panes(1, 2)
    # The totals stay outside, so that sorting and filtering leave them where they are.
    page.autofilter(0, 0, len(rows), len(headers) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer(f"&L{footer.replace('&', '&&')}&R&P / &N")


def _write_row(
    page: Worksheet,
    formats: _Formats,
    sheet: Sheet,
    number: int,
    row: Sequence[Any],
    *,
    zh: bool,
    total: bool,
) -> None:
    currency = str(row[sheet.currency_at] or "")
    for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
        if value is None:
            page.write_blank(number, index, None, formats.total if total else formats.text)
        elif column.kind == "money":
            _write_money(page, number, index, value, formats.money(currency, total=total))
        else:
            text = _WORDS_ZH.get(value, value) if zh and column.kind == "status" else value
            page.write_string(number, index, str(text)[:_MAX_TEXT], formats.total if total else formats.text)


def _write_money(page: Worksheet, row: int, column: int, value: Decimal, style: Format) -> None:
    # Six places at most: below a thousand million every amount fits, which spares looking at its digits.
    if abs(value) >= _ALWAYS_EXACT and len(value.normalize().as_tuple().digits) > _EXACT_DIGITS:
        # A cell's number is a double; an amount it cannot hold exactly is shown as the text it is.
        page.write_string(row, column, f"{value.normalize():f}", style)
    else:
        page.write_number(row, column, float(value), style)


def _totals(sheet: Sheet, rows: list[tuple[Any, ...]], zh: bool) -> list[tuple[Any, ...]]:
    """One row per currency: the sums of the money columns, as values."""
    names = [column.name for column in sheet.columns]
    at = names.index("currency")
    totals = []
    for currency in sorted({row[at] for row in rows if row[at]}):
        mine = [row for row in rows if row[at] == currency]
        total: list[Any] = [None] * len(names)
        total[0] = "合计" if zh else "Total"
        total[at] = currency
        for index, column in enumerate(sheet.columns):
            if column.kind == "money":
                total[index] = sum((row[index] for row in mine if row[index] is not None), Decimal(0))
        totals.append(tuple(total))
    return totals


def _width(header: str, column: Column, values: list[Any]) -> int:
    """Characters wide enough for header, filter arrow and values; East Asian letters count twice."""
    if column.kind == "money":
        # Currency code, space, sign and grouping come on top of the digits; the longest is an outermost value.
        amounts = [value for value in values if value is not None]
        shown = [f"CCC -{value:,.2f}" for value in (min(amounts), max(amounts))] if amounts else []
    else:
        shown = [str(value) for value in values if value is not None]
    longest = max((_letters(text) for text in shown), default=0)
    return min(max(longest + 2, _letters(header) + 4, _MIN_WIDTH), _MAX_WIDTH)


def _letters(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _about(company: Owner, period: str, as_of: dt.datetime, zh: bool) -> list[tuple[str, str]]:
    knowledge = as_of.replace(tzinfo=None, microsecond=0).isoformat(sep=" ") + " UTC"
    if zh:
        return [
            ("公司", company.name),
            ("期间", period),
            ("数据截至", knowledge),
            ("本位币", company.currency),
        ]
    return [
        ("Company", company.name),
        ("Period", period),
        ("Data known up to", knowledge),
        ("Currency", company.currency),
    ]


def _write_about(book: Workbook, formats: _Formats, lines: list[tuple[str, str]], *, zh: bool) -> None:
    page = book.add_worksheet("说明" if zh else "About")
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 48)
    for number, (label, value) in enumerate(lines):
        page.write_string(number, 0, label, formats.total if number == 0 else formats.text)
        page.write_string(number, 1, value, formats.text)
