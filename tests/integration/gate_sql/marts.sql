-- Ten per cent of 300.30 a month: 30.03 each; January to May are closed, June is open.
create schema marts;
create table marts.credits (participant_id varchar, plan varchar, transaction_type varchar, transaction_id varchar,
    original_currency varchar, currency varchar, credited_on date, fx_rate decimal(24, 6));
insert into marts.credits values ('p3', 'ae', 'deal', 'd8', 'USD', 'CNY', '2026-06-03', 7.2);
create table marts.score_lines (participant_id varchar, period varchar, plan varchar, plan_version varchar, measure varchar,
    weight decimal(24, 6), points decimal(24, 6), weighted_points decimal(24, 6));
create table marts.scores (participant_id varchar, period varchar, plan varchar, plan_version varchar, score decimal(24, 6), grade varchar,
    status varchar);
create table marts.earnings (participant_id varchar, plan varchar, component varchar, origin_period varchar,
    transaction_type varchar, transaction_id varchar, amount decimal(24, 6));
create table marts.payouts (participant_id varchar, period varchar, plan varchar, component varchar,
    earned decimal(24, 6), payable decimal(24, 6), adjustment decimal(24, 6), held decimal(24, 6),
    released decimal(24, 6), clawed_back decimal(24, 6), drawn decimal(24, 6), recovered decimal(24, 6),
    balance_owed decimal(24, 6), currency varchar, status varchar);
create table marts.ledger (entry_id varchar, booked_period varchar, origin_period varchar, participant_id varchar,
    plan varchar, component varchar, kind varchar, amount decimal(24, 6), transaction_id varchar);
create table marts.commission_table (participant_id varchar, period varchar, payable decimal(24, 6));
create table marts.quarantine (stream varchar, rule varchar);
insert into marts.score_lines
    select 'p' || n, '2026-' || lpad(m::varchar, 2, '0'), 'ae', 'ae@2026-01-01', measure, weight, 1, weight
    from range(1, 13) as people (n) cross join range(1, 7) as months (m)
    cross join (values ('bookings', 0.333333), ('csat', 0.333333), ('win_rate', 0.333333)) as measures (measure, weight);
insert into marts.scores
    select participant_id, period, 'ae', 'ae@2026-01-01', 1, 'A', 'final' from marts.score_lines group by participant_id, period;
insert into marts.earnings
    select 'p' || n, 'ae', 'new', '2026-' || lpad(m::varchar, 2, '0'), 'deal', 'd' || n || m || k, 10.01
    from range(1, 13) as people (n) cross join range(1, 7) as months (m) cross join range(0, 3) as deals (k);
insert into marts.payouts
    select participant_id, origin_period, 'ae', 'new', sum(amount), sum(amount), 0, 0, 0, 0, 0, 0, 0, 'CNY',
        case when origin_period < '2026-06' then 'closed' else 'open' end
    from marts.earnings group by participant_id, origin_period;
insert into marts.ledger
    select participant_id || period, period, period, participant_id, plan, component, 'earned', earned, null
    from marts.payouts where status = 'closed';
insert into marts.commission_table select participant_id, period, sum(payable) from marts.payouts group by all;
create table marts.disputes (dispute_id varchar, participant_id varchar, period varchar, line integer, source_ref varchar,
    is_line_unknown boolean, status varchar, age_days integer);
insert into marts.disputes values
    ('q1', 'p1', '2026-04', 3, 'deal d1/1', false, 'answered', 60), ('q2', 'p2', '2026-05', 1, 'ae/new', false, 'open', 30),
    ('later', 'p2', '2026-07', 1, null, true, 'open', 2);
