"""A draft of plans, and where it stands among the plans in force during the simulated months."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from attain.company import Company, Period
from attain.errors import InputError
from attain.inputs import scored_period
from attain.plans.book import Plan, PlanBook
from attain.plans.diff import compared
from attain.plans.diff_words import ENGLISH
from attain.plans.loader import book_of, plan_files, plans_of, whole_book_of
from attain.plans.support import refuse_unsupported

_FORM = "write the months to simulate like 2026-01..2026-06, or a month, quarter or year"


@dataclass(frozen=True)
class Placed:
    """The plans in force, the same with the draft in its place, and the draft's changes in words.

    `moved` names drafts whose own dates lie outside the months: (version as written, first day it counts from).
    """

    in_force: PlanBook
    with_draft: PlanBook
    changes: tuple[str, ...]
    moved: tuple[tuple[str, dt.date], ...]


def months_of(company: Company, span: str, today: dt.date) -> list[Period]:
    """The months of `2026-01..2026-06`, or of one month, quarter or year.

    Raises InputError when they are no periods, stand the wrong way round, lie before the company's first period or
    have not begun.
    """
    first, divider, last = (part.strip() for part in span.partition(".."))
    if not first or (divider and not last):
        raise InputError(f"periods {span!r}: {_FORM}.")
    begin, end = company.calendar.parse(first), company.calendar.parse(last or first)
    if begin.starts_on > end.ends_on:
        raise InputError(f"periods {span}: {first} comes after {last}; {_FORM}.")
    ends = (company.calendar.month_of(begin.starts_on).key, company.calendar.month_of(end.ends_on).key)
    for month in ends:
        scored_period(company, month, today)
    return company.calendar.months(*ends)


def read_draft(path: Path) -> list[Plan]:
    """The plan versions of a YAML file, a workbook, a folder of them or a company folder, valid one by one.

    Raises InputError with one line per mistake, or when there is nothing to read.
    """
    if path.is_dir():
        plans_dir = path / "plans" if (path / "plans").is_dir() else path
        files = plan_files(path, plans_dir)
        if not files:
            raise InputError(f"{path}: holds no plan; a folder of plans has .yml files or plans.xlsx.")
    elif not path.is_file():
        raise InputError(f"{path}: there is no such draft; name a plan file (.yml), a workbook (.xlsx) or a folder.")
    elif path.suffix.lower() not in (".yml", ".yaml", ".xlsx"):
        raise InputError(f"{path}: is no plan file; a draft is a .yml file, an .xlsx workbook or a folder of them.")
    else:
        files = [path]
    return list(book_of([plan for file in files for plan in plans_of(file)]).plans)


def place(book: PlanBook, drafts: list[Plan], months: list[Period], language: str = ENGLISH) -> Placed:
    """The draft's versions in the place of those in force with the same plan id; a new id is added.

    A draft that begins within the months keeps its date. Any other takes the place, and the date, of the version in
    force when the months begin, so that both sides' windows began on the same day. Raises InputError when the plans
    cannot stand together or are not computed.
    """
    own = {plan.version_id: plan.terms.fingerprint() for plan in book.plans}
    news = [plan for plan in drafts if own.get(plan.version_id) != plan.terms.fingerprint()]
    first, last = months[0].starts_on, months[-1].ends_on
    by_plan: dict[str, list[Plan]] = defaultdict(list)
    for plan in news:
        by_plan[plan.id].append(plan)
    kept, placed = list(book.plans), []
    moved: list[tuple[str, dt.date]] = []
    for name, versions in by_plan.items():
        _refuse_two_outside(versions, first, last)
        shifted = [_placed(version, book.versions(name), first, last) for version in versions]
        begins_on = min(version.terms.effective_from for version in shifted)
        kept = [old for old in kept if old.id != name or not begins_on <= old.terms.effective_from <= last]
        pairs = zip(versions, shifted, strict=True)
        moved += [
            (old.version_id, max(new.terms.effective_from, first))
            for old, new in pairs
            if old.terms.effective_from != new.terms.effective_from
        ]
        placed += shifted
    replaced = [plan for plan in book.plans if plan not in kept]
    after = _together([*kept, *placed])
    refuse_unsupported(book)
    refuse_unsupported(after)
    return Placed(book, after, tuple(compared(_by_id(replaced), _by_id(placed), language)), tuple(moved))


def _placed(draft: Plan, versions: list[Plan], first: dt.date, last: dt.date) -> Plan:
    terms = draft.terms
    if first <= terms.effective_from <= last:
        return draft
    before = [version.terms.effective_from for version in versions if _holds_on(version, first)]
    begins_on = max(before) if before else min(terms.effective_from, first)
    until = terms.effective_to if terms.effective_to and terms.effective_to >= first else None
    moved = terms.model_copy(update={"effective_from": begins_on, "effective_to": until})
    return Plan(moved, draft.document, draft.at)


def _holds_on(version: Plan, day: dt.date) -> bool:
    return version.terms.effective_from <= day <= (version.terms.effective_to or dt.date.max)


def _refuse_two_outside(versions: list[Plan], first: dt.date, last: dt.date) -> None:
    outside = [version for version in versions if not first <= version.terms.effective_from <= last]
    if len(outside) > 1:
        names = " and ".join(version.version_id for version in outside)
        raise InputError(
            f"{outside[1].place(('effective_from',))}: the draft holds {names}, which both begin outside {first} to "
            f"{last}; which of them is meant? Keep one of them."
        )


def _together(plans: list[Plan]) -> PlanBook:
    try:
        return whole_book_of(plans)
    except InputError as error:
        raise InputError(f"{error}\nA draft replaces the plan that has the same id (plan:); others stay.") from error


def _by_id(plans: list[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (plan.id, plan.terms.effective_from))
