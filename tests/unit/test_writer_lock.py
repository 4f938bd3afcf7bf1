"""One writer at a time: a second one leaves with the name of the first, a dead one is replaced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from attain.errors import Busy
from attain.writer_lock import HANDOVER_SECONDS, WriterLock


def test_a_second_writer_is_told_who_is_at_work(home: Path) -> None:
    WriterLock(home).acquire("run one")
    with pytest.raises(Busy, match=f"run one is at work on this state folder .process {os.getpid()} "):
        WriterLock(home).acquire("run two")


def test_the_lock_is_free_again_after_the_block_also_when_it_failed(home: Path) -> None:
    with pytest.raises(RuntimeError), WriterLock(home).held("run one"):
        raise RuntimeError
    WriterLock(home).acquire("run two")


def test_a_writer_that_was_killed_does_not_block_the_next(home: Path) -> None:
    code = (
        "from attain.writer_lock import WriterLock; from pathlib import Path; "
        f"WriterLock(Path({str(home)!r})).acquire('dead')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert json.loads((home / "writer.json").read_text())["holder"] == "dead"
    WriterLock(home).acquire("next")
    assert json.loads((home / "writer.json").read_text())["holder"] == "next"


def test_between_two_stages_of_a_scheduled_run_nobody_else_gets_in(home: Path) -> None:
    code = (
        "from attain.writer_lock import WriterLock; from pathlib import Path; "
        f"WriterLock(Path({str(home)!r})).acquire('scheduled', hand_over=True)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(Busy, match="scheduled is at work"):
        WriterLock(home).acquire("other")
    WriterLock(home).renew("scheduled")
    record = json.loads((home / "writer.json").read_text())
    assert (record["pid"], record["hand_over"]) == (os.getpid(), True)


def test_a_scheduled_run_whose_stages_stopped_coming_loses_the_lock(home: Path) -> None:
    code = (
        "from attain.writer_lock import WriterLock; from pathlib import Path; "
        f"WriterLock(Path({str(home)!r})).acquire('scheduled', hand_over=True)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    record = json.loads((home / "writer.json").read_text())
    record["touched"] = time.time() - HANDOVER_SECONDS - 1
    (home / "writer.json").write_text(json.dumps(record))
    WriterLock(home).acquire("other")
    with pytest.raises(Busy, match="scheduled was interrupted and other has started since"):
        WriterLock(home).renew("scheduled")


def test_only_the_holder_gives_the_lock_back(home: Path) -> None:
    WriterLock(home).acquire("run one")
    WriterLock(home).release("run two")
    with pytest.raises(Busy):
        WriterLock(home).acquire("run three")
