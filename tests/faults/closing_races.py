"""Races for one close: the same month submitted by several at once and twice in a row, and runs in between.

Two processes submit; before each race the state is put back to where January is computed and open.
"""

from __future__ import annotations

import random
import re
import time
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from unittest import mock

from tests.faults import children, world
from tests.faults.world import LATER, NOW, PERIOD, World

from attain import closing, environment, pipeline, sealed
from attain.approval import APPROVED, Approval
from attain.errors import AttainError
from attain.ledger import Ledger

CLOSE, CLOSE_SET, ANSWER, RUN = "close", "close of the set", "answer in Airflow", "run"
# What each of the two submits, one after the other; two of the same in a row are a double click.
RACES = (
    ((CLOSE,), (CLOSE,)),
    ((CLOSE_SET,), (CLOSE_SET,)),
    ((CLOSE, CLOSE), (CLOSE_SET, CLOSE)),
    ((CLOSE_SET, CLOSE_SET), (ANSWER, ANSWER)),
    ((CLOSE, CLOSE_SET), (RUN, CLOSE)),
)
# The closed state is computed and published in every so many-th race only: it takes ten times as long as the booking,
# and two that come after it meet no other than two that come after the booking.
WHOLE_EVERY = 6
# Why a submission may be refused: somebody is at work, who is named, or the month is closed, by whom and when.
_REASONS = (
    rf"(attain (close|run) {PERIOD} \(2025-03-03 \d\d:00:00\)|close_period answered) is at work on this state folder "
    r"\(process \d+ on .+, since .+\)\. Wait until it has ended and start again; nothing was changed\.",
    rf"Period {PERIOD} was closed on 2025-03-03T\d\d:00 by Dana; a booked close stands\. "
    r"Corrections are booked in the open period\.",
)
_PATIENCE = 1800.0


@dataclass(frozen=True)
class Entry:
    """How one submission fared: the close it was told, or the sentence it was refused with; a run has neither."""

    who: str
    what: str
    close_id: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Tally:
    """What came of the races: how many, submissions that were told the close, refusals by reason, closes made later."""

    races: int
    told: int
    busy: int
    closed_before: int
    made_after_the_race: int


def races(prepared: World, count: int, seed: int) -> Tally:
    """Holds so many races and judges each: one close, whole, the same as undisturbed, refusals with their reasons."""
    context = children.context()
    barrier, results = context.Barrier(3), context.Queue()
    set_hash = world.current(prepared.ran.home).hash
    contenders = [
        context.Process(target=_contend_often, args=(prepared, number, count, seed, set_hash, barrier, results))
        for number in (0, 1)
    ]
    for contender in contenders:
        contender.start()
    held = []
    for race in range(count):
        prepared.reset(prepared.ran)
        barrier.wait(_PATIENCE)
        expected = sum(len(submissions) for submissions in RACES[race % len(RACES)])
        entries = [results.get(timeout=_PATIENCE) for _ in range(expected)]
        held.append((entries, _closed_once(prepared, entries, _is_whole(race))))
    for contender in contenders:
        contender.join()
    refusals = [entry.refusal for entries, _ in held for entry in entries if entry.refusal]
    busy = sum("is at work" in refusal for refusal in refusals)
    told = sum(bool(entry.close_id) for entries, _ in held for entry in entries)
    return Tally(count, told, busy, len(refusals) - busy, sum(is_late for _, is_late in held))


def _contend_often(
    prepared: World, number: int, count: int, seed: int, set_hash: str, barrier: Any, results: Any
) -> None:
    environment.apply(prepared.place.home)
    dice = random.Random(seed + number)
    for race in range(count):
        barrier.wait(_PATIENCE)
        # Mostly neck and neck; now and then one comes while the other is somewhere in the middle, or done.
        time.sleep(dice.uniform(0, 0.004) if dice.random() < 0.7 else dice.uniform(0, 3))
        with nullcontext() if _is_whole(race) else mock.patch.object(closing, "_publish"):
            for what in RACES[race % len(RACES)][number]:
                results.put(_submit(prepared, f"contender {number}", what, set_hash))


def _is_whole(race: int) -> bool:
    return race % WHOLE_EVERY == 0


def _submit(prepared: World, who: str, what: str, set_hash: str) -> Entry:
    company, home = prepared.place.company, prepared.place.home
    try:
        if what == RUN:
            pipeline.run_all(company, home, PERIOD, None, LATER)
            return Entry(who, what)
        if what == ANSWER:
            answer = Approval(PERIOD, set_hash, APPROVED, "Dana", who, NOW.isoformat(), "DAG close_period")
            booked = closing.close_approved(company, home, answer, "close_period answered", NOW)
        else:
            named = set_hash if what == CLOSE_SET else None
            booked = closing.close_period(company, home, PERIOD, "Dana", named, NOW, prepared_by=who)
    except AttainError as error:
        return Entry(who, what, refusal=str(error))
    except Exception as error:
        return Entry(who, what, refusal=f"{type(error).__name__}: {error}")
    return Entry(who, what, close_id=booked.close_id)


def _closed_once(prepared: World, entries: list[Entry], is_whole: bool) -> bool:
    """Judges a race; says whether the month had to be closed after it, because a run had kept every close out."""
    for entry in entries:
        assert not entry.refusal or any(re.fullmatch(reason, entry.refusal) for reason in _REASONS), entry
    home = prepared.place.home
    is_late = not world.booked(home)
    if is_late:
        assert RUN in {entry.what for entry in entries}, entries
        world.finished(prepared.job(run=False, close=True))
    (close,) = Ledger(home / "ledger").verify()
    assert {entry.close_id for entry in entries if entry.close_id} <= {close.close_id}
    if not is_late:
        winner = sealed.read(close.folder)["approval"]["prepared_by"]
        assert winner in {entry.who for entry in entries if entry.close_id}, entries
    seen, is_booked = world.whole(prepared)
    assert is_booked
    assert seen == "after close" or not (is_whole or is_late)
    (files,) = (home / "closes").iterdir()
    assert sealed.verify(files)["close_id"] == close.close_id
    assert world.leftovers(home) == []
    return is_late


def tell(tally: Tally) -> None:
    """The figures of the long form, for whoever reads along (`pytest -s`)."""
    print(
        f"\n{tally.races} races: {tally.told} submissions were told the close, {tally.busy} that somebody is at work, "
        f"{tally.closed_before} that it is closed; {tally.made_after_the_race} closes were made after the race"
    )
