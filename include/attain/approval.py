"""Who answered for a close, when, for exactly which set: the record Attain keeps, whichever way the answer came.

An approval is kept in the seal of the close it led to. An answer that led to no close is kept as a file of its own,
`approvals/<period>-<set>-<n>.json`, which is never changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from attain import sealed
from attain.errors import InputError

APPROVED, REJECTED = "approved", "rejected"


@dataclass(frozen=True)
class Approval:
    """An answer: `by` about the set `set_hash` of `period`, at `at` (UTC, ISO 8601), prepared by somebody else.

    `via` says where it was given, `comment` why.
    """

    period: str
    set_hash: str
    decision: str
    by: str
    prepared_by: str
    at: str
    via: str
    comment: str = ""


def refuse_unfit(approval: Approval, approvers: Collection[str]) -> None:
    """Raises InputError when nobody is named, the preparer approves, or the name is not an approver's."""
    by = _name(approval.by)
    if not by:
        raise InputError("A close needs the name of whoever approves it: --approved-by NAME.")
    if by == _name(approval.prepared_by):
        raise InputError(
            f"{approval.by} prepared the close of {approval.period} and cannot approve it; somebody else has to look."
        )
    if approvers and by not in {_name(one) for one in approvers}:
        raise InputError(
            f"{approval.by} may not approve a close; company.yml (finance.approvers) names {', '.join(approvers)}."
        )


def record_rejection(home: Path, approval: Approval) -> Path:
    """Keeps an answer that led to no close; gives the file. It is the only trace of it, and whole or not there."""
    folder = home / "approvals"
    folder.mkdir(parents=True, exist_ok=True)
    with sealed.temporary(folder, str(os.getpid())) as aside:
        fresh = aside / "answer.json"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(approval), ensure_ascii=False, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        return _named(fresh, folder, f"{approval.period}-{approval.set_hash[:12]}")


def _named(fresh: Path, folder: Path, name: str) -> Path:
    """The file under the first free number: linking, unlike renaming, never replaces what another process wrote."""
    number = 1
    while True:
        path = folder / f"{name}-{number}.json"
        try:
            os.link(fresh, path)
        except FileExistsError:
            number += 1
        else:
            return path


def rejections(home: Path) -> list[Approval]:
    """The answers that led to no close, by period and order. Raises InputError for a file that cannot be read."""
    found = []
    for path in sorted((home / "approvals").glob("*.json")):
        try:
            found.append(Approval(**json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, TypeError) as error:
            raise InputError(f"{path}: is no record of an answer ({error}); restore it from a backup.") from error
    return found


def _name(text: str) -> str:
    return " ".join(text.split()).casefold()
