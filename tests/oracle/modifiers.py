"""Multiplier, gate, minimum and cap of a window's earning, in that order (plan-spec, "Order")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.kpis import Kpis, Who
from tests.oracle.quantities import ONE, ZERO, exact, money
from tests.oracle.scores import Scoring
from tests.oracle.terms import Component, Plan, curve_value, passes

# The component's own measure over a range of months.
OwnMeasure = Callable[[range], Fraction]


@dataclass(frozen=True)
class Window:
    """Where an earning stands: whose, of which component, the window's months, and the month it is earned by."""

    person: str
    plan: Plan
    part: Component
    months: range
    month: int
    # The limits of a single transaction do not shrink with its owner's days.
    is_prorated: bool = True

    @property
    def is_last(self) -> bool:
        return self.month == self.months[-1]

    @property
    def so_far(self) -> range:
        return range(self.months[0], self.month + 1)


class Modifiers:
    """What gate, multiplier, minimum and cap make of gross earnings."""

    def __init__(self, kpis: Kpis, scoring: Scoring) -> None:
        self.kpis = kpis
        self.scoring = scoring
        self.linked: Callable[[Window, str], Fraction | None] = lambda _window, _id: None

    def quota(self, window: Window, months: range) -> Fraction | None:
        """The target that a commission's `rates.quota` names, for the person's days of the months."""
        who = Who(window.person, window.plan)
        return self.kpis.target(who, window.part["rates"]["quota"], months, window.month)

    def is_open(self, window: Window, own: OwnMeasure | None) -> bool:
        """Whether the component's gate is open at the window's month (always without one)."""
        gate = window.part.get("gate")
        return gate is None or passes(gate, self._gate_value(window, gate, own))

    def _gate_value(self, window: Window, gate: dict[str, Any], own: OwnMeasure | None) -> Fraction | None:
        who = Who(window.person, window.plan, gate.get("scope", "own"))
        year = self.kpis.world.fiscal.year_to(window.month)
        months = window.so_far if gate["over"] == "period" else year
        if gate["kpi"] != "quota_attainment":
            return self.kpis.value(who, gate["kpi"], months)
        whole = {
            "period": window.months,
            "year_to_date": year,
            "full_year": self.kpis.world.fiscal.window("year", window.month),
        }[gate["over"]]
        if own is not None and window.part.get("rates", {}).get("quota"):
            return self.kpis.attainment(own(months), self.quota(window, whole))
        kpi = gate.get("of", "bookings")
        value = self.kpis.value(who, kpi, months)
        return self.kpis.attainment(value, self.kpis.target(who, kpi, whole, window.month))

    def rate_limit(self, window: Window, own: OwnMeasure | None) -> Fraction | None:
        """The highest rate a closed gate leaves; None when it limits no rate."""
        limit = (window.part.get("gate") or {}).get("else", {}).get("rate_at_most")
        return exact(limit) if limit is not None and not self.is_open(window, own) else None

    def multiplier(self, window: Window) -> Fraction:
        """The factor on the window's earning (1 without a multiplier, 0 while its score is incomplete)."""
        by = window.part.get("multiplier")
        if by is None:
            return ONE
        if by["by"] == "grade":
            grade = self._score(window).grade
            return exact(by["factors"].get(grade, 0)) if grade is not None else ZERO
        x = self._multiplying(window, by)
        return ZERO if x is None else curve_value(by.get("curve"), x)

    def _is_held(self, window: Window) -> bool:
        """Whether the window is multiplied by a score or grade that is not known."""
        by = window.part.get("multiplier")
        return bool(by and by["by"] in ("score", "grade") and getattr(self._score(window), by["by"]) is None)

    def _multiplying(self, window: Window, by: dict[str, Any]) -> Fraction | None:
        if by["by"] == "score":
            return self._score(window).score
        if by["by"] == "component":
            return self.linked(window, by["id"])
        who = Who(window.person, window.plan, by.get("scope", "own"))
        value = self.kpis.value(who, by["kpi"], window.so_far)
        return self.kpis.attainment(value, self.kpis.target(who, by["kpi"], window.months, window.month))

    def _score(self, window: Window) -> Any:
        months = self.kpis.world.fiscal.window(window.plan["scorecard"]["period"], window.month)
        return self.scoring.of(window.person, window.plan, months)

    def applied(self, window: Window, gross: Fraction, measure: Fraction | None, own: OwnMeasure | None) -> Fraction:
        """The window's cumulative earning, unrounded, after all four."""
        amount = gross * self.multiplier(window)
        if not self.is_open(window, own):
            amount = self._closed(window, amount)
        amount = self._lifted(window, amount, measure or ZERO)
        cap = window.part.get("cap")
        return min(amount, self.limit(window, cap)) if cap else amount

    def _closed(self, window: Window, amount: Fraction) -> Fraction:
        otherwise = window.part["gate"]["else"]
        if "rate_at_most" in otherwise:
            return amount
        if "factor" in otherwise:
            return amount * exact(otherwise["factor"])
        if "payout_at_most" in otherwise:
            return min(amount, self.limit(window, otherwise["payout_at_most"]))
        return ZERO

    def _lifted(self, window: Window, amount: Fraction, measure: Fraction) -> Fraction:
        minimum = window.part.get("minimum")
        applies = (
            minimum
            and window.is_last
            and not self._is_held(window)
            and (measure > 0 or minimum["always"] or (minimum["on_negative"] and measure < 0))
        )
        return max(amount, money(minimum["amount"] * self._share(window))) if applies else amount

    def limit(self, window: Window, block: dict[str, Any]) -> Fraction:
        """A cap in money or of target pay, prorated to the person's days of the window."""
        if block.get("of") == "target_pay":
            share = block["share"] if block.get("share") is not None else ONE
            return money(self.target_pay(window) * share)
        return money(block["amount"] * self._share(window))

    def target_pay(self, window: Window) -> Fraction:
        """The component's target pay, else the participant's variable pay, for the window, prorated."""
        block = window.part.get("target_pay")
        if block and block.get("amount") is not None:
            return money(block["amount"] * self._share(window))
        kind = block["of"] if block else "variable_pay"
        share = block["share"] if block and block.get("share") is not None else ONE
        people = self.kpis.people
        return money(people.salary(window.person, kind, window.months, window.plan, window.is_prorated) * share)

    def _share(self, window: Window) -> Fraction:
        if not window.is_prorated:
            return ONE
        return self.kpis.people.share(window.person, window.plan, window.months)
