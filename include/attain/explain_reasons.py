"""Why an earning or credit line is there: the reasons of the models in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from attain.amounts import number

_DECIMAL = re.compile(r"-?\d+\.\d+")

# The models write English. Groups named `what` are measures, `over` ranges of a gate, `of` reasons of their own.
_CHINESE: Final = [
    (re.compile(english), chinese)
    for english, chinese in (
        (r"(?P<of>.+), of what (?P<month>\S+) earned", "{of}，以 {month} 应计额为基数"),
        (r"owner of the deal", "商机负责人"),
        (r"owner of the deal or account", "商机或客户负责人"),
        (r"owner, split share (?P<share>\S+)", "负责人，分成比例 {share}"),
        (r"deal of somebody below, as of its date", "下级的商机，以商机日期为准"),
        (r"named on the deal as (?P<role>.+)", "在商机中担任 {role}"),
        (r"value of (?P<what>\S+) in the month", "本月{what}"),
        (r"taken back at the current rate", "按现行费率追回"),
        (r"takes back what (?P<month>\S+) earned", "追回 {month} 应计的部分"),
        (r"rounded once per deal taken back", "每笔追回只舍入一次"),
        (r"rounded once per participant, component and period", "每人、每项、每期只舍入一次"),
        (r"raised to the minimum", "补足保底"),
        (r"cut at the cap", "受封顶限制"),
        (r"multiplied by (?P<of>.+)", "乘以系数，依据{of}"),
        (
            r"gate closed: (?P<what>\S+) (?P<sign>[<>]) (?P<limit>\S+) \((?P<over>\w+)\)",
            "未达门槛：{what} {sign} {limit}（{over}）",
        ),
        (r"gate open again", "门槛已重新达到"),
        (r"a KPI of the matrix has no data: nothing is paid until it has", "矩阵的指标暂无数据，有数据后再计发"),
        (r"the KPI of the contest has no data", "竞赛指标暂无数据"),
        (r"(?P<what>\w+) has no data: nothing is paid until it has", "{what}暂无数据，有数据后再计发"),
        (r"(?P<what>\w+) has no data: no share of the pool until it has", "{what}暂无数据，有数据后再分配"),
        (r"nobody has a share of the pool", "无人参与奖金池分配"),
        (r"pool × (?P<what>\w+) (?P<part>\S+) ÷ (?P<whole>\S+)", "奖金池 × {what} {part} ÷ {whole}"),
        (
            r"target pay × payout at row (?P<row>\S+), column (?P<column>\S+)",
            "目标奖金 × 兑现系数，行 {row}，列 {column}",
        ),
        (r"target pay × payout at (?P<of>.+)", "目标奖金 × 兑现系数，依据{of}"),
        (r"not qualified at (?P<value>\S+)", "未达参赛标准：{value}"),
        (
            r"place (?P<place>\d+) at (?P<value>\S+), shared by (?P<tied>\d+)",
            "第 {place} 名，成绩 {value}，{tied} 人并列",
        ),
        (r"place (?P<place>\d+) at (?P<value>\S+)", "第 {place} 名，成绩 {value}"),
        (r"deal (?P<at>\d+), at most (?P<most>\S+) are paid", "第 {at} 单，最多计 {most} 单"),
        (r"deal (?P<at>\d+)", "第 {at} 单"),
        (r"units up to (?P<at>\S+), at most (?P<most>\S+) are paid", "累计 {at} 件，最多计 {most} 件"),
        (r"units up to (?P<at>\S+)", "累计 {at} 件"),
        (r"level (?P<level>\d+) above (?P<who>.+)", "{who} 的第 {level} 级上级"),
        (r"not due: (?P<of>.+)", "未触发：{of}"),
        (r"grade not known yet", "等级待定"),
        (r"(?P<what>\w+) not known yet", "{what}待定"),
        (r"grade (?P<grade>\S+)", "等级 {grade}"),
        (r"(?P<what>\w+) (?P<sign>[<>]) (?P<limit>\S+)", "{what} {sign} {limit}"),
        (r"(?P<what>\w+) (?P<value>–|-?[\d.,]+)", "{what} {value}"),
    )
]
_MEASURES: Final = {
    "score": "评分",
    "attainment": "达成率",
    "kpi": "指标",
    "salary": "工资",
    "equal": "均分",
    "grade": "等级",
    "component": "组成项",
}
_RANGES: Final = {"period": "本期", "year_to_date": "年初至今", "full_year": "全年"}


def figures(text: str) -> str:
    """The text with its decimals grouped and without trailing zeros."""
    return _DECIMAL.sub(lambda found: number(Decimal(found[0])), text)


def reason(why: str, is_chinese: bool, kpis: Mapping[str, str]) -> str:
    """A reason of the models for its reader; `kpis` are the names of KPIs. One it does not know stays as it is."""
    told = figures(why)
    return _in_chinese(told, kpis) if is_chinese else told


def _in_chinese(why: str, kpis: Mapping[str, str]) -> str:
    for english, chinese in _CHINESE:
        found = english.fullmatch(why)
        if found:
            return chinese.format(**{name: _part(name, text, kpis) for name, text in found.groupdict().items()})
    return why


def _part(name: str, text: str, kpis: Mapping[str, str]) -> str:
    if name == "of":
        return _in_chinese(text, kpis)
    if name == "what":
        return _MEASURES.get(text) or kpis.get(text, text)
    return _RANGES.get(text, text) if name == "over" else text
