"""The grammar of a scorecard: measures with weights, gates, grades, calibration."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from attain.plans.grammar_base import (
    AfterClose,
    Block,
    Curve,
    Exact,
    Id,
    Items,
    KpiRef,
    Mapping,
    PeriodKind,
    Ratio,
    Share,
    Where,
    Word,
)


class Measure(KpiRef):
    """One line of a scorecard. `target` missing: it is looked up in the targets table."""

    id: Id | None = None
    perspective: Literal["financial", "customer", "process", "capability"] | None = None
    weight: Share
    target: Exact | None = None
    where: Where | None = None
    direction: Literal["higher", "lower"] | None = None
    inverse: Literal["target_over_value", "two_minus_ratio"] | None = None
    curve: Curve | None = None

    @property
    def key(self) -> str:
        """The id of the measure: as written, else the KPI."""
        return self.id or self.kpi


class GradeCeiling(Block):
    """What a closed gate does to a grade."""

    grade_at_most: Word


class GradeGate(KpiRef):
    """A red line: the KPI's value is compared; when it is crossed the grade is held down."""

    at_least: Exact | None = None
    at_most: Exact | None = None
    where: Where | None = None
    else_: GradeCeiling = Field(alias="else")


class Grade(Block):
    """A grade and the score it starts from (inclusive)."""

    grade: Word
    from_: Ratio = Field(alias="from")


class Calibration(Block):
    """Grades given by rank: cumulative shares of the people of a group."""

    within: Literal["team", "role", "company"]
    distribution: Mapping[Word, Share]
    after_close: AfterClose = "frozen"


class Scorecard(Block):
    """Measures weighted into a score per period, with gates, grades and calibration."""

    period: PeriodKind
    missing: Literal["zero", "redistribute", "hold"] = "hold"
    measures: Items[Measure]
    gates: Items[GradeGate] = ()
    grades: Items[Grade] = ()
    calibrate: Calibration | None = None
