"""The limits of the gates: defaults in `expectations/limits.yml`, a company's own in company.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from attain import yamlfile
from attain.errors import InputError
from attain.streams import STREAMS
from attain.yamlfile import Flag, Number

EVERYWHERE = "all"


@dataclass(frozen=True)
class Limit:
    """A limit of one check: for everything (both names empty), one stream or table, or one field of it."""

    check: str
    stream_or_table: str
    field: str
    limit: Decimal
    severity: str | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    meaning: str
    severity: str
    is_share: Flag = False
    limits: dict[str, Number] = Field(min_length=1)


class _Defaults(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limits: dict[str, _Entry]


def _entries(expectations: Path) -> dict[str, _Entry]:
    return yamlfile.validated(_Defaults, yamlfile.read(expectations / "limits.yml")).limits


def defaults(expectations: Path) -> list[Limit]:
    """Every default limit. Raises InputError when limits.yml is wrong."""
    return [
        _limit(check, where, value, entry.severity)
        for check, entry in _entries(expectations).items()
        for where, value in entry.limits.items()
    ]


def overrides(quality: Mapping[str, Mapping[str, Any]], expectations: Path, label: str = "company.yml") -> list[Limit]:
    """A company's own limits for inputs.quality_limits, from `quality:` in company.yml.

    `quality` is `{check: {all | stream | stream.column: limit}}`.
    Raises InputError naming the check, stream or column that does not exist, or a number that is no limit.
    """
    known = _entries(expectations)
    result = []
    for check, limits in quality.items():
        if check not in known:
            raise InputError(f"{label}: quality.{check}: there is no such limit; known are {', '.join(sorted(known))}.")
        for where, value in limits.items():
            _require_known(check, where, label)
            _require_possible(f"{label}: quality.{check}.{where}", Decimal(value), known[check].is_share)
            result.append(_limit(check, where, Decimal(value), known[check].severity))
    return result


def _require_known(check: str, where: str, label: str) -> None:
    stream, _, field = where.partition(".")
    if where == EVERYWHERE:
        return
    if stream not in STREAMS:
        raise InputError(
            f"{label}: quality.{check}.{where}: {stream} is not a stream; "
            f"write {EVERYWHERE}, a stream or stream.column."
        )
    if field and field not in STREAMS[stream].columns:
        raise InputError(f"{label}: quality.{check}.{where}: {stream} has no column {field}.")


def _require_possible(place: str, value: Decimal, is_share: bool) -> None:
    if value < 0:
        raise InputError(f"{place}: {value} is below 0, so it limits nothing; write a number from 0 on.")
    if is_share and value > 1:
        raise InputError(f"{place}: {value} is more than everything; 5 % is written 0.05.")


def _limit(check: str, where: str, value: Decimal, severity: str) -> Limit:
    stream, _, field = ("", "", "") if where == EVERYWHERE else where.partition(".")
    return Limit(check, stream, field, value, severity)
