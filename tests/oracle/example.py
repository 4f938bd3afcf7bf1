"""A worked example (as YAML reads it, all texts) put through the oracle, and the rows it then expects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.oracle.advances import Advances
from tests.oracle.computed import Computed
from tests.oracle.earnings import Today
from tests.oracle.months import month_key, month_named
from tests.oracle.quantities import ZERO, written
from tests.oracle.settlement import Books, Row
from tests.oracle.terms import read_plans
from tests.oracle.world import World

Document = dict[str, Any]
Table = list[dict[str, Any]]
_SUMMARY = ("gross_earned", "adjustments", "draws", "deductions", "payable")
_PAYOUT_NUMBERS = (
    "earned", "adjustment", "held", "released", "clawed_back", "drawn", "recovered", "balance_owed", "payable"
)  # fmt: skip


class Outcome:
    """What the oracle says about an example after its last close."""

    def __init__(self, books: Books, computed: Computed) -> None:
        self.books = books
        self.computed = computed

    def expectation(self) -> Document:
        """The `expect` block: every row with a number, and that there are no others."""
        return {
            "only": ["payouts", "ledger", "commission_table"],
            "payouts": [
                {name: value for name, value in shown.items() if name not in row.unclear}
                for row, shown in self._payouts()
            ],
            "ledger": self._ledger(),
            "commission_table": self._commission_table(),
            "earnings": self._earnings(),
        }

    def tables(self) -> Document:
        """Payouts, ledger and commission table in full."""
        entries = [
            {**_booked(booked, origin, key), "kind": kind, "transaction_id": deal_id, "amount": written(amount)}
            for (booked, origin, key, kind, deal_id), amount in sorted(self.books.ledger.items())
        ]
        payouts = [shown for _, shown in self._payouts()]
        return {"payouts": payouts, "ledger": entries, "commission_table": self._commission_table()}

    def _payouts(self) -> list[tuple[Row, dict[str, str]]]:
        found = []
        for (key, month), row in sorted(self.books.payouts.items()):
            numbers = {name: written(getattr(row, name)) for name in _PAYOUT_NUMBERS}
            if any(number != "0" for number in numbers.values()):
                found.append((row, {**_named(key), "period": month_key(month), **numbers}))
        return found

    def _ledger(self) -> Table:
        """Entries by kind; hold and release as the whole of their origin period, which says what is payable of it."""
        found = []
        whole: dict[tuple[int, int, tuple[str, str, str]], Fraction] = defaultdict(lambda: ZERO)
        timed = set()
        for (booked, origin, key, kind, deal_id), amount in sorted(self.books.ledger.items()):
            whole[booked, origin, key] += amount
            if kind in ("hold", "release") and amount:
                timed.add((booked, origin, key))
            elif amount:
                transaction = {"transaction_id": deal_id} if deal_id else {}
                found.append({**_booked(booked, origin, key), "kind": kind, **transaction, "amount": written(amount)})
        return found + [{**_booked(*entry), "amount": written(whole[entry])} for entry in sorted(timed)]

    def _commission_table(self) -> Table:
        sums: dict[tuple[str, int], list[Fraction]] = defaultdict(lambda: [ZERO] * 5)
        deductions = {part["id"] for _, part in self.computed.components("deduction")}
        for (key, month), row in self.books.payouts.items():
            parts = row.summary(key[2] in deductions)
            sums[key[0], month] = [one + more for one, more in zip(sums[key[0], month], parts, strict=True)]
        return [
            {
                "participant_id": person,
                "period": month_key(month),
                **{name: written(value) for name, value in zip(_SUMMARY, parts, strict=True)},
            }
            for (person, month), parts in sorted(sums.items())
            if any(parts)
        ]

    def _earnings(self) -> Table:
        """Σ of the earning lines per origin period: what is computed for it today, less what events took back."""
        found = []
        for (plan, component), people in sorted(self.computed.standings.items()):
            for person, standings in sorted(people.items()):
                key = (person, plan, component)
                for month in range(self.books.first, self.computed.last + 1):
                    amount = self.books.net(standings, month, key)
                    if amount and not self._is_cut(key, month):
                        row = {"origin_period": month_key(month), "amount": written(amount)}
                        found.append({**_named(key), **row})
        return found

    def _is_cut(self, key: tuple[str, str, str], month: int) -> bool:
        """Whether the retro window hides what events took back of the month."""
        has_clawback = bool(self.computed.parts[key[1], key[2]].get("clawback"))
        return has_clawback and month < self.computed.last - self.books.world.retro_window


def _booked(booked: int, origin: int, key: tuple[str, str, str]) -> dict[str, str]:
    return {**_named(key), "booked_period": month_key(booked), "origin_period": month_key(origin)}


def _named(key: tuple[str, str, str]) -> dict[str, str]:
    return {"participant_id": key[0], "plan": key[1], "component": key[2]}


def run(document: Document) -> Outcome:
    """The outcome after the last step."""
    return list(run_steps(document))[-1][1]


def run_steps(document: Document) -> Iterator[tuple[Document, Outcome]]:
    """(step, outcome after it) for each step of the example."""
    plans = read_plans(document["plan"])
    currency = plans[0]["currency"] or "CNY"
    world = World(document.get("company") or {}, currency)
    world.land(document.get("given") or {})
    steps = document.get("steps") or [{"close": document["close"]}]
    first = month_named(_closes(steps[0])[0])
    books = Books(world, {plan["plan"]: plan["currency"] or world.currency for plan in plans}, first)
    advances = Advances(books)
    following, grades = first, {}
    for step in steps:
        world.land(step.get("given") or {})
        last = month_named(_closes(step)[-1])
        today = Today(world, plans, grades)
        computed = Computed(today, first, last, following - world.retro_window)
        for month in range(following, last + 1):
            books.close(month, computed)
            advances.close(month, computed)
        closed = range(following, last + 1)
        grades = dict(grades)
        for plan in plans:
            grades.update(today.scoring.to_book(plan, world.fiscal, closed))
        following = last + 1
        yield step, Outcome(books, computed)


def _closes(step: Document) -> list[str]:
    return step["close"] if isinstance(step["close"], list) else [step["close"]]
