"""What is known about people's growth: 360-degree reviews, training, objectives and coaching sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pyarrow as pa

from attain.sample.columns import text_rows
from attain.sample.dice import Dice
from attain.sample.scale import Scale, add_months, date_of, day_number
from attain.sample.staff import Person, Staff, person_id
from attain.sample.staff_files import Row
from attain.streams import STREAMS

_RATERS = ("self", "manager", "peer", "peer", "peer", "customer", "customer", "customer")
_QUESTIONS = ("collaboration", "attitude", "professionalism")
_COURSES = (
    ("GTX 泵产品 GTX pumps", "product_knowledge"),
    ("VX 阀门产品 VX valves", "product_knowledge"),
    ("顾问式销售 Consultative selling", "selling_skills"),
    ("商务谈判 Negotiation", "selling_skills"),
    ("数据分析 Reading the numbers", "analysis_skills"),
    ("合规 Compliance", "compliance"),
)
_TITLES = {
    "mbo": (
        "开发重点客户 Win a key account",
        "建立伙伴渠道 Build a partner channel",
        "复盘丢单 Review lost deals",
    ),
    "kra": (
        "客户数据完整 Keep customer data complete",
        "预测准确 Forecast carefully",
        "指导新人 Guide newcomers",
    ),
}
_WITH_OBJECTIVES = ("sales_director", "sales_manager", "ae")


def quarters(scale: Scale) -> Iterator[tuple[str, int, int]]:
    """The calendar quarters that end inside the window: key, first and last day."""
    for year in scale.years:
        for quarter in range(1, 5):
            start = dt.date(year, 3 * quarter - 2, 1)
            first, last = day_number(start), day_number(add_months(start, 3)) - 1
            if last >= scale.first and last <= scale.last:
                yield f"{year}-Q{quarter}", first, last


def reviews(scale: Scale, staff: Staff) -> pa.Table:
    """Ratings (1 to 5) of everybody every half year, a sixth of the people each month.

    By oneself, the manager, three peers and three customers.
    """
    dice = scale.dice("reviews")
    rows: list[Row] = []
    for month in range(scale.months):
        day = int(scale.starts[month + 1]) - 4
        key = date_of(day).isoformat()[:7]
        for person in staff.people[:: 100 // scale.detail_percent]:
            if (person.index + date_of(day).month) % 6 == 0 and person.works_through(day, day):
                rows += _review(dice, staff, person, key, day)
    return text_rows(rows, list(STREAMS["survey_responses"].columns))


def _review(dice: Dice, staff: Staff, person: Person, key: str, day: int) -> Iterator[Row]:
    manager = staff.manager_of(person, day)
    raters = {"self": person.id, "manager": manager.id if manager else None}
    for place, group in enumerate(_RATERS):
        if group == "manager" and manager is None:
            continue
        peer = person_id(dice.one(len(staff.people)))
        for question in _QUESTIONS:
            score = min(5, 3 + (dice.one(100) < person.care - 20) + (dice.one(100) < person.care - 55))
            yield {
                "response_id": f"RV-{key}-{person.id}-{place + 1}",
                "survey": "review360",
                "question": question,
                "score": str(score - (dice.one(12) == 0)),
                "scale_min": "1",
                "scale_max": "5",
                "participant_id": person.id,
                "rater_id": raters.get(group, peer if group == "peer" else None),
                "rater_group": group,
                "responded_on": date_of(day).isoformat(),
            }


def training(scale: Scale, staff: Staff) -> pa.Table:
    """One row per person and course assigned inside the window; most are completed, with a score."""
    dice = scale.dice("training")
    rows: list[Row] = []
    for person in staff.people:
        begin, end = max(person.hired, scale.first), min(person.left or scale.last, scale.last)
        for course, topic in _COURSES:
            assigned = begin + dice.one(max(1, end - begin))
            completed = assigned + 5 + dice.one(60)
            is_done = dice.one(100) < 86 and completed <= end
            score = min(100, 52 + (person.skill - 80) // 2 + dice.one(34))
            rows.append(
                {
                    "participant_id": person.id,
                    "course": course,
                    "topic": topic,
                    "assigned_on": date_of(assigned).isoformat(),
                    "completed_on": date_of(completed).isoformat() if is_done else None,
                    "score": str(score) if is_done else None,
                }
            )
    return text_rows(rows, list(STREAMS["training"].columns))


def objectives(scale: Scale, staff: Staff) -> pa.Table:
    """Two objectives (MBO and KRA) per seller or manager and finished quarter, judged by the manager."""
    dice = scale.dice("objectives")
    rows: list[Row] = []
    for key, first, last in quarters(scale):
        for person in staff.people:
            if person.state_on(last).role not in _WITH_OBJECTIVES or not person.works_through(
                max(first, person.hired), last
            ):
                continue
            manager = staff.manager_of(person, last)
            for kind, weight in (("mbo", "0.6"), ("kra", "0.4")):
                completion = min(100, 55 + (person.skill - 80) // 2 + dice.one(46))
                titles = _TITLES[kind]
                rows.append(
                    {
                        "objective_id": f"OB-{key}-{person.id}-{kind}",
                        "participant_id": person.id,
                        "period": key,
                        "title": titles[dice.one(len(titles))],
                        "kind": kind,
                        "weight": weight,
                        "completion": f"{completion // 100}.{completion % 100:02d}",
                        "judged_by": manager.id if manager else person.id,
                        "judged_on": date_of(last - dice.one(3)).isoformat(),
                    }
                )
    return text_rows(rows, list(STREAMS["objectives"].columns))


def coaching(scale: Scale, staff: Staff) -> pa.Table:
    """A session of every seller with the manager about once a quarter, a third of them each month."""
    dice = scale.dice("coaching")
    rows: list[Row] = []
    for month in range(scale.months):
        first, last = int(scale.starts[month]), int(scale.starts[month + 1]) - 1
        key = date_of(first).isoformat()[:7]
        for person in staff.people[month % 3 :: 3]:
            held = first + dice.one(last - first + 1)
            manager = staff.manager_of(person, held)
            if person.state_on(held).role != "ae" or manager is None or not person.works_through(held, held):
                continue
            rows.append(
                {
                    "session_id": f"CO-{key}-{person.id}",
                    "participant_id": person.id,
                    "coach_id": manager.id,
                    "held_on": date_of(held).isoformat(),
                    "notes_ref": f"coaching/{key}/{person.id}",
                    "agreed_actions": ("每周三次拜访 Three visits a week", "准备报价演练 Rehearse the offer")[
                        dice.one(2)
                    ],
                }
            )
    return text_rows(rows, list(STREAMS["coaching"].columns))
