"""`attain doctor`: is the state sound? Every finding is a sentence; nothing is changed.

The quick look reads seals, chain and pointer and compares sizes; `--verify` hashes every file. Fit for a health check:
it needs no lock and works beside a run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from attain import __version__, sealed
from attain.errors import Corrupt
from attain.finance.files import FOLDER as CLOSE_FILES
from attain.journal import ending, newest_attempt, newest_journal
from attain.landing import Landing
from attain.ledger import GENESIS, Close, Ledger, kept_tables
from attain.plurals import counted
from attain.publish import set as published_set
from attain.publish.set import PublishedSet
from attain.storage import writable
from attain.writer_lock import WriterLock

# As `exit_code` of the command: sound, worth a look, damaged.
Level = Literal["ok", "warning", "error"]
EXIT_CODES: dict[Level, int] = {"ok": 0, "warning": 1, "error": 2}
# A run builds its warehouse beside everything that stands: so much of the largest set's size must be free, at least.
_ROOM_FOR_RUNS = 4
_LEAST_ROOM = 512 << 20


@dataclass(frozen=True)
class Finding:
    """What one check found: its name, how bad it is, and the sentence for the reader."""

    check: str
    level: Level
    sentence: str


def examine(home: Path, *, verify: bool = False) -> list[Finding]:
    """All findings about a state folder, check by check; `verify` compares every file with its hash."""
    checks: tuple[tuple[str, Callable[[], Iterator[tuple[Level, str]]]], ...] = (
        ("state folder", lambda: _state(home)),
        ("disk space", lambda: _space(home)),
        ("landing", lambda: _landing(home, verify)),
        ("ledger", lambda: _ledger(home, verify)),
        ("published set", lambda: _published(home, verify)),
        ("last run", lambda: _last_run(home)),
        ("leftovers", lambda: _leftovers(home)),
        ("versions", lambda: _versions(home)),
    )
    return [Finding(name, level, text) for name, check in checks for level, text in _found(check)]


def worst(findings: list[Finding]) -> Level:
    """The level of the worst finding."""
    levels = [finding.level for finding in findings]
    return "error" if "error" in levels else "warning" if "warning" in levels else "ok"


def _found(check: Callable[[], Iterator[tuple[Level, str]]]) -> Iterator[tuple[Level, str]]:
    try:
        yield from check()
    except Corrupt as error:
        yield "error", str(error)
    except OSError as error:
        yield "error", f"{error.filename or 'The state folder'}: cannot be read ({error.strerror or error})."


def _state(home: Path) -> Iterator[tuple[Level, str]]:
    if not home.is_dir():
        yield "error", f"{home}: is no folder; the first run makes it, or ATTAIN_HOME names the wrong place."
        return
    reason = writable(home)
    if reason:
        yield "error", f"{home}: cannot be written ({reason}); runs will fail."
        return
    holder = WriterLock(home).holder()
    yield "ok", f"{home} can be written; {holder + ' is at work' if holder else 'nobody is at work'}."


def _space(home: Path) -> Iterator[tuple[Level, str]]:
    if not home.is_dir():
        return
    free = shutil.disk_usage(home).free
    largest = max((_bytes(folder) for folder in (home / "published" / "sets").glob("[!.]*")), default=0)
    needed = max(_LEAST_ROOM, _ROOM_FOR_RUNS * largest)
    if free < needed:
        yield "warning", f"{_size(free)} are free; a run may need {_size(needed)}. Make room before the next one."
    else:
        yield "ok", f"{_size(free)} are free, a run needs up to {_size(needed)}."


def _landing(home: Path, verify: bool) -> Iterator[tuple[Level, str]]:
    root = home / "landing"
    count = rows = 0
    for stream in sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []:
        # Folder by folder, so that one damaged batch does not hide the next.
        for name in sorted(entry.name for entry in stream.iterdir() if entry.is_dir() and entry.name[0] != "."):
            count += 1
            try:
                rows += _sealed(stream / name, verify).get("rows", 0)
            except Corrupt as error:
                yield "error", str(error)
    standing = _standing(home)
    try:
        Landing(root).refuse_loss(standing.batch_ids if standing else [])
    except Corrupt as error:
        yield "error", str(error)
    known = Landing(root).batches()
    newest = f", the newest of {known[-1].sealed_at:%Y-%m-%d %H:%M} UTC" if known else ""
    yield "ok", f"{counted(count, 'batch', 'batches')} with {counted(rows, 'row')}{newest}{_how(verify)}."


def _ledger(home: Path, verify: bool) -> Iterator[tuple[Level, str]]:
    closes = Ledger(home / "ledger").closes()
    for close in closes:
        try:
            _sealed(close.folder, verify)
        except Corrupt as error:
            yield "error", str(error)
    standing = _standing(home)
    try:
        Ledger(home / "ledger").refuse_loss(standing.ledger_head if standing else GENESIS)
    except Corrupt as error:
        yield "error", str(error)
    if closes and standing and not WriterLock(home).holder():
        yield from _unfinished(home, closes[-1], standing)
    yield (
        "ok",
        f"{counted(len(closes), 'close')}{', the last of ' + closes[-1].period if closes else ''}{_how(verify)}.",
    )


def _unfinished(home: Path, close: Close, standing: PublishedSet) -> Iterator[tuple[Level, str]]:
    """What a close that was interrupted after booking still owes: what is booked must be shown, and have its files."""
    if standing.hash == close.set_hash and _shows_open(standing):
        yield (
            "warning",
            f"{close.period} is booked as {close.close_id}, but the published set still shows it open. Complete it: "
            f'attain close {close.period} --approved-by "{close.approved_by}".',
        )
    elif "payroll" in kept_tables(close.folder) and not (home / CLOSE_FILES / close.close_id).is_dir():
        yield (
            "warning",
            f"{close.period} is booked as {close.close_id}, but the files of the close are missing. Write them: attain "
            f"close-files {close.period}.",
        )


def _shows_open(standing: PublishedSet) -> bool:
    """A month without any pay looks the same before and after its close."""
    with duckdb.connect(str(standing.database), read_only=True) as con:
        query = "select 1 from marts.payouts where period = $period and status <> 'closed' limit 1"
        return bool(con.execute(query, {"period": standing.period}).fetchall())


def _published(home: Path, verify: bool) -> Iterator[tuple[Level, str]]:
    if not (home / "published" / "current").is_symlink():
        yield "ok", "Nothing is published yet."
        return
    standing = published_set.current(home)
    assert standing is not None
    if verify:
        published_set.verify(standing.folder)
    for name, facts in standing.seal["files"].items():
        path = standing.folder / name
        found = path.stat().st_size if path.is_file() else None
        if found != facts["bytes"]:
            yield "error", f"{path}: is missing or not as long as its seal says; run the period again to replace it."
    with duckdb.connect(str(standing.database), read_only=True) as con:
        row = con.sql("select period from marts.publication").fetchone()
    if row is None or row[0] != standing.period:
        yield "error", f"{standing.database}: does not hold {standing.period}, as its seal says; run the period again."
    yield "ok", f"{standing.period}, set {standing.name}{_how(verify)}."


def _last_run(home: Path) -> Iterator[tuple[Level, str]]:
    """How the newest run ended; while somebody is at work, that is not known yet."""
    journal = newest_journal(home)
    attempt = newest_attempt(home)
    if attempt and not WriterLock(home).holder():
        first = attempt.get("sentence", "It did not end.").partition("\n")[0]
        yield "warning", f"What was begun {attempt['started_at'][:16]} got no further than {attempt['what']}. {first}"
    if not journal or WriterLock(home).holder():
        yield "ok", "Somebody is at work." if journal else "There was none yet."
        return
    ended, sentence = ending(journal)
    told = f"That of {journal['run']['period']}, begun {journal['run']['started_at'][:16]}: {ended}"
    first = sentence.partition("\n")[0]
    yield ("ok", f"{told}.") if "published" in journal else ("warning", f"{told}. {first or 'Run the period again.'}")


def _leftovers(home: Path) -> Iterator[tuple[Level, str]]:
    """Folders of dead runs and writers; the next run or close collects them, so they are only told."""
    if WriterLock(home).holder() if home.is_dir() else False:
        yield "ok", "Not looked for while somebody is at work."
        return
    patterns = ("landing/*/.*.tmp", "ledger/.*.tmp", "published/.building-*", "published/sets/.*", "runs/*")
    found = sorted(path for pattern in patterns for path in home.glob(pattern))
    size = sum(_bytes(path) for path in found)
    if found:
        names = ", ".join(str(path.relative_to(home)) for path in found[:3]) + (", …" if len(found) > 3 else "")
        yield "ok", f"{len(found)} of interrupted work, {_size(size)} ({names}); the next run collects them."
    else:
        yield "ok", "None."


def _versions(home: Path) -> Iterator[tuple[Level, str]]:
    standing = _standing(home)
    made_by = (standing.seal.get("version"), standing.seal.get("duckdb")) if standing else None
    here = (__version__, duckdb.__version__)
    told = f"Attain {here[0]}, DuckDB {here[1]}"
    if made_by and made_by != here:
        yield "warning", f"{told}; the published set was made by Attain {made_by[0]}, DuckDB {made_by[1]}: run again."
    else:
        yield "ok", f"{told}."


def _standing(home: Path) -> PublishedSet | None:
    try:
        return published_set.current(home)
    except Corrupt:
        return None


def _sealed(folder: Path, verify: bool) -> sealed.Facts:
    """The seal of a folder whose files are there and as long as it says, or, with `verify`, the very same."""
    if verify:
        return sealed.verify(folder)
    seal = sealed.read(folder)
    for name, facts in seal["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != facts["bytes"]:
            raise Corrupt(f"{path}: is missing or not as long as its seal says; restore this folder from a backup.")
    return seal


def _bytes(path: Path) -> int:
    if not path.is_dir():
        return path.lstat().st_size
    return sum(entry.lstat().st_size for entry in path.rglob("*") if not entry.is_dir())


def _size(count: int) -> str:
    return f"{count / (1 << 30):,.1f} GB" if count >= 1 << 30 else f"{count / (1 << 20):,.1f} MB"


def _how(verify: bool) -> str:
    return ", every file compared with its hash" if verify else ""
