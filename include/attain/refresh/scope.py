"""SQL of the part of a model that has to be computed again: which keys, and its SELECT over the rows that lead to them.

All names come from the compiled project and from DuckDB's catalogue; no delivered text is ever part of a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from attain.building import CompiledTest
from attain.locality import Link, Locality
from attain.refresh.relations import Node, Relations, changed_rows, short

# Smaller tables are read whole: looking for their rows costs as much.
SCOPED_ROWS = 50_000
# Keys are few when a table of the model has this many times as many rows.
FEW = 8


class Scope:
    """The keys of a model or test that are computed again, in temporary tables of the connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, relations: Relations, local: Locality) -> None:
        self.con = con
        self.relations = relations
        self.local = local

    def find_keys(self, changed: Iterable[str], result: str | None) -> bool:
        """Fill the temporary table `keys` with those that rows of the changed tables lead to.

        Gives whether they are few beside the rows read and made (those of `result`): looking for rows costs a part of
        reading them all.
        """
        selects = [self._keys_of(self.local.rests_on[name], changed_rows(name)) for name in changed]
        columns, union = ", ".join(self.local.by), " union all ".join(selects)
        self.con.execute(f"create or replace temp table keys as select distinct {columns} from ({union})")
        tables = [self.relations.names[name] for name in self.local.rests_on if not name.startswith("landing.")]
        tables += [result] if result else []
        return self.size("keys") * FEW < max(self.size(table) for table in tables)

    def _keys_of(self, link: Link, changed: str) -> str:
        if not link.hops:
            renamed = ", ".join(f"{column} as {key}" for column, key in zip(link.columns, self.local.by, strict=True))
            return f"select {renamed} from {changed}"
        steps = self._steps_with(link).items()
        columns = ", ".join(f"{step}.{_named(key, step, link)} as {key}" for key, step in steps)
        first = same("step_0", "step_1", link.hops[0].on)
        return f"select {columns} from {changed} as step_0 inner join {self._way(link)} on {first}"

    def _way(self, link: Link) -> str:
        """The tables between a table (`step_0`) and the key, joined: `step_1`, `step_2` …"""
        tables = [self.relations.names[hop.table] for hop in link.hops]
        joined = [f"{tables[0]} as step_1"]
        for number in range(2, len(tables) + 1):
            on = same(f"step_{number - 1}", f"step_{number}", link.hops[number - 1].on)
            joined.append(f"inner join {tables[number - 1]} as step_{number} on {on}")
        return " ".join(joined)

    def _steps_with(self, link: Link) -> dict[str, str]:
        """For each column of the key the last step that has it."""
        found = dict.fromkeys(self.local.by, "step_0")
        for number, hop in enumerate(link.hops, start=1):
            columns = set(self.columns(self.relations.names[hop.table]))
            found |= {key: f"step_{number}" for key in self.local.by if key in columns}
        return found

    def select(self, model: Node) -> str:
        """The node's SELECT for the keys alone; what it reads is put into temporary views before."""
        stands_for: dict[str, str] = {}
        for number, (name, link) in enumerate(self.local.rests_on.items()):
            relation = self.relations.names[name]
            # What is made of a whole table can be left out afterwards, what a test finds in it can not.
            if isinstance(model, CompiledTest) or name.startswith("landing.") or self.size(relation) >= SCOPED_ROWS:
                rows = self._rows(name, relation, link)
                stands_for[relation] = f"temp.part_{number}"
                # A view: of a wide table only what the model names is read.
                self.con.execute(f"create or replace temp view part_{number} as {rows}")
        return self._put_in(model, stands_for)

    def _rows(self, name: str, relation: str, link: Link) -> str:
        """The rows of a table that lead to the keys."""
        if name.startswith("landing."):
            # New batches have a view of their own; the one over all batches opens every file.
            new = changed_rows(name)
            others = self.size(f"(select * from keys where _batch_no not in (select _batch_no from {new}))")
            return (
                f"select * from {relation} as part {semi_join('part', 'keys', link.columns)}"
                if others
                else f"from {new}"
            )
        if not link.hops:
            return f"select * from {relation} as part {semi_join('part', 'keys', link.columns, self.local.by)}"
        steps = self._steps_with(link)
        own = [key for key, step in steps.items() if step == "step_0"]
        on = link.hops[0].on
        wanted = ", ".join([*(f"step_1.{column}" for column in on), *(f"keys.{key}" for key in own)])
        led = " and ".join(same(step, "keys", [key]) for key, step in steps.items() if step != "step_0")
        rows = f"(select distinct {wanted} from {self._way(link)} inner join keys on {led})"
        columns = [*on, *(_named(key, "step_0", link) for key in own)]
        return f"select * from {relation} as part {semi_join('part', rows, columns, [*on, *own])}"

    def _put_in(self, model: Node, stands_for: dict[str, str]) -> str:
        """The model's SELECT with each relation replaced, views on the way made anew over the replaced ones."""
        sql = model.sql
        for parent in model.parents:
            name = short(parent)
            relation = self.relations.names[name]
            if self.relations.is_view(name) and relation not in stands_for:
                view = self.relations.models[name]
                inner = self._put_in(view, stands_for)
                stands_for[relation] = relation
                if inner != view.sql:
                    stands_for[relation] = f'temp."over_{name}"'
                    self.con.execute(f'create or replace temp view "over_{name}" as {inner}')
            if relation in stands_for:
                sql = sql.replace(relation, stands_for[relation])
        return sql

    def columns(self, relation: str) -> list[str]:
        """The columns of a relation in their order."""
        return [str(row[0]) for row in self.con.execute(f"describe {relation}").fetchall()]

    def size(self, relation: str) -> int:
        """How many rows a relation has."""
        found = self.con.execute(f"select count(*) from {relation}").fetchone()
        assert found is not None
        return int(found[0])


def _named(key: str, step: str, link: Link) -> str:
    """What a column of the key is called in a step: the table itself may have another name for it."""
    return link.names.get(key, key) if step == "step_0" else key


def semi_join(table: str, wanted: str, columns: Sequence[str], others: Sequence[str] = ()) -> str:
    """The join that keeps the rows of `table` which agree with a row of `wanted`."""
    return f"semi join {wanted} as wanted on {same(table, 'wanted', columns, others)}"


def same(one: str, other: str, columns: Sequence[str], others: Sequence[str] = ()) -> str:
    """The condition that two rows agree in their columns; an empty value equals an empty one."""
    pairs = zip(columns, others or columns, strict=True)
    return " and ".join(f"{one}.{left} is not distinct from {other}.{right}" for left, right in pairs)
