"""The grammar of what money components carry: credit, rates, gate, multiplier, pay timing, clawback."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from attain.plans.grammar_base import (
    Block,
    Cap,
    Curve,
    Days,
    Exact,
    Id,
    Items,
    KpiRef,
    Mapping,
    Money,
    Rate,
    Ratio,
    Share,
    Word,
)
from attain.yamlfile import Flag


class Credit(Block):
    """Which credits a component counts for the person who is paid (plan-spec, "Crediting")."""

    owner: Share = Decimal(1)
    split: Flag = True
    overlay: Mapping[Word, Share] | None = None
    rollup: Literal["none", "manager", "direct"] = "none"


class TierRate(Block):
    """A rate: a number, or personal (`of` a salary component `per` the quota)."""

    short: ClassVar[str | None] = "amount"
    amount: Rate | None = None
    of: Literal["variable_pay", "base_salary", "target_pay"] | None = None
    per: Literal["quota"] | None = None


class Tier(Block):
    """A half-open tier: it begins at `from` and ends where the next one begins."""

    from_: Money = Field(alias="from")
    rate: TierRate | None = None
    multiple_of_base: Ratio | None = None
    retroactive: Flag = False


class Rates(Block):
    """Rates by tier. `on` picks the tier; `quota` is the KPI whose target the measure is compared with."""

    on: Literal["amount", "units", "deals", "attainment"]
    quota: Word | None = None
    mode: Literal["marginal", "whole", "top_rate_on_overage"]
    tiers: Items[Tier]


_NOTHING = "nothing"


def _nothing(value: Any) -> Any:
    if value == _NOTHING:
        return {}
    if isinstance(value, str):
        raise ValueError(
            f"{value!r} is not allowed; it must be nothing, or a block with one of rate_at_most, payout_at_most, factor"
        )
    return value


class Otherwise(Block):
    """What a closed gate leaves of the pay; all empty: nothing."""

    word: ClassVar[str | None] = _NOTHING
    rate_at_most: Rate | None = None
    payout_at_most: Cap | None = None
    factor: Ratio | None = None


class Gate(KpiRef):
    """A condition on a component: closed, `else` applies."""

    at_least: Exact | None = None
    at_most: Exact | None = None
    over: Literal["period", "year_to_date", "full_year"] = "period"
    else_: Annotated[Otherwise, BeforeValidator(_nothing)] = Field(default=Otherwise(), alias="else")


class Multiplier(Block):
    """A factor on the window's earning, by score, grade, attainment of a KPI or of another component."""

    by: Literal["score", "grade", "attainment", "component"]
    curve: Curve | None = None
    factors: Mapping[Word, Ratio] | None = None
    kpi: Word | None = None
    variant: Word | None = None
    of: Word | None = None
    scope: Literal["own", "team", "company"] = "own"
    id: Id | None = None


class Holdback(Block):
    """A share kept back and released so many calendar days later."""

    share: Share
    release_after_days: Days


class Instalment(Block):
    """A share payable so many calendar days after the transaction."""

    after_days: Days
    share: Share


class Pay(Block):
    """When an earning becomes payable (plan-spec, "Pay timing")."""

    when: Literal["booked", "invoiced", "collected"] = "booked"
    holdback: Holdback | None = None
    instalments: Items[Instalment] | None = None
    leavers: Literal["keep", "forfeit"] = "keep"


def _share_or_unexpired(value: Any) -> Any:
    return {"unexpired": "true"} if value == "unexpired" else value


class ClawbackShare(Block):
    """The share taken back: a number, or the unexpired part of the contract's months."""

    short: ClassVar[str | None] = "fixed"
    fixed: Share | None = None
    unexpired: Flag = False


class Clawback(Block):
    """What events after the deal take back (plan-spec, "Corrections, events, clawback")."""

    on: Items[Literal["refund", "cancel", "credit_note"]]
    within_days: Days | None = None
    charge: Literal["original_rate", "current_rate", "recompute_origin"] = "original_rate"
    share: Annotated[ClawbackShare, BeforeValidator(_share_or_unexpired)] = ClawbackShare(fixed=Decimal(1))
