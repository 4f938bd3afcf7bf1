"""A small published set as tables: two months of one person in two currencies, and a person of odd letters."""

TABLES = """
create schema marts;
create schema settlement;
create table settlement.close_entries (booked_period varchar, origin_period varchar, participant_id varchar,
    plan varchar, component varchar, kind varchar, amount decimal(24,6), currency varchar);
create table marts.publication (as_of timestamp);
insert into marts.publication values ('2026-03-02 06:30:00');
create table marts.dim_kpi (kpi varchar, name_en varchar, name_zh varchar, unit varchar);
insert into marts.dim_kpi values ('bookings', 'Bookings', '签约额', 'money'),
    ('collection_rate', 'Collection rate', '回款率', 'ratio');
create table marts.dim_component (plan_version varchar, plan varchar, component varchar, name_en varchar,
    name_zh varchar);
insert into marts.dim_component values ('ae@1', 'ae', 'deals', 'Old name', '旧名'),
    ('ae@2', 'ae', 'deals', 'Deals', '提成'), ('us@1', 'us', 'exports', 'Exports', '出口提成');
create table marts.dim_participant (participant_id varchar, effective_from date, name varchar, role varchar,
    locale varchar);
insert into marts.dim_participant values
    ('E1', '2025-01-01', 'Wang Fang', 'ae', 'en'), ('E1', '2026-02-01', '王芳', 'senior_ae', 'zh-CN'),
    ('E1', '2026-03-01', '王芳', 'manager', 'en'),
    ('<b>x', '2026-02-01', '<script>alert("1")</script> & Co', 'ae', null);
create table marts.commission_table (participant_id varchar, period varchar, name varchar, team varchar,
    gross_earned decimal(24,6), adjustments decimal(24,6), draws decimal(24,6), deductions decimal(24,6),
    payable decimal(24,6), currency varchar, status varchar);
insert into marts.commission_table values
    ('E1', '2026-02', '王芳', '华北一队', 5005, -2003, 500, -3, 3499, 'CNY', 'open'),
    ('E1', '2026-02', '王芳', '华北一队', 120, 0, 0, 0, 120, 'JPY', 'open'),
    ('E1', '2026-01', '王芳', '华北一队', 10, 0, 0, 0, 10, 'CNY', 'closed'),
    ('<b>x', '2026-02', '<script>alert("1")</script> & Co', null, 0, 0, 0, 0, 0, 'CNY', 'provisional');
create table marts.payouts (participant_id varchar, period varchar, plan varchar, component varchar,
    earned decimal(24,6), payable decimal(24,6), adjustment decimal(24,6), held decimal(24,6),
    released decimal(24,6), clawed_back decimal(24,6), drawn decimal(24,6), recovered decimal(24,6),
    balance_owed decimal(24,6), currency varchar, status varchar, plan_version varchar);
insert into marts.payouts values
    ('E1', '2026-02', 'ae', 'deals', 5005, 3002, -2, 2001, 0, 0, 0, 0, 0, 'CNY', 'open', 'ae@2'),
    ('E1', '2026-02', 'ae', 'draw', 0, 500, 0, 0, 0, 0, 500, 0, 500, 'CNY', 'open', 'ae@2'),
    ('E1', '2026-02', 'ae', 'late', -3, -3, 0, 0, 0, 0, 0, 0, 0, 'CNY', 'open', 'ae@2'),
    ('E1', '2026-02', 'us', 'exports', 120, 120, 0, 0, 0, 0, 0, 0, 0, 'JPY', 'open', 'us@1'),
    ('E1', '2026-01', 'ae', 'deals', 10, 10, 0, 0, 0, 0, 0, 0, 0, 'CNY', 'closed', 'ae@1'),
    ('<b>x', '2026-02', 'ae', 'deals', 0, 0, 0, 0, 0, 0, 0, 0, 0, 'CNY', 'provisional', 'ae@2');
create table marts.statement_lines (participant_id varchar, period varchar, line integer, section varchar,
    label_zh varchar, label_en varchar, formula varchar, basis decimal(24,6), rate decimal(24,6),
    amount decimal(24,6), source_ref varchar, status varchar, not_payable_because varchar);
insert into marts.statement_lines values
    ('E1', '2026-02', 1, 'results', '签约额', 'Bookings',
        '1234567.890000 ÷ 1000000.000000 = 1.234568; 1.100000 × 0.700000', 1234567.89, 1.1, null,
        'ae/bookings 2026-02', 'final', ''),
    ('E1', '2026-02', 2, 'results', '回款率', 'Collection rate', '– ÷ 0.900000 = –; – × 0.300000', null, null, null,
        'ae/cash 2026-Q1', 'provisional', '无数据 / no data'),
    ('E1', '2026-02', 3, 'score', '评分 B', 'Score B', 'Σ weight × points', null, 0.77, null, 'ae 2026-02', 'final',
        'collection_rate 0.594775 < 0.600000'),
    ('E1', '2026-02', 4, 'pay', '提成', 'Deals', '100000.000000 × 0.050000', 100000, 0.05, 5000, 'deal d1/2',
        'partly held', '等待回款：该单已回款 60 % / waits for cash: 60 % of the deal is collected'),
    ('E1', '2026-02', 5, 'pay', '提成', 'Deals', '100.000000 × 0.050040', 100, 0.05004, 5.004, 'deal d2/1',
        'payable', ''),
    ('E1', '2026-02', 6, 'pay', '提成（尾差）', 'Deals (rounding)', '-0.004000', null, null, -0.004, 'ae/deals',
        'payable', ''),
    ('E1', '2026-02', 7, 'pay', '迟交', 'Late', '-3.000000', 500, null, -3, 'ae/late', 'payable', ''),
    ('E1', '2026-02', 8, 'pay', '出口提成', 'Exports', '2400.000000 × 0.050000', 2400, 0.05, 120, 'invoice i1/',
        'payable', ''),
    ('E1', '2026-02', 9, 'adjustments', '提成（2026-01 更正）', 'Deals (correction of 2026-01)', '8.000000 − 10.000000',
        null, null, -2, 'ae/deals 2026-01', 'payable', ''),
    ('E1', '2026-02', 10, 'timing', '提成（2026-02 待发）', 'Deals (held of 2026-02)', '-2001.000000', null, null,
        -2001, 'ae/deals 2026-02', 'held', '等待回款 / waits for cash'),
    ('E1', '2026-02', 11, 'draws', '预支（2026-02 预支）', 'Draw (drawn of 2026-02)', '500.000000', null, null, 500,
        'ae/draw 2026-02', 'payable', ''),
    ('E1', '2026-02', 12, 'total', '应付合计', 'Total payable', 'Σ', null, null, 3499, 'CNY', 'payable', ''),
    ('E1', '2026-02', 13, 'total', '应付合计', 'Total payable', 'Σ', null, null, 120, 'JPY', 'payable', ''),
    ('E1', '2026-02', 14, 'awards', '冠军', 'Champion', 'first of 5', 100, null, null, 'ae/champion 2026-02',
        'final', ''),
    ('E1', '2026-01', 1, 'pay', '旧名', 'Old name', '100.000000 × 0.100000', 100, 0.1, 10, 'deal d0/1', 'payable', ''),
    ('E1', '2026-01', 2, 'total', '应付合计', 'Total payable', 'Σ', null, null, 10, 'CNY', 'payable', ''),
    ('<b>x', '2026-02', 1, 'total', '应付合计', 'Total payable', 'Σ', null, null, 0, 'CNY', 'provisional',
        '奖金在其期间的最后一个月发放 / a bonus pays in the last month of its period');
-- January was closed before lines named their plan, component and currency.
alter table marts.statement_lines add column plan varchar;
alter table marts.statement_lines add column component varchar;
alter table marts.statement_lines add column currency varchar;
update marts.statement_lines set
    plan = case when section <> 'total' then case line when 8 then 'us' else 'ae' end end,
    component = case line when 4 then 'deals' when 5 then 'deals' when 6 then 'deals' when 7 then 'late'
        when 8 then 'exports' when 9 then 'deals' when 10 then 'deals' when 11 then 'draw' end,
    currency = case when amount is null then null when line in (8, 13) then 'JPY' else 'CNY' end
    where period = '2026-02';
create table marts.disputes (dispute_id varchar, participant_id varchar, period varchar, name varchar, line integer,
    section varchar, plan varchar, component varchar, label_zh varchar, label_en varchar, source_ref varchar,
    amount decimal(24,6), currency varchar, is_line_unknown boolean, question varchar, raised_on date, answer varchar,
    answered_on date, answered_by varchar, outcome varchar, status varchar, age_days integer);
insert into marts.disputes values
    ('Q-2', 'E1', '2026-02', '王芳', 4, 'pay', 'ae', 'deals', '提成', 'Deals', 'deal d1/2', 5000, 'CNY', false,
        'Is d1 shared? <b>', '2026-03-01', null, null, null, null, 'open', 1),
    ('Q-1', 'E1', '2026-02', '王芳', 4, 'pay', 'ae', 'deals', '提成', 'Deals', 'deal d1/2', 5000, 'CNY', false,
        '费率不对', '2026-02-20', 'See the plan', '2026-02-24', 'E9', 'rejected', 'answered', 4),
    ('Q-3', 'E1', '2026-02', '王芳', 12, 'total', null, null, '应付合计', 'Total payable', 'CNY', 3499, 'CNY', false,
        'Why less?', '2026-03-01', 'It waits', '2026-03-02', null, null, 'answered', 1),
    ('Q-4', 'E1', '2026-02', '王芳', 5, null, null, null, null, null, 'deal d9', null, null, true,
        'Where is d9?', '2026-03-01', null, null, null, null, 'open', 12),
    ('Q-5', 'E1', '2026-01', 'Wang Fang', 1, 'pay', null, null, '旧名', 'Old name', 'deal d0/1', 10, null, false,
        'Too little', '2026-02-01', 'Corrected', '2026-02-03', 'E9', 'accepted', 'answered', 2);
"""
