"""A database in memory on which one example after another is worked.

Planning a model costs more than running it over a few rows, so nothing that stands is made anew: tables are emptied and
filled again, by statements that were planned when they were needed for the second time. A table is left as it is when
nothing it reads has changed since: most of a plan's grammar is not used by one example, and what is empty stays empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import duckdb
import pyarrow as pa

from attain import ledger, replay
from attain.building import CompiledModel
from attain.company import Company
from attain.conform import landing_tables
from attain.frozen import GIVEN
from attain.inputs import RunFacts
from attain.quality.results import record
from attain.scoring import given_tables

_DELIVERED = "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('landing', 'booked')"

# What is given and then changed in place: the month that is closed, and what closes booked.
_CHANGED_BY_CLOSES = ("run", *GIVEN)


def database() -> duckdb.DuckDBPyConnection:
    """An empty database in memory with the places into which the models are built."""
    con = duckdb.connect(":memory:")
    con.execute("set timezone = 'UTC'; set threads = 1")
    con.execute("attach ':memory:' as warehouse; attach ':memory:' as attain; use warehouse")
    for schema in ("warehouse.staging", "warehouse.intermediate", "attain.marts", "attain.settlement"):
        con.execute(f"create schema {schema}")
    return con


class Workbench:
    """The database `con`, in which models stand as tables to be filled again.

    With `wanted`, all that these published tables rest on is made with the first example: a table that came later would
    make DuckDB forget what it planned.
    """

    def __init__(self, models: Sequence[CompiledModel] = (), wanted: Collection[str] = ()) -> None:
        self.con = database()
        # A plan that relied on what the tables held when it was made would be wrong for the next example.
        self.con.execute("set disabled_optimizers = 'statistics_propagation'")
        needed = replay.parts(models, wanted)
        self._ahead = (*needed.computed, *needed.booking, *needed.shown)
        self._standing: set[str] = set()
        self._given: dict[str, pa.Table] = {}
        self._planned: dict[str, str] = {}
        # Changes are counted. By id: the last change of a model's or source's rows, and the last one a model has seen.
        self._changes = 0
        self._changed: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._empty: set[str] = set()
        self._views: dict[str, tuple[str, ...]] = {}
        landing_tables(self.con)
        ledger.create_booked(self.con)

    def clear(self) -> None:
        """Nothing delivered and nothing booked."""
        for (table,) in self.con.execute(_DELIVERED).fetchall():
            self.con.execute(f"delete from {table}")

    def give(self, company: Company, facts: RunFacts, plans: dict[str, pa.Table]) -> None:
        """Schema `inputs`: the run, its calendar, these plans, and no finding of any gate."""
        record(self.con, [])
        for name, table in given_tables(company, facts, plans).items():
            before = self._given.get(name)
            self._given[name] = table
            if before is not None and before.equals(table) and name not in _CHANGED_BY_CLOSES:
                continue
            self._note_change(f"source.attain.inputs.{name}")
            self.con.register("given", table)
            if before is not None and before.schema.equals(table.schema):
                self.con.execute(f'delete from inputs."{name}"; insert into inputs."{name}" select * from given')
            else:
                self.con.execute(f'create or replace table inputs."{name}" as select * from given')
                self._planned.clear()
            self.con.unregister("given")

    def build(self, con: duckdb.DuckDBPyConnection, models: Iterable[CompiledModel]) -> None:
        """Make these models, in this order, in the database `con`, which is the workbench's own.

        Raises duckdb.Error for one that fails.
        """
        for model in self._ahead:
            if model.unique_id not in self._standing:
                self._make(con, model, "" if model.materialized == "view" else "with no data")
        self._ahead = ()
        chosen = list(models)
        self._look_at_sources(con, chosen)
        for model in chosen:
            if model.unique_id not in self._standing:
                self._make(con, model)
            elif model.materialized != "view" and self._last_change(model.parents) > self._seen[model.unique_id]:
                self._fill(con, model)

    def _look_at_sources(self, con: duckdb.DuckDBPyConnection, models: Iterable[CompiledModel]) -> None:
        """Others fill and change sources: those with rows count as changed, but for what `give` left as it was."""
        sources = {parent for model in models for parent in model.parents if parent.startswith("source.")}
        for source in sorted(sources):
            _, _, schema, table = source.split(".")
            if schema != "inputs" or table not in self._given or table in _CHANGED_BY_CLOSES:
                self._note_rows(source, con.execute(f"select count(*) from {schema}.{table}"))

    def _note_rows(self, name: str, counted: duckdb.DuckDBPyConnection) -> None:
        """Notes that these rows have changed, unless there are none and there were none."""
        is_empty = counted.fetchone() == (0,)
        if not is_empty or name not in self._empty:
            self._note_change(name)
        (self._empty.add if is_empty else self._empty.discard)(name)

    def _note_change(self, name: str) -> None:
        self._changes += 1
        self._changed[name] = self._changes

    def _last_change(self, read: Iterable[str]) -> int:
        """The last change of all that is read, directly or through views."""
        return max(
            (
                self._last_change(self._views[name]) if name in self._views else self._changed.get(name, 0)
                for name in read
            ),
            default=0,
        )

    def _make(self, con: duckdb.DuckDBPyConnection, model: CompiledModel, ending: str = "") -> None:
        kind = "view" if model.materialized == "view" else "table"
        con.execute(f"create {kind} {model.relation} as {model.sql}\n{ending}")
        self._standing.add(model.unique_id)
        if kind == "view":
            self._views[model.unique_id] = model.parents
        else:
            self._note_change(model.unique_id)
            self._seen[model.unique_id] = 0 if ending else self._changes
        # What was planned before would be planned again at every use.
        self._planned.clear()

    def _fill(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> None:
        if model.unique_id not in self._planned:
            name = f"fill_{model.name}"
            con.execute(f"prepare {name} as insert into {model.relation} {model.sql}")
            self._planned[model.unique_id] = name
        if model.unique_id not in self._empty:
            con.execute(f"delete from {model.relation}")
        self._note_rows(model.unique_id, con.execute(f"execute {self._planned[model.unique_id]}"))
        self._seen[model.unique_id] = self._changes
