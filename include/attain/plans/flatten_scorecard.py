"""The scorecard of a plan as rows."""

from __future__ import annotations

from decimal import Decimal

from attain.plans.catalogue import load_catalogue
from attain.plans.curves import CurveBook
from attain.plans.grammar_scorecard import GradeGate, Measure, Scorecard
from attain.plans.needs import Needs
from attain.plans.tables import Row

_ZERO = Decimal(0)


def scorecard_rows(card: Scorecard, needs: Needs, curves: CurveBook) -> dict[str, list[Row]]:
    """Rows of the scorecard tables; what they need computed is noted in `needs` and `curves`."""
    calibrate = card.calibrate
    return {
        "scorecards": [
            {
                "period_kind": card.period,
                "missing": card.missing,
                "calibrate_within": calibrate.within if calibrate else None,
                "calibrate_after_close": calibrate.after_close if calibrate else "frozen",
            }
        ],
        "scorecard_measures": [
            _measure_row(measure, position, needs, curves) for position, measure in enumerate(card.measures, start=1)
        ],
        "scorecard_gates": [_gate_row(gate, number, needs) for number, gate in enumerate(card.gates, start=1)],
        "scorecard_grades": [
            {"grade": entry.grade, "grade_rank": rank, "from_score": entry.from_}
            for rank, entry in enumerate(card.grades, start=1)
        ],
        "scorecard_distribution": _distribution_rows(card),
    }


def _measure_row(measure: Measure, position: int, needs: Needs, curves: CurveBook) -> Row:
    kpi = load_catalogue().kpis[measure.kpi]
    slice = needs.slice(measure.where)
    needs.request_ref(measure, slice)
    return {
        "measure": measure.key,
        "position": position,
        "kpi": kpi.id,
        "perspective": measure.perspective or kpi.perspective,
        "weight": measure.weight,
        "target": measure.target,
        "scope": measure.scope,
        "variant": needs.variant(kpi.id, measure.variant),
        "slice": slice,
        "direction": measure.direction or kpi.direction,
        "inverse": measure.inverse,
        "of_kpi": needs.of_kpi(kpi.id, measure.of),
        "curve_id": curves.add(measure.curve),
    }


def _gate_row(gate: GradeGate, number: int, needs: Needs) -> Row:
    slice = needs.slice(gate.where)
    needs.request_ref(gate, slice)
    return {
        "gate_no": number,
        "kpi": gate.kpi,
        "variant": needs.variant(gate.kpi, gate.variant),
        "slice": slice,
        "scope": gate.scope,
        "of_kpi": needs.of_kpi(gate.kpi, gate.of),
        "comparison": "at_most" if gate.at_least is None else "at_least",
        "threshold": gate.at_most if gate.at_least is None else gate.at_least,
        "grade_at_most": gate.else_.grade_at_most,
    }


def _distribution_rows(card: Scorecard) -> list[Row]:
    """Every grade, best first, with the share of people at or above it; a grade left out adds nothing."""
    if card.calibrate is None:
        return []
    rows, cumulative = [], _ZERO
    for rank, entry in enumerate(card.grades, start=1):
        cumulative += card.calibrate.distribution.get(entry.grade, _ZERO)
        rows.append({"grade": entry.grade, "grade_rank": rank, "cumulative_share": cumulative})
    return rows
