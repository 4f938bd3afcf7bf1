"""Statements: what a participant reads, value by value, from a small published set."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from rich.console import Console
from tests.unit.statement_tables import TABLES

from attain.amounts import money
from attain.company import Company, settings_from
from attain.errors import Corrupt, InputError
from attain.publish import set as sets
from attain.publish.set_seal import SetFacts
from attain.publish.statement_files import answer_statement, file_names, write_pages
from attain.publish.statement_page import print_page, render_page
from attain.publish.statement_parts import Table, View
from attain.publish.statement_view import view
from attain.publish.statement_words import Words
from attain.publish.statements import Statement, read_statements

FEBRUARY, JANUARY = dt.date(2026, 2, 28), dt.date(2026, 1, 31)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLES)
    return connection


def february(con: duckdb.DuckDBPyConnection, participant: str = "E1") -> Statement:
    (one,) = read_statements(con, "2026-02", FEBRUARY, "2026-02-abc-1", "en", participant)
    return one


def seen(con: duckdb.DuckDBPyConnection, language: str = "en", participant: str = "E1") -> View:
    return view(february(con, participant), language, "Northwind", "CNY")


def table(page: View, title: str) -> Table:
    return next(one for one in page.tables if one.title == title)


def cells(page: View, title: str) -> list[tuple[str, ...]]:
    return [row.cells for row in table(page, title).rows]


def states(page: View, title: str) -> list[tuple[str, str]]:
    return [(row.badge, row.reason) for row in table(page, title).rows]


class Text(HTMLParser):
    """The text of a page and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_results_stand_in_their_unit_beside_their_target(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con)
    assert cells(page, "Targets and results") == [
        ("Bookings", "2026-02", "1,234,567.89", "1,000,000.00", "123.46 %", "1.1", "70 %"),
        ("Collection rate", "2026-Q1", "–", "90 %", "–", "–", "30 %"),
    ]
    assert states(page, "Targets and results") == [("", ""), ("provisional", "no data")]
    assert cells(page, "Score") == [("ae", "2026-02", "0.77", "B")]
    assert states(page, "Score") == [("", "Collection rate 0.594775 < 0.6")]


def test_every_amount_shows_its_deal_its_formula_and_why_it_waits(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con)
    assert cells(page, "Pay") == [
        ("Deals", "deal d1, line 2", "100,000.00 × 0.05", "5,000.00 CNY"),
        ("Deals", "deal d2", "100.00 × 0.05004", "5.004 CNY"),
        ("Deals (rounding)", "ae/deals", "", "-0.004 CNY"),
        ("Deals – Together", "", "", "5,005.00 CNY"),
        ("Late", "ae/late", "", "-3.00 CNY"),
        ("Exports", "invoice i1", "2,400 × 0.05", "120 JPY"),
    ]
    assert states(page, "Pay")[0] == ("partly payable", "waits for cash: 60 % of the deal is collected")
    assert cells(page, "Adjustments of earlier months") == [
        ("Deals (correction of 2026-01)", "ae/deals 2026-01", "8.00 − 10.00", "-2.00 CNY")
    ]
    assert cells(page, "Held and released") == [("Deals (held of 2026-02)", "ae/deals 2026-02", "-2,001.00 CNY")]
    assert states(page, "Held and released") == [("not payable yet", "waits for cash")]
    assert cells(page, "Draws and their recovery") == [("Draw (drawn of 2026-02)", "ae/draw 2026-02", "500.00 CNY")]
    assert cells(page, "Awards") == [("Champion", "ae/champion 2026-02", "first of 5", "100")]


@pytest.mark.parametrize(
    ("reference", "english", "chinese"),
    [
        ("deal d1/2", "deal d1, line 2", "商机 d1（第 2 行）"),
        ("clawback d1/1", "clawback d1", "追回 d1"),
        ("clawback d1/2", "clawback d1, line 2", "追回 d1（第 2 行）"),
        (
            "clawback d1/2026-07",
            "clawback d1, its window 2026-07 computed again without it",
            "追回 d1（其累计窗口 2026-07 剔除该单后重新计算）",
        ),
        (
            "clawback d1/2026-Q3",
            "clawback d1, its window 2026-Q3 computed again without it",
            "追回 d1（其累计窗口 2026-Q3 剔除该单后重新计算）",
        ),
        ("clawback d1/deal d1", "clawback d1, computed again without it", "追回 d1（剔除该单后重新计算）"),
    ],
)
def test_a_source_is_told_in_words(reference: str, english: str, chinese: str) -> None:
    assert (Words("en").source(reference), Words("zh-CN").source(reference)) == (english, chinese)


@pytest.mark.parametrize(
    ("basis", "rate", "amount", "shown"),
    [
        ("30", "0.1", "-3", "-30.00 × 0.1"),
        ("50", "0.1", "-3", "-50.00 × 0.1 = -5.00"),
        ("3", "0.1", "-3", ""),
        ("-2.999997", "1.000001", "-3", "-2.999997 × 1.000001"),
    ],
)
def test_a_formula_gives_the_amount_beside_it_or_says_what_it_gives(
    con: duckdb.DuckDBPyConnection, basis: str, rate: str, amount: str, shown: str
) -> None:
    con.execute(
        f"update marts.statement_lines set basis = {basis}, rate = {rate} where period = '2026-02' and line = 7"
    )
    assert cells(seen(con), "Pay")[4] == ("Late", "ae/late", shown, "-3.00 CNY")


def test_the_totals_are_finances_rows_one_per_currency(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con)
    assert page.totals == (
        (
            "3,499.00",
            "CNY",
            (
                ("Earned", "5,005.00"),
                ("Deductions", "-3.00"),
                ("Adjustments and timing", "-2,003.00"),
                ("Draws", "500.00"),
            ),
        ),
        ("120", "JPY", (("Earned", "120"),)),
    )
    assert [column.text for column in table(page, "By component").columns] == [
        "Component",
        "Earned",
        "Adjustment",
        "Held",
        "Drawn",
        "Balance owed",
        "Payable",
        "",
    ]
    assert cells(page, "By component") == [
        ("Deals", "5,005.00", "-2.00", "2,001.00", "0.00", "0.00", "3,002.00", "CNY"),
        ("draw", "0.00", "0.00", "0.00", "500.00", "500.00", "500.00", "CNY"),
        ("late", "-3.00", "0.00", "0.00", "0.00", "0.00", "-3.00", "CNY"),
        ("Exports", "120", "0", "0", "0", "0", "120", "JPY"),
        ("Total payable", "5,002.00", "-2.00", "2,001.00", "500.00", "500.00", "3,499.00", "CNY"),
        ("Total payable", "120", "0", "0", "0", "0", "120", "JPY"),
    ]


def test_only_a_component_that_waits_for_its_period_is_marked(con: duckdb.DuckDBPyConnection) -> None:
    assert states(seen(con), "By component") == [("", "")] * 6
    assert states(seen(con, participant="<b>x"), "By component") == [("provisional", ""), ("", "")]


def test_a_chinese_reader_gets_chinese_words(con: duckdb.DuckDBPyConnection) -> None:
    page = seen(con, "zh-CN")
    assert page.name == "王芳 (E1)"
    assert page.facts == (("团队", "华北一队"), ("岗位", "senior_ae"))
    assert cells(page, "薪酬明细")[:4] == [
        ("提成", "商机 d1（第 2 行）", "100,000.00 × 0.05", "5,000.00 CNY"),
        ("提成", "商机 d2", "100.00 × 0.05004", "5.004 CNY"),
        ("提成（尾差）", "ae/deals", "", "-0.004 CNY"),
        ("提成 – 小计", "", "", "5,005.00 CNY"),
    ]
    assert states(page, "薪酬明细")[0] == ("部分待发", "等待回款：该单已回款 60 %")
    assert states(page, "评分") == [("", "回款率 0.594775 < 0.6")]
    text = " ".join(Text(render_page(page)).words)
    assert '<html lang="zh-CN">' in render_page(page)
    assert "应付" in text
    assert "未结账：本月尚未关闭，金额可能变化。" in text
    assert not re.search("Payable|Earned|waits for|Preliminary", text)


def test_the_language_is_that_of_the_month_and_else_the_companys(con: duckdb.DuckDBPyConnection) -> None:
    locales = {one.participant_id: one.locale for one in read_statements(con, "2026-02", FEBRUARY, "s", "zh-CN")}
    assert locales == {"E1": "zh-CN", "<b>x": "zh-CN"}
    assert read_statements(con, "2026-01", JANUARY, "s", "zh-CN")[0].locale == "en"


def test_a_closed_month_reads_as_it_was_booked(con: duckdb.DuckDBPyConnection) -> None:
    (one,) = read_statements(con, "2026-01", JANUARY, "s", "en", "E1")
    page = view(one, "en", "Northwind", "CNY")
    assert page.closed
    assert page.note == "Closed: these amounts are booked and stand."
    assert cells(page, "Pay") == [("Old name", "deal d0", "100.00 × 0.1", "10.00 CNY")]
    assert page.totals == (("10.00", "CNY", (("Earned", "10.00"),)),)


def test_what_comes_from_data_is_text_and_the_page_loads_nothing(con: duckdb.DuckDBPyConnection) -> None:
    source = render_page(seen(con, participant="<b>x"))
    text = Text(source)
    assert '<script>alert("1")</script> & Co (<b>x)' in text.words
    assert not text.elements & {"script", "link", "img", "iframe"}
    assert "&lt;script&gt;" in source
    assert not re.search(r"https?://|src=|url\(|@import", source)
    assert "a bonus pays in the last month of its period" in text.words


def test_the_terminal_shows_the_same_and_takes_no_orders_from_names(con: duckdb.DuckDBPyConnection) -> None:
    output = io.StringIO()
    print_page(replace(seen(con), name="[red]\x1b[2J王芳"), Console(file=output, width=160, highlight=False))
    text = output.getvalue()
    assert "[red] [2J王芳" in text
    assert "\x1b" not in text
    assert "Payable 3,499.00 CNY" in text
    assert "Payable 120 JPY" in text
    assert "waits for cash: 60 % of the deal is collected" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            "update marts.commission_table set payable = 3499.01 where payable = 3499",
            "the commission table 3499.010000",
        ),
        (
            "delete from marts.statement_lines where section = 'adjustments'",
            "its lines give 3621.000000, its total 3619",
        ),
        ("delete from marts.commission_table where currency = 'JPY'", "the commission table 3499.000000 CNY"),
    ],
)
def test_a_statement_that_does_not_add_up_reaches_nobody(
    con: duckdb.DuckDBPyConnection, change: str, sentence: str
) -> None:
    con.execute(change)
    with pytest.raises(Corrupt, match=sentence):
        february(con)


def test_a_month_or_person_without_a_statement_is_named(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(
        InputError, match="no statement for participant E9 in 2026-02; it holds statements from 2026-01"
    ):
        february(con, "E9")
    with pytest.raises(InputError, match="no statement in 2025-12"):
        read_statements(con, "2025-12", dt.date(2025, 12, 31), "s", "en")


def test_ids_become_names_that_every_file_system_takes() -> None:
    names = file_names(["E-1_a", "../../etc", "con", "王芳", "ann", "Ann", "..", "x" * 300, "a/b", "a-b"])
    assert names["E-1_a"] == "E-1_a"
    assert names["a-b"] == "a-b"
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", name) for name in names.values())
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert names["con"] != "con"
    assert names["ann"].startswith("ann-")
    assert names["../../etc"].startswith("etc-")


def test_a_page_is_written_per_person_and_replaced_by_the_next(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    pages = {"E1": seen(con, "zh-CN"), "<b>x": seen(con, participant="<b>x")}
    first = write_pages(tmp_path / "out", pages, file_names(pages))
    assert write_pages(tmp_path / "out", pages, file_names(pages)) == first
    assert first[0] == tmp_path / "out" / "E1.zh-CN.html"
    assert sorted(tmp_path.rglob("*.html")) == sorted(first)
    assert {one.name for one in (tmp_path / "out").iterdir()} == {one.name for one in first}
    assert first[0].read_text(encoding="utf-8") == render_page(pages["E1"])


def test_money_keeps_its_currencys_decimals_and_every_exact_digit() -> None:
    assert [money(Decimal(text), code) for text, code in (("1234.5", "CNY"), ("1E3", "JPY"), ("0.0045", "CNY"))] == [
        "1,234.50",
        "1,000",
        "0.0045",
    ]


def published(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> tuple[Path, Company]:
    """A state folder with the small set published in it, and its company."""
    run, home, folder = tmp_path / "run", tmp_path / "home", tmp_path / "company"
    for one in (run, home, folder):
        one.mkdir()
    con.execute(
        "create table marts.ledger (entry_id varchar, booked_period varchar, origin_period varchar, "
        "participant_id varchar, plan varchar, component varchar, kind varchar, amount decimal(24,6), currency varchar)"
    )
    con.execute(f"attach '{run / 'attain.duckdb'}' as made")
    con.execute("copy from database memory to made")
    con.execute("detach made")
    settings = {"name": "Northwind", "currency": "CNY", "first_period": "2026-01", "time_zone": "UTC", "locale": "en"}
    company = Company(folder, settings_from(settings))
    now = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
    facts = SetFacts(company, "2026-02", "r1", now, "<html></html>", {})
    sets.publish(run, home, facts=facts, keep=3, now=now)
    return home, company


def test_the_command_writes_one_page_or_everybodys_into_the_state_folder(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, company = published(tmp_path, con)
    answer_statement(home, company, "2026-02", "E1", "en", None)
    shown = capsys.readouterr().out
    assert "Payable 3,499.00 CNY" in shown
    assert str(home / "statements" / "2026-02" / "E1.en.html") in shown
    answer_statement(home, company, "2026-02", None, None, tmp_path / "all")
    assert capsys.readouterr().out == f"2 statements of 2026-02 in {tmp_path / 'all'}\n"
    names = sorted(one.name for one in (tmp_path / "all").iterdir())
    assert names[0] == "E1.zh-CN.html"
    assert re.fullmatch(r"b-x-[0-9a-f]{12}\.en\.html", names[1])


def test_a_set_of_an_earlier_version_is_told_so(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute("drop table marts.disputes")
    home, company = published(tmp_path, con)
    with pytest.raises(InputError, match="was made by an earlier version; run the period again: attain run"):
        answer_statement(home, company, "2026-02", "E1", None, None)


def test_nothing_is_written_into_the_company_folder(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    home, company = published(tmp_path, con)
    with pytest.raises(InputError, match="lies in the company folder"):
        answer_statement(home, company, "2026-02", None, None, company.folder / "statements")
    assert list(company.folder.iterdir()) == []


def test_before_the_first_set_there_is_no_statement(tmp_path: Path) -> None:
    company = Company(tmp_path, settings_from({"name": "N", "currency": "CNY", "first_period": "2026-01"}))
    with pytest.raises(InputError, match="Nothing is published yet"):
        answer_statement(tmp_path / "home", company, "2026-02", "E1", None, None)
