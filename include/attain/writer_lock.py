"""One writer per state folder: runs, backfills and closes of a company take turns.

Airflow's own limit does not see the command line or backfills, and a run's stages are separate processes there; so the
lock is a record that names its holder, and each stage renews it under its own process id.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock

from attain.errors import Busy

# Between two stages of a scheduled run no process holds the lock; the next stage starts within seconds.
HANDOVER_SECONDS = 300.0


class WriterLock:
    """The writer lock of one state folder."""

    def __init__(self, home: Path) -> None:
        self.path = home / "writer.json"
        self._guard = FileLock(str(home / "writer.guard"))

    def acquire(self, holder: str, *, hand_over: bool = False) -> None:
        """Take the lock for `holder` (a run's label). Raises Busy naming the holder when it is taken.

        `hand_over`: later stages of the holder run in other processes (a scheduled run), so the lock outlives this one.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard:
            record = self._read()
            # The same command typed twice in one second has the same name, but only a scheduled run changes process.
            own = record and record["holder"] == holder and (hand_over or record["pid"] == os.getpid())
            if record and not own and _is_alive(record):
                raise Busy(
                    f"{record['holder']} is at work on this state folder (process {record['pid']} on {record['host']}, "
                    f"since {record['since']}). Wait until it has ended and start again; nothing was changed."
                )
            self._write(holder, hand_over)

    def renew(self, holder: str) -> None:
        """A later stage of `holder` takes over. Raises Busy when the lock was lost to somebody else meanwhile."""
        with self._guard:
            record = self._read()
            if record and record["holder"] != holder:
                raise Busy(f"{holder} was interrupted and {record['holder']} has started since; start the run again.")
            self._write(holder, bool(record and record["hand_over"]))

    def release(self, holder: str) -> None:
        """Give the lock back; nothing happens when somebody else holds it."""
        with self._guard:
            record = self._read()
            if record and record["holder"] == holder:
                self.path.unlink(missing_ok=True)

    @contextmanager
    def held(self, holder: str) -> Iterator[None]:
        """Hold the lock for a block of work in this process."""
        self.acquire(holder)
        try:
            yield
        finally:
            self.release(holder)

    def _read(self) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            return record
        except (OSError, ValueError):
            return None

    def _write(self, holder: str, hand_over: bool) -> None:
        record = {
            "holder": holder,
            "pid": os.getpid(),
            "pid_started": psutil.Process().create_time(),
            "host": socket.gethostname(),
            "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "touched": time.time(),
            "hand_over": hand_over,
        }
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(record), encoding="utf-8")
        fresh.replace(self.path)


def _is_alive(record: dict[str, Any]) -> bool:
    if record["hand_over"] and time.time() - record["touched"] < HANDOVER_SECONDS:
        return True
    if record["host"] != socket.gethostname():
        return True
    try:
        return bool(abs(psutil.Process(record["pid"]).create_time() - record["pid_started"]) < 1)
    except psutil.Error:
        return False
