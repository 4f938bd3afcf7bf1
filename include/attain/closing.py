"""Closing a period: book exactly the published set into the ledger, once, then publish the closed state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from attain.company import Company, load_company
from attain.errors import InputError
from attain.ledger import Ledger, refuse_out_of_order
from attain.pipeline import Teller, run_locked
from attain.publish.set import PublishedSet, current, verify
from attain.writer_lock import WriterLock


@dataclass(frozen=True)
class Booked:
    """What a close booked: its id, how many entries, and the amount that became payable."""

    close_id: str
    entries: int
    total: Decimal


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
        # Same inputs, same knowledge: what is published next differs only in what is closed.
        run_locked(company_folder, home, period, _as_of(published), now, teller)
    with duckdb.connect() as con:
        entries, total = con.execute(
            "select count(*), coalesce(sum(amount), 0) from read_parquet($path)",
            {"path": str(close.folder / "ledger_entries.parquet")},
        ).fetchall()[0]
    return Booked(close.close_id, entries, total)


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
