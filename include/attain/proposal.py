"""What somebody must see before approving a close: totals, changes, adjustments, outliers, no pay, questions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from attain.amounts import mean, money, parts_of_pay
from attain.plurals import counted, paid
from attain.publish.set import PublishedSet

# Enough to see what is behind a total; everything is in the published tables.
SHOWN = 10
# A payout is worth a look when it is more than twice what the person received on average, over three months at least.
OUTLIER_FACTOR, OUTLIER_MONTHS = 2, 3

# As finance's table has them, and the summary of a run: people whose components together come to something.
_TOTALS = """
    select currency, count(*) filter (where payable <> 0),
        sum(gross_earned), sum(adjustments), sum(draws), sum(deductions), sum(payable)
    from marts.commission_table where period = $period group by currency order by currency
"""
_CHANGES = """
    with people as (
        select period, participant_id, currency, sum(payable) as payable from marts.payouts
        where period = $period or (period = $previous and status = 'closed')
        group by period, participant_id, currency
    )
    select participant_id, currency,
        coalesce(sum(payable) filter (where period = $previous), 0) as payable_before,
        coalesce(sum(payable) filter (where period = $period), 0) as payable_now
    from people group by participant_id, currency
    having payable_now <> payable_before
    order by abs(payable_now - payable_before) desc, participant_id, currency limit $shown
"""
# What is held or released is pay timing, and told by the statements; here stands what changes what was earned.
_ADJUSTMENTS = """
    select participant_id, plan || '/' || component, origin_period, kind, amount, currency, count(*) over () as number
    from settlement.close_entries
    where kind = 'clawback' or (kind = 'adjustment' and origin_period <> $period)
    order by abs(amount) desc, participant_id, plan, component, origin_period, kind, transaction_id limit $shown
"""
_OUTLIERS = """
    with people as (
        select participant_id, currency, period, sum(payable) as payable, bool_and(status = 'closed') as is_closed
        from marts.payouts where period <= $period group by participant_id, currency, period
    ),
    usual as (
        select participant_id, currency, sum(payable) as total, count(*) as months
        from people where is_closed and period < $period group by participant_id, currency
    )
    select people.participant_id, people.currency, people.payable, usual.total, usual.months
    from people left join usual using (participant_id, currency)
    where people.period = $period
        and (people.payable < 0 or (usual.months >= $months and people.payable * usual.months > $factor * usual.total))
    order by people.payable desc, people.participant_id limit $shown
"""
_WITHOUT_PAY = """
    with active as (
        select distinct person.participant_id, person.name
        from marts.dim_participant as person
        inner join marts.dim_period as month on month.period = $period
        where month.ends_on between person.effective_from and person.effective_to
            and coalesce(person.hired_on, month.ends_on) <= month.ends_on
            and coalesce(person.left_on, month.ends_on) >= month.starts_on
    ),
    paid as (
        select participant_id from marts.payouts where period = $period
        group by participant_id, currency having sum(payable) <> 0
    )
    select participant_id, name from active
    where participant_id not in (select participant_id from paid) order by participant_id
"""
_QUESTIONS = """
    select dispute_id, participant_id, line, age_days from marts.disputes
    where period = $period and status = 'open' order by age_days desc, dispute_id
"""
_WARNINGS = "select gate, \"check\", observed from marts.quality_results where status = 'warned' order by 1, 2"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Proposal:
    """What a close of `period` would book from the set `set_hash`.

    totals: currency, people whose pay is not 0, gross earned, adjustments, draws, deductions, payable. changes: person,
    currency, before, now. adjustments, clawbacks among them: person, plan/component, origin period, kind, amount,
    currency, how many there are in all. outliers: person, currency, payable, sum and number of the months before.
    without_pay: person, name. questions: those about the period that are open: id, person, line (None: only a source is
    named), days. warnings: gate, check, observed. waiting: names of files in the inbox that did not land.
    """

    period: str
    previous: str | None
    set_name: str
    set_hash: str
    totals: list[Row]
    totals_before: list[Row]
    changes: list[Row]
    adjustments: list[Row]
    outliers: list[Row]
    without_pay: list[Row]
    questions: list[Row]
    warnings: list[Row]
    waiting: list[str]

    def text(self) -> str:
        """The proposal as Markdown that also reads well on a terminal."""
        parts = [f"Set {self.set_name}, hash {self.set_hash}.", *self._waiting()]
        before = {row[0]: row[6] for row in self.totals_before}
        parts += [_total(row, before.get(row[0], Decimal(0)), self.previous) for row in self.totals]
        if not self.totals:
            parts.append("**Nothing is payable.**")
        sections = (
            (
                f"Largest changes against {self.previous}",
                [_change(row) for row in self.changes] if self.previous else [],
            ),
            (_first_of("Adjustments of closed periods and clawbacks", self.adjustments), _adjusted(self.adjustments)),
            ("Unusual amounts", [_outlier(row) for row in self.outliers]),
            (
                f"People without pay ({len(self.without_pay)})",
                [f"{row[0]} {row[1]}" for row in self.without_pay[:SHOWN]],
            ),
            (f"Open questions ({len(self.questions)})", [_question(row) for row in self.questions[:SHOWN]]),
            ("Warnings of the gates", [f"{row[0]}: {row[1]} ({row[2]})" for row in self.warnings[:SHOWN]]),
        )
        parts += [f"{title}:\n" + "\n".join(f"- {line}" for line in lines) for title, lines in sections if lines]
        return "\n\n".join(parts)

    def _waiting(self) -> list[str]:
        if not self.waiting:
            return []
        more = len(self.waiting) - SHOWN
        names = ", ".join(self.waiting[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        differ = "differs" if len(self.waiting) == 1 else "differ"
        return [
            f"**Not in these figures**: {names} in the inbox {differ} from what has landed. "
            f"To count what was delivered since, run the period first: attain run --period {self.period}."
        ]


def propose(published: PublishedSet, previous: str | None, waiting: list[str]) -> Proposal:
    """What closing the set's period would book, compared with `previous`, the period closed last (None: the first).

    `waiting`: files in the inbox that did not land, to be told.
    """
    period = published.period
    everything: dict[str, Any] = {
        "period": period,
        "previous": previous or "",
        "shown": SHOWN,
        "months": OUTLIER_MONTHS,
        "factor": OUTLIER_FACTOR,
    }
    with duckdb.connect(str(published.database), read_only=True) as con:

        def rows(query: str, **other: Any) -> list[Row]:
            values = {name: value for name, value in {**everything, **other}.items() if f"${name}" in query}
            return con.execute(query, values).fetchall()

        return Proposal(
            period,
            previous,
            published.name,
            published.hash,
            rows(_TOTALS),
            rows(_TOTALS, period=previous) if previous else [],
            rows(_CHANGES),
            rows(_ADJUSTMENTS),
            rows(_OUTLIERS),
            rows(_WITHOUT_PAY),
            rows(_QUESTIONS),
            rows(_WARNINGS),
            waiting,
        )


def _total(row: Row, before: Decimal, previous: str | None) -> str:
    currency, people, *amounts = row
    payable = f"**Payable {money(amounts[-1], currency)} {currency}**"
    told = f"{payable} to {paid(people)} ({parts_of_pay(amounts, currency)})"
    if previous:
        told += f"; {previous}: {money(before, currency)}, change {money(amounts[-1] - before, currency)}"
    return told + "."


def _change(row: Row) -> str:
    return f"{row[0]}: {money(row[3], row[1])} {row[1]}, before {money(row[2], row[1])}"


def _first_of(title: str, rows: list[Row]) -> str:
    return f"{title} (the {len(rows)} largest of {rows[0][6]})" if rows and rows[0][6] > len(rows) else title


def _adjusted(rows: list[Row]) -> list[str]:
    return [f"{row[0]}, {row[1]} for {row[2]}: {money(row[4], row[5])} {row[5]} ({row[3]})" for row in rows]


def _outlier(row: Row) -> str:
    usual = f"; {mean(row[3], row[4], row[1])} a month until now" if row[3] is not None else ""
    return f"{row[0]}: {money(row[2], row[1])} {row[1]}{usual}"


def _question(row: Row) -> str:
    line = f", line {row[2]}" if row[2] is not None else ""
    return f"{row[0]}: {row[1]}{line}, open for {counted(row[3], 'day')}"
