"""What people asked about their statements, and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from attain.sample.columns import text_rows
from attain.sample.deal_files import deal_ids
from attain.sample.dice import Dice
from attain.sample.pipeline import Deals
from attain.sample.scale import Scale, date_of
from attain.sample.staff import Staff
from attain.sample.staff_files import Row
from attain.streams import STREAMS

_PER_MONTH = 2
# More deals than are asked about: some belong to managers, who have no commission.
_DRAWN = 12
# Question, answer, outcome. Those about a deal name it as the statement does; the last names only its line.
_ABOUT_A_DEAL = (
    (
        "这单我已超额，是否应按更高档费率？ I was above quota by then; should this not be at the higher rate?",
        "达标前的部分按第一档计 The part below the quota is paid at the first rate",
        "rejected",
    ),
    (
        "这单由同事和我共同赢得，未见拆分 A colleague and I won this together; the split is missing",
        "拆分已在系统中登记 The split has been recorded",
        "accepted",
    ),
    (
        "金额低于合同金额 The amount is lower than in the contract",
        "本人核对后撤回：合同金额含税 Withdrawn after a look: the contract is with tax",
        "withdrawn",
    ),
    (
        "服务部分没有单独计提？ Is the service part not paid apart?",
        "是，见“维保合同奖”一行 It is: see the line Service contracts",
        "rejected",
    ),
)
_ABOUT_A_LINE = (
    "这一行的数字怎么来的？ How does the number on this line come about?",
    "见该行公式，经理已当面说明 See its formula; the manager has explained it",
    None,
)


@dataclass
class Askers:
    """Collects deals to ask about while the months are made: a few per month, of account executives."""

    scale: Scale
    staff: Staff
    rows: list[Row] = field(default_factory=list)

    def hear(self, month: int, won: Deals) -> None:
        """Ask about deals won in a month of the window that has a statement."""
        start = date_of(self.scale.starts[month])
        if month >= self.scale.months or f"{start:%Y-%m}" < self.scale.first_period or not len(won):
            return
        dice = self.scale.dice("disputes", month)
        drawn = dict.fromkeys(dice.below(len(won), _DRAWN).tolist())
        places = [place for place in drawn if self._is_paid_by_deal(int(won.owner[place]), int(won.decided[place]))]
        for number, place in enumerate(places[: _PER_MONTH + (month == self.scale.months - 1)]):
            self.rows.append(self._row(dice, month, number, won, place))

    def table(self) -> pa.Table:
        """One row per question, in the order of their months."""
        return text_rows(self.rows, list(STREAMS["disputes"].columns))

    def _is_paid_by_deal(self, owner: int, day: int) -> bool:
        return self.staff.people[owner].state_on(day).role == "ae"

    def _row(self, dice: Dice, month: int, number: int, won: Deals, place: int) -> Row:
        person = self.staff.people[won.owner[place]]
        is_about_deal = dice.one(5) > 0
        question, answer, outcome = _ABOUT_A_DEAL[dice.one(len(_ABOUT_A_DEAL))] if is_about_deal else _ABOUT_A_LINE
        period = f"{date_of(self.scale.starts[month]):%Y-%m}"
        raised = self._raised(dice, month)
        answered = raised + 2 + dice.one(9)
        manager = self.staff.manager_of(person, raised)
        deal = deal_ids(won.number[place : place + 1])[0].as_py()
        row: Row = {
            "dispute_id": f"Q-{period}-{number + 1}",
            "participant_id": person.id,
            "period": period,
            "line": None if is_about_deal else "1",
            "source_ref": f"deal {deal}/1" if is_about_deal else None,
            "question": question,
            "raised_on": date_of(raised).isoformat(),
        }
        if answered > self.scale.last:
            return row
        return row | {
            "answer": answer,
            "answered_on": date_of(answered).isoformat(),
            "answered_by": manager.id if manager else person.id,
            "outcome": outcome,
        }

    def _raised(self, dice: Dice, month: int) -> int:
        """Statements are read early in the next month; that of the last month while it is still open."""
        end = int(self.scale.starts[month + 1])
        return end - 1 - dice.one(2) if end > self.scale.last else end + 4 + dice.one(11)
