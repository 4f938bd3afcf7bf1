"""What the delivered files say of the deals of a story: where each stands, and the money that came for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from attain import conform, mapping
from attain.company import Company
from attain.landing import Landing

# File and row by deal and what of it: '' for itself, `line N`, or `split`.
Places = dict[tuple[str, str], tuple[str, int]]

_ROWS = """
    with rows as (
        select deal_id, '' as part, _batch_no, _row from landing.deals
        union all
        select deal_id, 'line ' || line, _batch_no, _row from landing.deal_lines
        union all
        select deal_id, 'split', _batch_no, _row from landing.deal_splits where participant_id = $participant
    )
    select rows.deal_id, rows.part, batches.source_ref, rows._row
    from rows inner join landing.batches as batches on rows._batch_no = batches.batch_no
    where rows.deal_id in (select unnest($deals)) order by rows._batch_no, rows._row
"""
# What happened to some deals, each row as delivered last. Money without a deal is of its invoice's deals.
_GATHER = """
    create or replace temp table moved as
    with asked as (select unnest($deals) as deal_id),
    invoice_ids as (select invoice_id from landing.invoices where deal_id in (select deal_id from asked)),
    invoices as (
        select * from landing.invoices where invoice_id in (select invoice_id from invoice_ids)
        qualify row_number() over (partition by invoice_id, deal_id order by _batch_no desc, _row desc) = 1
    ),
    {money},
    rows as (
        select 'invoice' as kind, invoice_id as id, invoice_id, deal_id, invoiced_on as day, amount, currency,
            is_deleted, _batch_no, _row
        from invoices
        union all
        select 'payment', payment_id, invoice_id, deal_id, paid_on, amount, currency, is_deleted, _batch_no, _row
        from payments
        union all
        select 'credit_note', credit_note_id, invoice_id, deal_id, credited_on, amount, null, is_deleted,
            _batch_no, _row
        from credit_notes
        union all
        select 'cancellation', deal_id, null, deal_id, cancelled_on, '0', null, is_deleted, _batch_no, _row
        from landing.deals where deal_id in (select deal_id from asked)
        qualify row_number() over (partition by deal_id order by _batch_no desc, _row desc) = 1
    )
    select distinct coalesce(rows.deal_id, invoices.deal_id) as deal_id, rows.kind, rows.id,
        try_cast(left(rows.day, 10) as date) as day, try_cast(rows.amount as decimal(24, 6)) as amount, rows.currency,
        batches.source_ref, rows._row, batches.landed_at
    from rows
    inner join landing.batches as batches on rows._batch_no = batches.batch_no
    left join invoices on rows.deal_id is null and rows.invoice_id = invoices.invoice_id
    where coalesce(rows.is_deleted, '') <> 'true' and coalesce(rows.deal_id, invoices.deal_id) in (from asked)
"""
_OF_DEALS = """
    {stream}s as (
        select * from landing.{stream}s
        where {stream}_id in (
            select {stream}_id from landing.{stream}s
            where deal_id in (select deal_id from asked) or invoice_id in (select invoice_id from invoice_ids)
        )
        qualify row_number() over (partition by {stream}_id order by _batch_no desc, _row desc) = 1
    )
"""
_MOVED = """
    select deal_id, kind, id, day, amount, currency, source_ref, _row from moved
    where deal_id in (select unnest($deals)) and kind in (select unnest($kinds)) and amount is not null
        and day <= $ends_on and (day >= $starts_on or landed_at > $known)
    order by day, id, deal_id
"""


@dataclass(frozen=True)
class Moved:
    """An invoice, payment, credit note or cancellation of a deal, as delivered; where it stands is file and row."""

    deal_id: str
    kind: str
    id: str
    day: dt.date
    amount: Decimal
    currency: str | None
    place: tuple[str, int]


class Delivered:
    """What was delivered of some deals up to an instant: `con` has it all in schema `landing`."""

    def __init__(self, con: duckdb.DuckDBPyConnection, deals: Collection[str]) -> None:
        self._con, self._deals = con, sorted(deals)
        money = ",".join(_OF_DEALS.format(stream=stream) for stream in ("payment", "credit_note"))
        con.execute(_GATHER.format(money=money), {"deals": self._deals})

    def places(self, participant: str) -> Places:
        """Where each deal, its lines and the participant's splits stand, newest delivery; unknown ones are left out."""
        rows = self._con.execute(_ROWS, {"deals": self._deals, "participant": participant}).fetchall()
        return {(deal, part): (ref, row) for deal, part, ref, row in rows}

    def moved(
        self,
        deals: Collection[str],
        kinds: Collection[str],
        starts_on: dt.date,
        ends_on: dt.date,
        known: dt.datetime | None = None,
    ) -> list[Moved]:
        """What of these kinds happened to the deals in these days, or earlier but was delivered after `known` (UTC).

        The kinds are `invoice`, `payment`, `credit_note` and `cancellation`, whose amount is 0.
        """
        values = {"deals": sorted(deals), "kinds": sorted(kinds), "starts_on": starts_on, "ends_on": ends_on}
        rows = self._con.execute(_MOVED, {**values, "known": known}).fetchall()
        return [
            Moved(deal_id, kind, id_, day, amount, currency, (ref, row))
            for deal_id, kind, id_, day, amount, currency, ref, row in rows
        ]


@contextmanager
def delivered(company: Company, home: Path, as_of: dt.datetime, deals: Collection[str]) -> Iterator[Delivered]:
    """What landed of these deals up to `as_of` (UTC)."""
    with duckdb.connect() as con:
        conform.conform(con, Landing(home / "landing"), mapping.load_mappings(company), as_of.replace(tzinfo=dt.UTC))
        yield Delivered(con, deals)
