"""Everything computed from the data known at one close, as settlement reads it: no ledger is known here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.oracle.clawback import Booked, Claw, Clawbacks, taken_back
from tests.oracle.earnings import Today
from tests.oracle.months import month_of
from tests.oracle.quantities import ONE, ZERO
from tests.oracle.standing import OfVersion, Standing, Standings
from tests.oracle.terms import Component, Plan
from tests.oracle.timing import Timing

# A component: its plan and its id.
Name = tuple[str, str]
SETTLED_LATER = ("draw", "deduction", "award")


class Computed:
    """The standings of every component for the months from before `first` to `last`."""

    def __init__(self, today: Today, first: int, last: int, adjustable: int) -> None:
        self.today = today
        self.first, self.last = first, last
        # The first month that the first of the closes may still adjust.
        self.adjustable = adjustable
        self.timing = Timing(today.deals, today.finance)
        self.clawbacks: Clawbacks = today.clawbacks
        self.parts: dict[Name, Component] = {}
        self.standings: dict[Name, Standings] = {}
        self.frozen: set[Name] = set()
        # Components whose pay waits for something.
        self.timed: set[Name] = set()
        for plan, part in self.components():
            if part["type"] not in SETTLED_LATER:
                self._add(plan, part, today.component(plan, part, first - 1, last))

    def components(self, *types: str) -> Iterator[tuple[Plan, Component]]:
        """Every component of every version, of these types only when any are given."""
        for plan in self.today.plans:
            for part in plan["components"]:
                if not types or part["type"] in types:
                    yield plan, part

    def _add(self, plan: Plan, part: Component, of_version: OfVersion) -> None:
        name = (plan["plan"], part["id"])
        self.parts[name] = part
        people = self.standings.setdefault(name, {})
        if part["pay"]:
            self.timed.add(name)
        if part["type"] in ("contest", "pool") and part.get("after_close", "frozen") == "frozen":
            self.frozen.add(name)
        for person, standings in of_version.items():
            for month, standing in standings.items():
                people.setdefault(person, {}).setdefault(month, {})[plan["version"]] = standing

    def payable(self, name: Name, person: str, standing: Standing, month: int) -> Fraction:
        """How much of a standing is payable by the end of the month, unrounded."""
        rows = self.today.people.history.get(person) or [{}]
        return self.timing.payable(self.parts[name], standing, month, rows[-1].get("left_on"))

    def is_all_payable(self, name: Name, person: str, standing: Standing, month: int) -> bool:
        """Whether nothing of a standing waits any more."""
        rows = self.today.people.history.get(person) or [{}]
        return self.timing.is_all(self.parts[name], standing, month, rows[-1].get("left_on"))

    def follows_money(self, name: Name) -> bool:
        """Whether the component pays what is invoiced or collected."""
        return self.parts[name]["pay"].get("when", "booked") != "booked"

    def is_gone(self, deal_id: str) -> bool:
        """Whether the deal does not count any more."""
        return deal_id not in self.today.deals.won

    def deal_share(self, name: Name, deal_id: str, month: int) -> Fraction:
        """The payable share of a deal's earning by the end of the month."""
        pay: dict[str, Any] = self.parts[name]["pay"]
        return self.timing.share_at(pay, deal_id, month) if pay and deal_id else ONE

    def claws(self, name: Name, person: str, until: int, booked: dict[str, Booked]) -> list[Claw]:
        """What events up to the end of month `until` take back of the person's earnings.

        `booked`: by plan version, what the months that are adjusted no more were booked with.
        """
        found: list[Claw] = []
        for plan, part in self.components("commission", "spiff"):
            if (plan["plan"], part["id"]) != name or not part.get("clawback"):
                continue
            standings = {
                month: by_version[plan["version"]]
                for month, by_version in self.standings[name].get(person, {}).items()
                if plan["version"] in by_version
            }
            charge = part["clawback"]["charge"]
            if charge != "original_rate" and part["type"] != "commission":
                raise LookupError(f"the oracle knows no {charge} of a {part['type']}")
            slices = booked.get(plan["version"], {})
            if charge == "original_rate":
                found += self.clawbacks.at_original_rate(part, standings, slices, self.first, until)
            elif charge == "current_rate":
                found += taken_back(standings, until)
            else:
                found += self._recomputed(plan, part, person, standings, slices, until)
        return found

    def _recomputed(
        self, plan: Plan, part: Component, person: str, standings: dict[int, Standing], booked: Booked, until: int
    ) -> list[Claw]:
        """The difference that each event's lost amount makes to its origin window, one event after the other."""
        credits = self.today.credits(plan, part).get(person, [])
        won = {
            credit.deal_id: month
            for credit in credits
            if (month := month_of(credit.day)) >= self.first
            # What was not booked in time was never paid.
            and (month not in booked or credit.deal_id in booked[month][1])
        }
        events = [(event.day, deal_id, event.lost) for deal_id in won for event in self.clawbacks.events(part, deal_id)]
        taken: dict[tuple[int, str], Fraction] = defaultdict(lambda: ZERO)
        before, lost = standings, dict[str, Fraction]()
        for day, deal_id, share in sorted(event for event in events if month_of(event[0]) <= until):
            lost = {**lost, deal_id: lost.get(deal_id, ZERO) + share}
            after = self.today.commission(plan, part, self.first - 1, self.last, lost).get(person, {})
            for month in range(month_of(day), until + 1):
                taken[month, deal_id] += _at(before, won[deal_id], month) - _at(after, won[deal_id], month)
            before = after
        return [Claw(month, deal_id, amount) for (month, deal_id), amount in sorted(taken.items())]


def _at(standings: dict[int, Standing], won: int, month: int) -> Fraction:
    """The total, at the month or at its end before, of the window that the month `won` lies in."""
    windows = [standing.window for standing in standings.values() if won in standing.window]
    if not windows:
        return ZERO
    at = standings.get(min(max(month, windows[0][0]), windows[0][-1]))
    return at.total if at else ZERO
