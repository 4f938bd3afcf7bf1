"""What today's data say everybody has earned: the standing of each component's window at each month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from tests.oracle import deal_components
from tests.oracle.clawback import Clawbacks
from tests.oracle.credits import Credit, Crediting
from tests.oracle.deals import Deals, Finance
from tests.oracle.kpis import Kpis
from tests.oracle.modifiers import Modifiers, Window
from tests.oracle.months import last_day, month_of
from tests.oracle.people import People
from tests.oracle.period_components import PeriodComponents
from tests.oracle.quantities import ZERO
from tests.oracle.rates import Slice, personal_rate, slices
from tests.oracle.scores import BookedGrades, Scoring
from tests.oracle.shared_components import SharedComponents
from tests.oracle.standing import OfVersion, Standing
from tests.oracle.targets import Targets
from tests.oracle.terms import Component, Plan
from tests.oracle.world import World

Transaction = tuple[str, dt.date | None]


class Today:
    """Everything computed from the world as known now, for months up to the last one."""

    def __init__(self, world: World, plans: list[Plan], booked_grades: BookedGrades | None = None) -> None:
        self.world = world
        self.plans = plans
        self.people = People(world, plans)
        self.deals = Deals(world)
        self.finance = Finance(world)
        self.crediting = Crediting(world, self.people, self.deals)
        self.kpis = Kpis(world, self.people, self.deals, self.finance, Targets(world))
        self.scoring = Scoring(self.kpis, booked_grades or {})
        self.modifiers = Modifiers(self.kpis, self.scoring)
        self.modifiers.linked = self._linked
        self.period = PeriodComponents(self.modifiers)
        self.shared = SharedComponents(self.modifiers)
        self.clawbacks = Clawbacks(self.deals, self.finance)
        self._credits: dict[tuple[str, str], dict[str, list[Credit]]] = {}

    def credits(self, plan: Plan, part: Component) -> dict[str, list[Credit]]:
        key = (plan["version"], part["id"])
        if key not in self._credits:
            self._credits[key] = self.crediting.of_component(plan, part)
        return self._credits[key]

    def component(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Standings of any component that earns, for the months from `first` to `last`."""
        by_type: dict[str, Callable[[Plan, Component, int, int], OfVersion]] = {
            "commission": self.commission,
            "bonus": self.period.bonus,
            "matrix": self.period.matrix,
            "contest": self.shared.contest,
            "pool": self.shared.pool,
            "spiff": self.spiff,
            "override": self.override,
        }
        return by_type[part["type"]](plan, part, first, last)

    def spiff(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Monthly standings of a spiff."""
        earned = deal_components.spiff(part, self.credits(plan, part))
        return self._monthly(plan, part, earned, first, last)

    def override(self, plan: Plan, part: Component, first: int, last: int) -> OfVersion:
        """Monthly standings of an override; an override of the same id in other plans is a lower or higher one."""
        parts = {
            other["version"]: (other, one)
            for other in self.plans
            for one in other["components"]
            if one["id"] == part["id"]
        }
        bases = [base for named in self._named(plan, part["of"]) for base in self._bases(*named, part, first, last)]
        overriding = deal_components.Overriding(self.people, self._rate)
        return self._monthly(plan, part, overriding.earned(parts, bases)[plan["version"]], first, last)

    def _rate(self, origin: str, into: str, day: dt.date) -> Fraction:
        return self.world.rate(origin, into, day) or ZERO

    def _bases(
        self, plan: Plan, named: Component, part: Component, first: int, last: int
    ) -> Iterator[deal_components.Base]:
        """What the people of a component were credited (once) and earned (each month) by deal."""
        currency = plan["currency"] or self.world.currency
        credited: dict[tuple[str, str], Fraction] = defaultdict(lambda: ZERO)
        if "credit" in named and named["type"] in ("commission", "spiff"):
            for person, rows in self.crediting.of_component(
                plan, {**named, "where": {**named["where"], **part["where"]}}
            ).items():
                for credit in rows:
                    credited[person, credit.deal_id] += credit.amount
        for person, standings in self.component(plan, named, first, last).items():
            for month, now in standings.items():
                before = standings.get(month - 1, now) if month - 1 in now.window else Standing(now.window)
                # What is credited without earning anything (no units, say) is a base all the same.
                for deal_id in dict.fromkeys([*now.rated, *(deal for one, deal in credited if one == person)]):
                    day = self.deals.won[deal_id]["won_on"]
                    amount = credited[person, deal_id] if month_of(day) == month else ZERO
                    earned = now.rated.get(deal_id, ZERO) - before.rated.get(deal_id, ZERO)
                    if not amount and not earned:
                        continue
                    yield deal_components.Base(person, deal_id, day, month, amount, earned, currency)
                other = now.without_deal - before.without_deal
                yield deal_components.Base(person, "", last_day(month), month, ZERO, other, currency)

    def _named(self, plan: Plan, ids: list[str]) -> Iterator[tuple[Plan, Component]]:
        for name in ids:
            plan_id, component = name.split("/") if "/" in name else (plan["plan"], name)
            for other in self.plans:
                if other["plan"] == plan_id:
                    yield from ((other, one) for one in other["components"] if one["id"] == component)

    def _monthly(self, plan: Plan, part: Component, earned: deal_components.Earned, first: int, last: int) -> OfVersion:
        payees = self.people.under(plan, range(first, last + 1)) if part.get("minimum") else []
        return deal_components.standings(self.modifiers, plan, part, earned, payees, first, last)

    def commission(
        self, plan: Plan, part: Component, first: int, last: int, lost: dict[str, Fraction] | None = None
    ) -> OfVersion:
        """Standings of a commission for the months from `first` to `last`.

        `lost`: as if these shares of deals had left their origin windows (`charge: recompute_origin`).
        """
        found: OfVersion = defaultdict(dict)
        credits = self._with_events(plan, part, lost)
        whole = self.credits(plan, part) if lost is not None else credits
        for month in range(first, last + 1):
            months = self.window(part, month)
            for person in self._payees(plan, months, credits):
                mine, all_mine = within(credits.get(person, []), months), whole.get(person, [])
                if part["accumulate"] == "transaction":
                    found[person][month] = self._per_deal(person, plan, part, month, mine, all_mine)
                else:
                    window = Window(person, plan, part, months, month)
                    others = [credit for credit in all_mine if month_of(credit.day) not in months]
                    found[person][month] = self._standing(window, within(mine, window.so_far), [*others, *mine])
        return found

    def _with_events(self, plan: Plan, part: Component, lost: dict[str, Fraction] | None) -> dict[str, list[Credit]]:
        """The credits as they are, with negative ones at the current rate, or less what was lost."""
        credits = self.credits(plan, part)
        charge = (part.get("clawback") or {}).get("charge")
        if lost is not None:
            return {person: self.clawbacks.remaining(rows, lost) for person, rows in credits.items()}
        if charge == "current_rate":
            return {
                person: sorted([*rows, *self.clawbacks.negative(part, rows)], key=lambda row: row.order)
                for person, rows in credits.items()
            }
        return credits

    def window(self, part: Component, month: int) -> range:
        kind = part.get("accumulate") or "month"
        return self.world.fiscal.window("month" if kind == "transaction" else kind, month)

    def _payees(self, plan: Plan, months: range, credits: dict[str, list[Credit]]) -> list[str]:
        credited = [person for person, rows in credits.items() if within(rows, months)]
        return sorted({*self.people.under(plan, months), *credited})

    def _standing(self, window: Window, credits: Sequence[Credit], mine: Sequence[Credit]) -> Standing:
        """`mine`: the person's credits of all windows, which a gate on the component's own measure looks at.

        What an event took has left the window that is computed again, and no other.
        """

        def own(months: range) -> Fraction:
            return measured(window.part, within(mine, months))

        standing = Standing(window.months)
        factor = standing.factor = self.modifiers.multiplier(window)
        limit = self.modifiers.rate_limit(window, own)
        gross = ZERO
        for part in self._slices(window, credits):
            amount = part.basis * (part.rate if limit is None else min(part.rate, limit))
            gross += amount
            credit = part.credit
            standing.add(credit.deal_id, credit.day, amount, factor, credit.is_clawback)
        measure = measured(window.part, credits)
        standing.other = self.modifiers.applied(window, gross, measure, own) - standing.of_deals
        return standing

    def _slices(self, window: Window, credits: Sequence[Credit]) -> list[Slice]:
        rates = window.part["rates"]
        quota = self.modifiers.quota(window, window.months) if rates["quota"] else None

        def personal(kind: str) -> Fraction:
            if kind == "target_pay":
                return personal_rate(self.modifiers.target_pay(window), quota)
            return personal_rate(self.people.salary(window.person, kind, window.months, window.plan), quota)

        return slices(rates, window.part["measure"], credits, quota, personal)

    def _per_deal(
        self, person: str, plan: Plan, part: Component, month: int, mine: list[Credit], all_mine: list[Credit]
    ) -> Standing:
        months = range(month, month + 1)
        standing = Standing(months)
        # What an event takes back is a transaction of its own.
        transactions: dict[Transaction, list[Credit]] = defaultdict(list)
        for credit in mine:
            transactions[_transaction(credit)].append(credit)
        window = Window(person, plan, part, months, month, is_prorated=False)
        for transaction, credits in transactions.items():
            others = [
                credit for credit in all_mine if month_of(credit.day) != month or _transaction(credit) != transaction
            ]
            standing.join(self._standing(window, credits, [*others, *credits]).of_one_transaction())
        return standing

    def _linked(self, window: Window, component: str) -> Fraction | None:
        """The attainment of another component of the plan over the same window."""
        part = next(one for one in window.plan["components"] if one["id"] == component)
        mine = self.credits(window.plan, part).get(window.person, [])
        there = Window(window.person, window.plan, part, window.months, window.month)
        quota = self.modifiers.quota(there, window.months) if part["rates"]["quota"] else None
        return self.kpis.attainment(measured(part, within(mine, window.so_far)), quota)


def _transaction(credit: Credit) -> Transaction:
    return credit.deal_id, credit.day if credit.is_clawback else None


def within(credits: Sequence[Credit], months: range) -> list[Credit]:
    return [credit for credit in credits if month_of(credit.day) in months]


def measured(part: Component, credits: Sequence[Credit]) -> Fraction:
    return sum((credit.measured(part["measure"]) for credit in credits), ZERO)
