"""What happened to deals behind settled pay: the money it had waited for, the event that took it back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from attain.explain_figures import Row
from attain.explain_files import Delivered, Moved
from attain.ledger import Close, Ledger

# By what a statement says an amount waits for: what ends the waiting, or takes from it.
_ENDS = {"waits for cash": ("payment", "credit_note"), "waits for invoices": ("invoice", "credit_note")}
_BEFORE_ALL = dt.datetime(1, 1, 1)


def released_by(
    con: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    files: Delivered,
    payout: Row,
    origin: str,
    days: tuple[dt.date, dt.date],
) -> list[Moved]:
    """What moved for the deals that `payout` releases pay of, earned in `origin`: in its month, whose first and last
    day `days` are, or older and not delivered yet when the month before was booked.

    Empty when nothing was said to wait for money, as with pay that is due after some days.
    """
    earlier = [close for close in ledger.closes() if close.period < payout["period"]]
    kinds = _waited_for(con, earlier, payout, origin)
    if not kinds:
        return []
    deals = con.execute(
        "select distinct transaction_id from marts.earnings where participant_id = $participant_id and plan = $plan "
        "and component = $component and origin_period = $origin and transaction_type = 'deal'",
        {**_keys(payout), "origin": origin},
    ).fetchall()
    known = _instant(earlier[-1].booked_at) if earlier else _BEFORE_ALL
    return files.moved({deal for (deal,) in deals}, kinds, *days, known)


def events_on(files: Delivered, deal: str, day: dt.date) -> list[Moved]:
    """What may have taken pay of the deal back on that day: its cancellation, credit notes, refunds."""
    found = files.moved({deal}, {"cancellation", "credit_note", "payment"}, day, day)
    return [one for one in found if one.kind != "payment" or one.amount < 0]


def _waited_for(con: duckdb.DuckDBPyConnection, earlier: list[Close], payout: Row, origin: str) -> tuple[str, ...]:
    for close in reversed(earlier):
        path = _statement(close)
        said = (
            path
            and con.execute(
                "select not_payable_because from read_parquet($path) where participant_id = $participant_id "
                "and section = 'timing' and status = 'held' and source_ref = $place",
                {
                    "path": str(path),
                    "participant_id": payout["participant_id"],
                    "place": f"{payout['plan']}/{payout['component']} {origin}",
                },
            ).fetchone()
        )
        if said:
            return _ENDS.get(said[0].partition(" / ")[2], ())
    return ()


def _statement(close: Close) -> Path | None:
    path = close.folder / "statement_lines.parquet"
    return path if path.exists() else None


def _keys(payout: Row) -> dict[str, str]:
    return {name: payout[name] for name in ("participant_id", "plan", "component")}


def _instant(written: str) -> dt.datetime:
    """UTC without a zone, as landing writes it."""
    instant = dt.datetime.fromisoformat(written)
    return instant.astimezone(dt.UTC).replace(tzinfo=None) if instant.tzinfo else instant
