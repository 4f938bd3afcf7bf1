"""The dirt of real deliveries: rows that must end in quarantine, and rows a later one replaces.

A dirty row is an extra one: a copy of a good row under an id of its own with one thing broken, so that
exactly the rows counted here are quarantined or superseded and the good numbers stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from attain.sample.columns import as_text, text_rows
from attain.sample.dice import Ints
from attain.sample.scale import Scale
from attain.sample.staff_files import Row

QUARANTINED, SUPERSEDED, ACCEPTED = "quarantined", "superseded", "accepted"
# A stream gets dirt only when it is long enough that the default quarantine limit of 5 % is far away.
_ROWS_PER_FAULT = 40
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


# What a broken field holds: a text, nothing, or something made from the good row.
Broken = str | Callable[[Row], str] | None


@dataclass(frozen=True)
class DirtyRows:
    """How many delivered rows of a stream have one kind of dirt, and where they must end.

    `outcome`: quarantined (by `rule`), superseded, or accepted (unusual but legal, `rule` empty).
    """

    stream: str
    kind: str
    outcome: str
    rule: str
    rows: int


@dataclass(frozen=True, eq=False)
class Fault:
    """A way to be wrong: `per_10000` of a stream's rows are copied and broken, those where `only` holds."""

    stream: str
    kind: str
    rule: str
    per_10000: int
    broken: dict[str, Broken]
    only: tuple[str, str] | None = None
    key: tuple[str, str] | None = None
    outcome: str = QUARANTINED


def _full_width(row: Row) -> str:
    return (row["amount"] or "").translate(_FULL_WIDTH)


def _deal(kind: str, rule: str, per_10000: int, broken: dict[str, Broken]) -> Fault:
    return Fault("deals", kind, rule, per_10000, broken, ("status", "won"), ("deal_id", "DX"))


FAULTS = (
    _deal("missing owner", "required", 12, {"owner_id": None}),
    _deal("owner nobody knows", "unknown_participant", 10, {"owner_id": "X0000"}),
    _deal("account nobody knows", "unknown_account", 12, {"account_id": "A0000000000"}),
    _deal("product nobody knows", "unknown_product", 8, {"product_id": "P999"}),
    _deal("won before it was created", "end_before_start", 8, {"won_on": "2001-01-01"}),
    _deal("date that does not exist", "type", 6, {"created_on": "2025-02-30"}),
    _deal("date in words", "type", 5, {"created_on": "2025年3月5日"}),
    _deal("text in the amount", "type", 8, {"amount": "待定"}),
    _deal("unit in the amount", "type", 4, {"amount": "12万"}),
    _deal("full-width digits", "type", 6, {"amount": _full_width}),
    _deal("currency that is none", "unknown_currency", 5, {"currency": "RMB"}),
    _deal("status nobody knows", "unknown_value", 5, {"status": "closed"}),
    _deal("won without a date", "won_without_date", 5, {"won_on": None}),
    _deal("won without an amount", "required", 4, {"amount": None}),
    _deal("currency without a rate", "fx_rate_missing", 4, {"currency": "JPY", "amount": "4500000"}),
    _deal("shares add up to 90 %", "split_total", 10, {"name": "拆分 Shared"}),
    Fault(
        "deals",
        "test deal, deleted later",
        "",
        6,
        {"name": "测试 TEST"},
        ("status", "won"),
        ("deal_id", "DT"),
        SUPERSEDED,
    ),
    Fault("leads", "same row twice", "", 40, {}, None, None, SUPERSEDED),
    Fault(
        "leads",
        "owner nobody knows",
        "unknown_participant",
        20,
        {"owner_id": "X0000"},
        None,
        ("lead_id", "LX"),
    ),
    Fault("leads", "date by day first", "type", 25, {"created_on": "31/12/2025"}, None, ("lead_id", "LX")),
    Fault(
        "accounts",
        "date that does not exist",
        "type",
        40,
        {"created_on": "2024-13-01"},
        None,
        ("account_id", "AX"),
    ),
    Fault("deal_stages", "deal nobody knows", "unknown_deal", 25, {}, None, ("deal_id", "DX9")),
    Fault("deal_stages", "instant in words", "type", 25, {"entered_at": "昨天下午"}),
    Fault(
        "activities",
        "person nobody knows",
        "unknown_participant",
        20,
        {"participant_id": "X0000"},
        None,
        ("activity_id", "AX"),
    ),
    Fault("activities", "kind nobody knows", "unknown_value", 20, {"kind": "lunch"}, None, ("activity_id", "AX")),
    Fault("activities", "instant in words", "type", 15, {"occurred_at": "tomorrow"}, None, ("activity_id", "AX")),
    Fault(
        "activities",
        "answered before asked",
        "end_before_start",
        10,
        {"inquiry_at": "2025-06-02T10:00:00Z", "responded_at": "2025-06-01T10:00:00Z"},
        None,
        ("activity_id", "AX"),
    ),
    Fault(
        "invoices",
        "deal nobody knows",
        "unknown_deal",
        30,
        {"deal_id": "D99999999"},
        None,
        ("invoice_id", "INVX"),
    ),
    Fault("invoices", "text in the amount", "type", 25, {"amount": "见附件"}, None, ("invoice_id", "INVX")),
    Fault("invoices", "missing date", "required", 20, {"invoiced_on": None}, None, ("invoice_id", "INVX")),
    Fault(
        "payments",
        "invoice nobody knows",
        "unknown_invoice",
        30,
        {"invoice_id": "INV000000000"},
        None,
        ("payment_id", "PAYX"),
    ),
    Fault("payments", "full-width digits", "type", 20, {"amount": _full_width}, None, ("payment_id", "PAYX")),
    Fault("payments", "missing date", "required", 20, {"paid_on": None}, None, ("payment_id", "PAYX")),
    Fault(
        "credit_notes",
        "negative amount",
        "range",
        100,
        {"amount": "-500.00"},
        None,
        ("credit_note_id", "CNX"),
    ),
    Fault(
        "renewals",
        "date that does not exist",
        "type",
        60,
        {"due_on": "2025-11-31"},
        None,
        ("renewal_id", "RNX"),
    ),
    Fault("survey_responses", "score off the scale", "range", 40, {"score": "11"}, None, ("response_id", "RX")),
    Fault(
        "survey_responses",
        "survey nobody knows",
        "unknown_value",
        30,
        {"survey": "satisfaction"},
        None,
        ("response_id", "RX"),
    ),
    Fault("training", "grade instead of a score", "type", 60, {"score": "A+"}, None, ("course", "Course ")),
    Fault("objectives", "completion above 1", "range", 50, {"completion": "1.40"}, None, ("objective_id", "OX")),
    Fault("objectives", "percent sign", "type", 40, {"completion": "85%"}, None, ("objective_id", "OX")),
    Fault(
        "coaching",
        "person nobody knows",
        "unknown_participant",
        60,
        {"participant_id": "X0000"},
        None,
        ("session_id", "CX"),
    ),
    Fault(
        "disputes",
        "answered before it was asked",
        "end_before_start",
        50,
        {"answered_on": "2001-01-01"},
        None,
        ("dispute_id", "QX"),
    ),
    Fault(
        "targets",
        "text in the value",
        "type",
        40,
        {"value": "300万"},
        ("kpi", "bookings"),
        ("revision", "90"),
    ),
    Fault(
        "participants",
        "left before joining",
        "end_before_start",
        60,
        {"left_on": "1999-12-31"},
        None,
        ("participant_id", "X"),
    ),
    Fault("fx_rates", "rate below zero", "range", 40, {"rate": "-7.1200"}, None, ("rate_on", "1999-01-0")),
)


class Dirt:
    """Hands out the dirty rows of every stream and counts them."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._seen: Counter[str] = Counter()
        self._made: Counter[Fault] = Counter()
        self._ids: Counter[tuple[str, str]] = Counter()
        self._by_stream: dict[str, list[Fault]] = {}
        for fault in FAULTS:
            self._by_stream.setdefault(fault.stream, []).append(fault)

    def of(self, stream: str, table: pa.Table) -> list[tuple[Fault, list[Row]]]:
        """The dirty rows due after `table`, per fault; none for a clean company or a short stream."""
        if not self._scale.dirty or stream not in self._by_stream:
            return []
        self._seen[stream] += len(table)
        result = []
        for fault in self._by_stream[stream]:
            positions = self._positions(fault, table, self._due(fault))
            if len(positions):
                result.append((fault, self._rows(fault, table, positions)))
        return result

    def counted(self) -> list[tuple[Fault, int]]:
        """Every fault that was handed out, with its rows, in the order of the list of faults."""
        return [(fault, self._made[fault]) for fault in FAULTS if self._made[fault]]

    def _due(self, fault: Fault) -> int:
        seen = self._seen[fault.stream]
        is_long_enough = seen >= _ROWS_PER_FAULT * len(self._by_stream[fault.stream])
        total = max(1, seen * fault.per_10000 // 10_000) if is_long_enough else 0
        return total - self._made[fault]

    def _positions(self, fault: Fault, table: pa.Table, due: int) -> Ints:
        if fault.only:
            column, value = fault.only
            chosen = np.flatnonzero(pc.equal(table[column], value).to_numpy(zero_copy_only=False))
        else:
            chosen = np.arange(len(table))
        if due <= 0 or len(chosen) == 0:
            return np.empty(0, dtype=np.int64)
        made = self._made[fault]
        dice = self._scale.dice(f"dirt {fault.stream} {fault.kind}", made)
        return chosen[dice.below(len(chosen), due)]

    def _rows(self, fault: Fault, table: pa.Table, positions: Ints) -> list[Row]:
        rows: list[Row] = as_text(table.take(pa.array(positions))).to_pylist()
        for row in rows:
            self._made[fault] += 1
            for column, value in fault.broken.items():
                row[column] = value(row) if callable(value) else value
            if fault.key:
                column, prefix = fault.key
                self._ids[fault.key] += 1
                row[column] = f"{prefix}{self._ids[fault.key]}"
        return rows


def dirty_table(found: list[tuple[Fault, list[Row]]], names: list[str]) -> pa.Table:
    """All dirty rows as one table of text."""
    return text_rows([row for _, rows in found for row in rows], names)
