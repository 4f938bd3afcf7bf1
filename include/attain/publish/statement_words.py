"""The words of a statement in both languages."""

from __future__ import annotations

import re
from typing import Final

# The line of a clawback that computes a window again is the window's key: a period, or a transaction.
_WINDOW = re.compile(r"\d{4}(-\d\d|-Q\d)?|[a-z_]+ .+")

_WORDS: Final = {
    "title": ("Statement", "薪酬对账单"),
    "period": ("Period", "期间"),
    "team": ("Team", "团队"),
    "role": ("Role", "岗位"),
    "as_of": ("Knowledge up to", "数据截至"),
    "set": ("Set", "发布版本"),
    "payable": ("Payable", "应付"),
    "earned": ("Earned", "应计"),
    "settled": ("Adjustments and timing", "调整与发放时间"),
    "draws": ("Draws", "预支"),
    "deductions": ("Deductions", "扣款"),
    "results": ("Targets and results", "目标与业绩"),
    "about_results": (
        "result ÷ target = attainment; points × weight count towards the score",
        "业绩 ÷ 目标 = 达成率；得分 × 权重计入评分",
    ),
    "score": ("Score", "评分"),
    "about_score": ("the sum of weight × points", "各项权重 × 得分之和"),
    "pay": ("Pay", "薪酬明细"),
    "about_pay": ("every amount down to its deal: basis × rate", "每笔金额追溯到单据：基数 × 费率"),
    "adjustments": ("Adjustments of earlier months", "以前月份调整"),
    "about_adjustments": ("what the data say now − what was booked", "按现有数据计算 − 已入账"),
    "timing": ("Held and released", "待发与发放"),
    "about_timing": (
        "earned, but not payable yet; and what was held and is payable now",
        "已计提尚未可付，以及以前待发、本月发放",
    ),
    "drawn": ("Draws and their recovery", "预支与扣还"),
    "about_drawn": ("paid in advance, and what is paid back of it", "预先支付的金额及其扣还"),
    "components": ("By component", "按组成项"),
    "about_components": ("what the total is made of", "合计的构成"),
    "awards": ("Awards", "荣誉"),
    "measure": ("Measure", "指标"),
    "result": ("Result", "业绩"),
    "target": ("Target", "目标"),
    "attainment": ("Attainment", "达成率"),
    "points": ("Points", "得分"),
    "weight": ("Weight", "权重"),
    "grade": ("Grade", "等级"),
    "plan": ("Plan", "方案"),
    "source": ("Source", "来源"),
    "what": ("What", "项目"),
    "formula": ("Formula", "公式"),
    "amount": ("Amount", "金额"),
    "component": ("Component", "组成项"),
    "adjustment": ("Adjustment", "调整"),
    "held": ("Held", "待发"),
    "released": ("Released", "发放"),
    "clawed_back": ("Clawed back", "追回"),
    "drawn_amount": ("Drawn", "预支"),
    "recovered": ("Recovered", "扣还"),
    "balance_owed": ("Balance owed", "预支余额"),
    "subtotal": ("Together", "小计"),
    "total": ("Total payable", "应付合计"),
    "why": ("Reason", "原因"),
    "preliminary": (
        "Preliminary: the month is not closed, amounts may still change.",
        "未结账：本月尚未关闭，金额可能变化。",
    ),
    "final": ("Closed: these amounts are booked and stand.", "已结账：金额已入账，不再变化。"),
    "line": ("No.", "行号"),
    "questions_and_answers": ("Questions and answers", "疑问与答复"),
    "about_questions": ("what was asked about lines of this month", "就本月各行提出的疑问及其答复"),
    "question_id": ("Reference", "编号"),
    "about": ("About", "所涉内容"),
    "question": ("Question", "疑问"),
    "raised_on": ("Raised on", "提出日期"),
    "answer": ("Answer", "答复"),
    "answered_on": ("Answered on", "答复日期"),
    "outcome": ("Outcome", "结果"),
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "answered": ("answered", "已答复"),
    "no_such_line": ("no such line", "无此行"),
    "how_to_ask": (
        "Question an amount? Tell sales operations the number of its line, its source and this set. "
        "Your question and its answer will appear here.",
        "对金额有疑问？请将该行的行号、来源和发布版本告知销售运营，疑问及其答复将显示在本页。",
    ),
}

_STATUSES: Final = {
    "open": ("preliminary", "未结"),
    "provisional": ("provisional", "暂估"),
    "closed": ("closed", "已结"),
    "final": ("final", "已定"),
    "incomplete": ("incomplete", "数据不全"),
    "payable": ("payable", "应付"),
    "held": ("not payable yet", "待发"),
    "partly held": ("partly payable", "部分待发"),
}

_OUTCOMES: Final = {
    "accepted": ("accepted", "成立"),
    "rejected": ("rejected", "不成立"),
    "withdrawn": ("withdrawn", "已撤回"),
}

_SOURCES: Final = {
    "deal": ("deal", "商机"),
    "invoice": ("invoice", "发票"),
    "payment": ("payment", "回款"),
    "credit_note": ("credit note", "贷项通知单"),
    "clawback": ("clawback", "追回"),
    "period": ("period", "期间"),
    "gate": ("gate", "门槛"),
    "multiplier": ("multiplier", "系数"),
}


class Words:
    """The words of one language: `en` or `zh-CN`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.at = 1 if language.startswith("zh") else 0

    def __call__(self, key: str) -> str:
        """The word for `key`. Raises KeyError for one that does not exist."""
        return _WORDS[key][self.at]

    def status(self, status: str) -> str:
        """A status as people read it."""
        return _STATUSES.get(status, (status, status))[self.at]

    def outcome(self, outcome: str) -> str:
        """What became of a question."""
        return _OUTCOMES.get(outcome, (outcome, outcome))[self.at]

    def days(self, count: int) -> str:
        """For how long a question is open."""
        return f"待答复，已 {count} 天" if self.at else f"open for {count} day{'s' if count != 1 else ''}"

    def source(self, reference: str) -> str:
        """What a line comes from: `deal d1/2` as deal d1, line 2."""
        kind, _, rest = reference.partition(" ")
        if kind not in _SOURCES or not rest:
            return reference
        name, _, line = rest.rpartition("/")
        shown = f"{_SOURCES[kind][self.at]} {name or line}"
        # A deal without lines is line 1; saying so helps nobody.
        if not name or line in ("", "1"):
            return shown
        if kind == "clawback" and _WINDOW.fullmatch(line):
            return shown + self._without_it("" if " " in line else line)
        return f"{shown}（第 {line} 行）" if self.at else f"{shown}, line {line}"

    def _without_it(self, window: str) -> str:
        """How a clawback came about that is the difference of a window; '' where a window is a single transaction."""
        if self.at:
            return f"（其累计窗口 {window} 剔除该单后重新计算）" if window else "（剔除该单后重新计算）"
        return f", its window {window} computed again without it" if window else ", computed again without it"

    def reason(self, because: str) -> str:
        """Reasons stand in the tables as `Chinese / English`."""
        chinese, found, english = because.partition(" / ")
        return (chinese if self.at else english) if found else because
