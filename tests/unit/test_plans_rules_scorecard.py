"""Every rule about scorecards and curves, each broken once: the sentence names file, line and field."""

from __future__ import annotations

import pytest
from tests.unit.plan_mistakes import FILE, HEAD, SCORECARD, measure, sentences

SCORECARD_FAULTS = {
    "weights below one": (
        HEAD + SCORECARD.replace("csat, weight: 0.5", "csat, weight: 0.49"),
        "7: scorecard.measures: the weights sum to 0.99 (0.5 + 0.49); they must sum to exactly 1.",
    ),
    "weights a hair above one": (
        HEAD + SCORECARD.replace("csat, weight: 0.5", "csat, weight: 0.5000000001"),
        "7: scorecard.measures: the weights sum to 1.0000000001 (0.5 + 0.5000000001); they must sum to exactly 1.",
    ),
    "a weight in percent": (
        measure("{kpi: bookings, weight: 100, target: 1}"),
        "7: scorecard.measures[1].weight: 100 is not a share; write a fraction from 0 to 1 (20 % is 0.2).",
    ),
    "an unknown KPI": (
        measure("{kpi: bookngs, weight: 1, target: 1}"),
        "7: scorecard.measures[1].kpi: 'bookngs' is not a KPI of the catalogue; did you mean bookings?",
    ),
    "an unknown variant": (
        measure("{kpi: csat, variant: best, weight: 1, target: 1}"),
        "7: scorecard.measures[1].variant: 'best' is not a variant of csat; it must be top2 or mean.",
    ),
    "a variant of a KPI without variants": (
        measure("{kpi: units, variant: mean, weight: 1, target: 1}"),
        "7: scorecard.measures[1].variant: 'mean' is not a variant of units; "
        "it must be left out, the KPI has no variants.",
    ),
    "of with another KPI than quota_attainment": (
        measure("{kpi: bookings, of: margin, weight: 1, target: 1}"),
        "7: scorecard.measures[1].of: is allowed with kpi: quota_attainment only, not with bookings.",
    ),
    "of with a KPI that is no quota": (
        measure("{kpi: quota_attainment, of: csat, weight: 1, target: 1}"),
        "7: scorecard.measures[1].of: csat cannot be a quota; a quota is a KPI that adds up",
    ),
    "a restriction the KPI does not have": (
        measure("{kpi: activities, where: {product_line: [GTX]}, weight: 1, target: 1}"),
        "7: scorecard.measures[1].where.product_line: activities cannot be restricted by "
        "'product_line'; it can by kind or outcome.",
    ),
    "a restriction to nothing": (
        measure("{kpi: activities, where: {kind: []}, weight: 1, target: 1}"),
        "7: scorecard.measures[1].where.kind: must be a list with at least one entry, like [a, b].",
    ),
    "a value restricted to twice": (
        measure("{kpi: activities, where: {kind: [visit, visit]}, weight: 1, target: 1}"),
        "7: scorecard.measures[1].where.kind: a value is listed twice.",
    ),
    "a restriction to a value that does not exist": (
        measure("{kpi: bookings, where: {deal_type: [new, neww]}, weight: 1, target: 1}"),
        "7: scorecard.measures[1].where.deal_type: 'neww' is not a deal_type; it must be new, renewal or expansion.",
    ),
    "a survey that does not exist": (
        measure("{kpi: csat, where: {survey: [CSAT]}, weight: 1, target: 1}"),
        "7: scorecard.measures[1].where.survey: 'CSAT' is not a survey; it must be csat, nps, ces, review360 or "
        "complaint.",
    ),
    "a measure twice": (
        HEAD + SCORECARD.replace("kpi: csat", "kpi: bookings"),
        "8: scorecard.measures[2].kpi: the measure 'bookings' stands twice; give one of them an id: of its own.",
    ),
    "a measure id twice": (
        HEAD + SCORECARD.replace("kpi: csat", "id: bookings, kpi: csat"),
        "8: scorecard.measures[2].id: the measure 'bookings' stands twice; give one of them an id: of its own.",
    ),
    "lower without inverse": (
        measure("{kpi: sales_cycle, weight: 1, target: 30}"),
        "7: scorecard.measures[1]: sales_cycle is better when lower, "
        "so inverse: target_over_value or two_minus_ratio is needed.",
    ),
    "inverse without lower": (
        measure("{kpi: bookings, weight: 1, target: 30, inverse: two_minus_ratio}"),
        "7: scorecard.measures[1].inverse: is allowed with direction: lower only, and bookings is better when higher.",
    ),
    "target over value without a cap": (
        measure("{kpi: sales_cycle, weight: 1, target: 30, inverse: target_over_value, curve: {floor: 0.5}}"),
        "7: scorecard.measures[1].inverse: target_over_value needs a cap in the curve: "
        "at value 0 the points are the cap.",
    ),
    "a target of zero": (
        measure("{kpi: bookings, weight: 1, target: 0}"),
        "7: scorecard.measures[1].target: 0 is not allowed; it must be above 0, attainment compares with it.",
    ),
    "grades that do not descend": (
        HEAD + SCORECARD.replace("{grade: A, from: 1}", "{grade: A, from: 1}, {grade: C, from: 1}"),
        "9: scorecard.grades[2].from: grades must descend, but C from 1 comes after A from 1.",
    ),
    "grades that leave a gap at the bottom": (
        HEAD + SCORECARD.replace("{grade: B, from: 0}", "{grade: B, from: 0.1}"),
        "9: scorecard.grades[2].from: the last grade B must be from 0, so that every score has a grade; "
        "it is from 0.1.",
    ),
    "a grade twice": (
        HEAD + SCORECARD.replace("grade: B", "grade: A"),
        "9: scorecard.grades[2].grade: the grade 'A' stands twice.",
    ),
    "a gate to an unknown grade": (
        HEAD + SCORECARD + "  gates: [{kpi: collection_rate, at_least: 0.8, else: {grade_at_most: C}}]\n",
        "10: scorecard.gates[1].else.grade_at_most: 'C' is not a grade of the scorecard; it must be A or B.",
    ),
    "a gate without grades": (
        measure("{kpi: bookings, weight: 1, target: 1}")
        + "  gates: [{kpi: collection_rate, at_least: 0.8, else: {grade_at_most: C}}]\n",
        "8: scorecard.gates[1].else.grade_at_most: names a grade, but the plan's scorecard has no grades:.",
    ),
    "a gate with two thresholds": (
        HEAD + SCORECARD + "  gates: [{kpi: csat, at_least: 0.8, at_most: 1, else: {grade_at_most: B}}]\n",
        "10: scorecard.gates[1].at_most: needs exactly one of at_least or at_most; at_least and at_most are given.",
    ),
    "a distribution that leaves people out": (
        HEAD + SCORECARD + "  calibrate: {within: team, distribution: {A: 0.2, B: 0.7}}\n",
        "10: scorecard.calibrate.distribution: the shares of the distribution sum to 0.9 (0.2 + 0.7); "
        "they must sum to exactly 1.",
    ),
    "a distribution to an unknown grade": (
        HEAD + SCORECARD + "  calibrate: {within: team, distribution: {A: 0.2, E: 0.8}}\n",
        "10: scorecard.calibrate.distribution.E: 'E' is not a grade of the scorecard; it must be A or B.",
    ),
}

CURVE_FAULTS = {
    "points that fall back": (
        "{points: [[0.8, 0.5], [1.0, 1.0], [0.9, 1.2]]}",
        "curve.points[3]: points must ascend in x, but 0.9 comes after 1.0; two points of the same x make a jump.",
    ),
    "three points of one x": (
        "{points: [[1, 0], [1, 1], [1, 2]]}",
        "curve.points[3]: a third point with x = 1 is never reached.",
    ),
    "steps that go on": (
        "{points: [[0, 0], [1, 1]], interpolate: step, beyond: extend}",
        "curve.beyond: 'extend' needs interpolate: linear; steps have no slope to go on with, use hold.",
    ),
    "a slope out of one point": (
        "{points: [[1, 1]], beyond: extend}",
        "curve.beyond: 'extend' needs two last points of different x to take the slope from.",
    ),
    "a slope out of a jump": (
        "{points: [[0, 0], [1, 0.5], [1, 1]], beyond: extend}",
        "curve.beyond: 'extend' needs two last points of different x to take the slope from.",
    ),
    "steps without points": (
        "{interpolate: step}",
        "curve.interpolate: needs points; without points the curve is points = x.",
    ),
    "a hold below nothing": (
        "{below: hold}",
        "curve.below: needs points; without points the curve is points = x.",
    ),
    "a point of three numbers": (
        "{points: [[1, 1, 1]]}",
        "curve.points[1]: must be a pair of two numbers, like [0.8, 0.5].",
    ),
}


@pytest.mark.parametrize("name", SCORECARD_FAULTS)
def test_a_broken_scorecard_is_told_with_file_line_and_field(name: str) -> None:
    text, sentence = SCORECARD_FAULTS[name]
    assert f"{FILE}:{sentence}" in "\n".join(sentences(text))


@pytest.mark.parametrize("name", CURVE_FAULTS)
def test_a_broken_curve_is_told_where_it_stands(name: str) -> None:
    curve, sentence = CURVE_FAULTS[name]
    told = sentences(measure(f"{{kpi: bookings, weight: 1, target: 1, curve: {curve}}}"))
    assert told == [f"{FILE}:7: scorecard.measures[1].{sentence}"]
