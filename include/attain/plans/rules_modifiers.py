"""Rules of what money components carry: rates, gate, multiplier, minimum, cap, pay timing, clawback."""

from __future__ import annotations

from itertools import pairwise

from attain.plans.catalogue import Catalogue, listed
from attain.plans.grammar import Terms
from attain.plans.grammar_components import Commission, MoneyPart, Override, Spiff
from attain.plans.grammar_modifiers import Clawback, Gate, Multiplier, Pay, Rates, Tier
from attain.plans.rules_scorecard import known_grade_faults
from attain.plans.rules_shared import (
    At,
    Fault,
    Faults,
    cap_faults,
    curve_faults,
    exactly_one,
    kpi_faults,
    only_with,
    quota_faults,
    sum_faults,
    target_pay_faults,
    written,
)

# Attainments are stored with three digits before the point; a tier up there is money written by mistake.
_LEAST_IMPOSSIBLE_ATTAINMENT = 1000


def modifier_faults(part: MoneyPart, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    """Every broken rule of the modifiers of one component."""
    yield from target_pay_faults(part.target_pay, (*at, "target_pay"))
    yield from cap_faults(part.cap, (*at, "cap"))
    if part.gate:
        yield from _gate_faults(part.gate, part, (*at, "gate"), catalogue)
    if part.multiplier:
        yield from _multiplier_faults(part.multiplier, part, terms, (*at, "multiplier"), catalogue)
    yield from _pay_faults(part.pay, (*at, "pay"))
    clawback = part.clawback if isinstance(part, Commission | Spiff | Override) else None
    if clawback:
        yield from _clawback_faults(clawback, (*at, "clawback"))


def rates_faults(rates: Rates, at: At, catalogue: Catalogue) -> Faults:
    """Tiers start at 0 and ascend; attainment has its quota; words fit the mode."""
    if rates.on == "attainment" and rates.quota is None:
        yield Fault(at, "on: attainment needs quota: the KPI of the target row, like quota: bookings")
    if rates.quota is not None:
        yield from quota_faults(rates.quota, (*at, "quota"), catalogue)
    if rates.mode == "top_rate_on_overage" and rates.on != "attainment":
        yield Fault(
            (*at, "mode"),
            f"top_rate_on_overage needs on: attainment (it starts at 100 %), not on: {rates.on}",
        )
    for position, tier in enumerate(rates.tiers):
        if rates.on == "attainment" and tier.from_ >= _LEAST_IMPOSSIBLE_ATTAINMENT:
            yield Fault((*at, "tiers", position, "from"), f"{tier.from_} is no share of the quota; 120 % is 1.2")
        yield from _tier_faults(tier, rates, position, (*at, "tiers", position))
    yield from _tier_order_faults(rates, (*at, "tiers"))


def _tier_order_faults(rates: Rates, at: At) -> Faults:
    first = rates.tiers[0].from_
    if first != 0:
        yield Fault(
            (*at, 0, "from"),
            f"the first tier must be from 0, so that nothing is left out; it is from {first}",
        )
    for position, (tier, following) in enumerate(pairwise(rates.tiers)):
        if following.from_ <= tier.from_:
            yield Fault(
                (*at, position + 1, "from"),
                f"tiers must ascend, but {following.from_} comes after {tier.from_}",
            )


def _tier_faults(tier: Tier, rates: Rates, position: int, at: At) -> Faults:
    yield from exactly_one(tier, at, "rate", "multiple_of_base")
    if position == 0 and tier.multiple_of_base is not None:
        yield Fault((*at, "multiple_of_base"), "is not allowed in the first tier, whose rate is the base; write rate:")
    if tier.retroactive and rates.mode != "marginal":
        yield Fault((*at, "retroactive"), f"is allowed with mode: marginal only, not with {rates.mode}")
    if tier.retroactive and position == 0:
        yield Fault((*at, "retroactive"), "is not allowed in the first tier; there is nothing below it")
    if tier.rate is not None:
        yield from _rate_faults(tier, rates, (*at, "rate"))


def _rate_faults(tier: Tier, rates: Rates, at: At) -> Faults:
    rate = tier.rate
    if rate is None:
        return
    if (rate.of is None) != (rate.per is None) or (rate.amount is None) == (rate.of is None):
        yield Fault(at, "must be a number, or {of: variable_pay, per: quota}")
    if rate.per == "quota" and rates.quota is None:
        yield Fault((*at, "per"), "needs quota: in rates, the KPI of the target row")


def _gate_faults(gate: Gate, part: MoneyPart, at: At, catalogue: Catalogue) -> Faults:
    yield from kpi_faults(gate, at, catalogue)
    yield from exactly_one(gate, at, "at_least", "at_most")
    has_own_quota = isinstance(part, Commission) and part.rates.quota is not None
    if gate.of is not None and gate.kpi == "quota_attainment" and has_own_quota:
        yield Fault((*at, "of"), "is not allowed here: with rates.quota the gate reads the component's own measure")
    yield from _otherwise_faults(gate, part, (*at, "else"))


def _otherwise_faults(gate: Gate, part: MoneyPart, at: At) -> Faults:
    names = ("rate_at_most", "payout_at_most", "factor")
    if written(gate.else_, *names):
        yield from exactly_one(gate.else_, at, *names)
    has_rates = isinstance(part, Commission)
    yield from only_with(gate.else_, at, "rate_at_most", has_rates, "in a commission only, where rates apply")
    yield from cap_faults(gate.else_.payout_at_most, (*at, "payout_at_most"))


_MULTIPLIER_KEYS = {
    "score": ("curve",),
    "grade": ("factors",),
    "attainment": ("kpi", "variant", "of", "curve"),
    "component": ("id", "curve"),
}


def _multiplier_faults(by: Multiplier, part: MoneyPart, terms: Terms, at: At, catalogue: Catalogue) -> Faults:
    allowed = _MULTIPLIER_KEYS[by.by]
    for key in written(by, "curve", "factors", "kpi", "variant", "of", "id"):
        if key not in allowed:
            yield Fault((*at, key), f"does not belong to by: {by.by}, which takes {listed(allowed)}")
    for key in {"grade": ["factors"], "attainment": ["kpi"], "component": ["id"]}.get(by.by, []):
        if getattr(by, key) is None:
            yield Fault(at, f"by: {by.by} needs {key}:")
    yield from kpi_faults(by, at, catalogue)
    yield from curve_faults(by.curve, (*at, "curve"))
    yield from _multiplier_source_faults(by, part, terms, at)


def _multiplier_source_faults(by: Multiplier, part: MoneyPart, terms: Terms, at: At) -> Faults:
    if by.by in ("score", "grade") and terms.scorecard is None:
        yield Fault((*at, "by"), f"by: {by.by} needs a scorecard: in this plan")
    elif by.by == "grade":
        for grade in by.factors or ():
            yield from known_grade_faults(grade, terms.scorecard, (*at, "factors", grade))
    others = [other.id for other in terms.components if other.id != part.id]
    if by.id is not None and by.id not in others:
        known = f"it must be {', '.join(others)}" if others else "the plan has no other"
        yield Fault((*at, "id"), f"{by.id!r} is not another component of this plan; {known}")


def _pay_faults(pay: Pay, at: At) -> Faults:
    parts = pay.instalments or ()
    if parts:
        below = (*at, "instalments")
        yield from sum_faults([part.share for part in parts], below, "the shares of the instalments")
        for position, (part, following) in enumerate(pairwise(parts)):
            if following.after_days <= part.after_days:
                yield Fault(
                    (*below, position + 1, "after_days"),
                    f"instalments must ascend, but {following.after_days} days come after {part.after_days}",
                )


def _clawback_faults(clawback: Clawback, at: At) -> Faults:
    if len(set(clawback.on)) != len(clawback.on):
        yield Fault((*at, "on"), "an event is listed twice")
    if clawback.share.unexpired and clawback.share.fixed is not None:
        yield Fault((*at, "share"), "must be a share from 0 to 1 or the word unexpired")
