"""Makes models anew in files that hold their rows of the run before: not at all, for some keys, or wholly.

What became of each table is one of three outcomes: `same`; `rows`, with its changed rows (as they were and as they are)
in schema `refresh`; `all`, when nothing is known of it but that it was made anew. Outcomes are kept in the warehouse,
because each stage of a run may be a process of its own.
"""

from __future__ import annotations

import re

import duckdb

from attain.building import CompiledModel, CompiledTest, Wholly, breaks
from attain.refresh.relations import Node, Relations, changed_rows
from attain.refresh.scope import FEW, Scope, semi_join

SAME, ROWS, ALL = "same", "rows", "all"
# Tables up to this size are compared row by row after they were made wholly.
_COMPARED_ROWS = 1_000_000
_STATE = """
create schema if not exists refresh;
create table if not exists refresh.outcomes (name varchar primary key, outcome varchar);
create table if not exists refresh.stages (stage varchar primary key);
"""


def is_refreshing(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the open warehouse began as that of the run before."""
    return bool(con.execute("select 1 from duckdb_schemas() where schema_name = 'refresh'").fetchall())


def remember(con: duckdb.DuckDBPyConnection, outcomes: dict[str, str]) -> None:
    """Note outcomes in the open warehouse."""
    con.execute(_STATE)
    con.execute(
        "insert or replace into refresh.outcomes select unnest($names), unnest($outcomes)",
        {"names": list(outcomes), "outcomes": list(outcomes.values())},
    )


class Remaker:
    """Remakes the models of one stage."""

    def __init__(self, con: duckdb.DuckDBPyConnection, relations: Relations, stage: str) -> None:
        """A stage that was begun before is made wholly.

        It may have left tables half made, and what it made looks no more like a change.
        """
        con.execute(_STATE)
        self.relations = relations
        self.wholly = Wholly()
        self.is_repeated = bool(con.execute("select 1 from refresh.stages where stage = ?", [stage]).fetchall())
        con.execute("insert or ignore into refresh.stages values (?)", [stage])
        self.outcomes: dict[str, str] = dict(con.execute("select name, outcome from refresh.outcomes").fetchall())

    def ended(self, con: duckdb.DuckDBPyConnection) -> None:
        """Every model of the stage stands."""
        remember(con, self.outcomes)

    def make(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> None:
        """Make one model as far as it must be."""
        if model.materialized == "view":
            self.wholly.make(con, model)
        elif self.is_repeated:
            self.wholly.make(con, model)
            self.outcomes[model.name] = ALL
        else:
            self.outcomes[model.name] = self._remake(con, model)

    def judge(self, con: duckdb.DuckDBPyConnection, test: CompiledTest) -> int:
        """How many rows break a claim: what has not changed broke none when it was published."""
        changed = self._changed(test)
        if self.is_repeated or ALL in changed.values():
            return self.wholly.judge(con, test)
        if not changed:
            return 0
        scope = self._scope(con, test, changed)
        return breaks(con, scope.select(test)) if scope else self.wholly.judge(con, test)

    def _remake(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> str:
        changed = self._changed(model)
        if not changed:
            return SAME
        scope = self._scope(con, model, changed)
        return self._remake_keys(con, model, scope) if scope else self._remake_wholly(con, model)

    def _changed(self, node: Node) -> dict[str, str]:
        """What a node reads and has changed, with the outcome."""
        leaves = set(self.relations.leaves(node))
        return {name: self.outcomes.get(name, ALL) for name in leaves if self._has_changed(name, node)}

    def _scope(self, con: duckdb.DuckDBPyConnection, node: Node, changed: dict[str, str]) -> Scope | None:
        """The keys that changed rows lead to, if they are all that changed and are few."""
        if not node.local or any(name not in node.local.rests_on or how != ROWS for name, how in changed.items()):
            return None
        scope = Scope(con, self.relations, node.local)
        result = node.relation if isinstance(node, CompiledModel) else None
        return scope if scope.find_keys(changed, result) else None

    def _has_changed(self, name: str, node: Node) -> bool:
        outcome = self.outcomes.get(name, ALL)
        if outcome != ROWS or name != "inputs.run":
            return outcome != SAME
        # Facts about the run: only those that it names matter to a model or test.
        facts = [fact for fact in self.outcomes if fact.startswith("inputs.run ")]
        named = "|".join(fact.removeprefix("inputs.run ") for fact in facts)
        return bool(facts) and any(re.search(rf"\b({named})\b", text) for text in self.relations.texts(node))

    def _remake_keys(self, con: duckdb.DuckDBPyConnection, model: CompiledModel, scope: Scope) -> str:
        by = scope.local.by
        columns = _columns(con, model)
        _compute(con, model, columns, f"{scope.select(model)}\n) as computed {semi_join('computed', 'keys', by)}")
        standing = f"from {model.relation} as standing"
        # Looked for by the key alone, because reading a wide table takes longer than computing a few rows of it.
        found = semi_join("standing", "keys", by)
        con.execute(f"create or replace temp table places as select rowid as place {standing} {found}")
        at_places = "rowid in (select place from places)"
        none = "" if _count(con, "places") else " and false"
        con.execute(f"create or replace temp table stale as select {columns} {standing} where {at_places}{none}")
        if _keep_difference(con, model, "stale", columns):
            _replace(con, model, at_places, "true", columns)
            return ROWS
        return SAME

    def _remake_wholly(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> str:
        size = _count(con, model.relation)
        if size > _COMPARED_ROWS:
            self.wholly.make(con, model)
            return ALL
        columns = _columns(con, model)
        _compute(con, model, columns, f"{model.sql}\n) as computed")
        changes = _keep_difference(con, model, model.relation, columns)
        if not changes:
            return SAME
        odd = f"hash({columns}) in (select h from odd)"
        is_few = changes * FEW < size
        _replace(con, model, odd if is_few else "true", odd if is_few else "true", columns)
        return ROWS


def _columns(con: duckdb.DuckDBPyConnection, model: CompiledModel) -> str:
    return ", ".join(f'"{row[0]}"' for row in con.execute(f"describe {model.relation}").fetchall())


def _compute(con: duckdb.DuckDBPyConnection, model: CompiledModel, columns: str, select: str) -> None:
    """Rows of a model as they are now, in the temporary table `fresh` with the types of the model's own."""
    con.execute(f"create or replace temp table fresh as select {columns} from {model.relation} limit 0")
    con.execute(f"insert into fresh select {columns} from ({select}")


def _keep_difference(con: duckdb.DuckDBPyConnection, model: CompiledModel, stale: str, columns: str) -> int:
    """Keep the rows that differ between `stale` and `fresh`, as they were and as they are; gives how many.

    Rows are compared by a hash of 64 bits, as published tables are: comparing them by all of their columns takes ten
    times as long.
    """
    con.execute(
        "create or replace temp table odd as select h from ("
        f"select hash({columns}) as h, 1 as n from {stale} union all select hash({columns}), -1 from fresh"
        ") group by h having sum(n) <> 0"
    )
    if not _count(con, "odd"):
        return 0
    changed = changed_rows(model.name)
    con.execute(
        f"create or replace table {changed} as "
        f"select {columns} from {stale} where hash({columns}) in (select h from odd) union all "
        f"select {columns} from fresh where hash({columns}) in (select h from odd)"
    )
    return _count(con, changed)


def _replace(con: duckdb.DuckDBPyConnection, model: CompiledModel, gone: str, come: str, columns: str) -> None:
    """Rows of the model's table that are `gone` make way for the rows of `fresh` that have `come`, both or neither."""
    con.execute("begin")
    con.execute(f"delete from {model.relation} as standing where {gone}")
    con.execute(f"insert into {model.relation} ({columns}) select {columns} from fresh where {come}")
    con.execute("commit")


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    found = con.execute(f"select count(*) from {table}").fetchone()
    assert found is not None
    return int(found[0])
