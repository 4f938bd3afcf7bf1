"""Scorecards: points, score and grade of a person's days under a plan (plan-spec, "Scorecard")."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.kpis import ADDITIVE, Kpis, Who
from tests.oracle.months import Fiscal, last_day
from tests.oracle.quantities import ONE, ZERO, exact, money, ratio
from tests.oracle.terms import Plan, curve_value, gate_block, passes

Card = dict[str, Any]
# A person, a plan version and the first month of the scorecard's period.
Period = tuple[str, str, int]
BookedGrades = dict[Period, str]


@dataclass(frozen=True)
class Score:
    """A score with its grades; all None while data is missing under `hold`."""

    score: Fraction | None
    raw_grade: str | None
    grade: str | None


class Scoring:
    """Scores of persons under plans, by period."""

    def __init__(self, kpis: Kpis, booked: BookedGrades) -> None:
        self.kpis = kpis
        self.booked = booked
        self._known: dict[Period, Score] = {}

    def of(self, person: str, plan: Plan, months: range) -> Score:
        """The person's score for the scorecard's period."""
        key = (person, plan["version"], months[0])
        if key not in self._known:
            self._known[key] = self._graded(person, plan, months)
        return self._known[key]

    def to_book(self, plan: Plan, fiscal: Fiscal, closes: range) -> BookedGrades:
        """The grades known when these months were closed, where the plan's calibration is frozen after close."""
        card = plan["scorecard"] or {}
        if not card.get("calibrate") or card["calibrate"].get("after_close", "frozen") != "frozen":
            return {}
        windows = [fiscal.window(card["period"], month) for month in closes]
        return {
            (person, plan["version"], months[0]): grade
            for months, month in zip(windows, closes, strict=True)
            for person in self.kpis.people.under(plan, months)
            if months[-1] == month and (grade := self.of(person, plan, months).grade) is not None
        }

    def points(self, person: str, plan: Plan, months: range) -> list[tuple[Fraction, Fraction | None]]:
        """(weight, points) of each measure as written; points None when it has no data."""
        return [
            (exact(measure["weight"]), self._points(Who(person, plan, measure.get("scope", "own")), measure, months))
            for measure in plan["scorecard"]["measures"]
        ]

    def _graded(self, person: str, plan: Plan, months: range) -> Score:
        card = plan["scorecard"]
        score = _weighted(card, self.points(person, plan, months))
        raw = _by_cut_off(card, score)
        grade = self._calibrated(person, plan, months, score, raw) if card.get("calibrate") else raw
        gated = self._gated(person, plan, months, grade)
        return Score(score, raw, self.booked.get((person, plan["version"], months[0]), gated))

    def _points(self, who: Who, measure: Card, months: range) -> Fraction | None:
        kpi = measure["kpi"]
        where = {field: list(values) for field, values in (measure.get("where") or {}).items()}
        value = self.kpis.value(who, kpi, months, where)
        if measure.get("target") is None:
            target = self.kpis.target(who, kpi, months, months[-1])
        else:
            target = exact(measure["target"])
            if kpi in ADDITIVE and who.scope == "own":
                target = money(target * self.kpis.people.share(who.person, who.plan, months))
        curve = measure.get("curve")
        if measure.get("direction") == "lower" and value is not None and target:
            if measure["inverse"] == "two_minus_ratio":
                return curve_value(curve, ratio(2 - value / target))
            return curve_value(curve, ratio(target / value)) if value else exact((curve or {}).get("cap", 0))
        x = self.kpis.attainment(value, target)
        return None if x is None else curve_value(curve, x)

    def _calibrated(
        self, person: str, plan: Plan, months: range, score: Fraction | None, raw: str | None
    ) -> str | None:
        """The grade by rank among the people of the same team or role under the plan."""
        card = plan["scorecard"]
        if score is None:
            return raw
        within = card["calibrate"]["within"]
        field = {"team": "team_id", "role": "role"}.get(within)
        mine = self._member(person, field, months)
        scores = [
            _weighted(card, self.points(other, plan, months))
            for other in self.kpis.people.under(plan, months)
            if self._member(other, field, months) == mine
        ]
        known = [other for other in scores if other is not None]
        rank = 1 + sum(other > score for other in known)
        cumulative = ZERO
        for grade in [one["grade"] for one in card["grades"]]:
            cumulative += exact(card["calibrate"]["distribution"].get(grade, 0))
            if rank <= int(len(known) * cumulative + Fraction(1, 2)):
                return str(grade)
        return str(card["grades"][-1]["grade"])

    def _member(self, person: str, field: str | None, months: range) -> Any:
        row = self.kpis.people.on(person, last_day(months[-1])) or {}
        return row.get(field) if field else None

    def _gated(self, person: str, plan: Plan, months: range, grade: str | None) -> str | None:
        card = plan["scorecard"]
        order = [one["grade"] for one in card.get("grades") or ()]
        for written in card.get("gates") or ():
            gate = gate_block(written)
            value = self.kpis.value(Who(person, plan, gate.get("scope", "own")), gate["kpi"], months)
            worst = gate["else"].get("grade_at_most")
            if value is not None and not passes(gate, value) and grade is not None and worst is not None:
                grade = max(grade, worst, key=order.index)
        return grade


def _weighted(card: Card, points: list[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    missing = [weight for weight, found in points if found is None]
    rule = card.get("missing", "hold")
    kept = [(weight, found) for weight, found in points if found is not None]
    if missing and (rule == "hold" or not kept):
        return None if rule != "zero" else ZERO
    whole = sum((weight for weight, _ in kept), ZERO) if missing and rule == "redistribute" else ONE
    return sum((ratio(ratio(weight / whole) * found) for weight, found in kept), ZERO)


def _by_cut_off(card: Card, score: Fraction | None) -> str | None:
    if score is None:
        return None
    return next((str(one["grade"]) for one in card.get("grades") or () if score >= exact(one["from"])), None)
