"""Rules of a scorecard beyond single keys: weights, targets, inverses, grades, calibration, gates."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from attain.plans.catalogue import Catalogue, listed
from attain.plans.grammar_scorecard import GradeGate, Measure, Scorecard
from attain.plans.rules_shared import (
    At,
    Fault,
    Faults,
    curve_faults,
    exactly_one,
    kpi_faults,
    sum_faults,
    where_faults,
)


def scorecard_faults(card: Scorecard, catalogue: Catalogue) -> Faults:
    """Every broken rule of the scorecard block."""
    at: At = ("scorecard",)
    for position, measure in enumerate(card.measures):
        yield from _measure_faults(measure, (*at, "measures", position), catalogue)
    yield from _duplicate_faults(card, (*at, "measures"))
    yield from sum_faults([measure.weight for measure in card.measures], (*at, "measures"), "the weights")
    for position, gate in enumerate(card.gates):
        yield from _gate_faults(gate, card, (*at, "gates", position), catalogue)
    yield from _grade_faults(card, (*at, "grades"))
    yield from _calibration_faults(card, (*at, "calibrate"))


def _measure_faults(measure: Measure, at: At, catalogue: Catalogue) -> Faults:
    yield from kpi_faults(measure, at, catalogue)
    yield from curve_faults(measure.curve, (*at, "curve"))
    kpi = catalogue.get(measure.kpi)
    if kpi is None:
        return
    yield from where_faults(measure.where, kpi, (*at, "where"))
    yield from _direction_faults(measure, measure.direction or kpi.direction, at)


def _direction_faults(measure: Measure, direction: str, at: At) -> Faults:
    if direction == "lower" and measure.inverse is None:
        yield Fault(
            at,
            f"{measure.kpi} is better when lower, so inverse: target_over_value or two_minus_ratio is needed",
        )
    if direction == "higher" and measure.inverse is not None:
        yield Fault(
            (*at, "inverse"),
            f"is allowed with direction: lower only, and {measure.kpi} is better when higher",
        )
    divides = measure.inverse == "target_over_value"
    if divides and (measure.curve is None or measure.curve.cap is None):
        yield Fault((*at, "inverse"), "target_over_value needs a cap in the curve: at value 0 the points are the cap")
    if measure.target is not None and (measure.target < 0 or (measure.target == 0 and not divides)):
        least = "0 or more" if divides else "above 0"
        yield Fault(
            (*at, "target"),
            f"{measure.target} is not allowed; it must be {least}, attainment compares with it",
        )


def _duplicate_faults(card: Scorecard, at: At) -> Faults:
    for position, key in _second_uses(measure.key for measure in card.measures):
        field = "id" if card.measures[position].id else "kpi"
        yield Fault((*at, position, field), f"the measure {key!r} stands twice; give one of them an id: of its own")


def _second_uses(keys: Iterable[str]) -> list[tuple[int, str]]:
    seen: set[str] = set()
    repeated = []
    for position, key in enumerate(keys):
        if key in seen:
            repeated.append((position, key))
        seen.add(key)
    return repeated


def _gate_faults(gate: GradeGate, card: Scorecard, at: At, catalogue: Catalogue) -> Faults:
    yield from kpi_faults(gate, at, catalogue)
    yield from exactly_one(gate, at, "at_least", "at_most")
    kpi = catalogue.get(gate.kpi)
    if kpi is not None:
        yield from where_faults(gate.where, kpi, (*at, "where"))
    yield from known_grade_faults(gate.else_.grade_at_most, card, (*at, "else", "grade_at_most"))


def known_grade_faults(grade: str, card: Scorecard | None, at: At) -> Faults:
    """The grade is one of those the scorecard gives."""
    grades = [entry.grade for entry in card.grades] if card else []
    if not grades:
        yield Fault(at, "names a grade, but the plan's scorecard has no grades:")
    elif grade not in grades:
        yield Fault(at, f"{grade!r} is not a grade of the scorecard; it must be {listed(grades)}")


def _grade_faults(card: Scorecard, at: At) -> Faults:
    for position, grade in _second_uses(entry.grade for entry in card.grades):
        yield Fault((*at, position, "grade"), f"the grade {grade!r} stands twice")
    for position, (better, worse) in enumerate(pairwise(card.grades)):
        if worse.from_ >= better.from_:
            yield Fault(
                (*at, position + 1, "from"),
                f"grades must descend, but {worse.grade} from {worse.from_} "
                f"comes after {better.grade} from {better.from_}",
            )
    if card.grades and card.grades[-1].from_ != 0:
        last = card.grades[-1]
        yield Fault(
            (*at, len(card.grades) - 1, "from"),
            f"the last grade {last.grade} must be from 0, so that every score has a grade; it is from {last.from_}",
        )


def _calibration_faults(card: Scorecard, at: At) -> Faults:
    if card.calibrate is None:
        return
    at = (*at, "distribution")
    for grade in card.calibrate.distribution:
        yield from known_grade_faults(grade, card, (*at, grade))
    yield from sum_faults(list(card.calibrate.distribution.values()), at, "the shares of the distribution")
