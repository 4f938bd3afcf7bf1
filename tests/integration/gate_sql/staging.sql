-- Twelve people; each month from January to June every one wins three deals of 100.10 and is billed for them.
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
create table staging.typed_deals as from staging.stg_deals;
