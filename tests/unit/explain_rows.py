"""Rows of a small published set for `attain explain`: each test says what it needs, the rest has defaults."""

from __future__ import annotations

import io
from typing import Any

import duckdb
from rich.console import Console
from tests.unit.statement_tables import TABLES

from attain.explain import Story

PERIOD = "2026-02"
_MORE = """
create table marts.earnings (participant_id varchar, plan varchar, component varchar, origin_period varchar,
    transaction_type varchar, transaction_id varchar, line varchar, slice integer, basis_amount decimal(24,6),
    tier_from decimal(24,6), rate decimal(24,6), amount decimal(24,6), currency varchar, credited_on date, why varchar);
create table marts.credits (participant_id varchar, plan varchar, component varchar, transaction_id varchar,
    line varchar, credited_on date, amount decimal(24,6), currency varchar, original_amount decimal(24,6),
    original_currency varchar, fx_rate decimal(24,10), why varchar);
insert into marts.dim_participant values ('P', '2025-01-01', 'Pia', 'ae', 'en');
"""


def connect() -> duckdb.DuckDBPyConnection:
    """A set in which participant P has nothing yet."""
    con = duckdb.connect()
    con.execute(TABLES + _MORE)
    return con


def insert(con: duckdb.DuckDBPyConnection, table: str, **values: Any) -> None:
    """A row of a table; columns not named are null."""
    names, marks = ", ".join(values), ", ".join(f"${name}" for name in values)
    con.execute(f"insert into marts.{table} ({names}) values ({marks})", values)


def payout(con: duckdb.DuckDBPyConnection, component: str = "deals", **values: Any) -> None:
    """A payout of P: parts not named are 0, EUR, open."""
    parts = ("earned", "payable", "adjustment", "held", "released", "clawed_back", "drawn", "recovered", "balance_owed")
    row = {"plan": "ae", "currency": "EUR", "status": "open", "plan_version": "ae@2", **dict.fromkeys(parts, 0)}
    insert(con, "payouts", participant_id="P", period=PERIOD, component=component, **{**row, **values})


def earning(con: duckdb.DuckDBPyConnection, amount: str, component: str = "deals", **values: Any) -> None:
    """An earning line of P."""
    row = {"transaction_type": "period", "transaction_id": "", "line": "", "slice": 1, "currency": "EUR", "why": ""}
    keys = {"participant_id": "P", "plan": "ae", "component": component, "origin_period": PERIOD}
    insert(con, "earnings", amount=amount, **{**keys, **row, **values})


def settled(
    con: duckdb.DuckDBPyConnection, section: str, word: str, origin: str, amount: str, because: str = ""
) -> None:
    """A line of P's statement that settles: `word` is correction, held, drawn and so on."""
    names = {
        "label_en": f"Deals ({word} of {origin.partition(' ')[0]})",
        "label_zh": "提成",
        "source_ref": f"ae/deals {origin}",
    }
    keys = {"participant_id": "P", "period": PERIOD, "line": 1, "section": section}
    insert(con, "statement_lines", amount=amount, not_payable_because=because, **names, **keys)


def told(con: duckdb.DuckDBPyConnection, locale: str = "en") -> str:
    """The story of P as text."""
    return "\n".join(lines(con, locale))


def lines(con: duckdb.DuckDBPyConnection, locale: str = "en") -> list[str]:
    """The story of P line by line, without the branches of the tree."""
    out = io.StringIO()
    Console(file=out, width=300).print(Story(con, "P", PERIOD, None, locale, "en").tree())
    return [line.lstrip("│├└─ \xa0").rstrip() for line in out.getvalue().splitlines()]
