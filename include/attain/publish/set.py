"""The published set: built beside the others, sealed, renamed, then reached through one swapped pointer.

    published/sets/<period>-<hash>-<n>/   attain.duckdb, commission_table.xlsx, parquet/, quality.html, ...
    published/current -> sets/<period>-<hash>-<n>
    published/attain.duckdb -> current/attain.duckdb
    published/parquet -> current/parquet

No published file name is ever used twice: on DuckDB 1.5 a write-ahead log left behind would be replayed into
the next file of that name. The caller holds the company's writer lock.
"""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from attain import __version__, sealed
from attain.errors import AttainError, Corrupt
from attain.ledger import GENESIS
from attain.publish.excel import write_commission_workbook
from attain.publish.set_seal import SetFacts, read_seal, seal_head, set_hash_of, write_seal
from attain.publish.tables import content_hash, table_names, write_parquet

DATABASE = "attain.duckdb"
WORKBOOK = "commission_table.xlsx"
QUALITY_PAGE = "quality.html"
SEAL = sealed.SEAL
# A reader that has just looked up the set's folder may still be opening its files one by one.
GRACE = dt.timedelta(minutes=15)
_BUILDING, _LEAVING = ".building-", ".leaving-"


@dataclass(frozen=True)
class PublishedSet:
    """A sealed set; `is_new` says whether this call of `publish` made it."""

    folder: Path
    seal: Mapping[str, Any]
    is_new: bool = False

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def period(self) -> str:
        return str(self.seal["period"])

    @property
    def hash(self) -> str:
        """The hash of the set's period and content; what an approval names."""
        return str(self.seal["hash"])

    @property
    def ledger_head(self) -> str:
        """Digest of the newest close when the set was made."""
        return str(self.seal.get("provenance", {}).get("ledger_head", GENESIS))

    @property
    def batch_ids(self) -> list[str]:
        """The batches of landing that it was made from."""
        return [str(batch["batch_id"]) for batch in self.seal.get("provenance", {}).get("batches", [])]

    @property
    def tables(self) -> Mapping[str, str]:
        """Content hash by table."""
        return dict(self.seal["tables"])


def publish(run_dir: Path, home: Path, *, facts: SetFacts, keep: int, now: dt.datetime) -> PublishedSet:
    """Make the run's `attain.duckdb` the current set and collect all but the newest `keep` sets.

    The database moves out of `run_dir`. When the current set is whole and says the same already, it stays
    and is returned, and the run's file is left in place. `now` (UTC) dates the set and tells which sets are
    too young to be collected. Raises Corrupt when the database cannot be closed cleanly and AttainError when
    there is no space; either way the current set is untouched.
    """
    published = home / "published"
    sets = published / "sets"
    sets.mkdir(parents=True, exist_ok=True)
    _collect_leftovers(published)
    hashes = _settle(run_dir / DATABASE)
    set_hash = set_hash_of(facts.period, hashes)
    standing = _standing(home, set_hash)
    if standing:
        _point(published, standing.name)
        return standing
    name = f"{facts.period}-{set_hash[:12]}-{_next_number(sets)}"
    building = sets / f"{_BUILDING}{name}"
    seal = seal_head(facts, set_hash, hashes, now)
    with _or_nothing(building, run_dir):
        _build(building, run_dir, facts)
        write_seal(building, seal)
        os.rename(building, sets / name)
        sealed.sync(sets)
    _point(published, name)
    _collect_old(sets, name, keep, now)
    return PublishedSet(sets / name, read_seal(sets / name), is_new=True)


def current(home: Path) -> PublishedSet | None:
    """The set readers see, or None before the first one. Raises Corrupt when the pointer leads nowhere."""
    pointer = home / "published" / "current"
    if not pointer.is_symlink():
        return None
    folder = pointer.resolve()
    return PublishedSet(folder, read_seal(folder))


def copy_database(published: PublishedSet, target: Path) -> None:
    """Copy a set's database. Raises Corrupt when it is not the file that was sealed."""
    shutil.copyfile(published.database, target)
    if sealed.sha256(target) != published.seal["files"][DATABASE]["sha256"]:
        raise Corrupt(f"{published.database}: differs from the seal; publish again to replace the set.")


def verify(folder: Path) -> PublishedSet:
    """The set in `folder`, every file compared with its seal. Raises Corrupt naming one that differs."""
    seal = read_seal(folder)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {SEAL}
    for name in sorted(found | set(seal["files"])):
        if name not in seal["files"]:
            raise Corrupt(f"{folder / name}: does not belong to the published set; publish again to replace the set.")
        if name not in found or sealed.sha256(folder / name) != seal["files"][name]["sha256"]:
            raise Corrupt(f"{folder / name}: is missing or differs from the seal; publish again to replace the set.")
    if seal["hash"] != set_hash_of(seal["period"], seal["tables"]):
        raise Corrupt(f"{folder / SEAL}: the hash of the set does not follow from its tables; publish again.")
    return PublishedSet(folder, seal)


def _settle(database: Path) -> dict[str, str]:
    """Write everything into the file itself and give the content hash of each table."""
    if not database.is_file():
        raise Corrupt(f"{database}: the run has not built it; nothing was published.")
    with duckdb.connect(str(database)) as con:
        con.execute("checkpoint")
        hashes = {table: content_hash(con, table) for table in table_names(con)}
    log = database.with_name(database.name + ".wal")
    if log.exists():
        raise Corrupt(f"{log}: is still there after closing the database; nothing was published. Run again.")
    return hashes


def _standing(home: Path, set_hash: str) -> PublishedSet | None:
    """The current set when it says this and is whole; a damaged one counts as none, so that publishing replaces it."""
    try:
        found = current(home)
        if found and found.hash == set_hash and found.seal["version"] == __version__:
            return verify(found.folder)
    except Corrupt:
        pass
    return None


def _build(building: Path, run_dir: Path, facts: SetFacts) -> None:
    (building / "parquet").mkdir(parents=True)
    database = building / DATABASE
    shutil.move(run_dir / DATABASE, database)
    # Sorting may spill; beside a read-only file DuckDB would spill into the set itself.
    spill: dict[str, str | bool | int | float | list[str]] = {"temp_directory": str(run_dir / "spill")}
    with duckdb.connect(str(database), read_only=True, config=spill) as con:
        for table in table_names(con):
            write_parquet(con, table, building / "parquet" / f"{table}.parquet")
        write_commission_workbook(con, building / WORKBOOK, facts.company, facts.period, as_of=facts.as_of)
    (building / QUALITY_PAGE).write_text(facts.quality_page, encoding="utf-8")


def _point(published: Path, name: str) -> None:
    """Let readers see set `name`: one rename, so that there is an old or a new pointer and never none."""
    targets = {
        "current": f"sets/{name}",
        DATABASE: f"current/{DATABASE}",
        "parquet": "current/parquet",
    }
    for link, target in targets.items():
        path = published / link
        if path.is_symlink() and os.readlink(path) == target:
            continue
        fresh = published / f"{_BUILDING}{link}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        os.replace(fresh, path)
    sealed.sync(published)


def _numbered(sets: Path) -> list[tuple[int, Path]]:
    """The sets by their running number, newest first."""
    found = []
    for path in sets.iterdir():
        match = re.fullmatch(r"[^.].*-(\d+)", path.name)
        if match:
            found.append((int(match[1]), path))
    return sorted(found, reverse=True)


def _next_number(sets: Path) -> int:
    return max((number for number, _ in _numbered(sets)), default=0) + 1


def _collect_old(sets: Path, current_name: str, keep: int, now: dt.datetime) -> None:
    for _, folder in _numbered(sets)[max(keep, 1) :]:
        if folder.name == current_name or _is_young(folder, now):
            continue
        # Renamed first, so that no one ever finds half a set under a set's name.
        leaving = sets / f"{_LEAVING}{folder.name}"
        os.rename(folder, leaving)
        shutil.rmtree(leaving)


def _is_young(folder: Path, now: dt.datetime) -> bool:
    try:
        published_at = dt.datetime.fromisoformat(read_seal(folder)["published_at"])
    except (Corrupt, ValueError):
        return False
    return now - published_at < GRACE


def _collect_leftovers(published: Path) -> None:
    """What a killed publication left: it was never visible under a set's name."""
    for place in (published, published / "sets"):
        for path in place.iterdir():
            if path.name.startswith((_BUILDING, _LEAVING)):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


@contextmanager
def _or_nothing(building: Path, run_dir: Path) -> Iterator[None]:
    """Leave nothing behind when building fails, and give the run its database back: publishing may be tried again.

    A full disk becomes a sentence.
    """
    try:
        yield
    except BaseException as error:
        with suppress(OSError):
            (building / DATABASE).chmod(0o644)
            os.rename(building / DATABASE, run_dir / DATABASE)
        shutil.rmtree(building, ignore_errors=True)
        full = isinstance(error, OSError) and error.errno == errno.ENOSPC
        if full or (isinstance(error, duckdb.Error) and "No space left" in str(error)):
            raise AttainError(
                f"There is no space left under {building.parent}; what is published is unchanged. "
                "Make room and publish again: attain publish."
            ) from error
        raise
