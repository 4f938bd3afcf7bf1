"""What later closes take from earlier ones although computing knows no ledger: it is given to a run as inputs.

Grades that are frozen after close, and what deals were booked with in months that may not be adjusted any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

GIVEN = ("booked_grades", "booked_slices", "adjustable")

_GRADES = pa.schema([(name, pa.string()) for name in ("participant_id", "plan_version_id", "period", "grade")])
_SLICES = pa.schema(
    [
        *((name, pa.string()) for name in ("participant_id", "plan", "component", "origin_period")),
        *((name, pa.string()) for name in ("transaction_type", "transaction_id", "line")),
        ("slice", pa.int32()),
        ("credited_on", pa.date32()),
        *((name, pa.decimal128(24, 6)) for name in ("basis_amount", "tier_from", "rate", "amount")),
        ("currency", pa.string()),
    ]
)


def frozen_tables(first_period: str) -> dict[str, pa.Table]:
    """The tables of GIVEN in schema `inputs` before any close: nothing booked, all adjustable from `first_period`."""
    return {
        "booked_grades": _GRADES.empty_table(),
        "booked_slices": _SLICES.empty_table(),
        "adjustable": pa.table({"from_period": [first_period]}),
    }


def give_frozen(con: duckdb.DuckDBPyConnection, earnings: str = "booked.earnings") -> None:
    """Fill the tables of GIVEN from schema `booked` of the same database; `earnings`: the relation of all that closes
    kept of earning lines.

    A grade that was not known at the close (NULL) is left out: it is given when its data come. Slices are given of
    deals, of components that take back what was booked, where their origin month left the retro window.
    """
    con.execute("delete from inputs.booked_grades")
    con.execute("""
        insert into inputs.booked_grades by name
        select participant_id, plan_version as plan_version_id, period, grade
        from booked.scores where grade is not null
    """)
    con.execute("""
        update inputs.adjustable set from_period = coalesce((
            select strftime(cast(max(closes.booked_period) || '-01' as date) + to_months(1 - run.retro_window), '%Y-%m')
            from booked.closes as closes cross join inputs.run as run
            group by run.retro_window
        ), from_period)
    """)
    con.execute("delete from inputs.booked_slices")
    con.execute(f"""
        insert into inputs.booked_slices by name
        with taken_back as (
            select distinct plans.plan, clawbacks.component
            from inputs.clawbacks as clawbacks
            inner join inputs.plans as plans on clawbacks.plan_version_id = plans.plan_version_id
            where clawbacks.charge <> 'current_rate'
        ),
        kept as (
            select earnings.*
            from {earnings} as earnings
            inner join taken_back using (plan, component)
            cross join inputs.adjustable
            where earnings.origin_period < adjustable.from_period
        ),
        -- A month is booked when it is closed, and when it is adjusted: then perhaps that nothing is left of it.
        newest as (
            select participant_id, plan, component, origin_period, max(close_id) as close_id
            from (
                select participant_id, plan, component, origin_period, close_id from booked.ledger_entries
                where kind in ('earned', 'adjustment', 'clawback')
                union all
                select kept.participant_id, kept.plan, kept.component, kept.origin_period, kept.close_id
                from kept
                inner join booked.closes as closes
                    on kept.close_id = closes.close_id and kept.origin_period = closes.booked_period
            )
            group by participant_id, plan, component, origin_period
        )
        select kept.* exclude (close_id, why)
        from kept
        inner join newest using (participant_id, plan, component, origin_period, close_id)
        where kept.transaction_type in ('deal', 'invoice', 'payment', 'credit_note')
    """)
