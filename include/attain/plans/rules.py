"""The rules a plan must keep beyond its grammar, plan by plan (conflicts between plans: `book.py`)."""

from __future__ import annotations

from attain.plans.catalogue import Catalogue
from attain.plans.grammar import Terms
from attain.plans.rules_components import component_faults
from attain.plans.rules_scorecard import scorecard_faults
from attain.plans.rules_shared import Fault, Faults, exactly_one


def plan_faults(terms: Terms, catalogue: Catalogue) -> list[Fault]:
    """Every rule the plan breaks, in the order of the file."""
    faults = [*_head_faults(terms)]
    if terms.scorecard is not None:
        faults += scorecard_faults(terms.scorecard, catalogue)
    return [*faults, *component_faults(terms, catalogue)]


def _head_faults(terms: Terms) -> Faults:
    if terms.effective_to is not None and terms.effective_to < terms.effective_from:
        yield Fault(
            ("effective_to",),
            f"{terms.effective_to} lies before effective_from {terms.effective_from}; it is the last day",
        )
    yield from _assignment_faults(terms)
    rates, kind = terms.fx.plan_rates, terms.fx.rate
    if kind == "plan" and rates is None:
        yield Fault(("fx",), "rate: plan needs plan_rates: like {USD: 7.0}")
    if kind != "plan" and rates is not None:
        yield Fault(("fx", "plan_rates"), f"is allowed with rate: plan only, not with {kind}")
    for currency, rate in (rates or {}).items():
        if rate == 0:
            yield Fault(("fx", "plan_rates", currency), "0 is not a rate; it must be above 0")


def _assignment_faults(terms: Terms) -> Faults:
    seen: set[tuple[str, str]] = set()
    for position, entry in enumerate(terms.assign):
        broken = list(exactly_one(entry, ("assign", position), "role", "team", "participant"))
        yield from broken
        if broken:
            continue
        if entry.member in seen:
            level, member = entry.member
            yield Fault(("assign", position), f"{level} {member} is assigned twice in this plan")
        seen.add(entry.member)
