"""`kill -9` in a run, a close and a rejection, many in a row in one state folder; the long form is `long_kills.py`."""

from __future__ import annotations

import pytest
from tests.faults import children, world
from tests.faults.points import CLOSE_POINTS, POINTS, REJECTION_POINTS, Point
from tests.faults.world import World

from attain.approval import rejections

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


def test_points_have_names_of_their_own_and_thirty_of_them_are_steps_of_a_close() -> None:
    names = [point.name for point in (*POINTS, *REJECTION_POINTS)]
    assert len(set(names)) == len(names)
    assert len(POINTS) >= 60
    assert len(CLOSE_POINTS) == 30


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


def test_a_rejection_killed_anywhere_is_recorded_whole_or_not_at_all(january: World) -> None:
    january.reset(january.ran)
    home = january.place.home
    recorded = []
    for point in REJECTION_POINTS:
        job = january.job(run=False, reject=True, set_hash="ab" * 32, point=point)
        assert children.finish(job) == children.KILLED, f"{point.name}: was not passed"
        recorded.append(len(rejections(home)))
    assert recorded == [0, 0, 0, 0, 1]
    world.finished(january.job(run=False, reject=True, set_hash="ab" * 32))
    assert sorted(path.name for path in (home / "approvals").iterdir()) == [
        "2025-01-abababababab-1.json",
        "2025-01-abababababab-2.json",
    ]
    assert world.whole(january) == ("after run", False)
