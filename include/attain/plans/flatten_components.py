"""The components of a plan as rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest

from attain.plans.curves import CurveBook
from attain.plans.flatten_pay import deduction_period, pay_rows
from attain.plans.flatten_types import type_rows
from attain.plans.grammar import Terms
from attain.plans.grammar_base import Cap, Minimum, TargetPay
from attain.plans.grammar_components import (
    Award,
    Bonus,
    Commission,
    Contest,
    Deduction,
    Draw,
    Matrix,
    MoneyPart,
    Part,
    Pool,
    Spiff,
)
from attain.plans.grammar_modifiers import Credit, Gate, Multiplier, Rates, TierRate
from attain.plans.needs import ALL, Needs
from attain.plans.tables import Row

_TEN_PLACES = Decimal("1e-10")


def component_rows(terms: Terms, needs: Needs, curves: CurveBook) -> dict[str, list[Row]]:
    """Rows of the component tables; what they need computed is noted in `needs` and `curves`."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for position, part in enumerate(terms.components, start=1):
        head: Row = {
            "plan": terms.plan,
            "component": part.id,
            "position": position,
            "type": part.type,
            "name_en": part.name.in_english(part.id) if part.name else part.id,
            "name_zh": part.name.in_chinese(part.id) if part.name else part.id,
        }
        rows["components"].append(head | _carried(part, terms, needs, curves) | _own(part, terms, needs, curves))
        for name, more in (
            type_rows(part, terms, needs) | pay_rows(part, terms, needs) | _detail_rows(part, terms)
        ).items():
            rows[name] += [{"component": part.id, **row} for row in more]
    return rows


def _own(part: Part, terms: Terms, needs: Needs, curves: CurveBook) -> Row:
    """Columns that depend on the component's type."""
    if isinstance(part, Commission):
        return _commission(part, needs)
    if isinstance(part, Bonus):
        return _bonus(part, terms, curves)
    row: Row = {}
    if isinstance(part, Matrix | Contest | Pool | Draw | Award):
        row["period_kind"] = part.period
    if isinstance(part, Deduction):
        row["period_kind"] = deduction_period(part, terms)
    if isinstance(part, Award) and part.when and part.when.grade and terms.scorecard:
        # A grade is given for the scorecard's period.
        row["period_kind"] = terms.scorecard.period
    if isinstance(part, Contest | Pool):
        row["is_frozen_after_close"] = part.after_close == "frozen"
    if isinstance(part, Spiff):
        row |= {"measure": "deals" if part.per == "deal" else "units", **_credit(part.credit)}
    return row


def _commission(part: Commission, needs: Needs) -> Row:
    needs.request_measure(part.measure, needs.slice(part.where))
    if part.rates.quota:
        needs.request(part.rates.quota)
    return {
        "measure": part.measure,
        "accumulate": part.accumulate,
        "rate_on": part.rates.on,
        "quota_kpi": part.rates.quota,
        "mode": part.rates.mode,
        **_credit(part.credit),
    }


def _credit(credit: Credit) -> Row:
    return {"credit_owner": credit.owner, "credit_split": credit.split, "rollup": credit.rollup}


def _bonus(part: Bonus, terms: Terms, curves: CurveBook) -> Row:
    return {
        "period_kind": part.period or (terms.scorecard.period if terms.scorecard else None),
        "payout_on": part.payout.on,
        "payout_curve_id": curves.add(part.payout.curve),
    }


def _carried(part: Part, terms: Terms, needs: Needs, curves: CurveBook) -> Row:
    """Columns of what any money component may carry, with defaults for those that carry nothing."""
    row: Row = {"slice": ALL, "pay_when": "booked", "is_frozen_after_close": False, **_minimum(None)}
    if not isinstance(part, Commission | Spiff):
        row |= _credit(Credit())
    if not isinstance(part, MoneyPart):
        return row
    row["slice"] = needs.slice(part.where)
    row["pay_when"] = part.pay.when
    row |= _target_pay(part.target_pay) | _minimum(part.minimum) | _cap(part.cap, part.target_pay, "cap")
    if part.gate:
        row |= _gate(part.gate, part, needs)
    if part.multiplier:
        row |= _multiplier(part.multiplier, needs, curves)
    return row


def _target_pay(pay: TargetPay | None) -> Row:
    return {f"target_pay_{key}": getattr(pay, key) for key in ("amount", "of", "share")} if pay else {}


def _minimum(minimum: Minimum | None) -> Row:
    return {
        "minimum_amount": minimum.amount if minimum else None,
        "minimum_always": minimum.always if minimum else False,
        "minimum_on_negative": minimum.on_negative if minimum else False,
    }


def _cap(cap: Cap | None, target: TargetPay | None, prefix: str) -> Row:
    """A cap `of: target_pay` names what the target pay is made of, so that the engine need not look further.

    `<prefix>_of`: target_pay when the component has one in money, else the salary component its target pay is
    a share of, else variable_pay (plan-spec: "else the participant's variable pay for the window").
    """
    if cap is None:
        return {}
    if cap.of is None:
        return {("gate_value" if prefix == "gate" else "cap_amount"): cap.amount}
    share = Decimal(1) if cap.share is None else cap.share
    if target is not None and target.amount is not None:
        return {f"{prefix}_of": "target_pay", f"{prefix}_share": share}
    if target is not None and target.of is not None and target.share is not None:
        return {f"{prefix}_of": target.of, f"{prefix}_share": _ten_places(target.share * share)}
    return {f"{prefix}_of": "variable_pay", f"{prefix}_share": share}


def _gate(gate: Gate, part: MoneyPart, needs: Needs) -> Row:
    needs.request_ref(gate)
    otherwise = gate.else_
    reads_own_quota = isinstance(part, Commission) and part.rates.quota is not None
    row: Row = {
        "gate_kpi": gate.kpi,
        "gate_variant": needs.variant(gate.kpi, gate.variant),
        "gate_scope": gate.scope,
        "gate_of_kpi": None if reads_own_quota else needs.of_kpi(gate.kpi, gate.of),
        "gate_comparison": "at_most" if gate.at_least is None else "at_least",
        "gate_threshold": gate.at_most if gate.at_least is None else gate.at_least,
        "gate_over": gate.over,
        "gate_else": "nothing",
    }
    if otherwise.rate_at_most is not None:
        row |= {"gate_else": "rate_at_most", "gate_value": otherwise.rate_at_most}
    elif otherwise.factor is not None:
        row |= {"gate_else": "factor", "gate_value": otherwise.factor}
    elif otherwise.payout_at_most is not None:
        row |= {"gate_else": "payout_at_most", **_cap(otherwise.payout_at_most, part.target_pay, "gate")}
    return row


def _multiplier(by: Multiplier, needs: Needs, curves: CurveBook) -> Row:
    row: Row = {"multiplier_by": by.by, "multiplier_component": by.id}
    if by.by != "grade":
        row["multiplier_curve_id"] = curves.add(by.curve)
    if by.kpi:
        needs.request_ref(by)
        row |= {
            "multiplier_kpi": by.kpi,
            "multiplier_variant": needs.variant(by.kpi, by.variant),
            "multiplier_scope": by.scope,
            "multiplier_of_kpi": needs.of_kpi(by.kpi, by.of),
        }
    return row


def _detail_rows(part: Part, terms: Terms) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    if isinstance(part, Commission):
        rows["component_tiers"] = _tier_rows(part.rates)
    if isinstance(part, Commission | Spiff):
        overlays = sorted((part.credit.overlay or {}).items())
        rows["component_overlays"] = [{"role": role, "share": share} for role, share in overlays]
    if isinstance(part, MoneyPart) and part.multiplier and part.multiplier.factors and terms.scorecard:
        factors = part.multiplier.factors
        # A grade that is not named leaves the pay as it is; plan check says so.
        rows["component_factors"] = [
            {"grade": entry.grade, "factor": factors.get(entry.grade, Decimal(1))} for entry in terms.scorecard.grades
        ]
    return rows


def _tier_rows(rates: Rates) -> list[Row]:
    unit = "ratio" if rates.on == "attainment" else "amount"
    base = rates.tiers[0].rate or TierRate()
    rows = []
    for number, (tier, following) in enumerate(zip_longest(rates.tiers, rates.tiers[1:]), start=1):
        rate = tier.rate or base
        factor = Decimal(1) if tier.multiple_of_base is None else tier.multiple_of_base
        # A personal rate has no number of its own: `rate` is how many times the personal rate is paid.
        amount = Decimal(1) if rate.amount is None else rate.amount
        rows.append(
            {
                "tier_no": number,
                f"from_{unit}": tier.from_,
                f"to_{unit}": following.from_ if following else None,
                "rate": _ten_places(amount * factor),
                "rate_of": rate.of,
                "rate_per": rate.per,
                "is_retroactive": tier.retroactive,
            }
        )
    return rows


def _ten_places(value: Decimal) -> Decimal:
    return value.quantize(_TEN_PLACES, ROUND_HALF_UP)
