"""Months closed one after another inside one database: everything is computed once, then each month is settled on what
was booked before it (architecture, rule 11). Worked examples and simulated plans run through here; no ledger is read or
written, what is booked lies in schema `booked` of that database and goes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from attain import ledger
from attain.building import CompiledModel
from attain.company import Company
from attain.inputs import RunFacts
from attain.quality.results import record
from attain.scoring import prepare

_BOOKED = "source.attain.booked."


@dataclass(frozen=True)
class Parts:
    """The models a replay needs, each list in an order in which it can be built.

    `computed` knows no ledger, `booking` is what a close is made of, `shown` is wanted besides after the last close.
    `kept` names what of a close is read again: later months and the tables wanted rest on no more.
    """

    computed: tuple[CompiledModel, ...]
    booking: tuple[CompiledModel, ...]
    shown: tuple[CompiledModel, ...]
    kept: tuple[str, ...]

    def without_inputs(self, tables: Collection[str]) -> tuple[CompiledModel, ...]:
        """The computed models that none of these tables of schema `inputs` reaches."""
        reached = _downstream(self.computed, {f"source.attain.inputs.{table}" for table in tables})
        return tuple(model for model in self.computed if model.unique_id not in reached)


def parts(models: Sequence[CompiledModel], wanted: Collection[str], of_closes: Collection[str] = ()) -> Parts:
    """What of the compiled `models` a replay builds when in the end the tables `wanted` are looked at, and the tables
    `of_closes` in what was booked.
    """
    after_booking = {model.unique_id for model in settling(models)}
    expected = _upstream(models, wanted)
    tables = set(of_closes)
    while True:
        kept = _upstream(models, ledger.kept_from(tables))
        read = {table for model in models if model.unique_id in expected | kept for table in _booked(model)}
        read.update(of_closes)
        if read == tables:
            break
        tables = read
    return Parts(
        tuple(m for m in models if m.unique_id in expected | kept and m.unique_id not in after_booking),
        tuple(m for m in models if m.unique_id in kept & after_booking),
        tuple(m for m in models if m.unique_id in expected & after_booking),
        tuple(sorted(tables)),
    )


def _booked(model: CompiledModel) -> set[str]:
    """The tables of schema `booked` that the model reads."""
    return {parent.removeprefix(_BOOKED) for parent in model.parents if parent.startswith(_BOOKED)}


def settling(models: Sequence[CompiledModel]) -> list[CompiledModel]:
    """The models that look at what was booked: a close needs them anew, whatever else stands."""
    booked = {_BOOKED + table for model in models for table in _booked(model)}
    reached = _downstream(models, booked)
    return [model for model in models if model.unique_id in reached]


def give(con: duckdb.DuckDBPyConnection, company: Company, facts: RunFacts, plans: dict[str, pa.Table]) -> None:
    """Schema `inputs` anew: the run, its calendar, these plans, and no finding of any gate."""
    con.execute("drop schema if exists inputs cascade")
    prepare(con, company, facts, plans)
    record(con, [])


# A view stands for the whole replay: what it reads is made anew under it.
_VIEWS = "select schema_name, view_name from duckdb_views() where not internal"


def build(con: duckdb.DuckDBPyConnection, models: Iterable[CompiledModel]) -> None:
    """Make these models, in this order, in the database in use. Raises duckdb.Error for one that fails."""
    views = {f"{schema}.{name}" for schema, name in con.sql(_VIEWS).fetchall()}
    for model in models:
        if model.materialized != "view":
            con.execute(f"create or replace table {model.relation} as {model.sql}")
        elif model.relation.replace('"', "").partition(".")[2] not in views:
            con.execute(f"create view {model.relation} as {model.sql}")


def close(
    con: duckdb.DuckDBPyConnection,
    needed: Parts,
    period: str,
    approved_by: str,
    make: Callable[[duckdb.DuckDBPyConnection, Iterable[CompiledModel]], None] = build,
) -> None:
    """Settle the month `period` on what was booked before and book it; needs what is computed, and schema `booked`.

    `make` builds the models.
    """
    con.execute("update inputs.run set period = $period", {"period": period})
    make(con, needed.booking)
    values = {
        "close_id": period,
        "period": period,
        "approved_by": approved_by,
        "booked_at": f"{period}-28 00:00:00",
        "set_hash": "",
    }
    ledger.append_close(con, values, needed.kept)


def _upstream(models: Sequence[CompiledModel], tables: Collection[str]) -> set[str]:
    """The models of these names and all they read from (ids)."""
    needed = {model.unique_id for model in models if model.name in tables}
    for model in reversed(models):
        if model.unique_id in needed:
            needed.update(model.parents)
    return needed


def _downstream(models: Iterable[CompiledModel], sources: Collection[str]) -> set[str]:
    """The models that read from these sources, directly or through others (ids)."""
    reached: set[str] = set()
    for model in models:
        if any(parent in sources or parent in reached for parent in model.parents):
            reached.add(model.unique_id)
    return reached
