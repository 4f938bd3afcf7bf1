"""The KPI catalogue: which KPIs, variants and restrictions a plan may name. Its rows are a dbt seed."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from attain.errors import InputError

SEED = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "kpi_catalogue.csv"

# What the word of a commission's `measure` stands for where it is not itself the id of a KPI.
MEASURE_KPIS = {"deals": "contract_count"}

# KPIs computed from the value of another KPI, which must therefore be computed too.
_BUILT_ON = {"bookings_growth": "bookings", "quota_attainment": "bookings"}

# Attributes by which the facts of a source can be restricted (`where`).
_DEAL_FIELDS = ("product_line", "deal_type", "segment", "region")
WHERE_FIELDS: dict[str, tuple[str, ...]] = {
    "deals": _DEAL_FIELDS,
    "finance": _DEAL_FIELDS,
    "stages": ("stage", *_DEAL_FIELDS),
    "pipeline": ("stage", *_DEAL_FIELDS),
    "activities": ("kind", "outcome"),
    "surveys": ("survey", "question", "segment", "region"),
    "reviews": ("survey", "question", "rater_group"),
    "objectives": ("kind",),
    "customers": ("segment", "region"),
    "renewals": ("segment", "region"),
    "leads": ("source",),
    "training": ("topic", "course"),
    "market": ("region",),
}

# Of these attributes every word is known: staging quarantines rows with another one (a test compares the lists).
_Words = dict[str, tuple[str, ...]]
_DEAL_TYPES: _Words = {"deal_type": ("new", "renewal", "expansion")}
_SURVEYS: _Words = {"survey": ("csat", "nps", "ces", "review360", "complaint")}
WHERE_WORDS: dict[str, _Words] = {
    **dict.fromkeys(("deals", "finance", "stages", "pipeline"), _DEAL_TYPES),
    "activities": {
        "kind": ("call", "visit", "demo", "proposal", "content", "coaching"),
        "outcome": ("accepted", "rejected"),
    },
    "surveys": _SURVEYS,
    "reviews": _SURVEYS,
    "objectives": {"kind": ("mbo", "kra", "okr")},
}


@dataclass(frozen=True)
class Kpi:
    """One KPI. `variants`: the first is the default, empty when there is only one reading of the formula."""

    id: str
    name_en: str
    name_zh: str
    perspective: str
    unit: str
    direction: str
    is_additive: bool
    variants: tuple[str, ...]
    base: str
    is_supported: bool

    @property
    def default_variant(self) -> str:
        """The variant meant when a plan names none; empty text when the KPI has none."""
        return self.variants[0] if self.variants else ""

    @property
    def where_fields(self) -> tuple[str, ...]:
        """Fields a `where` on this KPI may restrict."""
        return WHERE_FIELDS[self.base]

    @property
    def where_words(self) -> _Words:
        """Fields of which only certain values exist, with these values."""
        return WHERE_WORDS.get(self.base, {})

    @property
    def is_money_or_count(self) -> bool:
        """Whether a commission rate can multiply it."""
        return self.unit in ("money", "count")


@dataclass(frozen=True)
class Catalogue:
    """All KPIs by id, in the order of the seed."""

    kpis: dict[str, Kpi]

    def get(self, kpi: str) -> Kpi | None:
        """The KPI, or None when the catalogue does not know it."""
        return self.kpis.get(kpi)

    def measured(self, measure: str) -> Kpi | None:
        """The KPI behind the `measure` of a commission (`deals` counts contracts)."""
        return self.get(MEASURE_KPIS.get(measure, measure))

    def unknown(self, kpi: str) -> str:
        """The sentence for an id that is not in the catalogue, with the likely intended one."""
        near = difflib.get_close_matches(kpi, self.kpis, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f"{kpi!r} is not a KPI of the catalogue; {hint}allowed are {', '.join(self.kpis)}"

    def built_on(self, kpi: str, of: str | None = None) -> str | None:
        """The KPI whose value this one needs (for quota_attainment the one named by `of`), or None."""
        base = _BUILT_ON.get(kpi)
        return of if base and kpi == "quota_attainment" and of else base


@cache
def load_catalogue(path: Path = SEED) -> Catalogue:
    """The catalogue in a CSV file. Raises InputError when the file is missing."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return Catalogue({row["kpi"]: _kpi(row) for row in csv.DictReader(file)})
    except FileNotFoundError as error:
        raise InputError(f"{path}: the KPI catalogue is missing; the installation is incomplete.") from error


def _kpi(row: dict[str, str]) -> Kpi:
    return Kpi(
        id=row["kpi"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        perspective=row["perspective"],
        unit=row["unit"],
        direction=row["direction"],
        is_additive=row["is_additive"] == "true",
        variants=tuple(filter(None, row["variants"].split("|"))),
        base=row["base"],
        is_supported=row["is_supported"] == "true",
    )


def listed(words: Iterable[str]) -> str:
    """Words as they stand in a sentence: `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
