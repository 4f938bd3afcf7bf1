"""Landing: every delivery kept as it came, as sealed batches `landing/<stream>/<batch_id>/`.

A batch is never edited and never removed; what is known at an instant is the batches sealed at or before it,
and the later of two rows with the same key counts. So a run can be repeated for any past `as_of`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attain import sealed
from attain.errors import Corrupt
from attain.plurals import counted
from attain.rows import MALFORMED, ROWS, RowWriter

UTC = dt.UTC
_TICK = dt.timedelta(microseconds=1)
_ID_FORMAT = "%Y%m%dT%H%M%S%f"
_INSTANT = re.compile(r"(\d{8}T\d{12})Z-")


@dataclass(frozen=True)
class Origin:
    """Where a batch comes from.

    `source` is the system (`files`), `file` the file relative to the inbox or the object of an API, `sheet`
    that of a workbook, `slot` tells several mapping entries for one file and stream apart, `fingerprint` is a
    hash of what was delivered. `looked_for` says which columns the header was searched by. `delivered` lists
    the files (name, bytes, modified_at), `extract_window` and `requests` are for sources that are asked.
    """

    stream: str
    source: str
    file: str
    fingerprint: str
    sheet: str = ""
    slot: str = ""
    looked_for: str = ""
    delivered: tuple[dict[str, Any], ...] = ()
    extract_window: tuple[str, str] | None = None
    requests: tuple[str, ...] = ()

    @property
    def source_ref(self) -> str:
        """What a person calls it: `deals.csv`, `crm.xlsx!deals`."""
        return f"{self.file}!{self.sheet}" if self.sheet else self.file

    @property
    def place(self) -> tuple[str, str, str]:
        """A later delivery at the same place replaces an earlier one."""
        return (self.stream, self.slot, self.source_ref)


@dataclass(frozen=True)
class Batch:
    """A sealed delivery. `same_as` names the batch whose content it repeats; then it has no rows."""

    folder: Path
    origin: Origin
    sealed_at: dt.datetime
    columns: tuple[str, ...]
    rows: int
    malformed: int
    totals: tuple[dict[str, Any], ...]
    untidy: frozenset[str]
    warnings: tuple[str, ...]
    same_as: str = ""

    @property
    def batch_id(self) -> str:
        return self.folder.name

    @property
    def stream(self) -> str:
        return self.origin.stream

    @property
    def delivered_rows(self) -> int:
        """Data rows as delivered, those that are no rows included, totals not."""
        return self.rows + self.malformed

    @property
    def rows_path(self) -> Path:
        return self.folder / ROWS

    @property
    def malformed_path(self) -> Path:
        return self.folder / MALFORMED

    def verify(self) -> None:
        """Compares every file with the seal. Raises Corrupt naming the file."""
        sealed.verify(self.folder)


class Landing:
    """The batches under one folder. Writers take turns (the company's writer lock); readers need none."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[Path, Batch] = {}

    def refuse_loss(self, batch_ids: Collection[str]) -> None:
        """Raises Corrupt when one of these batches, which a published set was made from, is gone."""
        lost = sorted(set(batch_ids) - {batch.batch_id for batch in self.batches()})
        if lost:
            raise Corrupt(
                f"{self.root}: lacks {counted(len(lost), 'batch', 'batches')} that the published set was made from, "
                f"first {lost[0]}; what was delivered then would be missing in every number. Restore it from a backup."
            )

    def batches(self, stream: str | None = None, as_of: dt.datetime | None = None) -> list[Batch]:
        """Batches with rows known at `as_of` (default all), in order of their instants. Raises Corrupt."""
        found = [batch for batch in self._deliveries(stream) if not batch.same_as]
        if as_of is not None:
            found = [batch for batch in found if batch.sealed_at <= utc(as_of)]
        return found

    def deliveries(self) -> list[Batch]:
        """All batches and noted repetitions, in the order they became known. Raises Corrupt."""
        return self._deliveries(None)

    def known(self, fingerprint: str) -> bool:
        """Whether anything with this fingerprint, or a request with it, was ever landed."""
        return any(fingerprint in (b.origin.fingerprint, *b.origin.requests) for b in self.deliveries())

    def write(
        self,
        origin: Origin,
        fill: Callable[[RowWriter], None],
        now: dt.datetime,
        progress: Callable[[int], None] | None = None,
    ) -> Batch:
        """Lands one batch: `fill` hands over the rows. When it raises, nothing was landed.

        `now` becomes the batch's instant, or the first one after the newest batch if the clock stepped back.
        """
        instant = self._next_instant(now)

        def body(folder: Path) -> sealed.Facts:
            rows = RowWriter(folder, progress)
            try:
                fill(rows)
                return {**_origin_facts(origin, instant), **rows.finish(), "same_as": ""}
            finally:
                rows.close()

        return self._seal(origin, instant, body)

    def note_repetition(self, origin: Origin, of: Batch, now: dt.datetime) -> Batch:
        """Remembers that `origin` was seen and holds what `of` holds, without landing its rows again.

        Without this note the same file would look like news as soon as another batch follows `of`.
        """
        instant = self._next_instant(now)
        facts = {
            "columns": list(of.columns),
            "rows": 0,
            "malformed": 0,
            "totals": [],
            "untidy": [],
            "warnings": [],
        }
        return self._seal(
            origin, instant, lambda _: {**_origin_facts(origin, instant), **facts, "same_as": of.batch_id}
        )

    def sweep(self) -> list[str]:
        """Removes what dead writers left behind; gives the names."""
        folders = sorted(self.root.iterdir()) if self.root.is_dir() else []
        return [name for folder in folders if folder.is_dir() for name in sealed.sweep(folder)]

    def _seal(self, origin: Origin, instant: dt.datetime, body: Callable[[Path], sealed.Facts]) -> Batch:
        what = "\n".join((*origin.place, origin.fingerprint))
        batch_id = f"{instant:{_ID_FORMAT}}Z-{hashlib.sha256(what.encode()).hexdigest()[:8]}"
        return self._batch(sealed.write(self.root / origin.stream, batch_id, body))

    def _next_instant(self, now: dt.datetime) -> dt.datetime:
        # Batch ids begin with their instant, so the newest is found without reading seals.
        ids = (_INSTANT.match(path.name) for path in self.root.glob("*/*Z-*"))
        newest = max((match[1] for match in ids if match), default=None)
        if newest is None:
            return utc(now)
        return max(utc(now), dt.datetime.strptime(newest, _ID_FORMAT).replace(tzinfo=UTC) + _TICK)

    def _deliveries(self, stream: str | None) -> list[Batch]:
        if not self.root.is_dir():
            return []
        streams = [stream] if stream else sorted(path.name for path in self.root.iterdir() if path.is_dir())
        found = [self._batch(self.root / one / name) for one in streams for name in sealed.names(self.root / one)]
        return sorted(found, key=lambda batch: (batch.sealed_at, batch.batch_id))

    def _batch(self, folder: Path) -> Batch:
        # Sealed folders never change, so one reading serves this object's lifetime.
        if folder not in self._seen:
            self._seen[folder] = _batch_from(folder, sealed.read(folder))
        return self._seen[folder]


def utc(instant: dt.datetime) -> dt.datetime:
    """The instant in UTC; one without a zone is UTC already."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _origin_facts(origin: Origin, instant: dt.datetime) -> sealed.Facts:
    return {
        "format": 1,
        "stream": origin.stream,
        "source": origin.source,
        "source_ref": origin.source_ref,
        "file": origin.file,
        "sheet": origin.sheet,
        "slot": origin.slot,
        "looked_for": origin.looked_for,
        "fingerprint": origin.fingerprint,
        "delivered": list(origin.delivered),
        "extract_window": list(origin.extract_window) if origin.extract_window else None,
        "requests": list(origin.requests),
        "sealed_at": instant.isoformat(timespec="microseconds"),
    }


def _batch_from(folder: Path, seal: sealed.Facts) -> Batch:
    window = seal["extract_window"]
    origin = Origin(
        stream=seal["stream"],
        source=seal["source"],
        file=seal["file"],
        fingerprint=seal["fingerprint"],
        sheet=seal["sheet"],
        slot=seal["slot"],
        looked_for=seal["looked_for"],
        delivered=tuple(seal["delivered"]),
        extract_window=(window[0], window[1]) if window else None,
        requests=tuple(seal["requests"]),
    )
    return Batch(
        folder=folder,
        origin=origin,
        sealed_at=dt.datetime.fromisoformat(seal["sealed_at"]),
        columns=tuple(seal["columns"]),
        rows=seal["rows"],
        malformed=seal["malformed"],
        totals=tuple(seal["totals"]),
        untidy=frozenset(seal["untidy"]),
        warnings=tuple(seal["warnings"]),
        same_as=seal["same_as"],
    )
