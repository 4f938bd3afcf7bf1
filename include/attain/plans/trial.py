"""Running worked examples: the warehouse's own compiled models, over a small in-memory database per example.

dbt compiles once; an example then costs a fraction of a second. No model knows that it serves an example.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import duckdb

from attain import ledger, replay
from attain.conform import append_rows, landing_tables
from attain.errors import AttainError
from attain.frozen import give_booked_grades
from attain.inputs import RunFacts
from attain.modelling import CompiledModel, project
from attain.plans.compare import NOT_BUILT, differences
from attain.plans.examples import Example, Step
from attain.plans.flatten import flatten
from attain.plans.support import unsupported

_START = dt.datetime(2000, 1, 1)


@dataclass(frozen=True)
class Verdict:
    """How an example came out: `passed`, `failed` (with each difference) or `not supported yet` (with the reasons)."""

    name: str
    path: Path
    outcome: str
    details: tuple[str, ...] = ()


def run_examples(examples: Sequence[Example], home: Path, processes: int = 2) -> list[Verdict]:
    """The verdict on every example, in the order given."""
    models = compiled_models(home)
    if len(examples) < 2 or processes < 2:
        return [_verdict(example, models) for example in examples]
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_take_models, initargs=(models,)) as pool:
        return list(pool.map(_verdict_of, examples, chunksize=max(1, len(examples) // (4 * processes))))


def compiled_models(home: Path) -> list[CompiledModel]:
    """The compiled models of this version of the project; compiled once and then kept under `home`."""
    return list(project(home / "dbt").models)


_models: list[CompiledModel] = []


def _take_models(models: list[CompiledModel]) -> None:
    _models[:] = models


def _verdict_of(example: Example) -> Verdict:
    return _verdict(example, _models)


def _verdict(example: Example, models: list[CompiledModel]) -> Verdict:
    missing = [sentence for plan in example.book.plans for sentence in unsupported(plan)]
    missing += [f"the table {table} is not published yet" for table in sorted(_expected_tables(example) & NOT_BUILT)]
    if missing:
        return Verdict(example.name, example.path, "not supported yet", tuple(missing))
    try:
        found = Trial(example, models).run()
    except (AttainError, duckdb.Error) as error:
        return Verdict(example.name, example.path, "failed", (f"it could not be run: {error}",))
    return Verdict(example.name, example.path, "failed" if found else "passed", tuple(found))


def _expected_tables(example: Example) -> set[str]:
    return set(example.expect).union(*(step.expect for step in example.steps))


def _frozen_tables(example: Example) -> tuple[str, ...]:
    """The tables of closes that a later step's computing is given: the scores, where a grade is frozen after close."""
    cards = [plan.terms.scorecard for plan in example.book.plans if plan.terms.scorecard]
    is_frozen = any(card.calibrate and card.calibrate.after_close == "frozen" for card in cards)
    return ("scores",) if is_frozen and len(example.steps) > 1 else ()


def database() -> duckdb.DuckDBPyConnection:
    """An empty database in memory with the places into which the models are built."""
    con = duckdb.connect(":memory:")
    con.execute("set timezone = 'UTC'; set threads = 1")
    con.execute("attach ':memory:' as warehouse; attach ':memory:' as attain; use warehouse")
    for schema in ("warehouse.staging", "warehouse.intermediate", "attain.marts", "attain.settlement"):
        con.execute(f"create schema {schema}")
    return con


class Trial:
    """One example in its own in-memory database."""

    def __init__(self, example: Example, models: list[CompiledModel]) -> None:
        self.example = example
        self.models = models
        self.parts = replay.parts(models, _expected_tables(example), _frozen_tables(example))
        self.con = database()
        self.plan_tables = flatten(example.book, example.company.currency)

    def run(self) -> list[str]:
        """Every difference between what the example expects and what the models give."""
        found: list[str] = []
        ledger.create_booked(self.con)
        for number, step in enumerate(self.example.steps, start=1):
            self._land(number, step)
            self._close(step)
            found += [f"after step {number}: {text}" for text in differences(self.con, step.expect)]
        found += differences(self.con, self.example.expect)
        self.con.close()
        return found

    def _land(self, number: int, step: Step) -> None:
        if number == 1:
            landing_tables(self.con, [step.rows])
            return
        for stream, rows in step.rows.items():
            append_rows(self.con, number, stream, rows)

    def _close(self, step: Step) -> None:
        """Computes once for the step's last month, settles month by month, and only what is booked or compared."""
        self._inputs(step.closes[-1])
        replay.build(self.con, self.parts.computed)
        for period in step.closes:
            replay.close(self.con, self.parts, period, "example")
        replay.build(self.con, self.parts.shown)

    def _inputs(self, period: str) -> None:
        company = self.example.company
        facts = RunFacts("example", company.calendar.month(period), _START, _START)
        replay.give(self.con, company, facts, self.plan_tables)
        give_booked_grades(self.con)
