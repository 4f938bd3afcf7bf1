"""When an earning becomes payable (plan-spec, "Pay timing"): cumulative shares at a period's end."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.oracle.deals import Deals, Finance
from tests.oracle.months import last_day
from tests.oracle.quantities import ONE, ZERO, exact, money, ratio
from tests.oracle.standing import Standing
from tests.oracle.terms import Component

# (the day a part becomes payable, the part)
Parts = list[tuple[dt.date, Fraction]]


class Timing:
    """Payable shares of deals and of what belongs to no deal."""

    def __init__(self, deals: Deals, finance: Finance) -> None:
        self.deals = deals
        self.finance = finance

    def payable(self, part: Component, standing: Standing, month: int, left_on: dt.date | None) -> Fraction:
        """How much of a window's cumulative earning is payable by the end of `month`, unrounded."""
        if not part["pay"]:
            return standing.total
        pay, end = part["pay"], last_day(month)
        forfeits = pay.get("leavers") == "forfeit" and left_on is not None
        shares = self._shares(pay, standing, end)
        if forfeits:
            when_left = self._shares(pay, standing, left_on)
            shares = {deal_id: min(share, when_left[deal_id]) for deal_id, share in shares.items()}
            end = min(end, left_on)
        paid = sum((amount * shares[deal_id] for deal_id, amount in standing.lines.items()), ZERO)
        whole = sum(standing.lines.values(), ZERO)
        other = money(standing.total - whole)
        if whole:
            return paid + other * ratio(paid / whole)
        day = last_day(standing.window[-1])
        return paid + other * _due(_later(pay, [(day, ONE)]), end)

    def is_all(self, part: Component, standing: Standing, month: int, left_on: dt.date | None) -> bool:
        """Whether all of a window's earning is payable by the end of `month`."""
        waits = standing.total - self.payable(part, standing, month, left_on)
        return abs(waits) < Fraction(1, 10**5)

    def _shares(self, pay: dict[str, Any], standing: Standing, day: dt.date) -> dict[str, Fraction]:
        return {deal_id: self.share(pay, deal_id, day, standing.days.get(deal_id)) for deal_id in standing.lines}

    def share_at(self, pay: dict[str, Any], deal_id: str, month: int) -> Fraction:
        """The share of a deal's earning that is payable by the end of the month."""
        return self.share(pay, deal_id, last_day(month))

    def share(self, pay: dict[str, Any], deal_id: str, day: dt.date, credited_on: dt.date | None = None) -> Fraction:
        """The share of a deal's earning that is payable by the day; credited on the day it was won unless given."""
        return ratio(_due(_later(pay, self._parts(pay, deal_id, day, credited_on)), day))

    def _parts(self, pay: dict[str, Any], deal_id: str, until: dt.date, credited_on: dt.date | None) -> Parts:
        """When which part of the deal became payable, before instalments and holdback; refunds undo the newest."""
        when = pay.get("when", "booked")
        if when == "booked" and credited_on:
            return [(credited_on, ONE)]
        if deal_id not in self.deals.won:
            return []
        if when == "booked" or not self.deals.amount(deal_id):
            return [(self.deals.won[deal_id]["won_on"], ONE)]
        parts: Parts = []
        for day in self.finance.days(deal_id):
            if day <= until:
                change = self._cumulative(when, deal_id, day) - sum((part for _, part in parts), ZERO)
                while change < 0:
                    newest, part = parts.pop()
                    change += part
                    day = newest if change > 0 else day
                parts.append((day, change))
        return parts

    def _cumulative(self, when: str, deal_id: str, day: dt.date) -> Fraction:
        amount = self.deals.amount(deal_id)
        money = self.finance.invoiced(deal_id, day) if when == "invoiced" else self.finance.collected(deal_id, day)
        return min(max(money / amount, ZERO), ONE)


def _later(pay: dict[str, Any], parts: Parts) -> Parts:
    """Each part cut by instalments or holdback and moved to the day it is due."""
    cuts = [(0, ONE)]
    if pay.get("instalments"):
        cuts = [(int(one["after_days"]), exact(one["share"])) for one in pay["instalments"]]
    if pay.get("holdback"):
        kept, days = exact(pay["holdback"]["share"]), int(pay["holdback"]["release_after_days"])
        cuts = [
            *((after, share * (ONE - kept)) for after, share in cuts),
            # Both count from the same day.
            *((max(after, days), share * kept) for after, share in cuts),
        ]
    return [(day + dt.timedelta(days=after), share * cut) for day, share in parts for after, cut in cuts]


def _due(parts: Parts, day: dt.date) -> Fraction:
    return sum((share for on, share in parts if on <= day), ZERO)
