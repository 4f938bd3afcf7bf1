"""Months closed one after another on one build, and what has to add up for finance after every close.

The build of the last month serves all of them: only what a close is made of is computed again before each one.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from attain.building import CompiledModel
from attain.company import Company
from attain.finance.files import write_files
from attain.ledger import KEPT, Close, Ledger, kept_from
from attain.plans.trial import compiled_models
from attain.replay import settling

APPROVER = "Zhou"
# Kinds of entries that are computed pay; the others move the time it is paid.
_EARNED = "('earned', 'adjustment', 'clawback', 'deduction', 'reversal')"


@dataclass(frozen=True)
class Built:
    """Where a build lies (both files are written to) and the home whose compiled project made it."""

    warehouse: Path
    marts: Path
    home: Path


def close_months(company: Company, built: Built, last: str, now: dt.datetime) -> list[Close]:
    """Every month from the company's first to `last` closed in turn, into the ledger of the home."""
    models = compiled_models(built.home)
    settled = [model for model in settling(models) if "publication" not in model.relation]
    kept = _made_for_closes(models)
    booking = [model for model in settled if model.unique_id in kept]
    book = Ledger(built.home / "ledger")
    for month in company.calendar.months(company.first_period, last):
        _settle(built, month.key, book, settled if month.key == last else booking)
        book.book(built.marts, month.key, "0" * 64, APPROVER, now, _facts(company, now))
    return book.closes()


def _made_for_closes(models: list[CompiledModel]) -> set[str]:
    """The models that what a close keeps rests on (ids); what is only shown is made with the last close."""
    read = kept_from(KEPT)
    kept = {model.unique_id for model in models if model.name in read}
    for model in reversed(models):
        kept.update(model.parents if model.unique_id in kept else ())
    return kept


def _settle(built: Built, period: str, book: Ledger, models: list[CompiledModel]) -> None:
    with duckdb.connect() as con:
        con.execute(f"set timezone = 'UTC'; attach '{built.warehouse}' as warehouse; attach '{built.marts}' as attain")
        con.execute("use warehouse; drop schema booked cascade")
        book.load(con)
        con.execute("update inputs.run set period = $period", {"period": period})
        for model in models:
            kind = "view" if model.materialized == "view" else "table"
            con.execute(f"create or replace {kind} {model.relation} as {model.sql}")


def _facts(company: Company, now: dt.datetime) -> dict[str, Any]:
    return {
        "as_of": now.isoformat(),
        "company": {"name": company.name, "currency": company.currency, "locale": company.locale},
    }


def payroll_is_payouts_is_ledger(close: Close, root: Path) -> dict[str, Decimal]:
    """The amounts a close pays by currency, after the payroll files, payouts and entries were found to agree."""
    paid = _by_currency(_lines(_files_of(close, root), "payroll"), "payable")
    assert paid == sums(close, "payouts", "payable") == sums(close, "ledger_entries", "amount"), close.period
    return paid


def journal_balances_and_accrues_what_is_earned(close: Close, root: Path) -> dict[str, Decimal]:
    """The turnover of a close's journal by currency, after debits and credits, accruals and earnings were compared."""
    lines = _lines(_files_of(close, root), "journal")
    turnover = _by_currency(lines, "debit")
    assert turnover == _by_currency(lines, "credit"), close.period
    accrued = [line for line in lines if line["account"] == "accrued_commissions"]
    balance = {
        currency: _by_currency(accrued, "credit").get(currency, Decimal(0))
        - _by_currency(accrued, "debit").get(currency, Decimal(0))
        for currency in {line["currency"] for line in accrued}
    }
    earned = sums(close, "ledger_entries", "amount", f"where kind in {_EARNED}")
    assert {currency: amount for currency, amount in balance.items() if amount} == earned, close.period
    return turnover


def sums(close: Close, table: str, column: str, where: str = "") -> dict[str, Decimal]:
    """A column of a table the close keeps, added up by currency; sums of 0 are left out."""
    with duckdb.connect() as con:
        rows = con.execute(
            f"select currency, sum({column}) from read_parquet($path) {where} "
            f"group by currency having sum({column}) <> 0",
            {"path": str(close.folder / f"{table}.parquet")},
        ).fetchall()
    return dict(rows)


def _files_of(close: Close, root: Path) -> Path:
    folder = root / close.close_id
    if not folder.exists():
        folder.mkdir(parents=True)
        write_files(close, folder)
    return folder


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
