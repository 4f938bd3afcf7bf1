"""What a published run leaves to the next one: its warehouse, in `base/` of the state folder, beside its set.

    base/warehouse.duckdb   every model of the run whose set is published
    base/base.json          which set that is, and of which period, code and settings

A run takes the base away before it changes anything in it: a run that fails leaves none, and the next one is made
wholly.
The caller holds the company's writer lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import duckdb

from attain.company import Company
from attain.environment import DBT_PROJECT
from attain.errors import Corrupt
from attain.landing import Batch
from attain.publish.set import copy_database, current

_FACTS, _WAREHOUSE, _FRESH = "base.json", "warehouse.duckdb", ".base-new"


@dataclass(frozen=True)
class Base:
    """What a base was made of. A run can begin with it that differs by later batches, plans or closes, not in these.

    `code` is the digest of what computes, `reading` the digest of all that says how delivered files are read.
    """

    period: str
    code: str
    reading: str


def base_of(company: Company, period: str) -> Base:
    """The facts of a base of this company as it is configured now."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(company.mappings_dir.glob("*.y*ml"))]
    settings = company.settings.model_dump_json()
    reading = hashlib.sha256("\n".join([duckdb.__version__, settings, *texts]).encode()).hexdigest()
    return Base(period, _code(), reading)


@cache
def _code() -> str:
    """Digest of everything that reads and computes; the number of a version alone stands through many changes."""
    digest = hashlib.sha256()
    package = Path(__file__).parents[1]
    for root, kinds in ((package, {".py"}), (DBT_PROJECT, {".sql", ".yml", ".csv"})):
        for path in sorted(path for path in root.rglob("*") if path.suffix in kinds):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def keep(home: Path, warehouse: Path, base: Base, set_name: str) -> None:
    """Keep the closed warehouse of a run that has been published as `set_name`, in place of an earlier one."""
    if warehouse.with_name(warehouse.name + ".wal").exists():
        # It was not closed cleanly, and a log left behind would be replayed into the next file of that name.
        return
    fresh, folder = home / _FRESH, home / "base"
    for old in (fresh, folder):
        shutil.rmtree(old, ignore_errors=True)
    fresh.mkdir()
    os.rename(warehouse, fresh / _WAREHOUSE)
    facts = {**asdict(base), "set": set_name}
    (fresh / _FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    os.rename(fresh, folder)


def take(home: Path, wanted: Base, warehouse: Path, marts: Path, batches: Sequence[Batch]) -> bool:
    """Move the base to `warehouse` and copy the marts published with it to `marts`; gives whether it has been done.

    It is not when there is no base, when it was made of something else, or when its batches are not the first ones of
    `batches`. Either way there is no base any more.
    """
    folder = home / "base"
    shutil.rmtree(home / _FRESH, ignore_errors=True)
    try:
        standing = current(home)
        found = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        is_fit = standing is not None and found == {**asdict(wanted), "set": standing.name}
        if standing and is_fit and _begins_with(batches, folder / _WAREHOUSE):
            copy_database(standing, marts)
            os.rename(folder / _WAREHOUSE, warehouse)
            return True
    except (FileNotFoundError, ValueError, Corrupt, duckdb.Error):
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    marts.unlink(missing_ok=True)
    return False


def _begins_with(batches: Sequence[Batch], warehouse: Path) -> bool:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        known = con.execute("select batch_id from landing.batches order by batch_no").fetchall()
    return [batch_id for (batch_id,) in known] == [batch.batch_id for batch in batches[: len(known)]]
