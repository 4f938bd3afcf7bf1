"""Components that pay a fixed amount per deal, or managers on the deals of those below them: spiff and override."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.credits import Credit
from tests.oracle.modifiers import Modifiers, Window
from tests.oracle.months import month_of
from tests.oracle.people import People
from tests.oracle.quantities import ONE, ZERO, exact, money
from tests.oracle.standing import OfVersion, Standing
from tests.oracle.terms import Component, Plan


@dataclass(frozen=True)
class Piece:
    """What is earned on a deal, how much that was measured by, and the month that earns it (default: the day's)."""

    deal_id: str
    day: dt.date
    amount: Fraction
    measured: Fraction
    month: int | None = None

    @property
    def origin(self) -> int:
        return month_of(self.day) if self.month is None else self.month


# Who earned what.
Earned = dict[str, list[Piece]]


def spiff(part: Component, credits: dict[str, list[Credit]]) -> Earned:
    """The fixed amount per deal or unit, the earliest ones first up to the limit; a shared deal counts once."""
    ends = ("from", "0001-01-01"), ("to", "9999-12-31")
    start, end = (dt.date.fromisoformat(part.get(key) or other) for key, other in ends)
    limit = exact(part["limit"]) if part.get("limit") else None
    found: Earned = defaultdict(list)
    for person, rows in credits.items():
        reached = ZERO
        for credit in rows:
            count = credit.deals if part["per"] == "deal" else credit.units
            if not start <= credit.day <= end or not count:
                continue
            step = ONE if part["per"] == "deal" else count
            paid = step if limit is None else min(reached + step, limit) - min(reached, limit)
            reached += step
            counted = count * paid / step
            found[person].append(Piece(credit.deal_id, credit.day, counted * exact(part["amount"]), counted))
    return found


@dataclass(frozen=True)
class Base:
    """What somebody below a manager was credited or earned on a deal ("" for none), by origin month and day."""

    person: str
    deal_id: str
    day: dt.date
    month: int
    credited: Fraction
    earned: Fraction
    currency: str


class Overriding:
    """What managers earn on components of the people below them."""

    def __init__(self, people: People, rate: Callable[[str, str, dt.date], Fraction]) -> None:
        self.people = people
        self.rate = rate

    def earned(self, parts: dict[str, tuple[Plan, Component]], bases: list[Base]) -> dict[str, Earned]:
        """version → what its people earn. `parts`: the override's terms in each version that has it."""
        found: dict[str, Earned] = {version: defaultdict(list) for version in parts}
        for base in bases:
            below = ZERO
            for level, manager in enumerate(self.people.managers(base.person, base.day), start=1):
                version = self.people.plan_on(manager, base.day)
                if version not in parts:
                    continue
                plan, part = parts[version]
                rate = part["levels"].get(str(level))
                if rate is None:
                    continue
                if part["base"] == "credits" and not base.deal_id:
                    continue
                subtracts = part.get("subtract_lower") == "true"
                whole = base.earned if part["base"] == "earnings" else base.credited
                own = base.earned if subtracts and part["base"] == "credits" else ZERO
                money = (whole - own - (below if subtracts else ZERO)) * exact(rate)
                below += money
                into = self.rate(base.currency, plan["currency"] or base.currency, base.day)
                piece = Piece(base.deal_id, base.day, money * into, whole, base.month)
                found[version][manager].append(piece)
        return found


def standings(
    modifiers: Modifiers, plan: Plan, part: Component, earned: Earned, payees: Sequence[str], first: int, last: int
) -> OfVersion:
    """Monthly standings of amounts by deal."""
    found: OfVersion = defaultdict(dict)
    for month in range(first, last + 1):
        months = range(month, month + 1)
        for person in sorted({*payees, *earned}):
            standing = Standing(months)
            measure = ZERO
            for piece in earned.get(person, ()):
                if piece.origin == month:
                    measure += piece.measured
                    standing.by_deal[piece.deal_id] = standing.by_deal.get(piece.deal_id, ZERO) + piece.amount
                    standing.days[piece.deal_id] = piece.day
            window = Window(person, plan, part, months, month)
            factor = standing.factor = modifiers.multiplier(window)
            gross = standing.total
            standing.lines = {deal_id: money(amount) for deal_id, amount in standing.by_deal.items() if deal_id}
            standing.rated = dict(standing.lines)
            standing.by_deal = {deal_id: amount * factor for deal_id, amount in standing.by_deal.items()}
            standing.other = modifiers.applied(window, gross, measure, None) - gross * factor
            standing.other += standing.by_deal.pop("", ZERO)
            found[person][month] = standing
    return found
