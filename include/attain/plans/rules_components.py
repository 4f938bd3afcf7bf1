"""Rules of the component types and of what they may carry."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from attain.plans.catalogue import Catalogue, listed
from attain.plans.grammar import Terms
from attain.plans.grammar_components import (
    Award,
    Axis,
    Bonus,
    Commission,
    Contest,
    Deduction,
    Draw,
    Matrix,
    MoneyPart,
    Override,
    Part,
    Pool,
    Spiff,
    When,
)
from attain.plans.rules_modifiers import modifier_faults, rates_faults
from attain.plans.rules_scorecard import known_grade_faults
from attain.plans.rules_shared import (
    At,
    Fault,
    Faults,
    curve_faults,
    exactly_one,
    kpi_faults,
    only_with,
    where_faults,
    written,
)


def component_faults(terms: Terms, catalogue: Catalogue) -> Faults:
    """Every broken rule of the components block."""
    seen: set[str] = set()
    for position, part in enumerate(terms.components):
        at: At = ("components", position)
        if part.id in seen:
            yield Fault((*at, "id"), f"the component {part.id!r} stands twice; ids are unique in a plan")
        seen.add(part.id)
        if isinstance(part, MoneyPart):
            yield from modifier_faults(part, terms, at, catalogue)
        yield from _OWN_RULES[type(part)](part, terms, at, catalogue)


def _commission_faults(part: Commission, _: Terms, at: At, catalogue: Catalogue) -> Faults:
    kpi = catalogue.measured(part.measure)
    if kpi is None:
        known = "bookings, billings, collections, margin, units, deals or a KPI in money or count"
        yield Fault((*at, "measure"), f"{part.measure!r} is not a measure; it must be {known}")
    elif not kpi.is_money_or_count:
        yield Fault((*at, "measure"), f"{part.measure} is a {kpi.unit}; a rate multiplies KPIs in money or count only")
    else:
        yield from where_faults(part.where, kpi, (*at, "where"), part.measure)
    yield from rates_faults(part.rates, (*at, "rates"), catalogue)


def _bonus_faults(part: Bonus, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    payout, below = part.payout, (*at, "payout")
    yield from kpi_faults(payout, below, catalogue)
    yield from curve_faults(payout.curve, (*below, "curve"))
    if part.scope and payout.scope and part.scope != payout.scope:
        yield Fault((*below, "scope"), f"{payout.scope!r} contradicts scope: {part.scope} of the component")
    if payout.on == "score":
        yield from _scored_bonus_faults(part, terms, at)
        return
    if payout.kpi is None:
        yield Fault(below, f"on: {payout.on} needs kpi: to say of which KPI")
    if part.period is None:
        yield Fault((*at, "period"), "is required: month, quarter or year")
    kpi = catalogue.get(payout.kpi or "")
    if kpi:
        yield from where_faults(part.where, kpi, (*at, "where"))


def _scored_bonus_faults(part: Bonus, terms: Terms, at: At) -> Faults:
    yield from only_with(part.payout, (*at, "payout"), "kpi", False, "with on: attainment or on: kpi only")
    yield from only_with(part, at, "where", False, "with payout on: attainment or on: kpi only, a score has no deals")
    yield from needs_scorecard(terms, (*at, "payout", "on"), "a payout on: score")
    card = terms.scorecard
    if card and part.period and part.period != card.period:
        yield Fault((*at, "period"), f"{part.period!r} must be the scorecard's period, {card.period!r}")


def needs_scorecard(terms: Terms, at: At, what: str) -> Faults:
    """The plan has a scorecard for what reads the score."""
    if terms.scorecard is None:
        yield Fault(at, f"{what} needs a scorecard: in this plan")


def _matrix_faults(part: Matrix, _: Terms, at: At, catalogue: Catalogue) -> Faults:
    for name, axis in (("rows", part.rows), ("columns", part.columns)):
        yield from _axis_faults(axis, (*at, name), catalogue)
        kpi = catalogue.get(axis.kpi)
        if kpi:
            yield from where_faults(part.where, kpi, (*at, "where"))
    if len(part.payout) != len(part.rows.from_):
        found, wanted = len(part.payout), len(part.rows.from_)
        yield Fault((*at, "payout"), f"has {found} rows; rows.from has {wanted} values, so {wanted} rows are needed")
    for position, row in enumerate(part.payout):
        if len(row) != len(part.columns.from_):
            wanted = len(part.columns.from_)
            yield Fault((*at, "payout", position), f"has {len(row)} values; columns.from has {wanted}")


def _axis_faults(axis: Axis, at: At, catalogue: Catalogue) -> Faults:
    yield from kpi_faults(axis, at, catalogue)
    for position, (value, following) in enumerate(pairwise(axis.from_)):
        if following <= value:
            yield Fault((*at, "from", position + 1), f"values must ascend, but {following} comes after {value}")


def _spiff_faults(part: Spiff, _: Terms, at: At, catalogue: Catalogue) -> Faults:
    deals = catalogue.kpis["contract_count"]
    yield from where_faults(part.where, deals, (*at, "where"), "a spiff")
    if part.from_ and part.to and part.to < part.from_:
        yield Fault((*at, "to"), f"{part.to} lies before from: {part.from_}")


def _contest_faults(part: Contest, _: Terms, at: At, catalogue: Catalogue) -> Faults:
    yield from kpi_faults(part, at, catalogue)
    kpi = catalogue.get(part.kpi)
    if kpi:
        yield from where_faults(part.where, kpi, (*at, "where"))
    for position, (prize, following) in enumerate(pairwise(part.prizes)):
        if following > prize:
            yield Fault((*at, "prizes", position + 1), f"prizes must not rise, but {following} comes after {prize}")


def _pool_faults(part: Pool, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    amount, below = part.amount, (*at, "amount")
    yield from exactly_one(amount, below, "amount", "rate")
    if amount.rate is not None and amount.of is None:
        yield Fault(below, "rate: needs of: the measure of the team it is a share of, like bookings")
    yield from only_with(amount, below, "of", amount.rate is not None, "together with rate: only")
    measured = catalogue.measured(amount.of) if amount.of else None
    if amount.of and (measured is None or not measured.is_money_or_count):
        yield Fault((*below, "of"), f"{amount.of!r} is not a measure in money or count, like bookings or margin")
    if measured:
        yield from where_faults(part.where, measured, (*at, "where"))
    if part.share_by == "score":
        yield from needs_scorecard(terms, (*at, "share_by"), "share_by: score")
    yield from only_with(part, at, "kpi", part.share_by == "attainment", "with share_by: attainment only")
    if part.kpi and catalogue.get(part.kpi) is None:
        yield Fault((*at, "kpi"), catalogue.unknown(part.kpi))


def _override_faults(part: Override, terms: Terms, at: At, _: Catalogue) -> Faults:
    yield from component_ids_faults(part.of, part, terms, (*at, "of"))
    overrides = {other.id for other in terms.components if isinstance(other, Override) and other.id != part.id}
    for position, named in enumerate(part.of):
        if named.removeprefix(f"{terms.plan}/") in overrides:
            yield Fault((*at, "of", position), f"{named!r} is an override; an override is paid on other components")
    levels = sorted(part.levels)
    if levels != list(range(1, len(levels) + 1)):
        yield Fault((*at, "levels"), f"levels must be 1, 2, 3 … without a gap; they are {levels}")


def component_ids_faults(ids: tuple[str, ...], part: Part, terms: Terms, at: At) -> Faults:
    """Components named exist in this plan, other than itself (those of other plans: `references.py`)."""
    known = [other.id for other in terms.components if other.id != part.id]
    for position, named in enumerate(ids):
        own = named.removeprefix(f"{terms.plan}/")
        if own == part.id:
            yield Fault((*at, position), f"{named!r} names the component itself")
        elif "/" not in own and own not in known:
            other = f"it must be {listed(known)}" if known else "the plan has no other"
            yield Fault(
                (*at, position),
                f"{named!r} is not a component of this plan; {other}, or plan-id/component-id",
            )


def _draw_faults(part: Draw, terms: Terms, at: At, _: Catalogue) -> Faults:
    yield from component_ids_faults(part.of or (), part, terms, (*at, "of"))
    if not part.recoverable and part.forgive != "never":
        yield Fault((*at, "forgive"), "is allowed with recoverable: true only; a draw that is kept is never owed")


def _deduction_faults(part: Deduction, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    yield from exactly_one(part, at, "amount", "share")
    yield from component_ids_faults(part.of or (), part, terms, (*at, "of"))
    yield from only_with(part, at, "of", part.share is not None, "together with share: only")
    yield from _when_faults(part.when, terms, (*at, "when"), catalogue)


def _award_faults(part: Award, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    yield from exactly_one(part, at, "when", "top")
    yield from kpi_faults(part, at, catalogue)
    if part.top is not None and part.kpi is None:
        yield Fault((*at, "top"), "needs kpi: to say by which KPI people are ranked")
    yield from only_with(part, at, "kpi", part.top is not None, "together with top: only")
    if part.when:
        yield from _when_faults(part.when, terms, (*at, "when"), catalogue)


def _when_faults(when: When, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    yield from exactly_one(when, at, "grade", "kpi")
    yield from kpi_faults(when, at, catalogue)
    for position, grade in enumerate(when.grade or ()):
        yield from known_grade_faults(grade, terms.scorecard, (*at, "grade", position))
    if when.kpi is not None:
        yield from exactly_one(when, at, "at_least", "at_most")
    for key in written(when, "at_least", "at_most"):
        yield from only_with(when, at, key, when.kpi is not None, "together with kpi: only")


_OWN_RULES: dict[type[Part], Callable[[Any, Terms, At, Catalogue], Faults]] = {
    Commission: _commission_faults,
    Bonus: _bonus_faults,
    Matrix: _matrix_faults,
    Spiff: _spiff_faults,
    Contest: _contest_faults,
    Pool: _pool_faults,
    Override: _override_faults,
    Draw: _draw_faults,
    Deduction: _deduction_faults,
    Award: _award_faults,
}
