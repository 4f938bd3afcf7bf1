"""Who is under which plan on which day, who manages whom, and the share of a span that counts ("Plan in force")."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tests.oracle.months import days_of, first_day, month_of
from tests.oracle.quantities import ONE, ZERO
from tests.oracle.terms import Plan
from tests.oracle.world import Row, World

_LEVELS = ("participant", "role", "team")


class People:
    """The people of a world under a set of plan versions."""

    def __init__(self, world: World, plans: list[Plan]) -> None:
        self.plans = plans
        self.history: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(world.rows("participants"), key=lambda row: row["effective_from"]):
            self.history[row["participant_id"]].append(row)
        self.absences: dict[str, list[Row]] = defaultdict(list)
        for row in world.rows("absences"):
            self.absences[row["participant_id"]].append(row)
        self.parents = {row["team_id"]: row.get("parent_team_id") for row in world.rows("teams")}
        self.on = lru_cache(maxsize=None)(self._on)
        self.plan_on = lru_cache(maxsize=None)(self._plan_on)
        self.month_share = lru_cache(maxsize=None)(self._month_share)

    def _on(self, person: str, day: dt.date) -> Row | None:
        """The person's row in force on the day; the first one is taken to hold before its day too."""
        rows = self.history.get(person, [])
        found = rows[0] if rows else None
        for row in rows:
            if row["effective_from"] <= day:
                found = row
        return found

    def _plan_on(self, person: str, day: dt.date) -> str | None:
        """The version in force for the person on the day: participant beats role beats team."""
        row = self.on(person, day)
        if row is None:
            return None
        member = {"participant": person, "role": row.get("role"), "team": row.get("team_id")}
        for level in _LEVELS:
            for plan in self._versions_on(day):
                if member[level] is not None and (level, member[level]) in plan["assign"]:
                    return str(plan["version"])
        return None

    def _versions_on(self, day: dt.date) -> list[Plan]:
        newest: dict[str, Plan] = {}
        for plan in sorted(self.plans, key=lambda plan: plan["from"]):
            if plan["from"] <= first_day(month_of(day)):
                newest[plan["plan"]] = plan
        return [plan for plan in newest.values() if plan["to"] is None or day <= plan["to"]]

    def is_employed(self, person: str, day: dt.date, start_exclusive: bool = False) -> bool:
        row = self.on(person, day)
        if row is None:
            return False
        hired, left = row.get("hired_on"), row.get("left_on")
        if hired is not None and (day < hired or (start_exclusive and day == hired)):
            return False
        return left is None or day <= left

    def is_counted(self, person: str, plan: Plan, day: dt.date) -> bool:
        """Whether the day counts towards the person's targets and pay under the plan version."""
        if self.plan_on(person, day) != plan["version"] or not self.is_employed(person, day, plan["start_exclusive"]):
            return False
        return not any(
            absence["from_date"] <= day <= absence["to_date"] and absence.get("kind") in plan["absences"]
            for absence in self.absences.get(person, ())
        )

    def _month_share(self, person: str, version: str, month: int) -> Fraction:
        plan = next(plan for plan in self.plans if plan["version"] == version)
        days = days_of(month)
        if plan["by"] == "none":
            return ONE
        if plan["by"] == "work_days":
            days = [day for day in days if day.weekday() < 5]
        counted = sum(self.is_counted(person, plan, day) for day in days)
        if plan["by"] == "months":
            return ONE if counted else ZERO
        return Fraction(counted, len(days))

    def share(self, person: str, plan: Plan, months: Iterable[int]) -> Fraction:
        """The exact share of the months that counts; months weigh alike."""
        shares = [self.month_share(person, plan["version"], month) for month in months]
        return sum(shares, ZERO) / len(shares)

    def under(self, plan: Plan, months: Iterable[int]) -> list[str]:
        """Everybody who is under the plan version and employed on any day of the months, by id."""
        days = [day for month in months for day in days_of(month)]
        return [
            person
            for person in sorted(self.history)
            if any(self.plan_on(person, day) == plan["version"] and self.is_employed(person, day) for day in days)
        ]

    def managers(self, person: str, day: dt.date) -> list[str]:
        """The chain of managers above the person on the day, nearest first; nobody manages before the first day."""
        chain: list[str] = []
        row = self.on(person, day)
        while row is not None and row.get("manager_id") and row["manager_id"] not in (*chain, person):
            manager = row["manager_id"]
            hired = [one["hired_on"] for one in self.history.get(manager, ()) if one.get("hired_on")]
            if hired and day < min(hired):
                break
            chain.append(manager)
            row = self.on(manager, day)
        return chain

    def teams(self, person: str, day: dt.date) -> list[str]:
        """The person's team on the day and the teams above it."""
        row = self.on(person, day)
        team = row.get("team_id") if row else None
        chain: list[str] = []
        while team is not None and team not in chain:
            chain.append(team)
            team = self.parents.get(team)
        return chain

    def salary(self, person: str, kind: str, months: Iterable[int], plan: Plan, is_prorated: bool = True) -> Fraction:
        """Σ of the months' salary of that kind, each by the share of the month that counts."""
        total = ZERO
        for month in months:
            row = self.on(person, days_of(month)[-1]) or {}
            pay = row.get(kind) or ZERO
            monthly = pay if row.get("salary_period") == "month" else pay / 12
            total += monthly * (self.month_share(person, plan["version"], month) if is_prorated else ONE)
        return total


def version_of(plans: list[Plan], version: Any) -> Plan:
    return next(plan for plan in plans if plan["version"] == version)
