"""Races for one state folder: commands of every kind at once, and readers while sets are published."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import children
from tests.unit import test_publish_set as small_sets

from attain.errors import Busy
from attain.writer_lock import WriterLock

KINDS = ("scheduler", "backfill", "command line", "close")
_PATIENCE = 1800.0


@dataclass(frozen=True)
class Entry:
    """How one contender of a race fared: it wrote, or it left with a sentence."""

    race: int
    who: str
    wrote: bool
    sentence: str


def races(home: Path, count: int, seed: int) -> list[Entry]:
    """Four contenders, one of each kind, start at once, again and again, each race in a state folder of its own."""
    context = children.context()
    barrier, results = context.Barrier(len(KINDS)), context.Queue()
    contenders = [
        context.Process(target=_contend_often, args=(home, kind, count, seed + number, barrier, results))
        for number, kind in enumerate(KINDS)
    ]
    for contender in contenders:
        contender.start()
    entries = [results.get(timeout=_PATIENCE) for _ in range(count * len(KINDS))]
    for contender in contenders:
        contender.join()
    return entries


def _contend_often(home: Path, who: str, count: int, seed: int, barrier: Any, results: Any) -> None:
    dice = random.Random(seed)
    for number in range(count):
        barrier.wait(_PATIENCE)
        results.put(_contend(home / f"{number:03}", number, who, dice))


def _contend(home: Path, number: int, who: str, dice: random.Random) -> Entry:
    lock = WriterLock(home)
    time.sleep(dice.uniform(0, 0.004))
    try:
        if who in ("scheduler", "backfill"):
            lock.acquire(who, hand_over=True)
            for _ in range(3):
                lock.renew(who)
                _work(home, dice)
            lock.release(who)
        else:
            with lock.held(who):
                _work(home, dice)
    except Busy as error:
        return Entry(number, who, False, str(error))
    except Exception as error:
        return Entry(number, who, False, f"{type(error).__name__}: {error}")
    return Entry(number, who, True, "")


def _work(home: Path, dice: random.Random) -> None:
    """Writes alone, or fails: the mark of somebody at work must not be there yet."""
    mark = home / "at-work"
    os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    time.sleep(dice.uniform(0, 0.004))
    mark.unlink()


def were_fair(entries: list[Entry], count: int) -> None:
    """In every race somebody wrote, and whoever did not was told by whom the folder was taken."""
    assert {entry.race for entry in entries if entry.wrote} == set(range(count))
    refused = [entry for entry in entries if not entry.wrote]
    assert refused, "nobody ever met another: these were no races"
    for entry in refused:
        told = re.match(r"(.+?) is at work on this state folder \(process \d+ on ", entry.sentence)
        assert told, entry
        assert told[1] in set(KINDS) - {entry.who}, entry


@dataclass(frozen=True)
class Readings:
    """What a reader saw: how often it looked, how many different sets, and whatever was wrong."""

    looks: int
    sets: int
    faults: tuple[str, ...]


def readings(home: Path, runs: Path, *, readers: int, looks: int, publications: int) -> list[Readings]:
    """Readers look, `looks` times each and until the last of the publications, while sets come and go."""
    context = children.context()
    done, results = context.Event(), context.Queue()
    publish(home, runs, 0)
    people = [context.Process(target=_read, args=(home, looks, done, results)) for _ in range(readers)]
    for person in people:
        person.start()
    for number in range(1, publications + 1):
        publish(home, runs, number)
    done.set()
    found = [results.get(timeout=_PATIENCE) for _ in people]
    for person in people:
        person.join()
    return found


def publish(home: Path, runs: Path, number: int) -> None:
    """A set in which every amount is its number; twenty minutes pass between two, so that old sets are collected."""
    run = small_sets.build_run(runs / str(number), payable=str(number))
    now = small_sets.NOW + dt.timedelta(minutes=20 * number)
    small_sets.publish(run, home, keep=3, now=now)


def _read(home: Path, looks: int, done: Any, results: Any) -> None:
    faults: list[str] = []
    seen: set[str] = set()
    count = 0
    while (count < looks or not done.is_set()) and not faults:
        try:
            seen |= _look(home)
        except Exception as error:
            faults.append(f"{type(error).__name__}: {error}")
        count += 1
    results.put(Readings(count, len(seen), tuple(faults)))


def _look(home: Path) -> set[str]:
    """Opens what is published as a BI tool does: the database through its link, and the files of one set beside it."""
    import duckdb

    with duckdb.connect(str(home / "published" / "attain.duckdb"), read_only=True) as con:
        amounts = {row[0] for row in con.execute("select payable::varchar from marts.commission_table").fetchall()}
    folder = (home / "published" / "current").resolve()
    with duckdb.connect(str(folder / "attain.duckdb"), read_only=True) as con:
        beside = {row[0] for row in con.execute("select payable::varchar from marts.commission_table").fetchall()}
        path = {"path": str(folder / "parquet" / "commission_table.parquet")}
        rows = con.execute("select payable::varchar from read_parquet($path)", path).fetchall()
    if len(amounts) != 1 or len(beside) != 1 or beside != {row[0] for row in rows} or len(rows) != 3:
        raise AssertionError(f"mixed: {amounts}, {beside}, {rows}")
    return amounts
