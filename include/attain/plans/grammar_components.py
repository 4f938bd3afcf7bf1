"""The grammar of the component types: ten ways to pay (or to honour) people (plan-spec, "Components")."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field

from attain.plans.grammar_base import (
    AfterClose,
    Amount,
    Block,
    Cap,
    Count,
    Curve,
    Exact,
    Id,
    Items,
    KpiRef,
    Mapping,
    Minimum,
    Money,
    Name,
    PeriodKind,
    Ratio,
    Scope,
    Share,
    TargetPay,
    Where,
    Word,
)
from attain.plans.grammar_modifiers import Clawback, Credit, Gate, Multiplier, Pay, Rates
from attain.yamlfile import Day, Flag, Whole


def _is_level(value: int) -> int:
    if value < 1:
        raise ValueError(f"{value} is not a level; 1 is the direct manager, 2 the manager above")
    return value


Level = Annotated[Whole, AfterValidator(_is_level)]


class Part(Block):
    """What every component has."""

    id: Id
    name: Name | None = None
    type: str


class MoneyPart(Part):
    """What every component that pays money may carry, except draw and deduction."""

    where: Where | None = None
    gate: Gate | None = None
    multiplier: Multiplier | None = None
    minimum: Minimum | None = None
    cap: Cap | None = None
    target_pay: TargetPay | None = None
    pay: Pay = Pay()


class Commission(MoneyPart):
    """Rates on credited money, units or deals."""

    type: Literal["commission"]
    measure: Word
    credit: Credit = Credit()
    accumulate: Literal["transaction", "month", "quarter", "year"]
    rates: Rates
    clawback: Clawback | None = None


class Payout(Block):
    """What the payout curve of a bonus reads: the score, a KPI's attainment, or a KPI's value."""

    on: Literal["score", "attainment", "kpi"]
    kpi: Word | None = None
    variant: Word | None = None
    of: Word | None = None
    scope: Scope | None = None
    curve: Curve | None = None


class Bonus(MoneyPart):
    """A target amount times a payout curve."""

    type: Literal["bonus"]
    target_pay: TargetPay
    period: PeriodKind | None = None
    scope: Scope | None = None
    payout: Payout


class Axis(KpiRef):
    """One side of a payout matrix: the KPI and the values its rows or columns begin at."""

    from_: Items[Exact] = Field(alias="from")


class Matrix(MoneyPart):
    """Two measures looked up in a table of payout factors."""

    type: Literal["matrix"]
    period: PeriodKind
    rows: Axis
    columns: Axis
    payout: Items[Items[Ratio]]
    lookup: Literal["floor", "linear"]
    target_pay: TargetPay


class Spiff(MoneyPart):
    """A fixed amount per qualifying deal or unit."""

    type: Literal["spiff"]
    amount: Money
    per: Literal["deal", "unit"]
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    limit: Count | None = None
    credit: Credit = Credit()
    clawback: Clawback | None = None


class Contest(MoneyPart):
    """Prizes by rank; ties share."""

    type: Literal["contest"]
    kpi: Word
    variant: Word | None = None
    of: Word | None = None
    scope: Scope = "own"
    period: PeriodKind
    prizes: Items[Money]
    within: Literal["team", "role", "company"]
    minimum_value: Exact | None = None
    after_close: AfterClose = "frozen"


class PoolAmount(Block):
    """The money of a pool: an amount, or a rate on a measure of the team."""

    short: ClassVar[str | None] = "amount"
    amount: Money | None = None
    rate: Ratio | None = None
    of: Word | None = None


class Pool(MoneyPart):
    """A team's amount shared out among its people."""

    type: Literal["pool"]
    period: PeriodKind
    amount: PoolAmount
    share_by: Literal["score", "equal", "salary", "attainment"]
    kpi: Word | None = None
    within: Literal["team", "role", "company"]
    after_close: AfterClose = "frozen"


class Override(MoneyPart):
    """Managers paid on the credits or earnings of the people below them."""

    type: Literal["override"]
    of: Items[Word]
    base: Literal["credits", "earnings"]
    levels: Mapping[Level, Ratio]
    subtract_lower: Flag = False
    clawback: Clawback | None = None


class Draw(Part):
    """An advance on pay."""

    type: Literal["draw"]
    amount: Money
    period: Literal["month"] = "month"
    recoverable: Flag
    forgive: Literal["never", "year_end"] = "never"
    of: Items[Word] | None = None
    on_leave: Literal["report", "charge"] = "report"


class When(Block):
    """The condition of a deduction or an award: one of these grades, or a KPI's value."""

    grade: Items[Word] | None = None
    kpi: Word | None = None
    variant: Word | None = None
    of: Word | None = None
    scope: Scope = "own"
    at_least: Exact | None = None
    at_most: Exact | None = None


class Deduction(Part):
    """A penalty: an amount, or a share of the period's positive earnings."""

    type: Literal["deduction"]
    amount: Money | None = None
    share: Share | None = None
    of: Items[Word] | None = None
    when: When
    period: PeriodKind | None = None
    floor: Amount = Decimal(0)


class Award(Part):
    """An honour or points; no money."""

    type: Literal["award"]
    title: Name
    points: Money | None = None
    when: When | None = None
    top: Count | None = None
    kpi: Word | None = None
    variant: Word | None = None
    of: Word | None = None
    within: Literal["team", "role", "company"] = "company"
    period: PeriodKind | None = None


TYPES: dict[str, type[Part]] = {
    "commission": Commission,
    "bonus": Bonus,
    "matrix": Matrix,
    "spiff": Spiff,
    "contest": Contest,
    "pool": Pool,
    "override": Override,
    "draw": Draw,
    "deduction": Deduction,
    "award": Award,
}


def _typed(value: Any) -> Any:
    """A component of a known type, said in a sentence (a discriminator alone names no file key)."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a block with an id, a type ({', '.join(TYPES)}) and the keys of that type")
    if value.get("type") not in TYPES:
        written = f"{value['type']!r} is not a type" if value.get("type") else "type is missing"
        raise ValueError(f"{written}; it must be one of {', '.join(TYPES)}")
    return value


Component = Annotated[
    Annotated[
        Commission | Bonus | Matrix | Spiff | Contest | Pool | Override | Draw | Deduction | Award,
        Discriminator("type"),
    ],
    BeforeValidator(_typed),
]
