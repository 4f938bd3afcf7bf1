"""Where in the delivered files the deals of a story come from: the deal, its lines, and the splits of a participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
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


def places(company: Company, home: Path, as_of: dt.datetime, deals: Collection[str], participant: str) -> Places:
    """Where each deal stands, from landing: the newest delivery up to `as_of` (UTC). Unknown deals are left out."""
    if not deals:
        return {}
    with duckdb.connect() as landed:
        conform.conform(landed, Landing(home / "landing"), mapping.load_mappings(company), as_of.replace(tzinfo=dt.UTC))
        rows = landed.execute(_ROWS, {"deals": sorted(deals), "participant": participant}).fetchall()
    return {(deal, part): (ref, row) for deal, part, ref, row in rows}
