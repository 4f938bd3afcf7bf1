"""The people's files: participants with effective-dated rows, teams and absences."""

from __future__ import annotations

import pyarrow as pa

from attain.sample.columns import text_rows
from attain.sample.scale import date_of
from attain.sample.staff import REGION_CODES, REGIONS, Person, Staff, team_id, team_name
from attain.streams import STREAMS

Row = dict[str, str | None]


def participants(staff: Staff) -> pa.Table:
    """One row per person and change of role, team, manager or pay."""
    rows = [row for person in staff.people for row in _rows_of(staff, person)]
    return text_rows(rows, list(STREAMS["participants"].columns))


def _rows_of(staff: Staff, person: Person) -> list[Row]:
    days = {state.since for state in person.states} | {
        since
        for state in person.states
        if state.team >= 0
        for since, _ in staff.managers[state.team]
        if since > person.hired
        and (person.left is None or since <= person.left)
        # Only while the person is in that team.
        and person.state_on(since).team == state.team
    }
    return [_row(staff, person, day) for day in sorted(days)]


def _row(staff: Staff, person: Person, day: int) -> Row:
    state, manager = person.state_on(day), staff.manager_of(person, day)
    # Payroll keeps the pay of sales development per month, as many companies do for junior staff.
    is_monthly = state.role == "sdr"
    latin = person.name.split()[-2:]
    return {
        "participant_id": person.id,
        "name": person.name,
        "email": f"{latin[0]}.{latin[1]}.{person.id}@hengyue.example".lower(),
        "role": state.role,
        "team_id": team_id(state.team),
        "manager_id": manager.id if manager else None,
        "hired_on": date_of(person.hired).isoformat(),
        "left_on": date_of(person.left).isoformat() if person.left is not None else None,
        "base_salary": f"{state.base // 12 if is_monthly else state.base}.00",
        "variable_pay": f"{state.variable // 12 if is_monthly else state.variable}.00",
        "salary_period": "month" if is_monthly else "year",
        "currency": "CNY",
        "locale": person.locale,
        "effective_from": date_of(day).isoformat(),
    }


def teams(staff: Staff) -> pa.Table:
    """The regions, then the teams below them."""
    rows: list[Row] = [
        {"team_id": key, "name": name, "region": code} for (key, name), code in zip(REGIONS, REGION_CODES, strict=True)
    ]
    for team, region in enumerate(staff.team_regions):
        rows.append(
            {
                "team_id": team_id(team),
                "name": team_name(team, region),
                "parent_team_id": REGIONS[region][0],
                "region": REGION_CODES[region],
            }
        )
    return text_rows(rows, list(STREAMS["teams"].columns))


def absences(staff: Staff) -> pa.Table:
    """One row per absence."""
    rows: list[Row] = [
        {
            "participant_id": person.id,
            "from_date": date_of(since).isoformat(),
            "to_date": date_of(to).isoformat(),
            "kind": kind,
        }
        for person in staff.people
        for since, to, kind in person.absences
    ]
    return text_rows(rows, list(STREAMS["absences"].columns))
