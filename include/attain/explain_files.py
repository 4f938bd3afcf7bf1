"""Where in the delivered files the deals of a story come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import duckdb

from attain import conform, mapping
from attain.company import Company
from attain.landing import Landing


def places(company: Company, home: Path, as_of: dt.datetime, deals: Collection[str]) -> dict[str, tuple[str, int]]:
    """File and row of each deal, from landing: the newest delivery up to `as_of` (UTC). Unknown deals are left out."""
    if not deals:
        return {}
    with duckdb.connect() as landed:
        conform.conform(landed, Landing(home / "landing"), mapping.load_mappings(company), as_of.replace(tzinfo=dt.UTC))
        rows = landed.execute(
            "select deals.deal_id, batches.source_ref, deals._row from landing.deals as deals "
            "inner join landing.batches as batches on deals._batch_no = batches.batch_no "
            "where deals.deal_id in (select unnest($deals)) order by deals._batch_no, deals._row",
            {"deals": sorted(deals)},
        ).fetchall()
    return {deal: (ref, row) for deal, ref, row in rows}
