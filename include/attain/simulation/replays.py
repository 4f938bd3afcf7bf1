"""Both sides of a simulation, replayed in scratch databases of their own: the plans in force, and those with the draft.

What the draft cannot change (staging, credits, most KPIs) is built once and copied.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from attain import building, conform, ledger, replay
from attain.company import Company, Period
from attain.inputs import RunFacts
from attain.landing import Landing
from attain.mapping import load_mappings
from attain.modelling import project
from attain.plans.book import PlanBook
from attain.plans.flatten import flatten, kinds_to_date
from attain.simulation import facts
from attain.simulation.draft import Placed
from attain.simulation.facts import Side

_MEMORY = "4GB"
# Tables of schema `inputs` that follow from the windows the plans use.
_CALENDAR = ("periods", "period_months", "calendar_periods", "calendar_period_months")

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Inputs:
    """What both replays work with: the company, what was landed when, and the months."""

    company: Company
    home: Path
    months: tuple[Period, ...]
    as_of: dt.datetime

    def adapted(self) -> Company:
        """The company as if it had begun with the first of the months: nothing drawn, held or booked before."""
        settings = self.company.settings.model_copy(update={"first_period": self.months[0].key})
        return Company(self.company.folder, settings)


def replay_both(inputs: Inputs, placed: Placed, scratch: Path, tell: Tell) -> tuple[Side, Side]:
    """What the plans in force and the draft pay over the months, each closed with the data known at `as_of`.

    Everything is written into `scratch`. Raises what reading deliveries raises, duckdb.Error when a model fails.
    """
    models = list(project(inputs.home / "dbt").models)
    parts = replay.parts(models, facts.WANTED, facts.OF_CLOSES)
    plans = [_tables(inputs.company, book) for book in (placed.in_force, placed.with_draft)]
    shared = parts.without_inputs(changed_tables(*plans))
    tell("data")
    places = (scratch / "in_force", scratch / "draft")
    places[0].mkdir(parents=True)
    with _opened(places[0]) as con:
        _give(con, inputs, plans[0])
        conform.conform(con, Landing(inputs.home / "landing"), load_mappings(inputs.company), inputs.as_of)
        _schemas(con, parts)
        replay.build(con, shared)
    shutil.copytree(places[0], places[1])
    built = {model.unique_id for model in shared}
    own = replace(parts, computed=tuple(m for m in parts.computed if m.unique_id not in built))
    sides = []
    for place, tables in zip(places, plans, strict=True):
        tell(place.name)
        sides.append(_replayed(place, inputs, tables, own))
        shutil.rmtree(place)
    return sides[0], sides[1]


def _tables(company: Company, book: PlanBook) -> dict[str, pa.Table]:
    return flatten(book, company.currency, company.kpis)


def changed_tables(before: dict[str, pa.Table], after: dict[str, pa.Table]) -> set[str]:
    """The tables of schema `inputs` in which the two sides differ."""
    changed = {name for name in before if not before[name].equals(after[name])}
    if kinds_to_date(before["components"]) != kinds_to_date(after["components"]):
        changed.update(_CALENDAR)
    return changed


def _opened(place: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return building.opened(place / "warehouse.duckdb", place / "attain.duckdb", _MEMORY, place / "spill")


def _give(con: duckdb.DuckDBPyConnection, inputs: Inputs, plans: dict[str, pa.Table]) -> None:
    run = RunFacts("simulation", inputs.months[-1], inputs.as_of, inputs.as_of)
    replay.give(con, inputs.adapted(), run, plans)


def _schemas(con: duckdb.DuckDBPyConnection, parts: replay.Parts) -> None:
    models = (*parts.computed, *parts.booking, *parts.shown)
    for schema in sorted({model.relation.rsplit(".", 1)[0] for model in models}):
        con.execute(f"create schema if not exists {schema}")


def _replayed(place: Path, inputs: Inputs, plans: dict[str, pa.Table], parts: replay.Parts) -> Side:
    with _opened(place) as con:
        _give(con, inputs, plans)
        ledger.create_booked(con)
        replay.build(con, parts.computed)
        for month in inputs.months:
            replay.close(con, parts, month.key, "simulation")
        replay.build(con, parts.shown)
        return facts.read(con)
