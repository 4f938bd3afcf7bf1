"""What a company delivers after its first files: rows that were corrected, added, deleted or spoilt, of any stream."""

from __future__ import annotations

import csv
import random
from collections.abc import Collection
from pathlib import Path

from tests.integration import metamorphic_company

# The column that identifies a record, where a new record needs another value in it.
_IDS = {
    "deals": "deal_id",
    "activities": "activity_id",
    "invoices": "invoice_id",
    "payments": "payment_id",
    "credit_notes": "credit_note_id",
    "leads": "lead_id",
    "accounts": "account_id",
    "survey_responses": "response_id",
    "objectives": "objective_id",
}


def deliver(inbox: Path, seed: int, share: float, left_out: Collection[str] = ()) -> dict[str, int]:
    """Write a later file for each stream with about `share` of its rows; gives how many rows by stream."""
    chance, delivered = random.Random(seed), {}
    for stream, (names, rows) in sorted(_streams(inbox).items()):
        if stream in left_out or not rows:
            continue
        some = chance.sample(rows, max(1, round(len(rows) * share)))
        later = [_changed(stream, row, rows, chance) for row in some]
        _write(inbox / stream / f"later-{seed}.csv", [*names, "is_deleted"], later)
        delivered[stream] = len(later)
    return delivered


def _streams(inbox: Path) -> dict[str, tuple[list[str], list[dict[str, str]]]]:
    """Header and rows of the first delivery of each stream; of several files, those with the header of the first."""
    found: dict[str, tuple[list[str], list[dict[str, str]]]] = {}
    for path in sorted(inbox.rglob("*.csv")):
        if not path.name.startswith("later-"):
            names, rows = metamorphic_company.cells(path)
            stream = path.stem if path.parent == inbox else path.parent.name
            kept = found.setdefault(stream, (names, []))
            if names == kept[0]:
                kept[1].extend(dict(zip(names, row, strict=True)) for row in rows)
    return found


def _changed(stream: str, row: dict[str, str], rows: list[dict[str, str]], chance: random.Random) -> dict[str, str]:
    """A row with a value of another row in one column; or a new record, a deletion, or a value that cannot be read."""
    changed = {**row, "is_deleted": ""}
    column = chance.choice(list(row))
    kind = chance.choices(("other", "new", "deleted", "spoilt"), (6, 3, 1, 1))[0]
    if kind == "deleted":
        changed["is_deleted"] = "true"
    elif kind == "spoilt":
        changed[column] = "?"
    else:
        changed[column] = chance.choice(rows)[column]
    if kind == "new" and stream in _IDS:
        changed[_IDS[stream]] = f"{row[_IDS[stream]]}-{chance.randrange(10**6)}"
    return changed


def _write(path: Path, names: list[str], rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
