"""The seal of a published set: what the set is about, the content hash of each table, the digest of each file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from attain import __version__, sealed
from attain.errors import Corrupt
from attain.publish.excel import Owner


@dataclass(frozen=True)
class SetFacts:
    """What a set is about and where it comes from.

    `as_of` is the run's instant of knowledge (UTC), `quality_page` the HTML text shown beside the tables,
    `provenance` anything JSON can hold: batches, plan versions, ledger head, gate results.
    """

    company: Owner
    period: str
    run_id: str
    as_of: dt.datetime
    quality_page: str
    provenance: Mapping[str, Any]


def seal_head(facts: SetFacts, set_hash: str, hashes: Mapping[str, str], now: dt.datetime) -> dict[str, Any]:
    """What the seal of a set says besides its files; `hashes` are those of the tables' content."""
    return {
        "hash": set_hash,
        "period": facts.period,
        "run_id": facts.run_id,
        "company": facts.company.name,
        "as_of": facts.as_of.isoformat(),
        "published_at": now.isoformat(),
        "version": __version__,
        "duckdb": duckdb.__version__,
        "tables": dict(hashes),
        "provenance": dict(facts.provenance),
    }


def write_seal(folder: Path, seal: dict[str, Any]) -> None:
    """Files read-only and on disk, then the seal over them, written last."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {
        str(path.relative_to(folder)): {"sha256": sealed.sha256(path), "bytes": path.stat().st_size} for path in paths
    }
    sealed.write_facts(folder, {**seal, "files": files})
    for path in [*paths, folder / sealed.SEAL]:
        path.chmod(0o444)
        sealed.sync(path)
    sealed.sync(folder / "parquet")
    sealed.sync(folder)


def read_seal(folder: Path) -> dict[str, Any]:
    """What the seal of a set says. Raises Corrupt when there is none or it is another's."""
    try:
        seal = sealed.read(folder)
    except Corrupt as error:
        raise Corrupt(f"{error} A published set is also replaced by publishing again.") from error
    if not {"hash", "period", "tables", "files", "published_at"} <= set(seal):
        raise Corrupt(f"{folder / sealed.SEAL}: is not the seal of a published set.")
    return seal


def set_hash_of(period: str, hashes: Mapping[str, str]) -> str:
    """The hash of a set: of its period and its tables' content, whoever made it and when."""
    lines = [period, *(f"{table} {value}" for table, value in sorted(hashes.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
