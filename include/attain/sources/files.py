"""File drops: what lies in the company's inbox goes into landing, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from attain import sealed
from attain.company import Company
from attain.errors import InputError
from attain.landing import Batch, Landing, Origin
from attain.mapping import Entry, load_mappings
from attain.rows import RowWriter
from attain.sources import csv_files, parquet_files, xlsx_files
from attain.sources.base import Landed, Outcome, Report
from attain.sources.header import Wanted
from attain.sources.unchanged import identity, standing_still
from attain.streams import STREAMS

NAME = "files"
Progress = Callable[[str], None]
_KINDS = (".csv", ".xlsx", ".parquet")
_TOLD_EVERY = 250_000


@dataclass(frozen=True)
class Delivery:
    """One file (or sheet of it) that feeds one stream, through a mapping entry or by its own name."""

    path: Path
    file: str
    stream: str
    entry: Entry | None = None
    sheet: str = ""

    @property
    def wanted(self) -> Wanted:
        """The columns its header is recognised by."""
        stream = STREAMS[self.stream]
        if self.entry is None:
            return Wanted(stream.required, tuple(stream.columns))
        return Wanted(tuple(self.entry.required_sources()), (*self.entry.sources(), *stream.columns))


class _Blank(Exception):
    """The file holds nothing, not even a header."""


class _Known:
    """What landing holds: the latest delivery at each place, the newest batch of each stream and slot."""

    def __init__(self, landing: Landing) -> None:
        self.latest: dict[tuple[str, str, str], Batch] = {}
        self.newest: dict[tuple[str, str], Batch] = {}
        self._by_id: dict[str, Batch] = {}
        for batch in landing.deliveries():
            self.add(batch)

    def add(self, batch: Batch) -> None:
        self.latest[batch.origin.place] = batch
        self._by_id[batch.batch_id] = batch
        if not batch.same_as:
            self.newest[(batch.stream, batch.origin.slot)] = batch

    def content_of(self, batch: Batch) -> Batch:
        """The batch that holds the rows: another one when it is a repetition."""
        return self._by_id.get(batch.same_as, batch)


class FileDrops:
    """The inbox of a company, read through its mappings."""

    name = NAME

    def __init__(self, company: Company) -> None:
        self.inbox = company.inbox
        self.mappings = load_mappings(company)

    def extract(self, landing: Landing, now: dt.datetime, progress: Progress | None = None) -> Report:
        """Lands every new or changed file, in name order. `progress` gets a line now and then.

        A file with a fault lands nothing; the others land, then InputError names each fault. Raises
        InputError also when there is nothing to load and never was.
        """
        landing.sweep()
        known = _Known(landing)
        deliveries, notes, faults = self._scan()
        done: list[Landed] = []
        for delivery in deliveries:
            try:
                done.append(_land(delivery, landing, known, now, progress))
            except InputError as error:
                faults.append(str(error))
        if faults:
            raise InputError("\n".join(faults))
        if not deliveries and not known.newest:
            raise InputError(
                f"{self.inbox}: holds nothing to load. Put files there named after what they hold, such as "
                "deals.csv or participants.xlsx, or name them in mappings/." + "".join(f"\n{note}" for note in notes)
            )
        return Report(tuple(done), tuple(notes))

    def waiting(self, landing: Landing) -> list[str]:
        """Names of the files that the next `extract` would land or refuse. They are read, nothing lands."""
        known = _Known(landing)
        return [file for path, file in self._named_paths() if self._is_news(path, file, known)]

    def _is_news(self, path: Path, file: str, known: _Known) -> bool:
        try:
            with standing_still(path, file, identity(path)):
                found = [(delivery, _origin(delivery)) for delivery in self._deliveries(path, file)]
                holds_nothing = path.stat().st_size == 0
        except InputError:
            return True
        return not holds_nothing and any(_seen(delivery, origin, known) is None for delivery, origin in found)

    def _scan(self) -> tuple[list[Delivery], list[str], list[str]]:
        """Deliveries in name order, notes about files nobody reads, faults of files that cannot be opened."""
        deliveries: list[Delivery] = []
        notes: list[str] = []
        faults: list[str] = []
        for path, file in self._named_paths():
            try:
                with standing_still(path, file, identity(path)):
                    found = list(self._deliveries(path, file))
            except InputError as error:
                faults.append(str(error))
                continue
            deliveries += found
            if not found:
                notes.append(_unread(file))
            elif path.suffix.casefold() == ".xlsx":
                notes += _unread_sheets(file, path, found)
        return deliveries, notes, faults

    def _named_paths(self) -> list[tuple[Path, str]]:
        """The files of the inbox with their names in it, in name order."""
        if not self.inbox.is_dir():
            return []
        found = {path.relative_to(self.inbox).as_posix(): path for path in self.inbox.rglob("*") if path.is_file()}
        # Hidden files and Excel's lock files (~$deals.xlsx) are not deliveries.
        hidden = (".", "~$")
        return [(found[file], file) for file in sorted(found) if not any(p.startswith(hidden) for p in file.split("/"))]

    def _deliveries(self, path: Path, file: str) -> Iterator[Delivery]:
        kind = path.suffix.casefold()
        if kind not in _KINDS:
            return
        entries = self.mappings.for_file(file)
        mapped = {entry.stream for entry in entries}
        own = _stream_named(file)
        if kind == ".xlsx":
            yield from _sheets(path, file, entries, own if own not in mapped else None)
            return
        for entry in entries:
            yield Delivery(path, file, entry.stream, entry)
        if own and own not in mapped:
            yield Delivery(path, file, own)


def _land(delivery: Delivery, landing: Landing, known: _Known, now: dt.datetime, progress: Progress | None) -> Landed:
    before = identity(delivery.path)
    with standing_still(delivery.path, delivery.file, before):
        origin = _origin(delivery)
    seen = _seen(delivery, origin, known)
    if seen:
        outcome, holder = seen
        if outcome == "repeated":
            known.add(landing.note_repetition(origin, holder, now))
        return replace(_landed(holder, outcome), source_ref=origin.source_ref)

    def fill(rows: RowWriter) -> None:
        with standing_still(delivery.path, delivery.file, before):
            filled = _read(delivery, origin.source_ref, rows)
        if not filled:
            raise _Blank

    try:
        batch = landing.write(origin, fill, now, _teller(origin.source_ref, progress))
    except _Blank:
        warning = f"{origin.source_ref}: is empty, not even a header was found; nothing was loaded from it."
        return Landed(delivery.stream, origin.source_ref, "empty", warnings=(warning,))
    known.add(batch)
    return _landed(batch, "landed")


def _seen(delivery: Delivery, origin: Origin, known: _Known) -> tuple[Outcome, Batch] | None:
    """How a delivery is known already, and the batch that holds its rows; None for news."""
    last = known.latest.get(origin.place)
    if last and last.origin.fingerprint == origin.fingerprint and not _may_read_better(last, delivery):
        return "unchanged", known.content_of(last)
    newest = known.newest.get((origin.stream, origin.slot))
    if newest and _repeats(origin, newest):
        return "repeated", newest
    return None


def _sheets(path: Path, file: str, entries: list[Entry], own: str | None) -> Iterator[Delivery]:
    """Deliveries of a workbook: mapped sheets, sheets named after a stream, else the first one."""
    names = xlsx_files.sheets(path, file)
    if not names:
        raise InputError(f"{file}: has no visible worksheet; put the rows on one, or take the file out of the inbox.")
    by_name = {name.strip().casefold(): name for name in names}
    for entry in entries:
        sheet = by_name.get((entry.sheet or entry.stream).casefold()) or (None if entry.sheet else names[0])
        if sheet is None:
            raise InputError(
                f"{file}: has no sheet {entry.sheet!r}, which {entry.where} names; it has {', '.join(names)}."
            )
        yield Delivery(path, file, entry.stream, entry, sheet)
    mapped = {entry.stream for entry in entries}
    named = [stream for stream in STREAMS if stream in by_name and stream not in mapped]
    for stream in named:
        yield Delivery(path, file, stream, None, by_name[stream])
    if own and own not in by_name and names[0].strip().casefold() not in STREAMS:
        yield Delivery(path, file, own, None, names[0])


def _stream_named(file: str) -> str | None:
    """The stream a file is named after: `deals.csv`, or any file in the folder `deals/`."""
    parts = PurePosixPath(file).parts
    name = PurePosixPath(file).stem if len(parts) == 1 else parts[0]
    return name.casefold() if len(parts) <= 2 and name.casefold() in STREAMS else None


def _facts(delivery: Delivery) -> tuple[dict[str, str | int], ...]:
    facts = delivery.path.stat()
    modified = dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC).isoformat(timespec="microseconds")
    return ({"name": delivery.file, "bytes": facts.st_size, "modified_at": modified},)


def _origin(delivery: Delivery) -> Origin:
    delivered = _facts(delivery)
    return Origin(
        stream=delivery.stream,
        source=NAME,
        file=delivery.file,
        fingerprint=sealed.sha256(delivery.path),
        sheet=delivery.sheet,
        slot=delivery.entry.slot if delivery.entry else "",
        looked_for=delivery.wanted.digest,
        delivered=delivered,
    )


def _repeats(origin: Origin, newest: Batch) -> bool:
    """Another file holds what the stream's newest batch holds: it tells nothing new."""
    same = (newest.origin.fingerprint, newest.origin.sheet) == (origin.fingerprint, origin.sheet)
    return same and newest.origin.place != origin.place


def _teller(label: str, progress: Progress | None) -> Callable[[int], None] | None:
    if progress is None:
        return None
    told = read = 0

    def tell(rows: int) -> None:
        nonlocal told, read
        read += rows
        if read - told >= _TOLD_EVERY:
            told = read
            progress(f"{label}: {read:,} rows read")

    return tell


def _may_read_better(last: Batch, delivery: Delivery) -> bool:
    """The header was found wanting, and is looked for by other names now (a mapping came or was mended)."""
    changed = last.origin.looked_for != delivery.wanted.digest
    return changed and not last.same_as and bool(delivery.wanted.missing(last.columns))


def _read(delivery: Delivery, label: str, rows: RowWriter) -> bool:
    kind = delivery.path.suffix.casefold()
    if kind == ".csv":
        return csv_files.read(delivery.path, delivery.wanted, label, rows)
    if kind == ".parquet":
        return parquet_files.read(delivery.path, delivery.wanted, label, rows)
    return xlsx_files.read(delivery.path, delivery.sheet, delivery.wanted, label, rows)


def _landed(batch: Batch, outcome: Outcome) -> Landed:
    warnings = list(batch.warnings)
    if outcome == "landed" and not batch.delivered_rows:
        warnings.append(f"{batch.origin.source_ref}: holds a header but no rows.")
    return Landed(
        stream=batch.stream,
        source_ref=batch.origin.source_ref,
        outcome=outcome,
        delivered=batch.delivered_rows,
        malformed=batch.malformed,
        totals=len(batch.totals),
        batch_id=batch.batch_id,
        warnings=tuple(warnings) if outcome == "landed" else (),
    )


def _unread(file: str) -> str:
    if PurePosixPath(file).suffix.casefold() not in _KINDS:
        return f"{file}: was not loaded; only .csv, .xlsx and .parquet are read."
    return f"{file}: was not loaded; it is not named after a stream and no mapping names it."


def _unread_sheets(file: str, path: Path, found: list[Delivery]) -> list[str]:
    used = {delivery.sheet for delivery in found}
    rest = [name for name in xlsx_files.sheets(path, file) if name not in used]
    if not rest:
        return []
    return [
        f"{file}: {'the sheets' if len(rest) > 1 else 'the sheet'} {', '.join(rest)} "
        f"{'were' if len(rest) > 1 else 'was'} not loaded; no stream and no mapping has that name."
    ]
