"""The journal of a close: a balanced CSV per currency, each posting with its accounts."""

from __future__ import annotations

import calendar
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from attain.errors import Corrupt
from attain.finance.csvfile import amount, write_csv
from attain.ledger import Close

COLUMNS = (
    "period", "close_id", "entry", "posted_on", "account", "debit", "credit", "currency", "plan", "component", "text",
)  # fmt: skip
# Posting and what finance reads beside it.
_TEXTS = {
    "earned": "Commission earned",
    "deferred": "Commission cost capitalised",
    "amortised": "Amortisation of commission cost",
}
_ROWS = """
    select currency, plan, component, posting, account, debit, credit from read_parquet($path)
    order by currency, plan, component,
        case posting when 'earned' then 1 when 'deferred' then 2 else 3 end, debit = 0, account_role
"""


def write_journal(close: Close, folder: Path) -> None:
    """Writes `journal-<period>-<currency>.csv` files, posted on the last day of the period.

    Raises Corrupt when a posting does not balance.
    """
    with duckdb.connect() as con:
        rows = con.execute(_ROWS, {"path": str(close.folder / "journal.parquet")}).fetchall()
    for currency, lines in groupby(rows, key=lambda row: str(row[0])):
        write_csv(folder / f"journal-{close.period}-{currency}.csv", COLUMNS, _entries(close, currency, list(lines)))


def _entries(close: Close, currency: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    year, month = (int(part) for part in close.period.split("-"))
    posted_on = f"{close.period}-{calendar.monthrange(year, month)[1]:02d}"
    entries: list[tuple[Any, ...]] = []
    for number, (key, group) in enumerate(groupby(rows, key=lambda row: row[1:4]), start=1):
        lines = list(group)
        if sum(line[5] for line in lines) != sum(line[6] for line in lines):
            raise Corrupt(f"{close.folder}: the posting {'/'.join(key)} of {close.period} {currency} does not balance.")
        plan, component, posting = key
        for line in lines:
            sides = amount(line[5], currency), amount(line[6], currency)
            text = f"{_TEXTS[posting]} {close.period}"
            entries.append(
                (close.period, close.close_id, number, posted_on, line[4], *sides, currency, plan, component, text)
            )
    return entries
