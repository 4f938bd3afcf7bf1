"""Suites as YAML: `expectations/<gate>/*.yml`, in Great Expectations' own vocabulary.

A suite measures once (`query`, materialised) and lists expectations over what was measured. Its queries are
the project's own text; limits and run facts reach them as rows, never as spliced text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from attain import yamlfile
from attain.errors import InputError
from attain.quality.results import Gate, Severity
from attain.yamlfile import Flag, Whole

_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+\.\d+")


class Words(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str
    zh: str


class Expectation(BaseModel):
    """One expectation: a Great Expectations type with its kwargs, and how its outcome is told.

    `observed` and `expected` are SQL aggregates over the measured rows giving text; without them the failing
    rows are counted. `mask` hides every number in samples and sentences: it stands where numbers are pay.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: str = Field(pattern=r"^(expect|unexpected)_[a-z_]+$")
    severity: Severity
    kwargs: dict[str, Any] = Field(default_factory=dict)
    description: Words
    finding: Words
    observed: str | None = None
    expected: str | None = None
    mask: Flag = False

    @model_validator(mode="after")
    def _masks_hold(self) -> Expectation:
        if self.mask and self.observed:
            raise ValueError(f"{self.check} masks its values, so it cannot show one in observed")
        return self

    def typed_kwargs(self) -> dict[str, Any]:
        """The kwargs with numbers, booleans and lists of them as Great Expectations wants them."""
        return {name: _typed(value) for name, value in self.kwargs.items()}


class Suite(BaseModel):
    """Expectations over one measured result; `keys` are the columns that name a row to the reader."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    position: Whole
    query: str
    population: str | None = None
    keys: list[str] = Field(min_length=1)
    expectations: list[Expectation] = Field(min_length=1)


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if not isinstance(value, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    # Only limits of scores and shares are written as kwargs; money is compared inside SQL.
    return float(Decimal(value)) if _DECIMAL.fullmatch(value) else value


def load(expectations: Path, gate: Gate) -> list[Suite]:
    """The suites of a gate in the order they are told.

    Raises InputError naming file, line and field of anything wrong, or a check id that stands twice.
    """
    folder = expectations / gate
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise InputError(f"{folder}: holds no suites (*.yml); a gate without checks would let anything pass.")
    suites = [yamlfile.validated(Suite, yamlfile.read(path)) for path in files]
    seen: set[str] = set()
    for suite in suites:
        for expectation in suite.expectations:
            if expectation.check in seen:
                raise InputError(f"{folder}: the check {expectation.check} stands twice; check ids are unique.")
            seen.add(expectation.check)
    return sorted(suites, key=lambda suite: (suite.position, suite.suite))
