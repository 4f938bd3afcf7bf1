"""Exact numbers: rounding as the plan grammar says it ("Money"), and sharing out without losing a unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

ZERO = Fraction(0)
ONE = Fraction(1)
_NO_MINOR = set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE_MINOR = set("BHD IQD JOD KWD LYD OMR TND".split())


def exact(text: object) -> Fraction:
    """The number written, exactly."""
    return Fraction(Decimal(str(text)))


def rounded(value: Fraction, places: int, half_even: bool = False) -> Fraction:
    """`value` to so many places, halves away from zero (or to the even neighbour)."""
    unit = Fraction(1, 10**places)
    units = value / unit
    whole, rest = divmod(abs(units.numerator), units.denominator)
    twice = 2 * rest
    if twice > units.denominator or (twice == units.denominator and (not half_even or whole % 2 == 1)):
        whole += 1
    return (whole if units >= 0 else -whole) * unit


def money(value: Fraction) -> Fraction:
    """Money as computed: six places."""
    return rounded(value, 6)


def ratio(value: Fraction) -> Fraction:
    """A ratio as computed: ten places."""
    return rounded(value, 10)


def minor_units(currency: str) -> int:
    """How many places money of this currency is paid in."""
    if currency in _NO_MINOR:
        return 0
    return 3 if currency in _THREE_MINOR else 2


def written(value: Fraction) -> str:
    """The number in digits, at most six places, without needless zeros."""
    millionths = rounded(value, 6) * 10**6
    text = f"{Decimal(int(millionths)).scaleb(-6):f}"
    return text.rstrip("0").rstrip(".") or "0"


def shared_out(total: Fraction, shares: Sequence[tuple[str, Fraction]], places: int) -> dict[str, Fraction]:
    """`total` cut by `shares` (id, share; they add up to 1): each part cut towards zero to whole units.

    The units left over go out one each, the largest share first, then the smallest id.
    """
    unit = Fraction(1, 10**places)
    sign = 1 if total >= 0 else -1
    cut = {name: (abs(total) * share / unit).__floor__() * unit for name, share in shares}
    left = int((abs(total) - sum(cut.values(), ZERO)) / unit)
    order = sorted(shares, key=lambda item: (-item[1], item[0]))
    position = 0
    while left > 0 and order:
        cut[order[position % len(order)][0]] += unit
        position += 1
        left -= 1
    return {name: sign * part for name, part in cut.items()}
