"""Plans read from files, together: versions of one plan, and who is assigned to what when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

from attain.plans.grammar import Terms
from attain.plans.rules_shared import At, Fault, told
from attain.yamlfile import Document


@dataclass(frozen=True)
class Plan:
    """One version of a plan: its terms and where in which file they stand."""

    terms: Terms
    document: Document
    at: At = ()

    @property
    def id(self) -> str:
        return self.terms.plan

    @property
    def version_id(self) -> str:
        """`<plan>@<effective_from>`."""
        return self.terms.version_id

    @property
    def label(self) -> str:
        """The file (or example) the plan came from."""
        return self.document.label

    def place(self, at: At = ()) -> str:
        """`file:line` of a part of the plan."""
        return self.document.place((*self.at, *at))

    def told(self, *faults: Fault) -> list[str]:
        """Faults of this plan as `file:line: field: sentence`."""
        return told(list(faults), self.document, self.at)


@dataclass(frozen=True)
class PlanBook:
    """All plan versions of a company, ordered by plan and effective_from."""

    plans: tuple[Plan, ...]

    def versions(self, plan: str) -> list[Plan]:
        """The versions of one plan, oldest first; empty when the plan is unknown."""
        return [version for version in self.plans if version.id == plan]


def ordered(plans: list[Plan]) -> PlanBook:
    """The plans as a book."""
    return PlanBook(tuple(sorted(plans, key=lambda plan: (plan.id, plan.terms.effective_from, plan.label))))


def conflicts(book: PlanBook, currency: str | None = None) -> list[str]:
    """Plans that cannot stand together: equal versions, versions in different currencies, and two plans for the same
    people at one time. `currency`: that of plans which name none.
    """
    return [*_equal_versions(book), *_other_currencies(book, currency), *_overlaps(book)]


def _equal_versions(book: PlanBook) -> Iterator[str]:
    for _, group in groupby(book.plans, key=lambda plan: plan.version_id):
        first, *others = group
        for other in others:
            message = (
                f"plan {other.id} already has a version from {other.terms.effective_from} in {first.place()};"
                " versions of one plan need different dates"
            )
            yield from other.told(Fault(("effective_from",), message))


def _other_currencies(book: PlanBook, currency: str | None) -> Iterator[str]:
    """A payout is of one plan and one currency: what an older version still owes could not be told in it."""
    for _, group in groupby(book.plans, key=lambda plan: plan.id):
        first, *others = group
        pays_in = first.terms.currency or currency
        for other in others:
            found = other.terms.currency or currency
            if found and pays_in and found != pays_in:
                message = (
                    f"is {found}, but the version of {first.terms.effective_from} pays in {pays_in}; "
                    "a plan keeps its currency: give the new one an id of its own"
                )
                yield from other.told(Fault(("currency",), message))


@dataclass(frozen=True)
class _Claim:
    plan: Plan
    position: int
    starts_on: dt.date
    ends_on: dt.date


def _overlaps(book: PlanBook) -> Iterator[str]:
    claims: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    for plan in book.plans:
        for position, entry in enumerate(plan.terms.assign):
            claims[entry.member].append(_Claim(plan, position, plan.terms.effective_from, _last_day(plan, book)))
    for (level, member), claimed in claims.items():
        for one, two in combinations(claimed, 2):
            starts_on, ends_on = max(one.starts_on, two.starts_on), min(one.ends_on, two.ends_on)
            if one.plan.id != two.plan.id and starts_on <= ends_on:
                until = "" if ends_on == dt.date.max else f" to {ends_on}"
                message = (
                    f"{level} {member} has two plans from {starts_on}{until}: {two.plan.id} here "
                    f"and {one.plan.id} "
                    f"in {one.plan.place(('assign', one.position))}; "
                    "end one with effective_to or assign it to others"
                )
                yield from two.plan.told(Fault(("assign", two.position), message))


def _last_day(plan: Plan, book: PlanBook) -> dt.date:
    """The last day a version can be in force: its own, or the day before the next version of the plan."""
    later = [
        version.terms.effective_from
        for version in book.versions(plan.id)
        if version.terms.effective_from > plan.terms.effective_from
    ]
    until = min(later) - dt.timedelta(days=1) if later else dt.date.max
    return min(until, plan.terms.effective_to or dt.date.max)
