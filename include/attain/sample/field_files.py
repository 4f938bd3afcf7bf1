"""What happens around deals: activities of sales and presales, and the customers' answers to surveys."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from attain.sample import columns
from attain.sample.deal_files import deal_ids, people_ids
from attain.sample.dice import Flags, Ints
from attain.sample.market import account_ids
from attain.sample.pipeline import OPEN, WON, Deals
from attain.sample.scale import Scale
from attain.sample.staff import Staff

_KINDS = ("call", "visit", "demo", "proposal", "content", "coaching")
_PER_DEAL = 6
_WEIGHTS = (30, 30, 10, 18, 12)
PROPOSAL = 3
# Activities asked of presales people per month.
ACTIVITIES_PER_MONTH = {"sdr": 90, "se": 40}
_HOUR = 3600
_COMMENTS = (
    None,
    None,
    None,
    "服务很好 Great service",
    "交货准时，安装顺利",
    'They said "two weeks"; it took three',
    "价格偏高",
    "Good, but slow\nto answer mail",
)
_RESPONSES = {"csat": "RS", "nps": "RP", "ces": "RE", "complaint": "RC"}
_GOOD_NPS, _GOOD_CES = 6_200, 8_000


def deal_activities(scale: Scale, deals: Deals, part: int) -> pa.Table:
    """One to six activities of the owner per deal, between its creation and its decision."""
    dice = scale.dice("activities", part)
    count = np.where(deals.status == OPEN, 1, dice.between(1, _PER_DEAL, len(deals)))
    row = np.repeat(np.arange(len(deals)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    span = np.maximum(np.minimum(deals.decided, scale.last) - deals.created, 1)
    day = deals.created[row] + dice.below(span[row], len(row))
    second = day * 86_400 + _HOUR + dice.below(9 * _HOUR, len(row))
    kind = dice.pick(_WEIGHTS, len(row))
    is_answer = (kind == 0) & dice.chance(4_000, len(row))
    # Half of the inquiries are answered within three hours, the slowest after two days.
    waited = dice.table((300, 1800, 4200, 10_800, 25_000, 70_000, 172_800), len(row))
    outcome = np.where(deals.status[row] == WON, 0, 1)
    return pa.table(
        {
            "activity_id": columns.ids("AC", 10, deals.number[row] * 10 + place),
            "participant_id": people_ids(deals.owner[row]),
            "kind": columns.words(_KINDS, kind),
            "occurred_at": columns.instants(second),
            "account_id": account_ids(deals.account[row]),
            "deal_id": deal_ids(deals.number[row]),
            "inquiry_at": columns.instants(second - waited, ~is_answer),
            "responded_at": columns.instants(second, ~is_answer),
            "outcome": columns.words(
                ("accepted", "rejected"), outcome, (kind != PROPOSAL) | (deals.status[row] == OPEN)
            ),
        }
    )


def presales_activities(scale: Scale, staff: Staff, month: int) -> pa.Table:
    """Calls of sales development and demos of sales engineers in one month, about as many as asked."""
    dice = scale.dice("presales", month)
    first, last = int(scale.starts[month]), int(scale.starts[month + 1]) - 1
    people, kinds = [], []
    for person in staff.people:
        role = person.state_on(first).role
        if role in ACTIVITIES_PER_MONTH and person.works_through(first, last):
            asked = presales_target(scale, role) * person.skill // 100
            count = asked * (80 + dice.one(36)) // 100
            people.append(np.full(count, person.index, dtype=np.int64))
            kinds.append(np.full(count, 0 if role == "sdr" else 2, dtype=np.int64))
    who = np.concatenate([np.empty(0, dtype=np.int64), *people])
    kind = np.concatenate([np.empty(0, dtype=np.int64), *kinds])
    day = first + dice.below(last - first + 1, len(who))
    nothing = np.ones(len(who), dtype=np.bool_)
    return pa.table(
        {
            "activity_id": columns.ids("AP", 10, month * 10_000_000 + np.arange(len(who), dtype=np.int64)),
            "participant_id": people_ids(who),
            "kind": columns.words(_KINDS, np.where(dice.chance(1_200, len(who)), 4, kind)),
            "occurred_at": columns.instants(day * 86_400 + _HOUR + dice.below(9 * _HOUR, len(who))),
            "account_id": columns.words((None,), who, nothing),
            "deal_id": columns.words((None,), who, nothing),
            "inquiry_at": columns.words((None,), who, nothing),
            "responded_at": columns.words((None,), who, nothing),
            "outcome": columns.words((None,), who, nothing),
        }
    )


def presales_target(scale: Scale, role: str) -> int:
    """Activities asked of a presales person per month."""
    return ACTIVITIES_PER_MONTH[role] * scale.detail_percent // 100


def customer_surveys(scale: Scale, staff: Staff, won: Deals, part: int) -> pa.Table:
    """Answers after won deals: satisfaction for most; recommendation, effort, complaints for some."""
    dice = scale.dice("survey_responses", part)
    care = np.asarray([person.care for person in staff.people], dtype=np.int64)[won.owner]
    tables = [
        _answers(scale, won, dice.chance(6_500, len(won)), "csat", _csat(scale, care, part), 25, part),
        _answers(scale, won, dice.chance(2_500, len(won)), "nps", _nps(scale, care, part), 60, part),
        _answers(scale, won, dice.chance(1_500, len(won)), "ces", _ces(scale, care, part), 12, part),
        _answers(scale, won, dice.chance(150, len(won)), "complaint", 1 + dice.below(3, len(won)), 40, part),
    ]
    return pa.concat_tables(tables)


def _csat(scale: Scale, care: Ints, part: int) -> Ints:
    dice = scale.dice("csat", part)
    is_pleased = dice.chance(8_950 + (care - 100) * 35, len(care))
    return np.where(is_pleased, 4 + dice.chance(5_500, len(care)), 1 + dice.pick((1, 2, 5), len(care)))


def _nps(scale: Scale, care: Ints, part: int) -> Ints:
    dice = scale.dice("nps", part)
    is_promoter = dice.chance(_GOOD_NPS + (care - 100) * 60, len(care))
    return np.where(is_promoter, 9 + dice.below(2, len(care)), 3 + dice.pick((1, 1, 2, 3, 8, 9), len(care)))


def _ces(scale: Scale, care: Ints, part: int) -> Ints:
    dice = scale.dice("ces", part)
    is_easy = dice.chance(_GOOD_CES, len(care))
    return np.where(is_easy, 4 + dice.below(2, len(care)), 1 + dice.below(3, len(care)))


def _answers(scale: Scale, won: Deals, asked: Flags, survey: str, score: Ints, wait: int, part: int) -> pa.Table:
    dice = scale.dice(f"answers {survey}", part)
    day = won.decided + wait + dice.between(0, 20, len(won))
    keep = asked & (day <= scale.last)
    some, day, score = won.where(keep), day[keep], score[keep]
    low, high = (0, 10) if survey == "nps" else (1, 5)
    size = len(some)
    zero = np.zeros(size, dtype=np.int64)
    return pa.table(
        {
            "response_id": columns.ids(_RESPONSES[survey], 8, some.number),
            "survey": columns.words((survey,), zero),
            "question": columns.words(("overall",), zero),
            "score": columns.numbers(score),
            "scale_min": columns.numbers(zero + low),
            "scale_max": columns.numbers(zero + high),
            "account_id": account_ids(some.account),
            "participant_id": people_ids(some.owner),
            "rater_id": columns.words((None,), zero),
            "rater_group": columns.words(("customer",), zero),
            "responded_on": columns.days(day),
            "comment": columns.words(_COMMENTS, dice.below(len(_COMMENTS), size)),
        }
    )
