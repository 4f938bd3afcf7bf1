"""Closing months: what the data say today minus what was booked before (contracts, "payouts" and "ledger")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.computed import Computed
from tests.oracle.quantities import ONE, ZERO, minor_units, rounded
from tests.oracle.standing import Standing
from tests.oracle.world import World

# A payout row's participant, plan and component.
Key = tuple[str, str, str]
# A ledger entry: booked period, origin period, key, kind, and for clawbacks the transaction.
Entry = tuple[int, int, Key, str, str]


@dataclass
class Origin:
    """What was booked of an origin period so far: earned, payable, and the standings it was earned by."""

    earned: Fraction = ZERO
    paid: Fraction = ZERO
    clawed: dict[str, Fraction] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    clawed_paid: dict[str, Fraction] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    standings: list[Standing] = field(default_factory=list)
    before: list[Standing] = field(default_factory=list)


@dataclass
class Row:
    """One row of payouts."""

    earned: Fraction = ZERO
    adjustment: Fraction = ZERO
    held: Fraction = ZERO
    released: Fraction = ZERO
    clawed_back: Fraction = ZERO
    drawn: Fraction = ZERO
    recovered: Fraction = ZERO
    balance_owed: Fraction = ZERO
    # Numbers not compared in this row: how a correction, or what is given back of a deal at a loss that is partly paid,
    # splits into held and released.
    unclear: frozenset[str] = frozenset()

    @property
    def payable(self) -> Fraction:
        return (
            self.earned + self.adjustment - self.held + self.released - self.clawed_back + self.drawn - self.recovered
        )

    def summary(self, is_deduction: bool) -> list[Fraction]:
        """What finance sees of the row: gross earned, adjustments, draws, deductions; together the payable."""
        draws = self.drawn - self.recovered
        adjustments = self.payable - self.earned - draws
        earned = (ZERO, self.earned) if is_deduction else (self.earned, ZERO)
        return [earned[0], adjustments, draws, earned[1], self.payable]


class Books:
    """The ledger and the payouts of all closes so far."""

    def __init__(self, world: World, currencies: dict[str, str], first: int) -> None:
        self.world = world
        self.currencies = currencies
        self.first = first
        self.booked: dict[Key, dict[int, Origin]] = defaultdict(lambda: defaultdict(Origin))
        self.payouts: dict[tuple[Key, int], Row] = defaultdict(Row)
        self.ledger: dict[Entry, Fraction] = defaultdict(lambda: ZERO)

    def round(self, value: Fraction, plan: str) -> Fraction:
        places = minor_units(self.currencies[plan])
        return rounded(value, places, self.world.half_even)

    def earned(self, standings: dict[int, dict[str, Standing]], month: int, plan: str) -> Fraction:
        """What the month itself earned: its rounded cumulative values less those of the month before."""
        now, before = pairs(standings, month)
        return self._rounded_sum((one.total for one in now), plan) - self._rounded_sum(
            (one.total for one in before), plan
        )

    def _rounded_sum(self, values: Iterable[Fraction], plan: str) -> Fraction:
        return sum((self.round(value, plan) for value in values), ZERO)

    def net(self, standings: dict[int, dict[str, Standing]], month: int, key: Key) -> Fraction:
        """What the month earned less what events took back of it; a window they count in is rounded once, with them."""
        now, before = pairs(standings, month)
        if any(one.clawed for one in (*now, *before)):
            return self._rounded_net(now, key[1]) - self._rounded_net(before, key[1])
        return self.earned(standings, month, key[1]) - sum(self.booked[key][month].clawed.values(), ZERO)

    def _rounded_net(self, some: Iterable[Standing], plan: str) -> Fraction:
        return self._rounded_sum((one.total + sum(one.clawed.values(), ZERO) for one in some), plan)

    def close(self, month: int, computed: Computed) -> None:
        """Books what is earned and payable of month `month` and of the months before it in the retro window."""
        keys = {(person, *name) for name, people in computed.standings.items() for person in people} | set(self.booked)
        for key in sorted(keys):
            row = self.payouts[key, month]
            for origin in range(self.first, month + 1):
                is_open = origin >= month - self.world.retro_window and (
                    origin == month or (key[1], key[2]) not in computed.frozen
                )
                self._book(key, origin, month, computed, row, is_open)
            self._claw_back(key, month, computed, row)

    def _book(self, key: Key, origin: int, month: int, computed: Computed, row: Row, is_open: bool) -> None:
        """Books the change of an origin month; of one that is not open any more only what becomes payable."""
        person, plan, name = key[0], key[1], (key[1], key[2])
        standings = computed.standings.get(name, {}).get(person, {})
        booked = self.booked[key][origin]
        now, before = pairs(standings, origin) if is_open else (booked.standings, booked.before)

        def due_of(some: list[Standing], at: int = month) -> Fraction:
            booked_part = (self._since_first(one, standings) for one in some)
            return sum((computed.payable(name, person, one, at) for one in booked_part), ZERO)

        earned = self.earned(standings, origin, plan) if is_open else booked.earned
        if is_open and any(one.clawed for one in (*now, *before)):
            # The window is rounded once, with what events took from it.
            taken = sum((one for (at, _), (one, _) in self._taken(key, month, computed).items() if at == origin), ZERO)
            earned = self._rounded_net(now, plan) - self._rounded_net(before, plan) + taken
        due = due_of(now) - due_of(before)
        is_all = all(computed.is_all_payable(name, person, one, month) for one in (*now, *before))
        paid = earned if is_all else self.round(due, plan)
        gone = any(computed.is_gone(deal_id) for one in booked.standings for deal_id in one.by_deal)
        if not is_open and gone and computed.follows_money(name):
            # Nobody is invoiced for a deal that is gone: of it stands what was paid, beside it the others go on.
            until = due_of(now, month - 1) - due_of(before, month - 1)
            paid = booked.paid + self.round(due, plan) - self.round(until, plan)
        change, paying = earned - booked.earned, paid - booked.paid
        held = ZERO
        if name in computed.timed and (change or origin == month):
            held = change - self.round(due - due_of(booked.standings) + due_of(booked.before), plan)
            if gone or (change and origin < month):
                row.unclear = frozenset({"held", "released"})
        kind = "earned" if origin == month else "adjustment"
        setattr(row, kind, getattr(row, kind) + change)
        self._note(row, key, origin, month, held, paying - change + held)
        self.ledger[month, origin, key, kind, ""] += change
        booked.earned, booked.paid, booked.standings, booked.before = earned, paid, now, before

    def _since_first(self, one: Standing, standings: dict[int, dict[str, Standing]]) -> Standing:
        """The standing less what its window had earned before the first period, which is not booked."""
        earlier = standings.get(self.first - 1, {}).values()
        base = next((other for other in earlier if other.window == one.window), None)
        return one.less(base) if base else one

    def _note(self, row: Row, key: Key, origin: int, month: int, held: Fraction, released: Fraction) -> None:
        row.held += held
        row.released += released
        self.ledger[month, origin, key, "hold", ""] -= held
        self.ledger[month, origin, key, "release", ""] += released

    def _claw_back(self, key: Key, month: int, computed: Computed, row: Row) -> None:
        """Takes back what events up to the month lost; the part still held is released and taken at once."""
        for (origin, deal_id), (taken, paid) in self._taken(key, month, computed).items():
            if max(self.first, month - self.world.retro_window) <= origin <= month:
                share = computed.deal_share((key[1], key[2]), deal_id, month)
                self._take(key, origin, month, deal_id, (taken, paid, share), row)

    def _taken(self, key: Key, month: int, computed: Computed) -> dict[tuple[int, str], tuple[Fraction, Fraction]]:
        """(origin, deal) → what events take back, and what of it had been paid; rounded cumulatively per deal."""
        plan, name = key[1], (key[1], key[2])
        before: dict[str, tuple[Fraction, Fraction]] = {}
        now = {(claw.origin, claw.deal_id): claw.amount for claw in computed.claws(name, key[0], month)}
        earlier = {(origin, deal) for origin, booked in self.booked[key].items() for deal in booked.clawed}
        found = {}
        for origin, deal_id in sorted({*now, *earlier}):
            amount = now.get((origin, deal_id), ZERO)
            due = amount * computed.deal_share(name, deal_id, month)
            so_far = before.get(deal_id, (ZERO, ZERO))
            if (origin, deal_id) in now:
                before[deal_id] = (self.round(amount, plan), self.round(due, plan))
            reached = before.get(deal_id, so_far)
            found[origin, deal_id] = (reached[0] - so_far[0], reached[1] - so_far[1])
        return found

    def _take(
        self, key: Key, origin: int, month: int, deal_id: str, take: tuple[Fraction, Fraction, Fraction], row: Row
    ) -> None:
        """Books the change of what is taken back: as a clawback what is more than was ever booked as one, the rest as
        an adjustment, which waits like any other. `take`: what is taken, what of it was paid, the share payable now."""
        taken, paid, share = take
        booked = self.booked[key][origin]
        change = taken - booked.clawed[deal_id]
        paying = booked.clawed_paid[deal_id] - paid
        ever = -sum(
            (self.ledger.get((at, origin, key, "clawback", deal_id), ZERO) for at in range(origin, month)), ZERO
        )
        more = max(taken - ever, ZERO)
        row.clawed_back += more
        self.ledger[month, origin, key, "clawback", deal_id] -= more
        kind = "earned" if origin == month else "adjustment"
        given = more - change
        setattr(row, kind, getattr(row, kind) + given)
        self.ledger[month, origin, key, kind, ""] += given
        held = given - self.round(given * share, key[1])
        if given and ZERO < share < ONE:
            row.unclear = frozenset({"held", "released"})
        self._note(row, key, origin, month, held, paying + change + held)
        booked.clawed[deal_id], booked.clawed_paid[deal_id] = taken, paid


def pairs(standings: dict[int, dict[str, Standing]], month: int) -> tuple[list[Standing], list[Standing]]:
    """The standings of a month, and those of the month before in the same windows."""
    now = standings.get(month, {})
    earlier = standings.get(month - 1, {})
    before = [earlier[version] for version, one in now.items() if month - 1 in one.window and version in earlier]
    return list(now.values()), before
