"""What closes kept of earning lines: a closed month as it was booked, and what of it came to something else later."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from attain.explain_figures import Row
from attain.ledger import Close, Ledger
from attain.sqltext import literal

_LINES = """
    select transaction_type, transaction_id, line, sum(amount) as amount
    from {relation}
    where participant_id = $participant and plan = $plan and component = $component and origin_period = $origin
        and (transaction_type = 'clawback' or starts_with(line, 'clawback ')) = $is_event
    group by all
"""
_IS_BOOKED = """
    select 1 from read_parquet($path)
    where participant_id = $participant and plan = $plan and component = $component and origin_period = $origin
        and kind in ('earned', 'adjustment', 'clawback')
    limit 1
"""
# The order in which earning lines are told.
ORDER = "credited_on nulls last, transaction_id, line, slice"
Transaction = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """A transaction (type, id, line) of a booked month: what it came to when it was booked last, and comes to now."""

    transaction: Transaction
    before: Decimal
    after: Decimal


def changes(con: duckdb.DuckDBPyConnection, ledger: Ledger, payout: Row, origin: str, is_event: bool) -> list[Change]:
    """What changed of the lines of month `origin` between its last booking before the payout's month and the payout.

    `con` is open on a published set. With `is_event` of what events took back, else of all other lines. Empty when
    the month was not booked before.
    """
    closes = ledger.closes()
    keys = {**_keys(payout), "origin": origin}
    before = next((close for close in reversed(closes) if _is_before(con, close, payout, keys)), None)
    if before is None:
        return []
    own = next((close for close in closes if close.period == payout["period"]), None)
    after = _kept(own) if own and payout["status"] == "closed" else "marts.earnings"
    was, now = (_amounts(con, relation, {**keys, "is_event": is_event}) for relation in (_kept(before), after))
    both = sorted(was.keys() | now.keys(), key=lambda transaction: (not transaction[1], transaction))
    found = [Change(one, was.get(one, Decimal(0)), now.get(one, Decimal(0))) for one in both]
    return [change for change in found if change.before != change.after]


def booked_lines(con: duckdb.DuckDBPyConnection, ledger: Ledger, payout: Row) -> list[Row] | None:
    """The earning lines a closed payout was booked with; None for an open one, and where its close kept none."""
    own = next((close for close in ledger.closes() if close.period == payout["period"]), None)
    if payout["status"] != "closed" or own is None or not _keeps(own):
        return None
    found = con.execute(
        f"select * from {_kept(own)} where participant_id = $participant and plan = $plan and component = $component "
        f"and origin_period = $origin order by {ORDER}",
        {**_keys(payout), "origin": payout["period"]},
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _keys(payout: Row) -> dict[str, str]:
    return {"participant": payout["participant_id"], **{name: payout[name] for name in ("plan", "component")}}


def _keeps(close: Close) -> bool:
    return (close.folder / "earnings.parquet").exists()


def _is_before(con: duckdb.DuckDBPyConnection, close: Close, payout: Row, keys: dict[str, str]) -> bool:
    """Whether the close is earlier than the payout's month and booked the month of `keys`, first or corrected."""
    if close.period >= payout["period"] or not _keeps(close):
        return False
    entries = {**keys, "path": str(close.folder / "ledger_entries.parquet")}
    return close.period == keys["origin"] or con.execute(_IS_BOOKED, entries).fetchone() is not None


def _kept(close: Close) -> str:
    return f"read_parquet({literal(str(close.folder / 'earnings.parquet'))})"


def _amounts(con: duckdb.DuckDBPyConnection, relation: str, values: dict[str, object]) -> dict[Transaction, Decimal]:
    rows = con.execute(_LINES.format(relation=relation), values).fetchall()
    return {(kind, name, line): amount for kind, name, line, amount in rows}
