"""The people of the sample company: three regions, teams, and everybody's effective-dated rows.

People join, leave, are absent, change teams and get raises; some managers leave and are followed by one of
their account executives. So role and manager change inside the window.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from attain.sample.dice import Dice
from attain.sample.names import FIRST_NAMES_ABROAD, GIVEN_NAMES, LAST_NAMES_ABROAD, SURNAMES, TEAM_PLACES
from attain.sample.scale import Scale, add_months, date_of, day_number

REGIONS = (
    ("R-EAST", "华东区 East China"),
    ("R-SOUTH", "华南区 South China"),
    ("R-INTL", "海外区 International"),
)
REGION_CODES = ("EAST", "SOUTH", "INTL")
OVERSEAS = 2
FIRST_ID = 1001

# Yearly pay in yuan: base salary from-to, variable pay as a share of it in percent.
_PAY = {
    "sales_director": (520_000, 680_000, 50),
    "sales_manager": (300_000, 380_000, 45),
    "ae": (132_000, 210_000, 70),
    "se": (180_000, 240_000, 20),
    "sdr": (84_000, 108_000, 35),
}


@dataclass(frozen=True)
class State:
    """What holds for a person from a day on; pay in whole yuan per year."""

    since: int
    role: str
    team: int
    base: int
    variable: int


@dataclass
class Person:
    """One employee. `left` is the last day; skill and care are percentages around 100."""

    index: int
    name: str
    hired: int
    states: list[State]
    skill: int
    care: int
    locale: str
    left: int | None = None
    absences: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return person_id(self.index)

    def state_on(self, day: int) -> State:
        """The state in force on a day (the first one before it began)."""
        return [state for state in self.states if state.since <= day or state is self.states[0]][-1]

    def works_through(self, first: int, last: int) -> bool:
        """Employed from `first` to `last` and not absent for more than half of those days."""
        if self.hired > first or (self.left is not None and self.left < last):
            return False
        away = sum(max(0, min(last, to) - max(first, since) + 1) for since, to, _ in self.absences)
        return 2 * away <= last - first + 1


@dataclass
class Staff:
    """Everybody, and who manages which team since when. Teams count from 0; a region is -1, -2, -3."""

    people: list[Person]
    team_regions: list[int]
    managers: list[list[tuple[int, int]]]

    def manager_of(self, person: Person, day: int) -> Person | None:
        """The manager on a day: the team's; for a manager the region's director; for a director nobody."""
        state = person.state_on(day)
        if state.team < 0:
            return None
        since_and_who = [entry for entry in self.managers[state.team] if entry[0] <= day]
        manager = since_and_who[-1][1] if since_and_who else self.managers[state.team][0][1]
        return self.people[self.team_regions[state.team] if manager == person.index else manager]


def person_id(index: int) -> str:
    """The id of a person by the place in the staff."""
    return f"E{FIRST_ID + index}"


def team_id(team: int) -> str:
    """The id of a team, or of the region a director leads (−1 is the first region)."""
    return f"T{team + 1:02d}" if team >= 0 else REGIONS[-1 - team][0]


def team_name(team: int, region: int) -> str:
    """A bilingual name, numbered once the places of a region are used up."""
    places = TEAM_PLACES[region]
    place = (team // len(REGIONS)) % len(places)
    again = team // (len(REGIONS) * len(places))
    chinese, english = places[place].split(" ", 1)
    number = f" {again + 1}" if again else ""
    return f"{chinese}销售{number.strip()}组 {english} team{number}"


def hire_staff(scale: Scale) -> Staff:
    """Everybody, in the order of their ids: directors, managers, then the teams' members."""
    dice = scale.dice("participants")
    teams = max(len(REGIONS), scale.people * 8 // 60)
    teams = min(teams, (scale.people - len(REGIONS)) // 3)
    regions = [team % len(REGIONS) for team in range(teams)]
    people = []
    for index in range(scale.people):
        role, team = _seat(index, teams)
        people.append(_employ(scale, dice, index, role, team, regions))
    staff = Staff(people, regions, [[(0, len(REGIONS) + team)] for team in range(teams)])
    for person in people:
        _live(scale, dice, staff, person)
    _change_managers(scale, staff)
    return staff


def _seat(index: int, teams: int) -> tuple[str, int]:
    if index < len(REGIONS):
        return "sales_director", -1 - index
    member = index - len(REGIONS) - teams
    if member < 0:
        return "sales_manager", index - len(REGIONS)
    turn = member // teams
    return ("sdr" if turn % 6 == 4 else "se" if turn % 6 == 2 else "ae"), member % teams


def _employ(scale: Scale, dice: Dice, index: int, role: str, team: int, regions: list[int]) -> Person:
    low, high, variable_percent = _PAY[role]
    base = low + dice.one((high - low) // 6000 + 1) * 6000
    hired = day_number(dt.date(scale.first_day.year - 2 - dice.one(9), 1 + dice.one(12), 1))
    if role == "sales_director":
        hired = day_number(dt.date(scale.first_day.year - 12, 3, 1))
    region = regions[team] if team >= 0 else -1 - team
    is_foreign = region == OVERSEAS and dice.one(10) < 7
    name = _foreign_name(dice) if is_foreign else _chinese_name(dice)
    state = State(hired, role, team, base, base * variable_percent // 100 // 1000 * 1000)
    locale = "en" if is_foreign else "zh-CN"
    return Person(index, name, hired, [state], 82 + dice.one(41), 90 + dice.one(21), locale)


def _chinese_name(dice: Dice) -> str:
    surname, surname_latin = SURNAMES[dice.one(len(SURNAMES))].split()
    given, given_latin = GIVEN_NAMES[dice.one(len(GIVEN_NAMES))].split()
    return f"{surname}{given} {given_latin} {surname_latin}"


def _foreign_name(dice: Dice) -> str:
    first, last = FIRST_NAMES_ABROAD, LAST_NAMES_ABROAD
    return f"{first[dice.one(len(first))]} {last[dice.one(len(last))]}"


def _live(scale: Scale, dice: Dice, staff: Staff, person: Person) -> None:
    """Give a team member at most one of: a late start, a leave, an absence, another team, a raise."""
    # 61 and 100 share no factor: the events are spread evenly, so a company of 60 has its share of each.
    event, day = person.index * 61 % 100, scale.first + dice.one(scale.last - scale.first + 1)
    length, other = dice.one(70), dice.one(1000)
    if person.states[0].team < 0 or person.states[0].role == "sales_manager":
        return
    if event < 14:
        person.hired = day
        person.states[0] = State(day, *_rest(person.states[0]))
    elif event < 24:
        person.left = day
    elif event < 32:
        kind = ("parental", "sick", "unpaid")[length % 3]
        person.absences.append((day, day + 15 + length, kind))
    elif event < 42:
        _move_team(staff, person, _month_start(day), other)
    elif event < 60:
        _raise_pay(person, _month_start(day))


def _rest(state: State) -> tuple[str, int, int, int]:
    return state.role, state.team, state.base, state.variable


def _month_start(day: int) -> int:
    return day_number(add_months(date_of(day), 0))


def _move_team(staff: Staff, person: Person, day: int, other: int) -> None:
    role, team, base, variable = _rest(person.states[0])
    region = staff.team_regions[team]
    siblings = [index for index, home in enumerate(staff.team_regions) if home == region and index != team]
    if siblings:
        person.states.append(State(day, role, siblings[other % len(siblings)], base, variable))


def _raise_pay(person: Person, day: int) -> None:
    role, team, base, variable = _rest(person.states[0])
    person.states.append(State(day, role, team, base * 108 // 100 // 100 * 100, variable * 110 // 100 // 100 * 100))


def _change_managers(scale: Scale, staff: Staff) -> None:
    """In every sixth team the manager leaves after about 60 % of the window; an account executive follows."""
    for team in range(1, len(staff.managers), 6):
        month = min(scale.months - 1, scale.months * 6 // 10 + team % 3)
        day = int(scale.starts[month])
        follower = _follower(staff, team, day)
        if follower is None or month == 0:
            continue
        staff.people[staff.managers[team][0][1]].left = day - 1
        base, _, percent = _PAY["sales_manager"]
        follower.states.append(State(day, "sales_manager", team, base, base * percent // 100))
        staff.managers[team].append((day, follower.index))


def _follower(staff: Staff, team: int, day: int) -> Person | None:
    for person in staff.people:
        first = person.states[0]
        steady = len(person.states) == 1 and person.left is None and not person.absences
        if steady and first.role == "ae" and first.team == team and person.hired < day - 400:
            return person
    return None
