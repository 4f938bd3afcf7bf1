"""Won deals and what happened to them: lines, owner shares, and the sums of invoices, credit notes and payments."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction

from tests.oracle.quantities import ONE, ZERO, minor_units, shared_out
from tests.oracle.world import Row, World

Movement = tuple[dt.date, Fraction]


class Deals:
    """The deals of a world that count: won, and not quarantined."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines = _grouped(world.rows("deal_lines"))
        self.splits = _grouped(world.rows("deal_splits"))
        self.product_lines = {row["product_id"]: row.get("product_line") for row in world.rows("products")}
        self.won = {
            row["deal_id"]: row
            for row in world.rows("deals")
            if row["status"] == "won" and self._splits_add_up(row) and self._has_rate(row)
        }

    def _splits_add_up(self, deal: Row) -> bool:
        owners = [row["share"] for row in self.splits[deal["deal_id"]] if row["credit_role"] == "owner"]
        return not owners or sum(owners, ZERO) == ONE

    def _has_rate(self, deal: Row) -> bool:
        return self.world.rate(deal["currency"], self.world.currency, deal["won_on"]) is not None

    def owners(self, deal: Row, with_splits: bool = True) -> list[tuple[str, Fraction]]:
        """Who is credited as owner, with their shares."""
        rows = [row for row in self.splits[deal["deal_id"]] if row["credit_role"] == "owner"]
        if rows and with_splits:
            return [(row["participant_id"], row["share"]) for row in rows]
        return [(deal["owner_id"], ONE)]

    def parts(self, deal: Row) -> list[Row]:
        """The deal's lines (one, numbered 1, when it has none), with amount, units and cost in its currency."""
        lines = sorted(self.lines[deal["deal_id"]], key=lambda row: row["line"]) or [{"line": 1, **deal}]
        return [
            {
                "line": line["line"],
                "amount": line.get("amount") or ZERO,
                "units": line.get("units") or ZERO,
                "cost": line.get("cost") or ZERO,
                "list_amount": line.get("list_amount"),
                "product_line": self.product_lines.get(line.get("product_id") or deal.get("product_id")),
                "deal_type": deal.get("deal_type"),
            }
            for line in lines
        ]

    def amount(self, deal_id: str) -> Fraction:
        """The deal's amount in its own currency."""
        deal = self.won.get(deal_id)
        return sum((part["amount"] for part in self.parts(deal)), ZERO) if deal else ZERO


def matches(where: dict[str, list[str]], part: Row) -> bool:
    return all(part.get(field) in values for field, values in where.items())


class Finance:
    """Invoices, credit notes and payments per deal, net of tax, spread over their invoice's deals where needed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.invoices: dict[str, list[Movement]] = defaultdict(list)
        self.credit_notes: dict[str, list[Movement]] = defaultdict(list)
        self.payments: dict[str, list[Movement]] = defaultdict(list)
        self.currencies = {row["deal_id"]: row["currency"] for row in world.rows("deals")}
        of_invoice: dict[str, list[Row]] = defaultdict(list)
        for row in world.rows("invoices"):
            of_invoice[row["invoice_id"]].append(row)
            if row.get("deal_id"):
                rate = self._rate(row, row["deal_id"], row["invoiced_on"])
                self.invoices[row["deal_id"]].append((row["invoiced_on"], _net(row) * rate))
        for name, day, book in (
            ("payments", "paid_on", self.payments),
            ("credit_notes", "credited_on", self.credit_notes),
        ):
            for row in world.rows(name):
                for deal_id, amount in _of_deals(row, of_invoice).items():
                    book[deal_id].append((row[day], amount * self._rate(row, deal_id, row[day])))

    def _rate(self, row: Row, deal_id: str, day: dt.date) -> Fraction:
        """From the row's currency into the deal's, at the row's day."""
        into = self.currencies.get(deal_id, self.world.currency)
        return self.world.rate(row.get("currency") or into, into, day) or ONE

    def invoiced(self, deal_id: str, day: dt.date) -> Fraction:
        """Invoices less credit notes up to the day."""
        return _up_to(self.invoices[deal_id], day) - _up_to(self.credit_notes[deal_id], day)

    def collected(self, deal_id: str, day: dt.date) -> Fraction:
        """Payments net of refunds, at most what is invoiced (when anything is)."""
        paid = _up_to(self.payments[deal_id], day)
        has_invoice = any(on <= day for on, _ in self.invoices[deal_id])
        return min(paid, self.invoiced(deal_id, day)) if has_invoice else paid

    def days(self, deal_id: str) -> list[dt.date]:
        """Every day on which something happened to the deal's money."""
        books = (self.invoices, self.credit_notes, self.payments)
        return sorted({day for book in books for day, _ in book[deal_id]})


def _of_deals(row: Row, of_invoice: dict[str, list[Row]]) -> dict[str, Fraction]:
    net = _net(row)
    if row.get("deal_id"):
        return {row["deal_id"]: net}
    lines = [line for line in of_invoice.get(row.get("invoice_id"), []) if line.get("deal_id")]
    whole = sum((line["amount"] for line in lines), ZERO)
    if not whole:
        return {}
    shares = [(line["deal_id"], line["amount"] / whole) for line in lines]
    return shared_out(net, shares, minor_units(lines[0]["currency"]))


def _net(row: Row) -> Fraction:
    return Fraction(row["amount"] - (row.get("tax_amount") or ZERO))


def _up_to(book: list[Movement], day: dt.date) -> Fraction:
    return sum((amount for on, amount in book if on <= day), ZERO)


def _grouped(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["deal_id"]].append(row)
    return grouped
