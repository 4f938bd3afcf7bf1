"""Running worked examples: the warehouse's own compiled models, over a small database in memory.

dbt compiles once and DuckDB plans once: an example costs a fraction of a second. No model knows that it serves any.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

import duckdb
import pyarrow as pa

from attain import replay
from attain.conform import append_rows
from attain.errors import AttainError
from attain.frozen import give_frozen
from attain.inputs import RunFacts
from attain.modelling import CompiledModel, project
from attain.plans.book import Plan
from attain.plans.compare import NOT_BUILT, differences, expected_tables
from attain.plans.examples import Example, Step
from attain.plans.flatten import flatten
from attain.plans.grammar_components import MoneyPart
from attain.plans.support import unsupported
from attain.plans.workbench import Workbench

_START = dt.datetime(2000, 1, 1)
# Planning is a third allocating and freeing: longer caches and large pages for the C library's allocator save a fifth
# of the CPU of a folder of examples (docs/performance.md). It reads them when a process starts; others pass over them.
_ALLOCATOR = ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=4000:glibc.malloc.hugetlb=1")


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
    wanted = set[str]().union(*(_expected_tables(example) for example in examples))
    if len(examples) < 2 or processes < 2:
        judge = _Judge(models, wanted)
        return [judge.verdict(example) for example in examples]
    os.environ.setdefault(*_ALLOCATOR)
    with ProcessPoolExecutor(processes, get_context("spawn"), _take, (models, wanted)) as pool:
        return list(pool.map(_verdict_of, examples, chunksize=max(1, len(examples) // (4 * processes))))


def compiled_models(home: Path) -> list[CompiledModel]:
    """The compiled models of this version of the project; compiled once and then kept under `home`."""
    return list(project(home / "dbt").models)


class _Judge:
    """Examples that share a workbench, on which the tables `wanted` are going to be looked at."""

    def __init__(self, models: list[CompiledModel], wanted: set[str]) -> None:
        self._models, self._wanted = models, wanted
        self._bench: Workbench | None = None

    def verdict(self, example: Example) -> Verdict:
        missing = [sentence for plan in example.book.plans for sentence in unsupported(plan)]
        unbuilt = sorted(_expected_tables(example) & NOT_BUILT)
        missing += [f"the table {table} is not published yet" for table in unbuilt]
        if missing:
            return Verdict(example.name, example.path, "not supported yet", tuple(missing))
        bench, self._bench = self._bench or Workbench(self._models, self._wanted), None
        try:
            found = Trial(example, self._models, bench).run()
        except (AttainError, duckdb.Error) as error:
            return Verdict(example.name, example.path, "failed", (f"it could not be run: {error}",))
        # Only what an example left in good order serves the next one.
        self._bench = bench
        return Verdict(example.name, example.path, "failed" if found else "passed", tuple(found))


_judges: list[_Judge] = []


def _take(models: list[CompiledModel], wanted: set[str]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _judges[:] = [_Judge(models, wanted)]


def _end_with_parent() -> None:
    """A worker waits for examples for ever, also when whoever hands them out was killed."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _verdict_of(example: Example) -> Verdict:
    return _judges[0].verdict(example)


def _expected_tables(example: Example) -> set[str]:
    expectations = [example.expect, *(step.expect for step in example.steps)]
    return {table for expect in expectations for table in expected_tables(expect)}


def _frozen_tables(example: Example, plan_tables: dict[str, pa.Table]) -> tuple[str, ...]:
    """The tables of closes that a later step's computing is given: the scores, where a grade is frozen after close, and
    the earnings, where what was booked is taken back.
    """
    if len(example.steps) < 2:
        return ()
    cards = [plan.terms.scorecard for plan in example.book.plans if plan.terms.scorecard]
    is_frozen = any(card.calibrate and card.calibrate.after_close == "frozen" for card in cards)
    takes_back = plan_tables["clawbacks"].num_rows > 0
    return (*(("scores",) if is_frozen else ()), *(("earnings", "ledger_entries", "closes") if takes_back else ()))


def _waits_for_score(plan: Plan) -> bool:
    """Whether the plan multiplies by the score of more than a month, which a month's close does not know yet."""
    card = plan.terms.scorecard
    multipliers = [part.multiplier for part in plan.terms.components if isinstance(part, MoneyPart)]
    return bool(card and card.period != "month") and any(by and by.by in ("score", "grade") for by in multipliers)


class Trial:
    """One example on a workbench: its own, or one that earlier examples were worked on."""

    def __init__(self, example: Example, models: list[CompiledModel], bench: Workbench | None = None) -> None:
        self.example = example
        self.models = models
        self.plan_tables = flatten(example.book, example.company.currency, example.company.kpis)
        of_closes = _frozen_tables(example, self.plan_tables)
        self.parts = replay.parts(models, _expected_tables(example), of_closes)
        self.bench = bench or Workbench()
        self.con = self.bench.con
        self.waits = any(_waits_for_score(plan) for plan in example.book.plans)

    def run(self) -> list[str]:
        """Every difference between what the example expects and what the models give."""
        found: list[str] = []
        self.bench.clear()
        for number, step in enumerate(self.example.steps, start=1):
            self._land(number, step)
            self._close(step)
            found += [f"after step {number}: {text}" for text in differences(self.con, step.expect)]
        found += differences(self.con, self.example.expect)
        return found

    def _land(self, number: int, step: Step) -> None:
        for stream, rows in step.rows.items():
            append_rows(self.con, number, stream, rows)

    def _close(self, step: Step) -> None:
        """Computes once for the step's last month, settles month by month, and only what is booked or compared.

        Where a month's pay waits for the score of a longer period, it is computed as of each month.
        """
        if not self.waits:
            self._compute(step.closes[-1])
        for period in step.closes:
            if self.waits:
                self._compute(period)
            replay.close(self.con, self.parts, period, "example", self.bench.build)
        self.bench.build(self.con, self.parts.shown)

    def _compute(self, period: str) -> None:
        self._inputs(period)
        self.bench.build(self.con, self.parts.computed)

    def _inputs(self, period: str) -> None:
        company = self.example.company
        facts = RunFacts("example", company.calendar.month(period), _START, _START)
        self.bench.give(company, facts, self.plan_tables)
        give_frozen(self.con)
