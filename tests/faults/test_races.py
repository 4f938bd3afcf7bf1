"""Everybody at once: one writes, the others are told by whom they wait; readers never notice. Short form."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.faults import children, closing_races, racing, world
from tests.faults.world import World

from attain import writer_lock
from attain.errors import Busy
from attain.writer_lock import WriterLock

pytestmark = pytest.mark.slow


def test_in_a_race_one_writes_and_the_others_are_told_who(tmp_path: Path) -> None:
    racing.were_fair(racing.races(tmp_path, 40, seed=1), 40)


def test_readers_never_see_an_error_or_a_mixed_set_while_sets_are_published(home: Path, tmp_path: Path) -> None:
    found = racing.readings(home, tmp_path / "runs", readers=4, looks=50, publications=10)
    assert [one.faults for one in found] == [()] * 4
    assert sum(one.looks for one in found) >= 200


def test_of_two_runs_and_a_close_at_once_one_goes_through_and_the_result_is_whole(january: World) -> None:
    started = [children.start(january.job(run=run, close=not run)) for run in (True, True, False)]
    for child in started:
        child.join()
    codes = sorted(child.exitcode for child in started)
    assert codes in ([0, 2, 2], [0, 0, 2]), "one writes, the others leave; late starters may find it free again"
    seen, booked = world.whole(january)
    assert seen in ("before", "after run", "after close")
    if not booked:
        world.finished(january.job(now=world.LATER))
        assert world.whole(january) == ("after run", False)


def test_a_month_submitted_by_several_at_once_and_twice_in_a_row_is_closed_once(january: World) -> None:
    tally = closing_races.races(january, len(closing_races.RACES), seed=5)
    assert tally.told >= len(closing_races.RACES) - tally.made_after_the_race
    assert tally.busy >= 1


@pytest.mark.parametrize("jump", [-7200.0, 7200.0])
def test_a_clock_that_jumps_does_not_let_a_second_writer_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    WriterLock(home).acquire("run one", hand_over=True)
    real = time.time
    monkeypatch.setattr(writer_lock.time, "time", lambda: real() + jump)
    with pytest.raises(Busy, match="run one is at work"):
        WriterLock(home).acquire("run two")


def test_a_dead_writer_of_another_host_does_not_block_for_good(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_lock.socket, "gethostname", lambda: "container-1")
    gone = children.context().Process(target=_take_and_die, args=(home,))
    gone.start()
    gone.join()
    monkeypatch.setattr(writer_lock.socket, "gethostname", lambda: "container-2")
    WriterLock(home).acquire("next")


def _take_and_die(home: Path) -> None:
    WriterLock(home).acquire("dead")
