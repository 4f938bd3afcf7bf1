"""Control totals: the totals row a file carried against the sum of the rows that landed from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attain.streams import STREAMS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# As staging reads numbers: plain digits, or digits in correct groups of three.
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,6})?")
# What a totals row sums; a rate or a score in it would be a mean, if anything.
_ADDABLE = {"money"}
_ADDABLE_NAMES = {"units", "value"}
_CREATE = """
create or replace temp table control_sums (
    batch_no integer, stream varchar, source_ref varchar, field varchar,
    total decimal(38, 6), landed_sum decimal(38, 6), unreadable_count bigint, malformed_count bigint
)
"""


def measure(con: DuckDBPyConnection) -> None:
    """Fill the temp table `control_sums`: one row per batch with a totals row and column it sums.

    A batch whose file was delivered again has said its last.
    """
    con.execute(_CREATE)
    batches = con.execute(
        "select batches.batch_no, batches.stream, batches.source_ref, batches.control_totals, "
        "(select count(*) from landing.malformed where malformed.batch_no = batches.batch_no) "
        "from landing.batches where batches.control_totals is not null and not exists ("
        "select 1 from landing.batches as later where later.stream = batches.stream "
        "and later.source_ref = batches.source_ref and later.batch_no > batches.batch_no) order by batches.batch_no"
    ).fetchall()
    for batch_no, stream, source_ref, written, malformed_count in batches:
        totals = read_totals(stream, written)
        if totals:
            sums = _landed(con, stream, batch_no, list(totals))
            con.executemany(
                "insert into control_sums values (?, ?, ?, ?, ?, ?, ?, ?)",
                [[batch_no, stream, source_ref, field, totals[field], *sums[field], malformed_count] for field in sums],
            )


def read_totals(stream: str, written: str) -> dict[str, Decimal]:
    """The sums of a totals row (JSON by canonical column) that can be compared: columns of money and amounts.

    Of several totals rows (subtotals and a grand total) the last one counts.
    """
    parsed: Any = json.loads(written)
    if isinstance(parsed, list):
        parsed = parsed[-1] if parsed else {}
    if isinstance(parsed, Mapping) and isinstance(parsed.get("values"), Mapping):
        parsed = parsed["values"]
    columns = STREAMS[stream].columns
    return {
        name: Decimal(str(value).strip().replace(",", ""))
        for name, value in parsed.items()
        if (columns.get(name) in _ADDABLE or (name in _ADDABLE_NAMES and name in columns))
        and _NUMBER.fullmatch(str(value).strip())
    }


def _landed(con: DuckDBPyConnection, stream: str, batch_no: int, fields: list[str]) -> dict[str, tuple[Decimal, int]]:
    """Per field the sum of its readable values and how many cannot be read."""
    # Stream and fields are names of streams.py; the delivered values are only ever data.
    number = "try_cast(replace(\"{0}\", ',', '') as decimal(24, 6))"
    columns = ", ".join(
        f'coalesce(sum({number.format(name)}), 0), count("{name}") - count({number.format(name)})' for name in fields
    )
    row = con.execute(f"select {columns} from landing.{stream} where _batch_no = ?", [batch_no]).fetchone()
    values = list(row or [])
    return {name: (values[2 * n], int(values[2 * n + 1])) for n, name in enumerate(fields)}
