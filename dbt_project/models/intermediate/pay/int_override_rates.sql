-- One row per credited participant, span of days, component paid on and manager whose override pays for it on those days:
-- the level's rate, and how much of the credit and of what the credited person earned it is paid on. Every level is a
-- fixed share of these two, so no transaction has to be looked at to subtract the lower levels.
with recursive

numbered as (select * from {{ ref('int_override_levels') }}),

-- paid on = of_credit × credit + of_earned × earned; lower_* is what the levels below took of either.
shares as (
    select
        numbered.*,
        {{ override_share('base', 'subtract_lower', 'credits', '0') }} as of_credit,
        {{ override_share('base', 'subtract_lower', 'earnings', '0') }} as of_earned,
        cast(rate * {{ override_share('base', 'subtract_lower', 'credits', '0') }} as decimal(13, 10)) as lower_credit,
        cast(rate * {{ override_share('base', 'subtract_lower', 'earnings', '0') }} as decimal(13, 10))
            as lower_earned
    from numbered
    where position = 1
    union all
    select
        numbered.*,
        {{ override_share('numbered.base', 'numbered.subtract_lower', 'credits', 'shares.lower_credit') }} as of_credit,
        {{ override_share('numbered.base', 'numbered.subtract_lower', 'earnings', 'shares.lower_earned') }}
            as of_earned,
        cast(
            shares.lower_credit
            + numbered.rate
            * {{ override_share('numbered.base', 'numbered.subtract_lower', 'credits', 'shares.lower_credit') }}
            as decimal(13, 10)
        ) as lower_credit,
        cast(
            shares.lower_earned
            + numbered.rate
            * {{ override_share('numbered.base', 'numbered.subtract_lower', 'earnings', 'shares.lower_earned') }}
            as decimal(13, 10)
        ) as lower_earned
    from shares
    inner join numbered
        on
            shares.participant_id = numbered.participant_id
            and shares.component = numbered.component
            and shares.of_plan = numbered.of_plan
            and shares.of_component = numbered.of_component
            and shares.starts_on = numbered.starts_on
            and shares.position + 1 = numbered.position
),

override_rates as (
    select
        participant_id,
        starts_on,
        ends_on,
        of_plan,
        of_component,
        level,
        manager_id,
        plan,
        plan_version_id,
        component,
        slice,
        base,
        subtract_lower,
        rate,
        of_credit,
        of_earned
    from shares
)

select * from override_rates
