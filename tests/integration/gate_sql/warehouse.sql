-- The tables the suites read, and twelve people of one plan in June 2026.
create schema landing; create schema inputs; create schema staging; create schema intermediate;
create table landing.batches (batch_no integer, batch_id varchar, stream varchar, source varchar, source_ref varchar,
    landed_at timestamp, rows bigint, control_totals varchar);
create table landing.malformed (batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, message varchar);
create table landing.invoices (_batch_no integer, _row bigint, invoice_id varchar, amount varchar);
create table intermediate.int_stream_counts (stream varchar, landed bigint, staged bigint, superseded bigint,
    quarantined bigint);
create table intermediate.int_quarantined_rows (stream varchar, rule varchar, resolved_batch_no integer);
create table intermediate.int_plan_months (participant_id varchar, plan_version_id varchar, plan varchar, month varchar,
    month_starts_on date, quarter varchar, year varchar);
create table intermediate.int_participant_ranges (participant_id varchar, role varchar, starts_on date, ends_on date,
    plan_version_id varchar, plan varchar, pay_currency varchar, base_salary decimal(24, 6), variable_pay decimal(24, 6));
create table intermediate.int_plan_fx_rates (plan_version_id varchar, currency varchar, rate decimal(18, 10));
create table intermediate.int_deal_credits (deal_id varchar, line varchar, participant_id varchar, credited_on date,
    amount decimal(24, 6));
create table intermediate.int_clawbacks (participant_id varchar, plan varchar, component varchar, origin_period varchar,
    transaction_id varchar, amount decimal(24, 6));
create table inputs.components (plan varchar, component varchar, is_frozen_after_close boolean);
create table inputs.adjustable as select '2024-06' as from_period;
create table inputs.run (run_id varchar, period varchar, period_starts_on date, period_ends_on date, as_of timestamp,
    first_period varchar, retro_window integer, currency varchar, time_zone varchar);
create table inputs.periods (period varchar, kind varchar, starts_on date, ends_on date, ordinal integer);
create table inputs.currencies (currency varchar, minor_units integer);
create table inputs.quality_limits ("check" varchar, stream_or_table varchar, field varchar, "limit" decimal(24, 10),
    severity varchar);
create table inputs.plans (plan_version_id varchar, plan varchar, currency varchar);
create table inputs.plan_assignments (plan_version_id varchar, level integer, member_id varchar);
create table inputs.scorecards (plan_version_id varchar, period_kind varchar);
create table inputs.scorecard_grades (plan_version_id varchar, grade varchar);
insert into inputs.run values ('r1', '2026-06', '2026-06-01', '2026-06-30', '2026-07-02', '2026-01', 24, 'CNY', 'UTC');
insert into inputs.periods
    select strftime(day, '%Y-%m'), 'month', day, last_day(day), row_number() over (order by day)
    from (select cast(unnest(range(date '2025-01-01', date '2026-07-01', interval 1 month)) as date) as day);
insert into inputs.currencies values ('CNY', 2), ('JPY', 0);
insert into inputs.plans values ('ae@2026-01-01', 'ae', 'CNY');
insert into inputs.plan_assignments values ('ae@2026-01-01', 2, 'ae');
insert into inputs.scorecards values ('ae@2026-01-01', 'month');
insert into inputs.scorecard_grades values ('ae@2026-01-01', 'A'), ('ae@2026-01-01', 'B');
insert into intermediate.int_participant_ranges
    select 'p' || n, 'ae', date '1900-01-01', date '9999-12-31', 'ae@2026-01-01', 'ae', null, 120000, 60000
    from range(1, 13) as people (n);
insert into intermediate.int_plan_months
    select 'p' || n, 'ae@2026-01-01', 'ae', period, starts_on, '2026-Q' || quarter(starts_on), '2026'
    from range(1, 13) as people (n) cross join inputs.periods where starts_on >= date '2026-01-01';
