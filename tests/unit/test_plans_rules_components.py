"""Every rule about components, each broken once: the sentence names file, line and field."""

from __future__ import annotations

import pytest
from tests.unit.plan_mistakes import FILE, commission, component, scored, sentences

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


def test_of_tiers_on_money_any_amount_is_a_start() -> None:
    rates = "{on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}, {from: 100000, rate: 0.2}]}"
    assert sentences(commission(rates=rates)) == []


@pytest.mark.parametrize("name", TYPE_FAULTS)
def test_a_broken_component_is_told_with_file_line_and_field(name: str) -> None:
    text, sentence = TYPE_FAULTS[name]
    assert f"{FILE}:{sentence}" in "\n".join(sentences(text))


@pytest.mark.parametrize("name", RATES_FAULTS)
def test_a_broken_tier_table_is_told_where_it_stands(name: str) -> None:
    rates, sentence = RATES_FAULTS[name]
    assert f"{FILE}:9: components[1].{sentence}" in sentences(commission(rates=rates))


@pytest.mark.parametrize("name", MODIFIER_FAULTS)
def test_a_broken_modifier_is_told_where_it_stands(name: str) -> None:
    changes, sentence = MODIFIER_FAULTS[name]
    told = sentences(commission(**changes))
    assert [line.split(": ", 1)[1] for line in told] == [f"components[1].{sentence}"]
