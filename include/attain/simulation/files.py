"""What a simulation leaves: a page and two CSV files in one folder; and the scratch folder it works in."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO

from attain.finance.csvfile import write_csv
from attain.simulation.facts import Side
from attain.simulation.figures import Comparison

_SCRATCH = ".work-"
_ALIVE = "alive"
_PAYOUTS = (
    "participant_id,name,team,period,plan,component,type,currency,in_force_earned,draft_earned,in_force_payable,"
    "draft_payable,difference"
).split(",")
_PEOPLE = "participant_id,name,team,currency,in_force_payable,draft_payable,difference,percent,paid_only".split(",")


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """A folder of this process under `root`, removed at the end; what killed simulations left goes first.

    Whether one is still at work is told by the lock it holds, which ends with its process.
    """
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(f"{_SCRATCH}*/{_ALIVE}"):
        with left.open("a", encoding="utf-8") as file:
            if _locked(file):
                shutil.rmtree(left.parent, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=root))
    with (folder / _ALIVE).open("w", encoding="utf-8") as file:
        _locked(file)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_files(work: Path, page: str, language: str, sides: tuple[Side, Side], comparison: Comparison) -> list[Path]:
    """The page and the CSV files, in this order, in the scratch folder `work`."""
    paths = [work / f"simulation.{language}.html", work / "people.csv", work / "payouts.csv"]
    paths[0].write_text(page, encoding="utf-8")
    write_csv(paths[1], _PEOPLE, _people(comparison))
    write_csv(paths[2], _PAYOUTS, _payouts(*sides))
    return paths


def moved(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The files in `folder` (made when absent; older ones are replaced), each at once: a reader sees no half file."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        os.replace(path, folder / path.name)
    return [folder / path.name for path in paths]


def _people(comparison: Comparison) -> Iterator[tuple[object, ...]]:
    for money in comparison.money:
        for change in sorted(money.changes, key=lambda one: one.person.participant):
            person, pay = change.person, change.pay
            yield (
                *(person.participant, person.name, person.team, money.currency),
                *(pay.before, pay.after, pay.difference, pay.percent, change.only),
            )


def _payouts(before: Side, after: Side) -> Iterator[tuple[object, ...]]:
    people = {one.participant: one for one in (*before.people, *after.people)}
    amounts: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for position, side in enumerate((before, after)):
        for one in side.payments:
            found = amounts[one.participant, one.period, one.plan, one.component, one.type, one.currency]
            found[position] += one.earned
            found[position + 2] += one.payable
    for (who, *keys), (earned, earned_draft, paid, paid_draft) in sorted(amounts.items()):
        person = people.get(who)
        name = (person.name, person.team) if person else (who, "")
        yield (who, *name, *keys, earned, earned_draft, paid, paid_draft, paid_draft - paid)
