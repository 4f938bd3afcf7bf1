-- One row per participant, level and span of days with the same manager on that level: 1 is the direct manager, 2 the
-- manager above. A chain that runs in a circle ends before it meets anybody a second time.
with recursive

participants as (select * from {{ ref('int_participants') }}),

compared as (
    select
        *,
        lag(manager_id) over (partition by participant_id order by starts_on) as manager_before
    from participants
),

numbered as (
    select
        *,
        sum(case when manager_id is not distinct from manager_before then 0 else 1 end) over (
            partition by participant_id order by starts_on rows unbounded preceding
        ) as change_no
    from compared
),

named as (
    select participant_id, manager_id, min(starts_on) as starts_on, max(ends_on) as ends_on
    from numbered
    where manager_id is not null and manager_id <> participant_id
    group by participant_id, manager_id, change_no
),

hired as (select participant_id, min(hired_on) as hired_on from participants group by participant_id),

-- Nobody manages before the first day.
managers as (
    select
        named.participant_id,
        named.manager_id,
        greatest(named.starts_on, coalesce(hired.hired_on, named.starts_on)) as starts_on,
        named.ends_on
    from named
    left join hired on named.manager_id = hired.participant_id
    where named.ends_on >= coalesce(hired.hired_on, named.starts_on)
),

chains as (
    select
        participant_id,
        starts_on,
        ends_on,
        1 as level,
        manager_id,
        [participant_id, manager_id] as met
    from managers
    union all
    select
        chains.participant_id,
        greatest(chains.starts_on, managers.starts_on) as starts_on,
        least(chains.ends_on, managers.ends_on) as ends_on,
        chains.level + 1 as level,
        managers.manager_id,
        array_append(chains.met, managers.manager_id) as met
    from chains
    inner join managers
        on
            chains.manager_id = managers.participant_id
            and chains.starts_on <= managers.ends_on
            and chains.ends_on >= managers.starts_on
    where not array_contains(chains.met, managers.manager_id)
),

manager_chains as (
    select participant_id, starts_on, ends_on, level, manager_id
    from chains
)

select * from manager_chains
