"""How amounts are written: grouped, with the decimals of their currency, and products that come out as printed."""

from __future__ import annotations

from decimal import Decimal

from attain.company import minor_units

NONE = "–"


def money(amount: Decimal, currency: str) -> str:
    """Grouped, with the currency's decimals, and with more where the exact amount has them."""
    places = max(minor_units(currency), -int(amount.normalize().as_tuple().exponent), 0)
    return f"{amount:,.{places}f}"


def number(value: Decimal | None) -> str:
    """Grouped, without trailing zeros."""
    return NONE if value is None else f"{value.normalize():,f}"
