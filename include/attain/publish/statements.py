"""Statements: what one participant earned in a month and why, read from the published set alone."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attain.errors import Corrupt, InputError
from attain.publish.set import current
from attain.publish.tables import refuse_older

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from attain.company import Company

# The sections whose amounts add up to what is payable.
PAYING = ("pay", "adjustments", "timing", "draws")
_SUFFIX = re.compile(r"( \((multiplier|gate|minimum|cap|clawback|rounding)\)|（(系数|门槛|保底|封顶|追回|尾差)）)$")


@dataclass(frozen=True)
class Line:
    """One row of `statement_lines`, with the questions about it (rows of `disputes`).

    `plan` and `component` are '' where a line is of none, and so is `currency`. In a month closed before lines named
    them all three are ''; `currency` only when the person is paid in several there.
    """

    line: int
    section: str
    label_zh: str
    label_en: str
    formula: str
    basis: Decimal | None
    rate: Decimal | None
    amount: Decimal | None
    source_ref: str
    status: str
    because: str
    plan: str = ""
    component: str = ""
    currency: str = ""
    disputes: tuple[Mapping[str, Any], ...] = ()

    @property
    def of(self) -> tuple[str, str]:
        """Plan and component."""
        return self.plan, self.component

    @property
    def names(self) -> tuple[str, str]:
        """The component's names (zh, en), without what kind of line it is."""
        return _SUFFIX.sub("", self.label_zh), _SUFFIX.sub("", self.label_en)


@dataclass(frozen=True)
class Statement:
    """One participant's month: its lines in order, its payouts, finance's row for each currency, and the questions."""

    participant_id: str
    period: str
    name: str
    team: str
    role: str
    locale: str
    lines: tuple[Line, ...]
    payouts: tuple[Mapping[str, Any], ...]
    totals: tuple[Mapping[str, Any], ...]
    set_name: str
    as_of: dt.datetime
    kpis: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    disputes: tuple[Mapping[str, Any], ...] = ()

    def of(self, *sections: str) -> list[Line]:
        """The lines of some sections, in order."""
        return [line for line in self.lines if line.section in sections]


def statements_of(home: Path, company: Company, period: str, participant: str | None = None) -> list[Statement]:
    """The statements of a month, by participant, or that of one participant. See `read_statements` for errors."""
    import duckdb

    published = current(home)
    if published is None:
        raise InputError("Nothing is published yet; run a period first: attain run.")
    month = company.calendar.month(period)
    with duckdb.connect(str(published.database), read_only=True) as con:
        refuse_older(con, published.name)
        return read_statements(con, month.key, month.ends_on, published.name, company.locale, participant)


def everybody(home: Path) -> list[str]:
    """Ids of all participants with a statement in the published set, whatever the month. Empty before the first set."""
    import duckdb

    published = current(home)
    if published is None:
        return []
    with duckdb.connect(str(published.database), read_only=True) as con:
        return [one for (one,) in con.sql("select distinct participant_id from marts.statement_lines").fetchall()]


def read_statements(
    con: DuckDBPyConnection,
    period: str,
    ends_on: dt.date,
    set_name: str,
    locale: str,
    participant: str | None = None,
) -> list[Statement]:
    """The statements in schema `marts` of `con`; `locale` is for people who have none.

    Raises InputError when there is no line for the month, Corrupt when a statement does not add up to what
    finance pays: such a set must not reach anybody.
    """
    known = {"period": period, "participant": participant, "ends_on": ends_on}
    lines = _by_person(con, _LINES, known)
    if not lines:
        raise InputError(_nothing(con, period, participant))
    payouts, totals = _by_person(con, _PAYOUTS, known), _by_person(con, _TOTALS, known)
    disputes = _by_person(con, _DISPUTES, known)
    people = {row["participant_id"]: row for row in _rows(con, _PEOPLE, known)}
    kpis = {row["name_en"]: row for row in _rows(con, "select name_en, name_zh, kpi, unit from marts.dim_kpi", known)}
    as_of = con.sql("select as_of from marts.publication").fetchall()[0][0]
    made = []
    for one, rows in lines.items():
        person = people.get(one, {})
        first = totals[one][0] if totals[one] else {}
        made.append(
            Statement(
                one,
                period,
                first.get("name") or person.get("name") or one,
                first.get("team") or "",
                person.get("role") or "",
                person.get("locale") or locale,
                tuple(_line(row, totals[one], disputes[one]) for row in rows),
                tuple(payouts[one]),
                tuple(totals[one]),
                set_name,
                as_of,
                kpis,
                tuple(disputes[one]),
            )
        )
        _refuse_a_difference(made[-1])
    return made


_LINES = """
    select participant_id, line, section, label_zh, label_en, formula, basis, rate, amount, source_ref, status,
        not_payable_because as because, coalesce(plan, '') as plan, coalesce(component, '') as component,
        coalesce(currency, '') as currency
    from marts.statement_lines
    where period = $period and ($participant is null or participant_id = $participant)
    order by participant_id, line
"""

_PAYOUTS = """
    select payouts.*, coalesce(names.name_zh, payouts.component) as name_zh,
        coalesce(names.name_en, payouts.component) as name_en
    from marts.payouts as payouts
    left join (
        select plan, component, arg_max(name_zh, plan_version) as name_zh, arg_max(name_en, plan_version) as name_en
        from marts.dim_component
        group by plan, component
    ) as names on payouts.plan = names.plan and payouts.component = names.component
    where payouts.period = $period and ($participant is null or payouts.participant_id = $participant)
    order by payouts.participant_id, payouts.plan, payouts.component
"""

_TOTALS = """
    select * from marts.commission_table
    where period = $period and ($participant is null or participant_id = $participant)
    order by participant_id, currency
"""

_DISPUTES = """
    select * from marts.disputes
    where period = $period and ($participant is null or participant_id = $participant)
    order by participant_id, raised_on, dispute_id
"""

# The range in force at the month's end, else the newest before it, else the first.
_PEOPLE = """
    select * from marts.dim_participant
    where $participant is null or participant_id = $participant
    qualify row_number() over (
        partition by participant_id
        order by effective_from <= $ends_on desc,
            abs(date_diff('day', effective_from, $ends_on))
    ) = 1
"""


def _rows(con: DuckDBPyConnection, query: str, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    result = con.execute(query, {name: value for name, value in known.items() if f"${name}" in query})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _by_person(con: DuckDBPyConnection, query: str, known: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(con, query, known):
        found[row["participant_id"]].append(row)
    return found


def _line(row: Mapping[str, Any], totals: list[dict[str, Any]], disputes: list[dict[str, Any]]) -> Line:
    values = {name: value for name, value in row.items() if name != "participant_id"}
    # Lines of months that were closed before they named a currency: everything is in the one the person is paid in.
    if not values["currency"] and values["amount"] is not None and len(totals) == 1:
        values["currency"] = totals[0]["currency"]
    about = (one for one in disputes if one["line"] == row["line"] and not one["is_line_unknown"])
    return Line(**values, disputes=tuple(about))


def _refuse_a_difference(statement: Statement) -> None:
    totals = {line.source_ref: line.amount or Decimal(0) for line in statement.of("total")}
    paid = {row["currency"]: row["payable"] for row in statement.totals}
    parts = sum((line.amount or Decimal(0) for line in statement.of(*PAYING)), Decimal(0))
    if totals != paid or parts != sum(totals.values(), Decimal(0)):
        told = ", ".join(f"{amount:f} {code}" for code, amount in sorted(paid.items())) or "nothing"
        raise Corrupt(
            f"The statement of participant {statement.participant_id} for {statement.period} does not add up: "
            f"its lines give {parts:f}, its total {sum(totals.values(), Decimal(0)):f}, the commission table {told}. "
            "Nothing was written; run the period again."
        )


def _nothing(con: DuckDBPyConnection, period: str, participant: str | None) -> str:
    first, last = con.sql("select min(period), max(period) from marts.statement_lines").fetchall()[0]
    whom = f" for participant {participant}" if participant else ""
    held = f"it holds statements from {first} to {last}" if first else "it holds no statements"
    return f"The published set has no statement{whom} in {period}; {held}."
