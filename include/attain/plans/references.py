"""Components of other plans that a plan names (`plan-id/component-id`): only where all plans are known can they be told
from typing errors.
"""

from __future__ import annotations

import difflib

from attain.plans.book import Plan, PlanBook
from attain.plans.catalogue import listed
from attain.plans.grammar_components import Deduction, Draw, Override
from attain.plans.rules_shared import Fault, Faults


def stray_references(book: PlanBook) -> list[str]:
    """Components named that no version of the other plan has, and overrides named by an override; one sentence each."""
    return [sentence for plan in book.plans for sentence in plan.told(*_faults(plan, book))]


def _faults(plan: Plan, book: PlanBook) -> Faults:
    for position, part in enumerate(plan.terms.components):
        named = part.of or () if isinstance(part, Override | Draw | Deduction) else ()
        for number, name in enumerate(named):
            other, _, component = name.rpartition("/")
            if other and other != plan.id:
                message = _stray(other, component, book, of_override=isinstance(part, Override))
                if message:
                    yield Fault(("components", position, "of", number), f"{name!r} {message}")


def _stray(other: str, component: str, book: PlanBook, *, of_override: bool) -> str:
    """What is wrong with a component of another plan; empty when nothing is."""
    parts = [part for version in book.versions(other) for part in version.terms.components]
    if not parts:
        return f"names no plan with components; {_known(other, [plan.id for plan in book.plans])}"
    same = [part for part in parts if part.id == component]
    if not same:
        return f"is not a component of plan {other}; {_known(component, [part.id for part in parts])}"
    if of_override and any(isinstance(part, Override) for part in same):
        return "is an override; an override is paid on other components"
    return ""


def _known(written: str, ids: list[str]) -> str:
    names = list(dict.fromkeys(ids))
    near = difflib.get_close_matches(written, names, n=1)
    return f"{f'did you mean {near[0]}? ' if near else ''}it must be {listed(names)}"
