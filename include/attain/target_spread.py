"""The `targets:` block of company.yml: how a target for a quarter or year spreads over its months."""

from __future__ import annotations

import math
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from attain.yamlfile import Number

_PLACES = 6


class TargetSettings(BaseModel):
    """How targets spread.

    `spread`: the shares of the twelve months of the fiscal year, its first month first; empty: evenly.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    spread: list[Number] = Field(default_factory=list)

    @field_validator("spread")
    @classmethod
    def _are_shares(cls, value: list[Decimal]) -> list[Decimal]:
        if not value:
            return value
        if len(value) != 12:
            raise ValueError(f"there are {len(value)} shares; write twelve, one for each month of the fiscal year")
        if wrong := [share for share in value if share < 0 or share != round(share, _PLACES)]:
            raise ValueError(f"{wrong[0]} is no share; write fractions from 0 to 1 with at most six decimal places")
        if sum(value) != 1:
            raise ValueError(f"the shares sum to {sum(value)}; they must sum to exactly 1")
        return value

    def weights(self) -> list[int]:
        """What each month of the fiscal year weighs, in whole numbers without a common factor."""
        whole = [int(share.scaleb(_PLACES)) for share in self.spread] or [1] * 12
        return [weight // math.gcd(*whole) for weight in whole]
