"""What the engine computes. A plan that uses more is refused with a sentence, never paid without it.

`SUPPORTED` is the whole list of features of the grammar: one is switched on by turning its entry to True.
Which KPIs are computed stands in the catalogue (`is_supported`).
"""

from __future__ import annotations

from collections.abc import Iterator

from attain.errors import InputError
from attain.plans.book import Plan, PlanBook
from attain.plans.catalogue import MEASURE_KPIS, load_catalogue
from attain.plans.grammar import Terms
from attain.plans.grammar_components import Award, Bonus, Commission, Contest, MoneyPart, Part, Pool, Spiff
from attain.plans.grammar_modifiers import Clawback, Credit, Gate, Multiplier, Pay, Rates
from attain.plans.grammar_scorecard import Scorecard
from attain.plans.rules_shared import At, Fault, NamesKpi

SUPPORTED: dict[str, bool] = {
    # component types
    "type: commission": True,
    "type: bonus": True,
    "type: matrix": True,
    "type: spiff": True,
    "type: contest": True,
    "type: pool": True,
    "type: override": True,
    "type: draw": True,
    "type: deduction": True,
    "type: award": True,
    # what a commission multiplies
    "measure: bookings": True,
    "measure: margin": True,
    "measure: units": True,
    "measure: deals": True,
    "measure: billings": True,
    "measure: collections": True,
    "measure: any other KPI": True,
    # rates
    "on: amount": True,
    "on: units": True,
    "on: deals": True,
    "on: attainment": True,
    "mode: marginal": True,
    "mode: whole": True,
    "mode: top_rate_on_overage": True,
    "a retroactive tier": True,
    "a personal rate": True,
    "accumulate: transaction": True,
    "accumulate: month": True,
    "accumulate: quarter": True,
    "accumulate: year": True,
    # crediting
    "credit.owner": True,
    "credit.split": True,
    "credit.overlay": True,
    "credit.rollup": True,
    # bonus
    "payout on: score": True,
    "payout on: attainment": True,
    "payout on: kpi": True,
    "target_pay": True,
    # modifiers
    "where": True,
    "minimum": True,
    "cap": True,
    "gate": True,
    "gate over: year_to_date": True,
    "gate over: full_year": True,
    "gate else: rate_at_most": True,
    "gate else: payout_at_most": True,
    "gate else: factor": True,
    "multiplier by: score": True,
    "multiplier by: grade": True,
    "multiplier by: attainment": True,
    "multiplier by: component": True,
    # payment
    "pay.when: invoiced": True,
    "pay.when: collected": True,
    "pay.holdback": True,
    "pay.instalments": True,
    "pay.leavers: forfeit": True,
    "clawback": True,
    "clawback charge: current_rate": True,
    "clawback charge: recompute_origin": True,
    # scorecard
    "scorecard": True,
    "scorecard gates": True,
    "calibrate": True,
    "calibrate after_close: recompute": True,
    "scope: team": True,
    "scope: company": True,
    "quota_attainment of: another KPI": True,
    # the plan as a whole
    "proration by: calendar_days": True,
    "proration by: work_days": True,
    "proration by: months": True,
    "proration by: none": True,
    "proration absences": True,
    "fx rate: transaction_date": True,
    "fx rate: period_average": True,
    "fx rate: plan": True,
}

_TRANSACTION_MEASURES = ("bookings", "margin", "units", "deals", "billings", "collections")

Use = tuple[str, At]
Uses = Iterator[Use]


def unsupported(plan: Plan) -> list[str]:
    """A sentence (`file:line: field: …`) for everything in the plan that is not computed yet."""
    missing = [(feature, at) for feature, at in used(plan.terms) if not SUPPORTED[feature]]
    missing += [(f"the KPI {kpi}", at) for kpi, at in _named_kpis(plan.terms) if not _is_computed(kpi)]
    refusal = f"is not supported yet, so plan {plan.id} cannot be scored or paid"
    return plan.told(*[Fault(at, f"{feature} {refusal}") for feature, at in missing])


def refuse_unsupported(book: PlanBook) -> None:
    """Raises InputError listing what is not computed yet in these plans: they must not be paid."""
    missing = [sentence for plan in book.plans for sentence in unsupported(plan)]
    if missing:
        raise InputError("\n".join(missing))


def _is_computed(kpi: str) -> bool:
    known = load_catalogue().get(kpi)
    return known is not None and known.is_supported


def used(terms: Terms) -> Uses:
    """Every feature the terms use, with its place; the names are the keys of SUPPORTED."""
    yield f"proration by: {terms.proration.by}", ("proration", "by")
    if terms.proration.absences:
        yield "proration absences", ("proration", "absences")
    yield f"fx rate: {terms.fx.rate}", ("fx", "rate")
    if terms.scorecard:
        yield from _scorecard_uses(terms.scorecard)
    for position, part in enumerate(terms.components):
        at: At = ("components", position)
        yield f"type: {part.type}", (*at, "type")
        if isinstance(part, Commission):
            yield from _commission_uses(part, at)
        if isinstance(part, Bonus):
            yield f"payout on: {part.payout.on}", (*at, "payout", "on")
            yield from _kpi_uses(part.payout, (*at, "payout"))
            yield from _scope_uses(part.scope, at)
        if isinstance(part, MoneyPart):
            yield from _carried_uses(part, at)


def _scorecard_uses(card: Scorecard) -> Uses:
    at: At = ("scorecard",)
    yield "scorecard", at
    for position, measure in enumerate(card.measures):
        yield from _kpi_uses(measure, (*at, "measures", position))
    for position, gate in enumerate(card.gates):
        yield "scorecard gates", (*at, "gates", position)
        yield from _kpi_uses(gate, (*at, "gates", position))
    if card.calibrate:
        yield "calibrate", (*at, "calibrate")
        if card.calibrate.after_close == "recompute":
            yield "calibrate after_close: recompute", (*at, "calibrate", "after_close")


def _kpi_uses(ref: NamesKpi, at: At) -> Uses:
    if ref.of not in (None, "bookings"):
        yield "quota_attainment of: another KPI", (*at, "of")
    yield from _scope_uses(getattr(ref, "scope", None), at)


def _scope_uses(scope: str | None, at: At) -> Uses:
    if scope not in (None, "own"):
        yield f"scope: {scope}", (*at, "scope")


def _commission_uses(part: Commission, at: At) -> Uses:
    known = part.measure if part.measure in _TRANSACTION_MEASURES else "any other KPI"
    yield f"measure: {known}", (*at, "measure")
    yield f"accumulate: {part.accumulate}", (*at, "accumulate")
    yield from _rates_uses(part.rates, (*at, "rates"))


def _rates_uses(rates: Rates, at: At) -> Uses:
    yield f"on: {rates.on}", (*at, "on")
    yield f"mode: {rates.mode}", (*at, "mode")
    for position, tier in enumerate(rates.tiers):
        if tier.retroactive:
            yield "a retroactive tier", (*at, "tiers", position, "retroactive")
        if tier.rate is not None and tier.rate.of is not None:
            yield "a personal rate", (*at, "tiers", position, "rate")


def _carried_uses(part: MoneyPart, at: At) -> Uses:
    for key in ("where", "minimum", "cap", "target_pay"):
        if getattr(part, key) is not None:
            yield key, (*at, key)
    if isinstance(part, Commission | Spiff):
        yield from _credit_uses(part.credit, (*at, "credit"))
        if part.clawback:
            yield from _clawback_uses(part.clawback, (*at, "clawback"))
    if part.gate:
        yield from _gate_uses(part.gate, (*at, "gate"))
    if part.multiplier:
        yield from _multiplier_uses(part.multiplier, (*at, "multiplier"))
    yield from _pay_uses(part.pay, (*at, "pay"))


def _credit_uses(credit: Credit, at: At) -> Uses:
    if credit.owner != 1:
        yield "credit.owner", (*at, "owner")
    if not credit.split:
        yield "credit.split", (*at, "split")
    if credit.overlay:
        yield "credit.overlay", (*at, "overlay")
    if credit.rollup != "none":
        yield "credit.rollup", (*at, "rollup")


def _clawback_uses(clawback: Clawback, at: At) -> Uses:
    yield "clawback", at
    if clawback.charge != "original_rate":
        yield f"clawback charge: {clawback.charge}", (*at, "charge")


def _gate_uses(gate: Gate, at: At) -> Uses:
    yield "gate", at
    yield from _kpi_uses(gate, at)
    if gate.over != "period":
        yield f"gate over: {gate.over}", (*at, "over")
    for key in ("rate_at_most", "payout_at_most", "factor"):
        if getattr(gate.else_, key) is not None:
            yield f"gate else: {key}", (*at, "else", key)


def _multiplier_uses(multiplier: Multiplier, at: At) -> Uses:
    yield f"multiplier by: {multiplier.by}", at
    yield from _kpi_uses(multiplier, at)


def _pay_uses(pay: Pay, at: At) -> Uses:
    if pay.when != "booked":
        yield f"pay.when: {pay.when}", (*at, "when")
    if pay.holdback:
        yield "pay.holdback", (*at, "holdback")
    if pay.instalments:
        yield "pay.instalments", (*at, "instalments")
    if pay.leavers != "keep":
        yield f"pay.leavers: {pay.leavers}", (*at, "leavers")


def _named_kpis(terms: Terms) -> Uses:
    """Every KPI the terms name, with its place (a commission's measure is a feature of its own)."""
    if terms.scorecard:
        for key, refs in (("measures", terms.scorecard.measures), ("gates", terms.scorecard.gates)):
            for position, ref in enumerate(refs):
                yield ref.kpi, ("scorecard", key, position, "kpi")
    for position, part in enumerate(terms.components):
        yield from _component_kpis(part, ("components", position))


def _component_kpis(part: Part, at: At) -> Uses:
    for key in ("payout", "gate", "multiplier", "rows", "columns", "when"):
        kpi = getattr(getattr(part, key, None), "kpi", None)
        if kpi is not None:
            yield kpi, (*at, key, "kpi")
    if isinstance(part, Contest | Pool | Award) and part.kpi is not None:
        yield part.kpi, (*at, "kpi")
    if isinstance(part, Pool) and part.amount.of is not None:
        yield MEASURE_KPIS.get(part.amount.of, part.amount.of), (*at, "amount", "of")
