"""The grammar of a plan file as pydantic models: its keys, types and allowed words (plan-spec)."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from attain.company import CURRENCIES
from attain.plans.grammar_base import Block, Id, Items, Mapping, Name, Rate, Word, listing
from attain.plans.grammar_components import Component
from attain.plans.grammar_scorecard import Scorecard
from attain.yamlfile import Day


def _is_currency(value: str) -> str:
    if value not in CURRENCIES:
        raise ValueError(f"{value!r} is not an ISO 4217 currency code such as CNY or USD")
    return value


Currency = Annotated[Word, AfterValidator(_is_currency)]


class Assignment(Block):
    """Whom a plan is for: exactly one of a role, a team, a participant."""

    role: Word | None = None
    team: Word | None = None
    participant: Word | None = None

    @property
    def member(self) -> tuple[str, str]:
        """The level written and the id on it, such as ('role', 'ae')."""
        pairs = {"role": self.role, "team": self.team, "participant": self.participant}
        return next((level, member) for level, member in pairs.items() if member is not None)


class Proration(Block):
    """How targets and pay are cut to the days a person was there."""

    by: Literal["calendar_days", "work_days", "months", "none"] = "calendar_days"
    start_day: Literal["inclusive", "exclusive"] = "inclusive"
    absences: Annotated[tuple[Word, ...], listing("[parental, unpaid]")] = ()


class Fx(Block):
    """Which exchange rate turns a transaction into the plan's currency."""

    rate: Literal["transaction_date", "period_average", "plan"] = "transaction_date"
    plan_rates: Mapping[Currency, Rate] | None = None


class Terms(Block):
    """The terms of one plan version as written."""

    plan: Id
    name: Name | None = None
    effective_from: Day
    effective_to: Day | None = None
    currency: Currency | None = None
    assign: Annotated[tuple[Assignment, ...], listing("[{role: ae}]")] = Field(default=())
    proration: Proration = Proration()
    fx: Fx = Fx()
    scorecard: Scorecard | None = None
    components: Items[Component] = ()

    @property
    def version_id(self) -> str:
        """`<plan>@<effective_from>`: one version of one plan."""
        return f"{self.plan}@{self.effective_from.isoformat()}"

    def fingerprint(self) -> str:
        """SHA-256 over the meaning: equal whatever the layout, comments or defaults written out."""
        content = self.model_dump(mode="python", by_alias=True, exclude_defaults=True)
        text = json.dumps(_canonical(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if value is None or isinstance(value, str | bool):
        return value
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return str(value)
