"""The KPI models, run by dbt over a small company whose every figure can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from tests.dbt.kpi_rows import deals, finance, surveys_and_work
from tests.dbt.kpi_world import base_rows, create

from attain.modelling import Workplace, build

SELECTED = "path:models/intermediate/facts path:models/intermediate/kpis int_fx_rates kpi_values kpi_credits"

Values = dict[tuple[str, str, str, str, str, str], Any]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    folder = tmp_path_factory.mktemp("kpis")
    place = Workplace(folder / "warehouse.duckdb", folder / "attain.duckdb", folder)
    with duckdb.connect(place.warehouse) as connection:
        create(connection, {**base_rows(), **deals(), **finance(), **surveys_and_work()})
    build(place, SELECTED)
    return place


@pytest.fixture(scope="module")
def database(workplace: Workplace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(workplace.warehouse) as connection:
        connection.execute(f"attach '{workplace.marts}' as attain (read_only)")
        yield connection


@pytest.fixture(scope="module")
def values(database: duckdb.DuckDBPyConnection) -> Values:
    rows = database.execute(
        "select kpi, variant, slice, scope_id, period, scope, value from attain.marts.kpi_values"
    ).fetchall()
    return {(kpi, variant, cut, who, period, scope): value for kpi, variant, cut, who, period, scope, value in rows}


def _value(values: Values, kpi: str, who: str, period: str) -> Decimal | None:
    """The value of `kpi[/variant][@slice]` of a participant, team or the company."""
    name, _, cut = kpi.partition("@")
    name, _, variant = name.partition("/")
    scope = "company" if who == "company" else "team" if who in ("all", "north", "south", "empty") else "participant"
    found = values[(name, variant, cut or "all", who, period, scope)]
    assert found is None or isinstance(found, Decimal)
    return found


def _assert_values(values: Values, expected: str) -> None:
    """Compare lines `kpi who period value`; `-` is no value."""
    lines = [line.split() for line in expected.strip().splitlines()]
    found = [[*line[:3], _value(values, *line[:3])] for line in lines]
    assert found == [[*line[:3], None if line[3] == "-" else Decimal(line[3])] for line in lines]


def test_money_of_won_deals_adds_up_and_belongs_to_the_team_of_the_day(values: Values) -> None:
    _assert_values(
        values,
        """
        bookings ann 2026-01 1060.01
        bookings ann 2026-02 500
        bookings ann 2026-Q1 1560.01
        bookings bob 2026-01 340
        bookings north 2026-01 1400.01
        bookings north 2026-Q1 1410.01
        bookings south 2026-02 500
        bookings company 2026 1920.01
        bookings@product_line=GTX bob 2026-01 140
        bookings@product_line=GTX company 2026-01 1200.01
        units ann 2026-01 2
        margin ann 2026-01 460.01
        gross_margin ann 2026-01 0.433968
        """,
    )


def test_a_deal_of_several_lines_or_people_counts_once_for_each_and_once_for_their_team(values: Values) -> None:
    _assert_values(
        values,
        """
        contract_count ann 2026-01 2
        contract_count bob 2026-01 2
        contract_count north 2026-01 3
        contract_count@product_line=GTX bob 2026-01 2
        contract_count@product_line=GTX north 2026-01 3
        contract_count cyd 2026-03 1
        contract_count south 2026-Q1 2
        contract_count all 2026-Q1 5
        contract_count company 2026-Q1 5
        average_deal_size ann 2026-01 530.005
        average_deal_size north 2026-01 466.67
        """,
    )


def test_sales_cycle_is_the_mean_or_the_middle_of_deals(values: Values) -> None:
    _assert_values(
        values,
        """
        sales_cycle/mean ann 2026-01 20
        sales_cycle/median ann 2026-01 20
        sales_cycle/mean north 2026-01 13.333333
        sales_cycle/median north 2026-01 10
        sales_cycle/median company 2026-Q1 10
        sales_cycle/mean bob 2026-01 5
        sales_cycle/mean bob 2026-03 -
        sales_cycle/median bob 2026-03 -
        """,
    )


def test_discount_leaves_out_deals_without_a_list_price(values: Values) -> None:
    _assert_values(
        values,
        """
        discount_rate ann 2026-01 0.2
        discount_rate company 2026-Q1 0.2
        discount_rate bob 2026-01 -
        """,
    )


def test_new_customers_are_accounts_by_their_first_deal(values: Values) -> None:
    _assert_values(
        values,
        """
        new_customers ann 2026-01 2
        new_customers bob 2026-01 1
        new_customers north 2026-01 2
        new_customers@deal_type=new north 2026-01 1
        new_customers ann 2026-02 0
        """,
    )


def test_growth_compares_a_year_in_progress_with_the_same_months(values: Values) -> None:
    _assert_values(
        values,
        """
        bookings_growth north 2026-01 6.00005
        bookings_growth company 2026 3.266689
        bookings_growth ann 2026-Q1 5.24004
        bookings_growth cyd 2026-Q1 -
        bookings_growth north 2025-01 -
        """,
    )


def test_quota_attainment_needs_a_target(values: Values, database: duckdb.DuckDBPyConnection) -> None:
    _assert_values(
        values,
        """
        quota_attainment ann 2026-01 0.530005
        quota_attainment bob 2026-01 -
        """,
    )
    row = database.execute(
        "select target, attainment from attain.marts.kpi_values"
        " where kpi = 'bookings' and scope_id = 'ann' and period = '2026-01' and slice = 'all'"
    ).fetchone()
    assert row == (Decimal(2000), Decimal("0.530005"))


def test_win_rate_counts_lost_deals_for_their_owner(values: Values) -> None:
    _assert_values(
        values,
        """
        win_rate bob 2026-01 0.666667
        win_rate_value bob 2026-01 0.53125
        win_rate cyd 2026-03 0.5
        win_rate_value cyd 2026-03 0.014085
        win_rate ann 2026-02 0.5
        win_rate_value ann 2026-02 1
        win_rate company 2026-Q1 0.625
        win_rate cyd 2026-02 -
        """,
    )


def test_billings_and_collections_follow_the_deals_shares(values: Values) -> None:
    _assert_values(
        values,
        """
        billings ann 2026-01 1000
        billings ann 2026-02 270
        billings bob 2026-02 90
        billings bob 2026-03 80
        billings company 2026-03 87
        collections ann 2026-02 475.01
        collections south 2026-02 475.01
        collections bob 2026-02 25
        collections ann 2026-03 26.01
        collections bob 2026-03 4
        collections cyd 2026-03 0
        """,
    )


def test_collection_rate_starts_from_what_was_open_however_old(values: Values) -> None:
    _assert_values(
        values,
        """
        collection_rate/ar ann 2026-01 0
        collection_rate/ar ann 2026-02 0.374024
        collection_rate/ar ann 2026-Q1 0.394504
        collection_rate/ar bob 2026-02 0.178571
        collection_rate/ar cyd 2026-03 -
        collection_rate/due ann 2026-01 -
        collection_rate/due ann 2026-02 0.47501
        collection_rate/due ann 2026-03 0.0867
        """,
    )


def test_days_sales_outstanding_are_of_what_was_billed_in_the_period(values: Values) -> None:
    _assert_values(
        values,
        """
        dso ann 2026-01 31
        dso ann 2026-02 82.443407
        dso ann 2026-Q1 54.494646
        dso bob 2026-03 74.0125
        dso cyd 2026-03 -
        """,
    )


def test_survey_answers_count_for_the_person_then_the_accounts_owner(values: Values) -> None:
    _assert_values(
        values,
        """
        csat/top2 ann 2026-01 0.666667
        csat/mean ann 2026-01 4
        csat/top2 bob 2026-02 0
        csat/top2 company 2026-02 0.5
        csat/top2 bob 2026-01 -
        nps ann 2026-03 0.2
        nps bob 2026-03 1
        nps company 2026-03 0.333333
        """,
    )


def test_activities_fall_on_the_companys_own_day(values: Values) -> None:
    _assert_values(
        values,
        """
        activities ann 2026-01 1
        activities ann 2026-02 1
        activities north 2026-01 1
        activities south 2026-02 1
        activities@kind=visit ann 2026-01 0
        activities@kind=visit ann 2026-02 1
        """,
    )


def test_stage_conversion_leaves_out_the_close_itself_and_second_entries(values: Values) -> None:
    _assert_values(
        values,
        """
        stage_conversion ann 2026-01 1
        stage_conversion bob 2026-01 0.666667
        stage_conversion@stage=proposal ann 2026-01 1
        stage_conversion@stage=proposal bob 2026-01 0
        stage_conversion@stage=proposal bob 2026-Q1 0
        stage_conversion bob 2026-03 -
        stage_conversion company 2026-Q1 0.666667
        """,
    )


def test_objectives_count_in_their_own_period_or_inside_a_longer_one(values: Values) -> None:
    _assert_values(
        values,
        """
        objectives ann 2026-Q1 0.8
        mbo ann 2026-Q1 0.6
        kra ann 2026-Q1 0.2
        objectives ann 2026 0.8
        objectives ann 2026-01 -
        objectives bob 2026-02 0.75
        objectives bob 2026-Q1 0.625
        objectives all 2026-Q1 0.683333
        kra bob 2026-Q1 -
        mbo cyd 2026-Q1 -
        """,
    )


def test_members_have_rows_while_they_exist_and_only_then(values: Values) -> None:
    _assert_values(
        values,
        """
        bookings cyd 2026-02 0
        contract_count cyd 2026-02 0
        average_deal_size cyd 2026-02 -
        bookings empty 2026-01 0
        bookings eve 2025-12 9999
        """,
    )
    absent = [("cyd", "2026-01"), ("eve", "2026-01")]
    assert [key for key in values if (key[3], key[4]) in absent] == []
    assert len({key for key in values if key[3:5] == ("bob", "2026-01")}) == 32


def test_credits_of_finance_add_up_and_nobodys_rows_stay_visible(database: duckdb.DuckDBPyConnection) -> None:
    rows = database.execute(
        "select participant_id, transaction_type, transaction_id, line, amount from attain.marts.kpi_credits"
        " where transaction_id in ('p2', 'p4', 'c1', 'i4') order by all"
    ).fetchall()
    assert rows == [
        ("", "invoice", "i4", "1", Decimal(7)),
        ("ann", "credit_note", "c1", "d1", Decimal(-30)),
        ("ann", "payment", "p2", "d1", Decimal("75.01")),
        ("ann", "payment", "p4", "d3", Decimal("6.01")),
        ("bob", "credit_note", "c1", "d4", Decimal(-10)),
        ("bob", "payment", "p2", "d4", Decimal(25)),
        ("bob", "payment", "p4", "d3", Decimal(4)),
    ]
    per_type = dict(
        database.execute("select transaction_type, sum(amount) from attain.marts.kpi_credits group by 1").fetchall()
    )
    assert per_type == {
        "deal": Decimal("12369.01"),
        "invoice": Decimal(1537),
        "credit_note": Decimal(-40),
        "payment": Decimal("530.02"),
    }
