"""What is settled per booked period, after everything is earned: deductions, then draws (plan-spec, last table)."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from tests.oracle.computed import Computed
from tests.oracle.kpis import Who
from tests.oracle.months import first_day
from tests.oracle.quantities import ZERO, exact, money
from tests.oracle.settlement import Books, Key
from tests.oracle.terms import Component, Plan, passes


class Advances:
    """Deductions and draws of all closes so far, booked into the same books."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.owed: dict[Key, Fraction] = defaultdict(lambda: ZERO)
        # What was deducted of which origin period, while it stands.
        self.taken: dict[tuple[Key, int], Fraction] = {}

    def close(self, month: int, computed: Computed) -> None:
        """Books the month's deductions and then its draws; everything else of the month is booked already."""
        for plan, part in computed.components("deduction"):
            for person in sorted(computed.today.people.history):
                key = (person, plan["plan"], part["id"])
                self._give_back(key, part, month, computed)
                self._deduct(key, plan, part, month, computed)
        drawn: set[Key] = set()
        for plan, part in computed.components("draw"):
            for person in sorted(computed.today.people.history):
                key = (person, plan["plan"], part["id"])
                is_under = person in computed.today.people.under(plan, range(month, month + 1))
                if is_under or (self.owed[key] and key not in drawn and self._is_newest(plan, part, computed)):
                    drawn.add(key)
                    self._draw(key, plan, part, month, computed, is_under)

    def _is_newest(self, plan: Plan, part: Component, computed: Computed) -> bool:
        alike = [
            one["version"]
            for one, other in computed.components("draw")
            if one["plan"] == plan["plan"] and other["id"] == part["id"]
        ]
        return max(alike) == plan["version"]

    def _payable(self, key: Key, month: int, ids: list[str] | None) -> Fraction:
        """The person's payable of the month as it stands, of all components or of those named."""
        return sum(
            (
                row.payable
                for (other, at), row in self.books.payouts.items()
                if at == month and other[0] == key[0] and (other[2] in ids if ids is not None else True)
            ),
            ZERO,
        )

    def _is_due(self, key: Key, plan: Plan, part: Component, month: int, computed: Computed) -> bool:
        """Whether the deduction's condition holds for the period that ends with the month."""
        today, when = computed.today, part["when"]
        kind = part.get("period") or (plan["scorecard"]["period"] if when.get("grade") else "month")
        months = today.world.fiscal.window(kind, month)
        if months[-1] != month or key[0] not in today.people.under(plan, months):
            return False
        if when.get("grade"):
            return today.scoring.of(key[0], plan, months).grade in when["grade"]
        value = today.kpis.value(Who(key[0], plan, when.get("scope", "own")), when["kpi"], months)
        return value is not None and passes(when, value)

    def _deduct(self, key: Key, plan: Plan, part: Component, month: int, computed: Computed) -> None:
        row = self.books.payouts[key, month]
        if not self._is_due(key, plan, part, month, computed):
            return
        if part.get("amount") is not None:
            amount = exact(part["amount"])
        else:
            earned = [
                other_row.earned
                for (other, at), other_row in self.books.payouts.items()
                if at == month and other[0] == key[0] and other != key and other[2] in (part.get("of") or [other[2]])
            ]
            amount = self.books.round(exact(part["share"]) * sum((one for one in earned if one > 0), ZERO), key[1])
        taken = min(amount, max(self._payable(key, month, None) - exact(part.get("floor", "0")), ZERO))
        row.earned -= taken
        self.taken[key, month] = taken
        self.books.ledger[month, month, key, "deduction", ""] -= taken

    def _give_back(self, key: Key, part: Component, month: int, computed: Computed) -> None:
        versions = [
            (plan, one)
            for plan, one in computed.components("deduction")
            if (plan["plan"], one["id"]) == (key[1], part["id"])
        ]
        for (other, origin), taken in list(self.taken.items()):
            if other != key or origin >= month or origin < month - self.books.world.retro_window:
                continue
            if not any(self._is_due(key, plan, one, origin, computed) for plan, one in versions):
                self.books.payouts[key, month].adjustment += taken
                self.books.ledger[month, origin, key, "adjustment", ""] += taken
                del self.taken[key, origin]

    def _draw(self, key: Key, plan: Plan, part: Component, month: int, computed: Computed, is_under: bool) -> None:
        row = self.books.payouts[key, month]
        share = computed.today.people.share(key[0], plan, range(month, month + 1)) if is_under else ZERO
        amount = self.books.round(money(exact(part["amount"]) * share), key[1])
        gross = max(self._payable(key, month, part.get("of")), ZERO)
        row.drawn = max(amount - gross, ZERO)
        if part["recoverable"] == "true":
            row.recovered = min(self.owed[key], max(gross - amount, ZERO))
            left_on = (computed.today.people.history[key[0]][-1]).get("left_on")
            if part.get("on_leave") == "charge" and left_on is not None and left_on < first_day(month):
                row.recovered = self.owed[key]
            self.owed[key] += row.drawn - row.recovered
            is_year_end = computed.today.world.fiscal.window("year", month)[-1] == month
            if is_year_end and part.get("forgive") == "year_end":
                self.owed[key] = ZERO
            row.balance_owed = self.owed[key]
        for kind, change in (("draw", row.drawn), ("recovery", -row.recovered)):
            self.books.ledger[month, month, key, kind, ""] += change
