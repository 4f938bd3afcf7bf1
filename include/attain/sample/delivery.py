"""Delivering the sample's rows: good rows, the dirty ones among them, and what later files correct."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attain.sample import deal_files
from attain.sample.columns import as_text, text_rows
from attain.sample.dice import Ints
from attain.sample.dirt import ACCEPTED, QUARANTINED, SUPERSEDED, Dirt, DirtyRows, dirty_table
from attain.sample.files import Inbox
from attain.sample.finance_files import grouped
from attain.sample.pipeline import WON, Deals
from attain.sample.scale import Scale
from attain.sample.staff import person_id
from attain.sample.staff_files import Row
from attain.streams import STREAMS

EXPORT, CORRECTIONS = "deals/1_crm_export", "deals/2_corrections"
_MISTYPED_PER_10000 = 40
_MALFORMED_PER_10000 = 15
_MONEY = re.compile(r"-?[0-9]+\.[0-9]{2}")


class Delivery:
    """Writes rows into the inbox with their share of dirt and keeps the account of it."""

    def __init__(self, scale: Scale, inbox: Inbox) -> None:
        self._scale, self._inbox = scale, inbox
        self._dirt = Dirt(scale)
        self._corrections: list[pa.Table] = []
        self._other: Counter[tuple[str, str, str, str]] = Counter()
        self._invoiced = [0, 0]

    def rows(self, stream: str, table: pa.Table, file: str | None = None) -> dict[str, list[Row]]:
        """Deliver good rows and the dirty ones due with them; gives the dirty rows by kind."""
        name = file or stream
        self._inbox.write(name, table)
        found = self._dirt.of(stream, table)
        if found:
            self._inbox.write(name, dirty_table(found, table.column_names))
        return {fault.kind: rows for fault, rows in found}

    def deals(self, deals: Deals, reached: Ints, cancelled: Ints, part: int) -> None:
        """Deliver deals; a few amounts are ten times too large until the corrections file comes."""
        dice = self._scale.dice("corrections", part)
        is_mistyped = dice.chance(_MISTYPED_PER_10000 * self._scale.dirty, len(deals)) & (deals.status == WON)
        typed = replace(deals, amount=np.where(is_mistyped, deals.amount * 10, deals.amount))
        dirty = self.rows("deals", deal_files.deals_table(typed, reached, cancelled), EXPORT)
        self._deliver_short_splits(dirty.get("shares add up to 90 %", []))
        self._withdraw(dirty.get("test deal, deleted later", []))
        if is_mistyped.any():
            right = deal_files.deals_table(deals.where(is_mistyped), reached[is_mistyped], cancelled[is_mistyped])
            self._correct(as_text(right), is_deleted=False)
            self._count("deals", "amount corrected in a later file", SUPERSEDED, "", len(right))

    def invoices(self, table: pa.Table) -> None:
        """Deliver invoices and add up what the totals row will show (as a SUM, which skips text)."""
        dirty = self.rows("invoices", table)
        texts = [row for rows in dirty.values() for row in rows]
        for place, column in enumerate(("amount", "tax_amount")):
            good = pc.sum(table[column]).as_py() or 0
            wrong = [row[column] or "" for row in texts]
            self._invoiced[place] += int(good * 100) + sum(_cents(text) for text in wrong if _MONEY.fullmatch(text))

    def credit_notes(self, table: pa.Table) -> None:
        """Deliver credit notes, counting the legal thousands separators in them."""
        self.rows("credit_notes", table)
        grouped_rows = int(pc.sum(pc.match_substring(table["amount"], ",")).as_py() or 0)
        self._count("credit_notes", "thousands separators", ACCEPTED, "", grouped_rows)

    def finish(self) -> tuple[DirtyRows, ...]:
        """Write what ends the files: totals, malformed rows, corrections. Gives the account of all dirt."""
        total, tax = (grouped(cents).replace(",", "") for cents in self._invoiced)
        if self._inbox.line("invoices", f"合计,,,,,{total},{tax},,"):
            self._count("invoices", "totals row", ACCEPTED, "", 1)
        self._deliver_malformed()
        for table in self._corrections:
            self._inbox.write(CORRECTIONS, table)
        rows = [
            DirtyRows(fault.stream, fault.kind, fault.outcome, fault.rule, count)
            for fault, count in self._dirt.counted()
        ]
        rows += [DirtyRows(*key, rows=count) for key, count in self._other.items() if count]
        return tuple(sorted(rows, key=lambda row: (row.stream, row.outcome, row.kind)))

    def _deliver_malformed(self) -> None:
        """Leads whose remark was typed with a comma: more fields than the header has."""
        if not self._scale.dirty:
            return
        wanted = self._inbox.rows.get("leads", 0) * _MALFORMED_PER_10000 // 10_000
        for number in range(1, wanted + 1):
            line = f"LY{number},{person_id(number % self._scale.people)},website,2025-06-05,,,,,客户要求,再联系"
            if self._inbox.line("leads", line):
                self._inbox.rows["leads"] += 1
                self._count("leads", "more fields than columns", QUARANTINED, "column_count", 1)

    def _deliver_short_splits(self, deals: list[Row]) -> None:
        names = list(STREAMS["deal_splits"].columns)
        rows: list[Row] = []
        for deal in deals:
            # The first directors own no deals, so the two people of a split differ.
            for person, share in ((deal["owner_id"], "0.5"), (person_id(0), "0.4")):
                rows.append(
                    {
                        "deal_id": deal["deal_id"],
                        "participant_id": person,
                        "share": share,
                        "credit_role": "owner",
                    }
                )
        if rows:
            self._inbox.write("deal_splits", text_rows(rows, names))
            self._count("deal_splits", "splits of a deal with 90 %", QUARANTINED, "parent_quarantined", len(rows))

    def _withdraw(self, deals: list[Row]) -> None:
        if deals:
            self._correct(text_rows(deals, list(STREAMS["deals"].columns)), is_deleted=True)
            self._count("deals", "deletion of a test deal", SUPERSEDED, "", len(deals))

    def _correct(self, table: pa.Table, *, is_deleted: bool) -> None:
        marks = pa.array(["true" if is_deleted else None] * len(table), type=pa.string())
        self._corrections.append(table.append_column("is_deleted", marks))

    def _count(self, stream: str, kind: str, outcome: str, rule: str, rows: int) -> None:
        self._other[(stream, kind, outcome, rule)] += rows


def _cents(text: str) -> int:
    return int(text.replace(".", ""))
