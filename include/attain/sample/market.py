"""What is sold and to whom: products, customers, exchange rates and the size of the market."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from attain.sample import columns
from attain.sample.columns import text_rows
from attain.sample.dice import Dice, Ints
from attain.sample.names import ABROAD, BRANDS, LEGAL_FORMS, PLACES, TRADES
from attain.sample.scale import Scale, add_months, date_of, day_number
from attain.sample.staff import FIRST_ID, OVERSEAS, REGION_CODES, Staff
from attain.streams import STREAMS

# Name, product line, list price and unit cost in yuan.
PRODUCTS = (
    ("离心泵 GTX-200 Centrifugal pump", "PUMP", 18_600, 12_460),
    ("离心泵 GTX-450 Centrifugal pump", "PUMP", 46_800, 31_350),
    ("螺杆泵 GTX-S90 Screw pump", "PUMP", 92_000, 60_700),
    ("磁力泵 GTX-M30 Magnetic pump", "PUMP", 27_500, 18_150),
    ("蝶阀 VX-80 Butterfly valve", "VALVE", 6_400, 3_970),
    ("调节阀 VX-C120 Control valve", "VALVE", 23_900, 14_340),
    ("球阀 VX-B50 Ball valve", "VALVE", 9_800, 6_080),
    ("变频器 DX-55 Frequency converter", "DRIVE", 34_500, 21_400),
    ("伺服系统 DX-S7 Servo system", "DRIVE", 68_000, 40_800),
    ("年度维保 Annual maintenance", "SERVICE", 24_000, 12_000),
    ("远程监测 Remote monitoring", "SERVICE", 12_000, 4_200),
    ("备件包 Spare parts kit", "SERVICE", 8_500, 5_100),
)
SERVICE_PRODUCTS = (9, 10, 11)
CURRENCIES = ("CNY", "USD", "EUR")
# Yuan per hundred units of a currency in the price list.
PRICE_LIST_RATES = (100, 715, 785)
# A team's accounts: customers of old count from 0, the prospects of the window from here.
FIRST_PROSPECT = 500_000
ACCOUNTS_PER_TEAM = 1_000_000
_DEALS_PER_OLD_CUSTOMER = 16
_SEGMENTS = ("key_account", "mid_market", "small_business")


def old_customers(scale: Scale, staff: Staff) -> int:
    """Customers of old per team: those who had bought before the window."""
    return max(2, scale.deals // (_DEALS_PER_OLD_CUSTOMER * len(staff.team_regions)))


def account_numbers(teams: Ints, places: Ints) -> Ints:
    """The account number of a place within a team's accounts."""
    return (teams + 1) * ACCOUNTS_PER_TEAM + places


def account_ids(numbers: Ints) -> pa.Array:
    """Ids of accounts by their number."""
    return columns.ids("A", 10, numbers)


def accounts(scale: Scale, staff: Staff, team: int, prospects: int, sellers: list[int]) -> pa.Table:
    """The accounts of one team: its customers of old, then `prospects` prospects met inside the window."""
    dice = scale.dice("accounts", team)
    old = old_customers(scale, staff)
    size = old + prospects
    places = np.concatenate([np.arange(old), FIRST_PROSPECT + np.arange(prospects)]).astype(np.int64)
    is_old = places < FIRST_PROSPECT
    numbers = account_numbers(np.full(size, team, dtype=np.int64), places)
    trades = dice.below(len(TRADES), size)
    owners = np.asarray(sellers, dtype=np.int64)[dice.below(len(sellers), size)]
    region = staff.team_regions[team]
    names = _names(dice, numbers, trades, region)
    segments = np.where(is_old, np.minimum(np.arange(size) * 5 // max(old, 1), 2), dice.pick((1, 5, 6), size))
    met = scale.first - 120 + np.arange(prospects) * (scale.last - scale.first) // max(prospects, 1)
    created = np.concatenate([first_purchases(scale, team, old) - 25, met])
    return pa.table(
        {
            "account_id": account_ids(numbers),
            "name": names,
            "segment": columns.words(_SEGMENTS, segments),
            "industry": columns.words([trade.split()[1] for trade in TRADES], trades),
            "region": columns.words(REGION_CODES, np.full(size, region, dtype=np.int64)),
            "owner_id": columns.prefixed("E", FIRST_ID + owners),
            "created_on": columns.days(created),
            "parent_account_id": account_ids(numbers[:1]).take(_parents(dice, size)),
        }
    )


def first_purchases(scale: Scale, team: int, size: int) -> Ints:
    """The day each of a team's customers of old first bought: at least a whole year before the window's year.

    Early enough that no period with a score or a growth base sees them as new customers or as bookings.
    """
    latest = day_number(dt.date(scale.first_day.year - 1, 1, 1)) - 5
    return latest - scale.dice("first_purchases", team).below(1900, size)


def _parents(dice: Dice, size: int) -> pa.Array:
    """Position 0 (the team's largest customer) for its few subsidiaries, nothing for all others."""
    has_parent = dice.chance(200, size)
    has_parent[0] = False
    return pa.array(np.zeros(size, dtype=np.int64), mask=~has_parent)


def _names(dice: Dice, numbers: Ints, trades: Ints, region: int) -> pa.Array:
    places, brands = dice.below(60, len(numbers)), dice.below(len(BRANDS), len(numbers))
    result = []
    for number, place, brand, trade in zip(numbers, places, brands, trades, strict=True):
        trade_zh, trade_en = TRADES[trade].split(" ", 1)
        if region == OVERSEAS:
            word, form = ABROAD[place % len(ABROAD)], LEGAL_FORMS[brand % len(LEGAL_FORMS)]
            result.append(f"{word} {trade_en} {form} {number % 9973}")
            continue
        place_zh, place_en = PLACES[region][place % len(PLACES[region])].split(" ", 1)
        brand_zh, brand_en = BRANDS[brand].split(" ", 1)
        name_zh = f"{place_zh}{brand_zh}{trade_zh}有限公司"
        result.append(f"{name_zh} {place_en} {brand_en} {trade_en} {number % 9973}")
    return pa.array(result)


def products() -> pa.Table:
    """One row per product."""
    return text_rows(
        [
            {
                "product_id": f"P{number:03d}",
                "name": name,
                "product_line": line,
                "list_price": f"{price}.00",
                "unit_cost": f"{unit_cost}.00",
            }
            for number, (name, line, price, unit_cost) in enumerate(PRODUCTS, start=1)
        ],
        list(STREAMS["products"].columns),
    )


def fx_rates(scale: Scale) -> pa.Table:
    """Weekly yuan per dollar and euro from a year before the window to its end; a slow random walk."""
    dice = scale.dice("fx_rates")
    days = list(range(scale.first - 366, scale.last + 1, 7))
    rows: list[dict[str, str | None]] = []
    for currency, start in (("USD", 71_500), ("EUR", 78_500)):
        rate = start
        for day in days:
            # Pulled back towards the start, so that the walk stays believable over ten years.
            rate += dice.one(601) - 300 + (start - rate) // 40
            text = f"{rate // 10_000}.{rate % 10_000:04d}"
            rows.append({"currency": currency, "rate_on": date_of(day).isoformat(), "rate": text})
    return text_rows(rows, list(STREAMS["fx_rates"].columns))


def market_sizes(scale: Scale) -> pa.Table:
    """One row per region and quarter: the yuan all makers together are thought to sell."""
    dice = scale.dice("market_sizes")
    rows: list[dict[str, str | None]] = []
    for year in scale.years:
        for quarter in range(1, 5):
            if add_months(dt.date(year, 3 * quarter - 2, 1), 3) <= scale.first_day:
                continue
            if day_number(dt.date(year, 3 * quarter - 2, 1)) > scale.last:
                continue
            for place, region in enumerate(REGION_CODES):
                # About 5 % of the market is ours: a won deal is worth some 250,000 yuan, four in ten are won.
                size = scale.deals // scale.months * 3 * 700_000 * (94 + dice.one(13) + 2 * place) // 100
                rows.append({"region": region, "period": f"{year}-Q{quarter}", "value": f"{size}.00"})
    return text_rows(rows, list(STREAMS["market_sizes"].columns))
