"""What a run checks of itself before it publishes, over worked examples: dbt's data tests and the gate of pay.

`attain plan test` compares numbers and builds only what it compares. Here the month that a step closes last is built
wholly, as a run would before that close, and judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from attain import replay
from attain.building import breaks
from attain.environment import EXPECTATIONS
from attain.modelling import Project
from attain.plans.examples import Example, Step
from attain.plans.trial import Trial
from attain.plans.workbench import Workbench
from attain.quality import measures, suites

# What of a close the models and the frozen inputs of later runs read.
_OF_CLOSES = ("earnings", "ledger_entries", "closes", "scores")


class Judge:
    """Examples one after another on a workbench of their own, on which everything is built."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._tables = {model.name for model in project.models}
        self._suites = suites.load(EXPECTATIONS, "pay")
        self._bench = Workbench(project.models, self._tables)

    def broken(self, example: Example) -> list[str]:
        """Each claim that does not hold before the last close of a step, with the first row that breaks it."""
        trial = Trial(example, list(self._project.models), self._bench)
        trial.parts = replay.parts(trial.models, self._tables, _OF_CLOSES)
        self._bench.clear()
        found: list[str] = []
        for number, step in enumerate(example.steps, start=1):
            trial._land(number, step)
            found += [f"{example.name}, {step.closes[-1]}: {text}" for text in self._judged(trial, step)]
        return found

    def _judged(self, trial: Trial, step: Step) -> list[str]:
        *earlier, last = step.closes
        for period in earlier:
            trial._compute(period if trial.waits else last)
            replay.close(trial.con, trial.parts, period, "example", self._bench.build)
        trial._compute(last)
        self._bench.build(trial.con, trial.models)
        found = [*self._tests(), *self._gate()]
        replay.close(trial.con, trial.parts, last, "example", self._bench.build)
        return found

    def _tests(self) -> Iterator[str]:
        for test in self._project.tests:
            if breaks(self._bench.con, test.sql):
                yield f"{test.name}: {self._bench.con.execute(test.sql).fetchone()}"

    def _gate(self) -> Iterator[str]:
        measures.prepare(self._bench.con, "pay", EXPECTATIONS)
        for suite in self._suites:
            measures.materialise(self._bench.con, suite)
            for expectation in suite.expectations:
                query = expectation.kwargs.get("unexpected_rows_query")
                if query and expectation.severity == "critical":
                    sql = query.replace("{batch}", measures.table_name(suite))
                    if row := self._bench.con.execute(sql).fetchone():
                        yield f"gate of pay, {expectation.check}: {row}"
