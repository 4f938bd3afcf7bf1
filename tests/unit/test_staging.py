"""The staging models: every delivered row is typed without loss and staged, superseded or quarantined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.unit import staging_rows
from tests.unit.staging_rows import Delivered

from attain import modelling
from attain.streams import STREAMS

_SELECT = "path:models/staging path:models/intermediate/quality quarantine path:tests/staging"


class Staging:
    """The staged delivery: queries on its warehouse, and quarantine by source_ref."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, workplace: modelling.Workplace) -> None:
        self.connection = connection
        self.workplace = workplace
        self.quarantine = {row["source_ref"]: row for row in self.rows("from marts.marts.quarantine")}

    def rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, stream: str, key: str) -> dict[str, Any]:
        """The staged row of `stream` whose first key column is `key`."""
        column = STREAMS[stream].key[0]
        found = [row for row in self.rows(f"select * from staging.stg_{stream}") if row[column] == key]
        assert len(found) == 1, f"{stream} {key}: {len(found)} staged rows"
        return found[0]

    def staged(self, stream: str) -> set[tuple[int, int]]:
        return {(row["_batch_no"], row["_row"]) for row in self.rows(f"select * from staging.stg_{stream}")}


@pytest.fixture(scope="module")
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staging]:
    folder = tmp_path_factory.mktemp("staging")
    workplace = modelling.Workplace(folder / "warehouse.duckdb", folder / "attain.duckdb", folder / "scratch")
    with duckdb.connect(str(workplace.warehouse)) as connection:
        staging_rows.deliver(connection)
    modelling.build(workplace, _SELECT)
    with duckdb.connect(str(workplace.warehouse)) as connection:
        connection.execute(f"attach '{workplace.marts}' as marts (read_only)")
        yield Staging(connection, workplace)


def _label(case: Delivered) -> str:
    return f"{case.stream}-{case.rule}-{case.field}-{case.value}"


@pytest.mark.parametrize("case", staging_rows.BROKEN, ids=_label)
def test_a_broken_row_is_quarantined_with_rule_field_and_value(staging: Staging, case: Delivered) -> None:
    found = staging.quarantine.get(case.place)
    assert found is not None, f"not in quarantine: {case}"
    said = (found["stream"], found["rule"], found["field"], found["value"])
    assert said == (case.stream, case.rule, case.field, case.value)


def test_nothing_but_broken_rows_is_quarantined(staging: Staging) -> None:
    expected = {case.place for case in staging_rows.BROKEN} | {staging_rows.UNREADABLE}
    assert set(staging.quarantine) == expected


def test_every_valid_row_is_staged_and_one_version_of_each_record(staging: Staging) -> None:
    versions = {"deals": 5, "market_sizes": 1, "deal_splits": 2}
    for stream in STREAMS:
        standing = sum(one.stream == stream for one in staging_rows.STANDING)
        assert len(staging.staged(stream)) == standing + versions.get(stream, 0), stream


def test_landed_is_staged_plus_superseded_plus_quarantined(staging: Staging) -> None:
    counts = {row["stream"]: row for row in staging.rows("select * from intermediate.int_stream_counts")}
    assert set(counts) == set(STREAMS)
    for row in counts.values():
        assert row["landed"] == row["staged"] + row["superseded"] + row["quarantined"], row
    everything = staging_rows.STANDING + staging_rows.REPLACED + staging_rows.BROKEN
    landed = 1 + sum(one.stream == "deals" for one in everything)
    assert counts["deals"]["landed"] == landed
    assert counts["deals"]["superseded"] == 6


def test_numbers_are_typed_without_loss(staging: Staging) -> None:
    assert staging.one("deals", "won")["amount"] == Decimal("1234567.890000")
    assert staging.one("products", "p1")["list_price"] == Decimal("1234567890123.123456")
    assert staging.one("participants", "bob")["base_salary"] == Decimal("120000.500000")
    assert staging.one("fx_rates", "USD")["rate"] == Decimal("7.1234567891")
    shares = {row["share"] for row in staging.rows("from staging.stg_deal_splits where deal_id = 'split'")}
    assert shares == {Decimal("0.3333333333"), Decimal("0.6666666667")}
    assert staging.one("deal_stages", "won")["stage_order"] == 3


def test_no_staged_column_is_a_float(staging: Staging) -> None:
    floats = staging.rows(
        "select table_name, column_name from information_schema.columns "
        "where table_schema = 'staging' and data_type in ('DOUBLE', 'FLOAT')"
    )
    assert floats == []


def test_a_business_date_is_the_day_in_the_companys_time_zone(staging: Staging) -> None:
    assert staging.one("deals", "won")["created_on"] == dt.date(2026, 1, 15), "without a zone: as written"
    abroad = staging.one("deals", "with offset")
    assert (abroad["created_on"], abroad["won_on"]) == (dt.date(2026, 1, 14), dt.date(2026, 1, 16))


@pytest.mark.parametrize(
    ("activity", "instant"),
    [
        ("date only", dt.datetime(2026, 1, 5)),
        ("no offset", dt.datetime(2026, 1, 5, 10, 30)),
        ("offset", dt.datetime(2026, 1, 5, 16, 0)),
        ("zulu", dt.datetime(2026, 1, 5, 10, 30, 0, 250_000)),
    ],
)
def test_instants_are_utc(staging: Staging, activity: str, instant: dt.datetime) -> None:
    assert staging.one("activities", activity)["occurred_at"] == instant


def test_words_are_lower_case_and_currencies_upper_case(staging: Staging) -> None:
    assert staging.one("deals", "returned")["status"] == "won"
    assert staging.one("activities", "offset")["kind"] == "visit"
    assert staging.one("fx_rates", "USD")["rate_on"] == dt.date(2026, 1, 10)


def test_what_is_not_delivered_has_its_default(staging: Staging) -> None:
    ann, bob = staging.one("participants", "ann"), staging.one("participants", "bob")
    assert (ann["effective_from"], bob["effective_from"]) == (dt.date(2020, 1, 1), dt.date(1900, 1, 1))
    assert ann["salary_period"] == "year"
    assert {row["revision"] for row in staging.rows("from staging.stg_targets")} == {0}
    splits = staging.rows("from staging.stg_deal_splits where deal_id = 'split'")
    assert {row["credit_role"] for row in splits} == {"owner"}
    surveys = staging.rows("from staging.stg_survey_responses")
    scales = {row["response_id"]: (row["scale_min"], row["scale_max"]) for row in surveys}
    assert scales == {"csat": (1, 5), "nps": (0, 10), "ten": (1, 10), "complaint": (None, None)}


def test_a_currency_comes_from_the_deal_then_the_invoice_then_the_company(staging: Staging) -> None:
    assert staging.one("deals", "won")["currency"] == "CNY"
    assert [staging.one("invoices", key)["currency"] for key in ("i1", "i2")] == ["USD", "CNY"]
    payments = ("of the deal", "refund", "of nobody")
    assert [staging.one("payments", key)["currency"] for key in payments] == ["USD", "USD", "CNY"]


def test_the_latest_valid_version_stands(staging: Staging) -> None:
    assert staging.one("deals", "corrected")["amount"] == 3
    assert staging.one("deals", "standing")["amount"] == 5
    assert staging.one("deals", "back again")["amount"] == 7
    assert [row["value"] for row in staging.rows("from staging.stg_market_sizes where period = '2025'")] == [2]
    assert not staging.rows("from staging.stg_deals where deal_id = 'deleted'")


def test_quarantine_says_what_is_wrong_and_shows_the_row(staging: Staging) -> None:
    row = staging.quarantine[_place("amount 12 %")]
    form = "an amount such as 1234.56 or 1,234.56 with at most 6 decimals"
    assert row["message"] == f"amount is '12 %'; expected {form}."
    assert (row["run_id"], row["record_key"], row["raw"]) == ("run-1", "amount 12 %", '{"id":"amount 12 %"}')
    assert row["file"] == "deals-0.csv"
    assert row["source_ref"] == f"deals-0.csv#{row['row']}"
    empty = staging.quarantine[_place("no owner")]
    assert empty["message"] == "owner_id is empty; expected a value."


def test_a_row_that_could_not_be_split_is_quarantined(staging: Staging) -> None:
    row = staging.quarantine[staging_rows.UNREADABLE]
    assert (row["rule"], row["raw"], row["record_key"]) == ("column_count", "d1,ann", "")


def test_quarantine_knows_when_a_record_was_mended(staging: Staging) -> None:
    mended, still_open = (staging.quarantine[_place(key)] for key in ("mended", "standing"))
    assert mended["first_seen"] == mended["last_seen"] == dt.datetime(2026, 2, 1, 8)
    assert mended["resolved_at"] == dt.datetime(2026, 2, 2, 8)
    assert still_open["first_seen"] == dt.datetime(2026, 2, 2, 8)
    assert still_open["resolved_at"] is None


def _place(deal_id: str) -> str:
    deals = (case for case in staging_rows.BROKEN if case.stream == "deals")
    return next(case.place for case in deals if case.row.get("deal_id") == deal_id)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=list(STREAMS))
def test_a_staging_model_has_the_canonical_columns_with_their_types(staging: Staging, stream: Any) -> None:
    types = {
        "id": "VARCHAR", "text": "VARCHAR", "money": "DECIMAL(24,6)", "number": "DECIMAL(24,6)",
        "share": "DECIMAL(13,10)", "date": "DATE", "instant": "TIMESTAMP", "integer": "INTEGER",
    }  # fmt: skip
    expected = {"_batch_no": "INTEGER", "_row": "BIGINT"}
    expected |= {column: types[kind] for column, kind in stream.columns.items()}
    if stream.name == "fx_rates":
        expected["rate"] = "DECIMAL(24,10)"
    described = staging.rows(f"describe staging.stg_{stream.name}")
    assert {row["column_name"]: row["column_type"] for row in described} == expected


def test_every_stream_has_its_models(project: Path) -> None:
    folders = project / "dbt_project" / "models" / "staging"
    assert {folder.name for folder in folders.iterdir() if folder.is_dir()} == set(STREAMS)
    for name in STREAMS:
        for kind in ("typed", "rejected", "stg"):
            assert (folders / name / f"{kind}_{name}.sql").is_file()
