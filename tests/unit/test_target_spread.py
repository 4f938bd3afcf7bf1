"""How a company spreads its targets over the months: twelve shares in company.yml."""

from __future__ import annotations

from typing import Any

import pytest

from attain.company import settings_from
from attain.errors import InputError

COMPANY = {"name": "Acme", "currency": "CNY", "first_period": "2026-01"}


def weights(spread: list[str]) -> list[int]:
    written: dict[str, Any] = {**COMPANY, "targets": {"spread": spread}}
    return settings_from(written).targets.weights()


def test_without_a_word_all_months_weigh_alike() -> None:
    assert settings_from(COMPANY).targets.weights() == [1] * 12


def test_shares_become_whole_weights_without_a_common_factor() -> None:
    assert weights(["0.05", "0.05", "0.10"] * 3 + ["0.1", "0.1", "0.2"]) == [1, 1, 2, 1, 1, 2, 1, 1, 2, 2, 2, 4]
    assert weights(["0.083333"] * 8 + ["0.083334"] * 4) == [83333] * 8 + [83334] * 4


@pytest.mark.parametrize(
    ("spread", "sentence"),
    [
        (["0.5", "0.5"], "there are 2 shares; write twelve, one for each month of the fiscal year"),
        (["0.1"] * 12, "the shares sum to 1.2; they must sum to exactly 1"),
        (["-0.1", "0.2", *["0.09"] * 10], "-0.1 is no share"),
        (["0.0833333", *["0.08"] * 11], "at most six decimal places"),
    ],
)
def test_what_is_no_spread_is_refused_with_a_sentence(spread: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        weights(spread)
