"""One writer per state folder: runs, backfills and closes of a company take turns.

Airflow's own limit does not see the command line or backfills, and a run's stages are separate processes there; so the
lock is a record that names its holder, and each stage renews it under its own process id. Whether the holder is alive
is not read from the record: the process at work holds a lock of the operating system, which ends with it however it
ends. Process ids come back, clocks jump and a container gets a new host name; that lock knows better.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from attain.errors import Busy

# Between two stages of a scheduled run no process holds the lock; the next stage starts within seconds.
HANDOVER_SECONDS = 300.0

# What this process holds, by path: the descriptor that keeps the lock, and the process that took it (a fork has both,
# but is not the holder).
_held: dict[Path, tuple[int, int]] = {}


class WriterLock:
    """The writer lock of one state folder."""

    def __init__(self, home: Path) -> None:
        self.path = home / "writer.json"
        self._alive = home.absolute() / "writer.alive"
        self._guard = FileLock(str(home / "writer.guard"))

    def acquire(self, holder: str, *, hand_over: bool = False) -> None:
        """Take the lock for `holder` (a run's label). Raises Busy naming the holder when it is taken.

        `hand_over`: later stages of the holder run in other processes (a scheduled run), so the lock outlives this one.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard:
            record = self._read()
            # The same command typed twice in one second has the same name, but only a scheduled run changes process.
            own = bool(record and record["holder"] == holder and (hand_over or record["pid"] == os.getpid()))
            if not (own if self._is_mine() else self._take()):
                raise Busy(_at_work(record))
            if record and not own and _is_between_stages(record):
                self._let_go()
                raise Busy(_at_work(record))
            self._write(holder, hand_over)

    def renew(self, holder: str) -> None:
        """A later stage of `holder` takes over, also after the lock was given back: a failed stage is run again.

        Raises Busy when the lock was lost to somebody else meanwhile, or while the stage's former process still works.
        """
        with self._guard:
            record = self._read()
            if record and record["holder"] != holder:
                raise Busy(f"{holder} was interrupted and {record['holder']} has started since; start the run again.")
            if not self._is_mine() and not self._take():
                raise Busy(_at_work(record))
            self._write(holder, hand_over=True)

    def release(self, holder: str) -> None:
        """Give the lock back; nothing happens when somebody else holds it."""
        with self._guard:
            record = self._read()
            if record and record["holder"] == holder:
                self.path.unlink(missing_ok=True)
                self._let_go()

    def holder(self) -> str | None:
        """Who is at work now, None when nobody is; takes nothing. A scheduled run counts between its stages too."""
        record = self._read()
        if not self._is_mine() and (not self._alive.exists() or self._take()):
            self._let_go()
            return str(record["holder"]) if record and _is_between_stages(record) else None
        return str(record["holder"]) if record else "an unnamed process"

    @contextmanager
    def held(self, holder: str) -> Iterator[None]:
        """Hold the lock for a block of work in this process."""
        self.acquire(holder)
        try:
            yield
        finally:
            self.release(holder)

    def _is_mine(self) -> bool:
        return _held.get(self._alive, (0, 0))[1] == os.getpid()

    def _take(self) -> bool:
        """Lock the file of the living; False when another process holds it."""
        descriptor = os.open(self._alive, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        _held[self._alive] = (descriptor, os.getpid())
        return True

    def _let_go(self) -> None:
        if self._is_mine():
            os.close(_held.pop(self._alive)[0])

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
            "host": socket.gethostname(),
            "since": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "touched": time.time(),
            "hand_over": hand_over,
        }
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(record), encoding="utf-8")
        fresh.replace(self.path)


def _is_between_stages(record: dict[str, Any]) -> bool:
    # A clock that jumped, either way, must not keep the lock for a run that is gone.
    return bool(record["hand_over"]) and abs(time.time() - record["touched"]) < HANDOVER_SECONDS


def _at_work(record: dict[str, Any] | None) -> str:
    if record is None:
        return "Another process is at work on this state folder. Wait until it has ended and start again."
    return (
        f"{record['holder']} is at work on this state folder (process {record['pid']} on {record['host']}, "
        f"since {record['since']}). Wait until it has ended and start again; nothing was changed."
    )
