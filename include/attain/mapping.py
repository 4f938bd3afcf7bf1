"""Mappings: which delivered field feeds which canonical column, and what its values mean (mappings/*.yml).

Landing keeps rows as delivered; a mapping is applied when they are read, so mending a mapping mends what was
delivered before it, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from attain import yamlfile
from attain.company import Company
from attain.errors import InputError
from attain.streams import STREAMS

# A delivered row that says its key is gone (contracts: corrections).
DELETED = "is_deleted"


def _list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _rule(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


def _lists(value: object) -> object:
    return {key: _list(item) for key, item in value.items()} if isinstance(value, dict) else value


class ColumnRule(BaseModel):
    """How one canonical column is filled: the field (default: the one of its own name), then `when`,
    `values`, `format`, and `default` for what is empty after that; or a constant `value`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str | None = Field(default=None, alias="from")
    value: str | None = None
    when: Annotated[dict[str, list[str]], BeforeValidator(_lists)] = Field(default_factory=dict)
    values: dict[str, str | None] = Field(default_factory=dict)
    others: Literal["keep", "reject"] = "keep"
    format: Annotated[list[str], BeforeValidator(_list)] = Field(default_factory=list)
    default: str | None = None

    @property
    def has_zone(self) -> bool:
        """Whether its formats read a time zone."""
        return any("%z" in pattern for pattern in self.format)

    @model_validator(mode="after")
    def _is_sound(self) -> ColumnRule:
        if self.value is not None and (self.source or self.values or self.format):
            raise ValueError("value: is a constant and goes without from:, values: and format:")
        if self.others == "reject" and not self.values:
            raise ValueError("others: reject needs values: to say which are accepted")
        for pattern in self.format:
            if "%" not in pattern:
                raise ValueError(f"format: {pattern!r} holds no % directive; write it like '%m/%d/%Y'")
        if self.has_zone and not all("%z" in pattern for pattern in self.format):
            raise ValueError("format: either all formats hold a zone (%z) or none does")
        return self


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    stream: str
    file: str
    name: str | None = None
    sheet: str | None = None
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_rule)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_known(self) -> _Entry:
        if self.stream not in STREAMS:
            raise ValueError(f"stream: {self.stream!r} is not a stream; it must be one of {', '.join(STREAMS)}")
        stream = STREAMS[self.stream]
        for column, rule in self.columns.items():
            if column not in (*stream.columns, DELETED):
                raise ValueError(
                    f"columns.{column}: is not a column of {self.stream}; it has {', '.join(stream.columns)}"
                )
            if rule.format and stream.columns.get(column) not in ("date", "instant"):
                raise ValueError(f"columns.{column}: is no date, so format: has no meaning here")
            if rule.has_zone and stream.columns[column] == "date":
                raise ValueError(
                    f"columns.{column}: is a business date, counted as written; write the zone in format: as "
                    "it stands there, such as +0800, instead of %z"
                )
        return self


class _Entries(RootModel[list[_Entry]]):
    pass


@dataclass(frozen=True)
class Entry:
    """One entry of a mapping: rows of the files matching `file` (and `sheet`) feed `stream`.

    `slot` tells entries for one file and stream apart: the entry's name, else '' for the first, '2' for the
    second. `where` is its file and line.
    """

    stream: str
    file: str
    sheet: str | None
    name: str | None
    columns: dict[str, ColumnRule]
    where: str
    slot: str = ""

    def matches(self, file: str) -> bool:
        """Whether a file (relative to the inbox) is meant: the pattern fits its path or its name."""
        return fnmatchcase(file, self.file) or fnmatchcase(PurePosixPath(file).name, self.file)

    def sources(self) -> list[str]:
        """Delivered fields the entry names."""
        named = [rule.source or column for column, rule in self.columns.items() if rule.value is None]
        return list(dict.fromkeys([*named, *(key for rule in self.columns.values() for key in rule.when)]))

    def required_sources(self) -> list[str]:
        """Delivered fields without which the stream's required columns stay empty."""
        rules = ((column, self.columns.get(column)) for column in STREAMS[self.stream].required)
        return [
            (rule.source if rule else None) or column
            for column, rule in rules
            if rule is None or (rule.value is None and rule.default is None)
        ]


@dataclass(frozen=True)
class Mappings:
    """All entries of a company, in file and line order."""

    entries: tuple[Entry, ...] = field(default=())

    def for_file(self, file: str) -> list[Entry]:
        """Entries that read this file, with their slots."""
        return [entry for stream in STREAMS for entry in self._candidates(stream, file, None)]

    def entry_of(self, stream: str, file: str, sheet: str, slot: str) -> Entry | None:
        """The entry a landed batch is read through; None when the file is taken by its columns' own names.

        Raises InputError when there were several entries for the file and the batch's one is gone.
        """
        candidates = self._candidates(stream, file, sheet)
        fitting = [entry for entry in candidates if entry.slot == slot]
        if fitting:
            return fitting[0]
        if len(candidates) == 1:
            return candidates[0]
        if not candidates and not slot:
            return None
        raise InputError(_entry_is_gone(stream, file, slot, candidates))

    def _candidates(self, stream: str, file: str, sheet: str | None) -> list[Entry]:
        found: list[Entry] = []
        for entry in self.entries:
            if entry.stream != stream or not entry.matches(file):
                continue
            if sheet is not None and entry.sheet is not None and entry.sheet.casefold() != sheet.casefold():
                continue
            found.append(entry)
        return [_with_slot(entry, found[:index]) for index, entry in enumerate(found)]


def _entry_is_gone(stream: str, file: str, slot: str, candidates: list[Entry]) -> str:
    places = ", ".join(entry.where for entry in candidates) or "no entry matches the file"
    if not slot:
        return (
            f"{file}: was landed for {stream} before its mapping entries had names; leave one of them "
            f"without a name ({places})."
        )
    return (
        f"{file}: was landed for {stream} through the mapping entry {slot!r}, which is gone ({places}); "
        f"write it again, with `name: {slot}`."
    )


def _with_slot(entry: Entry, earlier: list[Entry]) -> Entry:
    same = sum(1 for other in earlier if other.name is None and other.sheet == entry.sheet)
    slot = entry.name or ("" if not same else str(same + 1))
    return Entry(entry.stream, entry.file, entry.sheet, entry.name, entry.columns, entry.where, slot)


def load_mappings(company: Company) -> Mappings:
    """The mappings of a company (none without mappings/). Raises InputError naming file, line and field."""
    folder = company.mappings_dir
    paths = sorted(path for path in folder.glob("*.y*ml") if path.is_file())
    return Mappings(tuple(entry for path in paths for entry in entries_of(yamlfile.read(path))))


def entries_of(document: yamlfile.Document) -> list[Entry]:
    """Entries of one mapping file: a list, or a list under `mappings:`. Raises InputError."""
    at: tuple[str | int, ...] = ()
    data = document.data
    if isinstance(data, dict):
        for key in data:
            if key != "mappings":
                line = document.line((key,))
                raise InputError(f"{document.label}:{line}: {key}: is not a known key here; expected mappings.")
        at, data = ("mappings",), data.get("mappings")
    if not data:
        return []
    written = yamlfile.validated(_Entries, document, at).root
    label = f"mappings/{Path(document.label).name}"
    return [
        Entry(one.stream, one.file, one.sheet, one.name, one.columns, f"{label}:{document.line((*at, index))}")
        for index, one in enumerate(written)
    ]
