"""The sheets of the commission workbook: which rows they show and how their columns are called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A column by its name in the query, its headers and what it holds."""

    name: str
    en: str
    zh: str
    kind: Literal["text", "money", "status"] = "text"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name in both languages, its rows (parameter `period`) and its columns."""

    en: str
    zh: str
    query: str
    columns: tuple[Column, ...]

    @cached_property
    def currency_at(self) -> int:
        """Where in a row its currency stands."""
        return [column.name for column in self.columns].index("currency")


_PERSON = (Column("participant_id", "Participant", "人员编号"), Column("name", "Name", "姓名"))
_CURRENCY = Column("currency", "Currency", "币种")
_STATUS = Column("status", "Status", "状态", "status")


def _money(name: str, en: str, zh: str) -> Column:
    return Column(name, en, zh, "money")


TABLE = Sheet(
    "Commission",
    "提成表",
    "select * from marts.commission_table where period = $period order by participant_id, currency",
    (
        *_PERSON,
        Column("team", "Team", "团队"),
        _money("gross_earned", "Earned", "应计"),
        _money("adjustments", "Adjustments", "调整"),
        _money("draws", "Draws", "预支"),
        _money("deductions", "Deductions", "扣款"),
        _money("payable", "Payable", "应付"),
        _CURRENCY,
        _STATUS,
    ),
)

# Names stand in the commission table; a payout of somebody who is not in it still shows.
_WITH_NAMES = (
    "left join (select participant_id, period, currency, name from marts.commission_table) "
    "using (participant_id, period, currency)"
)

COMPONENTS = Sheet(
    "Components",
    "组成明细",
    f"select * from marts.payouts {_WITH_NAMES} where period = $period order by participant_id, plan, component",
    (
        *_PERSON,
        Column("plan", "Plan", "方案"),
        Column("component", "Component", "组成项"),
        _money("earned", "Earned", "应计"),
        _money("adjustment", "Adjustment", "调整"),
        _money("held", "Held", "待发"),
        _money("released", "Released", "发放"),
        _money("clawed_back", "Clawed back", "追回"),
        _money("drawn", "Drawn", "预支"),
        _money("recovered", "Recovered", "扣还"),
        _money("payable", "Payable", "应付"),
        _money("balance_owed", "Balance owed", "预支余额"),
        _CURRENCY,
        _STATUS,
        Column("plan_version", "Plan version", "方案版本"),
    ),
)

# A closed period's adjustments are in the ledger with the period they go back to; before, in what a close would book.
ADJUSTMENTS = Sheet(
    "Adjustments",
    "调整明细",
    """
    with entries as (
        select booked_period, participant_id, plan, component, origin_period, kind, amount, currency from marts.ledger
        where booked_period = $period
        union all
        select booked_period, participant_id, plan, component, origin_period, kind, amount, currency
        from settlement.close_entries
        where booked_period = $period and not exists (select 1 from marts.ledger where booked_period = $period)
    )
    select entries.* exclude (booked_period), people.name
    from entries
    left join marts.commission_table as people
        on
            people.participant_id = entries.participant_id
            and people.period = entries.booked_period
            and people.currency = entries.currency
    where entries.kind in ('adjustment', 'clawback')
    order by entries.participant_id, plan, component, origin_period, kind, amount
    """,
    (
        *_PERSON,
        Column("plan", "Plan", "方案"),
        Column("component", "Component", "组成项"),
        Column("origin_period", "For period", "所属期间"),
        Column("kind", "Kind", "类型", "status"),
        _money("amount", "Amount", "金额"),
        _CURRENCY,
    ),
)
