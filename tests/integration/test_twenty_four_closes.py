"""The sample company closed month by month over two years: what finance gets agrees to the cent after every close."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from attain import ledger as ledgers
from attain import sample, scoring
from attain.company import Company, load_company
from attain.finance.files import write_files
from attain.ledger import Close, Ledger
from attain.plans.trial import compiled_models
from attain.replay import settling

# Two whole years: the sample's first period is the first month of the first whole one.
LAST = dt.date(2026, 12, 31)
NOW = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def closes(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Close], Path]:
    """Every month closed in turn: the build serves all of them, only what settles is computed again."""
    root = tmp_path_factory.mktemp("closes")
    sample.generate(root / "company", until=LAST, seed=7, people=25, months=24)
    company, home = load_company(root / "company"), root / "home"
    home.mkdir()
    scoring.land(company, home, NOW)
    run = scoring.begin(root / "company", home, "2026-12", None, NOW)
    for stage in ("stage", "score", "pay"):
        scoring.stage(run, stage)
    settled = [model for model in settling(compiled_models(home)) if "publication" not in model.relation]
    book = Ledger(home / "ledger")
    for month in company.calendar.months(company.first_period, "2026-12"):
        _settle(run, month.key, book, settled)
        book.book(run.marts, month.key, "0" * 64, "Zhou", NOW, _facts(company))
    return book.closes(), home


def _settle(run: scoring.Run, period: str, book: Ledger, models: list[Any]) -> None:
    with duckdb.connect() as con:
        con.execute(f"set timezone = 'UTC'; attach '{run.warehouse}' as warehouse; attach '{run.marts}' as attain")
        con.execute("use warehouse; drop schema booked cascade")
        book.load(con)
        con.execute("update inputs.run set period = $period", {"period": period})
        for model in models:
            kind = "view" if model.materialized == "view" else "table"
            con.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def _facts(company: Company) -> dict[str, Any]:
    return {
        "as_of": NOW.isoformat(),
        "company": {"name": company.name, "currency": company.currency, "locale": company.locale},
    }


def _sums(close: Close, table: str, column: str) -> dict[str, Decimal]:
    with duckdb.connect() as con:
        rows = con.execute(
            f"select currency, sum({column}) from read_parquet($path) group by currency having sum({column}) <> 0",
            {"path": str(close.folder / f"{table}.parquet")},
        ).fetchall()
    return dict(rows)


def _lines(folder: Path, kind: str) -> list[dict[str, str]]:
    found = []
    for path in sorted(folder.glob(f"{kind}-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


def _by_currency(lines: list[dict[str, str]], column: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line["currency"]] += Decimal(line[column])
    return {currency: total for currency, total in sums.items() if total}


def test_there_are_twenty_four_closes_in_one_chain(closes: tuple[list[Close], Path]) -> None:
    booked, home = closes
    assert [close.number for close in booked] == list(range(1, 25))
    assert booked[-1].period == "2026-12"
    assert ledgers.Ledger(home / "ledger").verify() == booked


def test_payroll_is_the_payouts_is_the_ledger_of_every_close(closes: tuple[list[Close], Path], tmp_path: Path) -> None:
    for close in closes[0]:
        folder = tmp_path / close.close_id
        folder.mkdir()
        write_files(close, folder)
        paid = _by_currency(_lines(folder, "payroll"), "payable")
        assert paid == _sums(close, "payouts", "payable") == _sums(close, "ledger_entries", "amount")
        assert paid, close.period


def test_every_journal_balances_and_accrues_what_is_earned(closes: tuple[list[Close], Path], tmp_path: Path) -> None:
    for close in closes[0]:
        folder = tmp_path / close.close_id
        folder.mkdir()
        write_files(close, folder)
        lines = _lines(folder, "journal")
        assert _by_currency(lines, "debit") == _by_currency(lines, "credit"), close.period
        accrued = [line for line in lines if line["account"] == "accrued_commissions"]
        with duckdb.connect() as con:
            earned = con.execute(
                "select sum(amount) from read_parquet($path) "
                "where kind in ('earned', 'adjustment', 'clawback', 'deduction', 'reversal')",
                {"path": str(close.folder / "ledger_entries.parquet")},
            ).fetchall()[0][0]
        credit = sum((Decimal(line["credit"]) - Decimal(line["debit"]) for line in accrued), Decimal(0))
        assert credit == earned, close.period


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
        left = sum(_sums(close, "amortisation", "remaining").values(), Decimal(0))
        assert balance == left, close.period
        seen.append(left)
    assert seen[-1] > 0
