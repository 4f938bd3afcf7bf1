"""Every rule of the plan grammar, each broken once: the sentence names file, line and field."""

from __future__ import annotations

import pytest

from attain import yamlfile
from attain.errors import InputError
from attain.plans import plan_from_document

FILE = "plans/ae.yml"

HEAD = """\
plan: ae
effective_from: 2026-01-01
assign: [{role: ae}]
"""
SCORECARD = """\
scorecard:
  period: month
  measures:
    - {kpi: bookings, weight: 0.5, target: 100}
    - {kpi: csat, weight: 0.5, target: 0.9}
  grades: [{grade: A, from: 1}, {grade: B, from: 0}]
"""
COMMISSION = """\
components:
  - id: sale
    type: commission
    measure: bookings
    accumulate: month
    rates: {on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1}]}
"""


def sentences(text: str) -> list[str]:
    """What is wrong with a plan; empty when nothing is."""
    (document,) = yamlfile.parse_all(text, FILE)
    try:
        plan_from_document(document)
    except InputError as error:
        return str(error).splitlines()
    return []


def commission(**changes: str) -> str:
    """A plan with one commission, keys replaced or added by the YAML text given for them."""
    keys = {
        "id": "sale",
        "type": "commission",
        "measure": "bookings",
        "accumulate": "month",
        "rates": "{on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1}]}",
    }
    return component(**(keys | changes))


def component(**keys: str) -> str:
    """A plan whose one component starts in line 5, one key per line."""
    lines = [f"{key.rstrip('_')}: {value}" for key, value in keys.items()]
    return HEAD + "components:\n  - " + "\n    ".join(lines) + "\n"


def scored(component_text: str) -> str:
    """The same plan with a scorecard at its end, so that lines of the component stay."""
    return component_text + SCORECARD


def measure(text: str) -> str:
    """A scorecard with one measure in line 7."""
    return HEAD + "scorecard:\n  period: month\n  measures:\n    - " + text + "\n"


def test_a_plan_without_mistakes_has_nothing_to_say() -> None:
    assert sentences(HEAD + SCORECARD + COMMISSION) == []


HEAD_FAULTS = {
    "an unknown key": (
        HEAD + "componets: []\n",
        "4: componets: is not a known key here; known are plan, name, effective_from, effective_to, "
        "currency, assign, proration, fx, scorecard, components.",
    ),
    "a missing plan id": ("effective_from: 2026-01-01\n", "1: plan: is required and missing."),
    "an id with a space": (
        "plan: my plan\neffective_from: 2026-01-01\n",
        "1: plan: 'my plan' is not an id; use letters, digits, '_', '-' and '.', without spaces.",
    ),
    "a date that is none": (
        "plan: a\neffective_from: 2026-13-01\n",
        "2: effective_from: '2026-13-01' is not a day of the calendar.",
    ),
    "an end before the start": (
        HEAD + "effective_to: 2025-12-31\n",
        "4: effective_to: 2025-12-31 lies before effective_from 2026-01-01; it is the last day.",
    ),
    "a currency that is none": (
        HEAD + "currency: RMB\n",
        "4: currency: 'RMB' is not an ISO 4217 currency code such as CNY or USD.",
    ),
    "an assignment to two things": (
        "plan: a\neffective_from: 2026-01-01\nassign:\n  - {role: ae, team: t1}\n",
        "4: assign[1].team: needs exactly one of role, team or participant; role and team are given.",
    ),
    "an assignment to nothing": (
        "plan: a\neffective_from: 2026-01-01\nassign:\n  - {}\n",
        "4: assign[1]: needs exactly one of role, team or participant; none is given.",
    ),
    "the same assignment twice": (
        "plan: a\neffective_from: 2026-01-01\nassign:\n  - {role: ae}\n  - {role: ae}\n",
        "5: assign[2]: role ae is assigned twice in this plan.",
    ),
    "a proration that is none": (
        HEAD + "proration: {by: days}\n",
        "4: proration.by: 'days' is not allowed; it must be 'calendar_days', 'work_days', 'months' or 'none'.",
    ),
    "plan rates without rate: plan": (
        HEAD + "fx: {plan_rates: {USD: 7.0}}\n",
        "4: fx.plan_rates: is allowed with rate: plan only, not with transaction_date.",
    ),
    "rate: plan without plan rates": (
        HEAD + "fx: {rate: plan}\n",
        "4: fx: rate: plan needs plan_rates: like {USD: 7.0}.",
    ),
    "a plan rate of zero": (
        HEAD + "fx: {rate: plan, plan_rates: {USD: 0}}\n",
        "4: fx.plan_rates.USD: 0 is not a rate; it must be above 0.",
    ),
    "a component of no known type": (
        component(id="x", type="comission"),
        "5: components[1]: 'comission' is not a type; it must be one of commission, bonus, matrix, "
        "spiff, contest, pool, override, draw, deduction, award.",
    ),
    "a component that is no block": (
        HEAD + "components: [sale]\n",
        "4: components[1]: must be a block with an id, a type (commission, bonus, matrix, spiff, "
        "contest, pool, override, draw, deduction, award) and the keys of that type.",
    ),
    "a component id used twice": (
        HEAD + COMMISSION + COMMISSION.removeprefix("components:\n"),
        "10: components[2].id: the component 'sale' stands twice; ids are unique in a plan.",
    ),
    "yes for true": (
        component(id="d", type="draw", amount="1", recoverable="yes"),
        "8: components[1].recoverable: 'yes' is not a yes-or-no value; write true or false.",
    ),
    "text for a number": (
        component(id="d", type="draw", amount="1k", recoverable="true"),
        "7: components[1].amount: '1k' is not a number; write digits with an optional decimal point, like 0.05.",
    ),
    "more decimals than are kept": (
        component(id="d", type="draw", amount="1.1234567", recoverable="true"),
        "7: components[1].amount: 1.1234567 has too many decimal places; at most 6 are kept.",
    ),
}

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

RATES_FAULTS = {
    "a first tier above zero": (
        "{on: amount, mode: marginal, tiers: [{from: 1, rate: 0.1}]}",
        "rates.tiers[1].from: the first tier must be from 0, so that nothing is left out; it is from 1.",
    ),
    "tiers that do not ascend": (
        "{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}, {from: 5, rate: 0.2}, {from: 5, rate: 0.3}]}",
        "rates.tiers[3].from: tiers must ascend, but 5 comes after 5.",
    ),
    "attainment without a quota": (
        "{on: attainment, mode: marginal, tiers: [{from: 0, rate: 0.1}]}",
        "rates: on: attainment needs quota: the KPI of the target row, like quota: bookings.",
    ),
    "a quota that is none": (
        "{on: attainment, quota: win_rate, mode: marginal, tiers: [{from: 0, rate: 0.1}]}",
        "rates.quota: win_rate cannot be a quota; a quota is a KPI that adds up (money or a count), like bookings.",
    ),
    "attainment in money": (
        "{on: attainment, quota: bookings, mode: whole, tiers: [{from: 0, rate: 0.1}, {from: 100000, rate: 0.2}]}",
        "rates.tiers[2].from: 100000 is no share of the quota; 120 % is 1.2.",
    ),
    "an overage without a quota to be over": (
        "{on: amount, mode: top_rate_on_overage, tiers: [{from: 0, rate: 0.1}]}",
        "rates.mode: top_rate_on_overage needs on: attainment (it starts at 100 %), not on: amount.",
    ),
    "a tier without a rate": (
        "{on: amount, mode: marginal, tiers: [{from: 0}]}",
        "rates.tiers[1]: needs exactly one of rate or multiple_of_base; none is given.",
    ),
    "a tier with two rates": (
        "{on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1}, {from: 1, rate: 0.2, multiple_of_base: 2}]}",
        "rates.tiers[2].multiple_of_base: needs exactly one of rate or multiple_of_base; "
        "rate and multiple_of_base are given.",
    ),
    "a first tier that multiplies itself": (
        "{on: amount, mode: marginal, tiers: [{from: 0, multiple_of_base: 2}]}",
        "rates.tiers[1].multiple_of_base: is not allowed in the first tier, whose rate is the base; write rate:.",
    ),
    "retroactive without marginal": (
        "{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}, {from: 1, rate: 0.2, retroactive: true}]}",
        "rates.tiers[2].retroactive: is allowed with mode: marginal only, not with whole.",
    ),
    "a first tier that reaches back": (
        "{on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1, retroactive: true}]}",
        "rates.tiers[1].retroactive: is not allowed in the first tier; there is nothing below it.",
    ),
    "half a personal rate": (
        "{on: amount, quota: bookings, mode: whole, tiers: [{from: 0, rate: {of: variable_pay}}]}",
        "rates.tiers[1].rate: must be a number, or {of: variable_pay, per: quota}.",
    ),
    "a personal rate without a quota": (
        "{on: amount, mode: whole, tiers: [{from: 0, rate: {of: variable_pay, per: quota}}]}",
        "rates.tiers[1].rate.per: needs quota: in rates, the KPI of the target row.",
    ),
    "a mode that is none": (
        "{on: amount, mode: graduated, tiers: [{from: 0, rate: 0.1}]}",
        "rates.mode: 'graduated' is not allowed; it must be 'marginal', 'whole' or 'top_rate_on_overage'.",
    ),
    "no tiers": (
        "{on: amount, mode: whole, tiers: []}",
        "rates.tiers: must be a list with at least one entry, like [a, b].",
    ),
}


def test_of_tiers_on_money_any_amount_is_a_start() -> None:
    rates = "{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}, {from: 100000, rate: 0.2}]}"
    assert sentences(commission(rates=rates)) == []


MODIFIER_FAULTS = {
    "a gate with a word it does not know": (
        {"gate": "{kpi: csat, at_least: 1, else: zero}"},
        "gate.else: 'zero' is not allowed; it must be nothing, or a block with one of "
        "rate_at_most, payout_at_most, factor.",
    ),
    "a gate with two consequences": (
        {"gate": "{kpi: csat, at_least: 1, else: {factor: 0.5, rate_at_most: 0.1}}"},
        "gate.else.factor: needs exactly one of rate_at_most, payout_at_most or factor; "
        "rate_at_most and factor are given.",
    ),
    "a gate without a threshold": (
        {"gate": "{kpi: csat}"},
        "gate: needs exactly one of at_least or at_most; none is given.",
    ),
    "a gate of another quota than its own": (
        {
            "rates": "{on: amount, quota: bookings, mode: whole, tiers: [{from: 0, rate: 0.1}]}",
            "gate": "{kpi: quota_attainment, of: margin, at_least: 1}",
        },
        "gate.of: is not allowed here: with rates.quota the gate reads the component's own measure.",
    ),
    "a multiplier by score without a scorecard": (
        {"multiplier": "{by: score}"},
        "multiplier.by: by: score needs a scorecard: in this plan.",
    ),
    "a multiplier with keys of another": (
        {"multiplier": "{by: attainment, kpi: margin, factors: {A: 1}}"},
        "multiplier.factors: does not belong to by: attainment, which takes kpi, variant, of or curve.",
    ),
    "a multiplier by attainment of nothing": (
        {"multiplier": "{by: attainment}"},
        "multiplier: by: attainment needs kpi:.",
    ),
    "a multiplier by itself": (
        {"multiplier": "{by: component, id: sale}"},
        "multiplier.id: 'sale' is not another component of this plan; the plan has no other.",
    ),
    "a cap of two kinds": (
        {"cap": "{amount: 5, of: target_pay}"},
        "cap.of: needs exactly one of amount or of; amount and of are given.",
    ),
    "a share of a cap in money": (
        {"cap": "{amount: 5, share: 2}"},
        "cap.share: is allowed together with of: target_pay only.",
    ),
    "a target pay of nothing": (
        {"target_pay": "{}"},
        "target_pay: needs exactly one of amount or of; none is given.",
    ),
    "a target pay without its share": (
        {"target_pay": "{of: base_salary}"},
        "target_pay: of: base_salary needs share: the part of it that is the target pay, like 0.3.",
    ),
    "instalments that leave something out": (
        {"pay": "{instalments: [{after_days: 0, share: 0.5}, {after_days: 9, share: 0.4}]}"},
        "pay.instalments: the shares of the instalments sum to 0.9 (0.5 + 0.4); they must sum to exactly 1.",
    ),
    "instalments that do not ascend": (
        {"pay": "{instalments: [{after_days: 9, share: 0.5}, {after_days: 9, share: 0.5}]}"},
        "pay.instalments[2].after_days: instalments must ascend, but 9 days come after 9.",
    ),
    "a clawback on one event twice": (
        {"clawback": "{on: [refund, refund]}"},
        "clawback.on: an event is listed twice.",
    ),
    "a clawback of more than all": (
        {"clawback": "{on: [refund], share: 1.5}"},
        "clawback.share: 1.5 is not a share; write a fraction from 0 to 1 (20 % is 0.2).",
    ),
    "a measure that is a ratio": (
        {"measure": "win_rate"},
        "measure: win_rate is a ratio; a rate multiplies KPIs in money or count only.",
    ),
    "a measure that is none": (
        {"measure": "revenue"},
        "measure: 'revenue' is not a measure; it must be bookings, billings, collections, margin, units, "
        "deals or a KPI in money or count.",
    ),
    "a credit above the whole": (
        {"credit": "{owner: 2}"},
        "credit.owner: 2 is not a share; write a fraction from 0 to 1 (20 % is 0.2).",
    ),
    "a window that is none": (
        {"accumulate": "week"},
        "accumulate: 'week' is not allowed; it must be 'transaction', 'month', 'quarter' or 'year'.",
    ),
}

TYPE_FAULTS = {
    "a bonus on the score without a scorecard": (
        component(id="b", type="bonus", target_pay="1", payout="{on: score}"),
        "8: components[1].payout.on: a payout on: score needs a scorecard: in this plan.",
    ),
    "a bonus over another period than its score": (
        scored(component(id="b", type="bonus", target_pay="1", payout="{on: score}", period="year")),
        "9: components[1].period: 'year' must be the scorecard's period, 'month'.",
    ),
    "a bonus on the score of a KPI": (
        scored(component(id="b", type="bonus", target_pay="1", payout="{on: score, kpi: csat}")),
        "8: components[1].payout.kpi: is allowed with on: attainment or on: kpi only.",
    ),
    "a bonus on no KPI": (
        component(id="b", type="bonus", target_pay="1", period="month", payout="{on: kpi}"),
        "9: components[1].payout: on: kpi needs kpi: to say of which KPI.",
    ),
    "a bonus over no period": (
        component(id="b", type="bonus", target_pay="1", payout="{on: kpi, kpi: mbo}"),
        "5: components[1].period: is required: month, quarter or year.",
    ),
    "a bonus without target pay": (
        component(id="b", type="bonus", period="month", payout="{on: kpi, kpi: mbo}"),
        "5: components[1].target_pay: is required and missing.",
    ),
    "a bonus of two scopes": (
        component(
            id="b",
            type="bonus",
            target_pay="1",
            period="month",
            scope="team",
            payout="{on: kpi, kpi: mbo, scope: own}",
        ),
        "10: components[1].payout.scope: 'own' contradicts scope: team of the component.",
    ),
    "a bonus with prizes": (
        component(id="b", type="bonus", target_pay="1", period="month", payout="{on: kpi, kpi: mbo}", prizes="[1]"),
        "10: components[1].prizes: is not a known key here; known are id, name, type, where, gate, "
        "multiplier, minimum, cap, target_pay, pay, period, scope, payout.",
    ),
    "a matrix with a row too few": (
        component(
            id="m",
            type="matrix",
            period="month",
            rows="{kpi: bookings, from: [0, 1]}",
            columns="{kpi: margin, from: [0, 1]}",
            payout="[[0, 1]]",
            lookup="floor",
            target_pay="1",
        ),
        "10: components[1].payout: has 1 rows; rows.from has 2 values, so 2 rows are needed.",
    ),
    "a matrix with a cell too many": (
        component(
            id="m",
            type="matrix",
            period="month",
            rows="{kpi: bookings, from: [0]}",
            columns="{kpi: margin, from: [0, 1]}",
            payout="[[0, 1, 2]]",
            lookup="floor",
            target_pay="1",
        ),
        "10: components[1].payout[1]: has 3 values; columns.from has 2.",
    ),
    "a matrix that does not ascend": (
        component(
            id="m",
            type="matrix",
            period="month",
            rows="{kpi: bookings, from: [1, 1]}",
            columns="{kpi: margin, from: [0]}",
            payout="[[0], [1]]",
            lookup="linear",
            target_pay="1",
        ),
        "8: components[1].rows.from[2]: values must ascend, but 1 comes after 1.",
    ),
    "a spiff that ends before it begins": (
        component(id="s", type="spiff", amount="1", per="deal", from_="2026-02-01", to="2026-01-01"),
        "10: components[1].to: 2026-01-01 lies before from: 2026-02-01.",
    ),
    "a spiff for no deal": (
        component(id="s", type="spiff", amount="1", per="deal", limit="0"),
        "9: components[1].limit: 0 is not allowed; it must be 1 or more.",
    ),
    "a contest with rising prizes": (
        component(id="c", type="contest", kpi="bookings", period="month", within="team", prizes="[1, 2]"),
        "10: components[1].prizes[2]: prizes must not rise, but 2 comes after 1.",
    ),
    "a contest within nothing": (
        component(id="c", type="contest", kpi="bookings", period="month", prizes="[1]"),
        "5: components[1].within: is required and missing.",
    ),
    "a pool of a rate of nothing": (
        component(id="p", type="pool", period="month", amount="{rate: 0.01}", share_by="equal", within="team"),
        "8: components[1].amount: rate: needs of: the measure of the team it is a share of, like bookings.",
    ),
    "a pool shared by a score that is not": (
        component(id="p", type="pool", period="month", amount="9", share_by="score", within="team"),
        "9: components[1].share_by: share_by: score needs a scorecard: in this plan.",
    ),
    "an override of nothing": (
        component(id="o", type="override", of="[sale]", base="credits", levels="{1: 0.1}"),
        "7: components[1].of[1]: 'sale' is not a component of this plan; the plan has no other, "
        "or plan-id/component-id.",
    ),
    "an override that skips a level": (
        component(id="o", type="override", of="[other/sale]", base="credits", levels="{1: 0.1, 3: 0.1}"),
        "9: components[1].levels: levels must be 1, 2, 3 … without a gap; they are [1, 3].",
    ),
    "an override of an override": (
        component(id="o", type="override", of="[a/b]", base="credits", levels="{1: 0.1}")
        + "  - {id: p, type: override, of: [o], base: earnings, levels: {1: 0.1}}\n",
        "10: components[2].of[1]: 'o' is an override; an override is paid on other components.",
    ),
    "an override of itself": (
        component(id="o", type="override", of="[o]", base="credits", levels="{1: 0.1}"),
        "7: components[1].of[1]: 'o' names the component itself.",
    ),
    "a draw that forgives what is not owed": (
        component(id="d", type="draw", amount="1", recoverable="false", forgive="year_end"),
        "9: components[1].forgive: is allowed with recoverable: true only; a draw that is kept is never owed.",
    ),
    "a draw over a year": (
        component(id="d", type="draw", amount="1", recoverable="false", period="year"),
        "9: components[1].period: 'year' is not allowed; it must be 'month'.",
    ),
    "a deduction of two kinds": (
        component(id="d", type="deduction", amount="1", share="0.1", when="{kpi: csat, at_most: 0.5}"),
        "8: components[1].share: needs exactly one of amount or share; amount and share are given.",
    ),
    "a deduction for an unknown grade": (
        scored(component(id="d", type="deduction", amount="1", when="{grade: [E]}")),
        "8: components[1].when.grade[1]: 'E' is not a grade of the scorecard; it must be A or B.",
    ),
    "a deduction without a threshold": (
        component(id="d", type="deduction", amount="1", when="{kpi: csat}"),
        "8: components[1].when: needs exactly one of at_least or at_most; none is given.",
    ),
    "an award for the top of nothing": (
        component(id="a", type="award", title="Star", top="3"),
        "8: components[1].top: needs kpi: to say by which KPI people are ranked.",
    ),
    "a factor for an unknown grade": (
        scored(commission(multiplier="{by: grade, factors: {E: 1}}")),
        "10: components[1].multiplier.factors.E: 'E' is not a grade of the scorecard; it must be A or B.",
    ),
    "a rate at most where there are no rates": (
        component(
            id="b",
            type="bonus",
            target_pay="1",
            period="month",
            payout="{on: kpi, kpi: mbo}",
            gate="{kpi: csat, at_least: 1, else: {rate_at_most: 0.1}}",
        ),
        "10: components[1].gate.else.rate_at_most: is allowed in a commission only, where rates apply.",
    ),
}


@pytest.mark.parametrize("name", HEAD_FAULTS | SCORECARD_FAULTS | TYPE_FAULTS)
def test_a_broken_rule_is_told_with_file_line_and_field(name: str) -> None:
    text, sentence = (HEAD_FAULTS | SCORECARD_FAULTS | TYPE_FAULTS)[name]
    assert f"{FILE}:{sentence}" in "\n".join(sentences(text))


@pytest.mark.parametrize("name", CURVE_FAULTS)
def test_a_broken_curve_is_told_where_it_stands(name: str) -> None:
    curve, sentence = CURVE_FAULTS[name]
    told = sentences(measure(f"{{kpi: bookings, weight: 1, target: 1, curve: {curve}}}"))
    assert told == [f"{FILE}:7: scorecard.measures[1].{sentence}"]


@pytest.mark.parametrize("name", RATES_FAULTS)
def test_a_broken_tier_table_is_told_where_it_stands(name: str) -> None:
    rates, sentence = RATES_FAULTS[name]
    assert f"{FILE}:9: components[1].{sentence}" in sentences(commission(rates=rates))


@pytest.mark.parametrize("name", MODIFIER_FAULTS)
def test_a_broken_modifier_is_told_where_it_stands(name: str) -> None:
    changes, sentence = MODIFIER_FAULTS[name]
    told = sentences(commission(**changes))
    assert [line.split(": ", 1)[1] for line in told] == [f"components[1].{sentence}"]


def test_all_mistakes_of_a_plan_are_told_at_once() -> None:
    told = sentences(HEAD.replace("2026-01-01", "2026-01-01\neffective_to: 2025-01-01") + SCORECARD.replace("0.9", "0"))
    assert [line.split(": ")[1] for line in told] == ["effective_to", "scorecard.measures[2].target"]
