"""Where a run and a close are struck: by what they do to the disk, by what they tell, by a function they call.

Nothing in the product knows of these points. A trap is laid in a process made for it: it sees every change of a name
on the disk, every step and model the run tells of, and the calls named here, and strikes at the chosen one.
"""

from __future__ import annotations

import fnmatch
import importlib
import io
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BALLAST = "ballast"
When = Literal["before", "after"]
# What changes names on the disk, and which argument is the name that counts.
_DISK = {"mkdir": 0, "rename": 1, "replace": 1, "symlink": 1, "link": 1, "unlink": 0, "rmdir": 0, "chmod": 0}


@dataclass(frozen=True)
class Point:
    """A place in a run (`during: run`), in the close after it, or where the close is rejected.

    `disk`: operation and path below the state folder (glob), `*` any operation; `told`: step and model (glob); `call`:
    module:function.
    """

    name: str
    during: Literal["run", "close", "rejection"]
    disk: tuple[str, str] | None = None
    told: tuple[str, str] | None = None
    call: str = ""
    when: When = "before"
    nth: int = 1


class Trap:
    """Counts how often its point was passed and springs at the chosen one."""

    def __init__(self, point: Point, home: Path, spring: Callable[[Path], None]) -> None:
        self.point, self.home, self.spring, self.passed = point, home, spring, 0

    def teller(self, step: str, detail: str) -> None:
        """Listens to the run."""
        if (
            self.point.told
            and fnmatch.fnmatch(step, self.point.told[0])
            and fnmatch.fnmatch(detail, self.point.told[1])
        ):
            self._pass()

    def lay(self) -> None:
        """Replaces the functions the point names by ones that watch."""
        if self.point.disk:
            operation, pattern = self.point.disk
            for name in _functions(operation):
                self._watch(*_disk_function(name), lambda args, name=name: self._is_at(args, name, pattern))
        if self.point.call:
            module, name = self.point.call.split(":")
            owner: Any = importlib.import_module(module)
            *owners, last = name.split(".")
            for one in owners:
                owner = getattr(owner, one)
            self._watch(owner, last, lambda _: True)

    def _watch(self, owner: Any, name: str, concerns: Callable[[tuple[Any, ...]], bool]) -> None:
        real = getattr(owner, name)

        def watched(*args: Any, **keywords: Any) -> Any:
            here = concerns(args)
            if here and self.point.when == "before":
                self._pass()
            result = real(*args, **keywords)
            if here and self.point.when == "after":
                self._pass()
            return result

        setattr(owner, name, watched)

    def _is_at(self, args: tuple[Any, ...], name: str, pattern: str) -> bool:
        if name == "open" and not set("wax+") & set(args[1] if len(args) > 1 else "r"):
            return False
        target = args[_DISK.get(name, 0)]
        if not isinstance(target, (str, os.PathLike)) or (name == "mkdir" and os.path.isdir(target)):
            return False
        path = os.path.relpath(os.path.abspath(target), self.home)
        return not path.startswith("..") and fnmatch.fnmatch(path, pattern)

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self.point.nth:
            self.spring(self.home)


def _functions(operation: str) -> tuple[str, ...]:
    if operation == "*":
        return (*_DISK, "open", "rmtree")
    return ("rename", "replace") if operation == "rename" else (operation,)


def _disk_function(operation: str) -> tuple[Any, str]:
    if operation == "rmtree":
        return shutil, operation
    return (io, "open") if operation == "open" else (os, operation)


def die(home: Path) -> None:
    """What `kill -9` does: no handler, no `finally`, no flush."""
    os.kill(os.getpid(), signal.SIGKILL)


def starve(home: Path) -> None:
    """From now on the engine gets next to no memory."""
    from attain import building

    real = building.opened
    building.opened = lambda *args: real(*args[:2], "3MB", *args[3:])


def fill(home: Path) -> None:
    """Somebody else's file takes all the space there is beside the state folder, down to the last block."""
    with (home.parent / BALLAST).open("ab", buffering=0) as file:
        size = 1 << 20
        while size >= 4096:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


# Every step of a close in its order: the lock, the checks, the booking, finance's files, the closed state published.
CLOSE_POINTS = (
    Point("close: before the lock", "close", call="attain.writer_lock:WriterLock.acquire"),
    Point("close: the lock is held", "close", call="attain.writer_lock:WriterLock.acquire", when="after"),
    Point("close: the chain is verified", "close", call="attain.ledger:Ledger.verify", when="after"),
    Point("close: the set is ready, the approval not looked at", "close", call="attain.closing:refuse_unfit"),
    Point("close: approved, before the ledger", "close", call="attain.ledger:Ledger.book"),
    Point("ledger: before the folder of the close", "close", disk=("mkdir", "ledger/.*.tmp")),
    Point("ledger: before the first file", "close", call="attain.ledger:keep"),
    Point("ledger: before the fourth file", "close", call="attain.ledger:keep", nth=4),
    Point("ledger: before the last file", "close", call="attain.ledger:keep", nth=12),
    Point("ledger: before the seal with the approval", "close", disk=("open", "ledger/.*.tmp/seal.json")),
    Point("ledger: sealed, before the rename", "close", disk=("rename", "ledger/*")),
    Point("ledger: after the rename", "close", disk=("rename", "ledger/*"), when="after"),
    Point("close: booked, before its files", "close", disk=("mkdir", "closes/.*.tmp")),
    Point("close: before the payroll file", "close", call="attain.finance.files:write_payroll"),
    Point("close: payroll written, before the journal", "close", call="attain.finance.files:write_journal"),
    Point("close: journal written, before the workbook", "close", call="attain.finance.files:_write_workbook"),
    Point("close: before the seal of its files", "close", disk=("open", "closes/.*.tmp/seal.json")),
    Point("close: its files sealed, before the rename", "close", disk=("rename", "closes/*")),
    Point("close: its files written, before the closed state", "close", call="attain.closing:run_locked"),
    Point("close: the closed state is being staged", "close", told=("stage", "stg_deals")),
    Point("close: booked, the closed state not computed", "close", told=("pay", "")),
    Point("close: before the closed state is published", "close", told=("publish", "")),
    Point("close: after the third file of the set", "close", call="attain.publish.set:write_parquet", nth=3),
    Point("close: before the seal of the set", "close", disk=("open", "published/sets/*/seal.json")),
    Point("close: the set sealed, before the rename", "close", disk=("rename", "published/sets/*")),
    Point("close: booked, before the pointer", "close", disk=("rename", "published/current")),
    Point("close: after the pointer", "close", disk=("rename", "published/current"), when="after"),
    Point("close: before the run's folder goes", "close", disk=("rmtree", "runs/*")),
    Point("close: published, before the lock is given back", "close", call="attain.writer_lock:WriterLock.release"),
    Point("close: the lock given back", "close", call="attain.writer_lock:WriterLock.release", when="after"),
)

POINTS = (
    Point("landing: before the folder of the batch", "run", disk=("mkdir", "landing/deals/.*.tmp")),
    Point("landing: rows are being written", "run", call="attain.rows:RowWriter.add"),
    Point("landing: rows written, file not ended", "run", call="attain.rows:RowWriter.finish"),
    Point("landing: before the seal", "run", disk=("open", "landing/deals/.*.tmp/seal.json")),
    Point("landing: sealed, before the rename", "run", disk=("rename", "landing/deals/*")),
    Point("landing: after the rename", "run", disk=("rename", "landing/deals/*"), when="after"),
    Point("landing: between two files", "run", disk=("mkdir", "landing/*/.*.tmp"), nth=2),
    Point("begin: before the folder of the run", "run", disk=("mkdir", "runs/*")),
    Point("begin: the inputs half prepared", "run", call="attain.conform:conform"),
    Point("begin: before the ledger is loaded", "run", call="attain.ledger:Ledger.load"),
    Point("begin: the warehouse is there, the run's record not", "run", disk=("open", "runs/*/run.json")),
    Point("begin: before the journal", "run", disk=("open", "logs/runs/*.new")),
    Point("journal: before it is replaced", "run", disk=("rename", "logs/runs/*.json"), nth=3),
    Point("stage: before the first model", "run", told=("stage", "")),
    Point("stage: amid the models", "run", told=("stage", "stg_deals")),
    Point("gate of inputs", "run", call="attain.scoring:gate"),
    Point("score: before the first model", "run", told=("score", "")),
    Point("score: amid the models", "run", told=("score", "int_kpi_values")),
    Point("gate of scores: judged, before it is noted", "run", call="attain.scoring:gate", when="after", nth=2),
    Point("pay: before the first model", "run", told=("pay", "")),
    Point("pay: amid the models", "run", told=("pay", "payouts")),
    Point("gate of pay", "run", call="attain.scoring:gate", nth=3),
    Point("publish: before anything", "run", told=("publish", "")),
    Point("publish: before the database is moved", "run", disk=("mkdir", "published/sets/.building-*")),
    Point("publish: before the first Parquet file", "run", call="attain.publish.set:write_parquet"),
    Point("publish: after the fifth Parquet file", "run", call="attain.publish.set:write_parquet", nth=5, when="after"),
    Point("publish: before the workbook", "run", call="attain.publish.set:write_commission_workbook"),
    Point("publish: before the seal", "run", disk=("open", "published/sets/*/seal.json")),
    Point("publish: some files read-only, others not yet", "run", disk=("chmod", "published/sets/*/parquet/*"), nth=4),
    Point("publish: sealed, before the rename", "run", disk=("rename", "published/sets/*")),
    Point("publish: renamed, before the pointer", "run", disk=("rename", "published/sets/*"), when="after"),
    Point("publish: the new pointer stands beside the old", "run", disk=("rename", "published/current")),
    Point("publish: after the pointer", "run", disk=("rename", "published/current"), when="after"),
    Point("publish: an old set half collected", "run", disk=("rename", "published/sets/.leaving-*"), when="after"),
    Point("publish: before the run's folder goes", "run", disk=("rmtree", "runs/*")),
    *CLOSE_POINTS,
)

REJECTION_POINTS = (
    Point("rejection: before its record", "rejection", call="attain.closing:record_rejection"),
    Point("rejection: before the file", "rejection", disk=("open", "approvals/*")),
    Point("rejection: the file is open and empty", "rejection", disk=("open", "approvals/*"), when="after"),
    Point("rejection: the file not yet under its name", "rejection", disk=("link", "approvals/*")),
    Point("rejection: recorded", "rejection", disk=("link", "approvals/*"), when="after"),
)
