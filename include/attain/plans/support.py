"""What the engine does not compute. A plan that uses it is refused with a sentence, never paid without it.

Which KPIs are computed stands in the catalogue (`is_supported`).
"""

from __future__ import annotations

from collections.abc import Iterator

from attain.errors import InputError
from attain.plans.book import Plan, PlanBook
from attain.plans.catalogue import MEASURE_KPIS, load_catalogue
from attain.plans.grammar import Terms
from attain.plans.grammar_components import Award, Commission, Contest, Part, Pool
from attain.plans.rules_shared import At, Fault

_FINANCE_MEASURES = ("billings", "collections")

Use = tuple[str, At]
Uses = Iterator[Use]


def unsupported(plan: Plan) -> list[str]:
    """A sentence (`file:line: field: …`) for everything in the plan that is not computed yet."""
    missing = [*_missing_kpis(plan.terms), *_missing_credits(plan.terms)]
    refusal = f"is not supported yet, so plan {plan.id} cannot be scored or paid"
    return plan.told(*[Fault(at, f"{feature} {refusal}") for feature, at in missing])


def refuse_unsupported(book: PlanBook) -> None:
    """Raises InputError listing what is not computed yet in these plans: they must not be paid."""
    missing = [sentence for plan in book.plans for sentence in unsupported(plan)]
    if missing:
        raise InputError("\n".join(missing))


def _missing_kpis(terms: Terms) -> Uses:
    catalogue = load_catalogue()
    for kpi, at in _named_kpis(terms):
        known = catalogue.get(kpi)
        if known is None or not known.is_supported:
            yield f"the KPI {kpi}", at


def _missing_credits(terms: Terms) -> Uses:
    """Invoices and payments are credited to those who share the deal; other ways are not worked out for them."""
    for position, part in enumerate(terms.components):
        if isinstance(part, Commission) and part.measure in _FINANCE_MEASURES:
            at: At = ("components", position, "credit")
            if not part.credit.split:
                yield f"split: false with measure: {part.measure}", (*at, "split")
            if part.credit.overlay:
                yield f"overlay with measure: {part.measure}", (*at, "overlay")


def _named_kpis(terms: Terms) -> Uses:
    """Every KPI the terms name, with its place."""
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
    if isinstance(part, Commission):
        yield MEASURE_KPIS.get(part.measure, part.measure), (*at, "measure")
    if isinstance(part, Pool) and part.amount.of is not None:
        yield MEASURE_KPIS.get(part.amount.of, part.amount.of), (*at, "amount", "of")
