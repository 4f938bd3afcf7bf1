-- One row per credit and spiff that pays for it: a fixed amount per deal (its credited share) or per credited unit, the
-- earliest first until the limit is used up. A shared deal counts as one against the limit.
with

spiffs as (
    select spiffs.*, components.plan
    from {{ source('inputs', 'spiffs') }} as spiffs
    inner join {{ source('inputs', 'components') }} as components
        on spiffs.plan_version_id = components.plan_version_id and spiffs.component = components.component
),

credits as (select * from {{ ref('int_component_credits') }}),

company as (select * from {{ source('inputs', 'run') }}),

counted as (
    select
        credits.participant_id,
        spiffs.plan,
        credits.plan_version_id,
        credits.component,
        credits.month,
        credits.transaction_type,
        credits.transaction_id,
        credits.line,
        credits.credit_role,
        credits.credited_on,
        credits.deal_id,
        credits.basis,
        spiffs.amount as rate,
        spiffs.per,
        spiffs.at_most
    from credits
    inner join spiffs
        on credits.plan_version_id = spiffs.plan_version_id and credits.component = spiffs.component
    cross join company
    where
        credits.basis <> 0
        and credits.credited_on <= company.period_ends_on
        and (spiffs.from_day is null or credits.credited_on >= spiffs.from_day)
        and (spiffs.to_day is null or credits.credited_on <= spiffs.to_day)
),

ordered as (
    select
        *,
        dense_rank() over (
            partition by participant_id, plan_version_id, component order by credited_on, transaction_id
        ) as deal_no,
        {{ money('sum(basis) over so_far') }} as reached
    from counted
    window so_far as (
        partition by participant_id, plan_version_id, component
        order by credited_on, transaction_id, line, credit_role
        rows unbounded preceding
    )
),

limited as (
    select
        *,
        case
            when per = 'deal' then case when deal_no <= coalesce(at_most, deal_no) then basis else 0 end
            when at_most is null then basis
            else {{ money('least(reached, at_most) - least(reached - basis, at_most)') }}
        end as paid
    from ordered
),

lines as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        month as window_period,
        month as origin_period,
        true as is_last_month,
        transaction_type,
        transaction_id,
        line,
        credited_on,
        deal_id,
        cast(null as decimal(24, 10)) as tier_from,
        {{ money('paid') }} as basis_amount,
        cast(rate as decimal(24, 10)) as rate,
        cast(paid as decimal(24, 10)) as measured,
        cast({{ money('paid') }} * cast(rate as decimal(14, 6)) as decimal(38, 16)) as amount,
        case
            when per = 'deal' then 'deal ' || cast(deal_no as varchar)
            else 'units up to ' || cast(reached as varchar)
        end
        || case when at_most is null then '' else ', at most ' || cast(at_most as varchar) || ' are paid' end as why
    from limited
    where paid <> 0
)

select * from lines
