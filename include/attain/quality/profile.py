"""What the inputs gate knows of every stream after one scan: rows, newest day, empty values by month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from attain import yamlfile
from attain.errors import InputError
from attain.streams import STREAMS
from attain.yamlfile import Flag

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CREATE = """
create or replace temp table stream_months (
    stream varchar, is_essential boolean, month date, row_count bigint, newest_on date
);
create or replace temp table column_months (
    stream varchar, field varchar, month date, row_count bigint, empty_count bigint
);
"""


class Profile(BaseModel):
    """What is measured of one stream: `day` dates its rows (first column filled), `columns` are to be filled.

    Without an `essential` stream's rows nobody can be scored or paid.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: list[str] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    essential: Flag = False


class _Profiles(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    streams: dict[str, Profile]


def load(expectations: Path) -> dict[str, Profile]:
    """The profiles of `expectations/streams.yml`. Raises InputError for an unknown stream or column."""
    path = expectations / "streams.yml"
    profiles = yamlfile.validated(_Profiles, yamlfile.read(path)).streams
    for name, profile in profiles.items():
        if name not in STREAMS:
            raise InputError(f"{path}: {name} is not a stream.")
        for column in (*profile.day, *profile.columns):
            if column not in STREAMS[name].columns:
                raise InputError(f"{path}: {name} has no column {column}.")
    return profiles


def measure(con: DuckDBPyConnection, profiles: dict[str, Profile]) -> None:
    """Fill the temp tables `stream_months` and `column_months`: one aggregating scan per stream."""
    con.execute(_CREATE)
    for stream, profile in profiles.items():
        _measure_stream(con, stream, profile)


def _measure_stream(con: DuckDBPyConnection, stream: str, profile: Profile) -> None:
    # Names come from streams.py (checked in `load`), so the text holds nothing a file or a plan could choose.
    days = ", ".join(f'cast("{column}" as date)' for column in profile.day)
    day = f"coalesce({days})" if days else "cast(null as date)"
    counts = "".join(f', count(*) - count("{column}") as c{n}' for n, column in enumerate(profile.columns))
    con.execute(
        "create or replace temp table stream_scan as "
        f"select cast(date_trunc('month', {day}) as date) as month, count(*) as row_count, "
        f"max({day}) as newest_on{counts} from staging.stg_{stream} group by 1"
    )
    con.execute(
        "insert into stream_months select ?, ?, month, row_count, newest_on from stream_scan",
        [stream, profile.essential],
    )
    con.execute(
        "insert into stream_months select ?, ?, null, 0, null where not exists (select 1 from stream_scan)",
        [stream, profile.essential],
    )
    for n, column in enumerate(profile.columns):
        con.execute(
            f"insert into column_months select ?, ?, month, row_count, c{n} from stream_scan",
            [stream, column],
        )
