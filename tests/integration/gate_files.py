"""Small run files for gate tests: exactly the tables the suites read, filled with a month in which all is well."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from attain.streams import STREAMS

_TYPES = {
    "money": "decimal(24, 6)",
    "number": "decimal(24, 6)",
    "share": "decimal(13, 10)",
    "date": "date",
    "instant": "timestamp",
    "integer": "integer",
}

_WAREHOUSE = """
create schema landing; create schema inputs; create schema staging; create schema intermediate;
create table landing.batches (batch_no integer, batch_id varchar, stream varchar, source varchar, source_ref varchar,
    landed_at timestamp, rows bigint, control_totals varchar);
create table landing.malformed (batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, message varchar);
create table landing.invoices (_batch_no integer, _row bigint, invoice_id varchar, amount varchar);
create table intermediate.int_stream_counts (stream varchar, landed bigint, staged bigint, superseded bigint,
    quarantined bigint);
create table intermediate.int_plan_months (participant_id varchar, plan_version_id varchar, plan varchar, month varchar,
    month_starts_on date, quarter varchar, year varchar);
create table intermediate.int_participant_ranges (participant_id varchar, role varchar, starts_on date, ends_on date);
create table intermediate.int_deal_credits (deal_id varchar, line varchar, participant_id varchar, credited_on date,
    amount decimal(24, 6));
create table inputs.run (run_id varchar, period varchar, period_starts_on date, period_ends_on date, as_of timestamp,
    first_period varchar, retro_window integer, currency varchar);
create table inputs.periods (period varchar, kind varchar, starts_on date, ends_on date, ordinal integer);
create table inputs.currencies (currency varchar, minor_units integer);
create table inputs.quality_limits ("check" varchar, stream_or_table varchar, field varchar, "limit" decimal(24, 10),
    severity varchar);
create table inputs.plans (plan_version_id varchar, plan varchar, currency varchar);
create table inputs.plan_assignments (plan_version_id varchar, level integer, member_id varchar);
create table inputs.scorecards (plan_version_id varchar, period_kind varchar);
create table inputs.scorecard_grades (plan_version_id varchar, grade varchar);
insert into inputs.run values ('r1', '2026-06', '2026-06-01', '2026-06-30', '2026-07-02', '2026-01', 24, 'CNY');
insert into inputs.periods
    select strftime(day, '%Y-%m'), 'month', day, last_day(day), row_number() over (order by day)
    from (select cast(unnest(range(date '2025-01-01', date '2026-07-01', interval 1 month)) as date) as day);
insert into inputs.currencies values ('CNY', 2), ('JPY', 0);
insert into inputs.plans values ('ae@2026-01-01', 'ae', 'CNY');
insert into inputs.plan_assignments values ('ae@2026-01-01', 2, 'ae');
insert into inputs.scorecards values ('ae@2026-01-01', 'month');
insert into inputs.scorecard_grades values ('ae@2026-01-01', 'A'), ('ae@2026-01-01', 'B');
insert into intermediate.int_participant_ranges
    select 'p' || n, 'ae', date '1900-01-01', date '9999-12-31' from range(1, 13) as people (n);
insert into intermediate.int_plan_months
    select 'p' || n, 'ae@2026-01-01', 'ae', period, starts_on, '2026-Q' || quarter(starts_on), '2026'
    from range(1, 13) as people (n) cross join inputs.periods where starts_on >= date '2026-01-01';
"""

# Twelve people; each month from January to June every one wins three deals of 100.10 and is billed for them.
_STAGING = """
insert into staging.stg_teams (team_id, name, region) values ('t1', 'East', 'CN');
insert into staging.stg_participants (participant_id, name, role, team_id, manager_id, hired_on, base_salary, effective_from)
    select 'p' || n, 'Person ' || n, 'ae', 't1', case when n > 1 then 'p1' end, date '2020-01-01', 1000, date '2020-01-01'
    from range(1, 13) as people (n);
insert into staging.stg_deals (deal_id, owner_id, status, account_id, product_id, amount, currency, created_on, deal_type,
    won_on)
    select 'd' || n || '-' || strftime(starts_on, '%m') || '-' || k, 'p' || n, 'won', 'a1', 'x1', 100.10, 'CNY',
        starts_on, 'new', ends_on - cast(k as integer)
    from range(1, 13) as people (n) cross join range(0, 3) as deals (k)
    cross join (select * from inputs.periods where starts_on >= date '2026-01-01');
insert into staging.stg_invoices (invoice_id, deal_id, invoiced_on, due_on, amount, tax_amount, currency)
    select 'i' || deal_id, deal_id, won_on, won_on + 30, amount, 0, currency from staging.stg_deals;
insert into landing.batches
    select row_number() over (), stream, stream, 'files', stream || '.csv', timestamp '2026-07-01 08:00:00', n, null
    from (
        select 'participants' as stream, count(*) as n from staging.stg_participants
        union all select 'teams', count(*) from staging.stg_teams
        union all select 'deals', count(*) from staging.stg_deals
        union all select 'invoices', count(*) from staging.stg_invoices
    );
insert into landing.invoices
    select 4, row_number() over () + 1, invoice_id, cast(amount as varchar) from staging.stg_invoices;
update landing.batches set batch_no = case stream when 'invoices' then 4 when 'deals' then 3 when 'teams' then 2 else 1 end,
    control_totals = case stream when 'invoices' then '{"invoice_id": "合计", "amount": "21,621.60"}' end;
insert into intermediate.int_stream_counts select stream, rows, rows, 0, 0 from landing.batches;
insert into intermediate.int_deal_credits
    select deal_id, '1', owner_id, won_on, amount from staging.stg_deals;
"""

# Ten per cent of 300.30 a month: 30.03 each; January to May are closed, June is open.
_MARTS = """
create schema marts;
create table marts.score_lines (participant_id varchar, period varchar, plan varchar, measure varchar,
    weight decimal(24, 6), points decimal(24, 6), weighted_points decimal(24, 6));
create table marts.scores (participant_id varchar, period varchar, plan varchar, score decimal(24, 6), grade varchar,
    status varchar);
create table marts.earnings (participant_id varchar, plan varchar, component varchar, origin_period varchar,
    transaction_type varchar, transaction_id varchar, amount decimal(24, 6));
create table marts.payouts (participant_id varchar, period varchar, plan varchar, component varchar,
    earned decimal(24, 6), payable decimal(24, 6), adjustment decimal(24, 6), held decimal(24, 6),
    released decimal(24, 6), clawed_back decimal(24, 6), drawn decimal(24, 6), recovered decimal(24, 6),
    balance_owed decimal(24, 6), currency varchar, status varchar);
create table marts.ledger (entry_id varchar, booked_period varchar, origin_period varchar, participant_id varchar,
    plan varchar, component varchar, kind varchar, amount decimal(24, 6));
create table marts.commission_table (participant_id varchar, period varchar, payable decimal(24, 6));
create table marts.quarantine (stream varchar, rule varchar);
insert into marts.score_lines
    select 'p' || n, '2026-' || lpad(m::varchar, 2, '0'), 'ae', measure, weight, 1, weight
    from range(1, 13) as people (n) cross join range(1, 7) as months (m)
    cross join (values ('bookings', 0.333333), ('csat', 0.333333), ('win_rate', 0.333333)) as measures (measure, weight);
insert into marts.scores
    select participant_id, period, 'ae', 1, 'A', 'final' from marts.score_lines group by participant_id, period;
insert into marts.earnings
    select 'p' || n, 'ae', 'new', '2026-' || lpad(m::varchar, 2, '0'), 'deal', 'd' || n || m || k, 10.01
    from range(1, 13) as people (n) cross join range(1, 7) as months (m) cross join range(0, 3) as deals (k);
insert into marts.payouts
    select participant_id, origin_period, 'ae', 'new', sum(amount), sum(amount), 0, 0, 0, 0, 0, 0, 0, 'CNY',
        case when origin_period < '2026-06' then 'closed' else 'open' end
    from marts.earnings group by participant_id, origin_period;
insert into marts.ledger
    select participant_id || period, period, period, participant_id, plan, component, 'earned', earned
    from marts.payouts where status = 'closed';
insert into marts.commission_table select participant_id, period, sum(payable) from marts.payouts group by all;
"""


@dataclass(frozen=True)
class RunFiles:
    """The two files of a run."""

    warehouse: Path
    marts: Path

    def copied_to(self, folder: Path) -> RunFiles:
        """A copy of both files in another folder."""
        return RunFiles(Path(shutil.copy(self.warehouse, folder)), Path(shutil.copy(self.marts, folder)))

    def change(self, *statements: str) -> None:
        """Run statements against the files, marts attached as `attain`."""
        con = duckdb.connect(str(self.warehouse))
        con.execute(f"attach '{self.marts}' as attain")
        for statement in statements:
            con.execute(statement)
        con.close()


def build(folder: Path) -> RunFiles:
    """Files of a run in which every check passes."""
    files = RunFiles(folder / "warehouse.duckdb", folder / "attain.duckdb")
    con = duckdb.connect(str(files.warehouse))
    con.execute(_WAREHOUSE)
    for stream in STREAMS.values():
        columns = ", ".join(f'"{name}" {_TYPES.get(kind, "varchar")}' for name, kind in stream.columns.items())
        con.execute(f"create table staging.stg_{stream.name} (_batch_no integer, _row bigint, {columns})")
    con.execute(_STAGING)
    con.close()
    con = duckdb.connect(str(files.marts))
    con.execute(_MARTS)
    con.close()
    return files
