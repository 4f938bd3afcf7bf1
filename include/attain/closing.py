"""Closing a period: propose, book exactly the approved set into the ledger, once, hand over the files, publish."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from attain import sealed
from attain.approval import APPROVED, Approval, record_rejection, refuse_unfit
from attain.company import load_company
from attain.errors import AttainError, InputError
from attain.finance.files import ensure_files
from attain.landing import Landing
from attain.ledger import Close, Ledger
from attain.pipeline import Teller, run_locked
from attain.proposal import Proposal, propose
from attain.publish.set import PublishedSet, current
from attain.readiness import ready_set
from attain.sources.files import FileDrops
from attain.storage import told
from attain.writer_lock import WriterLock


@dataclass(frozen=True)
class Booked:
    """What a close booked: its id, who approved it, how many entries, what became payable by currency, its files."""

    close_id: str
    approved_by: str
    entries: int
    totals: dict[str, Decimal]
    files: Path


def propose_close(company_folder: Path, home: Path, period: str | None) -> Proposal:
    """What closing `period` (default: the one whose turn it is) would book. Books nothing.

    Raises what `ready_set` raises.
    """
    company = load_company(company_folder)
    closes = Ledger(home / "ledger").closes()
    due = company.calendar.next_month(closes[-1].period) if closes else company.first_period
    ready = ready_set(company, home, period or due, None)
    waiting = FileDrops(company).waiting(Landing(home / "landing"))
    return propose(ready, closes[-1].period if closes else None, waiting)


def close_period(
    company_folder: Path,
    home: Path,
    period: str,
    approved_by: str,
    set_hash: str | None,
    now: dt.datetime,
    teller: Teller | None = None,
    prepared_by: str = "",
    comment: str = "",
) -> Booked:
    """Book `period` from the published set, write its files and publish the result.

    Asked again for the very set that was booked, by its hash or because it is still the published one, it completes
    what is missing and gives the same. Raises InputError when the period cannot be closed (see `ready_set`) or the
    approval is unfit; Corrupt when something sealed was changed.
    """
    approval = Approval(
        period, set_hash or "", APPROVED, approved_by, prepared_by, now.isoformat(), "attain close", comment
    )
    return close_approved(
        company_folder, home, approval, f"attain close {period} ({now:%Y-%m-%d %H:%M:%S})", now, teller
    )


def close_approved(
    company_folder: Path,
    home: Path,
    approval: Approval,
    holder: str,
    now: dt.datetime,
    teller: Teller | None = None,
) -> Booked:
    """As `close_period`, for an answer that was given elsewhere. `holder` names who holds the writer lock."""
    with told(home), WriterLock(home).held(holder):
        close = _book(company_folder, home, approval, now)
        try:
            with told(home):
                files = ensure_files(home, close)
                _publish(company_folder, home, close, now, teller)
        except Exception as error:
            raise AttainError(
                f"Period {close.period} is booked as {close.close_id} and stands; publishing the closed state failed. "
                f"Mend the cause, then run the period again and write its files: attain close-files {close.period}.\n"
                f"{error}"
            ) from error
    return _booked(close, files)


def reject_close(home: Path, approval: Approval) -> Path:
    """Record that the close was not approved; nothing else remains of it. Gives the record."""
    return record_rejection(home, approval)


def closed(home: Path, period: str) -> Close:
    """The close of `period`. Raises InputError when it is open."""
    found = [close for close in Ledger(home / "ledger").closes() if close.period == period]
    if not found:
        raise InputError(f"Period {period} is not closed; its files are written when it is: attain close {period}.")
    return found[0]


def booked_before(home: Path, period: str, set_hash: str | None) -> Close | None:
    """The close of `period` if it booked the set `set_hash` (or its beginning), by default the published one.

    The published set is the booked one from the booking until the closed state is published: a close that finds it so
    was interrupted, and is completed.
    """
    published = None if set_hash else current(home)
    wanted = set_hash or (published.hash if published else None)
    closes = Ledger(home / "ledger").closes()
    return next((one for one in closes if wanted and one.period == period and one.set_hash.startswith(wanted)), None)


def _book(company_folder: Path, home: Path, approval: Approval, now: dt.datetime) -> Close:
    company = load_company(company_folder)
    again = booked_before(home, approval.period, approval.set_hash)
    if again:
        return again
    published = ready_set(company, home, approval.period, approval.set_hash or None)
    refuse_unfit(approval, company.finance.approvers)
    facts = {
        "approval": {**asdict(approval), "set_hash": published.hash},
        "as_of": _as_of(published).isoformat(),
        "company": {"name": company.name, "currency": company.currency, "locale": company.locale},
    }
    return Ledger(home / "ledger").book(
        published.database, approval.period, published.hash, approval.by.strip(), now, facts
    )


def _publish(company_folder: Path, home: Path, close: Close, now: dt.datetime, teller: Teller | None) -> None:
    """Same inputs, same knowledge: what is published next differs only in what is closed."""
    published = current(home)
    if published is None or published.hash == close.set_hash:
        as_of = dt.datetime.fromisoformat(sealed.read(close.folder)["as_of"])
        run_locked(company_folder, home, close.period, as_of, now, teller, lands=False)


def _booked(close: Close, files: Path) -> Booked:
    with duckdb.connect() as con:
        rows = con.execute(
            "select currency, count(*), sum(amount) from read_parquet($path) group by currency order by currency",
            {"path": str(close.folder / "ledger_entries.parquet")},
        ).fetchall()
    return Booked(
        close.close_id, close.approved_by, sum(row[1] for row in rows), {row[0]: row[2] for row in rows}, files
    )


def _as_of(published: PublishedSet) -> dt.datetime:
    with duckdb.connect(str(published.database), read_only=True) as con:
        row = con.sql("select as_of from marts.publication").fetchall()[0]
    found: dt.datetime = row[0]
    return found.replace(tzinfo=dt.UTC)
