"""A window's cumulative earning, the unit everything is settled in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.quantities import ONE, ZERO, money


@dataclass
class Standing:
    """A window's cumulative earning at a month: by deal (unrounded, multiplied), and what belongs to no deal.

    `rated`: what the deals' own lines add up to, each money of six places, before the multiplier, which is a line
    without a deal; `lines`: what follows the cash of each deal, the same but of a window of one transaction, where it
    comes after all modifiers; `days`: from when they wait. `clawed`: the money of negative credits that events put
    into the window (`charge: current_rate`). `factor`: the multiplier.
    """

    window: range
    by_deal: dict[str, Fraction] = field(default_factory=dict)
    other: Fraction = ZERO
    clawed: dict[str, Fraction] = field(default_factory=dict)
    rated: dict[str, Fraction] = field(default_factory=dict)
    lines: dict[str, Fraction] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)
    factor: Fraction = ONE

    def add(self, deal_id: str, day: dt.date, amount: Fraction, factor: Fraction, is_clawback: bool) -> None:
        """Adds a line of a deal, and what the multiplier makes of it."""
        if is_clawback:
            self.clawed[deal_id] = self.clawed.get(deal_id, ZERO) + amount
            return
        self.by_deal[deal_id] = self.by_deal.get(deal_id, ZERO) + amount * factor
        for lines in (self.rated, self.lines):
            lines[deal_id] = lines.get(deal_id, ZERO) + money(amount)
        self.days[deal_id] = day

    def join(self, one: Standing) -> None:
        """Adds what another window of the same month stands at."""
        kept = (self.by_deal, self.rated, self.lines, self.clawed), (one.by_deal, one.rated, one.lines, one.clawed)
        for own, others in zip(*kept, strict=True):
            for deal_id, amount in others.items():
                own[deal_id] = own.get(deal_id, ZERO) + amount
        self.other += one.other
        self.days |= one.days
        self.factor = one.factor

    def copy(self) -> Standing:
        """The same standing, to be added to."""
        one = Standing(self.window)
        one.join(self)
        return one

    def of_one_transaction(self) -> Standing:
        """This window as one of a single deal: what modifiers make of it is paid as the deal is."""
        deals = {*self.lines, *self.clawed}
        if len(deals) == 1:
            (deal_id,) = deals
            self.lines[deal_id] = money(self.total)
        return self

    def less(self, base: Standing) -> Standing:
        """What the window has earned since it stood at `base`, as settlement reads it."""
        by_deal, lines = (
            {deal_id: own.get(deal_id, ZERO) - others.get(deal_id, ZERO) for deal_id in {*own, *others}}
            for own, others in ((self.by_deal, base.by_deal), (self.lines, base.lines))
        )
        return Standing(self.window, by_deal, self.other - base.other, lines=lines, days=base.days | self.days)

    def rated_since(self, base: Standing | None) -> dict[str, Fraction]:
        """deal → what its own lines have earned since the window stood at `base`, before the multiplier."""
        before = base.rated if base else {}
        return {deal: self.rated.get(deal, ZERO) - before.get(deal, ZERO) for deal in {*self.rated, *before}}

    @property
    def of_deals(self) -> Fraction:
        """What belongs to deals, negative credits of events included."""
        return sum(self.by_deal.values(), ZERO) + sum(self.clawed.values(), ZERO)

    @property
    def without_deal(self) -> Fraction:
        """What multiplier, gate, minimum and cap make of it, and pay that knows no deals."""
        return self.total - sum(self.rated.values(), ZERO)

    @property
    def total(self) -> Fraction:
        return sum(self.by_deal.values(), self.other)


# person → month → standing, of one plan version; and the same by version
OfVersion = dict[str, dict[int, Standing]]
Standings = dict[str, dict[int, dict[str, Standing]]]
