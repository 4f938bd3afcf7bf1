"""The files of a close: payroll, journal and commission table, written from the ledger alone, the same at any time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

from attain import sealed
from attain.company import minor_units
from attain.errors import Corrupt, InputError
from attain.finance.journal import write_journal
from attain.finance.payroll import write_payroll
from attain.ledger import Close

FOLDER = "closes"
_TABLES = {
    "commission_table": "select *, 'closed' as status from read_parquet($payroll)",
    "payouts": "select * replace ('closed' as status) from read_parquet($payouts)",
    "ledger": "select * from read_parquet($ledger_entries)",
}


@dataclass(frozen=True)
class _Owner:
    """The company as it was called when the period was closed."""

    name: str
    currency: str
    locale: str

    def minor_units(self, currency: str | None = None) -> int:
        return minor_units(currency or self.currency)


def ensure_files(home: Path, close: Close) -> Path:
    """The sealed folder `closes/<close id>` with the files of a close; written when it is not there.

    Raises Corrupt when a file differs from its seal or the close does not add up.
    """
    root = home / FOLDER
    folder = root / close.close_id
    if folder.exists():
        try:
            sealed.verify(folder)
        except Corrupt as error:
            raise Corrupt(
                f"{error} Or remove that folder and write it again: attain close-files {close.period}."
            ) from error
        return folder

    def fill(building: Path) -> sealed.Facts:
        write_files(close, building)
        return {"close_id": close.close_id, "period": close.period, "ledger_seal": close.digest}

    return sealed.write(root, close.close_id, fill)


def write_files(close: Close, folder: Path) -> None:
    """Writes the files of a close into `folder`. Raises Corrupt when the close does not add up."""
    seal = sealed.verify(close.folder)
    if "payroll.parquet" not in seal["files"]:
        raise InputError(
            f"{close.close_id} was booked by a version of Attain that kept no payroll and journal; there are no files."
        )
    write_payroll(close, folder)
    write_journal(close, folder)
    _write_workbook(close, seal, folder)


def _write_workbook(close: Close, seal: sealed.Facts, folder: Path) -> None:
    from attain.publish.excel import write_commission_workbook
    from attain.publish.set import WORKBOOK

    company = _Owner(**seal["company"])
    with duckdb.connect() as con:
        con.execute("create schema marts")
        for table, query in _TABLES.items():
            source = query.split("$")[1].rstrip(")")
            con.execute(f"create table marts.{table} as {query}", {source: str(close.folder / f"{source}.parquet")})
        # What a close would book is of open months; this one's entries are in the ledger.
        con.execute("create schema settlement; create table settlement.close_entries as from marts.ledger limit 0")
        as_of = dt.datetime.fromisoformat(seal["as_of"])
        write_commission_workbook(con, folder / WORKBOOK, company, close.period, as_of=as_of)
