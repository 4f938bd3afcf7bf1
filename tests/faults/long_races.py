"""Two hundred races, and twenty thousand looks during two hundred publications; part of `make faults`."""

from __future__ import annotations

from pathlib import Path

from tests.faults import racing


def test_in_two_hundred_races_one_writes_and_the_others_are_told_who(tmp_path: Path) -> None:
    racing.were_fair(racing.races(tmp_path, 200, seed=7), 200)


def test_twenty_thousand_looks_during_two_hundred_publications_show_whole_sets(home: Path, tmp_path: Path) -> None:
    found = racing.readings(home, tmp_path / "runs", readers=4, looks=5_000, publications=200)
    assert [one.faults for one in found] == [()] * 4
    assert sum(one.looks for one in found) >= 20_000
    assert min(one.sets for one in found) > 10
