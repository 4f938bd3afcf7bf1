"""The ledger: a close is booked once, whole, in order, and every link of the chain is checked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from attain.errors import Corrupt, InputError
from attain.ledger import GENESIS, KEPT, Ledger

NOW = dt.datetime(2026, 2, 3, 8, 0, tzinfo=dt.UTC)


def marts(folder: Path, period: str, amount: str) -> Path:
    """A published database with one payout and one entry for `period`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "attain.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema settlement")
        con.execute(
            f"""
            create table settlement.close_entries as select '{period}' as booked_period, '{period}' as origin_period,
                'ann' as participant_id, 'ae' as plan, 'new' as component, 'earned' as kind, '' as transaction_id,
                '' as reverses, '' as reverses_period, '' as reverses_kind,
                cast({amount} as decimal(24, 6)) as amount, 'CNY' as currency;
            create table settlement.close_vesting as select 'ann' as participant_id, 'ae' as plan, 'new' as component,
                'ae@2026-01-01' as plan_version_id, '{period}' as origin_period, 'd1' as deal_id,
                date '2026-01-15' as waits_from, false as is_clawback, cast({amount} as decimal(24, 6)) as amount;
            create table settlement.cost_entries as select 'd1' as deal_id, 'ae' as plan, 'new' as component,
                '{period}' as booked_period, '{period}' as origin_period, 'CNY' as currency,
                cast({amount} as decimal(24, 6)) as amount;
            create table marts.amortisation as select 'd1' as deal_id, 'ae' as plan, 'new' as component,
                '{period}' as period, 'CNY' as currency, 'run' as run_id;
            create table marts.payroll as select 'ann' as participant_id, '{period}' as period, 'CNY' as currency,
                'open' as status, 'run' as run_id;
            create table marts.journal as select '{period}' as period, 'CNY' as currency, 'ae' as plan,
                'new' as component, 'earned' as posting, 'commission_expense' as account_role, 'open' as status,
                'run' as run_id;
            create table marts.dim_period as select '{period}' as period, date '2026-01-31' as ends_on;
            create table marts.payouts as select 'ann' as participant_id, '{period}' as period, 'ae' as plan,
                'new' as component, cast({amount} as decimal(24, 6)) as earned,
                cast({amount} as decimal(24, 6)) as payable,
                cast(0 as decimal(24, 6)) as adjustment, cast(0 as decimal(24, 6)) as held,
                cast(0 as decimal(24, 6)) as released, cast(0 as decimal(24, 6)) as clawed_back,
                cast(0 as decimal(24, 6)) as drawn, cast(0 as decimal(24, 6)) as recovered,
                cast(0 as decimal(24, 6)) as balance_owed, 'CNY' as currency, 'open' as status,
                'ae@2026-01-01' as plan_version, 'run' as run_id;
            create table marts.earnings as select 'ann' as participant_id, 'ae' as plan, 'new' as component,
                '{period}' as origin_period, 'deal' as transaction_type, 'd1' as transaction_id, '1' as line,
                1 as slice, 'run' as run_id;
            create table marts.scores as select 'ann' as participant_id, '{period}' as period, 'ae' as plan,
                'ae@2026-01-01' as plan_version, cast(0.9 as decimal(24, 6)) as score, 'B' as raw_grade, 'B' as grade,
                'final' as status, cast(null as decimal(24, 6)) as booked_score, cast(null as varchar) as booked_grade,
                '' as gate_hits, 1 as rank_in_team, 1 as rank_in_role, 'run' as run_id;
            create table marts.score_lines as select 'ann' as participant_id, '{period}' as period,
                'ae@2026-01-01' as plan_version, 'bookings' as measure, 'run' as run_id;
            create table marts.statement_lines as select 'ann' as participant_id, '{period}' as period, 1 as line,
                'total' as section, '' as label_zh, '' as label_en, '' as formula,
                cast(null as decimal(24, 6)) as basis,
                cast(null as decimal(24, 6)) as rate, cast({amount} as decimal(24, 6)) as amount, '' as source_ref,
                'payable' as status, '' as not_payable_because, 'run' as run_id;
            """
        )
    return path


def booked(ledger: Ledger) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        ledger.load(con)
        return con.sql(
            "select booked_period, participant_id, kind, amount, approved_by from booked.ledger_entries order by all"
        ).fetchall()


def test_a_close_keeps_its_entries_and_what_the_period_looked_like(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    close = ledger.book(marts(home / "a", "2026-01", "1000.50"), "2026-01", "hash-of-set", "Zhou", NOW)
    assert (close.number, close.close_id, close.approved_by, close.set_hash) == (
        1,
        "000001-2026-01",
        "Zhou",
        "hash-of-set",
    )
    assert booked(ledger) == [("2026-01", "ann", "earned", Decimal("1000.500000"), "Zhou")]
    with duckdb.connect() as con:
        ledger.load(con)
        assert con.sql("select payable, status from booked.payouts").fetchall() == [(Decimal("1000.5"), "open")]
        assert con.sql("select score, grade from booked.scores").fetchall() == [(Decimal("0.9"), "B")]
        assert con.sql("select count(*) from booked.statement_lines").fetchall() == [(1,)]


def test_the_earning_lines_of_all_closes_are_read_with_the_close_that_kept_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(home / "ledger")
    with duckdb.connect() as con:
        ledger.load(con)
        assert con.sql(f"select * from {ledger.earnings()}").fetchall() == []
    # An early close did not write its own id into the lines.
    with monkeypatch.context() as early:
        early.setitem(KEPT, "earnings", KEPT["earnings"].replace(", $close_id as close_id", ""))
        ledger.book(marts(home / "a", "2026-01", "1"), "2026-01", "", "Zhou", NOW)
    ledger.book(marts(home / "b", "2026-02", "2"), "2026-02", "", "Zhou", NOW + dt.timedelta(days=30))
    with duckdb.connect() as con:
        ledger.load(con)
        assert con.sql("select count(*) from booked.earnings").fetchall() == [(0,)]
        kept = con.sql(f"select origin_period, transaction_id, close_id from {ledger.earnings()} order by all")
        assert kept.fetchall() == [("2026-01", "d1", "000001-2026-01"), ("2026-02", "d1", "000002-2026-02")]


def test_a_close_of_an_earlier_version_is_read_without_the_columns_it_lacks(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    ledger.book(marts(home / "a", "2026-01", "1000.50"), "2026-01", "", "Zhou", NOW)
    later = marts(home / "b", "2026-02", "7")
    with duckdb.connect(str(later)) as con:
        con.execute("alter table marts.statement_lines add column plan varchar default 'ae'")
        con.execute("alter table marts.statement_lines add column component varchar default 'new'")
        con.execute("alter table marts.statement_lines add column currency varchar default 'CNY'")
    ledger.book(later, "2026-02", "", "Zhou", NOW + dt.timedelta(days=30))
    with duckdb.connect() as con:
        ledger.load(con)
        assert con.sql(
            "select period, amount, plan, component, currency from booked.statement_lines order by period"
        ).fetchall() == [
            ("2026-01", Decimal("1000.5"), None, None, None),
            ("2026-02", Decimal("7"), "ae", "new", "CNY"),
        ]


def test_the_head_of_the_ledger_changes_with_every_close(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    assert ledger.head() == GENESIS
    ledger.book(marts(home / "a", "2026-01", "1"), "2026-01", "", "Zhou", NOW)
    first = ledger.head()
    ledger.book(marts(home / "b", "2026-02", "2"), "2026-02", "", "Zhou", NOW + dt.timedelta(days=30))
    assert len({GENESIS, first, ledger.head()}) == 3
    assert ledger.head(as_of=NOW) == first


def test_a_period_is_booked_only_once(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    path = marts(home / "a", "2026-01", "1")
    ledger.book(path, "2026-01", "", "Zhou", NOW)
    with pytest.raises(InputError, match="Period 2026-01 was closed on 2026-02-03T08:00 by Zhou"):
        ledger.book(path, "2026-01", "", "Li", NOW)
    assert len(ledger.closes()) == 1


def test_a_period_before_a_closed_one_cannot_be_booked(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    ledger.book(marts(home / "a", "2026-02", "1"), "2026-02", "", "Zhou", NOW)
    with pytest.raises(InputError, match="Period 2026-01 lies before 2026-02"):
        ledger.book(marts(home / "b", "2026-01", "1"), "2026-01", "", "Zhou", NOW)


def test_a_booking_that_fails_leaves_nothing(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    path = marts(home / "a", "2026-01", "1")
    with duckdb.connect(str(path)) as con:
        con.execute("drop table marts.statement_lines")
    with pytest.raises(duckdb.CatalogException):
        ledger.book(path, "2026-01", "", "Zhou", NOW)
    assert ledger.closes() == []
    assert [entry.name for entry in (home / "ledger").iterdir()] == []


def test_a_changed_amount_in_a_close_is_found(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    close = ledger.book(marts(home / "a", "2026-01", "1"), "2026-01", "", "Zhou", NOW)
    path = close.folder / "ledger_entries.parquet"
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(damaged))
    with pytest.raises(Corrupt, match=r"ledger_entries\.parquet"):
        booked(ledger)


def test_a_close_that_was_taken_out_breaks_the_chain(home: Path) -> None:
    ledger = Ledger(home / "ledger")
    first = ledger.book(marts(home / "a", "2026-01", "1"), "2026-01", "", "Zhou", NOW)
    ledger.book(marts(home / "b", "2026-02", "2"), "2026-02", "", "Zhou", NOW)
    first.folder.rename(home / "elsewhere")
    with pytest.raises(Corrupt, match="the chain of closes is broken"):
        ledger.closes()
