"""How amounts are written: grouped, with the decimals of their currency, and products that come out as printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from attain.company import minor_units

NONE = "–"
# Amounts and factors are published to six places; factors are computed to ten.
_PUBLISHED, _COMPUTED = 6, 10


def money(amount: Decimal, currency: str) -> str:
    """Grouped, with the currency's decimals, and with more where the exact amount has them."""
    places = max(minor_units(currency), -int(amount.normalize().as_tuple().exponent), 0)
    return f"{amount:,.{places}f}"


def parts_of_pay(amounts: Sequence[Decimal], currency: str) -> str:
    """What a payable amount is made of, in words.

    `amounts` begin with gross earned, adjustments, draws, deductions; the last two are told where there are any.
    """
    earned, adjustments, draws, deductions = (money(amount, currency) for amount in amounts[:4])
    told = [f"earned {earned}", f"adjustments {adjustments}"]
    told += [f"draws {draws}"] if amounts[2] else []
    told += [f"deductions {deductions}"] if amounts[3] else []
    return ", ".join(told)


def mean(total: Decimal, count: int, currency: str) -> str:
    """The amount of one of `count` that come to `total`, rounded to the currency's decimals."""
    return money(_rounded(total / count, minor_units(currency)), currency)


def number(value: Decimal | None) -> str:
    """Grouped, without trailing zeros."""
    return NONE if value is None else f"{value.normalize():,f}"


def formula(basis: Decimal, factor: Decimal, amount: Decimal, currency: str) -> str:
    """`basis × factor` whose product is `amount`, with as many places of the factor as that takes.

    What takes away has the basis with a minus. Where the product is another than `amount` (it was limited, or rounded
    by itself) the product is told as well: `basis × factor = product`.
    """
    signed = -basis if basis * factor * amount < 0 else basis
    shown = factor_of(signed, factor, amount)
    if shown is not None:
        return f"{money(signed, currency)} × {number(shown)}"
    return f"{money(signed, currency)} × {number(factor)} = {money(_rounded(signed * factor, _PUBLISHED), currency)}"


def is_product(basis: Decimal, factor: Decimal, amount: Decimal) -> bool:
    """Whether `amount` is basis × factor, or that taken away, with the factor as it was computed."""
    return any(factor_of(signed, factor, amount) is not None for signed in (basis, -basis))


def factor_of(basis: Decimal, factor: Decimal, amount: Decimal) -> Decimal | None:
    """Of the factors published as `factor` the one of the fewest places that gives the amount; None without one."""
    if _rounded(basis * factor, _PUBLISHED) == amount:
        return factor
    if not basis:
        return None
    for places in range(_PUBLISHED + 1, _COMPUTED + 1):
        finer = _rounded(amount / basis, places)
        if _rounded(finer, _PUBLISHED) == factor and _rounded(basis * finer, _PUBLISHED) == amount:
            return finer
    return None


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
