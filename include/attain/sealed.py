"""The sealed batch: the one way Attain keeps something for good.

A sealed folder holds files and `seal.json`, which is written last and says what the files must be (bytes,
sha256, rows). The folder is built under a hidden temporary name and renamed when everything is on disk, so
readers see all of it or nothing. Landing and the ledger are both made of it (docs: architecture, rules 1 and
4).
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from attain.errors import Busy, Corrupt

SEAL = "seal.json"
Facts = dict[str, Any]


def write(root: Path, name: str, fill: Callable[[Path], Facts]) -> Path:
    """Builds and seals `root/name`; gives its path.

    `fill` gets the temporary folder, writes its files there and returns the facts for the seal (JSON values).
    When it raises, nothing remains. Raises Busy when the name exists already or somebody else is writing it.
    """
    target = root / name
    if target.exists():
        raise Busy(f"{target}: exists already; another run wrote it meanwhile. Start this step again.")
    root.mkdir(parents=True, exist_ok=True)
    with temporary(root, name) as folder:
        facts = fill(folder)
        files = {path.name: _measure(path) for path in sorted(folder.iterdir())}
        write_facts(folder, {**facts, "files": files})
        _to_disk(folder)
        _rename(folder, target)
    sync(root)
    return target


def names(root: Path) -> list[str]:
    """Names of the sealed folders under `root`, in name order; temporary ones do not exist.

    Raises Corrupt for a folder without a seal: writing gives a folder its name only after sealing it, so the seal was
    lost, and leaving the folder out would silently change what is known.
    """
    if not root.is_dir():
        return []
    found = sorted(entry.name for entry in os.scandir(root) if entry.is_dir() and not entry.name.startswith("."))
    for name in found:
        if not (root / name / SEAL).is_file():
            raise Corrupt(
                f"{root / name}: has no {SEAL}, so nobody can say what it must hold; restore this folder from a backup."
            )
    return found


def read(folder: Path) -> Facts:
    """The seal of a folder. Raises Corrupt when it cannot be read or was changed after sealing."""
    path = folder / SEAL
    try:
        seal: Facts = json.loads(path.read_text(encoding="utf-8"))
        sealed_as = seal.pop("seal_sha256")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise Corrupt(f"{path}: the seal cannot be read ({error}); restore this folder from a backup.") from error
    if sealed_as != _facts_digest(seal):
        raise Corrupt(f"{path}: the seal was changed after it was written; restore this folder from a backup.")
    return seal


def digest(folder: Path) -> str:
    """sha256 of the folder's seal.json: through the hashes in it, of everything sealed there."""
    return sha256(folder / SEAL)


def verify(folder: Path) -> Facts:
    """The seal, after every file was compared with it: present, bytes, sha256. Raises Corrupt."""
    seal = read(folder)
    for name, expected in seal["files"].items():
        path = folder / name
        if not path.is_file():
            raise Corrupt(f"{path}: is missing, but the seal lists it; restore this folder from a backup.")
        found: Facts = {"bytes": path.stat().st_size}
        if found["bytes"] == expected["bytes"]:
            # Equal bytes mean equal rows; a damaged file may not even be readable as Parquet.
            found["sha256"] = sha256(path)
        for fact, value in found.items():
            if value != expected[fact]:
                raise Corrupt(
                    f"{path}: {fact} is {value}, but the seal says {expected[fact]}; the file was changed "
                    "after it was sealed. Restore this folder from a backup."
                )
    return seal


def sweep(root: Path) -> list[str]:
    """Removes what dead writers left behind under `root`; gives the names. Living ones are not touched."""
    swept = []
    for entry in sorted(root.glob(".*.tmp")) if root.is_dir() else []:
        try:
            descriptor = os.open(entry, os.O_RDONLY)
        except FileNotFoundError:
            continue
        try:
            if _locked(descriptor):
                shutil.rmtree(entry)
                swept.append(entry.name)
        finally:
            os.close(descriptor)
    return swept


def sha256(path: Path) -> str:
    """sha256 of a file's bytes, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def temporary(root: Path, name: str) -> Iterator[Path]:
    """A hidden folder under `root` to write in; gone afterwards, and swept by the next writer if this one is killed.

    Raises Busy when somebody is writing under this name.
    """
    # The kernel drops the lock when the writer dies, however it dies: that is how `sweep` tells orphans.
    sweep(root)
    folder = root / f".{name}.tmp"
    try:
        folder.mkdir()
    except FileExistsError as error:
        raise Busy(f"{folder}: another run is writing this at the moment; wait for it to end.") from error
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _locked(descriptor)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _measure(path: Path) -> Facts:
    facts: Facts = {"bytes": path.stat().st_size, "sha256": sha256(path)}
    if path.suffix == ".parquet":
        facts["rows"] = pq.read_metadata(path).num_rows
    return facts


def _facts_digest(facts: Facts) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def write_facts(folder: Path, facts: Facts) -> None:
    """Writes `seal.json` with these facts and a digest of them, by which `read` knows a change."""
    # Through JSON once, so that the digest is taken of exactly what a reader will get back.
    facts = json.loads(json.dumps(facts))
    text = json.dumps({**facts, "seal_sha256": _facts_digest(facts)}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / SEAL).write_text(text + "\n", encoding="utf-8")


def _to_disk(folder: Path) -> None:
    for path in folder.iterdir():
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Returns once the file, or the folder's list of names, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(folder: Path, target: Path) -> None:
    # A sealed folder is never empty, so renaming onto one fails: that is what makes the name exclusive.
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise Busy(f"{target}: another run wrote it meanwhile. Start this step again.") from error
        raise
