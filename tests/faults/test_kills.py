"""`kill -9` in a run and in a close, ten times in a row in one state folder; the long form is `long_kills.py`."""

from __future__ import annotations

import pytest
from tests.faults import children, world
from tests.faults.points import POINTS, Point
from tests.faults.world import World

pytestmark = pytest.mark.slow

CHOSEN = (
    "landing: rows written, file not ended",
    "landing: sealed, before the rename",
    "begin: the warehouse is there, the run's record not",
    "stage: amid the models",
    "pay: amid the models",
    "publish: after the fifth Parquet file",
    "publish: after the pointer",
    "ledger: before the fourth file",
    "ledger: after the rename",
    "publish: sealed, before the rename",
)


def named(name: str) -> Point:
    return next(point for point in POINTS if point.name == name)


def test_points_have_names_of_their_own_and_there_are_forty_of_them() -> None:
    assert len({point.name for point in POINTS}) == len(POINTS) >= 40


def test_after_ten_kills_in_a_row_everything_is_whole_and_ends_as_if_undisturbed(january: World) -> None:
    seen = []
    for name in CHOSEN:
        point = named(name)
        job = january.job(point=point, run=point.during == "run", close=point.during == "close")
        assert children.finish(job) == children.KILLED, f"{name}: was not passed"
        seen.append(world.whole(january))
    assert seen == [
        *[("before", False)] * 6,
        *[("after run", False)] * 2,
        *[("after run", True)] * 2,
    ]
    world.end(january)
