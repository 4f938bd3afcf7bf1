"""Closing through the command line: closed months stand, late rows become adjustments of the next month."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, attain

from attain.publish import set as sets

LATE_AND_CORRECTED = tiny_company.DEALS.replace("d03,blue,bo,won,900.00", "d03,blue,bo,won,700.00") + (
    "d11,acme,ann,won,500.00,2024-12-20,2025-01-30,\n"
)


def rows(place: Place, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(place.database), read_only=True) as con:
        return con.sql(query).fetchall()


def close(place: Place, period: str, name: str = "Zhou") -> tiny_company.Outcome:
    return attain("--company", place.company, "--home", place.home, "close", period, "--approved-by", name)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January run and closed."""
    place = Place(tmp_path_factory.mktemp("closed"))
    tiny_company.write(place.company)
    ran = place.run("2025-01")
    assert ran.exit_code == 0, ran.err
    booked = close(place, "2025-01")
    assert booked.exit_code == 0, booked.err
    return place


@pytest.fixture(scope="module")
def corrected(closed: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """After the close a deal came late, another was corrected down, Ann and her team were renamed; February was run."""
    place = closed.copied_to(tmp_path_factory.mktemp("corrected"))
    place.drop("participants.csv", tiny_company.PARTICIPANTS.replace("ann,Ann", "ann,Ann Lee"))
    place.drop("teams.csv", tiny_company.TEAMS.replace("North", "Northwest"))
    place.drop("deals.csv", LATE_AND_CORRECTED)
    ran = place.run("2025-02")
    assert ran.exit_code == 0, ran.err
    return place


def test_a_close_books_what_the_period_pays_and_publishes_it_as_closed(closed: Place) -> None:
    # Ann 3000 × 5 % + 500 × 8 %, Bo 900 × 5 %.
    assert rows(closed, "select participant_id, amount, kind, approved_by from marts.ledger order by 1") == [
        ("ann", Decimal("190.000000"), "earned", "Zhou"),
        ("bo", Decimal("45.000000"), "earned", "Zhou"),
    ]
    assert rows(closed, "select distinct status from marts.payouts where period = '2025-01'") == [("closed",)]
    assert rows(closed, "select booked_grade, booked_score = score from marts.scores where participant_id = 'ann'") == [
        ("A", True)
    ]


def test_a_closed_month_stands_and_the_difference_is_an_adjustment_of_the_next(corrected: Place) -> None:
    january = "select participant_id, earned, payable, status from marts.payouts where period = '2025-01' order by 1"
    assert rows(corrected, january)[:2] == [
        ("ann", Decimal("190.000000"), Decimal("190.000000"), "closed"),
        ("bo", Decimal("45.000000"), Decimal("45.000000"), "closed"),
    ]
    # Ann's late 500 lie above her target: 8 %. Bo lost 200 at 5 %.
    february = "select participant_id, adjustment from marts.payouts where period = '2025-02' order by 1"
    assert rows(corrected, february)[:2] == [("ann", Decimal("40.000000")), ("bo", Decimal("-10.000000"))]
    assert rows(
        corrected,
        "select participant_id, formula, amount from marts.statement_lines "
        "where period = '2025-02' and section = 'adjustments' order by 1",
    ) == [
        ("ann", "230.000000 − 190.000000", Decimal("40.000000")),
        ("bo", "35.000000 − 45.000000", Decimal("-10.000000")),
    ]


def test_a_closed_row_keeps_the_name_and_team_it_was_closed_with(corrected: Place) -> None:
    shown = "select period, name, team, status from marts.commission_table where participant_id = 'ann' order by 1"
    assert rows(corrected, shown) == [
        ("2025-01", "Ann", "North", "closed"),
        ("2025-02", "Ann Lee", "Northwest", "open"),
    ]


def test_earnings_of_a_closed_month_show_what_todays_data_say(corrected: Place) -> None:
    assert rows(
        corrected,
        "select sum(amount) from marts.earnings where participant_id = 'ann' and origin_period = '2025-01'",
    ) == [(Decimal("230.000000"),)]


def test_after_every_close_the_ledger_of_an_origin_month_is_what_is_computed(corrected: Place, tmp_path: Path) -> None:
    place = corrected.copied_to(tmp_path)
    assert close(place, "2025-02", "Li").exit_code == 0
    differences = rows(
        place,
        """
        with booked as (
            select participant_id, origin_period, sum(amount) as amount from marts.ledger group by all
        ),
        computed as (
            select participant_id, origin_period, sum(amount) as amount from marts.earnings group by all
        )
        select * from booked full join computed using (participant_id, origin_period)
        where coalesce(booked.amount, 0) <> coalesce(computed.amount, 0)
        """,
    )
    assert differences == []
    booked = "select booked_period, origin_period, kind, participant_id, amount from marts.ledger order by all"
    assert [row for row in rows(place, booked) if row[0] == "2025-02" and row[2] == "adjustment"] == [
        ("2025-02", "2025-01", "adjustment", "ann", Decimal("40.000000")),
        ("2025-02", "2025-01", "adjustment", "bo", Decimal("-10.000000")),
    ]


def test_a_period_is_closed_once_in_order_and_only_from_its_own_set(closed: Place) -> None:
    before = closed.published()
    for period, told in (
        ("2025-01", "Period 2025-01 was closed on .* by Zhou"),
        ("2025-03", "Period 2025-03 cannot be closed yet: 2025-02 is open"),
        ("2025-02", "Period 2025-02 cannot be closed: the published set is of 2025-01"),
    ):
        refused = close(closed, period)
        assert refused.exit_code == 2
        assert duckdb.sql(
            "select regexp_matches($text, $told)", params={"text": refused.err, "told": told}
        ).fetchall() == [(True,)]
    assert closed.published() == before
    assert rows(closed, "select count(*) from marts.ledger") == [(2,)]


def test_a_set_that_is_not_the_approved_one_is_not_booked(corrected: Place) -> None:
    refused = attain(
        "--company",
        corrected.company,
        "--home",
        corrected.home,
        "close",
        "2025-02",
        "--approved-by",
        "Li",
        "--set",
        "beef",
    )
    assert refused.exit_code == 2
    assert "The approved set beef is not the published one" in refused.err


def test_several_periods_in_a_row_give_the_same_as_each_alone(corrected: Place, tmp_path: Path) -> None:
    in_a_row = corrected.copied_to(tmp_path)
    for period in ("2025-01", "2025-02"):
        ran = in_a_row.run(period)
        assert ran.exit_code == 0, ran.err
    one, other = sets.current(in_a_row.home), sets.current(corrected.home)
    assert one is not None
    assert other is not None
    assert one.name != other.name
    assert dict(one.tables) == dict(other.tables)
