"""What later closes take from earlier ones although computing knows no ledger: grades that are frozen after close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

_SCHEMA = pa.schema([(name, pa.string()) for name in ("participant_id", "plan_version_id", "period", "grade")])


def booked_grades() -> pa.Table:
    """The table `booked_grades` of schema `inputs` before any close: no rows."""
    return _SCHEMA.empty_table()


def give_booked_grades(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `inputs.booked_grades` from schema `booked` of the same database: one row per grade a close has kept.

    A grade that was not known at the close (NULL) is left out: it is given when its data come.
    """
    con.execute("delete from inputs.booked_grades")
    con.execute("""
        insert into inputs.booked_grades by name
        select participant_id, plan_version as plan_version_id, period, grade
        from booked.scores where grade is not null
    """)
