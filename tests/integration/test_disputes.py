"""Questions about statements through whole runs: on their line, warned of, answered, beside a closed month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Outcome, Place, attain

from attain.plurals import counted

HEADER = "dispute_id,participant_id,period,line,source_ref,question,raised_on,answer,answered_on,answered_by,outcome\n"
ASKED = HEADER + (
    "Q1,ann,2025-01,,deal d02,Is d02 at the right rate?,2025-02-03,,,,\n"
    "Q2,bo,2025-01,99,,Where is d99?,2025-02-04,,,,\n"
    "Q3,ghost,2025-01,1,,Who am I?,2025-02-04,,,,\n"
)
ANSWERED = HEADER + (
    "Q1,ann,2025-01,,deal d02,Is d02 at the right rate?,2025-02-03,It is: see the plan,2025-02-07,cy,rejected\n"
)
Q1 = "select line, component, amount, currency, status, age_days, outcome from marts.disputes where dispute_id = 'Q1'"
JANUARY = "select * exclude (run_id) from marts.statement_lines where period = '2025-01' order by participant_id, line"


def rows(place: Place, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(place.database), read_only=True) as con:
        return con.sql(query).fetchall()


def told(place: Place, *words: str) -> Outcome:
    return attain("--company", place.company, "--home", place.home, *words)


def open_for(place: Place, raised_on: str) -> int:
    """Days from `raised_on` to the set's instant of knowledge; the tiny company's days are those of UTC."""
    ((as_of,),) = rows(place, "select as_of from marts.publication")
    assert isinstance(as_of, dt.datetime)
    return (as_of.date() - dt.date.fromisoformat(raised_on)).days


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January run, with three questions about it."""
    place = Place(tmp_path_factory.mktemp("asked"))
    tiny_company.write(place.company)
    place.drop("disputes.csv", ASKED)
    with (place.company / "company.yml").open("a", encoding="utf-8") as config:
        config.write("quality: {quarantine_share: {disputes: 0.5}, open_dispute_days: {all: 7}}\n")
    ran = place.run("2025-01")
    assert ran.exit_code == 0, ran.err
    return place


@pytest.fixture(scope="module")
def answered(asked: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January closed, then a question answered and its deal corrected; February run."""
    place = asked.copied_to(tmp_path_factory.mktemp("answered"))
    booked = told(place, "close", "2025-01", "--approved-by", "Zhou")
    assert booked.exit_code == 0, booked.err
    place.drop("disputes.csv", ANSWERED)
    place.drop("deals.csv", tiny_company.DEALS.replace("d02,acme,ann,won,2500.00", "d02,acme,ann,won,2000.00"))
    ran = place.run("2025-02")
    assert ran.exit_code == 0, ran.err
    return place


def test_a_question_finds_its_line_and_an_open_one_ages(asked: Place) -> None:
    # Of Ann's 3,000 at 5 % d01 took 1,000; the first of the two lines of d02 is the 2,000 left.
    age = open_for(asked, "2025-02-03")
    assert rows(asked, Q1) == [(5, "commission", Decimal("100.000000"), "USD", "open", age, None)]
    assert rows(
        asked, "select dispute_id, name, line, is_line_unknown, amount from marts.disputes where participant_id = 'bo'"
    ) == [("Q2", "Bo", 99, True, None)]
    assert rows(asked, "select record_key, rule, value from marts.quarantine where stream = 'disputes'") == [
        ("Q3", "unknown_participant", "ghost")
    ]
    parquet = asked.home / "published" / "parquet" / "disputes.parquet"
    assert duckdb.sql(f"select dispute_id from '{parquet}'").fetchall() == [("Q1",), ("Q2",)]


def test_the_pay_gate_warns_of_questions_about_nothing_and_of_old_ones(asked: Place) -> None:
    found = rows(
        asked,
        'select "check", status, expected, failed_rows from marts.quality_results where "check" like \'disputes%\' '
        "order by 1",
    )
    assert found == [("disputes_are_answered", "warned", "≤ 7", 2), ("disputes_name_a_line", "warned", "0", 1)]


def test_lines_name_their_plan_component_and_currency(asked: Place) -> None:
    found = rows(
        asked,
        "select line, section, plan, component, currency from marts.statement_lines "
        "where participant_id = 'ann' and period = '2025-01' order by line",
    )
    assert found == [
        (1, "results", "sellers", None, None),
        (2, "results", "sellers", None, None),
        (3, "score", "sellers", None, None),
        (4, "pay", "sellers", "commission", "USD"),
        (5, "pay", "sellers", "commission", "USD"),
        (6, "pay", "sellers", "commission", "USD"),
        (7, "total", None, None, "USD"),
    ]


def test_a_closed_month_stands_while_its_questions_are_answered(asked: Place, answered: Place) -> None:
    assert rows(answered, JANUARY) == rows(asked, JANUARY)
    # The deal was corrected after the close; what was disputed is what was booked.
    assert rows(answered, Q1) == [(5, "commission", Decimal("100.000000"), "USD", "answered", 4, "rejected")]
    shown = told(answered, "statement", "ann", "2025-01", "--lang", "en")
    assert shown.exit_code == 0, shown.err
    assert "Closed: these amounts are booked and stand." in shown.out
    assert "Question Q1: answered, rejected" in shown.out
    assert "It is: see the plan" in shown.out


def test_explain_tells_of_open_questions_only(asked: Place, answered: Place) -> None:
    shown = told(asked, "explain", "ann", "2025-01", "commission").out
    assert "open question Q1 (line 5), 2025-02-03: Is d02 at the right rate?" in shown
    assert "open question Q2 (line 99), 2025-02-04: Where is d99?" in told(asked, "explain", "bo", "2025-01").out
    assert "open question" not in told(answered, "explain", "ann", "2025-01").out


def test_who_approves_a_close_sees_the_open_questions_about_the_month(asked: Place) -> None:
    shown = told(asked, "close", "2025-01").out
    ages = [open_for(asked, day) for day in ("2025-02-03", "2025-02-04")]
    assert "Open questions (2):" in shown
    assert f"- Q1: ann, line 5, open for {counted(ages[0], 'day')}" in shown
    assert f"- Q2: bo, line 99, open for {counted(ages[1], 'day')}" in shown
