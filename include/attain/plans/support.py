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

Use = tuple[str, At]
Uses = Iterator[Use]


def unsupported(plan: Plan) -> list[str]:
    """A sentence (`file:line: field: …`) for everything in the plan that is not computed yet."""
    missing = list(_missing_kpis(plan.terms))
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
