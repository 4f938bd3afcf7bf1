"""A company folder with an inbox, its landing, and a warehouse to read what was landed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from attain.company import Company, load_company
from attain.conform import conform
from attain.landing import Batch, Landing
from attain.mapping import load_mappings
from attain.sources.base import Landed, Report
from attain.sources.files import FileDrops

NOON = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
DEALS = "deal_id,owner_id,status,amount\n"
ALL_DEALS = "select _row, deal_id, owner_id, status, amount from landing.deals order by _batch_no, _row"


class Drops:
    """What a test drops into the inbox and what comes of it."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "company"
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir(parents=True)
        text = "name: Test\ncurrency: CNY\nfirst_period: 2026-01\n"
        (self.folder / "company.yml").write_text(text, encoding="utf-8")
        self.landing = Landing(root / "landing")

    @property
    def company(self) -> Company:
        return load_company(self.folder)

    def drop(self, file: str, content: str | bytes) -> Path:
        path = self.inbox / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def map(self, content: str, file: str = "crm.yml") -> None:
        folder = self.folder / "mappings"
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(content, encoding="utf-8")

    def extract(self, now: dt.datetime = NOON) -> Report:
        return FileDrops(self.company).extract(self.landing, now)

    def waiting(self) -> list[str]:
        """Names of the files that did not land yet."""
        return FileDrops(self.company).waiting(self.landing)

    def only(self) -> Landed:
        """The one delivery of an extract."""
        (delivery,) = self.extract().deliveries
        return delivery

    def batch(self) -> Batch:
        """The one batch of landing."""
        (batch,) = self.landing.batches()
        return batch

    def warehouse(self, as_of: dt.datetime = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        conform(con, self.landing, load_mappings(self.company), as_of)
        return con

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query over schema `landing`."""
        with self.warehouse() as con:
            return con.execute(query).fetchall()

    def land(self, query: str = ALL_DEALS) -> list[tuple[Any, ...]]:
        """Extracts, then gives the rows of a query."""
        self.extract()
        return self.rows(query)
