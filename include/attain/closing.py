"""Closing a period: book exactly the published set into the ledger, once, then publish the closed state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from attain.company import Company, load_company
from attain.errors import AttainError, InputError
from attain.ledger import Ledger, refuse_out_of_order
from attain.pipeline import Teller, run_locked
from attain.publish.set import PublishedSet, current, verify
from attain.writer_lock import WriterLock


@dataclass(frozen=True)
class Booked:
    """What a close booked: its id, how many entries, and the amounts that became payable by currency."""

    close_id: str
    entries: int
    totals: dict[str, Decimal]


def close_period(
    company_folder: Path,
    home: Path,
    period: str,
    approved_by: str,
    set_hash: str | None,
    now: dt.datetime,
    teller: Teller | None = None,
) -> Booked:
    """Book `period` from the published set and publish the result.

    Raises InputError when an earlier period is open, the period was closed before, the published set is of another
    period or is not the approved one; Corrupt when the set was changed since it was published.
    """
    company = load_company(company_folder)
    with WriterLock(home).held(f"attain close {period} ({now:%Y-%m-%d %H:%M:%S})"):
        ledger = Ledger(home / "ledger")
        published = _approved_set(company, home, ledger, period, approved_by, set_hash)
        close = ledger.book(published.database, period, published.hash, approved_by, now)
        try:
            # Same inputs, same knowledge: what is published next differs only in what is closed.
            run_locked(company_folder, home, period, _as_of(published), now, teller)
        except AttainError as error:
            raise AttainError(
                f"Period {period} is booked as {close.close_id} and stands; publishing the closed state failed. "
                f"Mend the cause and run the period again.\n{error}"
            ) from error
    with duckdb.connect() as con:
        rows = con.execute(
            "select currency, count(*), sum(amount) from read_parquet($path) group by currency order by currency",
            {"path": str(close.folder / "ledger_entries.parquet")},
        ).fetchall()
    return Booked(close.close_id, sum(row[1] for row in rows), {row[0]: row[2] for row in rows})


def _approved_set(
    company: Company, home: Path, ledger: Ledger, period: str, approved_by: str, set_hash: str | None
) -> PublishedSet:
    closes = ledger.closes()
    refuse_out_of_order(closes, company.calendar.month(period).key)
    due = company.calendar.next_month(closes[-1].period) if closes else company.first_period
    if period != due:
        raise InputError(f"Period {period} cannot be closed yet: {due} is open. Close the periods in their order.")
    if not approved_by.strip():
        raise InputError("A close needs the name of whoever approves it: --approved-by NAME.")
    published = current(home)
    if published is None or published.period != period:
        held = f"the published set is of {published.period}" if published else "nothing is published"
        raise InputError(f"Period {period} cannot be closed: {held}. Run it first: attain run --period {period}.")
    if set_hash and not published.hash.startswith(set_hash):
        raise InputError(
            f"The approved set {set_hash} is not the published one ({published.hash[:12]}): it was published again "
            "since. Look at the new figures and approve them."
        )
    verify(published.folder)
    return published


def _as_of(published: PublishedSet) -> dt.datetime:
    with duckdb.connect(str(published.database), read_only=True) as con:
        row = con.sql("select as_of from marts.publication").fetchall()[0]
    found: dt.datetime = row[0]
    return found.replace(tzinfo=dt.UTC)
