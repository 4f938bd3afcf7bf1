"""`attain plan check`: what is wrong, what is not computed yet, and what is right but worth a second look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from attain.company import Company
from attain.plans.book import Plan
from attain.plans.catalogue import load_catalogue
from attain.plans.flatten_pay import followed_events
from attain.plans.grammar import Terms
from attain.plans.grammar_base import Where
from attain.plans.grammar_components import Bonus, Commission, MoneyPart
from attain.plans.grammar_modifiers import Multiplier
from attain.plans.grammar_scorecard import Scorecard
from attain.plans.loader import read_plans
from attain.plans.rules_shared import At, Fault, Faults
from attain.plans.support import unsupported

_HELD_BACK = "pays 0 while the score is held back (missing: hold); an adjustment follows when the data come"


@dataclass(frozen=True)
class CheckReport:
    """Sentences of a check, each `file:line: field: …`.

    `errors`: rules broken. `unsupported`: not computed yet, a run stops. `warnings`: things to know.
    """

    plans: tuple[str, ...]
    errors: tuple[str, ...]
    unsupported: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether a run can score and pay with these plans."""
        return not self.errors and not self.unsupported


def check(company: Company) -> CheckReport:
    """Reads every plan of the company and reports on all of them. Never raises for what stands in a plan."""
    plans, errors = read_plans(company)
    plans.sort(key=lambda plan: (plan.id, plan.terms.effective_from))
    warnings = [sentence for plan in plans for sentence in warnings_of(plan)]
    if not plans and not errors:
        warnings.append(f"{company.plans_dir}: holds no plan; KPIs are measured, nobody is scored or paid.")
    return CheckReport(
        plans=tuple(plan.version_id for plan in plans),
        errors=tuple(errors),
        unsupported=tuple(sentence for plan in plans for sentence in unsupported(plan)),
        warnings=tuple(warnings),
    )


def warnings_of(plan: Plan) -> list[str]:
    """What is allowed in this plan but may surprise somebody."""
    return plan.told(*_notices(plan.terms))


def json_schema() -> dict[str, Any]:
    """The grammar of a plan as JSON Schema, for editors; rules between keys are for `check` alone."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Terms.model_json_schema(by_alias=True),
    }


def file_schema() -> dict[str, Any]:
    """JSON Schema of a plan file: one plan, or a list of plans; the short forms of blocks are allowed."""
    plan = json_schema()
    definitions = {"Plan": {key: plan[key] for key in plan if key not in ("$schema", "$defs")}, **plan["$defs"]}
    one = {"$ref": "#/$defs/Plan"}
    return {
        "$schema": plan["$schema"],
        "title": "Plan of an Attain company",
        "if": {"type": "array"},
        "then": {"items": one},
        "else": one,
        "$defs": definitions,
    }


def _notices(terms: Terms) -> Iterator[Fault]:
    yield from _head_notices(terms)
    if terms.scorecard:
        yield from _scorecard_notices(terms.scorecard)
    for position, part in enumerate(terms.components):
        at: At = ("components", position)
        if isinstance(part, Commission):
            yield from _commission_notices(part, at)
        if isinstance(part, Bonus):
            yield from _bonus_notices(part, terms, at)
        if isinstance(part, MoneyPart):
            yield from _carried_notices(part, terms, at)


def _head_notices(terms: Terms) -> Faults:
    if not terms.assign:
        yield Fault(("plan",), "is assigned to nobody (assign: is missing)")
    if terms.scorecard is None and not terms.components:
        yield Fault(("plan",), "has neither a scorecard nor components, so it neither scores nor pays")
    if terms.effective_from.day != 1:
        yield Fault(
            ("effective_from",),
            f"{terms.effective_from} is not the first day of a month; the plan takes effect with the next "
            "month, because the version in force is decided on a period's first day",
        )


def _scorecard_notices(card: Scorecard) -> Faults:
    for position, measure in enumerate(card.measures):
        at: At = ("scorecard", "measures", position)
        if measure.target is None:
            yield _looked_up(measure.kpi, measure.scope, at)
        yield from _restricted(measure.kpi, measure.where, at)
        if measure.weight == 0:
            yield Fault((*at, "weight"), f"is 0, so {measure.key} is shown but does not count")
    if card.calibrate:
        missing = [entry.grade for entry in card.grades if entry.grade not in card.calibrate.distribution]
        if missing:
            grades = ", ".join(missing)
            yield Fault(("scorecard", "calibrate", "distribution"), f"gives {grades} no share: nobody gets it")


def _looked_up(kpi: str, scope: str, at: At) -> Fault:
    owner = {"own": "the participant", "team": "the participant's team", "company": "the company"}[scope]
    return Fault(at, f"has no target here; it will be looked up in the targets of {owner} for KPI {kpi}")


def _restricted(kpi_id: str, where: Where | None, at: At) -> Faults:
    kpi = load_catalogue().get(kpi_id)
    if kpi and kpi.base == "finance" and "product_line" in (where or {}):
        yield Fault(
            (*at, "where"),
            f"leaves out of {kpi_id} the money of deals with several product lines: no invoice says which it is of",
        )


def _commission_notices(part: Commission, at: At) -> Faults:
    rates, below = part.rates, (*at, "rates")
    if rates.quota is not None:
        yield Fault((*below, "quota"), f"will be looked up in the targets of the participant for KPI {rates.quota}")
    if rates.quota is not None and part.where:
        yield Fault((*at, "where"), "restricts the measure but not the quota it is compared with")
    yield from _restricted(part.measure, part.where, at)
    if part.gate and part.accumulate in ("quarter", "year"):
        yield Fault(
            (*at, "gate"),
            f"acts on the {part.accumulate} so far: when it closes, it takes back what was earned before",
        )
    yield from _rate_notices(part, at)
    yield from _event_notices(part, at)


def _rate_notices(part: Commission, at: At) -> Faults:
    """A rate on money above 1 pays more than the money itself; what was meant is mostly a percentage."""
    measured = load_catalogue().measured(part.measure)
    if measured is None or measured.unit != "money":
        return
    rates: list[tuple[At, Decimal | None]] = [
        ((*at, "rates", "tiers", number, "rate"), tier.rate.amount if tier.rate else None)
        for number, tier in enumerate(part.rates.tiers)
    ]
    if part.gate:
        rates.append(((*at, "gate", "else", "rate_at_most"), part.gate.else_.rate_at_most))
    for place, rate in rates:
        if rate is not None and rate > 1:
            yield Fault(
                place,
                f"{rate} pays {rate.normalize():f} for every 1 of {part.measure}; rates are fractions, never percent: "
                f"{rate.normalize():f} % is {(rate / 100).normalize():f}",
            )


def _event_notices(part: Commission, at: At) -> Faults:
    place = (*at, "clawback", "on")
    named = {str(event) for event in part.clawback.on} if part.clawback else set()
    followed = followed_events(part)
    for event, follower in followed.items():
        if event in named:
            yield Fault(place, f"{event} is ignored, because {follower} already follows the money")
    if {"refund", "credit_note"} <= named - set(followed):
        yield Fault(
            place, "refund and credit_note are each taken back: where a refund pays out a credit note, name one of them"
        )


def _bonus_notices(part: Bonus, terms: Terms, at: At) -> Faults:
    payout = part.payout
    if payout.on == "score" and terms.scorecard and terms.scorecard.missing == "hold":
        yield Fault(
            (*at, "payout"),
            _HELD_BACK,
        )
    if payout.on == "attainment" and payout.kpi:
        kpi = load_catalogue().get(payout.kpi)
        yield _looked_up(payout.kpi, payout.scope or part.scope or "own", (*at, "payout"))
        if kpi and kpi.direction == "lower":
            yield Fault(
                (*at, "payout"),
                f"{kpi.id} is better when lower, but attainment is value ÷ target: more pays more",
            )


def _carried_notices(part: MoneyPart, terms: Terms, at: At) -> Faults:
    minimum, cap = part.minimum, part.cap
    if minimum and minimum.on_negative:
        yield Fault((*at, "minimum", "on_negative"), "pays the minimum also for a window below 0")
    if minimum and minimum.always:
        yield Fault((*at, "minimum", "always"), "pays the minimum also without any result in the window")
    if minimum and cap and cap.amount is not None and minimum.amount > cap.amount:
        yield Fault((*at, "cap"), f"{cap.amount} lies below the minimum {minimum.amount}; the cap wins")
    if part.multiplier:
        yield from _multiplier_notices(part.multiplier, terms, (*at, "multiplier"))


def _multiplier_notices(multiplier: Multiplier, terms: Terms, at: At) -> Faults:
    grades = [entry.grade for entry in terms.scorecard.grades] if terms.scorecard else []
    missing = [grade for grade in grades if multiplier.factors and grade not in multiplier.factors]
    if missing:
        yield Fault((*at, "factors"), f"names no factor for {', '.join(missing)}, which therefore count 1")
    if multiplier.by in ("score", "grade") and terms.scorecard and terms.scorecard.missing == "hold":
        yield Fault((*at, "by"), _HELD_BACK)
    if multiplier.by == "attainment" and multiplier.kpi:
        yield _looked_up(multiplier.kpi, multiplier.scope, at)
