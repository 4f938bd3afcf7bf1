"""Plans as plain dictionaries: numbers exact, short forms spelled out, defaults filled in (plan-spec, "Components")."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.oracle.quantities import ZERO, exact, ratio

Plan = dict[str, Any]
Component = dict[str, Any]

# Components that pay per transaction; the others pay once per period.
BY_TRANSACTION = ("commission", "spiff", "override")


def read_plans(written: Any) -> list[Plan]:
    """The versions written in an example, each with `version`: `<plan>@<effective_from>`."""
    plans = written if isinstance(written, list) else [written]
    return [_plan(plan) for plan in plans]


def _plan(written: dict[str, Any]) -> Plan:
    proration = written.get("proration") or {}
    fx = written.get("fx") or {}
    return {
        "plan": written["plan"],
        "version": f"{written['plan']}@{written['effective_from']}",
        "from": dt.date.fromisoformat(written["effective_from"]),
        "to": dt.date.fromisoformat(written["effective_to"]) if written.get("effective_to") else None,
        "currency": written.get("currency"),
        "assign": [next(iter(one.items())) for one in written.get("assign") or []],
        "by": proration.get("by", "calendar_days"),
        "start_exclusive": proration.get("start_day") == "exclusive",
        "absences": set(proration.get("absences") or ()),
        "fx": fx.get("rate", "transaction_date"),
        "plan_rates": {name: exact(rate) for name, rate in (fx.get("plan_rates") or {}).items()},
        "scorecard": written.get("scorecard"),
        "components": [_component(one) for one in written.get("components") or []],
    }


def _component(written: dict[str, Any]) -> Component:
    part = dict(written)
    for key in ("minimum", "cap", "target_pay"):
        if part.get(key) is not None:
            part[key] = amount_block(part[key])
    credit = part.get("credit") or {}
    part["credit"] = {
        "owner": exact(credit.get("owner", "1")),
        "split": credit.get("split", "true") == "true",
        "overlay": {role: exact(share) for role, share in (credit.get("overlay") or {}).items()},
        "rollup": credit.get("rollup", "none"),
    }
    part["where"] = {field: _as_list(values) for field, values in (part.get("where") or {}).items()}
    part["pay"] = part.get("pay") or {}
    if "rates" in part:
        part["rates"] = _rates(part["rates"])
    if part.get("gate"):
        part["gate"] = gate_block(part["gate"])
    if part.get("clawback"):
        part["clawback"] = {"charge": "original_rate", "share": "1", **part["clawback"]}
    return part


def _as_list(values: Any) -> list[str]:
    return list(values) if isinstance(values, list) else [values]


def amount_block(value: Any) -> dict[str, Any]:
    """`1000` or {amount:, of:, share:, always:, on_negative:} with its numbers exact."""
    block = dict(value) if isinstance(value, dict) else {"amount": value}
    for key in ("amount", "share"):
        if block.get(key) is not None:
            block[key] = exact(block[key])
    for key in ("always", "on_negative"):
        block[key] = block.get(key) == "true"
    return block


def gate_block(written: dict[str, Any]) -> dict[str, Any]:
    gate = dict(written)
    otherwise = gate.pop("else", None)
    gate["else"] = dict(otherwise) if isinstance(otherwise, dict) else {}
    if gate["else"].get("payout_at_most") is not None:
        gate["else"]["payout_at_most"] = amount_block(gate["else"]["payout_at_most"])
    gate.setdefault("over", "period")
    return gate


def passes(gate: dict[str, Any], value: Fraction | None) -> bool:
    """Whether a gate is open for a value; no value does not open it."""
    if value is None:
        return False
    if "at_least" in gate:
        return value >= exact(gate["at_least"])
    return value <= exact(gate["at_most"])


def _rates(written: dict[str, Any]) -> dict[str, Any]:
    tiers = []
    for tier in written["tiers"]:
        rate = tier.get("rate")
        if tier.get("multiple_of_base") is not None:
            rate = ratio(exact(tier["multiple_of_base"]) * tiers[0]["rate"])
        elif not isinstance(rate, dict):
            rate = exact(rate)
        tiers.append({"from": exact(tier["from"]), "rate": rate, "retroactive": tier.get("retroactive") == "true"})
    return {"on": written["on"], "quota": written.get("quota"), "mode": written["mode"], "tiers": tiers}


def curve_value(curve: dict[str, Any] | None, x: Fraction) -> Fraction:
    """y of a payout or points curve at x (plan-spec, "Curves"), 10 places, never below 0."""
    if not curve:
        return max(ratio(x), ZERO)
    points = [(exact(a), exact(b)) for a, b in curve.get("points") or ()]
    y = _through(points, x, curve) if points else x
    if curve.get("floor") is not None and x < exact(curve["floor"]):
        y = ZERO
    if curve.get("cap") is not None:
        y = min(y, exact(curve["cap"]))
    return max(ratio(y), ZERO)


def _through(points: list[tuple[Fraction, Fraction]], x: Fraction, curve: dict[str, Any]) -> Fraction:
    below = [point for point in points if point[0] <= x]
    if not below:
        return points[0][1] if curve.get("below") == "hold" else ZERO
    left = below[-1]
    above = points[len(below) :]
    if curve.get("interpolate", "linear") == "step":
        return left[1]
    if above:
        return left[1] + (x - left[0]) * (above[0][1] - left[1]) / (above[0][0] - left[0])
    if curve.get("beyond", "hold") == "hold" or len(points) < 2:
        return left[1]
    before = points[-2]
    slope = (left[1] - before[1]) / (left[0] - before[0]) if left[0] != before[0] else ZERO
    return left[1] + (x - left[0]) * slope
