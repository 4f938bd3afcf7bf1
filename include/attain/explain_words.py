"""The words of `attain explain` in both languages; what statements say as well is taken from their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attain.explain_reasons import reason
from attain.publish.statement_words import Words

_WORDS: Final = {
    "earned_in": ("earned in", "本期应计"),
    "correction": ("correction of", "更正"),
    "of": ("of", "归属"),
    "credit": ("credit", "计入"),
    "credit_now": ("now credited with", "现计入"),
    "from": ("from", "来自"),
    "not_paid_yet": ("as much of what is taken back had not been paid out", "被追回的部分中，这么多尚未发放"),
    "cancelled": ("cancelled {day}", "{day} 取消"),
    "refunded": ("refund {id} of {day}", "{day} 退款 {id}"),
    "credited_back": ("credit note {id} of {day}", "{day} 贷项通知单 {id}"),
    "status": ("status", "状态"),
    "formula": ("value ÷ target = attainment; points × weight", "值 ÷ 目标 = 达成率；得分 × 权重"),
    "results": ("Results", "业绩结果"),
    "multiplier": ("multiplier", "系数"),
    "gate": ("gate", "门槛"),
    "minimum": ("minimum", "保底"),
    "cap": ("cap", "封顶"),
    "rounding": ("rounding", "尾差"),
    "set": ("Set", "发布版本"),
    "tier": ("tier from", "档位起点"),
    "nothing": ("no lines: nothing was earned", "无明细：本期没有应计"),
    "row": ("row {row}", "第 {row} 行"),
    "rate": ("rate of exchange", "汇率"),
    "open_question": ("open question", "待答复的疑问"),
    "line": ("line", "行号"),
    "otherwise": ("otherwise", "否则为"),
    "rounded": ("rounded to", "舍入为"),
    "limited": ("limited to", "限额后为"),
    "differs": (
        "booked {booked}; today's data give {today}: the difference is an adjustment of a later month or lies beyond "
        "the retro window",
        "已入账 {booked}，按现有数据为 {today}：差额已在以后月份调整，或超出追溯期",
    ),
}
# Parts of a payout that statements call otherwise in their tables.
_PARTS: Final = {"drawn": "drawn_amount"}


class Telling:
    """What `attain explain` says in one language: `en` or `zh-CN`; `kpis` are the names of KPIs in it."""

    def __init__(self, language: str, kpis: Mapping[str, str]) -> None:
        self.statement, self.kpis = Words(language), kpis
        self.is_chinese = bool(self.statement.at)

    def __call__(self, key: str, **values: str) -> str:
        """The word or sentence for `key`, its fields filled. Raises KeyError for one that does not exist."""
        if key in _WORDS:
            return _WORDS[key][self.statement.at].format(**values)
        return self.statement(_PARTS.get(key, key)).lower()

    def reason(self, why: str) -> str:
        """Why a line is there, in the reader's language."""
        return reason(why, self.is_chinese, self.kpis)

    def noted(self, *notes: str) -> str:
        """Notes behind a line, in parentheses; nothing when there are none."""
        told = "; ".join(note for note in notes if note)
        return f"   ({told})" if told else ""
