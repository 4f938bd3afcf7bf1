"""The ledger: the append-only book of closes, one sealed folder `ledger/<n>/` per close.

A close keeps its entries and what the closed period looked like (slices, payouts, scores, statement lines). Its number
is taken exclusively and its seal names the seal before, so the closes form a chain (architecture.md, rule 4).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from attain import sealed
from attain.errors import Corrupt, InputError
from attain.sqltext import literal

GENESIS = "0" * 64

# What a close keeps, as selections from a published set attached as `attain`. Parameters by name.
_ENTRIES = """
    select
        substr(sha256(concat_ws('|', $close_id, participant_id, plan, component, origin_period, kind, transaction_id)),
               1, 32) as entry_id,
        booked_period, origin_period, participant_id, plan, component, kind, transaction_id,
        case when reverses_kind = '' then reverses
             else substr(sha256(concat_ws('|', $close_id, participant_id, plan, component, reverses_period,
                                          reverses_kind, '')), 1, 32)
        end as reverses,
        amount, currency, $close_id as close_id, $approved_by as approved_by,
        cast($booked_at as timestamp) as booked_at
    from attain.settlement.close_entries
"""
KEPT = {
    "ledger_entries": _ENTRIES + " order by entry_id",
    "closes": """
        select $close_id as close_id, $period as booked_period, $approved_by as approved_by,
               cast($booked_at as timestamp) as booked_at, $set_hash as set_hash
    """,
    "payouts": """
        select * exclude (run_id) from attain.marts.payouts where period = $period
        order by participant_id, plan, component
    """,
    "earnings": """
        select * exclude (run_id), $close_id as close_id from attain.marts.earnings
        where origin_period = $period or (participant_id, plan, component, origin_period) in (
            select (participant_id, plan, component, origin_period) from attain.settlement.close_entries
            where origin_period <> $period
        )
        order by participant_id, plan, component, transaction_type, transaction_id, line, slice
    """,
    "vesting_lines": """
        select *, $close_id as close_id from attain.settlement.close_vesting
        order by participant_id, plan, component, origin_period, deal_id, waits_from, is_clawback
    """,
    "scores": """
        select * exclude (run_id, booked_score, booked_grade) from attain.marts.scores
        where status <> 'provisional' and period in (
            select period from attain.marts.dim_period
            where ends_on = (select ends_on from attain.marts.dim_period where period = $period)
        )
        order by participant_id, period, plan_version
    """,
    "score_lines": """
        select * exclude (run_id) from attain.marts.score_lines
        where period in (
            select period from attain.marts.dim_period
            where ends_on = (select ends_on from attain.marts.dim_period where period = $period)
        )
        order by participant_id, period, plan_version, measure
    """,
    "statement_lines": """
        select * exclude (run_id) from attain.marts.statement_lines where period = $period
        order by participant_id, line
    """,
    "cost_entries": """
        select * from attain.settlement.cost_entries where booked_period = $period
        order by deal_id, plan, component, origin_period, currency
    """,
    "amortisation": """
        select * exclude (run_id) from attain.marts.amortisation where period = $period
        order by deal_id, plan, component, currency
    """,
    "payroll": """
        select * exclude (run_id, status) from attain.marts.payroll where period = $period
        order by participant_id, currency
    """,
    "journal": """
        select * exclude (run_id, status) from attain.marts.journal where period = $period
        order by currency, plan, component, posting, account_role
    """,
}

# What only `Ledger.earnings` reads: a line per deal of every close.
_MANY = "earnings"

# The columns the models read, for a company that has not closed anything yet.
_COLUMNS = {
    "ledger_entries": """entry_id varchar, booked_period varchar, origin_period varchar, participant_id varchar,
        plan varchar, component varchar, kind varchar, transaction_id varchar, reverses varchar, amount decimal(24, 6),
        currency varchar, close_id varchar, approved_by varchar, booked_at timestamp""",
    "closes": """close_id varchar, booked_period varchar, approved_by varchar, booked_at timestamp,
        set_hash varchar""",
    "payouts": """participant_id varchar, period varchar, plan varchar, component varchar, earned decimal(24, 6),
        payable decimal(24, 6), adjustment decimal(24, 6), held decimal(24, 6), released decimal(24, 6),
        clawed_back decimal(24, 6), drawn decimal(24, 6), recovered decimal(24, 6), balance_owed decimal(24, 6),
        currency varchar, status varchar, plan_version varchar""",
    "earnings": """participant_id varchar, plan varchar, component varchar, origin_period varchar,
        transaction_type varchar, transaction_id varchar, line varchar, slice integer, basis_amount decimal(24, 6),
        tier_from decimal(24, 6), rate decimal(24, 6), amount decimal(24, 6), currency varchar, credited_on date,
        why varchar, close_id varchar""",
    "vesting_lines": """participant_id varchar, plan varchar, component varchar, plan_version_id varchar,
        origin_period varchar, deal_id varchar, waits_from date, is_clawback boolean, amount decimal(24, 6),
        close_id varchar""",
    "scores": """participant_id varchar, period varchar, plan varchar, plan_version varchar, score decimal(24, 6),
        raw_grade varchar, grade varchar, status varchar, gate_hits varchar, rank_in_team integer,
        rank_in_role integer""",
    "statement_lines": """participant_id varchar, period varchar, line integer, section varchar, label_zh varchar,
        label_en varchar, formula varchar, basis decimal(24, 6), rate decimal(24, 6), amount decimal(24, 6),
        source_ref varchar, status varchar, not_payable_because varchar, plan varchar, component varchar,
        currency varchar""",
    "cost_entries": """deal_id varchar, plan varchar, component varchar, booked_period varchar, origin_period varchar,
        currency varchar, amount decimal(24, 6)""",
    "amortisation": """deal_id varchar, component varchar, period varchar, plan varchar, capitalised decimal(24, 6),
        added decimal(24, 6), amortised decimal(24, 6), remaining decimal(24, 6), current_part decimal(24, 6),
        non_current_part decimal(24, 6), currency varchar, is_capitalised boolean""",
    "payroll": """participant_id varchar, period varchar, name varchar, team varchar, pay_group varchar,
        gross_earned decimal(24, 6), adjustments decimal(24, 6), draws decimal(24, 6), deductions decimal(24, 6),
        payable decimal(24, 6), currency varchar""",
    "journal": """period varchar, currency varchar, plan varchar, component varchar, posting varchar,
        account_role varchar, account varchar, debit decimal(24, 6), credit decimal(24, 6)""",
}


@dataclass(frozen=True)
class Close:
    """A booked close: its number, period, who approved which set when, and the digest of its seal."""

    number: int
    close_id: str
    period: str
    approved_by: str
    booked_at: str
    set_hash: str
    digest: str
    folder: Path


class Ledger:
    """The closes under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def closes(self, as_of: dt.datetime | None = None) -> list[Close]:
        """Closes booked at or before `as_of` (default all), oldest first.

        Raises Corrupt when a seal was changed or a link of the chain is missing.
        """
        closes, before = [], GENESIS
        for number, name in enumerate(sealed.names(self.root), start=1):
            folder = self.root / name
            seal = sealed.read(folder)
            if name != _name(number) or seal["previous"] != before:
                raise Corrupt(f"{folder}: the chain of closes is broken here; restore the ledger from a backup.")
            before = sealed.digest(folder)
            closes.append(
                Close(
                    number,
                    seal["close_id"],
                    seal["period"],
                    seal["approved_by"],
                    seal["booked_at"],
                    seal["set_hash"],
                    before,
                    folder,
                )
            )
        if as_of is None:
            return closes
        return [close for close in closes if dt.datetime.fromisoformat(close.booked_at) <= as_of]

    def verify(self) -> list[Close]:
        """All closes, every file of them compared with its seal. Raises Corrupt naming the file that differs."""
        closes = self.closes()
        for close in closes:
            sealed.verify(close.folder)
        return closes

    def refuse_loss(self, head: str) -> None:
        """Raises Corrupt when the chain lacks `head`, the newest close when something was published last.

        A chain shows a link missing in the middle; that its end was lost only somebody who saw it can say.
        """
        if head not in (GENESIS, *(close.digest for close in self.closes())):
            raise Corrupt(
                f"{self.root}: lacks the close that stood last when the published set was made; what was paid then "
                "would be paid again. Restore the ledger from a backup."
            )

    def head(self, as_of: dt.datetime | None = None) -> str:
        """Digest of the newest close (zeros before the first): the whole chain in one value."""
        closes = self.closes(as_of)
        return closes[-1].digest if closes else GENESIS

    def load(self, con: duckdb.DuckDBPyConnection, as_of: dt.datetime | None = None) -> None:
        """Schema `booked` of an open warehouse: what closes so far kept, but for earning lines, which are many.

        Raises Corrupt when a file was changed.
        """
        create_booked(con)
        for close in self.closes(as_of):
            sealed.verify(close.folder)
            for table in kept_tables(close.folder):
                if table == _MANY:
                    continue
                path = str(close.folder / f"{table}.parquet")
                con.execute(f"insert into booked.{table} by name select * from read_parquet($path)", {"path": path})

    def earnings(self) -> str:
        """The relation, in SQL, of all earning lines that closes kept; without any, the empty `booked.earnings`."""
        # Early closes did not write their own id into the lines.
        kept = [
            f"select columns(name -> name <> 'close_id'), {literal(close.close_id)} as close_id "
            f"from read_parquet({literal(str((close.folder / f'{_MANY}.parquet').resolve()))})"
            for close in self.closes()
        ]
        return f"({' union all by name '.join(kept)})" if kept else f"booked.{_MANY}"

    def book(
        self,
        database: Path,
        period: str,
        set_hash: str,
        approved_by: str,
        now: dt.datetime,
        facts: sealed.Facts | None = None,
    ) -> Close:
        """Book `period` from a published set: exactly its close entries, exactly once. `facts` go into the seal.

        Raises InputError when the period is not the next to close, Busy when somebody else books at this moment.
        """
        closes = self.closes()
        refuse_out_of_order(closes, period)
        # A close is never older than the one before it, also when the clock stepped back: as-of counts on that.
        if closes:
            now = max(now, dt.datetime.fromisoformat(closes[-1].booked_at) + dt.timedelta(microseconds=1))
        number = len(closes) + 1
        values = {
            "close_id": f"{number:06d}-{period}",
            "period": period,
            "approved_by": approved_by,
            "booked_at": now.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"),
            "set_hash": set_hash,
        }
        previous = closes[-1].digest if closes else GENESIS

        def fill(folder: Path) -> sealed.Facts:
            # A published database is always called attain.duckdb, and that is its name inside too.
            with duckdb.connect(str(database), read_only=True) as con:
                for table, query in KEPT.items():
                    keep(con, query, values).write_parquet(str(folder / f"{table}.parquet"), compression="zstd")
            return {**(facts or {}), **values, "number": number, "previous": previous, "booked_at": now.isoformat()}

        sealed.write(self.root, _name(number), fill)
        return self.closes()[-1]


def kept_tables(folder: Path) -> list[str]:
    """The tables the models read that a close holds; one booked by an earlier version may lack some."""
    return [table for table in _COLUMNS if (folder / f"{table}.parquet").exists()]


def keep(con: duckdb.DuckDBPyConnection, query: str, values: dict[str, str]) -> duckdb.DuckDBPyRelation:
    """One of the selections in KEPT for a close with these values."""
    return con.sql(query, params=_used(query, values))


def _used(query: str, values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if f"${name}" in query}


def kept_from(tables: Collection[str]) -> set[str]:
    """Names of the models that these tables of a close are made of."""
    queries = [KEPT[table] for table in tables]
    return {name for query in queries for name in re.findall(r"attain\.(?:marts|settlement)\.(\w+)", query)}


def create_booked(con: duckdb.DuckDBPyConnection) -> None:
    """The empty schema `booked`."""
    con.execute("create schema if not exists booked")
    for table, columns in _COLUMNS.items():
        con.execute(f"create table booked.{table} ({columns})")


def append_close(con: duckdb.DuckDBPyConnection, values: dict[str, str], tables: Collection[str]) -> None:
    """Book these tables of a close into schema `booked` of the database in use, from marts attached as `attain`."""
    for table in tables:
        con.execute(f"insert into booked.{table} by name {KEPT[table]}", _used(KEPT[table], values))


def refuse_out_of_order(closes: list[Close], period: str) -> None:
    """Raises InputError when `period` was closed already or lies before a closed one."""
    if closes and period <= closes[-1].period:
        closed = next((close for close in closes if close.period == period), None)
        if closed:
            raise InputError(
                f"Period {period} was closed on {closed.booked_at[:16]} by {closed.approved_by}; a booked close "
                "stands. Corrections are booked in the open period."
            )
        raise InputError(f"Period {period} lies before {closes[-1].period}, which is closed already.")


def _name(number: int) -> str:
    return f"{number:06d}"
