"""The payroll file of a close: a CSV per pay group and currency, one row per person who is paid or owes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb

from attain.errors import Corrupt
from attain.finance.csvfile import amount, file_part, write_csv
from attain.ledger import Close

COLUMNS = (
    "period", "close_id", "pay_group", "participant_id", "name", "team", "currency", "gross_earned", "adjustments",
    "draws", "deductions", "payable",
)  # fmt: skip

_ROWS = """
    select pay_group, currency, participant_id, name, team, gross_earned, adjustments, draws, deductions, payable
    from read_parquet($payroll) where payable <> 0 order by pay_group, currency, participant_id
"""
_TOTALS = """
    select currency, sum(payroll), sum(payouts), sum(ledger) from (
        select currency, payable as payroll, 0 as payouts, 0 as ledger from read_parquet($payroll)
        union all select currency, 0, payable, 0 from read_parquet($payouts)
        union all select currency, 0, 0, amount from read_parquet($ledger)
    ) group by currency order by currency
"""


def write_payroll(close: Close, folder: Path) -> dict[str, Decimal]:
    """Writes `payroll-<period>-<pay group>-<currency>.csv` files; gives what is paid by currency.

    Raises Corrupt when the payroll of the close differs from its payouts or its ledger entries.
    """
    with duckdb.connect() as con:
        totals = _agreed_totals(con, close)
        rows = con.execute(_ROWS, {"payroll": _table(close, "payroll")}).fetchall()
    groups: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    for group, currency, person, name, team, *money in rows:
        paid = [amount(value, currency) for value in money]
        row = (close.period, close.close_id, group, person, name, team, currency, *paid)
        groups.setdefault((group, currency), []).append(row)
    names: set[str] = set()
    for (group, currency), lines in groups.items():
        write_csv(folder / _free_name(names, close.period, group, currency), COLUMNS, lines)
    return totals


def _agreed_totals(con: duckdb.DuckDBPyConnection, close: Close) -> dict[str, Decimal]:
    tables = {"payroll": "payroll", "payouts": "payouts", "ledger": "ledger_entries"}
    paths = {name: _table(close, table) for name, table in tables.items()}
    totals = con.execute(_TOTALS, paths).fetchall()
    for currency, payroll, payouts, ledger in totals:
        if not payroll == payouts == ledger:
            raise Corrupt(
                f"{close.folder}: payroll {payroll}, payouts {payouts} and ledger {ledger} {currency} of "
                f"{close.period} differ; nothing is handed to payroll. Restore the ledger from a backup."
            )
    return {row[0]: row[1] for row in totals}


def _free_name(names: set[str], period: str, group: str, currency: str) -> str:
    # Two groups may differ only in characters that a file name cannot hold.
    stem, number = f"payroll-{period}-{file_part(group)}-{currency}", 1
    name = f"{stem}.csv"
    while name.casefold() in names:
        number += 1
        name = f"{stem}-{number}.csv"
    names.add(name.casefold())
    return name


def _table(close: Close, table: str) -> str:
    return str(close.folder / f"{table}.parquet")
