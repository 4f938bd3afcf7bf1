"""The comparison of two replays: cost, pay mix, winners and losers, distribution, scores; values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from attain.simulation.facts import Payment, Person, Reading, Side
from attain.simulation.spread import PERCENTILES, Bucket, change_buckets, pay_buckets, percent, quantile

_ZERO = Decimal(0)
Key = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """A figure under the plans in force and under the draft."""

    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """The difference in percent of what is in force, to one place; None where that is not above 0."""
        return percent(self.difference, self.before)


@dataclass(frozen=True)
class Change:
    """What a participant is paid under both sides; `only` names the side (`in_force`, `draft`) if one alone pays."""

    person: Person
    pay: Pair
    only: str


@dataclass(frozen=True)
class FixedPay:
    """Fixed pay of the people whose salary is known, and what both sides pay these people beside it."""

    people: int
    fixed: Decimal
    variable: Pair


@dataclass(frozen=True)
class Spread:
    """Percentiles (percent, pay of a participant, change of a participant) and people by bucket."""

    percentiles: tuple[tuple[int, Pair, Decimal], ...]
    pay: tuple[Bucket, ...]
    change: tuple[tuple[Decimal | None, Decimal | None, int], ...]


@dataclass(frozen=True)
class Money:
    """The comparison in one currency.

    `months`, `types` and `components` are paid amounts by key; `parts` are earned, waiting, advanced and payable.
    `changes` are all participants with an amount or a plan, the largest loss first.
    """

    currency: str
    total: Pair
    months: tuple[tuple[str, Pair], ...]
    parts: tuple[tuple[str, Pair], ...]
    types: tuple[tuple[Key, Pair], ...]
    components: tuple[tuple[Key, Pair], ...]
    changes: tuple[Change, ...]
    spread: Spread
    fixed: FixedPay | None

    @property
    def winners(self) -> tuple[Change, ...]:
        """Who is paid more, the largest gain first."""
        return tuple(reversed([change for change in self.changes if change.pay.difference > 0]))

    @property
    def losers(self) -> tuple[Change, ...]:
        """Who is paid less, the largest loss first."""
        return tuple(change for change in self.changes if change.pay.difference < 0)

    @property
    def unchanged(self) -> int:
        """How many are paid the same."""
        return sum(change.pay.difference == 0 for change in self.changes)


@dataclass(frozen=True)
class Means:
    """The mean score of a plan (`measure` empty) or attainment of a measure; None where a side has none."""

    plan: str
    measure: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Comparison:
    """Everything a simulation tells."""

    money: tuple[Money, ...]
    means: tuple[Means, ...]

    @property
    def is_equal(self) -> bool:
        """Whether both sides pay every participant, month and component the same."""
        return not self.means and all(
            pair.difference == 0
            for one in self.money
            for pair in [*(pair for _, pair in (*one.months, *one.components)), *(each.pay for each in one.changes)]
        )


def compare(before: Side, after: Side, months: Sequence[str]) -> Comparison:
    """The comparison of the replay of the plans in force with that of the draft over the same months."""
    people = {one.participant: one for one in (*before.people, *after.people)}
    currencies = sorted({one.currency for one in (*before.payments, *after.payments)})
    return Comparison(
        tuple(_money(currency, before, after, months, people) for currency in currencies),
        tuple(_means(before.readings, after.readings)),
    )


def _money(currency: str, before: Side, after: Side, months: Sequence[str], people: dict[str, Person]) -> Money:
    old = [one for one in before.payments if one.currency == currency]
    new = [one for one in after.payments if one.currency == currency]
    paid = _pairs(old, new, lambda one: (one.period,), lambda one: one.payable)
    changes = _changes(old, new, people)
    return Money(
        currency,
        Pair(sum((one.payable for one in old), _ZERO), sum((one.payable for one in new), _ZERO)),
        tuple((month, paid.get((month,), Pair(_ZERO, _ZERO))) for month in months),
        tuple(_parts(old, new)),
        tuple(sorted(_pairs(old, new, lambda one: (one.type,), lambda one: one.payable).items())),
        tuple(sorted(_pairs(old, new, lambda one: (one.plan, one.component, one.type), lambda o: o.payable).items())),
        changes,
        _spread(changes),
        _fixed(currency, before, changes),
    )


def _pairs(
    old: Iterable[Payment],
    new: Iterable[Payment],
    key: Callable[[Payment], Key],
    value: Callable[[Payment], Decimal],
) -> dict[Key, Pair]:
    sums: list[dict[Key, Decimal]] = [defaultdict(Decimal), defaultdict(Decimal)]
    for side, payments in zip(sums, (old, new), strict=True):
        for one in payments:
            side[key(one)] += value(one)
    return {each: Pair(sums[0].get(each, _ZERO), sums[1].get(each, _ZERO)) for each in {**sums[0], **sums[1]}}


def _parts(old: list[Payment], new: list[Payment]) -> Iterable[tuple[str, Pair]]:
    for name in ("earned", "waiting", "advanced", "payable"):
        yield (
            name,
            Pair(
                sum((getattr(one, name) for one in old), _ZERO),
                sum((getattr(one, name) for one in new), _ZERO),
            ),
        )


def _changes(old: list[Payment], new: list[Payment], people: dict[str, Person]) -> tuple[Change, ...]:
    found = []
    for (who,), pay in _pairs(old, new, lambda one: (one.participant,), lambda one: one.payable).items():
        only = ""
        if (pay.before == 0) != (pay.after == 0):
            only = "draft" if pay.before == 0 else "in_force"
        found.append(Change(people.get(who, Person(who, who, "")), pay, only))
    return tuple(sorted(found, key=lambda one: (one.pay.difference, one.person.participant)))


def _spread(changes: Sequence[Change]) -> Spread:
    before = sorted(one.pay.before for one in changes)
    after = sorted(one.pay.after for one in changes)
    differences = sorted(one.pay.difference for one in changes)
    shares = [share for share in (_exact_percent(one.pay) for one in changes) if share is not None]
    percentiles = (
        (at, Pair(quantile(before, at), quantile(after, at)), quantile(differences, at)) for at in PERCENTILES
    )
    return Spread(tuple(percentiles), tuple(pay_buckets(before, after)), tuple(change_buckets(shares)))


def _exact_percent(pay: Pair) -> Decimal | None:
    """Not rounded: a change of 0.01 percent is a change. None where there is nothing to compare with."""
    if pay.before <= 0:
        return _ZERO if pay.difference == 0 else None
    return pay.difference * 100 / pay.before


def _fixed(currency: str, side: Side, changes: Sequence[Change]) -> FixedPay | None:
    """Salaries are data, so both sides know the same ones."""
    compared = {one.person.participant: one.pay for one in changes}
    own = [one for one in side.salaries if one.currency == currency and one.participant in compared]
    known = {one.participant for one in own}
    if not known:
        return None
    before = sum((compared[who].before for who in known), _ZERO)
    after = sum((compared[who].after for who in known), _ZERO)
    return FixedPay(len(known), sum((one.amount for one in own), _ZERO), Pair(before, after))


def _means(before: Sequence[Reading], after: Sequence[Reading]) -> Iterable[Means]:
    """The means that differ, scores first within a plan."""
    old, new = _averages(before), _averages(after)
    for plan, measure in sorted({**old, **new}):
        one, other = old.get((plan, measure)), new.get((plan, measure))
        if one != other:
            yield Means(plan, measure, one, other)


def _averages(readings: Sequence[Reading]) -> dict[tuple[str, str], Decimal]:
    values: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for one in readings:
        values[one.plan, one.measure].append(one.value)
    return {key: sum(found, _ZERO) / len(found) for key, found in values.items()}
