"""What is known after each delivery: the latest version of every row, typed, with the defaults of worked examples."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from typing import Any

from tests.oracle.months import Fiscal
from tests.oracle.quantities import ONE, exact, ratio

Row = dict[str, Any]

_KEYS: dict[str, tuple[str, ...]] = {
    "participants": ("participant_id", "effective_from"),
    "absences": ("participant_id", "from_date"),
    "targets": ("participant_id", "team_id", "kpi", "period", "revision"),
    "deal_lines": ("deal_id", "line"),
    "deal_splits": ("deal_id", "participant_id", "credit_role"),
    "invoices": ("invoice_id", "deal_id"),
    "fx_rates": ("currency", "rate_on"),
    "survey_responses": ("response_id", "question"),
    "kpi_inputs": ("participant_id", "team_id", "kpi", "period"),
}
_FIRST_KEY = {
    "teams": "team_id",
    "products": "product_id",
    "accounts": "account_id",
    "deals": "deal_id",
    "payments": "payment_id",
    "credit_notes": "credit_note_id",
    "objectives": "objective_id",
}
_NUMBERS = set(
    "amount tax_amount units cost list_amount share value rate score scale_min scale_max weight completion base_salary "
    "variable_pay numerator denominator".split()
)
_DAYS = set(
    "effective_from hired_on left_on from_date to_date revised_on created_on won_on lost_on cancelled_on invoiced_on "
    "due_on paid_on credited_on rate_on responded_on contract_start_on".split()
)
_WHOLE = {"line", "revision", "term_months"}


class World:
    """The company's settings and rows as known now."""

    def __init__(self, settings: Row, currency: str) -> None:
        self.currency = settings.get("currency") or currency
        self.default_currency = currency
        self.fiscal = Fiscal(int(settings.get("fiscal_year_start") or 1))
        self.half_even = settings.get("rounding") == "half_even"
        self.retro_window = int(settings.get("retro_window") or 24)
        self._kept: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
        self._count: dict[str, int] = defaultdict(int)

    def land(self, given: dict[str, list[Row]]) -> None:
        """Takes rows as an example writes them; a row with the key of an earlier one supersedes it."""
        for stream, rows in given.items():
            for row in rows:
                complete = self._complete(stream, row)
                key = tuple(complete.get(name) for name in _KEYS.get(stream, (_FIRST_KEY.get(stream, "id"),)))
                if complete.pop("is_deleted", None) == "true":
                    self._kept[stream].pop(key, None)
                else:
                    self._kept[stream][key] = complete

    def rows(self, stream: str) -> list[Row]:
        return list(self._kept[stream].values())

    def _complete(self, stream: str, row: Row) -> Row:
        self._count[stream] += 1
        complete = {name: _typed(name, value) for name, value in row.items()}
        first = _KEYS.get(stream, (_FIRST_KEY.get(stream, "id"),))[0]
        if first.endswith("_id") and first not in complete and stream not in ("targets", "kpi_inputs"):
            complete[first] = f"{stream}-{self._count[stream]}"
        if stream == "participants":
            complete.setdefault("effective_from", complete.get("hired_on") or dt.date(1900, 1, 1))
        if stream == "targets":
            complete.setdefault("revision", 0)
        if stream == "deal_splits":
            complete.setdefault("credit_role", "owner")
        if stream == "deals":
            won = "won" if complete.get("won_on") else "lost" if complete.get("lost_on") else "open"
            complete.setdefault("status", won)
        if stream in ("deals", "invoices", "payments"):
            complete["currency"] = complete.get("currency") or self.default_currency
        return complete

    def rate(self, origin: str, into: str, day: dt.date) -> Fraction | None:
        """The exchange rate of the day (the last one on or before it), 10 places; None when there is none."""
        if origin == into:
            return ONE
        both = (self._company_rate(origin, day), self._company_rate(into, day))
        return None if both[0] is None or both[1] is None else ratio(both[0] / both[1])

    def _company_rate(self, currency: str, day: dt.date) -> Fraction | None:
        if currency == self.currency:
            return ONE
        known = [row for row in self.rows("fx_rates") if row["currency"] == currency and row["rate_on"] <= day]
        return max(known, key=lambda row: row["rate_on"])["rate"] if known else None


def _typed(name: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if name in _NUMBERS:
        return exact(value)
    if name in _DAYS:
        return dt.date.fromisoformat(value)
    return int(value) if name in _WHOLE else value
