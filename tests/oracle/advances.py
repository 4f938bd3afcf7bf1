"""What is settled per booked period, after everything is earned: deductions, then draws (plan-spec, last table)."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from tests.oracle.computed import Computed
from tests.oracle.kpis import Who
from tests.oracle.months import first_day
from tests.oracle.quantities import ZERO, exact, money
from tests.oracle.settlement import Books, Key, Row
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

    def _payable(self, person: str, month: int) -> Fraction:
        """The person's payable of the month as it stands."""
        rows = self.books.payouts.items()
        return sum((row.payable for (other, at), row in rows if at == month and other[0] == person), ZERO)

    def _others(self, key: Key, month: int, part: Component, later: tuple[str, ...], computed: Computed) -> list[Row]:
        """The person's rows of the month a draw or deduction is of."""
        names = self._named(key, part, later, computed)
        return [
            row
            for (other, at), row in self.books.payouts.items()
            if at == month and other[0] == key[0] and other[1:] in names
        ]

    def _named(self, key: Key, part: Component, later: tuple[str, ...], computed: Computed) -> list[tuple[str, ...]]:
        """The components a draw or deduction is of: those named, else all others of its plan."""
        if part.get("of"):
            return [tuple(name.split("/")) if "/" in name else (key[1], name) for name in part["of"]]
        settled = {(plan["plan"], one["id"]) for plan, one in computed.components(*later)}
        return [other[1:] for other, _ in self.books.payouts if other[1] == key[1] and other[1:] not in settled]

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
            others = self._others(key, month, part, ("draw", "award", "deduction"), computed)
            earned = sum((row.earned for row in others if row.earned > 0), ZERO)
            amount = self.books.round(exact(part["share"]) * earned, key[1])
        taken = min(amount, max(self._payable(key[0], month) - exact(part.get("floor", "0")), ZERO))
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
            due = [one for plan, one in versions if self._is_due(key, plan, one, origin, computed)]
            left = ZERO
            if due:
                left = min(taken, self._share_due(key, due[0], origin, computed)) if due[0].get("share") else taken
            self.books.payouts[key, month].adjustment += taken - left
            self.books.ledger[month, origin, key, "adjustment", ""] += taken - left
            self.taken[key, origin] = left
            if not due:
                del self.taken[key, origin]

    def _share_due(self, key: Key, part: Component, origin: int, computed: Computed) -> Fraction:
        """The share of what the origin month is known today to have earned: all of it is booked by now."""
        earned: dict[Key, Fraction] = defaultdict(Fraction)
        names = self._named(key, part, ("draw", "award", "deduction"), computed)
        for (_, month, other, kind, _), amount in self.books.ledger.items():
            if month == origin and other[0] == key[0] and other[1:] in names and kind in ("earned", "adjustment"):
                earned[other] += amount
        positive = sum((amount for amount in earned.values() if amount > 0), ZERO)
        return self.books.round(exact(part["share"]) * positive, key[1])

    def _draw(self, key: Key, plan: Plan, part: Component, month: int, computed: Computed, is_under: bool) -> None:
        row = self.books.payouts[key, month]
        share = computed.today.people.share(key[0], plan, range(month, month + 1)) if is_under else ZERO
        amount = self.books.round(money(exact(part["amount"]) * share), key[1])
        others = self._others(key, month, part, ("draw", "award"), computed)
        gross = max(sum((other.payable for other in others), ZERO), ZERO)
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
