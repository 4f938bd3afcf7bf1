"""The files that describe deals: deals, their stages, splits and lines, and the leads they came from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from attain.sample import columns
from attain.sample.dice import Dice, Flags, Ints
from attain.sample.market import CURRENCIES, PRODUCTS, account_ids
from attain.sample.pipeline import LOST, NEW, WON, Deals, Sellers
from attain.sample.scale import Scale
from attain.sample.staff import FIRST_ID

STAGES = ("qualification", "solution", "proposal", "negotiation", "won")
_STATUSES = ("open", "won", "lost")
_KINDS = ("new", "renewal", "expansion")
# Where an open deal stands and where a lost one was lost, by weight per stage.
_STANDING = (30, 30, 25, 15)
_SHARES = ((7000, 3000), (6000, 4000), (5000, 5000), (8000, 2000))
_THIRDS = (3334, 3333, 3333)
_LINED_EVERY = 20
_SOURCES = ("website", "exhibition", "referral", "partner", "wechat", "outbound")


def deal_ids(numbers: Ints, empty: Flags | None = None) -> pa.Array:
    """Ids of deals by their number."""
    return columns.ids("D", 8, numbers, empty)


def people_ids(indexes: Ints, empty: Flags | None = None) -> pa.Array:
    """Ids of people by their place in the staff."""
    return columns.prefixed("E", FIRST_ID + indexes, empty)


def standing(scale: Scale, deals: Deals, part: int) -> Ints:
    """The stage (counted from 0) each deal has reached; a won one stands at the last."""
    reached = scale.dice("deal_standing", part).pick(_STANDING, len(deals))
    return np.where(deals.status == WON, len(STAGES) - 1, reached).astype(np.int64)


def deals_table(deals: Deals, reached: Ints, cancelled: Ints) -> pa.Table:
    """One row per deal. `cancelled` is the day of the cancellation, 0 for none."""
    is_won, is_lost = deals.status == WON, deals.status == LOST
    names = [name for name, _, _, _ in PRODUCTS]
    stage = np.where(is_lost, len(STAGES), reached)
    no_term = (deals.term_months == 0) | ~is_won
    return pa.table(
        {
            "deal_id": deal_ids(deals.number),
            "account_id": account_ids(deals.account),
            "owner_id": people_ids(deals.owner),
            "product_id": columns.ids("P", 3, deals.product + 1),
            "name": columns.words(names, deals.product),
            "stage": columns.words((*STAGES, "lost"), stage),
            "status": columns.words(_STATUSES, deals.status),
            "deal_type": columns.words(_KINDS, deals.kind),
            "amount": columns.money(deals.amount),
            "currency": columns.words(CURRENCIES, deals.currency),
            "units": columns.numbers(deals.units),
            "cost": columns.money(deals.cost),
            "list_amount": columns.money(deals.list_amount),
            "created_on": columns.days(deals.created),
            "expected_close_on": columns.days(np.maximum(deals.expected, deals.created)),
            "won_on": columns.days(deals.decided, ~is_won),
            "lost_on": columns.days(deals.decided, ~is_lost),
            "term_months": columns.numbers(deals.term_months, deals.term_months == 0),
            "contract_start_on": columns.days(deals.decided + 15, no_term),
            "cancelled_on": columns.days(cancelled, cancelled == 0),
            "renewal_of": pa.nulls(len(deals), pa.string()),
        }
    )


def stages_table(scale: Scale, deals: Deals, reached: Ints, part: int) -> pa.Table:
    """One row per deal and stage entered, evenly spread over its days (inside the window)."""
    dice = scale.dice("deal_stages", part)
    last = np.minimum(deals.decided, scale.last)
    span = last - deals.created
    numbers, stages, days = [], [], []
    for stage in range(len(STAGES)):
        has = reached >= stage
        numbers.append(deals.number[has])
        stages.append(np.full(int(has.sum()), stage, dtype=np.int64))
        days.append((deals.created + span * stage // (len(STAGES) - 1))[has])
    number, stage_no, day = (np.concatenate(parts) for parts in (numbers, stages, days))
    order = np.lexsort((stage_no, number))
    number, stage_no, day = number[order], stage_no[order], day[order]
    # Two hours per stage keep the instants of a deal apart and in order, even on one day.
    second = day * 86_400 + (1 + 2 * stage_no) * 3600 + dice.below(7200, len(day))
    return pa.table(
        {
            "deal_id": deal_ids(number),
            "stage": columns.words(STAGES, stage_no),
            "entered_at": columns.instants(second),
            "stage_order": columns.numbers(stage_no + 1),
        }
    )


def splits_table(scale: Scale, deals: Deals, who: Sellers, engineers: Sellers, part: int) -> pa.Table:
    """Splits of about 8 % of the deals, adding up to 1: with a sales engineer, a colleague, or both."""
    dice = scale.dice("deal_splits", part)
    shared = deals.where(dice.chance(800, len(deals)))
    size = len(shared)
    colleague, engineer = _others(dice, shared, who), _others(dice, shared, engineers)
    form = dice.pick((45, 45, 10), size)
    pairs = np.asarray(_SHARES, dtype=np.int64)[np.where(form == 0, 3, dice.below(3, size))]
    second = np.where(form == 0, engineer, colleague)
    is_third = (form == 2) & (engineer != colleague)
    first_share = np.where(is_third, _THIRDS[0], pairs[:, 0])
    second_share = np.where(is_third, _THIRDS[1], pairs[:, 1])
    people = np.stack([shared.owner, second, engineer], axis=1)
    shares = np.stack([first_share, second_share, np.full(size, _THIRDS[2], dtype=np.int64)], axis=1)
    is_split = (second != shared.owner) & (engineer != shared.owner)
    keep = np.stack([is_split, is_split, is_split & is_third], axis=1)
    return splits_rows(np.repeat(shared.number, 3).reshape(-1, 3)[keep], people[keep], shares[keep])


def splits_rows(numbers: Ints, people: Ints, shares: Ints) -> pa.Table:
    """Rows of the splits file; shares in ten-thousandths."""
    return pa.table(
        {
            "deal_id": deal_ids(numbers),
            "participant_id": people_ids(people),
            "share": columns.ten_thousandths(shares),
            "credit_role": columns.words(("owner",), np.zeros(len(numbers), dtype=np.int64)),
        }
    )


def _others(dice: Dice, deals: Deals, who: Sellers) -> Ints:
    """Somebody of `who` for every deal, of the same team where it has anybody."""
    order = np.argsort(who.teams, kind="stable")
    people, teams = who.people[order], who.teams[order]
    first = np.searchsorted(teams, deals.team, side="left")
    count = np.searchsorted(teams, deals.team, side="right") - first
    inside = first + dice.below(np.maximum(count, 1), len(deals))
    return people[np.where(count > 0, inside, dice.below(len(people), len(deals)))]


def lines_table(deals: Deals) -> pa.Table:
    """Two lines for every twentieth deal: the machines, and a fifth of the amount for their maintenance."""
    lined = deals.where((deals.number % _LINED_EVERY == 0) & (deals.units > 1))
    size = len(lined)
    service = {name: getattr(lined, name) // 5 for name in ("amount", "list_amount", "cost")}
    rows = {name: np.stack([getattr(lined, name) - part, part], axis=1).ravel() for name, part in service.items()}
    products = np.stack([lined.product, np.full(size, 9, dtype=np.int64)], axis=1).ravel()
    units = np.stack([lined.units, np.zeros(size, dtype=np.int64)], axis=1).ravel()
    return pa.table(
        {
            "deal_id": deal_ids(np.repeat(lined.number, 2)),
            "line": columns.words(("1", "2"), np.tile(np.arange(2), size)),
            "product_id": columns.ids("P", 3, products + 1),
            "amount": columns.money(rows["amount"]),
            "units": columns.numbers(units),
            "cost": columns.money(rows["cost"]),
            "list_amount": columns.money(rows["list_amount"]),
        }
    )


def leads_table(scale: Scale, deals: Deals, owners: Sellers, part: int) -> pa.Table:
    """The leads that became new deals and, for each of them, two that did not."""
    dice = scale.dice("leads", part)
    new = deals.where(deals.kind == NEW)
    size = len(new) * 3
    is_converted = np.arange(size) % 3 == 0
    converted = np.repeat(new.created, 3) + np.where(is_converted, 0, dice.between(-20, 20, size))
    created = np.minimum(converted, scale.last) - dice.between(3, 30, size)
    is_qualified = is_converted | dice.chance(3_500, size)
    qualified = np.minimum(created + dice.between(0, 3, size), scale.last)
    lost = created + dice.between(5, 60, size)
    no_loss = is_converted | (lost > scale.last)
    people = owners.people[dice.below(len(owners.people), size)]
    deal = np.repeat(new.number, 3)
    return pa.table(
        {
            "lead_id": columns.ids("L", 9, deal * 3 + np.arange(size) % 3),
            "owner_id": people_ids(people),
            "source": columns.words(_SOURCES, dice.pick((30, 15, 20, 10, 15, 10), size)),
            "created_on": columns.days(created),
            "qualified_on": columns.days(qualified, ~is_qualified),
            "converted_on": columns.days(np.repeat(new.created, 3), ~is_converted),
            "deal_id": deal_ids(deal, ~is_converted),
            "lost_on": columns.days(lost, no_loss),
        }
    )
