"""A window's cumulative earning, the unit everything is settled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.quantities import ZERO


@dataclass
class Standing:
    """A window's cumulative earning at a month: by deal (unrounded), and what belongs to no deal.

    `clawed`: the money of negative credits that events put into the window (`charge: current_rate`), by deal.
    """

    window: range
    by_deal: dict[str, Fraction] = field(default_factory=dict)
    other: Fraction = ZERO
    clawed: dict[str, Fraction] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        return sum(self.by_deal.values(), self.other)


# person → month → standing, of one plan version; and the same by version
OfVersion = dict[str, dict[int, Standing]]
Standings = dict[str, dict[int, dict[str, Standing]]]
