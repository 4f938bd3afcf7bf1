"""`attain plan simulate` and DAG `simulate_plan`: a draft beside the plans in force, over past months.

It reads the company folder and landing, and writes only under `simulations/` of the state folder; so it takes no lock
and runs beside a run or a close.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attain.company import Company, Period, load_company
from attain.errors import InputError
from attain.fingerprint import inputs_hash
from attain.landing import Batch, Landing
from attain.plans.flatten import flatten
from attain.plans.loader import load_plans
from attain.simulation.draft import Placed, months_of, place, read_draft
from attain.simulation.figures import Comparison, compare
from attain.simulation.files import moved, scratch, write_files
from attain.simulation.page import headlines, print_page, render_page
from attain.simulation.replays import Inputs, Tell, replay_both
from attain.simulation.view import Told, View, view

if TYPE_CHECKING:
    from rich.console import Console

# How many people a list shows on the page and in the terminal; people.csv has everybody.
_ON_PAGE, _IN_TERMINAL = 50, 10
_STEPS = {"data": "Staging, and what both share", "in_force": "The plans in force", "draft": "The draft"}


@dataclass(frozen=True)
class Request:
    """What is simulated: a draft over months like `2026-01..2026-06`, with what was landed by `as_of` (None: all)."""

    company_folder: Path
    home: Path
    draft: Path
    periods: str
    as_of: dt.datetime | None = None
    language: str | None = None


@dataclass(frozen=True)
class Simulated:
    """What came out: the comparison, how it is told, and the files written for it, the page first."""

    comparison: Comparison
    told: Told
    language: str
    files: tuple[Path, ...]

    def view(self, people: int) -> View:
        """The comparison in the simulation's language, with at most so many `people` in a list."""
        return view(self.comparison, self.told, self.language, people)

    def headlines(self) -> list[str]:
        """Cost, how many gain and lose, what to know; nobody's pay."""
        return headlines(self.view(0))


def simulate(request: Request, now: dt.datetime, tell: Tell) -> Simulated:
    """Replays the plans in force and the draft, compares them and writes the files.

    Raises InputError for a draft or months that are wrong, for plans that are not computed, or when nothing was landed.
    """
    company = load_company(request.company_folder)
    months = months_of(company, request.periods, company.day_of(now))
    language = "zh-CN" if (request.language or company.locale).startswith("zh") else "en"
    placed = place(load_plans(company), read_draft(request.draft), months, language)
    batches = Landing(request.home / "landing").batches(as_of=request.as_of)
    if not batches:
        by = f" by {request.as_of.isoformat()}" if request.as_of else ""
        raise InputError(f"Nothing was landed{by}, so there is nothing to simulate with; run `attain run` first.")
    known_at = request.as_of or batches[-1].sealed_at
    root = request.home / "simulations"
    span = _span(months)
    # Where the company's own plans lie everybody knows.
    changes = tuple(line.replace(f"{company.folder}/", "") for line in placed.changes)
    names = _names(placed, language)
    told = Told(company.name, request.draft.name, span, known_at, changes, placed.moved, names)
    folder = root / _name(request.draft, span, _hash(company, batches, placed, span))
    with scratch(root) as work:
        inputs = Inputs(company, request.home, tuple(months), known_at)
        sides = replay_both(inputs, placed, work, lambda step: tell(_STEPS[step]))
        comparison = compare(*sides, [month.key for month in months])
        page = render_page(view(comparison, told, language, _ON_PAGE))
        files = moved(write_files(work, page, language, sides, comparison), folder)
    return Simulated(comparison, told, language, tuple(files))


def answer_simulation(request: Request, now: dt.datetime, console: Console) -> None:
    """Simulate, show the comparison and name the files."""
    done = simulate(request, now, lambda text: console.print(f"{text} ...", style="dim"))
    console.print()
    print_page(done.view(_IN_TERMINAL), console)
    console.print()
    for path in done.files:
        console.print(str(path), soft_wrap=True, markup=False)


def _span(months: list[Period]) -> str:
    return months[0].key if len(months) == 1 else f"{months[0].key}..{months[-1].key}"


def _name(draft: Path, span: str, digest: str) -> str:
    """Readable, and the same for the same inputs, so that a simulation typed twice is one folder."""
    readable = re.sub(r"[^\w]+", "-", draft.resolve().stem).strip("-")[:60]
    return f"{readable or 'draft'}-{span}-{digest[:8]}"


def _hash(company: Company, batches: list[Batch], placed: Placed, span: str) -> str:
    in_force, draft = (flatten(book, company.currency, company.kpis) for book in (placed.in_force, placed.with_draft))
    return inputs_hash(company, batches, draft, inputs_hash(company, batches, in_force, "", span), span)


def _names(placed: Placed, language: str) -> dict[tuple[str, ...], str]:
    """What components are called by plan, id and type, as the draft says where both do."""
    is_chinese = language == "zh-CN"
    return {
        (plan.id, part.id, part.type): part.name.in_chinese(part.id) if is_chinese else part.name.in_english(part.id)
        for plan in (*placed.in_force.plans, *placed.with_draft.plans)
        for part in plan.terms.components
        if part.name
    }
