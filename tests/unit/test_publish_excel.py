"""The commission workbook: what finance sees, cell by cell, read back with another library."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import openpyxl
import pytest

from attain.company import minor_units
from attain.publish.excel import write_commission_workbook

AS_OF = dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)

TABLES = """
create schema marts;
create schema settlement;
create table settlement.close_entries (booked_period varchar, origin_period varchar, participant_id varchar,
    plan varchar, component varchar, kind varchar, amount decimal(24,6), currency varchar);
insert into settlement.close_entries values
    ('2026-10', '2026-10', 'E2', 'ae', 'accelerator', 'earned', 18000.25, 'CNY'),
    ('2026-10', '2026-08', 'E2', 'ae', 'accelerator', 'adjustment', -100, 'CNY');
create table marts.commission_table (participant_id varchar, period varchar, name varchar, team varchar,
    gross_earned decimal(24,6), adjustments decimal(24,6), draws decimal(24,6), deductions decimal(24,6),
    payable decimal(24,6), currency varchar, status varchar);
create table marts.payouts (participant_id varchar, period varchar, plan varchar, component varchar,
    earned decimal(24,6), payable decimal(24,6), adjustment decimal(24,6), held decimal(24,6),
    released decimal(24,6), clawed_back decimal(24,6), drawn decimal(24,6), recovered decimal(24,6),
    balance_owed decimal(24,6), currency varchar, status varchar, plan_version varchar);
create table marts.ledger (entry_id varchar, booked_period varchar, origin_period varchar,
    participant_id varchar, plan varchar, component varchar, kind varchar, amount decimal(24,6),
    currency varchar);
insert into marts.commission_table values
    ('E2', '2026-10', '=HYPERLINK("http://x","王芳")', '华北一队', 18000.25, -100, 0, 0, 17900.25, 'CNY',
        'open'),
    ('E1', '2026-10', 'Ann Lee', 'North', 0.1, 0, 0, 0, 0.1, 'CNY', 'open'),
    ('E3', '2026-10', 'Kenji', 'Tokyo', 120000, 0, 0, 0, 120000, 'JPY', 'provisional'),
    ('E1', '2026-09', 'Ann Lee', 'North', 999, 0, 0, 0, 999, 'CNY', 'closed');
insert into marts.payouts values
    ('E2', '2026-10', 'ae', 'bonus', 0, 0, 0, 0, 0, 0, 0, 0, 0, 'CNY', 'provisional', 'ae@2026-01-01'),
    ('E2', '2026-10', 'ae', 'accelerator', 18000.25, 17900.25, -100, 0, 0, 0, 0, 0, 0, 'CNY', 'open',
        'ae@2026-01-01'),
    ('E1', '2026-10', 'ae', 'accelerator', 0.1, 0.1, 0, 0, 0, 0, 0, 0, 0, 'CNY', 'open', 'ae@2026-01-01');
"""


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


def company(locale: str = "en") -> Any:
    return SimpleNamespace(
        name="Northwind",
        currency="CNY",
        locale=locale,
        minor_units=lambda code=None: minor_units(code or "CNY"),
    )


def workbook(con: duckdb.DuckDBPyConnection, folder: Path, locale: str = "en", period: str = "2026-10") -> Any:
    path = folder / "commission_table.xlsx"
    write_commission_workbook(con, path, company(locale), period, as_of=AS_OF)
    return openpyxl.load_workbook(path)


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_one_row_per_person_then_a_total_per_currency(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert values(workbook(con, tmp_path)["Commission"]) == [
        [
            "Participant",
            "Name",
            "Team",
            "Earned",
            "Adjustments",
            "Draws",
            "Deductions",
            "Payable",
            "Currency",
            "Status",
        ],
        ["E1", "Ann Lee", "North", 0.1, 0, 0, 0, 0.1, "CNY", "open"],
        ["E2", '=HYPERLINK("http://x","王芳")', "华北一队", 18000.25, -100, 0, 0, 17900.25, "CNY", "open"],
        ["E3", "Kenji", "Tokyo", 120000, 0, 0, 0, 120000, "JPY", "provisional"],
        ["Total", None, None, 18000.35, -100, 0, 0, 17900.35, "CNY", None],
        ["Total", None, None, 120000, 0, 0, 0, 120000, "JPY", None],
    ]


def test_no_cell_is_a_formula_or_a_link(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for sheet in workbook(con, tmp_path):
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert not any(cell.hyperlink for cell in row)


def test_money_shows_its_currency_with_that_currency_s_decimals(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    sheet = workbook(con, tmp_path)["Commission"]
    assert sheet["H2"].number_format == "[$CNY] #,##0.00;[Red]-[$CNY] #,##0.00"
    assert sheet["H4"].number_format == "[$JPY] #,##0;[Red]-[$JPY] #,##0"
    assert sheet["H5"].font.bold


def test_the_header_is_frozen_and_the_filter_leaves_the_totals_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    sheet = workbook(con, tmp_path)["Commission"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:J4"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"


def test_columns_are_wide_enough_for_what_they_show(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    sheet = workbook(con, tmp_path)["Commission"]
    assert sheet.column_dimensions["C"].width >= len("华北一队") * 2
    assert sheet.column_dimensions["H"].width >= len("JPY 120,000.00")
    assert all(9 <= dimension.width <= 46 for dimension in sheet.column_dimensions.values())


def test_headers_and_words_follow_the_company_s_language(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = workbook(con, tmp_path, "zh-CN")
    assert book.sheetnames == ["提成表", "组成明细", "调整明细", "说明"]
    rows = values(book["提成表"])
    assert rows[0] == ["人员编号", "姓名", "团队", "应计", "调整", "预支", "扣款", "应付", "币种", "状态"]
    assert [row[-1] for row in rows[1:4]] == ["未结", "未结", "暂估"]
    assert rows[4][0] == "合计"


def test_the_components_behind_the_pay_are_shown_with_names(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = values(workbook(con, tmp_path)["Components"])
    shown = [[row[0], row[1], row[3], row[4], row[11], row[15]] for row in rows[1:4]]
    assert shown == [
        ["E1", "Ann Lee", "accelerator", 0.1, 0.1, "ae@2026-01-01"],
        ["E2", '=HYPERLINK("http://x","王芳")', "accelerator", 18000.25, 17900.25, "ae@2026-01-01"],
        ["E2", '=HYPERLINK("http://x","王芳")', "bonus", 0, 0, "ae@2026-01-01"],
    ]


def test_adjustments_name_their_origin_before_the_close_and_after_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = values(workbook(con, tmp_path)["Adjustments"])
    assert rows[1] == [
        "E2",
        '=HYPERLINK("http://x","王芳")',
        "ae",
        "accelerator",
        "2026-08",
        "adjustment",
        -100,
        "CNY",
    ]
    con.execute("""insert into marts.ledger values
        ('1', '2026-10', '2026-10', 'E2', 'ae', 'accelerator', 'earned', 18000.25, 'CNY'),
        ('2', '2026-10', '2026-08', 'E2', 'ae', 'accelerator', 'adjustment', -60, 'CNY'),
        ('3', '2026-10', '2026-09', 'E2', 'ae', 'accelerator', 'adjustment', -40, 'CNY')""")
    closed = values(workbook(con, tmp_path)["Adjustments"])
    assert [row[4:7] for row in closed[1:]] == [
        ["2026-08", "adjustment", -60],
        ["2026-09", "adjustment", -40],
        [None, None, -100],
    ]


def test_who_is_paid_in_two_currencies_stands_once_in_each_on_every_sheet(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("""insert into marts.commission_table values
        ('E2', '2026-10', '王芳', 'North', 500, 20, 0, 0, 520, 'JPY', 'open')""")
    con.execute("""insert into settlement.close_entries values
        ('2026-10', '2026-09', 'E2', 'jp', 'spiff', 'adjustment', 20, 'JPY')""")
    con.execute("""insert into marts.payouts values
        ('E2', '2026-10', 'jp', 'spiff', 500, 520, 20, 0, 0, 0, 0, 0, 0, 'JPY', 'open', 'jp@2026-01-01')""")
    book = workbook(con, tmp_path)
    of_e2 = {name: [row for row in values(book[name]) if row[0] == "E2"] for name in book.sheetnames[:3]}
    assert [(row[7], row[8]) for row in of_e2["Commission"]] == [(17900.25, "CNY"), (520, "JPY")]
    assert [(row[1], row[3], row[11], row[13]) for row in of_e2["Components"]] == [
        ('=HYPERLINK("http://x","王芳")', "accelerator", 17900.25, "CNY"),
        ('=HYPERLINK("http://x","王芳")', "bonus", 0, "CNY"),
        ("王芳", "spiff", 520, "JPY"),
    ]
    assert [(row[6], row[7]) for row in of_e2["Adjustments"]] == [(-100, "CNY"), (20, "JPY")]
    con.execute("""insert into marts.ledger values
        ('1', '2026-10', '2026-08', 'E2', 'ae', 'accelerator', 'adjustment', -100, 'CNY'),
        ('2', '2026-10', '2026-09', 'E2', 'jp', 'spiff', 'adjustment', 20, 'JPY')""")
    booked = [row for row in values(workbook(con, tmp_path)["Adjustments"]) if row[0] == "E2"]
    assert [(row[1], row[6], row[7]) for row in booked] == [
        ('=HYPERLINK("http://x","王芳")', -100, "CNY"),
        ("王芳", 20, "JPY"),
    ]


def test_the_sheets_add_up_to_the_same_in_each_currency(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("""insert into marts.payouts values
        ('E3', '2026-10', 'jp', 'spiff', 120000, 120000, 0, 0, 0, 0, 0, 0, 0, 'JPY', 'open', 'jp@2026-01-01'),
        ('E1', '2026-10', 'jp', 'spiff', 7, 7, 0, 0, 0, 0, 0, 0, 0, 'JPY', 'open', 'jp@2026-01-01')""")
    con.execute("""insert into marts.commission_table values
        ('E1', '2026-10', 'Ann Lee', 'North', 7, 0, 0, 0, 7, 'JPY', 'open')""")
    book = workbook(con, tmp_path)
    payable, of_components = (
        {row[at]: row[at - shift] for row in values(book[name]) if row[0] == "Total"}
        for name, at, shift in (("Commission", 8, 1), ("Components", 13, 2))
    )
    assert payable == of_components == {"CNY": 17900.35, "JPY": 120007}


def test_without_adjustments_there_is_no_such_sheet(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = workbook(con, tmp_path, period="2026-09")
    assert book.sheetnames == ["Commission", "Components", "About"]
    assert values(book["About"]) == [
        ["Company", "Northwind"],
        ["Period", "2026-09"],
        ["Data known up to", "2026-11-01 06:30:00 UTC"],
        ["Currency", "CNY"],
    ]


def test_a_period_without_pay_gives_headers_and_no_totals(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = values(workbook(con, tmp_path, period="2020-01")["Commission"])
    assert len(rows) == 1
    assert rows[0][0] == "Participant"


def test_an_amount_with_more_digits_than_a_cell_keeps_stays_whole_as_text(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("update marts.commission_table set payable = 123456789012345.67 where participant_id = 'E1'")
    sheet = workbook(con, tmp_path)["Commission"]
    assert sheet["H2"].value == "123456789012345.67"
    assert Decimal(str(sheet["D2"].value)) == Decimal("0.1")


def test_equal_tables_give_equal_bytes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        workbook(con, tmp_path / name)
    one, two = ((tmp_path / name / "commission_table.xlsx").read_bytes() for name in ("one", "two"))
    assert one == two
    stated = openpyxl.load_workbook(tmp_path / "one" / "commission_table.xlsx").properties
    assert (stated.created, stated.title) == (AS_OF.replace(tzinfo=None), "Northwind 2026-10")
