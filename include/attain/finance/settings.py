"""The `finance:` block of company.yml: accounts, how commission cost is spread, who may approve a close."""

from __future__ import annotations

from typing import Annotated, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from attain.yamlfile import Whole

AccountCode = Annotated[str, Field(min_length=1, max_length=40)]


class Accounts(BaseModel):
    """Accounts of the general ledger the journal posts to; without an entry the role's own name is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    commission_expense: AccountCode = "commission_expense"
    accrued_commissions: AccountCode = "accrued_commissions"
    deferred_commissions: AccountCode = "deferred_commissions"


class FinanceSettings(BaseModel):
    """How a company accounts for commissions.

    `life_months`: months over which commission cost is spread for every deal, instead of each deal's own term (the
    expected benefit, renewals included). `expense_up_to_months`: terms up to this are expensed at once.
    `approvers`: who may approve a close; empty: anybody but the preparer. `approval_hours`: after so many hours without
    an answer a close is rejected.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accounts: Accounts = Field(default_factory=Accounts)
    life_months: Annotated[Whole, Field(ge=1, le=600)] | None = None
    expense_up_to_months: Annotated[Whole, Field(ge=0, le=12)] = 12
    pay_group: Literal["company", "role", "team"] = "company"
    approvers: list[str] = Field(default_factory=list)
    approval_hours: Annotated[Whole, Field(ge=1, le=720)] = 72


def finance_tables(settings: FinanceSettings) -> dict[str, pa.Table]:
    """The tables `finance` (one row) and `accounts` (one row per role) of schema inputs."""
    schema = pa.schema(
        [("life_months", pa.int32()), ("expense_up_to_months", pa.int32()), ("pay_group_by", pa.string())]
    )
    row = {
        "life_months": settings.life_months,
        "expense_up_to_months": settings.expense_up_to_months,
        "pay_group_by": settings.pay_group,
    }
    accounts = [{"account_role": role, "account": code} for role, code in settings.accounts.model_dump().items()]
    return {
        "finance": pa.Table.from_pylist([row], schema),
        "accounts": pa.Table.from_pylist(accounts),
    }
