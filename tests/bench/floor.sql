-- The floor: the least that must be computed. Text Parquet in, typed rows, credits, marginal slices, payouts; Parquet out.
-- No verdict on a row, no latest version, no KPI, no statement, no gate. Placeholders: {landing}, {out}.

create temp table participants as
select participant_id, name, role, team_id, hired_on::date as hired_on, currency,
    base_salary::decimal(18, 6) as base_salary, variable_pay::decimal(18, 6) as variable_pay,
    effective_from::date as effective_from
from read_parquet('{landing}/participants/*/rows.parquet');

create temp table teams as
select team_id, name, parent_team_id
from read_parquet('{landing}/teams/*/rows.parquet');

create temp table accounts as
select account_id, name, segment, region, owner_id, created_on::date as created_on
from read_parquet('{landing}/accounts/*/rows.parquet');

create temp table targets as
select participant_id, kpi, period, value::decimal(18, 6) as value, currency
from read_parquet('{landing}/targets/*/rows.parquet');

create temp table deals as
select deal_id, account_id, owner_id, name, stage, status, deal_type, amount::decimal(18, 6) as amount, currency,
    units::decimal(18, 6) as units, created_on::date as created_on, expected_close_on::date as expected_close_on,
    won_on::date as won_on, lost_on::date as lost_on
from read_parquet('{landing}/deals/*/rows.parquet');

create temp table deal_stages as
select deal_id, stage, entered_at::timestamp as entered_at, stage_order::integer as stage_order
from read_parquet('{landing}/deal_stages/*/rows.parquet');

create temp table activities as
select activity_id, participant_id, kind, occurred_at::timestamp as occurred_at, account_id, deal_id
from read_parquet('{landing}/activities/*/rows.parquet');

create temp table invoices as
select invoice_id, deal_id, account_id, invoiced_on::date as invoiced_on, due_on::date as due_on,
    amount::decimal(18, 6) as amount, currency
from read_parquet('{landing}/invoices/*/rows.parquet');

create temp table payments as
select payment_id, invoice_id, deal_id, paid_on::date as paid_on, amount::decimal(18, 6) as amount, currency
from read_parquet('{landing}/payments/*/rows.parquet');

create temp table credits as
select deals.owner_id as participant_id, strftime(deals.won_on, '%Y-%m') as period, deals.deal_id,
    deals.won_on as credited_on, deals.account_id, deals.deal_type, deals.amount
from deals
inner join participants on deals.owner_id = participants.participant_id
where deals.status = 'won';

create temp table slices as
with running as (
    select credits.*, targets.value as quota,
        sum(credits.amount) over (
            partition by credits.participant_id, credits.period
            order by credits.credited_on, credits.deal_id
            rows unbounded preceding
        ) as reached
    from credits
    inner join targets on credits.participant_id = targets.participant_id and credits.period = targets.period
),
tiers(tier_from, tier_to, rate) as (
    values {tiers}
)
select running.participant_id, running.period, running.deal_id, tiers.tier_from, tiers.rate,
    least(running.reached, coalesce(running.quota * tiers.tier_to, running.reached))
    - greatest(running.reached - running.amount, running.quota * tiers.tier_from) as basis
from running
inner join tiers
    on running.reached > running.quota * tiers.tier_from
    and (tiers.tier_to is null or running.reached - running.amount < running.quota * tiers.tier_to);

create temp table payouts as
select participant_id, period, round(sum(basis * rate), 2) as payable
from slices
group by participant_id, period;

copy credits to '{out}/credits.parquet' (compression zstd);
copy slices to '{out}/slices.parquet' (compression zstd);
copy payouts to '{out}/payouts.parquet' (compression zstd);
