"""Two hundred races, two hundred for one close, twenty thousand looks during two hundred publications; part of
`make faults`."""

from __future__ import annotations

from pathlib import Path

from tests.faults import closing_races, racing
from tests.faults.world import World


def test_in_two_hundred_races_one_writes_and_the_others_are_told_who(tmp_path: Path) -> None:
    racing.were_fair(racing.races(tmp_path, 200, seed=7), 200)


def test_twenty_thousand_looks_during_two_hundred_publications_show_whole_sets(home: Path, tmp_path: Path) -> None:
    found = racing.readings(home, tmp_path / "runs", readers=4, looks=5_000, publications=200)
    assert [one.faults for one in found] == [()] * 4
    assert sum(one.looks for one in found) >= 20_000
    assert min(one.sets for one in found) > 10


def test_in_two_hundred_races_and_double_submissions_the_month_is_closed_once_each(january: World) -> None:
    tally = closing_races.races(january, 200, seed=11)
    closing_races.tell(tally)
    assert tally.told >= 200 - tally.made_after_the_race
    assert tally.busy >= 100
    assert tally.closed_before >= 10
