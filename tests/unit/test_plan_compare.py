"""What an example expects against published tables: keys select, numbers are summed and compared to six places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from attain.errors import InputError
from attain.plans.compare import differences


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("attach ':memory:' as attain")
        connection.execute("create schema attain.marts")
        connection.execute(
            """
            create table attain.marts.ledger as
            select * from (values
                ('ann', '2026-01', 'earned', 5000.000000::decimal(24,6), 'CNY'),
                ('ann', '2026-01', 'adjustment', -1000.5::decimal(24,6), 'CNY'),
                ('bob', '2026-01', 'earned', 0::decimal(24,6), 'CNY'),
                ('cyd', '2026-01', 'earned', null::decimal(24,6), 'USD')
            ) as rows (participant_id, origin_period, kind, amount, currency)
            """
        )
        connection.execute(
            """
            create table attain.marts.earnings as
            select * from (values
                ('d1', 1.2::decimal(24,6), 0.3333335::decimal(24,10), '1'),
                ('d1', 0::decimal(24,6), 2::decimal(24,10), '1'),
                ('d2', null::decimal(24,6), 7::decimal(24,10), '2')
            ) as rows (transaction_id, tier_from, rate, line)
            """
        )
        connection.execute(
            "create table attain.marts.scores as select 'ann' as participant_id, null::decimal(24,6) as score, "
            "null::varchar as grade, 'incomplete' as status, 3 as rank_in_team"
        )
        yield connection


def _found(con: duckdb.DuckDBPyConnection, **expect: Any) -> list[str]:
    return differences(con, expect)


def test_what_is_as_expected_gives_no_difference(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"participant_id": "ann", "kind": "earned", "amount": "5000.00", "currency": "CNY"}]
    assert _found(con, ledger=rows) == []


def test_several_rows_are_summed(con: duckdb.DuckDBPyConnection) -> None:
    assert _found(con, ledger=[{"participant_id": "ann", "amount": "3999.5"}]) == []
    assert _found(con, ledger=[{"participant_id": "ann", "amount": "5000"}]) == [
        "ledger (participant_id ann): amount is 3999.5, expected 5000"
    ]


def test_numbers_compare_after_rounding_half_up_to_six_places(con: duckdb.DuckDBPyConnection) -> None:
    row = {"transaction_id": "d1", "tier_from": "1.20"}
    assert _found(con, earnings=[{**row, "rate": "0.333334"}]) == []
    assert _found(con, earnings=[{**row, "rate": "0.3333335"}]) == []
    assert _found(con, earnings=[{**row, "rate": "0.333333"}]) == [
        "earnings (transaction_id d1, tier_from 1.20): rate is 0.333334, expected 0.333333"
    ]


def test_tier_and_line_select_by_their_number(con: duckdb.DuckDBPyConnection) -> None:
    assert _found(con, earnings=[{"tier_from": "0", "rate": "2"}, {"line": "2", "rate": "7.000000"}]) == []
    assert _found(con, earnings=[{"tier_from": None, "rate": "7"}]) == []
    assert _found(con, earnings=[{"tier_from": "1.3", "rate": "7"}]) == ["earnings: no row with tier_from 1.3"]


def test_no_row_fails_whatever_is_expected_of_it(con: duckdb.DuckDBPyConnection) -> None:
    assert _found(con, ledger=[{"participant_id": "eve", "amount": "0"}]) == ["ledger: no row with participant_id eve"]
    assert _found(con, ledger=[{"participant_id": "eve"}]) == ["ledger: no row with participant_id eve"]


def test_null_means_null(con: duckdb.DuckDBPyConnection) -> None:
    assert _found(con, scores=[{"participant_id": "ann", "score": None, "grade": None, "status": "incomplete"}]) == []
    assert _found(con, scores=[{"participant_id": "ann", "score": "0"}]) == [
        "scores (participant_id ann): score is null, expected 0"
    ]
    assert _found(con, ledger=[{"participant_id": "bob", "amount": None}]) == [
        "ledger (participant_id bob): amount is 0, expected null"
    ]


def test_grade_status_and_currency_are_compared_and_do_not_select(con: duckdb.DuckDBPyConnection) -> None:
    assert _found(con, scores=[{"participant_id": "ann", "status": "final", "grade": "A", "rank_in_team": "2"}]) == [
        "scores (participant_id ann): status is incomplete, expected final",
        "scores (participant_id ann): grade is None, expected A",
        "scores (participant_id ann): rank_in_team is 3, expected 2",
    ]
    assert _found(con, ledger=[{"participant_id": "cyd", "currency": "CNY"}]) == [
        "ledger (participant_id cyd): currency is USD, expected CNY"
    ]


def test_only_finds_further_rows_with_a_number_other_than_0(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"participant_id": "ann", "kind": "earned", "amount": "5000"}]
    further = "ledger: there is a further row: participant_id ann, origin_period 2026-01, kind adjustment, amount "
    for only in ("true", ["ledger"]):
        found = _found(con, only=only, ledger=rows)
        assert len(found) == 1
        assert found[0].startswith(further)
    assert _found(con, only=[], ledger=rows) == []
    assert _found(con, only="true", ledger=[{"participant_id": "ann", "amount": "3999.5"}]) == []


def test_an_empty_list_with_only_says_that_a_table_has_no_number(con: duckdb.DuckDBPyConnection) -> None:
    assert len(_found(con, only=["ledger"], ledger=[])) == 2
    con.execute("delete from attain.marts.ledger where participant_id = 'ann'")
    assert _found(con, only=["ledger"], ledger=[]) == []


def test_a_table_named_by_only_alone_must_have_no_number(con: duckdb.DuckDBPyConnection) -> None:
    rows = [{"participant_id": "ann", "kind": "earned", "amount": "5000"}]
    assert _found(con, only=["scores"], ledger=rows) == [
        "scores: there is a further row: participant_id ann, status incomplete, rank_in_team 3"
    ]
    con.execute("delete from attain.marts.scores")
    assert _found(con, only=["scores"], ledger=rows) == []
    with pytest.raises(InputError, match=r"^expect.score: there is no published table of that name"):
        _found(con, only=["score"], ledger=rows)


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"payoutz": [{"amount": "1"}]}, "expect.payoutz: there is no published table of that name."),
        (
            {"ledger": [{"participant": "ann"}]},
            "expect.ledger: participant is no column of it; there are participant_id",
        ),
        ({"ledger": [{"participant_id": "ann", "amount": "much"}]}, "'much' is not a number"),
    ],
)
def test_what_cannot_be_compared_is_told(con: duckdb.DuckDBPyConnection, expect: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        differences(con, expect)
    assert told in str(caught.value)
