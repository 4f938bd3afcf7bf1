"""The deals: who sells what to whom, when it is decided and how it ends; amounts are whole cents."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from attain.sample.dice import Dice, Flags, Ints
from attain.sample.market import (
    FIRST_PROSPECT,
    PRICE_LIST_RATES,
    PRODUCTS,
    SERVICE_PRODUCTS,
    account_numbers,
    first_purchases,
    old_customers,
)
from attain.sample.scale import Scale
from attain.sample.staff import OVERSEAS, Staff

OPEN, WON, LOST = 0, 1, 2
NEW, RENEWAL, EXPANSION = 0, 1, 2
PART_SIZE = 50_000
# List value of a deal in yuan: its quantiles, evenly spaced; a few large projects make the long tail.
_SIZES = (
    20_000,
    48_000,
    76_000,
    105_000,
    135_000,
    168_000,
    205_000,
    250_000,
    310_000,
    395_000,
    530_000,
    860_000,
)
_LARGE_PROJECTS_PER_10000 = 40
# Days from creation to decision: quantiles, evenly spaced.
_CYCLES = (9, 20, 29, 38, 48, 60, 74, 92, 118, 160, 235)
# Discount in thousandths: quantiles, evenly spaced.
_DISCOUNTS = (0, 0, 20, 40, 60, 80, 100, 130, 190)
_WIN_PER_10000 = 4_150
_PROSPECT_PER_10000, _PROSPECT_HANDICAP = 2_000, 1_400
_STALLED_PER_10000 = 250
_PRICES = np.asarray([price for _, _, price, _ in PRODUCTS], dtype=np.int64)
_COSTS = np.asarray([cost for _, _, _, cost in PRODUCTS], dtype=np.int64)


@dataclass(frozen=True)
class Deals:
    """Some deals as arrays of equal length; days from 1970-01-01, money in cents of the deal's currency."""

    number: Ints
    owner: Ints
    team: Ints
    account: Ints
    product: Ints
    status: Ints
    kind: Ints
    currency: Ints
    units: Ints
    amount: Ints
    list_amount: Ints
    cost: Ints
    created: Ints
    expected: Ints
    decided: Ints
    term_months: Ints
    is_prospect: Flags

    def __len__(self) -> int:
        return len(self.number)

    def where(self, mask: Flags) -> Deals:
        """Those the mask names."""
        return Deals(**{name: values[mask] for name, values in vars(self).items()})

    @property
    def won(self) -> Deals:
        return self.where(self.status == WON)


@dataclass(frozen=True)
class Sellers:
    """Who can own a deal decided in a month: positions in the staff, their weights and their teams."""

    people: Ints
    weights: Ints
    teams: Ints


@dataclass
class Pipeline:
    """Makes deals month by month; remembers only how many prospects each team has met."""

    scale: Scale
    staff: Staff
    prospect_deals: Ints = field(init=False)
    _sellers: dict[tuple[int, str], Sellers] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.prospect_deals = np.zeros(len(self.staff.team_regions), dtype=np.int64)

    @property
    def prospects(self) -> Ints:
        """Prospect accounts met so far, per team: five for every eight deals with prospects."""
        return (self.prospect_deals * 5 + 7) // 8

    def sellers(self, month: int, role: str = "ae") -> Sellers:
        """The people of a role in a month; for months after the window those of its last."""
        key = (min(month, self.scale.months - 1), role)
        if key not in self._sellers:
            self._sellers[key] = sellers(self.scale, self.staff, *key)
        return self._sellers[key]

    def make(self, month: int, part: int, first_number: int, count: int) -> Deals:
        """`count` deals to be decided in the given month (counted from the window's first)."""
        dice = self.scale.dice("deals", month * 1000 + part)
        who = self.sellers(month)
        seat = dice.spread(who.weights, count)
        owner, team = who.people[seat], who.teams[seat]
        is_prospect = dice.chance(_PROSPECT_PER_10000, count)
        account = self._accounts(dice, team, is_prospect)
        decided = self._days_in_month(dice, month, count)
        created = decided - dice.table(_CYCLES, count)
        created = np.where(created > self.scale.last, self.scale.last - dice.below(28, count), created)
        kind = np.where(is_prospect, NEW, np.asarray((EXPANSION, RENEWAL, NEW))[dice.pick((55, 25, 20), count)])
        product, currency = self._product(dice, kind), self._currency(dice, team)
        units, list_amount, amount, cost = _price(dice, product, currency)
        is_service = np.isin(product, SERVICE_PRODUCTS)
        skill = np.asarray([person.skill for person in self.staff.people], dtype=np.int64)[owner]
        return Deals(
            number=np.arange(first_number, first_number + count, dtype=np.int64),
            owner=owner,
            team=team,
            account=account,
            product=product,
            status=self._status(dice, month, skill, is_prospect),
            kind=kind,
            currency=currency,
            units=units,
            amount=amount,
            list_amount=list_amount,
            cost=cost,
            created=created,
            expected=decided + dice.between(-12, 12, count) * (month < self.scale.months),
            decided=decided,
            term_months=is_service * 12 * (1 + dice.pick((70, 18, 12), count)),
            is_prospect=is_prospect,
        )

    def _accounts(self, dice: Dice, team: Ints, is_prospect: Flags) -> Ints:
        size = len(team)
        # The product of two even draws favours the first places: a few customers buy often.
        old = (dice.below(1 << 20, size) * dice.below(1 << 20, size) >> 20) * old_customers(self.scale, self.staff)
        turn = np.zeros(size, dtype=np.int64)
        for_prospects = team[is_prospect]
        order = np.argsort(for_prospects, kind="stable")
        counts = np.bincount(for_prospects, minlength=len(self.prospect_deals)).astype(np.int64)
        firsts = np.repeat(np.cumsum(counts) - counts, counts)
        turns = np.empty(len(order), dtype=np.int64)
        turns[order] = np.arange(len(order)) - firsts
        turn[is_prospect] = (self.prospect_deals[for_prospects] + turns) * 5 // 8
        self.prospect_deals += counts
        return account_numbers(team, np.where(is_prospect, FIRST_PROSPECT + turn, old >> 20))

    def _days_in_month(self, dice: Dice, month: int, count: int) -> Ints:
        """Working days of the month, more of them towards its end."""
        start, end = int(self.scale.starts[month]), int(self.scale.starts[month + 1]) - 1
        length = end - start + 1
        day = start + np.maximum(dice.below(length, count), dice.below(length, count))
        weekend = (day + 3) % 7 - 4  # 1 on Saturdays, 2 on Sundays
        return np.where(weekend <= 0, day, np.where(day - weekend >= start, day - weekend, day + 3 - weekend))

    def _status(self, dice: Dice, month: int, skill: Ints, is_prospect: Flags) -> Ints:
        chance = _WIN_PER_10000 + (skill - 100) * 25 - is_prospect * _PROSPECT_HANDICAP
        status = np.where(dice.chance(chance, len(skill)), WON, LOST)
        is_open = dice.chance(_STALLED_PER_10000, len(skill)) | (month >= self.scale.months)
        return np.where(is_open, OPEN, status).astype(np.int64)

    def _product(self, dice: Dice, kind: Ints) -> Ints:
        size = len(kind)
        machine = dice.pick((14, 12, 6, 9, 14, 10, 12, 9, 6), size)
        service = np.asarray(SERVICE_PRODUCTS)[dice.pick((60, 25, 15), size)]
        is_service = dice.below(10_000, size) < np.where(kind == RENEWAL, 7_000, 800)
        return np.where(is_service, service, machine).astype(np.int64)

    def _currency(self, dice: Dice, team: Ints) -> Ints:
        is_abroad = np.asarray(self.staff.team_regions)[team] == OVERSEAS
        return np.where(is_abroad, dice.pick((12, 55, 33), len(team)), 0).astype(np.int64)


def sellers(scale: Scale, staff: Staff, month: int, role: str = "ae") -> Sellers:
    """The people of a role who work through a month, weighted by skill and, at first, by how new they are."""
    first, last = int(scale.starts[month]), int(scale.starts[month + 1]) - 1
    chosen = [
        person for person in staff.people if person.state_on(first).role == role and person.works_through(first, last)
    ]
    if not chosen:  # a tiny company in a month when everybody came or went: the managers step in
        chosen = [person for person in staff.people if person.state_on(first).role == "sales_manager"]
    weights = [person.skill * min(100, 55 + max(0, first - person.hired) // 4) for person in chosen]
    return Sellers(
        np.asarray([person.index for person in chosen], dtype=np.int64),
        np.asarray(weights, dtype=np.int64),
        np.asarray([person.state_on(first).team for person in chosen], dtype=np.int64),
    )


def first_deals(scale: Scale, staff: Staff, team: int, first_number: int) -> Deals:
    """One won deal, long ago and in yuan, per customer of old; owned by the region's director."""
    size = old_customers(scale, staff)
    dice = scale.dice("first_deals", team)
    none = np.zeros(size, dtype=np.int64)
    product = dice.below(len(PRODUCTS), size)
    units, list_amount, amount, cost = _price(dice, product, none)
    won_on = first_purchases(scale, team, size)
    return Deals(
        number=first_number + np.arange(size, dtype=np.int64),
        owner=none + staff.team_regions[team],
        team=none + team,
        account=account_numbers(none + team, np.arange(size, dtype=np.int64)),
        product=product,
        status=none + WON,
        kind=none + NEW,
        currency=none,
        units=units,
        amount=amount,
        list_amount=list_amount,
        cost=cost,
        created=won_on - 20,
        expected=won_on,
        decided=won_on,
        term_months=none,
        is_prospect=none > 0,
    )


def _price(dice: Dice, product: Ints, currency: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Units, list amount, amount and cost; a price of a foreign price list is cut to whole cents per unit."""
    size = len(product)
    value = dice.table(_SIZES, size)
    value *= np.where(dice.chance(_LARGE_PROJECTS_PER_10000, size), dice.between(3, 8, size), 1)
    units = np.maximum(1, value // _PRICES[product])
    rate = np.asarray(PRICE_LIST_RATES, dtype=np.int64)[currency]
    list_amount = units * (_PRICES[product] * 10_000 // rate)
    cost = units * (_COSTS[product] * 10_000 // rate)
    amount = list_amount * (1000 - dice.table(_DISCOUNTS, size)) // 1000
    return units, list_amount, amount, cost
