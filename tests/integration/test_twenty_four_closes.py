"""The sample company closed month by month over two years: what finance gets agrees to the cent after every close."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.integration import closes_in_a_row
from tests.integration.closes_in_a_row import Built

from attain import ledger as ledgers
from attain import sample, scoring
from attain.company import load_company
from attain.ledger import Close

# Two whole years: the sample's first period is the first month of the first whole one.
LAST = dt.date(2026, 12, 31)
NOW = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def closes(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Close], Path]:
    """Every month closed in turn."""
    root = tmp_path_factory.mktemp("closes")
    sample.generate(root / "company", until=LAST, seed=7, people=25, months=24)
    company, home = load_company(root / "company"), root / "home"
    home.mkdir()
    scoring.land(company, home, NOW)
    run = scoring.begin(root / "company", home, "2026-12", None, NOW)
    for stage in ("stage", "score", "pay"):
        scoring.stage(run, stage)
    return closes_in_a_row.close_months(company, Built(run.warehouse, run.marts, home), "2026-12", NOW), home


def test_there_are_twenty_four_closes_in_one_chain(closes: tuple[list[Close], Path]) -> None:
    booked, home = closes
    assert [close.number for close in booked] == list(range(1, 25))
    assert booked[-1].period == "2026-12"
    assert ledgers.Ledger(home / "ledger").verify() == booked


def test_payroll_is_the_payouts_is_the_ledger_of_every_close(closes: tuple[list[Close], Path], tmp_path: Path) -> None:
    for close in closes[0]:
        assert closes_in_a_row.payroll_is_payouts_is_ledger(close, tmp_path), close.period


def test_every_journal_balances_and_accrues_what_is_earned(closes: tuple[list[Close], Path], tmp_path: Path) -> None:
    for close in closes[0]:
        assert closes_in_a_row.journal_balances_and_accrues_what_is_earned(close, tmp_path), close.period


def test_deferred_cost_on_the_books_is_what_is_left_to_amortise(closes: tuple[list[Close], Path]) -> None:
    balance = Decimal(0)
    seen = []
    for close in closes[0]:
        with duckdb.connect() as con:
            moved = con.execute(
                "select coalesce(sum(debit - credit), 0) from read_parquet($path) "
                "where account_role = 'deferred_commissions'",
                {"path": str(close.folder / "journal.parquet")},
            ).fetchall()[0][0]
        balance += moved
        left = sum(closes_in_a_row.sums(close, "amortisation", "remaining").values(), Decimal(0))
        assert balance == left, close.period
        seen.append(left)
    assert seen[-1] > 0
