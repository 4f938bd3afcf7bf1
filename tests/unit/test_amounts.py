"""How amounts are written: in the decimals of their currency, and so that a printed product comes out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from attain.amounts import formula, is_product, money

D = Decimal


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234.5", "EUR", "1,234.50"),
        ("120000.000000", "JPY", "120,000"),
        ("1.5", "KWD", "1.500"),
        ("0.004", "EUR", "0.004"),
        ("-3", "CNY", "-3.00"),
    ],
)
def test_money_has_the_decimals_of_its_currency_and_those_it_needs(amount: str, currency: str, shown: str) -> None:
    assert money(D(amount), currency) == shown


@pytest.mark.parametrize(
    ("basis", "factor", "amount", "shown"),
    [
        ("1000", "0.05", "50", "1,000.00 × 0.05"),
        # The factor is 1.0011111667; published it has six places.
        ("150000", "1.001111", "150166.675005", "150,000.00 × 1.0011111667"),
        ("100", "0.333333", "33.333333", "100.00 × 0.33333333"),
        ("100000", "0.333333", "33333.33333", "100,000.00 × 0.3333333333"),
        ("-150000", "1.001111", "-150166.675005", "-150,000.00 × 1.0011111667"),
        # A deduction takes a share.
        ("39750", "0.1", "-3975", "-39,750.00 × 0.1"),
        # Limited, and rounded by itself.
        ("39750", "0.1", "-1000", "-39,750.00 × 0.1 = -3,975.00"),
        ("39750.33", "0.1", "-3975.03", "-39,750.33 × 0.1 = -3,975.033"),
        ("0", "0.1", "0", "0.00 × 0.1"),
    ],
)
def test_a_printed_factor_gives_the_printed_amount(basis: str, factor: str, amount: str, shown: str) -> None:
    assert formula(D(basis), D(factor), D(amount), "EUR") == shown
    assert is_product(D(basis), D(factor), D(amount)) == ("=" not in shown)
