"""What cancellations, refunds and credit notes take back (plan-spec, "Corrections, events, clawback")."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.oracle.credits import Credit
from tests.oracle.deals import Deals, Finance
from tests.oracle.months import last_day, month_of
from tests.oracle.quantities import ONE, ZERO, exact, money
from tests.oracle.standing import Standing
from tests.oracle.terms import Component
from tests.oracle.world import Row

# By month that is adjusted no more: its window, and what each deal was booked with, before the multiplier.
Booked = dict[int, tuple[range, dict[str, Fraction]]]


@dataclass(frozen=True)
class Event:
    """A part of a deal lost on a day, times the share that is taken back."""

    day: dt.date
    lost: Fraction


@dataclass(frozen=True)
class Claw:
    """Money taken back of a deal up to the origin month, unrounded and positive."""

    origin: int
    deal_id: str
    amount: Fraction


class Clawbacks:
    """Events of deals, and what they take back from standings."""

    def __init__(self, deals: Deals, finance: Finance) -> None:
        self.deals = deals
        self.finance = finance

    def events(self, part: Component, deal_id: str) -> list[Event]:
        """The deal's events that count for the component, never more than the whole deal."""
        deal, terms = self.deals.won.get(deal_id), part.get("clawback")
        if deal is None or not terms:
            return []
        limit = terms.get("within_days")
        left, found = ONE, []
        for day, lost in sorted(self._happened(terms["on"], part["pay"].get("when"), deal)):
            if limit is not None and (day - deal["won_on"]).days > int(limit):
                continue
            taken = min(lost, left)
            left -= taken
            # Nothing is taken back before it was earned.
            found.append(Event(max(day, deal["won_on"]), taken * _share(terms["share"], deal, day)))
        return found

    def _happened(self, on: list[str], when: str | None, deal: Row) -> list[tuple[dt.date, Fraction]]:
        deal_id, amount = deal["deal_id"], self.deals.amount(deal["deal_id"])
        found = []
        if "cancel" in on and deal.get("cancelled_on"):
            found.append((deal["cancelled_on"], ONE))
        if "refund" in on and when != "collected" and amount:
            found += [(day, -paid / amount) for day, paid in self.finance.payments[deal_id] if paid < 0]
        if "credit_note" in on and when not in ("invoiced", "collected") and amount:
            found += [(day, noted / amount) for day, noted in self.finance.credit_notes[deal_id]]
        return [(day, lost) for day, lost in found if lost > 0]

    def at_original_rate(
        self, part: Component, standings: dict[int, Standing], booked: Booked, first: int, until: int
    ) -> list[Claw]:
        """Lost share of what the deal earned, cumulative at each month; a window rated anew rates nothing lost.

        `first`: the first month that is booked; nothing is taken back of deals before it. `booked`: what its months
        that are adjusted no more were booked with.
        """
        found = []
        for deal_id, windows in _windows_by_deal(standings, booked).items():
            events = self.events(part, deal_id)
            if not events or month_of(self.deals.won[deal_id]["won_on"]) < first:
                continue
            for month in range(min(month_of(event.day) for event in events), until + 1):
                lost = sum((event.lost for event in events if month_of(event.day) <= month), ZERO)
                begun = [window for window in windows if window[0] <= month]
                earned = sum((_earned(standings, booked, deal_id, window, month) for window in begun), ZERO)
                found.append(Claw(month, deal_id, lost * earned))
        return found

    def negative(self, part: Component, credits: Sequence[Credit]) -> list[Credit]:
        """For `current_rate`: the lost amounts as negative credits of the events' days."""
        return [
            _scaled(credit, -event.lost, event.day) for credit in credits for event in self.events(part, credit.deal_id)
        ]

    def remaining(self, credits: Sequence[Credit], lost: dict[str, Fraction]) -> list[Credit]:
        """For `recompute_origin`: the credits less the lost shares of their deals."""
        kept = [
            _scaled(credit, ONE - lost[credit.deal_id], credit.day, is_clawback=False)
            if credit.deal_id in lost
            else credit
            for credit in credits
        ]
        return [credit for credit in kept if credit.amount or credit.units or credit.deals]


def taken_back(standings: dict[int, Standing], until: int) -> list[Claw]:
    """For `current_rate`: the money of the negative credits' lines, cumulative by month."""
    found: list[Claw] = []
    total: dict[str, Fraction] = {}
    for month, standing in sorted(standings.items()):
        if month > until:
            continue
        before = standings.get(month - 1) if month - 1 in standing.window else None
        for deal_id in {*standing.clawed, *total}:
            earlier = before.clawed.get(deal_id, ZERO) if before else ZERO
            change = earlier - standing.clawed.get(deal_id, ZERO) if standing.clawed else ZERO
            total[deal_id] = total.get(deal_id, ZERO) + change
            found.append(Claw(month, deal_id, total[deal_id]))
    return found


def _windows_by_deal(standings: dict[int, Standing], booked: Booked) -> dict[str, set[range]]:
    """deal → the windows in which it earned, as known today or as booked."""
    found: dict[str, set[range]] = defaultdict(set)
    for standing in standings.values():
        for deal_id in standing.by_deal:
            found[deal_id].add(standing.window)
    for window, deals in booked.values():
        for deal_id in deals:
            found[deal_id].add(window)
    return found


def _earned(standings: dict[int, Standing], booked: Booked, deal_id: str, window: range, month: int) -> Fraction:
    """What a deal has earned in a window by a month: as booked in the months adjusted no more, else today's."""
    at = standings.get(min(max(month, window[0]), window[-1]))
    if not at:
        known = [one for one in sorted(standings) if one in window]
        at = standings[known[-1]] if known else Standing(window)
    frozen = [one for one in window if one in booked]
    if not frozen:
        return at.by_deal.get(deal_id, ZERO)
    base = standings.get(frozen[-1])
    since = at.rated_since(base).get(deal_id, ZERO) if month > frozen[-1] else ZERO
    return at.factor * (since + sum((booked[one][1].get(deal_id, ZERO) for one in frozen), ZERO))


def _scaled(credit: Credit, factor: Fraction, day: dt.date, is_clawback: bool = True) -> Credit:
    return replace(
        credit,
        day=day,
        amount=money(credit.amount * factor),
        cost=money(credit.cost * factor),
        units=credit.units * factor,
        deals=credit.deals * factor,
        is_clawback=is_clawback,
    )


def _share(written: str, deal: Row, day: dt.date) -> Fraction:
    """The share taken back; `unexpired`: the contract's months not begun on the day."""
    if written != "unexpired":
        return exact(written)
    start, term = deal.get("contract_start_on") or deal["won_on"], deal.get("term_months")
    if not term:
        return ONE
    whole = (day.year - start.year) * 12 + day.month - start.month
    begun = whole + (day.day >= min(start.day, last_day(month_of(day)).day))
    return Fraction(term - min(max(begun, 0), term), term)
