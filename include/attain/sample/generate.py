"""`attain sample`: write a believable company, the same bytes for the same arguments."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from attain.errors import InputError
from attain.sample import deal_files, field_files, finance_files, goals, market, people_files, staff_files
from attain.sample.company_files import write_company_files
from attain.sample.delivery import Delivery
from attain.sample.dirt import QUARANTINED, SUPERSEDED, DirtyRows
from attain.sample.dispute_files import Askers
from attain.sample.files import Inbox
from attain.sample.pipeline import PART_SIZE, Deals, Pipeline, first_deals
from attain.sample.scale import DEALS_PER_PERSON_AND_MONTH, Scale
from attain.sample.staff import hire_staff

# Called with what is being written, how much of it is done and how much there is.
Progress = Callable[[str, int, int], None]

_HISTORY = "deals/0_history"
_FIRST_HISTORY_NUMBER = 90_000_000
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class SampleSummary:
    """What was written.

    `rows`: delivered data rows per file of the inbox (`stream` or `stream/part`), dirty ones included.
    `dirty`: every unusual row, counted by stream and kind, with where it must end and by which rule.
    """

    folder: Path
    seed: int
    people: int
    months: int
    deals: int
    first_day: dt.date
    until: dt.date
    first_period: str
    rows: dict[str, int]
    dirty: tuple[DirtyRows, ...]

    @property
    def rows_by_stream(self) -> dict[str, int]:
        """Delivered data rows per stream."""
        counts: Counter[str] = Counter()
        for name, count in self.rows.items():
            counts[name.split("/")[0]] += count
        return dict(sorted(counts.items()))

    def quarantined(self) -> dict[tuple[str, str], int]:
        """Rows that must be quarantined, per stream and rule."""
        return self._ending_in(QUARANTINED)

    def superseded(self) -> dict[str, int]:
        """Rows that must be superseded, per stream."""
        return {stream: count for (stream, _), count in self._ending_in(SUPERSEDED).items()}

    def _ending_in(self, outcome: str) -> dict[tuple[str, str], int]:
        counts: Counter[tuple[str, str]] = Counter()
        for row in self.dirty:
            if row.outcome == outcome:
                counts[row.stream, row.rule] += row.rows
        return dict(counts)


def generate(
    folder: Path,
    *,
    until: dt.date,
    seed: int = 7,
    people: int = 60,
    months: int = 24,
    deals: int | None = None,
    dirty: bool = True,
    parquet: bool = False,
    progress: Progress | None = None,
) -> SampleSummary:
    """Write a sample company into `folder`; the same arguments give the same bytes.

    `until` is the last day of the window (the end of a month). `deals` counts the deals decided in its months
    or still open after them (default 4 per person and month); customers of old add one early deal each.
    `parquet` writes the inbox as Parquet instead of CSV. `progress` is called with what, done, and total.
    Raises InputError when the folder holds anything, cannot be written, or an argument is out of range.
    """
    wanted = people * months * DEALS_PER_PERSON_AND_MONTH if deals is None else deals
    scale = Scale(seed, people, months, wanted, until, dirty)
    rows, account = _build(folder, scale, parquet, progress or _silent)
    first_day, first_period = scale.first_day, scale.first_period
    return SampleSummary(folder, seed, people, months, wanted, first_day, until, first_period, rows, account)


def _build(
    folder: Path, scale: Scale, parquet: bool, progress: Progress
) -> tuple[dict[str, int], tuple[DirtyRows, ...]]:
    """Write the whole company, or nothing; gives the rows per file and the account of dirt."""
    building = _prepare(folder)
    try:
        inbox = Inbox(building / "inbox", parquet=parquet, is_text=scale.dirty)
        account = _Run(scale, inbox, progress).write()
        inbox.close()
        write_company_files(building, scale)
        _move_into_place(building, folder)
    except OSError as error:
        raise InputError(f"The sample company cannot be written into {folder}: {error}.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return dict(inbox.rows), account


def _silent(what: str, done: int, total: int) -> None:
    """No progress wanted."""


def _prepare(folder: Path) -> Path:
    """The folder to build in, inside `folder`; what an interrupted run left there is removed."""
    building = folder / _UNFINISHED
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(building, ignore_errors=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder} is not empty; give a new or an empty folder for the sample company.")
        building.mkdir()
    except OSError as error:
        raise InputError(f"{folder} cannot be made or written: {error}.") from error
    return building


def _move_into_place(building: Path, folder: Path) -> None:
    """Move everything up; company.yml last, because it is what makes the folder a company."""
    for path in sorted(building.iterdir(), key=lambda path: (path.name == "company.yml", path.name)):
        path.rename(folder / path.name)


@dataclass
class _Run:
    """One generation under way."""

    scale: Scale
    inbox: Inbox
    progress: Progress
    _won_yuan: int = field(default=0, init=False)
    _won_count: int = field(default=0, init=False)

    def write(self) -> tuple[DirtyRows, ...]:
        """Write every stream; gives the account of dirt."""
        self.staff = hire_staff(self.scale)
        self.pipeline = Pipeline(self.scale, self.staff)
        self.delivery = Delivery(self.scale, self.inbox)
        self.askers = Askers(self.scale, self.staff)
        self.delivery.rows("participants", staff_files.participants(self.staff))
        self.delivery.rows("teams", staff_files.teams(self.staff))
        self.delivery.rows("absences", staff_files.absences(self.staff))
        self.delivery.rows("products", market.products())
        self.delivery.rows("fx_rates", market.fx_rates(self.scale))
        self.delivery.rows("market_sizes", market.market_sizes(self.scale))
        self._write_history()
        self._write_months()
        self._write_people()
        return self.delivery.finish()

    def _write_history(self) -> None:
        number = _FIRST_HISTORY_NUMBER
        for team in range(len(self.staff.team_regions)):
            deals = first_deals(self.scale, self.staff, team, number)
            number += len(deals)
            none = np.zeros(len(deals), dtype=np.int64)
            table = deal_files.deals_table(deals, none + len(deal_files.STAGES) - 1, none)
            self.inbox.write(_HISTORY, table)

    def _write_months(self) -> None:
        done = 0
        for month, count in enumerate(self.scale.deals_per_month):
            for part, first in enumerate(range(0, count, PART_SIZE)):
                size = min(PART_SIZE, count - first)
                self._write_deals(month, part, done + 1, size)
                done += size
                self.progress("deals", done, self.scale.deals)
            if month < self.scale.months:
                activities = field_files.presales_activities(self.scale, self.staff, month)
                self.delivery.rows("activities", activities)

    def _write_deals(self, month: int, part: int, first_number: int, count: int) -> None:
        key = month * 1000 + part
        deals = self.pipeline.make(month, part, first_number, count)
        self._won_yuan += _yuan(deals.won)
        self._won_count += len(deals.won)
        reached = deal_files.standing(self.scale, deals, key)
        cancelled = finance_files.cancellations(self.scale, deals, key)
        self.delivery.deals(deals, reached, cancelled, key)
        who, engineers = self.pipeline.sellers(month), self.pipeline.sellers(month, "se")
        self.delivery.rows("deal_splits", deal_files.splits_table(self.scale, deals, who, engineers, key))
        self.delivery.rows("deal_lines", deal_files.lines_table(deals))
        self._write_finance(deals.won, key)
        if part == 0:
            self.askers.hear(month, deals.won)
        is_detailed = deals.number % (100 // self.scale.detail_percent) == 0
        self._write_details(month, deals.where(is_detailed), reached[is_detailed], key)

    def _write_finance(self, won: Deals, key: int) -> None:
        bills = finance_files.bill(self.scale, won, key)
        self.delivery.invoices(finance_files.invoices_table(bills))
        self.delivery.rows("payments", finance_files.payments_table(self.scale, bills, key))
        self.delivery.credit_notes(finance_files.credit_notes_table(self.scale, bills, key))
        self.delivery.rows("renewals", finance_files.renewals_table(self.scale, won, key))

    def _write_details(self, month: int, deals: Deals, reached: np.ndarray, key: int) -> None:
        developers = self.pipeline.sellers(month, "sdr")
        self.delivery.rows("deal_stages", deal_files.stages_table(self.scale, deals, reached, key))
        self.delivery.rows("leads", deal_files.leads_table(self.scale, deals, developers, key))
        self.delivery.rows("activities", field_files.deal_activities(self.scale, deals, key))
        surveys = field_files.customer_surveys(self.scale, self.staff, deals.won, key)
        self.delivery.rows("survey_responses", surveys)

    def _write_people(self) -> None:
        value = self._won_yuan // max(1, self._won_count)
        self.delivery.rows("targets", goals.targets(self.scale, self.staff, value))
        self.delivery.rows("survey_responses", people_files.reviews(self.scale, self.staff))
        self.delivery.rows("training", people_files.training(self.scale, self.staff))
        self.delivery.rows("objectives", people_files.objectives(self.scale, self.staff))
        self.delivery.rows("coaching", people_files.coaching(self.scale, self.staff))
        self.delivery.rows("disputes", self.askers.table())
        for team, prospects in enumerate(self.pipeline.prospects.tolist()):
            owners = self._owners_in(team)
            self.delivery.rows("accounts", market.accounts(self.scale, self.staff, team, prospects, owners))

    def _owners_in(self, team: int) -> list[int]:
        """Who looks after a team's accounts at the end: its sellers, without any its manager."""
        who = self.pipeline.sellers(self.scale.months - 1)
        return who.people[who.teams == team].tolist() or [self.staff.managers[team][-1][1]]


def _yuan(won: Deals) -> int:
    """The amounts of won deals in whole yuan at the price list's rates."""
    rates = np.asarray(market.PRICE_LIST_RATES, dtype=np.int64)[won.currency]
    return int((won.amount * rates // 10_000).sum())
