"""The sections of a simulation about one currency: cost, mix, who gains and loses, distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attain.simulation.figures import Change, FixedPay, Money, Pair
from attain.simulation.tables import NONE, Row, Table, change_text, share_text, shown
from attain.simulation.words import Words


class Sections:
    """The tables of one currency."""

    def __init__(self, money: Money, names: Mapping[tuple[str, ...], str], words: Words, people: int) -> None:
        """`names` of components by plan, id and type; a list holds at most so many `people`."""
        self.money, self.names, self.words, self.people = money, names, words, people
        self.sides = (words("in_force"), words("draft"), words("difference"), words("percent"))

    def all(self) -> Iterator[Table]:
        """Every section that has something to say, in reading order."""
        words, money = self.words, self.money
        lines = [Row((month, *self._cells(pair))) for month, pair in money.months]
        total = Row((words("total"), *self._cells(money.total)), "total")
        yield self._table("cost", "about_cost", ("month", *self.sides), [*lines, total])
        parts = [
            Row((words(name), *self._cells(pair)), "total" if name == "payable" else "line")
            for name, pair in money.parts
        ]
        yield self._table("parts", "about_parts", ("", *self.sides), parts)
        yield from self._mix()
        if money.fixed:
            yield self._fixed(money.fixed)
        yield self._list("losers", money.losers)
        yield self._list("winners", money.winners)
        yield self._list("only", [change for change in money.changes if change.only])
        yield from self._spread()

    def _table(self, title: str, about: str, columns: Sequence[str], rows: Sequence[Row], texts: int = 1) -> Table:
        words = self.words
        named = tuple(words(one) if one in ("month", "type", "plan", "component") else one for one in columns)
        return Table(f"{words(title)} ({self.money.currency})", words(about), named, tuple(rows), texts)

    def _cells(self, pair: Pair) -> tuple[str, ...]:
        code = self.money.currency
        amounts = (shown(pair.before, code), shown(pair.after, code), shown(pair.difference, code, sign=True))
        return (*amounts, change_text(pair))

    def _shares(self, pair: Pair) -> tuple[str, ...]:
        total = self.money.total
        return (share_text(pair.before, total.before), share_text(pair.after, total.after))

    def _mix(self) -> Iterator[Table]:
        words = self.words
        sides = (*self.sides, words("share_before"), words("share_after"))
        rows = [Row((words.type(kind), *self._cells(pair), *self._shares(pair))) for (kind,), pair in self.money.types]
        yield self._table("mix", "about_mix", ("type", *sides), rows)
        rows = [
            Row((key[0], self.names.get(key, key[1]), words.type(key[2]), *self._cells(pair), *self._shares(pair)))
            for key, pair in self.money.components
        ]
        yield self._table("components", "about_mix", ("plan", "component", "type", *sides), rows, 3)

    def _fixed(self, fixed: FixedPay) -> Table:
        words = self.words
        salaries = Pair(fixed.fixed, fixed.fixed)
        whole = Pair(fixed.fixed + fixed.variable.before, fixed.fixed + fixed.variable.after)
        rows = [
            Row(
                (
                    words(name),
                    *self._cells(pair),
                    share_text(pair.before, whole.before),
                    share_text(pair.after, whole.after),
                )
            )
            for name, pair in (("fixed", salaries), ("variable", fixed.variable))
        ]
        rows.append(Row((words("total"), *self._cells(whole), "", ""), "total"))
        columns = ("", *self.sides, words("share_before"), words("share_after"))
        title = f"{words('fixed_title')} ({self.money.currency})"
        return Table(title, words("about_fixed", people=fixed.people), columns, tuple(rows))

    def _list(self, title: str, changes: Sequence[Change]) -> Table:
        words = self.words
        rows = []
        for change in changes[: self.people]:
            person = change.person
            name = f"{person.name} ({person.participant})" if person.name != person.participant else person.name
            only = f" · {words(f'only_{change.only}')}" if change.only else ""
            rows.append(Row((name + only, person.team, *self._cells(change.pay))))
        about = words("about_people", shown=len(rows), all=len(changes))
        columns = (words("participant"), words("team"), *self.sides)
        return Table(f"{words(title)} ({self.money.currency})", about, columns, tuple(rows), 2)

    def _spread(self) -> Iterator[Table]:
        words, spread = self.words, self.money.spread
        names = {0: words("minimum"), 50: words("median"), 100: words("maximum")}
        rows = [
            Row((names.get(at, f"{at} %"), *self._cells(pair)[:2], shown(own, self.money.currency, sign=True)))
            for at, pair, own in spread.percentiles
        ]
        heads = (words("of_pay"), words("in_force"), words("draft"), words("own_difference"))
        yield self._table("percentiles", "about_percentiles", heads, rows)
        widest = max((max(one.before, one.after) for one in spread.pay), default=0)
        rows = [
            Row(
                (f"{_edge(one.low)} – {_edge(one.high)}", str(one.before), str(one.after)),
                bars=(_width(one.before, widest), _width(one.after, widest)),
            )
            for one in spread.pay
        ]
        columns = (words("bucket"), words("in_force"), words("draft"))
        yield self._table("pay_buckets", "about_pay_buckets", columns, rows)
        widest = max((count for _, _, count in spread.change), default=0)
        rows = [
            Row((self._change(low, high), str(count)), bars=(_width(count, widest),))
            for low, high, count in spread.change
        ]
        yield self._table("change_buckets", "about_change_buckets", (words("bucket"), words("people")), rows)

    def _change(self, low: Decimal | None, high: Decimal | None) -> str:
        if low == high:
            return self.words("unchanged")
        if low is None:
            return self.words("below", high=_signed(high))
        if high is None:
            return self.words("above", low=_signed(low))
        return f"{_signed(low)} – {_signed(high)}"


def _signed(edge: Decimal | None) -> str:
    return f"{edge:+} %" if edge else "0 %"


def _edge(value: Decimal | None) -> str:
    return NONE if value is None else f"{value.normalize() + 0:,f}"


def _width(count: int, widest: int) -> int:
    return 100 * count // widest if widest else 0
