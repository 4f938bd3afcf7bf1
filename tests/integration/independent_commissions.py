"""What Maven's agents and managers earned, worked out a second time: csv files, Decimal and the plans as prose.

It shares nothing with the product: no imports from it, no mapping, no plan file. The terms are written down here as
a person reads them in tests/companies/maven/plans, so a slip in the engine and one in its inputs both show.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from pathlib import Path

MONTHS = [f"2017-{month:02d}" for month in range(1, 13)]
CENT = Decimal("0.01")
TEN_PLACES = Decimal("0.0000000001")
Earned = dict[tuple[str, str], Decimal]


def quarter_of(month: str) -> str:
    """2017-Q1 for 2017-01 to 2017-03, and so on."""
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agents_earned(inbox: Path) -> Earned:
    """Commission per agent and month of 2017: what the quarter earned so far less what it had earned a month before."""
    agents = [row["sales_agent"] for row in rows_of(inbox / "sales_teams.csv")]
    quotas = {
        (row["participant_id"], row["period"]): Decimal(row["value"])
        for row in rows_of(inbox / "targets.csv")
        if row["participant_id"]
    }
    won: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for deal in rows_of(inbox / "sales_pipeline.csv"):
        if deal["deal_stage"] == "Won":
            won[deal["sales_agent"], deal["close_date"][:7]] += Decimal(deal["close_value"])
    earned: Earned = {}
    for agent in agents:
        booked = paid = Decimal(0)
        quarter = ""
        for month in MONTHS:
            if quarter_of(month) != quarter:
                quarter, booked, paid = quarter_of(month), Decimal(0), Decimal(0)
            booked += won[agent, month]
            owed = commission(booked, quotas.get((agent, quarter)))
            earned[agent, month] = owed - paid
            paid = owed
    return earned


def commission(booked: Decimal, quota: Decimal | None) -> Decimal:
    """4.25 % up to the quota, 6.75 % from there to 125 % of it, 9.75 % of all above; to the cent, half up."""
    if quota is None:
        return Decimal(0)
    ceiling = quota * Decimal("1.25")
    exact = (
        min(booked, quota) * Decimal("0.0425")
        + max(min(booked, ceiling) - quota, Decimal(0)) * Decimal("0.0675")
        + max(booked - ceiling, Decimal(0)) * Decimal("0.0975")
    )
    return exact.quantize(CENT, ROUND_HALF_UP)


def managers_earned(inbox: Path) -> Earned:
    """Bonus per manager and month of 2017: 7,500 times a factor of the quarter's score, paid in its last month."""
    manager_of = {row["sales_agent"]: row["manager"] for row in rows_of(inbox / "sales_teams.csv")}
    targets = {
        (row["team_id"], row["period"]): Decimal(row["value"])
        for row in rows_of(inbox / "targets.csv")
        if row["team_id"]
    }
    booked: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    won: dict[tuple[str, str], int] = defaultdict(int)
    decided: dict[tuple[str, str], int] = defaultdict(int)
    for deal in rows_of(inbox / "sales_pipeline.csv"):
        if deal["deal_stage"] in ("Won", "Lost"):
            key = manager_of[deal["sales_agent"]], quarter_of(deal["close_date"][:7])
            decided[key] += 1
            if deal["deal_stage"] == "Won":
                won[key] += 1
                booked[key] += Decimal(deal["close_value"])
    earned: Earned = {}
    for manager in sorted(set(manager_of.values())):
        for month in MONTHS:
            key = manager, quarter_of(month)
            closes = month[5:] in ("03", "06", "09", "12")
            earned[manager, month] = bonus(booked[key], targets[key], won[key], decided[key]) if closes else Decimal(0)
    return earned


def bonus(booked: Decimal, target: Decimal, won: int, decided: int) -> Decimal:
    """70 % for bookings ÷ target (0 below half of it, at most 1.3), 30 % for the win rate ÷ 60 % (at most 1.2)."""
    bookings = divided(booked, target)
    bookings = Decimal(0) if bookings < Decimal("0.5") else min(bookings, Decimal("1.3"))
    winning = min(divided(divided(Decimal(won), Decimal(decided)), Decimal("0.6")), Decimal("1.2"))
    score = ten_places(Decimal("0.7") * bookings) + ten_places(Decimal("0.3") * winning)
    return (7500 * factor(score)).quantize(CENT, ROUND_HALF_UP)


def factor(score: Decimal) -> Decimal:
    """0 below a score of 0.7, where it is 0.4; 1 at 1; 1.5 from 1.2 on; straight lines between."""
    points = [(Decimal("0.7"), Decimal("0.4")), (Decimal("1"), Decimal("1")), (Decimal("1.2"), Decimal("1.5"))]
    if score < points[0][0]:
        return Decimal(0)
    for (left, low), (right, high) in pairwise(points):
        if score < right:
            return low + divided((score - left) * (high - low), right - left)
    return points[-1][1]


def divided(numerator: Decimal, denominator: Decimal) -> Decimal:
    """A ratio to ten places, half up."""
    with localcontext(prec=60):
        return ten_places(numerator / denominator)


def ten_places(value: Decimal) -> Decimal:
    return value.quantize(TEN_PLACES, ROUND_HALF_UP)
