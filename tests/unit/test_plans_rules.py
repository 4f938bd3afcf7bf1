"""Every rule about the head of a plan, each broken once: the sentence names file, line and field."""

from __future__ import annotations

import pytest
from tests.unit.plan_mistakes import COMMISSION, FILE, HEAD, SCORECARD, component, sentences

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
    "an assignment that is no list": (
        "plan: a\neffective_from: 2026-01-01\nassign: ae\n",
        "3: assign: is 'ae', not a list; write it like [{role: ae}], or leave it out.",
    ),
    "an assignment that is a block": (
        "plan: a\neffective_from: 2026-01-01\nassign:\n  role: ae\n",
        "4: assign: is a block, not a list; write it like [{role: ae}], or leave it out.",
    ),
    "absences that are no list": (
        HEAD + "proration: {by: months, absences: parental}\n",
        "4: proration.absences: is 'parental', not a list; write it like [parental, unpaid], or leave it out.",
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


def test_a_plan_without_mistakes_has_nothing_to_say() -> None:
    assert sentences(HEAD + SCORECARD + COMMISSION) == []


@pytest.mark.parametrize("name", HEAD_FAULTS)
def test_a_broken_rule_is_told_with_file_line_and_field(name: str) -> None:
    text, sentence = HEAD_FAULTS[name]
    assert f"{FILE}:{sentence}" in "\n".join(sentences(text))


def test_all_mistakes_of_a_plan_are_told_at_once() -> None:
    told = sentences(HEAD.replace("2026-01-01", "2026-01-01\neffective_to: 2025-01-01") + SCORECARD.replace("0.9", "0"))
    assert [line.split(": ")[1] for line in told] == ["effective_to", "scorecard.measures[2].target"]
