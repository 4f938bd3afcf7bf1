"""The company the benchmark runs: many deals, few rules, the same rows for the same arguments.

Per ten deals: four won (each with an invoice and a payment), six stages and six activities, so three rows per deal.
Everybody has one plan with one component: marginal tiers on attainment per month; asked for all component types, the
plan has one of each besides. Files are Parquet and every value is text, as an export delivers it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb

FIRST_MONTH = dt.date(2024, 10, 1)
MONTHS = 24
PERIOD = "2026-09"
NOW = dt.datetime(2026, 10, 3, 8, tzinfo=dt.UTC)
NEXT_DAY = NOW + dt.timedelta(days=1)
TIERS = ((0.0, 0.02), (1.0, 0.03), (1.2, 0.05))
MEAN_AMOUNT = 50_500
WON_PER_TEN = 4

_COMPANY = """\
name: Bench
currency: CNY
time_zone: UTC
fiscal_year_start: 1
first_period: "2024-10"
locale: en
rounding: half_up
retro_window: 24
keep_sets: 1
"""

_PLAN = """\
plan: bench
name: {{en: Accelerator, zh: 阶梯提成}}
effective_from: 2024-01-01
currency: CNY
assign: [{{role: ae}}]
components:
  - id: accelerator
    name: {{en: Commission with accelerator, zh: 阶梯提成}}
    type: commission
    measure: bookings
    accumulate: month
    rates:
      on: attainment
      quota: bookings
      mode: marginal
      tiers: [{tiers}]
"""

# `dice(x, salt, sides)`: a whole number below `sides` that looks random and is the same every time.
_DICE = "create macro dice(x, salt, sides) as hash(x * 16 + salt) % sides"

# One of every other component type, to be measured beside the tiers alone.
_OTHERS = """\
  - id: quarterly
    type: bonus
    target_pay: 10000
    payout: {on: score, curve: {cap: 1.2}}
  - id: grid
    type: matrix
    period: month
    lookup: floor
    rows: {kpi: bookings, from: [0, 100000]}
    columns: {kpi: units, from: [0, 10, 100]}
    payout: [[0, 0.5, 1], [0.5, 1, 1.5]]
    target_pay: 500
  - {id: launch, type: spiff, amount: 50, per: deal, where: {deal_type: [new]}, limit: 20}
  - {id: race, type: contest, kpi: bookings, period: month, prizes: [5000, 3000, 1000], within: role}
  - {id: team_pool, type: pool, period: month, amount: {rate: 0.001, of: bookings}, share_by: score, within: team}
  - {id: lead, type: override, of: [accelerator], base: earnings, levels: {1: 0.10}}
  - {id: advance, type: draw, amount: 2000, period: month, recoverable: true, of: [accelerator]}
  - {id: poor_result, type: deduction, share: 0.1, of: [accelerator], when: {grade: [D]}, floor: 0}
  - {id: star, type: award, title: {en: Star, zh: 销售之星}, points: 100, top: 3, kpi: bookings}
scorecard:
  period: month
  measures:
    - {kpi: bookings, weight: 1, curve: {cap: 1.5}}
  grades: [{grade: A, from: 1}, {grade: B, from: 0.5}, {grade: D, from: 0}]
"""

_DEALS = """
create view deals_made as
select
    i,
    'D' || lpad(i::varchar, 9, '0') as deal_id,
    'P' || lpad(dice(i, 1, $people)::varchar, 5, '0') as owner_id,
    'A' || lpad(dice(i, 2, $accounts)::varchar, 6, '0') as account_id,
    case when i % 10 < $won then 'won' when i % 10 < 7 then 'lost' else 'open' end as status,
    case dice(i, 3, 3) when 0 then 'new' when 1 then 'renewal' else 'expansion' end as deal_type,
    (100000 + dice(i, 4, 9900001))::bigint as cents,
    date '2024-10-01' + dice(i, 5, 730)::integer as closed_on,
    1 + dice(i, 6, 60)::integer as cycle_days
from range($deals) as numbers(i)
"""

_FILES = {
    "participants": """
        select 'P' || lpad(i::varchar, 5, '0') as participant_id, 'Person ' || i as name, 'ae' as role,
            'T' || lpad((i % 250)::varchar, 3, '0') as team_id,
            case when i >= 250 then 'P' || lpad((i % 250)::varchar, 5, '0') end as manager_id,
            '2020-01-01' as hired_on, 'CNY' as currency,
            '10000.00' as base_salary, '60000.00' as variable_pay, '2020-01-01' as effective_from
        from range($people) as numbers(i)""",
    "teams": """
        select 'T' || lpad(i::varchar, 3, '0') as team_id, 'Team ' || i as name,
            case when i >= 10 then 'T' || lpad((i % 10)::varchar, 3, '0') end as parent_team_id
        from range(250) as numbers(i)""",
    "accounts": """
        select 'A' || lpad(i::varchar, 6, '0') as account_id, 'Account ' || i as name,
            case i % 3 when 0 then 'enterprise' when 1 then 'mid' else 'small' end as segment,
            'R' || (i % 8) as region, 'P' || lpad((i % $people)::varchar, 5, '0') as owner_id,
            '2023-05-01' as created_on
        from range($accounts) as numbers(i)""",
    "targets": """
        select 'P' || lpad(i::varchar, 5, '0') as participant_id, 'bookings' as kpi,
            strftime(date '2024-10-01' + to_months(m::integer), '%Y-%m') as period,
            ($target + dice(i * 100 + m, 7, 5) * 1000)::varchar || '.00' as value, 'CNY' as currency
        from range($people) as numbers(i), range($months) as months(m)""",
    "deals": """
        select deal_id, account_id, owner_id, 'Deal ' || i as name, 'Stage ' || i % 6 as stage, status, deal_type,
            (cents // 100)::varchar || '.' || lpad((cents % 100)::varchar, 2, '0') as amount, 'CNY' as currency,
            (1 + i % 9)::varchar as units, (closed_on - cycle_days)::varchar as created_on,
            (closed_on + 3)::varchar as expected_close_on,
            case when status = 'won' then closed_on::varchar end as won_on,
            case when status = 'lost' then closed_on::varchar end as lost_on
        from deals_made""",
    "deal_stages": """
        select deal_id, 'Stage ' || i % 6 as stage, (closed_on - cycle_days)::varchar || 'T09:30:00Z' as entered_at,
            (i % 6)::varchar as stage_order
        from deals_made where i % 10 < 6""",
    "activities": """
        select 'V' || i as activity_id, owner_id as participant_id,
            case i % 3 when 0 then 'call' when 1 then 'visit' else 'demo' end as kind,
            (closed_on - cycle_days)::varchar || 'T10:00:00Z' as occurred_at, account_id, deal_id
        from deals_made where i % 10 >= 4""",
    "invoices": """
        select 'I' || i as invoice_id, deal_id, account_id, closed_on::varchar as invoiced_on,
            (closed_on + 30)::varchar as due_on,
            (cents // 100)::varchar || '.' || lpad((cents % 100)::varchar, 2, '0') as amount, 'CNY' as currency
        from deals_made where status = 'won'""",
    "payments": """
        select 'Z' || i as payment_id, 'I' || i as invoice_id, deal_id, (closed_on + 20)::varchar as paid_on,
            (cents // 100)::varchar || '.' || lpad((cents % 100)::varchar, 2, '0') as amount, 'CNY' as currency
        from deals_made where status = 'won'""",
}


@dataclass(frozen=True)
class BenchCompany:
    """A written company and how many data rows its inbox holds, per stream."""

    folder: Path
    rows: dict[str, int]


def write(folder: Path, deals: int, people: int, all_types: bool = False) -> BenchCompany:
    """Write the company folder, with one component or one of every type. `folder` must not exist yet."""
    (folder / "plans").mkdir(parents=True)
    (folder / "inbox").mkdir()
    tiers = ", ".join(f"{{from: {since:g}, rate: {rate:g}}}" for since, rate in TIERS)
    (folder / "company.yml").write_text(_COMPANY, encoding="utf-8")
    (folder / "plans" / "bench.yml").write_text(
        _PLAN.format(tiers=tiers) + (_OTHERS if all_types else ""), encoding="utf-8"
    )
    # About what a person sells in a month, so that every tier is reached by some.
    target = deals * WON_PER_TEN // 10 * MEAN_AMOUNT // people // MONTHS
    numbers = {
        "deals": deals,
        "people": people,
        "accounts": people * 4,
        "months": MONTHS,
        "target": max(target, 1_000),
        "won": WON_PER_TEN,
    }
    with duckdb.connect() as con:
        con.execute(_DICE)
        con.execute(_with_numbers(_DEALS, numbers))
        rows = {
            stream: _write_file(con, _with_numbers(query, numbers), folder / "inbox" / f"{stream}.parquet")
            for stream, query in _FILES.items()
        }
    return BenchCompany(folder, rows)


# Which column of each stream differs in a row that is delivered again, and how.
_CORRECTIONS = {
    "accounts": "segment: 'mid'",
    "deals": "amount: (amount::decimal(18, 2) + 100)::varchar",
    "deal_stages": "stage: 'Stage 9'",
    "activities": "kind: 'demo'",
    "invoices": "amount: (amount::decimal(18, 2) + 100)::varchar",
    "payments": "amount: (amount::decimal(18, 2) + 100)::varchar",
}
CHANGED_PER_THOUSAND = 1


def change(folder: Path) -> int:
    """Deliver 0.1 % of the rows in `folder` again, corrected, spread evenly over all months; gives how many."""
    changed = 0
    for stream, correction in _CORRECTIONS.items():
        column, _, value = correction.partition(": ")
        first = folder / "inbox" / f"{stream}.parquet"
        again = folder / "inbox" / stream / "corrected.parquet"
        again.parent.mkdir()
        with duckdb.connect() as con:
            con.read_parquet(str(first)).create_view("delivered")
            query = (
                f"select * replace ({value} as {column}) from delivered where hash(#1) % 1000 < {CHANGED_PER_THOUSAND}"
            )
            changed += _write_file(con, query, again)
    return changed


def _with_numbers(query: str, numbers: dict[str, int]) -> str:
    # COPY and CREATE VIEW take no parameters; these are whole numbers of our own.
    for name, number in numbers.items():
        query = query.replace(f"${name}", str(number))
    return query


def _write_file(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    con.sql(query).write_parquet(str(path), compression="snappy")
    found = con.execute("select count(*) from read_parquet(?)", [str(path)]).fetchone()
    assert found is not None
    return int(found[0])
