"""Closing months: what the data say today minus what was booked before (contracts, "payouts" and "ledger")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.clawback import Booked
from tests.oracle.computed import Computed, Name
from tests.oracle.quantities import ONE, ZERO, minor_units, rounded
from tests.oracle.standing import Standing
from tests.oracle.world import World

# A payout row's participant, plan and component.
Key = tuple[str, str, str]
# A ledger entry: booked period, origin period, key, kind, and for clawbacks the transaction.
Entry = tuple[int, int, Key, str, str]
# Windows at the end of a month, and those of them that went on from the month before at its end.
Windows = tuple[list[Standing], list[Standing]]


@dataclass
class Origin:
    """What was booked of an origin period so far: earned, payable, and what it added to its windows."""

    earned: Fraction = ZERO
    paid: Fraction = ZERO
    clawed: dict[str, Fraction] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    clawed_paid: dict[str, Fraction] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    # By plan version; of deals' own lines also what they were before the multiplier.
    parts: dict[str, Standing] = field(default_factory=dict)
    slices: dict[str, dict[str, Fraction]] = field(default_factory=dict)

    @property
    def deals(self) -> set[str]:
        """The deals that earned in it."""
        return {deal_id for part in self.parts.values() for deal_id, amount in part.by_deal.items() if amount}


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
    # Numbers not compared in this row: how what is given back of a deal that is not wholly paid splits into held and
    # released.
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
            standings = computed.standings.get((key[1], key[2]), {}).get(key[0], {})
            is_frozen = (key[1], key[2]) in computed.frozen
            adjusted = range(month if is_frozen else max(self.first, month - self.world.retro_window), month + 1)
            for origin in range(self.first, month + 1):
                self._book(key, origin, month, computed, row, origin in adjusted)
            # Only now: all origin months are compared with what earlier closes booked.
            for origin in adjusted:
                self.booked[key][origin].parts = parts(standings, origin)
                self.booked[key][origin].slices = slices(standings, origin)
            self._claw_back(key, month, computed, row)

    def _book(self, key: Key, origin: int, month: int, computed: Computed, row: Row, is_open: bool) -> None:
        """Books the change of an origin month; of one that is not open any more only what becomes payable."""
        person, plan, name = key[0], key[1], (key[1], key[2])
        standings = computed.standings.get(name, {}).get(person, {})
        booked = self.booked[key][origin]

        def due_of(windows: Windows, at: int = month) -> Fraction:
            now, before = (sum((computed.payable(name, person, one, at) for one in some), ZERO) for some in windows)
            return now - before

        was_booked = self._booked_windows(key, origin)
        today = self._since_first(standings, origin) if is_open else was_booked
        earned = self.earned(standings, origin, plan) if is_open else booked.earned
        now, before = pairs(standings, origin)
        if is_open and any(one.clawed for one in (*now, *before)):
            # The window is rounded once, with what events took from it.
            taken = sum((one for (at, _), (one, _) in self._taken(key, month, computed).items() if at == origin), ZERO)
            earned = self._rounded_net(now, plan) - self._rounded_net(before, plan) + taken
        due = due_of(today)
        is_all = self._is_all_payable(computed, name, person, today, month)
        paid = earned if is_all else self.round(due, plan)
        gone = any(computed.is_gone(deal_id) for deal_id in booked.deals)
        if not is_open and gone and computed.follows_money(name):
            # Nobody is invoiced for a deal that is gone: of it stands what was paid, beside it the others go on.
            paid = booked.paid + self.round(due, plan) - self.round(due_of(today, month - 1), plan)
        change, paying = earned - booked.earned, paid - booked.paid
        held = ZERO
        if name in computed.timed and (change or origin == month):
            at_once = is_all and self._is_all_payable(computed, name, person, was_booked, month)
            held = ZERO if at_once else change - self.round(due - due_of(was_booked), plan)
        kind = "earned" if origin == month else "adjustment"
        setattr(row, kind, getattr(row, kind) + change)
        self._note(row, key, origin, month, held, paying - change + held)
        self.ledger[month, origin, key, kind, ""] += change
        booked.earned, booked.paid = earned, paid

    def _is_all_payable(self, computed: Computed, name: Name, person: str, windows: Windows, month: int) -> bool:
        return all(computed.is_all_payable(name, person, one, month) for some in windows for one in some)

    def _since_first(self, standings: dict[int, dict[str, Standing]], origin: int) -> Windows:
        """The windows of an origin month less what they had earned before the first period, which is not booked."""
        base = standings.get(self.first - 1, {}).values()

        def less_base(one: Standing) -> Standing:
            found = next((other for other in base if other.window == one.window), None)
            return one.less(found) if found else one

        now, before = pairs(standings, origin)
        return [less_base(one) for one in now], [less_base(one) for one in before]

    def _booked_windows(self, key: Key, origin: int) -> Windows:
        """The windows of an origin month as its own and the months before were booked, each by its newest close."""
        now, before = [], []
        for version, part in self.booked[key][origin].parts.items():
            window = Standing(part.window)
            for month in range(max(self.first, part.window[0]), origin):
                earlier = self.booked[key][month].parts.get(version)
                if earlier:
                    window.join(earlier)
            before.append(window.copy())
            window.join(part)
            now.append(window)
        return now, before

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
        claws = computed.claws(name, key[0], month, self._frozen(key, computed))
        now = {(claw.origin, claw.deal_id): claw.amount for claw in claws}
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

    def _frozen(self, key: Key, computed: Computed) -> dict[str, Booked]:
        """By plan version, what the months that are adjusted no more were booked with."""
        found: dict[str, Booked] = defaultdict(dict)
        versions = {plan["version"] for plan, _ in computed.components()}
        for month in range(self.first, computed.adjustable):
            origin = self.booked[key][month]
            for version in versions:
                part = origin.parts.get(version)
                window = part.window if part else range(month, month + 1)
                found[version][month] = (window, origin.slices.get(version, {}))
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
        if given and share < ONE:
            row.unclear = frozenset({"held", "released"})
        self._note(row, key, origin, month, held, paying + change + held)
        booked.clawed[deal_id], booked.clawed_paid[deal_id] = taken, paid


def pairs(standings: dict[int, dict[str, Standing]], month: int) -> Windows:
    """The standings of a month, and those of the month before in the same windows."""
    now = standings.get(month, {})
    earlier = standings.get(month - 1, {})
    before = [earlier[version] for version, one in now.items() if month - 1 in one.window and version in earlier]
    return list(now.values()), before


def slices(standings: dict[int, dict[str, Standing]], month: int) -> dict[str, dict[str, Fraction]]:
    """What deals' own lines add in a month, by plan version and deal, before the multiplier."""
    earlier = standings.get(month - 1, {})
    return {
        version: one.rated_since(earlier.get(version) if month - 1 in one.window else None)
        for version, one in standings.get(month, {}).items()
    }


def parts(standings: dict[int, dict[str, Standing]], month: int) -> dict[str, Standing]:
    """What a month adds to its windows, by plan version."""
    earlier = standings.get(month - 1, {})
    return {
        version: one.less(earlier[version]) if month - 1 in one.window and version in earlier else one
        for version, one in standings.get(month, {}).items()
    }
