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
        _money("gross_earned", "Earned", "当期应得"),
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
        _money("earned", "Earned", "当期应得"),
        _money("adjustment", "Adjustment", "调整"),
        _money("held", "Held", "暂扣"),
        _money("released", "Released", "释放"),
        _money("clawed_back", "Clawed back", "追回"),
        _money("drawn", "Drawn", "预支"),
        _money("recovered", "Recovered", "预支扣回"),
        _money("payable", "Payable", "应付"),
        _money("balance_owed", "Still owed", "预支余额"),
        _CURRENCY,
        _STATUS,
        Column("plan_version", "Plan version", "方案版本"),
    ),
)

# A closed period's adjustments are in the ledger with the period they go back to; before the close only their
# sum per component is known.
ADJUSTMENTS = Sheet(
    "Adjustments",
    "调整明细",
    f"""
    with booked as (
        select l.participant_id, l.plan, l.component, l.origin_period, l.kind, l.amount, l.currency, c.name
        from marts.ledger as l
        left join marts.commission_table as c
            on c.participant_id = l.participant_id and c.period = l.booked_period and c.currency = l.currency
        where l.booked_period = $period and l.kind in ('adjustment', 'clawback')
    ),
    open_sums as (
        select participant_id, plan, component, null as origin_period, 'adjustment' as kind,
            adjustment as amount, currency, name
        from marts.payouts {_WITH_NAMES}
        where period = $period and adjustment <> 0
        union all
        select participant_id, plan, component, null, 'clawback', -clawed_back, currency, name
        from marts.payouts {_WITH_NAMES}
        where period = $period and clawed_back <> 0
    )
    select * from booked
    union all
    select * from open_sums where not exists (select 1 from marts.ledger where booked_period = $period)
    order by participant_id, plan, component, origin_period, kind, amount
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
