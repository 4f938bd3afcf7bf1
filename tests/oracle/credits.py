"""Which share of a deal counts for whom (plan-spec, "Crediting")."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.oracle.deals import Deals, matches
from tests.oracle.people import People
from tests.oracle.quantities import ONE, ZERO, minor_units, money, ratio, shared_out
from tests.oracle.terms import Component, Plan
from tests.oracle.world import Row, World

_PLACES_OF_UNITS = 6


@dataclass(frozen=True)
class Credit:
    """One line of a deal credited to a person in one role; money in the plan's currency."""

    person: str
    deal_id: str
    line: int
    role: str
    day: dt.date
    amount: Fraction
    cost: Fraction
    units: Fraction
    deals: Fraction
    is_clawback: bool = False

    @property
    def order(self) -> tuple[dt.date, str, int, str]:
        return (self.day, self.deal_id, self.line, self.role)

    def measured(self, measure: str) -> Fraction:
        """What a rate multiplies."""
        if measure == "margin":
            return self.amount - self.cost
        return {"bookings": self.amount, "units": self.units, "deals": self.deals}[measure]


@dataclass(frozen=True)
class _Share:
    """A share of a line in the deal's currency, before the exchange rate."""

    person: str
    role: str
    part: Row
    factor: Fraction
    amount: Fraction
    cost: Fraction
    units: Fraction
    deals: Fraction


class Crediting:
    """Credits of components, from deals and people."""

    def __init__(self, world: World, people: People, deals: Deals) -> None:
        self.world = world
        self.people = people
        self.deals = deals

    def of_component(self, plan: Plan, part: Component) -> dict[str, list[Credit]]:
        """Every credit the component counts, by person, in the order of slices."""
        found: dict[str, list[Credit]] = defaultdict(list)
        for deal in self.deals.won.values():
            rate = self.rate(plan, deal)
            if rate is None:
                continue
            for share in self._shares(deal, part):
                if self.people.plan_on(share.person, deal["won_on"]) == plan["version"]:
                    found[share.person].append(_credit(deal, share, rate))
        return {person: sorted(_summed(rows), key=lambda row: row.order) for person, rows in found.items()}

    def rate(self, plan: Plan, deal: Row) -> Fraction | None:
        """The exchange rate into the plan's currency."""
        into = plan["currency"] or self.world.currency
        if plan["fx"] == "plan" and deal["currency"] != into:
            return plan["plan_rates"].get(deal["currency"])
        return self.world.rate(deal["currency"], into, deal["won_on"])

    def _shares(self, deal: Row, part: Component) -> Iterator[_Share]:
        parts = [line for line in self.deals.parts(deal) if matches(part["where"], line)]
        credit = part["credit"]
        owners = self.deals.owners(deal, credit["split"])
        for position, line in enumerate(parts):
            counts = ONE if position == len(parts) - 1 else ZERO
            owned = list(self.owned(deal, line, owners, counts))
            if credit["owner"]:
                yield from (replace(share, factor=credit["owner"]) for share in owned)
            yield from self._overlays(deal, line, credit["overlay"], counts)
            if credit["rollup"] != "none":
                yield from self._rolled_up(deal, owned, part)

    def owned(self, deal: Row, line: Row, owners: list[tuple[str, Fraction]], counts: Fraction) -> Iterator[_Share]:
        """The owners' shares of a line: money cut to the minor unit, units to six places."""
        places = minor_units(deal["currency"])
        amounts, costs = (shared_out(line[name], owners, places) for name in ("amount", "cost"))
        units = shared_out(line["units"], owners, _PLACES_OF_UNITS)
        for person, share in owners:
            yield _Share(person, "owner", line, ONE, amounts[person], costs[person], units[person], counts * share)

    def _overlays(self, deal: Row, line: Row, overlay: dict[str, Fraction], counts: Fraction) -> Iterator[_Share]:
        for row in self.deals.splits[deal["deal_id"]]:
            share = overlay.get(row["credit_role"])
            if share is not None and row["credit_role"] != "owner":
                factor = share * row["share"]
                role, person = row["credit_role"], row["participant_id"]
                yield _Share(person, role, line, factor, line["amount"], line["cost"], line["units"], counts)

    def _rolled_up(self, deal: Row, owned: list[_Share], part: Component) -> Iterator[_Share]:
        already = {share.person for share in owned}
        for share in owned:
            chain = self.people.managers(share.person, deal["won_on"])
            for manager in chain[:1] if part["credit"]["rollup"] == "direct" else chain:
                if manager not in already:
                    yield replace(share, person=manager, role="rollup")


def _credit(deal: Row, share: _Share, rate: Fraction) -> Credit:
    factor = ratio(share.factor * rate)
    return Credit(
        share.person,
        deal["deal_id"],
        share.part["line"],
        share.role,
        deal["won_on"],
        money(share.amount * factor),
        money(share.cost * factor),
        money(share.units * share.factor),
        money(share.deals * share.factor),
    )


def _summed(rows: list[Credit]) -> list[Credit]:
    """One credit per line and role: a manager above several owners of a deal has their sum."""
    grouped: dict[tuple[str, int, str], Credit] = {}
    for row in rows:
        key = (row.deal_id, row.line, row.role)
        old = grouped.get(key)
        grouped[key] = (
            row
            if old is None
            else replace(
                old,
                amount=old.amount + row.amount,
                cost=old.cost + row.cost,
                units=old.units + row.units,
                deals=old.deals + row.deals,
            )
        )
    return list(grouped.values())
