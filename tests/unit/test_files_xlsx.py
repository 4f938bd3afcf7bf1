"""Excel drops: typed cells, titles, merged headers, several sheets, totals, formulas."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from tests.unit.drops import Drops

from attain.errors import InputError
from attain.sources.xlsx_files import decimal_text

HEADER = ["deal_id", "owner_id", "status", "amount"]


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


def workbook(sheets: dict[str, Sequence[Sequence[Any]]]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    return book


def data(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_typed_cells_become_text_that_loses_nothing(drops: Drops) -> None:
    values = [
        7, 120000.0, 0.1, 1234567.891, 1e20, 1e-7, True,
        dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 8, 30, 5), "0012", "张三", None,
    ]  # fmt: skip
    names = [f"c{n}" for n in range(len(values))]
    drops.drop("deals.xlsx", data(workbook({"Sheet1": [[*HEADER, *names], ["d1", "ann", "won", 5, *values]]})))
    (raw,) = drops.land("select _raw from landing.deals")[0]
    assert [raw[name] for name in names] == [
        "7", "120000", "0.1", "1234567.891", "100000000000000000000", "0.0000001", "true",
        "2026-01-31", "2026-01-31T08:30:05", "0012", "张三", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1 + 0.2, "0.30000000000000004"), (-0.5, "-0.5"), (100.0, "100"), (12e15, "12000000000000000")],
)
def test_numbers_are_written_with_their_shortest_exact_digits(number: float, text: str) -> None:
    assert decimal_text(number) == text
    assert float(text) == number


def test_title_rows_blank_rows_and_a_totals_row_around_the_table_are_understood(drops: Drops) -> None:
    book = workbook(
        {"deals": [["Deals of January"], [], HEADER, ["d1", "ann", "won", 10], [], ["d2", "b", "won", 5.5]]}
    )
    page = book["deals"]
    page.append(["合计", None, None, 15.5])
    page.merge_cells("A1:D1")
    drops.drop("deals.xlsx", data(book))
    assert drops.land() == [(4, "d1", "ann", "won", "10"), (6, "d2", "b", "won", "5.5")]
    assert drops.batch().totals == ({"row": 7, "values": {"deal_id": "合计", "amount": "15.5"}},)


def test_a_header_merged_over_two_rows_is_one_header(drops: Drops) -> None:
    book = workbook(
        {
            "deals": [
                ["deal_id", "owner_id", "status", "Money", None],
                [None, None, None, "amount", "cost"],
                ["d1", "ann", "won", 10, 4],
            ]
        }
    )
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        book["deals"].merge_cells(cells)
    drops.drop("deals.xlsx", data(book))
    assert drops.land("select _row, deal_id, amount, cost from landing.deals") == [(3, "d1", "10", "4")]


def test_one_workbook_feeds_every_stream_a_sheet_is_named_after(drops: Drops) -> None:
    sheets = {
        "Teams": [["team_id"], ["t1"]],
        "deals": [HEADER, ["d1", "ann", "won", 1]],
        "Notes": [["hello"]],
    }
    drops.drop("export.xlsx", data(workbook(sheets)))
    report = drops.extract()
    assert [(one.stream, one.source_ref) for one in report.deliveries] == [
        ("teams", "export.xlsx!Teams"),
        ("deals", "export.xlsx!deals"),
    ]
    assert report.notes == ("export.xlsx: the sheet Notes was not loaded; no stream and no mapping has that name.",)
    assert drops.rows("select team_id from landing.teams") == [("t1",)]


def test_a_workbook_named_after_a_stream_gives_its_first_sheet(drops: Drops) -> None:
    drops.drop("deals.xlsx", data(workbook({"Tabelle1": [HEADER, ["d1", "ann", "won", 1]]})))
    assert drops.land() == [(2, "d1", "ann", "won", "1")]


def formula_cell(xml: str, value: str) -> bytes:
    """A workbook whose cell D2 has a formula with this cached value."""
    source = data(workbook({"deals": [HEADER, ["d1", "ann", "won", "=2*21"]]}))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            text = old.read(item)
            if item.filename == "xl/worksheets/sheet1.xml":
                assert xml.encode() in text
                text = text.replace(xml.encode(), value.encode())
            new.writestr(item, text)
    return target.getvalue()


def test_a_formula_gives_the_value_excel_calculated(drops: Drops) -> None:
    drops.drop("deals.xlsx", formula_cell("<f>2*21</f><v />", "<f>2*21</f><v>42</v>"))
    assert drops.land() == [(2, "d1", "ann", "won", "42")]
    assert drops.batch().warnings == ()


@pytest.mark.parametrize("value", ["", "<v />", "<v></v>"])
def test_a_formula_never_calculated_is_an_error_text_with_a_warning_not_an_empty_cell(drops: Drops, value: str) -> None:
    drops.drop("deals.xlsx", formula_cell("<f>2*21</f><v />", f"<f>2*21</f>{value}"))
    assert drops.only().warnings == (
        "deals.xlsx!deals: 1 formulas hold no calculated value (the first is D2: =2*21); they count as "
        "errors. Open the workbook in Excel, save it and deliver it again.",
    )
    assert drops.rows("select amount from landing.deals") == [("#FORMULA! =2*21",)]


def test_a_formula_that_calculated_an_empty_text_is_an_empty_cell(drops: Drops) -> None:
    drops.drop("deals.xlsx", formula_cell('<c r="D2"><f>2*21</f><v />', '<c r="D2" t="str"><f>""</f><v></v>'))
    assert drops.only().warnings == ()
    assert drops.rows("select amount from landing.deals") == [(None,)]


def test_values_right_of_the_header_are_malformed(drops: Drops) -> None:
    drops.drop("deals.xlsx", data(workbook({"deals": [HEADER, ["d1", "ann", "won", 1, None, "note"]]})))
    assert drops.land() == []
    assert drops.rows("select row, raw, rule from landing.malformed") == [
        (2, "d1\tann\twon\t1\t\tnote", "column_count")
    ]


def test_what_is_no_workbook_is_refused_by_name(drops: Drops) -> None:
    drops.drop("deals.xlsx", b"deal_id,owner_id\n")
    with pytest.raises(InputError, match=r"^deals\.xlsx: is not a readable \.xlsx workbook"):
        drops.extract()


def test_many_rows_keep_their_numbers(drops: Drops) -> None:
    rows = [[f"d{n}", "ann", "won", n] for n in range(2, 12_002)]
    drops.drop("deals.xlsx", data(workbook({"deals": [HEADER, *rows]})))
    assert drops.land("select count(*), count_if(deal_id <> 'd' || _row) from landing.deals") == [(12_000, 0)]
