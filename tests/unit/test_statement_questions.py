"""Questions on a statement: the numbers of its lines, a note on each disputed line, the questions and their answers."""

from __future__ import annotations

import datetime as dt
import io

import duckdb
import pytest
from rich.console import Console
from tests.unit.statement_tables import TABLES

from attain.publish.statement_page import print_page, render_page
from attain.publish.statement_parts import Table, View
from attain.publish.statement_view import view
from attain.publish.statements import read_statements


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


def seen(
    con: duckdb.DuckDBPyConnection, language: str = "en", participant: str = "E1", period: str = "2026-02"
) -> View:
    (one,) = read_statements(con, period, dt.date.fromisoformat(f"{period}-28"), "set", "en", participant)
    return view(one, language, "Northwind", "CNY")


def table(page: View, title: str) -> Table:
    return next(one for one in page.tables if one.title == title)


def printed(page: View) -> str:
    output = io.StringIO()
    print_page(page, Console(file=output, width=220, highlight=False))
    return output.getvalue()


def test_every_line_shows_its_number_so_that_it_can_be_named(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con)
    numbers = {one.title: [row.line for row in one.rows] for one in page.tables}
    assert numbers == {
        "Targets and results": ["1", "2"],
        "Score": ["3"],
        "Pay": ["4", "5", "6", "", "7", "8"],
        "Adjustments of earlier months": ["9"],
        "Held and released": ["10"],
        "Draws and their recovery": ["11"],
        "By component": ["", "", "", "", "12", "13"],
        "Awards": ["14"],
        "Questions and answers": ["4", "4", "12", "5"],
    }
    assert {one.number for one in page.tables} == {"No."}
    assert '<th class="line">No.</th><th>Component</th>' in render_page(page)
    assert '<td class="line">9</td><td>Deals (correction of 2026-01)' in render_page(page)
    assert " 9  Deals (correction of 2026-01)" in printed(page)


def test_a_disputed_line_says_so_where_it_stands(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con)
    assert [row.asked for row in table(page, "Pay").rows] == [
        ("Question Q-1: answered, rejected", "Question Q-2: open for 1 day"),
        *[()] * 5,
    ]
    assert table(page, "By component").rows[-2].asked == ("Question Q-3: answered",)
    assert table(seen(con, "zh-CN"), "薪酬明细").rows[0].asked == (
        "疑问 Q-1：已答复，不成立",
        "疑问 Q-2：待答复，已 1 天",
    )
    assert '<tr class="line asked"><td class="line">4</td>' in render_page(page)
    assert '<span class="question">Question Q-2: open for 1 day</span>' in render_page(page)
    assert "Question Q-1: answered, rejected · Question Q-2: open for 1 day" in printed(page)


def test_questions_stand_with_their_answers_and_open_ones_with_their_age(con: duckdb.DuckDBPyConnection) -> None:
    found = table(seen(con), "Questions and answers")
    assert [column.text for column in found.columns] == [
        "Reference",
        "About",
        "Question",
        "Raised on",
        "Answer",
        "Answered on",
        "Outcome",
    ]
    d1 = "Deals · deal d1, line 2 · 5,000.00 CNY"
    assert [row.cells for row in found.rows] == [
        ("Q-1", d1, "费率不对", "2026-02-20", "See the plan", "2026-02-24", "rejected"),
        ("Q-2", d1, "Is d1 shared? <b>", "2026-03-01", "–", "–", "–"),
        ("Q-3", "Total payable · 3,499.00 CNY", "Why less?", "2026-03-01", "It waits", "2026-03-02", "–"),
        ("Q-4", "no such line · deal d9", "Where is d9?", "2026-03-01", "–", "–", "–"),
    ]
    assert [row.reason for row in found.rows] == ["", "open for 1 day", "", "open for 12 days"]
    assert "Is d1 shared? &lt;b&gt;" in render_page(seen(con))


def test_a_chinese_reader_gets_the_questions_in_chinese_words(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con, "zh-CN")
    found = table(page, "疑问与答复")
    assert [column.text for column in found.columns] == [
        "编号",
        "所涉内容",
        "疑问",
        "提出日期",
        "答复",
        "答复日期",
        "结果",
    ]
    assert found.rows[0].cells[1] == "提成 · 商机 d1（第 2 行） · 5,000.00 CNY"
    assert (found.rows[0].cells[6], found.rows[1].reason) == ("不成立", "待答复，已 1 天")
    assert found.rows[3].cells[1] == "无此行 · 商机 d9"
    assert "请将该行的行号、来源和发布版本告知销售运营" in render_page(page)


def test_questions_stand_beside_the_lines_of_a_closed_month(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con, period="2026-01")
    assert page.closed
    assert table(page, "Pay").rows[0].asked == ("Question Q-5: answered, accepted",)
    assert table(page, "Pay").rows[0].cells == ("Old name", "deal d0", "100.00 × 0.1", "10.00 CNY")
    assert [row.cells[4:] for row in table(page, "Questions and answers").rows] == [
        ("Corrected", "2026-02-03", "accepted")
    ]


def test_a_month_without_questions_has_no_such_section_but_says_how_to_ask(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from marts.disputes")
    page = seen(con)
    assert "Questions and answers" not in [one.title for one in page.tables]
    for text in (render_page(page), printed(page)):
        assert "Tell sales operations the number of its line, its source and this set." in text
    assert 'class="question"' not in render_page(page)


def test_a_line_is_in_its_own_currency_and_components_of_one_name_stay_apart(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update marts.statement_lines set label_en = 'Deals', label_zh = '提成' where line in (7, 8)")
    rows = table(seen(con), "Pay").rows
    assert [(row.line, row.cells[0], row.cells[3]) for row in rows] == [
        ("4", "Deals", "5,000.00 CNY"),
        ("5", "Deals", "5.004 CNY"),
        ("6", "Deals (rounding)", "-0.004 CNY"),
        ("", "Deals – Together", "5,005.00 CNY"),
        ("7", "Deals", "-3.00 CNY"),
        ("8", "Deals", "120 JPY"),
    ]
