"""The KPI models, run by dbt over a small company whose every figure can be checked by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt.kpi_world import base_rows, create, credit

PROJECT = Path(__file__).parents[2] / "dbt_project"
SELECTED = ["path:models/intermediate/facts", "path:models/intermediate/kpis", "int_fx_rates", "kpi_values", "kpi_credits"]

Values = dict[tuple[str, str, str, str, str, str], Any]


def _deals() -> dict[str, list[dict[str, Any]]]:
    gtx = {"product_line": "GTX"}
    credits = [
        credit("d1", "ann", "2026-01-31", "1000", cost=600, units=2, list_amount=1250, created_on="2026-01-01",
               account_id="a1", is_first_of_account=True, **gtx),
        credit("d2", "ann", "2026-02-01", "500", product_line="MG", created_on="2026-01-22"),
        credit("d3", "ann", "2026-01-15", "60.01", share="0.6", created_on="2026-01-05", account_id="a3",
               deal_type="renewal", is_first_of_account=True, **gtx),
        credit("d3", "bob", "2026-01-15", "40", share="0.4", created_on="2026-01-05", account_id="a3",
               deal_type="renewal", is_first_of_account=True, **gtx),
        credit("d4", "bob", "2026-01-20", "100", created_on="2026-01-20", **gtx),
        credit("d4", "bob", "2026-01-20", "200", line="2", created_on="2026-01-20", product_line="MG"),
        credit("d5", "bob", "2025-01-10", "200"),
        credit("d7", "ann", "2025-02-10", "250"),
        credit("d8", "eve", "2025-12-15", "9999"),
        credit("d6", "bob", "2026-03-15", "10", share="0.5"),
        credit("d6", "cyd", "2026-03-15", "10", share="0.5"),
    ]  # fmt: skip
    won = [("d1", "ann", "2026-01-31"), ("d2", "ann", "2026-02-01"), ("d3", "ann", "2026-01-15"),
           ("d4", "bob", "2026-01-20"), ("d6", "bob", "2026-03-15")]  # fmt: skip
    lost = [("l1", "bob", "2026-01-31", 300, "CNY"), ("l2", "cyd", "2026-03-01", 100, "USD"),
            ("l3", "ann", "2026-02-10", 100, "USD")]  # fmt: skip
    deals: list[dict[str, Any]] = [
        {"deal_id": deal, "owner_id": owner, "status": "won", "won_on": day, "currency": "CNY",
         "deal_type": "renewal" if deal == "d3" else "new"}
        for deal, owner, day in won
    ]  # fmt: skip
    deals += [
        {"deal_id": deal, "owner_id": owner, "status": "lost", "lost_on": day, "amount": amount, "currency": currency}
        for deal, owner, day, amount, currency in lost
    ]
    deals += [{"deal_id": deal, "owner_id": "bob", "status": "open", "currency": "CNY"} for deal in ("o1", "o2")]
    return {
        "intermediate.int_deal_credits": credits,
        "intermediate.int_split_shares": [
            {"deal_id": "d3", "participant_id": "ann", "share": "0.6", "precedence": 1},
            {"deal_id": "d3", "participant_id": "bob", "share": "0.4", "precedence": 2},
        ],
        "intermediate.int_targets": [
            {"scope": "participant", "scope_id": "ann", "kpi": "bookings", "period": "2026-01", "target": 2000}
        ],
        "staging.stg_deals": deals,
        "staging.stg_products": [{"product_id": name.lower(), "product_line": name} for name in ("GTX", "MG")],
        "staging.stg_fx_rates": [{"currency": "USD", "rate_on": "2026-02-15", "rate": 7}],
    }


def _finance() -> dict[str, list[dict[str, Any]]]:
    def invoice(key: str, deal: str | None, day: str, due: str | None, amount: str, account: str | None = None) -> Any:
        return {"invoice_id": key, "deal_id": deal, "account_id": account, "invoiced_on": day, "due_on": due,
                "amount": amount, "currency": "CNY"}  # fmt: skip

    def payment(key: str, on: str | None, deal: str | None, day: str, amount: str, currency: str = "CNY") -> Any:
        return {"payment_id": key, "invoice_id": on, "deal_id": deal, "paid_on": day, "amount": amount,
                "currency": currency}  # fmt: skip

    return {
        "staging.stg_accounts": [{"account_id": "a9", "owner_id": "bob", "segment": "key"}],
        "staging.stg_invoices": [
            invoice("i0", "o2", "2024-12-15", None, "50"),
            invoice("i1", "d1", "2026-01-31", "2026-02-28", "1000"),
            invoice("i2", "d1", "2026-02-10", "2026-03-10", "300"),
            invoice("i2", "d4", "2026-02-10", "2026-03-10", "100"),
            invoice("i3", None, "2026-03-05", None, "80", "a9"),
            invoice("i4", None, "2026-03-06", None, "7"),
        ],
        "staging.stg_payments": [
            payment("p1", "i1", "d1", "2026-02-01", "400"),
            payment("p2", "i2", None, "2026-02-20", "100.01"),
            payment("p3", None, "d1", "2026-03-01", "-50"),
            payment("p4", None, "d3", "2026-03-20", "10.01"),
            payment("p5", None, "d1", "2026-03-02", "10", "USD"),
        ],
        "staging.stg_credit_notes": [
            {"credit_note_id": "c1", "invoice_id": "i2", "credited_on": "2026-02-25", "amount": 40}
        ],
    }


def _the_rest() -> dict[str, list[dict[str, Any]]]:
    def answer(survey: str, score: int, day: str, person: str | None, account: str | None = None, top: int = 5) -> Any:
        return {"survey": survey, "question": "overall", "score": score, "scale_max": top, "account_id": account,
                "participant_id": person, "responded_on": day}  # fmt: skip

    def stage(deal: str, name: str, order: int, moment: str) -> Any:
        return {"deal_id": deal, "stage": name, "stage_order": order, "entered_at": moment}

    def objective(person: str, period: str, kind: str, weight: str | None, completion: str | None) -> Any:
        return {"participant_id": person, "period": period, "kind": kind, "weight": weight, "completion": completion}

    return {
        "staging.stg_survey_responses": [
            *(answer("csat", score, "2026-01-31", "ann") for score in (5, 4, 3)),
            answer("csat", 2, "2026-02-03", None, "a9"),
            answer("csat", 9, "2026-02-03", None, None, 10),
            *(answer("nps", score, "2026-03-31", "ann", None, 10) for score in (10, 9, 8, 7, 6)),
            answer("nps", 10, "2026-03-01", "bob", None, 10),
        ],
        "staging.stg_activities": [
            {"participant_id": "ann", "kind": "visit", "occurred_at": "2026-01-31 17:00:00"},
            {"participant_id": "ann", "kind": "call", "occurred_at": "2026-01-31 15:59:59"},
        ],
        "staging.stg_deal_stages": [
            stage("d1", "lead", 1, "2026-01-05 02:00:00"),
            stage("d1", "proposal", 2, "2026-01-10 02:00:00"),
            stage("d1", "won", 5, "2026-01-31 02:00:00"),
            stage("l1", "lead", 1, "2026-01-05 02:00:00"),
            stage("l1", "proposal", 2, "2026-01-20 02:00:00"),
            stage("l1", "lost", 6, "2026-01-31 02:00:00"),
            stage("o1", "lead", 1, "2026-01-08 02:00:00"),
            stage("o1", "proposal", 2, "2026-02-02 02:00:00"),
            stage("o1", "lead", 1, "2026-03-01 02:00:00"),
        ],
        "staging.stg_objectives": [
            objective("ann", "2026-Q1", "mbo", "0.6", "1"),
            objective("ann", "2026-Q1", "kra", "0.4", "0.5"),
            objective("bob", "2026-01", "mbo", "1", "0.5"),
            objective("bob", "2026-02", "mbo", None, "1"),
            objective("bob", "2026-02", "mbo", None, "0.5"),
            objective("cyd", "2026-Q1", "mbo", "1", None),
        ],
    }


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("kpis")
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        create(connection, {**base_rows(), **_deals(), **_finance(), **_the_rest()})
    os.environ["ATTAIN_WAREHOUSE"] = str(folder / "warehouse.duckdb")
    os.environ["ATTAIN_MARTS"] = str(folder / "attain.duckdb")
    paths = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder / "target")]
    result = dbtRunner().invoke(["run", "--quiet", *paths, "--log-path", str(folder), "--select", *SELECTED])
    assert result.success, result.exception or [r.message for r in result.result if r.status != "success"]
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute(f"attach '{folder / 'attain.duckdb'}' as attain (read_only)")
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
    assert len({key for key in values if key[3:5] == ("bob", "2026-01")}) == 31


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
        "deal": Decimal("12369.01"), "invoice": Decimal(1537), "credit_note": Decimal(-40), "payment": Decimal("530.02"),
    }  # fmt: skip
