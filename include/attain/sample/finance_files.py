"""The finance files of won deals: invoices, payments, credit notes and renewals.

Invoices, payments and credit notes include 13 % value added tax for sales in yuan, none abroad.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from attain.sample import columns
from attain.sample.deal_files import deal_ids, people_ids
from attain.sample.dice import Dice, Flags, Ints
from attain.sample.market import CURRENCIES, account_ids
from attain.sample.pipeline import Deals
from attain.sample.scale import Scale

_TAX_PERCENT = 13
_DOWN_PAYMENT_PERCENT = 30
_TERM_DAYS = 30
# How an invoice is paid: on time, late, in two halves, not yet.
_ON_TIME, _LATE, _HALVES = 0, 1, 2
_FATES = (80, 12, 7, 1)
_LATE_DAYS = (4, 8, 14, 22, 35, 60, 110)
_CREDITED_PER_10000 = 220
_REASONS = (
    "price correction 价格更正",
    "goods returned 退货",
    "delivery damage 运输损坏",
    "late delivery 延迟交货",
)


@dataclass(frozen=True)
class Bills:
    """Invoices of some deals as arrays; money in cents of the deal's currency, days from 1970-01-01."""

    number: Ints
    deal: Ints
    account: Ints
    currency: Ints
    invoiced: Ints
    due: Ints
    gross: Ints
    tax: Ints
    fate: Ints
    credited: Ints

    def where(self, mask: Flags) -> Bills:
        """Those the mask names."""
        return Bills(**{name: values[mask] for name, values in vars(self).items()})


def bill(scale: Scale, won: Deals, part: int) -> Bills:
    """One invoice per won deal, or a down payment and a balance; only those written inside the window."""
    dice = scale.dice("invoices", part)
    size = len(won)
    is_parted = dice.chance(3_500, size)
    down = won.amount * _DOWN_PAYMENT_PERCENT // 100
    net = np.stack([np.where(is_parted, down, won.amount), won.amount - down], axis=1).ravel()
    single, later = dice.between(3, 18, size), dice.between(25, 60, size)
    invoiced = np.repeat(won.decided, 2) + np.stack([single, single + later], axis=1).ravel()
    tax_percent = np.where(np.repeat(won.currency, 2) == 0, _TAX_PERCENT, 0)
    tax = (net * tax_percent + 50) // 100
    gross = net + tax
    is_credited = dice.chance(_CREDITED_PER_10000, 2 * size)
    bills = Bills(
        number=np.repeat(won.number, 2) * 10 + np.tile((1, 2), size),
        deal=np.repeat(won.number, 2),
        account=np.repeat(won.account, 2),
        currency=np.repeat(won.currency, 2),
        invoiced=invoiced,
        due=invoiced + _TERM_DAYS,
        gross=gross,
        tax=tax,
        fate=dice.pick(_FATES, 2 * size),
        credited=np.where(is_credited, gross * dice.between(5, 25, 2 * size) // 100, 0),
    )
    exists = np.stack([np.ones(size, dtype=np.bool_), is_parted], axis=1).ravel()
    return bills.where(exists & (invoiced <= scale.last))


def invoices_table(bills: Bills) -> pa.Table:
    """One row per invoice; the books do not keep a status, so that column is empty."""
    return pa.table(
        {
            "invoice_id": columns.ids("INV", 9, bills.number),
            "deal_id": deal_ids(bills.deal),
            "account_id": account_ids(bills.account),
            "invoiced_on": columns.days(bills.invoiced),
            "due_on": columns.days(bills.due),
            "amount": columns.money(bills.gross),
            "tax_amount": columns.money(bills.tax),
            "currency": columns.words(CURRENCIES, bills.currency),
            "status": pa.nulls(len(bills.number), pa.string()),
        }
    )


def payments_table(scale: Scale, bills: Bills, part: int) -> pa.Table:
    """Payments inside the window: in full, late, in halves, and refunds (negative) of credited amounts."""
    dice = scale.dice("payments", part)
    size = len(bills.number)
    around_due = bills.due + dice.between(-28, 4, size)
    late = bills.due + dice.table(_LATE_DAYS, size)
    half_later = around_due + dice.between(15, 45, size)
    # Who pays late has the credit note already and pays the rest; who paid on time gets it refunded.
    owed = np.where(bills.fate == _LATE, bills.gross - bills.credited, bills.gross)
    first = np.where(bills.fate == _HALVES, owed // 2, owed)
    no_first = bills.fate > _HALVES
    is_refunded = (bills.fate == _ON_TIME) & (bills.credited > 0)
    amounts = np.stack([first, owed - first, -bills.credited], axis=1)
    paid = np.stack([np.where(bills.fate == _LATE, late, around_due), half_later, bills.due + 35], axis=1)
    exists = np.stack([~no_first, bills.fate == _HALVES, is_refunded], axis=1) & (paid <= scale.last)
    row, _ = np.nonzero(exists)
    amount = amounts[exists]
    return pa.table(
        {
            "payment_id": columns.ids("PAY", 10, (bills.number[:, None] * 10 + np.arange(3))[exists]),
            "invoice_id": columns.ids("INV", 9, bills.number[row]),
            "deal_id": deal_ids(bills.deal[row]),
            "paid_on": columns.days(paid[exists]),
            "amount": columns.money(amount),
            "tax_amount": columns.money(tax_within(amount, bills.currency[row])),
            "currency": columns.words(CURRENCIES, bills.currency[row]),
        }
    )


def tax_within(gross: Ints, currency: Ints) -> Ints:
    """The tax inside a gross amount in cents, cut towards zero; sales abroad carry none."""
    tax = np.sign(gross) * (np.abs(gross) * _TAX_PERCENT // (100 + _TAX_PERCENT))
    return np.where(currency == 0, tax, 0)


def credit_notes_table(scale: Scale, bills: Bills, part: int) -> pa.Table:
    """Credit notes as an accountant types them: text amounts with thousands separators."""
    dice = scale.dice("credit_notes", part)
    credited = bills.invoiced + dice.between(8, 25, len(bills.number))
    has = (bills.credited > 0) & (bills.fate <= _LATE) & (credited <= scale.last)
    some, credited = bills.where(has), credited[has]
    tax = tax_within(some.credited, some.currency)
    return pa.table(
        {
            "credit_note_id": columns.ids("CN", 9, some.number),
            "invoice_id": columns.ids("INV", 9, some.number),
            "deal_id": deal_ids(some.deal),
            "credited_on": columns.days(credited),
            "amount": pa.array([grouped(int(cents)) for cents in some.credited], type=pa.string()),
            "tax_amount": pa.array([grouped(int(cents)) for cents in tax], type=pa.string()),
            "reason": columns.words(_REASONS, dice.below(len(_REASONS), len(some.number))),
        }
    )


def grouped(cents: int) -> str:
    """Money as text with thousands separators: 1,234.50."""
    return f"{cents // 100:,}.{cents % 100:02d}"


def renewals_table(scale: Scale, won: Deals, part: int) -> pa.Table:
    """Service contracts in yuan that run out inside the window or in the 60 days after it."""
    dice = scale.dice("renewals", part)
    due = won.decided + 15 + won.term_months * 365 // 12
    running_out = (won.term_months > 0) & (won.currency == 0) & (due <= scale.last + 60)
    some, due = won.where(running_out), due[running_out]
    decided = due + dice.between(-30, 10, len(due))
    kept = np.where(dice.chance(8_400, len(due)), dice.between(70, 115, len(due)), 0)
    is_undecided = decided > scale.last
    return pa.table(
        {
            "renewal_id": columns.ids("RN", 8, some.number),
            "account_id": account_ids(some.account),
            "owner_id": people_ids(some.owner),
            "due_on": columns.days(due),
            "value_due": columns.money(some.amount),
            "value_renewed": columns.money(some.amount * kept // 100, is_undecided),
            "decided_on": columns.days(decided, is_undecided),
        }
    )


def cancellations(scale: Scale, deals: Deals, part: int) -> Ints:
    """The day a won deal was cancelled, 0 for all but a few in a thousand; inside the window."""
    dice: Dice = scale.dice("cancellations", part)
    day = deals.decided + dice.between(30, 110, len(deals))
    is_cancelled = dice.chance(40, len(deals)) & (deals.status == 1) & (day <= scale.last)
    return np.where(is_cancelled, day, 0)
