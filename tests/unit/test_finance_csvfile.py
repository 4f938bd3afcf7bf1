"""CSV files for payroll and the general ledger."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from attain.errors import Corrupt
from attain.finance.csvfile import amount, file_part, write_csv


def test_text_that_looks_like_a_formula_is_text_and_negative_money_is_money(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "x.csv", ["name", "paid"], [["=1+1", Decimal("-3.50")], ["-x, y", Decimal("1E+3")], [None, "李"]]
    )
    assert (tmp_path / "x.csv").read_bytes() == "name,paid\r\n'=1+1,-3.50\r\n\"'-x, y\",1000\r\n,李\r\n".encode()


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        ("12.500000", "CNY", "12.50"),
        ("12.000000", "JPY", "12"),
        ("1.234000", "KWD", "1.234"),
        ("-0.010000", "USD", "-0.01"),
    ],
)
def test_money_has_exactly_the_decimals_of_its_currency(value: str, currency: str, shown: str) -> None:
    assert str(amount(Decimal(value), currency)) == shown


def test_money_that_cannot_be_paid_is_refused() -> None:
    with pytest.raises(Corrupt, match=r"0\.005 CNY is not payable"):
        amount(Decimal("0.005"), "CNY")


def test_a_group_of_any_script_names_a_file() -> None:
    assert [file_part(text) for text in ("华东 / 一组", "a..b", "///")] == ["华东-一组", "a-b", "none"]
