"""The words of a simulation in both languages."""

from __future__ import annotations

from typing import Final

_WORDS: Final = {
    "title": ("Simulation", "方案模拟"),
    "draft": ("Draft", "草案"),
    "in_force": ("In force", "现行方案"),
    "difference": ("Difference", "差额"),
    "percent": ("Change", "变动"),
    "months": ("Months", "期间"),
    "as_of": ("Knowledge up to", "数据截至"),
    "people": ("Participants", "人数"),
    "nothing": (
        "Nothing was booked or published: both plans were replayed over these months with today's data, each from an "
        "empty ledger.",
        "未入账、未发布：以当前数据、从空账开始，对两套方案逐月重算。",
    ),
    "identical": (
        "The draft says the same as the plans in force in these months, so nothing differs.",
        "草案与这些月份的现行方案内容相同，因此没有差异。",
    ),
    "nobody": ("Nobody has a plan with pay in these months.", "这些月份没有人适用带薪酬的方案。"),
    "same_pay": (
        "The draft reads differently but pays everybody the same in these months.",
        "草案文字有改动，但这些月份每个人的应付金额相同。",
    ),
    "moved": (
        "{version} is taken as in force from {day}; its own dates lie outside these months.",
        "{version} 视为自 {day} 起生效；其自身日期不在所选月份内。",
    ),
    "waits": (
        "At the end {before} is earned but not paid yet in force, {after} under the draft: part of the difference is "
        "timing.",
        "期末已计提未发放：现行 {before}，草案 {after}；差额中有一部分只是发放时间不同。",
    ),
    "owed": (
        "At the end {before} of advances is not recovered in force, {after} under the draft.",
        "期末尚未扣还的预支：现行 {before}，草案 {after}。",
    ),
    "counts": (
        "{more} paid more · {less} paid less · {same} the same",
        "{more} 人增加 · {less} 人减少 · {same} 人不变",
    ),
    "changes": ("What the draft changes", "草案的改动"),
    "about_changes": ("as attain plan diff says it", "同 attain plan diff"),
    "cost": ("Cost by month", "每月成本"),
    "about_cost": ("what is payable in each month", "各月应付金额"),
    "parts": ("What the cost consists of", "成本构成"),
    "about_parts": (
        "payable = earned − waiting + advanced",
        "应付 = 应计 − 待发 + 预支",
    ),
    "earned": ("Earned", "应计"),
    "waiting": ("Waiting at the end", "期末待发"),
    "advanced": ("Advanced and not recovered", "预支未扣还"),
    "payable": ("Payable", "应付"),
    "mix": ("Pay mix by type", "薪酬结构（按类型）"),
    "about_mix": ("payable; share of each side's total", "应付金额；占各自合计的比例"),
    "components": ("Pay mix by component", "薪酬结构（按组成项）"),
    "fixed_title": ("Fixed and variable pay", "固定与浮动薪酬"),
    "about_fixed": ("of the {people} participants whose salary is known", "薪资已知的 {people} 人"),
    "fixed": ("Fixed", "固定"),
    "variable": ("Variable", "浮动"),
    "winners": ("Largest gains", "增加最多"),
    "losers": ("Largest losses", "减少最多"),
    "about_people": ("{shown} of {all}; everybody stands in people.csv", "{all} 人中的 {shown} 人；全部见 people.csv"),
    "only": ("Paid under one of the two only", "仅在其中一套方案下有应付"),
    "only_in_force": ("in force only", "仅现行"),
    "only_draft": ("draft only", "仅草案"),
    "percentiles": ("Distribution per participant", "人均分布"),
    "about_percentiles": (
        "of what each participant is paid, and of each one's own difference",
        "每人应付金额的分位数，以及每人差额的分位数",
    ),
    "pay_buckets": ("Participants by pay", "按应付金额分布的人数"),
    "about_pay_buckets": ("from (included) to (excluded)", "含下限、不含上限"),
    "change_buckets": ("Participants by change", "按变动幅度分布的人数"),
    "about_change_buckets": (
        "in percent of what is in force; whoever is not paid there has no percentage",
        "相对现行应付的百分比；现行无应付者没有百分比",
    ),
    "means": ("Scores and attainment that differ", "有差异的评分与达成率"),
    "about_means": ("means over participants and periods", "按人员与期间的平均值"),
    "month": ("Month", "月份"),
    "type": ("Type", "类型"),
    "plan": ("Plan", "方案"),
    "component": ("Component", "组成项"),
    "share_before": ("Share in force", "现行占比"),
    "share_after": ("Share draft", "草案占比"),
    "participant": ("Participant", "人员"),
    "team": ("Team", "团队"),
    "measure": ("Measure", "指标"),
    "score": ("Score", "评分"),
    "of_pay": ("Percentile", "分位"),
    "own_difference": ("Own difference", "个人差额"),
    "total": ("Total", "合计"),
    "bucket": ("Range", "区间"),
    "minimum": ("least", "最低"),
    "maximum": ("most", "最高"),
    "median": ("50 % (median)", "50 %（中位数）"),
    "below": ("less than {high}", "低于 {high}"),
    "above": ("more than {low}", "高于 {low}"),
    "unchanged": ("unchanged", "不变"),
    "files": ("Files", "文件"),
}

_TYPES: Final = {
    "commission": ("commission", "提成"),
    "bonus": ("bonus", "奖金"),
    "matrix": ("matrix", "矩阵奖金"),
    "spiff": ("spiff", "专项奖励"),
    "contest": ("contest", "竞赛"),
    "pool": ("pool", "奖金池"),
    "override": ("override", "管理提成"),
    "draw": ("draw", "预支"),
    "deduction": ("deduction", "扣款"),
    "award": ("award", "荣誉"),
}


class Words:
    """The words of one language: `en` or `zh-CN`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.at = 1 if language.startswith("zh") else 0

    def __call__(self, key: str, **values: object) -> str:
        """The word for `key` with its values filled in. Raises KeyError for one that does not exist."""
        text = _WORDS[key][self.at]
        return text.format(**values) if values else text

    def type(self, name: str) -> str:
        """A component type as people read it."""
        return _TYPES.get(name, (name, name))[self.at]
